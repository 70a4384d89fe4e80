"""Times as people say them, in seven languages, and the dates by which they promise an answer."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from followup_mail.core.when import parse_moments, parse_promise

ZURICH = "Europe/Zurich"
REFERENCE = datetime(2026, 11, 11, 9, tzinfo=ZoneInfo(ZURICH))  # a Wednesday
HELD = date(2026, 11, 19)  # the Thursday of an interview

TIMES = [
    ("en", "Would half nine on Monday do?", "2026-11-16T09:30", None),
    ("en", "We have you down from half nine to eleven on Monday.", "2026-11-16T09:30", "11:00"),
    ("en", "Ten past four on Friday, by the fountain.", "2026-11-13T16:10", None),
    ("en", "Friday week at noon it is.", "2026-11-20T12:00", None),
    ("en", "A week on Tuesday at 3pm, then.", "2026-11-24T15:00", None),
    ("en", "12.15 tomorrow works for everybody.", "2026-11-12T12:15", None),
    ("en", "Talk tmrw at 2.", "2026-11-12T14:00", None),
    ("en", "On Thursday we sit 13.30 to 14.20 in the annex.", "2026-11-12T13:30", "14:20"),
    ("en", "Friday 20 November 2026\n0930-1015 first conversation", "2026-11-20T09:30", "10:15"),
    ("de", "Am Montag um dreiviertel vier bei uns im Hof.", "2026-11-16T15:45", None),
    ("de", "Montag, zehn nach neun.", "2026-11-16T09:10", None),
    ("nl", "Kom vrijdag om 9u45 langs.", "2026-11-13T09:45", None),
    ("nl", "Vrijdag van 13u15 tot 14u.", "2026-11-13T13:15", "14:00"),
    ("nl", "Morgen halfdrie in de kantine.", "2026-11-12T14:30", None),
    ("fr", "On se retrouve lundi 16 à 14h.", "2026-11-16T14:00", None),
    ("fr", "Rendez-vous le 3.12 à 9h00.", "2026-12-03T09:00", None),
    ("it", "Martedì 17 alle 15 e 30 in sede.", "2026-11-17T15:30", None),
    ("it", "Martedì 17, dalle 9 alle 10 da noi.", "2026-11-17T09:00", "10:00"),
    ("it", "La aspetto venerdì 13 alle ore 11,30.", "2026-11-13T11:30", None),
    ("it", "giovedì 19.11, 08:15, al bar", "2026-11-19T08:15", None),
    ("pt", "Fica para 17 de novembro, 14h30 às 15h30.", "2026-11-17T14:30", "15:30"),
    ("es", "El martes 17 a las cinco menos cuarto.", "2026-11-17T16:45", None),
    ("en", "It is Monday 16 November, 12.30. Bring an appetite.", "2026-11-16T12:30", None),
    ("en", "Mon 16 Nov 0915 our place.", "2026-11-16T09:15", None),
    (
        "en",
        "Great that Monday suits. You will find us in the big room, where we start at ten.",
        "2026-11-16T10:00",
        None,
    ),
    ("en", "So on Monday you are with us from half nine until about one.", "2026-11-16T09:30", "13:00"),
    ("en", "Your visit on Thursday 26 November. Come up on Thursday at 2pm.", "2026-11-26T14:00", None),
    ("en", "On 16 November we are all on the 29th floor.\n9:30 Ada Lim", "2026-11-16T09:30", None),
    ("nl", "Vrijdag 20-11 om 14:00 zit je bij ons.", "2026-11-20T14:00", None),
    ("nl", "Woensdag 18 november, van 15.00 tot ca. 16.00 uur.", "2026-11-18T15:00", "16:00"),
    ("it", "Mercoledì 18 novembre dalle 9 alle 10.30 da noi.", "2026-11-18T09:00", "10:30"),
    ("pt", "Terça às dez no escritório.", "2026-11-17T10:00", None),
    ("de", "Nehmen Sie sich für Montag Zeit, wir starten um 10.", "2026-11-16T10:00", None),
]
PROMISES = [
    ("nl", "Voor het einde van het jaar verneemt u onze beslissing.", "2026-12-31"),
    ("en", "We will have made our minds up by the 20th, results will be posted then.", "2026-11-20"),
    ("en", "Expect a yes or no within three days of the interview.", "2026-11-22"),
    ("en", "After the panel you will hear from us within one week.", "2026-11-26"),
    ("en", "You'll have an answer the same day.", "2026-11-19"),
    ("en", "The board votes on the 23rd and will write to you the day after.", "2026-11-24"),
    ("en", "You should hear from us before the month is out.", "2026-11-30"),
    ("en", "We are deciding by mid December and will tell everyone.", "2026-12-15"),
    ("en", "We shall reply to everyone, but not before Friday 27 November.", None),
    ("en", "Please confirm by Friday and bring a passport.", None),
    ("de", "Den Entscheid teilen wir Ihnen bis am 4. Dezember mit.", "2026-12-04"),
    ("de", "Bis Ende der übernächsten Woche hörst du von uns.", "2026-11-27"),
    ("de", "Am Tag darauf rufe ich Sie mit dem Ergebnis an.", "2026-11-20"),
    ("fr", "Vous aurez de nos nouvelles dans les dix jours qui suivent l'entretien.", "2026-11-29"),
    ("fr", "Je vous appelle au plus tard le mardi.", "2026-11-24"),
    ("es", "La comisión resolverá antes del día 27.", "2026-11-27"),
    ("es", "Te diremos algo antes de que acabe el mes.", "2026-11-30"),
    ("pt", "Damos-lhe uma resposta até dia 24.", "2026-11-24"),
    ("pt", "Os resultados serão comunicados até ao fim do mês.", "2026-11-30"),
    ("nl", "Je hoort ten laatste vrijdag van ons.", "2026-11-20"),
    ("nl", "Binnen een week na het gesprek laten we je iets weten.", "2026-11-26"),
    ("it", "Entro fine novembre decidiamo e ti diciamo.", "2026-11-30"),
    ("it", "In ogni caso risponderemo entro 15 giorni.", "2026-11-26"),
]


@pytest.mark.parametrize(("language", "text", "start", "end"), TIMES)
def test_a_spoken_time_is_read(language: str, text: str, start: str, end: str | None) -> None:
    found = parse_moments(text, reference=REFERENCE, zone=ZURICH, language=language)
    assert [(start, end)] == [
        (moment.start.isoformat()[:16], moment.end.isoformat()[11:16] if moment.end else None) for moment in found
    ]


@pytest.mark.parametrize(("language", "text", "expected"), PROMISES)
def test_a_promise_counts_from_the_interview_where_it_says_so(language: str, text: str, expected: str | None) -> None:
    found = parse_promise(text, reference=REFERENCE, zone=ZURICH, language=language, held=HELD)
    assert expected == (found and found[0].isoformat())


def test_a_time_without_a_date_stands_on_the_day_its_thread_speaks_of() -> None:
    day = date(2026, 11, 18)
    found = parse_moments("15:30 it is.", reference=REFERENCE, zone=ZURICH, language="en", day=day)
    assert [datetime(2026, 11, 18, 15, 30)] == [moment.start for moment in found]  # noqa: DTZ001 - a wall time


def test_figures_mean_the_date_of_the_next_weeks_where_the_other_order_is_months_away() -> None:
    found = parse_moments("Date: 04/12/2026, 10:00 AM", reference=REFERENCE, zone="America/Toronto", language="en")
    assert ["2026-12-04T10:00:00"] == [moment.start.isoformat() for moment in found]
    spring = datetime(2026, 4, 2, 9, tzinfo=ZoneInfo("America/Toronto"))
    found = parse_moments("Date: 04/09/2026, 10:00 AM", reference=spring, zone="America/Toronto", language="en")
    assert ["2026-04-09T10:00:00"] == [moment.start.isoformat() for moment in found]


def test_a_place_says_which_zone_an_ambiguous_abbreviation_means() -> None:
    found = parse_moments("Friday at 15:00 IST (Dublin)", reference=REFERENCE, zone=ZURICH, language="en")
    assert ["Europe/Dublin"] == [moment.zone for moment in found]


def test_on_a_day_that_is_gone_no_answer_is_promised() -> None:
    text = "I am writing to inform you that the interview on November 16 will not take place."
    gone = frozenset({date(2026, 11, 16)})
    assert parse_promise(text, reference=REFERENCE, zone=ZURICH, language="en", gone=gone) is None


def test_where_it_has_to_be_said_surely_a_mere_date_is_no_promise() -> None:
    text = "You will have our answer; the first day is November 16."
    assert parse_promise(text, reference=REFERENCE, zone=ZURICH, language="en", surely=True) is None
    sure = "You will have our answer by November 16."
    assert parse_promise(sure, reference=REFERENCE, zone=ZURICH, language="en", surely=True) is not None
