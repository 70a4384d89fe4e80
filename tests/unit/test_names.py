"""Names of people: how far they go, where an unknown one is somebody, and what is nobody."""

from datetime import UTC, datetime

import pytest

from followup_mail.core.facts import establish_facts
from followup_mail.core.facts.casual import find_casual
from followup_mail.core.facts.context import Context, make_context
from followup_mail.core.facts.mentions import find_mentions
from followup_mail.core.facts.name_words import as_said
from followup_mail.core.facts.persons import owner_names
from followup_mail.core.facts.roles import find_candidates
from followup_mail.core.message import MessageKey, Received, parse_message
from followup_mail.core.rules import Reading

OWNER = "ana@home.example"


def names_in(text: str, language: str = "en") -> list[str]:
    return [mention.name for mention in find_mentions(Reading([("fresh", text)], language), frozenset())]


def context_of(
    text: str, to: str = f"Ana Lima <{OWNER}>", sender: str = "Hanna Weiss <hanna@corvo.example>"
) -> Context:
    octets = (
        f"From: {sender}\nTo: {to}\nSubject: Your interview\n"
        f"Date: Tue, 01 Dec 2026 10:00:00 +0000\nMessage-ID: <n1@corvo.example>\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}\n"
    )
    received = Received(MessageKey("INBOX", 1, 1), frozenset(), datetime(2026, 12, 1, tzinfo=UTC), octets.encode())
    return make_context(parse_message(received), (), [OWNER], "Europe/Lisbon")


def candidates_in(text: str) -> list[str]:
    return [one.name for one in find_candidates(context_of(text), "Corvo", (), None)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Founder chat with Ìfẹ́ Ọláwálé at noon", "Ìfẹ́ Ọláwálé"),
        ("You meet J.P. Gauthier (Maintenance)", "J.P. Gauthier"),
        ("Panel: N. Szabó", "N. Szabó"),
        ('Led by Cuthbert "Bert" Ames (Analyst)', "Cuthbert Ames"),
        ("You meet Nurul Huda binte Osman, our Head of Legal", "Nurul Huda binte Osman"),
        ("With Flore d'Hauterive", "Flore d'Hauterive"),
        ("with Ragnar Thordarson Research Scientist", "Ragnar Thordarson"),
        ("De Santis, Ornella (Legal)", "Ornella De Santis"),
    ],
)
def test_a_name_goes_as_far_as_it_is_written(text: str, name: str) -> None:
    assert names_in(text) == [name]


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("Rollenspiel (Hr. Pfisterer)", "de", "Pfisterer"),
        ("U spreekt met mevrouw Van Dijk", "nl", "Van Dijk"),
        ("La riceverà l'ing. Cattaneo", "it", "Cattaneo"),
        ("Demandez Maître Lambertin", "fr", "Lambertin"),
        ("wethouder Bosma ontvangt u", "nl", "Bosma"),
    ],
)
def test_an_honorific_makes_a_name_of_a_lone_word(text: str, language: str, name: str) -> None:
    assert names_in(text, language) == [name]


def test_a_full_name_ends_before_the_company_that_follows_it() -> None:
    assert names_in("Je praat met Kaat Willockx van Scheldestaal Groep", "nl") == ["Kaat Willockx"]


def test_the_first_word_of_a_sentence_is_no_given_name() -> None:
    assert names_in("Merci. Demandez Joël au portail", "fr") == ["Joël"]


@pytest.mark.parametrize(
    "text",
    [
        "It is Zzimke Carstensohn and me.",
        "You will meet the shop manager, Zzimke Carstensohn, at noon.",
        "We meet with Zzimke Carstensohn from Dispatch.",
        "Zzimke and I will be on the call.",
    ],
)
def test_an_unknown_name_is_somebody_where_people_stand(text: str) -> None:
    assert candidates_in(f"Hello,\n\n{text}")[1:] in (["Zzimke Carstensohn"], ["Zzimke"])


@pytest.mark.parametrize(
    "text",
    [
        "We are at Nelson Mandela House.",
        "Via Enzo Ferrari 22, Fiorano",
        "Tue 10:00 (UTC+01:00) Amsterdam, Bern, Rome, Stockholm, Vienna",
        "Powered by Teamtailor",
        "Thursday works, I'll ring you.",
        "Mon 3 Aug, Europe/Paris",
    ],
)
def test_a_place_a_service_and_a_pronoun_are_nobody(text: str) -> None:
    assert candidates_in(f"Hello,\n\n{text}") == ["Hanna Weiss"]


def test_mail_without_capitals_names_people_too() -> None:
    text = "hi rob.\nplan is this:\n1:00 louise k.\n1:30 paulo + tanya r.\nthen coffee w/ manny. see you"

    found = find_casual(Reading([("fresh", text)], "en"))

    assert [one.name for one in found] == ["Louise K.", "Paulo", "Tanya R.", "Manny"]


def test_mail_with_capitals_names_nobody_in_small_letters() -> None:
    assert find_casual(Reading([("fresh", "Dear Ana.\nWe meet with hope. All is well.")], "en")) == []


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("Dr. Rainer Behnke", "Rainer Behnke"),
        ("Stadlbauer Elfriede", "Elfriede Stadlbauer"),
        ("Ana Lima", "Ana Lima"),
    ],
)
def test_a_name_in_a_header_is_told_as_it_is_said(shown: str, said: str) -> None:
    assert as_said(shown) == said


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Thaís, sua entrevista está marcada", "thais"),
        ("Kia ora Liam\nAwesome", "liam"),
        ("See you.\n\n-----Original Message-----\nFrom: Mars Yan <ana@home.example>\nSent: Monday\n\nHi", "mars yan"),
    ],
)
def test_the_owner_goes_by_every_name_the_mail_gives_them(text: str, name: str) -> None:
    assert name in owner_names(context_of(text, to=OWNER))


def test_a_call_at_the_top_is_the_owners_only_if_nobody_else_is_written_to() -> None:
    assert "manny" not in owner_names(context_of("Manny, can you join?", to=f"{OWNER}, manny@corvo.example"))


def test_who_writes_through_a_relay_is_somebody_without_the_relays_address() -> None:
    context = context_of("See you on Monday.", sender="Sanne van Loon via Lever <sanne@hire.lever.co>")

    assert [(one.name, one.addr_spec) for one in find_candidates(context, "Corvo", (), None)] == [
        ("Sanne van Loon", None)
    ]


def test_a_room_and_the_owners_initial_are_nobody() -> None:
    assert candidates_in("Dear Ana,\n\nAna L. meets us in the George Boole Room.") == ["Hanna Weiss"]


def test_an_honorific_before_small_words_alone_names_nobody() -> None:
    assert names_in("Vraag naar mevrouw de la op de eerste verdieping.", "nl") == []


def test_a_guest_known_by_address_alone_is_the_one_whom_the_text_calls_so() -> None:
    octets = (
        "From: Matilde Sequeira <matilde@cargalenta.example>\nTo: Tiago Reis <tiago@correio.example>\n"
        "Cc: kofi@cargalenta.example\nSubject: Ops Lead\nContent-Type: text/plain; charset=utf-8\n\n"
        "Hi Tiago, you will also talk with Kofi on Monday at 18:00.\n"
    )
    message = parse_message(Received(MessageKey("INBOX", 1, 1), frozenset(), None, octets.encode()))
    context = make_context(message, (), ["tiago@correio.example"], "Europe/Lisbon")

    assert ("Kofi", "kofi@cargalenta.example") in [
        (one.name, one.addr_spec) for one in find_candidates(context, None, (), None)
    ]


@pytest.mark.parametrize(("label", "holds"), [("Recruiter", False), ("Recruiter screen", True)])
def test_who_is_labelled_the_recruiter_is_no_interviewer(label: str, holds: bool) -> None:
    octets = (
        "From: Corvo <notifications@corvo.example>\nTo: Ana Lima <ana@home.example>\nSubject: Your interview\n"
        "Date: Tue, 01 Dec 2026 10:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n"
        f"Dear Ana,\n\nyour interview is confirmed.\n\nWhen: 7 December 2026, 15:00\n{label}: Julien Perrault\n"
    )
    message = parse_message(Received(MessageKey("INBOX", 1, 1), frozenset(), None, octets.encode()))
    facts = establish_facts(message, me=["ana@home.example"], zone="Europe/Lisbon", expected=True)

    assert holds == bool([one for meeting in facts.meetings for one in meeting.people])
