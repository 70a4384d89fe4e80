"""Who stands in prose: behind "with", before "will interview you", behind a label, on the lines of a list."""

import re
from dataclasses import replace

from followup_mail.core.cues import fold, room_pattern
from followup_mail.core.facts.context import Context
from followup_mail.core.facts.employer import is_service_name
from followup_mail.core.facts.names import Named, is_organisation, parse_people, parse_people_before
from followup_mail.core.facts.persons import owner_names
from followup_mail.core.rules import Reading

_BULLETED = re.compile(r"\s*[-*•·]")
_BLOCK = 4  # lines below a time that belong to it
_ICON = re.compile(r"[^\w\s\"'(<\[@#$%&+/=.,:;!?|-]{1,3}\ufe0f? ?(?=\w)")
_LEAD = re.compile(r"(?:[^\W\d_]+(?:-[a-z]+)+ )+")


def find_named(context: Context, reading: Reading, *, quoted: bool = False) -> list[tuple[Named, int]]:
    """Everybody whom the text says the reader will meet, with the place where it says so."""
    found: list[tuple[Named, int]] = []
    text, low, cues = reading.text, reading.low, reading.cues
    for match in reading.find_all("people_after"):
        unit = reading.unit_at(match.start())
        if unit is None or (unit.part == "quoted" and not quoted):
            continue
        at = match.end() + (low[match.end() : match.end() + 1] in (" ", ":"))
        people = parse_people(text, low, at, line_end(text, at), cues)
        if not people and text[match.end() : line_end(text, at)].strip() == ":":
            below = line_end(text, at) + 1
            bulleted = _BULLETED.match(text, below) is not None
            listed = _lines_of_people(reading, below, strict=bulleted)
            sure = bulleted and reading.language == "en"  # elsewhere nouns have capitals too: papers to bring
            people = listed if sure or all(one.title for one in listed) else ()
        bare = " " not in match[0]
        found += [(one, match.start()) for one in people if not bare or one.honorific or " " in one.name]
    for match in reading.find_all("people_before"):
        unit = reading.unit_at(match.start())
        if unit is not None:
            found += [(one, match.start()) for one in parse_people_before(text, low, unit.start, match.start(), cues)]
    found += _behind_moments(context, reading)
    found += find_labelled(reading, "people_labels")
    found += _beside_moments(context, reading)
    whole = [(_in_full(without_lead(one), reading), at) for one, at in found]
    return [item for item in whole if is_somebody(item[0], context, reading)]


def without_lead(one: Named) -> Named:
    """A name without the hyphened word before it: "Cross-functional Omar Haddad" is a session and a name."""
    lead = _LEAD.match(one.name)
    return replace(one, name=one.name[lead.end() :]) if lead and " " in one.name[lead.end() :] else one


def _in_full(one: Named, reading: Reading) -> Named:
    """A first name with the surname that stands beside it elsewhere in the text, where only one does."""
    if " " in one.name:
        return one
    found = {match[0] for match in re.finditer(rf"(?<!\w){re.escape(one.name)} [^\W\d_a-z][\w'’-]+", reading.text)}
    fuller = [name for name in found if _is_name(name, reading)]
    return replace(one, name=fuller[0]) if len(fuller) == 1 else one


def _is_name(name: str, reading: Reading) -> bool:
    people = parse_people(name, fold(name), 0, len(name), reading.cues)
    return len(people) == 1 and people[0].name == name and not is_organisation(name)


def _beside_moments(context: Context, reading: Reading) -> list[tuple[Named, int]]:
    """Names on a line of their own behind a sign, in the block of a time: "👤 Jonas Keller (Staff Engineer)"."""
    found: list[tuple[Named, int]] = []
    if reading is not context.reading:
        return found
    for moment in context.moments[:8]:
        at = line_end(reading.text, moment.position) + 1
        for _ in range(_BLOCK):
            stop = line_end(reading.text, at)
            icon = _ICON.match(reading.text, at, stop)
            people = parse_people(reading.text, reading.low, icon.end(), stop, reading.cues) if icon else ()
            if people and people[-1].end >= stop - 1 and all(" " in one.name for one in people):
                found += [(one, at) for one in people]
            at = stop + 1
    return found


_WITH = re.compile(r"[^\n.;]{0,30}?[ ,](?:with|mit|avec|con|com|met|by|durch|par|por|da|door) ")


def _behind_moments(context: Context, reading: Reading) -> list[tuple[Named, int]]:
    """Names that follow a time: "Monday at 15:00 CET with Karl Weiss"."""
    found: list[tuple[Named, int]] = []
    if reading is not context.reading:
        return found
    for moment in context.moments:
        end = moment.position + len(moment.words)
        behind = _WITH.match(reading.low, end)
        if behind and reading.active[moment.position : end].strip():
            people = parse_people(reading.text, reading.low, behind.end(), line_end(reading.text, end), reading.cues)
            found += [(one, moment.position) for one in people]
    return found


def line_end(text: str, at: int) -> int:
    """Where the line at an offset ends, at most 400 characters on."""
    end = text.find("\n", at)
    return min(len(text) if end < 0 else end, at + 400)


def find_labelled(reading: Reading, cue: str) -> list[tuple[Named, int]]:
    """Names behind a label ("Interviewers: A, B"), on its line or on the lines below it."""
    found: list[tuple[Named, int]] = []
    label = reading.cues.framed(cue, r"^(?:[^\w\n]|_)*", r"\W{0,4}(?::| \| | - )[ |]*")
    text, low, cues = reading.text, reading.low, reading.cues
    for match in label.finditer(low):
        people = parse_people(text, low, match.end(), line_end(text, match.end()), cues)
        at = match.end()
        if not people and line_end(text, at) - at <= 1:
            people = _lines_of_people(reading, line_end(text, at) + 1)
        elif people and line_end(text, people[-1].end) < len(text) and "|" not in text[match.start() : people[-1].end]:
            people += tuple(one for one in _lines_of_people(reading, line_end(text, people[-1].end) + 1, strict=True))
        found += [(one, match.start()) for one in people]
    return found + _behind_bare_headings(reading, cue)


def _behind_bare_headings(reading: Reading, cue: str) -> list[tuple[Named, int]]:
    """Full names behind a label that lost its colon with its table: a line "With Priya Raman, Engineering Manager"."""
    found: list[tuple[Named, int]] = []
    for match in reading.cues.pattern(cue).finditer(reading.low):
        begin, limit = reading.low.rfind("\n", 0, match.start()) + 1, line_end(reading.text, match.end())
        if match.start() == begin and reading.low[match.end() : match.end() + 1] == " " and limit - begin <= 160:
            people = parse_people(reading.text, reading.low, match.end() + 1, limit, reading.cues)
            if people and all(" " in one.name for one in people):
                found += [(one, begin) for one in people]
    return found


def _lines_of_people(reading: Reading, at: int, *, strict: bool = False) -> tuple[Named, ...]:
    found: list[Named] = []
    for _ in range(10):
        limit = line_end(reading.text, at)
        if strict and not _BULLETED.match(reading.text, at, limit):
            break
        people = parse_people(reading.text, reading.low, at, limit, reading.cues)
        if not people or len(reading.text[at:limit]) > 160 or len(people[0].name.split()) < 2:
            break
        found += people
        at = limit + 1
    return tuple(found)


def is_somebody(one: Named, context: Context, reading: Reading) -> bool:
    """Whether a name may be somebody to meet: not the owner, a room, a service or a place."""
    name = fold(one.name)
    if one.addr_spec and one.addr_spec.lower() in context.me:
        return False
    if room_pattern().search(name) or is_service_name(one.name) or _is_place(one, reading):
        return False
    return not any(name == owner or set(name.split()) <= set(owner.split()) for owner in owner_names(context))


def _is_place(one: Named, reading: Reading) -> bool:
    """Whether a capitalised phrase is an address: "The Old Mill, Moor Lane"."""
    last = fold(one.name).split()[-1]
    return one.title is None and reading.cues.pattern("place_names").fullmatch(last) is not None
