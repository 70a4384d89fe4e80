"""Which interview of a case a meeting of a message is: by ical_uid, start, day, move, or the same round."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from followup_mail.core.case.announced import NO_TIME, Reading, local_day
from followup_mail.core.case.names import fold, same_person
from followup_mail.core.case.values import Interview
from followup_mail.core.facts import Facts, Kind

MISSED = timedelta(hours=24)  # a reschedule so soon after an interview says that it was not held


def find_day(held: Sequence[Interview], fresh: Interview, taken: set[int], reading: Reading) -> int | None:
    """Which interview of the same day the fresh one is, where only one of the two says a time."""
    return next(
        (
            index
            for index, one in enumerate(held)
            if index not in taken
            and not one.cancelled
            and is_vague(one) != is_vague(fresh)
            and local_day(one, reading.zone) == local_day(fresh, reading.zone)
        ),
        None,
    )


def find_interview(
    held: Sequence[Interview], fresh: Interview, taken: set[int], facts: Facts, *, left: int
) -> int | None:
    """Which of the held interviews the fresh one is; `left` counts the message's meetings not placed yet."""
    free = [index for index in range(len(held)) if index not in taken]
    found = _by_uid(held, fresh, free)
    if found is None:
        found = _by_start(held, fresh, facts)
    if found is None and facts.kind is Kind.INTERVIEW_RESCHEDULE:
        found = _by_move(held, fresh, [i for i in free if not held[i].cancelled], facts, left=left)
    if found is None:
        found = next((index for index in free if _is_same_round(held[index], fresh)), None)
    return found


def _by_start(held: Sequence[Interview], fresh: Interview, facts: Facts) -> int | None:
    same = [index for index, one in enumerate(held) if one.start == fresh.start]
    if len(facts.meetings) > 1:
        same.sort(key=lambda index: not share_people(held[index], fresh))
    return same[0] if same else None


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
    shared = [i for i in named or ahead if share_people(held[i], fresh) and _titles_agree(held[i], fresh)]
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


def _is_same_round(known: Interview, fresh: Interview) -> bool:
    """Whether one supersedes the other: same round and person, and not yet held when the later word was written."""
    said, meant = fresh.settled or fresh.start, known.settled or known.start
    older, later_at = (known, said) if said >= meant else (fresh, meant)
    if older.end <= later_at or (known.cancelled and said >= meant):
        return False
    if said < meant and (fresh.start in known.moved_from or (known.renewed and not known.moved_from)):
        return True
    same_title = bool(known.title) and fold(known.title or "") == fold(fresh.title or "")
    return _titles_agree(known, fresh) and (same_title or share_people(known, fresh))


def share_people(one: Interview, other: Interview) -> bool:
    """Whether somebody is in both."""
    return any(same_person(ours, theirs) for ours in one.people for theirs in other.people)


def is_vague(interview: Interview) -> bool:
    """Whether only its day is known."""
    return NO_TIME in interview.doubts


def is_ahead(interview: Interview, at: datetime) -> bool:
    """Whether it stands and is not over at a moment."""
    return not interview.cancelled and interview.end > at
