"""Which of a message's times are a meeting's."""

from datetime import UTC, datetime

import pytest

from followup_mail.core.facts import establish_facts
from followup_mail.core.message import MessageKey, Received, parse_message

SENT = "Wed, 11 Nov 2026 09:00:00 +0000"
HEAD = f"From: Ada Lim <ada@acme.example>\nTo: Bo <bo@mail.example>\nSubject: Your interview\nDate: {SENT}\n\n"
LEAD = "Dear Bo,\n\nyour job interview at Acme is confirmed for Monday 16 November.\n\n"


def spans_of(text: str) -> list[tuple[str, str | None]]:
    raw = (HEAD + LEAD + text).encode()
    message = parse_message(Received(MessageKey("INBOX", 1, 1), frozenset(), datetime(2026, 11, 11, tzinfo=UTC), raw))
    facts = establish_facts(message, thread=[], me=["bo@mail.example"], zone="UTC")
    return [(f"{one.start:%H:%M}", f"{one.end:%H:%M}" if one.end else None) for one in facts.meetings if one.start]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9:00 Ada Lim, design\n10:00 Cy Moss, coding\n11:15 Close\n", [("09:00", "10:00"), ("10:00", "11:15")]),
        ("We meet at 10:00. 12:30 lunch with the team.\n", [("10:00", None)]),
        ("You are with us from 8:00 to 14:00, and at 13:30 the director joins.\n", [("08:00", "14:00")]),
        ("We talk at 10:00 your time, which is 11:00 for me.\n", [("10:00", None)]),
        ("It is 14:00 for him and 10:00 for you.\n", [("10:00", None)]),
        ("Please report to the desk at 9:45 for a 10:00 start.\n", [("10:00", None)]),
        ("Come at 10:00. We knock off about 12:00.\n", [("10:00", "12:00")]),
        ("You will meet Ada at 10:00 for an hour and a quarter.\n", [("10:00", "11:15")]),
        ("The job is 6 hours per day. Come at 10:00.\n", [("10:00", None)]),
        ("9:00 Welcome and overview with Vince Amodeo\n10:00 Design, Ada Lim\n", [("09:00", None), ("10:00", None)]),
        ("9:00 Welcome and coffee\n10:00 Design, Ada Lim\n", [("10:00", None)]),
        ("Come at 10:00 to talk with me. The train leaves at 14:05.\n", [("10:00", None)]),
    ],
)
def test_a_meeting_is_told_from_lunch_closings_and_who_joins(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert expected == spans_of(text)


def test_the_rows_of_a_schedule_lie_on_the_day_that_is_said_above_them() -> None:
    assert [("09:00", "09:45"), ("10:00", "10:45")] == spans_of(
        "9:00 - 9:45 | Design | Ada Lim\n10:00 - 10:45 | Coding | Cy Moss\n10:45 - 11:00 | Coffee | -\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "We have to move your job interview, so Monday 16 November 9:00 won't work. See you on 17 November at 10:00.\n",
        "We had to move your job interview: forget 9:00 on Monday 16 November, it is now 17 November at 10:00.\n",
        "Your job interview was rescheduled.\n\n~~16 November 2026, 9:00 - 10:00~~\n17 November 2026, 10:00 - 11:00\n",
    ],
)
def test_a_time_that_is_called_off_or_struck_through_is_an_old_one(text: str) -> None:
    raw = (HEAD + "Dear Bo,\n\n" + text).encode()
    message = parse_message(Received(MessageKey("INBOX", 1, 1), frozenset(), datetime(2026, 11, 11, tzinfo=UTC), raw))
    facts = establish_facts(message, thread=[], me=["bo@mail.example"], zone="UTC")
    assert [datetime(2026, 11, 17, 10, tzinfo=UTC)] == [one.start for one in facts.meetings]
