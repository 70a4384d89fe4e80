"""iCalendar text to its components' content lines, with every cap in front of whoever reads them."""

import codecs
import re
from dataclasses import dataclass, field

from followup_mail.core.itip.zones import Observance, OwnZone

OCTETS_CAP = 512 * 1024
_LINES_CAP = 6_000
_LINE_CAP = 32_768
_ATTENDEES_CAP = 200
_LINE = re.compile(r"^([A-Za-z][A-Za-z0-9-]{0,40})([;:].*)$", re.DOTALL)
_ONCE = frozenset(
    {"UID", "SEQUENCE", "DTSTART", "DTEND", "DURATION", "SUMMARY", "DESCRIPTION", "LOCATION", "ORGANIZER", "STATUS"}
    | {"RECURRENCE-ID", "X-ALT-DESC", "X-MICROSOFT-CDO-ALLDAYEVENT"}
)
_RECURRING = frozenset({"RRULE", "RDATE"})


def decode_calendar(octets: bytes) -> str:
    """The text of calendar octets: UTF-8, UTF-16 with or without its mark, else Windows-1252."""
    octets = octets[:OCTETS_CAP]
    if octets.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return octets.decode("utf-16", "replace")
    at = octets.find(b"B\0E\0G\0I\0N", 0, 400)
    if at >= 0:
        return octets.decode("utf-16-be" if at % 2 else "utf-16-le", "replace")
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = octets.decode("utf-8-sig", "replace")
        return text if text.count("�") < 3 else octets.decode("cp1252", "replace")


@dataclass(slots=True)
class Event:
    """The content lines of one VEVENT that anybody needs, unread; those of its alarms are left out."""

    lines: dict[str, str] = field(default_factory=dict)
    attendees: list[str] = field(default_factory=list)
    recurring: bool = False
    closed: bool = False

    def take(self, name: str, line: str) -> None:
        """Keep a content line: the first of each kind, and up to 200 attendees."""
        if name == "ATTENDEE":
            if len(self.attendees) < _ATTENDEES_CAP:
                self.attendees.append(line)
        elif name in _RECURRING:
            self.recurring = True
        elif name in _ONCE:
            self.lines.setdefault(name, line)


@dataclass(slots=True)
class Calendar:
    """One VCALENDAR: its own properties, its time zones and its events."""

    fields: dict[str, str] = field(default_factory=dict)
    zones: list[OwnZone] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


@dataclass(slots=True)
class _Reader:
    """Parts a calendar's lines among its components; a missing END ends with the next BEGIN."""

    calendars: list[Calendar] = field(default_factory=lambda: [Calendar()])
    place: str = ""  # the component the next line belongs to; "" for one nobody needs

    def begin(self, component: str) -> None:
        self.place = component
        calendar = self.calendars[-1]
        if component == "VCALENDAR":
            self.calendars.append(Calendar())
        elif component == "VEVENT":
            calendar.events.append(Event())
        elif component == "VTIMEZONE":
            calendar.zones.append(OwnZone())
        elif component in {"STANDARD", "DAYLIGHT"} and calendar.zones:
            calendar.zones[-1].observances.append(Observance())

    def end(self, component: str) -> None:
        calendar = self.calendars[-1]
        if component == "VEVENT" and calendar.events:
            calendar.events[-1].closed = True
        inside_event = bool(calendar.events) and not calendar.events[-1].closed
        self.place = "VEVENT" if inside_event and component != "VCALENDAR" else "VCALENDAR"

    def take(self, name: str, line: str) -> None:
        calendar, value = self.calendars[-1], line.partition(":")[2].strip()
        if self.place == "VEVENT":
            calendar.events[-1].take(name, line)
        elif self.place in {"STANDARD", "DAYLIGHT"} and calendar.zones and calendar.zones[-1].observances:
            calendar.zones[-1].observances[-1].fields.setdefault(name, value)
        elif self.place == "VTIMEZONE" and name in {"TZID", "X-LIC-LOCATION"}:
            setattr(calendar.zones[-1], "tzid" if name == "TZID" else "location", value[:200])
        elif self.place in {"VCALENDAR", ""}:
            calendar.fields.setdefault(name, value)


def read_calendars(text: str) -> list[Calendar]:
    """The calendars of a text from its first BEGIN on, lines unfolded (RFC 5545 section 3.1), capped."""
    at = text.upper().find("BEGIN:VCALENDAR")
    if at < 0:
        at = max(text.upper().find("BEGIN:VEVENT"), 0)
    text = re.sub(r"\n[ \t]", "", re.sub(r"\r\n?", "\n", text[at:].replace("\0", "")))
    reader = _Reader()
    for line in text.split("\n")[:_LINES_CAP]:
        match = _LINE.match(line[:_LINE_CAP])
        if match is None:
            continue
        name, value = match[1].upper(), match[2][1:].strip().upper()
        if name == "BEGIN":
            reader.begin(value)
        elif name == "END":
            reader.end(value)
        else:
            reader.take(name, match[0])
    return reader.calendars
