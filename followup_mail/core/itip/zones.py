"""The zone a TZID means: IANA, Windows, a display name, or the offsets of the calendar's own VTIMEZONE."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

_WINDOWS = {name.lower(): zone for name, zone in WINDOWS_TO_OLSON.items()}
_UTC_NAMES = frozenset({"utc", "z", "gmt", "etc/utc", "etc/gmt", "coordinated universal time", "tzone://microsoft/utc"})
# A bare abbreviation names a region; as an IANA key some of these would be an offset without summer time.
_ABBREVIATIONS = {
    "est": "America/New_York", "edt": "America/New_York", "cst": "America/Chicago", "cdt": "America/Chicago",
    "mst": "America/Denver", "mdt": "America/Denver", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles",
    "hst": "Pacific/Honolulu", "cest": "Europe/Berlin", "bst": "Europe/London",
}  # fmt: skip
# What stands behind the offset in Windows' display names, "(UTC-05:00) Eastern Time (US & Canada)".
_PLACES = {
    "hawaii": "Pacific/Honolulu", "alaska": "America/Anchorage", "pacific time": "America/Los_Angeles",
    "arizona": "America/Phoenix", "mountain time": "America/Denver", "central time": "America/Chicago",
    "saskatchewan": "America/Regina", "eastern time": "America/New_York", "indiana": "America/Indiana/Indianapolis",
    "bogota": "America/Bogota", "atlantic time": "America/Halifax", "caracas": "America/Caracas",
    "santiago": "America/Santiago", "newfoundland": "America/St_Johns", "brasilia": "America/Sao_Paulo",
    "buenos aires": "America/Argentina/Buenos_Aires", "azores": "Atlantic/Azores", "dublin": "Europe/London",
    "london": "Europe/London", "lisbon": "Europe/London", "casablanca": "Africa/Casablanca",
    "amsterdam": "Europe/Berlin", "berlin": "Europe/Berlin", "belgrade": "Europe/Budapest",
    "brussels": "Europe/Paris", "paris": "Europe/Paris", "madrid": "Europe/Paris", "sarajevo": "Europe/Warsaw",
    "warsaw": "Europe/Warsaw", "athens": "Europe/Bucharest", "bucharest": "Europe/Bucharest",
    "cairo": "Africa/Cairo", "helsinki": "Europe/Kiev", "kyiv": "Europe/Kiev", "jerusalem": "Asia/Jerusalem",
    "harare": "Africa/Johannesburg", "pretoria": "Africa/Johannesburg", "istanbul": "Europe/Istanbul",
    "moscow": "Europe/Moscow", "riyadh": "Asia/Riyadh", "kuwait": "Asia/Riyadh", "nairobi": "Africa/Nairobi",
    "tehran": "Asia/Tehran", "abu dhabi": "Asia/Dubai", "islamabad": "Asia/Karachi", "chennai": "Asia/Kolkata",
    "kolkata": "Asia/Kolkata", "dhaka": "Asia/Dhaka", "bangkok": "Asia/Bangkok", "beijing": "Asia/Shanghai",
    "kuala lumpur": "Asia/Singapore", "taipei": "Asia/Taipei", "perth": "Australia/Perth", "osaka": "Asia/Tokyo",
    "seoul": "Asia/Seoul", "adelaide": "Australia/Adelaide", "brisbane": "Australia/Brisbane",
    "canberra": "Australia/Sydney", "sydney": "Australia/Sydney", "hobart": "Australia/Hobart",
    "auckland": "Pacific/Auckland",
}  # fmt: skip
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_+-]{0,31}(?:/[A-Za-z0-9_+-]{1,32}){0,3}")
_KEY_AT_END = re.compile(
    r"(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[A-Za-z_/+-]{2,40}$"
)
_OFFSET = re.compile(r"^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?$", re.IGNORECASE)
_OFFSET_BEFORE = re.compile(r"^\(?(?:UTC|GMT)\s*([+-])(\d{1,2}):?(\d{2})\)?\s*(.*)$", re.IGNORECASE)


@lru_cache(maxsize=1024)
def find_zone(name: str) -> tzinfo | None:
    """The tzinfo of an IANA name or a fixed offset ("+02:00"); None for any other name."""
    offset = _OFFSET.match(name)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        return timezone(timedelta(minutes=minutes if offset[1] == "+" else -minutes)) if minutes < 1440 else None
    if name == "UTC":
        return UTC
    if not _KEY.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def spell_offset(offset: timedelta) -> str:
    """A fixed offset as `Invitation.zone` has it: "+02:00", or "UTC"."""
    minutes = int(offset.total_seconds() // 60)
    if not minutes:
        return "UTC"
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


@dataclass(slots=True)
class Observance:
    """One STANDARD or DAYLIGHT of a VTIMEZONE (RFC 5545 section 3.6.5), its properties as text."""

    fields: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class OwnZone:
    """One VTIMEZONE of a calendar."""

    tzid: str = ""
    location: str = ""  # X-LIC-LOCATION
    observances: list[Observance] = field(default_factory=list)


_UTC_OFFSET = re.compile(r"^([+-])(\d{2}):?(\d{2})(?:\d{2})?$")
_ONSET = re.compile(r"^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})")
_BY_DAY = re.compile(r"^([+-]?\d)?(MO|TU|WE|TH|FR|SA|SU)$")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def _parse_offset(text: str) -> timedelta | None:
    match = _UTC_OFFSET.match(text.strip())
    if match is None:
        return None
    minutes = int(match[2]) * 60 + int(match[3])
    return None if minutes >= 1440 else timedelta(minutes=minutes if match[1] == "+" else -minutes)


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth such weekday of a month, from its end where `nth` is negative."""
    if nth > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday) % 7 + 7 * (-nth - 1))


def _onset(observance: Observance, year: int) -> datetime | None:
    """When an observance begins in a year (wall time), by its yearly rule; its first onset where it has none."""
    match = _ONSET.match(observance.fields.get("DTSTART", ""))
    if match is None:
        return None
    try:
        first = datetime(*(int(part) for part in match.groups()))  # type: ignore[arg-type]  # noqa: DTZ001  # wall time
    except ValueError:
        return None
    rule = dict(part.partition("=")[::2] for part in observance.fields.get("RRULE", "").upper().split(";"))
    day = _BY_DAY.match(rule.get("BYDAY", ""))
    month = rule.get("BYMONTH", str(first.month))
    if not rule.get("FREQ") or year <= first.year:
        return first
    if rule.get("UNTIL", "9999")[:4] < str(year) or not month.isdecimal() or not 1 <= int(month) <= 12:
        return None
    if day is None or year > 9990:
        return first.replace(year=min(year, 9990), day=min(first.day, 28))
    on = _nth_weekday(year, int(month), _WEEKDAYS.index(day[2]), int(day[1] or 1) or 1)
    return datetime.combine(on, first.time())


def own_offset(zone: OwnZone, wall: datetime) -> timedelta | None:
    """The offset from UTC that a VTIMEZONE gives for a wall time; None where it cannot be read."""
    onsets: list[tuple[datetime, timedelta]] = []
    offsets = []
    for observance in zone.observances:
        offset = _parse_offset(observance.fields.get("TZOFFSETTO", ""))
        if offset is None:
            continue
        offsets.append(offset)
        for year in (wall.year - 1, wall.year):
            onset = _onset(observance, year)
            if onset is not None and onset <= wall:
                onsets.append((onset, offset))
    if onsets:
        return max(onsets)[1]
    return offsets[0] if offsets else None


def _named_zone(tzid: str) -> str | None:
    """The IANA name for a TZID that is one, ends in one, or is known by another name."""
    lower = tzid.lower()
    if lower in _UTC_NAMES:
        return "UTC"
    known = _ABBREVIATIONS.get(lower) or _WINDOWS.get(lower)
    if known:
        return known
    at_end = _KEY_AT_END.search(tzid)
    for name in (tzid, at_end[0] if at_end else ""):
        if name and find_zone(name) is not None:
            return name
    return None


def _displayed_zone(tzid: str) -> tuple[str | None, tuple[str, ...]]:
    """The zone of a Windows display name: by its places, else the offset in front, which knows no summer time."""
    match = _OFFSET_BEFORE.match(tzid)
    if match is None:
        return None, ("zone-unknown",)
    words = match[4].lower()
    for place, name in _PLACES.items():
        if place in words:
            return name, ()
    offset = _parse_offset(f"{match[1]}{int(match[2]):02}{match[3]}")
    return (None, ("zone-unknown",)) if offset is None else (spell_offset(offset), ("zone-offset-only",))


def resolve_zone(tzid: str, wall: datetime, own: dict[str, OwnZone]) -> tuple[str | None, tuple[str, ...]]:
    """The zone (IANA name or fixed offset for that moment) that a TZID means for a wall time, and defects.

    The calendar's own VTIMEZONE decides where its name is no known one or a Windows name it contradicts.
    """
    tzid = tzid.strip().strip('"')[:200]
    zone = own.get(tzid)
    offset = None if zone is None else own_offset(zone, wall)
    name = _named_zone(tzid)
    if name is None and zone is not None and zone.location and find_zone(zone.location) is not None:
        name = zone.location
    if name is None:
        return _displayed_zone(tzid) if offset is None else (spell_offset(offset), ())
    tz = find_zone(name)
    if offset is None or tz is None or wall.replace(tzinfo=tz).utcoffset() == offset:
        return name, ()
    is_iana = find_zone(tzid) is not None
    return (name if is_iana else spell_offset(offset)), ("zone-disagrees",)
