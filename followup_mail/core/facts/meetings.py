"""When and where: the meetings of invitations and of prose, a row of a schedule each."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from followup_mail.core.facts.context import Context, read_moments
from followup_mail.core.facts.values import Doubt, Meeting
from followup_mail.core.itip import Invitation
from followup_mail.core.rules import Reading
from followup_mail.core.when import Moment, ZoneSource, resolve

_URL = re.compile(r"https?://[^\s<>\"|)\]]{4,300}")
_VIDEO = re.compile(
    r"zoom\.us|teams\.microsoft|teams\.live|meet\.google|webex\.com|whereby\.com|bluejeans|chime\.aws|gotomeet|meet\.jit|skype\.com|around\.co"
)
_LONGEST = timedelta(hours=12)
_NUMBERS = {
    word: value
    for value, words in (
        (0.5, "half a|half an|half-an|half-a|eine halbe|une demi|une demi-|media|meia|half|mezz'"),
        (1, "a|an|one|eine|ein|une|una|uma|een|un'"),
        (1.5, "one and a half|anderthalb|anderhalf"),
        (2, "two|zwei|deux|dos|duas|twee|due"),
        (3, "three|drei|trois|tres|drie|tre"),
    )
    for word in words.split("|")
}


@dataclass(frozen=True, slots=True)
class Stated:
    """A meeting that prose states, with the moment and the row it came from."""

    meeting: Meeting
    moment: Moment
    row: tuple[int, int]  # offsets of its line in the reading's text
    invitation: Invitation | None = None  # where it comes from a calendar


def calendar_meeting(invitation: Invitation, owner_zone: str) -> Meeting | None:
    """The meeting of an invitation; a floating time is understood in the owner's zone."""
    if invitation.start is None:
        return None
    told = Meeting(
        start=None,
        location=invitation.location or find_link(invitation.description),
        title=invitation.summary or None,
        ical_uid=invitation.ical_uid or None,
        sequence=invitation.sequence,
        recurrence_id=invitation.recurrence_id,
    )
    if not isinstance(invitation.start, datetime):
        return replace(told, day=invitation.start, zone_source=ZoneSource.CALENDAR)
    end = invitation.end if isinstance(invitation.end, datetime) else None
    start, until = resolve(Moment(invitation.start, end, invitation.zone, "", 0), owner_zone)
    source = ZoneSource.CALENDAR if invitation.zone else ZoneSource.OWNER
    if until is not None and not timedelta(0) < until - start <= 2 * _LONGEST:
        until = None
    return replace(told, start=start, end=until, zone=invitation.zone or owner_zone, zone_source=source)


def find_link(text: str) -> str | None:
    """The first video link of a text."""
    return next((url[0] for url in _URL.finditer(text[:20_000]) if _VIDEO.search(url[0])), None)


def find_location(reading: Reading) -> str | None:
    """Where a text says that the meeting is: a labelled place, else a video link."""
    for pattern in reading.cues.each("location"):
        for match in pattern.finditer(reading.low):
            start = reading.text.rfind("\n", 0, match.start()) + 1
            lead = reading.text[start : match.start()]
            said = reading.text[match.start("place") : match.end()].strip(" .|")
            if said and len(re.sub(r"\W", "", lead)) <= 12:
                return said[:200]
    return find_link(reading.text)


def find_duration(reading: Reading) -> timedelta | None:
    """How long the text says that it takes, where it says one thing only."""
    lengths = set()
    for match in reading.cues.each("duration"):
        for found in match.finditer(reading.active):
            length = _length(found["n"], found["u"])
            if length and timedelta(minutes=10) <= length <= timedelta(hours=9):
                lengths.add(length)
    return lengths.pop() if len(lengths) == 1 else None


def _length(number: str, unit: str) -> timedelta | None:
    count = float(number) if number.isdigit() else _NUMBERS.get(number.strip())
    if count is None:
        return None
    hours = unit[0] in "hsou" and not unit.startswith(("mi", "mn"))
    return timedelta(hours=count) if hours else timedelta(minutes=count)


def _is_deadline(reading: Reading, moment: Moment) -> bool:
    line = reading.low.rfind("\n", 0, moment.position) + 1
    before = reading.low[max(line, moment.position - 60) : moment.position].rstrip(" (")
    cues = ("deadline",) if isinstance(moment.start, datetime) else ("deadline", "entry")
    return any(found.end() == len(before) for cue in cues for found in reading.cues.pattern(cue).finditer(before))


def is_superseded(reading: Reading, moment: Moment) -> bool:
    """Whether a moment is the old time of a change."""
    if moment.superseded:
        return True
    unit = reading.unit_at(moment.position)
    if unit is None:
        return False
    before = reading.low[max(unit.start, moment.position - 110) : moment.position]
    pattern = reading.cues.pattern("superseded")
    begin = moment.position - len(before)
    ends = [match.end() for match in pattern.finditer(before.rstrip())]
    ends += [m.end() - begin for m in pattern.finditer(reading.low, begin, unit.end) if m.start() < moment.position]
    if not ends:
        return False
    between = before[min(max(ends), len(before)) :]
    renewed = re.compile(
        r"\b(?:to|for|auf|au|a|para|al|naar|op|new|neue\w*|nouve\w+|nuev\w+|nov[oa]|nieuw\w*|nuov\w*|on)\b"
    )
    near = len(between.split()) <= 8
    moved = re.search(
        r"(?:\bto|\bauf|\bau|\bpara|\bal|\bnaar|\bnew|verschieben auf|instead)\W+(?:\w+\W+){0,2}$", before
    ) and renewed.search(between)
    return near and not moved


_HEADER_LINE = re.compile(
    r"\W*(?:date|sent|gesendet|datum|envoye|enviado|enviada|verzonden|inviato|data|fecha|on|am|le|el|em|op"
    r"|il) ?[:\w].*(?:wrote|schrieb|a ecrit|escribio|escreveu|schreef|ha scritto|:\d\d:\d\d)"
    r"|.*<[^<>\s]+@[^<>\s]+> on |\W*(?:sent|gesendet|envoye|enviado|verzonden|inviato)\b.{0,3}:"
    r"|.{0,60}\d\d/\d\d/\d{2,4} \d\d:\d\d(?::\d\d)? [ap]m"
)


def _is_header(reading: Reading, moment: Moment) -> bool:
    """Whether a moment stands in the head of something quoted: when it was sent."""
    begin = reading.low.rfind("\n", 0, moment.position) + 1
    return _HEADER_LINE.match(reading.low, begin, min(len(reading.low), moment.position + 120)) is not None


_LENGTH = re.compile(r"\d{1,2} ?h(?:rs?|ours?)?\.?")
_NEAR = 30  # characters from a time to the same one elsewhere
_PLACE = re.compile(r" [^\W\d_a-z][^\W\d_]+")
_SAME = re.compile(r" ?(?:/|=|\||\(|which is|i\.e\.) ?(?:it is |that is |that's )?(?:\d|noon)")


def _is_said_again(reading: Reading, moment: Moment, before: Moment | None) -> bool:
    """Whether a time repeats the one before it elsewhere ("12:00 PM ET / 4:00 PM Lisbon"), or is a mere length."""
    if before is None:
        return False
    if moment.words.startswith(before.words):
        tail = moment.words[len(before.words) :]
    else:
        tail = reading.text[before.position + len(before.words) : moment.position + len(moment.words)]
    if moment.zone is None and before.zone is not None and _LENGTH.fullmatch(tail.lower().split(" ")[-1]):
        return True
    place = _PLACE.match(reading.text, moment.position + len(moment.words))
    return bool(moment.zone == before.zone and place and len(tail) < _NEAR and _SAME.match(tail.lower()))


def _usable(reading: Reading, moments: tuple[Moment, ...]) -> list[Moment]:
    kept: list[Moment] = []
    hypothetical: list[Moment] = []
    for before, moment in zip((None, *moments), moments, strict=False):
        if _is_said_again(reading, moment, before):
            continue
        unit = reading.unit_at(moment.position)
        if _is_deadline(reading, moment) or (unit and unit.part == "quoted" and _is_header(reading, moment)):
            continue
        said = reading.active[moment.position : moment.position + max(1, len(moment.words))].strip()
        (kept if unit is None or said else hypothetical).append(moment)
    return kept or hypothetical


@dataclass
class Times:
    """The moments of a reading sorted by what they are."""

    ahead: list[tuple[Moment, datetime, datetime | None]]
    days: list[tuple[Moment, date]]
    old: list[datetime]


def sort_moments(
    context: Context, reading: Reading, moments: tuple[Moment, ...], zone: str, *, changing: bool
) -> Times:
    """Which moments lie ahead, which are mere days, and which are the old ones of a change."""
    times = Times([], [], [])
    sent = context.sent_at
    for moment in _usable(reading, moments):
        start, end = resolve(moment, zone)
        old = moment.superseded or (changing and is_superseded(reading, moment))
        if not isinstance(moment.start, datetime):
            if (
                not old
                and moment.start >= sent.astimezone(start.tzinfo).date()
                and moment.start <= sent.date() + timedelta(days=400)
            ):
                times.days.append((moment, moment.start))
            continue
        if old:
            times.old.append(start)
        elif sent - timedelta(minutes=30) <= start <= sent + timedelta(days=400):
            if _is_ending(reading, moment):
                _end_last(times, start)
            elif (start, end) not in {(other, until) for _, other, until in times.ahead}:
                times.ahead.append((moment, start, end))
    covered = [(start, end) for _, start, end in times.ahead]
    spans = [item for item in times.ahead if not _covers(item[1], item[2], covered)]
    times.ahead = list({item[1]: item for item in reversed(spans)}.values())[::-1]
    times.ahead.sort(key=lambda item: item[0].position)
    known = {start.date() for _, start, _ in times.ahead}
    times.days = [item for item in times.days if item[1] not in known]
    return times


def _is_ending(reading: Reading, moment: Moment) -> bool:
    """Whether a moment is when something ends: "expected to finish at 12.00 noon"."""
    line = reading.low.rfind("\n", 0, moment.position) + 1
    before = reading.low[max(line, moment.position - 40) : moment.position].rstrip()
    return any(found.end() == len(before) for found in reading.cues.pattern("ending").finditer(before))


def _end_last(times: Times, end: datetime) -> None:
    if times.ahead and times.ahead[-1][2] is None and timedelta(0) < end - times.ahead[-1][1] <= _LONGEST:
        times.ahead[-1] = (*times.ahead[-1][:2], end)


def _covers(start: datetime, end: datetime | None, all_spans: list[tuple[datetime, datetime | None]]) -> bool:
    """Whether a span holds at least two others: the day of an onsite over its rows."""
    if end is None:
        return False
    inside = [a for a, b in all_spans if (a, b) != (start, end) and start <= a < end and (b is None or b <= end)]
    return len(inside) >= 2


def prose_meetings(context: Context, reading: Reading, times: Times, inherited: str | None) -> list[Stated]:
    """A meeting for each moment that lies ahead, or for each day where no time is stated."""
    length = find_duration(reading) if len(times.ahead) == 1 else None
    location = find_location(reading)
    found = []
    for moment, start, end in times.ahead:
        zone, source = stated_zone(moment, inherited)
        begin, until = resolve(moment, zone) if zone and not moment.zone else (start, end)
        until = until or (begin + length if length else None)
        meeting = Meeting(start=begin, end=until, zone=zone or context.zone, zone_source=source, location=location)
        found.append(Stated(meeting, moment, _row(reading, moment)))
    if not found:
        for moment, day in times.days[:1]:
            meeting = Meeting(
                start=None, day=day, zone=inherited or context.zone, zone_source=ZoneSource.OWNER, location=location
            )
            found.append(Stated(meeting, moment, _row(reading, moment)))
    return found


def _row(reading: Reading, moment: Moment) -> tuple[int, int]:
    begin = reading.text.rfind("\n", 0, moment.position) + 1
    end = reading.text.find("\n", moment.position)
    return begin, len(reading.text) if end < 0 else end


def stated_zone(moment: Moment, inherited: str | None) -> tuple[str | None, ZoneSource]:
    """The zone of a moment and where it comes from."""
    if moment.zone:
        return moment.zone, ZoneSource.STATED
    if inherited:
        return inherited, ZoneSource.THREAD
    return None, ZoneSource.OWNER


def inherited_zone(context: Context) -> str | None:
    """The zone that earlier messages of the thread, or what is quoted, state."""
    for earlier in reversed(context.thread):
        for invitation in earlier.invitations:
            if invitation.zone and invitation.zone != "UTC":
                return invitation.zone
    if context.message.body.quoted or context.thread:
        zones = {moment.zone for moment in read_moments(context.quoted, context.sent_at, context.zone) if moment.zone}
        if len(zones) == 1:
            return zones.pop()
    return None


def agree(calendar: Meeting, times: Times) -> Doubt | None:
    """The doubt where prose states other times than the calendar."""
    if calendar.start is None or not times.ahead:
        return None
    starts = [(moment, start) for moment, start, _ in times.ahead]
    wall = calendar.start.replace(tzinfo=None)
    for moment, start in starts:
        if start == calendar.start or (
            moment.zone is None and isinstance(moment.start, datetime) and moment.start == wall
        ):
            return None
        if moment.zone is None and abs(start - calendar.start) < timedelta(hours=14):
            return None
    said = starts[0][1].isoformat(timespec="minutes")
    return Doubt(
        "calendar-prose", f"The invitation says {wall:%Y-%m-%d %H:%M}, the text says {said}; the invitation counts."
    )


def thread_meetings(context: Context, days: list[date]) -> list[Stated]:
    """The meetings that the thread fixed: of its newest message that states any, else of what is quoted."""
    for earlier in reversed(context.thread):
        sent_at = earlier.sent_at or context.sent_at
        for invitation in earlier.invitations:
            meeting = calendar_meeting(invitation, context.zone)
            if meeting and meeting.start and meeting.start >= context.sent_at - timedelta(hours=2):
                return [Stated(meeting, Moment(invitation.start or sent_at, None, invitation.zone, "", 0), (0, 0))]
        reading = Reading([("quoted", earlier.body.fresh)], context.language)
        found = _thread_stated(context, reading, sent_at, days)
        if found:
            return found
    if context.message.body.quoted:
        return _thread_stated(
            context, Reading([("quoted", context.message.body.quoted)], context.language), context.sent_at, days
        )
    return []


def _thread_stated(context: Context, reading: Reading, sent_at: datetime, days: list[date]) -> list[Stated]:
    times = sort_moments(
        context,
        reading,
        read_moments(reading, sent_at, context.zone),
        context.zone,
        changing=reading.has("rescheduled"),
    )
    if days:
        times.ahead = [item for item in times.ahead if item[1].date() in days] or times.ahead
    if len(times.ahead) > 1 and reading.has("slots"):
        times.ahead = []
    if not times.ahead:
        return []
    stated = prose_meetings(context, reading, times, None)
    return [
        replace(one, meeting=replace(one.meeting, zone_source=ZoneSource.THREAD))
        if one.meeting.zone_source is ZoneSource.STATED
        else one
        for one in stated[:3]
    ]


def old_starts(meetings: list[Meeting], times: Times) -> tuple[datetime, ...]:
    """Old times named by a change, without those that are still meant."""
    new = {meeting.start for meeting in meetings}
    return tuple(dict.fromkeys(start.astimezone(UTC) for start in times.old if start not in new))
