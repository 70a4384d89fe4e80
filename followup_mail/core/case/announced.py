"""The interviews a message announces, and the day and zone where they take place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from followup_mail.core.case.people import without
from followup_mail.core.case.values import Interview
from followup_mail.core.facts import Doubt, Facts, Meeting
from followup_mail.core.who import Person

DAY_STARTS, DAY_ENDS = time(9), time(18)
YEARS = range(1990, 2200)
NOWHERE = frozenset({"UTC", "Etc/UTC", "Z"})  # how calendars write an instant: nobody's place
NO_TIME = Doubt("moment", "the message names a day but no time")
ASSUMED_END = Doubt("end", "no end is stated; the usual length is assumed")


@dataclass(frozen=True, slots=True)
class Reading:
    """What is needed to place a message's meetings: when it was written, the owner's zone and the usual length."""

    at: datetime
    zone: str
    length: timedelta


def zone_of(name: str | None, default: str = "UTC") -> tzinfo:
    """The zone of an IANA name or a fixed offset ("+02:00"); the default's where there is no such zone."""
    for candidate in (name, default):
        if not candidate:
            continue
        try:
            return _offset(candidate) if candidate[0] in "+-" else ZoneInfo(candidate)
        except (ValueError, OSError, KeyError):  # a zone nobody knows: the caller's zone is the safe choice
            continue
    return UTC


def _offset(name: str) -> tzinfo:
    return timezone(datetime.strptime(name, "%z").utcoffset() or timedelta())


def local_day(interview: Interview, zone: str) -> date:
    """The day of an interview where it takes place, else in the owner's zone."""
    place = None if interview.zone in NOWHERE else interview.zone
    return interview.start.astimezone(zone_of(place, zone)).date()


def starts_in(facts: Facts, reading: Reading) -> tuple[Interview, ...]:
    """The interviews a message announces, without ids; a meeting without a day is none."""
    found = (_interview_of(meeting, facts, reading) for meeting in facts.meetings)
    return tuple(interview for interview in found if interview is not None)


def _interview_of(meeting: Meeting, facts: Facts, reading: Reading) -> Interview | None:
    span = _span_of(meeting, reading)
    if span is None:
        return None
    start, end, stated = span
    people = without((person for person in meeting.people), facts.owner_address)
    doubts = facts.doubts if stated else (*(one for one in facts.doubts if one.kind != "end"), ASSUMED_END)
    return Interview(
        id="",
        start=start,
        end=end,
        end_stated=stated,
        zone=meeting.zone,
        zone_source=meeting.zone_source,
        people=() if facts.answered_by_machine else people,
        location=meeting.location,
        title=meeting.title,
        ical_uid=meeting.ical_uid,
        sequence=meeting.sequence,
        recurrence_id=meeting.recurrence_id,
        message_id=facts.message_id,
        settled=reading.at,
        by_calendar=meeting.ical_uid is not None,
        invited=_addresses(people) if meeting.ical_uid else (),
        machine=facts.answered_by_machine,
        doubts=(*doubts, NO_TIME) if meeting.start is None else doubts,
    )


def _addresses(people: Sequence[Person]) -> tuple[str, ...]:
    return tuple(person.addr_spec.casefold() for person in people if person.addr_spec)


def _span_of(meeting: Meeting, reading: Reading) -> tuple[datetime, datetime, bool] | None:
    day = meeting.start or meeting.day
    if day is None or day.year not in YEARS:
        return None
    if meeting.start is None:
        zone = zone_of(meeting.zone, reading.zone)
        assert meeting.day is not None  # noqa: S101 - for the type checker: `day` is one of the two
        return (
            datetime.combine(meeting.day, DAY_STARTS, zone),
            datetime.combine(meeting.day, DAY_ENDS, zone),
            False,
        )
    if meeting.end is not None and meeting.end > meeting.start and meeting.end.year in YEARS:
        return meeting.start, meeting.end, True
    end = (meeting.start.astimezone(UTC) + reading.length).astimezone(meeting.start.tzinfo)
    return meeting.start, end, False
