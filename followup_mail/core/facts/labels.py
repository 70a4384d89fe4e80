"""A domain's label read as the name it spells: "tidepool-health" and "tidepoolhealth" are "Tidepool Health"."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from followup_mail.core.cues import domain_words, employers, senders
from followup_mail.core.facts.domains import SPARE

_LINKERS = senders()["linkers"]
_WITHIN = frozenset(
    {
        "of",
        "de",
        "do",
        "das",
        "san",
        "santa",
        "sao",
        "saint",
        "da",
        "du",
        "des",
        "del",
        "der",
        "den",
        "di",
        "della",
        "delle",
        "dei",
        "van",
        "von",
        "la",
        "dos",
    }
)
_BEFORE = frozenset({"les", "las", "los", "the", "san", "santa", "sao", "saint", "sankt", "sainte", "city"})
_PARTNERS = frozenset({"co", "sons", "daughters", "partners", "cie", "figli", "fils", "sohne", "zonen", "filhos"})
_BEFORE_AND = "bghlrstw"  # letters with which "and" ends a word: "land", "strand", "hand"
_CAP = 40  # letters of a label that are looked at
_LEAST = 3  # letters of a word
_SURE = 4  # letters of a word that stands out beside one that no list has
_GROWS = 5  # letters of a word that grows together with the one before it
_SYLLABLE = re.compile(r"[aeiouy]+")
_SYLLABLES = 2  # of that one: "pine" and "copper", but not "equator"
_KNOWN, _SHORT, _STRANGE, _LINK = 20, 28, 40, 1  # what a word costs: listed, of three letters, listed nowhere, between


def read_label(label: str) -> str:
    """A label as a name."""
    words: list[str] = []
    parts = label.replace("_", "-").split("-")
    for part in parts:
        read = _split(part)
        words += read if len(parts) == 1 or read[0] in _opening() else _without_figures(part)  # who parts, parts all
    small = (_LINKERS - {words[0], words[-1]}) | {"&"}
    partner = words[-1] if words[-2:-1] == ["&"] else ""
    kept = [word for word in words if word not in SPARE or word in small or word == partner] or words
    initials = {word for word in kept if len(word) <= 2} - _PARTNERS
    return " ".join(word if word in small else word.upper() if word in initials else word.capitalize() for word in kept)


def _split(part: str) -> list[str]:
    """A label's words: apart from figures, and where words that names are made of make it up."""
    *words, last = _without_figures(part)
    if words:
        return [*_split(words[0]), last]
    if not part.isascii() or not part.isalpha() or len(part) > _CAP or part in _every() | domain_words()["compounding"]:
        return [part]
    return _split_pair(part) or _split_words(part)


def _without_figures(part: str) -> list[str]:
    """A label, and the figures at its end apart."""
    digits = re.search(r"(?<=[a-z]{3})\d+$", part)
    return [part[: digits.start()], digits[0]] if digits else [part]


def _split_pair(part: str) -> list[str]:
    """The two names that "and" joins, if it is no part of a word: "kilnandgrain", but not "hollandwood"."""
    for match in re.finditer("and", part):
        left, right = part[: match.start()], part[match.end() :]
        known = _every() | domain_words()["compounding"]
        if left in known and (len(right) >= _LEAST or right in _PARTNERS):
            return [left, "&", right]
        partnered = right in _PARTNERS and len(left) > _SURE
        if partnered or (len(left) > _LEAST and right in known and left[-1] not in _BEFORE_AND):
            return [left, "&", right]
    return []


@dataclass(frozen=True)
class _Way:
    """A way to read the beginning of a label as words."""

    cost: int
    words: tuple[str, ...]
    strange: bool  # whether no list has one of the words


def _split_words(part: str) -> list[str]:
    """The words that make up a label at the least cost, at most one of which no list has."""
    ways: list[dict[bool, _Way]] = [{} for _ in range(len(part) + 1)]
    ways[0][False] = _Way(0, (), strange=False)
    for at, end in combinations(range(len(part) + 1), 2):
        for way in ways[at].values():
            word = part[at:end]
            price = 0 if word == part else _price(word, way, last=end == len(part))
            strange = way.strange or price >= _STRANGE
            known = ways[end].get(strange)
            if price and (known is None or way.cost + price < known.cost):
                ways[end][strange] = _Way(way.cost + price, (*way.words, word), strange)
    if whole := ways[-1].get(False):
        return _grown_together(whole.words)
    parted = ways[-1].get(True)
    return _grown_together(parted.words) if parted and _stands_apart(parted.words) else [part]


def _price(word: str, way: _Way, *, last: bool) -> int:
    """What a word costs behind others; 0 where it cannot stand."""
    before = way.words[-1] if way.words else ""
    links = (
        word in _BEFORE if not before else word in _WITHIN and (before not in _WITHIN or f"{before} {word}" == "de la")
    )
    if links and not last and not way.strange:
        return _LINK
    if word in _every() or word in domain_words()["compounding"]:
        return _SHORT if len(word) == _LEAST else _KNOWN
    return _STRANGE + len(word) if len(word) >= _LEAST and not way.strange else 0


def _stands_apart(words: tuple[str, ...]) -> bool:
    """Whether the words beside the strange one are such as stand apart where they stand."""
    first, last = words[0], words[-1]
    if last in _ending() and len(first) >= _LEAST:
        return True
    return (first in _opening() or (first in _BEFORE and len(words) > 1)) and len(last) >= _LEAST


def _grown_together(words: tuple[str, ...]) -> list[str]:
    """The words, with those in one that are wont to grow together."""
    grown = domain_words()["compounding"]
    kept: list[str] = []
    for index, word in enumerate(words):
        before = words[index - 1] if index else ""
        short = len(word) <= _GROWS and 0 < len(_SYLLABLE.findall(before)) <= _SYLLABLES
        if short and {before, word} <= grown - _opening() and not (index == len(words) - 1 and word in _ending()):
            kept[-1] += word
        else:
            kept.append(word)
    return kept


@cache
def _ending() -> frozenset[str]:
    words, own = employers(), domain_words()
    listed = own["trades"] | words["closing"] | words["ends_apart"]
    return frozenset(word for word in listed - words["fused"] if len(word) >= _SURE) | {"pay", "gas", "oil", "law"}


@cache
def _opening() -> frozenset[str]:
    words = employers()
    return frozenset(word for word in words["opening"] | words["opens_apart"] if len(word) >= _SURE)


@cache
def _every() -> frozenset[str]:
    """Every word that stands apart in names."""
    words, own = employers(), domain_words()
    listed = own["trades"] | own["places"] | own["romance"]
    listed |= words["closing"] | words["ends_apart"] | words["opening"] | words["opens_apart"]
    return frozenset(word for word in listed if len(word) >= _LEAST and word.isalpha())
