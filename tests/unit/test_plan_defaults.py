"""Each row of the table of defaults, as a promise that can be broken."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from followup_mail.core.case import Case, DraftKey, DraftSeen, DraftState, OwnerVerb, OwnerWord, Purpose, advance
from followup_mail.core.facts import Doubt, Kind
from followup_mail.core.plan import (
    AskOwner,
    PlaceDraft,
    Policy,
    Remind,
    SettleDraft,
    WithdrawDraft,
    placed_today,
    plan,
    within_cap,
)
from followup_mail.core.who import Address, Person, Role
from tests.unit.hiring import (
    AGENT,
    INGRID,
    LISBON,
    MAYA,
    MOVES,
    POLICY,
    PRIYA,
    SYSTEM,
    TOMAS,
    at,
    check,
    drafts,
    for_purpose,
    hear,
    invite,
    letter,
    meeting,
    own,
    row,
    thanks,
    words,
)

TALK = at(3, 14)  # a Thursday, until 15:00


def one_talk(*people: Person, **more: object) -> Case:
    return hear(None, invite(at(1), meeting(TALK, *(people or (TOMAS,))), **more))


# When a thank-you appears


def test_a_thank_you_is_due_an_hour_after_the_end_with_a_day_to_its_deadline() -> None:
    (note,) = drafts(one_talk(), at(2))
    assert note.due == at(3, 16)
    assert note.deadline == at(4, 15)


def test_no_thank_you_of_an_onsite_appears_before_the_last_conversation_of_the_day_is_over() -> None:
    case = hear(None, invite(at(1), meeting(at(3, 9), PRIYA), meeting(at(3, 15), TOMAS)))
    notes = {note.key.recipient: note for note in drafts(case, at(2))}
    assert {note.due for note in notes.values()} == {at(3, 17)}
    assert notes[PRIYA.addr_spec or ""].deadline == at(4, 10)
    assert notes[TOMAS.addr_spec or ""].deadline == at(4, 16)


def test_somebody_met_twice_on_a_visit_gets_one_letter() -> None:
    case = hear(None, invite(at(1), meeting(at(3, 9), TOMAS), meeting(at(3, 15), TOMAS)))
    assert thanks(case, at(4)) == [TOMAS.addr_spec]


def test_somebody_met_on_two_days_gets_two_letters_and_the_second_knows() -> None:
    case = hear(
        None,
        invite(at(1), meeting(at(3, 9), TOMAS, title="Phone")),
        invite(at(1, 11), meeting(at(4, 9), TOMAS, title="Design")),
    )
    assert [(note.key.scope, note.met_before) for note in drafts(case, at(2))] == [
        ("larkspur/2026-12-03", False),
        ("larkspur/2026-12-04", True),
    ]


def test_a_visit_is_a_day_where_it_takes_place_not_where_the_owner_is() -> None:
    late = datetime(2026, 12, 3, 17, tzinfo=ZoneInfo("America/Los_Angeles"))  # 01:00 of the 4th in Lisbon
    case = hear(None, invite(at(1), replace(meeting(late, TOMAS), zone="America/Los_Angeles")))
    assert [note.key.scope for note in drafts(case, at(2))] == ["larkspur/2026-12-03"]


def test_an_interview_without_an_end_is_taken_for_the_usual_length() -> None:
    case = hear(None, invite(at(1), meeting(TALK, TOMAS, minutes=None)))
    assert [note.due for note in drafts(case, at(2))] == [at(3, 15, 45)]
    assert [doubt.kind for doubt in case.doubts] == ["end"]


# One note each, relay notes


def test_everybody_with_an_address_gets_a_note_and_seats_tell_them_apart() -> None:
    assert [(note.key.recipient, note.seat) for note in drafts(one_talk(PRIYA, TOMAS), at(2))] == [
        (PRIYA.addr_spec, 0),
        (TOMAS.addr_spec, 1),
    ]


def test_nine_interviewers_get_eight_notes_and_the_ninth_is_thanked_through_the_recruiter() -> None:
    panel = [Person(f"Guest Number{n}", f"guest{n}@larkspur.example") for n in range(9)]
    notes = drafts(one_talk(*panel), at(2))
    assert [note.key.recipient for note in notes] == [one.addr_spec for one in panel[:8]] + [f"relay:{MAYA.addr_spec}"]
    assert [one.display_name for one in notes[-1].relay_for] == ["Guest Number8"]


def test_an_interviewer_known_by_name_only_is_thanked_through_the_recruiter_in_their_thread() -> None:
    note = drafts(one_talk(INGRID), at(2))[0]
    assert (note.key.recipient, note.relay_for, note.recipient) == (f"relay:{MAYA.addr_spec}", (INGRID,), MAYA)
    assert note.reply_to is not None


def test_a_recruiter_who_was_there_gets_one_letter_that_also_passes_on_thanks() -> None:
    notes = drafts(one_talk(MAYA, INGRID), at(2))
    assert [(note.key.recipient, note.relay_for) for note in notes] == [(f"relay:{MAYA.addr_spec}", (INGRID,))]


def test_nobody_is_written_to_at_a_guessed_address() -> None:
    case = one_talk(INGRID, sender=SYSTEM, takes_no_reply=True, automatic=True)
    assert drafts(case, at(4)) == []
    assert [word.id for word in words(case, at(4)) if isinstance(word, Remind)][:1] == [
        "unreachable:larkspur/2026-12-03"
    ]


def test_a_name_is_not_thanked_twice_when_a_session_gives_its_address() -> None:
    bare = Person("Tomás Rivera", None)
    case = hear(None, invite(at(1), meeting(at(3, 9), bare), meeting(at(3, 11), TOMAS)))
    assert thanks(case, at(2)) == [TOMAS.addr_spec]


def test_an_address_learnt_after_the_relay_note_brings_no_second_thanks() -> None:
    case = one_talk(INGRID)
    (relay,) = drafts(case, at(2))
    case = hear(case, letter(at(3, 18), sender=Person("Ingrid Solberg", "ingrid@larkspur.example")))
    assert thanks(case, at(3, 19), row(relay, DraftState.PLACED, at(3, 16))) == []


def test_who_was_there_is_asked_when_no_message_says_it() -> None:
    case = hear(None, invite(at(1), meeting(TALK)))
    assert thanks(case, at(3, 16)) == []
    (question,) = [word for word in words(case, at(3, 16)) if isinstance(word, AskOwner)]
    assert (question.id, question.due) == ("who:larkspur/2026-12-03", at(3, 15))


def test_a_recording_platform_is_thanked_by_nobody() -> None:
    case = hear(None, invite(at(1), meeting(TALK, TOMAS), answered_by_machine=True))
    assert thanks(case, at(4)) == []
    assert [word for word in words(case, at(4)) if isinstance(word, AskOwner)] == []


# Agencies


def test_an_agency_gets_the_only_note_naming_its_clients_people() -> None:
    case = one_talk(PRIYA, TOMAS, sender=AGENT, agency=True)
    (note,) = drafts(case, at(2))
    assert (note.key.recipient, note.relay_for) == (f"relay:{AGENT.addr_spec}", (PRIYA, TOMAS))


def test_a_clients_interviewer_who_wrote_to_the_owner_is_thanked_directly() -> None:
    case = hear(one_talk(PRIYA, TOMAS, sender=AGENT, agency=True), letter(at(2), sender=TOMAS))
    assert thanks(case, at(2, 12)) == [TOMAS.addr_spec, f"relay:{AGENT.addr_spec}"]


def test_a_panel_that_is_not_to_be_written_to_is_thanked_through_the_recruiter() -> None:
    assert thanks(one_talk(PRIYA, TOMAS, no_direct_contact=True), at(2)) == [f"relay:{MAYA.addr_spec}"]


# Fulfilled


def test_the_owners_own_thanks_settle_a_planned_note_as_sent() -> None:
    case = one_talk()
    (note,) = drafts(case, at(2))
    case = hear(case, own(at(3, 15, 10), TOMAS, thanks=True))
    actions = plan(case, journal=[row(note, DraftState.PLANNED, at(2))], policy=POLICY, now=at(3, 16))
    assert [one for one in actions if isinstance(one, SettleDraft)] == [
        SettleDraft(note.key, DraftState.SENT, "you thanked them yourself")
    ]
    assert thanks(case, at(3, 16)) == []


def test_the_owners_own_thanks_take_back_the_note_in_drafts() -> None:
    case = one_talk()
    (note,) = drafts(case, at(2))
    case = hear(case, own(at(3, 17), TOMAS, thanks=True))
    actions = plan(case, journal=[row(note, DraftState.PLACED, at(3, 16))], policy=POLICY, now=at(3, 18))
    assert [one.key for one in actions if isinstance(one, WithdrawDraft)] == [note.key]


@pytest.mark.parametrize(
    "mail",
    [
        own(at(3, 15, 10), TOMAS),
        own(at(3, 13), TOMAS, thanks=True),
        own(at(3, 15, 10), PRIYA, thanks=True),
    ],
    ids=["other mail", "thanks before the end", "thanks to a colleague"],
)
def test_nothing_but_thanks_to_that_person_after_the_end_fulfils_a_note(mail: object) -> None:
    case = hear(one_talk(PRIYA, TOMAS), mail)  # type: ignore[arg-type]
    assert TOMAS.addr_spec in thanks(case, at(3, 16))


@pytest.mark.parametrize("state", [one for one in DraftState if one not in {"planned", "held", "withdrawn"}])
def test_what_had_its_draft_never_gets_another(state: DraftState) -> None:
    case = one_talk()
    (note,) = drafts(case, at(2))
    assert thanks(case, at(3, 17), row(note, state, at(3, 16))) == []


# Moved, slept through, first run


def test_a_moved_interview_moves_its_planned_note() -> None:
    case = one_talk()
    (note,) = drafts(case, at(1))
    case = hear(case, letter(at(2), MOVES, meetings=(meeting(at(4, 9), TOMAS),)))
    actions = plan(case, journal=[row(note, DraftState.PLANNED, at(1))], policy=POLICY, now=at(2, 12))
    assert [(one.key, one.state) for one in actions if isinstance(one, SettleDraft)] == [
        (note.key, DraftState.WITHDRAWN)
    ]
    assert [one.key.scope for one in actions if isinstance(one, PlaceDraft)] == ["larkspur/2026-12-04"]


def test_a_note_settled_unplaced_is_planned_again_when_the_interview_comes_back_to_its_day() -> None:
    case = one_talk()
    (note,) = drafts(case, at(1))
    withdrawn = row(note, DraftState.WITHDRAWN, at(2), placed_at=None)
    assert [one.key for one in drafts(case, at(3), withdrawn)] == [note.key]


def test_a_note_for_an_interview_that_turns_out_missed_is_withdrawn() -> None:
    case = one_talk()
    (note,) = drafts(case, at(2))
    case = hear(case, letter(at(3, 17), MOVES, meetings=(meeting(at(4, 9), TOMAS),), moved_from=(TALK,)))
    actions = plan(case, journal=[row(note, DraftState.PLACED, at(3, 16))], policy=POLICY, now=at(3, 18))
    assert [one.key for one in actions if isinstance(one, WithdrawDraft)] == [note.key]


def test_a_worker_that_slept_places_the_note_at_once_even_past_its_deadline() -> None:
    (note, *_) = drafts(one_talk(), at(9))
    assert max(note.due, note.deadline) < at(9)


def test_an_interview_over_for_more_than_a_week_is_only_told() -> None:
    case = one_talk()
    (note, *_) = drafts(case, at(2))
    actions = plan(case, journal=[row(note, DraftState.PLANNED, at(2))], policy=POLICY, now=at(10, 16))
    assert [(one.key, one.state) for one in actions if isinstance(one, SettleDraft)] == [(note.key, DraftState.EXPIRED)]
    assert "late:larkspur/2026-12-03" in [one.id for one in actions if isinstance(one, Remind)]
    assert thanks(case, at(10, 16)) == []


@pytest.mark.parametrize(("began", "expected"), [(at(5, 14), [TOMAS.addr_spec]), (at(5, 16), [])])
def test_a_first_run_drafts_only_for_interviews_of_the_last_two_days(began: datetime, expected: list[str]) -> None:
    policy = replace(POLICY, began=began)
    assert thanks(one_talk(), at(5, 17), policy=policy) == expected
    assert (check(one_talk(), at(5, 17), policy=policy) is not None) == bool(expected)


def test_before_the_first_run_ended_now_is_when_it_began() -> None:
    assert thanks(one_talk(), at(8), policy=replace(POLICY, began=None)) == []


def test_the_owner_may_ask_for_a_note_that_is_late() -> None:
    case = hear(one_talk(), OwnerWord(OwnerVerb.ASK, at(20), "thank_you"))
    assert thanks(case, at(20)) == [TOMAS.addr_spec]


# Status checks: when


def test_a_status_check_is_due_a_week_after_the_interview_on_a_business_morning() -> None:
    found = check(one_talk(), at(4))
    assert found is not None
    assert (found.due, found.deadline) == (at(10, 9), at(15, 9))


def test_a_status_check_passes_over_weekends_and_holidays() -> None:
    friday = hear(None, invite(at(1), meeting(at(5, 14), TOMAS)))  # a Saturday talk: due Saturday the 12th
    found = check(friday, at(6), policy=replace(POLICY, holidays=frozenset({date(2026, 12, 14)})))
    assert found is not None
    assert found.due == at(15, 9)


def test_a_promised_date_rules_with_five_business_days_after_it() -> None:
    case = hear(one_talk(), letter(at(4), promised_by=date(2026, 12, 9)))
    found = check(case, at(5))
    assert found is not None
    assert found.due == at(16, 9)


def test_a_promise_for_a_day_before_the_last_interview_says_nothing() -> None:
    found = check(one_talk(promised_by=date(2026, 12, 2)), at(4))
    assert found is not None
    assert found.due == at(10, 9)


def test_a_mere_courtesy_keeps_the_earlier_promise_and_a_new_one_replaces_it() -> None:
    promised = hear(one_talk(), letter(at(4), promised_by=date(2026, 12, 9)))
    courtesy = check(hear(promised, letter(at(7))), at(8))
    renewed = check(hear(promised, letter(at(7), promised_by=date(2026, 12, 11))), at(8))
    assert courtesy is not None
    assert renewed is not None
    assert (courtesy.due, renewed.due) == (at(16, 9), at(18, 9))


def test_a_word_after_the_promised_day_counts_from_itself() -> None:
    case = hear(one_talk(), letter(at(4), promised_by=date(2026, 12, 9)), letter(at(14)))
    found = check(case, at(14, 12))
    assert found is not None
    assert found.due == at(21, 9)


def test_a_human_reply_resets_the_clock_and_an_automatic_one_does_not() -> None:
    human = check(hear(one_talk(), letter(at(8))), at(9))
    machine = check(hear(one_talk(), letter(at(8), automatic=True)), at(9))
    assert human is not None
    assert machine is not None
    assert (human.due, machine.due) == (at(15, 9), at(10, 9))


def test_an_out_of_office_delays_to_the_return_and_no_further() -> None:
    case = hear(one_talk(), letter(at(4), Kind.AUTO_REPLY, automatic=True, away_until=date(2026, 12, 12)))
    found = check(case, at(5))
    assert found is not None
    assert found.due == at(14, 9)


def test_mornings_keep_their_wall_time_when_the_clocks_change() -> None:
    case = hear(None, invite(at(19, month=10), meeting(at(21, 14, month=10), TOMAS)))
    found = check(case, at(22, month=10), policy=replace(POLICY, began=at(1, month=10)))
    assert found is not None
    assert (found.due.hour, found.due.date()) == (9, date(2026, 10, 28))


# Status checks: to whom


@pytest.mark.parametrize(
    ("sender", "expected"),
    [(MAYA, MAYA.addr_spec), (SYSTEM, TOMAS.addr_spec)],
    ids=["the recruiter", "else the interviewer met last"],
)
def test_a_status_check_goes_to(sender: Person, expected: str) -> None:
    case = one_talk(PRIYA, sender=sender, automatic=sender is SYSTEM, takes_no_reply=sender is SYSTEM)
    case = hear(
        case,
        invite(
            at(4), meeting(at(7), TOMAS), sender=sender, automatic=sender is SYSTEM, takes_no_reply=sender is SYSTEM
        ),
    )
    found = check(case, at(8))
    assert found is not None
    assert found.key.recipient == expected


def test_nobody_to_ask_is_told_to_the_owner() -> None:
    case = one_talk(INGRID, sender=SYSTEM, automatic=True, takes_no_reply=True)
    assert check(case, at(11)) is None
    assert "nobody:larkspur" in [word.id for word in words(case, at(11))]


def test_an_agencys_panel_is_never_asked_how_things_stand() -> None:
    assert check(one_talk(TOMAS, sender=SYSTEM, agency=True, takes_no_reply=True, automatic=True), at(11)) is None


# Status checks: how many


def first_check(case: Case) -> PlaceDraft:
    found = check(case, at(4))
    assert found is not None
    return found


def test_a_second_follows_a_sent_first_by_fourteen_days_and_there_is_no_third() -> None:
    case = one_talk()
    first = row(first_check(case), DraftState.SENT, at(10, 9, 30))
    second = check(case, at(11), first)
    assert second is not None
    assert (second.key.ordinal, second.due) == (2, at(25, 9))
    assert check(case, at(30), first, row(second, DraftState.SENT, at(25, 9))) is None


@pytest.mark.parametrize("state", [DraftState.PLACED, DraftState.EDITED, DraftState.DISCARDED, DraftState.EXPIRED])
def test_no_second_follows_a_first_that_the_owner_did_not_send(state: DraftState) -> None:
    case = one_talk()
    assert check(case, at(30), row(first_check(case), state, at(10, 9))) is None


def test_the_owners_own_enquiry_counts_as_one() -> None:
    case = hear(one_talk(), own(at(8), MAYA, enquiry=True))
    found = check(case, at(9))
    assert found is not None
    assert (found.key.ordinal, found.due) == (2, at(23, 9))
    assert check(hear(case, own(at(20), MAYA, enquiry=True)), at(21)) is None


def test_our_own_letter_as_sent_is_not_counted_twice() -> None:
    case = one_talk()
    first = first_check(case)
    sent = own(at(10, 10), MAYA, enquiry=True)
    case = advance(hear(case, sent), DraftSeen(first.key, DraftState.SENT, at(10, 11), sent.message_id))
    assert case.enquiries == ()
    assert (
        hear(advance(one_talk(), DraftSeen(first.key, DraftState.SENT, at(10, 11), sent.message_id)), sent).enquiries
        == ()
    )
    found = check(case, at(11), row(first, DraftState.SENT, at(10, 10)))
    assert found is not None
    assert found.key.ordinal == 2


def test_an_owners_enquiry_withdraws_the_one_in_drafts() -> None:
    case = one_talk()
    placed = row(first_check(case), DraftState.PLACED, at(10, 9))
    case = hear(case, own(at(10, 12), MAYA, enquiry=True))
    actions = plan(case, journal=[placed], policy=POLICY, now=at(10, 13))
    assert WithdrawDraft(placed.key, "you asked yourself") in actions


def test_a_third_only_if_asked_for() -> None:
    case = one_talk()
    first = row(first_check(case), DraftState.SENT, at(10, 9))
    found = check(case, at(11), first)
    assert found is not None
    second = row(found, DraftState.SENT, at(24, 9))
    asked = hear(case, OwnerWord(OwnerVerb.ASK, at(28), "status_check"))
    third = check(asked, at(28), first, second)
    assert third is not None
    assert (third.key.ordinal, third.due) == (3, datetime(2027, 1, 7, 9, tzinfo=LISBON))
    assert check(asked, at(30), first, second, row(third, DraftState.SENT, at(29))) is None


def test_a_status_check_asked_for_comes_at_once() -> None:
    case = hear(one_talk(), OwnerWord(OwnerVerb.ASK, at(5), "status_check"))
    found = check(case, at(5))
    assert found is not None
    assert found.due == at(5)


def test_a_check_asked_for_after_one_thrown_away_has_a_key_of_its_own() -> None:
    case = one_talk()
    gone = row(first_check(case), DraftState.DISCARDED, at(10, 9))
    found = check(hear(case, OwnerWord(OwnerVerb.ASK, at(12), "status_check")), at(12), gone)
    assert found is not None
    assert found.key.ordinal == 2


# Status checks: none while


def test_none_while_an_interview_of_that_case_lies_ahead() -> None:
    case = hear(one_talk(), invite(at(4), meeting(at(20), PRIYA, title="Final")))
    assert check(case, at(11)) is None
    assert check(case, at(21)) is not None


def test_none_while_the_employer_waits_for_the_owner_who_is_reminded() -> None:
    case = hear(one_talk(), letter(at(4), asks_owner=True))
    assert check(case, at(12)) is None
    assert [(word.id, word.due) for word in words(case, at(12)) if word.id.startswith("awaited")] == [
        ("awaited:larkspur:2026-12-04", at(8, 9))
    ]
    answered = check(hear(case, own(at(7), MAYA)), at(12))
    assert answered is not None
    assert answered.due == at(14, 9)


def test_thanking_somebody_else_is_no_answer_to_what_was_asked() -> None:
    case = hear(one_talk(), letter(at(4), asks_owner=True), own(at(4, 12), TOMAS, thanks=True))
    assert check(case, at(12)) is None


def test_none_before_any_interview_was_held() -> None:
    assert check(one_talk(), at(2)) is None


def test_an_answer_takes_back_the_untouched_check_in_drafts_and_a_new_one_follows_later() -> None:
    case = one_talk()
    placed = row(first_check(case), DraftState.PLACED, at(10, 9))
    case = hear(case, letter(at(10, 12)))
    assert WithdrawDraft(placed.key, "they answered") in plan(case, journal=[placed], policy=POLICY, now=at(10, 13))
    again = check(case, at(10, 14), replace(placed, state=DraftState.WITHDRAWN))
    assert again is not None
    assert (again.key.ordinal, again.due) == (1, at(17, 9))


def test_a_check_more_than_a_week_past_its_deadline_is_only_told() -> None:
    case = one_talk()
    assert check(case, at(22, 8)) is not None
    assert check(case, at(23)) is None
    assert any(word.id.startswith("late:status_check") for word in words(case, at(23)))


# What ends it


@pytest.mark.parametrize(
    "end",
    [
        letter(at(4), Kind.OFFER),
        letter(at(4), Kind.REJECTION),
        letter(at(4), hiring_stop=True),
        own(at(4), MAYA, withdraws=True),
        OwnerWord(OwnerVerb.OUTCOME, at(4), "rejected"),
        OwnerWord(OwnerVerb.OUTCOME, at(4), "accepted"),
        OwnerWord(OwnerVerb.DISMISS, at(4)),
    ],
    ids=["offer", "rejection", "hiring stop", "withdrawal", "outcome", "accepted", "dismissed"],
)
def test_an_end_takes_back_everything_still_open(end: object) -> None:
    case = one_talk()
    (note,) = drafts(case, at(2))
    rows = (row(note, DraftState.PLACED, at(3, 16)), row(first_check(case), DraftState.PLANNED, at(4)))
    case = hear(case, end)  # type: ignore[arg-type]
    actions = plan(case, journal=rows, policy=POLICY, now=at(4, 12))
    assert [one.key for one in actions if isinstance(one, WithdrawDraft)] == [note.key]
    assert [one.key for one in actions if isinstance(one, SettleDraft)] == [rows[1].key]
    assert {one.key.purpose for one in actions if isinstance(one, PlaceDraft)} <= {Purpose.REJECTION_REPLY}


def test_a_sent_thank_you_does_not_end_it() -> None:
    case = one_talk()
    (note,) = drafts(case, at(2))
    assert check(case, at(5), row(note, DraftState.SENT, at(3, 16))) is not None


def test_what_the_owner_edited_is_never_taken_back() -> None:
    case = one_talk()
    (note,) = drafts(case, at(2))
    edited = row(note, DraftState.EDITED, at(3, 16))
    actions = plan(hear(case, letter(at(4), Kind.OFFER)), journal=[edited], policy=POLICY, now=at(4, 12))
    assert actions == ()


# Rejection reply


def reply(case: Case, now: datetime, policy: Policy = POLICY) -> PlaceDraft | None:
    found = for_purpose(Purpose.REJECTION_REPLY, case, now, policy=policy)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("rejected", "due"),
    [(at(5, 8), at(5, 9)), (at(5, 9), at(6, 9)), (at(5, 17), at(6, 9))],
    ids=["early", "at nine", "late"],
)
def test_a_rejection_is_answered_the_next_morning_in_its_thread(rejected: datetime, due: datetime) -> None:
    rejection = letter(rejected, Kind.REJECTION)
    found = reply(hear(one_talk(), rejection), rejected)
    assert found is not None
    assert (found.due, found.recipient.addr_spec) == (due, MAYA.addr_spec)
    assert found.deadline >= found.due
    assert found.reply_to is not None
    assert found.reply_to.message_id == rejection.message_id


def test_a_rejection_without_an_interview_is_not_answered() -> None:
    assert reply(hear(one_talk(), letter(at(2), Kind.REJECTION)), at(4)) is None


def test_a_rejection_from_an_address_that_takes_no_replies_is_answered_to_who_wrote_last() -> None:
    case = hear(
        one_talk(),
        letter(at(4), sender=PRIYA),
        letter(at(7), Kind.REJECTION, sender=SYSTEM, takes_no_reply=True, automatic=True),
    )
    found = reply(case, at(7, 12))
    assert found is not None
    assert found.recipient.addr_spec == PRIYA.addr_spec


def test_a_rejection_the_owner_answered_is_not_answered_again() -> None:
    case = hear(one_talk(), letter(at(7), Kind.REJECTION))
    planned = reply(case, at(7, 12))
    assert planned is not None
    case = hear(case, own(at(7, 13), MAYA))
    actions = plan(case, journal=[row(planned, DraftState.PLANNED, at(7, 12))], policy=POLICY, now=at(7, 14))
    assert actions == (SettleDraft(planned.key, DraftState.SENT, "you answered yourself"),)


def test_an_old_rejection_is_told_or_left_alone() -> None:
    case = hear(one_talk(), letter(at(7), Kind.REJECTION))
    assert reply(case, at(16)) is None
    assert [word.id.split(":")[:2] for word in words(case, at(16))] == [["late", "rejection_reply"]]
    assert reply(case, at(10), replace(POLICY, began=at(10))) is None


def test_an_answer_to_a_rejection_that_is_placed_stays() -> None:
    case = hear(one_talk(), letter(at(7), Kind.REJECTION))
    planned = reply(case, at(7, 12))
    assert planned is not None
    assert plan(case, journal=[row(planned, DraftState.PLACED, at(8, 9))], policy=POLICY, now=at(16)) == ()


# Caps, off, never_write


def test_ten_drafts_a_day_the_most_pressing_first() -> None:
    panel = [Person(f"Guest Number{n}", f"guest{n}@larkspur.example") for n in range(8)]
    notes = drafts(one_talk(*panel), at(3, 17))
    late = [replace(note, deadline=note.deadline + timedelta(hours=index)) for index, note in enumerate(notes)]
    now = at(3, 17)
    chosen = within_cap([*reversed(late), replace(late[0], due=at(9))], journal_today=7, policy=POLICY, now=now)
    assert list(chosen) == late[:3]
    assert within_cap(late, journal_today=11, policy=POLICY, now=now) == ()
    held = [replace(late[0], held=(Doubt("who", "unsure", holds=True),))]
    assert within_cap(held, journal_today=0, policy=POLICY, now=now) == ()


def test_a_day_of_the_cap_is_the_owners_day() -> None:
    (note,) = drafts(one_talk(), at(2))
    rows = [
        row(note, DraftState.PLACED, at(3, 23, 30)),
        row(note, DraftState.SENT, at(4, 0, 30)),
        row(note, DraftState.PLANNED, at(4)),
    ]
    assert placed_today(rows, policy=POLICY, now=at(4, 12)) == 1


@pytest.mark.parametrize("purpose", [Purpose.THANK_YOU, Purpose.STATUS_CHECK])
def test_a_purpose_switched_off_is_not_drafted_and_what_lies_in_drafts_is_left(purpose: Purpose) -> None:
    policy = replace(POLICY, off=frozenset({purpose}))
    case = one_talk()
    (place,) = for_purpose(purpose, case, at(4))
    assert for_purpose(purpose, case, at(4), policy=policy) == []
    planned = plan(case, journal=[row(place, DraftState.PLANNED, at(4))], policy=policy, now=at(4))
    assert [one.state for one in planned if isinstance(one, SettleDraft)] == [DraftState.WITHDRAWN]
    kept = plan(case, journal=[row(place, DraftState.PLACED, at(4))], policy=policy, now=at(4))
    assert [one for one in kept if isinstance(one, WithdrawDraft)] == []


def test_a_rejection_reply_switched_off_is_not_drafted() -> None:
    case = hear(one_talk(), letter(at(7), Kind.REJECTION))
    assert reply(case, at(7, 12), replace(POLICY, off=frozenset({Purpose.REJECTION_REPLY}))) is None


@pytest.mark.parametrize("word", ["TOMAS@larkspur.example", "larkspur.example", "@example", "example"])
def test_nothing_goes_to_whom_the_owner_never_writes(word: str) -> None:
    policy = replace(POLICY, never_write=frozenset({word}))
    assert TOMAS.addr_spec not in thanks(one_talk(), at(4), policy=policy)


def test_a_domain_that_only_ends_alike_may_be_written_to() -> None:
    assert thanks(one_talk(), at(4), policy=replace(POLICY, never_write=frozenset({"spur.example"}))) == [
        TOMAS.addr_spec
    ]


# Doubts


def test_a_holding_doubt_holds_the_note_and_asks_as_soon_as_known() -> None:
    case = one_talk(doubts=(Doubt("who", "Tomás is only copied", holds=True), Doubt("zone", "no zone stated")))
    (note,) = drafts(case, at(2))
    assert [doubt.kind for doubt in note.held] == ["who"]
    (question,) = words(case, at(2))
    assert isinstance(question, AskOwner)
    assert (question.id, question.due) == ("who:larkspur/2026-12-03", at(1))
    assert drafts(hear(case, OwnerWord(OwnerVerb.CONFIRM, at(2))), at(2))[0].held == ()


def test_a_doubt_learnt_late_is_asked_at_the_latest_six_hours_after_the_end() -> None:
    case = hear(None, invite(at(5), meeting(TALK, TOMAS), doubts=(Doubt("who", "unsure", holds=True),)))
    assert [word.due for word in words(case, at(5))] == [at(3, 21)]


@pytest.mark.parametrize(
    ("autonomy", "kinds"), [("sure", ["who", "fraud"]), ("ask", ["who", "fraud", "ask"]), ("always", ["fraud"])]
)
def test_autonomy_decides_what_holds_and_fraud_always_does(autonomy: str, kinds: list[str]) -> None:
    case = one_talk(suspicious=True, doubts=(Doubt("who", "unsure", holds=True),))
    (note,) = drafts(case, at(2), policy=replace(POLICY, autonomy=autonomy))
    assert [doubt.kind for doubt in note.held] == kinds


def test_a_language_without_letters_holds_and_no_word_of_the_owner_turns_it_into_english() -> None:
    policy = replace(POLICY, languages={"thank_you": frozenset({"en", "de"})})
    case = hear(one_talk(language="ja"), OwnerWord(OwnerVerb.CONFIRM, at(2)))
    (note,) = drafts(case, at(2), policy=policy)
    assert ([doubt.kind for doubt in note.held], note.language) == (["language"], "ja")
    assert [word.due for word in words(case, at(2), policy=policy)] == [at(3, 16)]


def test_a_held_status_check_asks() -> None:
    case = one_talk(suspicious=True)
    found = check(case, at(5))
    assert found is not None
    assert [doubt.kind for doubt in found.held] == ["fraud"]
    assert f"fraud:{found.key}" in [word.id for word in words(case, at(5))]


def test_a_new_holding_doubt_after_the_owners_word_holds_again() -> None:
    case = hear(one_talk(), OwnerWord(OwnerVerb.CONFIRM, at(1, 12)))
    case = hear(case, letter(at(2), suspicious=True, doubts=(Doubt("fraud", "asks for bank details", holds=True),)))
    assert [doubt.kind for doubt in drafts(case, at(2, 12))[0].held] == ["fraud"]


# Threads, unsent drafts, requests


def test_a_note_answers_the_newest_message_in_which_its_recipient_took_part() -> None:
    early, late = letter(at(2), sender=TOMAS), letter(at(2, 12), sender=TOMAS)
    (note,) = drafts(hear(one_talk(), early, late), at(3))
    assert note.reply_to is not None
    assert note.reply_to.message_id == late.message_id


def test_a_note_to_somebody_copied_joins_that_thread() -> None:
    copied = letter(at(2), recipients=(Address("ana@home.example"), Address(TOMAS.addr_spec or "")))
    (note,) = drafts(hear(one_talk(), copied), at(3))
    assert note.reply_to is not None
    assert note.reply_to.message_id == copied.message_id


def test_a_draft_unsent_for_three_weeks_is_left_where_it_is_and_told_once() -> None:
    case = one_talk()
    (note,) = drafts(case, at(2))
    for state in (DraftState.PLACED, DraftState.EDITED):
        actions = plan(case, journal=[row(note, state, at(3, 16))], policy=POLICY, now=at(25))
        assert [(one.key, one.state) for one in actions if isinstance(one, SettleDraft)] == [
            (note.key, DraftState.EXPIRED)
        ]
        assert f"unsent:{note.key}" in [one.id for one in actions if isinstance(one, Remind)]
        assert not [one for one in actions if isinstance(one, WithdrawDraft)]


def test_a_letter_asked_for_is_drafted_at_once_and_once_each_time() -> None:
    case = hear(one_talk(), letter(at(7), Kind.REJECTION), OwnerWord(OwnerVerb.ASK, at(9), "feedback_request"))
    (place,) = for_purpose(Purpose.FEEDBACK_REQUEST, case, at(9))
    assert (place.key, place.due) == (DraftKey(Purpose.FEEDBACK_REQUEST, "larkspur", MAYA.addr_spec or ""), at(9))
    done = row(place, DraftState.PLACED, at(9))
    assert for_purpose(Purpose.FEEDBACK_REQUEST, case, at(10), done) == []
    again = hear(case, OwnerWord(OwnerVerb.ASK, at(11), "feedback_request"))
    assert [one.key.ordinal for one in for_purpose(Purpose.FEEDBACK_REQUEST, again, at(11), done)] == [2]
    assert not [one for one in plan(again, journal=[done], policy=POLICY, now=at(11)) if isinstance(one, WithdrawDraft)]


def test_what_is_said_names_company_and_position() -> None:
    case = hear(None, invite(at(1), meeting(TALK)))
    (text,) = [word.question for word in words(case, at(4)) if isinstance(word, AskOwner)]
    assert text.startswith("Who did you talk to on Thursday, 3 December (Backend Engineer at Larkspur Health)?")


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"position": None}, "Larkspur Health"),
        ({"company": None}, "Backend Engineer"),
        ({"company": None, "position": None}, "the process with Maya Okafor"),
        ({"company": None, "position": None, "sender": None}, "an employer not known by name"),
    ],
)
def test_a_case_is_called_by_what_is_known_of_it(known: dict[str, object], expected: str) -> None:
    case = hear(None, invite(at(1), meeting(TALK), **known))
    assert f"({expected})" in next(word.question for word in words(case, at(4)) if isinstance(word, AskOwner))


def test_who_was_there_is_not_asked_for_ever_nor_of_one_who_has_thanked() -> None:
    case = hear(None, invite(at(1), meeting(TALK)))
    assert not [word for word in words(case, at(20)) if word.id.startswith("who")]
    thanked = hear(case, own(at(3, 16), MAYA, thanks=True))
    assert not [word for word in words(thanked, at(4)) if word.id.startswith("who")]


def test_the_owner_among_the_interviewers_is_nobody_to_thank() -> None:
    both = replace(one_talk(TOMAS), owner_address=TOMAS.addr_spec or "")
    assert thanks(both, at(2)) == []


def test_a_recruiter_who_has_a_letter_gets_no_second_one_to_pass_on_thanks() -> None:
    early = one_talk(MAYA)
    (note,) = drafts(early, at(2))
    later = hear(early, letter(at(3, 18), Kind.INTERVIEW_CONFIRMATION, meetings=(meeting(TALK, INGRID),)))
    done = row(note, DraftState.SENT, at(3, 17))
    assert thanks(later, at(3, 19), done) == []
    assert "unreachable:larkspur/2026-12-03" in [word.id for word in words(later, at(3, 19), done)]


def test_a_recruiter_who_was_asked_to_pass_on_thanks_gets_no_second_letter() -> None:
    with_ingrid, alone = one_talk(MAYA, INGRID), one_talk(MAYA)
    (relay,) = drafts(with_ingrid, at(2))
    placed = row(relay, DraftState.PLACED, at(3, 16))
    assert (
        plan(alone, journal=[placed], policy=replace(POLICY, off=frozenset({Purpose.STATUS_CHECK})), now=at(3, 17))
        == ()
    )


def test_a_rejection_by_nobody_known_is_answered_to_its_sender() -> None:
    stranger = Person("", "hr@larkspur.example")
    case = hear(one_talk(sender=SYSTEM, automatic=True), letter(at(7), Kind.REJECTION, sender=stranger, recruiter=None))
    found = reply(replace(case, people=(TOMAS,)), at(7, 12))
    assert found is not None
    assert found.recipient.addr_spec == stranger.addr_spec


def test_a_rejection_goes_past_those_never_written_to() -> None:
    case = hear(one_talk(), letter(at(4), sender=PRIYA), letter(at(7), Kind.REJECTION))
    found = reply(case, at(7, 12), replace(POLICY, never_write=frozenset({MAYA.addr_spec or ""})))
    assert found is not None
    assert found.recipient.addr_spec == PRIYA.addr_spec


def test_a_rejection_that_nobody_can_be_answered_stays_unanswered() -> None:
    case = one_talk(INGRID, sender=SYSTEM, takes_no_reply=True, automatic=True)
    case = hear(case, letter(at(7), Kind.REJECTION, sender=SYSTEM, takes_no_reply=True, automatic=True))
    assert reply(case, at(7, 12)) is None


def test_a_check_asked_for_before_any_interview_has_nobody_and_no_day_to_name() -> None:
    case = hear(None, letter(at(1), Kind.AVAILABILITY_REQUEST, sender=SYSTEM, takes_no_reply=True), own(at(2), TOMAS))
    case = replace(hear(case, OwnerWord(OwnerVerb.ASK, at(5), "status_check")), asked_owner=None)
    assert plan(case, journal=(), policy=POLICY, now=at(5)) == ()


def test_a_role_decides_nothing_about_being_thanked() -> None:
    lead = Person("Lena Brandt", "lena@larkspur.example", Role.COORDINATOR)
    assert thanks(one_talk(lead), at(4)) == [lead.addr_spec]


def test_who_cannot_be_reached_is_not_told_of_interviews_before_the_first_run() -> None:
    case = one_talk(INGRID, sender=SYSTEM, takes_no_reply=True, automatic=True)
    assert words(case, at(8), policy=replace(POLICY, began=at(8))) == []


def test_a_machines_mail_in_a_persons_name_is_answered_only_where_there_is_no_other() -> None:
    invitation = letter(at(2), Kind.OTHER, sender=TOMAS, automatic=True)
    copied = letter(at(2, 11), automatic=True, recipients=(Address("ana@home.example"), Address(TOMAS.addr_spec or "")))
    away = letter(at(2, 12), Kind.AUTO_REPLY, sender=TOMAS, automatic=True)
    (note,) = drafts(hear(one_talk(), invitation, copied, away), at(3))
    assert note.reply_to is not None
    assert note.reply_to.message_id == invitation.message_id
    (fresh,) = drafts(one_talk(), at(2))
    assert fresh.reply_to is None
