"""Schedules sent anew, days without a time, and changes that leave out what was said before."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from followup_mail.core.case import DraftState, Purpose
from followup_mail.core.facts import Doubt, Meeting
from followup_mail.core.plan import JournalEntry, WithdrawDraft, plan
from followup_mail.core.who import Person, Role
from tests.unit.hiring import (
    AGENT,
    INGRID,
    MOVES,
    POLICY,
    PRIYA,
    TOMAS,
    Bench,
    at,
    for_purpose,
    hear,
    invite,
    letter,
    meeting,
    row,
    thanks,
)

IRIS = Person("Iris Bloom", "iris@larkspur.example")
NOBODY_NAMED = Doubt("who", "The message does not say who holds the interview.", holds=True)


def names(case: object) -> list[tuple[datetime, list[str]]]:
    interviews = case.interviews  # type: ignore[attr-defined]
    return sorted(
        (one.start, [person.display_name for person in one.people]) for one in interviews if not one.cancelled
    )


def test_a_change_that_names_nobody_keeps_who_was_named_and_holds_nothing() -> None:
    moved = letter(at(3), MOVES, meetings=(meeting(at(12)),), moved_from=(at(10),), doubts=(NOBODY_NAMED,))
    case = hear(None, invite(at(1), meeting(at(10), PRIYA)), moved)
    assert [(at(12), ["Priya Raman"])] == names(case)
    (note,) = for_purpose(Purpose.THANK_YOU, case, at(12, 13))
    assert () == note.held


def test_a_schedule_sent_anew_adds_replaces_and_drops_its_rows() -> None:
    first = invite(at(1), meeting(at(10, 9), PRIYA), meeting(at(10, 10), TOMAS), meeting(at(10, 11), INGRID))
    anew = letter(
        at(3), MOVES, meetings=(meeting(at(10, 9), PRIYA), meeting(at(10, 10), IRIS), meeting(at(10, 14), TOMAS))
    )
    case = hear(None, first, anew)
    expected = [(at(10, 9), ["Priya Raman"]), (at(10, 10), ["Iris Bloom"]), (at(10, 14), ["Tomás Rivera"])]
    assert expected == names(case)
    assert () == case.doubts


def test_a_schedule_sent_anew_drops_nothing_of_another_message_or_day() -> None:
    first = invite(at(1), meeting(at(10, 9), PRIYA), meeting(at(10, 10), TOMAS))
    other = invite(at(2), meeting(at(11, 9), IRIS))
    anew = letter(at(3), MOVES, meetings=(meeting(at(10, 9), PRIYA), meeting(at(10, 11), TOMAS)))
    case = hear(None, first, other, anew)
    expected = [(at(10, 9), ["Priya Raman"]), (at(10, 11), ["Tomás Rivera"]), (at(11, 9), ["Iris Bloom"])]
    assert expected == names(case)


def test_a_time_completes_the_day_that_was_said_without_one() -> None:
    day = Meeting(None, day=at(10).date(), zone="Europe/Lisbon", people=(PRIYA,))
    case = hear(None, invite(at(1), day), invite(at(3), meeting(at(10, 11), TOMAS)))
    assert [(at(10, 11), ["Priya Raman", "Tomás Rivera"])] == names(case)


def test_a_day_alone_adds_nothing_to_the_time_known() -> None:
    day = Meeting(None, day=at(10).date(), zone="Europe/Lisbon", people=(TOMAS,))
    case = hear(None, invite(at(1), meeting(at(10, 11), PRIYA)), invite(at(3), day))
    assert [(at(10, 11), ["Priya Raman", "Tomás Rivera"])] == names(case)


def test_an_afternoon_in_california_is_one_visit_though_utc_changes_its_day() -> None:
    here = ZoneInfo("America/Los_Angeles")
    start = datetime(2026, 12, 10, 14, 30, tzinfo=here)
    first = replace(meeting(start, PRIYA), zone="UTC")
    second = replace(meeting(start + timedelta(hours=2), TOMAS), zone="UTC")
    policy = replace(POLICY, zone="America/Los_Angeles")
    case = hear(None, invite(at(1), first, second))
    notes = for_purpose(Purpose.THANK_YOU, case, at(9), policy=policy)
    assert {start + timedelta(hours=4)} == {note.due for note in notes}
    assert {f"{case.id}/2026-12-10"} == {note.key.scope for note in notes}


def test_thanks_for_what_was_put_off_to_later_that_day_are_taken_back_and_come_again() -> None:
    bench = Bench()
    bench.file(invite(at(1), meeting(at(10, 10), PRIYA, ical_uid="a@larkspur.example")))
    assert 1 == len(bench.run(at(10, 12)))
    later = meeting(at(10, 16), PRIYA, ical_uid="a@larkspur.example", sequence=1)
    bench.file(letter(at(10, 12, 30), MOVES, meetings=(later,)))
    bench.run(at(10, 13))
    assert [DraftState.WITHDRAWN] == [
        one.state for one in bench.journal.values() if one.key.purpose is Purpose.THANK_YOU
    ]
    bench.run(at(10, 17, 30))
    assert [] == [one for one in bench.run(at(10, 17, 59)) if one.key.purpose is Purpose.THANK_YOU]
    assert [PRIYA.addr_spec] == [one.key.recipient for one in bench.run(at(10, 18))]


def test_thanks_stand_when_somebody_is_met_once_more_that_day() -> None:
    case = hear(None, invite(at(1), meeting(at(10, 10), PRIYA, title="One"), meeting(at(10, 16), PRIYA, title="Two")))
    (note,) = for_purpose(Purpose.THANK_YOU, case, at(10, 12))
    rows: list[JournalEntry] = [row(note, DraftState.PLACED, at(10, 12))]
    assert [] == [
        one for one in plan(case, journal=rows, policy=POLICY, now=at(10, 13)) if isinstance(one, WithdrawDraft)
    ]


def test_a_word_of_the_clients_interviewer_leaves_the_consultant_the_one_to_pass_thanks_on() -> None:
    client = replace(PRIYA, role=Role.INTERVIEWER)
    first = invite(
        at(1), meeting(at(10), client, TOMAS), sender=AGENT, recruiter=AGENT, agency=True, people=(client, TOMAS)
    )
    theirs = letter(at(3), sender=replace(client, role=Role.RECRUITER), references=(first.message_id or "",))
    case = hear(None, first, theirs)
    assert ["priya@larkspur.example", "relay:rolf@kern-search.example"] == thanks(case, at(9))
