"""Every moment and range a text states."""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from followup_mail.core.when.alphabet import Clock, Token, Tokens
from followup_mail.core.when.clocks import Span, SpanReader, minutes_of, settle
from followup_mail.core.when.days import Day, DayReader, anchor, find_order
from followup_mail.core.when.masks import TEXT_CAP, fold
from followup_mail.core.when.moment import Moment
from followup_mail.core.when.pairing import Pair, Pairer
from followup_mail.core.when.tokens import parse_tokens
from followup_mail.core.when.zones import ZoneWord, choose_zone, day_of, find_transition, find_tzinfo

SPANS_CAP = 200  # times read of a text
LONGEST = 12 * 60  # minutes of a range
WORDS_CAP = 160  # characters of `words`
_MILITARY = re.compile(r"(0[6-9]|1\d|2[01])([0-5][05])")
_DIGIT = re.compile(r"[0-9]")
_WORD = re.compile(
    r"noon|mi(?:d|tt?)[id]|mitt(?:ag|wo)|mezzo|meio-dia|tomorrow|demain|domani|dopo|manana|amanha|morgen|heute|today|oggi|hoje|hoy|"
    r"vandaag|day|tag\b|di\b|feira|lunes|martes|miercoles|jueves|viernes|sabado|domingo|domenica|sonnabend|dag\b|segunda|terca|"
    r"quarta|quinta|sexta|dimanche"
)


@dataclass(frozen=True, slots=True)
class _Found:
    """A moment in the making, with the units it came from."""

    moment: Moment
    start: datetime
    pair: Pair
    first: int
    last: int
    zones: tuple[ZoneWord, ...] = ()


def parse_moments(
    text: str,
    *,
    reference: datetime,
    zone: str,
    language: str | None = None,
    day_first: bool | None = None,
    day: date | None = None,
) -> tuple[Moment, ...]:
    """Every moment and range the text states, in text order.

    `reference` (aware) is when the message was sent, `zone` (IANA) where its relative words are understood; `language`
    (ISO 639-1) and `day_first` are found from the text where None. At most TEXT_CAP characters are read. A date
    without a time is a moment whose `start` is a date. Where no time has a date beside it, the only
    date of the text, or else `day`, is that of all; else they are left out. Never raises.
    """
    if day is None and not _DIGIT.search(text, 0, TEXT_CAP) and not _WORD.search(fold(text[:TEXT_CAP])):
        return ()
    tokens = parse_tokens(text, language)
    return _Reader(tokens, reference, zone, day_first).read(day)


class _Reader:
    def __init__(self, tokens: Tokens, reference: datetime, zone: str, day_first: bool | None) -> None:  # noqa: FBT001 - the caller's own word
        self.tokens, self.reference, self.zone = tokens, reference, zone
        self.today = day_of(reference, zone)
        self.days = anchor(DayReader(tokens, self.today, find_order(tokens, zone, day_first)).read())
        self.units: list[Token] = []
        self.origin: list[int] = []  # unit index to first token index
        self._fold_days()
        self._read_figures()
        self.spans = SpanReader(self.units, tokens.language).read()[:SPANS_CAP]
        self.day_clock = any(
            span.start.hour > 12 and not span.start.half and not span.start.unit for span in self.spans
        )
        self.long_day = any(span.start.hour > 12 for span in self.spans)
        self.timed = {at for span in self.spans for at in range(span.first, span.last)}
        self.sentences = [at for at, unit in enumerate(self.units) if unit.code in ".\n"]
        self.day_units = {id(unit.value): at for at, unit in enumerate(self.units) if unit.code == "D"}

    def _fold_days(self) -> None:
        at, items = 0, self.tokens.items
        for day in (*self.days, None):
            stop = day.first if day else len(items)
            self.units.extend(items[at:stop])
            self.origin.extend(range(at, stop))
            if day:
                self.units.append(Token("D", items[day.first].start, items[day.last - 1].end, day))
                self.origin.append(day.first)
                at = day.last

    def _read_figures(self) -> None:
        """The four figures of "Thurs 3 Sept 0915" or "1330 Central" are a time."""
        for at, unit in enumerate(self.units):
            if unit.code != "i":
                continue
            before = "".join(other.code for other in self.units[max(0, at - 2) : at])
            behind = self.origin[at] + 1
            zoned = self.tokens.codes[behind : behind + 1] == "z"
            begins = "start_label" in self.tokens.cue_starts.get(behind, ()) and self.tokens.text[unit.start] == "0"
            if zoned or begins or before.endswith(("D", "D@", "D,")):
                figure = _MILITARY.fullmatch(self.tokens.text, unit.start, unit.end)
                if figure:
                    made = Clock(int(figure[1]), int(figure[2]), None, zero=True, unit=True)
                    self.units[at] = Token("c", unit.start, unit.end, made)

    def _sentence_of(self, at: int) -> int:
        return bisect_right(self.sentences, at)

    def _line_of(self, at: int) -> int:
        return bisect_right(self.tokens.lines, self.units[min(at, len(self.units) - 1)].start)

    def read(self, day: date | None) -> tuple[Moment, ...]:
        pairer = Pairer(self.units, self.spans)
        pairs = pairer.pair() or pairer.pair(leniently=True)
        pairs = self._with_dayless(pairs, day)
        zones = self._zones(pairs)
        found = [self._moment(pair, words) for pair, words in zip(pairs, zones, strict=True)]
        found = self._supersede(self._join(self._lengthen(self._merge_zones(found))))
        moments = [entry.moment for entry in found]
        dated = {m.start.date() for m in moments if isinstance(m.start, datetime)}
        return tuple(sorted([*moments, *self._dates(pairs, dated)], key=lambda moment: moment.position))

    def _with_dayless(self, pairs: list[Pair], day: date | None) -> list[Pair]:
        """These, and the times without a date: on the text's only date, else, where none has any, on the thread's."""
        own = {one.value for one in self.days if one.value and one.value >= self.today}
        made = own.pop() if len(own) == 1 else None if own or pairs else day
        if made is None:
            return pairs
        dated = {id(pair.span) for pair in pairs}
        added = [
            Pair(span, Day(self.origin[span.first], self.origin[span.first] + 1, made, bare=True), 9, follows=False)
            for span in self.spans
            if id(span) not in dated and self._is_firm(span, alone=not pairs)
        ]
        return sorted([*pairs, *added], key=lambda pair: pair.span.first)

    def _is_firm(self, span: Span, *, alone: bool) -> bool:
        codes = "cGHJO" if alone else "c"
        led = self.units[max(0, span.first - 1)].code == "@"
        return led or self.units[span.first].code in codes or bool(span.zones)

    # zones

    def _zones(self, pairs: list[Pair]) -> list[tuple[ZoneWord, ...]]:
        stated = [pair.span.zones for pair in pairs]
        loose = self._loose(pairs)
        shared = {zones for zones in (*stated, *(words for _, words in loose)) if zones}
        only = next(iter(shared)) if len(shared) == 1 else None
        spoken: dict[int, tuple[ZoneWord, ...]] = {}
        for pair, zones in zip(pairs, stated, strict=True):
            if zones:
                spoken.setdefault(self._sentence_of(pair.span.first), zones)
        return [
            zones or self._near(pair, loose) or spoken.get(self._sentence_of(pair.span.first)) or only or ()
            for pair, zones in zip(pairs, stated, strict=True)
        ]

    def _loose(self, pairs: list[Pair]) -> list[tuple[int, tuple[ZoneWord, ...]]]:
        """Zone words beside no time: those on a line with a time or date, or on one that speaks of zones."""
        lines = {self._line_of(pair.span.first) for pair in pairs} | {
            self._line_of(at) for at, u in enumerate(self.units) if u.code == "D"
        }
        spoken = {self.tokens.line_of(at) for at, kinds in self.tokens.cues.items() if "zone_word" in kinds}
        found: list[tuple[int, tuple[ZoneWord, ...]]] = []
        for at, unit in enumerate(self.units):
            if unit.code != "z" or at in self.timed:
                continue
            bracketed = self.units[at - 1].code in ":(" if at else False
            line = self._line_of(at)
            if not (unit.value.loose or bracketed or (found and at - found[-1][0] < 4)) or line not in lines | spoken:
                continue
            if found and self._line_of(found[-1][0]) == line and at - found[-1][0] < 4:
                found[-1] = (found[-1][0], (*found[-1][1], unit.value))  # "(GMT-05:00) Eastern Time" is one zone
            else:
                found.append((at, (unit.value,)))
        return found[:SPANS_CAP]

    def _near(self, pair: Pair, loose: list[tuple[int, tuple[ZoneWord, ...]]]) -> tuple[ZoneWord, ...]:
        line = self._line_of(pair.span.first)
        for at, words in loose:
            if self._line_of(at) == line or self._after_day(at, pair.day):
                return words
        return ()

    def _after_day(self, at: int, day: Day) -> bool:
        return any(unit.code == "D" and unit.value is day for unit in self.units[max(0, at - 3) : at])

    # times

    def _moment(self, pair: Pair, zones: tuple[ZoneWord, ...]) -> _Found:
        span, day = pair.span, pair.day
        part = span.part or day.part
        first, second, assumed = settle(span.start, span.end, part, day_clock=self.day_clock, long_day=self.long_day)
        start = datetime.combine(day.value or self.today, time(first.hour, first.minute))
        end = None
        if second is not None:
            length = (minutes_of(second) - minutes_of(first)) % (24 * 60)
            end = start + timedelta(minutes=length) if 0 < length <= LONGEST else None
        named, doubts = choose_zone(list(zones), start, self.zone)
        transition = find_transition(start, named or self.zone)
        doubts = (
            *day.doubts,
            *doubts,
            *(("am-pm-assumed",) if assumed else ()),
            *((transition,) if transition else ()),
        )
        position, words = self._words(pair)
        clock = self.units[span.first].start, self.units[span.last - 1].end
        moment = Moment(start, end, named, words, position, tuple(dict.fromkeys(doubts)), clock=clock, bare=day.bare)
        return _Found(moment, start, pair, span.first, span.last, zones)

    def _words(self, pair: Pair) -> tuple[int, str]:
        first, last = self.units[pair.span.first].start, self.units[pair.span.last - 1].end
        items = self.tokens.items
        low, high = min(first, items[pair.day.first].start), max(last, items[pair.day.last - 1].end)
        if high - low <= WORDS_CAP and "\n" not in self.tokens.text[low:high]:
            first, last = low, high
        return first, self.tokens.text[first:last]

    # one instant in two zones

    def _merge_zones(self, found: list[_Found]) -> list[_Found]:
        kept: list[_Found] = []
        for entry in found:
            if not (kept and self._same(kept[-1], entry)):
                kept.append(entry)
            elif not kept[-1].pair.span.zones:
                kept[-1] = replace(entry, moment=replace(entry.moment, position=kept[-1].moment.position))
        return kept

    def _same(self, earlier: _Found, later: _Found) -> bool:
        between = [unit.code for unit in self.units[earlier.last : later.first]]
        if len(between) > 6 or "D" in between or not later.pair.span.zones or earlier.pair.day is not later.pair.day:
            return False
        if earlier.pair.span.zones and earlier.pair.span.zones == later.pair.span.zones:
            return False
        if self._instant(earlier, stated=bool(earlier.pair.span.zones)) == self._instant(later, stated=True):
            return True
        return "(" in between and set(between) <= set("(),-/@k~") and "s" not in between

    def _instant(self, found: _Found, *, stated: bool) -> datetime | None:
        info = find_tzinfo((found.moment.zone if stated else None) or self.zone)
        try:
            return found.start.replace(tzinfo=info).astimezone(UTC)
        except OverflowError:
            return None

    # ends

    def _join(self, found: list[_Found]) -> list[_Found]:
        """One range of two: "Start … End …" and "1 Dec 2:30 PM - 1 Dec 3:15 PM" are one range."""
        kept: list[_Found] = []
        for entry in found:
            if kept and kept[-1].moment.end is None and entry.moment.end is None and self._ends(kept[-1], entry):
                kept[-1] = replace(kept[-1], moment=replace(kept[-1].moment, end=entry.start), last=entry.last)
            else:
                kept.append(entry)
        return kept

    def _ends(self, earlier: _Found, later: _Found) -> bool:
        if (
            not timedelta() < later.start - earlier.start <= timedelta(minutes=LONGEST)
            or earlier.moment.zone != later.moment.zone
        ):
            return False
        if self._labelled(later.first, "end_label"):
            return True
        between = "".join(unit.code for unit in self.units[earlier.last : later.first])
        return self._sentence_moved(later.first) is None and re.fullmatch(r"[-t~]{1,2}D[,@k~:]*", between) is not None

    def _label(self, at: int) -> str | None:
        """Whether "old" or "new": whichever stands nearest before a unit on its line."""
        for place in range(at - 1, max(-1, at - 6), -1):
            if self.units[place].code in "D\n" or place in self.timed:
                return None
            kinds = self.tokens.cues.get(self.origin[place], frozenset()) & {"old", "new"}
            if kinds:
                return "old" if "old" in kinds else "new"
        return None

    def _labelled(self, at: int, kind: str) -> bool:
        """Whether a cue of this kind stands just before a unit, on its line."""
        for place in range(at - 1, max(-1, at - 6), -1):
            if self.units[place].code == "\n":
                return False
            if kind in self.tokens.cues.get(self.origin[place], ()):
                return True
        return False

    def _lengthen(self, found: list[_Found]) -> list[_Found]:
        """Ends from stated lengths: on the same line, else in the sentence, else for the only time of the text."""
        lengths = [(at, unit.value) for at, unit in enumerate(self.units) if unit.code == "u" and self._is_length(at)]
        lengths = lengths[:SPANS_CAP]
        if not lengths:
            return found
        open_ones = [entry for entry in found if entry.moment.end is None]
        return [self._with_end(entry, lengths, open_ones) if entry.moment.end is None else entry for entry in found]

    def _is_length(self, at: int) -> bool:
        minutes = self.units[at].value
        if not 5 <= minutes <= 8 * 60:
            return False
        token = self.origin[at]
        for place in range(max(0, token - 3), token):
            if "no_duration_before" in self.tokens.cues.get(place, ()):
                return False
        behind = token + 1
        while behind < len(self.tokens.items) and self.tokens.items[behind].code == "~":
            behind += 1
        return not any("no_duration_after" in self.tokens.cue_starts.get(place, ()) for place in (behind, behind + 1))

    def _with_end(self, entry: _Found, lengths: list[tuple[int, int]], open_ones: list[_Found]) -> _Found:
        line, sentence = self._line_of(entry.first), self._sentence_of(entry.first)
        following = next((other.first for other in self.spans if other.first > entry.first), len(self.units))
        near = [minutes for at, minutes in lengths if entry.last <= at < following and self._line_of(at) == line]
        on_line = [minutes for at, minutes in lengths if self._line_of(at) == line]
        near = near or [m for at, m in lengths if self._sentence_of(at) == sentence and len(on_line) == 1]
        near = near or (on_line if len(on_line) == 1 else [])
        near = near or (
            [minutes for at, minutes in lengths if self._line_of(at) - line in range(-3, 5)]
            if len(open_ones) == 1
            else []
        )
        near = near or (
            [minutes for at, minutes in lengths if -8 <= self._line_of(at) - line <= 0]
            if len({m for _, m in lengths}) == 1
            else []
        )
        if not near:
            return entry
        return replace(entry, moment=replace(entry.moment, end=entry.start + timedelta(minutes=near[0])))

    # the old and the new

    def _sentence_moved(self, at: int) -> int | None:
        """Where in this unit's sentence something is said to be moved."""
        for step in (-1, 1):
            for place in range(at + min(step, 0), at + 40 * step, step):
                if not 0 <= place < len(self.units) or self.units[place].code in ".\n":
                    break
                if "moved" in self.tokens.cues.get(self.origin[place], ()):
                    return place
        return None

    def _supersede(self, found: list[_Found]) -> list[_Found]:
        split: list[_Found] = []
        for entry in found:
            split.extend(self._split(entry))
        return [replace(e, moment=replace(e.moment, superseded=True)) if self._is_old(e, split) else e for e in split]

    def _split(self, entry: _Found) -> list[_Found]:
        """As "moved from 2pm to 3pm" names two starts, no range."""
        moved = entry.pair.span.moved and self._sentence_moved(entry.first) is not None
        if not moved or entry.moment.end is None:
            return [entry]
        old = replace(entry.moment, end=None, superseded=True)
        new = replace(entry.moment, start=entry.moment.end, end=None, position=entry.moment.position + 1)
        return [replace(entry, moment=old), replace(entry, moment=new, start=entry.moment.end)]

    def _is_struck(self, position: int) -> bool:
        """Whether "~~" stands around what is at a position: it was struck through."""
        line = self.tokens.text.rfind("\n", 0, position) + 1
        return self.tokens.text.count("~~", line, position) % 2 == 1

    def _is_old(self, entry: _Found, found: list[_Found]) -> bool:
        if entry.moment.superseded or self._is_struck(self.units[entry.first].start):
            return True
        first = min(entry.first, self.day_units.get(id(entry.pair.day), len(self.units)))
        for at in {entry.first, first}:
            if self._label(at) == "old":
                return len(found) > 1
        sentence = self._sentence_of(entry.first)
        later = [
            other.first for other in found if other.first > entry.last and self._sentence_of(other.first) == sentence
        ]
        moved = self._sentence_moved(first)
        if moved is None or not later:
            return False
        return self._led_by_from(first) or entry.last <= moved < later[0]

    def _led_by_from(self, first: int) -> bool:
        text = " ".join(self.tokens.text[self.units[max(0, first - 4)].start : self.units[first].start].lower().split())
        return re.search(r"\b(?:from|von|vom|du|de|del|desde|das|da|do|van|dal|dalle|dall)\b", text) is not None

    # dates alone

    def _dates(self, pairs: list[Pair], dated: set[date]) -> list[Moment]:
        used = {id(pair.day) for pair in pairs}
        seen = set(dated)
        moments: list[Moment] = []
        for day in self.days:
            if id(day) in used or day.value is None or day.weak or day.value in seen:
                continue
            start, end = self.tokens.items[day.first].start, self.tokens.items[day.last - 1].end
            if self._is_struck(start):
                continue
            seen.add(day.value)
            moments.append(Moment(day.value, None, None, self.tokens.text[start:end], start, day.doubts, bare=day.bare))
        return moments
