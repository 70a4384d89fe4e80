"""The time words of each language, loaded once from `core/cues/when/`."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any

LANGUAGES = ("en", "de", "fr", "es", "pt", "nl", "it")

# Letters of the grammar's alphabet, by the data files' headings; see `tokens`.
CODES = {
    "at": "@", "from": "F", "between": "B", "to": "t", "both": "b", "and": "s", "next": "q", "next_trailing": "q",
    "last": "l", "oclock": "C", "half_past": "H", "quarter_past": "Q", "quarter_to": "J", "half_to": "G",
    "and_half": "E", "roughly": "A", "and_quarter": "V", "less_quarter": "W", "week": "v", "on": "k",
}  # fmt: skip
_PRIORITY = ("at", "roughly", "from", "between", "to", "and", "next", "last", "both", "oclock", "on")
CUES = (
    "no_duration_before", "no_duration_after", "old", "new", "moved", "move_to", "start_label", "end_label",
    "zone_word", "every", "past", "room", "minutes", "hours",
)  # fmt: skip

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase: its words, its grammar letter, and what it means (a number, "am", a place in a list)."""

    words: Words
    code: str
    value: int | str = 0


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the active languages say; phrases by first word, the longest first."""

    phrases: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    cues: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    capitalised: frozenset[str] = frozenset()


@cache
def load_words(language: str) -> dict[str, object]:
    """The data file of one language (or "zones"), parsed."""
    place = files("followup_mail.core.cues") / "when" / f"{language}.toml"
    return tomllib.loads(place.read_text(encoding="utf-8"))


def phrases_of(language: str, section: str, key: str) -> tuple[Words, ...]:
    """The phrases under one heading of a language's file, as tuples of words, the longest first."""
    listed: Iterable[str] = _table(load_words(language)[section]).get(key, ())
    return tuple(sorted((tuple(phrase.split()) for phrase in listed), key=len, reverse=True))


def _names(language: str, heading: str, code: str, *, full_only: bool) -> Iterable[Entry]:
    for number, spellings in enumerate(_strings(load_words(language)[heading])):
        for spelling in spellings.split():
            if not full_only or len(spelling) > 3:
                yield Entry((spelling,), code, number)


def _relative(language: str) -> Iterable[Entry]:
    for phrase, days in _table(load_words(language)["relative"]).items():
        yield Entry(tuple(phrase.split()), "r", days)


def _fixed(language: str) -> Iterable[Entry]:
    for part in ("am", "pm"):
        yield from (Entry(words, "p", part) for words in phrases_of(language, "phrases", part))
    for words in phrases_of(language, "phrases", "noon"):
        yield Entry(words, "M", 12)
    for words in phrases_of(language, "phrases", "midnight"):
        yield Entry(words, "M", 0)
    for phrase, past in _table(load_words(language).get("past_hour")).items():
        yield Entry(tuple(phrase.split()), "O", past)
    for word, clock in _table(load_words(language).get("clocks")).items():
        yield Entry(tuple(word.split()), "K", clock)
    for phrase, minutes in _table(load_words(language).get("lengths")).items():
        yield Entry(tuple(phrase.split()), "u", minutes)
    for key, minutes in (("one_hour", 60), ("half_hour", 30), ("hour_and_half", 90)):
        yield from (Entry(words, "u", minutes) for words in phrases_of(language, "phrases", key))


def _grammar(language: str) -> Iterable[Entry]:
    yield from _names(language, "weekdays", "w", full_only=False)
    yield from _names(language, "months", "m", full_only=False)
    yield from _relative(language)
    yield from _fixed(language)
    for key in sorted(CODES, key=lambda key: _PRIORITY.index(key) if key in _PRIORITY else -1):
        yield from (Entry(words, CODES[key]) for words in phrases_of(language, "phrases", key))
    yield from _names(language, "numbers", "N", full_only=False)


def _by_first(entries: Iterable[Entry], *, every: bool = False) -> dict[str, tuple[Entry, ...]]:
    seen: dict[Words | tuple[Words, str], Entry] = {}
    for entry in entries:
        seen.setdefault((entry.words, entry.code) if every else entry.words, entry)
    ordered = sorted(seen.values(), key=lambda entry: (entry.words[0], -len(entry.words)))
    return {first: tuple(group) for first, group in groupby(ordered, key=lambda entry: entry.words[0])}


def find_number(language: str, word: str) -> int | None:
    """The number from one to twelve that a word says."""
    spelled = _strings(load_words(language)["numbers"])
    return next((place + 1 for place, spellings in enumerate(spelled) if word in spellings.split()), None)


@cache
def load_lexicon(active: tuple[str, ...]) -> Lexicon:
    """The words of the active languages (the first one wins a conflict), and every language's full names."""
    entries = [entry for language in active for entry in _grammar(language)]
    for language in LANGUAGES:
        entries.extend(_names(language, "weekdays", "w", full_only=True))
        entries.extend(_names(language, "months", "m", full_only=True))
    cues = [Entry(words, key) for language in active for key in CUES for words in phrases_of(language, "phrases", key)]
    capitalised = frozenset(word for language in active for word in _strings(load_words(language)["capitalised"]))
    return Lexicon(_by_first(entries), _by_first(cues, every=True), capitalised)


def _strings(value: object) -> list[str]:
    return value if isinstance(value, list) else []


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


_TELLING = (
    *(("phrases", key) for key in ("at", "on", "from", "between", "oclock", "next")),
    ("promise", "by"),
    ("away", "until"),
    ("promise", "cues"),
)


@cache
def _marks() -> dict[str, tuple[tuple[str, int], ...]]:
    weights: dict[str, dict[str, int]] = {}
    for language in LANGUAGES:
        for word, weight in _weighted(language):
            found = weights.setdefault(word, {})
            found[language] = max(weight, found.get(language, 0))
    return {word: tuple(found.items()) for word, found in weights.items()}


def _weighted(language: str) -> Iterable[tuple[str, int]]:
    """The words that speak for a language, with how much."""
    yield from ((word, 2) for word in _strings(load_words(language)["marks"]))
    yield from ((entry.words[0], 3) for entry in _names(language, "weekdays", "w", full_only=True))
    yield from ((entry.words[0], 3) for entry in _names(language, "months", "m", full_only=True))
    yield from ((entry.words[0], 2) for entry in _relative(language))
    for section, key in _TELLING:
        yield from ((words[0], 1) for words in phrases_of(language, section, key))


def find_language(words: Iterable[str]) -> str:
    """The language these folded words are most likely in; English where nothing tells."""
    scores = dict.fromkeys(LANGUAGES, 0)
    marks = _marks()
    for word in words:
        for language, weight in marks.get(word, ()):
            scores[language] += weight
    return max(LANGUAGES, key=lambda language: scores[language])
