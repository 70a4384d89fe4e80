# ruff: noqa: E501 - one pattern or table row a line reads best
"""Dates in the token string: found by a grammar over the letters, resolved against the reference date."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from followup_mail.core.when.alphabet import Token, Tokens

PAST_WINDOW = 90  # days: a date without a year lies at most this far back
FUTURE_WINDOW = 366 - PAST_WINDOW


@dataclass(frozen=True, slots=True)
class Day:
    """One date at items[first:last]; `weak` ones count only beside a time; `value` None masks ("Monday to Friday")."""

    first: int
    last: int
    value: date | None
    doubts: tuple[str, ...] = ()
    weak: bool = False
    part: str | None = None  # "am" or "pm" of "Tuesday afternoon"
    bare: bool = False  # a mere weekday: another message may say which


@dataclass(frozen=True, slots=True)
class Order:
    """How figures are read: `day_first`, and whether the message's own words settled it."""

    day_first: bool
    settled: bool = False
    guessed: bool = False  # nothing but the zone speaks for it


_AMERICAN = frozenset(f"America/{city}" for city in (
    "New_York", "Chicago", "Denver", "Los_Angeles", "Phoenix", "Detroit", "Anchorage", "Boise", "Adak", "Juneau",
)) | {"Pacific/Honolulu"}  # fmt: skip
_ANCHORED = 21  # days between a weekday's next date and the one that was named for it

_WEEKDAY = r"(?:(?P<w>w)\.?[,:|(]?[kF]{0,3}-?)?"
_TAIL = r"(?:,?k?(?P<tail>\(w\.?\)|w))?(?P<part>k?p(?![@cnf]))?"
_BODY = (
    r"(?P<a>[no])[.\-/]?[kF]{0,2}m(?:[.\-/]{0,2},?[kF]{0,2}(?P<ay>y))?|"
    r"m\.?-?k?(?P<b>[no])(?![.:]?[n]:)(?:,?-?k?(?P<by>y))?|"
    r"(?P<d>[de])"
)
_GRAMMAR = re.compile(
    "|".join((
        r"(?P<office>w\.?(?:[-tb]|k)w)",
        rf"(?P<full>q?{_WEEKDAY}(?:{_BODY}){_TAIL})",
        r"(?P<nextweek>qv,?[k(]?w\)?|w[kF]{0,3}qv|w[kF]{0,2}vq|vq,?[kF]{0,2}w)(?:\(e\))?",
        r"(?P<later>wv(?![no])|vkw)",
        r"(?P<next>(?P<nq>[ql]k?)w(?P<npart>k?p(?![@cnf]))?|w(?P<qn>[ql])(?P<qpart>k?p(?![@cnf]))?)",
        r"(?P<dashed>w,?k?(?P<dn>n)-(?P<dm>n)(?![-n]))",
        r"(?P<nth>w,?k{1,2}(?P<x>[no])(?![-t:sbnmp])|w,?k?(?P<wo>o)(?!,?k?m)|w(?P<xo>[no])(?![-t:scnmpCfQE(/]|b(?!@?c))|w,?k?(?P<wn>n)(?=[,.]{0,2}@?c))",
        r"(?P<dotted>w,?k?(?P<wf>f)|k(?P<kf>f)(?=,?[kb@B]{1,3}[cn]))",
        r"(?P<relative>r,?(?P<rt>\(w\)|w(?![ql]))?(?P<rpart>k?p(?![@cnf]))?)",
        r"(?P<alone>w(?P<wpart>k?p(?![@cnf]))?)",
        r"(?P<dayonly>k(?P<k>[o])(?![-t:])|k(?P<kn>n)(?=[,.]?@|b@?c|[,.]c))",
    ))
)  # fmt: skip
_STARTERS = frozenset("wnomderqlvk")


def find_order(tokens: Tokens, zone: str, day_first: bool | None) -> Order:  # noqa: FBT001 - the caller's own word
    """Whether days stand before months, from unambiguous figures, the language, zone words and the zone."""
    if day_first is not None:
        return Order(day_first, settled=True)
    pairs = [token.value for token in tokens.items if token.code in "de" and token.value[3] not in ("iso", ".")]
    if any(first > 12 for first, *_ in pairs) != any(second > 12 for _, second, *_ in pairs):
        return Order(any(first > 12 for first, *_ in pairs), settled=True)
    if tokens.language != "en":
        return Order(day_first=True, settled=True)
    regions = {word.regions[0] for token in tokens.items if token.code == "z" and (word := token.value).regions}
    named = regions - {"UTC"}
    if named and all(region in _AMERICAN for region in named):
        return Order(day_first=False, settled=zone in _AMERICAN)
    if named and not any(region in _AMERICAN for region in named):
        return Order(day_first=True, settled=zone not in _AMERICAN)
    return Order(zone not in _AMERICAN, settled=True, guessed=True)


def _make(year: int, month: int, day: int) -> date | None:
    if not 1990 <= year < 2200:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def find_year(month: int, day: int, today: date, weekday: int | None) -> tuple[date, tuple[str, ...]] | None:
    """A date without a year: the one from 90 days back to nine months ahead, or the one whose weekday agrees."""
    candidates = [made for year in (today.year - 1, today.year, today.year + 1) if (made := _make(year, month, day))]
    near = [made for made in candidates if -PAST_WINDOW <= (made - today).days <= FUTURE_WINDOW]
    if weekday is not None:
        agreeing = [made for made in near or candidates if made.weekday() == weekday]
        if agreeing:
            return min(agreeing, key=lambda made: abs((made - today).days)), ()
    chosen = near or candidates
    if not chosen:
        return None
    best = min(chosen, key=lambda made: abs((made - today).days))
    unsure = not -7 <= (best - today).days <= 180
    doubts = ("year-assumed",) if unsure else ()
    return best, (*doubts, *(("weekday-mismatch",) if weekday is not None else ()))


def _whole(
    year: int | None, month: int, day: int, today: date, weekday: int | None
) -> tuple[date, tuple[str, ...]] | None:
    if year is None:
        return find_year(month, day, today, weekday)
    made = _make(year, month, day)
    if made is None:
        return None
    return made, (("weekday-mismatch",) if weekday is not None and made.weekday() != weekday else ())


def _beside(made: date, today: date, weekday: int) -> date | None:
    """The same day a year beside, where the weekday agrees there and the stated year is stale."""
    if (made - today).days >= -30:
        return None
    other = _make(made.year + 1, made.month, made.day)
    return other if other and other.weekday() == weekday and -14 <= (other - today).days <= 200 else None


def _figures(
    value: tuple[Any, ...], today: date, weekday: int | None, order: Order
) -> tuple[date, tuple[str, ...]] | None:
    first, second, year, separator = value
    if separator == "iso":
        return _whole(first, second, year, today, weekday)
    day_first = order.day_first or separator == "."
    readings = [
        reading
        for month, day in (((second, first), (first, second)) if day_first else ((first, second), (second, first)))
        if (reading := _whole(year, month, day, today, weekday))
    ]
    if order.guessed and weekday is None and len(readings) == 2 and separator != "." and _is_nearer(readings, today):
        return readings[1][0], ("day-month-order",)
    return _best(
        readings,
        today,
        weekday,
        doubtful=not order.settled and separator != ".",
        dotted=separator == "." and not order.day_first,
    )


def _is_nearer(readings: list[tuple[date, tuple[str, ...]]], today: date) -> bool:
    """Whether the unusual order gives a date in the next weeks, and the usual one a date that is months away."""
    usual, other = ((made - today).days for made, _ in readings)
    return usual > _FAR and 0 <= other <= _NEAR


_FAR, _NEAR = 90, 45  # days


def _best(
    readings: list[tuple[date, tuple[str, ...]]], today: date, weekday: int | None, *, doubtful: bool, dotted: bool
) -> tuple[date, tuple[str, ...]] | None:
    if len(readings) < 2:
        return readings[0] if readings else None
    usual, other = readings
    if "weekday-mismatch" in usual[1] and "weekday-mismatch" not in other[1]:
        return other
    stale = (
        dotted
        and weekday is None
        and (usual[0] - today).days < -PAST_WINDOW
        and 0 <= (other[0] - today).days <= FUTURE_WINDOW
    )
    if stale:
        return other[0], ("day-month-order",)
    unsure = doubtful and weekday is None and usual[0] != other[0]
    return usual[0], (*usual[1], *(("day-month-order",) if unsure else ()))


def next_weekday(today: date, weekday: int, *, include_today: bool = False) -> date:
    """The first such weekday after today (or today itself)."""
    ahead = (weekday - today.weekday()) % 7
    return today + timedelta(days=ahead if ahead or include_today else 7)


_DAYS_CAP = 400  # dates read of a text


class DayReader:
    """Finds the dates of a token string."""

    def __init__(self, tokens: Tokens, today: date, order: Order) -> None:
        self.tokens, self.today, self.order = tokens, today, order

    def read(self) -> list[Day]:
        """All dates, in order, never overlapping."""
        days: list[Day] = []
        at, codes = 0, self.tokens.codes
        while at < len(codes) and len(days) < _DAYS_CAP:
            found = _GRAMMAR.match(codes, at) if codes[at] in _STARTERS else None
            day = self._build(found) if found else None
            if day:
                days.append(day)
                at = max(day.last, at + 1)
            else:
                at += 1
        return days

    def _build(self, found: re.Match[str]) -> Day | None:
        kind = next(name for name in _BUILDERS if found[name])
        return _BUILDERS[kind](self, found)

    def _item(self, found: re.Match[str], group: str) -> Token:
        return self.tokens.items[found.start(group)]

    def _weekday(self, found: re.Match[str]) -> int:
        at = found.start() + found[0].index("w")
        return int(self.tokens.items[at].value)

    def _part(self, found: re.Match[str], *groups: str) -> str | None:
        for group in groups:
            if found[group]:
                return str(self.tokens.items[found.end(group) - 1].value)
        return None

    def _office(self, found: re.Match[str]) -> Day:
        return Day(found.start(), found.end(), None)

    def _full(self, found: re.Match[str]) -> Day | None:
        stated = int(self._item(found, "w").value) if found["w"] else None
        tail = int(self.tokens.items[found.start("tail") + found["tail"].index("w")].value) if found["tail"] else None
        weekday = stated if stated is not None else tail
        resolved = self._resolve(found, weekday)
        end = found.end()
        part = self._part(found, "part")
        follows = self.tokens.codes[end : end + 3]
        loose = found["tail"] == "w" and (
            stated is not None
            or (resolved and "weekday-mismatch" in resolved[1])
            or re.match(r"[,.]?k{0,2}[nomde]", follows)
        )
        if loose:
            end, part = found.start("tail"), None
            resolved = self._resolve(found, stated)
        if resolved is None:
            return None
        made, doubts = resolved
        if "weekday-mismatch" in doubts and weekday is not None and (other := _beside(made, self.today, weekday)):
            made, doubts = other, ("year-assumed",)
        weak = found["d"] == "e" and stated is None and not self._announced(found)
        return Day(found.start(), end, made, doubts, weak, part)

    def _announced(self, found: re.Match[str]) -> bool:
        """Whether "on", "am" or a label stands before figures like 3/12."""
        return found.start() > 0 and self.tokens.codes[found.start() - 1] == "k"

    def _resolve(self, found: re.Match[str], weekday: int | None) -> tuple[date, tuple[str, ...]] | None:
        if found["d"]:
            return _figures(self._item(found, "d").value, self.today, weekday, self.order)
        group = "a" if found["a"] else "b"
        day = int(self._item(found, group).value)
        year = int(self._item(found, f"{group}y").value) if found[f"{group}y"] else None
        at = found.start() + found[0].index("m")
        return _whole(year, int(self.tokens.items[at].value) + 1, day, self.today, weekday)

    def _nextweek(self, found: re.Match[str]) -> Day:
        monday = self.today - timedelta(days=self.today.weekday()) + timedelta(days=7)
        return Day(found.start(), found.end(), monday + timedelta(days=self._weekday(found)))

    def _later(self, found: re.Match[str]) -> Day | None:
        """As English says "Thursday week" and "a week on Friday"."""
        at, items = found.start(), self.tokens.items
        led = at > 0 and self.tokens.text[items[at - 1].start : items[at].start].lower().split() in (["a"], ["one"])
        if self.tokens.language != "en" or (found[0][0] == "v" and not led):
            return self._alone(found, end=at + 1) if found[0][0] == "w" else None
        made = next_weekday(self.today, self._weekday(found), include_today=True) + timedelta(days=7)
        return Day(at, found.end(), made)

    def _next(self, found: re.Match[str]) -> Day:
        weekday = self._weekday(found)
        part = self._part(found, "npart", "qpart")
        if "l" in found[0]:
            back = (self.today.weekday() - weekday) % 7 or 7
            return Day(found.start(), found.end(), self.today - timedelta(days=back), part=part)
        coming = next_weekday(self.today, weekday)
        same_week = coming.isocalendar()[:2] == self.today.isocalendar()[:2]
        later = self.tokens.language == "en" and same_week
        made = coming + timedelta(days=7) if later else coming
        return Day(found.start(), found.end(), made, ("week-assumed",) if same_week else (), part=part)

    def _nth(self, found: re.Match[str]) -> Day | None:
        number = int(next(self._item(found, name) for name in ("x", "wo", "xo", "wn") if found[name]).value)
        made = self._coming_day(number, self._weekday(found))
        if made is None:
            return self._alone(found, end=found.start() + 1)
        return Day(found.start(), found.end(), made)

    def _dotted(self, found: re.Match[str]) -> Day | None:
        """A day and month in figures beside a weekday or a time: "giovedì 21.01", "le 2.12 à 9h"."""
        day, month, words = self._item(found, "wf" if found["wf"] else "kf").value
        weekday = self._weekday(found) if found["wf"] else None
        made = find_year(month, day, self.today, weekday) if "." in words and 1 <= month <= 12 else None
        if made is None or made[1] or made[0] < self.today:
            return self._alone(found, end=found.start() + 1) if found["wf"] else None
        return Day(found.start() + (found["wf"] is None), found.end(), made[0])

    def _dashed(self, found: re.Match[str]) -> Day | None:
        """A day and month in figures with a dash, where their weekday agrees: "vrijdag 18-9"."""
        day, month = int(self._item(found, "dn").value), int(self._item(found, "dm").value)
        made = find_year(month, day, self.today, self._weekday(found)) if 1 <= month <= 12 else None
        if made is None or made[1]:
            return self._alone(found, end=found.start() + 1)
        return Day(found.start(), found.end(), made[0])

    def _coming_day(self, number: int, weekday: int | None) -> date | None:
        month = self.today.replace(day=1)
        for _ in range(4):
            made = _make(month.year, month.month, number)
            if made and made >= self.today and (weekday is None or made.weekday() == weekday):
                return made
            month = (month + timedelta(days=32)).replace(day=1)
        return None

    def _relative(self, found: re.Match[str]) -> Day | None:
        days = int(self.tokens.items[found.start()].value)
        made = self.today + timedelta(days=days)
        part = self._part(found, "rpart")
        doubts: tuple[str, ...] = ()
        if found["rt"] and int(self.tokens.items[found.start("rt") + found["rt"].index("w")].value) != made.weekday():
            doubts = ("weekday-mismatch",)
        return Day(found.start(), found.end(), made, doubts, weak=days in (0, -1) or days >= 7, part=part)

    def _alone(self, found: re.Match[str], end: int | None = None) -> Day | None:
        weekday = self._weekday(found)
        at = found.start()
        cues = self.tokens.cues
        if any("every" in cues.get(place, ()) for place in range(at - 3, at)):
            return Day(at, at + 1, None)
        part = self._part(found, "wpart") if end is None else None
        if self._is_past(at):
            back = (self.today.weekday() - weekday) % 7
            return Day(at, end or found.end(), self.today - timedelta(days=back), part=part)
        made = next_weekday(self.today, weekday)
        doubts = ("week-assumed",) if (made - self.today).days == 7 else ()
        return Day(at, end or found.end(), made, doubts, part=part, bare=True)

    def _is_past(self, at: int) -> bool:
        for place in range(at - 1, max(-1, at - 14), -1):
            if self.tokens.codes[place] in ".\n":
                return False
            if "past" in self.tokens.cues.get(place, ()):
                return True
        return False

    def _dayonly(self, found: re.Match[str]) -> Day | None:
        group = "k" if found["k"] else "kn"
        made = self._coming_day(int(self._item(found, group).value), None)
        return Day(found.start() + 1, found.end(), made, weak=True) if made else None


_BUILDERS = {
    "office": DayReader._office, "full": DayReader._full, "nextweek": DayReader._nextweek, "next": DayReader._next, "later": DayReader._later,  # noqa: SLF001 - its own table
    "nth": DayReader._nth, "relative": DayReader._relative, "alone": DayReader._alone, "dayonly": DayReader._dayonly, "dotted": DayReader._dotted, "dashed": DayReader._dashed,  # noqa: SLF001 - its own table
}  # fmt: skip


def anchor(days: list[Day]) -> list[Day]:
    """The dates, where a mere weekday after "Thursday 12 November" is that Thursday."""
    told: dict[int, date] = {}
    anchored: list[Day] = []
    for day in days:
        if day.value and day.bare:
            meant = told.get(day.value.weekday(), day.value)
            ahead = (meant - day.value).days
            anchored.append(replace(day, value=meant) if 0 < ahead <= _ANCHORED else day)
            continue
        if day.value:
            told[day.value.weekday()] = day.value
        anchored.append(day)
    return anchored
