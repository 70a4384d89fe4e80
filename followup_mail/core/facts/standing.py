"""How a capitalised phrase stands in a text: as a person's name does, or as a place's."""

import re
from functools import cache

from followup_mail.core.cues import employers, fold, room_pattern, senders
from followup_mail.core.facts.domains import is_service_name
from followup_mail.core.facts.names import is_organisation, is_title
from followup_mail.core.rules import Reading

_BEFORE = 60  # characters before a name that are looked at
_BEHIND = 48
_WITH = re.compile(
    r"(?:^|[\s(:,])(?:with|w/?|w\.|mit|avec|con|com|met|meet|meeting|by|par|por|da|door|interviewer|see|ask(?: for)?"
    r"|join) (?P<role>[^\n.;:()|]*)$"
)
_OWN = re.compile(
    r"(?:our|my|the|your|new|unser\w*|mein\w*|de[mnr]|notre|nos|mon|ma|le|la|nuestr[oa]|mi|el|noss[oa]|meu|minha|o|a"
    r"|onze?|mijn|de|het|nostr[oa]|mi[oa]|il|lo)"
)
_ROLE = re.compile(r"(?P<last>[\w&/'.\-]+)(?P<mark>,|:| -| –|) $")
_ME = r"(?:me|i|myself|ich|mir|moi|moi-meme|yo|eu|mim|ik|mij|io|yours truly|un servidor|une servante)"
_AND = r"(?:,? and| &| \+| und| sowie| et| y| e| en| ed| plus| or| oder| ou)"
_NOTE = r"(?: \([^()\n]{1,40}\))?"
_AND_ME = re.compile(
    rf"{_NOTE}(?: (?:aus|from|of|vo[nm]|de|du|do|da|van) [^\n,.;:()]{{2,24}}?)?{_AND} {_ME}\b",
)
_ME_AND = re.compile(
    rf"(?:\b{_ME}|\b(?:comigo|conmigo|con me)){_NOTE}(?:,|{_AND}) (?:(?:with|mit|con|com|avec|the|my|o|a) )?$"
)
_TOLD = re.compile(
    r",? (?:our|my|who|whose|unser\w*|notre|nuestr[oa]|noss[oa]|onze|(?:la|il) nostr[oa]|qui\b|che\b"
    r"|(?:aus|from|do|du) (?:de[mr] |the )?\w)"
)
_DOES = re.compile(
    r"(?: our [\w ]{2,24}?)? (?:will|'ll|is going to|would like to|can) (?:also )?"
    r"(?:be join|join|meet|interview|take you|pick|call|ring|sit|run|host|lead)"
    r"| (?:joins|is joining|picks you|says hello|sits in|meets)\b"
    r"| (?:ruft|holt|empfangt|erwartet|nimmt|begrusst) (?:sie|dich)\b"
    r"| (?:te |t'|vous |ti |la )(?:recevra|recoit|appelle|accueille|aspetta|riceve|chiama|espera|llama|recibe)"
)
_LISTED_BEHIND = re.compile(
    r",? (?:and|und|et|y|e|en|ed|&|\+|plus|or|ou|o|/) [^\W\d_]|, [^\W\d_]{2,} (?:and|et|y|e|en|ed|&) "
)
_LISTED_BEFORE = re.compile(r"(?:[\w.)],|[\w.)],? (?:and|et|y|e|en|ed|&|\+|plus|or|ou|o)) $")
_ARTICLE = re.compile(
    r"\b(?:the|a|an|de[rmn]|die|das|eine?[rmns]?|l[aeo]s?|un[ea]?|el|il|de|het|een|our|your|my|zum|zur|[io]|d[eo]l?|n[ao])"
    r" $"
)
_STREET_BEHIND = re.compile(r",? (?:no?\.? ?)?\d")
_ZONE = re.compile(r"(?:[a-z]+/|_|\d-)$")
_PLACE_BEHIND = re.compile(r" (?:room|raum|suite|building|gate|hall|statue|street|st|road|rd|dr|ave)\b")
_AT_PLACE = re.compile(r"(?:,|\(|\d|-|–|\b(?:in|at|from|to|de|a|en|em|nach|aus|di|te|naar)) $")
_INITIALS = re.compile(r"(?:[^\W\d_]\.-? ?){1,4}(?=[^\W\d_]['’]?[^\W\d_]{2})")
_OPEN = re.compile(r"(?:^|[:;,|(&+•–-] ?|\b(?:and|und|et|y|e|en|with|mit|avec|con|com|met|by) )$")


@cache
def _street_before() -> re.Pattern[str]:
    words = "|".join(sorted(senders()["streets"], key=len, reverse=True))
    return re.compile(rf"(?:^|[^\w])(?:{words})\.? (?:d[aeiou]s? |dell[ao] |del |de la |van |der )?$")


@cache
def _place_behind() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(sorted(senders()['place_or_surname']))})\.?")


def line_before(low: str, start: int) -> str:
    """What stands before an offset on its line, at most 60 characters."""
    return low[max(low.rfind("\n", 0, start) + 1, start - _BEFORE) : start]


def follows_street(low: str, start: int) -> bool:
    """Whether a street's word stands before an offset: "calle Padre Damián"."""
    return _street_before().search(line_before(low, start)) is not None


def is_place(low: str, start: int, end: int, name: str, *, given: bool) -> bool:
    """Whether a phrase is a street, a house, a town or a time zone: "via Enzo Ferrari", "Moor Lane", "Europe/Paris"."""
    before, folded = line_before(low, start), fold(name)
    words = folded.split()
    if follows_street(low, start) or _ZONE.search(before):
        return True
    if len(words) > 1 and words[-1].rstrip(".") in senders()["place_ends"]:
        return words[-1].rstrip(".") not in {"dr", "ct", "pl"} or before[-2:-1].isdigit()
    if len(words) > 1 and not given and "-" not in words[0] and _place_behind().fullmatch(words[-1]):
        return True
    if folded in senders()["cities"] or (len(words) == 2 and set(words) <= senders()["cities"]):
        return not given or _AT_PLACE.search(before) is not None or low.startswith(" time", end)
    return _PLACE_BEHIND.match(low, end) is not None or (not given and _STREET_BEHIND.match(low, end) is not None)


def is_thing(name: str) -> bool:
    """Whether a phrase is a company, a service or a room by its own words."""
    folded = fold(name)
    last = folded.rsplit(" ", 1)[-1]
    return bool(
        is_organisation(name)
        or is_service_name(name)
        or room_pattern().search(folded)
        or (" " in folded and last in senders()["thing_ends"])
        or (" " in folded and folded.split(" ", 1)[0] in employers()["opening"])
    )


def stands_as_person(reading: Reading, start: int, end: int, words: list[str]) -> bool:
    """Whether an unknown name stands where people stand: behind "with" or a job, beside "me", before what they do."""
    low, german = reading.low, reading.language == "de"
    before, behind = line_before(low, start), low[end : end + _BEHIND]
    full = len([word for word in words if word[0].isupper()]) > 1
    if (_AND_ME.match(behind) or _ME_AND.search(before)) and (full or not _ARTICLE.search(before)):
        return True
    sentence = _begins_sentence(before)
    told = _DOES.match(behind) or (_TOLD.match(behind) if full or behind.startswith(",") or not sentence else None)
    if told and (full or not german):
        return True
    if full and _INITIALS.match(" ".join(words)) and _OPEN.search(before):
        return True
    return (full or not german) and (
        _is_led(before, reading, full=full) or _has_trade(reading, start, before, full=full)
    )


def stands_in_list(reading: Reading, start: int, end: int) -> bool:
    """Whether a lone unknown name has neighbours in a sentence: "Jaz and Big Mick", "our consumer reps, Joyleen"."""
    before, behind = line_before(reading.low, start), reading.text[end : end + _BEHIND]
    name = reading.text[start:end]
    if (
        " " in name
        or reading.language == "de"
        or len(name) < 3
        or name.isupper()
        or not before.strip()
        or _ARTICLE.search(before)
    ):
        return False
    return _LISTED_BEFORE.search(before) is not None or _LISTED_BEHIND.match(behind) is not None


def _is_led(before: str, reading: Reading, *, full: bool) -> bool:
    """Whether "with" leads to a name, a job between them or not: "with our QA director, Hyacinth Boateng"."""
    led = _WITH.search(before)
    if led is None:
        return False
    role = led["role"].strip(" ,")
    if not role:
        return full or not before.rstrip().endswith((" da", " par", " por", " door", " by"))
    if _OWN.fullmatch(role):
        return full or (reading.language == "pt" and role in {"o", "a"})
    last = role.split()[-1]
    return len(role.split()) <= 6 and last not in senders()["linkers"] and is_title(role, reading.cues)


def _begins_sentence(before: str) -> bool:
    """Whether what follows is a sentence's first word, whose capital says nothing."""
    return not before.strip() or before.rstrip()[-1] in ".!?:"


def _has_trade(reading: Reading, start: int, before: str, *, full: bool) -> bool:
    """Whether the word before a name is a job's last: "the shop manager, Thurman", "VP: Ji-woo Nam"."""
    role = _ROLE.search(before)
    if role is None or role["last"].strip(".") not in reading.cues.words("titles"):
        return False
    small = reading.text[start - len(role[0]) : start - len(role[0]) + 1].islower()
    if full:
        return small or role["mark"] == ":"
    return small and role["mark"] == ","
