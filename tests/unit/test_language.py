"""Which language a conversation is in: one with letters, too little to say, or one there are no letters in."""

import pytest

from followup_mail.core.cues import fold
from followup_mail.core.facts.context import make_context
from followup_mail.core.message import MessageKey, Received, parse_message
from followup_mail.core.rules import detect_language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I am confirming your interview with Jonas Feld, who is in copy, for the position on Monday."),
        ("de", "Gerne bestätige ich Ihnen das Gespräch für die Stelle bei uns am Montag um 15 Uhr."),
        ("fr", "Nous avons le plaisir de vous confirmer votre entretien pour le poste chez nous lundi."),
        ("es", "Te confirmo la entrevista para el puesto en la empresa el lunes a las tres de la tarde."),
        ("pt", "Confirmo a entrevista para a vaga na empresa na segunda-feira, às três horas da tarde."),
        ("nl", "Hierbij bevestig ik je gesprek voor de functie bij ons op maandag om drie uur."),
        ("it", "Le confermo il colloquio per la posizione presso di noi lunedì alle ore quindici."),
    ],
)
def test_each_of_the_seven_languages_is_known_by_its_small_words(language: str, text: str) -> None:
    assert language == detect_language(fold(text))


@pytest.mark.parametrize(
    "text",
    [
        "Dzień dobry, potwierdzam rozmowę kwalifikacyjną na stanowisko Data Engineer w poniedziałek. Pozdrawiam",
        "Hej Ana, jag bekräftar din intervju för tjänsten på måndag. Du kommer att träffa Jonas. Vänliga hälsningar",
        "Hej Ana, jeg bekræfter din samtale om stillingen på mandag. Du skal tale med Jonas. Venlig hilsen",
        "Dobrý den, potvrzuji pohovor na pozici analytika v pondělí, prosím přijďte včas. S pozdravem",
        "Здравствуйте, подтверждаю собеседование на позицию аналитика в понедельник в три часа, говорить будет Йонас",
    ],
)
def test_a_language_without_letters_is_not_taken_for_one_that_has_them(text: str) -> None:
    assert "mis" == detect_language(fold(text))


@pytest.mark.parametrize(
    "text",
    [
        "Confirmed, talk then!",
        "Interview: Ana Lima - Data Engineer Monday 14 Dec 2026 15:00 Join with Google Meet Going? Yes No Maybe a",
    ],
)
def test_a_few_words_that_stand_in_any_language_tell_none(text: str) -> None:
    assert "und" == detect_language(fold(text))


def test_what_a_calendar_adds_says_nothing_about_the_language() -> None:
    footer = (
        "Invitation from Google Calendar: https://calendar.google.com/calendar/\n"
        "You are receiving this email because you are an attendee on the event.\n"
        "Forwarding this invitation could allow any recipient to send a response to the organizer."
    )
    octets = (
        "From: Roxane <roxane@lexivia.example>\nTo: Camille <camille@courriel.example>\nSubject: Entretien Camille\n"
        "Content-Type: text/plain; charset=utf-8\n\nEntretien avec Yannick et moi, pour le poste.\n\n" + footer
    )
    message = parse_message(Received(MessageKey("INBOX", 1, 1), frozenset(), None, octets.encode()))

    assert make_context(message, (), ["camille@courriel.example"], "Europe/Paris").language == "fr"
