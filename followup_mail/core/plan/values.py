"""The nouns of planning: Policy, JournalEntry and the actions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from followup_mail.core.case.values import DraftKey, DraftState, Purpose
from followup_mail.core.facts import Doubt
from followup_mail.core.message import MessageKey
from followup_mail.core.who import Person


@dataclass(frozen=True, slots=True)
class Policy:
    """The owner's rules: when drafts are due, how many, to whom never."""

    zone: str = "UTC"  # the owner's IANA zone
    thank_you_after: timedelta = timedelta(hours=1)
    thank_you_deadline: timedelta = timedelta(hours=24)
    status_check_after: timedelta = timedelta(days=7)
    status_check_after_promise: int = 5  # business days
    status_check_interval: timedelta = timedelta(days=14)
    status_check_most: int = 2
    interview_length: timedelta = timedelta(minutes=45)
    notes_most: int = 8
    drafts_a_day: int = 10
    morning: time = time(9)
    slept_through: timedelta = timedelta(days=7)
    unsent_expires: timedelta = timedelta(days=21)
    first_run_reach: timedelta = timedelta(hours=48)
    questions_most: int = 2
    autonomy: str = "sure"  # ask | sure | always
    off: frozenset[Purpose] = frozenset()
    never_write: frozenset[str] = frozenset()  # addr-specs and domains
    languages: Mapping[str, frozenset[str]] = field(
        default_factory=dict
    )  # purpose → languages with letters; empty: any
    holidays: frozenset[date] = frozenset()  # of the owner's country, for the years around now
    began: datetime | None = None  # the first run; None before it


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A draft as the ledger knows it."""

    key: DraftKey
    case_id: str
    account: str
    state: DraftState
    recipients: tuple[Person, ...]
    due: datetime
    deadline: datetime
    placed_at: datetime | None = None
    sent_at: datetime | None = None
    message_id: str | None = None
    message_key: MessageKey | None = None
    fingerprint: str | None = None
    letter: str | None = None  # the template used
    text: str | None = None  # as placed, for likeness
    references: tuple[str, ...] = ()  # as placed, to know a sent letter by its thread
    reason: str = ""  # why held, withdrawn, expired …


@dataclass(frozen=True, slots=True)
class ReplyTarget:
    """The message a draft answers; None in PlaceDraft for a new thread."""

    message_id: str
    references: tuple[str, ...]
    subject: str


@dataclass(frozen=True, slots=True)
class PlaceDraft:
    """A draft to be placed at `due` (which may lie ahead); held while `held` is not empty."""

    key: DraftKey
    case_id: str
    account: str
    recipient: Person
    due: datetime
    deadline: datetime
    interviews: tuple[str, ...] = ()  # ids of the interviews it is about
    relay_for: tuple[Person, ...] = ()  # people to be thanked through the recipient
    seat: int = 0  # the recipient's place among the visit's notes, from 0
    met_before: bool = False
    reply_to: ReplyTarget | None = None
    language: str = "en"
    held: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplaceDraft:
    """An untouched draft of ours to be replaced by a newer text."""

    key: DraftKey
    place: PlaceDraft
    reason: str


@dataclass(frozen=True, slots=True)
class WithdrawDraft:
    """An untouched, placed draft of ours to be taken back (to Trash)."""

    key: DraftKey
    reason: str


@dataclass(frozen=True, slots=True)
class SettleDraft:
    """A draft's row reaches a state, the mailbox untouched: expired, sent by other means, withdrawn unplaced."""

    key: DraftKey
    state: DraftState
    reason: str


@dataclass(frozen=True, slots=True)
class AskOwner:
    """A question whose answer changes a draft; `id` is stable, so that it is asked once."""

    id: str
    case_id: str
    question: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Remind:
    """Something the owner should know, once; `id` is stable."""

    id: str
    case_id: str
    text: str
    due: datetime


Action = PlaceDraft | ReplaceDraft | WithdrawDraft | SettleDraft | AskOwner | Remind
