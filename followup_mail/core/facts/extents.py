"""How far a name goes: with its nickname and small words, without a company, and turned round."""

import re
from dataclasses import dataclass
from itertools import pairwise

from followup_mail.core.cues import Cues, fold
from followup_mail.core.facts.name_words import honorific_before, is_given, is_particle, may_name
from followup_mail.core.facts.names import NAME, is_title, read_notes, read_title
from followup_mail.core.facts.standing import is_thing
from followup_mail.core.rules import Reading

_TURNED_CAP = 60
_REACH = 80  # characters within which a turned name tells that its neighbours are turned
_TURNED = re.compile(  # "De Santis, Ornella": a cell or an item of a list that holds nothing else
    r"(?:^(?:[-*•] ?)?|[|;:•→] ?| [–-] )(?:(?P<honorific>[^\W\d_]{1,5}\.) )?"
    rf"(?P<surname>(?:(?:de|van|von|der|den|di|da) ){{0,2}}{NAME.pattern}), (?P<given>{NAME.pattern})"
    r"(?=\.?(?:$| ?[|;(\n<[]| [-–—] ))",
    re.MULTILINE,
)
_LABELLED = re.compile(
    r"(?:interviewer|panel|entrevistador|intervistator|intervieweur|gesprekspartner|gesprachspartner)\w*\W{0,4}[:|] ?$"
)
_NICKNAME = re.compile(
    r" ?(?:[(\[] ?)?[\"“”„'‘’«(] ?(?P<nick>[^\W\d_][\w .'’-]{0,20}?) ?[\"“”'‘’»)](?: ?[)\]])? "
    r"(?P<rest>(?:d['’])?)(?=[^\W\d_a-z])"
)
_INITIALS = re.compile(r"(?:[^\W\d_]\.-? ?)+")
_PARTICLES_BEFORE = re.compile(r"(?:^|[^\w'’-])((?:(?:van|von|der|den|de|di|da|ten|ter|vom|zu) ){1,3})$")
_FROM_COMPANY = {"nl": ("van",), "de": ("von", "vom"), "it": ("di",), "es": ("de", "del")}


@dataclass(frozen=True, slots=True)
class Turned:
    """A name whose surname stands first."""

    name: str
    start: int
    end: int
    honorific: str | None
    sure: bool


def find_turned(reading: Reading, cap: int) -> list[Turned]:
    """Names that are turned round, "Mwangi, Peris": those with a known given name, and what stands beside them so."""
    found: list[Turned] = []
    for match in _TURNED.finditer(reading.text[:cap]):
        if len(found) < _TURNED_CAP and _may_be_turned(match, reading.cues):
            start = match.start("surname")
            sure = is_given(match["given"].split(" ")[0]) and not is_given(match["surname"].split(" ")[0])
            sure = sure or _LABELLED.search(reading.low, max(0, start - 24), start) is not None
            found.append(Turned(f"{match['given']} {match['surname']}", start, match.end(), match["honorific"], sure))
    some = any(one.sure for one in found)
    return [
        one
        for one in found
        if one.sure
        or (some and is_given(one.name.split(" ")[0]))
        or any(other.sure and abs(other.start - one.start) <= _REACH for other in found)
    ]


def _may_be_turned(match: re.Match[str], cues: Cues) -> bool:
    """Whether both sides of a comma may be parts of one name, and are no two whole ones."""
    surname, given = match["surname"].split(" "), match["given"].split(" ")
    if len(given) > 3 or (len(surname) > 1 and is_given(surname[0])):
        return False
    words = [word for word in (*surname, *given) if not word.islower()]
    name = f"{match['given']} {match['surname']}"
    sound = all(may_name(word, cues) or is_particle(word) for word in words)
    return sound and not is_title(name, cues) and not is_thing(name)


def fit_name(reading: Reading, start: int, end: int, words: list[str]) -> tuple[str, int, int]:
    """The whole name whose words stand at an offset, and where it begins and ends."""
    name, end = _without_company(*_with_rest(reading, " ".join(words), words, end), reading)
    begins = _PARTICLES_BEFORE.search(reading.low[max(0, start - 14) : start])
    if begins is None or is_given(words[0]) or not _stands_open(reading, start - len(begins[1])):
        return name, start, end
    return reading.text[start - len(begins[1]) : start] + name, start - len(begins[1]), end


def _with_rest(reading: Reading, name: str, words: list[str], end: int) -> tuple[str, int]:
    """The name with what follows a nickname in it: 'Cuthbert "Bert" Ames', "R.J. (Ruud) Bijlsma"."""
    nick = _NICKNAME.match(reading.text, end)
    rest = NAME.match(reading.text, nick.end()) if nick and len(words) <= 2 else None
    if nick is None or rest is None:
        return name, end
    kept: list[str] = []
    for word in rest[0].split(" "):
        if not (word.islower() or is_particle(word) or may_name(word, reading.cues)):
            break
        kept.append(word)
    if not kept or kept[-1].islower() or is_given(kept[0]):
        return name, end
    surname = nick["rest"] + " ".join(kept)
    first = nick["nick"] if _INITIALS.fullmatch(name) else name
    return f"{first} {surname}", nick.start("rest") + len(surname)


def _without_company(name: str, end: int, reading: Reading) -> tuple[str, int]:
    """A full name without the company that follows it: "Ludo Smeets van Limburg Cargo"."""
    words = name.split(" ")
    linkers = _FROM_COMPANY.get(reading.language, ())
    if len(words) < 4 or words[2] not in linkers or words[1].islower() or not is_given(words[0]) or is_given(words[1]):
        return name, end
    kept = " ".join(words[:2])
    return kept, end - (len(name) - len(kept))


def _stands_open(reading: Reading, start: int) -> bool:
    """Whether a small word before a surname begins the name: behind an honorific, at the beginning of a cell."""
    before = reading.low[max(0, start - 3) : start]
    return honorific_before(reading, start) is not None or before.endswith(("| ", "; ", "\n"))


def read_trade(reading: Reading, end: int) -> tuple[str | None, str | None, int]:
    """The job and the address behind a name, and where what belongs to it ends."""
    title, addr_spec, after = read_notes(reading.text, end)
    if title is None:
        title, after = _title_behind(reading, after)
    if not (title and addr_spec):
        later, given_later, after = read_notes(reading.text, after)
        title, addr_spec = title or later, addr_spec or given_later
    return title, addr_spec, after


def _title_behind(reading: Reading, at: int) -> tuple[str | None, int]:
    """The job behind a name, unless somebody else is named in it: ", our M&E Advisor Hanneke Vos"."""
    title, after = read_title(reading.text, at, min(len(reading.text), at + 90), reading.cues)
    words = (title or "").split(" ")
    others = any(is_given(one) and one[:1].isupper() and two[:1].isupper() for one, two in pairwise(words))
    honoured = any(
        fold(word).rstrip(".") in reading.cues.words("honorifics") - reading.cues.words("titles") for word in words[:-1]
    )
    return (None, at) if others or honoured else (title, after)


def is_somebody_named(note: str, cues: Cues) -> bool:
    """Whether a note is somebody's name: "Hr. Pfisterer", "Marcus Feldstein"."""
    first, _, rest = note.partition(" ")
    honoured = fold(first).rstrip(".") in cues.words("honorifics") or is_given(first)
    return bool(rest) and rest[0].isupper() and honoured and NAME.fullmatch(rest) is not None
