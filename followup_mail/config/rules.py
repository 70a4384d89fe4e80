"""Configuration to plan.Policy, with the holidays of the years around now."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from followup_mail.config.models import Config
from followup_mail.core.plan import Policy


def policy_of(
    config: Config, *, languages: Mapping[str, frozenset[str]], began: datetime | None, now: datetime
) -> Policy:
    """The rules as of `now` (aware); `languages` are those with letters, by purpose, `began` the first run."""
    rules = config.policy
    year = now.astimezone(ZoneInfo(config.owner.timezone)).year
    return Policy(
        zone=config.owner.timezone,
        thank_you_after=rules.thank_you_after,
        status_check_after=rules.status_check_after,
        status_check_after_promise=rules.status_check_after_promise,
        status_check_interval=rules.status_check_interval,
        status_check_most=rules.status_check_most,
        interview_length=rules.interview_length,
        notes_most=rules.notes_most,
        drafts_a_day=rules.drafts_a_day,
        morning=rules.morning,
        slept_through=rules.slept_through,
        unsent_expires=rules.unsent_expires,
        first_run_reach=rules.first_run_reach,
        questions_most=rules.questions_most,
        autonomy=rules.autonomy,
        off=frozenset(rules.off),
        never_write=frozenset(rules.never_write),
        languages=languages,
        holidays=holidays_around(config.owner.country, year),
        began=began,
    )


@lru_cache(maxsize=8)
def holidays_around(country: str, year: int) -> frozenset[date]:
    """Public holidays of a country or region ("PT", "DE-BY") in the year, the one before and the two after."""
    if not country:
        return frozenset()
    import holidays  # noqa: PLC0415 - a tenth of a second, only for those who name a country

    code, _, region = country.partition("-")
    return frozenset(holidays.country_holidays(code, subdiv=region or None, years=range(year - 1, year + 3)))
