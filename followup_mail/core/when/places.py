"""Whose clock a place goes by: towns and regions by name, countries by their top-level domain."""

import re
from collections.abc import Mapping
from functools import cache
from itertools import islice
from typing import Any

from followup_mail.core.when.lexicon import load_words
from followup_mail.core.when.masks import fold

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_CAP = 400  # words of one text


@cache
def _places() -> Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """Spelled names with their zones, by their first word, the longest first."""
    words: Any = load_words("zones")
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for zone, names in words["places"].items():
        for name in names:
            spelled = tuple(name.split())
            found.setdefault(spelled[0], []).append((spelled, zone))
    return {word: tuple(sorted(row, key=lambda pair: -len(pair[0]))) for word, row in found.items()}


@cache
def _countries() -> Mapping[str, str]:
    words: Any = load_words("zones")
    return {country: zone for zone, countries in words["countries"].items() for country in countries}


def find_place_zones(text: str) -> frozenset[str]:
    """The IANA zones of the towns and regions that a text names, written as names are."""
    written = _WORD.findall(text)[:_CAP]
    words = tuple(map(fold, written))
    found = set()
    for at, word in enumerate(written):
        if word[0].isupper() and (len(word) > 2 or word.isupper()):
            fits = (zone for spelled, zone in _places().get(words[at], ()) if words[at : at + len(spelled)] == spelled)
            found |= set(islice(fits, 1))
    return frozenset(found)


def find_country_zone(domain: str) -> str | None:
    """The IANA zone of a country that has one for nearly all its people, by a domain's last label (RFC 1591)."""
    return _countries().get(domain.rpartition(".")[2].lower())
