"""A mailbox in memory that keeps the port's promises, and what its owner does to it meanwhile."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TypeVar

from followup_mail.adapters.imap.fields import header_of, parse_header_fields, parse_message_ids
from followup_mail.adapters.imap.recognise import Content, Lying, find_elsewhere, find_in_drafts, lying
from followup_mail.core import compose
from followup_mail.core.message import Cursor, HeaderFields, MessageKey, Received
from followup_mail.errors import MailboxError
from followup_mail.ports import Found, Mailboxes, Placed, Status

BATCH = 500
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Letter:
    """A message as the server keeps it."""

    key: MessageKey
    flags: frozenset[str]
    internal_date: datetime
    octets: bytes

    @property
    def fields(self) -> dict[str, tuple[str, ...]]:
        return parse_header_fields(header_of(self.octets))

    @property
    def message_id(self) -> str | None:
        return next(iter(parse_message_ids(self.fields.get("message-id", ()))), None)


class MemoryMailbox:
    """ports.Mailbox over a dict.

    `step` is called as `step("before append_draft")` and `step("after append_draft")` around every call of the port:
    raise from it to cut the power there. `now` dates what is appended. `uidplus=False` answers no key to an APPEND.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = lambda: datetime(2026, 1, 1, tzinfo=UTC),
        uidplus: bool = True,
        watch: Sequence[str] = ("INBOX",),
        step: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.letters: dict[str, dict[int, Letter]] = {"INBOX": {}, "Drafts": {}, "Sent": {}, "Trash": {}}
        self.uidvalidity = 1
        self.now = now
        self.uidplus = uidplus
        self.watch = tuple(watch)
        self.step = step
        self._uidnext: dict[str, int] = {}
        self._news = threading.Event()
        self._interrupted = False

    # What the world and the owner do

    def deliver(
        self,
        octets: bytes,
        mailbox: str = "INBOX",
        *,
        at: datetime | None = None,
        flags: Iterable[str] = (),
    ) -> MessageKey:
        """Put a message into a mailbox, as if it had come in at `at`; wakes `wait`."""
        uid = self._uidnext.get(mailbox, 1)
        self._uidnext[mailbox] = uid + 1
        key = MessageKey(mailbox, self.uidvalidity, uid)
        letters = self.letters.setdefault(mailbox, {})
        letters[uid] = Letter(key, frozenset(flags), at or self.now(), octets)
        self._news.set()
        return key

    def edit(self, key: MessageKey, octets: bytes) -> MessageKey:
        """The owner's client saves a draft anew: another uid, the old one expunged."""
        old = self.letters[key.mailbox].pop(key.uid)
        return self.deliver(octets, key.mailbox, flags=old.flags)

    def send(self, key: MessageKey, octets: bytes | None = None) -> MessageKey:
        """The owner sends a draft, edited to `octets` or as it is."""
        old = self.letters[key.mailbox].pop(key.uid)
        return self.deliver(octets or old.octets, "Sent", flags=("\\Seen",))

    def discard(self, key: MessageKey) -> MessageKey:
        """The owner throws a message away, into Trash."""
        return self.deliver(self.letters[key.mailbox].pop(key.uid).octets, "Trash")

    def expunge(self, key: MessageKey) -> None:
        """A message vanishes for good."""
        del self.letters[key.mailbox][key.uid]

    def flag(self, key: MessageKey, *flags: str) -> None:
        """The owner's client sets flags."""
        old = self.letters[key.mailbox][key.uid]
        self.letters[key.mailbox][key.uid] = replace(old, flags=old.flags | set(flags))

    def renew_uidvalidity(self) -> None:
        """The server was rebuilt: every key is void."""
        self.uidvalidity += 1
        for mailbox, letters in self.letters.items():
            kept = list(letters.values())
            letters.clear()
            self._uidnext[mailbox] = 1
            for one in kept:
                self.deliver(one.octets, mailbox, at=one.internal_date, flags=one.flags)

    @property
    def drafts(self) -> list[Letter]:
        """What stands in Drafts, oldest first."""
        return list(self.letters.get("Drafts", {}).values())

    # ports.Mailbox

    def mailboxes(self) -> Mailboxes:
        self._call("mailboxes")
        there = tuple(self.letters)
        drafts, sent, trash = (name if name in there else None for name in ("Drafts", "Sent", "Trash"))
        return self._end("mailboxes", Mailboxes(drafts, sent, trash, None, None, there))

    def statuses(self, names: Sequence[str]) -> Mapping[str, Status]:
        self._call("statuses")
        if not self._interrupted:
            self._news.clear()
        answer = {
            name: Status(self.uidvalidity, self._uidnext.get(name, 1), len(self.letters[name]))
            for name in names
            if name in self.letters
        }
        return self._end("statuses", answer)

    def read_header_fields(
        self, mailbox: str, cursor: Cursor | None, *, since: date | None = None
    ) -> Iterator[list[HeaderFields]]:
        self._call("read_header_fields")
        first = cursor.uidnext if cursor and cursor.uidvalidity == self.uidvalidity else 1
        wanted = [
            HeaderFields(one.key, one.flags, one.internal_date, len(one.octets), one.fields)
            for one in self._in(mailbox)
            if one.key.uid >= first and (since is None or one.internal_date.date() >= since)
        ]
        for start in range(0, len(wanted), BATCH):
            yield wanted[start : start + BATCH]
        self._end("read_header_fields", None)

    def read(self, keys: Iterable[MessageKey], byte_cap: int) -> Iterator[Received]:
        self._call("read")
        for key in keys:
            one = self.letters.get(key.mailbox, {}).get(key.uid)
            if one and one.key == key:
                header = header_of(one.octets)
                body = one.octets[len(header) :]
                yield Received(one.key, one.flags, one.internal_date, header + body[: byte_cap + 4])
        self._end("read", None)

    def find_thread(self, message_ids: Sequence[str], x_gm_thrid: str | None = None) -> tuple[MessageKey, ...]:
        self._call("find_thread")
        found = tuple(
            one.key
            for name in dict.fromkeys((*self.watch, "Sent"))
            for one in self.letters.get(name, {}).values()
            if one.message_id in message_ids
        )
        return self._end("find_thread", found)

    def survey(self, drafts: Sequence[Placed]) -> tuple[Found, ...]:
        self._call("survey")
        found = {one.draft: one for one in find_in_drafts(drafts, self._lying("Drafts"))}
        for draft in drafts:
            for where in ("Sent", "Trash"):
                if draft.draft not in found and (there := find_elsewhere(draft, where.lower(), self._lying(where))):
                    found[draft.draft] = there
        answer = tuple(found.get(draft.draft, Found(draft.draft, "gone")) for draft in drafts)
        return self._end("survey", answer)

    def append_draft(self, octets: bytes) -> MessageKey | None:
        self._call("append_draft")
        key = self.deliver(octets, "Drafts", flags=("\\Draft", "\\Seen"))
        return self._end("append_draft", key if self.uidplus else None)

    def find(self, mailbox: str, message_id: str, *, uid_from: int = 1) -> MessageKey | None:
        self._call("find")
        found = [one.key for one in self._in(mailbox) if one.message_id == message_id and one.key.uid >= uid_from]
        return self._end("find", max(found, default=None))

    def withdraw_draft(self, key: MessageKey, fingerprint: str) -> bool:
        self._call("withdraw_draft")
        one = self.letters.get("Drafts", {}).get(key.uid)
        ours = one is not None and one.key == key and compose.fingerprint(one.octets) == fingerprint
        if ours:
            self.discard(key)
        return self._end("withdraw_draft", ours)

    def wait(self, mailboxes: Sequence[str], at_most: float) -> None:
        self._call("wait")
        self._news.wait(at_most)
        self._end("wait", None)

    def interrupt(self) -> None:
        self._interrupted = True
        self._news.set()

    def note_to_owner(self, octets: bytes) -> None:
        self._call("note_to_owner")
        self.deliver(octets)
        self._end("note_to_owner", None)

    def close(self) -> None:
        """Nothing to log out of."""

    def _in(self, mailbox: str) -> list[Letter]:
        if mailbox not in self.letters:
            raise MailboxError(f"there is no mailbox {mailbox}")
        return list(self.letters[mailbox].values())

    def _lying(self, mailbox: str) -> list[Lying]:
        return [
            lying(one.key, one.fields, lambda key: Content.of(self.letters[key.mailbox][key.uid].octets))
            for one in self.letters.get(mailbox, {}).values()
            if "\\Deleted" not in one.flags
        ]

    def _call(self, name: str) -> None:
        self.step(f"before {name}")

    def _end(self, name: str, answer: Answer) -> Answer:
        self.step(f"after {name}")
        return answer
