"""Messages change a case: scheduled, moved, called off, ended; whatever order they come in."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest

from followup_mail.core.case import (
    ENDED,
    TRANSITIONS,
    Case,
    CaseState,
    DraftKey,
    DraftSeen,
    DraftState,
    Happening,
    OwnerVerb,
    OwnerWord,
    Purpose,
    advance,
    state_at,
)
from followup_mail.core.facts import Doubt, Facts, Kind, Meeting
from followup_mail.core.who import Person, Role
from tests.unit.hiring import (
    CANCELS,
    INGRID,
    LISBON,
    MAYA,
    MOVES,
    OWNER,
    PRIYA,
    SYSTEM,
    TOMAS,
    at,
    hear,
    invite,
    letter,
    meeting,
    own,
)


def standing(case: Case) -> list[tuple[datetime, list[str]]]:
    """The interviews that stand: start and names."""
    found = [
        (one.start, [person.display_name for person in one.people]) for one in case.interviews if not one.cancelled
    ]
    return sorted(found)


def starts(case: Case) -> list[datetime]:
    return [start for start, _ in standing(case)]


# The table


def test_every_stored_state_has_its_row_and_the_owners_dismissal_is_final() -> None:
    derived = {CaseState.INTERVIEWED, CaseState.AWAITING_OWNER}
    assert set(TRANSITIONS) == set(CaseState) - derived
    assert TRANSITIONS[CaseState.DISMISSED] == {}


def test_only_a_case_called_off_comes_to_life_again() -> None:
    revived = {
        state for state in ENDED for happening in Happening if TRANSITIONS[state].get(happening, state) not in ENDED
    }
    assert revived == {CaseState.CANCELLED}


# Opening


def test_an_invitation_opens_a_scheduled_case_that_knows_its_people() -> None:
    case = hear(None, invite(at(1), meeting(at(3), TOMAS, PRIYA)))
    assert (case.state, case.company, case.position) == (CaseState.SCHEDULED, "Larkspur Health", "Backend Engineer")
    assert {person.addr_spec for person in case.people} == {MAYA.addr_spec, TOMAS.addr_spec, PRIYA.addr_spec}
    assert (case.recruiter, case.opened, case.owner_address) == (MAYA, at(1), OWNER)


def test_only_a_message_opens_a_case() -> None:
    with pytest.raises(ValueError, match="open a case"):
        advance(None, OwnerWord(OwnerVerb.CONFIRM, at(1)))


def test_a_claimed_time_of_writing_is_never_later_than_now() -> None:
    case = advance(None, letter(at(30), Kind.AVAILABILITY_REQUEST), id="c", now=at(2))
    assert case.opened == at(2)


def test_a_message_without_a_time_counts_as_of_now_or_of_the_case() -> None:
    undated = letter(at(1), Kind.AVAILABILITY_REQUEST, sent_at=None)
    assert advance(None, undated, id="c", now=at(2)).opened == at(2)
    case = hear(None, invite(at(1), meeting(at(3), TOMAS)))
    assert hear(case, letter(at(1), sent_at=None)).correspondence[-1].at == at(1)
    assert advance(None, undated, id="c").opened == datetime.min.replace(tzinfo=UTC)


def test_the_same_message_twice_changes_nothing() -> None:
    message = invite(at(1), meeting(at(3), TOMAS))
    case = hear(None, message)
    assert hear(case, message) is case
    nameless = letter(at(2), message_id=None, promised_by=date(2026, 12, 9))
    told = hear(case, nameless)
    assert hear(told, nameless) is told
    assert told.promised_by == date(2026, 12, 9)


# Days, ends and hostile times


def test_a_day_without_a_time_is_a_working_day_and_says_so() -> None:
    day = Meeting(None, day=date(2026, 12, 3), people=(TOMAS,))
    case = hear(None, invite(at(1), day))
    assert [(one.start, one.end, one.end_stated) for one in case.interviews] == [(at(3, 9), at(3, 18), False)]
    assert {(doubt.kind, doubt.holds) for doubt in case.doubts} == {("end", False), ("moment", False)}


@pytest.mark.parametrize("zone", ["+01:00", "Europe/Berlin"])
def test_a_day_is_taken_in_its_own_zone(zone: str) -> None:
    case = hear(None, invite(at(1), Meeting(None, day=date(2026, 12, 3), zone=zone, people=(TOMAS,))))
    assert case.interviews[0].start == at(3, 8)


def test_a_zone_nobody_knows_is_the_owners() -> None:
    case = hear(None, invite(at(1), Meeting(None, day=date(2026, 12, 3), zone="Mars/Olympus", people=(TOMAS,))))
    assert case.interviews[0].start == at(3, 9)
    nowhere = advance(None, invite(at(1), Meeting(None, day=date(2026, 12, 3), zone="+99:99")), id="c", zone="../x")
    assert nowhere.interviews[0].start == at(3, 9)


@pytest.mark.parametrize("year", [1, 9999])
def test_a_year_beyond_reason_is_no_interview(year: int) -> None:
    case = hear(None, invite(at(1), Meeting(datetime(year, 12, 31, 23, 59, tzinfo=UTC), people=(TOMAS,))))
    assert case.interviews == ()
    assert case.state is CaseState.APPLIED


@pytest.mark.parametrize("minutes", [0, -60])
def test_an_end_that_is_not_after_the_start_is_none(minutes: int) -> None:
    bad = replace(meeting(at(3), TOMAS), end=at(3) + timedelta(minutes=minutes))
    assert hear(None, invite(at(1), bad)).interviews[0].end == at(3, 10, 45)


# Moved


def test_a_calendar_update_moves_its_interview() -> None:
    case = hear(
        None,
        invite(at(1), meeting(at(3), TOMAS, ical_uid="u1", sequence=0)),
        invite(at(2), meeting(at(4), TOMAS, ical_uid="u1", sequence=1)),
    )
    assert starts(case) == [at(4)]


def test_a_lower_sequence_changes_nothing_even_if_sent_later() -> None:
    case = hear(
        None,
        invite(at(1), meeting(at(3), TOMAS, ical_uid="u1", sequence=2)),
        invite(at(2), meeting(at(4), TOMAS, ical_uid="u1", sequence=1)),
    )
    assert starts(case) == [at(3)]


def test_a_calendar_update_replaces_the_guests_it_listed_and_keeps_those_of_the_prose() -> None:
    case = hear(
        None,
        invite(at(1), meeting(at(3), INGRID)),
        invite(at(1, 11), meeting(at(3), TOMAS, ical_uid="u1")),
        invite(at(2), meeting(at(3), PRIYA, ical_uid="u1", sequence=1)),
    )
    assert standing(case) == [(at(3), ["Ingrid Solberg", "Priya Raman"])]


def test_a_new_uid_for_the_same_person_and_round_supersedes() -> None:
    case = hear(
        None,
        invite(at(1), meeting(at(3), TOMAS, ical_uid="u1", title="Interview")),
        invite(at(2), meeting(at(4), TOMAS, ical_uid="u2", title="Interview")),
        letter(at(2, 11), CANCELS, meetings=(meeting(at(3), ical_uid="u1", sequence=1),)),
    )
    assert starts(case) == [at(4)]


def test_another_round_with_the_same_person_is_added() -> None:
    case = hear(
        None,
        invite(at(1), meeting(at(3), TOMAS, title="Phone screen")),
        invite(at(2), meeting(at(4), TOMAS, title="Systems design")),
        invite(at(5), meeting(at(9), TOMAS)),
    )
    assert starts(case) == [at(3), at(4), at(9)]


MOVED = {
    "named by its old time": ((PRIYA,), (at(3, 10),), at(3, 10)),
    "named by its old day": ((), (at(4, 17),), at(4, 10)),
    "known by its person": ((PRIYA,), (), at(4, 10)),
}


@pytest.mark.parametrize(("people", "moved_from", "gone"), MOVED.values(), ids=MOVED)
def test_a_prose_reschedule_moves_the_interview(
    people: tuple[Person, ...], moved_from: tuple[datetime, ...], gone: datetime
) -> None:
    case = hear(None, invite(at(1), meeting(at(3), TOMAS), meeting(at(4), PRIYA)))
    moved = hear(case, letter(at(2), MOVES, meetings=(meeting(at(9), *people),), moved_from=moved_from))
    assert set(starts(case)) - set(starts(moved)) == {gone}
    assert len(starts(moved)) == 2


def test_a_reschedule_moves_the_only_interview_there_is_and_keeps_its_people() -> None:
    case = hear(None, invite(at(1), meeting(at(3), TOMAS)), letter(at(2), MOVES, meetings=(meeting(at(9)),)))
    assert standing(case) == [(at(9), ["Tomás Rivera"])]


def test_a_reschedule_that_could_mean_several_holds_until_the_owner_says() -> None:
    case = hear(
        None,
        invite(at(1), meeting(at(3), TOMAS), meeting(at(4), PRIYA)),
        letter(at(2), MOVES, meetings=(meeting(at(9), INGRID),)),
    )
    assert starts(case) == [at(3), at(4), at(9)]
    assert [doubt.kind for doubt in case.doubts if doubt.holds] == ["moment"]


def test_a_whole_day_moves_in_its_order() -> None:
    case = hear(
        None,
        invite(at(1), meeting(at(3, 9), title="One"), meeting(at(3, 11), title="Two")),
        letter(at(2), MOVES, meetings=(meeting(at(9, 9)), meeting(at(9, 11)))),
    )
    assert [(one.start, one.title) for one in case.interviews] == [(at(9, 9), "One"), (at(9, 11), "Two")]


def test_a_reschedule_right_after_a_missed_interview_moves_that_one() -> None:
    missed = hear(
        None, invite(at(1), meeting(at(3), TOMAS)), letter(at(3, 12), MOVES, meetings=(meeting(at(4), TOMAS),))
    )
    assert starts(missed) == [at(4)]
    held = hear(None, invite(at(1), meeting(at(3), TOMAS)), letter(at(6), MOVES, meetings=(meeting(at(9), TOMAS),)))
    assert starts(held) == [at(3), at(9)]


def test_a_reschedule_to_nobody_known_before_replaces_its_people() -> None:
    case = hear(None, invite(at(1), meeting(at(3), TOMAS)), letter(at(2), MOVES, meetings=(meeting(at(9), PRIYA),)))
    assert standing(case) == [(at(9), ["Priya Raman"])]


def test_a_reschedule_without_a_new_time_leaves_the_case_looking_for_one() -> None:
    case = hear(None, invite(at(1), meeting(at(3), TOMAS)), letter(at(2), MOVES))
    assert (starts(case), case.state) == ([], CaseState.SCHEDULING)
    assert starts(hear(case, invite(at(2, 12), meeting(at(9), TOMAS)))) == [at(9)]


def test_a_postponement_that_could_mean_several_holds_them() -> None:
    case = hear(None, invite(at(1), meeting(at(3), TOMAS), meeting(at(4), PRIYA)), letter(at(2), MOVES))
    assert len(starts(case)) == 2
    assert [doubt.holds for doubt in case.doubts] == [True]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_newest_word_about_an_interview_rules_in_whatever_order_it_is_read(order: tuple[int, ...]) -> None:
    words = [
        invite(at(1), meeting(at(3), TOMAS, ical_uid="u1", sequence=0)),
        invite(at(1, 12), meeting(at(4), TOMAS, ical_uid="u1", sequence=1)),
        letter(at(2), MOVES, meetings=(meeting(at(9), TOMAS),), moved_from=(at(4),)),
    ]
    assert starts(hear(None, *(words[index] for index in order))) == [at(9)]


def test_an_older_confirmation_does_not_undo_a_move_whose_old_time_was_not_known() -> None:
    move = letter(at(2), MOVES, meetings=(meeting(at(9)),))
    older = invite(at(1), meeting(at(3), TOMAS))
    case = hear(None, move, older)
    assert standing(case) == [(at(9), ["Tomás Rivera"])]
    assert starts(hear(case, invite(at(1, 11), meeting(at(3), TOMAS, ical_uid="u1")))) == [at(9)]


def test_an_older_word_about_the_same_time_completes_it() -> None:
    case = hear(None, invite(at(2), meeting(at(3), minutes=None)), invite(at(1), meeting(at(3), TOMAS, title="Design")))
    (one,) = case.interviews
    assert (one.end, one.end_stated, one.people, one.title) == (at(3, 11), True, (TOMAS,), "Design")


def test_prose_does_not_shorten_what_the_calendar_says() -> None:
    case = hear(
        None,
        invite(at(1), meeting(at(3), TOMAS, minutes=90, ical_uid="u1")),
        invite(at(2), meeting(at(3), PRIYA, minutes=30)),
    )
    assert case.interviews[0].end == at(3, 11, 30)
    assert standing(case) == [(at(3), ["Tomás Rivera", "Priya Raman"])]


# Series and several


def test_one_instance_of_a_series_is_moved_by_its_recurrence_id() -> None:
    case = hear(
        None,
        invite(at(1), meeting(at(3), TOMAS, ical_uid="u1"), meeting(at(4), PRIYA, ical_uid="u1")),
        invite(at(2), meeting(at(9), PRIYA, ical_uid="u1", recurrence_id="20261204T100000Z", sequence=1)),
    )
    assert starts(case) == [at(3), at(9)]
    again = hear(
        case, invite(at(2, 12), meeting(at(10), PRIYA, ical_uid="u1", recurrence_id="20261204T100000Z", sequence=2))
    )
    assert starts(again) == [at(3), at(10)]


def test_a_recurrence_id_in_another_form_is_an_interview_of_its_own() -> None:
    case = hear(
        None,
        invite(at(1), meeting(at(3), TOMAS, ical_uid="u1")),
        invite(at(2), meeting(at(9), PRIYA, ical_uid="u1", recurrence_id="not a momentZ")),
        invite(at(2, 12), meeting(at(10), INGRID, ical_uid="u1", recurrence_id="20261204")),
    )
    assert starts(case) == [at(3), at(9), at(10)]


# Called off


def test_a_calendar_cancellation_takes_its_interview_only() -> None:
    case = hear(
        None,
        invite(at(1), meeting(at(3), TOMAS, ical_uid="u1"), meeting(at(4), PRIYA, ical_uid="u2")),
        letter(at(2), CANCELS, meetings=(meeting(at(3), ical_uid="u1", sequence=1),)),
    )
    assert (starts(case), case.state) == ([at(4)], CaseState.SCHEDULED)


def test_a_calendar_cancellation_of_one_instance_takes_that_one() -> None:
    gone = meeting(at(4), ical_uid="u1", recurrence_id="20261204T100000Z", sequence=1)
    series = invite(at(1), meeting(at(3), TOMAS, ical_uid="u1"), meeting(at(4), PRIYA, ical_uid="u1"))
    assert starts(hear(None, series, letter(at(2), CANCELS, meetings=(gone,)))) == [at(3)]


def test_a_calendar_cancellation_without_a_time_takes_the_whole_uid() -> None:
    case = hear(
        None,
        invite(at(1), meeting(at(3), TOMAS, ical_uid="u1")),
        letter(at(2), CANCELS, meetings=(Meeting(None, ical_uid="u1"),)),
    )
    assert (starts(case), case.state, case.ended) == ([], CaseState.CANCELLED, at(2))


def test_a_calendar_cancellation_reaches_an_interview_known_from_prose() -> None:
    case = hear(
        None, invite(at(1), meeting(at(3), TOMAS)), letter(at(2), CANCELS, meetings=(meeting(at(3), ical_uid="u1"),))
    )
    assert starts(case) == []


def test_a_cancellation_read_before_its_invitation_holds() -> None:
    gone = letter(at(2), CANCELS, meetings=(meeting(at(3), ical_uid="u1", sequence=1),))
    case = hear(
        hear(None, letter(at(1), Kind.AVAILABILITY_REQUEST)), gone, invite(at(1), meeting(at(3), TOMAS, ical_uid="u1"))
    )
    assert starts(case) == []


def test_a_cancellation_of_an_older_state_or_of_what_is_over_changes_nothing() -> None:
    case = hear(None, invite(at(2), meeting(at(3), TOMAS, ical_uid="u1", sequence=3)))
    older = letter(at(1), CANCELS, meetings=(meeting(at(3), ical_uid="u1", sequence=1),))
    tidied = letter(at(5), CANCELS, meetings=(meeting(at(3), ical_uid="u1", sequence=4),))
    assert starts(hear(case, older, tidied)) == [at(3)]


def test_a_prose_cancellation_takes_all_that_lies_ahead_and_nothing_that_was_held() -> None:
    case = hear(
        None,
        invite(at(1), meeting(at(2), MAYA), meeting(at(9), TOMAS), meeting(at(10), PRIYA)),
        letter(at(4), CANCELS),
    )
    assert (starts(case), case.state) == ([at(2)], CaseState.SCHEDULED)
    assert starts(hear(case, invite(at(3), meeting(at(11), INGRID, title="Values")))) == [at(2)]


def test_a_prose_cancellation_takes_the_one_it_names() -> None:
    case = hear(
        None, invite(at(1), meeting(at(3), TOMAS), meeting(at(4), PRIYA)), letter(at(2), CANCELS, moved_from=(at(4),))
    )
    assert starts(case) == [at(3)]


def test_a_prose_cancellation_of_an_unknown_time_takes_the_only_one_and_holds_several() -> None:
    one = hear(None, invite(at(1), meeting(at(3), TOMAS)), letter(at(2), CANCELS, moved_from=(at(20),)))
    assert one.state is CaseState.CANCELLED
    two = invite(at(1), meeting(at(3), TOMAS), meeting(at(4), PRIYA))
    several = hear(None, two, letter(at(2), CANCELS, moved_from=(at(20),)))
    assert len(starts(several)) == 2
    assert [doubt.holds for doubt in several.doubts] == [True]
    assert several.doubts == hear(several, letter(at(2, 11), CANCELS, moved_from=(at(21),))).doubts


def test_a_case_called_off_is_revived_by_a_new_confirmation() -> None:
    off = hear(None, invite(at(1), meeting(at(3), TOMAS)), letter(at(2), CANCELS))
    assert (off.state, off.ended) == (CaseState.CANCELLED, at(2))
    back = hear(off, invite(at(2, 12), meeting(at(9), TOMAS)))
    assert (back.state, back.ended, starts(back)) == (CaseState.SCHEDULED, None, [at(9)])
    asked = hear(off, letter(at(2, 12), Kind.AVAILABILITY_REQUEST))
    assert asked.state is CaseState.SCHEDULING
    assert hear(off, letter(at(1, 12), Kind.AVAILABILITY_REQUEST)).state is CaseState.CANCELLED


def test_the_same_time_confirmed_again_after_a_cancellation_stands() -> None:
    case = hear(
        None,
        invite(at(1), meeting(at(3), TOMAS)),
        letter(at(2), CANCELS),
        invite(at(2, 12), meeting(at(3), TOMAS)),
    )
    assert starts(case) == [at(3)]


def test_an_empty_confirmation_or_cancellation_is_only_correspondence() -> None:
    case = hear(None, letter(at(1), Kind.AVAILABILITY_REQUEST), invite(at(2)), letter(at(2, 12), CANCELS))
    assert (case.state, case.interviews, len(case.correspondence)) == (CaseState.SCHEDULING, (), 3)


# The owner


DECLINED = {
    "by calendar": own(at(2), declines=True, meetings=(meeting(at(4), ical_uid="u2"),)),
    "by its time": own(at(2), declines=True, moved_from=(at(4),)),
    "to its person": own(at(2), PRIYA, declines=True),
}


@pytest.mark.parametrize("word", DECLINED.values(), ids=DECLINED)
def test_an_owners_no_takes_the_interview_it_means(word: Facts) -> None:
    case = hear(None, invite(at(1), meeting(at(3), TOMAS, ical_uid="u1"), meeting(at(4), PRIYA, ical_uid="u2")), word)
    assert starts(case) == [at(3)]


def test_an_owners_no_in_the_thread_of_an_invitation_takes_that_one() -> None:
    first, second = invite(at(1), meeting(at(3), TOMAS)), invite(at(1, 11), meeting(at(4), PRIYA))
    case = hear(None, first, second, own(at(2), MAYA, declines=True, references=(second.message_id or "",)))
    assert starts(case) == [at(3)]


def test_an_owners_no_to_the_only_interview_calls_the_case_off_and_a_yes_brings_it_back() -> None:
    invitation = invite(at(1), meeting(at(3), TOMAS, ical_uid="u1"))
    off = hear(None, invitation, own(at(1, 12), MAYA, declines=True, meetings=(meeting(at(3), ical_uid="u1"),)))
    assert off.state is CaseState.CANCELLED
    update = invite(at(1, 13), meeting(at(3), TOMAS, ical_uid="u1", sequence=1))
    assert hear(off, update).state is CaseState.CANCELLED
    yes = own(at(1, 14), MAYA, accepts=True, meetings=(meeting(at(3), ical_uid="u1"),))
    assert hear(off, yes).state is CaseState.SCHEDULED


def test_an_owners_no_that_could_mean_several_holds_them() -> None:
    case = hear(
        None, invite(at(1), meeting(at(3), TOMAS), meeting(at(4), TOMAS, title="Two")), own(at(2), MAYA, declines=True)
    )
    assert len(starts(case)) == 2
    assert [doubt.holds for doubt in case.doubts] == [True]


def test_an_owners_no_after_the_interview_changes_nothing() -> None:
    case = hear(None, invite(at(1), meeting(at(3), TOMAS)), own(at(4), TOMAS, declines=True))
    assert starts(case) == [at(3)]


def test_a_withdrawal_ends_it() -> None:
    case = hear(None, invite(at(1), meeting(at(3), TOMAS)), own(at(2), MAYA, withdraws=True))
    assert (case.state, case.ended) == (CaseState.WITHDRAWN, at(2))


OUTCOMES = [
    ("offer", CaseState.OFFER),
    ("accepted", CaseState.ACCEPTED),
    ("rejected", CaseState.REJECTED),
    ("withdrawn", CaseState.WITHDRAWN),
]


@pytest.mark.parametrize(("value", "state"), OUTCOMES)
def test_the_owner_says_how_it_ended(value: str, state: CaseState) -> None:
    case = hear(None, invite(at(1), meeting(at(3), TOMAS)), OwnerWord(OwnerVerb.OUTCOME, at(5), value))
    assert (case.state, case.ended) == (state, at(5))


def test_an_unknown_outcome_is_refused() -> None:
    case = hear(None, invite(at(1), meeting(at(3), TOMAS)))
    with pytest.raises(ValueError, match="no outcome"):
        hear(case, OwnerWord(OwnerVerb.OUTCOME, at(5), "hired"))


def test_an_interview_that_nobody_came_to_did_not_take_place() -> None:
    case = hear(None, invite(at(1), meeting(at(3), TOMAS)))
    word = OwnerWord(OwnerVerb.OUTCOME, at(3, 12), "no-show")
    assert hear(case, word).state is CaseState.CANCELLED
    assert hear(case, replace(word, at=at(2))) == case
    two = hear(case, invite(at(2), meeting(at(9), PRIYA)), word)
    assert (starts(two), two.state) == ([at(9)], CaseState.SCHEDULED)


def test_a_dismissed_case_takes_no_further_turn() -> None:
    case = hear(None, invite(at(1), meeting(at(3), TOMAS)), OwnerWord(OwnerVerb.DISMISS, at(2)))
    assert hear(case, letter(at(4), Kind.OFFER)).state is CaseState.DISMISSED


def test_what_the_owner_asks_for_is_kept_with_its_time() -> None:
    case = hear(None, invite(at(1), meeting(at(3), TOMAS)), OwnerWord(OwnerVerb.ASK, at(5), "stay_in_touch"))
    assert (case.asked_for, case.asked_at) == ((Purpose.STAY_IN_TOUCH,), (at(5),))


def test_a_draft_not_sent_changes_nothing() -> None:
    case = hear(None, invite(at(1), meeting(at(3), TOMAS)))
    key = DraftKey(Purpose.THANK_YOU, "larkspur/2026-12-03", "tomas@larkspur.example")
    assert advance(case, DraftSeen(key, DraftState.DISCARDED, at(4), "<x@home.example>")) is case
    sent = advance(case, DraftSeen(key, DraftState.SENT, at(4), "<x@home.example>"))
    assert sent.letters == ("<x@home.example>",)
    assert advance(sent, DraftSeen(key, DraftState.SENT, at(5), "<x@home.example>")) is sent


# Ends


@pytest.mark.parametrize(
    ("message", "state"),
    [
        (letter(at(4), Kind.OFFER), CaseState.OFFER),
        (letter(at(4), Kind.REJECTION), CaseState.REJECTED),
        (letter(at(4), hiring_stop=True), CaseState.STOPPED),
        (letter(at(4), Kind.REJECTION, hiring_stop=True), CaseState.REJECTED),
    ],
)
def test_the_employer_ends_it(message: Facts, state: CaseState) -> None:
    case = hear(None, invite(at(1), meeting(at(3), TOMAS)), message)
    assert (case.state, case.ended) == (state, at(4))
    assert (case.rejection_message_id == message.message_id) == (state is CaseState.REJECTED)


def test_of_two_ends_the_newer_stands_in_either_order() -> None:
    invitation, refusal, offer = (
        invite(at(1), meeting(at(3), TOMAS)),
        letter(at(4), Kind.REJECTION),
        letter(at(5), Kind.OFFER),
    )
    assert hear(None, invitation, refusal, offer).state is CaseState.OFFER
    assert hear(None, invitation, offer, refusal).state is CaseState.OFFER


def test_a_rejection_older_than_the_invitation_does_not_end_it() -> None:
    case = hear(None, invite(at(2), meeting(at(3), TOMAS)), letter(at(1), Kind.REJECTION))
    assert case.state is CaseState.SCHEDULED


# Where it stands


def test_a_case_is_interviewed_once_nothing_lies_ahead() -> None:
    case = hear(None, invite(at(1), meeting(at(3), TOMAS)))
    assert (state_at(case, at(3, 10, 59)), state_at(case, at(3, 11))) == (CaseState.SCHEDULED, CaseState.INTERVIEWED)


def test_a_request_for_times_waits_for_the_owner_and_then_for_the_employer() -> None:
    asked = hear(None, letter(at(1), Kind.AVAILABILITY_REQUEST))
    answered = hear(asked, own(at(1, 12), MAYA))
    assert (state_at(asked, at(2)), state_at(answered, at(2))) == (CaseState.AWAITING_OWNER, CaseState.SCHEDULING)
    assert answered.answered == at(1, 12)
    settled = hear(asked, invite(at(2), meeting(at(3), TOMAS)))
    assert (settled.asked_owner, state_at(settled, at(4))) == (None, CaseState.INTERVIEWED)


def test_a_question_is_shown_only_while_no_interview_lies_ahead() -> None:
    case = hear(None, invite(at(1), meeting(at(3), TOMAS)), letter(at(2), asks_owner=True))
    assert (state_at(case, at(2)), state_at(case, at(4))) == (CaseState.SCHEDULED, CaseState.AWAITING_OWNER)


def test_please_confirm_is_settled_by_the_interview_itself() -> None:
    case = hear(None, invite(at(1), meeting(at(3), TOMAS), asks_owner=True))
    assert case.asked_owner == at(1)
    assert state_at(case, at(4)) is CaseState.INTERVIEWED


def test_a_question_answered_before_it_was_read_does_not_wait() -> None:
    case = hear(None, invite(at(1), meeting(at(3), TOMAS)), own(at(5), MAYA), letter(at(4), asks_owner=True))
    assert case.asked_owner is None


def test_an_older_question_does_not_replace_a_newer_one_and_a_machine_asks_nothing() -> None:
    case = hear(
        None, invite(at(1), meeting(at(3), TOMAS)), letter(at(5), asks_owner=True), letter(at(4), asks_owner=True)
    )
    assert case.asked_owner == at(5)
    assert (
        hear(None, invite(at(1), meeting(at(3), TOMAS)), letter(at(4), asks_owner=True, automatic=True)).asked_owner
        is None
    )


@pytest.mark.parametrize(
    ("word", "clears"),
    [
        (own(at(5), MAYA), True),
        (own(at(5), MAYA, thanks=True), True),
        (own(at(5), TOMAS, thanks=True), False),
        (own(at(5), Person("Jo Park", "jo@larkspur.example")), True),
        (own(at(5), Person("A Friend", "friend@elsewhere.example")), False),
        (own(at(3, 12), MAYA), False),
    ],
)
def test_an_owners_message_answers_a_question_if_it_goes_to_the_cases_people(word: Facts, clears: bool) -> None:
    case = hear(None, invite(at(1), meeting(at(3), TOMAS)), letter(at(4), asks_owner=True), word)
    assert (case.asked_owner is None) == clears


# People


def test_an_interviewer_known_by_name_is_addressed_once_they_write() -> None:
    case = hear(
        None,
        invite(at(1), meeting(at(3), INGRID)),
        letter(at(2), sender=Person("Ingrid Solberg", "ingrid@elsewhere.example")),
    )
    assert case.interviews[0].people[0].addr_spec == "ingrid@elsewhere.example"


def test_an_address_of_the_same_house_is_enough_and_a_strangers_is_not() -> None:
    invitation = invite(at(1), meeting(at(3), INGRID))
    inside, outside = Person("Ingrid Solberg", "ingrid@larkspur.example"), Person("Ingrid Solberg", "ingrid@gmail.com")
    assert hear(None, invitation, letter(at(2), people=(inside,))).interviews[0].people[0].addr_spec == inside.addr_spec
    assert hear(None, invitation, letter(at(2), people=(outside,))).interviews[0].people[0].addr_spec is None


def test_two_people_of_one_name_leave_an_interviewer_without_address() -> None:
    twins = tuple(Person("Ingrid Solberg", f"ingrid{n}@larkspur.example") for n in range(2))
    case = hear(None, invite(at(1), meeting(at(3), INGRID)), letter(at(2), people=twins))
    assert case.interviews[0].people[0].addr_spec is None


def test_a_first_name_alone_is_never_addressed() -> None:
    case = hear(
        None, invite(at(1), meeting(at(3), Person("Tomás", None)), people=(Person("Tomás", "tomas@larkspur.example"),))
    )
    assert case.interviews[0].people[0].addr_spec is None


def test_what_is_learnt_of_somebody_completes_what_is_known() -> None:
    case = hear(
        None,
        invite(at(1), meeting(at(3), Person("", TOMAS.addr_spec)), people=(replace(TOMAS, title="Staff Engineer"),)),
    )
    (person,) = [one for one in case.people if one.addr_spec == TOMAS.addr_spec]
    assert (person.display_name, person.title) == ("Tomás Rivera", "Staff Engineer")


def test_the_recruiter_is_the_newest_person_who_arranged_it_never_a_machine_or_the_owner() -> None:
    jo = Person("Jo Park", "jo@larkspur.example", Role.COORDINATOR)
    case = hear(None, invite(at(1), meeting(at(3), TOMAS), recruiter=Person("Maya")))
    assert hear(case, letter(at(2), recruiter=MAYA)).recruiter == MAYA
    case = hear(case, letter(at(2), recruiter=jo))
    assert case.recruiter == jo
    assert hear(case, letter(at(1, 11), recruiter=MAYA)).recruiter == jo
    assert hear(case, letter(at(4), recruiter=SYSTEM)).recruiter == jo
    assert hear(case, letter(at(4), recruiter=Person("Ana", OWNER))).recruiter == jo


def test_the_language_is_that_of_the_newest_person_who_wrote() -> None:
    case = hear(None, invite(at(2), meeting(at(3), TOMAS), language="de"))
    assert case.language == "de"
    assert hear(case, letter(at(4), language="en", automatic=True)).language == "de"
    assert hear(case, letter(at(4), language="und")).language == "de"
    assert hear(case, letter(at(1), language="fr")).language == "de"
    assert hear(case, letter(at(4), language="nl")).language == "nl"


def test_an_automatic_reply_never_answers() -> None:
    case = hear(
        None, invite(at(1), meeting(at(3), TOMAS)), letter(at(5), Kind.AUTO_REPLY, away_until=date(2026, 12, 9))
    )
    assert (case.answered, case.away_until) == (at(1), date(2026, 12, 9))


def test_an_older_promise_does_not_replace_a_newer_one() -> None:
    case = hear(
        None,
        letter(at(2), Kind.AVAILABILITY_REQUEST, promised_by=date(2026, 12, 9)),
        letter(at(1), promised_by=date(2026, 12, 7)),
    )
    assert case.promised_by == date(2026, 12, 9)


def test_doubts_of_an_interview_go_with_the_word_that_settles_it_and_fraud_stays() -> None:
    doubts = (Doubt("who", "unsure", holds=True), Doubt("fraud", "odd", holds=True))
    case = hear(None, invite(at(1), meeting(at(3), TOMAS), doubts=doubts))
    assert {doubt.kind for doubt in case.doubts} == {"who", "fraud"}
    clear = hear(case, invite(at(2), meeting(at(3), TOMAS)))
    assert {doubt.kind for doubt in clear.doubts} == {"fraud"}


def test_correspondence_stands_in_order_of_writing() -> None:
    case = hear(None, letter(at(2), Kind.AVAILABILITY_REQUEST), letter(at(1)), own(at(1, 12), MAYA))
    assert [one.at for one in case.correspondence] == [at(1), at(1, 12), at(2)]


def test_winter_time_ends_an_assumed_length_in_real_minutes() -> None:
    start = datetime(2026, 10, 25, 1, 30, tzinfo=LISBON)  # half an hour before 02:00 becomes 01:00
    case = hear(None, invite(at(20, month=10), Meeting(start, people=(TOMAS,))))
    assert case.interviews[0].end.astimezone(UTC) - start.astimezone(UTC) == timedelta(minutes=45)


def test_a_doubt_that_arises_after_the_owners_word_needs_it_again() -> None:
    case = hear(
        None, invite(at(1), meeting(at(3), TOMAS), meeting(at(4), PRIYA)), OwnerWord(OwnerVerb.CONFIRM, at(1, 12))
    )
    assert hear(case, letter(at(2))).confirmed
    assert not hear(case, letter(at(2), MOVES)).confirmed
