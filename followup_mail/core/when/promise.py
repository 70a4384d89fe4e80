# ruff: noqa: E501 - one pattern or table row a line reads best
"""The date by which an answer is promised."""

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from followup_mail.core.when.days import Day
from followup_mail.core.when.lexicon import find_number
from followup_mail.core.when.masks import TEXT_CAP, fold
from followup_mail.core.when.sentences import active_languages, phrase_pattern, read_days, split_sentences
from followup_mail.core.when.tokens import Tokens
from followup_mail.core.when.zones import day_of, local_time

_CLAUSE = re.compile(r"[,;:]\s|\s-\s|\((?=\w)|\)")
_AMOUNT = r"(?:(?P<low>\d{1,3}|[a-z]{2,7})\s?(?:-|to|bis|a|o|or|oder|ou|of|tot|y|e|und|et|and)\s?)?(?P<count>\d{1,3}|[a-z]{2,9})\s?(?:full\s)?"
_CLOCK_NEXT = re.compile(
    r"\W{0,3}(?:(?:at|um|a|as|a las|om|alle|from|von)\s)?\d{1,2}(?:[:.h]\d\d|\s?[ap]m|\s?uhr|\s?h\b)"
)
_FIXED = (
    "early_next_week", "mid_next_week", "end_of_next_week", "end_of_week", "end_of_next_month", "end_of_month",
    "end_of_day", "fortnight", "a_week", "a_month", "a_day",
)  # fmt: skip
_COUNTED = ("a_week", "fortnight", "a_month", "a_day")


def add_business_days(start: date, count: int) -> date:
    """The date `count` days from Monday to Friday after `start`."""
    made = start
    while count > 0:
        made += timedelta(days=1)
        count -= made.weekday() < 5
    return made


def _friday(today: date) -> date:
    return today + timedelta(days=(4 - today.weekday()) % 7)


def _monday(today: date) -> date:
    return today + timedelta(days=7 - today.weekday())


def _month_end(today: date, ahead: int) -> date:
    first = (today.replace(day=1) + timedelta(days=32 * ahead)).replace(day=1)
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


_RESOLVE: dict[str, Callable[[date], date]] = {
    "early_next_week": _monday,
    "mid_next_week": lambda today: _monday(today) + timedelta(days=2),
    "end_of_next_week": lambda today: _monday(today) + timedelta(days=4),
    "end_of_week": _friday,
    "end_of_next_month": lambda today: _month_end(today, 1),
    "end_of_month": lambda today: _month_end(today, 0),
    "end_of_day": lambda today: today,
    "fortnight": lambda today: today + timedelta(days=14),
    "a_week": lambda today: today + timedelta(days=7),
    "a_month": lambda today: today + timedelta(days=30),
    "a_day": lambda today: today + timedelta(days=1),
}


def parse_promise(text: str, *, reference: datetime, zone: str, language: str | None = None) -> tuple[date, str] | None:
    """The date by which the writer promises an answer, a decision or news, with the exact words; None if none is promised.

    What the reader is asked to do by a date is no promise. Business days are Monday to Friday. "Within 3 to 5 days" is 5.
    `reference` is aware; at most TEXT_CAP characters are read. Never raises.
    """
    cut = text[:TEXT_CAP]
    folded = fold(cut)
    if not phrase_pattern(("en", "de", "fr", "es", "pt", "nl", "it"), "promise", "cues").search(folded):
        return None
    tokens, days = read_days(cut, reference, zone, language)
    return _PromiseReader(tokens, days, folded, reference, zone).read()


class _PromiseReader:
    def __init__(self, tokens: Tokens, days: list[Day], folded: str, reference: datetime, zone: str) -> None:
        self.tokens, self.days, self.folded = tokens, days, folded
        self.local = local_time(reference, zone)
        self.today = day_of(reference, zone)
        self.languages = active_languages(tokens)
        self.cues = phrase_pattern(self.languages, "promise", "cues")
        self.refusals = phrase_pattern(self.languages, "promise", "not_cues")

    def read(self) -> tuple[date, str] | None:
        for start, end in split_sentences(self.folded):
            sentence = self.folded[start:end]
            if sentence.rstrip().endswith("?") or not self.cues.search(sentence):
                continue
            for low, high, made in sorted(
                self._deadlines(start, end), key=lambda one: not self._told(start, one[0], end)
            ):
                if made >= self.today and not self._refused(start, low, end):
                    return made, self.tokens.text[low:high]
        return None

    def _refused(self, start: int, low: int, end: int) -> bool:
        """Whether the clause of the deadline asks something of the reader."""
        return self.refusals.search(self.folded, *self._clause(start, low, end)) is not None

    def _told(self, start: int, low: int, end: int) -> bool:
        """Whether the clause of the deadline itself promises: "the board meets on Monday; you will hear by Friday"."""
        return self.cues.search(self.folded, *self._clause(start, low, end)) is not None

    def _clause(self, start: int, low: int, end: int) -> tuple[int, int]:
        cuts = [start, *(found.end() for found in _CLAUSE.finditer(self.folded, start, end)), end]
        return max(cut for cut in cuts if cut <= low), min((cut for cut in cuts if cut > low), default=end)

    def _deadlines(self, start: int, end: int) -> Iterator[tuple[int, int, date]]:
        found = [*self._dated(start, end)] or [*self._fixed(start, end), *self._counted(start, end)]
        yield from sorted(found)

    def _dated(self, start: int, end: int) -> Iterator[tuple[int, int, date]]:
        led = phrase_pattern(
            self.languages, "promise", "by", "end_of_day",
            tail=r"(?:[\s']{1,3}(?:the|le|la|el|o|a|il|het|de|zum|den|dem|am|au|al|dia|on|end of|eod|cob|close of business|von|op|day|of)){0,4}[\s,']{0,3}$",
        )  # fmt: skip
        for day in self.days:
            low, high = self.tokens.items[day.first].start, self.tokens.items[day.last - 1].end
            if day.value is None or not start <= low < end:
                continue
            lead = led.search(self.folded, max(start, low - 60), low)
            if lead and not (lead[0].split()[0] in _LIGHT and _CLOCK_NEXT.match(self.folded, high)):
                yield lead.start(), high, day.value
            elif not day.weak and self._beside_cue(low, high, end):
                yield low, high, day.value

    def _beside_cue(self, low: int, high: int, end: int) -> bool:
        """As in "We'll let you know tomorrow": a date right behind the cue, without a time."""
        near = [found.end() for found in self.cues.finditer(self.folded, max(0, low - 80), low)]
        close = bool(near) and len(self.folded[near[-1] : low].split()) <= 2
        return close and not _CLOCK_NEXT.match(self.folded, high, end)

    def _fixed(self, start: int, end: int) -> Iterator[tuple[int, int, date]]:
        taken: list[tuple[int, int]] = []
        for key in _FIXED:
            keys = ("by", "within") if key in (*_COUNTED, "end_of_day") else ("by",)
            lead = phrase_pattern(
                self.languages, "promise", *keys,
                tail=r"(?:[\s']{1,3}(?:the|le|la|el|o|a|il|het|de|zum|der|den|au|l|next)){0,2}[\s']{0,3}$",
            )  # fmt: skip
            for found in phrase_pattern(self.languages, "promise", key).finditer(self.folded, start, end):
                if any(low <= found.start() < high for low, high in taken):
                    continue
                before = lead.search(self.folded, max(start, found.start() - 60), found.start())
                if before or key not in (*_COUNTED, "end_of_day"):
                    taken.append(found.span())
                    yield (before or found).start(), found.end(), _RESOLVE[key](self.today)

    def _counted(self, start: int, end: int) -> Iterator[tuple[int, int, date]]:
        lead = phrase_pattern(
            self.languages,
            "promise",
            "within",
            tail=r"(?:[\s']{1,3}(?:the|next|les|los|las|os|as|de|den|i|le|about|etwa|ca|max)){0,3}[\s']{1,3}",
        )
        for found in lead.finditer(self.folded, start, end):
            for key in ("business_days", "days", "weeks", "months_span", "hours"):
                unit = phrase_pattern(self.languages, "phrases", key).pattern
                amount = re.compile(_AMOUNT + unit).match(self.folded, found.end(), end)
                made = amount and self._add(amount["count"], key)
                if amount and made:
                    yield found.start(), amount.end(), made
                    break

    def _add(self, words: str, key: str) -> date | None:
        count = int(words) if words.isdigit() else self._number(words)
        if count is None or not 0 < count <= 180:
            return None
        if key == "business_days":
            return add_business_days(self.today, count)
        if key == "hours":
            return (self.local + timedelta(hours=count)).date()
        return self.today + timedelta(days=count * {"days": 1, "weeks": 7, "months_span": 30}[key])

    def _number(self, words: str) -> int | None:
        for language in self.languages:
            number = find_number(language, words)
            if number:
                return number
        return None


_LIGHT = frozenset(("on", "am", "le", "el", "op", "il", "na", "no", "around", "em", "pour", "para"))
