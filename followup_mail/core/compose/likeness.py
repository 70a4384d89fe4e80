"""Octets and text to a fingerprint, a likeness, and the draft an owner's letter once was."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message as EmailMessage
from email.parser import BytesParser
from email.policy import compat32
from html import unescape

from followup_mail.core.case import DraftKey, DraftState
from followup_mail.core.message import Message
from followup_mail.core.plan import JournalEntry

ALIKE = 0.7
"""From this likeness on, a letter to the same recipient is one of ours (inbox-zero's threshold)."""

ALIKE_IN_THREAD = 0.4
"""The same within the draft's own thread: a heavily edited letter, yet no "confirmed, see you then"."""

_OCTETS_CAP = 4_000_000
_HEADER_CAP = 65_536
_PARTS_CAP = 40
_TEXT_CAP = 40_000
_WORDS_CAP = 400
_ADDR_SPEC = re.compile(r"[^\s<>()\",;:@]{1,64}@[^\s<>()\",;:@]{1,255}")
_NO_BREAK = re.compile("[\u00a0\u202f]")  # some clients make plain spaces of them
_OURS = frozenset({DraftState.PLACED, DraftState.EDITED, DraftState.DISCARDED, DraftState.SENT, DraftState.PLANNED})


def fingerprint(octets: bytes) -> str:
    """The sha256 (64 hex digits) of a draft's recipients, subject, text and other parts.

    The same before and after a server rewrote line ends, trailing white space, non-breaking spaces, encodings or
    header folding; another one as soon as a person changed a word, a line, a recipient or an attachment. Never raises.
    """
    message = _parsed(octets)
    if message is None:
        return hashlib.sha256(b"unreadable\0" + octets).hexdigest()
    text, others = _parts(message)
    digest = hashlib.sha256()
    for name in ("To", "Cc", "Bcc"):
        digest.update(f"{name}:{','.join(sorted(_addr_specs(message, name)))}\n".encode())
    digest.update(f"Subject:{_normal_line(_decoded(message, 'Subject'))}\n\n".encode())
    digest.update(_normal_text(_NO_BREAK.sub(" ", text)).encode())
    for other in others:
        digest.update(b"\0" + other.encode())
    return digest.hexdigest()


def text_of(octets: bytes) -> str:
    r"""The plain text of a draft with `\\n` line ends; "" where there is none. Never raises."""
    message = _parsed(octets)
    return "" if message is None else _normal_text(_parts(message)[0])


def likeness(a: str, b: str) -> float:
    """How alike two texts are, 0 to 1: difflib's ratio on their first 400 words, whatever their order or case."""
    first, second = sorted((_words(a), _words(b)))
    if not first or not second:
        return 0.0
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def recognise(message: Message, journal: Sequence[JournalEntry]) -> DraftKey | None:
    """Which of our letters an owner's message is.

    By its Message-ID; else by likeness to a letter to one of its recipients: `ALIKE`, or `ALIKE_IN_THREAD` where the
    message stands in the draft's own thread.
    """
    ours = [entry for entry in journal if entry.state in _OURS]
    for entry in ours:
        if entry.message_id is not None and entry.message_id == message.message_id:
            return entry.key
    recipients = {address.addr_spec.casefold() for address in (*message.to, *message.cc)}
    best: tuple[float, DraftKey] | None = None
    for entry in ours:
        if not entry.text or recipients.isdisjoint(_entry_addr_specs(entry)):
            continue
        alike = likeness(entry.text, message.body.fresh)
        in_thread = not set(entry.references).isdisjoint(message.references)
        if alike >= (ALIKE_IN_THREAD if in_thread else ALIKE) and (best is None or alike > best[0]):
            best = (alike, entry.key)
    return best[1] if best else None


def _entry_addr_specs(entry: JournalEntry) -> set[str]:
    return {person.addr_spec.casefold() for person in entry.recipients if person.addr_spec}


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", text[:_TEXT_CAP]).casefold())[:_WORDS_CAP]


def _parsed(octets: bytes) -> EmailMessage | None:
    """The parsed draft; None for what no client writes as a draft and a parser might choke on."""
    header, _, _ = octets.replace(b"\r\n", b"\n").partition(b"\n\n")
    if len(octets) > _OCTETS_CAP or len(header) > _HEADER_CAP or octets.lower().count(b"boundary") > _PARTS_CAP:
        return None
    # compat32 decodes nothing by itself, so that no header field can make it raise
    return BytesParser(policy=compat32).parsebytes(octets)


def _decoded(message: EmailMessage, name: str) -> str:
    """All fields of that name, decoded."""
    return ", ".join(_decoded_words(str(value)) for value in message.get_all(name, []))


def _decoded_words(value: str) -> str:
    value = re.sub(r"[\r\n]+", "", value)
    try:
        pieces = decode_header(value)
    except (HeaderParseError, ValueError):
        return value
    return "".join(
        piece if isinstance(piece, str) else _decoded_octets(piece, charset or "utf-8") for piece, charset in pieces
    )


def _decoded_octets(octets: bytes, charset: str) -> str:
    try:
        return octets.decode(charset, "replace")
    except (LookupError, ValueError):
        return octets.decode("latin-1")


def _addr_specs(message: EmailMessage, name: str) -> set[str]:
    """The addr-specs of these fields; by pattern, because the library's parser recurses on nested comments."""
    return {found.casefold() for found in _ADDR_SPEC.findall(_decoded(message, name))}


def _parts(message: EmailMessage) -> tuple[str, list[str]]:
    """The text of the first text part, and a line for each other leaf part."""
    text: str | None = None
    others: list[str] = []
    for part in _leaves(message):
        payload = part.get_payload(decode=True)
        octets = payload if isinstance(payload, bytes) else b""
        if text is None and part.get_content_maintype() == "text" and not _decoded(part, "Content-Disposition"):
            text = _text_of_part(part, octets)
            continue
        others.append(f"{part.get_content_type()} {hashlib.sha256(octets).hexdigest()}")
    return text or "", others


def _leaves(message: EmailMessage) -> Iterator[EmailMessage]:
    return (part for part in message.walk() if not part.is_multipart())


def _text_of_part(part: EmailMessage, octets: bytes) -> str:
    text = _decoded_octets(octets, part.get_content_charset("utf-8"))
    if part.get_content_subtype() == "html":
        text = unescape(re.sub(r"<[^<>]{0,2000}>", " ", text[:_TEXT_CAP]))
    return text


def _normal_line(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _normal_text(text: str) -> str:
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")
