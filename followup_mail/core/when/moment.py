"""Moments, ranges, zones and promises in prose."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class ZoneSource(StrEnum):
    """Where a moment's zone comes from; only the first two are the message's own words."""

    CALENDAR = "calendar"
    STATED = "stated"
    THREAD = "thread"
    COMPANY = "company"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment or range read from text.

    `start` and `end` are wall times without tzinfo in `zone`; a date alone where no time is stated (`end` None).
    `zone` is an IANA name or a fixed offset ("+02:00"), None where the text names none.
    `words` is the exact text it was read from and `position` its offset there.
    `doubts` holds names of what is uncertain: "zone-ambiguous", "zone-season", "weekday-mismatch", "day-month-order",
    "year-assumed", "week-assumed" (which week "next Friday" means), "am-pm-assumed", "gap", "fold".
    """

    start: datetime | date
    end: datetime | None
    zone: str | None
    words: str
    position: int
    doubts: tuple[str, ...] = ()
    superseded: bool = False  # the old time of "moved from X to Y"
    clock: tuple[int, int] | None = None  # where in the text the time itself stands
    bare: bool = False  # its day is a mere weekday, or none of its own
