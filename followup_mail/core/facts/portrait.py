"""What marks somebody whom a message names: words around the name, its line, the headers, the others beside them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from followup_mail.core.cues import Cues, fold, is_from
from followup_mail.core.cues.phrases import Phrases
from followup_mail.core.facts.context import Context
from followup_mail.core.facts.mentions import Mention
from followup_mail.core.facts.names import same_name
from followup_mail.core.facts.recruiter import find_signed_title
from followup_mail.core.rules import Reading
from followup_mail.core.when import Moment
from followup_mail.core.who import Person

_WORD = re.compile(r"\d+(?:[:.]\d\d)?|[^\W\d_]+|[?!:;.,()|/@-]")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_REACH = 70  # characters round a name
_SIDE = 4  # words on each side
_ABOVE = 80  # characters of the line above a list
_LABEL = re.compile(r"\W*([^\n:|]{2,40}?) ?(?::|\|| - | – )")
_TIME = re.compile(r"\b\d{1,2}(?:[:.h]\d\d| ?[ap]\.?m\b| uhr\b| ?h\b)")
_SIGNED = 4  # last lines of a text in which a writer signs
_OURS = frozenset({"we", "us", "our", "my", "wir", "uns", "nous", "on", "nosotros", "nos", "wij", "ons", "noi", "ci"})
_NEAR = 3  # lines
_SAID = 1_500  # characters in which the sender speaks of themself
_JOINED = (
    r"(?:,? ?(?:and|und|et|y|e|ed|en|sowie|plus|then|dann|puis|luego|dan|poi|with|mit|avec|con|com|met|&|\+|/)|,) "
)
_OPENS_ROW = r"^[^\w\n]*\d[^\na-z]{0,40}(?:(?:uhr|h|[ap]\.?m\.?|\([a-z]{2,5}\))[^\na-z]{1,8})?(?<![a-z])"
_SENDER_CUES = ("holds", "with_me", "panel", "people_after", "people_before", "agency")


@dataclass
class Candidate:
    """Somebody who may hold the interview: the fullest name, the address stated for them, and what marks them."""

    name: str
    addr_spec: str | None = None
    title: str | None = None
    honorific: str | None = None
    places: list[tuple[Reading, Mention]] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)
    mates: list["Candidate"] = field(default_factory=list)  # who stands in a list with them

    def is_same(self, person: Person) -> bool:
        """Whether somebody the rules found may be this one."""
        if person.addr_spec and self.addr_spec and person.addr_spec.lower() == self.addr_spec.lower():
            return True
        return bool(person.display_name and self.name) and same_name(person.display_name, self.name)


def mark_place(reading: Reading, mention: Mention, head: Mention, tail: Mention) -> Iterator[str]:
    """The marks of a name where it stands; `head` and `tail` are the ends of the list of names it stands in."""
    yield from _around(reading.low, head.start, tail.after)
    if head is not mention:
        yield "listed"
        yield from _around(reading.low, mention.start, mention.after, "own ")
    unit = reading.unit_at(mention.start)
    if unit:
        yield f"part {unit.part}"
        yield from (f"unit {word}" for word in set(_LETTERS.findall(reading.low[unit.start : unit.end])))
        if unit.conditional:
            yield "conditional"
    yield from _mark_line(reading.low, mention)
    yield from _mark_heading(reading, head)
    yield from _mark_name(mention)


def mark_moments(reading: Reading, at: int, moments: tuple[Moment, ...]) -> Iterator[str]:
    """How near to a time the name stands: in its sentence, on its line, on the line above or below."""
    unit = reading.unit_at(at)
    line = reading.low.count("\n", 0, at)
    for moment in moments:
        if unit is not None and unit.start <= moment.position < unit.end:
            yield "with moment"
            yield "behind moment" if moment.position < at else "before moment"
        away = reading.low.count("\n", 0, moment.position) - line
        if abs(away) < _NEAR:
            yield f"moment {away:+d}"


def _mark_line(low: str, mention: Mention) -> Iterator[str]:
    line, end = low.rfind("\n", 0, mention.start) + 1, low.find("\n", mention.end)
    end = len(low) if end < 0 else end
    if _TIME.search(low, line, end):
        yield "timed line"
    if " | " in low[line:end]:
        yield "cell"
    if mention.start - line < 5:
        yield "line starts"
        if mention.after >= end - 2:
            yield "line alone"


def _mark_heading(reading: Reading, head: Mention) -> Iterator[str]:
    """What labels the list: before a colon on its line, or on the line above it."""
    low = reading.low
    line = low.rfind("\n", 0, head.start) + 1
    label = _LABEL.match(low, line, head.start)
    if label:
        yield from (f"label {word}" for word in _LETTERS.findall(label[1]))
        said = label[1].strip()
        if reading.cues.pattern("recruiter_labels").fullmatch(said) and reading.cues.pattern("recruits").match(said):
            yield "labelled recruiter"
    if line > 0 and head.start - line < 6:
        above = low[low.rfind("\n", 0, line - 1) + 1 : line - 1][-_ABOVE:]
        yield from (f"above {word}" for word in _LETTERS.findall(above))


def _mark_name(mention: Mention) -> Iterator[str]:
    if mention.honorific:
        yield "honoured"
    yield from (f"title {word}" for word in _LETTERS.findall(fold(mention.title or "")))


def _around(low: str, start: int, end: int, prefix: str = "") -> Iterator[str]:
    begin = max(low.rfind("\n", 0, start) + 1, start - _REACH)
    stop = low.find("\n", end)
    before = _words(low[begin:start])[-_SIDE:]
    behind = _words(low[end : min(end + _REACH, len(low) if stop < 0 else stop)])[:_SIDE]
    yield from (f"{prefix}l {word}" for word in before)
    yield from (f"{prefix}r {word}" for word in behind)
    if before:
        yield f"{prefix}l1 {before[-1]}"
        yield f"{prefix}l2 {' '.join(before[-2:])}"
    else:
        yield f"{prefix}l0"
    if behind:
        yield f"{prefix}r1 {behind[0]}"
        yield f"{prefix}r2 {' '.join(behind[:2])}"


def _words(text: str) -> list[str]:
    return ["<n>" if word[0].isdigit() else word for word in _WORD.findall(text)]


def mark_whole(
    context: Context, one: Candidate, found: list[Candidate], said: tuple[Person, ...], recruiter: Person | None
) -> None:
    """Add the marks of somebody's place among the others and in the message."""
    sender = context.sender
    others = [other for other in found if other is not one]
    _mark_by_rules(one, said)
    _mark_signing(context, one)
    _count(context.reading, one, others)
    if " " not in one.name:
        one.marks.add("one word")
    if one.places and not one.addr_spec and not any(mention.listed for _, mention in one.places):
        one.marks.add("unlisted")
    if recruiter and ((recruiter.addr_spec or "") == one.addr_spec or recruiter.display_name == one.name):
        one.marks.add("recruiter")
    if one.addr_spec:
        one.marks.add("addressed")
        if sender and one.addr_spec.partition("@")[2] != sender.domain:
            one.marks.add("elsewhere")
    if "in sender" in one.marks or ("signs" in one.marks and not any("in sender" in other.marks for other in others)):
        _mark_writer(context, one, others)
    _mark_invited(context, one, others)


def _mark_signing(context: Context, one: Candidate) -> None:
    """Whether somebody's name stands alone among the last lines, as a writer's does."""
    lines = [fold(line).strip(" ,.-–—/!*") for line in context.message.body.fresh.split("\n") if line.strip()]
    names = {fold(one.name), fold(one.name).partition(" ")[0]}
    if one.name and not names.isdisjoint(lines[-_SIGNED:]):
        one.marks.add("signs")


def _mark_by_rules(one: Candidate, said: tuple[Person, ...]) -> None:
    """Whether the rules name them, their neighbours in a list, or others."""
    if any(map(one.is_same, said)):
        one.marks.add("rules")
    if any(mate is not one and any(map(mate.is_same, said)) for mate in one.mates):
        one.marks.add("rules name a mate")
    told = sum(1 for person in said if not one.is_same(person))
    one.marks |= {f"rules name {least} other" for least in (1, 2, 4) if told >= least}


def _count(reading: Reading, one: Candidate, others: list[Candidate]) -> None:
    named = sum(1 for other in others if any(where is reading for where, _ in other.places))
    own = sum(1 for where, _ in one.places if where is reading)
    one.marks |= {f"others {least}" for least in (1, 2, 4) if named >= least}
    one.marks |= {f"named {least}" for least in (1, 2, 3) if own >= least}


def _mark_invited(context: Context, one: Candidate, others: list[Candidate]) -> None:
    one.marks.add("invited" if context.invitations else "uninvited")
    attending = sum(1 for other in others if "attends" in other.marks)
    if "attends" in one.marks:
        one.marks.add(f"attending {min(attending, 3)} others")
        if "organizes" in one.marks:
            one.marks.add("attends and organizes")
    if "organizes" in one.marks and not attending:
        one.marks.add("organizes alone")


def _mark_writer(context: Context, one: Candidate, others: list[Candidate]) -> None:
    """What the writer's signature and own words say of them."""
    reading = context.reading
    title = fold(find_signed_title(context) or "")
    for name in ("arranges", "recruits"):
        if title and reading.cues.pattern(name).search(title):
            one.marks.add(f"sender {name}")
    one.marks |= {f"sender is {word}" for word in _LETTERS.findall(title)}
    one.marks |= {f"sender {cue}" for cue in _SENDER_CUES if reading.has(cue)}
    one.marks |= set(_speaks(reading))
    one.marks |= set(_names_self(reading, others))
    if not any(where is reading for where, _ in one.places):
        one.marks.add("sender unnamed")
    if context.sender is not None and is_from(context.sender.domain, "freemail"):
        one.marks.add("sender free")


def _speaks(reading: Reading) -> Iterator[str]:
    """The writer's words, and what stands beside those for themself: "I take", "with me", "i will not"."""
    words = _WORD.findall(reading.low[:_SAID])
    yield from (f"sender says {word}" for word in words)
    own = reading.cues.words("writer") | _OURS
    for index, word in enumerate(words):
        if word.partition("'")[0] in own:
            around = ["", "", *words, "", ""][index : index + 5]
            yield f"self {around[1]} {word}"
            yield f"self {word} {around[3]}"
            yield f"self {word} {around[3]} {around[4]}"
            yield f"self {around[0]} {around[1]} {word}"


def _names_self(reading: Reading, others: list[Candidate]) -> Iterator[str]:
    """Whether the writer stands in a list with somebody ("Bo and me"), or in a row of the schedule ("15:15 myself")."""
    listed, row = _self_patterns(reading.cues)
    if row.search(reading.low):
        yield "self in row"
    for other in others:
        for where, mention in other.places:
            if where is reading and (
                listed[0].search(reading.low[max(0, mention.start - _REACH) : mention.start])
                or listed[1].match(reading.low, mention.after)
            ):
                yield "self in list"


def _self_patterns(cues: Cues) -> tuple[tuple[Phrases, Phrases], Phrases]:
    """What finds the writer before a name, behind one, and at the head of a row."""
    return (
        (
            cues.framed("writer", r"(?<![\w'])", rf"{_JOINED}(?:[^\W\d]{{1,12}}\.? ){{0,2}}$"),
            cues.framed("writer", rf"(?: \([^()\n]{{0,40}}\)|, [^\n,.;:]{{0,40}})?{_JOINED}(?:\w+ )?", r"(?![\w'])"),
        ),
        cues.framed("writer", _OPENS_ROW, r"(?![\w'])"),
    )
