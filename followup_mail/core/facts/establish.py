"""The order in which a message is read: automatic, owner's own, calendar, prose, then who, where and for whom."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from followup_mail.core.cues import fold, has_hint, is_from, weak_hints
from followup_mail.core.facts import employer, fraud, meetings, people, persons, recruiter
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
from followup_mail.core.facts.owner import read_owner
from followup_mail.core.facts.position import find_position
from followup_mail.core.facts.values import Doubt, Facts, Kind, Meeting
from followup_mail.core.facts.weighing import weigh
from followup_mail.core.message import Message
from followup_mail.core.rules import Evidence, Reading
from followup_mail.core.when import Moment, ZoneSource, parse_return
from followup_mail.core.who import Address, Person, Role

_POSITIVE = frozenset({Kind.INTERVIEW_CONFIRMATION, Kind.INTERVIEW_RESCHEDULE})
_ENOUGH = 3
_ANSWER = 600  # characters of a short answer
_LOOK = 4_000  # characters of fresh text in which hints are looked for
_EVIDENCE_CAP = 12
_DECISIVE = ("rejected_strong", "offered_strong", "received", "decided_against")


@dataclass
class _Findings:
    """What is being gathered about one message."""

    kind: Kind
    evidence: list[Evidence] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    stated: list[meetings.Stated] = field(default_factory=list)
    moved_from: tuple[datetime, ...] = ()
    from_thread: bool = False


def is_candidate(message: Message, thread: Sequence[Message]) -> bool:
    """Whether a message is worth reading in full: cheap, and generous."""
    if message.invitations or message.automatic in {"bounce", "disposition", "auto-replied"}:
        return True
    sender = message.sender.domain if message.sender else ""
    if message.list_id and not any(is_from(sender, kind) for kind in ("applicant_tracking", "scheduling", "machines")):
        return False
    if is_from(sender, "applicant_tracking") or has_hint(fold(f"{message.subject}\n{message.body.fresh[:_LOOK]}")):
        return True
    if len(message.body.fresh) > 1_500:
        return False
    answers = message.body.quoted or thread
    if answers and any(hint in fold(message.subject) for hint in weak_hints()):
        return True
    earlier = [message.body.quoted[:_LOOK], *(one.subject + one.body.fresh[:2_000] for one in thread[-4:])]
    return has_hint(fold("\n".join(earlier)))


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
    return replace(
        _plain(message, context.me, judged.kind),
        automatic=judged.kind is not Kind.OTHER or bool(message.automatic),
        away_until=away,
        language=context.language,
        evidence=tuple(judged.evidence),
    )


def _read(context: Context, *, expected: bool) -> Facts:
    score, evidence = weigh(context)
    score += _settles(context, evidence) if score < _ENOUGH else 0
    found = _judge(context, score, evidence)
    reading = context.reading
    if found.kind is Kind.OTHER and score < 2 and not expected:
        return replace(
            _plain(context.message, context.me, Kind.OTHER),
            language=context.language,
            promised_by=find_word(context),
        )
    named = frozenset(fold(one.display_name) for one in _persons(context))
    company = employer.find_company(context, named)
    machine = kinds.is_machine_platform(context)
    who = people.find_people(context, found.stated, company, machine=machine, thread=found.from_thread)
    _drop_breaks(context, found, who)
    positive = found.kind in _POSITIVE
    suspicious, signs, doubts = (
        fraud.find_fraud(context) if found.kind is not Kind.OTHER or score >= 3 else (False, (), ())
    )
    found.evidence.extend(signs)
    found.doubts.extend(doubts)
    if found.kind in _POSITIVE:
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
        promised_by=find_promise(context, found.kind),
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


def _drop_breaks(context: Context, found: _Findings, who: people.People) -> None:
    """A row of a schedule that is a break, with nobody named, is no interview."""
    breaks = context.reading.cues.pattern("breaks")
    kept = [
        index
        for index, one in enumerate(found.stated)
        if who.by_meeting[index] or one.invitation or not breaks.search(context.reading.low, *one.row)
    ]
    if kept and len(kept) < len(found.stated):
        found.stated = [found.stated[index] for index in kept]
        who.by_meeting = [who.by_meeting[index] for index in kept]


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
    if not timed and not meetings.thread_meetings(context, []):
        return 0
    evidence.append(reading.evidence("settles-thread", settles[0].start()))
    return _ENOUGH


def _persons(context: Context) -> list[Address]:
    message = context.message
    listed = [message.sender, *message.to, *message.cc, *(a.address for i in context.invitations for a in i.attendees)]
    listed += [i.organizer.address for i in context.invitations if i.organizer]
    kept = []
    for address in listed:
        name = clean_display_name(address.display_name) if address else ""
        if address and len(name.split()) >= 2 and not is_service(address) and not is_shared(address.addr_spec):
            kept.append(replace(address, display_name=name))
    return kept


def _judge(context: Context, score: int, evidence: list[Evidence]) -> _Findings:
    judged = kinds.judge_calendar(context, score, evidence)
    if judged is not None:
        return _from_calendar(context, judged)
    reading = context.reading
    if score <= 0 and not any(map(reading.has, _DECISIVE)):
        return _Findings(Kind.OTHER)
    changing = reading.has("rescheduled") or reading.has("cancelled") or reading.has("needs_reschedule")
    zone = context.zone
    times = meetings.sort_moments(context, reading, context.moments, zone, changing=changing)
    _drop_old(context, times, changing=changing)
    asked = bool(times.ahead) and all(_is_asked(reading, item[0].position) for item in times.ahead)
    judged = kinds.judge_prose(context, score, evidence, len(times.ahead), len(times.days), asked=asked)
    found = _Findings(judged.kind, judged.evidence, from_thread=judged.from_thread)
    found.moved_from = meetings.old_starts([], times) if changing else ()
    if judged.from_thread:
        _take_from_thread(context, found, [day for _, day in times.days])
    elif judged.prose_meetings:
        inherited = meetings.inherited_zone(context)
        found.stated = meetings.prose_meetings(context, reading, times, inherited)
        if times.days and not times.ahead:
            _take_time_of_day(context, found, times)
        if len(found.stated) > 1 and judged.kind is Kind.INTERVIEW_RESCHEDULE:
            found.stated = _newest(context, found.stated)
    elif judged.kind is Kind.INTERVIEW_CANCELLATION:
        found.moved_from = tuple(dict.fromkeys([*found.moved_from, *(start for _, start, _ in times.ahead)]))
    return found


def _is_asked(reading: Reading, position: int) -> bool:
    """Whether the moment here stands in a question."""
    unit = reading.unit_at(position)
    return unit is not None and reading.text[unit.start : unit.end].rstrip().endswith("?")


def _newest(context: Context, stated: list[meetings.Stated]) -> list[meetings.Stated]:
    """Of the times a change names, those that are called new, where some are."""
    if all(one.meeting.end for one in stated) and len({one.row for one in stated}) == len(stated):
        return stated  # the rows of a new schedule
    new = context.reading.cues.pattern("rescheduled")
    low = context.reading.low
    called = [one for one in stated if new.search(low, max(0, one.moment.position - 60), one.moment.position)]
    return called or stated


def _drop_old(context: Context, times: meetings.Times, *, changing: bool) -> None:
    if changing:
        _drop_known(context, times)
        _drop_cancelled(context.reading, times)


def _drop_cancelled(reading: Reading, times: meetings.Times) -> None:
    """A time in a sentence that only calls it off is none that lies ahead."""
    moving = {reading.unit_at(match.start()) for cue in ("rescheduled", "slots") for match in reading.find_all(cue)}
    off = {reading.unit_at(match.start()) for match in reading.find_all("cancelled")} - moving
    gone = [item for item in times.ahead if reading.unit_at(item[0].position) in off]
    times.old.extend(item[1] for item in gone)
    times.ahead = [item for item in times.ahead if item not in gone]


def _drop_known(context: Context, times: meetings.Times) -> None:
    """A time that the thread had fixed before is the old one of a change."""
    if len(times.ahead) < 2:
        return
    known = {one.meeting.start for one in meetings.thread_meetings(context, [])}
    kept = [item for item in times.ahead if item[1] not in known]
    if kept:
        times.old.extend(item[1] for item in times.ahead if item[1] in known)
        times.ahead = kept


def _take_time_of_day(context: Context, found: _Findings, times: meetings.Times) -> None:
    """Where only a day is stated and the thread, or what is forwarded, has a time on it, that time."""
    days = {day for _, day in times.days}
    timed = [one for one in meetings.thread_meetings(context, sorted(days)) if one.meeting.start]
    fitting = [one for one in timed if one.meeting.start and one.meeting.start.date() in days]
    if fitting:
        found.stated, found.from_thread = fitting, True


def _take_from_thread(context: Context, found: _Findings, days: list[date]) -> None:
    found.stated = meetings.thread_meetings(context, days)
    if not found.stated:
        found.kind = Kind.OTHER


def _from_calendar(context: Context, judged: kinds.Judgement) -> _Findings:
    found = _Findings(judged.kind, judged.evidence)
    wanted = judged.kind is Kind.INTERVIEW_CANCELLATION
    for invitation in context.invitations:
        meeting = meetings.calendar_meeting(invitation, context.zone)
        if meeting and kinds.is_cancelling(invitation) == wanted and invitation.method not in {"REPLY", "REFRESH"}:
            found.stated.append(
                meetings.Stated(
                    meeting,
                    Moment(meeting.start or meeting.day or context.sent_at, None, meeting.zone, "", 0),
                    (0, 0),
                    invitation,
                )
            )
            if meeting.start is None and meeting.day:
                found.doubts.append(Doubt("zone", "The invitation is for a whole day."))
    reading = context.reading
    times = meetings.sort_moments(context, reading, context.moments, context.zone, changing=reading.has("rescheduled"))
    found.moved_from = (
        meetings.old_starts([one.meeting for one in found.stated], times)
        if judged.kind is Kind.INTERVIEW_RESCHEDULE
        else ()
    )
    if len(found.stated) == 1 and not wanted:
        _split_by_rows(context, found, times)
        doubt = meetings.agree(found.stated[0].meeting, times)
        if doubt and len(found.stated) == 1:
            found.doubts.append(doubt)
    if wanted:
        found.moved_from = tuple(one.meeting.start for one in found.stated if one.meeting.start)
    return found


def _split_by_rows(context: Context, found: _Findings, times: meetings.Times) -> None:
    """One event over back-to-back rounds: the rows of its schedule that lie within it are the meetings."""
    whole = found.stated[0].meeting
    if whole.start is None or whole.end is None or len(times.ahead) < 2:
        return
    inside = [
        item
        for item in times.ahead
        if whole.start <= _in_zone(item[1], item[0].zone, whole) < whole.end
        and (item[1], item[2]) != (whole.start, whole.end)
    ]
    if len(inside) < 2:
        return
    times.ahead = inside
    rows = meetings.prose_meetings(context, context.reading, times, whole.zone)
    found.stated = [
        replace(
            row,
            meeting=replace(
                row.meeting,
                zone=whole.zone,
                zone_source=ZoneSource.CALENDAR,
                location=row.meeting.location or whole.location,
                ical_uid=whole.ical_uid,
                sequence=whole.sequence,
                recurrence_id=whole.recurrence_id,
            ),
        )
        for row in rows
    ]


def _in_zone(start: datetime, zone: str | None, whole: Meeting) -> datetime:
    return start if zone or whole.start is None else start.replace(tzinfo=whole.start.tzinfo)
