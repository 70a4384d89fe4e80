"""BODYSTRUCTURE to the parts worth fetching (RFC 9051 section 7.5.2), and those parts to a message again."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from followup_mail.adapters.imap.answers import Value, octets_of

PARTS_CAP: Final = 40
CONTENTS_CAP: Final = 12
_TOKEN = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}")
_REPORTS: Final = frozenset(
    {
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "message/global-disposition-notification",
        "text/rfc822-headers",
    }
)
_CONTENT_FIELD = re.compile(rb"(?im)^(?:content-[^:\r\n]*|mime-version)[ \t]*:.*(?:\r?\n[ \t].*)*(?:\r?\n|\Z)")


@dataclass(frozen=True, slots=True)
class Multipart:
    """An enclosing multipart: its section ("" for the whole message), subtype and report-type."""

    section: str
    subtype: str
    report_type: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf of the message; `wanted` if its content is text or calendar and no attachment."""

    section: str
    media: str
    wanted: bool
    within: tuple[Multipart, ...] = ()  # outermost first


def parts_of(structure: Value) -> tuple[Part, ...]:
    """The first leaves of a BODYSTRUCTURE in order; total."""
    leaves: list[Part] = []
    contents = 0
    open_nodes: list[tuple[Value, str, tuple[Multipart, ...]]] = [(structure, "", ())]
    while open_nodes and len(leaves) < PARTS_CAP:
        node, section, within = open_nodes.pop()
        if not isinstance(node, list) or not node:
            continue
        if isinstance(node[0], list):
            multipart, children = _multipart(node, section)
            inner = (*within, multipart)
            numbered = [(child, f"{section}.{at}".lstrip("."), inner) for at, child in enumerate(children, 1)]
            open_nodes.extend(reversed(numbered))
        else:
            part = _leaf(node, section or "1", within)
            contents += part.wanted
            leaves.append(replace(part, wanted=part.wanted and contents <= CONTENTS_CAP))
    return tuple(leaves)


def _multipart(node: list[Value], section: str) -> tuple[Multipart, list[Value]]:
    at = next((at for at, child in enumerate(node) if not isinstance(child, list)), len(node))
    subtype = _token(node[at] if at < len(node) else None)
    parameters = _parameters(node[at + 1] if at + 1 < len(node) else None)
    return Multipart(section, subtype or "mixed", _token(parameters.get("report-type"))), node[:at]


def _leaf(node: list[Value], section: str, within: tuple[Multipart, ...]) -> Part:
    kind, subtype = (octets_of(word).decode("ascii", "replace").lower() for word in (*node, None)[:2])
    media = f"{kind}/{subtype}"
    names = list(_parameters(node[2] if len(node) > 2 else None).values())
    attachment = False
    for field in node[7:]:
        if isinstance(field, list) and field and octets_of(field[0]).lower() in {b"attachment", b"inline"}:
            attachment = octets_of(field[0]).lower() == b"attachment"
            names.extend(_parameters(field[1] if len(field) > 1 else None).values())
    calendar = media in {"text/calendar", "application/ics"} or any(
        octets_of(name).lower().rstrip(b"'\"").endswith(b".ics") for name in names
    )
    wanted = calendar or media in _REPORTS or (kind == "text" and not attachment)
    return Part(section, media, wanted, within)


def _parameters(value: Value) -> dict[str, Value]:
    if not isinstance(value, list):
        return {}
    names = (octets_of(name).decode("ascii", "replace").lower() for name in value[::2])
    return dict(zip(names, value[1::2], strict=False))


def _token(value: Value) -> str:
    word = octets_of(value).decode("ascii", "replace").lower()
    return word if _TOKEN.fullmatch(word) else ""


def rebuilt(header: bytes, leaves: Sequence[Part], mime: Mapping[str, bytes], contents: Mapping[str, bytes]) -> bytes:
    """The message again, with its own header fields, the multiparts around its leaves, and empty attachments."""
    if not leaves or not leaves[0].within:
        return _ended(header) + contents.get("1", b"")
    seed = hashlib.sha256(b"\0".join((header, *contents.values(), *mime.values()))).hexdigest()[:32]
    lines = [_CONTENT_FIELD.sub(b"", header).rstrip(b"\r\n"), b"MIME-Version: 1.0"]
    lines.extend(_woven(leaves, seed, mime, contents))
    return b"\r\n".join(lines) + b"\r\n"


def _woven(
    leaves: Sequence[Part], seed: str, mime: Mapping[str, bytes], contents: Mapping[str, bytes]
) -> Iterator[bytes]:
    """The lines of a multipart message: boundaries open and close as the leaves' multiparts do."""
    opened: tuple[Multipart, ...] = ()
    for leaf in leaves:
        shared = 0
        while shared < min(len(opened), len(leaf.within)) and opened[shared] == leaf.within[shared]:
            shared += 1
        for closed in reversed(opened[shared:]):
            yield b"--%s--" % _boundary(closed, seed)
        for depth, multipart in enumerate(leaf.within[shared:], shared):
            if depth:
                yield b"--%s" % _boundary(leaf.within[depth - 1], seed)
            yield _content_type(multipart, seed)
            yield b""
        opened = leaf.within
        yield b"--%s" % _boundary(opened[-1], seed)
        yield _ended(mime.get(leaf.section, b"")) + contents.get(leaf.section, b"")
    for closed in reversed(opened):
        yield b"--%s--" % _boundary(closed, seed)


def _boundary(multipart: Multipart, seed: str) -> bytes:
    return f"{seed}-{multipart.section or '0'}".encode()


def _content_type(multipart: Multipart, seed: str) -> bytes:
    report = f"; report-type={multipart.report_type}" if multipart.report_type else ""
    return b'Content-Type: multipart/%s%s; boundary="%s"' % (
        multipart.subtype.encode(),
        report.encode(),
        _boundary(multipart, seed),
    )


def _ended(header: bytes) -> bytes:
    text = header.strip(b"\r\n")
    return text + b"\r\n\r\n" if text else b"\r\n"
