# ruff: noqa: E501 - one pattern or table row a line reads best
"""Folding and masking: what looks like a time and is none is blanked before any grammar sees it."""

import re
import unicodedata
from functools import cache

TEXT_CAP = 20_000  # characters read of a text
LINE_CAP = 400  # masks, the only patterns that span words, run on pieces no longer than this

_MASK = "\x01"
_PLAIN = {
    **dict.fromkeys(map(ord, "\u00a0\u202f\u2007\u2009\u2002\u2003\u200a\u3000"), " "),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2192"), "-"),
    **dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u00b4`"), "'"),
    **dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\ufeff\u00ad"), " "),
    0x0130: "i", 0xFF1A: ":", 0x2236: ":", 0x00B7: ",", 0x2022: "*", 0x000D: " ", 0x000B: " ", 0x000C: " ",
}  # fmt: skip


@cache
def _letters() -> dict[int, str]:
    """Accented Latin letters to their base letter: one character to one, so that positions stay."""
    table = dict(_PLAIN)
    for number in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(number).lower())[0]
        if base.isascii() and number not in table:
            table[number] = base
    return table


def fold(text: str) -> str:
    """The text in lower case without accents and typographic signs, character for character."""
    return text.translate(_letters()).lower()


_DIGITS = r"\d[\d .()/-]{4,18}\d"
_MASKS = re.compile(
    "|".join((
        r"(?:https?|webcal|tel|sip|mailto):[^\s<>\"]{1,400}",
        r"www\.[^\s<>\"]{1,400}",
        r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,100}",
        r"(?<![\w.-])[a-z0-9-]{1,40}(?:\.[a-z0-9-]{1,40}){0,3}\.(?:com|org|net|io|de|fr|es|pt|nl|it|uk|eu|ai|co|app|dev|example)\b(?:/\S{0,300})?",
        r"\+\d[\d .()-]{6,20}\d",
        r"\(\d{2,5}\) ?\d{3,4}[ -]?\d{3,6}",
        r"(?<![\d.])(?:1[ .-])?\d{3}[ .-]\d{3}[ .-]\d{4}(?!\d)",
        r"(?<![\d.])0\d(?:[ .]\d\d){4}(?!\d)",
        r"(?:tel|telefon|phone|mobile|mobil|cell|fax|telephone|telefono|telefone|tel\.|dial|call me at|call|ruf)\b[.: ]{1,3}(?:" + _DIGITS + ")",
        r"(?:id|passcode|pin|password|kenncode|kennwort|code|contrasena|senha|mot de passe|wachtwoord)\b ?[:#] ?\S{1,40}(?: \d{2,4}){0,4}",
        r"(?:id|passcode|pin|code) \d{3,12}(?: \d{2,4}){0,4}",
        r"(?<!\d)\d{3,4} \d{3,4} \d{3,4}(?!\d)",
        r"[$\u20ac\u00a3\u00a5] ?\d[\d,.]{0,12} ?[km]?(?: ?(?:-|to) ?[$\u20ac\u00a3\u00a5]? ?\d[\d,.]{0,12} ?[km]?)?\b",
        r"(?<![\d.,-])\d[\d.,]{0,12}(?: ?- ?\d[\d.,]{0,12})? ?(?:\u20ac|eur\b|usd\b|gbp\b|chf\b|brl\b|k\b|%)",
        r"\b24 ?/ ?7\b",
        r"(?<![\d:.])\d{1,2} ?(?:h|hrs?|hs|uur|stunden?|std|horas?|ore|heures?|hours?)\.? ?(?:p ?/ ?|/ ?|(?:par|pro|per|por|a la|al|alla) )(?:w|d|wk|woche|tag|semaine|sem|jour|week|day|dia|semana|settimana|giorno|dag)\b",
        r"\b[a-z]{1,8}-?\d{1,10}(?:-\d{1,10}){1,4}\b",
        r"\b(?:v|rev|r|q|#)\d{1,6}(?:\.\d{1,6}){0,4}\b",
        r"\b\d{1,6}(?:\.\d{1,6}){3,6}\b",
        r"\b\d{1,4}-\d{4}-\d{3,8}\b",
        r"\b(?:iso|soc|rfc|din) ?-?\d{1,6}\b",
        r"\bpython \d[\d.]{0,8}",
        r"#\d{1,10}\b",
    ))
)  # fmt: skip


_SUSPECT = re.compile(r"[0-9@/#]|\.[a-z]")


def _pieces(text: str) -> list[str]:
    """The text cut at line ends, and long lines cut at a blank, so that no pattern runs over more than LINE_CAP."""
    cut: list[str] = []
    for line in text.splitlines(keepends=True):
        rest = line
        while len(rest) > LINE_CAP:
            at = rest.rfind(" ", LINE_CAP // 2, LINE_CAP)
            at = at + 1 if at > 0 else LINE_CAP
            cut.append(rest[:at])
            rest = rest[at:]
        cut.append(rest)
    return cut


def blank_decoys(folded: str) -> str:
    """The folded text with URLs, addresses, phone numbers, money and ids blanked, every position kept."""
    folded = folded.replace("t/m", "t m")
    return "".join(
        _MASKS.sub(lambda found: _MASK * len(found[0]), piece) if _SUSPECT.search(piece) else piece
        for piece in _pieces(folded)
    )
