"""What a message's meetings do to a case's interviews: added, moved, superseded, called off."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from followup_mail.core.case.names import fold, same_person
from followup_mail.core.case.people import merge_people, without
from followup_mail.core.case.values import Interview
from followup_mail.core.facts import Doubt, Facts, Kind, Meeting
from followup_mail.core.who import Person

DAY_STARTS, DAY_ENDS = time(9), time(18)
MISSED = timedelta(hours=24)  # a reschedule so soon after an interview says that it was not held
YEARS = range(1990, 2200)
WHICH = Doubt("moment", "a message moves or calls off an interview without saying which", holds=True)
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
    return interview.start.astimezone(zone_of(interview.zone, zone)).date()


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
    doubts = facts.doubts if stated else (*facts.doubts, ASSUMED_END)
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


def settle_meetings(
    interviews: tuple[Interview, ...], facts: Facts, reading: Reading, *, case_id: str, called_off: datetime | None
) -> tuple[Interview, ...]:
    """The interviews after a confirmation or reschedule."""
    held = list(interviews)
    taken: set[int] = set()
    fresh_ones = starts_in(facts, reading)
    for nth, fresh in enumerate(fresh_ones):
        at = _find(held, fresh, taken, facts, left=len(fresh_ones) - nth)
        if at is None:
            held.append(_added(held, fresh, facts, case_id, called_off))
            taken.add(len(held) - 1)
        else:
            held[at] = _merged(held[at], fresh)
            taken.add(at)
    return tuple(held)


def _added(
    held: Sequence[Interview], fresh: Interview, facts: Facts, case_id: str, called_off: datetime | None
) -> Interview:
    at = fresh.settled or fresh.start
    lost = facts.kind is Kind.INTERVIEW_RESCHEDULE
    unsure = lost and sum(_is_ahead(one, at) for one in held) > 1
    gone = called_off is not None and at < called_off < fresh.end
    return replace(
        fresh,
        id=f"{case_id}/{len(held) + 1}",
        renewed=lost,
        moved_from=facts.moved_from if lost else (),
        cancelled=gone,
        doubts=(*fresh.doubts, WHICH) if unsure else fresh.doubts,
    )


def _is_ahead(interview: Interview, at: datetime) -> bool:
    return not interview.cancelled and interview.end > at


def _find(held: Sequence[Interview], fresh: Interview, taken: set[int], facts: Facts, *, left: int) -> int | None:
    free = [index for index in range(len(held)) if index not in taken]
    found = _by_uid(held, fresh, free)
    if found is None:
        found = next((index for index, one in enumerate(held) if one.start == fresh.start), None)
    if found is None and facts.kind is Kind.INTERVIEW_RESCHEDULE:
        found = _by_move(held, fresh, [i for i in free if not held[i].cancelled], facts, left=left)
    if found is None:
        found = next((index for index in free if _is_same_round(held[index], fresh)), None)
    return found


def _by_uid(held: Sequence[Interview], fresh: Interview, free: Sequence[int]) -> int | None:
    if fresh.ical_uid is None:
        return None
    same = [i for i in free if fresh.ical_uid == held[i].ical_uid or fresh.ical_uid in held[i].past_uids]
    near = [i for i in same if held[i].recurrence_id == fresh.recurrence_id]
    near = near or [i for i in same if fresh.recurrence_id and _instant(fresh.recurrence_id) == held[i].start]
    return min(near, key=lambda i: (held[i].start != fresh.start, not _titles_agree(held[i], fresh), i), default=None)


def _instant(recurrence_id: str) -> datetime | None:
    """The instant of a RECURRENCE-ID (RFC 5545 section 3.8.4.4) in UTC, None in any other form."""
    try:
        return datetime.fromisoformat(recurrence_id).astimezone(UTC) if recurrence_id.endswith("Z") else None
    except (ValueError, OverflowError):
        return None


def _by_move(
    held: Sequence[Interview], fresh: Interview, free: Sequence[int], facts: Facts, *, left: int
) -> int | None:
    """Which interview a reschedule moves: the one it names, else the person's, else the only one there is."""
    at = fresh.settled or fresh.start
    named = named_by(held, facts.moved_from, free)
    ahead = [i for i in free if held[i].end > at and (held[i].settled or at) <= at]
    shared = [i for i in named or ahead if _share_people(held[i], fresh) and _titles_agree(held[i], fresh)]
    missed = [i for i in free if at - MISSED <= held[i].end <= at]
    if named:
        return (shared or named)[0]
    if len(shared) == 1:
        return shared[0]
    if ahead:
        return ahead[0] if len(ahead) in {1, left} else None
    return missed[0] if len(missed) == 1 else None


def named_by(held: Sequence[Interview], starts: Sequence[datetime], free: Sequence[int]) -> list[int]:
    """Which of the free interviews begin at a named start, or, where only one does, on its day."""
    named: list[int] = []
    for start in starts:
        exact = [i for i in free if held[i].start == start]
        near = [i for i in free if _wall_day(held[i], start) == start.date()]
        named += exact or (near if len(near) == 1 else [])
    return list(dict.fromkeys(named))


def _wall_day(interview: Interview, start: datetime) -> date:
    return interview.start.astimezone(start.tzinfo).date()


def _titles_agree(one: Interview, other: Interview) -> bool:
    return not one.title or not other.title or fold(one.title) == fold(other.title)


def _share_people(one: Interview, other: Interview) -> bool:
    return any(same_person(ours, theirs) for ours in one.people for theirs in other.people)


def _is_same_round(known: Interview, fresh: Interview) -> bool:
    """Whether one supersedes the other: same round and person, and not yet held when the later word was written."""
    said, meant = fresh.settled or fresh.start, known.settled or known.start
    older, later_at = (known, said) if said >= meant else (fresh, meant)
    if older.end <= later_at or (known.cancelled and said >= meant):
        return False
    if said < meant and (fresh.start in known.moved_from or (known.renewed and not known.moved_from)):
        return True
    same_title = bool(known.title) and fold(known.title or "") == fold(fresh.title or "")
    return _titles_agree(known, fresh) and (same_title or _share_people(known, fresh))


def _is_newer(known: Interview, fresh: Interview) -> bool:
    """Whether the fresh word rules: SEQUENCE first (RFC 5546 section 2.1.5), then the time of writing."""
    later = (fresh.settled or fresh.start) >= (known.settled or known.start)
    if fresh.ical_uid is None or fresh.ical_uid != known.ical_uid or fresh.sequence == known.sequence:
        return later
    return fresh.sequence > known.sequence and (later or known.by_calendar)


def _merged(known: Interview, fresh: Interview) -> Interview:
    if not _is_newer(known, fresh):
        return _completed(known, fresh) if known.start == fresh.start else _remembered(known, fresh)
    moved = known.start != fresh.start
    uids = (known.ical_uid,) if known.ical_uid and fresh.ical_uid and known.ical_uid != fresh.ical_uid else ()
    keeps_end = not moved and known.end_stated and not fresh.end_stated
    calendar_rules = not moved and known.by_calendar and not fresh.by_calendar
    return replace(
        fresh,
        id=known.id,
        end=known.end if keeps_end or calendar_rules else fresh.end,
        end_stated=known.end_stated if keeps_end or calendar_rules else fresh.end_stated,
        zone=fresh.zone or known.zone,
        zone_source=fresh.zone_source if fresh.zone else known.zone_source,
        people=_people_after(known, fresh, moved=moved),
        location=fresh.location or known.location,
        title=fresh.title or known.title,
        ical_uid=fresh.ical_uid or known.ical_uid,
        sequence=fresh.sequence if fresh.ical_uid else known.sequence,
        recurrence_id=fresh.recurrence_id or known.recurrence_id,
        invited=fresh.invited or known.invited,
        past_uids=tuple(dict.fromkeys((*known.past_uids, *uids))),
        moved_from=(*known.moved_from, known.start) if moved else known.moved_from,
        cancelled=known.declined and not moved and fresh.by_calendar,
        declined=known.declined and not moved and fresh.by_calendar,
        machine=fresh.machine,
    )


def _completed(known: Interview, fresh: Interview) -> Interview:
    """The interview with what an older word about the same time adds."""
    takes_end = fresh.end_stated and not known.end_stated
    return replace(
        known,
        end=fresh.end if takes_end else known.end,
        end_stated=known.end_stated or takes_end,
        people=known.people if known.machine else merge_people(known.people, fresh.people),
        location=known.location or fresh.location,
        title=known.title or fresh.title,
        ical_uid=known.ical_uid or fresh.ical_uid,
    )


def _remembered(known: Interview, fresh: Interview) -> Interview:
    """The interview with the older time it had before, so that a repetition of that is known again."""
    uids = (fresh.ical_uid,) if fresh.ical_uid and fresh.ical_uid != known.ical_uid else ()
    return replace(
        known,
        past_uids=tuple(dict.fromkeys((*known.past_uids, *uids))),
        moved_from=tuple(dict.fromkeys((*known.moved_from, fresh.start))),
        people=known.people or fresh.people,
        title=known.title or fresh.title,
        renewed=False,
    )


def _people_after(known: Interview, fresh: Interview, *, moved: bool) -> tuple[Person, ...]:
    if not fresh.people or fresh.machine:
        return () if fresh.machine else known.people
    if fresh.by_calendar and fresh.ical_uid == known.ical_uid:
        dropped = set(known.invited) - set(fresh.invited)
        return merge_people(without(known.people, *dropped), fresh.people)
    if not moved or _share_people(known, fresh):
        return merge_people(known.people, fresh.people)
    return fresh.people
