# ruff: noqa: DTZ001, E501, SIM905 - wall times are what is tested; words are quickest read in a row
"""Doubts, caps and totality of the reading of times."""

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followup_mail.core.when import Moment, parse_moments, parse_promise, parse_return, resolve

REFERENCE = datetime(2027, 3, 3, 9, tzinfo=ZoneInfo("America/New_York"))


def read(text: str, zone: str = "America/New_York", reference: datetime = REFERENCE) -> tuple[Moment, ...]:
    return parse_moments(text, reference=reference, zone=zone)


@pytest.mark.parametrize(
    ("text", "zone", "doubt"),
    [
        ("June 17 at 10am EST", "America/New_York", "zone-season"),
        ("March 10 at 10am IST", "America/New_York", "zone-ambiguous"),
        ("March 10 at 10am CST", "Europe/Berlin", "zone-ambiguous"),
        ("Tuesday, March 10, 2027 at 10am", "America/New_York", "weekday-mismatch"),
        ("11/03/2027 from 15:00 to 16:00 (Europe/Berlin)", "America/New_York", "day-month-order"),
        ("March 10 at 3", "America/New_York", "am-pm-assumed"),
        ("March 14, 2027 at 2:30am", "America/New_York", "gap"),
        ("November 7, 2027 at 1:30am", "America/New_York", "fold"),
        ("January 5 at 10am", "America/New_York", "year-assumed"),
        ("next Friday at 10am", "America/New_York", "week-assumed"),
    ],
)
def test_what_is_uncertain_is_said(text: str, zone: str, doubt: str) -> None:
    assert [True] == [doubt in moment.doubts for moment in read(text, zone)]


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("March 10 at 10am CST", "America/Chicago"),
        ("30 March 2027 11:00 BST", "Europe/London"),
        ("Wednesday, March 10, 2027 at 10am EST", "America/New_York"),
        ("March 10 at 10am IST", "Asia/Kolkata"),
    ],
)
def test_what_is_plain_bears_no_doubt(text: str, zone: str) -> None:
    assert [()] == [moment.doubts for moment in read(text, zone)]


def test_a_weekday_decides_the_order_of_day_and_month() -> None:
    assert [datetime(2027, 4, 3, 10)] == [m.start for m in read("Saturday 03/04/2027 at 10:00")]


def test_a_stale_year_gives_way_to_the_weekday() -> None:
    (moment,) = read("Tuesday, January 5, 2026 at 10am", reference=datetime(2026, 12, 20, tzinfo=UTC))
    assert (datetime(2027, 1, 5, 10), ("year-assumed",)) == (moment.start, moment.doubts)


def test_words_and_position_are_those_of_the_text() -> None:
    text = "Dear Ana, we meet on Thursday, March 11 at 10am ET. Raj"
    (moment,) = read(text)
    assert (
        text[moment.position : moment.position + len(moment.words)] == moment.words == "Thursday, March 11 at 10am ET"
    )


def test_resolve_uses_the_stated_zone_before_the_fallback() -> None:
    moment = Moment(datetime(2027, 3, 11, 10), datetime(2027, 3, 11, 11), "+02:00", "", 0)
    start, end = resolve(moment, "America/New_York")
    assert (datetime(2027, 3, 11, 8, tzinfo=UTC), datetime(2027, 3, 11, 9, tzinfo=UTC)) == (start, end)


def test_resolve_gives_midnight_for_a_date() -> None:
    start, end = resolve(Moment(date(2027, 3, 11), None, None, "", 0), "Europe/Berlin")
    assert (datetime(2027, 3, 11, tzinfo=ZoneInfo("Europe/Berlin")), None) == (start, end)


def test_resolve_moves_a_time_in_a_gap_on() -> None:
    start, _ = resolve(Moment(datetime(2027, 3, 14, 2, 30), None, None, "", 0), "America/New_York")
    assert (3, 30) == (start.hour, start.minute)


JUNK = [
    "10:00 ",
    "1/2 ",
    "a-",
    "a@",
    "a.",
    "1-",
    "(",
    "\n",
    "Monday 3pm ET - ",
    "10 minutes at 3pm ",
    "feedback by ",
    "+1 ",
]


@pytest.mark.parametrize("piece", JUNK)
def test_junk_takes_no_more_than_moments(piece: str) -> None:
    junk = (piece * 120_000)[:120_000]
    began = time.process_time()
    read(junk)
    parse_promise(junk, reference=REFERENCE, zone="UTC")
    parse_return(junk, reference=REFERENCE, zone="UTC")
    assert time.process_time() - began < 5


WORDS = (
    "by monday Mon may March 3pm 14h30 9h 12 24:00 25:61 2027-02-30 30/02 31.12. 12/1 next last week to from between and at "
    "EST (UTC+01:00) GMT+99 Europe/Paris tomorrow halb drei half past 45 minutes noon moved originally end start - | ( ) . : "
    "9999-12-31T23:59Z hear back within two days feedback until uhr am pm morgen a.m. Room 99th 0th"
).split()


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from([*WORDS, "\n"]), st.text(max_size=4)), max_size=14).map(" ".join),
    st.datetimes(timezones=st.just(UTC)),
    st.sampled_from(["America/New_York", "Europe/London", "Nowhere/Land", ""]),
)
def test_any_text_is_read_without_an_exception(text: str, reference: datetime, zone: str) -> None:
    for moment in read(text, zone, reference):
        resolve(moment, zone)
        assert 0 <= moment.position <= len(text)
    assert isinstance(parse_promise(text, reference=reference, zone=zone), tuple | None)
    assert isinstance(parse_return(text, reference=reference, zone=zone), date | None)
