"""People named in prose: "Priya Raman (Engineering Manager), Tomás Rivera and Ms Elsa Wallin, our head of IT"."""

import re
from dataclasses import dataclass

from followup_mail.core.cues import Cues, fold

_UPPER = "".join(
    chr(c) for c in (*range(0x41, 0x250), *range(0x370, 0x530), *range(0x1E00, 0x1F00)) if chr(c).isupper()
)
_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f])"  # an accent that stands by itself belongs to its letter
_TOKEN = rf"(?:(?:[{_UPPER}]\.-?){{1,4}}|[{_UPPER}]{_LETTER}*(?:['’\-]{_LETTER}+)*)"
_PARTICLE = (
    r"(?:van|von|v\.|d\.|der|den|de|da|do|dos|das|di|del|dello|della|dal|dalla|degli|la|las|le|lo|los|el|al|bin|bint"
    r"|binti|binte|ibn|ben|ten|ter|te|zu|zum|zur|af|av|du|d'|['’]t|st\.|[sdSD]/[oO]|[aA]/[lLpP])"
)
NAME = re.compile(rf"{_TOKEN}(?: (?:{_PARTICLE} ){{0,3}}(?:d['’](?=[{_UPPER}]))?{_TOKEN}){{0,4}}")
_JOINER = re.compile(
    r"[ \t]*(?:,? (?:and|und|et|y|e|en|sowie|as well as|along with|plus|&|\+|then|followed by|ed) |, (?:and"
    r"|und|et|y|e|en) |[,;/&+•|] ?)"
    r"(?:also |both |auch |aussi |with |mit |avec |con |com |met )?"
)
_OPENER = re.compile(
    r"[ \t\"'*:>•@\-]*(?:(?:me and|mir und|moi et|mi y|mim e|mij en|me e) )?(?:(?:with|mit|avec|con|com|met"
    r"|our|the|your|my|also|both|unser(?:e[mnrs]?)?|d(?:er|em|en|ie|as)|eine[mr]?|notre|nos|le|la|les|l'"
    r"|nuestr[oa]s?|el|los|las|noss[oa]s?|o|a|os|as|onze?|de|het|il|lo|gli|nostr[oaie]|colleagues?|colleghi"
    r"|colegas?|de heer) |l')*"
)
_NOTE = re.compile(r" ?\((?P<note>[^()\n]{1,80})\)| ?<(?P<address>[^<>\s]{3,120})>| ?\[(?P<bracket>[^\[\]\n]{1,60})\]")
_AFTER_TITLE = re.compile(r"(?:,| -| –| —| \||:) ?(?P<title>[^,;|()\n\[\]]{2,70})")
_TITLE_END = re.compile(
    r"(?: (?:and|und|et|y|e|en|&|will|wird|who|at|on|am|from|for|um|to|in the|this|next|is|are|as well|via|if"
    r"|using)\b.*|[.!?](?= |$).*| -| –| —).*$"
)
_ORGANISATION = re.compile(
    r"\b(?:inc|ltd|llc|llp|gmbh|ag|se|kg|corp|corporation|company|co|plc|sa|s\.a|sas|sarl|srl|spa|bv|nv|lda|ltda|group|gruppe|groupe"
    r"|labs?|technolog(?:y|ies)|systems?|solutions?|partners|bank|universit\w*|institut\w*|hospital|health|energy|museum|trust"
    r"|foundation|software|media|capital|ventures|consulting|industries|robotics|analytics|studio|studios|college|school|council"
    r"|services|holding|international|logistics|foods|motors|airlines|insurance|pharma|digital|networks|architects|engineering)\.?$"
)
_PRONOUNS = re.compile(r"(?:she|he|they|her|him|them|elle|il|ella|sie|er|ela|ele)(?:\s?/\s?\w+)+|any pronouns")
_PEOPLE_CAP = 12
_CALENDAR_NAMES = frozenset({"jan", "april", "june", "may", "august", "mai", "julio", "marco", "ottavio", "sun", "mar"})


@dataclass(frozen=True, slots=True)
class Named:
    """A name as it stands in a text, with what stands round it."""

    name: str
    title: str | None = None
    honorific: str | None = None
    addr_spec: str | None = None
    start: int = 0
    end: int = 0


def _words(text: str) -> list[str]:
    return [word.strip(".,'’()") for word in fold(text).replace("-", " ").split()]


def is_title(text: str, cues: Cues) -> bool:
    """Whether the words are somebody's job: "Staff Engineer", "Leiterin Technik"."""
    titles = cues.words("titles")
    words = _words(text)
    return 0 < len(words) <= 9 and any(word in titles for word in words)


def is_organisation(name: str) -> bool:
    """Whether a capitalised phrase ends as companies' names do."""
    return _ORGANISATION.search(fold(name)) is not None


def _trim_name(name: str, cues: Cues) -> str:
    """The name up to its first word that is no part of one."""
    kept: list[str] = []
    stops, titles = cues.words("not_names"), cues.words("titles")
    words = name.split(" ")
    for index, word in enumerate(words):
        plain = fold(word).strip(".,'")
        if plain in _CALENDAR_NAMES and index == 0 and len(words) > 1 and words[1][:1].isupper():
            kept.append(word)
            continue
        if plain in titles or (plain in stops and not (kept and len(plain) <= 3 and word.islower())):
            break
        kept.append(word)
    while kept and (kept[-1].islower() or fold(kept[-1]) in stops):
        kept.pop()
    return " ".join(kept)


def _is_plausible(name: str) -> bool:
    tokens = name.split(" ")
    if not name or len(name) < 2 or len(tokens) > 6 or is_organisation(name):
        return False
    letters = name.replace(" ", "")
    return not (letters.isupper() and len(letters) <= 4) and not re.fullmatch(rf"(?:[{_UPPER}]\.? ?)+", name)


def _read_honorific(text: str, low: str, at: int, cues: Cues) -> tuple[str | None, int]:
    found: list[str] = []
    while True:
        word = re.compile(r"[a-z]+(?:[.\-][a-z]+)*\.?(?= )").match(low, at)
        if not word or word[0].rstrip(".") not in cues.words("honorifics"):
            break
        found.append(text[word.start() : word.end()])
        at = word.end() + 1
    return (" ".join(found) or None), at


def read_notes(text: str, at: int) -> tuple[str | None, str | None, int]:
    """A title in brackets and an address in angle brackets behind a name."""
    title: str | None = None
    address: str | None = None
    while note := _NOTE.match(text, at):
        inside = note["note"] or note["bracket"] or ""
        given = note["address"] or (inside if "@" in inside and " " not in inside else None)
        if given:
            address = given.removeprefix("mailto:")
        elif not _PRONOUNS.fullmatch(inside.strip().lower()) and not title and any(c.isalpha() for c in inside):
            title = inside.strip()
        at = note.end()
    return title, address, at


def read_title(text: str, at: int, limit: int, cues: Cues) -> tuple[str | None, int]:
    """The job that stands behind a name after a comma or a dash, and where it ends."""
    behind = _AFTER_TITLE.match(text, at, limit)
    if not behind:
        return None, at
    words = _TITLE_END.sub("", behind["title"]).strip(" .")
    words = re.sub(
        r"^(?:our|the|unser\w*|notre|nuestr[oa]|noss[oa]|onze|nostr[oa]|de|il|la|le|el|o|a) (?=\w)",
        "",
        words,
        flags=re.IGNORECASE,
    )
    if not words or not is_title(words, cues):
        return None, at
    end = text.find(words, behind.start("title")) + len(words)
    return words, end


def _read_one(text: str, low: str, at: int, limit: int, cues: Cues) -> Named | None:
    opener = _OPENER.match(low, at, limit)
    start = opener.end() if opener else at
    title: str | None = None
    honorific, begin = _read_honorific(text, low, start, cues)
    match = NAME.match(text, begin, limit)
    name = _trim_name(match[0], cues) if match else ""
    if not name:
        near = _skip_role(text, low, start, limit, cues)
        if near is None:
            return None
        title, start = near
        honorific, begin = _read_honorific(text, low, start, cues)
        match = NAME.match(text, begin, limit)
        name = _trim_name(match[0], cues) if match else ""
    if not match or not _is_plausible(name):
        return None
    name = _without_place(name, text[match.start() + len(name) :][:3])
    end = match.start() + len(name)
    noted, address, end = read_notes(text, end)
    if noted and noted.startswith(f"{name} ") and NAME.fullmatch(noted):
        name, noted = noted, None  # "Noor (Noor El-Amin)"
    behind, end = read_title(text, end, limit, cues)
    if not address:
        later, address, end = read_notes(text, end)
        noted = noted or later
    return Named(name, title or noted or behind, honorific, address, match.start(), end)


def _without_place(name: str, behind: str) -> str:
    """A name without the room that follows it in a row: "Paul Ostrowski Library 210", "Evelyn Carter Main Hall 101"."""
    words = name.split(" ")
    if len(words) < 3 or not re.match(r" \d", behind):
        return name
    return " ".join(words[:-1] if len(words) == 3 else words[:-2])


def _skip_role(text: str, low: str, at: int, limit: int, cues: Cues) -> tuple[str, int] | None:
    """The job that stands before a name ("our head of HR, Mr Liam Andersson"), and where the name begins."""
    for match in NAME.finditer(text, at, min(limit, at + 80)):
        offset = 0
        for word in match[0].split(" "):
            begin = match.start() + offset
            offset += len(word) + 1
            before = text[at:begin].strip(" ,:-")
            plain = fold(word).strip(".")
            if plain in cues.words("titles") or plain in cues.words("not_names"):
                continue
            if not before or not is_title(before, cues) or re.search(r"[.;!?|]", before):
                return None
            start = begin
            held = re.search(r"([a-z.]+) $", low[at:begin])
            if held and held[1].rstrip(".") in cues.words("honorifics"):
                start = begin - len(held[1]) - 1
                before = before[: -len(held[1])].strip(" ,:-")
            return (before, start)
    return None


def parse_people(text: str, low: str, at: int, limit: int, cues: Cues) -> tuple[Named, ...]:
    """The list of people that begins at an offset and ends before `limit`, empty where no name stands there."""
    found: list[Named] = []
    while len(found) < _PEOPLE_CAP:
        one = _read_one(text, low, at, limit, cues)
        if one is None:
            break
        found.append(one)
        joiner = _JOINER.match(text, one.end, limit)
        if not joiner:
            break
        at = joiner.end()
    return tuple(found)


def parse_people_before(text: str, low: str, start: int, at: int, cues: Cues) -> tuple[Named, ...]:
    """The list of people that ends just before an offset: "Luis Ortega and Bo Chan will interview you"."""
    for match in NAME.finditer(text, start, at):
        people = parse_people(text, low, match.start(), at, cues)
        if people and not re.search(r"[\w@]", text[people[-1].end : at].replace(",", "")):
            return people
    return ()


def same_name(one: str, other: str) -> bool:
    """Whether two names may be one person's: the words of one are among the other's."""
    a, b = set(_words(one)), set(_words(other))
    return bool(a and b) and (a <= b or b <= a)
