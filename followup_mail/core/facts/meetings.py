"""When and where: the meetings of invitations and of prose, a row of a schedule each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from followup_mail.core.facts.context import Context, once, read_moments
from followup_mail.core.facts.place import find_company_zone
from followup_mail.core.facts.times import Times, sort_moments
from followup_mail.core.facts.values import Doubt, Meeting
from followup_mail.core.itip import Invitation
from followup_mail.core.rules import Reading
from followup_mail.core.when import Moment, ZoneSource, resolve

__all__ = [
    "Stated",
    "Times",
    "agree",
    "calendar_meeting",
    "find_duration",
    "find_link",
    "find_location",
    "inherited_zone",
    "old_starts",
    "prose_meetings",
    "sort_moments",
    "stated_zone",
    "thread_meetings",
]

_URL = re.compile(r"https?://[^\s<>\"|)\]]{4,300}")
_VIDEO = re.compile(
    r"zoom\.us|teams\.microsoft|teams\.live|meet\.google|webex\.com|whereby\.com|bluejeans|chime\.aws|gotomeet|meet\.jit|skype\.com|around\.co"
)
_LONGEST = timedelta(hours=12)
_NUMBERS = {
    word: value
    for value, words in (
        (0.25, "viertel|un quart|un petit quart|a quarter of an"),
        (0.5, "half a|half an|half-an|half-a|half|eine halbe|halbe|halben|einer halben"),
        (0.5, "une demi|une demi-|media|meia|mezz'"),
        (0.75, "dreiviertel|trois quarts|tres cuartos|tre quarti|three quarters of an"),
        (1, "a|an|one|eine|ein|einer|une|una|uma|een|un'"),
        (1.5, "one and a half|anderthalb|eineinhalb|anderhalf"),
        (2, "two|zwei|deux|dos|duas|twee|due"),
        (3, "three|drei|trois|tres|drie|tre"),
        (15, "fifteen"),
        (20, "twenty|zwanzig|twintig|vingt|une vingtaine de|veinte|vinte|venti|una ventina di"),
        (25, "twenty-five"),
        (30, "thirty|dreissig|dertig|trente|une trentaine de|treinta|trinta|trenta|una trentina di"),
        (40, "forty|vierzig|veertig|quarante|une quarantaine de|cuarenta|quarenta|quaranta|una quarantina di"),
        (45, "forty-five|funfundvierzig|vijfenveertig|quarante-cinq|cuarenta y cinco|quarenta e cinco|quarantacinque"),
        (50, "fifty|funfzig|vijftig|cinquante|cincuenta|cinquenta|cinquanta"),
        (60, "sixty|sechzig|zestig|sesenta|sessenta|sessanta"),
        (90, "ninety|neunzig|negentig|noventa|novanta"),
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


def find_duration(reading: Reading, clocks: Sequence[tuple[int, int]] = ()) -> timedelta | None:
    """How long the text says that it takes, where it says one thing only; the hour at one of `clocks` is no length."""
    lengths = set()
    for match in reading.cues.each("duration"):
        for found in match.finditer(reading.active):
            if any(first <= found.start() < last for first, last in clocks) or _is_hour(reading.active, found):
                continue
            length = _length(found["n"], found["u"])
            if length and timedelta(minutes=10) <= length <= timedelta(hours=9):
                lengths.add(length)
    return lengths.pop() if len(lengths) == 1 else None


_AT = re.compile(r"\b(?:at|om|vanaf|tegen|rond|tot|um|ab|gegen|bis|a|as|des|vers|alle|dalle|las|pelas)[ ]?$")
_EACH = re.compile(r"\.? ?(?:par|pro|per|por|p/|/|al|alla|a la) ?(?:\w|dia)")


def _is_hour(text: str, found: re.Match[str]) -> bool:
    """Whether what could be a length in hours is an hour of the day, "vanaf drie uur", or a rate, "2h par jour"."""
    if found["u"][0] not in "hu":
        return False
    led = _AT.search(text, max(0, found.start() - 8), found.start())
    return led is not None or _EACH.match(text, found.end()) is not None


_SPELLED = {"heure et demie": 90, "demi-heure": 30}


def _length(number: str, unit: str) -> timedelta | None:
    count = float(number) if number.isdigit() else _NUMBERS.get(number.strip())
    if count is None:
        return None
    if unit.startswith("kwart"):
        return timedelta(minutes=15 * count)
    if unit in _SPELLED:
        return timedelta(minutes=_SPELLED[unit])
    hours = unit[0] in "hsoupb" and not unit.startswith(("mi", "mn"))
    return timedelta(hours=count) if hours else timedelta(minutes=count)


def prose_meetings(context: Context, reading: Reading, times: Times, inherited: str | None) -> list[Stated]:
    """A meeting for each moment that lies ahead, or for each day where no time is stated."""
    length = None
    if len(times.ahead) == 1:
        clocks = [times.ahead[0][0].clock or (0, 0)]
        length = find_duration(reading, clocks)
        if length is None and reading is context.reading:
            length = find_duration(context.quoted)
    location = find_location(reading)
    found = []
    for moment, start, end in times.ahead:
        zone, source = stated_zone(moment, inherited)
        if zone is None and (place := find_company_zone(context, location)):
            zone, source = place, ZoneSource.COMPANY
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


@once
def thread_meetings(context: Context, days: tuple[date, ...] = ()) -> list[Stated]:
    """The meetings that the thread fixed: of its newest message that states any, else of what is quoted.

    Where `days` are named, only those on one of them, if there are such.
    """
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


def _thread_stated(context: Context, reading: Reading, sent_at: datetime, days: tuple[date, ...]) -> list[Stated]:
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
