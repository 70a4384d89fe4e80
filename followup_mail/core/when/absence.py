"""The date on which somebody away returns."""

from datetime import date, datetime, timedelta

from followup_mail.core.when.masks import TEXT_CAP, fold
from followup_mail.core.when.sentences import active_languages, phrase_pattern, read_days
from followup_mail.core.when.zones import day_of

_TAIL = (
    r"(?:[\s,']{1,3}(?:on|the|le|la|el|o|a|il|al|het|de|den|dem|zum|am|au|dia|no|dal|from|in|office|and|including|einschliesslich|"
    r"lunes|incluido|inclusief)){0,3}[\s,:']{0,3}$"
)


def parse_return(text: str, *, reference: datetime, zone: str, language: str | None = None) -> date | None:
    """The return date an out-of-office states: "back on 7 June" is the 7th, "until 6 June" the 6th; None if it states none.

    A stated return beats the end of an absence; of several, the latest counts. Never raises.
    """
    cut = text[:TEXT_CAP]
    tokens, days = read_days(cut, reference, zone, language)
    folded, today = fold(cut), day_of(reference, zone)
    languages = active_languages(tokens)
    for key in ("back", "until"):
        lead = phrase_pattern(languages, "away", key, tail=_TAIL)
        made = [
            day.value
            for day in days
            if day.value is not None
            and day.value >= today
            and lead.search(folded, max(0, tokens.items[day.first].start - 60), tokens.items[day.first].start)
        ]
        if made:
            return max(made)
        if key == "back" and phrase_pattern(languages, "promise", "early_next_week", "end_of_next_week").search(folded):
            weekly = phrase_pattern(languages, "away", "back").search(folded)
            if weekly and not days:
                return today + timedelta(days=7 - today.weekday())
    return None
