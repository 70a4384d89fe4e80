"""The nouns of a hiring process: Case, Interview, Correspondence, and the events that change them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from followup_mail.core.facts import Doubt
from followup_mail.core.when import ZoneSource
from followup_mail.core.who import Person


class Purpose(StrEnum):
    """What a draft is for; also its folder in templates/."""

    THANK_YOU = "thank_you"
    STATUS_CHECK = "status_check"
    REJECTION_REPLY = "rejection_reply"
    FEEDBACK_REQUEST = "feedback_request"
    ADDITIONAL_INFO = "additional_info"
    STAY_IN_TOUCH = "stay_in_touch"


class DraftState(StrEnum):
    """Where a draft stands; only the first two wait to be placed."""

    PLANNED = "planned"
    HELD = "held"
    PLACED = "placed"
    EDITED = "edited"
    SENT = "sent"
    DISCARDED = "discarded"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


class CaseState(StrEnum):
    """Where a hiring process stands. INTERVIEWED is SCHEDULED once every interview is over (see `state_at`)."""

    APPLIED = "applied"
    SCHEDULING = "scheduling"
    SCHEDULED = "scheduled"
    INTERVIEWED = "interviewed"
    AWAITING_OWNER = "awaiting_owner"
    OFFER = "offer"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"  # hiring stop
    CANCELLED = "cancelled"  # every interview called off, none renewed
    DISMISSED = "dismissed"  # the owner said it is none


@dataclass(frozen=True, slots=True, order=True)
class DraftKey:
    """The identity under which a draft exists at most once.

    `scope` is the visit ("<case>/2026-12-01") or the case id; `recipient` the addr-spec, or "relay:<addr-spec>" for a
    relay note; `ordinal` counts status checks from 1.
    """

    purpose: Purpose
    scope: str
    recipient: str
    ordinal: int = 1

    def __str__(self) -> str:
        return f"{self.purpose}:{self.scope}:{self.recipient}:{self.ordinal}"


@dataclass(frozen=True, slots=True)
class DraftSeen:
    """What became of one of our drafts: placed, edited, sent, discarded or withdrawn."""

    key: DraftKey
    state: DraftState
    at: datetime
    message_id: str | None = None  # of the letter as sent, where known
    recipients: tuple[str, ...] = ()  # addr-specs it went to


class OwnerVerb(StrEnum):
    """What the owner may say about a case."""

    CONFIRM = "confirm"
    DISMISS = "dismiss"
    OUTCOME = "outcome"  # value: offer | accepted | rejected | withdrawn | no-show
    ASK = "ask"  # value: a Purpose the owner asks for


@dataclass(frozen=True, slots=True)
class OwnerWord:
    """The owner's own word about a case."""

    verb: OwnerVerb
    at: datetime
    value: str = ""


@dataclass(frozen=True, slots=True)
class Interview:
    """One interview of a case; start and end are aware, `end` is assumed where `end_stated` is False."""

    id: str
    start: datetime
    end: datetime
    end_stated: bool = True
    zone: str | None = None
    zone_source: ZoneSource = ZoneSource.OWNER
    people: tuple[Person, ...] = ()
    location: str | None = None
    title: str | None = None
    ical_uid: str | None = None
    sequence: int = 0
    recurrence_id: str | None = None
    cancelled: bool = False
    message_id: str | None = None  # the message that last settled it
    settled: datetime | None = None  # when that message was written
    by_calendar: bool = False  # that message was a calendar part
    invited: tuple[str, ...] = ()  # addr-specs the last calendar part of it listed
    past_uids: tuple[str, ...] = ()  # ical_uids it had before a new one superseded them
    moved_from: tuple[datetime, ...] = ()  # starts it had before
    renewed: bool = False  # a reschedule settled it whose old time is not known yet
    declined: bool = False  # it was the owner who called it off
    machine: bool = False  # answers were recorded by a platform: nobody to thank
    doubts: tuple[Doubt, ...] = ()  # of the message that last settled it


@dataclass(frozen=True, slots=True)
class Correspondence:
    """One message of a case, as far as planning and threading need it."""

    message_id: str | None
    references: tuple[str, ...]
    at: datetime
    sender: str | None  # addr-spec
    recipients: tuple[str, ...]  # addr-specs
    subject: str
    from_owner: bool
    automatic: bool
    kind: str
    takes_no_reply: bool = False
    stranger: bool = False  # nobody of the process: it changed nothing by itself


@dataclass(frozen=True, slots=True)
class Case:
    """One hiring process with one employer."""

    id: str
    account: str
    owner_address: str
    state: CaseState
    opened: datetime
    company: str | None = None
    position: str | None = None
    agency: bool = False
    no_direct_contact: bool = False
    language: str = "en"
    interviews: tuple[Interview, ...] = ()
    people: tuple[Person, ...] = ()
    recruiter: Person | None = None
    correspondence: tuple[Correspondence, ...] = ()  # oldest first
    promised_by: date | None = None
    promised_at: datetime | None = None  # when the message that promised it was written
    answered: datetime | None = None  # the last human reply of the employer, or the owner's answer to what was asked
    away_until: date | None = None
    asked_owner: datetime | None = None  # since when the employer waits for the owner
    enquiries: tuple[datetime, ...] = ()  # the owner's own
    thanked: tuple[tuple[str, datetime], ...] = ()  # addr-spec the owner thanked, and when
    ended: datetime | None = None
    rejection_message_id: str | None = None
    suspicious: bool = False
    confirmed: bool = False  # the owner confirmed the doubts away
    asked_for: tuple[Purpose, ...] = ()  # purposes the owner asked for
    asked_at: tuple[datetime, ...] = ()  # when each of them was asked for
    asked_times: bool = False  # what the employer waits for is only about when to meet
    called_off: datetime | None = None  # when everything then ahead was called off
    letters: tuple[str, ...] = ()  # message-ids of our drafts as the owner sent them
    doubts: tuple[Doubt, ...] = ()
