"""Untagged responses as values: nested lists, FETCH, STATUS, SEARCH (RFC 9051 section 7). Bounded, never recursive."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone

from imapclient.imap_utf7 import decode as decode_utf7

from followup_mail.adapters.imap.channel import Parts
from followup_mail.ports import Status

Value = bytes | None | list["Value"]
Fetched = dict[bytes, Value]
"""FETCH items by upper-case name; BODY sections without their fields and origin: `BODY[1.MIME]`."""

_DEPTH_CAP = 60
_TOKEN = re.compile(
    rb"""(?P<open>\()|(?P<close>\))|"(?P<quoted>(?:[^"\\]|\\.?)*+)"?|(?P<literal>~?\{\d+\+?\}$)"""
    rb"""|(?P<atom>(?:[^\s()"\[\]]|\[[^\]]*\]?|\])+)""",
    re.DOTALL,
)
# The header pass as most servers answer it, whole in one look; anything else goes the long way round.
_HEADER_PASS = re.compile(
    rb"\d+ FETCH \(UID (\d+) FLAGS \(([^()\"]*)\) INTERNALDATE \"([^\"\\]*)\" RFC822\.SIZE (\d+) "
    rb"BODY\[HEADER\.FIELDS \([^()\"]*\)\] \{\d+\}"
)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_INTERNAL_DATE = re.compile(rb" ?(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")
_MONTHS = {name: month for month, name in enumerate(b"jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}


class UnreadableError(ValueError):
    """A response that nests too deep or is not one."""


def parse_items(parts: Parts) -> list[Value]:
    """A response's values; strings and atoms are bytes, NIL is None. Raises UnreadableError past the depth cap."""
    stack: list[list[Value]] = [[]]
    for at in range(0, len(parts), 2):
        for token in _TOKEN.finditer(parts[at]):
            kind = token.lastgroup
            if kind == "open":
                stack.append([])
                if len(stack) > _DEPTH_CAP:
                    raise UnreadableError("the answer nests too deep")
            elif kind == "close":
                if len(stack) == 1:
                    raise UnreadableError("the answer closes more than it opens")
                closed = stack.pop()
                stack[-1].append(closed)
            else:
                stack[-1].append(_string(kind, token, parts, at))
    if len(stack) > 1:
        raise UnreadableError("the answer opens more than it closes")
    return stack[0]


def _string(kind: str | None, token: re.Match[bytes], parts: Parts, at: int) -> bytes | None:
    if kind == "quoted":
        text = token["quoted"]
        return _ESCAPED.sub(rb"\1", text) if b"\\" in text else text
    if kind == "literal" and at + 1 < len(parts):
        return parts[at + 1]
    return None if token[0].upper() == b"NIL" else token[0]


def fetched(responses: Sequence[Parts]) -> Iterator[Fetched]:
    """The FETCH responses among others that carry a uid, unreadable ones left out."""
    for parts in responses:
        if len(parts) == 3 and parts[2] == b")" and (plain := _HEADER_PASS.fullmatch(parts[0])) is not None:
            uid, flags, date, size = plain.groups()
            yield {
                b"UID": uid,
                b"FLAGS": [*flags.split()],
                b"INTERNALDATE": date,
                b"RFC822.SIZE": size,
                b"BODY[HEADER.FIELDS]": parts[1],
            }
            continue
        sequence, _, rest = parts[0].partition(b" ")
        if not sequence.isdigit() or not rest[:6].upper().startswith(b"FETCH "):
            continue
        try:
            items = parse_items([rest[6:], *parts[1:]])
        except UnreadableError:
            items = []
        values = items[0] if items and isinstance(items[0], list) else []
        one = {_name(name): value for name, value in zip(values[::2], values[1::2], strict=False) if _is_name(name)}
        if number(one.get(b"UID")):
            yield one


def _is_name(name: Value) -> bool:
    return isinstance(name, bytes)


def _name(name: Value) -> bytes:
    words = name.upper() if isinstance(name, bytes) else b""
    if words.startswith(b"BODY["):
        section = words[5:].partition(b"]")[0].partition(b" ")[0]
        return b"BODY[%s]" % section
    return words


def number(value: Value) -> int:
    """The number an item holds, 0 for none."""
    return int(value) if isinstance(value, bytes) and value.isdigit() and len(value) < 20 else 0


def octets_of(value: Value) -> bytes:
    """The string an item holds, empty for none."""
    return value if isinstance(value, bytes) else b""


def flags_of(one: Fetched) -> frozenset[str]:
    """The flags of a FETCH."""
    flags = one.get(b"FLAGS")
    return frozenset(flag.decode("ascii", "replace") for flag in flags or () if isinstance(flag, bytes))


def parse_internal_date(value: Value) -> datetime | None:
    """An aware datetime of `17-Jul-2026 02:44:25 -0700`, None if it is none."""
    found = _INTERNAL_DATE.fullmatch(octets_of(value))
    if found is None or (month := _MONTHS.get(found[2].lower())) is None:
        return None
    offset = timedelta(hours=int(found[8]), minutes=int(found[9])) * (-1 if found[7] == b"-" else 1)
    try:
        day, year, hour, minute, second = (int(found[group]) for group in (1, 3, 4, 5, 6))
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=timezone(offset))
    except ValueError:
        return None


def found_uids(responses: Sequence[Parts]) -> list[int]:
    """The uids of SEARCH responses, ascending, each once."""
    words = [word for parts in responses if parts[0][:6].upper() == b"SEARCH" for word in parts[0][6:].split()]
    return sorted({int(word) for word in words if word.isdigit() and len(word) <= 10})


def statuses_of(responses: Sequence[Parts]) -> Iterator[tuple[str, Status]]:
    """The mailboxes' names and STATUS."""
    for parts in responses:
        if parts[0][:7].upper() != b"STATUS ":
            continue
        name, items = (*parse_items([parts[0][7:], *parts[1:]]), None, None)[:2]
        if not isinstance(name, bytes) or not isinstance(items, list):
            continue
        counts = {octets_of(word).upper(): number(count) for word, count in zip(items[::2], items[1::2], strict=False)}
        yield (
            decoded_name(name),
            Status(
                counts.get(b"UIDVALIDITY", 0),
                counts.get(b"UIDNEXT", 0),
                counts.get(b"MESSAGES", 0),
                counts.get(b"HIGHESTMODSEQ") or None,
            ),
        )


def decoded_name(name: bytes) -> str:
    """A mailbox's name from modified UTF-7; INBOX in capitals, whatever its case."""
    try:
        text = decode_utf7(name)
    except (ValueError, UnicodeError):
        text = name.decode("latin-1")
    return "INBOX" if text.upper() == "INBOX" else text
