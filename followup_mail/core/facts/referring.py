"""Moments whose day another message names: "Thursday suits us", "15:30 then" in an answer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from followup_mail.core.when import Moment

_AHEAD = timedelta(days=70)


def refer(
    moments: tuple[Moment, ...],
    sent_on: date,
    earlier: Callable[[], tuple[Moment, ...]],
    again: Callable[[date], tuple[Moment, ...]],
    same_at: int | None = None,
) -> tuple[Moment, ...]:
    """The moments on the days that the `earlier` text means; `again` reads the text with a day for its times.

    `same_at` is where the text says "at the same time": that of the meeting which it moves.
    """
    if same_at is not None and (moved := _moved(moments, sent_on, earlier(), same_at)):
        return moved
    timed = any(isinstance(moment.start, datetime) for moment in moments)
    if timed and not any(moment.bare for moment in moments):
        return moments
    told = [one for one in earlier() if sent_on <= _day(one) <= sent_on + _AHEAD]
    named = {_day(one) for one in told if not one.bare}
    meant = tuple(_on_named(one, named) if one.bare else one for one in moments)
    if timed or not told:
        return meant
    days = {_day(one) for one in meant} or named or {_day(one) for one in told}
    return again(days.pop()) if len(days) == 1 else meant


def _moved(moments: tuple[Moment, ...], sent_on: date, told: tuple[Moment, ...], same_at: int) -> tuple[Moment, ...]:
    """The one moment of "Friday instead, same time": the date beside these words at the time that was fixed before."""
    if any(one.clock and 0 <= one.clock[0] - same_at <= _SAID_AFTER for one in moments):
        return ()  # "same time, 3 pm"
    days = [one for one in moments if not isinstance(one.start, datetime) and one.start >= sent_on]
    days = [one for one in days if abs(one.position - same_at) <= _BESIDE]
    known = [one for one in (*moments, *told) if isinstance(one.start, datetime)]
    hours = {one.start.time() for one in known if isinstance(one.start, datetime) and one.start.date() >= sent_on}
    if not days or len(hours) != 1:
        return ()
    day = min(days, key=lambda one: abs(one.position - same_at))
    start = datetime.combine(_day(day), hours.pop())
    old = next(one for one in known if isinstance(one.start, datetime) and one.start.time() == start.time())
    end = None if old.end is None or not isinstance(old.start, datetime) else start + (old.end - old.start)
    return (replace(day, start=start, end=end, zone=old.zone, bare=False),)


_SAID_AFTER = 30  # characters from "same time" to that time where it is said again
_BESIDE = 90  # characters between a date and "at the same time"


def _day(moment: Moment) -> date:
    return moment.start.date() if isinstance(moment.start, datetime) else moment.start


def _on_named(moment: Moment, named: set[date]) -> Moment:
    """The moment on the one day of this weekday that was named before, else as it stands."""
    day = _day(moment)
    fitting = {one for one in named if one.weekday() == day.weekday()}
    if len(fitting) != 1 or day in fitting:
        return moment
    ahead = fitting.pop() - day
    end = None if moment.end is None else moment.end + ahead
    return replace(moment, start=moment.start + ahead, end=end)
