"""Whom a message makes worth expecting: people of a hiring process, and the domain they write from."""

from collections.abc import Collection

from followup_mail.core.cues import is_from
from followup_mail.core.facts.values import Facts, Kind
from followup_mail.core.message import Message

_NOT_HIRING = frozenset({Kind.OTHER, Kind.AUTO_REPLY, Kind.BOUNCE})
_ANYBODYS = ("freemail", "applicant_tracking", "scheduling", "machines", "mailers", "calendar")


def find_correspondents(facts: Facts) -> frozenset[str]:
    """The addr-specs, and domains as "@domain", from which more about the same process may come; empty for other mail.

    A domain counts only where it is an employer's own: no free mail, no service, not the owner's.
    """
    if facts.kind in _NOT_HIRING or facts.suspicious:
        return frozenset()
    people = (facts.sender, facts.recruiter, *facts.people)
    addr_specs = {person.addr_spec.lower() for person in people if person and person.addr_spec}
    return frozenset(addr_specs | find_domains(addr_specs, {address.domain for address in facts.recipients}))


def find_domains(addr_specs: Collection[str], own: Collection[str]) -> set[str]:
    """The employers' domains among some addr-specs, as "@domain"; `own` are the owner's."""
    domains = {addr_spec.rpartition("@")[2] for addr_spec in addr_specs} - set(own)
    return {f"@{name}" for name in domains if not any(is_from(name, kind) for kind in _ANYBODYS)}


def is_expected(message: Message, known: Collection[str]) -> bool:
    """Whether a message comes from a known correspondent, or goes to one."""
    sender = (message.sender,) if message.sender else ()
    addresses = (*sender, *message.reply_to, *message.to, *message.cc)
    return any(a.addr_spec.lower() in known or f"@{a.domain}" in known for a in addresses)
