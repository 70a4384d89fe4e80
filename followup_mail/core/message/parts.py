"""MIME: octets to their leaf parts, decoded, with a stack of our own and every cap in front (RFC 2045, 2046)."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from followup_mail.core.message.fields import BLOCK_CAP, Fields, first, parse_parameters, read_fields, split_block
from followup_mail.core.who import decode_base64, decode_octets, decode_words

OCTETS_CAP = 30 * 1024 * 1024
_DEPTH_CAP = 20
_PARTS_CAP = 200
_PADDING_CAP = 1_000  # blanks behind a delimiter (RFC 2046 section 5.1.1: transport padding)
_TEXT_CAP = 1024 * 1024  # octets of one text part
_SKIPPED = ("image/", "audio/", "video/", "font/")


HEADER = "message/x-header"  # the type of the Part that holds an attached message's header fields


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf of a message's tree."""

    content_type: str
    params: dict[str, str]
    fields: Fields
    disposition: str
    filename: str
    octets: bytes  # transfer encoding undone
    group: int  # of the multipart/alternative it stands in, 0 for none
    forwarded: bool  # inside a message/rfc822
    report: bool = False  # inside a multipart/report

    @property
    def text(self) -> str:
        """The octets as text in the part's charset, capped."""
        return decode_octets(self.octets[:_TEXT_CAP], _charset(self))[0]


_LEADING_BLANKS = re.compile(rb"\A(?:\s*\n)?(?=[!-9;-~]+[ \t]*:)")
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_-]{2,30})", re.IGNORECASE)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def _charset(part: Part) -> str:
    if part.octets.startswith(_UTF_16):
        return "utf-16"
    declared = part.params.get("charset", "")
    if not declared and part.content_type == "text/html":
        match = _META.search(part.octets[:4096])
        return match[1].decode("ascii") if match else ""
    return declared


@dataclass(slots=True)
class _Node:
    octets: bytes
    depth: int = 0
    group: int = 0
    forwarded: bool = False
    report: bool = False
    default_type: str = "text/plain"
    message: bool = False  # an attached message's outermost node


@dataclass(slots=True)
class Tree:
    """The leaves of a message in order, and what was wrong with it."""

    fields: Fields = field(default_factory=dict)
    params: dict[str, str] = field(default_factory=dict)  # of the outer Content-Type
    content_type: str = ""
    parts: list[Part] = field(default_factory=list)
    defects: dict[str, None] = field(default_factory=dict)
    types: dict[str, None] = field(default_factory=dict)  # every content type met outside of attached messages
    groups: int = 0


def _undo_encoding(octets: bytes, encoding: str, tree: Tree) -> bytes:
    if encoding == "base64":
        return decode_base64(octets)
    if encoding in {"quoted-printable", "quoted_printable", "quotedprintable"}:
        return binascii.a2b_qp(octets)
    if encoding not in {"", "7bit", "8bit", "binary"}:
        tree.defects["encoding-unknown"] = None
    return octets


def _split_multipart(octets: bytes, boundary: str) -> list[bytes]:
    """The parts between boundary lines; the last one may lack its end (RFC 2046 section 5.1.1)."""
    parts: list[bytes] = []
    start = -1
    for line_start, line_end, closes in _find_delimiters(octets, b"--" + boundary.encode("utf-8", "replace")):
        if start >= 0:
            parts.append(octets[start:line_start].removesuffix(b"\n").removesuffix(b"\r"))
        start = -1 if closes else line_end
        if closes or len(parts) >= _PARTS_CAP:
            break
    if start >= 0 and len(parts) < _PARTS_CAP:
        parts.append(octets[start:])
    return parts


def _find_delimiters(octets: bytes, delimiter: bytes) -> Iterator[tuple[int, int, bool]]:
    """Where each delimiter's line begins and ends, and whether it is the closing one."""
    at = octets.find(delimiter)
    while at >= 0:
        behind = at + len(delimiter)
        if at == 0 or octets[at - 1] == 10:
            stop = octets.find(b"\n", behind)
            end = len(octets) if stop < 0 else stop + 1
            rest = octets[behind : min(end, behind + _PADDING_CAP)].strip(b" \t\r\n")
            if rest in {b"", b"--"}:
                yield at, end, rest == b"--"
                behind = end
        at = octets.find(delimiter, behind)


def _content_type(fields: Fields, default: str) -> tuple[str, dict[str, str]]:
    content_type, params = parse_parameters(first(fields, "content-type"))
    content_type = "".join(content_type.split())
    if not content_type:
        return default, params
    if content_type.count("/") != 1:
        return {"text": "text/plain", "html": "text/html"}.get(content_type, "text/plain"), params
    return content_type, params


def _read_header(octets: bytes, tree: Tree) -> tuple[Fields, bytes]:
    block, body_at = split_block(octets)
    fields, early, defects = read_fields(block)
    tree.defects.update(dict.fromkeys(defects))
    if len(block) == BLOCK_CAP:
        tree.defects["header-capped"] = None
    return fields, octets[early if early >= 0 else body_at :]


def _children(node: _Node, content_type: str, params: dict[str, str], body: bytes, tree: Tree) -> list[_Node] | None:
    """The nodes inside a multipart or an attached message; None for a leaf."""
    if content_type in {"message/rfc822", "message/global"}:
        return [_Node(body, node.depth + 1, node.group, forwarded=True, report=node.report, message=True)]
    if not content_type.startswith("multipart/"):
        return None
    sections = _split_multipart(body, params["boundary"][:200]) if params.get("boundary") else []
    if not sections:
        tree.defects["multipart-unreadable"] = None
        return None
    tree.groups += content_type == "multipart/alternative"
    group = tree.groups if content_type == "multipart/alternative" else 0
    default = "message/rfc822" if content_type == "multipart/digest" else "text/plain"
    report = node.report or content_type == "multipart/report"
    return [
        _Node(section, node.depth + 1, node.group or group, node.forwarded, report, default) for section in sections
    ]


def _leaf(node: _Node, fields: Fields, body: bytes, *, content_type: str, params: dict[str, str], tree: Tree) -> Part:
    disposition, disposition_params = parse_parameters(first(fields, "content-disposition"))
    skipped = content_type.startswith(_SKIPPED)
    encoding = first(fields, "content-transfer-encoding").lower().strip().split(";")[0]
    return Part(
        content_type="text/plain" if content_type.startswith("multipart/") else content_type,
        params=params,
        fields=fields,
        disposition=disposition,
        filename=decode_words(disposition_params.get("filename") or params.get("name") or ""),
        octets=b"" if skipped else _undo_encoding(body, encoding, tree),
        group=node.group,
        forwarded=node.forwarded,
        report=node.report,
    )


def _visit(node: _Node, tree: Tree) -> list[_Node]:
    """Take a node in; what is to be visited inside it."""
    fields, body = _read_header(node.octets, tree)
    content_type, params = _content_type(fields, node.default_type)
    if node.depth == 0:
        tree.fields, tree.content_type, tree.params = fields, content_type, params
    if not node.forwarded:
        tree.types[content_type] = None
    if node.message:
        tree.parts.append(Part(HEADER, {}, fields, "", "", b"", node.group, forwarded=True, report=node.report))
    if node.depth >= _DEPTH_CAP and content_type.startswith(("multipart/", "message/")):
        tree.defects["depth-capped"] = None
        return []
    if content_type == "message/rfc822":
        encoding = first(fields, "content-transfer-encoding").lower().strip()
        body = _undo_encoding(body, encoding, tree) if encoding == "base64" else body.lstrip(b"\r\n")
    children = _children(node, content_type, params, body, tree)
    if children is None:
        tree.parts.append(_leaf(node, fields, body, content_type=content_type, params=params, tree=tree))
        return []
    return children


def undo_blanks(octets: bytes) -> bytes:
    """The octets without blank lines before their header; bare CRs as line ends where there are no others."""
    if b"\n" not in octets:
        octets = octets.replace(b"\r", b"\n")
    return _LEADING_BLANKS.sub(b"", octets[:1000]) + octets[1000:]


def read_tree(octets: bytes) -> Tree:
    """The leaves of a message; total. A breached cap leaves out what lies behind it and says a defect."""
    tree = Tree()
    if len(octets) > OCTETS_CAP:
        octets = octets[:OCTETS_CAP]
        tree.defects["octets-capped"] = None
    stack = [_Node(undo_blanks(octets))]
    visits = 0
    while stack:
        visits += 1
        if visits > _PARTS_CAP:
            tree.defects["parts-capped"] = None
            break
        stack.extend(reversed(_visit(stack.pop(), tree)))
    return tree
