"""What the corridor needs of the world: a mailbox, a submitter and letters."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from followup_mail.core.compose import Letter, LetterForm
from followup_mail.core.message import Cursor, HeaderFields, MessageKey, Received


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """The names of one account's mailboxes by use (RFC 6154), None where there is none.

    `names` are all selectable ones.
    """

    drafts: str | None
    sent: str | None
    trash: str | None
    all: str | None
    junk: str | None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """STATUS of a mailbox (RFC 9051 section 6.3.11): cheap, and enough to know that nothing is new."""

    uidvalidity: int
    uidnext: int
    messages: int
    highestmodseq: int | None = None

    @property
    def cursor(self) -> Cursor:
        """The cursor of a reader who has seen everything this status counts."""
        return Cursor(self.uidvalidity, self.uidnext, self.highestmodseq)


@dataclass(frozen=True, slots=True)
class Placed:
    """One of our drafts, as survey needs it: where it was put, and by what it is recognised again."""

    draft: str  # str(DraftKey)
    message_id: str
    key: MessageKey | None
    fingerprint: str
    recipients: tuple[str, ...]  # addr-specs
    references: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a placed draft: `where` is "drafts", "sent", "trash" or "gone".

    `changed` says that its text is not ours any more.
    """

    draft: str
    where: str
    changed: bool = False
    key: MessageKey | None = None
    message_id: str | None = None


class Mailbox(Protocol):
    """One account's mail.

    Only `append_draft`, `withdraw_draft` and `note_to_owner` write; a new writing verb is a design change.

    Every method may raise MailboxError, AccountError, SignInError or InsecureConnectionError, nothing else.
    """

    def mailboxes(self) -> Mailboxes:
        """The mailboxes by use: configured, else special use, else known names in many languages."""
        ...

    def statuses(self, names: Sequence[str]) -> Mapping[str, Status]:
        """The STATUS of each named mailbox that exists; as few round trips as the server allows."""
        ...

    def read_header_fields(
        self, mailbox: str, cursor: Cursor | None, *, since: date | None = None
    ) -> Iterator[list[HeaderFields]]:
        """Batches of header fields of the messages at or past the cursor, in uid order.

        None older by INTERNALDATE than `since`.
        """
        ...

    def read(self, keys: Iterable[MessageKey], byte_cap: int) -> Iterator[Received]:
        """Header, text and calendar parts of the messages (BODY.PEEK), each part cut at `byte_cap`.

        Messages that vanished meanwhile are left out.
        """
        ...

    def find_thread(self, message_ids: Sequence[str], x_gm_thrid: str | None = None) -> tuple[MessageKey, ...]:
        """Keys of messages that carry one of these Message-IDs, in the watched mailboxes and Sent."""
        ...

    def survey(self, drafts: Sequence[Placed]) -> tuple[Found, ...]:
        """For each draft of ours: whether Drafts still has it, changed or not, or Sent or Trash, or it is gone."""
        ...

    def append_draft(self, octets: bytes) -> MessageKey | None:
        r"""APPEND to Drafts with (\Draft \Seen); the key where the server tells it (UIDPLUS).

        Creates Drafts once where it is missing.
        """
        ...

    def find(self, mailbox: str, message_id: str, *, uid_from: int = 1) -> MessageKey | None:
        """The newest message with this Message-ID at or past `uid_from`."""
        ...

    def withdraw_draft(self, key: MessageKey, fingerprint: str) -> bool:
        """Move our own draft to Trash, only if its fingerprint is still this one; whether it was done."""
        ...

    def wait(self, mailboxes: Sequence[str], at_most: float) -> None:
        """Return when something may be new in one of the mailboxes, or after `at_most` seconds."""
        ...

    def interrupt(self) -> None:
        """Make a `wait` in another thread return at once, now and from now on."""
        ...

    def note_to_owner(self, octets: bytes) -> None:
        """APPEND a note to INBOX; called only where the owner configured it."""
        ...

    def close(self) -> None:
        """Log out; never raises."""
        ...


class Submitter(Protocol):
    """SMTP submission to the owner, and to nobody else."""

    def submit(self, octets: bytes, *, recipient: str) -> None:
        """Submit one message; raises MessageError for any recipient that is not one of the owner's addresses."""
        ...


class Letters(Protocol):
    """The letters that can be written."""

    def forms(self) -> tuple[LetterForm, ...]:
        """Every usable template."""
        ...

    def render(self, form: LetterForm, context: Mapping[str, object]) -> Letter:
        """The letter; raises MessageError naming template, line and column if it cannot be rendered whole."""
        ...
