"""What a message's meetings do to a case's interviews: added, moved, superseded, called off."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from followup_mail.core.case.announced import NO_TIME, Reading, local_day, starts_in, zone_of
from followup_mail.core.case.people import merge_people, without
from followup_mail.core.case.rounds import find_day, find_interview, is_ahead, is_vague, named_by, share_people
from followup_mail.core.case.values import Interview
from followup_mail.core.facts import Doubt, Facts, Kind
from followup_mail.core.who import Person

WHICH = Doubt("moment", "a message moves or calls off an interview without saying which", holds=True)

__all__ = ["NO_TIME", "WHICH", "Reading", "local_day", "named_by", "settle_meetings", "starts_in", "zone_of"]


def settle_meetings(
    interviews: tuple[Interview, ...], facts: Facts, reading: Reading, *, case_id: str, called_off: datetime | None
) -> tuple[Interview, ...]:
    """The interviews after a confirmation or reschedule."""
    held = list(interviews)
    taken: set[int] = set()
    fresh_ones = starts_in(facts, reading)
    anew = facts.kind is Kind.INTERVIEW_RESCHEDULE and len(fresh_ones) > 1
    for nth, fresh in enumerate(fresh_ones):
        at = that_day = find_day(held, fresh, taken, reading)
        if at is None:
            at = find_interview(held, fresh, taken, facts, left=len(fresh_ones) - nth)
        if at is None:
            at = len(held)
            held.append(_added(held, fresh, facts, case_id, called_off, whole=bool(taken)))
        elif that_day is not None and is_vague(fresh):
            held[at] = replace(held[at], people=merge_people(held[at].people, fresh.people))
        else:
            told = replace(fresh, people=()) if held[at].people and _names_writer_alone(fresh, facts) else fresh
            held[at] = _merged(held[at], told, anew=anew)
        taken.add(at)
    return _without_dropped(held, interviews, taken, fresh_ones, reading) if anew else tuple(held)


def _names_writer_alone(fresh: Interview, facts: Facts) -> bool:
    """Whether a change in prose names nobody but its writer: who moves an interview seldom takes it over."""
    if fresh.by_calendar or facts.kind is not Kind.INTERVIEW_RESCHEDULE or facts.sender is None:
        return False
    writer = (facts.sender.addr_spec or "").casefold()
    return all((person.addr_spec or "").casefold() == writer for person in fresh.people)


def _without_dropped(
    held: Sequence[Interview],
    before: Sequence[Interview],
    taken: set[int],
    fresh_ones: Sequence[Interview],
    reading: Reading,
) -> tuple[Interview, ...]:
    """The interviews without the rows that a schedule, sent anew as a whole, no longer has."""
    days = {local_day(one, reading.zone) for one in fresh_ones}
    old_schedules = {before[index].message_id for index in taken if index < len(before)} - {None}
    return tuple(
        replace(one, cancelled=True, settled=reading.at, message_id=fresh_ones[0].message_id)
        if index < len(before)
        and index not in taken
        and is_ahead(one, reading.at)
        and not one.by_calendar
        and one.message_id in old_schedules
        and local_day(one, reading.zone) in days
        else one
        for index, one in enumerate(held)
    )


def _added(
    held: Sequence[Interview],
    fresh: Interview,
    facts: Facts,
    case_id: str,
    called_off: datetime | None,
    *,
    whole: bool,
) -> Interview:
    """The fresh interview as a new one; of a `whole` schedule sent anew it is a further row, not a lost old one."""
    at = fresh.settled or fresh.start
    lost = facts.kind is Kind.INTERVIEW_RESCHEDULE and not whole
    unsure = lost and sum(is_ahead(one, at) for one in held) > 1
    gone = called_off is not None and at < called_off < fresh.end
    return replace(
        fresh,
        id=f"{case_id}/{len(held) + 1}",
        renewed=lost,
        moved_from=facts.moved_from if lost else (),
        cancelled=gone,
        doubts=(*fresh.doubts, WHICH) if unsure else fresh.doubts,
    )


def _is_newer(known: Interview, fresh: Interview) -> bool:
    """Whether the fresh word rules: SEQUENCE first (RFC 5546 section 2.1.5), then the time of writing."""
    later = (fresh.settled or fresh.start) >= (known.settled or known.start)
    if fresh.ical_uid is None or fresh.ical_uid != known.ical_uid or fresh.sequence == known.sequence:
        return later
    return fresh.sequence > known.sequence and (later or known.by_calendar)


def _merged(known: Interview, fresh: Interview, *, anew: bool) -> Interview:
    """The interview after a fresh word about it; `anew` if that restates a whole schedule, row by row."""
    if not _is_newer(known, fresh):
        return _completed(known, fresh) if known.start == fresh.start else _remembered(known, fresh)
    same = known.start == fresh.start
    moved = not same and not is_vague(known)
    uids = (known.ical_uid,) if known.ical_uid and fresh.ical_uid and known.ical_uid != fresh.ical_uid else ()
    keeps_end = same and known.end_stated and not fresh.end_stated
    calendar_rules = same and known.by_calendar and not fresh.by_calendar
    people = _people_after(known, fresh, moved=moved or (anew and not fresh.by_calendar))
    return replace(
        fresh,
        id=known.id,
        end=known.end if keeps_end or calendar_rules else fresh.end,
        end_stated=known.end_stated if keeps_end or calendar_rules else fresh.end_stated,
        zone=fresh.zone or known.zone,
        zone_source=fresh.zone_source if fresh.zone else known.zone_source,
        people=people,
        doubts=_without_who(fresh.doubts) if people and not fresh.people else fresh.doubts,
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


def _without_who(doubts: Sequence[Doubt]) -> tuple[Doubt, ...]:
    """The doubts without the one about who it is with: a change may well leave out what was said before."""
    return tuple(doubt for doubt in doubts if doubt.kind != "who")


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
    if not moved or share_people(known, fresh):
        return merge_people(known.people, fresh.people)
    return fresh.people
