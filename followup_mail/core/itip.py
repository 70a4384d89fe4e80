"""text/calendar to Invitation (RFC 5545, 5546, 6047)."""

from dataclasses import dataclass
from datetime import date, datetime

from followup_mail.core.who import Address


@dataclass(frozen=True, slots=True)
class Attendee:
    """One ATTENDEE or ORGANIZER property (RFC 5545 3.8.4.1, 3.8.4.3)."""

    address: Address
    cutype: str = "INDIVIDUAL"  # INDIVIDUAL, GROUP, RESOURCE, ROOM, UNKNOWN
    role: str = "REQ-PARTICIPANT"  # CHAIR, REQ-PARTICIPANT, OPT-PARTICIPANT, NON-PARTICIPANT
    partstat: str = "NEEDS-ACTION"


@dataclass(frozen=True, slots=True)
class Invitation:
    """The first occurrence of one VEVENT with the METHOD of its calendar.

    `start` and `end` are wall times without tzinfo in `zone` (an IANA name, or a fixed offset, "UTC" for Z times), or
    dates for an all-day event; `zone` None means a floating time. `end` is None where neither DTEND nor DURATION stands.
    """

    method: str  # REQUEST, CANCEL, PUBLISH, REPLY, COUNTER …; "" where absent
    ical_uid: str
    sequence: int
    recurrence_id: str | None
    start: datetime | date | None
    end: datetime | date | None
    zone: str | None
    summary: str
    description: str
    location: str
    organizer: Attendee | None
    attendees: tuple[Attendee, ...]
    status: str  # CONFIRMED, TENTATIVE, CANCELLED or ""
    recurring: bool = False
    defects: tuple[str, ...] = ()
