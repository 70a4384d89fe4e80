"""What the moments of a message are: times that lie ahead, mere days, old times, and those that are no meeting's."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from followup_mail.core.facts.context import Context
from followup_mail.core.rules import Reading
from followup_mail.core.when import Moment, resolve

_LONGEST = timedelta(hours=12)


def _is_deadline(reading: Reading, moment: Moment) -> bool:
    line = reading.low.rfind("\n", 0, moment.position) + 1
    before = reading.low[max(line, moment.position - 60) : moment.position].rstrip(" (")
    cues = ("deadline",) if isinstance(moment.start, datetime) else ("deadline", "entry")
    return any(found.end() == len(before) for cue in cues for found in reading.cues.pattern(cue).finditer(before))


def is_superseded(reading: Reading, moment: Moment) -> bool:
    """Whether a moment is the old time of a change."""
    if moment.superseded:
        return True
    unit = reading.unit_at(moment.position)
    if unit is None:
        return False
    before = reading.low[max(unit.start, moment.position - 110) : moment.position]
    pattern = reading.cues.pattern("superseded")
    begin = moment.position - len(before)
    ends = [match.end() for match in pattern.finditer(before.rstrip())]
    ends += [m.end() - begin for m in pattern.finditer(reading.low, begin, unit.end) if m.start() < moment.position]
    if not ends:
        return False
    between = before[min(max(ends), len(before)) :]
    renewed = re.compile(
        r"\b(?:to|for|auf|au|a|para|al|naar|op|new|neue\w*|nouve\w+|nuev\w+|nov[oa]|nieuw\w*|nuov\w*|on)\b"
    )
    near = len(between.split()) <= 8
    moved = re.search(
        r"(?:\bto|\bauf|\bau|\bpara|\bal|\bnaar|\bnew|verschieben auf|instead)\W+(?:\w+\W+){0,2}$", before
    ) and renewed.search(between)
    return near and not moved


_HEADER_LINE = re.compile(
    r"\W*(?:date|sent|gesendet|datum|envoye|enviado|enviada|verzonden|inviato|data|fecha|on|am|le|el|em|op"
    r"|il) ?[:\w].*(?:wrote|schrieb|a ecrit|escribio|escreveu|schreef|ha scritto|:\d\d:\d\d)"
    r"|.*<[^<>\s]+@[^<>\s]+> on |\W*(?:sent|gesendet|envoye|enviado|verzonden|inviato)\b.{0,3}:"
    r"|.{0,60}\d\d/\d\d/\d{2,4} \d\d:\d\d(?::\d\d)? [ap]m"
)


def _is_header(reading: Reading, moment: Moment) -> bool:
    """Whether a moment stands in the head of something quoted: when it was sent."""
    begin = reading.low.rfind("\n", 0, moment.position) + 1
    return _HEADER_LINE.match(reading.low, begin, min(len(reading.low), moment.position + 120)) is not None


_LENGTH = re.compile(r"\d{1,2} ?h(?:rs?|ours?)?\.?")
_NEAR = 30  # characters from a time to the same one elsewhere
_PLACE = re.compile(r" [^\W\d_a-z][^\W\d_]+")
_SAME = re.compile(r" ?(?:/|=|\||\(|which is|i\.e\.) ?(?:it is |that is |that's )?(?:\d|noon)")


def _is_said_again(reading: Reading, moment: Moment, before: Moment | None) -> bool:
    """Whether a time repeats the one before it elsewhere ("12:00 PM ET / 4:00 PM Lisbon"), or is a mere length."""
    if before is None:
        return False
    if moment.words.startswith(before.words):
        tail = moment.words[len(before.words) :]
    else:
        tail = reading.text[before.position + len(before.words) : moment.position + len(moment.words)]
    if moment.zone is None and before.zone is not None and _LENGTH.fullmatch(tail.lower().split(" ")[-1]):
        return True
    place = _PLACE.match(reading.text, moment.position + len(moment.words))
    return bool(moment.zone == before.zone and place and len(tail) < _NEAR and _SAME.match(tail.lower()))


def _usable(reading: Reading, moments: tuple[Moment, ...]) -> list[Moment]:
    kept: list[Moment] = []
    hypothetical: list[Moment] = []
    for before, moment in zip((None, *moments), moments, strict=False):
        if _is_said_again(reading, moment, before):
            continue
        unit = reading.unit_at(moment.position)
        if _is_deadline(reading, moment) or (unit and unit.part == "quoted" and _is_header(reading, moment)):
            continue
        said = reading.active[moment.position : moment.position + max(1, len(moment.words))].strip()
        (kept if unit is None or said else hypothetical).append(moment)
    return kept or hypothetical


@dataclass
class Times:
    """The moments of a reading sorted by what they are."""

    ahead: list[tuple[Moment, datetime, datetime | None]]
    days: list[tuple[Moment, date]]
    old: list[datetime]


def sort_moments(
    context: Context, reading: Reading, moments: tuple[Moment, ...], zone: str, *, changing: bool
) -> Times:
    """Which moments lie ahead, which are mere days, and which are the old ones of a change."""
    times = Times([], [], [])
    sent = context.sent_at
    for moment in _usable(reading, moments):
        start, end = resolve(moment, zone)
        old = moment.superseded or (changing and is_superseded(reading, moment))
        if not isinstance(moment.start, datetime):
            if (
                not old
                and moment.start >= sent.astimezone(start.tzinfo).date()
                and moment.start <= sent.date() + timedelta(days=400)
            ):
                times.days.append((moment, moment.start))
            continue
        if old:
            times.old.append(start)
        elif sent - timedelta(minutes=30) <= start <= sent + timedelta(days=400):
            if _is_ending(reading, moment):
                _end_last(times, start)
            elif (start, end) not in {(other, until) for _, other, until in times.ahead}:
                times.ahead.append((moment, start, end))
    covered = [(start, end) for _, start, end in times.ahead]
    spans = [item for item in times.ahead if not _covers(item[1], item[2], covered)]
    times.ahead = list({item[1]: item for item in reversed(spans)}.values())[::-1]
    times.ahead.sort(key=lambda item: item[0].position)
    known = {start.date() for _, start, _ in times.ahead}
    times.days = [item for item in times.days if item[1] not in known]
    return times


def _is_ending(reading: Reading, moment: Moment) -> bool:
    """Whether a moment is when something ends: "expected to finish at 12.00 noon"."""
    line = reading.low.rfind("\n", 0, moment.position) + 1
    before = reading.low[max(line, moment.position - 40) : moment.position].rstrip()
    return any(found.end() == len(before) for found in reading.cues.pattern("ending").finditer(before))


def _end_last(times: Times, end: datetime) -> None:
    if times.ahead and times.ahead[-1][2] is None and timedelta(0) < end - times.ahead[-1][1] <= _LONGEST:
        times.ahead[-1] = (*times.ahead[-1][:2], end)


def _covers(start: datetime, end: datetime | None, all_spans: list[tuple[datetime, datetime | None]]) -> bool:
    """Whether a span holds at least two others: the day of an onsite over its rows."""
    if end is None:
        return False
    inside = [a for a, b in all_spans if (a, b) != (start, end) and start <= a < end and (b is None or b <= end)]
    return len(inside) >= 2


