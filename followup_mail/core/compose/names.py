"""Names as a letter says them: people as they sign, positions and employers without their decoration."""

import re

from followup_mail.core.compose.draft import plain
from followup_mail.core.compose.lint import placeholders
from followup_mail.core.compose.voices import Voice
from followup_mail.core.who import Person

_TITLES = re.compile(
    r"(?:(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|dame|frau|herrn?|mme|madame|monsieur|sr|sra|señora?|dott|dott\.ssa|sig|sig\.ra"
    r"|ing|mag|dipl|dhr|mevr|mevrouw|meneer|phd|m\.sc)\b\.?\s+)+",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    [
        "van",
        "von",
        "der",
        "den",
        "de",
        "del",
        "della",
        "di",
        "da",
        "dos",
        "das",
        "do",
        "du",
        "la",
        "le",
        "ter",
        "ten",
        "zu",
        "zum",
        "af",
        "av",
        "al",
        "el",
        "bin",
        "ibn",
        "st",
    ]
)
_UNNAMED = re.compile(r"[@<>\[\]{}|\\/_=#*\d]|https?:|\bteam\b|\brecruiting\b|\bhr\b|no-?reply", re.IGNORECASE)
_LEGAL_FORM = re.compile(
    r",?\s+(?:inc|incorporated|ltd|limited|llc|llp|plc|corp|corporation|gmbh(?: & co\.? kg)?|ag|se|kg|ug|e\.?v"
    r"|s\.?a|s\.?a\.?s|sarl"
    r"|s\.?r\.?l|s\.?p\.?a|s\.?l|lda|ltda|b\.?v|n\.?v|oy|ab|aps|pty)\.?$",
    re.IGNORECASE,
)
_NO_SESSION = re.compile(
    r"interview|\bcall\b|\bscreen|phone|chat|meeting|\bround\b|panel|on-?site|zoom|teams|invitation|invite|appointment|gespräch"
    r"|termin|entretien|appel|réunion|entrevista|llamada|reunión|ligação|chamada|reunião|sollicitatie|gesprek|kennismaking"
    r"|colloquio|incontro|chiamata|riunione|conversation|discussion",
    re.IGNORECASE,
)
_ODD = re.compile(r"[@<>\[\]{}()|\\_=#*]|https?:|www\.|\d{4,}")


def full_name(person: Person) -> str | None:
    """The person's name as a letter may write it, None where nothing but an address or a team is known."""
    return _clean_name(person.display_name) or _clean_name(person.signs_as or "")


def given_name(name: str | None) -> str | None:
    """The given name of "Maya Okafor", "Dr. Maya Okafor" or "OKAFOR, Maya"; None where it is only an initial."""
    words = (_clean_name(name or "") or "").split()
    if not words or len(words[0].rstrip(".")) < 2 or words[0].casefold() in _PARTICLES:
        return None
    return words[0]


def surname(name: str | None) -> str | None:
    """The surname of a name of two words, or with a particle ("van der Berg"); None where it would be a guess."""
    words = (_clean_name(name or "") or "").split()
    if len(words) == 2 or (len(words) > 2 and all(word.casefold() in _PARTICLES for word in words[1:-1])):
        return " ".join(words[1:])
    return None


def greet(person: Person, voice: Voice) -> dict[str, object]:
    """The greeting lines `dear` and `hi`: as they sign, with an honorific only if a message says so."""
    signed, name = _clean_name(person.signs_as or ""), _clean_name(person.display_name)
    if voice.formal or not signed:
        greeting = _honorific_greeting(person, voice)
        if greeting:
            return {"dear": greeting, "hi": greeting}
    called = (name or signed) if voice.formal else (given_name(signed) or given_name(name) or name or signed)
    if not called:
        return {"dear": voice.nobody, "hi": voice.nobody}
    return {"dear": voice.dear.format(name=called), "hi": voice.hi.format(name=called)}


def _honorific_greeting(person: Person, voice: Voice) -> str | None:
    honorific, name = plain(person.honorific or "", 30), _clean_name(person.display_name)
    if not honorific or not name or _ODD.search(honorific) or not _sayable(honorific):
        return None
    for pattern, greeting in voice.honorifics:
        if re.fullmatch(pattern, honorific, re.IGNORECASE):
            return greeting.format(honorific=honorific, surname=surname(name) or name)
    return None


def _clean_name(name: str) -> str | None:
    """One line of a name in its order, without titles; None for what is no person's name."""
    name = plain(name, 80).strip(" ,;:'\"“”")
    if name.count(",") == 1:
        family, given = (part.strip() for part in name.split(","))
        name = f"{given} {family}"
    name = _TITLES.sub("", name, count=1) if _TITLES.match(name) else name
    if not name or len(name.split()) > 6 or len(name) > 60 or _UNNAMED.search(name):
        return None
    return _sayable(" ".join(_uncapitalised(word) for word in name.split()))


def _sayable(words: str) -> str | None:
    """The words, None where they are a blank that somebody never filled in ("TBD", "N/A")."""
    return None if placeholders(words) else words


def _uncapitalised(word: str) -> str:
    """A name in capitals as one writes it, "Okafor" for "OKAFOR"; short ones may be initials and stay."""
    if len(word) < 4 or not word.isupper():
        return word
    return "-".join(part.capitalize() for part in word.split("-"))


def clean_position(position: str | None) -> str | None:
    """The position without "(m/w/d)", numbers or a word for "position" behind it; None where it is no name of one."""
    words = re.sub(r"\s*[(\[][^()\[\]]{0,60}[)\]]", "", plain(position or "", 160))
    words = re.sub(r"\s+[mwfhdx](?:\s?/\s?[mwfhdx]){1,3}$", "", words, flags=re.IGNORECASE)
    words = re.sub(r"\s+(?:position|role|job|opening|vacancy)$", "", words, flags=re.IGNORECASE).strip(" ,;:.-–—|")
    return _sayable(words) if 2 < len(words) <= 70 and not _ODD.search(words) else None


def clean_company(company: str | None) -> str | None:
    """The employer's name without its legal form; None where it is no name."""
    words = _LEGAL_FORM.sub("", plain(company or "", 120)).strip(" ,;:-–—|")
    return _sayable(words) if 1 < len(words) <= 60 and not _ODD.search(words) else None


def clean_session(title: str | None, position: str | None, company: str | None, owner: str) -> str | None:
    """A session's title that names its subject ("Systems design"); None for a mere "Phone screen"."""
    words = plain(title or "", 120).strip(" .,;:-–—\"“”„'")
    known = [part.casefold() for part in (position, company, owner, *owner.split()[:1]) if part]
    if not 4 <= len(words) <= 50 or len(words.split()) > 6 or _ODD.search(words) or _NO_SESSION.search(words):
        return None
    return None if any(part in words.casefold() for part in known) else _sayable(words)
