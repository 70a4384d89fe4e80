"""Whose turn it is: what the writer promises, what they ask of the owner, and whether they can be answered."""

from collections.abc import Sequence
from datetime import date, datetime

from followup_mail.core.facts import recruiter
from followup_mail.core.facts.context import Context, is_no_reply
from followup_mail.core.facts.values import Kind, Meeting
from followup_mail.core.when import parse_promise

_NOTE = 1_500  # characters of a note


def find_word(context: Context) -> date | None:
    """The promise of a person's short note that tells nothing else: an answer in a process the note does not name."""
    message = context.message
    if message.automatic or message.list_id or len(message.body.fresh) > _NOTE or context.reading.has("marketing"):
        return None
    return find_promise(context, Kind.OTHER)


_DECIDED = frozenset({Kind.OFFER, Kind.REJECTION})  # a date merely named there is a first day's, or the reader's own


def find_promise(
    context: Context, kind: Kind, held: Sequence[Meeting] = (), gone: Sequence[datetime] = ()
) -> date | None:
    """The date by which the writer promises an answer, reckoned from the last of `held` where it says so.

    The day of a meeting that is `gone` is no such date.
    """
    later = kind is Kind.INTERVIEW_CANCELLATION and context.reading.has("not_slots")
    if later:
        return None
    language = None if context.language in {"und", "mis"} else context.language
    days = [day for one in held if (day := one.start.date() if one.start else one.day)]
    found = parse_promise(
        context.message.body.fresh,
        reference=context.sent_at,
        zone=context.zone,
        language=language,
        held=max(days, default=None),
        surely=kind in _DECIDED,
        gone=frozenset(start.date() for start in gone) if kind is Kind.INTERVIEW_CANCELLATION else frozenset(),
    )
    return found[0] if found else None


def asks_owner(context: Context, kind: Kind) -> bool:
    """Whether a person of the employer waits for something of the owner."""
    sender = context.sender
    if sender is None or kind in {Kind.REJECTION, Kind.APPLICATION_RECEIVED}:
        return False
    if is_no_reply(sender.addr_spec) and not recruiter.is_human_relay(context):
        return False
    return kind is Kind.AVAILABILITY_REQUEST or context.reading.has("asks_owner")


def takes_no_reply(context: Context) -> bool:
    """Whether an answer would reach nobody."""
    message = context.message
    if any(not is_no_reply(address.addr_spec) for address in message.reply_to):
        return False
    return (message.sender is not None and is_no_reply(message.sender.addr_spec)) or context.reading.has("no_reply")
