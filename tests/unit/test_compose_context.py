"""What a letter may know, and in which words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from followup_mail.core.case import Case, Correspondence, Purpose
from followup_mail.core.compose import KNOWN, has_voice, letter_context, voice_of
from followup_mail.core.compose.context import zone_of
from followup_mail.core.compose.names import clean_company, clean_position, clean_session, given_name, surname
from followup_mail.core.plan import ReplyTarget
from followup_mail.core.who import Person
from followup_mail.errors import MessageError
from tests.unit.compose_case import (
    INGRID,
    MAYA,
    NOW,
    OWNER,
    PANEL,
    PRIYA,
    START,
    TOMAS,
    a_case,
    a_context,
    an_action,
    an_interview,
)

LANGUAGES = ("en", "de", "fr", "es", "pt", "nl", "it")


def test_a_letter_knows_exactly_the_names_templates_may_use() -> None:
    assert set(KNOWN) == set(a_context())


def test_what_nobody_said_is_none() -> None:
    case = a_case(company=None, position=None, interviews=())
    context = a_context(an_action(interviews=()), case)
    unknown = (
        "company",
        "position",
        "of_position",
        "day",
        "on_day",
        "length",
        "session",
        "others",
        "promised_by",
        "interviewers",
    )
    assert dict.fromkeys(unknown) == {name: context[name] for name in unknown}


def test_a_language_without_letters_is_refused() -> None:
    with pytest.raises(MessageError):
        a_context(an_action(language="sv"))
    assert not has_voice("../en")
    with pytest.raises(MessageError):
        voice_of("")


@pytest.mark.parametrize(
    ("language", "weekday", "day"),
    [
        ("en", "on Thursday", "on 4 June"),
        ("de", "am Donnerstag", "am 4. Juni"),
        ("fr", "jeudi", "le 4 juin"),
        ("es", "el jueves", "el 4 de junio"),
        ("pt", "na quinta-feira", "no dia 4 de junho"),
        ("nl", "op donderdag", "op 4 juni"),
        ("it", "giovedì", "il 4 giugno"),
    ],
)
def test_the_weekday_is_named_within_the_week_and_the_date_after_it(
    language: str, weekday: str, day: int | str
) -> None:
    action = an_action(language=language)
    within, after = (a_context(action, now=START + timedelta(days=days)) for days in (6, 7))
    assert (weekday, within["day"]) == (within["on_day"], within["weekday"])
    assert (day, None) == (after["on_day"], after["weekday"])


@pytest.mark.parametrize(
    ("language", "day", "on_day", "of_day"),
    [
        ("it", 1, "il 1° giugno", "del 1° giugno"),
        ("it", 8, "l’8 giugno", "dell’8 giugno"),
        ("it", 11, "l’11 giugno", "dell’11 giugno"),
        ("fr", 1, "le 1er juin", "du 1er juin"),
        ("de", 1, "am 1. Juni", "vom 1. Juni"),
        ("es", 1, "el 1 de junio", "del 1 de junio"),
    ],
)
def test_days_with_an_article_of_their_own_have_it(language: str, day: int, on_day: str, of_day: str) -> None:
    start = datetime(2026, 6, day, 9, tzinfo=UTC)
    case = a_case(interviews=(an_interview(start=start, end=start + timedelta(hours=1)),))
    context = a_context(an_action(language=language), case, now=start + timedelta(days=20))
    assert (on_day, of_day) == (context["on_day"], context["of_day"])


def test_the_weekend_has_its_own_gender_in_portuguese() -> None:
    start = datetime(2026, 6, 6, 9, tzinfo=UTC)
    case = a_case(interviews=(an_interview(start=start, end=start + timedelta(hours=1)),))
    assert "no sábado" == a_context(an_action(language="pt"), case, now=start + timedelta(hours=3))["on_day"]


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Asia/Tokyo", "Friday"), ("+09:00", "Friday"), ("America/New_York", "Thursday"), (None, "Friday")],
)
def test_the_day_is_the_interviews_own_local_day(zone: str | None, day: int | str) -> None:
    late = datetime(2026, 6, 4, 23, 30, tzinfo=UTC)  # Friday in Lisbon and Tokyo
    case = a_case(interviews=(an_interview(start=late, end=late + timedelta(hours=1), zone=zone),))
    assert day == a_context(case=case, now=late + timedelta(hours=2))["day"]


def test_an_unknown_zone_falls_back_and_at_last_to_utc() -> None:
    moment = datetime(2026, 6, 4, tzinfo=UTC)
    assert timedelta(hours=1) == zone_of("Mars/Base", "Europe/Lisbon").utcoffset(moment)
    assert timedelta() == zone_of("+99:00", "../etc").utcoffset(moment)
    assert timedelta(hours=-5, minutes=-30) == zone_of("-05:30", "UTC").utcoffset(moment)


def test_a_length_is_named_only_where_the_invitation_stated_it() -> None:
    assert "the hour" == a_context()["length"]
    assert None is a_context(case=a_case(interviews=(an_interview(end_stated=False),)))["length"]
    assert None is a_context(case=a_case(interviews=(an_interview(end=START + timedelta(minutes=47)),)))["length"]
    assert (
        "die halbe Stunde"
        == a_context(an_action(language="de"), a_case(interviews=(an_interview(end=START + timedelta(minutes=30)),)))[
            "length"
        ]
    )


def test_the_others_are_those_of_the_recipients_own_conversation() -> None:
    case = a_case(
        interviews=(
            an_interview(people=(PRIYA, TOMAS, INGRID, replace(TOMAS), Person("Ana Lima"))),
            an_interview(id="larkspur-2", people=(MAYA,)),
        )
    )
    action = an_action(interviews=("larkspur-1", "larkspur-2"))
    assert "Tomás and Ingrid" == a_context(action, case)["others"]
    assert "Tomás Rivera und Ingrid Solberg" == a_context(replace(action, language="de"), case)["others"]
    assert None is a_context(an_action(MAYA, interviews=action.interviews), case)["others"]


def test_a_crowd_is_counted_and_not_listed() -> None:
    context = a_context(case=a_case(interviews=(an_interview(people=PANEL),)))
    assert (None, 7) == (context["others"], context["other_count"])


def test_a_day_of_several_rounds_is_counted_in_words() -> None:
    rounds = tuple(an_interview(id=f"larkspur-{n}", people=(p,)) for n, p in enumerate(PANEL[:5]))
    action = an_action(interviews=tuple(i.id for i in rounds))
    assert "five" == a_context(action, a_case(interviews=rounds))["conversations"]
    assert "cinque" == a_context(replace(action, language="it"), a_case(interviews=rounds))["conversations"]
    assert None is a_context()["conversations"]


def test_cancelled_and_later_interviews_are_not_what_a_letter_is_about() -> None:
    held = an_interview(id="held", people=(PRIYA,))
    cancelled = an_interview(id="off", cancelled=True, start=START + timedelta(hours=1))
    ahead = an_interview(id="ahead", start=START + timedelta(days=30), end=START + timedelta(days=30, hours=1))
    action = an_action(purpose=Purpose.STATUS_CHECK, interviews=())
    assert "Thursday" == a_context(action, a_case(interviews=(held, cancelled, ahead)))["day"]


@pytest.mark.parametrize(
    ("person", "language", "greeting"),
    [
        (Person("Thomas Reed", "t@l.example", signs_as="Tom"), "en", "Dear Tom,"),
        (Person("Maya Okafor", "m@l.example"), "en", "Dear Maya,"),
        (Person("OKAFOR, Maya", "m@l.example"), "en", "Dear Maya,"),
        (Person("Dr. Maya Okafor", "m@l.example"), "en", "Dear Maya,"),
        (Person("MAYA OKAFOR", "m@l.example"), "en", "Dear Maya,"),
        (Person("OKAFOR, Maya", "m@l.example"), "de", "Guten Tag Maya Okafor,"),
        (Person("M. Okafor", "m@l.example"), "en", "Dear M. Okafor,"),
        (Person("Maya Okafor", "m@l.example", honorific="Ms"), "en", "Dear Ms Okafor,"),
        (Person("Maya Okafor", "m@l.example", honorific="Ms", signs_as="Maya"), "en", "Dear Maya,"),
        (Person("", "m@l.example"), "en", "Hello,"),
        (Person("Talent Team", "t@l.example"), "en", "Hello,"),
        (Person("jobs@larkspur.example", "jobs@larkspur.example"), "en", "Hello,"),
        (Person("Sabine Krüger", "s@l.example"), "de", "Guten Tag Sabine Krüger,"),
        (Person("Sabine Krüger", "s@l.example", signs_as="Sabine"), "de", "Guten Tag Sabine Krüger,"),
        (Person("", "s@l.example", signs_as="Sabine"), "de", "Guten Tag Sabine,"),
        (Person("Sabine Krüger", "s@l.example", honorific="Frau Dr."), "de", "Sehr geehrte Frau Dr. Krüger,"),
        (Person("Jan van der Berg", "j@l.example", honorific="Herr"), "de", "Sehr geehrter Herr van der Berg,"),
        (Person("Anna Maria Schmidt", "a@l.example", honorific="Frau"), "de", "Sehr geehrte Frau Anna Maria Schmidt,"),
        (Person("Sabine Krüger", "s@l.example", honorific="Ms"), "de", "Guten Tag Sabine Krüger,"),
        (Person("Sabine Krüger", "s@l.example", honorific="<b>"), "de", "Guten Tag Sabine Krüger,"),
        (Person("", "s@l.example"), "de", "Guten Tag,"),
        (Person("Claire Lefèvre", "c@l.example"), "fr", "Bonjour Claire Lefèvre,"),
        (Person("Claire Lefèvre", "c@l.example", honorific="Madame"), "fr", "Bonjour Madame Lefèvre,"),
        (Person("Lucía Marín", "l@l.example"), "es", "Hola, Lucía Marín:"),
        (Person("Lucía Marín", "l@l.example", honorific="Sra."), "es", "Estimada Sra. Marín:"),
        (Person("Rui Dias", "r@l.example"), "pt", "Olá, Rui Dias,"),
        (Person("Rui Dias", "r@l.example", honorific="Dr."), "pt", "Caro Dr. Dias,"),
        (Person("Sanne de Vries", "s@l.example"), "nl", "Beste Sanne de Vries,"),
        (Person("Sanne de Vries", "s@l.example", honorific="mevrouw"), "nl", "Geachte mevrouw de Vries,"),
        (Person("Giulia Rossi", "g@l.example"), "it", "Gentile Giulia Rossi,"),
        (Person("Giulia Rossi", "g@l.example", honorific="Dott.ssa"), "it", "Gentile Dott.ssa Rossi,"),
    ],
)
def test_people_are_greeted_as_they_sign_and_by_no_more_than_is_known(
    person: Person, language: str, greeting: str
) -> None:
    assert greeting == a_context(an_action(person, language=language))["dear"]


def test_the_lighter_greeting_is_another_in_english_only() -> None:
    assert "Hi Priya," == a_context()["hi"]
    assert "Guten Tag Priya Raman," == a_context(an_action(language="de"))["hi"]


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        ("Data Analyst (m/w/d)", "Data Analyst"),
        ("Data Analyst m/w/d", "Data Analyst"),
        ("Data Analyst [Req 1234]", "Data Analyst"),
        ("Senior Engineer role", "Senior Engineer"),
        ("see https://jobs.example", None),
        ("{{ position }}", None),
        ("", None),
        (None, None),
        ("x" * 90, None),
    ],
)
def test_a_position_loses_its_decoration(position: str | None, expected: str | None) -> None:
    assert expected == clean_position(position)


@pytest.mark.parametrize(
    ("company", "expected"),
    [
        ("Larkspur GmbH & Co. KG", "Larkspur"),
        ("Larkspur, Inc.", "Larkspur"),
        ("AG", "AG"),
        ("Larkspur <hr>", None),
        (None, None),
    ],
)
def test_an_employer_loses_its_legal_form(company: str | None, expected: str | None) -> None:
    assert expected == clean_company(company)


@pytest.mark.parametrize(
    "title",
    [
        "Phone screen",
        "Interview: Ana Lima",
        "Larkspur x Ana",
        "Backend Engineer at L",
        "Zoom meeting",
        "https://x.example",
        "SQL",
        None,
        "a b c d e f g h",
    ],
)
def test_a_calendar_line_is_no_session(title: str | None) -> None:
    assert None is clean_session(title, "Backend Engineer", "Larkspur", "Ana Lima")


def test_a_session_is_quoted_as_the_invitation_has_it() -> None:
    case = a_case(interviews=(an_interview(title="Systems design"),))
    assert "“Systems design”" == a_context(case=case)["session"]
    assert "„Systems design“" == a_context(an_action(language="de"), case)["session"]
    two = (*case.interviews, an_interview(id="larkspur-2", title="Data modelling"))
    assert None is a_context(an_action(interviews=("larkspur-1", "larkspur-2")), a_case(interviews=two))["session"]


def test_a_french_position_is_elided_before_a_vowel() -> None:
    assert "d’Analyste" == a_context(an_action(language="fr"), a_case(position="Analyste"))["of_position"]
    assert "de Développeur" == a_context(an_action(language="fr"), a_case(position="Développeur"))["of_position"]


def test_names_that_would_be_a_guess_are_none() -> None:
    assert (None, None, "van der Berg") == (
        given_name("de Vries"),
        surname("Anna Maria Schmidt"),
        surname("Jan van der Berg"),
    )


BEN, SOFIA, IRIS = Person("Ben Adeyemi"), Person("Sofia Lindqvist"), Person("Iris Boom")


def relayed(people: tuple[Person, ...], *, language: str = "en", case: Case | None = None) -> dict[str, object]:
    return a_context(an_action(MAYA, relay_for=people, language=language), case or a_case())


def test_a_relay_note_names_everybody_once() -> None:
    context = relayed((BEN, SOFIA, BEN, Person("")))
    assert ("to Ben Adeyemi and Sofia Lindqvist", ["Ben Adeyemi", "Sofia Lindqvist"]) == (
        context["relay_phrase"],
        context["relay"],
    )


def test_a_relay_note_names_each_ones_session_where_they_differ() -> None:
    case = a_case(
        interviews=(
            an_interview(people=(BEN,), title="Working with product"),
            an_interview(id="larkspur-2", people=(SOFIA,), title="Values"),
            an_interview(id="larkspur-3", people=(IRIS,)),
        )
    )
    action = an_action(MAYA, relay_for=(BEN, SOFIA, IRIS), interviews=("larkspur-1", "larkspur-2", "larkspur-3"))
    expected = "to Ben Adeyemi for “Working with product”, to Sofia Lindqvist for “Values” and to Iris Boom"
    assert expected == a_context(action, case)["relay_phrase"]


def test_a_relay_note_speaks_of_missing_addresses_only_where_they_are_missing() -> None:
    assert relayed((BEN, SOFIA))["relay_no_address"]
    assert not relayed((BEN, TOMAS))["relay_no_address"]
    assert not relayed((BEN,), case=a_case(agency=True))["relay_no_address"]
    assert not relayed((BEN,), case=a_case(no_direct_contact=True))["relay_no_address"]


def test_a_spanish_list_ends_as_spanish_ears_want_it() -> None:
    assert "a Ben Adeyemi e Iris Boom" == relayed((BEN, IRIS), language="es")["relay_phrase"]
    assert "a Iris Boom y Ben Adeyemi" == relayed((IRIS, BEN), language="es")["relay_phrase"]


def a_message(sender: str, at: datetime) -> Correspondence:
    return Correspondence(
        "<1@l.example>",
        (),
        at,
        sender,
        (OWNER.addr_spec,),
        "Interview",
        from_owner=False,
        automatic=False,
        kind="other",
    )


def test_a_promise_is_ascribed_only_to_whoever_is_known_to_have_written_it() -> None:
    at = datetime(2026, 6, 5, 9, tzinfo=UTC)
    case = a_case(
        promised_by=date(2026, 6, 12), promised_at=at, correspondence=(a_message("priya@larkspur.example", at),)
    )
    action = an_action(purpose=Purpose.STATUS_CHECK)
    names = ("promised_by", "promised_on", "promised_of", "promised_you")
    context = a_context(action, case)
    assert ("12 June", "on 5 June", "of 5 June", True) == tuple(context[name] for name in names)
    assert not a_context(an_action(TOMAS, purpose=Purpose.STATUS_CHECK), case)["promised_you"]
    context = a_context(action, replace(case, promised_at=None))
    assert ("12 June", None, None, False) == tuple(context[name] for name in names)


def test_a_call_is_known_by_its_title_or_by_who_was_there() -> None:
    assert a_context(case=a_case(interviews=(an_interview(title="Phone screen"),)))["phone"]
    assert a_context(an_action(MAYA), a_case(interviews=(an_interview(people=(MAYA,)),)))["phone"]
    assert not a_context()["phone"]


def test_the_other_interviewers_of_the_process_are_named_where_they_are_few() -> None:
    case = a_case(interviews=(an_interview(people=(PRIYA, TOMAS)),))
    assert "Tomás Rivera" == a_context(case=case)["interviewers"]
    assert None is a_context(case=a_case(interviews=(an_interview(people=PANEL),)))["interviewers"]


def test_the_siblings_and_the_thread_are_counted() -> None:
    action = an_action(reply_to=ReplyTarget("<1@l.example>", (), "Interview"))
    context = letter_context(action, a_case(), identity=OWNER, policy_zone="UTC", now=NOW, siblings=[TOMAS, INGRID])
    assert (3, True) == (context["note_count"], context["in_thread"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_for_what_letters_need(language: str) -> None:
    voice = voice_of(language)
    assert (language, 7, 7, 11) == (voice.language, len(voice.weekday_on), len(voice.weekday_of), len(voice.numbers))


def test_only_who_wrote_the_rejection_is_thanked_for_it() -> None:
    case = a_case(
        rejection_message_id="<1@l.example>", correspondence=(a_message("Priya@larkspur.example", NOW),), interviews=()
    )
    action = an_action(purpose=Purpose.REJECTION_REPLY)
    assert a_context(action, case)["told_you"]
    assert not a_context(an_action(TOMAS, purpose=Purpose.REJECTION_REPLY), case)["told_you"]
    assert not a_context(action, replace(case, rejection_message_id="<2@l.example>"))["told_you"]
    nameless = replace(case.correspondence[0], message_id=None)
    assert not a_context(action, replace(case, rejection_message_id=None, correspondence=(nameless,)))["told_you"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_relay_note_thanks_everybody_where_no_name_is_known(language: str) -> None:
    context = relayed((Person("Recruiting Team"), Person("TBD")), language=language)
    assert (voice_of(language).relay_to_all, [], True) == (
        context["relay_phrase"],
        context["relay"],
        context["relay_no_address"],
    )


@pytest.mark.parametrize("blank", ["TBD", "N/A", "None", "First Name", "Design ???"])
def test_a_blank_that_nobody_filled_in_is_nothing_known(blank: str) -> None:
    person = Person(blank, "x@l.example", honorific="N/A")
    context = a_context(
        an_action(person),
        a_case(company=blank, position=blank, interviews=(an_interview(people=(person,), title=f"Topic {blank}"),)),
    )
    names = ("name", "first", "company", "position", "session")
    assert dict.fromkeys(names) == {name: context[name] for name in names}
    assert "Hello," == context["dear"]
    assert "Dear Maya," == a_context(an_action(replace(MAYA, honorific="N/A")))["dear"]
