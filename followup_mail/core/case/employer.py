"""What the employer's messages change in a case."""

from dataclasses import replace

from followup_mail.core.case.calloff import call_off, postpone
from followup_mail.core.case.meetings import Reading, settle_meetings, starts_in
from followup_mail.core.case.names import is_nobody, same_address
from followup_mail.core.case.people import merge_people, people_of
from followup_mail.core.case.transitions import Happening
from followup_mail.core.case.turns import arranged, later, turn
from followup_mail.core.case.values import (
    Case,
    CaseState,
)
from followup_mail.core.facts import Facts, Kind
from followup_mail.core.who import Person, Role

SCHEDULES = (Kind.INTERVIEW_CONFIRMATION, Kind.INTERVIEW_RESCHEDULE)
CASE_WIDE = frozenset({"fraud", "agency"})  # doubts about the employer, not about one interview
UNKNOWN_LANGUAGE = "und"


def hear_employer(case: Case, facts: Facts, reading: Reading, *, latest: bool) -> Case:
    """The case after a message of the employer's; `latest` if nothing newer was heard from them."""
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
    if known is None or (said.addr_spec and not known.addr_spec):
        return said
    return said if said.addr_spec and latest and not _only_interviews(case, said) else known


def _only_interviews(case: Case, person: Person) -> bool:
    """Whether somebody is known as an interviewer: a word from them makes nobody the one who arranges."""
    return any(
        same_address(one.addr_spec, person.addr_spec) and one.role in {Role.INTERVIEWER, Role.HIRING_MANAGER}
        for one in case.people
    )


def _be_warned(case: Case, facts: Facts) -> Case:
    fresh = tuple(doubt for doubt in facts.doubts if doubt.kind in CASE_WIDE)
    return replace(case, doubts=tuple(dict.fromkeys((*case.doubts, *fresh))))


def _schedule(case: Case, facts: Facts, reading: Reading) -> Case:
    if facts.kind is Kind.INTERVIEW_CANCELLATION:
        gone = call_off(case.interviews, facts, reading, case_id=case.id)
        off = later(case.called_off, reading.at) if gone.everything else case.called_off
        return arranged(replace(case, interviews=gone.interviews, called_off=off), Happening.CALLED_OFF, reading.at)
    if facts.kind is Kind.AVAILABILITY_REQUEST:
        return turn(case, Happening.TIMES_ASKED, reading.at) if _is_news(case, reading) else case
    if facts.kind not in SCHEDULES:
        return case
    if not starts_in(facts, reading):
        if facts.kind is Kind.INTERVIEW_CONFIRMATION:
            return case
        put_off = postpone(case.interviews, facts, reading)
        return arranged(replace(case, interviews=put_off), Happening.POSTPONED, reading.at)
    settled = settle_meetings(case.interviews, facts, reading, case_id=case.id, called_off=case.called_off)
    return arranged(replace(case, interviews=settled), Happening.CALLED_OFF, reading.at)


def _is_news(case: Case, reading: Reading) -> bool:
    """Whether the message is newer than the word by which the case was called off."""
    return case.ended is None or reading.at > case.ended


def _be_told_when(case: Case, facts: Facts, reading: Reading) -> Case:
    """The case with what the message says about when news will come."""
    case = replace(case, away_until=later(case.away_until, facts.away_until))
    if facts.promised_by and (case.promised_at is None or reading.at >= case.promised_at):
        case = replace(case, promised_by=facts.promised_by, promised_at=reading.at)
    automatic = facts.automatic or facts.kind in {Kind.AUTO_REPLY, Kind.BOUNCE}
    return case if automatic else replace(case, answered=later(case.answered, reading.at))


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
    ended = turn(case, happening, reading.at)
    if ended.state is CaseState.REJECTED and ended.ended == reading.at and happening is Happening.REJECTED:
        return replace(ended, rejection_message_id=facts.message_id)
    return ended
