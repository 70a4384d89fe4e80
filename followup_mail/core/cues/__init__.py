"""What interview mail says: one data file a language, compiled once, and the domains that carry other people's mail."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from followup_mail.core.cues.phrases import Phrases

LANGUAGES = ("en", "de", "fr", "es", "pt", "nl", "it")

_LISTS = frozenset({"stopwords", "hints", "titles", "honorifics", "not_names", "closings", "writer"})
_POSITION = r"(?P<position>[^\n.,;:!?\"«»“”|<>()\[\] ](?:[^\n.,;:!?\"«»“”|<>\[\]]|\.(?! )){1,78}?)"
_END = (
    r"(?= (?:at|with|in (?:our|the)|here|on|has|have|is|was|and (?:we|would|have|are|to)|as|that|which|because|role"
    r"|position|job|opening|team|from|for (?:the|our|a)|based|bei|in (?:unserem|unserer|unser|der|dem)|am|und|zu|mit"
    r"|hat|ist|wurde|haben|uberzeugt|dauert|findet|sera|aura|durera|dura|duurt|chez|au sein|dans|le|a ete|est"
    r"|et|avec|en (?:nuestra|la|el)|ha|y|con|para|que|del"
    r"|na|no|em|da|e|com|foi|ter|bij|op|is|en|met|heeft|presso|nel|il|si)\b| [-–—]| ?[(,.;:!?\"«»“”|<\n]|\.$|$)"
)
_COMPANY = r"(?P<company>[^\s\n,;:!?\"(|<>-][^\n,;:!?\"“”|<>]{0,58})"
_WORD_BEGINS = r"(?<![\w])"
_FOLD_REACH = 0x2200


def _fold_of(character: str) -> str:
    if character in "\u2018\u2019\u02bc\u0060\u00b4":
        return "'"
    if character in "\u2010\u2011\u2012\u2013\u2014\u2212":
        return "-"
    if character in "\u201c\u201d\u201e\u00ab\u00bb":
        return '"'
    if character == "ß":
        return "s"
    if character.isspace() and character != "\n":
        return " "
    return unicodedata.normalize("NFKD", character)[0].lower()[:1] or " "


_FOLD = {code: _fold_of(chr(code)) for code in range(0x80, _FOLD_REACH)} | {9: " ", 13: " ", 12: " ", 11: " ", 96: "'"}


def fold(text: str) -> str:
    """The text in lower case without accents and with plain quotes, character for character: offsets stay valid."""
    folded = text.translate(_FOLD)
    lowered = folded.lower()
    return lowered if len(lowered) == len(text) else "".join(c.lower()[:1] or " " for c in folded)


class Cues:
    """The cues of one language (or of several at once): phrases and word sets by name."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.languages = languages
        self._phrases: dict[tuple[str, str, str], Phrases] = {}
        self._each: dict[str, tuple[re.Pattern[str], ...]] = {}
        self._sets: dict[str, frozenset[str]] = {}

    def pattern(self, name: str) -> Phrases:
        """What finds any cue of this name, from the beginning of a word on, in folded text."""
        return self.framed(name, _WORD_BEGINS, "")

    def framed(self, name: str, before: str, behind: str) -> Phrases:
        """What finds any cue of this name between these two patterns, in folded text."""
        key = (name, before, behind)
        found = self._phrases.get(key)
        if found is None:
            found = self._phrases[key] = Phrases(tuple(_compile(one, *key) for one in self._with(name)))
        return found

    def each(self, name: str) -> tuple[re.Pattern[str], ...]:
        """The patterns of this name one by one, in their order, for folded text."""
        found = self._each.get(name)
        if found is None:
            found = self._each[name] = tuple(
                pattern for language in self._with(name) for pattern in _compile_each(language, name)
            )
        return found

    def _with(self, name: str) -> list[str]:
        """The languages that have cues of this name: English has all, some concern it alone."""
        found = [language for language in self.languages if name in load_language(language)]
        if not found:
            raise KeyError(name)
        return found

    def own(self, name: str) -> frozenset[str]:
        """The folded words listed under this name by the first language alone."""
        key = f"own {name}"
        found = self._sets.get(key)
        if found is None:
            found = self._sets[key] = frozenset(fold(word) for word in load_language(self.languages[0])[name])
        return found

    def words(self, name: str) -> frozenset[str]:
        """The folded words listed under this name."""
        found = self._sets.get(name)
        if found is None:
            found = self._sets[name] = frozenset(
                fold(word) for language in self._with(name) for word in load_language(language)[name]
            )
        return found


@cache
def _compile(language: str, name: str, before: str, behind: str) -> re.Pattern[str]:
    words = "|".join(map(_expand, load_language(language)[name]))
    return re.compile(f"{before}(?:{words}){behind}", re.MULTILINE)


@cache
def _compile_each(language: str, name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(pattern if pattern.startswith("^") else f"{_WORD_BEGINS}(?:{pattern})", re.MULTILINE)
        for pattern in map(_expand, load_language(language)[name])
    )


def _expand(pattern: str) -> str:
    return pattern.replace("<P>", _POSITION).replace("<C>", _COMPANY).replace("<E>", _END)


@cache
def load_language(language: str) -> Mapping[str, list[str]]:
    """One language's file, parsed; German patterns accept "ss" where folding left one "s" of "ß"."""
    text = (files("followup_mail.core.cues") / f"{language}.toml").read_text(encoding="utf-8")
    table: dict[str, list[str]] = {key: value for key, value in tomllib.loads(text).items() if isinstance(value, list)}
    table["scam"] = [pattern for key, value in table.items() if key.startswith("scam_") for pattern in value]
    if language == "de":
        for key, value in table.items():
            if key not in _LISTS:
                table[key] = [pattern.replace("ss", "ss?") for pattern in value]
    return table


@cache
def cues_of(language: str) -> Cues:
    """The cues of a language together with the English ones, which stand in mail of every language."""
    if language not in LANGUAGES:
        return Cues(LANGUAGES)
    return Cues((language,) if language == "en" else (language, "en"))


@cache
def hints() -> tuple[str, ...]:
    """Words that, in a folded subject, make a message worth fetching; none that holds another."""
    every = {hint for language in LANGUAGES for hint in load_language(language)["hints"]}
    return tuple(sorted(hint for hint in every if not any(other != hint and other in hint for other in every)))


@cache
def senders() -> Mapping[str, frozenset[str]]:
    """Domains and local parts by what stands behind them: `applicant_tracking`, `scheduling`, `freemail`."""
    return {key: frozenset(value) for key, value in _load_senders().items() if isinstance(value, list)}


@cache
def _load_senders() -> Mapping[str, object]:
    return tomllib.loads((files("followup_mail.core.cues") / "senders.toml").read_text(encoding="utf-8"))


@cache
def authserv_domains(domain: str) -> frozenset[str]:
    """The domains under which the authserv-ids (RFC 8601) of whoever receives mail for a domain stand: its own too."""
    listed = _load_senders()["authserv"]
    servers = listed.items() if isinstance(listed, dict) else ()
    return frozenset({domain} | {server for server, served in servers if domain in served})


@cache
def room_pattern() -> re.Pattern[str]:
    """Finds a room's name, or a note-taking program's, in folded text."""
    return re.compile("|".join(sorted(senders()["rooms"] | senders()["notetakers"])))


def is_from(domain: str, kind: str) -> bool:
    """Whether the domain, or one it belongs to, is listed under `kind` of senders.toml."""
    listed = senders()[kind]
    while domain:
        if domain in listed:
            return True
        domain = domain.partition(".")[2]
    return False


@cache
def employers() -> Mapping[str, frozenset[str]]:
    """Words of employers' names, whatever their language: `opening`, `closing`, `legal`, `offices`, `never`."""
    text = (files("followup_mail.core.cues") / "employers.toml").read_text(encoding="utf-8")
    return {key: frozenset(value) for key, value in tomllib.loads(text).items()}


@cache
def domain_words() -> Mapping[str, frozenset[str]]:
    """Words of which the labels of employers' domains are made: `trades`, `places`, `romance`, `compounding`."""
    text = (files("followup_mail.core.cues") / "domains.toml").read_text(encoding="utf-8")
    return {key: frozenset(value) for key, value in tomllib.loads(text).items()}


@cache
def vacancies() -> Mapping[str, frozenset[str]]:
    """Words in and around the names of positions, whatever their language: `nouns`, `trades`, `announcing`, `stops`."""
    text = (files("followup_mail.core.cues") / "vacancies.toml").read_text(encoding="utf-8")
    return {key: frozenset(value) for key, value in tomllib.loads(text).items()}
