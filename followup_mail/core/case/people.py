"""The people of a case: one entry each, whatever message named them."""

from collections.abc import Iterable
from dataclasses import replace

from followup_mail.core.case.names import folded_name, home_of, same_address, same_person
from followup_mail.core.case.values import Case, Interview
from followup_mail.core.facts import Facts
from followup_mail.core.who import Person, Role

STRANGER = "stranger"  # the kind of doubt about what a message of nobody known says


def merge_person(known: Person, said: Person) -> Person:
    """What is known of somebody, completed by what a message says; what is known stays."""
    return replace(
        known,
        display_name=known.display_name or said.display_name,
        addr_spec=known.addr_spec or said.addr_spec,
        title=known.title or said.title,
        signs_as=known.signs_as or said.signs_as,
        honorific=known.honorific or said.honorific,
    )


def merge_people(known: Iterable[Person], said: Iterable[Person]) -> tuple[Person, ...]:
    """Both, each person once, in order of first naming."""
    merged = list(known)
    for person in said:
        at = next((index for index, one in enumerate(merged) if same_person(one, person)), None)
        if at is None:
            merged.append(person)
        else:
            merged[at] = merge_person(merged[at], person)
    return tuple(merged)


def without(people: Iterable[Person], *addr_specs: str | None) -> tuple[Person, ...]:
    """The people but for the holders of these addr-specs."""
    gone = {addr_spec.casefold() for addr_spec in addr_specs if addr_spec}
    return tuple(person for person in people if not person.addr_spec or person.addr_spec.casefold() not in gone)


def people_of(facts: Facts) -> tuple[Person, ...]:
    """Everybody of the employer's side a message names, its sender included."""
    named = [*facts.people, *(person for meeting in facts.meetings for person in meeting.people)]
    if facts.recruiter is not None:
        named.append(facts.recruiter)
    if facts.sender is not None and not facts.from_owner and not facts.takes_no_reply and not facts.automatic:
        named.append(facts.sender)
    return without((person for person in named if person.role is not Role.SYSTEM), facts.owner_address)


def everybody(case: Case) -> tuple[Person, ...]:
    """Everybody of the case, interviewers included; somebody may stand there more than once.

    Whom a stranger brought in is nobody until the owner has confirmed it.
    """
    known = [one for one in case.interviews if case.confirmed or not any(d.kind == STRANGER for d in one.doubts)]
    people = [*case.people, *(person for interview in known for person in interview.people)]
    return (*people, case.recruiter) if case.recruiter is not None else tuple(people)


def employer_homes(case: Case) -> frozenset[str]:
    """The employer's own domains, as far as its people show them; never an agency's or the owner's."""
    addresses = [person.addr_spec for person in everybody(case) if person.addr_spec and person.role is not Role.AGENCY]
    addresses += [
        one.sender
        for one in case.correspondence
        if one.sender and not one.from_owner and not one.stranger and not one.takes_no_reply
    ]
    homes = {home_of(addr_spec) for addr_spec in addresses} - {home_of(case.owner_address)}
    if case.agency:
        agents = [person for person in everybody(case) if person.role is Role.AGENCY]
        agents += [case.recruiter] if case.recruiter else []
        homes -= {home_of(person.addr_spec) for person in agents if person.addr_spec}
    return frozenset(home for home in homes if home)


def learn_addresses(case: Case) -> tuple[Interview, ...]:
    """The interviews, with the one address learnt of an interviewer known by full name; never a guessed one."""
    if all(person.addr_spec for interview in case.interviews for person in interview.people):
        return case.interviews
    known: dict[str, set[str]] = {}
    for person in everybody(case):
        if person.addr_spec and folded_name(person) and _is_employers(case, person.addr_spec):
            known.setdefault(folded_name(person), set()).add(person.addr_spec.casefold())
    sure = {name: next(iter(addresses)) for name, addresses in known.items() if len(addresses) == 1}
    return tuple(
        replace(one, people=tuple(_addressed(person, sure) for person in one.people)) for one in case.interviews
    )


def _addressed(person: Person, sure: dict[str, str]) -> Person:
    return person if person.addr_spec else replace(person, addr_spec=sure.get(folded_name(person)))


def _is_employers(case: Case, addr_spec: str) -> bool:
    """Whether an address is of the employer's side: its own domain with somebody else there, or its holder wrote."""
    wrote = [one.sender for one in case.correspondence if one.sender and not one.from_owner and not one.stranger]
    if any(same_address(sender, addr_spec) for sender in wrote):
        return True
    home = home_of(addr_spec)
    others = [person.addr_spec for person in everybody(case) if person.addr_spec]
    others += wrote
    return home is not None and any(home_of(other) == home and not same_address(other, addr_spec) for other in others)
