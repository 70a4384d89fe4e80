"""Which case a message belongs to, by the strongest sign that tells cases apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from followup_mail.core.case.names import (
    Agreement,
    companies_agree,
    home_of,
    is_nobody,
    positions_agree,
    same_person,
)
from followup_mail.core.case.people import employer_homes, everybody, people_of
from followup_mail.core.case.transitions import ENDED
from followup_mail.core.case.values import Case, CaseState
from followup_mail.core.facts import Facts, Kind

OPENING = (Kind.INTERVIEW_CONFIRMATION, Kind.INTERVIEW_RESCHEDULE, Kind.AVAILABILITY_REQUEST)
SAYS_NOTHING = (Kind.OTHER, Kind.AUTO_REPLY, Kind.BOUNCE)


class Strength(IntEnum):
    """By what a message is known to be of a case, weakest first."""

    COMPANY = 1
    DOMAIN = 2
    PERSON = 3
    THREAD = 4
    MEETING = 5  # the same person at the same moment
    CALENDAR = 6  # the same ical_uid


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A message that fits several cases equally well."""

    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True, order=True)
class _Claim:
    strength: Strength
    position: Agreement
    company: Agreement
    open: bool


def opens_case(facts: Facts) -> bool:
    """Whether a message that belongs to no case opens one: it arranges an interview, or asks when one could be."""
    return facts.kind in OPENING and not facts.from_owner


def find_case(facts: Facts, cases: Sequence[Case]) -> Case | Ambiguous | None:
    """The case a message belongs to; Ambiguous where several fit equally; None where it is of none, or of a new one."""
    claims = [(claim, case) for case in cases if (claim := _claim(facts, case)) is not None]
    if not claims:
        return None
    best = max(claim for claim, _ in claims)
    fitting = [case for claim, case in claims if claim == best]
    if len(fitting) > 1 and facts.from_owner:
        return _last_met(facts, fitting)
    if len(fitting) > 1 and facts.kind in SAYS_NOTHING and (facts.automatic or best.strength <= Strength.DOMAIN):
        return None  # not worth a question: nothing hangs on it
    return fitting[0] if len(fitting) == 1 else Ambiguous(tuple(fitting))


def _last_met(facts: Facts, cases: Sequence[Case]) -> Case | Ambiguous:
    """Of several cases, the one whose conversation with the owner's addressee was the last before they wrote."""
    last = {case.id: _met_at(facts, case) for case in cases}
    newest = max(last.values())
    fitting = [case for case in cases if last[case.id] == newest]
    return fitting[0] if len(fitting) == 1 else Ambiguous(tuple(fitting))


def _met_at(facts: Facts, case: Case) -> float:
    addressed = {address.addr_spec.casefold() for address in facts.recipients}
    moments = [
        one.end.timestamp()
        for one in case.interviews
        if not one.cancelled
        and (facts.sent_at is None or one.end <= facts.sent_at)
        and any((person.addr_spec or "").casefold() in addressed for person in one.people)
    ]
    return max(moments, default=0.0)


def _claim(facts: Facts, case: Case) -> _Claim | None:
    strength = _strength(facts, case)
    if strength is None or not _is_open_to(facts, case, strength):
        return None
    company, position = companies_agree(facts.company, case.company), positions_agree(facts.position, case.position)
    another_client = (facts.agency or case.agency) and company is Agreement.CONFLICT
    apart = Agreement.CONFLICT in {company, position} and not facts.from_owner
    if (strength <= Strength.PERSON and apart) or (strength is Strength.THREAD and another_client):
        return None
    return _Claim(strength, position, company, case.state not in ENDED)


def _strength(facts: Facts, case: Case) -> Strength | None:
    signs = (
        (Strength.CALENDAR, _shares_calendar),
        (Strength.MEETING, _shares_meeting),
        (Strength.THREAD, _shares_thread),
        (Strength.PERSON, _shares_person),
        (Strength.DOMAIN, _shares_domain),
        (Strength.COMPANY, _shares_company),
    )
    return next((strength for strength, shares in signs if shares(facts, case)), None)


def _is_open_to(facts: Facts, case: Case, strength: Strength) -> bool:
    """Whether a case takes the message: an ended one only what is older, or of its thread without a new meeting."""
    if case.state not in ENDED or case.state is CaseState.CANCELLED or case.ended is None:
        return True
    if facts.sent_at is not None and facts.sent_at <= case.ended:
        return True
    if strength < Strength.THREAD:
        return False
    return case.state is CaseState.DISMISSED or not _meets_after(facts, case.ended)


def _meets_after(facts: Facts, ended: datetime) -> bool:
    days = [meeting.start.date() if meeting.start else meeting.day for meeting in facts.meetings]
    return opens_case(facts) and any(day is not None and day >= ended.date() for day in days)


def _shares_calendar(facts: Facts, case: Case) -> bool:
    said = {meeting.ical_uid for meeting in facts.meetings if meeting.ical_uid}
    return any(uid in said for one in case.interviews for uid in (one.ical_uid, *one.past_uids) if uid)


def _shares_meeting(facts: Facts, case: Case) -> bool:
    return any(
        meeting.start == one.start
        and any(same_person(ours, theirs) for ours in one.people for theirs in meeting.people)
        for meeting in facts.meetings
        for one in case.interviews
    )


def _shares_thread(facts: Facts, case: Case) -> bool:
    known = {one.message_id for one in case.correspondence if one.message_id} | set(case.letters)
    before = {reference for one in case.correspondence for reference in one.references}
    said = set(facts.references)
    return not said.isdisjoint(known | before) or (facts.message_id is not None and facts.message_id in known | before)


def _shares_person(facts: Facts, case: Case) -> bool:
    if facts.from_owner:
        said = {address.addr_spec.casefold() for address in facts.recipients}
    else:
        people = (*people_of(facts), *([facts.sender] if facts.sender and not facts.takes_no_reply else []))
        said = {person.addr_spec.casefold() for person in people if person.addr_spec and not is_nobody(person)}
    known = {person.addr_spec.casefold() for person in everybody(case) if person.addr_spec and not is_nobody(person)}
    known |= {
        one.sender.casefold()
        for one in case.correspondence
        if one.sender and not (one.from_owner or one.stranger or one.takes_no_reply or one.automatic)
    }
    return not (said - {case.owner_address.casefold()}).isdisjoint(known)


def _shares_domain(facts: Facts, case: Case) -> bool:
    """By the employer's own domain; never an agency's, a relay's or a provider's, and not for a machine's chatter."""
    if facts.from_owner or facts.agency or facts.suspicious or facts.sender is None or not facts.sender.addr_spec:
        return False
    if facts.automatic and facts.kind in SAYS_NOTHING:
        return False
    return home_of(facts.sender.addr_spec) in employer_homes(case)


def _shares_company(facts: Facts, case: Case) -> bool:
    if facts.from_owner or facts.suspicious or facts.kind in SAYS_NOTHING:
        return False
    return companies_agree(facts.company, case.company) > Agreement.UNKNOWN
