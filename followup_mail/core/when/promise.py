# ruff: noqa: E501 - one pattern or table row a line reads best
"""The date by which an answer is promised."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from followup_mail.core.when.alphabet import Tokens
from followup_mail.core.when.days import Day
from followup_mail.core.when.lexicon import LANGUAGES, find_number
from followup_mail.core.when.masks import TEXT_CAP, fold
from followup_mail.core.when.sentences import (
    active_languages,
    month_names,
    phrase_pattern,
    read_days,
    split_sentences,
)
from followup_mail.core.when.spells import FIXED, add_business_days, coming_day, month_phase
from followup_mail.core.when.zones import local_time

_CLAUSE = re.compile(
    r"[,;:]\s|\s-\s|\((?=\w)|\)|\s(?:and|but|so|und|aber|et|mais|donc|y|e|ed|en|maar)\s(?=(?:we|i|you|they|wir|ich|sie|nous|vous|je|on|tu|te|le|os|nos|ti|la|lhe|u)\b)"
)
_AMOUNT = r"(?:(?P<low>\d{1,3}|[a-z]{2,7})(?:\s?-\s?|\s(?:to|bis|a|o|or|oder|ou|of|tot|y|e|und|et|and)\s))?(?P<count>\d{1,3}|[a-z]{2,9}|a couple of|un par de|een paar)\s?(?:\(\w{1,9}\)\s?)?(?:full\s)?"
_PAIRS = frozenset(("a couple of", "un par de"))
_CLOCK_NEXT = re.compile(
    r"\W{0,3}(?:(?:at|um|a|as|a las|om|alle|from|von|ore|h|ab|vers|de|gegen|around|rond|verso le)\s)?\d{1,2}(?:[:.h]\d\d|\s?[ap]m|\s?uhr|\s?u?\b(?=\s?u\b)|\s?h\b)"
)
_LED = frozenset(("end_of_day", "weekend"))
_COUNTED = frozenset(("fortnight", "fifteen_days", "thirty_days", "a_week", "a_month", "a_day"))
_ARTICLES = r"(?:[\s',]{1,3}(?:the|le|la|el|o|a|il|het|de|zum|der|den|dem|am|au|al|l|dia|on|end of|eod|cob|close of business|von|op|day|of|del|do|da|das|em|giorno|next)){0,4}[\s,']{0,3}$"
_NUMBER = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|º|e|de|ste)?(?=[\s.,;!?)]|$)(?!\s?(?:[-/.:]\s?)?\d|\s(?:[a-z]+\s)?(?:uhr|h)\b)"
)
_FIGURE = re.compile(r"\d")
_LEAST_HOURS = 4  # fewer are how long a talk takes
_SHORT = 6  # words of a clause that is little more than a date


@dataclass(frozen=True, slots=True)
class _Due:
    """A date that may be promised, read from text[low:high]; a loose one is only named, not called a deadline."""

    low: int
    high: int
    made: date
    loose: bool = False


def parse_promise(
    text: str,
    *,
    reference: datetime,
    zone: str,
    language: str | None = None,
    held: date | None = None,
    gone: frozenset[date] = frozenset(),
    surely: bool = False,
) -> tuple[date, str] | None:
    """The date by which the writer promises an answer, a decision or news, with the exact words; None if none is promised.

    What the reader is asked to do by a date is no promise. Business days are Monday to Friday. "Within 3 to 5 days" is 5.
    `held` is the day of the interview, from which "within a week of your visit" counts; on a day that is `gone` nothing
    is merely named as a date of an answer, and where it has to be said `surely`, none at all. `reference` is aware; at most
    TEXT_CAP characters are read. Never raises.
    """
    cut = text[:TEXT_CAP]
    folded = fold(cut)
    likely = (language, "en") if language in LANGUAGES else LANGUAGES
    if not phrase_pattern(tuple(dict.fromkeys(likely)), "promise", "cues").search(folded):
        return None
    tokens, days = read_days(cut, reference, zone, language)
    return _PromiseReader(tokens, days, folded, local_time(reference, zone), held).read(surely=surely, gone=gone)


class _PromiseReader:
    def __init__(self, tokens: Tokens, days: list[Day], folded: str, local: datetime, held: date | None) -> None:
        self.tokens, self.days, self.folded = tokens, days, folded
        self.gone: frozenset[date] = frozenset()
        self.local, self.today = local, local.date()
        self.held = held if held is not None and held >= self.today else None
        self.languages = active_languages(tokens)
        self.cues = phrase_pattern(self.languages, "promise", "cues")
        self.refusals = phrase_pattern(self.languages, "promise", "not_cues")
        self.articles = phrase_pattern(self.languages, "promise", "by", "end_of_day", tail=_ARTICLES)
        self.lightly = phrase_pattern(self.languages, "promise", "on", tail=_ARTICLES)
        self.latest = re.compile(r"[\s,(]{1,3}" + phrase_pattern(self.languages, "promise", "latest").pattern)
        self.never = phrase_pattern(self.languages, "promise", "not_before")
        self.events = phrase_pattern(self.languages, "promise", "after_event")

    def read(self, *, surely: bool, gone: frozenset[date]) -> tuple[date, str] | None:
        """The first deadline of a sentence that promises; a date merely named counts where there is none."""
        self.gone = gone
        named: _Due | None = None
        for start, end in split_sentences(self.folded, ordinals=self.tokens.language == "de"):
            if self.folded[start:end].rstrip().endswith("?") or not self.cues.search(self.folded, start, end):
                continue
            due = self._best(start, end)
            if due and not due.loose:
                return due.made, self.tokens.text[due.low : due.high]
            named = named or due
        return (named.made, self.tokens.text[named.low : named.high]) if named and not surely else None

    def _best(self, start: int, end: int) -> _Due | None:
        found = sorted(self._dues(start, end), key=lambda due: (not self._told(start, due.low, end), due.loose))
        return next((due for due in found if due.made >= self.today and self._is_meant(start, due, end)), None)

    def _is_meant(self, start: int, due: _Due, end: int) -> bool:
        """Whether the clause of a deadline asks nothing of the reader, and a date merely named stands by the promise."""
        if self.refusals.search(self.folded, *self._clause(start, due.low, end)):
            return False
        if self.never.search(self.folded, max(start, due.low - 24), due.high):
            return False
        if not due.loose:
            return True
        return (
            due.made not in self.gone
            and self._told(start, due.low, end)
            and (self.held is None or due.made > self.held)
        )

    def _told(self, start: int, low: int, end: int) -> bool:
        """Whether the clause of the deadline itself promises: "the board meets on Monday; you will hear by Friday"."""
        first, last = self._clause(start, low, end)
        short = len(self.folded[first:last].split()) < _SHORT
        return self.cues.search(self.folded, *((start, end) if short else (first, last))) is not None

    def _clause(self, start: int, low: int, end: int) -> tuple[int, int]:
        cuts = [start, *(found.end() for found in _CLAUSE.finditer(self.folded, start, end)), end]
        return max(cut for cut in cuts if cut <= low), min((cut for cut in cuts if cut > low), default=end)

    def _dues(self, start: int, end: int) -> Iterator[_Due]:
        dated = [*self._dated(start, end), *self._numbered(start, end)]
        reckoned = [*self._counted(start, end), *self._fixed(start, end), *self._phases(start, end)]
        sure = [due for due in dated if not due.loose] or reckoned or [*self._same_day(start, end)]
        yield from sorted((*sure, *(due for due in dated if due.loose)), key=lambda due: due.low)

    # dates

    def _dated(self, start: int, end: int) -> Iterator[_Due]:
        for day in self.days:
            low, high = self.tokens.items[day.first].start, self.tokens.items[day.last - 1].end
            if day.value is None or not start <= low < end:
                continue
            made = self._behind_held(day, high)
            lead = self.articles.search(self.folded, max(start, low - 60), low)
            if lead or self.latest.match(self.folded, high, end):
                yield _Due(lead.start() if lead else low, high, made)
            elif self._stands_alone(start, low, high) and self._is_named(day, low):
                yield _Due(low, high, made, loose=True)

    def _stands_alone(self, start: int, low: int, high: int) -> bool:
        """Whether a date has no time behind it and does not name a whole week ("the week of March 15")."""
        return not _CLOCK_NEXT.match(self.folded, high) and "week" not in self.folded[max(start, low - 12) : low]

    def _is_named(self, day: Day, low: int) -> bool:
        """Whether a date is more than a passing word: "the board met this morning" promises nothing for today."""
        firm = day.value != self.today and (not day.weak or self._names(day))
        return firm or self._beside_cue(low)

    def _names(self, day: Day) -> bool:
        """Whether a weekday and a number name a date: "Thursday 17"."""
        return self.tokens.codes[day.first] == "w"

    def _beside_cue(self, low: int) -> bool:
        """As in "We'll let you know tomorrow": a date right behind the cue."""
        near = [found.end() for found in self.cues.finditer(self.folded, max(0, low - 80), low)]
        return bool(near) and len(self.folded[near[-1] : low].split()) <= 2

    def _behind_held(self, day: Day, high: int) -> date:
        """A bare weekday of a promise lies behind the interview that the message fixes."""
        made = day.value or self.today
        if self.held is None or self.tokens.codes[day.first : day.last].strip("qkp,~") != "w":
            return made
        follows = self.events.match(self.folded, high, high + 24) is not None
        while made < self.held or (follows and made == self.held):
            made += timedelta(days=7)
        return made

    def _numbered(self, start: int, end: int) -> Iterator[_Due]:
        """A bare number for a day: "antes del día 20", "até dia 22"."""
        taken = [(self.tokens.items[day.first].start, self.tokens.items[day.last - 1].end) for day in self.days]
        for figure in _NUMBER.finditer(self.folded, start, end):
            low, high = figure.span()
            if any(first <= low < last for first, last in taken) or self._is_amount(high, end):
                continue
            lead = self.articles.search(self.folded, max(start, low - 60), low)
            sure = lead or self.latest.match(self.folded, high, end)
            lead = lead or self.lightly.search(self.folded, max(start, low - 30), low)
            made = coming_day(self.held or self.today, int(figure[1])) if lead else None
            if lead and made:
                yield _Due(lead.start(), high, made, loose=not sure)

    def _is_amount(self, high: int, end: int) -> bool:
        """Whether a unit stands behind a number ("15 dias"), or another figure."""
        unit = phrase_pattern(
            self.languages, "phrases", "business_days", "days", "weeks", "months_span", "hours", "minutes"
        )
        return unit.search(self.folded, high, min(end, high + 24)) is not None

    # spells of time

    def _fixed(self, start: int, end: int) -> Iterator[_Due]:
        taken: list[tuple[int, int]] = []
        for key, resolve in FIXED.items():
            counted = key in _COUNTED
            keys = ("by", "within") if counted or key in _LED else ("by",)
            lead = phrase_pattern(self.languages, "promise", *keys, tail=_ARTICLES)
            for found in phrase_pattern(self.languages, "promise", key).finditer(self.folded, start, end):
                if any(low <= found.start() < high for low, high in taken):
                    continue
                before = lead.search(self.folded, max(start, found.start() - 60), found.start())
                if before or not (counted or key in _LED):
                    taken.append(found.span())
                    base = self._base(start, found.start(), found.end(), end)
                    made = resolve(base)
                    if self.held is not None and made < self.held:
                        made = resolve(self.held)
                    yield _Due((before or found).start(), found.end(), made)

    def _phases(self, start: int, end: int) -> Iterator[_Due]:
        """The beginning, middle or end of a named month."""
        months = month_names(self.languages)
        named = "|".join(sorted(map(re.escape, months), key=len, reverse=True))
        for phase in ("early", "middle", "late"):
            tail = rf"[\s-](?:(?:of|de|del|di|d|van|des|do|the|von|mois)[\s']){{0,2}}(?P<month>{named})(?!\w)"
            for found in phrase_pattern(self.languages, "promise", phase, tail=tail).finditer(self.folded, start, end):
                yield _Due(found.start(), found.end(), month_phase(self.today, months[found["month"]], phase))

    def _counted(self, start: int, end: int) -> Iterator[_Due]:
        lead = phrase_pattern(
            self.languages,
            "promise",
            "within",
            tail=r"(?:[\s']{1,3}(?:the|next|les|los|las|os|as|de|den|i|le|about|etwa|ca|max|ungefahr|unos|uns|circa|environ|ongeveer|maximo|roughly|prochains|prochaines)){0,3}[\s']{1,3}",
        )
        for found in lead.finditer(self.folded, start, end):
            for key in ("business_days", "days", "weeks", "months_span", "hours"):
                unit = phrase_pattern(self.languages, "phrases", key).pattern
                amount = re.compile(_AMOUNT + unit).match(self.folded, found.end(), end)
                made = amount and self._add(amount["count"], key, self._base(start, found.start(), amount.end(), end))
                if amount and made:
                    yield _Due(found.start(), amount.end(), made)
                    break

    def _base(self, start: int, low: int, high: int, end: int) -> date:
        """From when a spell counts: the interview ("within a week of your visit"), a date said before, else today."""
        if self.events.search(self.folded, high, min(end, high + 60)):
            return self.held or self.today
        then = [
            found.start()
            for found in phrase_pattern(self.languages, "promise", "then").finditer(self.folded, start, low)
        ]
        if not then:
            return self.today
        said = [day.value for day in self.days if day.value and start <= self.tokens.items[day.first].start < then[-1]]
        return max([self.today, *said]) if said else (self.held or self.today)

    def _add(self, words: str, key: str, base: date) -> date | None:
        count = int(words) if words.isdigit() else self._number(words)
        if count is None or not (_LEAST_HOURS if key == "hours" else 1) <= count <= 180:
            return None
        made = self._reckon(base, count, key)
        return self._reckon(self.held, count, key) if self.held is not None and made <= self.held else made

    def _reckon(self, base: date, count: int, key: str) -> date:
        if key == "business_days":
            return add_business_days(base, count)
        if key == "hours":
            moment = self.local if base == self.today else datetime.combine(base, self.local.timetz())
            return (moment + timedelta(hours=count)).date()
        return base + timedelta(days=count * {"days": 1, "weeks": 7, "months_span": 30}[key])

    def _number(self, words: str) -> int | None:
        if words in _PAIRS:
            return 2
        for language in self.languages:
            number = find_number(language, words)
            if number:
                return number
        return None

    def _same_day(self, start: int, end: int) -> Iterator[_Due]:
        """As "the same day" says: the day its clause or the promise before it names, else the interview's."""
        said = [(key, found) for key in ("same_day", "next_day") for found in self._find(key, start, end)]
        for key, found in said:
            later = int(key == "next_day")
            first, _ = self._clause(start, found.start(), end)
            if not self._told(start, found.start(), end):
                continue
            near = [due.made for due in self._named(first, found.start())]
            far = [due.made for due in self._named(start, first) if self._is_meant(start, due, end)]
            made = max(near or far, default=self.held)
            if made:
                yield _Due(found.start(), found.end(), made + timedelta(days=later))

    def _find(self, key: str, start: int, end: int) -> Iterator[re.Match[str]]:
        return phrase_pattern(self.languages, "promise", key).finditer(self.folded, start, end)

    def _named(self, start: int, end: int) -> Iterator[_Due]:
        """The dates that a stretch names, however it names them."""
        for day in self.days:
            low = self.tokens.items[day.first].start
            if day.value and start <= low < end:
                yield _Due(low, self.tokens.items[day.last - 1].end, day.value, loose=True)
        yield from (replace(due, loose=True) for due in self._numbered(start, end))
