"""Header fields as the mailbox needs them: split and unfolded, nothing decoded (RFC 5322 section 2.2)."""

import re
from collections.abc import Iterable

_FIELD = re.compile(r"^([!-9;-~]+)[ \t]*:[ \t]*(.*(?:\n[ \t].*)*)", re.MULTILINE)
_FOLD = re.compile(r"\n(?=[ \t])")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,996}>")
_ADDR_SPEC = re.compile(r"[^\s<>,;:\"()@]{1,256}@[^\s<>,;:\"()@]{1,256}")
FIELDS_CAP = 64 * 1024  # octets of one message's header fields
_VALUES_CAP = 400  # fields of one message


def parse_header_fields(octets: bytes) -> dict[str, tuple[str, ...]]:
    """Lower-case field names with their unfolded, undecoded values in order; total, and blind past its caps."""
    text = _text(octets[:FIELDS_CAP]).replace("\r\n", "\n").replace("\r", " ")
    fields: dict[str, list[str]] = {}
    for count, found in enumerate(_FIELD.finditer(text)):
        if count == _VALUES_CAP:
            break
        value = found[2]
        fields.setdefault(found[1].lower(), []).append((_FOLD.sub("", value) if "\n" in value else value).rstrip())
    return {name: tuple(values) for name, values in fields.items()}


def header_of(octets: bytes) -> bytes:
    """The header section of a message, without the empty line that ends it."""
    ends = [found + len(end) // 2 for end in (b"\r\n\r\n", b"\n\n") if (found := octets.find(end)) >= 0]
    return octets[: min(ends, default=len(octets))]


def parse_message_ids(values: Iterable[str]) -> tuple[str, ...]:
    """The msg-ids (RFC 5322 section 3.6.4) in the values of Message-ID, References or In-Reply-To fields, in order."""
    return tuple(message_id for value in values for message_id in _MESSAGE_ID.findall(value))


def parse_addr_specs(values: Iterable[str]) -> frozenset[str]:
    """The addr-specs in the values of address fields, in lower case, to compare recipients by."""
    return frozenset(found.lower() for value in values for found in _ADDR_SPEC.findall(value))


def _text(octets: bytes) -> str:
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("latin-1")
