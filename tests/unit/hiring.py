"""One hiring process to tell tests with: its people, its messages, and a bench that plays them to a case."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from followup_mail.core.case import (
    Ambiguous,
    Case,
    DraftKey,
    DraftState,
    OwnerWord,
    Purpose,
    advance,
    find_case,
    opens_case,
)
from followup_mail.core.facts import Facts, Kind, Meeting
from followup_mail.core.message import MessageKey
from followup_mail.core.plan import (
    Action,
    AskOwner,
    JournalEntry,
    PlaceDraft,
    Policy,
    Remind,
    SettleDraft,
    WithdrawDraft,
    plan,
)
from followup_mail.core.who import Address, Person, Role

LISBON = ZoneInfo("Europe/Lisbon")
OWNER = "ana@home.example"
MAYA = Person("Maya Okafor", "maya@larkspur.example", Role.RECRUITER)
PRIYA = Person("Priya Raman", "priya@larkspur.example", Role.HIRING_MANAGER)
TOMAS = Person("Tomás Rivera", "tomas@larkspur.example")
INGRID = Person("Ingrid Solberg", None)
SYSTEM = Person("Larkspur Health", "no-reply@greenhouse.io", Role.SYSTEM)
AGENT = Person("Rolf Kern", "rolf@kern-search.example", Role.AGENCY)
CONFIRMS, MOVES, CANCELS = Kind.INTERVIEW_CONFIRMATION, Kind.INTERVIEW_RESCHEDULE, Kind.INTERVIEW_CANCELLATION


def at(day: int, hour: int = 10, minute: int = 0, *, month: int = 12) -> datetime:
    """A moment of December 2026 in Lisbon (UTC+0); the 1st is a Tuesday."""
    return datetime(2026, month, day, hour, minute, tzinfo=LISBON)


POLICY = Policy(zone="Europe/Lisbon", began=at(1, 0, month=11))


def meeting(start: datetime, *people: Person, minutes: int | None = 60, **more: object) -> Meeting:
    end = start + timedelta(minutes=minutes) if minutes else None
    return Meeting(start, end, zone="Europe/Lisbon", people=people, **more)  # type: ignore[arg-type]


_uids = iter(range(1, 10**9))


def letter(sent: datetime, kind: Kind = Kind.OTHER, *, sender: Person | None = MAYA, **more: object) -> Facts:
    """A message from Larkspur Health to the owner, as its facts."""
    uid = next(_uids)
    facts = Facts(
        key=MessageKey("INBOX", 1, uid),
        message_id=f"<{uid}@larkspur.example>",
        references=(),
        sent_at=sent,
        subject="Backend Engineer",
        kind=kind,
        sender=sender,
        recipients=(Address(OWNER),),
        owner_address=OWNER,
        recruiter=sender if sender and sender.role in {Role.RECRUITER, Role.AGENCY} else None,
        company="Larkspur Health",
        position="Backend Engineer",
    )
    return replace(facts, **more)  # type: ignore[arg-type]


def invite(sent: datetime, *meetings: Meeting, **more: object) -> Facts:
    return letter(sent, CONFIRMS, meetings=meetings, **more)


def own(sent: datetime, *to: Person, **more: object) -> Facts:
    """A message of the owner's."""
    uid = next(_uids)
    facts = Facts(
        key=MessageKey("Sent", 1, uid),
        message_id=f"<{uid}@home.example>",
        references=(),
        sent_at=sent,
        subject="Re: Backend Engineer",
        kind=Kind.OTHER,
        sender=Person("Ana Lima", OWNER),
        recipients=tuple(Address(person.addr_spec or "") for person in to),
        from_owner=True,
        owner_address=OWNER,
    )
    return replace(facts, **more)  # type: ignore[arg-type]


def hear(case: Case | None, *events: Facts | OwnerWord, name: str = "larkspur") -> Case:
    """The case after the events, in the order given."""
    for event in events:
        case = advance(case, event, id=name, account="home", owner_address=OWNER, zone="Europe/Lisbon")
    assert case is not None
    return case


def row(place: PlaceDraft, state: DraftState, when: datetime, **more: object) -> JournalEntry:
    """A draft's row in the journal."""
    was_placed = state not in {DraftState.PLANNED, DraftState.HELD}
    entry = JournalEntry(
        key=place.key,
        case_id=place.case_id,
        account=place.account,
        state=state,
        recipients=(place.recipient,),
        due=place.due,
        deadline=place.deadline,
        placed_at=when if was_placed else None,
        sent_at=when if state is DraftState.SENT else None,
    )
    return replace(entry, **more)  # type: ignore[arg-type]


@dataclass
class Bench:
    """Cases and their journal, played forward as the worker would."""

    policy: Policy = POLICY
    cases: dict[str, Case] = field(default_factory=dict)
    journal: dict[DraftKey, JournalEntry] = field(default_factory=dict)

    def file(self, facts: Facts) -> Case | None:
        match = find_case(facts, tuple(self.cases.values()))
        if isinstance(match, Ambiguous) or (match is None and not opens_case(facts)):
            return None
        name = match.id if match else f"case-{len(self.cases) + 1}"
        self.cases[name] = hear(match, facts, name=name)
        return self.cases[name]

    def actions(self, now: datetime) -> list[Action]:
        return [
            action
            for case in self.cases.values()
            for action in plan(
                case,
                journal=[one for one in self.journal.values() if one.case_id == case.id],
                policy=self.policy,
                now=now,
            )
        ]

    def run(self, now: datetime) -> list[PlaceDraft]:
        """Act on what is planned, and answer what was placed."""
        placed = []
        for action in self.actions(now):
            match action:
                case PlaceDraft():
                    due = action.due <= now and not action.held
                    state = DraftState.PLACED if due else DraftState.HELD if action.held else DraftState.PLANNED
                    self.journal[action.key] = row(action, state, now)
                    placed += [action] if due else []
                case SettleDraft():
                    self.journal[action.key] = replace(self.journal[action.key], state=action.state)
                case WithdrawDraft():
                    self.journal[action.key] = replace(self.journal[action.key], state=DraftState.WITHDRAWN)
                case _:
                    pass
        return placed


def drafts(case: Case, now: datetime, *rows: JournalEntry, policy: Policy = POLICY) -> list[PlaceDraft]:
    """The drafts planned for a case."""
    return [one for one in plan(case, journal=rows, policy=policy, now=now) if isinstance(one, PlaceDraft)]


def for_purpose(
    purpose: Purpose, case: Case, now: datetime, *rows: JournalEntry, policy: Policy = POLICY
) -> list[PlaceDraft]:
    return [one for one in drafts(case, now, *rows, policy=policy) if one.key.purpose is purpose]


def thanks(case: Case, now: datetime, *rows: JournalEntry, policy: Policy = POLICY) -> list[str]:
    """Whom the planned thank-yous go to, as in their keys."""
    return [one.key.recipient for one in for_purpose(Purpose.THANK_YOU, case, now, *rows, policy=policy)]


def check(case: Case, now: datetime, *rows: JournalEntry, policy: Policy = POLICY) -> PlaceDraft | None:
    """The one status check planned."""
    found = for_purpose(Purpose.STATUS_CHECK, case, now, *rows, policy=policy)
    assert len(found) <= 1
    return found[0] if found else None


def words(case: Case, now: datetime, *rows: JournalEntry, policy: Policy = POLICY) -> list[AskOwner | Remind]:
    """What the owner is told and asked."""
    actions = plan(case, journal=rows, policy=policy, now=now)
    return [one for one in actions if isinstance(one, AskOwner | Remind)]


def utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
