# ruff: noqa: E501 - one pattern or table row a line reads best
"""Zone words: what they name, what is doubtful about them, and aware datetimes."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from followup_mail.core.when.lexicon import LANGUAGES, load_words, phrases_of
from followup_mail.core.when.masks import fold
from followup_mail.core.when.moment import Moment


@dataclass(frozen=True, slots=True)
class ZoneWord:
    """What a zone word says: regions (the likeliest first) or a fixed offset; `season` "s" or "d" where it claims one."""

    regions: tuple[str, ...] = ()
    season: str = ""
    offset: str | None = None
    loose: bool = True  # whether it may stand apart from its time; "Eastern" may not


class _Piece(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def value(self) -> Any: ...  # noqa: ANN401 - a token's value depends on its type


_OFFSET = re.compile(r"([+-]) ?(\d{1,2}):?(\d\d)?$")


def parse_offset(words: str) -> ZoneWord:
    """The fixed offset in "GMT+2", "utc-05:00", "+0100" or "Z"."""
    found = _OFFSET.search(words)
    if not found:
        return ZoneWord(("UTC",))
    hours, minutes = int(found[2]), int(found[3] or 0)
    if hours > 14 or minutes > 59:
        return ZoneWord()
    return ZoneWord(offset="UTC" if hours == minutes == 0 else f"{found[1]}{hours:02}:{minutes:02}")


@cache
def _tables() -> tuple[
    dict[str, ZoneWord], dict[str, list[tuple[tuple[str, ...], ZoneWord]]], dict[str, list[tuple[tuple[str, ...], str]]]
]:
    words: Any = load_words("zones")
    short = {word: ZoneWord(tuple(row[1:]), row[0]) for word, row in words["abbreviations"].items()}
    names: dict[str, list[tuple[tuple[str, ...], ZoneWord]]] = {}
    for region, phrases in words["names"].items():
        for phrase in phrases:
            spelled = tuple(phrase.split())
            names.setdefault(spelled[0], []).append((spelled, ZoneWord((region,), loose=len(spelled) > 1)))
    places: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for region, phrases in words["places"].items():
        for phrase in phrases:
            spelled = tuple(phrase.split())
            places.setdefault(spelled[0], []).append((spelled, region))
    for named in names.values():
        named.sort(key=lambda pair: -len(pair[0]))
    for placed in places.values():
        placed.sort(key=lambda pair: -len(pair[0]))
    return short, names, places


@cache
def _time_words() -> tuple[frozenset[tuple[str, ...]], frozenset[str]]:
    """Words before a place ("heure de") and behind it ("time", "Zeit")."""
    before, behind = set(), set()
    for language in LANGUAGES:
        for words in phrases_of(language, "phrases", "zone_word"):
            before.add(words)
            if len(words) == 1:
                behind.add(words[0])
    return frozenset(before), frozenset(behind)


@cache
def zone_beginnings() -> frozenset[str]:
    """The words with which a zone word may begin."""
    short, names, places = _tables()
    return frozenset((*(word.lower() for word in short), *names, *places, *(words[0] for words in _time_words()[0])))


_LOWER = frozenset(
    (
        "est",
        "edt",
        "pst",
        "pdt",
        "cst",
        "cdt",
        "mst",
        "mdt",
        "gmt",
        "utc",
        "cet",
        "cest",
        "bst",
        "et",
        "pt",
        "ct",
        "mt",
        "ist",
        "mez",
        "mesz",
        "brt",
    )
)


def _match(row: list[tuple[tuple[str, ...], Any]], tokens: list[Any], at: int) -> tuple[int, Any] | None:
    for words, meaning in row:
        if at + len(words) <= len(tokens) and all(tokens[at + i].value == word for i, word in enumerate(words)):
            return len(words), meaning
    return None


def _short_zone(token: _Piece, text: str, previous: _Piece | None) -> ZoneWord | None:
    spelled = text[token.start : token.end]
    word = _tables()[0].get(spelled.upper())
    if word is None or spelled.isupper():
        return word if len(spelled) > 1 or (previous is not None and previous.code == "c") else None
    spoken = previous is not None and previous.code == "c" and previous.value is not None and previous.value.half
    return word if spelled in _LOWER and spoken else None


def _is_name(key: str) -> ZoneWord | None:
    region, _, rest = key.partition("/")
    name = "/".join(
        (
            region.capitalize(),
            *(
                "_".join(w.capitalize() if w not in ("of", "es") else w for w in part.split("_"))
                for part in rest.split("/")
            ),
        )
    )
    if region == "us":
        name = f"US/{name.partition('/')[2]}"
    return ZoneWord((name,)) if _zone_exists(name) else None


@lru_cache(maxsize=1024)
def _zone_exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True


def _skip(tokens: list[Any], at: int, words: tuple[str, ...]) -> bool:
    return at < len(tokens) and tokens[at].value in words


def _place(tokens: list[Any], at: int, text: str) -> tuple[int, str] | None:
    if at >= len(tokens) or tokens[at].code != "word" or not text[tokens[at].start].isupper():
        return None
    return _match(_tables()[2].get(tokens[at].value, []), tokens, at)


def _spoken_place(tokens: list[Any], at: int, text: str, previous: _Piece | None) -> tuple[int, ZoneWord] | None:
    """A place with a word for time: "London time", "(Berlin)", "heure de Paris", "hora de Madrid"."""
    before, behind = _time_words()
    here = _place(tokens, at, text)
    if here:
        step, region = here
        after = at + step
        if _skip(tokens, after, ("local", "standard")):
            after += 1
        if after < len(tokens) and tokens[after].code == "word" and tokens[after].value in behind:
            return after + 1 - at, ZoneWord((region,))
        bracketed = previous is not None and previous.code == "(" and after < len(tokens) and tokens[after].code in "),"
        zoned = previous is not None and previous.code in "z)"
        return (step, ZoneWord((region,), loose=False)) if bracketed or zoned else None
    for size in (2, 1):
        words = tuple(token.value for token in tokens[at : at + size])
        if words in before:
            skip = at + size
            while _skip(tokens, skip, ("de", "d", "di", "da", "del", "von", "in", "la", "o", "local", "locale", "of")):
                skip += 1
            there = _place(tokens, skip, text)
            if there:
                return skip + there[0] - at, ZoneWord((there[1],))
    return None


def find_zone_word(tokens: list[Any], at: int, text: str, previous: _Piece | None) -> tuple[int, ZoneWord] | None:
    """The zone word that begins at this word token, with the number of tokens it takes."""
    token = tokens[at]
    if token.code == "place":
        name = _is_name(fold(text[token.start : token.end]))
        return (1, name) if name else None
    named = _match(_tables()[1].get(token.value, []), tokens, at)
    if named and (named[1].loose or text[token.start].isupper()):
        return named
    short = _short_zone(token, text, previous)
    if short:
        step = 2 if at + 1 < len(tokens) and tokens[at + 1].value in ("time", "zeit") else 1
        return step, short
    return _spoken_place(tokens, at, text, previous)


def find_tzinfo(zone: str) -> tzinfo:
    """The tzinfo of an IANA name or a fixed offset; UTC for anything else."""
    found = _OFFSET.search(zone)
    if found:
        span = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        return timezone(-span if found[1] == "-" else span)
    return ZoneInfo(zone) if _zone_exists(zone) else UTC


def _is_summer(region: str, wall: datetime) -> bool:
    return bool(wall.replace(tzinfo=find_tzinfo(region)).dst())


def _agreeing(words: list[ZoneWord], wall: datetime) -> str | None:
    """The region of "(UTC-05:00) Eastern Time", if the offset is one the region ever has."""
    offset = next((word.offset for word in words if word.offset), None)
    region = next((word.regions[0] for word in words if word.regions), None)
    if offset is None or region is None:
        return region or offset
    span = wall.replace(tzinfo=find_tzinfo(offset)).utcoffset()
    seasons = [wall.replace(month=month, day=1, tzinfo=find_tzinfo(region)).utcoffset() for month in (1, 7)]
    return region if span in seasons else offset


def choose_zone(words: list[ZoneWord], wall: datetime, fallback: str) -> tuple[str | None, tuple[str, ...]]:
    """The zone these words name for a wall time, with doubts "zone-ambiguous" and "zone-season"."""
    if not words:
        return None, ()
    word = words[0]
    meant = next((other.regions[0] for other in words[1:] if other.regions and other.regions[0] in word.regions), None)
    if meant and len(word.regions) > 1:  # "IST (Dublin)"
        return meant, _season(word, meant, wall)
    zone = _agreeing(words, wall)
    if len(word.regions) > 1 and len(words) == 1:
        zone = fallback if fallback in word.regions else word.regions[0]
        doubts = () if fallback in word.regions else (("zone-ambiguous",) if word.regions[0] not in _SETTLED else ())
        return zone, (*doubts, *_season(word, zone, wall))
    return zone, _season(word, zone, wall)


_SETTLED = frozenset(("America/Denver", "America/Halifax", "Australia/Sydney"))


def _season(word: ZoneWord, zone: str | None, wall: datetime) -> tuple[str, ...]:
    if not word.season or zone is None or word.offset:
        return ()
    observes = any(_is_summer(zone, wall.replace(month=month, day=1)) for month in (1, 7))
    wrong = observes and _is_summer(zone, wall) != (word.season == "d")
    return ("zone-season",) if wrong else ()


def find_transition(wall: datetime, zone: str) -> str | None:
    """Answers "gap" for a wall time that never was, "fold" for one that was twice (PEP 495)."""
    aware = wall.replace(tzinfo=find_tzinfo(zone))
    if aware.utcoffset() == aware.replace(fold=1).utcoffset():
        return None
    back = aware.astimezone(UTC).astimezone(aware.tzinfo).replace(tzinfo=None)
    return "fold" if back == wall else "gap"


def resolve(moment: Moment, fallback_zone: str) -> tuple[datetime, datetime | None]:
    """Aware start and end of a moment, in its own zone, else in the fallback zone.

    A date alone gives its midnight and no end. In a gap the time moves on by the gap's length; in a fold the first counts.
    """
    info = find_tzinfo(moment.zone or fallback_zone)
    if not isinstance(moment.start, datetime):
        return datetime.combine(moment.start, time(), tzinfo=info), None
    start = _settled(moment.start, info)
    return start, None if moment.end is None else _settled(moment.end, info)


def _settled(wall: datetime, info: tzinfo) -> datetime:
    try:
        return wall.replace(tzinfo=info).astimezone(UTC).astimezone(info)
    except OverflowError:
        return wall.replace(tzinfo=info)


def local_time(reference: datetime, zone: str) -> datetime:
    """A moment on a zone's clock; one outside 1990 to 2199 (a forged Date) counts as the nearest year's."""
    year = min(max(reference.year, 1991), 2198)
    day = 28 if (reference.month, reference.day) == (2, 29) else reference.day
    kept = reference if year == reference.year else reference.replace(year=year, day=day)
    return kept.astimezone(find_tzinfo(zone))


def day_of(reference: datetime, zone: str) -> date:
    """The local date of a moment in a zone."""
    return local_time(reference, zone).date()
