"""Who a message names: addresses (RFC 5322) and people in prose."""

import binascii
import codecs
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email


class Role(StrEnum):
    """What somebody is in a hiring process."""

    INTERVIEWER = "interviewer"
    HIRING_MANAGER = "hiring_manager"
    RECRUITER = "recruiter"
    COORDINATOR = "coordinator"
    AGENCY = "agency"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox of RFC 5322 section 3.4: sanitised display name, addr-spec with its domain in lower case."""

    addr_spec: str
    display_name: str = ""

    @property
    def domain(self) -> str:
        """The part right of the last at sign."""
        return self.addr_spec.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a hiring process; `addr_spec` is None for one known by name only, never guessed."""

    display_name: str = ""
    addr_spec: str | None = None
    role: Role = Role.INTERVIEWER
    title: str | None = None  # their job, as the message has it: "Staff Engineer"
    signs_as: str | None = None  # how they sign: "Tom"
    honorific: str | None = None  # only if a message says so: "Ms", "Frau Dr."


_VALUE_CAP = 65_536  # characters of one address field
_ADDRESS_CAP = 200  # addresses of one field
_WORD_CAP = 200  # encoded words of one value
_SPACES = re.compile(r"\s+")
_INVISIBLE = frozenset({"Cf", "Cs", "Co", "Cn"})
_BLANK = frozenset({"Cc", "Zs", "Zl", "Zp"})


def sanitise(text: str, most: int = 200) -> str:
    """One line of visible text: NFC, no controls, separators, bidi or zero-width characters, at most `most` characters.

    White space of any kind becomes one space.
    """
    text = text[: most * 4]
    if not (text.isascii() and text.isprintable()):
        kept = []
        for character in unicodedata.normalize("NFC", text):
            category = unicodedata.category(character)
            if category in _BLANK:
                kept.append(" ")
            elif category not in _INVISIBLE:
                kept.append(character)
        text = "".join(kept)
    return _SPACES.sub(" ", text).strip()[:most].rstrip()


_CHARSET_ALIASES = {
    "": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "windows-874": "cp874",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "x-unknown": "utf-8",
    "unknown-8bit": "utf-8",
}
# Codecs that are no charsets, or whose decoders are slower than linear.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
_MISREAD = "�"


def find_codec(charset: str) -> str | None:
    """The name of the text codec for a MIME charset (RFC 2046 section 4.1.2), None for one nobody knows."""
    name = charset.strip().strip("'\"").lower()[:40]
    name = _CHARSET_ALIASES.get(name, name)
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    is_text = getattr(codec, "_is_text_encoding", True)
    return None if codec.name.replace("-", "_") in _NO_CHARSETS or not is_text else codec.name


def decode_octets(octets: bytes, charset: str = "") -> tuple[str, bool]:
    """The text of octets in a declared charset, and whether that declaration held.

    Where it did not, UTF-8 is tried, then Windows-1252; UTF-8 may have a few damaged characters, or be cut at its end.
    """
    codec = find_codec(charset)
    if codec is not None:
        try:
            return octets.decode(codec), True
        except (UnicodeError, ValueError):
            pass
    text = octets.decode("utf-8", "replace")
    damaged = text.count(_MISREAD)
    foreign = len(text) - len(text.encode("ascii", "ignore")) - damaged
    if damaged * 3 <= foreign or (damaged == 1 and text.endswith(_MISREAD)):
        return text, False
    return octets.decode("cp1252" if codec in {None, "utf-8"} else codec, "replace"), False


_ENCODED_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,20})?\?([BbQq])\?([^?]{0,4096})\?=")


def _word_octets(encoding: str, text: str) -> bytes:
    octets = text.encode("ascii", "ignore")
    if encoding in "Bb":
        return decode_base64(octets)
    return binascii.a2b_qp(octets, header=True)


def decode_base64(octets: bytes) -> bytes:
    """Base64 (RFC 4648) with everything foreign left out and the padding mended; never raises."""
    octets = re.sub(rb"[^A-Za-z0-9+/]", b"", octets)
    surplus = len(octets) % 4
    if surplus == 1:
        octets = octets[:-1]
    elif surplus:
        octets += b"=" * (4 - surplus)
    return binascii.a2b_base64(octets)


def decode_words(text: str, most: int = 200) -> str:
    """A header value with its encoded words (RFC 2047) decoded, sanitised, at most `most` characters."""
    if "=?" not in text:
        return sanitise(text, most)
    text = text[: max(most * 40, 8_000)]
    pieces: list[str] = []
    pending, charset, position = b"", "", 0
    for count, match in enumerate(_ENCODED_WORD.finditer(text)):
        if count == _WORD_CAP:
            break
        between = text[position : match.start()]
        adjacent = position > 0 and not between.strip()
        # One character's octets may be spread over two adjacent words, so these are joined before decoding.
        if not (adjacent and match[1].lower() == charset):
            pieces.append(decode_octets(pending, charset)[0])
            pending, charset = b"", match[1].lower()
        if not adjacent:
            pieces.append(between)
        pending += _word_octets(match[2], match[3])
        position = match.end()
    pieces.extend((decode_octets(pending, charset)[0], text[position:]))
    return sanitise("".join(pieces), most)


@lru_cache(maxsize=4096)
def check_addr_spec(addr_spec: str) -> str | None:
    """The addr-spec normalised (domain in lower case), None where its syntax is wrong (RFC 5321, 5322, 6531)."""
    try:
        checked = validate_email(
            addr_spec[:320], check_deliverability=False, globally_deliverable=False, allow_quoted_local=True
        )
    except (EmailNotValidError, ValueError):
        return None
    return f"{checked.local_part}@{checked.domain.lower()}"


# An encoded word is one piece, whatever stands in it.
_PIECE = re.compile(
    r'=\?[^?\s]{1,60}\?[BbQq]\?[^?\s]{0,1000}\?=|"(?:[^"\\]|\\.)*"?|[(),:;<>]|\\.|[^"(),:;<>\\=]+|.', re.DOTALL
)
_LEAD = re.compile(r"^(?:(?:@[^,:@]{1,255},?)+|mailto):", re.IGNORECASE)  # a source route, or a link's scheme


@dataclass(slots=True)
class _Member:
    """One address of a field while its pieces come in."""

    phrase: str = ""
    angle: str = ""
    comment: str = ""
    closed: bool = True  # False between "<" and ">"

    def take(self, piece: str) -> None:
        if piece == "<":
            self.closed, self.angle = False, ""
        elif piece == ">":
            self.closed = True
        elif self.closed:
            self.phrase += piece
        else:
            self.angle += piece

    def ends_at(self, piece: str) -> bool:
        """Whether the piece parts this member from the next; colons, and a route's commas, stand in its angle."""
        if self.closed:
            return piece in {",", ";", ":"}
        return piece in {",", ";"} and not self.angle.lstrip().startswith("@")


def _split_members(value: str) -> list[_Member]:
    """The members of an address field, groups flattened (RFC 5322 section 3.4), comments apart; linear."""
    members = [_Member()]
    depth = 0
    for match in _PIECE.finditer(value):
        piece, member = match[0], members[-1]
        if depth or piece == "(":
            depth += {"(": 1, ")": -1}.get(piece, 0)
            member.comment += piece.strip("()")
        elif not member.ends_at(piece):
            member.take(piece)
        elif piece == ":":
            members[-1] = _Member()
        else:
            members.append(_Member())
            if len(members) > _ADDRESS_CAP:
                break
    return members


def _unquote(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text).replace('"', "") if '"' in text else text


def _display_name(text: str, addr_spec: str) -> str:
    name = decode_words(_unquote(text))
    if len(name) > 1 and name[0] == name[-1] == "'":
        name = name[1:-1].strip()
    return "" if name.lower() == addr_spec.lower() else name


def _bare(member: _Member) -> tuple[str, str]:
    """Name and addr-spec of a member without angle brackets: "ana@x (Ana)", or a name with the brackets forgotten."""
    words = member.phrase.split()
    specs = [word for word in words if "@" in word]
    if len(specs) != 1:
        return "", member.phrase.strip()
    rest = " ".join(word for word in words if word is not specs[0])
    return rest or member.comment, specs[0].strip("[]'\"")


def _read_member(member: _Member, before: str) -> Address | None:
    if member.angle:
        name = before + (member.phrase.strip() or member.comment)
        spec = _LEAD.sub("", member.angle.strip())
    else:
        name, spec = _bare(member)
    checked = check_addr_spec("".join(spec.split()))
    return None if checked is None else Address(checked, _display_name(name, checked))


def parse_addresses(value: str) -> tuple[tuple[Address, ...], tuple[str, ...]]:
    """The addresses of an address field's undecoded value, and its defects; total, linear, at most 200 addresses.

    Groups are flattened, comments serve as names where there are no others, "Lima, Ana <ana@…>" keeps its comma.
    Encoded words are decoded after splitting, so that they cannot bring addresses in (RFC 2047 section 5).
    """
    defects = []
    if len(value) > _VALUE_CAP:
        value = value[:_VALUE_CAP]
        defects.append("addresses-capped")
    addresses: list[Address] = []
    before = ""
    for member in _split_members(value)[:_ADDRESS_CAP]:
        phrase = member.phrase.strip()
        if not member.angle and "@" not in phrase:
            before = f"{phrase}, " if phrase else ""
            if not member.closed:
                defects.append("address-unreadable")
            continue
        address = _read_member(member, before)
        before = ""
        if address is None:
            defects.append("address-unreadable")
        elif address.addr_spec not in {known.addr_spec for known in addresses}:
            addresses.append(address)
    return tuple(addresses), tuple(dict.fromkeys(defects))
