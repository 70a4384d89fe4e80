# ruff: noqa: E501 - one pattern or table row a line reads best
"""Which date each time belongs to: the nearest, by what stands between them."""

from dataclasses import dataclass

from followup_mail.core.when.alphabet import Token
from followup_mail.core.when.clocks import Span
from followup_mail.core.when.days import Day

_REACH = 60  # units looked at each way
_COSTS = {
    ",": 1, "k": 1, "@": 1, "(": 1, ")": 1, "-": 1, "|": 1, ":": 1, "z": 0, "~": 0, "u": 1, "p": 1, "F": 1, "B": 1, "b": 1,
    "s": 6, ";": 6, ".": 40, "\n": 30, "T": 3, "t": 6, "D": 12,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """A time with its date."""

    span: Span
    day: Day
    cost: int
    follows: bool  # the date stands behind the time


class Pairer:
    """Pairs the times of a unit string with its dates; "D" units carry a Day, "T" marks the units of times."""

    def __init__(self, units: list[Token], spans: list[Span]) -> None:
        self.units, self.spans = units, spans
        marked = [unit.code for unit in units]
        for span in spans:
            marked[span.first] = "T"
            marked[span.first + 1 : span.last] = "~" * (span.last - span.first - 1)
        self.codes = "".join(marked)
        self._survey()

    def _survey(self) -> None:
        """For each unit: the last date and the last firm date before it, and how many blank lines there are up to it."""
        self.latest, self.firm, self.blanks = [-1], [-1], [0]
        blank = False
        for at, code in enumerate(self.codes):
            day = code == "D" and not (self.units[at].value.weak and self._time_led(at))  # a row's "what you do today"
            self.latest.append(at if day else self.latest[-1])
            self.firm.append(at if code == "D" and not self.units[at].value.weak else self.firm[-1])
            self.blanks.append(self.blanks[-1] + (code == "\n" and blank))
            blank = code == "\n"

    def pair(self, *, leniently: bool = False) -> list[Pair]:
        """Each time that has a date; others are left out. Leniently, "we start at ten" may stand far from its date."""
        pairs: list[Pair] = []
        for span in self.spans:
            found = self._find(span)
            if found and found.day.value is not None and self._allowed(span, found, leniently=leniently):
                pairs.append(found)
        return pairs

    def _allowed(self, span: Span, pair: Pair, *, leniently: bool) -> bool:
        near = 5 if span.weak and pair.day.weak else 8
        if leniently and not pair.day.weak and self.codes[span.first - 1 : span.first] == "@":
            near = _REACH
        return not (span.weak or pair.day.weak) or pair.cost <= near

    def _find(self, span: Span) -> Pair | None:
        before, behind = self._before(span), self._behind(span)
        if before and behind:
            return behind if behind.cost + 1 < before.cost else before
        return before or behind or self._above(span) or self._below(span)

    def _before(self, span: Span) -> Pair | None:
        cost = 0
        for at in range(span.first - 1, max(-1, span.first - _REACH), -1):
            code = self.codes[at]
            if code == "D":
                return Pair(span, self.units[at].value, cost + (3 if self._time_led(at) else 0), follows=False)
            cost += _COSTS.get(code, 2)
            if code == "\n" or (code == "." and cost > 100):
                return None
        return None

    def _behind(self, span: Span) -> Pair | None:
        cost, comma = 0, False
        for at in range(span.last, min(len(self.codes), span.last + _REACH)):
            code = self.codes[at]
            if code == "D":
                led = any(other == "D" for other in self._line_before(span.first))
                return Pair(span, self.units[at].value, cost + (6 if comma and led else 0), follows=True)
            comma = comma or code in ",|-"
            cost += _COSTS.get(code, 2) + (9 if code == "T" else 0)
            if code in ".\n":
                return None
        return None

    def _time_led(self, at: int) -> bool:
        """Whether the line up to a date puts times first: "10am on Tuesday, 2pm on Wednesday"."""
        return next((code for code in self._line_before(at) if code in "DT"), "D") == "T"

    def _line_before(self, at: int) -> str:
        begin = max(0, at - _REACH * 2)
        return self.codes[self.codes.rfind("\n", begin, at) + 1 or begin : at]

    def _above(self, span: Span) -> Pair | None:
        """The last firm date on an earlier line: of the same paragraph, or of the block for a row that begins with a time."""
        row = self._begins_row(span)
        at = (self.latest if row else self.firm)[span.first]
        if at < 0 or (not row and self.blanks[span.first] > self.blanks[at]):
            return None
        return Pair(span, self.units[at].value, 7, follows=False)

    def _begins_row(self, span: Span) -> bool:
        """Whether only a label or little else stands before the time on its line."""
        words = [code for code in self._line_before(span.first) if code not in "~|-,:@kFB( T"]
        return len(words) <= 3

    def _below(self, span: Span) -> Pair | None:
        """The date of "Time: …" over "Date: …"."""
        if not self._begins_row(span):
            return None
        lines = 0
        for at in range(span.last, min(len(self.codes), span.last + _REACH)):
            lines += self.codes[at] == "\n"
            if lines > 3:
                return None
            if self.codes[at] == "D" and lines:
                return Pair(span, self.units[at].value, 7, follows=True)
        return None
