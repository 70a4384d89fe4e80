"""The owner's digest: what was drafted and why, what waits for a word, what is due next. Values in, octets out."""

import quopri
import re
import textwrap
import unicodedata
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from followup_mail.errors import MessageError

_WIDTH = 72
_VALUE_CAP = 200
_EVIDENCE_CAP = 140
_ADDR_SPEC = re.compile(r"[!-~]{1,64}@[!-~]{1,253}")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,200}@[!-;=?-~]{1,200}>")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_PURPOSES = {
    "thank_you": "A thank-you",
    "status_check": "A question how things stand",
    "rejection_reply": "An answer to a rejection",
    "feedback_request": "A request for feedback",
    "additional_info": "Something you promised",
    "stay_in_touch": "A line to stay in touch",
}


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One draft that was placed.

    `about` names what it follows ("Backend Engineer, Larkspur Health"), `start` is that interview's,
    aware. `evidence` are the quoted words that led to it; `hint` says what would make the letter better.
    """

    recipient: str
    purpose: str  # as in Purpose
    about: str = ""
    start: datetime | None = None
    evidence: str = ""
    hint: str = ""
    passed_on_to: tuple[str, ...] = ()  # people thanked through the recipient


@dataclass(frozen=True, slots=True)
class DigestQuestion:
    """One open question, and the command that answers it."""

    question: str
    answer_with: str


@dataclass(frozen=True, slots=True)
class DigestDue:
    """What comes next, at an aware moment."""

    what: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything one digest says; `addr_spec` is the owner's address it goes from and to."""

    owner: str
    addr_spec: str
    drafted: tuple[DigestEntry, ...] = ()
    questions: tuple[DigestQuestion, ...] = ()
    reminders: tuple[str, ...] = ()
    due_next: tuple[DigestDue, ...] = ()


def write_digest(digest: Digest, *, message_id: str, now: datetime) -> bytes:
    """One message from the owner to the owner: text/plain, RFC 3834 auto-generated, CRLF and ASCII octets.

    `now` is aware, in the owner's zone; moments are told in that zone. The subject names no employer and no person.
    Raises MessageError for an address or Message-ID that is not plain.
    """
    if not _ADDR_SPEC.fullmatch(digest.addr_spec) or not _MESSAGE_ID.fullmatch(message_id):
        raise MessageError("The digest needs a plain address of the owner and a plain Message-ID.")
    mailbox = f"{_display_name(digest.owner)}<{digest.addr_spec}>"
    fields = (
        f"From: {mailbox}",
        f"To: {mailbox}",
        f"Subject: {digest_subject(digest)}",
        f"Date: {format_datetime(now)}",
        f"Message-ID: {message_id}",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
    )
    body = quopri.encodestring(digest_text(digest, now=now).encode("utf-8"))
    return "\r\n".join((*fields, "", "")).encode("ascii") + body.replace(b"\n", b"\r\n")


def digest_subject(digest: Digest) -> str:
    """A subject fit for a lock screen: how much waits, and nothing of whom or what it is about."""
    drafts, questions = len(digest.drafted), len(digest.questions)
    if drafts and questions:
        return f"{_counted(drafts, 'draft')} and {_counted(questions, 'question')} wait for you"
    if drafts:
        return f"{_counted(drafts, 'draft')} {'waits' if drafts == 1 else 'wait'} in your Drafts"
    if questions:
        return f"{_counted(questions, 'question')} {'waits' if questions == 1 else 'wait'} for you"
    return "A word about what comes next"


def digest_text(digest: Digest, *, now: datetime) -> str:
    r"""The digest's text with `\n` line ends and short lines; also what a terminal may show."""
    blocks = [f"Hello {_line(digest.owner).partition(' ')[0] or 'there'},"]
    blocks.extend(_drafted(digest.drafted, now))
    blocks.extend(_questions(digest.questions))
    blocks.extend(_wrapped(reminder) for reminder in digest.reminders)
    blocks.extend(_due_next(digest.due_next, now))
    blocks.append("Nothing leaves your mailbox until you send it yourself.")
    return "\n\n".join(blocks) + "\n"


def say_moment(moment: datetime, *, now: datetime) -> str:
    """A moment in words, in the zone of `now`: "Thursday, 3 December, 14:00", with the year where it is another."""
    local = moment.astimezone(now.tzinfo)
    year = "" if local.year == now.year else f" {local.year}"
    return f"{_WEEKDAYS[local.weekday()]}, {local.day} {_MONTHS[local.month - 1]}{year}, {local:%H:%M}"


def _drafted(entries: tuple[DigestEntry, ...], now: datetime) -> Iterator[str]:
    if not entries:
        return
    one = len(entries) == 1
    yield _wrapped(
        f"{_counted(len(entries), 'draft')} {'waits' if one else 'wait'} in your Drafts. "
        f"Read {'it' if one else 'them'} over, change what you like, and send {'it' if one else 'them'} "
        "when it suits you."
    )
    for entry in entries:
        yield "\n".join(_entry_lines(entry, now))


def _entry_lines(entry: DigestEntry, now: datetime) -> Iterator[str]:
    yield _wrapped(f"To {entry.recipient}")
    about = f": {_line(entry.about)}" if entry.about else ""
    start = f" (interview on {say_moment(entry.start, now=now)})" if entry.start else ""
    yield _wrapped(f"{_PURPOSES.get(entry.purpose, 'A letter')}{about}{start}.", indent="  ", cap=3 * _VALUE_CAP)
    if entry.passed_on_to:
        yield _wrapped(f"It asks to pass your thanks on to {_listed(entry.passed_on_to)}.", indent="  ", cap=1000)
    if entry.evidence:
        yield _wrapped(f"Why: “{_line(entry.evidence, cap=_EVIDENCE_CAP)}”", indent="  ")
    if entry.hint:
        yield _wrapped(entry.hint, indent="  ")


def _questions(questions: tuple[DigestQuestion, ...]) -> Iterator[str]:
    if not questions:
        return
    yield "One thing I would rather ask than guess:" if len(questions) == 1 else "I would rather ask than guess:"
    for question in questions:
        yield _wrapped(question.question, indent="  ", cap=500) + f"\n  To answer: {_line(question.answer_with)}"


def _due_next(due_next: tuple[DigestDue, ...], now: datetime) -> Iterator[str]:
    if not due_next:
        return
    lines = (_wrapped(f"{say_moment(due.due, now=now)}: {_line(due.what)}", indent="  ", cap=400) for due in due_next)
    yield "\n".join(("What comes next:", *lines))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _listed(names: tuple[str, ...]) -> str:
    plain = [_line(name) for name in names]
    return plain[0] if len(plain) == 1 else f"{', '.join(plain[:-1])} and {plain[-1]}"


def _line(text: str, *, cap: int = _VALUE_CAP) -> str:
    """The text on one line: NFC, without control, bidi and zero-width characters, cut at `cap`."""
    shown = unicodedata.normalize("NFC", text[: 4 * cap])
    shown = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in shown)
    shown = " ".join(shown.split())
    return shown if len(shown) <= cap else shown[: cap - 1].rstrip() + "…"


def _wrapped(text: str, *, indent: str = "", cap: int = 2 * _VALUE_CAP) -> str:
    return textwrap.fill(
        _line(text, cap=cap),
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _display_name(name: str) -> str:
    """The owner's name as an RFC 5322 phrase with a space behind it, an RFC 2047 word where it is not ASCII."""
    shown = _line(name, cap=60)
    if not shown.isascii():
        cut = shown.encode("utf-8")[:45].decode("utf-8", "ignore").rstrip()  # one word: readers part two by a space
        return f"=?utf-8?b?{b64encode(cut.encode()).decode()}?= "
    plain = " ".join(re.sub(r"[^A-Za-z0-9 .'-]", " ", shown).replace(".", " ").split())
    return f"{plain} " if plain else ""
