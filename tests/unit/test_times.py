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
        ("Come at 10:00 to talk with me. The train leaves at 14:05.\n", [("10:00", None)]),
    ],
)
def test_a_meeting_is_told_from_lunch_closings_and_who_joins(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert expected == spans_of(text)


def test_the_rows_of_a_schedule_lie_on_the_day_that_is_said_above_them() -> None:
    assert [("09:00", "09:45"), ("10:00", "10:45")] == spans_of(
        "9:00 - 9:45 | Design | Ada Lim\n10:00 - 10:45 | Coding | Cy Moss\n10:45 - 11:00 | Coffee | -\n"
    )
