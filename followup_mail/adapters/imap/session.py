"""One signed-in session: its capabilities, the mailbox it examines, and the questions all rooms ask."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from followup_mail.adapters.imap.answers import (
    Fetched,
    fetched,
    found_uids,
    number,
    octets_of,
    parse_items,
    statuses_of,
)
from followup_mail.adapters.imap.channel import (
    LITERAL_CAP,
    Channel,
    Literal,
    mailbox_name,
    non_sync_cap,
    uid_set,
)
from followup_mail.adapters.imap.names import listed, mailboxes_of
from followup_mail.adapters.imap.settings import ImapSettings
from followup_mail.adapters.imap.stream import Stream
from followup_mail.errors import FollowupMailError, MailboxError
from followup_mail.ports import Mailboxes, Status

_UIDVALIDITY = re.compile(rb"OK \[UIDVALIDITY (\d{1,10})\]", re.IGNORECASE)
_UIDNEXT = re.compile(rb"OK \[UIDNEXT (\d{1,10})\]", re.IGNORECASE)
_EXISTS = re.compile(rb"(\d{1,10}) EXISTS", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Examined:
    """What EXAMINE or SELECT told of a mailbox; `uidnext` is None where the server does not tell."""

    name: str
    uidvalidity: int
    uidnext: int | None
    exists: int


class Session:
    """Commands over one channel, one mailbox examined at a time."""

    def __init__(self, stream: Stream, settings: ImapSettings) -> None:
        self.channel = Channel(stream)
        self.settings = settings
        self.examined: Examined | None = None
        self.seen: dict[str, Status] = {}  # as the caller last saw them
        self._mailboxes: Mailboxes | None = None
        self.capabilities = self._ask_capabilities()
        self.channel.literals_without_waiting = non_sync_cap(self.capabilities)

    def _ask_capabilities(self) -> frozenset[str]:
        answer = self.channel.run(b"CAPABILITY")
        lines = [parts[0] for parts in answer.responses if parts[0][:11].upper() == b"CAPABILITY "]
        return frozenset(b" ".join(lines).decode("ascii", "replace").upper().split())

    def can(self, *capabilities: str) -> bool:
        """Whether the server has all of these capabilities."""
        return self.capabilities.issuperset(capabilities)

    def mailboxes(self) -> Mailboxes:
        """The mailboxes by use, asked once until `forget_mailboxes`."""
        if self._mailboxes is None:
            extended = (b"RETURN (SPECIAL-USE)",) if self.can("SPECIAL-USE", "LIST-EXTENDED") else ()
            answer = self.channel.run(b"LIST", b'""', b'"*"', *extended)
            self._mailboxes = mailboxes_of(listed(answer.responses), self.settings)
        return self._mailboxes

    def forget_mailboxes(self) -> None:
        """Have them asked anew: one was created, or is gone."""
        self._mailboxes = None

    def personal_prefix(self) -> str:
        """What the owner's own mailboxes begin with (RFC 2342): "" or "INBOX."."""
        if not self.can("NAMESPACE"):
            return ""
        for parts in self.channel.run(b"NAMESPACE").responses:
            items = parse_items(parts)
            personal = items[1] if len(items) > 1 and octets_of(items[0]).upper() == b"NAMESPACE" else None
            if isinstance(personal, list) and personal and isinstance(personal[0], list):
                return octets_of(personal[0][0]).decode("ascii", "replace")
        return ""

    def statuses(self, names: Sequence[str]) -> dict[str, Status]:
        """The STATUS of each mailbox that exists: one round trip with LIST-STATUS, else one for fifty mailboxes."""
        wanted = {"INBOX" if name.upper() == "INBOX" else name: name for name in names}
        if not wanted:
            return {}
        items = b"(MESSAGES UIDNEXT UIDVALIDITY%s)" % (b" HIGHESTMODSEQ" if self.can("CONDSTORE") else b"")
        self.leave()  # STATUS of the examined mailbox may be what the session saw last (RFC 9051 section 6.3.11)
        if self.can("LIST-STATUS", "LIST-EXTENDED"):
            patterns = b"(%s)" % b" ".join(mailbox_name(name) for name in wanted)
            responses = self.channel.run(b"LIST", b'""', patterns, b"RETURN (STATUS %s)" % items).responses
        else:
            responses = self.channel.run_each(b"STATUS", [(mailbox_name(name), items) for name in wanted])
        found = {wanted[name]: status for name, status in statuses_of(responses) if name in wanted}
        if len(found) < len(wanted):
            self.forget_mailboxes()  # one of them was renamed or removed
        return found

    def examine(self, name: str) -> Examined:
        """Open a mailbox read-only, with fresh numbers. Raises MailboxError where it cannot be opened."""
        return self._open(b"EXAMINE", name)

    def select(self, name: str) -> Examined:
        """Open a mailbox for writing; only Drafts, to withdraw a draft of ours."""
        if name != self.mailboxes().drafts:
            raise MailboxError("only Drafts is ever opened for writing")
        return self._open(b"SELECT", name)

    def _open(self, verb: bytes, name: str) -> Examined:
        self.examined = None
        try:
            responses = self.channel.run(verb, mailbox_name(name)).responses
        except MailboxError:
            self.forget_mailboxes()
            raise
        text = b"\n".join(parts[0] for parts in responses)
        uidvalidity, uidnext, exists = (form.search(text) for form in (_UIDVALIDITY, _UIDNEXT, _EXISTS))
        self.examined = Examined(
            name,
            int(uidvalidity[1]) if uidvalidity else 0,
            int(uidnext[1]) if uidnext else None,
            int(exists[1]) if exists else 0,
        )
        return self.examined

    def leave(self) -> None:
        """Close the mailbox without expunging anything: UNSELECT where there is one, else NOOP for fresh numbers."""
        if self.examined is None:
            return
        if self.can("UNSELECT"):
            self.examined = None
            self.channel.run(b"UNSELECT")
        else:
            self.channel.run(b"NOOP")

    def fetch(self, uids: Iterable[int], items: bytes, *, literal_cap: int = LITERAL_CAP) -> Iterator[Fetched]:
        """FETCH of these uids in the examined mailbox; what the server says about others is left out."""
        wanted = set(uids)
        if wanted:
            responses = self.channel.run(b"UID FETCH", uid_set(wanted), items, literal_cap=literal_cap).responses
            yield from (one for one in fetched(responses) if number(one[b"UID"]) in wanted)

    def fetch_from(self, uid: int, items: bytes, *, literal_cap: int = LITERAL_CAP) -> Iterator[Fetched]:
        """FETCH of all uids at or past `uid`: `n:*` past the end answers the last message, which is left out."""
        responses = self.channel.run(b"UID FETCH", b"%s:*" % uid_set([uid]), items, literal_cap=literal_cap).responses
        return (one for one in fetched(responses) if number(one[b"UID"]) >= uid)

    def fetch_newest(self, count: int, items: bytes) -> Iterator[Fetched]:
        """FETCH of the last `count` messages of the examined mailbox."""
        exists = self.examined.exists if self.examined else 0
        if not exists:
            return iter(())
        return fetched(self.channel.run(b"FETCH", b"%d:*" % max(1, exists - count + 1), items).responses)

    def search(self, *criteria: bytes | Literal) -> list[int]:
        """The uids a SEARCH in the examined mailbox finds, ascending."""
        return found_uids(self.channel.run(b"UID SEARCH", *criteria).responses)

    def close(self) -> None:
        """Log out and drop the connection; never raises."""
        with suppress(FollowupMailError, OSError, ValueError):
            self.channel.stream.shorten_patience(2.0)
            self.channel.start(b"LOGOUT")
            while self.channel.receive()[0] is None:
                pass
        self.channel.stream.close()
