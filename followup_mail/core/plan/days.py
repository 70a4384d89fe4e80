"""Business days and mornings in the owner's zone."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from followup_mail.core.plan.values import Policy

ONE_DAY = timedelta(days=1)


def is_business_day(day: date, holidays: Collection[date]) -> bool:
    """Whether a day is one of Monday to Friday and no holiday."""
    return day.weekday() < 5 and day not in holidays


def business_day(day: date, holidays: Collection[date]) -> date:
    """The day, or the first business day after it."""
    while not is_business_day(day, holidays):
        day += ONE_DAY
    return day


def add_business_days(day: date, count: int, holidays: Collection[date]) -> date:
    """The count-th business day after a day, which itself need not be one."""
    for _ in range(count):
        day = business_day(day + ONE_DAY, holidays)
    return day


def morning(day: date, policy: Policy) -> datetime:
    """The policy's morning of a day: a wall time in the owner's zone, whatever the clocks do that night."""
    return datetime.combine(day, policy.morning, ZoneInfo(policy.zone))


def business_morning(day: date, policy: Policy) -> datetime:
    """The morning of the day, or of the first business day after it."""
    return morning(business_day(day, policy.holidays), policy)


def business_morning_from(moment: datetime, policy: Policy) -> datetime:
    """The first business morning that is not before a moment."""
    day = local(moment, policy).date()
    first = business_morning(day, policy)
    return first if first >= moment else business_morning(day + ONE_DAY, policy)


def local(moment: datetime, policy: Policy) -> datetime:
    """The moment on the owner's clock."""
    return moment.astimezone(ZoneInfo(policy.zone))


def after(moment: datetime, span: timedelta) -> datetime:
    """The moment so much later in real time, also across a change of clocks."""
    return (moment.astimezone(UTC) + span).astimezone(moment.tzinfo)
