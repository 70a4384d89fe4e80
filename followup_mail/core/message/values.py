"""The values that stand for messages: where one is, what the server gave, what it says."""

from dataclasses import dataclass, field
from datetime import datetime

from followup_mail.core.body import Body
from followup_mail.core.itip import Invitation
from followup_mail.core.who import Address


@dataclass(frozen=True, slots=True, order=True)
class MessageKey:
    """A message's place on the server (RFC 9051 section 2.3.1.1)."""

    mailbox: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """What had been seen of a mailbox: everything below `uidnext` under this `uidvalidity`."""

    uidvalidity: int
    uidnext: int
    highestmodseq: int | None = None  # RFC 7162, None where the server has no CONDSTORE


@dataclass(frozen=True, slots=True)
class Received:
    """A message as the mailbox gave it; `octets` may lack attachments."""

    key: MessageKey
    flags: frozenset[str]
    internal_date: datetime | None  # aware
    octets: bytes


@dataclass(frozen=True, slots=True)
class HeaderFields:
    """What the header pass brings of one message: enough for triage and threading, no body.

    `fields` maps a lower-case field name to its unfolded, undecoded values in order.
    """

    key: MessageKey
    flags: frozenset[str]
    internal_date: datetime | None  # aware
    size: int  # RFC822.SIZE in octets
    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Header:
    """A message's place in its thread and its date: what putting mail in order asks for."""

    message_id: str | None = None
    references: tuple[str, ...] = ()
    date: datetime | None = None  # aware


@dataclass(frozen=True, slots=True)
class Message:
    """One message, decoded and sanitised. Message-IDs keep their angle brackets.

    `references` are the ids of References and In-Reply-To, oldest first, without doubles.
    `automatic` says who answered by machine: "" for nobody, else "bounce", "disposition", "auto-replied" (an
    out-of-office or acknowledgement), "auto-generated" (a machine wrote it unasked: ATS, calendar), "list".
    `authentication` holds the Authentication-Results fields, top one first.
    """

    key: MessageKey
    message_id: str | None
    references: tuple[str, ...]
    date: datetime | None  # aware; the Date field, None where unreadable
    received: datetime | None  # aware; internal_date
    sender: Address | None  # From
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    body: Body
    invitations: tuple[Invitation, ...] = ()
    automatic: str = ""
    list_id: str = ""
    authentication: tuple[str, ...] = ()
    attachment_names: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    defects: tuple[str, ...] = ()

    @property
    def sent_at(self) -> datetime | None:
        """When it was written: the Date field, else when the server took it in."""
        return self.date or self.received
