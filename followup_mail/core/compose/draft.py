"""Action and letter to the octets of a draft: RFC 5322, written out by hand and read again before it leaves."""

import re
import unicodedata
from datetime import datetime
from email import policy
from email.errors import MessageError as ParserError
from email.header import Header
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime

from followup_mail.core.case import Case
from followup_mail.core.compose.letter import Draft, Identity, Letter
from followup_mail.core.compose.lint import placeholders
from followup_mail.core.plan import PlaceDraft
from followup_mail.errors import MessageError

VALUE_CAP = 200
"""Characters of a header value or a name."""

_TEXT_CAP = 20_000
_REFERENCES_MOST = 20
_MESSAGE_ID_CAP = 76
_LINE = 78  # RFC 5322 2.1.1
_ADDRESSES = frozenset({"From", "To"})
_PART_FIELDS = ("Content-Type", "Content-Transfer-Encoding", "MIME-Version")
_ADDR_SPEC = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{3,250}>")
_SPACES = re.compile(r" +")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_REPLY_PREFIX = re.compile(r"(?:re|aw|antw|sv|fwd?|wg|rv|enc|tr|res|rif|i|r|vs)(?:\[\d{1,3}\])?\s?:\s*", re.IGNORECASE)
# C0, C1, line and paragraph separators, bidi controls, zero-width and other invisible characters
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


def plain(value: str, cap: int = VALUE_CAP) -> str:
    """The value as one line of plain `str`: NFC, nothing invisible, single spaces, at most `cap` characters."""
    return " ".join(_visible(value[: cap * 4]).split())[:cap].rstrip()


def _visible(value: str) -> str:
    value = unicodedata.normalize("NFC", value)
    return "".join(c for c in _UNSAFE.sub(" ", value) if not 0xD800 <= ord(c) <= 0xDFFF)


def new_message_id(random: bytes | str, domain: str) -> str:
    """A Message-ID of at most 76 characters on the owner's own domain (RFC 5322 3.6.4).

    `random` is at least 16 octets, or 16 letters and digits, of chance.
    """
    left = random.hex() if isinstance(random, bytes) else re.sub(r"[^a-z0-9]", "", random.lower())
    right = domain.lower().strip(".")
    room = _MESSAGE_ID_CAP - 3 - len(right)
    while room < 24 and "." in right:
        # a very long domain: its last labels are still the owner's
        right = right.partition(".")[2]
        room = _MESSAGE_ID_CAP - 3 - len(right)
    message_id = f"<{left[: min(room, 40)]}@{right}>"
    if min(len(left), room) < 16 or not _ADDR_SPEC.fullmatch(message_id[1:-1]):
        raise MessageError(f"no Message-ID can be made on the domain {plain(domain, 80)!r}")
    return message_id


def base_subject(subject: str) -> str:
    """A thread's subject without its "Re:", "AW:", "Fwd:" … in front."""
    subject = plain(subject)
    while match := _REPLY_PREFIX.match(subject):
        subject = subject[match.end() :]
    return subject


def subject_for(action: PlaceDraft, letter: Letter) -> str:
    """The thread's own subject after "Re: " in a reply, else the letter's."""
    base = base_subject(action.reply_to.subject) if action.reply_to else ""
    return plain(f"Re: {base}") if base else plain(letter.subject)


def compose(
    action: PlaceDraft, case: Case, *, identity: Identity, letter: Letter, message_id: str, now: datetime
) -> Draft:
    """The draft, ready for APPEND: one recipient, one text part, nothing but what was meant.

    `now` is aware and becomes the Date field. Raises MessageError where the letter has a placeholder, no address or
    text is known, or the octets, read again, do not say what was meant.
    """
    recipient = action.recipient
    if not recipient.addr_spec or not _ADDR_SPEC.fullmatch(recipient.addr_spec):
        raise MessageError(f"case {case.id}: no address to write this letter to")
    if not _ADDR_SPEC.fullmatch(identity.addr_spec):
        raise MessageError("the owner's own address cannot be written into a draft")
    if not _MESSAGE_ID.fullmatch(message_id) or len(message_id) > _MESSAGE_ID_CAP:
        raise MessageError("a draft needs a Message-ID of at most 76 characters")
    text = _signed(_plain_text(letter.text), letter, identity)
    subject = subject_for(action, letter)
    holes = placeholders(f"{letter.subject}\n{letter.text}")
    if holes or not text or not subject:
        raise MessageError(f"letter {letter.name}: {'; '.join(holes) or 'its text or subject is empty'}")
    headers = {
        "From": _address(identity.name, identity.addr_spec),
        "To": _address(recipient.display_name, recipient.addr_spec),
        "Subject": subject,
        "Date": format_datetime(now),
        "Message-ID": message_id,
        **_threading(action),
    }
    octets = _octets(headers, text)
    _require_same(octets, headers, text, identity=identity, action=action)
    return Draft(
        key=action.key,
        message_id=message_id,
        octets=octets,
        recipients=(recipient.addr_spec,),
        text=text,
        letter=letter.name,
        headers=headers,
    )


def _plain_text(text: str) -> str:
    """The letter's text: a line a paragraph, one blank line between them, nothing invisible.

    A non-breaking space stays: French has one before a colon.
    """
    lines = (_SPACES.sub(" ", _visible(line)).strip() for line in text[:_TEXT_CAP].replace("\r\n", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _signed(text: str, letter: Letter, identity: Identity) -> str:
    """The text with the owner's signature: in the place of a closing name where it begins with the name."""
    signature = _plain_text(identity.signature)
    if not signature or not text or letter.text.endswith(identity.signature):
        return text
    body, _, last = text.rpartition("\n")
    name = plain(identity.name)
    if body and plain(signature.split("\n", 1)[0]) == name and name.startswith(last):
        return f"{body}\n{signature}"
    return f"{text}\n{signature}"


def _address(display_name: str, addr_spec: str) -> str:
    """An Address as text: what it should read as once decoded."""
    name = plain(display_name)
    return f"{name} <{addr_spec}>" if name else addr_spec


def _threading(action: PlaceDraft) -> dict[str, str]:
    """In-Reply-To and References (the first id and the newest, RFC 5322 3.6.4), only in a reply.

    Both, because some clients keep only one of them. An id that is no msg-id is left out.
    """
    target = action.reply_to
    if target is None or not _MESSAGE_ID.fullmatch(target.message_id):
        return {}
    earlier = [i for i in dict.fromkeys(target.references) if i != target.message_id and _MESSAGE_ID.fullmatch(i)]
    ids = [*earlier, target.message_id]
    if len(ids) > _REFERENCES_MOST:
        ids = [ids[0], *ids[1 - _REFERENCES_MOST :]]
    return {"In-Reply-To": target.message_id, "References": " ".join(ids)}


def _octets(headers: dict[str, str], text: str) -> bytes:
    """The message by hand, because `email.policy` before 3.13.1 encodes long ids as words (RFC 2047).

    With a line length that avoids it, the same policy writes encoded words longer than the 75 characters allowed.
    """
    lines = [f"{name}: {_field(name, value)}" for name, value in headers.items()]
    part = EmailMessage(policy=policy.SMTP.clone(max_line_length=76))
    seven_bit = text.isascii() and all(len(line) <= 900 for line in text.split("\n"))
    part.set_content(text, charset="utf-8", cte="7bit" if seven_bit else "quoted-printable")
    return "\r\n".join(lines).encode("ascii") + b"\r\n" + part.as_bytes()


def _field(name: str, value: str) -> str:
    """A header value as ASCII, folded."""
    if name == "References":
        return value.replace(" ", "\r\n ")
    if name in {"From", "To"} and value.endswith(">"):
        display_name, _, angle = value.rpartition(" ")
        phrase = _phrase(display_name, name)
        return f"{phrase} {angle}" if len(f"{name}: {phrase} {angle}") <= _LINE else f"{phrase}\r\n {angle}"
    return _encoded(value, name) if name == "Subject" else value


def _phrase(display_name: str, name: str) -> str:
    """A display name as RFC 5322 phrase: atoms, else a quoted string, else encoded words."""
    if not display_name.isascii() or "=?" in display_name:
        return _encoded(display_name, name)
    if _ATOMS.fullmatch(display_name):
        return display_name
    return '"' + display_name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _encoded(value: str, name: str) -> str:
    if value.isascii() and "=?" not in value:
        return value
    return Header(value, "utf-8", maxlinelen=75, header_name=name).encode(linesep="\r\n")


def _require_same(octets: bytes, headers: dict[str, str], text: str, *, identity: Identity, action: PlaceDraft) -> None:
    """Read the octets again and compare them with what was meant; MessageError where they differ."""
    try:
        message = BytesParser(policy=policy.default).parsebytes(octets)
        read = (
            list(message.keys()),
            {name: str(message[name]) for name in headers if name not in _ADDRESSES},
            _addresses(message, "From"),
            _addresses(message, "To", "Cc", "Bcc"),
            message.get_content().replace("\r\n", "\n").rstrip("\n"),
        )
    except (ParserError, ValueError, LookupError, AttributeError) as error:
        raise MessageError(
            f"the draft for case {action.case_id} cannot be read again: {type(error).__name__}"
        ) from error
    meant = (
        [*headers, *_PART_FIELDS],
        {name: value for name, value in headers.items() if name not in _ADDRESSES},
        [(_spaceless(identity.name), identity.addr_spec)],
        [(_spaceless(action.recipient.display_name), action.recipient.addr_spec)],
        text,
    )
    if read != meant or max(map(len, octets.split(b"\r\n"))) > 998:
        raise MessageError(f"the draft for case {action.case_id} would not say what was meant")


def _addresses(message: EmailMessage, *names: str) -> list[tuple[str, str]]:
    return [
        (_spaceless(address.display_name), address.addr_spec)
        for name in names
        for field in message.get_all(name, [])
        for address in field.addresses
    ]


def _spaceless(display_name: str) -> str:
    """The name for comparison: the library's parser leaves spaces between the encoded words of one name."""
    return plain(display_name).replace(" ", "")
