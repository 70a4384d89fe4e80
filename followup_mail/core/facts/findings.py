"""What is gathered of one message: its kind, and the meetings that calendar, prose or thread give for it."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from followup_mail.core.facts import kind as kinds
from followup_mail.core.facts import meetings
from followup_mail.core.facts.context import Context
from followup_mail.core.facts.grounds import quote_grounds
from followup_mail.core.facts.marks import find_marks
from followup_mail.core.facts.times import Times, sort_moments
from followup_mail.core.facts.values import Doubt, Kind, Meeting
from followup_mail.core.rules import Evidence, Reading, lean, load_weights, weigh_marks
from followup_mail.core.when import Moment, ZoneSource

_DECISIVE = ("rejected_strong", "offered_strong", "received", "decided_against")
_BELIEVED = 0.5  # share from which an interview is believed
_TOLD = 0.3  # the same where the rules say so: the weights were learnt from mail that seldom speaks plainly
_CERTAIN = 0.6  # share from which an ending needs no sign of its own
_WORDED, _WORDS = 1.5, 5  # what the heaviest words of an ending that no sign tells weigh together, and how many count
_CLEAR = 0.6  # share from which ordinary mail is that, whatever the rules say
_HEARD = 0.25  # share from which the rules' word is heard
_GROUNDS = {
    Kind.REJECTION: {f"#rules {Kind.REJECTION}", "#sign rejected", "#sign decided-against"},
    Kind.OFFER: {f"#rules {Kind.OFFER}", "#sign offered"},
    Kind.INTERVIEW_CANCELLATION: {f"#rules {Kind.INTERVIEW_CANCELLATION}", "#sign cancelled", "#calendar cancel"},
}
_UNFOUNDED = frozenset({f"#rules {Kind.OTHER}", "#bare"})  # everyday life is full of such meetings
_EXPECTED = "#expected"
_PENDING = "#pending"
POSITIVE = frozenset({Kind.INTERVIEW_CONFIRMATION, Kind.INTERVIEW_RESCHEDULE})


@dataclass
class Findings:
    """What is being gathered about one message."""

    kind: Kind
    evidence: list[Evidence] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    stated: list[meetings.Stated] = field(default_factory=list)
    moved_from: tuple[datetime, ...] = ()
    from_thread: bool = False


@dataclass(frozen=True, slots=True)
class Signs:
    """What a kind is judged by: the rules' own word, the moments, and every mark."""

    said: kinds.Judgement
    times: Times
    changing: bool
    marks: frozenset[str]


def find_signs_of(context: Context, score: int, evidence: list[Evidence], *, expected: bool) -> Signs:
    """The rules' judgement of a message, its moments sorted, and its marks for the learnt weights."""
    reading = context.reading
    changing = reading.has("rescheduled") or reading.has("cancelled") or reading.has("needs_reschedule")
    times = sort_moments(context, reading, context.moments, context.zone, changing=changing)
    _drop_old(context, times, changing=changing)
    asked = bool(times.ahead) and all(_is_asked(reading, item[0].position) for item in times.ahead)
    said = kinds.judge_calendar(context, score, evidence)
    if said is None and (score > 0 or any(map(reading.has, _DECISIVE))):
        said = kinds.judge_prose(context, score, evidence, len(times.ahead), len(times.days), asked=asked)
    said = said or kinds.Judgement(Kind.OTHER)
    marks = find_marks(context, said=said.kind, score=score, times=times, asked=asked, expected=expected)
    return Signs(said, times, changing, marks)


def judge(context: Context, score: int, evidence: list[Evidence], *, expected: bool) -> Findings:
    """The kind by signs, calendar and wording together, and the meetings that go with it."""
    signs = find_signs_of(context, score, evidence, expected=expected)
    found = gather(context, settle(signs.marks), signs)
    if found.kind not in {Kind.OTHER, signs.said.kind}:  # no rule says why: the words do
        found.evidence.extend(quote_grounds(context, found.kind, signs.marks))
    if found.kind in POSITIVE and signs.marks >= _UNFOUNDED and _EXPECTED not in signs.marks:
        found.doubts.append(Doubt("whether", "a stranger wrote it, without a word of hiring", holds=True))
    return found


def gather(context: Context, kind: Kind, signs: Signs) -> Findings:
    """The meetings of a message of this kind."""
    times = signs.times
    found = Findings(kind, list(signs.said.evidence))
    found.moved_from = meetings.old_starts([], times) if signs.changing else ()
    if kind is not Kind.OTHER and kinds.has_meeting(context, kind):
        _from_calendar(context, found, times)
    elif kind in POSITIVE:
        _from_words(context, found, signs.said, _resort(context, times, kind, changing=signs.changing))
    elif kind is Kind.INTERVIEW_CANCELLATION:
        found.moved_from = tuple(dict.fromkeys([*found.moved_from, *(start for _, start, _ in times.ahead)]))
    return found


def _resort(context: Context, times: Times, kind: Kind, *, changing: bool) -> Times:
    """The moments once the kind is known: a change has old ones, and a lone one that only seemed old is meant."""
    if kind is Kind.INTERVIEW_RESCHEDULE and not changing and len(times.ahead) > 1:
        times = sort_moments(context, context.reading, context.moments, context.zone, changing=True)
        _drop_old(context, times, changing=True)
    if changing and not times.ahead:
        other = sort_moments(context, context.reading, context.moments, context.zone, changing=False)
        last = max((day for _, day in times.days), default=context.sent_at.date())
        return other if len(other.ahead) == 1 and other.ahead[0][1].date() >= last else times
    return times


def settle(marks: frozenset[str]) -> Kind:
    """The likeliest kind; an interview is believed only where more speaks for one than for everything else.

    What ends a process needs words that say so, or little doubt.
    """
    shares = weigh_marks(marks, load_weights("kinds"))
    told = any(f"#rules {kind}" in marks for kind in POSITIVE)
    if sum(shares[kind] for kind in POSITIVE) >= (_TOLD if told else _BELIEVED):
        return max(POSITIVE, key=lambda kind: shares[kind])
    rest = {kind: share for kind, share in shares.items() if kind not in POSITIVE}
    founded = [Kind(kind) for kind, share in rest.items() if _is_founded(kind, share, marks)]
    best = max(founded, key=lambda kind: shares[kind])
    if best is Kind.INTERVIEW_CANCELLATION and f"#rules {Kind.REJECTION}" in marks:
        return Kind.REJECTION  # called off because somebody else was chosen
    if best is Kind.OTHER and shares[best] < _CLEAR:  # in the balance the rules' word decides
        return next((kind for kind in founded if f"#rules {kind}" in marks and shares[kind] >= _HEARD), best)
    return best


def _is_founded(kind: str, share: float, marks: frozenset[str]) -> bool:
    """Whether a kind may be believed: an ending by a sign of its own, or by its share where nothing is still due."""
    grounds = _GROUNDS.get(Kind(kind))
    if grounds is None or not marks.isdisjoint(grounds):
        return True
    due = kind == Kind.REJECTION and _PENDING in marks
    return share >= _CERTAIN and not due and _is_worded(kind, marks)


def _is_worded(kind: str, marks: frozenset[str]) -> bool:
    """Whether words speak for a kind, and not only where and by whom the message was sent."""
    words = lean((mark for mark in marks if mark[0] != "#"), load_weights("kinds"), kind, Kind.OTHER)
    return sum(sorted(words, reverse=True)[:_WORDS]) >= _WORDED


def _from_words(context: Context, found: Findings, said: kinds.Judgement, times: Times) -> None:
    """The meetings that the message's own prose states, else those of the thread it answers."""
    answers = said.from_thread or not times.ahead
    earlier = meetings.thread_meetings(context, tuple(day for _, day in times.days)) if answers else []
    if said.from_thread or earlier:
        found.stated, found.from_thread = earlier, True
        return
    inherited = meetings.inherited_zone(context)
    found.stated = meetings.prose_meetings(context, context.reading, times, inherited)
    if times.days and not times.ahead:
        _take_time_of_day(context, found, times)
    if len(found.stated) > 1 and found.kind is Kind.INTERVIEW_RESCHEDULE:
        found.stated = _newest(context, found.stated)


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
    return called or _second_of_two(context, stated)


def _second_of_two(context: Context, stated: list[meetings.Stated]) -> list[meetings.Stated]:
    """Of a mere time and another one in the same sentence of a change, the other: "Friday's half nine becomes ten"."""
    if len(stated) != 2 or stated[0].meeting.end:
        return stated
    units = {id(context.reading.unit_at(one.moment.clock[0] if one.moment.clock else 0)) for one in stated}
    return stated[1:] if len(units) == 1 else stated


def _drop_old(context: Context, times: Times, *, changing: bool) -> None:
    if changing:
        _drop_known(context, times)
        _drop_cancelled(context.reading, times)


def _drop_cancelled(reading: Reading, times: Times) -> None:
    """A time in a sentence that only calls it off is none that lies ahead."""
    moving = {reading.unit_at(match.start()) for cue in ("rescheduled", "slots") for match in reading.find_all(cue)}
    off = {reading.unit_at(match.start()) for match in reading.find_all("cancelled")} - moving
    gone = [item for item in times.ahead if reading.unit_at(item[0].position) in off]
    times.old.extend(item[1] for item in gone)
    times.ahead = [item for item in times.ahead if item not in gone]


def _drop_known(context: Context, times: Times) -> None:
    """A time that the thread had fixed before is the old one of a change."""
    if len(times.ahead) < 2:
        return
    known = {one.meeting.start for one in meetings.thread_meetings(context)}
    kept = [item for item in times.ahead if item[1] not in known]
    if kept:
        times.old.extend(item[1] for item in times.ahead if item[1] in known)
        times.ahead = kept


def _take_time_of_day(context: Context, found: Findings, times: Times) -> None:
    """Where only a day is stated and the thread, or what is forwarded, has a time on it, that time."""
    days = {day for _, day in times.days}
    timed = [one for one in meetings.thread_meetings(context, tuple(sorted(days))) if one.meeting.start]
    fitting = [one for one in timed if one.meeting.start and one.meeting.start.date() in days]
    if fitting:
        found.stated, found.from_thread = fitting, True


def _from_calendar(context: Context, found: Findings, times: Times) -> None:
    wanted = found.kind is Kind.INTERVIEW_CANCELLATION
    for invitation in kinds.usable_invitations(context, found.kind):
        meeting = meetings.calendar_meeting(invitation, context.zone)
        if meeting is None:
            continue
        moment = Moment(meeting.start or meeting.day or context.sent_at, None, meeting.zone, "", 0)
        found.stated.append(meetings.Stated(meeting, moment, (0, 0), invitation))
        if meeting.start is None and meeting.day:
            found.doubts.append(Doubt("zone", "The invitation is for a whole day."))
    if found.kind is Kind.INTERVIEW_RESCHEDULE:
        found.moved_from = meetings.old_starts([one.meeting for one in found.stated], times)
    elif wanted:
        found.moved_from = tuple(one.meeting.start for one in found.stated if one.meeting.start)
    else:
        found.moved_from = ()
    if len(found.stated) == 1 and not wanted:
        _split_by_rows(context, found, times)
        doubt = meetings.agree(found.stated[0].meeting, times)
        if doubt and len(found.stated) == 1:
            found.doubts.append(doubt)


def _split_by_rows(context: Context, found: Findings, times: Times) -> None:
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
