"""How the demo's messages are put together: header fields, parts, a calendar as calendars write it."""

from datetime import UTC, date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

OWNER: Final = "Ana Lima <ana@home.example>"

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("", "January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def message_of(
    sender: str,
    subject: str,
    moment: datetime,
    *,
    to: str = OWNER,
    message_id: str | None = None,
    replies_to: tuple[str, ...] = (),
) -> EmailMessage:
    """A message without body yet; one that reaches the owner carries the owner's provider's authentication results."""
    message = EmailMessage(policy=SMTP)
    domain = sender.rpartition("@")[2].rstrip(">")
    if to == OWNER:
        message["Authentication-Results"] = (
            f"mx.home.example; spf=pass smtp.mailfrom={domain}; dkim=pass header.d={domain}; dmarc=pass"
        )
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = format_datetime(moment)
    message["Message-ID"] = message_id or f"<{moment:%Y%m%d%H%M}.demo@{domain}>"
    if replies_to:
        message["In-Reply-To"], message["References"] = replies_to[-1], " ".join(replies_to)
    return message


def octets_of(message: EmailMessage) -> bytes:
    """The message as a server delivers it."""
    return message.as_bytes(policy=SMTP)


def calendar_of(
    *,
    method: str,
    ical_uid: str,
    summary: str,
    description: str,
    organizer: tuple[str, str],
    guests: tuple[tuple[str, str, str], ...],
    begins: datetime,
    ends: datetime,
    stamped: datetime,
    sequence: int = 0,
) -> str:
    """A calendar with one VEVENT in a VTIMEZONE of its own, as Outlook and Google write it (RFC 5545, 5546)."""
    attendees = (
        f'ATTENDEE;{kind}ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN="{name}":mailto:{address}'
        for name, address, kind in guests
    )
    lines = (
        *("BEGIN:VCALENDAR", "PRODID:-//Demo//Calendar 1.0//EN", "VERSION:2.0", f"METHOD:{method}"),
        *("BEGIN:VTIMEZONE", "TZID:Europe/Lisbon"),
        *("BEGIN:STANDARD", "DTSTART:19701025T020000", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"),
        *("TZOFFSETFROM:+0100", "TZOFFSETTO:+0000", "TZNAME:WET", "END:STANDARD"),
        *("BEGIN:DAYLIGHT", "DTSTART:19700329T010000", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"),
        *("TZOFFSETFROM:+0000", "TZOFFSETTO:+0100", "TZNAME:WEST", "END:DAYLIGHT", "END:VTIMEZONE"),
        *("BEGIN:VEVENT", f"UID:{ical_uid}", f"SEQUENCE:{sequence}"),
        f"STATUS:{'CANCELLED' if method == 'CANCEL' else 'CONFIRMED'}",
        f"DTSTAMP:{stamped.astimezone(UTC):%Y%m%dT%H%M%S}Z",
        f"DTSTART;TZID=Europe/Lisbon:{begins:%Y%m%dT%H%M%S}",
        f"DTEND;TZID=Europe/Lisbon:{ends:%Y%m%dT%H%M%S}",
        f"SUMMARY:{_escaped(summary)}",
        f"DESCRIPTION:{_escaped(description)}",
        f'ORGANIZER;CN="{organizer[0]}":mailto:{organizer[1]}',
        *attendees,
        *("END:VEVENT", "END:VCALENDAR"),
    )
    return "\r\n".join((*(_folded(line) for line in lines), ""))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    return "\r\n ".join(line[cut : cut + 60] for cut in range(0, len(line), 60))


def html_of(text: str) -> str:
    """Plain text as simple HTML."""
    return "<html><body><p>" + text.replace("\n\n", "</p><p>").replace("\n", "<br>") + "</p></body></html>"


def long_day(day: date) -> str:
    """A day as letters write it: "Wednesday, 11 November 2026"."""
    return f"{_DAYS[day.weekday()]}, {day.day} {_MONTHS[day.month]} {day.year}"


def short_day(day: date) -> str:
    """A day as quotations write it: "Wed 11 Nov 2026"."""
    return f"{_DAYS[day.weekday()][:3]} {day.day} {_MONTHS[day.month][:3]} {day.year}"
