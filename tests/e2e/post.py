"""Invented messages for the end-to-end stories."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from tests.e2e.home import OWNER

MAYA = "Maya Okafor <maya.okafor@larkspur.example>"
PANEL = (
    ("Priya Raman", "priya.raman@larkspur.example"),
    ("Tomás Rivera", "tomas.rivera@larkspur.example"),
    ("Ingrid Solberg", "ingrid.solberg@larkspur.example"),
)


def note(
    subject: str,
    text: str,
    *,
    at: datetime,
    sender: str = MAYA,
    to: str = f"Ana Lima <{OWNER}>",
    message_id: str,
    answers: str | None = None,
) -> EmailMessage:
    """A plain message written by a person at that moment."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    if answers:
        message["In-Reply-To"] = answers
        message["References"] = answers
    message.set_content(text)
    return message


def invitation(
    start: datetime,
    *,
    at: datetime,
    message_id: str = "<panel-1@larkspur.example>",
    uid: str = "panel-1@larkspur.example",
    sequence: int = 0,
    method: str = "REQUEST",
    hours: float = 1,
) -> EmailMessage:
    """A panel invitation with its calendar part, as a calendar server mails it for the recruiter."""
    end = start + timedelta(hours=hours)
    called_off = method == "CANCEL"
    title = "Panel interview: Backend Engineer at Larkspur Health"
    word = "Canceled" if called_off else ("Updated invitation" if sequence else "Invitation")
    message = note(
        f"{word}: {title}",
        f"Hi Ana,\n\nPlease find the invitation for your panel interview for the Backend Engineer position at Larkspur "
        f"Health on {start:%A, %d %B %Y} at {start:%H:%M} (Lisbon time).\n\nYou will meet Priya Raman (Engineering "
        f"Manager), Tomás Rivera (Staff Engineer) and Ingrid Solberg (Product Lead).\n\nBest regards,\nMaya Okafor\n"
        f"Talent Acquisition, Larkspur Health\n"
        if not called_off
        else "Hi Ana,\n\nwe have to cancel this interview. I am sorry.\n\nBest regards,\nMaya Okafor\n",
        at=at,
        message_id=message_id,
    )
    attendees = "".join(
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN={name}:mailto:{addr}\r\n"
        for name, addr in PANEL
    )
    calendar = (
        "BEGIN:VCALENDAR\r\nPRODID:-//Larkspur//Calendar//EN\r\nVERSION:2.0\r\n"
        f"METHOD:{method}\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nSEQUENCE:{sequence}\r\n"
        f"DTSTAMP:{at:%Y%m%dT%H%M%SZ}\r\n"
        f"DTSTART;TZID=Europe/Lisbon:{start:%Y%m%dT%H%M%S}\r\nDTEND;TZID=Europe/Lisbon:{end:%Y%m%dT%H%M%S}\r\n"
        f"SUMMARY:{title}\r\nORGANIZER;CN=Maya Okafor:mailto:maya.okafor@larkspur.example\r\n"
        f"{attendees}ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;CN=Ana Lima:mailto:{OWNER}\r\n"
        f"STATUS:{'CANCELLED' if called_off else 'CONFIRMED'}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    message.add_attachment(
        calendar.encode(), maintype="text", subtype="calendar", params={"method": method, "charset": "utf-8"}
    )
    return message
