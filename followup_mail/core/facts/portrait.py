"""What marks somebody whom a message names: words around the name, its line, the headers, the others beside them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from followup_mail.core.cues import fold, is_from
from followup_mail.core.facts.context import Context
from followup_mail.core.facts.mentions import Mention
from followup_mail.core.facts.names import same_name
from followup_mail.core.facts.recruiter import find_signed_title
from followup_mail.core.rules import Reading
from followup_mail.core.who import Person

_WORD = re.compile(r"\d+(?:[:.]\d\d)?|[^\W\d_]+|[?!:;.,()|/@-]")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_REACH = 70  # characters round a name
_SIDE = 4  # words on each side
_ABOVE = 80  # characters of the line above a list
_LABEL = re.compile(r"\W*([^\n:|]{2,40}?) ?(?::|\|| - | – )")
_TIME = re.compile(r"\b\d{1,2}(?:[:.h]\d\d| ?[ap]\.?m\b| uhr\b| ?h\b)")
_SAID = 1_500  # characters in which the sender speaks of themself
_SELF = frozenset(
    [
        "i",
        "i'll",
        "i'm",
        "i'd",
        "ill",
        "im",
        "me",
        "my",
        "we",
        "we'll",
        "us",
        "our",
        "myself",
        "ich",
        "mir",
        "mich",
        "wir",
        "uns",
        "je",
        "j",
        "moi",
        "nous",
        "on",
        "yo",
        "mi",
        "conmigo",
        "nosotros",
        "nos",
        "eu",
        "mim",
        "comigo",
        "ik",
        "mij",
        "wij",
        "we",
        "ons",
        "io",
        "noi",
        "ci",
    ]
)
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
    yield from _mark_heading(reading.low, head)
    yield from _mark_name(mention)


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


def _mark_heading(low: str, head: Mention) -> Iterator[str]:
    """What labels the list: before a colon on its line, or on the line above it."""
    line = low.rfind("\n", 0, head.start) + 1
    label = _LABEL.match(low, line, head.start)
    if label:
        yield from (f"label {word}" for word in _LETTERS.findall(label[1]))
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
    if "in sender" in one.marks:
        _mark_sender(context, one)
    _mark_invited(context, one, others)


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


def _mark_sender(context: Context, one: Candidate) -> None:
    """What the sender's signature and own words say of them."""
    reading = context.reading
    title = fold(find_signed_title(context) or "")
    for name in ("arranges", "recruits"):
        if title and reading.cues.pattern(name).search(title):
            one.marks.add(f"sender {name}")
    one.marks |= {f"sender is {word}" for word in _LETTERS.findall(title)}
    one.marks |= {f"sender {cue}" for cue in _SENDER_CUES if reading.has(cue)}
    words = _WORD.findall(reading.low[:_SAID])
    one.marks |= {f"sender says {word}" for word in words}
    one.marks |= {f"sender says {a} {b}" for a, b in pairwise(words) if a in _SELF or b in _SELF}
    if not any(where is reading for where, _ in one.places):
        one.marks.add("sender unnamed")
    if context.sender is not None and is_from(context.sender.domain, "freemail"):
        one.marks.add("sender free")
