"""What a careful person would see in a letter before sending it."""

import re
from collections.abc import Sequence

from followup_mail.core.case import Purpose
from followup_mail.core.compose.likeness import likeness
from followup_mail.core.compose.voices import voice_of

FEWEST_WORDS = 40
MOST_WORDS = 150
WORDS_A_NAME = 14
"""What each person named in a relay note may add."""

MOST_LIKE = 0.6
"""Above this likeness two letters of a visit are one letter twice."""

_HOLES = (
    (re.compile(r"[\[\]{}<>]|\b_{2,}|\b_{3,}|_{3,}"), "a bracket or blank stands in it"),
    (re.compile(r"\b(?:None|Undefined|nan|null|TODO|FIXME|XXX+|TBD|N/A)\b"), "an unknown value stands in it"),
    (
        re.compile(r"\b(?:your|recipient|company|first|last)(?:[ _]name|_\w+)\b", re.IGNORECASE),
        "a blank is not filled in",
    ),
    (re.compile(r"%[sd]\b|\$\{?\w+_\w+|\?{3,}|…{2,}|\.{4,}"), "a blank is not filled in"),
    (re.compile(r"\{\{|\}\}|\{%|%\}|\{#"), "template syntax stands in it"),
)
_TORN = (
    (re.compile(r"(?<=\S) {2,}(?=\S)"), "two spaces in a row"),
    (re.compile(r"(?<=\w) +[,.](?=\s|$)"), "a space before a comma or full stop"),
    (re.compile(r"[,;]\s*[.,;](?!\w)|(?<!\.)\.\.(?!\.)"), "two punctuation marks in a row"),
)


def placeholders(text: str) -> tuple[str, ...]:
    """What in the text is a blank, a bracket or template syntax; such a letter is never made a draft."""
    return tuple(dict.fromkeys(words for pattern, words in _HOLES if pattern.search(text)))


def lint(
    text: str,
    *,
    language: str,
    purpose: str = Purpose.THANK_YOU,
    siblings: Sequence[str] = (),
    relayed: int = 0,
) -> tuple[str, ...]:
    """Everything a careful person would mend in the letter's text, a sentence each; empty for a good one.

    `siblings` are texts of the same visit's other letters and of earlier ones to the same person; `relayed` is how many
    people a relay note names. Raises MessageError for a language without letters.
    """
    voice = voice_of(language)
    text = re.sub("[\u00a0\u202f]", " ", text)
    found = list(placeholders(text))
    count = len(re.findall(r"\w+(?:['’\-]\w+)*", text))
    most = MOST_WORDS + WORDS_A_NAME * relayed
    if count < FEWEST_WORDS:
        found.append(f"{count} words are too few for a {purpose} letter ({FEWEST_WORDS} at least)")
    if count > most:
        found.append(f"{count} words are too many for a {purpose} letter ({most} at most)")
    found += [words for pattern, words in _TORN if pattern.search(text)]
    for phrases, why in (
        (voice.banned, "nobody should send the words"),
        (voice.relative, "depends on the day of sending"),
    ):
        for phrase in phrases:
            if match := re.search(rf"(?<!\w)(?:{phrase})(?!\w)", text, re.IGNORECASE):
                found.append(f"{why}: {match[0]!r}")
    if "!" in text or "¡" in text:
        found.append("an exclamation mark stands in it")
    alike = max((likeness(text, sibling) for sibling in siblings), default=0.0)
    if alike > MOST_LIKE:
        found.append(f"too like another letter of this visit or to this person ({alike:.2f}, {MOST_LIKE} at most)")
    return tuple(found)
