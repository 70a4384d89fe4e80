"""What every part of planning looks at, and what it answers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from followup_mail.core.case import Case, Correspondence, DraftKey, DraftState, Interview, Purpose
from followup_mail.core.case.meetings import local_day
from followup_mail.core.case.names import is_nobody, same_address
from followup_mail.core.case.people import STRANGER, everybody
from followup_mail.core.case.standing import is_outsider
from followup_mail.core.facts import Doubt, Kind
from followup_mail.core.plan.values import AskOwner, JournalEntry, PlaceDraft, Policy, Remind, ReplyTarget
from followup_mail.core.plan.words import listed
from followup_mail.core.who import Person, Role

OPEN = frozenset({DraftState.PLANNED, DraftState.HELD})
# What we took back ourselves nobody has seen: it may be meant again, under the same key.
MAY_BE_PLANNED = OPEN | {DraftState.WITHDRAWN}
NO_CONVERSATION = frozenset({Kind.AUTO_REPLY.value, Kind.BOUNCE.value})
NO_LANGUAGE_OF_OURS = "mis"  # as facts has it: some language, none that has cues
ARRANGERS = (Role.RECRUITER, Role.COORDINATOR, Role.AGENCY)


@dataclass(frozen=True, slots=True)
class Desk:
    """One case, its rows by key, the policy and the moment."""

    case: Case
    rows: Mapping[DraftKey, JournalEntry]
    policy: Policy
    now: datetime

    @property
    def began(self) -> datetime:
        """When the worker first ran: now, on the first run."""
        return self.policy.began or self.now


@dataclass(slots=True)
class Wanted:
    """What one part of planning wants: drafts, which rows may stand, what became of others, and words to the owner."""

    places: list[PlaceDraft] = field(default_factory=list)
    standing: set[DraftKey] = field(default_factory=set)
    gone: dict[DraftKey, tuple[DraftState, str]] = field(default_factory=dict)
    says: list[AskOwner | Remind] = field(default_factory=list)

    def add(self, other: "Wanted") -> None:
        """Take in what another part wants."""
        self.places += other.places
        self.standing |= other.standing
        self.gone |= other.gone
        self.says += other.says


def is_spent(row: JournalEntry | None) -> bool:
    """Whether a key had its draft: it is never planned again."""
    return row is not None and row.state not in MAY_BE_PLANNED


def held_interviews(case: Case, now: datetime) -> list[Interview]:
    """Interviews that took place, the last one last."""
    held = [one for one in case.interviews if not one.cancelled and one.end <= now]
    return sorted(held, key=lambda one: one.end)


def visits(case: Case, zone: str) -> dict[str, list[Interview]]:
    """The interviews that stand, by the scope of their visit, in order of time."""
    days: dict[str, list[Interview]] = {}
    for one in sorted(case.interviews, key=lambda one: one.start):
        if not one.cancelled:
            days.setdefault(f"{case.id}/{local_day(one, zone)}", []).append(one)
    return days


def may_write_to(desk: Desk, person: Person) -> bool:
    """Whether the policy lets the owner's drafts go to somebody."""
    addr_spec = (person.addr_spec or "").casefold()
    domain = addr_spec.rpartition("@")[2]
    own = same_address(addr_spec, desk.case.owner_address)
    never = (word.casefold().lstrip("@") for word in desk.policy.never_write)
    return not own and not any(word in {addr_spec, domain} or domain.endswith(f".{word}") for word in never)


def takes_replies(case: Case, person: Person) -> bool:
    """Whether what is written to somebody's address is read by a person, as far as their messages say."""
    if not person.addr_spec or is_nobody(person):
        return False
    theirs = [one for one in case.correspondence if not one.from_owner and same_address(one.sender, person.addr_spec)]
    return not theirs or not theirs[-1].takes_no_reply


def has_written(case: Case, person: Person) -> bool:
    """Whether somebody of the other side wrote to the owner in person."""
    return any(same_address(one.sender, person.addr_spec) for one in case.correspondence if _is_personal(one))


def _is_personal(one: Correspondence) -> bool:
    return not one.from_owner and not one.stranger and not one.automatic


def find_contact(desk: Desk) -> Person | None:
    """The recruiter or coordinator to write to, None without an address that takes replies."""
    case = desk.case
    arranging = [person for role in ARRANGERS for person in everybody(case) if person.role is role]
    candidates = [case.recruiter, *arranging] if case.recruiter else arranging
    if case.agency:  # the client's own people are reached through the consultant
        candidates.sort(key=lambda person: person.role is not Role.AGENCY)
    return next((one for one in candidates if takes_replies(case, one) and may_write_to(desk, one)), None)


def find_last_met(desk: Desk) -> Person | None:
    """The interviewer met last whom the owner may write to directly."""
    reserved = desk.case.agency or desk.case.no_direct_contact
    for interview in reversed(held_interviews(desk.case, desk.now)):
        for person in interview.people:
            reachable = takes_replies(desk.case, person) and may_write_to(desk, person)
            if reachable and (not reserved or has_written(desk.case, person)):
                return person
    return None


def reply_target(case: Case, person: Person) -> ReplyTarget | None:
    """The newest message of the other side in which somebody took part, a personal one before a machine's."""
    address = (person.addr_spec or "").casefold()
    fallback = None
    for one in reversed(case.correspondence):
        if one.from_owner or one.stranger or not one.message_id or one.kind in NO_CONVERSATION:
            continue
        theirs = (one.sender or "").casefold() == address
        if not theirs and address not in {addr_spec.casefold() for addr_spec in one.recipients}:
            continue
        if not one.automatic and not one.takes_no_reply:
            return target_of(one)
        fallback = fallback or (one if theirs else None)
    return target_of(fallback) if fallback else None


def target_of(one: Correspondence) -> ReplyTarget:
    """A message as the one to be answered."""
    return ReplyTarget(message_id=one.message_id or "", references=one.references, subject=one.subject)


def find_holds(desk: Desk, purpose: Purpose, doubts: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """The doubts that hold a draft: the owner's word dissolves all but a language without letters."""
    holding = [doubt for doubt in doubts if doubt.holds]
    if desk.case.suspicious and not any(doubt.kind == "fraud" for doubt in holding):
        holding.append(Doubt("fraud", "the invitation looks suspicious", holds=True))
    if desk.policy.autonomy == "always":
        holding = [doubt for doubt in holding if doubt.kind in {"fraud", STRANGER}]
    if desk.policy.autonomy == "ask":
        holding.append(Doubt("ask", "drafts wait for your word, as configured", holds=True))
    if desk.case.confirmed:
        holding = []
    languages, language = desk.policy.languages, desk.case.language
    if languages and language not in languages.get(purpose, frozenset()):
        which = f" ({language})" if language != NO_LANGUAGE_OF_OURS else ""
        holding.append(Doubt("language", f"there is no letter in the language of this conversation{which}", holds=True))
    return tuple(dict.fromkeys(holding))


def doubt_outsiders(desk: Desk, people: Sequence[Person]) -> tuple[Doubt, ...]:
    """The doubt that holds letters to those of the people whom only somebody else's word brings in."""
    outsiders = [person for person in people if is_outsider(desk.case, person)]
    if not outsiders or desk.case.confirmed:
        return ()
    domains = dict.fromkeys((one.addr_spec or "").casefold().rpartition("@")[2] for one in outsiders)
    words = f"{listed(outsiders)} never wrote, and nobody who did is at {' or '.join(domains)}"
    return (Doubt("who", words, holds=True),)


def case_doubts(case: Case, interviews: Sequence[Interview]) -> tuple[Doubt, ...]:
    """The doubts of these interviews and those about the whole case."""
    wide = (doubt for doubt in case.doubts if doubt.kind in {"fraud", "agency"})
    return tuple(dict.fromkeys((*wide, *(doubt for one in interviews for doubt in one.doubts))))
