"""What letters need of a language and templates cannot say: days, lengths, greetings, and what nobody should send.

One file a language, named by its ISO 639-1 code, each holding one `VOICE`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from followup_mail.errors import MessageError


@dataclass(frozen=True, slots=True)
class Voice:
    """A language's words for letters; `{day}`, `{name}`, `{honorific}` and so on are filled in by `letter_context`."""

    language: str
    formal: bool
    """Whether people are greeted by their full name unless an honorific is known."""
    dear: str
    """The greeting of a letter to somebody by name; `hi` the lighter one, `nobody` without a name."""
    hi: str
    nobody: str
    honorifics: tuple[tuple[str, str], ...]
    """Pattern of an honorific, and the greeting it allows; the first that matches."""
    weekday_on: tuple[str, ...]
    """"on Tuesday", Monday first; `weekday_of` is "of Tuesday", `day_on` and `day_of` the same for dates."""
    weekday_of: tuple[str, ...]
    day_on: str
    day_of: str
    date_pattern: str
    """CLDR pattern of a day and month."""
    conjunction: str
    quote: str
    numbers: tuple[str, ...]
    """Two to twelve, as before the word "conversations"."""
    relay_to: str
    """How a person's name follows "would you pass on my thanks"; `relay_to_session` with their session."""
    relay_to_session: str
    relay_to_all: str
    """The same where no name is known."""
    banned: tuple[str, ...]
    """Phrases (regular expressions, matched without case) of letters.md's don'ts."""
    relative: tuple[str, ...]
    """Words whose meaning depends on when the owner sends the letter."""
    lengths: Mapping[int, str] = field(default_factory=dict)
    """Minutes to the words for that stretch with its article, as the object of "thank you for"."""
    day_on_special: Mapping[int, str] = field(default_factory=dict)
    day_of_special: Mapping[int, str] = field(default_factory=dict)
    first_of_month: str = ""
    """How the first of a month is written where that is not "1"."""
    elided_of: tuple[str, str] = ("{name}", "{name}")
    """How a noun follows "the position": before a consonant, and before a vowel."""
    conjunction_special: tuple[str, str] = ("", "")
    """Pattern of a name that changes the conjunction, and the conjunction then ("e" before "Iris" in Spanish)."""


@cache
def has_voice(language: str) -> bool:
    """Whether letters can be written in this language."""
    return bool(re.fullmatch(r"[a-z]{2,3}", language)) and find_spec(f"{__name__}.{language}") is not None


@cache
def voice_of(language: str) -> Voice:
    """The language's words; MessageError where there are none."""
    if not has_voice(language):
        raise MessageError(f"there are no letters in the language {language[:20]!r}")
    voice: Voice = import_module(f"{__name__}.{language}").VOICE
    return voice
