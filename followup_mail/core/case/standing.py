"""Whose word changes a case: its own people's and their employer's. A stranger's is laid before the owner.

From can be forged and a thread's or a calendar's ids can leak: what a message of nobody known says about a case is
never acted on by itself. It holds the drafts it touches, until the owner has said whether it is genuine.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from followup_mail.core.case.calloff import call_off, postpone
from followup_mail.core.case.meetings import Reading, settle_meetings, starts_in
from followup_mail.core.case.names import (
    LEGAL_FORMS,
    Agreement,
    companies_agree,
    fold,
    folded_name,
    home_of,
    is_nobody,
    positions_agree,
    same_person,
)
from followup_mail.core.case.people import STRANGER, everybody
from followup_mail.core.case.transitions import Happening
from followup_mail.core.case.turns import arranged
from followup_mail.core.case.values import Case, Interview
from followup_mail.core.cues import is_from
from followup_mail.core.facts import Doubt, Facts, Kind
from followup_mail.core.who import Person

PLATFORMS = ("applicant_tracking", "scheduling", "machines")  # which employers alone make write to candidates
SERVICES = (*PLATFORMS, "calendar")
ENDINGS = frozenset({Kind.OFFER, Kind.REJECTION})
SAYS = {
    Kind.INTERVIEW_CANCELLATION: "calls it off",
    Kind.INTERVIEW_RESCHEDULE: "changes it",
    Kind.INTERVIEW_CONFIRMATION: "says when it is and with whom",
    Kind.OFFER: "makes an offer",
    Kind.REJECTION: "sends a rejection",
}
NAME_LEAST = 4  # letters by which a domain names a company
WORD_LEAST = 5  # letters of a company's word that a domain may carry anywhere: "getlarkspur"


def has_standing(case: Case, facts: Facts) -> bool:
    """Whether the message's sender may change the case, which has not heard it yet."""
    sender = (facts.sender.addr_spec or "").casefold() if facts.sender else ""
    known = _known_addresses(case)
    homes = _homes(known)
    if not known or sender in known or home_of(sender) in homes:
        return True
    domain = sender.rpartition("@")[2]
    service = any(is_from(domain, kind) for kind in SERVICES)
    return service or _names(domain, case.company) or _is_platform(case, facts) or _is_awaited(case, facts)


def is_outsider(case: Case, person: Person) -> bool:
    """Whether nothing but somebody else's word brings a person in: anybody may name anybody in an invitation.

    They never wrote, nor did the owner write to them; their domain is of nobody who wrote, nor that of the company's
    name; and no hiring platform wrote. A calendar service speaks for the organizer.
    """
    address = (person.addr_spec or "").casefold()
    domain = address.rpartition("@")[2]
    heard = [one for one in case.correspondence if not one.from_owner and not one.stranger and one.sender]
    senders = {(one.sender or "").casefold() for one in heard}
    if any(_is_listed(sender, PLATFORMS) for sender in (*senders, address)):
        return False
    if any(_is_listed(sender, ("calendar",)) for sender in senders) and case.recruiter and case.recruiter.addr_spec:
        senders.add(case.recruiter.addr_spec.casefold())
    addressed = {to.casefold() for one in case.correspondence if one.from_owner for to in one.recipients}
    homes = {_home_or_domain(sender) for sender in senders}
    at_home = address in addressed or _home_or_domain(address) in homes
    return not at_home and not _names(domain, case.company) and not _carries_word(domain, case.company)


def _is_listed(address: str, kinds: Iterable[str]) -> bool:
    return any(is_from(address.rpartition("@")[2], kind) for kind in kinds)


def _home_or_domain(address: str) -> str:
    return home_of(address) or address.rpartition("@")[2]


def _carries_word(domain: str, company: str | None) -> bool:
    """Whether a domain carries a word of the company's name: "telekom.example" one of Deutsche Telekom."""
    words = [word for word in fold(company or "").split() if word not in LEGAL_FORMS]
    labels = [part for label in domain.split(".")[:-1] for part in (*label.split("-"), label.replace("-", ""))]
    return any(word == label or (len(word) >= WORD_LEAST and word in label) for word in words for label in labels)


def _is_awaited(case: Case, facts: Facts) -> bool:
    """Whether an interviewer known by full name alone writes a word that arranges and ends nothing."""
    if facts.sender is None or facts.kind is not Kind.OTHER or facts.hiring_stop:
        return False
    name = folded_name(facts.sender)
    return bool(name) and any(not one.addr_spec and folded_name(one) == name for one in everybody(case))


def hear_stranger(case: Case, facts: Facts, reading: Reading) -> Case:
    """The case after a stranger's message: nothing known changes; what it would change is in doubt, and so is news."""
    known = _known_addresses(case)
    says = SAYS.get(facts.kind, "writes about it")
    doubt = Doubt(STRANGER, f"{_sender(facts)}, so far unknown in this process, {says}", holds=True)
    if facts.kind in ENDINGS or facts.hiring_stop:
        doubted = tuple(one if one.cancelled else _in_doubt(one, doubt) for one in case.interviews)
        return replace(case, interviews=doubted)
    after = _as_they_say(case, facts, reading)
    kept = [
        before if _is_same(before, said, known) else _in_doubt(before, doubt)
        for before, said in zip(case.interviews, after, strict=False)
    ]
    news = [one if _knows(known, one.people) else _in_doubt(one, doubt) for one in after[len(kept) :]]
    news = [one for one in news if not one.cancelled]
    case = replace(case, interviews=(*kept, *news))
    return arranged(case, Happening.CALLED_OFF, reading.at) if news else case


def _sender(facts: Facts) -> str:
    return (facts.sender.addr_spec if facts.sender else None) or "somebody without an address"


def _as_they_say(case: Case, facts: Facts, reading: Reading) -> tuple[Interview, ...]:
    """The interviews as they would be if the word were the employer's."""
    if facts.kind is Kind.INTERVIEW_CANCELLATION:
        return call_off(case.interviews, facts, reading, case_id=case.id).interviews
    if facts.kind not in {Kind.INTERVIEW_CONFIRMATION, Kind.INTERVIEW_RESCHEDULE}:
        return case.interviews
    if starts_in(facts, reading):
        return settle_meetings(case.interviews, facts, reading, case_id=case.id, called_off=case.called_off)
    return postpone(case.interviews, facts, reading) if facts.kind is Kind.INTERVIEW_RESCHEDULE else case.interviews


def _is_same(before: Interview, said: Interview, known: frozenset[str]) -> bool:
    """Whether a word only repeats what stands, or names people of the employer's beside."""
    held = (before.start, before.end, before.cancelled) == (said.start, said.end, said.cancelled)
    others = [person for person in said.people if not any(same_person(person, one) for one in before.people)]
    return held and _knows(known, others)


def _in_doubt(one: Interview, doubt: Doubt) -> Interview:
    return one if doubt in one.doubts else replace(one, doubts=(*one.doubts, doubt))


def _knows(known: frozenset[str], people: Sequence[Person]) -> bool:
    """Whether everybody has an address at the employer's: nobody is brought in by a stranger's word alone."""
    homes = _homes(known)
    return all(
        person.addr_spec is not None and (person.addr_spec.casefold() in known or home_of(person.addr_spec) in homes)
        for person in people
    )


def _known_addresses(case: Case) -> frozenset[str]:
    """Everybody's addresses: of the people of the case, of who wrote with standing, and of whom those wrote to."""
    found = [person.addr_spec for person in everybody(case) if not is_nobody(person)]
    for one in case.correspondence:
        if not one.stranger:
            found += [*one.recipients, *([] if one.from_owner or one.takes_no_reply else [one.sender])]
    own = case.owner_address.casefold()
    return frozenset(addr_spec.casefold() for addr_spec in found if addr_spec) - {own}


def _homes(addresses: Iterable[str]) -> frozenset[str]:
    return frozenset(home for address in addresses if (home := home_of(address)))


def _names(domain: str, company: str | None) -> bool:
    """Whether a domain carries the company's name: "larkspur.example" that of Larkspur Health."""
    name = "".join(word for word in fold(company or "").split() if word not in LEGAL_FORMS)
    words = [word.replace("-", "") for word in domain.split(".")[:-1]]
    return len(name) >= NAME_LEAST and any(
        word.startswith(name) or (len(word) >= NAME_LEAST and name.startswith(word)) for word in words
    )


def _is_platform(case: Case, facts: Facts) -> bool:
    """Whether an unknown platform gives the employer's last word, naming the very company and position."""
    machine = facts.takes_no_reply or facts.automatic
    ends = facts.kind in ENDINGS or facts.hiring_stop
    company = companies_agree(facts.company, case.company) is Agreement.WHOLE
    position = positions_agree(facts.position, case.position) is Agreement.WHOLE
    return machine and ends and company and position
