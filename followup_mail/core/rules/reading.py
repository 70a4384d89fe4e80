"""A text cut into units (sentences and lines), with its conditional clauses marked."""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from followup_mail.core.cues import Cues, cues_of, fold
from followup_mail.core.rules.evidence import Evidence

_TEXT_CAP = 20_000  # characters read of one text
_UNIT_CAP = 600
_JOIN_FROM = 52  # a line at least this long may have been wrapped
_BULLET = re.compile(r"\s*(?:[-*•·▪◦>–✔✅❌📅📍⏰🕒]|\d{1,2}[.)]\s|[^\w\s]{1,3}\s)")
# a schedule's row: a range first
_ROW = re.compile(r"(?i)\W*\d{1,2}[:.h]\d\d ?(?:[ap]\.?m\.?|uhr|h)? ?(?:-|–|—|to |bis )")
_LABEL = re.compile(r"[^\n:?!.]{1,40}: ")
_BOUNDARY = re.compile(r"(?<=[.!?…])[\"')\]]{0,2} +(?=[^\W_a-zà-öø-ÿ]|[¿¡\"'(\[*])")
_SHORT = re.compile(
    r"(?:^|[\s(])(?:mr|mrs|ms|dr|prof|st|sr|sra|srta|vs|inc|jr|no|nr|ca|approx|tel|bzw|str|z\.? ?b|d\.? ?h|u\.? ?a"
    r"|etc|m|mme|dhr|mevr|mw|ing|dott|sig|dr\.-ing|dipl|lic|av|avda|ltd|co|corp|gmbh|p|a|e\.g|i\.e|\w"
    r"|jan|feb|mar|apr|jun|jul|aug|sep|sept"
    r"|oct|nov|dec|lunes|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|mo|di|mi|do|fr|sa|so)\.$"
)
_HALF_DAY = re.compile(r"\b[ap]\. ?m\.$")
_ORDINAL = re.compile(r"(?:^|[^\d:.,])\d{1,2}\.$")
_INNER_DOT = re.compile(  # a dot that ends no sentence: "18.01.2027", "18. Januar", "Dr. Wolters"
    r"(?<=\d)\.(?=\d)|(?<=\b\d)\.(?= [^\W\d])|(?<=\b\d\d)\.(?= [^\W\d])"
    r"|(?:(?<=\bdr)|(?<=\bsr)|(?<=\bsra)|(?<=\bdott)|(?<=\bsig)"
    r"|(?<=\bprof)|(?<=\bdhr)|(?<=\bmevr)|(?<=\bmw)|(?<=\bmme)|(?<=\bbzw)|(?<=\bca)|(?<=\bnr))\.(?= )"
)
_OPENING = re.compile(r"(?:you|we|the|please|your|if|i|our|this|it|in|at|let|thank|for|best)\b", re.IGNORECASE)
_LINK = re.compile(r"\W{0,12}(?:\w+\W{1,6}){1,5}https?://\S+\W{0,6}$")  # a link with its label: an offer, no news
_MENU = re.compile(  # a row of links: "Powered by Ashby · Reschedule · Cancel"
    r"(?:[^\n·•|]{0,40}[·•|] ?){0,5}(?:re-?schedule|cancel|decline|unsubscribe|add to calendar)(?: ?[·•|].{0,80})?$"
)
_LEAD = re.compile(
    r"[\s\W]*(?:(?:please note|note|also|and|but|but,|however|bitte beachten sie|ps|p\.s\.?|nb)[,:]? (?:that )?)?"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """One sentence or line of a reading: where it stands, and whether it only says what might be."""

    start: int
    end: int
    part: str
    conditional: bool


def unwrap_lines(text: str) -> str:
    """The text with hard-wrapped lines joined: a new line starts a new thought."""
    lines: list[str] = []
    wrapped = False
    for written in text.split("\n"):
        line = " ".join(written.split())
        if wrapped and line and _goes_on(lines[-1], line):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
        wrapped = len(line) >= _JOIN_FROM and line[-1] not in ":!?;|" and " | " not in line
    return "\n".join(lines)


def _goes_on(before: str, line: str) -> bool:
    """Whether a line may continue a wrapped one: no bullet, label, cell or row of a schedule begins in it."""
    if _BULLET.match(line) or _LABEL.match(line) or " | " in line or _ROW.match(line):
        return False
    return line[:1].islower() or not _ROW.match(before)


class Reading:
    """The texts of one message in which signs are looked for, in parts, each cut into units.

    `text` and `low` (folded) have the same offsets; in `active`, what is conditional is blank.
    """

    def __init__(self, parts: list[tuple[str, str]], language: str) -> None:
        self.language = language
        self.cues: Cues = cues_of(language)
        pieces: list[str] = []
        marks: list[tuple[int, int, str]] = []
        offset = 0
        for part, text in parts:
            for line in unwrap_lines(unicodedata.normalize("NFC", text[:_TEXT_CAP])).split("\n"):
                if piece := line[:4_000]:
                    marks.append((offset, offset + len(piece), part))
                    pieces.append(piece)
                    offset += len(piece) + 1
        self.text = "\n".join(pieces)
        self.low = fold(self.text)
        self.units: list[Unit] = []
        for start, end, part in marks:
            self._cut(start, end, part)
        self.starts = [unit.start for unit in self.units]
        self.active = self._activate()
        self._found: dict[str, tuple[re.Match[str], ...]] = {}

    def _cut(self, start: int, end: int, part: str) -> None:
        begin = start
        for boundary in _BOUNDARY.finditer(self.text, start, end):
            if not self._is_abbreviation(begin, boundary.start(), boundary.end()):
                self._add(begin, boundary.start(), part)
                begin = boundary.end()
        self._add(begin, end, part)

    def _is_abbreviation(self, begin: int, at: int, after: int) -> bool:
        tail = self.low[max(begin, at - 12) : at]
        if _HALF_DAY.search(tail):
            return not _OPENING.match(self.low, after)
        if _ORDINAL.search(tail):
            return self.language in {"de", "und", "mis"}
        return bool(_SHORT.search(tail))

    def _add(self, start: int, end: int, part: str) -> None:
        while end - start > _UNIT_CAP:
            space = self.text.rfind(" ", start, start + _UNIT_CAP)
            cut = space if space > start else start + _UNIT_CAP
            self.units.append(self._unit(start, cut, part))
            start = cut
        if end > start:
            self.units.append(self._unit(start, end, part))

    def _unit(self, start: int, end: int, part: str) -> Unit:
        lead = _LEAD.match(self.low, start, end)
        begin = lead.end() if lead else start
        maybe = self.cues.pattern("conditional").match(self.low, begin, end) or _LINK.match(self.low, start, end)
        maybe = maybe or _MENU.match(self.low, start, end)
        return Unit(start, end, part, part != "subject" and maybe is not None)

    def _activate(self) -> str:
        pieces = []
        tail = self.cues.framed("conditional_tail", "", "")
        at = 0
        for unit in self.units:
            pieces.append("\n" * (unit.start - at) if unit.start - at == 1 else " " * (unit.start - at))
            low = _INNER_DOT.sub("\u00b7", self.low[unit.start : unit.end])
            if unit.conditional:
                low = " " * len(low)
            elif unit.part != "subject":
                cut = tail.search(low)
                if cut:
                    low = low[: cut.start()] + " " * (len(low) - cut.start())
            pieces.append(low)
            at = unit.end
        return "".join(pieces)

    def unit_at(self, position: int) -> Unit | None:
        """The unit that holds this offset."""
        index = bisect_right(self.starts, position) - 1
        return self.units[index] if index >= 0 else None

    def find_all(self, cue: str) -> tuple[re.Match[str], ...]:
        """Where the cue stands outside of conditional clauses (at most 40 places)."""
        found = self._found.get(cue)
        if found is None:
            matches = []
            for match in self.cues.pattern(cue).finditer(self.active):
                matches.append(match)
                if len(matches) >= 40:
                    break
            found = self._found[cue] = tuple(matches)
        return found

    def has(self, cue: str) -> bool:
        """Whether the cue stands outside of conditional clauses."""
        return bool(self.find_all(cue))

    def distinct(self, cue: str) -> int:
        """How many different wordings of the cue stand there."""
        return len({match[0] for match in self.find_all(cue)})

    def evidence(self, rule: str, position: int) -> Evidence:
        """The unit at this offset, as evidence for a rule."""
        unit = self.unit_at(position)
        if unit is None:
            return Evidence(rule, "fresh", "")
        return Evidence(rule, unit.part, self.text[unit.start : unit.end].strip()[:300])
