"""text/calendar to Invitation: icalendar behind a guard that hands it one small VEVENT at a time."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar

from followup_mail.core.body import parse_html, tidy_lines
from followup_mail.core.itip.invitation import Attendee, Invitation, aware
from followup_mail.core.itip.lines import OCTETS_CAP, Calendar, Event, decode_calendar, read_calendars
from followup_mail.core.itip.zones import OwnZone, find_zone, resolve_zone
from followup_mail.core.who import Address, check_addr_spec, sanitise

_EVENTS_CAP = 30
# What icalendar raises on properties it cannot read, seen in its 7.3.
_BROKEN = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)


_TZID = re.compile(r';TZID=(?:"([^"]*)"?|([^;]*))', re.IGNORECASE)
_MOMENTS = ("DTSTART", "DTEND", "RECURRENCE-ID")


def _part_zones(event: Event) -> dict[str, str]:
    """Take the TZIDs out of the event's moments: icalendar would resolve them, by guesses of its own."""
    zones = {}
    for name in _MOMENTS:
        front, colon, value = event.lines.get(name, "").rpartition(":")
        match = _TZID.search(front)
        if match:
            zones[name] = match[1] or match[2] or ""
            event.lines[name] = front[: match.start()] + front[match.end() :] + colon + value
    return zones


def _load_event(event: Event) -> tuple[dict[str, Any], list[Any], list[str]]:
    """The event's properties as icalendar types them, its attendees, and the names of the unreadable ones."""
    # icalendar keeps time zones for the whole process; without VTIMEZONE in the text it has none to keep.
    icalendar.use_zoneinfo()  # type: ignore[no-untyped-call]  # icalendar leaves this one bare
    lines = [*event.lines.values(), *event.attendees]
    mended = [line.replace('"', "") if line.count('"') % 2 else line for line in lines]
    try:
        read = icalendar.Event.from_ical("\r\n".join(["BEGIN:VEVENT", *mended, "END:VEVENT", ""]))
    except _BROKEN:
        return {}, [], ["event-unreadable"]
    attendees = read.get("ATTENDEE", [])
    properties = {name: read.get(name) for name in event.lines}
    return properties, attendees if isinstance(attendees, list) else [attendees], []


@dataclass(slots=True)
class _Scene:
    """What is needed to place an event's moments, and the defects met on the way."""

    own: dict[str, OwnZone]
    tzids: dict[str, str]  # by property
    calendar_zone: str | None
    defects: list[str]


def _moment(name: str, properties: dict[str, Any], scene: _Scene) -> tuple[datetime | date | None, str | None]:
    """Wall time and zone of a DATE-TIME property, or its date; None where it is missing or unreadable."""
    value = properties.get(name)
    if value is None:
        return None, None
    try:
        moment = value.dt
    except _BROKEN:
        moment = None
    if not isinstance(moment, datetime):
        if not isinstance(moment, date):
            scene.defects.append(f"{name.lower()}-unreadable")
            return None, None
        return moment, None
    wall = moment.replace(tzinfo=None)
    if moment.tzinfo is not None:
        return wall, "UTC"
    tzid = scene.tzids.get(name, "")
    if not tzid:
        if scene.calendar_zone is not None:
            scene.defects.append("zone-from-calendar")
        return wall, scene.calendar_zone
    zone, defects = resolve_zone(tzid, wall, scene.own)
    scene.defects.extend(defects)
    return wall, zone


def _in_zone(wall: datetime, of: str | None, zone: str | None) -> datetime:
    """A wall time carried over from one zone to another."""
    if of is None or zone is None or of == zone:
        return wall
    moment, tz = aware(wall, of), find_zone(zone)
    return wall if moment is None or tz is None else moment.astimezone(tz).replace(tzinfo=None)


def _stated_end(
    start: datetime | date, properties: dict[str, Any], scene: _Scene
) -> tuple[datetime | date | None, str | None]:
    """DTEND, else DTSTART and DURATION."""
    if "DURATION" not in properties or "DTEND" in properties:
        return _moment("DTEND", properties, scene)
    try:
        return start + min(properties["DURATION"].dt, timedelta(days=366)), None
    except _BROKEN:
        scene.defects.append("duration-unreadable")
        return None, None


def _end(
    start: datetime | date | None, zone: str | None, properties: dict[str, Any], scene: _Scene
) -> datetime | date | None:
    if start is None:
        return None
    end, end_zone = _stated_end(start, properties, scene)
    if isinstance(end, datetime):
        end = _in_zone(end, end_zone, zone)
    if end is None or isinstance(end, datetime) != isinstance(start, datetime) or end < start:
        if end is not None:
            scene.defects.append("end-unusable")
        return None
    return end


def _attendee(value: object) -> Attendee | None:
    """One ORGANIZER or ATTENDEE; None where it names no usable addr-spec."""
    params = getattr(value, "params", {})
    spec = re.sub(r"^\s*(?:mailto:)+", "", str(value)[:400], flags=re.IGNORECASE).strip().strip("<>'\"")
    checked = check_addr_spec(spec) or check_addr_spec(str(params.get("EMAIL", "")))
    if checked is None:
        return None

    def param(name: str, default: str) -> str:
        return sanitise(str(params.get(name, default)), 40).upper() or default

    name = sanitise(str(params.get("CN", ""))).strip("'\"")
    return Attendee(
        Address(checked, "" if name.lower() == checked.lower() else name),
        param("CUTYPE", "INDIVIDUAL"),
        param("ROLE", "REQ-PARTICIPANT"),
        param("PARTSTAT", "NEEDS-ACTION"),
    )


_MARKUP = re.compile(r"</?(?:p|br|div|a|b|span|html|ul|li|table|strong)\b[^<>]{0,500}>", re.IGNORECASE)


def tidy_text(text: str) -> str:
    """A description's text, its markup (Google and Teams write some) read as HTML, capped at 20 KB."""
    if _MARKUP.search(text):
        text = parse_html(
            text if re.search(r"<(?:br|p|div|html)\b", text, re.IGNORECASE) else text.replace("\n", "<br>")
        )
    return "\n".join(tidy_lines(text))[:20_000]


def _text(properties: dict[str, Any], name: str) -> str:
    value = properties.get(name)
    return "" if value is None else str(value)


def _recurrence_id(properties: dict[str, Any], scene: _Scene) -> str | None:
    """RECURRENCE-ID as one UTC moment in basic format, so that two zones' spellings are equal; else as written."""
    moment, zone = _moment("RECURRENCE-ID", properties, scene)
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        return f"{moment:%Y%m%d}"
    placed = None if zone is None else aware(moment, zone)
    return f"{moment:%Y%m%dT%H%M%S}" if placed is None else f"{placed.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _sequence(properties: dict[str, Any]) -> int:
    digits = _text(properties, "SEQUENCE")
    return int(digits) if digits.isdecimal() and len(digits) < 10 else 0


def _read_event(event: Event, calendar: Calendar, method: str) -> Invitation:
    zone_name = calendar.fields.get("X-WR-TIMEZONE", "")
    tzids = _part_zones(event)
    properties, people, defects = _load_event(event)
    scene = _Scene(
        {zone.tzid.strip('"'): zone for zone in calendar.zones},
        tzids,
        zone_name if "/" in zone_name and find_zone(zone_name) else None,
        defects,
    )
    if not event.closed:
        defects.append("end-missing")
    start, zone = _moment("DTSTART", properties, scene)
    if _text(properties, "X-MICROSOFT-CDO-ALLDAYEVENT").upper() == "TRUE" and isinstance(start, datetime):
        start, zone = start.date(), None
    end = _end(start, zone, properties, scene)
    attendees = [_attendee(person) for person in people]
    if None in attendees:
        defects.append("attendee-without-address")
    organizer = properties.get("ORGANIZER")
    return Invitation(
        method=sanitise(calendar.fields.get("METHOD", method), 40).upper(),
        ical_uid=sanitise(_text(properties, "UID"), 255),
        sequence=_sequence(properties),
        recurrence_id=_recurrence_id(properties, scene),
        start=start,
        end=end,
        zone=zone,
        summary=sanitise(_text(properties, "SUMMARY"), 300),
        description=tidy_text(_text(properties, "DESCRIPTION") or _text(properties, "X-ALT-DESC")),
        location=sanitise(_text(properties, "LOCATION"), 500),
        organizer=None if organizer is None else _attendee(organizer),
        attendees=tuple(attendee for attendee in attendees if attendee is not None),
        status=sanitise(_text(properties, "STATUS"), 40).upper(),
        recurring=event.recurring,
        defects=tuple(dict.fromkeys(scene.defects)),
    )


def parse_calendar(octets: bytes | str, *, method: str = "") -> tuple[Invitation, ...]:
    """The VEVENTs of an iCalendar text (RFC 5545), the first occurrence of each; total, capped, at most 30.

    `method` is the Content-Type's (RFC 6047 section 2.4), for a calendar that states none itself.
    """
    text = octets[:OCTETS_CAP] if isinstance(octets, str) else decode_calendar(octets)
    return tuple(
        _read_event(event, calendar, method)
        for calendar in read_calendars(text)
        for event in calendar.events[:_EVENTS_CAP]
    )[:_EVENTS_CAP]
