"""Every name of a person that a text holds, whatever is said of them, with the title and the address beside it."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from followup_mail.core.cues import Cues, fold, senders
from followup_mail.core.facts.names import NAME, is_organisation, is_title, read_notes, read_title
from followup_mail.core.rules import Reading

_TEXT_CAP = 9_000  # characters
_MENTIONS_CAP = 60
_NAME_WORDS = 5
_JOINER = re.compile(
    r"\s*(?:,? ?(?:and|und|et|y|e|en|ed|sowie|as well as|along with|plus|&|\+|/|or|oder|ou|o|of) |[,;&/+|•] ?"
    r"|\n\W{0,4})"
    r"(?:also |our |the |unser(?:e[mnr]?)? |notre |nuestr[oa] |onze |(?:[a-z]+\.? ){0,2})?"
)
_SWAPPED = re.compile(
    r", (?P<given>[^\W\d_a-z][^\W\d_]+(?:[ -][^\W\d_a-z][^\W\d_]+)?)(?= ?(?:\(|\||$|\n|;))", re.MULTILINE
)
_LED = re.compile(
    r"(?:\b(?:with|meet|avec|con|com|met|and|et|y|e|en|by|par|por|da|door|see|ask|join)|[&,]) "
    r"(?:our |my |mon |ma |mi |meu |minha |mio |mia )?$"
)
_POSSESSIVE = re.compile(r"['’][sS]?$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name where it stands: `start` and `end` of the name itself, `after` of what belongs to it."""

    name: str
    start: int
    end: int
    after: int
    title: str | None = None
    honorific: str | None = None
    addr_spec: str | None = None
    led: bool = False  # whether a word like "with" leads to a lone name that nobody listed
    titled: bool = False  # whether a job title stands beside it
    listed: bool = False  # whether its first word is a known given name, or the whole is known from the header


@cache
def given_names() -> frozenset[str]:
    """Given names of many languages, folded."""
    return frozenset((files("followup_mail.core.cues") / "given_names.txt").read_text(encoding="utf-8").split())


def is_given(word: str) -> bool:
    """Whether a word, or each part of a hyphened one, is a given name."""
    plain = fold(word).strip(".'’")
    return plain in given_names() or all(part in given_names() for part in plain.split("-"))


def find_mentions(reading: Reading, known: Collection[str]) -> list[Mention]:
    """The names in a reading in their order; `known` are folded names that headers and calendars show."""
    found: list[Mention] = []
    tokens = frozenset(word for name in known for word in name.split())
    names = frozenset(known)
    for match in NAME.finditer(reading.text[:_TEXT_CAP]):
        if found and match.start() < found[-1].after:
            continue
        found += _read_run(reading, match.start(), match[0], names, tokens)
        if len(found) >= _MENTIONS_CAP:
            break
    return found


def _read_run(reading: Reading, at: int, run: str, names: frozenset[str], tokens: frozenset[str]) -> Iterator[Mention]:
    words = run.split(" ")
    starts = [at + len(" ".join(words[:index])) + (index > 0) for index in range(len(words))]
    index = 0
    while index < len(words):
        if not _may_name(words[index], reading.cues):
            index += 1
            continue
        end = index + 1
        while end < len(words) and end - index < _NAME_WORDS and _goes_on(words, end, reading.cues):
            end += 1
        while words[end - 1].islower():
            end -= 1
        mention = _mention(reading, starts[index], words[index:end], names, tokens)
        if mention is None and end - index > 1 and not is_given(words[index]):
            index += 1  # "Senior Ana Lima": the name may begin one word later
            continue
        if mention:
            yield mention
        index = end


def _may_name(word: str, cues: Cues) -> bool:
    plain = fold(word).strip(".,'’")
    barred = plain in cues.words("not_names") or plain in cues.words("titles") or plain in cues.words("honorifics")
    if plain in senders()["around_names"]:
        return False
    return word[0].isupper() and (not barred or plain in given_names()) and plain not in cues.words("closings")


def _goes_on(words: list[str], at: int, cues: Cues) -> bool:
    word = words[at]
    if word.islower():
        return at + 1 < len(words)
    plain = fold(word).strip(".,'’")
    return not (plain in cues.words("not_names") or plain in cues.words("titles") or plain in senders()["around_names"])


def _mention(
    reading: Reading, start: int, words: list[str], names: frozenset[str], tokens: frozenset[str]
) -> Mention | None:
    text, low, cues = reading.text, reading.low, reading.cues
    words = [*words[:-1], _POSSESSIVE.sub("", words[-1])]
    name = " ".join(words).rstrip(".") if len(words[-1]) > 2 else " ".join(words)
    end = start + len(name)
    folded = fold(name)
    honorific = _honorific_before(text, low, start, cues)
    title, addr_spec, after = read_notes(text, end)
    behind, after = read_title(text, after, min(len(text), after + 90), cues)
    later, given_later, after = read_notes(text, after)
    title, addr_spec = title or behind or later, addr_spec or given_later
    whole = folded in names or (len(words) > 1 and set(folded.split()) <= tokens)
    given = is_given(words[0]) and not (len(words) == 1 and _ends_as_place(low, end))
    swapped = _SWAPPED.match(text, end) if len(words) == 1 and not whole else None
    if swapped and is_given(swapped["given"].split(" ")[0]) and not given:
        name = f"{swapped['given']} {name}"
        title, addr_spec, after = read_notes(text, swapped.end())
        return Mention(name, start, swapped.end(), max(after, swapped.end()), title, honorific, addr_spec, listed=True)
    if is_organisation(name) and not whole:
        return None
    titled = len(words) > 1 and (bool(title and is_title(title, cues)) or bool(addr_spec))
    unknown = len(words) in {2, 3} and reading.language != "de" and not name.isupper()
    led = len(words) == 1 and reading.language != "de" and _LED.search(low[max(0, start - 16) : start]) is not None
    if not (whole or given or honorific or titled or unknown or led or folded in tokens):
        return None
    held = bool(title and is_title(title, cues))
    return Mention(name, start, end, after, title, honorific, addr_spec, titled=held, listed=whole or given, led=led)


def _ends_as_place(low: str, end: int) -> bool:
    """Whether a lone name goes on as no name does: "Jan 12", "Mark's"."""
    return re.match(r" \d", low[end : end + 2]) is not None


def _honorific_before(text: str, low: str, start: int, cues: Cues) -> str | None:
    """The honorifics right before a name: "Frau Dr.", "Ms"."""
    kept: list[str] = []
    at = start
    while at > 0 and text[at - 1] == " ":
        begin = max(low.rfind(" ", 0, at - 1), low.rfind("\n", 0, at - 1), low.rfind("(", 0, at - 1)) + 1
        word = low[begin : at - 1].strip("(,:;*>|")
        if word.rstrip(".") not in cues.words("honorifics"):
            break
        kept.insert(0, text[begin : at - 1].strip("(,:;*>|"))
        at = begin
    return " ".join(kept) or None


def is_joined(text: str, before: Mention, mention: Mention) -> bool:
    """Whether two names are neighbours in a list: nothing but "and", a comma or a bullet stands between them."""
    between = text[before.after : mention.start]
    return len(between) <= 40 and _JOINER.fullmatch(fold(between)) is not None
