"""Words of names: given names, honorifics, the small words between them, and what is no part of a name."""

import re
from functools import cache
from importlib.resources import files

from followup_mail.core.cues import Cues, fold, senders
from followup_mail.core.rules import Reading

_ABBREVIATION = re.compile(r"(?:i|we|you|he|she|they|it|that|there|here|who|what|let|c|j|qu|s|n|l|d)['’][a-z]")
_TRADES = (
    "leiter",
    "leiterin",
    "vorstand",
    "vorstandin",
    "referent",
    "referentin",
    "direktor",
    "direktorin",
    "berater",
    "beraterin",
    "meister",
    "meisterin",
    "sekretar",
    "sekretarin",
    "assistent",
    "assistentin",
    "beauftragte",
)
_TRADE_LENGTH = 9  # letters from which a German compound may be a job's
_SYLLABLES = (
    "ah|bin|bo|chan|cheol|chul|dae|do|dong|eun|ga|gi|gyu|ha|hae|han|hee|ho|hoon|hui|hwa|hwan|hye|hyeon|hyo|hyuk|hyun|il"
    "|in|ja|jae|jeong|ji|jin|joo|joon|ju|jun|jung|kang|kwang|kyu|kyung|mi|min|myung|na|rae|ran|ri|sang|seo|seok|seon|seong"
    "|seung|si|so|soo|sook|su|suk|sun|sung|tae|ui|won|woo|woong|ye|yeon|yeong|yi|yoo|yoon|you|youn|young|yu|yun|yup"
)
_KOREAN = re.compile(rf"(?:{_SYLLABLES})-(?:{_SYLLABLES})")  # two syllables make a given name: "Ji-woo"
_PARTICLES = frozenset(
    {
        "van",
        "von",
        "de",
        "di",
        "da",
        "do",
        "dos",
        "del",
        "della",
        "dal",
        "du",
        "le",
        "la",
        "lo",
        "los",
        "el",
        "al",
        "ten",
    }
    | {"ter", "den", "der", "d", "mac", "mc", "st", "san", "ben", "bin", "o"}
)
_ELISION = re.compile(r"(?:l|d|dell|all|dall|nell)['’]")
_MARKS = re.compile(r"[\u0300-\u036f]")


@cache
def given_names() -> frozenset[str]:
    """Given names of many languages, folded."""
    return frozenset((files("followup_mail.core.cues") / "given_names.txt").read_text(encoding="utf-8").split())


def is_given(word: str) -> bool:
    """Whether a word, or each part of a hyphened one, is a given name."""
    plain = plain_word(word)
    if _KOREAN.fullmatch(plain):
        return True
    first, _, second = plain.partition("-")
    if not second or plain in given_names():
        return plain in given_names()
    written = word.partition("-")[2]
    return first in given_names() and (second in given_names() or (len(first) > 2 and written[:1].isupper()))


def plain_word(word: str) -> str:
    """A word of a name, folded and without what stands round it."""
    return _MARKS.sub("", fold(word)).strip(".,'’")


def is_particle(word: str) -> bool:
    """Whether a word is one of the small ones in surnames: "De", "van", "Lo"."""
    return plain_word(word) in _PARTICLES


def may_name(word: str, cues: Cues) -> bool:
    """Whether a name may begin with this word."""
    plain = plain_word(word)
    if word.endswith(".") and len(plain) == 1:
        return plain not in cues.words("honorifics")
    if plain in senders()["around_names"] or _ABBREVIATION.match(word.lower()):
        return False
    barred = any(plain in cues.words(name) for name in ("not_names", "titles", "honorifics"))
    barred = barred or plain in senders()["honorifics"] or (len(plain) >= _TRADE_LENGTH and plain.endswith(_TRADES))
    if barred and word.isupper() and plain in cues.words("honorifics"):
        return False  # "Frau DI Hemma Zach"
    return word[0].isupper() and (not barred or plain in given_names()) and plain not in cues.words("closings")


def goes_on(words: list[str], at: int, cues: Cues) -> bool:
    """Whether a name goes on with the word at this place."""
    word = words[at]
    if word.islower():
        return at + 1 < len(words)
    plain = plain_word(word)
    if is_particle(word) or (word.endswith(".") and len(plain) == 1):
        return True
    if plain in cues.words("honorifics") or plain in senders()["honorifics"]:
        return plain in given_names()
    return not (plain in cues.words("not_names") or plain in cues.words("titles") or plain in senders()["around_names"])


def honorific_before(reading: Reading, start: int) -> str | None:
    """The honorifics right before a name: "Frau Dr.", "Ms"."""
    text, low, cues = reading.text, reading.low, reading.cues
    kept: list[str] = []
    at = start
    while at > 0 and text[at - 1] == " ":
        begin = max(low.rfind(" ", 0, at - 1), low.rfind("\n", 0, at - 1), low.rfind("(", 0, at - 1)) + 1
        elided = _ELISION.match(low, begin, at)
        begin = elided.end() if elided else begin
        written = text[begin : at - 1].strip("(,:;*>|")
        plain = fold(written).rstrip(".")
        everywhere = plain in senders()["honorifics"] and (written[:1].isupper() or written.endswith("."))
        other = written in {"MS", "HR", "me", "me."}  # a company, an office, and who writes
        if other or not (plain in cues.words("honorifics") or everywhere) or text[at - 2] in ",:;|":
            break
        kept.insert(0, written)
        at = begin
    return " ".join(kept) or None


def as_said(shown: str) -> str:
    """A name that a header shows as it is said: "Dr. Rainer Behnke" and "Stadlbauer Elfriede" turned round."""
    words = shown.split()
    while len(words) > 1 and fold(words[0]).rstrip(".") in senders()["honorifics"] - {"don", "dean"}:
        words.pop(0)
    if len(words) == 2 and is_given(words[1]) and not is_given(words[0]) and "." not in shown:
        words.reverse()
    return " ".join(words)
