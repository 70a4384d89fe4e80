"""The values that say what a message means: kinds, meetings, doubts, Facts."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from followup_mail.core.message import MessageKey
from followup_mail.core.rules import Evidence
from followup_mail.core.when import ZoneSource
from followup_mail.core.who import Address, Person


class Kind(StrEnum):
    """What a message is to a job seeker."""

    INTERVIEW_CONFIRMATION = "interview_confirmation"
    INTERVIEW_RESCHEDULE = "interview_reschedule"
    INTERVIEW_CANCELLATION = "interview_cancellation"
    AVAILABILITY_REQUEST = "availability_request"
    REJECTION = "rejection"
    OFFER = "offer"
    APPLICATION_RECEIVED = "application_received"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something uncertain, in words for the owner.

    `kind`: "who", "whether", "fraud", "moment", "agency" hold a draft (`holds`); "zone", "end", "machine",
    "calendar-prose", "language" and others only say.
    """

    kind: str
    words: str
    holds: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """One interview of a message.

    `start` and `end` are aware (in `zone`); `start` is None where only `day` or nothing is stated, `end` where the
    message states none. `zone` is an IANA name or a fixed offset.
    """

    start: datetime | None
    end: datetime | None = None
    day: date | None = None
    zone: str | None = None
    zone_source: ZoneSource = ZoneSource.OWNER
    people: tuple[Person, ...] = ()  # its interviewers
    location: str | None = None
    title: str | None = None  # the session, as the invitation has it: "Systems design"
    ical_uid: str | None = None
    sequence: int = 0
    recurrence_id: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What one message says. Unknown values are None, False or empty.

    An owner's own message (`from_owner`) has kind OTHER; its meaning is in `thanks`, `enquiry`, `withdraws`,
    `declines`, `accepts`.
    """

    key: MessageKey
    message_id: str | None
    references: tuple[str, ...]
    sent_at: datetime | None  # aware
    subject: str
    kind: Kind
    sender: Person | None = None
    recipients: tuple[Address, ...] = ()  # To and Cc
    from_owner: bool = False
    owner_address: str | None = None  # the owner's identity this message was sent to (or from)
    meetings: tuple[Meeting, ...] = ()
    moved_from: tuple[datetime, ...] = ()  # old starts named by a reschedule or a cancellation, aware
    people: tuple[Person, ...] = ()  # everybody of the process it names: interviewers and correspondents
    recruiter: Person | None = None  # who writes for the employer, or arranged it
    company: str | None = None
    position: str | None = None
    agency: bool = False  # the sender recruits for a client; `company` is then the client, if named
    promised_by: date | None = None
    asks_owner: bool = False  # a person of the employer waits for something of the owner
    automatic: bool = False  # nobody typed it: receipts, out-of-office, bounces, reminders
    away_until: date | None = None  # an out-of-office's return date
    hiring_stop: bool = False  # on hold, position closed
    no_direct_contact: bool = False  # the panel is not to be written to
    takes_no_reply: bool = False  # a no-reply sender, or it says so
    thanks: bool = False  # the owner thanks for the conversation
    enquiry: bool = False  # the owner asks how things stand
    withdraws: bool = False  # the owner withdraws from the process
    declines: bool = False  # the owner says no to this interview (RSVP or words)
    accepts: bool = False  # the owner says yes to this interview
    answered_by_machine: bool = False  # a video-recording platform: nobody to thank
    suspicious: bool = False
    language: str = "en"  # ISO 639-1 of the fresh text; "und" if unknown, "mis" if none that has cues
    evidence: tuple[Evidence, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    defects: tuple[str, ...] = ()
