"""The date on which somebody away returns."""

import re
from datetime import date, datetime, timedelta

from followup_mail.core.when.alphabet import Tokens
from followup_mail.core.when.days import Day
from followup_mail.core.when.lexicon import LANGUAGES
from followup_mail.core.when.masks import TEXT_CAP, fold
from followup_mail.core.when.sentences import active_languages, phrase_pattern, read_days
from followup_mail.core.when.zones import day_of

_TAIL = (
    r"(?:[\s,']{1,3}(?:on|the|le|la|el|o|a|il|al|het|de|den|dem|zum|am|au|dia|no|dal|from|in|office|and|including|einschliesslich|"
    r"lunes|incluido|inclusief)){0,3}[\s,:']{0,3}$"
)

_DASH = re.compile(r"\d\.?\s?-\s?$")


def parse_return(text: str, *, reference: datetime, zone: str, language: str | None = None) -> date | None:
    """The return date an out-of-office states: "back on 7 June" is the 7th, "until 6 June" the 6th.

    A stated return beats the end of an absence; of several, the latest counts; None if none is stated. Never raises.
    """
    cut = text[:TEXT_CAP]
    tokens, days = read_days(cut, reference, zone, language)
    folded, today = fold(cut), day_of(reference, zone)
    languages = (*active_languages(tokens), *LANGUAGES)
    for key in ("back", "until"):
        made = [
            day.value for day in days if day.value and day.value >= today and _led(tokens, day, folded, languages, key)
        ]
        if made:
            return max(made)
        if key == "back" and not days and _next_week(folded, languages):
            return today + timedelta(days=7 - today.weekday())
    return None


def _led(tokens: Tokens, day: Day, folded: str, languages: tuple[str, ...], key: str) -> bool:
    """Whether the words before a date (or "back" right behind it) make it a return or the end of an absence."""
    start, end = tokens.items[day.first].start, tokens.items[day.last - 1].end
    if phrase_pattern(languages, "away", key, tail=_TAIL).search(folded, max(0, start - 60), start):
        return True
    if key == "back":
        return phrase_pattern(languages, "away", key).match(folded, end + 1, end + 40) is not None
    return _DASH.search(folded, max(0, start - 8), start) is not None


def _next_week(folded: str, languages: tuple[str, ...]) -> bool:
    """Whether "back next week" stands there; that is its Monday."""
    if not phrase_pattern(languages, "away", "back").search(folded):
        return False
    return phrase_pattern(languages, "promise", "early_next_week", "end_of_next_week").search(folded) is not None
