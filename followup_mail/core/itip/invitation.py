"""One VEVENT as a value: who invites whom to what, and when."""

from dataclasses import dataclass
from datetime import date, datetime, time

from followup_mail.core.itip.zones import find_zone
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

    `start` and `end` are wall times without tzinfo in `zone` (an IANA name, or a fixed offset, "UTC" for Z times),
    or dates for an all-day event; `zone` None means a floating time. `end` is None where neither DTEND
    nor DURATION stands.
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


def aware(moment: datetime, zone: str) -> datetime | None:
    """A wall time in a zone as an aware datetime; None where the zone is unknown or the year out of reach."""
    tz = find_zone(zone)
    if tz is None or not 1900 < moment.year < 9990:
        return None
    return moment.replace(tzinfo=tz)


def span_of(invitation: Invitation, fallback_zone: str) -> tuple[datetime | None, datetime | None]:
    """Start and end as aware datetimes; a floating time and an all-day event's midnights stand in `fallback_zone`.

    Either is None where the invitation states none or it cannot be placed.
    """
    zone = invitation.zone or fallback_zone

    def place(moment: datetime | date | None) -> datetime | None:
        if moment is None:
            return None
        return aware(moment if isinstance(moment, datetime) else datetime.combine(moment, time()), zone)

    return place(invitation.start), place(invitation.end)
