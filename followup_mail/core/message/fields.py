"""Header fields: a block of octets to names and values, and the values that have a syntax of their own."""

import re
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_tz
from itertools import islice

BLOCK_CAP = 256 * 1024  # octets of one header block
_FIELDS_CAP = 1_000
_VALUE_CAP = 32_768  # characters of one value
_PARAMS_CAP = 50
_IDS_CAP = 100

_FIELD = re.compile(r"^([!-9;-~]{1,100})[ \t]*:(.*)$", re.DOTALL)
_FOLD = re.compile(r"\n[ \t]+")
_LINE_START = re.compile(rb"\A|\n(?![ \t])")
_ID = re.compile(r"<([^\s<>\x00-\x1f\x7f]{1,990})>")

Fields = dict[str, tuple[str, ...]]


def split_block(octets: bytes) -> tuple[bytes, int]:
    """The header block at the start of some octets, and where their body begins (RFC 5322 section 2.1)."""
    if octets.startswith((b"\n", b"\r\n")):
        return b"", 1 if octets.startswith(b"\n") else 2
    ends = [(at, at + len(mark)) for mark in (b"\n\n", b"\n\r\n") if (at := octets.find(mark, 0, BLOCK_CAP)) >= 0]
    return (octets[: min(ends)[0]], min(ends)[1]) if ends else (octets[:BLOCK_CAP], min(len(octets), BLOCK_CAP))


def _decode(block: bytes) -> str:
    try:
        return block.decode("utf-8")
    except UnicodeDecodeError:
        return block.decode("cp1252", "replace")


def read_fields(block: bytes) -> tuple[Fields, int, tuple[str, ...]]:
    """The fields of a header block, at which octet it ceased to be one (-1: not at all), and defects.

    Names are in lower case, values unfolded, not decoded, in order. A line that is none ends the block, unless a
    field follows it.
    """
    text = _decode(block).replace("\r\n", "\n").replace("\r", " ").replace("\0", "")
    lines = _FOLD.sub(" ", text).split("\n")
    fields: dict[str, list[str]] = {}
    defects = []
    for number, line in enumerate(lines[:_FIELDS_CAP]):
        match = _FIELD.match(line)
        if match:
            fields.setdefault(match[1].lower(), []).append(match[2][:_VALUE_CAP].strip())
        elif line.startswith(("From ", ">From ")) or not line.strip():
            continue
        elif number + 1 < len(lines) and fields and _FIELD.match(lines[number + 1]):
            defects.append("header-line-unreadable")
        else:
            defects.append("header-ends-early")
            return _frozen(fields), _line_start(block, number), tuple(dict.fromkeys(defects))
    if len(lines) > _FIELDS_CAP:
        defects.append("fields-capped")
    return _frozen(fields), -1, tuple(dict.fromkeys(defects))


def _line_start(block: bytes, number: int) -> int:
    """The octet at which an unfolded line begins."""
    starts = (match.end() for match in _LINE_START.finditer(block))
    return next(islice(starts, number, None))


def _frozen(fields: dict[str, list[str]]) -> Fields:
    return {name: tuple(values) for name, values in fields.items()}


def parse_header_fields(octets: bytes) -> Fields:
    """Field names in lower case to their values in order, unfolded, undecoded (RFC 5322 section 2.2); total, linear.

    What follows the first blank line is not looked at.
    """
    return read_fields(split_block(octets)[0])[0]


def first(fields: Fields, name: str) -> str:
    """The first value of a field, "" where it is missing."""
    values = fields.get(name)
    return values[0] if values else ""


_PARAM = re.compile(r';\s*([^\s=;"]{1,60})\s*=\s*(?:"((?:[^"\\]|\\.){0,2000})"?|([^;]{0,2000}))', re.DOTALL)


def parse_parameters(value: str) -> tuple[str, dict[str, str]]:
    """A structured field's value in lower case and its parameters (RFC 2045 section 5.1, 2231), 50 at most."""
    head, semicolon, rest = value[:8192].partition(";")
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, str]] = {}
    for count, match in enumerate(_PARAM.finditer(semicolon + rest)):
        if count == _PARAMS_CAP:
            break
        name = match[1].lower()
        text = re.sub(r"\\(.)", r"\1", match[2]) if match[2] is not None else match[3].strip()
        base, star, section = name.partition("*")
        if star:
            number = section.rstrip("*")
            index = int(number) if number.isdecimal() and len(number) < 3 else 0
            pieces.setdefault(base, {})[index] = _percent(text, first_piece=index == 0) if name.endswith("*") else text
        else:
            plain.setdefault(name, text)
    joined = {base: "".join(parts[index] for index in sorted(parts)) for base, parts in pieces.items()}
    return head.strip().lower(), plain | joined


def _percent(text: str, *, first_piece: bool) -> str:
    """One extended value of RFC 2231; UTF-8 is assumed, whatever its charset is named."""
    if first_piece and text.count("'") >= 2:
        text = text.split("'", 2)[2]
    octets = re.sub(rb"%([0-9A-Fa-f]{2})", lambda match: bytes([int(match[1], 16)]), text.encode("utf-8", "replace"))
    return octets.decode("utf-8", "replace")


def parse_date(value: str) -> datetime | None:
    """The Date field as an aware datetime (RFC 5322 section 3.3); None where it cannot be read."""
    try:
        parts = parsedate_tz(value[:100])
        if parts is None:
            return None
        offset = parts[9] or 0
        return datetime(*parts[:6], tzinfo=timezone(timedelta(seconds=offset)))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def parse_message_ids(value: str) -> tuple[str, ...]:
    """The message-ids of a field in order, with their brackets, without doubles; of very many, the first and last."""
    ids = tuple(dict.fromkeys(f"<{found}>" for found in _ID.findall(value)))
    if not ids and "@" in value and len(value) < 500 and len(value.split()) == 1:
        ids = (f"<{value.strip().strip('<>')}>",)
    return ids if len(ids) <= _IDS_CAP else ids[:1] + ids[1 - _IDS_CAP :]
