"""What holds for every job search, however its messages fall."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from followup_mail.core.case import ENDED, Case, DraftState, OwnerVerb, OwnerWord, Purpose
from followup_mail.core.facts import Doubt, Facts, Kind
from followup_mail.core.plan import PlaceDraft, Policy, add_business_days, business_morning, plan
from followup_mail.core.who import Person
from tests.unit.hiring import (
    CANCELS,
    INGRID,
    MAYA,
    MOVES,
    POLICY,
    PRIYA,
    SYSTEM,
    TOMAS,
    Bench,
    at,
    hear,
    invite,
    letter,
    meeting,
    own,
    row,
)

PEOPLE = (TOMAS, PRIYA, INGRID, MAYA, Person("Luis Ortega", "luis@larkspur.example"), Person("Meera Iyer", None))
HOURS = st.integers(1, 40 * 24)
GUESTS = st.lists(st.sampled_from(PEOPLE), max_size=4, unique=True).map(tuple)
KINDS = st.sampled_from(
    ["invite", "move", "cancel", "word", "asks", "away", "thanks", "enquiry", "answer", "rejection", "offer"]
)


def moment(hours: int) -> datetime:
    return at(1, 0) + timedelta(hours=hours)


def message(kind: str, sent: int, start: int, guests: tuple[Person, ...], uid: int | None) -> Facts:
    when = moment(sent)
    talk = meeting(moment(start), *guests, ical_uid=f"u{uid}" if uid else None, sequence=sent)
    return {
        "invite": lambda: invite(when, talk),
        "move": lambda: letter(when, MOVES, meetings=(talk,)),
        "cancel": lambda: letter(when, CANCELS, meetings=(talk,) if uid else ()),
        "word": lambda: letter(when),
        "asks": lambda: letter(when, asks_owner=True),
        "away": lambda: letter(when, Kind.AUTO_REPLY, automatic=True, away_until=moment(start).date()),
        "thanks": lambda: own(when, *(one for one in guests if one.addr_spec), thanks=True),
        "enquiry": lambda: own(when, MAYA, enquiry=True),
        "answer": lambda: own(when, MAYA),
        "rejection": lambda: letter(when, Kind.REJECTION),
        "offer": lambda: letter(when, Kind.OFFER),
    }[kind]()


MESSAGES = st.builds(message, KINDS, HOURS, HOURS, GUESTS, st.none() | st.integers(1, 3))
INVITES = st.builds(message, st.just("invite"), HOURS, HOURS, GUESTS, st.none() | st.integers(1, 3))
CASES = st.builds(lambda first, rest: hear(None, first, *rest), INVITES, st.lists(MESSAGES, max_size=8))


def addresses(case: Case) -> set[str]:
    known = [*case.people, *(person for one in case.interviews for person in one.people)]
    wrote = [one.sender for one in case.correspondence if one.sender and not one.from_owner]
    return {person.addr_spec for person in known if person.addr_spec} | set(wrote)


@given(CASES, HOURS)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_drafts_go_only_to_people_of_the_case_with_due_before_deadline(case: Case, hours: int) -> None:
    for action in plan(case, journal=(), policy=POLICY, now=moment(hours)):
        if isinstance(action, PlaceDraft):
            assert action.recipient.addr_spec in addresses(case)
            assert action.recipient.addr_spec != case.owner_address
            assert action.due <= action.deadline or action.key.purpose is Purpose.THANK_YOU


@given(CASES, HOURS)
@settings(deadline=None)
def test_the_same_plan_comes_of_the_same_values_and_nothing_of_a_plan_carried_out(case: Case, hours: int) -> None:
    now = moment(hours)
    actions = plan(case, journal=(), policy=POLICY, now=now)
    assert actions == plan(case, journal=(), policy=POLICY, now=now)
    placed = [row(one, DraftState.PLACED, now) for one in actions if isinstance(one, PlaceDraft)]
    again = plan(case, journal=placed, policy=POLICY, now=now)
    assert [one for one in again if isinstance(one, PlaceDraft)] == []


@given(CASES, HOURS)
@settings(deadline=None)
def test_each_interviewer_of_a_held_interview_has_one_letter_or_was_thanked(case: Case, hours: int) -> None:
    now = moment(hours)
    if case.state in ENDED:
        return
    policy = replace(POLICY, slept_through=timedelta(days=400))
    places = [
        one
        for one in plan(case, journal=(), policy=policy, now=now)
        if isinstance(one, PlaceDraft) and one.key.purpose is Purpose.THANK_YOU
    ]
    assert len({one.key for one in places}) == len(places)
    for interview in case.interviews:
        scope = f"{case.id}/{interview.start.astimezone(at(1).tzinfo).date()}"
        for person in interview.people if not interview.cancelled else ():
            if person.addr_spec is None:
                continue
            own_notes = [
                one for one in places if one.key.scope == scope and one.recipient.addr_spec == person.addr_spec
            ]
            thanked = any(who == person.addr_spec and when > interview.start for who, when in case.thanked)
            assert len(own_notes) == 1 or (thanked and not own_notes)


@given(INVITES, st.lists(MESSAGES, max_size=8), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_reading_a_message_twice_changes_nothing(first: Facts, rest: list[Facts], chance: Random) -> None:
    case = hear(None, first, *rest)
    assert hear(case, chance.choice([first, *rest])) == case


@given(
    st.lists(st.tuples(HOURS, HOURS), min_size=2, max_size=4, unique_by=lambda pair: pair[0]), st.permutations(range(4))
)
@settings(deadline=None)
def test_calendar_updates_may_come_in_any_order(updates: list[tuple[int, int]], order: list[int]) -> None:
    letters = [
        invite(moment(sent), meeting(moment(start), TOMAS, ical_uid="u1", sequence=nth))
        for nth, (sent, start) in enumerate(sorted(updates))
    ]
    shuffled = [letters[index] for index in order if index < len(letters)]
    in_order, mixed = hear(None, *letters), hear(None, *shuffled)
    assert [one.start for one in mixed.interviews] == [one.start for one in in_order.interviews]


@given(st.dates(min_value=at(1).date()), st.integers(1, 15))
def test_business_days_are_counted_without_weekends(day: date, count: int) -> None:
    day = day.replace(year=2000 + day.year % 100)
    found = add_business_days(day, count, frozenset())
    between = [day + timedelta(days=n) for n in range(1, (found - day).days + 1)]
    assert sum(one.weekday() < 5 for one in between) == count
    assert business_morning(day, POLICY).weekday() < 5


class JobSearch(RuleBasedStateMachine):
    """A whole search: messages fall, hours pass, the worker acts, the owner sends, edits and throws away."""

    @initialize()
    def begin(self) -> None:
        self.bench = Bench(policy=replace(POLICY, began=at(1, 0)))
        self.now = at(1, 0)

    @rule(kind=KINDS, ahead=st.integers(1, 200), guests=GUESTS, uid=st.none() | st.integers(1, 3))
    def mail(self, kind: str, ahead: int, guests: tuple[Person, ...], uid: int | None) -> None:
        hours = int((self.now - at(1, 0)) / timedelta(hours=1))
        self.bench.file(message(kind, hours, hours + ahead, guests, uid))

    @rule(hours=st.sampled_from([1, 3, 24, 100, 400]))
    def sleep(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(state=st.sampled_from([DraftState.SENT, DraftState.EDITED, DraftState.DISCARDED]), index=st.integers(0, 50))
    def owner_acts(self, state: DraftState, index: int) -> None:
        lying = [entry for entry in self.bench.journal.values() if entry.state is DraftState.PLACED]
        if lying:
            entry = lying[index % len(lying)]
            sent = self.now if state is DraftState.SENT else None
            self.bench.journal[entry.key] = replace(entry, state=state, sent_at=sent)

    @invariant()
    def status_checks_are_few_and_far_between(self) -> None:
        for case in self.bench.cases.values():
            sent = sorted(
                entry.sent_at
                for entry in self.bench.journal.values()
                if entry.case_id == case.id and entry.key.purpose is Purpose.STATUS_CHECK and entry.sent_at
            )
            assert len(sent) <= 2
            assert all(later - earlier >= timedelta(days=14) for earlier, later in pairwise(sent))

    @invariant()
    def the_worker_places_nothing_twice_and_nothing_that_is_over(self) -> None:
        before = {key: entry.state for key, entry in self.bench.journal.items()}
        for place in self.bench.run(self.now):
            assert before.get(place.key) in {None, DraftState.PLANNED, DraftState.HELD, DraftState.WITHDRAWN}
            assert place.due <= self.now
            case = self.bench.cases[place.case_id]
            assert case.state not in ENDED or place.key.purpose is Purpose.REJECTION_REPLY
        assert self.bench.run(self.now) == []
        for entry in self.bench.journal.values():
            if self.bench.cases[entry.case_id].state in ENDED and entry.state is DraftState.PLACED:
                assert entry.key.purpose is Purpose.REJECTION_REPLY


TestJobSearch = JobSearch.TestCase
TestJobSearch.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


def test_owner_words_and_doubts_keep_the_plan_total() -> None:
    case = hear(
        None, invite(at(1), meeting(at(3), TOMAS), sender=SYSTEM, doubts=(Doubt("agency", "unclear", holds=True),))
    )
    for value in ("offer", "no-show"):
        ended = hear(case, OwnerWord(OwnerVerb.OUTCOME, at(4), value))
        assert plan(ended, journal=(), policy=Policy(), now=at(5)) == ()
