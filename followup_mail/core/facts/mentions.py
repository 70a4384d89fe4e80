"""Every name of a person that a text holds, whatever is said of them, with the title and the address beside it."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from followup_mail.core.cues import Cues, fold
from followup_mail.core.facts.extents import find_turned, fit_name, is_somebody_named, read_trade
from followup_mail.core.facts.name_words import goes_on, honorific_before, is_given, is_particle, may_name, plain_word
from followup_mail.core.facts.names import NAME, is_title, read_notes
from followup_mail.core.facts.standing import follows_street, is_place, is_thing, stands_as_person, stands_in_list
from followup_mail.core.rules import Reading

_TEXT_CAP = 9_000  # characters
_MENTIONS_CAP = 60
_NAME_WORDS = 6
_JOINER = re.compile(
    r"(?: (?:from|aus|vo[nm]|d[aeiou]|del|van|in) (?:the |de[mr] |het )?[\w&-]+(?=,? (?:and|und|et|y|e|en) ))?"
    r"\s*(?:,? ?(?:and|und|et|y|e|en|ed|sowie|as well as|along with|plus|&|\+|/|or|oder|ou|o|of) |[,;&/+|•] ?"
    r"|\n\W{0,4})"
    r"(?:also |our |the |unser(?:e[mnr]?)? |notre |nuestr[oa] |onze |(?:[a-z]+\.? ){0,2})?"
)
_MONTHS = frozenset(
    {"jan", "april", "mai", "juni", "juli", "august", "june", "julio", "abril", "marco", "avril", "juin"}
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
    led: bool = False  # whether an unknown name stands where people stand: "with Imke Carstensen and me"
    titled: bool = False  # whether a job title stands beside it
    listed: bool = False  # whether its first word is a known given name, or the whole is known from the header


@dataclass(frozen=True, slots=True)
class _Known:
    """Folded names that headers and calendars show, and their words."""

    names: frozenset[str]
    words: frozenset[str]


def find_mentions(reading: Reading, known: Collection[str]) -> list[Mention]:
    """The names in a reading in their order; `known` are folded names that headers and calendars show."""
    found: list[Mention] = []
    shown = _Known(frozenset(known), frozenset(word for name in known for word in name.split()))
    turned: list[Mention] = []
    for one in find_turned(reading, _TEXT_CAP):
        title, addr_spec, after = read_notes(reading.text, one.end)
        turned.append(Mention(one.name, one.start, one.end, after, title, one.honorific, addr_spec, listed=True))
    for match in NAME.finditer(reading.text[:_TEXT_CAP]):
        at, run = match.start(), match[0]
        if any(one.start <= at < one.end for one in turned) or (found and at < found[-1].after):
            continue
        reached = next((one.start for one in turned if at < one.start < match.end()), match.end())
        found += _read_run(reading, at, run[: reached - at].rstrip(), shown)
        if len(found) >= _MENTIONS_CAP:
            break
    return sorted([*found, *turned], key=lambda one: one.start)


def _read_run(reading: Reading, at: int, run: str, known: _Known) -> Iterator[Mention]:
    words = run.split(" ")
    starts = [at + len(" ".join(words[:index])) + (index > 0) for index in range(len(words))]
    index = 0
    while index < len(words):
        if not may_name(words[index], reading.cues) and not _is_honoured(reading, starts[index], words[index:]):
            index += 1
            continue
        end = index + 1
        while end < len(words) and end - index < _NAME_WORDS and goes_on(words, end, reading.cues):
            end += 1
        while end > index and words[end - 1].islower():
            end -= 1
        if end == index:  # "mevrouw de": only small words
            index += 1
            continue
        mention = _mention(reading, starts[index], words[index:end], known)
        better = end - index > 1 and _begins_later(reading, starts[index], words[index:end], mention)
        if better or (mention is None and end - index > 1 and not is_given(words[index])):
            index += 1  # "Senior Ana Lima": the name may begin one word later
            continue
        if mention:
            yield mention
        index = end


def _is_honoured(reading: Reading, start: int, words: list[str]) -> bool:
    """Whether an honorific makes a name of a word that is none elsewhere: "mevrouw De Backer", "Aunty June"."""
    plain = plain_word(words[0])
    if not (is_particle(words[0]) and len(words) > 1) and not (
        plain in reading.cues.words("not_names") and len(plain) > 2
    ):
        return False
    return plain not in reading.cues.words("titles") and honorific_before(reading, start) is not None


def _begins_later(reading: Reading, start: int, words: list[str], mention: Mention | None) -> bool:
    """Whether the first word only begins a sentence: "Demandez Joël", "Estaremos Pilar"."""
    if mention is None or mention.listed or mention.honorific or not is_given(words[1]):
        return False
    if mention.titled or "-" in words[0] or words[0].endswith("."):
        return False
    before = reading.text[max(0, start - 2) : start].rstrip(" ")
    if before.endswith("\n"):
        return reading.text[mention.end : mention.end + 1] not in {"", "\n", ",", "|", ";"}
    return not before or before[-1] in ".!?"


def _mention(reading: Reading, start: int, words: list[str], known: _Known) -> Mention | None:
    words = [*words[:-1], _POSSESSIVE.sub("", words[-1])]
    if len(words[-1]) > 2 and "." not in words[-1][:-1]:
        words[-1] = words[-1].rstrip(".")
    name = " ".join(words)
    end = start + len(name)
    whole = fold(name) in known.names or (len(words) > 1 and set(fold(name).split()) <= known.words)
    if not whole:
        name, start, end = fit_name(reading, start, end, words)
    honorific = honorific_before(reading, start)
    given = is_given(words[0]) and not (len(words) == 1 and _ends_as_place(reading.low, start, end))
    if not whole and _is_no_person(reading, name, (start, end), honorific, given=given):
        return None
    sure = whole or given or honorific is not None
    title, addr_spec, after = read_trade(reading, end)
    if title and is_somebody_named(title, reading.cues):
        title, after = None, end  # "Rollenspiel (Hr. Pfisterer)": who holds it, no job
        if not sure:
            return None
    held = bool(title and is_title(title, reading.cues))
    led = end - start > len(name) + 2 or (not honorific and stands_as_person(reading, start, end, name.split(" ")))
    if not (sure or led or fold(name) in known.words):
        if not (
            _is_unknown(name, reading) or (" " in name and (held or addr_spec)) or stands_in_list(reading, start, end)
        ):
            return None
        after = after if " " in name else end  # what follows a lone unknown word may be somebody else's
    return Mention(name, start, end, after, title, honorific, addr_spec, titled=held, listed=whole or given, led=led)


def _is_no_person(reading: Reading, name: str, place: tuple[int, int], honorific: str | None, *, given: bool) -> bool:
    """Whether a phrase is a street, a job, a thing or a place, honoured or not: "calle Padre Damián"."""
    if honorific:
        behind = place[0] - len(honorific) - 1
        return follows_street(reading.low, behind) or _is_trade(honorific, reading.low, place[1], reading.cues)
    return is_thing(name) or is_place(reading.low, *place, name, given=given)


def _is_unknown(name: str, reading: Reading) -> bool:
    """Whether capitals make a name of two or three words; in German, nouns have them too."""
    return 1 < len(name.split(" ")) <= 3 and reading.language != "de" and not name.isupper()


def _is_trade(honorific: str, low: str, end: int, cues: Cues) -> bool:
    """Whether an honorific that is also a job's word goes on as a job: "Principal UX Designer"."""
    behind = re.match(r" ([^\W\d_]+)", low[end : end + 24])
    titles = cues.words("titles")
    return behind is not None and fold(honorific).rstrip(".") in titles | {"sr", "jr"} and behind[1] in titles


def _ends_as_place(low: str, start: int, end: int) -> bool:
    """Whether a lone name goes on as no name does: "Jan 12", "Mo. 27.7.", "22. Juli"."""
    day = end - start <= 3 or low[start:end] in _MONTHS
    before = day and re.search(r"\d\.? $", low[max(0, start - 4) : start])
    return bool(before) or re.match(r"[.,]? \d" if day else r" \d", low[end : end + 3]) is not None


def is_joined(text: str, before: Mention, mention: Mention) -> bool:
    """Whether two names are neighbours in a list: nothing but "and", a comma or a bullet stands between them."""
    between = text[before.after : mention.start]
    return len(between) <= 40 and _JOINER.fullmatch(fold(between)) is not None
