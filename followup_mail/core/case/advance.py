"""An event and a case to the case afterwards."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from followup_mail.core.case.calloff import accept, call_off, decline, postpone
from followup_mail.core.case.meetings import Reading, settle_meetings, starts_in
from followup_mail.core.case.names import home_of, is_nobody, same_address
from followup_mail.core.case.people import everybody, learn_addresses, merge_people, people_of
from followup_mail.core.case.transitions import ENDED, Happening, next_state
from followup_mail.core.case.values import (
    Case,
    CaseState,
    Correspondence,
    DraftSeen,
    DraftState,
    OwnerVerb,
    OwnerWord,
    Purpose,
)
from followup_mail.core.facts import Doubt, Facts, Kind
from followup_mail.core.who import Person

Event = Facts | OwnerWord | DraftSeen
Moment = TypeVar("Moment", date, datetime)

SCHEDULES = (Kind.INTERVIEW_CONFIRMATION, Kind.INTERVIEW_RESCHEDULE)
CASE_WIDE = frozenset({"fraud", "agency"})  # doubts about the employer, not about one interview
UNKNOWN_LANGUAGE = "und"
OUTCOMES = {
    "offer": Happening.OFFERED,
    "accepted": Happening.ACCEPTED,
    "rejected": Happening.REJECTED,
    "withdrawn": Happening.WITHDREW,
}


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
    return _heed(case, event) if isinstance(event, OwnerWord) else _see(case, event)


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
    newest = max((one.at for one in case.correspondence if not one.from_owner), default=None)
    heard = replace(case, correspondence=tuple(sorted((*case.correspondence, said), key=lambda one: one.at)))
    change = _hear_owner if facts.from_owner else _hear_employer
    heard = change(heard, facts, reading, newest)
    heard = replace(heard, interviews=learn_addresses(heard))
    return replace(heard, doubts=_doubts(heard))


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


def _doubts(case: Case) -> tuple[Doubt, ...]:
    wide = [doubt for doubt in case.doubts if doubt.kind in CASE_WIDE]
    own = [doubt for one in case.interviews if not one.cancelled for doubt in one.doubts]
    return tuple(dict.fromkeys((*wide, *own)))


# What the employer says


def _hear_employer(case: Case, facts: Facts, reading: Reading, newest: datetime | None) -> Case:
    latest = newest is None or reading.at >= newest
    case = _meet(case, facts, latest=latest)
    case = _be_warned(case, facts)
    case = _schedule(case, facts, reading)
    case = _be_told_when(case, facts, reading)
    case = _be_asked(case, facts, reading)
    return _end(case, facts, reading)


def _meet(case: Case, facts: Facts, *, latest: bool) -> Case:
    """The case with what the message says about who is who."""
    people = merge_people(case.people, people_of(facts))
    human = [one for one in case.correspondence if not one.from_owner and not one.automatic]
    speaks = latest and facts.language != UNKNOWN_LANGUAGE and (not facts.automatic or not human)
    return replace(
        case,
        company=case.company or facts.company,
        position=case.position or facts.position,
        agency=case.agency or facts.agency,
        no_direct_contact=case.no_direct_contact or facts.no_direct_contact,
        people=people,
        recruiter=_recruiter(case, facts, latest=latest),
        language=facts.language if speaks else case.language,
        suspicious=case.suspicious or facts.suspicious,
    )


def _recruiter(case: Case, facts: Facts, *, latest: bool) -> Person | None:
    """The newest person who wrote or arranged for the employer; one with an address is not lost to one without."""
    known, said = case.recruiter, facts.recruiter
    if said is None or is_nobody(said) or same_address(said.addr_spec, case.owner_address):
        return known
    if known is None or (said.addr_spec and (latest or not known.addr_spec)):
        return said
    return known


def _be_warned(case: Case, facts: Facts) -> Case:
    fresh = tuple(doubt for doubt in facts.doubts if doubt.kind in CASE_WIDE and doubt not in case.doubts)
    opened_again = any(doubt.holds and doubt not in case.doubts for doubt in facts.doubts)
    return replace(case, doubts=(*case.doubts, *fresh), confirmed=case.confirmed and not opened_again)


def _schedule(case: Case, facts: Facts, reading: Reading) -> Case:
    if facts.kind is Kind.INTERVIEW_CANCELLATION:
        gone = call_off(case.interviews, facts, reading, case_id=case.id)
        off = _later(case.called_off, reading.at) if gone.everything else case.called_off
        return _arranged(replace(case, interviews=gone.interviews, called_off=off), Happening.CALLED_OFF, reading)
    if facts.kind is Kind.AVAILABILITY_REQUEST:
        return _turn(case, Happening.TIMES_ASKED, reading.at) if _is_news(case, reading) else case
    if facts.kind not in SCHEDULES:
        return case
    if not starts_in(facts, reading):
        if facts.kind is Kind.INTERVIEW_CONFIRMATION:
            return case
        put_off = postpone(case.interviews, facts, reading)
        return _arranged(replace(case, interviews=put_off), Happening.POSTPONED, reading)
    settled = settle_meetings(case.interviews, facts, reading, case_id=case.id, called_off=case.called_off)
    return _arranged(replace(case, interviews=settled), Happening.CALLED_OFF, reading)


def _is_news(case: Case, reading: Reading) -> bool:
    """Whether the message is newer than the word by which the case was called off."""
    return case.ended is None or reading.at > case.ended


def _arranged(case: Case, otherwise: Happening, reading: Reading) -> Case:
    """The case in the state its interviews tell: SCHEDULED while one stands, else what became of them."""
    if any(not one.cancelled for one in case.interviews):
        return _turn(case, Happening.SCHEDULED, reading.at)
    return _turn(case, otherwise, reading.at) if case.interviews else case


def _be_told_when(case: Case, facts: Facts, reading: Reading) -> Case:
    """The case with what the message says about when news will come."""
    case = replace(case, away_until=_later(case.away_until, facts.away_until))
    if facts.promised_by and (case.promised_at is None or reading.at >= case.promised_at):
        case = replace(case, promised_by=facts.promised_by, promised_at=reading.at)
    automatic = facts.automatic or facts.kind in {Kind.AUTO_REPLY, Kind.BOUNCE}
    return case if automatic else replace(case, answered=_later(case.answered, reading.at))


def _later(one: Moment | None, other: Moment | None) -> Moment | None:
    return max((moment for moment in (one, other) if moment is not None), default=None)


def _be_asked(case: Case, facts: Facts, reading: Reading) -> Case:
    times = facts.kind is Kind.AVAILABILITY_REQUEST or facts.kind in SCHEDULES
    asks = facts.kind is Kind.AVAILABILITY_REQUEST or (facts.asks_owner and not facts.automatic)
    answered = any(one.from_owner and one.at > reading.at for one in case.correspondence)
    if case.asked_owner and reading.at < case.asked_owner:
        return case
    if asks and not answered:
        return replace(case, asked_owner=reading.at, asked_times=times)
    if facts.kind in SCHEDULES and case.asked_times:
        return replace(case, asked_owner=None, asked_times=False)
    return case


def _end(case: Case, facts: Facts, reading: Reading) -> Case:
    """The case after an offer, a rejection or a hiring stop, unless a newer invitation overtook it."""
    happening = {Kind.OFFER: Happening.OFFERED, Kind.REJECTION: Happening.REJECTED}.get(facts.kind)
    happening = happening or (Happening.STOPPED if facts.hiring_stop else None)
    invited = any(one.at > reading.at and one.kind in SCHEDULES and not one.from_owner for one in case.correspondence)
    if happening is None or invited:
        return case
    ended = _turn(case, happening, reading.at)
    if ended.state is CaseState.REJECTED and ended.ended == reading.at and happening is Happening.REJECTED:
        return replace(ended, rejection_message_id=facts.message_id)
    return ended


def _turn(case: Case, happening: Happening, at: datetime) -> Case:
    """The case after a happening; what is older than its end changes an ended case no more."""
    state = next_state(case.state, happening)
    if state is case.state or (case.ended is not None and state in ENDED and at < case.ended):
        return case
    return replace(case, state=state, ended=at if state in ENDED else None)


# What the owner says and does


def _hear_owner(case: Case, facts: Facts, reading: Reading, newest: datetime | None) -> Case:  # noqa: ARG001 - as _hear_employer
    ours = facts.message_id in case.letters
    case = _thank(case, facts, reading) if facts.thanks else case
    if facts.enquiry and not ours:
        case = replace(case, enquiries=tuple(sorted((*case.enquiries, reading.at))))
    if facts.declines:
        declined = decline(case.interviews, facts, reading)
        case = _arranged(replace(case, interviews=declined), Happening.CALLED_OFF, reading)
    elif facts.accepts:
        case = _arranged(
            replace(case, interviews=accept(case.interviews, facts, reading)), Happening.CALLED_OFF, reading
        )
    case = case if ours else _answer(case, facts, reading)
    return _turn(case, Happening.WITHDREW, reading.at) if facts.withdraws else case


def _thank(case: Case, facts: Facts, reading: Reading) -> Case:
    thanked = tuple((address.addr_spec.casefold(), reading.at) for address in facts.recipients)
    return replace(case, thanked=tuple(dict.fromkeys((*case.thanked, *thanked))))


def _answer(case: Case, facts: Facts, reading: Reading) -> Case:
    """The case with the employer's question answered; thanks to somebody else than the asker answer nothing."""
    if case.asked_owner is None or reading.at <= case.asked_owner:
        return case
    addressed = [address.addr_spec for address in facts.recipients]
    asker = next((one.sender for one in case.correspondence if one.at == case.asked_owner and not one.from_owner), None)
    to_asker = any(same_address(asker, addr_spec) for addr_spec in addressed)
    to_somebody = any(_belongs(case, addr_spec) for addr_spec in addressed)
    if not (to_asker or (to_somebody and not facts.thanks)):
        return case
    return replace(case, asked_owner=None, asked_times=False, answered=_later(case.answered, reading.at))


def _belongs(case: Case, addr_spec: str) -> bool:
    homes = {home_of(person.addr_spec) for person in everybody(case) if person.addr_spec} - {None}
    known = any(same_address(person.addr_spec, addr_spec) for person in everybody(case))
    wrote = any(same_address(one.sender, addr_spec) and not one.from_owner for one in case.correspondence)
    return known or wrote or home_of(addr_spec) in homes


def _heed(case: Case, word: OwnerWord) -> Case:
    """The case after the owner's own word, which needs no evidence."""
    if word.verb is OwnerVerb.CONFIRM:
        return replace(case, confirmed=True)
    if word.verb is OwnerVerb.DISMISS:
        return _turn(case, Happening.DISMISSED, word.at)
    if word.verb is OwnerVerb.OUTCOME:
        return _come_out(case, word)
    return replace(case, asked_for=(*case.asked_for, Purpose(word.value)), asked_at=(*case.asked_at, word.at))


def _come_out(case: Case, word: OwnerWord) -> Case:
    if word.value == "no-show":
        return _missed(case, word.at)
    if word.value not in OUTCOMES:
        raise ValueError(f"There is no outcome {word.value!r}; it is one of {', '.join((*OUTCOMES, 'no-show'))}")
    return _turn(case, OUTCOMES[word.value], word.at)


def _missed(case: Case, at: datetime) -> Case:
    """The case without its latest interview, which did not happen."""
    begun = [one for one in case.interviews if not one.cancelled and one.start <= at]
    if not begun:
        return case
    last = max(begun, key=lambda one: one.end)
    interviews = tuple(
        replace(one, cancelled=True, settled=at) if one.id == last.id else one for one in case.interviews
    )
    happening = Happening.SCHEDULED if any(not one.cancelled for one in interviews) else Happening.CALLED_OFF
    return _turn(replace(case, interviews=interviews), happening, at)


def _see(case: Case, seen: DraftSeen) -> Case:
    """The case knowing one of our letters as sent: not an enquiry of the owner's own, and part of its threads."""
    if seen.state is not DraftState.SENT or seen.message_id is None or seen.message_id in case.letters:
        return case
    same = {one.at for one in case.correspondence if one.from_owner and one.message_id == seen.message_id}
    enquiries = tuple(at for at in case.enquiries if at not in same)
    return replace(case, letters=(*case.letters, seen.message_id), enquiries=enquiries)
