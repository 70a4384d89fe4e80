# ruff: noqa: E501 - one pattern or table row a line reads best
"""Text to typed tokens, one letter a type, so that the grammar is regular expressions over letters.

w weekday · m month · n number · o ordinal · y year · d whole date · e day and month in figures · c clock time · f "14.30" ·
N hour in words · p part of the day · z zone · r relative day · u duration · @ time preposition · k other preposition ·
F from · B between · t to · b "a", "à" · s and/or · q next · l last · v week · H G Q J E V half and quarter · C "o'clock" ·
A roughly · x any other word; punctuation stands for itself.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

from followup_mail.core.when.alphabet import Clock, Token, Tokens
from followup_mail.core.when.lexicon import LANGUAGES, Entry, Lexicon, find_language, load_lexicon
from followup_mail.core.when.masks import TEXT_CAP, blank_decoys, fold
from followup_mail.core.when.zones import find_zone_word, parse_offset, zone_beginnings

_HALF = r"(?P<half>(?:[ap]m\b|[ap]\. ?m\b\.?)(?! (?:mon|diens|mitt|donn|frei|sams|sonn)[a-z]+)|(?<=\d)[ap]\b)"
_LEX = re.compile(
    "|".join((
        r"(?P<iso>\d{4}-\d\d-\d\dt\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:z|[+-]\d\d:?\d\d)?(?!\d))",
        r"(?P<basic>\d{8}t\d{4}(?:\d\d)?z?(?!\d))",
        r"(?P<ymd>\d{4}(?P<ysep>[-/.])\d{1,2}(?P=ysep)\d{1,2}(?!-?\d))",
        r"(?P<dmy>(?<![\w.])\d{1,2}(?P<dsep>[-/.])\d{1,2}(?P=dsep)(?:\d{4}|\d\d)(?![\d:]))",
        r"(?P<spaced>(?<![\w.])\d{1,2}\. ?\d{1,2}\. ?\d{4}(?!\d))",
        r"(?P<pair>(?<![\d./-])(?:[01]\d|2[0-3])[0-5][05] ?(?:-|to) ?(?:[01]\d|2[0-3])[0-5][05](?![\d./-]))",
        r"(?P<military>(?<!\d)(?:[01]\d|2[0-3])[0-5]\d ?(?:hrs?|hours|h|uhr)\b)",
        r"(?P<clock>(?<!\d)\d{1,2}(?:[:.][0-5]\d(?::[0-5]\d)?)? ?" + _HALF + ")",
        r"(?P<unit>(?<!\d)\d{1,2}(?:[:.][0-5]\d)? ?(?:uhr(?: [0-5]\d(?!\d|[:.]\d| ?uhr| ?min))?|uur|o'? ?clock|hrs|hs|[hu] ?[0-5]\d(?![\d:])(?: ?m(?:in)?\b)?|[hu](?! ?\d))(?![a-z]))",
        r"(?P<firm>(?<!\d)\d{1,2}:[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?(?!\d))",
        r"(?P<offset>(?<=[ (])[+-]\d\d:?\d\d(?!\d))",
        r"(?P<partial>(?<![\w./])\d{1,2}(?:/\d{1,2}(?![\d/])|\.(?:0?[1-9]|1[0-2])\.(?!\d)))",
        r"(?P<float>(?<![\w.])\d{1,2}(?:\.\d{1,2}(?!\d|\.\d)|,\d{1,2}(?!\d)))",
        r"(?P<ordinal>\d{1,2}(?:st|nd|rd|th|er|\u00ba|\u00aa|e|ste|de)\b)",
        r"(?P<year>(?<![\d-])20\d\d(?!\d))",
        r"(?P<number>\d+)",
        r"(?P<zulu>(?:utc|gmt) ?[+-] ?\d{1,2}(?::?\d\d)?(?!\d))",
        r"(?P<place>(?:africa|america|antarctica|asia|atlantic|australia|europe|indian|pacific|us)/[a-z_]{2,30}(?:/[a-z_]{2,30})?\b)",
        r"(?P<word>[^\W\d_]+(?:-[^\W\d_]+)*)",
        r"(?P<newline>\n)",
        r"(?P<mark>[^\w\s]|_|\t)",
        r"(?P<mask>\x01+)",
    ))
)  # fmt: skip
TOKEN_CAP = 6_000  # tokens read of a text
_MARKS = {
    "\t": "|", "&": "s", "=": "/", "!": ".", "?": ".", "[": "(", "]": ")", "@": "@", ",": ",", "-": "-", "/": "/", "(": "(",
    ")": ")", ":": ":", "|": "|", ";": ";", ".": ".", "<": "(", ">": ")",
}  # fmt: skip
_NUMBERS = re.compile(r"\d+")


def _numbers(text: str) -> list[int]:
    return [int(figure) for figure in _NUMBERS.findall(text)]


def _clock(text: str, half: str | None) -> Clock | None:
    figures = _numbers(text)
    hour, minute = figures[0], figures[1] if len(figures) > 1 else 0
    if hour > 24 or text.strip(" hu") == "24" or (half and not 1 <= hour <= 12 and not 13 <= hour <= 23):
        return None
    named = f"{half[0]}m" if half and hour <= 12 else None
    zero = text.startswith("0") or hour > 12
    return Clock(hour % 24, minute, named, zero, any(letter in text for letter in "hu"))


def _hundreds(figure: str) -> Clock:
    return Clock(int(figure[:2]), int(figure[2:4]), None, zero=True, unit=True)


def _lex_military(found: re.Match[str]) -> list[Token]:
    return [Token("c", *found.span(), _hundreds(found[0]))]


def _lex_pair(found: re.Match[str]) -> list[Token]:
    """The range of "0900-0930", unless it is one of years."""
    (start, end), first, second = found.span(), found[0][:4], found[0][-4:]
    if {first[:2], second[:2]} <= {"19", "20"}:
        return [Token("i", start, end)]
    dash = Token("-", start + 4, end - 4)
    return [Token("c", start, start + 4, _hundreds(first)), dash, Token("c", end - 4, end, _hundreds(second))]


def _lex_clock(found: re.Match[str]) -> list[Token]:
    clock = _clock(found[0], found["half"])
    return [Token("c" if clock else "x", *found.span(), clock)]


def _lex_iso(found: re.Match[str]) -> list[Token]:
    start, end = found.span()
    text = found[0]
    compact = text[:8].isdigit()
    day = (
        (int(text[:4]), int(text[4:6]), int(text[6:8])) if compact else (int(text[:4]), int(text[5:7]), int(text[8:10]))
    )
    cut = 9 if compact else 11
    hour, minute = int(text[cut : cut + 2]), int(text[cut + 2 : cut + 4] if compact else text[cut + 3 : cut + 5])
    tokens = [Token("d", start, start + cut - 1, (*day, "iso"))]
    if hour > 23 or minute > 59:
        return tokens
    tokens.append(Token("c", start + cut, end, Clock(hour, minute, None, zero=True, unit=True)))
    tail = re.search(r"(?:z|[+-]\d\d:?\d\d)$", text[cut:])
    if tail:
        tokens.append(Token("z", end - len(tail[0]), end, parse_offset(tail[0])))
    return tokens


def _lex_date(found: re.Match[str]) -> list[Token]:
    figures = _numbers(found[0])
    kind = found.lastgroup or ""
    separator = found["dsep"] or found["ysep"] or "."
    if found["ymd"]:
        value: tuple[int, int, int, str] = (figures[0], figures[1], figures[2], "iso")
    else:
        year = figures[2] + 2000 if figures[2] < 100 else figures[2]
        value = (figures[0], figures[1], year, separator)
    return [Token("d" if kind else "x", *found.span(), value)]


def _lex_partial(found: re.Match[str]) -> list[Token]:
    first, second = _numbers(found[0])
    return [Token("e", *found.span(), (first, second, None, "/" if "/" in found[0] else "."))]


def _lex_float(found: re.Match[str]) -> list[Token]:
    return [Token("f", *found.span(), (*_numbers(found[0]), found[0]))]


def _lex_number(found: re.Match[str]) -> list[Token]:
    number = int(found[0]) if len(found[0]) < 4 else 999
    return [Token("n" if number < 100 else "i", *found.span(), number)]


def _lex_whole(found: re.Match[str]) -> list[Token]:
    return [Token("y" if found["year"] else "o", *found.span(), _numbers(found[0])[0])]


def _lex_offset(found: re.Match[str]) -> list[Token]:
    return [Token("z", *found.span(), parse_offset(found[0]))]


def _lex_place(found: re.Match[str]) -> list[Token]:
    return [Token("place", *found.span())]


def _lex_other(found: re.Match[str]) -> list[Token]:
    if found["newline"]:
        return [Token("\n", *found.span())]
    code = _MARKS.get(found[0]) if found["mark"] else "x"
    if code == "." and found.end() < len(found.string) and not found.string[found.end()].isspace():
        code = None
    return [Token(code, *found.span())] if code else []


_LEXERS = {
    "iso": _lex_iso, "basic": _lex_iso, "ymd": _lex_date, "dmy": _lex_date, "spaced": _lex_date, "military": _lex_military, "pair": _lex_pair,
    "clock": _lex_clock, "half": _lex_clock, "unit": _lex_clock, "firm": _lex_clock, "offset": _lex_offset,
    "partial": _lex_partial, "float": _lex_float, "ordinal": _lex_whole, "year": _lex_whole, "number": _lex_number,
    "zulu": _lex_offset, "place": _lex_place, "newline": _lex_other, "mark": _lex_other, "mask": _lex_other,
}  # fmt: skip


def _kind(found: re.Match[str]) -> str:
    kind = found.lastgroup or "mark"
    return {"half": "clock", "ysep": "ymd", "dsep": "dmy"}.get(kind, kind)


def _lex(folded: str) -> list[Token]:
    tokens: list[Token] = []
    for found in islice(_LEX.finditer(folded), TOKEN_CAP):
        kind = _kind(found)
        if kind == "word":
            tokens.append(Token("word", *found.span(), found[0]))
        else:
            tokens.extend(_LEXERS[kind](found))
    return tokens


def _longest(table: dict[str, tuple[Entry, ...]], tokens: list[Token], at: int) -> Entry | None:
    for entry in table.get(tokens[at].value, ()):
        if _stands(entry.words, tokens, at):
            return entry
    return None


def _stands(words: tuple[str, ...], tokens: list[Token], at: int) -> bool:
    if at + len(words) > len(tokens):
        return False
    return all(tokens[at + step].value == word for step, word in enumerate(words))


class _Typer:
    """Gives words their types, left to right."""

    def __init__(self, tokens: list[Token], text: str, lexicon: Lexicon) -> None:
        self.tokens, self.text, self.lexicon = tokens, text, lexicon
        self.known = zone_beginnings() | lexicon.phrases.keys() | lexicon.cues.keys()
        self.typed: list[Token] = []
        self.cue_ends: dict[int, set[str]] = {}
        self.cue_starts: dict[int, set[str]] = {}

    def run(self) -> None:
        at = 0
        pending: list[tuple[int, int, str]] = []
        places: list[int] = []
        while at < len(self.tokens):
            token = self.tokens[at]
            begin = len(self.typed)
            if token.code == "word" and token.value not in self.known:
                self.typed.append(Token("x", token.start, token.end, token.value))
                places.append(begin)
                at += 1
                continue
            if token.code in ("word", "n"):
                pending.extend(self._cues(at))
            step = self._type(at) if token.code in ("word", "place") else self._keep(token)
            places.extend([begin] * step)
            at += step
        for start, end, kind in pending:
            self.cue_starts.setdefault(places[start], set()).add(kind)
            self.cue_ends.setdefault(places[min(end, len(places) - 1)], set()).add(kind)

    def _keep(self, token: Token) -> int:
        self.typed.append(token)
        return 1

    def _cues(self, at: int) -> Iterable[tuple[int, int, str]]:
        for entry in self.lexicon.cues.get(self.tokens[at].value, ()):
            if _stands(entry.words, self.tokens, at):
                yield at, at + len(entry.words) - 1, entry.code

    def _type(self, at: int) -> int:
        zone = find_zone_word(self.tokens, at, self.text, previous=self.typed[-1] if self.typed else None)
        if zone:
            step, word = zone
            self.typed.append(Token("z", self.tokens[at].start, self.tokens[at + step - 1].end, word))
            return step
        entry = _longest(self.lexicon.phrases, self.tokens, at)
        token = self.tokens[at]
        if entry is None or not self._believable(entry, token):
            self.typed.append(Token("x", token.start, token.end, token.value))
            return 1
        end = self.tokens[at + len(entry.words) - 1].end
        match entry.code:
            case "M":
                made = Token("c", token.start, end, Clock(int(entry.value), 0, None, zero=True, unit=True))
            case "K":
                made = Token("c", token.start, end, Clock(int(entry.value) // 60, int(entry.value) % 60))
            case "N":
                made = Token("N", token.start, end, int(entry.value) + 1)
            case code:
                made = Token(code, token.start, end, entry.value)
        self.typed.append(made)
        return len(entry.words)

    def _believable(self, entry: Entry, token: Token) -> bool:
        if token.value not in self.lexicon.capitalised or entry.code not in "wm":
            return True
        return self.text[token.start].isupper()


def _short_days(tokens: list[Token], text: str) -> list[Token]:
    """Weekday abbreviations need a date or time beside them: "So" and "Do" and "Sun" are words otherwise."""
    kept: list[Token] = []
    for at, token in enumerate(tokens):
        short = token.code == "w" and token.end - token.start <= 3 and not _beside_figures(tokens, at)
        kept.append(Token("x", token.start, token.end, text[token.start : token.end]) if short else token)
    return kept


def _beside_figures(tokens: list[Token], at: int) -> bool:
    after = [token.code for token in tokens[at + 1 : at + 5] if token.code not in ".,k(|:@-"][:1]
    before = [token.code for token in tokens[max(0, at - 3) : at] if token.code not in ".,(|"][-1:]
    return any(code in "nomdecfy" for code in (*after, *before))


def _merge(tokens: list[Token], cues: dict[int, frozenset[str]], language: str) -> list[Token]:
    """Durations ("45 minutes", "1h30" for a length) become one type, the places they took left as blanks."""
    merged = list(tokens)
    for at, token in enumerate(tokens):
        if token.code == "c" and token.value and token.value.hour == 12 and at and tokens[at - 1].code == "n":
            merged[at - 1] = Token("~", tokens[at - 1].start, tokens[at - 1].end)  # "12 noon"
        if (
            token.code == "c"
            and at
            and _is_length(token, tokens[at - 2 if at > 1 and tokens[at - 1].code == ":" else at - 1])
        ):
            merged[at] = Token("u", token.start, token.end, token.value.hour * 60 + token.value.minute)
        minutes = _length(tokens, cues, at, language)
        if minutes is not None:
            number = _number_before(tokens, at)
            merged[number] = Token("u", tokens[number].start, token.end, minutes)
            for blank in range(number + 1, at + 1):
                merged[blank] = Token("~", tokens[blank].start, tokens[blank].end)
    return merged


_LASTING = frozenset((
    "prevoyez", "prevoir", "comptez", "compter", "duree", "durera", "dure", "environ", "pendant", "duracion", "dura",
    "prevoit", "durara", "duracao", "duurt", "duur", "dauert", "dauer", "circa", "durata", "durera", "unas", "umas",
))  # fmt: skip


def _is_length(token: Token, before: Token) -> bool:
    """Whether what looks like a clock says how long: "Comptez 1h30"."""
    lasts = before.code == "A" or before.value in _LASTING
    return bool(token.value) and token.value.unit and token.value.hour <= _LONGEST and lasts


_LONGEST = 5  # hours


def _number_before(tokens: list[Token], at: int) -> int:
    return at - 2 if at > 1 and tokens[at - 1].code == "-" else at - 1


_CLOCKLIKE = frozenset(("fr", "es", "pt", "it", "nl"))


def _length(tokens: list[Token], cues: dict[int, frozenset[str]], at: int, language: str) -> int | None:
    kinds = cues.get(at, frozenset()) & {"minutes", "hours"}
    number = _number_before(tokens, at)
    if not kinds or number < 0 or tokens[number].code not in "nNfi":
        return None
    value = tokens[number].value
    amount = value[0] + value[1] / (10 if value[1] < 10 else 100) if tokens[number].code == "f" else value
    if "minutes" in kinds:
        return int(amount)
    hourly = language in _CLOCKLIKE and (amount >= 8 or (number and tokens[number - 1].code in "@bF"))
    return None if hourly else int(amount * 60)


def _rooms(tokens: list[Token], cues: dict[int, frozenset[str]]) -> list[Token]:
    """Figures behind "room", "section" and the like are no times."""
    kept = list(tokens)
    for at, kinds in cues.items():
        if "room" in kinds:
            if at and kept[at - 1].code == "o":  # "on the 29th floor"
                kept[at - 1] = Token("x", kept[at - 1].start, kept[at - 1].end)
            for place in range(at + 1, min(at + 3, len(kept))):
                if kept[place].code in "\n|":
                    break
                if kept[place].code in "nefcioy" and not (kept[place].code == "c" and kept[place].value.half):
                    kept[place] = Token("x", kept[place].start, kept[place].end)
                    break
    return kept


@lru_cache(maxsize=4)
def parse_tokens(text: str, language: str | None) -> Tokens:
    """The typed tokens of at most TEXT_CAP characters; `language` is trusted, the text's own words are added to it."""
    cut = text[:TEXT_CAP]
    folded = blank_decoys(fold(cut))
    lexed = _lex(folded)
    detected = find_language(
        token.value for token in lexed if token.code == "word" and not cut[token.start : token.end].isupper()
    )
    known = language if language in LANGUAGES else detected
    typer = _Typer(lexed, cut, load_lexicon(tuple(dict.fromkeys((known, detected, "en")))))
    typer.run()
    ends = {at: frozenset(kinds) for at, kinds in typer.cue_ends.items()}
    items = _merge(_rooms(_short_days(typer.typed, folded), ends), ends, known)
    starts = {at: frozenset(kinds) for at, kinds in typer.cue_starts.items()}
    lines = [found.end() for found in re.finditer(r"\n", cut)]
    return Tokens(items, "".join(token.code for token in items), ends, starts, known, cut, lines)
