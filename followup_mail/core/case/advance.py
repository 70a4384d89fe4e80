"""An event and a case to the case afterwards."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from followup_mail.core.case.employer import CASE_WIDE, hear_employer
from followup_mail.core.case.meetings import Reading
from followup_mail.core.case.owner import hear_owner, heed, see
from followup_mail.core.case.people import learn_addresses
from followup_mail.core.case.standing import has_standing, hear_stranger
from followup_mail.core.case.transitions import ENDED
from followup_mail.core.case.values import (
    Case,
    CaseState,
    Correspondence,
    DraftSeen,
    OwnerWord,
)
from followup_mail.core.facts import Doubt, Facts

Event = Facts | OwnerWord | DraftSeen


def advance(
    case: Case | None,
    event: Event,
    *,
    id: str = "",  # noqa: A002 - the word a case's name has everywhere
    account: str = "",
    owner_address: str = "",
    zone: str = "UTC",
    interview_length: timedelta = timedelta(minutes=45),
    now: datetime | None = None,
) -> Case:
    """The case after an event; None becomes a new case by Facts, under `id`, of `account` and `owner_address`.

    The same message twice changes nothing, and an older message never overturns a newer one. `zone` is the owner's,
    `now` caps the times that messages claim for themselves. ValueError if anything but Facts is to open a case.
    """
    if isinstance(event, Facts):
        at = _written_at(event, case, now)
        before = case or Case(id, account, owner_address, CaseState.APPLIED, opened=at)
        return _hear(before, event, Reading(at, zone, interview_length))
    if case is None:
        raise ValueError("Only what a message says can open a case")
    return heed(case, event) if isinstance(event, OwnerWord) else see(case, event)


def state_at(case: Case, now: datetime) -> CaseState:
    """Where the case stands at a moment: SCHEDULED becomes INTERVIEWED once nothing lies ahead, or AWAITING_OWNER."""
    if case.state in ENDED or is_ahead(case, now):
        return case.state
    if awaits_owner(case, now):
        return CaseState.AWAITING_OWNER
    return CaseState.INTERVIEWED if case.state is CaseState.SCHEDULED else case.state


def is_ahead(case: Case, now: datetime) -> bool:
    """Whether an interview lies ahead or is going on."""
    return any(not one.cancelled and one.end > now for one in case.interviews)


def awaits_owner(case: Case, now: datetime) -> bool:
    """Whether the employer waits for the owner; a question of times is settled by the interview that followed it."""
    asked = case.asked_owner
    if asked is None:
        return False
    held = any(not one.cancelled and asked < one.end <= now for one in case.interviews)
    return not (case.asked_times and held)


def _written_at(facts: Facts, case: Case | None, now: datetime | None) -> datetime:
    at = facts.sent_at or now or (case.opened if case else datetime.min.replace(tzinfo=UTC))
    return min(at, now) if now else at


def _hear(case: Case, facts: Facts, reading: Reading) -> Case:
    said = _correspondence(facts, reading)
    if any(_is_same(said, one) for one in case.correspondence):
        return case
    said = replace(said, stranger=not facts.from_owner and not has_standing(case, facts))
    newest = max((one.at for one in case.correspondence if not one.from_owner and not one.stranger), default=None)
    heard = replace(case, correspondence=tuple(sorted((*case.correspondence, said), key=lambda one: one.at)))
    if facts.from_owner:
        heard = hear_owner(heard, facts, reading)
    elif said.stranger:
        heard = hear_stranger(heard, facts, reading)
    else:
        heard = hear_employer(heard, facts, reading, latest=newest is None or reading.at >= newest)
    heard = replace(heard, interviews=learn_addresses(heard))
    return _doubted(heard, known=case.doubts)


def _correspondence(facts: Facts, reading: Reading) -> Correspondence:
    return Correspondence(
        message_id=facts.message_id,
        references=facts.references,
        at=reading.at,
        sender=facts.sender.addr_spec if facts.sender else None,
        recipients=tuple(address.addr_spec for address in facts.recipients),
        subject=facts.subject,
        from_owner=facts.from_owner,
        automatic=facts.automatic,
        kind=facts.kind.value,
        takes_no_reply=facts.takes_no_reply,
    )


def _is_same(one: Correspondence, other: Correspondence) -> bool:
    if one.message_id or other.message_id:
        return one.message_id == other.message_id
    return (one.at, one.sender, one.subject) == (other.at, other.sender, other.subject)


def _doubted(case: Case, *, known: tuple[Doubt, ...]) -> Case:
    """The case with the doubts that stand; a holding one that is new needs the owner's word again."""
    wide = [doubt for doubt in case.doubts if doubt.kind in CASE_WIDE]
    own = [doubt for one in case.interviews if not one.cancelled for doubt in one.doubts]
    doubts = tuple(dict.fromkeys((*wide, *own)))
    unheard = any(doubt.holds and doubt not in known for doubt in doubts)
    return replace(case, doubts=doubts, confirmed=case.confirmed and not unheard)
