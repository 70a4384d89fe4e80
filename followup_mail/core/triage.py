"""Header fields to a verdict: worth reading or not, with the reason."""

from collections.abc import Collection
from dataclasses import dataclass

from followup_mail.core.cues import fold, hints, is_from
from followup_mail.core.message import HeaderFields, decode_words, parse_message_ids
from followup_mail.core.who import Address, parse_addresses


@dataclass(frozen=True, slots=True)
class Known:
    """What open cases make worth reading: Message-IDs of their threads, their people, employers' domains."""

    message_ids: frozenset[str] = frozenset()
    addr_specs: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a message's text is worth fetching, and why."""

    read: bool
    reason: str


_BULK = frozenset({"bulk", "list", "junk"})
_SERVICES = ("applicant_tracking", "scheduling", "machines", "calendar")


def triage(header: HeaderFields, *, known: Known, me: Collection[str]) -> Verdict:
    """Passes over only what header fields prove to be none of ours; when they prove nothing, the message is read."""
    fields = header.fields
    thread = set(parse_message_ids(" ".join(fields.get("references", ()) + fields.get("in-reply-to", ()))))
    if thread & known.message_ids:
        return Verdict(read=True, reason="in a known thread")
    senders = _addresses(fields, "from") + _addresses(fields, "reply-to")
    if any(_is_known(address, known) for address in senders):
        return Verdict(read=True, reason="from somebody known")
    owners = {addr_spec.lower() for addr_spec in me}
    if any(address.addr_spec.lower() in owners for address in _addresses(fields, "from")):
        return _triage_own(fields, known, references=bool(thread))
    if any(is_from(address.domain, kind) for address in senders for kind in _SERVICES):
        return Verdict(read=True, reason="from a service that carries interview mail")
    subject = fold(decode_words(" ".join(fields.get("subject", ())[:1]), 400))
    if any(hint in subject for hint in hints()):
        return Verdict(read=True, reason="the subject says so")
    return _triage_bulk(fields, senders)


def _addresses(fields: dict[str, tuple[str, ...]], name: str) -> tuple[Address, ...]:
    return parse_addresses(", ".join(fields.get(name, ())[:3]))[0]


def _is_known(address: Address, known: Known) -> bool:
    return address.addr_spec.lower() in known.addr_specs or address.domain in known.domains


def _triage_own(fields: dict[str, tuple[str, ...]], known: Known, *, references: bool) -> Verdict:
    recipients = _addresses(fields, "to") + _addresses(fields, "cc")
    if any(_is_known(address, known) for address in recipients):
        return Verdict(read=True, reason="the owner's own, to somebody known")
    if references:
        return Verdict(read=True, reason="the owner's own, in answer to something")
    subject = fold(decode_words(" ".join(fields.get("subject", ())[:1]), 400))
    if any(hint in subject for hint in hints()):
        return Verdict(read=True, reason="the owner's own, and the subject says so")
    return Verdict(read=False, reason="the owner's own, to strangers about something else")


def _triage_bulk(fields: dict[str, tuple[str, ...]], senders: tuple[Address, ...]) -> Verdict:
    if "list-id" in fields and "list-post" in fields:
        return Verdict(read=False, reason="a mailing list")
    content = " ".join(fields.get("content-type", ())).lower()
    calendar = "calendar" in content
    bulk = any(value.strip().lower() in _BULK for value in fields.get("precedence", ()))
    if bulk and "list-unsubscribe" in fields and not calendar:
        return Verdict(read=False, reason="bulk mail")
    if "list-id" in fields and "list-unsubscribe" in fields and not calendar:
        return Verdict(read=False, reason="a newsletter")
    if any(is_from(address.domain, "mailers") for address in senders) and "list-unsubscribe" in fields and not calendar:
        return Verdict(read=False, reason="a mass mailing")
    return Verdict(read=True, reason="nothing speaks against it")
