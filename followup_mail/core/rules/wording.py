"""How a message is worded: what its words, and pairs of them, say for each kind; learnt weights, one open table."""

import json
import math
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from followup_mail.core.cues import LANGUAGES, fold

_TEXT_CAP = 4_000  # characters that are weighed
_TERM = re.compile(
    r"\d{1,2}(?::\d\d| ?h(?:\d\d|\b)|\.\d\d(?= ?(?:uhr|[ap]\.?m)))|\d+|[^\W\d_]+(?:'[^\W\d_]+)?"
    r"|[?!\n]|[.:;](?=\s)"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_ENDS = frozenset("?!.:;\n")
_LINK = re.compile(r"https?://\S+|\S+@\S+")
_PLACE = "followup_mail.core.cues"


@dataclass(frozen=True, slots=True)
class Weights:
    """A learnt table: its answers in order, what each weighs by itself, and what each mark adds to each of them."""

    answers: tuple[str, ...]
    bias: tuple[float, ...]
    marks: Mapping[str, tuple[float, ...]]


@cache
def load_weights(name: str) -> Weights:
    """The weights shipped under this name: "kinds", "outer" or "interviewers"."""
    found = json.loads((files(_PLACE) / "learned" / f"{name}.json").read_text(encoding="utf-8"))
    marks = {mark: tuple(weights) for mark, weights in found["marks"].items()}
    return Weights(tuple(found["answers"]), tuple(found["bias"]), marks)


@cache
def _calendar_words() -> Mapping[str, str]:
    """Names of days and months in every language: one day is as good as another."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        table = tomllib.loads((files(_PLACE) / "when" / f"{language}.toml").read_text(encoding="utf-8"))
        for key, name in (("months", "<month>"), ("weekdays", "<day>")):
            found |= {word: name for line in table[key] for word in fold(line).split() if len(word) > 3}
    return found


def _plain(word: str, shared: Mapping[str, str]) -> str:
    if word[0].isdigit():
        return "<n>" if word.isdigit() else "<time>"
    return shared.get(word, word)


def find_terms(subject: str, text: str, *, without: Collection[str] = ()) -> frozenset[str]:
    """The terms of a message: its words and neighbouring pairs, numbers and days made alike; `without` folded names.

    A word of the subject counts once more as "subject:word"; a pair does not reach over the end of a sentence.
    """
    shared = _calendar_words()
    found: set[str] = set()
    for part, prefix in ((subject, "subject:"), (text[:_TEXT_CAP], "")):
        before = ""
        for match in _TERM.finditer(_LINK.sub(" <link> ", fold(part))):
            word = match[0]
            if word in _ENDS:
                if word in "?!":
                    found.add(word)
                before = ""
                continue
            word = _plain(word, shared)
            if word in without:
                before = ""
                continue
            found.add(word)
            if prefix:
                found.add(prefix + word)
            if before:
                found.add(f"{before} {word}")
            before = word
    return frozenset(found)


def find_words(text: str) -> frozenset[str]:
    """The folded words of a text, without order."""
    return frozenset(_WORD.findall(fold(text)))


def lean(marks: Iterable[str], weights: Weights, answer: str, rather_than: str) -> list[float]:
    """How much each of these marks that was learnt speaks for one answer rather than another."""
    column, other = weights.answers.index(answer), weights.answers.index(rather_than)
    known = (weights.marks[mark] for mark in marks if mark in weights.marks)
    return [added[column] - added[other] for added in known]


def weigh_marks(marks: Collection[str], weights: Weights) -> dict[str, float]:
    """How likely each answer is by the marks; the shares sum to one."""
    sums = list(weights.bias)
    known = weights.marks
    for mark in marks:
        added = known.get(mark)
        if added:
            for index, value in enumerate(added):
                sums[index] += value
    most = max(sums)
    shares = [math.exp(value - most) for value in sums]
    whole = sum(shares)
    return {answer: share / whole for answer, share in zip(weights.answers, shares, strict=True)}
