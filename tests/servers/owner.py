"""The owner's own mail client: what they do to their mailbox while the worker is elsewhere."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from followup_mail.core.message import MessageKey


@dataclass(frozen=True)
class Owner:
    """An account as its owner reaches it; each deed is a connection of its own."""

    host: str
    port: int
    username: str
    password: str
    tls: ssl.SSLContext | None = None

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        """A bare connection, signed in."""
        client = self.connect()
        try:
            yield client
        finally:
            client.logout()

    def connect(self) -> imaplib.IMAP4:
        """A bare connection, signed in; the caller logs out."""
        if self.tls:
            client: imaplib.IMAP4 = imaplib.IMAP4_SSL(self.host, self.port, ssl_context=self.tls, timeout=10)
        else:
            client = imaplib.IMAP4(self.host, self.port, timeout=10)
        try:
            client.login(self.username, self.password)
        except imaplib.IMAP4.error:
            client.shutdown()
            raise
        return client

    def deliver(
        self, octets: bytes, mailbox: str = "INBOX", *, at: datetime | None = None, flags: str = ""
    ) -> MessageKey:
        """A message lies in the mailbox as if it had come in at `at`."""
        with self.client() as client:
            return _append(client, octets, mailbox, at, flags)

    def deliver_all(self, letters: list[bytes], mailbox: str = "INBOX") -> None:
        """Many messages over one connection."""
        with self.client() as client:
            for octets in letters:
                _append(client, octets, mailbox, None, "")

    def letters(self, mailbox: str) -> dict[int, tuple[frozenset[str], bytes]]:
        """Flags and octets by uid."""
        with self.client() as client:
            client.select(mailbox, readonly=True)
            _, answer = client.uid("FETCH", "1:*", "(UID FLAGS BODY.PEEK[])")
            found = {}
            for one in answer:
                if isinstance(one, tuple):
                    uid = int(re.search(rb"UID (\d+)", one[0])[1])
                    flags = re.search(rb"FLAGS \(([^)]*)\)", one[0])[1].decode().split()
                    found[uid] = (frozenset(flags) - {"\\Recent"}, one[1])
            return found

    def flag(self, key: MessageKey, *flags: str) -> None:
        with self.client() as client:
            client.select(key.mailbox)
            client.uid("STORE", str(key.uid), "+FLAGS", f"({' '.join(flags)})")

    def expunge(self, key: MessageKey) -> None:
        with self.client() as client:
            client.select(key.mailbox)
            client.uid("STORE", str(key.uid), "+FLAGS", "(\\Deleted)")
            client.expunge()

    def edit(self, key: MessageKey, octets: bytes) -> MessageKey:
        """A draft saved anew: another uid, the old one expunged."""
        saved = self.deliver(octets, key.mailbox, flags="\\Draft \\Seen")
        self.expunge(key)
        return saved

    def send(self, key: MessageKey, octets: bytes | None = None) -> MessageKey:
        letter = octets or self.letters(key.mailbox)[key.uid][1]
        self.expunge(key)
        return self.deliver(letter, "Sent", flags="\\Seen")

    def discard(self, key: MessageKey) -> MessageKey:
        letter = self.letters(key.mailbox)[key.uid][1]
        self.expunge(key)
        return self.deliver(letter, "Trash")


def _append(client: imaplib.IMAP4, octets: bytes, mailbox: str, at: datetime | None, flags: str) -> MessageKey:
    when = imaplib.Time2Internaldate(at or datetime.now(UTC))
    kind, answer = client.append(f'"{mailbox}"', f"({flags})", when, octets)
    if kind != "OK":
        raise AssertionError(f"the server refused a delivery: {answer!r}")
    uidvalidity, uid = re.search(rb"APPENDUID (\d+) (\d+)", answer[0]).groups()
    return MessageKey(mailbox, int(uidvalidity), int(uid))
