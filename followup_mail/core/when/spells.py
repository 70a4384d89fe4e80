"""Spells of time that name no date: "the end of next week", "mid-June", "within three working days"."""

import calendar
from collections.abc import Callable
from datetime import date, timedelta

_PHASES = {"early": 10, "middle": 15, "late": 31}  # the last day of each part of a month


def add_business_days(start: date, count: int) -> date:
    """The date `count` days from Monday to Friday after `start`."""
    made = start
    while count > 0:
        made += timedelta(days=1)
        count -= made.weekday() < 5
    return made


def coming_day(today: date, number: int) -> date | None:
    """The next date with this day of the month, today's included."""
    first = today.replace(day=1)
    for _ in range(3):
        last = calendar.monthrange(first.year, first.month)[1]
        if 1 <= number <= last and first.replace(day=number) >= today:
            return first.replace(day=number)
        first = (first + timedelta(days=32)).replace(day=1)
    return None


def month_phase(today: date, month: int, phase: str) -> date:
    """The last day of the early, middle or late part of the coming month of this number (from 1)."""
    for year in (today.year, today.year + 1):
        made = date(year, month, min(_PHASES[phase], calendar.monthrange(year, month)[1]))
        if made >= today:
            return made
    return made


def _friday(today: date) -> date:
    return today + timedelta(days=(4 - today.weekday()) % 7)


def _monday(today: date) -> date:
    return today + timedelta(days=7 - today.weekday())


def _month_end(today: date, ahead: int) -> date:
    first = (today.replace(day=1) + timedelta(days=32 * ahead)).replace(day=1)
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


# What each heading of the data's [promise] says, the longer phrases' headings first.
FIXED: dict[str, Callable[[date], date]] = {
    "end_of_second_week": lambda today: _monday(today) + timedelta(days=11),
    "early_next_week": _monday,
    "mid_next_week": lambda today: _monday(today) + timedelta(days=2),
    "end_of_next_week": lambda today: _monday(today) + timedelta(days=4),
    "end_of_week": _friday,
    "end_of_year": lambda today: date(today.year, 12, 31),
    "end_of_next_month": lambda today: _month_end(today, 1),
    "end_of_month": lambda today: _month_end(today, 0),
    "weekend": _friday,
    "end_of_day": lambda today: today,
    "fifteen_days": lambda today: today + timedelta(days=15),
    "thirty_days": lambda today: today + timedelta(days=30),
    "fortnight": lambda today: today + timedelta(days=14),
    "a_week": lambda today: today + timedelta(days=7),
    "a_month": lambda today: today + timedelta(days=30),
    "a_day": lambda today: today + timedelta(days=1),
}
