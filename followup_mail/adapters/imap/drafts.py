"""The only room that writes: drafts of ours into Drafts, and back out to Trash."""

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from followup_mail.adapters.imap import reading
from followup_mail.adapters.imap.answers import flags_of, number, octets_of
from followup_mail.adapters.imap.channel import Answer, Literal, mailbox_name
from followup_mail.adapters.imap.faults import RefusedError
from followup_mail.adapters.imap.fields import header_of, parse_header_fields, parse_message_ids
from followup_mail.adapters.imap.recognise import Content, Lying, find_elsewhere, find_in_drafts, lying
from followup_mail.adapters.imap.session import Session
from followup_mail.core import compose
from followup_mail.core.message import MessageKey
from followup_mail.errors import MailboxError
from followup_mail.ports import Found, Placed

_FIELDS: Final = b"BODY.PEEK[HEADER.FIELDS (MESSAGE-ID TO CC REFERENCES IN-REPLY-TO)]"
_DRAFT_CAP: Final = 4_000_000  # octets of a draft that is compared
_BATCH: Final = 200
_WINDOW: Final = 300  # the newest of Sent and Trash
_APPENDUID = re.compile(r"APPENDUID (\d{1,10}) (\d{1,10})")
_MISSING: Final = frozenset({"TRYCREATE", "NONEXISTENT"})


class DraftsRoom:
    """Drafts over one session; what lies under a uid never changes, so it is fetched once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lying: dict[MessageKey, Lying] = {}
        self._contents: dict[MessageKey, Content] = {}
        self._created = False

    def append(self, octets: bytes) -> MessageKey | None:
        """APPEND to Drafts, which is created once where it is missing."""
        session = self._session
        if session.mailboxes().drafts is None:
            session.forget_mailboxes()  # the owner may have made one meanwhile
        drafts = session.mailboxes().drafts or self._create()
        uidnext = 1
        if not session.can("UIDPLUS"):
            status = session.statuses([drafts]).get(drafts)
            uidnext = status.uidnext if status else 1
        try:
            key = self._append(drafts, octets)
        except RefusedError as refused:
            if refused.code not in _MISSING or self._created:
                raise
            drafts = self._create(drafts)
            key = self._append(drafts, octets)
        if key is not None:
            return key
        return self._look_up(drafts, octets, max(1, uidnext))

    def _look_up(self, drafts: str, octets: bytes, uid_from: int) -> MessageKey | None:
        """Where a draft lies whose key the server did not tell; whatever it refuses now, the draft is there."""
        message_ids = parse_message_ids(parse_header_fields(header_of(octets)).get("message-id", ()))
        with suppress(MailboxError):
            return reading.find(self._session, drafts, message_ids[0], uid_from) if message_ids else None
        return None

    def _append(self, drafts: str, octets: bytes) -> MessageKey | None:
        answer = self._session.channel.run(b"APPEND", mailbox_name(drafts), b"(\\Draft \\Seen)", Literal(octets))
        found = _APPENDUID.fullmatch(answer.code)
        return MessageKey(drafts, int(found[1]), int(found[2])) if found else None

    def _create(self, name: str = "") -> str:
        session = self._session
        drafts = name or f"{session.personal_prefix()}Drafts"
        self._created = True
        use = (b"(USE (\\Drafts))",) if session.can("CREATE-SPECIAL-USE") else ()
        session.channel.run(b"CREATE", mailbox_name(drafts), *use)
        session.forget_mailboxes()
        return session.mailboxes().drafts or drafts

    def withdraw(self, key: MessageKey, fingerprint: str) -> bool:
        """Move one draft to Trash, if it still is what we wrote."""
        session = self._session
        there = session.mailboxes()
        if there.trash is None or there.drafts != key.mailbox or key.mailbox == there.trash:
            return False
        box = session.select(key.mailbox)
        try:
            if box.uidvalidity != key.uidvalidity or not self._is_still(key, fingerprint):
                return False
            return self._move(key.uid, mailbox_name(there.trash))
        finally:
            # Never CLOSE: it would expunge what the owner's client has flagged.
            session.examine(key.mailbox)

    def _is_still(self, key: MessageKey, fingerprint: str) -> bool:
        for one in self._session.fetch([key.uid], b"(UID FLAGS BODY.PEEK[])", literal_cap=_DRAFT_CAP):
            if b"BODY[]" in one and "\\deleted" not in {flag.lower() for flag in flags_of(one)}:
                return compose.fingerprint(octets_of(one[b"BODY[]"])) == fingerprint
        return False

    def _move(self, uid: int, trash: bytes) -> bool:
        session = self._session
        one = b"%d" % uid
        if session.can("MOVE"):
            moved = session.channel.run(b"UID MOVE", one, trash)
            return _is_copied(moved) if session.can("UIDPLUS") else not list(session.fetch([uid], b"(UID)"))
        copied = session.channel.run(b"UID COPY", one, trash)
        if session.can("UIDPLUS") and not _is_copied(copied):
            return False
        session.channel.run(b"UID STORE", one, b"+FLAGS.SILENT", b"(\\Deleted)")
        if session.can("UIDPLUS"):
            session.channel.run(b"UID EXPUNGE", one)
        return True

    def survey(self, placed: Sequence[Placed]) -> tuple[Found, ...]:
        """What became of each placed draft."""
        if not placed:
            return ()
        there = self._session.mailboxes()
        found = {one.draft: one for one in find_in_drafts(placed, self._in_drafts(there.drafts))}
        for where, mailbox in (("sent", there.sent), ("trash", there.trash)):
            missing = [draft for draft in placed if draft.draft not in found]
            if mailbox is not None and missing:
                found |= self._elsewhere(missing, where, mailbox)
        return tuple(found.get(draft.draft, Found(draft.draft, "gone")) for draft in placed)

    def _in_drafts(self, drafts: str | None) -> list[Lying]:
        if drafts is None:
            return []
        session = self._session
        box = session.examine(drafts)
        if not box.exists:
            return []
        flags = {number(one[b"UID"]): flags_of(one) for one in session.fetch_from(1, b"(UID FLAGS)")}
        uids = [uid for uid, words in flags.items() if "\\deleted" not in {word.lower() for word in words}]
        return self._headers([MessageKey(drafts, box.uidvalidity, uid) for uid in sorted(uids)])

    def _elsewhere(self, missing: Sequence[Placed], where: str, mailbox: str) -> dict[str, Found]:
        session = self._session
        try:
            box = session.examine(mailbox)
        except RefusedError:
            return {}
        newest = sorted(number(one[b"UID"]) for one in session.fetch_newest(_WINDOW, b"(UID)"))
        lying_there = self._headers([MessageKey(mailbox, box.uidvalidity, uid) for uid in newest])
        found: dict[str, Found] = {}
        for draft in missing:
            there = find_elsewhere(draft, where, lying_there)
            if there is None and box.exists > _WINDOW:
                key = reading.find(session, mailbox, draft.message_id, 1)
                there = Found(draft.draft, where, key=key, message_id=draft.message_id) if key else None
            if there is not None:
                found[draft.draft] = there
        return found

    def _headers(self, keys: Sequence[MessageKey]) -> list[Lying]:
        unknown = {key.uid: key for key in keys if key not in self._lying}
        uids = sorted(unknown)
        for start in range(0, len(uids), _BATCH):
            for one in self._session.fetch(uids[start : start + _BATCH], b"(UID %s)" % _FIELDS):
                key = unknown[number(one[b"UID"])]
                fields = parse_header_fields(octets_of(one.get(b"BODY[HEADER.FIELDS]")))
                self._lying[key] = lying(key, fields, self._content)
        if keys:
            self._forget(keys)
        return [self._lying[key] for key in keys if key in self._lying]

    def _forget(self, present: Sequence[MessageKey]) -> None:
        mailbox, still = present[0].mailbox, set(present)
        for kept in (self._lying, self._contents):
            for key in [key for key in kept if key.mailbox == mailbox and key not in still]:
                del kept[key]

    def _content(self, key: MessageKey) -> Content:
        if key not in self._contents:
            session = self._session
            box = session.examined
            if box is None or box.name != key.mailbox:
                box = session.examine(key.mailbox)
            found = list(session.fetch([key.uid], b"(UID BODY.PEEK[])", literal_cap=_DRAFT_CAP))
            octets = octets_of(found[0].get(b"BODY[]")) if found and box.uidvalidity == key.uidvalidity else b""
            self._contents[key] = Content.of(octets)
        return self._contents[key]


def _is_copied(answer: Answer) -> bool:
    """Whether COPY or MOVE found its message: COPYUID (RFC 4315 section 3, RFC 6851 section 4.3) says which."""
    return answer.code.startswith("COPYUID") or any(b"[COPYUID" in parts[0] for parts in answer.responses)


def note_to_owner(session: Session, octets: bytes) -> None:
    """APPEND a note to INBOX."""
    try:
        session.channel.run(b"APPEND", b"INBOX", Literal(octets))
    except RefusedError as refused:
        raise MailboxError(f"the note could not be put into INBOX: {refused}") from refused
