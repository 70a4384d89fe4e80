"""Names in mail that is written without capitals: "9:00 zimin lu-gray", "w/ stu", "basti ruft dich an"."""

import re
from collections.abc import Iterator

from followup_mail.core.facts.mentions import Mention
from followup_mail.core.facts.name_words import is_given
from followup_mail.core.rules import Reading

_TEXT_CAP = 4_000  # characters
_NAMES_CAP = 20
_SMALL = re.compile(r"(?m)(?:^|[.!?] )[a-z]")
_LARGE = re.compile(r"(?m)(?:^|[.!?] )[A-Z]")
_BESIDE = re.compile(
    r"(?:(?:^|[\s(])(?:with|w/?|mit|avec|con|com|met|meet|and|und|plus)|[+&]) (?P<name>[a-z]{3,15})(?=[\s.,;:!?)]|$)",
    re.MULTILINE,
)
_ACTS = re.compile(
    r"(?:^|[.?!,] )(?P<name>[a-z]{3,15}) (?:has to|can'?t|can|is|and i|und ich|ruft|holt|kommt|calls|wants|says)\b",
    re.MULTILINE,
)
_ROW = re.compile(
    r"(?m)^\W{0,3}\d{1,2}(?:[:.h]\d\d)? ?(?:[ap]m?\b)?(?: ?[-–] ?\d{1,2}(?:[:.h]\d\d)? ?(?:[ap]m?\b)?)?[ :-]{1,3}"
    r"(?P<names>[a-z][^\n,(;|]{1,60})"
)
_PART = re.compile(r"[a-z][a-z'-]{1,15}\.?(?: [a-z][a-z'-]{0,15}\.?){0,2}")


def find_casual(reading: Reading) -> list[Mention]:
    """The names of a reading whose sentences mostly begin small, in their order; none of any other."""
    low = reading.low[:_TEXT_CAP]
    text = reading.text[:_TEXT_CAP]
    if len(_LARGE.findall(text)) * 3 > len(_SMALL.findall(text)):
        return []
    found: dict[int, Mention] = {one.start: one for one in _of_rows(reading, low)}
    for pattern in (_BESIDE, _ACTS):
        for match in pattern.finditer(low):
            if _is_name(reading, match["name"]) and is_given(match["name"]):
                start, end = match.span("name")
                found.setdefault(start, _mention(reading, start, end))
    return [found[start] for start in sorted(found)][:_NAMES_CAP]


def _of_rows(reading: Reading, low: str) -> Iterator[Mention]:
    """Names behind times at the beginnings of lines, where one of the lines holds a known given name."""
    parts: list[tuple[int, int]] = []
    for row in list(_ROW.finditer(low))[:_NAMES_CAP]:
        at = row.start("names")
        for part in re.split(r"( ?[+&/] ?| and )", row["names"].rstrip()):
            if _PART.fullmatch(part) and _is_name(reading, part):
                parts.append((at, at + len(part)))
            at += len(part)
    if any(is_given(low[start:end].split(" ", maxsplit=1)[0]) for start, end in parts):
        yield from (_mention(reading, start, end) for start, end in parts)


def _is_name(reading: Reading, name: str) -> bool:
    words = [word.strip(".") for word in name.split(" ")]
    return not any(word in reading.cues.words(kind) for kind in ("not_names", "titles", "closings") for word in words)


def _mention(reading: Reading, start: int, end: int) -> Mention:
    name = reading.text[start:end].title()
    return Mention(name, start, end, end, led=True, listed=is_given(name.split(" ")[0]))
