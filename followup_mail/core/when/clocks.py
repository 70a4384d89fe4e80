# ruff: noqa: E501 - one pattern or table row a line reads best
"""Clock times and ranges in the token string; am and pm where they are left out."""

import re
from dataclasses import dataclass
from typing import Any

from followup_mail.core.when.alphabet import Clock, Token
from followup_mail.core.when.zones import ZoneWord


@dataclass(frozen=True, slots=True)
class Span:
    """A time or range at units[first:last]; `weak` ones count only directly beside a date."""

    first: int
    last: int
    start: Clock
    end: Clock | None = None
    part: str | None = None
    zones: tuple[ZoneWord, ...] = ()
    weak: bool = False
    moved: bool = False  # "from 2 to 3", which is no range where something was moved


_ZONE = r"(?:[,.]?-?\(?z\)?(?:-?\(?z\)?)?z?)?"
_PART = r"(?:,?k?p)?"
_RANGE = (
    rf"(?P<range>(?P<pre>(?:p,?)?[FB@kb:]{{0,3}})(?P<a>[cnfN])~*(?P<pa>{_PART})(?P<za>{_ZONE})"
    rf"(?P<mid>[-tb@s|]|-k?@|,?t|:-)k{{0,2}}@?A?[.]?~?(?P<b>[cnfN])~*(?P<pb>{_PART})(?P<zb>{_ZONE}))"
)
_HALVES = rf"(?P<half>[@b]?(?P<word>G|H|O|k?[nN]?Q|[nN]?J)k?(?P<h>[nNc])C?(?:[-t]@?k?(?P<he>[nNcf])(?![nNm]))?(?P<ph>{_PART})(?P<zh>{_ZONE}))"
_ALONE = rf"(?P<point>(?P<ppre>(?:p,?)?[@bkF:]{{0,3}})(?P<c>[cnfN])~*(?P<e>[EVW])?C?(?P<pp>{_PART})(?P<zp>{_ZONE}))"
_GRAMMAR = re.compile(f"{_RANGE}|{_HALVES}|{_ALONE}")
_POINT = re.compile(_ALONE)
_DOTTED = frozenset(("de", "it", "nl"))
_STARTERS = frozenset("p@kbFB:cnfNHQJGO")
_SPOKEN = frozenset(("es", "pt", "it"))
_DOZEN = 12
_EARLIEST, _LATEST = 7, 20  # hours of a working day


def _as_clock(token: Token) -> Clock | None:
    value: Any = token.value
    if token.code == "c":
        return value if isinstance(value, Clock) else None
    if token.code == "f":
        hour, minute, words = value
        fits = hour <= 24 and minute < 60 and len(words.replace(",", ".").split(".")[1]) == 2
        fits = fits and not ("," in words and minute % 5)
        return Clock(hour % 24, minute, None, words.startswith("0") or hour > 12) if fits else None
    return Clock(value % 24, 0, None, value > 12) if 0 < value <= 24 else None


def _twelve(clock: Clock, half: str | None) -> Clock:
    """The clock on 24 hours, where am or pm is known."""
    if half is None or clock.hour > 12:
        return clock
    hour = clock.hour % 12 + (12 if half == "pm" else 0)
    return Clock(hour, clock.minute, half, clock.zero, clock.unit)


def minutes_of(clock: Clock) -> int:
    """Minutes since midnight."""
    return clock.hour * 60 + clock.minute


def settle(
    start: Clock, end: Clock | None, part: str | None, *, day_clock: bool, long_day: bool = False
) -> tuple[Clock, Clock | None, bool]:
    """Start and end on 24 hours, and whether am or pm had to be assumed.

    `day_clock`: the text counts to 24; `long_day`: it does so at least in "14 Uhr", so that "6:30" is no evening.
    """
    if end is not None and (start.half or end.half):
        first, second = _inherit(start, end)
        return first, second, False
    if start.half:
        return _twelve(start, start.half), end, False
    if part:
        return _with_part(start, part), None if end is None else _with_part(end, part), False
    assumed = (
        1 <= start.hour <= (5 if long_day and start.unit else 6) and not start.zero and not (day_clock and start.unit)
    )
    if not assumed:
        return start, _after(start, end), _unsure(start)
    first = _twelve(start, "pm")
    return first, _after(first, end), True


def _unsure(start: Clock) -> bool:
    return start.hour < 7 and (start.zero or start.unit)


def _with_part(clock: Clock, part: str) -> Clock:
    if part == "pm" and clock.hour < 12:
        return _twelve(clock, "pm")
    return clock


def _after(start: Clock, end: Clock | None) -> Clock | None:
    """An end that would lie before its start is half a day later, if it was written on twelve hours."""
    if end is None or end.half or end.hour > 12 or minutes_of(end) > minutes_of(start):
        return end
    return _twelve(end, "pm") if minutes_of(_twelve(end, "pm")) > minutes_of(start) else end


def _inherit(start: Clock, end: Clock) -> tuple[Clock, Clock]:
    """The reading with the shortest range: "11:30-12:15 PM" begins in the morning."""
    starts = [
        _twelve(start, half)
        for half in ((start.half,) if start.half or start.hour > 12 or (start.zero and not end.half) else ("am", "pm"))
    ]
    ends = [_twelve(end, half) for half in ((end.half,) if end.half or end.hour > 12 else ("am", "pm"))]
    pairs = [(first, second) for first in starts for second in ends]
    return min(pairs, key=lambda pair: (minutes_of(pair[1]) - minutes_of(pair[0]) - 1) % (24 * 60))


class SpanReader:
    """Finds the times among units: tokens, with each date folded into one "D"."""

    def __init__(self, units: list[Token], language: str) -> None:
        self.units, self.language = units, language
        self.codes = "".join(unit.code for unit in units)

    def read(self) -> list[Span]:
        """All times and ranges, in order, never overlapping."""
        spans: list[Span] = []
        at = 0
        while at < len(self.codes):
            found = _GRAMMAR.match(self.codes, at) if self.codes[at] in _STARTERS else None
            span = self._build(found, at) if found else None
            if span:
                spans.append(span)
                at = span.last
            else:
                at += 1
        return spans

    def _build(self, found: re.Match[str], at: int) -> Span | None:
        if found["range"]:
            return self._range(found) or self._retry(at)
        return self._halves(found) if found["half"] else self._point(found)

    def _retry(self, at: int) -> Span | None:
        """What begins like a range and is none may still be a time."""
        found = _POINT.match(self.codes, at)
        return self._point(found) if found else None

    def _clock(self, found: re.Match[str], group: str) -> Clock | None:
        return _as_clock(self.units[found.start(group)])

    def _zones(self, found: re.Match[str], *groups: str) -> tuple[ZoneWord, ...]:
        for group in groups:
            words = tuple(self.units[at].value for at in range(*found.span(group)) if self.codes[at] == "z")
            if words:
                return words
        return ()

    def _part(self, found: re.Match[str], *groups: str) -> str | None:
        for group in groups:
            for at in range(*found.span(group)):
                if self.codes[at] == "p":
                    return str(self.units[at].value)
        return None

    def _range(self, found: re.Match[str]) -> Span | None:
        start, end = self._clock(found, "a"), self._clock(found, "b")
        kinds, pre = found["a"] + found["b"], found["pre"]
        if start is None or end is None or not self._is_range(found, kinds, pre):
            return None
        zones = self._zones(found, "zb", "za")
        if self._zones(found, "za") and self._zones(found, "zb") not in ((), self._zones(found, "za")):
            return None
        weak = "c" not in kinds and not self._opens_row(found, kinds)
        moved = "F" in pre or (self.codes[max(0, found.start() - 1)] == "F")
        return Span(found.start("a"), found.end(), start, end, self._part(found, "pb", "pa", "pre"), zones, weak, moved)

    def _is_range(self, found: re.Match[str], kinds: str, pre: str) -> bool:
        middle = found["mid"]
        if middle == "s" and "B" not in pre:
            return False
        if middle in ("@", "|") and not self._is_joined(kinds, pre, middle):
            return False
        if "c" in kinds:
            return True
        led = bool(pre.strip("k:p,")) or (found.start() > 0 and self.codes[found.start() - 1] in "D,:")
        led = led or self._opens_row(found, kinds)
        likely = kinds == "nf" and self._likely(found)  # "11 to 11.40"
        return led and ("f" not in kinds or kinds == "ff" or "F" in pre or likely)

    def _is_joined(self, kinds: str, pre: str, middle: str) -> bool:
        """Whether "dalle 9 alle 10", "14h30 às 15h30" or two cells of a table name one range."""
        if middle == "@" and "F" in pre and self.language in _SPOKEN:
            return True
        return kinds == "cc" and ("F" in pre or middle == "|" or self.language == "pt")

    def _opens_row(self, found: re.Match[str], kinds: str) -> bool:
        """As "9.30 - 10.15" where a row of a schedule begins, or anywhere where both figures are likely times."""
        if kinds != "ff":
            return False
        begins = found.start() == 0 or self.codes[found.start() - 1] == "\n"
        return (begins and self.language in _DOTTED) or self._likely(found)

    def _likely(self, found: re.Match[str]) -> bool:
        """Whether "16.30 to 17.10" can hardly be anything but times of a working day."""
        first, second = self._clock(found, "a"), self._clock(found, "b")
        if first is None or second is None or first.minute % 5 or second.minute % 5:
            return False
        return _EARLIEST <= first.hour < _LATEST and minutes_of(first) < minutes_of(_after(first, second) or second)

    def _halves(self, found: re.Match[str]) -> Span | None:
        clock = self._clock(found, "h")
        if clock is None:
            return None
        word = found["word"]
        back = {"G": 30, "J": 15}.get(word[-1], 0)
        ahead = int(self.units[found.start("word")].value) if word == "O" else {"H": 30, "Q": 15}.get(word[-1], 0)
        total = (minutes_of(_twelve(clock, clock.half)) - back + ahead) % (24 * 60)
        half = clock.half
        until = self._clock(found, "he") if found["he"] else None
        made = Clock(total // 60, total % 60, half if total // 60 in range(1, 12) else None, zero=half is not None)
        return Span(
            found.start("word"),
            found.end(),
            made,
            until,
            self._part(found, "ph"),
            self._zones(found, "zh"),
            weak=found[0][0] != "@",
        )

    def _point(self, found: re.Match[str]) -> Span | None:
        clock = self._clock(found, "c")
        kind, pre = found["c"], found["ppre"]
        if clock is None or not self._is_point(found, kind, pre):
            return None
        minute = self._spoken_minute(found, clock)
        if minute:
            return Span(found.start("c"), found.end("c") + 2, Clock(clock.hour, minute, None, clock.zero), weak=True)
        extra = {"E": 30, "V": 15, "W": -15}.get(found["e"] or "", 0)
        if extra:
            total = clock.hour * 60 + extra
            clock = Clock(total // 60, total % 60, clock.half, clock.zero, clock.unit)
        part = self._part(found, "pp", "ppre")
        firm = kind == "c" or (kind == "f" and "@" in pre and clock.minute % 5 == 0)
        return Span(found.start("c"), found.end(), clock, None, part, self._zones(found, "zp"), weak=not firm)

    def _spoken_minute(self, found: re.Match[str], clock: Clock) -> int:
        """The minutes of "alle 15 e 30", none of "a las 9 y 10"."""
        behind = found.end("c")
        if (
            self.language not in _SPOKEN
            or clock.minute
            or not re.match(r"sn(?![-t:/.m])", self.codes[behind : behind + 3])
        ):
            return 0
        minute = int(self.units[behind + 1].value)
        return minute if _DOZEN < minute < 60 and minute % 5 == 0 else 0

    def _is_point(self, found: re.Match[str], kind: str, pre: str) -> bool:
        after = self.codes[found.end("c") : found.end()]
        if kind in "nN" and self.codes[found.end() : found.end() + 1] == "l":
            return False  # "des six derniers mois"
        if kind == "c":
            return True
        if kind == "f":
            timely = "@" in pre or ("F" in pre and self._is_clocklike(found.start("c")))
            return timely or "z" in after or self._beside_day(found) or self._heads_row(found.start("c"))
        zoned = "z" in after and kind == "n" and (self.codes[max(0, found.start("c") - 1)] in "D/" or "/" in after)
        return "@" in pre or "p" in after or "C" in after or zoned or (kind == "n" and ("E" in after or "W" in after))

    def _beside_day(self, found: re.Match[str]) -> bool:
        """Whether a date stands right before "12.30", or right behind it."""
        before = re.search(r"D[,ks]{0,3}$", self.codes[max(0, found.start("c") - 4) : found.start("c")])
        return (
            before is not None or re.match(r",?x?k{0,2}D", self.codes[found.end("c") : found.end("c") + 5]) is not None
        )

    def _heads_row(self, at: int) -> bool:
        """Whether "10.45" begins one of several rows that begin so."""
        if at and self.codes[at - 1] != "\n":
            return False
        rows = list(re.finditer(r"(?:^|\n)f(?![-t])", self.codes))
        return len(rows) > 1 and all(self._is_clocklike(row.end() - 1) for row in rows)

    def _is_clocklike(self, at: int) -> bool:
        clock = _as_clock(self.units[at])
        return clock is not None and clock.minute % 5 == 0 and clock.hour >= _EARLIEST
