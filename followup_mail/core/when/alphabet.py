"""What a text is read into: typed tokens, and the clock times they hold."""

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock time as written; `half` is "am" or "pm" where stated, `firm` False where only a bare number stands."""

    hour: int
    minute: int = 0
    half: str | None = None
    zero: bool = False  # written with a leading zero, or past twelve
    unit: bool = False  # written with h, Uhr, uur


@dataclass(frozen=True, slots=True)
class Token:
    """One typed token at text[start:end]; `value` depends on the type."""

    code: str
    start: int
    end: int
    value: Any = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text, their letters as one string, and the cues found, by the index of a cue's last token."""

    items: list[Token]
    codes: str
    cues: dict[int, frozenset[str]]
    cue_starts: dict[int, frozenset[str]]
    language: str
    text: str
    lines: list[int] = field(default_factory=list)

    def line_of(self, index: int) -> int:
        """The number of the line on which a token stands."""
        return bisect_right(self.lines, self.items[index].start)
