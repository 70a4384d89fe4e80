"""Header pass and candidates' text: EXAMINE and BODY.PEEK, nothing else."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Final

from followup_mail.adapters.imap.answers import Fetched, flags_of, number, octets_of, parse_internal_date
from followup_mail.adapters.imap.bodystructure import Part, parts_of, rebuilt
from followup_mail.adapters.imap.channel import Literal
from followup_mail.adapters.imap.faults import plain
from followup_mail.adapters.imap.fields import FIELDS_CAP, parse_header_fields, parse_message_ids
from followup_mail.adapters.imap.session import Examined, Session
from followup_mail.core.message import Cursor, HeaderFields, MessageKey, Received
from followup_mail.errors import MailboxError

BATCH: Final = 500
_READ_BATCH: Final = 20
_WHOLE_CAP: Final = 64 * 1024  # a message up to here comes in one piece
_HEADER_CAP: Final = 128 * 1024
_MIME_CAP: Final = 8 * 1024
_FIELDS: Final = (
    b"FROM TO CC REPLY-TO SENDER SUBJECT DATE MESSAGE-ID IN-REPLY-TO REFERENCES LIST-ID LIST-POST LIST-UNSUBSCRIBE "
    b"PRECEDENCE AUTO-SUBMITTED X-AUTO-RESPONSE-SUPPRESS CONTENT-TYPE CONTENT-CLASS RETURN-PATH"
)
_ENVELOPE: Final = b"UID FLAGS INTERNALDATE RFC822.SIZE"
_MESSAGE_IDS: Final = b"(UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"
_NEAR: Final = 2000  # so many messages are looked through rather than searched
_WINDOW: Final = 300  # the newest messages, looked through where the search finds nothing
_IDS_CAP: Final = 40
_SENDABLE_ID = re.compile(r"<[!-~]{1,900}>")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def read_header_fields(
    session: Session, mailbox: str, cursor: Cursor | None, since: date | None
) -> Iterator[list[HeaderFields]]:
    """Batches of header fields; each batch is asked for when it is wanted."""
    box = session.examine(mailbox)
    first = cursor.uidnext if cursor and cursor.uidvalidity == box.uidvalidity else 1
    uids = _uids_from(session, box, max(1, first), since)
    for start in range(0, len(uids), BATCH):
        elsewhere = session.examined is None or session.examined.name != mailbox
        if elsewhere and session.examine(mailbox).uidvalidity != box.uidvalidity:
            raise MailboxError(f"{plain(mailbox)} was rebuilt by the server while it was being read")
        yield _header_batch(session, box, uids[start : start + BATCH])


def _uids_from(session: Session, box: Examined, first: int, since: date | None) -> list[int]:
    if not box.exists or (box.uidnext is not None and first >= box.uidnext):
        return []
    criteria = [b"UID %d:*" % first]
    if since is not None:
        criteria.append(f"SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year:04}".encode())
    return [uid for uid in session.search(*criteria) if uid >= first]


def _header_batch(session: Session, box: Examined, uids: Sequence[int]) -> list[HeaderFields]:
    gmail = session.can("X-GM-EXT-1")
    items = b"(%s%s BODY.PEEK[HEADER.FIELDS (%s)])" % (_ENVELOPE, b" X-GM-THRID" if gmail else b"", _FIELDS)
    batch = [_header_fields(box, one) for one in session.fetch(uids, items, literal_cap=FIELDS_CAP)]
    return sorted(batch, key=lambda one: one.key.uid)


def _header_fields(box: Examined, one: Fetched) -> HeaderFields:
    fields = parse_header_fields(octets_of(one.get(b"BODY[HEADER.FIELDS]")))
    if thread := number(one.get(b"X-GM-THRID")):
        fields["x-gm-thrid"] = (str(thread),)
    key = MessageKey(box.name, box.uidvalidity, number(one[b"UID"]))
    internal_date = parse_internal_date(one.get(b"INTERNALDATE"))
    return HeaderFields(key, flags_of(one), internal_date, number(one.get(b"RFC822.SIZE")), fields)


def read(session: Session, keys: Iterable[MessageKey], byte_cap: int) -> Iterator[Received]:
    """The messages' header, text and calendar parts, mailbox by mailbox in the keys' order."""
    for (mailbox, uidvalidity), group in groupby(keys, key=lambda key: (key.mailbox, key.uidvalidity)):
        wanted = [key.uid for key in group]
        for start in range(0, len(wanted), _READ_BATCH):
            box = session.examined
            if box is None or box.name != mailbox:
                box = session.examine(mailbox)
            if box.uidvalidity == uidvalidity:
                yield from _read_batch(session, box, wanted[start : start + _READ_BATCH], byte_cap)


def _read_batch(session: Session, box: Examined, uids: Sequence[int], byte_cap: int) -> list[Received]:
    envelopes = {number(one[b"UID"]): one for one in session.fetch(uids, b"(%s)" % _ENVELOPE)}
    whole_cap = min(_WHOLE_CAP, byte_cap)
    small = [uid for uid, one in envelopes.items() if 0 < number(one.get(b"RFC822.SIZE")) <= whole_cap]
    fetched = session.fetch(small, b"(UID BODY.PEEK[])", literal_cap=whole_cap)
    octets = {number(one[b"UID"]): octets_of(one.get(b"BODY[]")) for one in fetched}
    octets |= _read_parts(session, envelopes.keys() - set(small), byte_cap)
    return [
        Received(
            MessageKey(box.name, box.uidvalidity, uid),
            flags_of(envelopes[uid]),
            parse_internal_date(envelopes[uid].get(b"INTERNALDATE")),
            octets[uid],
        )
        for uid in uids
        if uid in octets
    ]


def _read_parts(session: Session, uids: Iterable[int], byte_cap: int) -> dict[int, bytes]:
    large = set(uids)
    structures = {
        number(one[b"UID"]): parts_of(one.get(b"BODYSTRUCTURE")) for one in session.fetch(large, b"(UID BODYSTRUCTURE)")
    }
    # A structure that nests too deep is none: such a message is its header alone.
    return {uid: read for uid in large if (read := _read_large(session, uid, structures.get(uid, ()), byte_cap))}


def _read_large(session: Session, uid: int, leaves: Sequence[Part], byte_cap: int) -> bytes | None:
    items = [b"UID", b"BODY.PEEK[HEADER]<0.%d>" % _HEADER_CAP]
    for leaf in leaves:
        section = leaf.section.encode()
        if leaf.within:
            items.append(b"BODY.PEEK[%s.MIME]<0.%d>" % (section, _MIME_CAP))
        if leaf.wanted:
            items.append(b"BODY.PEEK[%s]<0.%d>" % (section, byte_cap))
    found = list(session.fetch([uid], b"(%s)" % b" ".join(items), literal_cap=max(byte_cap, _HEADER_CAP)))
    if not found:
        return None
    one = found[0]
    mime = {leaf.section: octets_of(one.get(b"BODY[%s.MIME]" % leaf.section.encode())) for leaf in leaves}
    contents = {
        leaf.section: _whole_lines(octets_of(one.get(b"BODY[%s]" % leaf.section.encode())), byte_cap)
        for leaf in leaves
        if leaf.wanted
    }
    header = _whole_lines(octets_of(one.get(b"BODY[HEADER]")), _HEADER_CAP)
    return rebuilt(header, leaves, mime, contents)


def _whole_lines(octets: bytes, cap: int) -> bytes:
    """What was cut at the cap ends with a whole line, so that no encoding is cut in two."""
    return octets[: octets.rfind(b"\n") + 1] or octets if len(octets) >= cap else octets


def find(session: Session, mailbox: str, message_id: str, uid_from: int) -> MessageKey | None:
    """The newest message with this Message-ID, matched here and not by the server's word alone."""
    box = session.examine(mailbox)
    if not box.exists or not _SENDABLE_ID.fullmatch(message_id):
        return None
    if box.exists <= _NEAR or (box.uidnext is not None and box.uidnext - uid_from <= _NEAR):
        found = _matching(session.fetch_from(uid_from, _MESSAGE_IDS), {message_id})
    else:
        found = _searched(session, {message_id}, uid_from) or _matching(
            session.fetch_newest(_WINDOW, _MESSAGE_IDS), {message_id}
        )
    uids = [uid for uid in found if uid >= uid_from]
    return MessageKey(mailbox, box.uidvalidity, max(uids)) if uids else None


def find_thread(
    session: Session, mailboxes: Iterable[str], message_ids: Sequence[str], x_gm_thrid: str | None
) -> tuple[MessageKey, ...]:
    """Keys of messages with one of these Message-IDs, or in this Gmail thread."""
    wanted = set([one for one in message_ids if _SENDABLE_ID.fullmatch(one)][-_IDS_CAP:])
    thread = x_gm_thrid if x_gm_thrid and x_gm_thrid.isascii() and x_gm_thrid.isdigit() else None
    keys: list[MessageKey] = []
    for mailbox in mailboxes:
        box = session.examine(mailbox)
        if not box.exists:
            continue
        uids = _look_up(session, box, wanted) if wanted else set()
        if thread and session.can("X-GM-EXT-1"):
            uids |= set(session.search(b"X-GM-THRID %d" % int(thread)))
        keys.extend(MessageKey(mailbox, box.uidvalidity, uid) for uid in sorted(uids))
    return tuple(keys)


def _look_up(session: Session, box: Examined, wanted: set[str]) -> set[int]:
    if box.exists <= _WINDOW:
        return _matching(session.fetch_from(1, _MESSAGE_IDS), wanted)
    return _searched(session, wanted, 1) | _matching(session.fetch_newest(_WINDOW, _MESSAGE_IDS), wanted)


def _searched(session: Session, wanted: set[str], uid_from: int) -> set[int]:
    """Uids the server's SEARCH finds and whose header fields really match; ids travel as literals."""
    criteria: list[bytes | Literal] = [b"UID %d:*" % uid_from, *[b"OR"] * (len(wanted) - 1)]
    for message_id in wanted:
        criteria += [b"HEADER MESSAGE-ID", Literal(message_id.encode("ascii"))]
    return _matching(session.fetch(session.search(*criteria)[-BATCH:], _MESSAGE_IDS), wanted)


def _matching(messages: Iterable[Fetched], wanted: set[str]) -> set[int]:
    found = set()
    for one in messages:
        fields = parse_header_fields(octets_of(one.get(b"BODY[HEADER.FIELDS]")))
        if wanted.intersection(parse_message_ids(fields.get("message-id", ()))):
            found.add(number(one[b"UID"]))
    return found
