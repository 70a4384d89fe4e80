"""Octets to Message: total, whatever they hold."""

import re

from followup_mail.core.body import Body
from followup_mail.core.itip import Invitation, parse_calendar, parse_markup
from followup_mail.core.message.fields import (
    BLOCK_CAP,
    Fields,
    first,
    parse_date,
    parse_header_fields,
    parse_message_ids,
)
from followup_mail.core.message.machine import find_automatic, find_list_id
from followup_mail.core.message.parts import Part, Tree, read_tree, undo_blanks
from followup_mail.core.message.texts import is_calendar, read_texts
from followup_mail.core.message.values import Header, Message, Received
from followup_mail.core.who import Address, decode_words, parse_addresses, sanitise

_SUBJECT_CAP = 400
_NAMES_CAP = 50
_CALENDARS_CAP = 8
_BARE_CALENDAR = re.compile(
    rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*(?:B\0?E\0?G\0?I\0?N\0?:\0?V\0?C\0?A\0?L)", re.IGNORECASE
)


def _addresses(fields: Fields, name: str, defects: dict[str, None]) -> tuple[Address, ...]:
    addresses, problems = parse_addresses(", ".join(fields.get(name, ())[:10]))
    defects.update((f"{name}: {problem}", None) for problem in problems)
    return addresses


def _calendars(parts: list[Part]) -> tuple[Invitation, ...]:
    """The invitations of some parts, each once: a calendar part often comes again as an attachment."""
    found: dict[tuple[object, ...], Invitation] = {}
    for part in parts[:_CALENDARS_CAP]:
        for invitation in parse_calendar(_calendar_octets(part), method=part.params.get("method", "")):
            key = (invitation.ical_uid, invitation.recurrence_id, invitation.sequence, invitation.start)
            if key not in found or (invitation.method and not found[key].method):
                found[key] = invitation
    return tuple(found.values())


def _calendar_octets(part: Part) -> bytes | str:
    declared = part.params.get("charset", "").lower()
    return part.octets if declared in {"", "utf-8", "us-ascii"} or b"\0" in part.octets[:200] else part.text


def _invitations(tree: Tree, html: str) -> tuple[Invitation, ...]:
    """The message's own invitations, else those of a message it forwards, else what its HTML's markup says."""
    calendars = [part for part in tree.parts if is_calendar(part) or b"BEGIN:VCALENDAR" in part.octets[:100_000]]
    return (
        _calendars([part for part in calendars if not part.forwarded])
        or _calendars([part for part in calendars if part.forwarded and not part.report])
        or parse_markup(html)
    )


def _bare_calendar(received: Received) -> Message:
    return Message(
        key=received.key,
        message_id=None,
        references=(),
        date=None,
        received=received.internal_date,
        sender=None,
        reply_to=(),
        to=(),
        cc=(),
        subject="",
        body=Body(),
        invitations=parse_calendar(received.octets),
        flags=received.flags,
        defects=("header-missing",),
    )


def find_place(fields: Fields) -> tuple[str | None, tuple[str, ...]]:
    """A message's own id, and the ids of References and In-Reply-To, oldest first (RFC 5322 section 3.6.4)."""
    ids = parse_message_ids(first(fields, "message-id"))
    references = " ".join(fields.get("references", ()) + fields.get("in-reply-to", ()))
    return ids[0] if ids else None, parse_message_ids(references)


def parse_header(octets: bytes) -> Header:
    """What a message's header says of its place in a thread and of its date, without reading on; total."""
    if _BARE_CALENDAR.match(octets[:200]):
        return Header()
    fields = parse_header_fields(undo_blanks(octets[:BLOCK_CAP]))
    message_id, references = find_place(fields)
    return Header(message_id, references, parse_date(first(fields, "date")))


def parse_message(received: Received) -> Message:
    """One message decoded and sanitised; total: what is wrong with it stands in `defects`.

    A bare iCalendar file is a message without header fields.
    """
    if _BARE_CALENDAR.match(received.octets[:200]):
        return _bare_calendar(received)
    tree = read_tree(received.octets)
    fields, defects = tree.fields, tree.defects
    subject = decode_words(first(fields, "subject"), _SUBJECT_CAP)
    texts = read_texts(tree, subject)
    senders = _addresses(fields, "from", defects) or _addresses(fields, "sender", defects)
    sender = senders[0] if senders else None
    invitations = _invitations(tree, texts.html)
    date = parse_date(first(fields, "date"))
    if date is None and "date" in fields:
        defects["date-unreadable"] = None
    message_id, references = find_place(fields)
    return Message(
        key=received.key,
        message_id=message_id,
        references=references,
        date=date,
        received=received.internal_date,
        sender=sender,
        reply_to=_addresses(fields, "reply-to", defects),
        to=_addresses(fields, "to", defects),
        cc=_addresses(fields, "cc", defects),
        subject=subject,
        body=texts.body,
        invitations=invitations,
        automatic=find_automatic(tree, sender=sender, subject=subject, invites=bool(invitations)),
        list_id=find_list_id(fields),
        authentication=tuple(sanitise(value, 2000) for value in fields.get("authentication-results", ())[:10]),
        attachment_names=tuple(part.filename for part in tree.parts if part.filename)[:_NAMES_CAP],
        flags=received.flags,
        defects=tuple(defects),
    )
