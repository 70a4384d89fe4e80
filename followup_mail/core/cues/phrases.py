"""A cue's phrases in the languages that a text is read in: each language compiled once, found as if they were one."""

import re
from collections.abc import Iterator
from operator import methodcaller

_BEYOND = 1 << 40  # behind the end of any text
_start_of = methodcaller("start")


class Phrases:
    """The phrases of one cue, a pattern a language; of several at one place the first language's is the found one."""

    __slots__ = ("patterns",)

    def __init__(self, patterns: tuple[re.Pattern[str], ...]) -> None:
        self.patterns = patterns

    def search(self, text: str, start: int = 0, end: int = _BEYOND) -> re.Match[str] | None:
        """The first phrase in folded text."""
        found = [match for one in self.patterns if (match := one.search(text, start, end))]
        return min(found, key=_start_of, default=None)

    def match(self, text: str, start: int = 0, end: int = _BEYOND) -> re.Match[str] | None:
        """The phrase that begins at `start` of folded text."""
        return next((match for one in self.patterns if (match := one.match(text, start, end))), None)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The phrase that the whole of a folded text is."""
        return next((match for one in self.patterns if (match := one.fullmatch(text))), None)

    def finditer(self, text: str, start: int = 0, end: int = _BEYOND) -> Iterator[re.Match[str]]:
        """Every phrase in folded text, in order, none over another."""
        if len(self.patterns) == 1:
            yield from self.patterns[0].finditer(text, start, end)
            return
        reached = -1
        every = (match for one in self.patterns for match in one.finditer(text, start, end))
        for match in sorted(every, key=_start_of):
            if match.start() >= reached:
                reached = max(match.end(), match.start() + 1)
                yield match
