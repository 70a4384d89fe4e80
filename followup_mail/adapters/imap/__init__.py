"""IMAP behind ports.Mailbox; foreign exceptions end here."""

import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from typing import TypeVar

from followup_mail.adapters.imap import drafts as drafts_room
from followup_mail.adapters.imap import reading, waiting
from followup_mail.adapters.imap.connection import connect
from followup_mail.adapters.imap.faults import house_errors
from followup_mail.adapters.imap.session import Session
from followup_mail.adapters.imap.settings import ImapSettings
from followup_mail.core.message import Cursor, HeaderFields, MessageKey, Received
from followup_mail.errors import AccountError
from followup_mail.ports import Found, Mailboxes, Placed, Status

Value = TypeVar("Value")

__all__ = ["ImapMailbox", "ImapSettings"]


class ImapMailbox:
    """ports.Mailbox over one connection, made at its first use.

    After an AccountError the connection is gone: make a new ImapMailbox. Not for two threads, except `interrupt`.
    """

    def __init__(self, settings: ImapSettings) -> None:
        self._settings = settings
        self._session: Session | None = None
        self._drafts: drafts_room.DraftsRoom | None = None
        self._spent = False
        self._waker, self._wake = socket.socketpair()

    @property
    def capabilities(self) -> frozenset[str]:
        """What the server can do, in capitals (RFC 9051 section 7.2.2)."""
        with self._talk() as session:
            return session.capabilities

    def mailboxes(self) -> Mailboxes:
        """The mailboxes by use: configured, else special use, else known names in many languages."""
        with self._talk() as session:
            return session.mailboxes()

    def statuses(self, names: Sequence[str]) -> Mapping[str, Status]:
        """The STATUS of each named mailbox that exists; `wait` measures news by what was answered here last."""
        with self._talk() as session:
            answer = session.statuses(names)
            session.seen.update(answer)
            return answer

    def read_header_fields(
        self, mailbox: str, cursor: Cursor | None, *, since: date | None = None
    ) -> Iterator[list[HeaderFields]]:
        """Batches of header fields of the messages at or past the cursor, in uid order, none older than `since`."""
        with self._talk() as session:
            batches = reading.read_header_fields(session, mailbox, cursor, since)
        yield from self._each(batches)

    def read(self, keys: Iterable[MessageKey], byte_cap: int) -> Iterator[Received]:
        """Header, text and calendar parts, each cut at `byte_cap` octets; attachments stay on the server."""
        with self._talk() as session:
            messages = reading.read(session, keys, byte_cap)
        yield from self._each(messages)

    def find_thread(self, message_ids: Sequence[str], x_gm_thrid: str | None = None) -> tuple[MessageKey, ...]:
        """Keys of messages that carry one of these Message-IDs, in the watched mailboxes and Sent."""
        with self._talk() as session:
            sent = session.mailboxes().sent
            names = dict.fromkeys((*self._settings.watch, *((sent,) if sent else ())))
            return reading.find_thread(session, names, message_ids, x_gm_thrid)

    def survey(self, drafts: Sequence[Placed]) -> tuple[Found, ...]:
        """For each draft of ours: whether Drafts still has it, changed or not, or Sent or Trash, or it is gone."""
        with self._talk():
            return self._room.survey(drafts)

    def append_draft(self, octets: bytes) -> MessageKey | None:
        r"""APPEND to Drafts with (\Draft \Seen); never tried twice: after an AccountError look first."""
        with self._talk():
            return self._room.append(octets)

    def find(self, mailbox: str, message_id: str, *, uid_from: int = 1) -> MessageKey | None:
        """The newest message with this Message-ID at or past `uid_from`."""
        with self._talk() as session:
            return reading.find(session, mailbox, message_id, uid_from)

    def withdraw_draft(self, key: MessageKey, fingerprint: str) -> bool:
        """Move our own draft to Trash, only if its fingerprint is still this one; whether it was done."""
        with self._talk():
            return self._room.withdraw(key, fingerprint)

    def wait(self, mailboxes: Sequence[str], at_most: float) -> None:
        """Return when something may be new in one of the mailboxes, or after `at_most` seconds."""
        with self._talk() as session:
            waiting.wait(session, self._waker, mailboxes, at_most)

    def interrupt(self) -> None:
        """Make a `wait` in another thread return at once, now and from now on."""
        with suppress(OSError):
            self._wake.send(b"!")

    def note_to_owner(self, octets: bytes) -> None:
        """APPEND a note to INBOX; called only where the owner configured it."""
        with self._talk() as session:
            drafts_room.note_to_owner(session, octets)

    def close(self) -> None:
        """Log out; never raises."""
        self._spent = True
        if self._session is not None:
            self._session.close()
            self._session = None
        self._waker.close()
        self._wake.close()

    @property
    def _room(self) -> drafts_room.DraftsRoom:
        if self._drafts is None:
            raise AccountError("the connection was closed")
        return self._drafts

    @contextmanager
    def _talk(self) -> Iterator[Session]:
        """The session, signed in; whatever breaks it leaves it closed."""
        if self._spent:
            raise AccountError("the connection was closed")
        try:
            with house_errors():
                if self._session is None:
                    self._session = Session(connect(self._settings), self._settings)
                    self._drafts = drafts_room.DraftsRoom(self._session)
                yield self._session
        except AccountError:
            self._give_up()
            raise

    def _give_up(self) -> None:
        self._spent = True
        if self._session is not None:
            self._session.channel.stream.close()
            self._session = None

    def _each(self, values: Iterator[Value]) -> Iterator[Value]:
        while True:
            with self._talk():
                value = next(values, None)
            if value is None:
                return
            yield value
