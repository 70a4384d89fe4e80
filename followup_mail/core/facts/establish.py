"""The order in which a message is read: automatic, owner's own, calendar, prose, then who, where and for whom."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime

from followup_mail.core.cues import fold, is_from
from followup_mail.core.facts import employer, findings, fraud, meetings, people, persons, recruiter
from followup_mail.core.facts import kind as kinds
from followup_mail.core.facts.answers import asks_owner, find_promise, find_word, takes_no_reply
from followup_mail.core.facts.context import (
    Context,
    clean_display_name,
    is_no_reply,
    is_service,
    is_shared,
    make_context,
)
from followup_mail.core.facts.doubts import find_doubts
from followup_mail.core.facts.marks import find_outer_marks
from followup_mail.core.facts.owner import read_owner
from followup_mail.core.facts.position import find_position
from followup_mail.core.facts.process import is_recruiting
from followup_mail.core.facts.values import Doubt, Facts, Kind
from followup_mail.core.facts.weighing import weigh
from followup_mail.core.message import Message
from followup_mail.core.rules import Evidence, Reading, load_weights, weigh_marks
from followup_mail.core.when import parse_return
from followup_mail.core.who import Address, Person, Role

_ENOUGH = 3
_ANSWER = 600  # characters of a short answer
_WORTH = 0.12  # share from which a message is worth reading in full
_EVIDENCE_CAP = 12


def is_candidate(message: Message, thread: Sequence[Message]) -> bool:
    """Whether a message is worth reading in full: by its single words and header fields, and generous."""
    if message.automatic in {"bounce", "disposition", "auto-replied"}:
        return True
    sender = message.sender.domain if message.sender else ""
    if is_from(sender, "applicant_tracking"):
        return True
    if message.list_id and not any(is_from(sender, kind) for kind in ("scheduling", "machines")):
        return False
    marks = find_outer_marks(message, answers=bool(thread))
    return weigh_marks(marks, load_weights("outer"))["hiring"] >= _WORTH


def establish_facts(
    message: Message,
    *,
    thread: Sequence[Message] = (),
    me: Collection[str],
    zone: str,
    expected: bool = False,
) -> Facts:
    """What the message says, read with the earlier messages of its thread (oldest first).

    `me` are the owner's addr-specs (empty: whoever it was sent to), `zone` the owner's IANA zone. `expected` says that
    it comes from, or goes to, somebody of an open case: it is then read in full whatever its words. Never raises for
    any message that `parse_message` can give.
    """
    if not expected and not is_candidate(message, thread):
        return _plain(message, me, Kind.OTHER)
    context = make_context(message, thread, me, zone)
    if message.sender is not None and me and context.is_owner(message.sender):
        return _own(context)
    automatic = kinds.judge_automatic(context)
    if automatic is not None:
        return _automatic(context, automatic)
    return _read(context, expected=expected)


def _addresses(message: Message) -> tuple[Address, ...]:
    return message.to + message.cc


def _sender(message: Message) -> Person | None:
    if message.sender is None:
        return None
    role = Role.SYSTEM if is_service(message.sender) else Role.RECRUITER
    return Person(clean_display_name(message.sender.display_name), message.sender.addr_spec, role)


def _plain(message: Message, me: Collection[str], kind: Kind) -> Facts:
    owners = {addr_spec.lower() for addr_spec in me}
    own = message.sender is not None and message.sender.addr_spec.lower() in owners
    addressed = [message.sender] if own and message.sender else _addresses(message)
    return Facts(
        key=message.key,
        message_id=message.message_id,
        references=message.references,
        sent_at=message.sent_at,
        subject=message.subject,
        kind=kind,
        sender=_sender(message),
        recipients=_addresses(message),
        from_owner=own,
        owner_address=next((a.addr_spec for a in addressed if a.addr_spec.lower() in owners), None),
        automatic=bool(message.automatic),
        takes_no_reply=message.sender is not None and is_no_reply(message.sender.addr_spec) and not message.reply_to,
        defects=message.defects,
    )


def _own(context: Context) -> Facts:
    said = read_owner(context)
    return replace(
        _plain(context.message, context.me, Kind.OTHER),
        thanks=said.thanks,
        enquiry=said.enquiry,
        withdraws=said.withdraws,
        declines=said.declines,
        accepts=said.accepts,
        language=context.language,
        evidence=said.evidence[:_EVIDENCE_CAP],
    )


def _automatic(context: Context, judged: kinds.Judgement) -> Facts:
    message = context.message
    away: date | None = None
    if judged.kind is Kind.AUTO_REPLY:
        language = None if context.language in {"und", "mis"} else context.language
        away = parse_return(context.reading.text, reference=context.sent_at, zone=context.zone, language=language)
    promised = find_promise(context, judged.kind)
    return replace(
        _plain(message, context.me, judged.kind),
        automatic=judged.kind is not Kind.OTHER or bool(message.automatic),
        away_until=away,
        promised_by=promised if promised and (away is None or promised > away) else None,
        language=context.language,
        evidence=tuple(judged.evidence),
    )


def score_of(context: Context) -> tuple[int, list[Evidence]]:
    """How much says that the message is about a job interview of the owner's by the rules' own scale."""
    score, evidence = weigh(context)
    return score + (_settles(context, evidence) if score < _ENOUGH else 0), evidence


def _read(context: Context, *, expected: bool) -> Facts:
    score, evidence = score_of(context)
    found = findings.judge(context, score, evidence, expected=expected)
    reading = context.reading
    suspicious, signs, doubts = _find_fraud(context, found.kind, score)
    if found.kind is Kind.OTHER and score < 2 and not (expected or is_recruiting(context)):
        return replace(
            _plain(context.message, context.me, Kind.OTHER),
            language=context.language,
            promised_by=find_word(context),
            suspicious=suspicious,
            evidence=signs[:_EVIDENCE_CAP],
            doubts=doubts,
        )
    named = frozenset(fold(one.display_name) for one in persons_of(context))
    company = employer.find_company(context, named)
    machine = kinds.is_machine_platform(context)
    who = people.find_people(context, found.stated, company, machine=machine, thread=found.from_thread)
    _drop_breaks(context, found, who)
    positive = found.kind in findings.POSITIVE
    held = [one.meeting for one in found.stated] if positive else []
    found.evidence.extend(signs)
    found.doubts.extend(doubts)
    if found.kind in findings.POSITIVE:
        found.doubts.extend(find_doubts(context, found.stated, unsure=who.unsure, machine=machine))
    found.doubts = list(dict.fromkeys(found.doubts))
    message = context.message
    return replace(
        _plain(message, context.me, found.kind),
        meetings=tuple(replace(one.meeting, people=who.by_meeting[index]) for index, one in enumerate(found.stated))
        if positive or found.kind is Kind.INTERVIEW_CANCELLATION
        else (),
        moved_from=found.moved_from,
        people=who.everybody,
        recruiter=who.recruiter,
        company=company,
        position=find_position(context, company, named | persons.owner_names(context)),
        agency=employer.find_agency(context),
        promised_by=find_promise(context, found.kind, held, found.moved_from),
        asks_owner=asks_owner(context, found.kind),
        automatic=bool(message.automatic)
        or (message.sender is not None and is_service(message.sender) and not recruiter.is_human_relay(context)),
        hiring_stop=reading.has("hiring_stop"),
        no_direct_contact=reading.has("no_direct_contact"),
        takes_no_reply=takes_no_reply(context),
        answered_by_machine=machine,
        suspicious=suspicious,
        language=context.language,
        evidence=tuple(dict.fromkeys(found.evidence))[:_EVIDENCE_CAP],
        doubts=tuple(found.doubts),
    )


def _find_fraud(context: Context, kind: Kind, score: int) -> tuple[bool, tuple[Evidence, ...], tuple[Doubt, ...]]:
    """Whether the message looks like a job scam, if it is about a job at all."""
    hiring = context.reading.cues.pattern("hiring").search(context.reading.low)
    return fraud.find_fraud(context) if kind is not Kind.OTHER or score > 0 or hiring else (False, (), ())


def _drop_breaks(context: Context, found: findings.Findings, who: people.People) -> None:
    """A row of a schedule that is a break, with nobody named, is no interview."""
    kept = [
        index
        for index, one in enumerate(found.stated)
        if who.by_meeting[index] or one.invitation or not _is_break(context.reading, one.row)
    ]
    if kept and len(kept) < len(found.stated):
        found.stated = [found.stated[index] for index in kept]
        who.by_meeting = [who.by_meeting[index] for index in kept]


def _is_break(reading: Reading, row: tuple[int, int]) -> bool:
    """Whether a row names a break, or a dash stands in its cell for people; a paragraph is no row."""
    begin, end = row
    if end - begin > _ROW:
        return False
    breaks = reading.cues.pattern("breaks")
    return bool(breaks.search(reading.low, begin, end) or _NOBODY.search(reading.low[begin:end]))


_ROW = 160  # characters
_NOBODY = re.compile(r"\| ?[-\u2013\u2014]\s*$")


def _settles(context: Context, evidence: list[Evidence]) -> int:
    """What it adds that an answer about an application settles the time its thread names: "Done, see you Tuesday"."""
    reading = context.reading
    answers = context.subject != context.message.subject.strip()
    if not answers or len(context.message.body.fresh) > _ANSWER:
        return 0
    settles = reading.find_all("confirm_short")
    if not settles or not reading.cues.pattern("hiring").search(fold(context.subject)):
        return 0
    timed = reading.has("scheduled") and any(isinstance(moment.start, datetime) for moment in context.moments)
    if not timed and not meetings.thread_meetings(context):
        return 0
    evidence.append(reading.evidence("settles-thread", settles[0].start()))
    return _ENOUGH


def persons_of(context: Context) -> list[Address]:
    """The people whose full names header fields and calendars show."""
    message = context.message
    listed = [message.sender, *message.to, *message.cc, *(a.address for i in context.invitations for a in i.attendees)]
    listed += [i.organizer.address for i in context.invitations if i.organizer]
    kept = []
    for address in listed:
        name = clean_display_name(address.display_name) if address else ""
        if address and len(name.split()) >= 2 and not is_service(address) and not is_shared(address.addr_spec):
            kept.append(replace(address, display_name=name))
    return kept
