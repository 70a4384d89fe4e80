# ruff: noqa: E501 - one pattern a line reads best
"""What the moments of a message are: times that lie ahead, mere days, old times, and those that are no meeting's."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from followup_mail.core.cues import fold
from followup_mail.core.facts.context import Context
from followup_mail.core.rules import Reading
from followup_mail.core.when import Moment, resolve

_LONGEST = timedelta(hours=12)
Ahead = tuple[Moment, datetime, datetime | None]  # a time that lies ahead, with its start and end


def _is_deadline(reading: Reading, moment: Moment) -> bool:
    if _is_apart(moment) or _is_ending(reading, moment):
        return False
    line = reading.low.rfind("\n", 0, moment.position) + 1
    before = reading.low[max(line, moment.position - 60) : moment.position].rstrip(" (")
    cues = ("deadline",) if isinstance(moment.start, datetime) else ("deadline", "entry")
    return any(found.end() == len(before) for cue in cues for found in reading.cues.pattern(cue).finditer(before))


_NEW_SENTENCE = re.compile(r"[.!?]\s+[A-Z]")


def _is_apart(moment: Moment) -> bool:
    """Whether the time of a moment stands in another sentence than its day."""
    return bool(moment.clock) and _NEW_SENTENCE.search(moment.words[: _start_of(moment) - moment.position]) is not None


def is_superseded(reading: Reading, moment: Moment, floor: int = 0) -> bool:
    """Whether a moment is the old time of a change; words before `floor` speak of another moment."""
    if moment.superseded:
        return True
    unit = reading.unit_at(moment.position)
    if unit is None:
        return False
    before = reading.low[max(unit.start, moment.position - 110, min(floor, moment.position)) : moment.position]
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
_NEAR = 45  # characters from a time to the same one elsewhere
_PLACE = re.compile(r" [^\W\d_a-z][^\W\d_]+")
_LINK = r"/|=|\||\(|which(?: is| should be| would be| will be| makes it| makes|,? i'm told,? is| i make| i'm told is)|i\.e\.|that's|that is|that'll be|so|is|donc|soit|c'est-a-dire|also|d\.h\.|das sind|bzw\.?|ou seja|isto e|o sea|es decir|que son|cioe|ossia|dus|oftewel|dat is|ovvero"
_LEAD = "so|then|it is|that is|that's|should be|c'est|donc|also|aqui|alli|ici|hier|bei (?:uns|mir)|tus|tuas|las|le|ore|um|at|a|as|alle|om|para ti|meio-|in [a-z]{2,20}|en [a-z]{2,20}"
_SAME = re.compile(
    rf"[\s,;]{{0,3}}(?:h |uhr |uur )?(?P<whose>(?:{_LINK})[\s,]{{0,2}}(?:(?:{_LEAD})[ ,]{{0,2}}){{0,3}})(?:\d|noon|meio|midi|mittag|mezzogiorno|mediodia)"
)
_WHOSE = re.compile(r"\b(?:aqui|alli|ici|hier|bei (?:uns|mir|ihnen|dir)|tus|tuas|your|in [a-z]{2,20}|en [a-z]{2,20})\b")
_OWN = re.compile(
    r"[ .)hapmu]{0,5}(?:uhr |uur |heures? )?(?:for you|yours|your time|your end|pour (?:toi|vous)|chez (?:toi|vous)|fur (?:dich|sie)|bei (?:dir|ihnen)|deiner zeit|ihrer zeit|para (?:ti|usted|voce|si)|tuya|tuyas|por ahi|ahi|voor jou|voor u|bij jou|per (?:te|lei)|da (?:te|lei))\b"
)
_OTHERS = re.compile(
    r"[ .)hapmu]{0,5}(?:uhr |uur |heures? )?(?:for (?:me|us|him|her|them)|mine|my time|our time|hers|his|theirs|ours|pour (?:moi|nous|lui|elle)|fur (?:mich|uns)|bei (?:mir|uns)|para (?:mi|nosotros|mim|nos)|voor (?:mij|ons)|per (?:me|noi)|(?:de|em|en|a|in|aqui|ai|alli|hier|ici|qui)\b)"
)


def _is_said_again(reading: Reading, moment: Moment, before: Moment | None) -> bool:
    """Whether a time repeats the one before it elsewhere ("12:00 PM ET / 4:00 PM Lisbon"), or is a mere length."""
    if before is None:
        return False
    if moment.words.startswith(before.words):
        tail = moment.words[len(before.words) :]
    else:
        tail = reading.text[_end_of(before) : _end_of(moment)]
    if moment.zone is None and before.zone is not None and _LENGTH.fullmatch(tail.lower().split(" ")[-1]):
        return True
    if len(tail) >= _NEAR:
        return False
    joined = _SAME.search(fold(tail))
    if joined is None:
        return False
    end = _end_of(moment)
    place = _PLACE.match(reading.text, end) and moment.zone == before.zone
    whose = place or _OWN.match(reading.low, end) or _OTHERS.match(reading.low, end) or _WHOSE.search(joined["whose"])
    return bool(whose)


def _is_owners(reading: Reading, moment: Moment, zone: str) -> bool:
    """Whether a time is called the owner's own: "10:00 for you", "10am Lagos" to somebody there."""
    end = _end_of(moment)
    if _OWN.match(reading.low, end):
        return True
    city = zone.rpartition("/")[2].replace("_", " ").lower()
    behind = reading.low[end : end + len(city) + 6].lstrip(" ,(h").removeprefix("in ").removeprefix("a ")
    return behind.startswith(city)


def _is_turned(reading: Reading, before: Moment, moment: Moment) -> bool:
    """Whether a time says for the owner what the one before it says for others: "14:00 for him and 18:30 for you"."""
    end = _end_of(before)
    near = 0 < _start_of(moment) - end < _NEAR
    return near and bool(_OTHERS.match(reading.low, end) and _OWN.match(reading.low, _end_of(moment)))


def _usable(reading: Reading, moments: tuple[Moment, ...], zone: str) -> list[Moment]:
    """The moments without repetitions, deadlines, heads of quoted mail and, where others are left, asides."""
    kept: list[Moment] = []
    spare: list[Moment] = []
    for before, moment in zip((None, *moments), moments, strict=False):
        if _is_said_again(reading, moment, before):
            if kept and kept[-1] is before and not before.zone and _is_owners(reading, moment, zone):
                kept[-1] = replace(moment, zone=zone)
            continue
        if before is not None and kept and kept[-1] is before and _is_turned(reading, before, moment):
            kept.pop()
        unit = reading.unit_at(moment.position)
        if _is_deadline(reading, moment) or (unit and unit.part == "quoted" and _is_header(reading, moment)):
            continue
        said = reading.active[moment.position : moment.position + max(1, len(moment.words))].strip()
        meant = (unit is None or said) and (_is_ending(reading, moment) or not _is_aside(reading, moment))
        (kept if meant else spare).append(moment)
    if any(isinstance(one.start, datetime) and not _is_ending(reading, one) for one in kept):
        return kept
    timed = [one for one in spare if isinstance(one.start, datetime)]
    return sorted((*kept, *timed), key=lambda one: one.position) if timed else kept or spare


def _start_of(moment: Moment) -> int:
    return moment.clock[0] if moment.clock else moment.position


def _end_of(moment: Moment) -> int:
    return moment.clock[1] if moment.clock else moment.position + len(moment.words)


def _before(reading: Reading, moment: Moment) -> str:
    """What stands on its line before a time."""
    at = _start_of(moment)
    line = reading.low.rfind("\n", 0, at) + 1
    return reading.low[max(line, at - _REACH) : at].rstrip(" (")


def _led_by(reading: Reading, moment: Moment, cue: str) -> bool:
    before = _before(reading, moment)
    return any(found.end() == len(before) for found in reading.cues.pattern(cue).finditer(before))


def _is_aside(reading: Reading, moment: Moment) -> bool:
    """Whether a time is when something beside the interview happens: lunch, arriving, a train."""
    if not isinstance(moment.start, datetime):
        return False
    if _led_by(reading, moment, "aside_before"):
        return True
    aside = reading.cues.framed("aside_after", "", "").match(reading.low, _end_of(moment)) is not None
    return aside and not _is_hosted(reading, moment)


def _is_hosted(reading: Reading, moment: Moment) -> bool:
    """Whether a row of a schedule is a visit with somebody named: "8:30 Welcome and overview with Vince Amodeo"."""
    visit = reading.cues.framed("hosted_visit", "", "").match(reading.low, _end_of(moment))
    return visit is not None and _heads_line(reading, moment) and _NAMED.match(reading.text, visit.end()) is not None


_NAMED = re.compile(r"(?:[\w.]{1,5} ){0,2}[A-Z]\w+ [A-Z]")


_REACH = 60  # characters before a time that may say what it is


@dataclass
class Times:
    """The moments of a reading sorted by what they are."""

    ahead: list[Ahead]
    days: list[tuple[Moment, date]]
    old: list[datetime]


def sort_moments(
    context: Context, reading: Reading, moments: tuple[Moment, ...], zone: str, *, changing: bool
) -> Times:
    """Which moments lie ahead, which are mere days, and which are the old ones of a change."""
    times = Times([], [], [])
    sent = context.sent_at
    usable = _usable(reading, moments, context.zone)
    stale = _stale(context, reading, usable, changing=changing)
    floor = 0
    for moment in usable:
        start, end = resolve(moment, zone)
        old = moment.superseded or id(moment) in stale or (changing and is_superseded(reading, moment, floor))
        floor = _end_of(moment) if moment.clock else floor
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
    times.ahead = _row_ends(reading, times.ahead, moments, zone)
    covered = [(start, end) for _, start, end in times.ahead]
    spans = [item for item in times.ahead if not _covers(item[1], item[2], covered)]
    spans = [item for item in spans if not _is_within(item[1], item[2], spans)]
    firsts = {item[1]: item for item in reversed(spans)}
    ends = {item[1]: item[2] for item in reversed(spans) if item[2]}
    times.ahead = [(moment, start, end or ends.get(start)) for moment, start, end in firsts.values()][::-1]
    times.ahead.sort(key=lambda item: item[0].position)
    known = {start.date() for _, start, _ in times.ahead}
    times.days = [item for item in times.days if item[1] not in known]
    return times


def _is_within(start: datetime, end: datetime | None, spans: list[Ahead]) -> bool:
    """Whether a mere time lies within the one range of its day: when somebody joins, or lunch is."""
    return end is None and any(until is not None and begin < start < until for _, begin, until in spans)


def _row_ends(reading: Reading, ahead: list[Ahead], moments: tuple[Moment, ...], zone: str) -> list[Ahead]:
    """The times, where each row of a schedule ends when the next one begins."""
    rows = [one for one in moments if isinstance(one.start, datetime) and _heads_line(reading, one)]
    if len(rows) < _ROWS:
        return ahead
    following = {id(row): resolve(after, zone)[0] for row, after in pairwise(rows)}
    made: list[Ahead] = []
    for moment, start, end in ahead:
        until = following.get(id(moment)) if end is None else None
        fits = until is not None and timedelta(0) < until - start <= _SESSION
        made.append((moment, start, until if fits else end))
    return made


_ROWS = 3  # lines that begin with a time, where they are a schedule
_SESSION = timedelta(hours=3)


def _heads_line(reading: Reading, moment: Moment) -> bool:
    line = reading.low.rfind("\n", 0, _start_of(moment)) + 1
    return not re.sub(r"\W", "", reading.low[line : _start_of(moment)])


def _stale(context: Context, reading: Reading, moments: list[Moment], *, changing: bool) -> set[int]:
    """The ids of times that another takes the place of: "rather than 1:00", under "Old time", in an answer's subject."""
    timed = [one for one in moments if isinstance(one.start, datetime)]
    answers = context.subject != context.message.subject.strip()
    fresh = [one for one in timed if not _in_subject(reading, one)]
    stale = {id(one) for one in timed if _is_replaced(reading, one) or (changing and _is_gone(reading, one))}
    if answers and fresh:
        stale |= {id(one) for one in timed if one not in fresh}
    if changing and not stale and len(fresh) == 2 and _are_rows(reading, *fresh):
        stale.add(id(fresh[0]))
    return stale if len(stale) < len(timed) else set()


def _in_subject(reading: Reading, moment: Moment) -> bool:
    unit = reading.unit_at(moment.position)
    return unit is not None and unit.part == "subject"


def _is_replaced(reading: Reading, moment: Moment) -> bool:
    return _led_by(reading, moment, "instead")


def _is_gone(reading: Reading, moment: Moment) -> bool:
    """Whether a change calls a time its old one, or says that nothing comes of it: "so 9 am won't work"."""
    if _is_labelled_old(reading, moment) or _led_by(reading, moment, "called_off"):
        return True
    return reading.cues.framed("called_off_after", "", "").match(reading.low, _end_of(moment)) is not None


def _is_labelled_old(reading: Reading, moment: Moment) -> bool:
    """Whether a label like "Former time" leads the line of a moment, or stands alone on the line above."""
    begin = reading.low.rfind("\n", 0, moment.position) + 1
    above = reading.low.rfind("\n", 0, max(0, begin - 1)) + 1
    label = reading.cues.pattern("old_label")
    lead = reading.low[begin : moment.position].lstrip(" -*|\t")
    head = reading.low[above : max(above, begin - 1)].strip(" -*:|\t")
    alone = len(head) <= _HEAD and _FIGURE.search(head) is None
    return bool(label.match(lead)) or (alone and label.match(head) is not None)


_FIGURE = re.compile(r"\d")
_HEAD = 40  # characters of a line that is a label


def _are_rows(reading: Reading, first: Moment, second: Moment) -> bool:
    """Whether two times on different days stand on lines of their own, one right above the other."""
    between = reading.low[_end_of(first) : second.position]
    begin = reading.low.rfind("\n", 0, first.position) + 1
    lone = (
        first.position - begin <= _HEAD
        and between.count("\n") == 1
        and not _LISTED.search(between)
        and len(re.sub(r"\W", "", between)) <= _LABEL
    )
    return lone and first.start != second.start


_LISTED = re.compile(r"\n\W{0,3}\d\W")  # the second of a numbered list
_LABEL = 14  # letters that may stand between two rows: "Now", "CEST"


def _is_ending(reading: Reading, moment: Moment) -> bool:
    """Whether a moment is when something ends: "expected to finish at 12.00 noon"."""
    if not isinstance(moment.start, datetime):
        return False
    closing = moment.end is None and reading.cues.framed("ending_after", "", "").match(reading.low, _end_of(moment))
    return bool(closing) or _led_by(reading, moment, "ending")


def _end_last(times: Times, end: datetime) -> None:
    if times.ahead and times.ahead[-1][2] is None and timedelta(0) < end - times.ahead[-1][1] <= _LONGEST:
        times.ahead[-1] = (*times.ahead[-1][:2], end)


def _covers(start: datetime, end: datetime | None, all_spans: list[tuple[datetime, datetime | None]]) -> bool:
    """Whether a span holds at least two others: the day of an onsite over its rows."""
    if end is None:
        return False
    inside = [a for a, b in all_spans if (a, b) != (start, end) and start <= a < end and (b is None or b <= end)]
    return len(inside) >= 2
