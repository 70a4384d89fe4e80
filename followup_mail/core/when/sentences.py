# ruff: noqa: E501 - one pattern or table row a line reads best
"""What promises and absences share: sentences, phrase patterns, and dates with what stands before them."""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache

from followup_mail.core.when.alphabet import Tokens
from followup_mail.core.when.days import Day, DayReader, find_order
from followup_mail.core.when.lexicon import load_words, phrases_of
from followup_mail.core.when.tokens import parse_tokens
from followup_mail.core.when.zones import day_of

_END = re.compile(
    r"(?<!\d)(?<!\b[a-z])(?<!\b[a-z]{2})(?<!\b[a-z]{3})[.!?](?=\s)|(?<=\b[a-z]{2})[!?.](?=\s)|(?<=\d{3})\.(?=\s)|(?<=:\d\d)\.(?=\s)|[!?](?=\s)|\n[ \t]*\n|\n[ \t]*[-*\x01]|:\n"
)
_END_ALSO_DAY = re.compile(rf"{_END.pattern}|(?<=\d)\.(?=\s+[a-z])")
_NEVER = re.compile(r"(?!)")


def _spell(word: str) -> str:
    """A word of the data as a pattern; a star stands for the rest of the word."""
    return re.escape(word).replace(r"\*", r"[\w-]*").replace("'", "'?")


@cache
def month_names(languages: tuple[str, ...]) -> dict[str, int]:
    """The months' names in these languages, with their numbers from 1."""
    named: dict[str, int] = {}
    for language in languages:
        listed = load_words(language)["months"]
        for number, spellings in enumerate(listed if isinstance(listed, list) else []):
            named.update(dict.fromkeys(spellings.split(), number + 1))
    return named


@cache
def phrase_pattern(languages: tuple[str, ...], section: str, *keys: str, tail: str = "") -> re.Pattern[str]:
    """One pattern for the phrases under some headings, the longest first, blanks and apostrophes alike between words."""
    phrases = {
        words
        for language in languages
        for key in keys
        if section in load_words(language)
        for words in phrases_of(language, section, key)
    }
    ordered = sorted(phrases, key=lambda words: (-len(words), words))
    spelled = "|".join(r"[\s']{1,3}".join(map(_spell, words)) for words in ordered)
    return re.compile(rf"(?<![\w-])(?:{spelled})(?!\w){tail}") if spelled else _NEVER


def active_languages(tokens: Tokens) -> tuple[str, ...]:
    """The languages whose phrases count for a text."""
    return tuple(dict.fromkeys((tokens.language, "en")))


def split_sentences(folded: str, *, ordinals: bool = True) -> Iterator[tuple[int, int]]:
    """Where each sentence of a folded text begins and ends; a single line end does not end one.

    `ordinals`: whether the language writes "14." for the fourteenth.
    """
    start = 0
    for found in (_END if ordinals else _END_ALSO_DAY).finditer(folded):
        yield start, found.end()
        start = found.end()
    yield start, len(folded)


def read_days(text: str, reference: datetime, zone: str, language: str | None) -> tuple[Tokens, list[Day]]:
    """The typed tokens of a text and its dates."""
    tokens = parse_tokens(text, language)
    return tokens, DayReader(tokens, day_of(reference, zone), find_order(tokens, zone, None)).read()
