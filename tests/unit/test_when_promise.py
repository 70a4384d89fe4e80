"""Promises of an answer, and returns from absence, in seven languages."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from followup_mail.core.when import parse_promise, parse_return
from followup_mail.core.when.lexicon import LANGUAGES, load_words
from followup_mail.core.when.masks import fold

BERLIN = "Europe/Berlin"
REFERENCE = datetime(2027, 3, 3, 9, tzinfo=ZoneInfo(BERLIN))  # a Wednesday

PROMISES = [
    ("We will get back to you by 12 June.", "2027-06-12"),
    ("We'll be in touch within two weeks.", "2027-03-17"),
    ("You will hear from us by the end of next week.", "2027-03-12"),
    ("Wir melden uns bis Freitag.", "2027-03-05"),
    ("Wir geben Ihnen bis spätestens 12. März Bescheid.", "2027-03-12"),
    ("Sie hören innerhalb von zwei Wochen von uns.", "2027-03-17"),
    ("Wir melden uns Anfang nächster Woche bei Ihnen.", "2027-03-08"),
    ("Nous reviendrons vers vous d'ici vendredi.", "2027-03-05"),
    ("Vous aurez une réponse sous 10 jours ouvrés.", "2027-03-17"),
    ("Nous vous ferons un retour avant le 12 mars.", "2027-03-12"),
    ("Nous reviendrons vers vous la semaine prochaine.", "2027-03-12"),
    ("Te responderemos antes del viernes.", "2027-03-05"),
    ("Tendrás noticias nuestras en un plazo de dos semanas.", "2027-03-17"),
    ("Daremos um retorno até sexta-feira.", "2027-03-05"),
    ("Entraremos em contato em até 5 dias úteis.", "2027-03-10"),
    ("U hoort voor vrijdag van ons.", "2027-03-05"),
    ("We laten je binnen een week iets weten.", "2027-03-10"),
    ("Le faremo sapere entro venerdì.", "2027-03-05"),
    ("Riceverà un riscontro entro due settimane.", "2027-03-17"),
    ("We'll circle back early next week.", "2027-03-08"),
    ("We'll be in touch in the next few days.", None),
    ("Please reply by Friday.", None),
    ("Please submit your portfolio by March 12 so we can make a decision.", None),
    ("Could you send us your feedback by Monday?", None),
    ("We will let you know our decision tomorrow.", "2027-03-04"),
    ("Expect an update within 5 business days.", "2027-03-10"),
    ("We aim to get back to all candidates within 3-5 working days.", "2027-03-10"),
    ("I'll follow up with next steps by EOD Thursday.", "2027-03-04"),
    ("If you do not hear from us within two weeks, please consider your application unsuccessful.", "2027-03-17"),
    ("Please let us know by Friday whether this works, and we will follow up with details.", None),
    ("We would like to hear from you by Friday.", None),
    ("Bitte geben Sie uns bis Freitag Bescheid.", None),
    ("Merci de nous donner une réponse avant vendredi.", None),
    ("We'll get back to you as soon as possible.", None),
    ("We expect to make a decision by the end of the month.", "2027-03-31"),
    ("The team will make a final decision the week of March 15.", None),
    ("The application deadline is March 12. We will get back to you afterwards.", None),
    ("You can expect to hear from me by Wednesday, March 10th.", "2027-03-10"),
    ("Our team will review your application and get back to you in 2 weeks.", "2027-03-17"),
    ("We'll contact you on Tuesday, March 9 at 10am for the interview.", None),
    ("Offers will be made by 12 March.", "2027-03-12"),
    ("Il cliente mi darà un feedback entro venerdì 12. Fammi uno squillo!", "2027-03-12"),
    ("Daremos um retorno no prazo máximo de 15 dias úteis.", "2027-03-24"),
    ("The board met this morning and will share its plans.", None),
    ("I will telephone you for up to 1 hour, within 2 hours.", None),
    ("I'd appreciate an answer within the week.", None),
    ("We hope to have news\nfor you by the end of the week.", "2027-03-05"),
]
RETURNS = [
    ("I am out of office and will be back on 7 June.", "2027-06-07"),
    ("I am out of the office until 6 June.", "2027-06-06"),
    ("I'm away from 1 March to 12 March with limited access.", "2027-03-12"),
    ("Returning Monday, March 15.", "2027-03-15"),
    ("Ich bin bis 12.03.2027 nicht im Büro.", "2027-03-12"),
    ("Ab dem 15. März bin ich wieder erreichbar.", "2027-03-15"),
    ("Ich bin am Montag, 15. März, wieder im Büro.", "2027-03-15"),
    ("Je suis absent jusqu'au 12 mars.", "2027-03-12"),
    ("Je serai de retour le lundi 15 mars 2027.", "2027-03-15"),
    ("Estaré fuera de la oficina hasta el 12 de marzo.", "2027-03-12"),
    ("Vuelvo el 15 de marzo.", "2027-03-15"),
    ("Estou de férias até 12/03/2027.", "2027-03-12"),
    ("Regresso no dia 15 de março.", "2027-03-15"),
    ("Ik ben afwezig tot en met 12 maart.", "2027-03-12"),
    ("Ik ben op 15 maart weer terug.", "2027-03-15"),
    ("Sono fuori ufficio fino al 12 marzo.", "2027-03-12"),
    ("Rientrerò il 15 marzo.", "2027-03-15"),
    ("I will be out 8-12 March.", "2027-03-12"),
    ("I'll be back next Monday.", "2027-03-08"),
    ("Out of office until the 12th.", "2027-03-12"),
    ("Thank you for your mail.", None),
    ("I am on leave, back in the office on Mon 15 Mar.", "2027-03-15"),
    ("ich bin vom 8. bis zum 12. März im Urlaub", "2027-03-12"),
]


def day(words: str | None) -> date | None:
    return date.fromisoformat(words) if words else None


@pytest.mark.parametrize(("text", "expected"), PROMISES)
def test_a_promised_date_is_read_and_a_request_is_none(text: str, expected: str | None) -> None:
    found = parse_promise(text, reference=REFERENCE, zone=BERLIN)
    assert day(expected) == (found and found[0])
    assert found is None or found[1] in text


@pytest.mark.parametrize(("text", "expected"), RETURNS)
def test_the_return_of_somebody_away_is_read(text: str, expected: str | None) -> None:
    assert day(expected) == parse_return(text, reference=REFERENCE, zone=BERLIN)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_of_months_and_days_that_unicode_lists_is_known(language: str) -> None:
    locale = Locale(language)
    for heading, names in (("months", locale.months), ("weekdays", locale.days)):
        known = {word for spellings in load_words(language)[heading] for word in spellings.split()}
        listed = {fold(name).rstrip(".") for kind in ("wide", "abbreviated") for name in names["format"][kind].values()}
        assert set() == listed - known
