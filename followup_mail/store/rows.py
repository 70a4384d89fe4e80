"""What the ledger answers where no type of the core says it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from followup_mail.core.case import DraftKey
from followup_mail.core.facts import Facts
from followup_mail.core.message import MessageKey


class Birth(StrEnum):
    """What a ledger was made for; it never changes."""

    LIVE = "live"
    REHEARSAL = "rehearsal"


class Passed(NamedTuple):
    """A message that triage passed over, and why. `sent_at` is aware."""

    key: MessageKey
    message_id: str | None
    reason: str
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the worker made of one message.

    `verdict` is "read", "passed", "shunted", "postponed" or what `remember` was given; `tries` counts how often reading
    it failed.
    """

    account: str
    key: MessageKey
    message_id: str | None
    verdict: str
    reason: str
    sent_at: datetime | None = None
    kind: str | None = None
    case_id: str | None = None
    tries: int = 0
    facts: Facts | None = None


@dataclass(frozen=True, slots=True)
class Intention:
    """A draft that may or may not have reached the mailbox: committed before its APPEND, not yet closed.

    `mailbox`, `uidvalidity` and `uidnext` are those of Drafts just before; `placed_before` is the place of the text it
    replaces.
    """

    key: DraftKey
    case_id: str
    account: str
    message_id: str
    octets: bytes
    text: str
    letter: str
    mailbox: str
    uidvalidity: int
    uidnext: int
    at: datetime
    recipients: tuple[str, ...] = ()  # addr-specs
    placed_before: MessageKey | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the owner; open while `closed_at` is None."""

    id: str
    case_id: str
    question: str
    due: datetime
    asked_at: datetime
    answer: str | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the owner is to be told: a placed draft (`about`: str(DraftKey)), a question or a reminder (its id)."""

    id: int
    subject: str  # draft | question | reminder
    about: str
    case_id: str
    text: str
    at: datetime
