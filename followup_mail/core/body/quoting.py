"""A text cut into what is fresh, what is quoted or forwarded, and the signature."""

import re
from dataclasses import dataclass

from followup_mail.core.body import phrases


@dataclass(frozen=True, slots=True)
class Body:
    """A message's text in three parts, each plain text with LF line ends, capped.

    `quoted` is what somebody wrote earlier (a reply's quotation or a forwarded message); rows of HTML tables stand on
    one line with cells parted by " | ".
    """

    fresh: str = ""
    quoted: str = ""
    signature: str = ""
    forwarded: bool = False  # the quoted part was forwarded, not replied to


PART_CAP = 20_000  # characters of each of the three parts
_TEXT_CAP = 100_000  # characters looked at
_LINE_CAP = 400
_LINES_CAP = 3_000
_SIGNATURE_LINES = 30
_BLANKS = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+"
)
_LINE_ENDS = re.compile("\r\n|[\r\n\u0085\u2028\u2029\x0b\x0c]")
_RUNS = re.compile(r"([^a-zA-Z0-9\s])\1{20,}")
_PAUSES = re.compile(r"(?<=[.!?;])\s")


def _wrap(line: str) -> list[str]:
    """A long line in pieces of at most 400 characters, cut behind a sentence where there is one, else at a space."""
    pieces = []
    while len(line) > _LINE_CAP:
        head = line[:_LINE_CAP]
        pauses = [match.end() for match in _PAUSES.finditer(head, _LINE_CAP // 4)]
        at = pauses[-1] if pauses else head.rfind(" ") + 1 or _LINE_CAP
        pieces.append(line[:at].rstrip())
        line = line[at:]
    return [*pieces, line]


def tidy_lines(text: str) -> list[str]:
    """The lines of a text, freed of invisible characters and long runs; never two blank ones in a row."""
    lines: list[str] = []
    text = _LINE_ENDS.sub("\n", text[:_TEXT_CAP])
    text = _BLANKS.sub(" ", _RUNS.sub(lambda match: match[1] * 20, _UNSEEN.sub("", text)))
    for line in text.split("\n")[:_LINES_CAP]:
        bare = line.strip()
        signature_mark = bare == "--" and line.startswith("--")
        if bare or (lines and lines[-1]):
            lines.extend(["-- "] if signature_mark else _wrap(bare))
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


_LABELS = {word: name for name, words in phrases.HEADER_LABELS.items() for word in words.split()}
_LABEL = re.compile(r"^[>\s|*]*([^\W\d_]{1,14})\s?\*?\s?(?::\s?\*?|\|)\s?(.*)$")
_CLOCK = re.compile(r"^\d{1,2}(?:[:.h]\d{2})?\s*(?:am|pm|uhr|h)?\b", re.IGNORECASE)


def _label(line: str) -> tuple[str, str]:
    match = _LABEL.match(line) if ":" in line or "|" in line else None
    return (_LABELS.get(match[1].lower(), ""), match[2]) if match else ("", "")


def _starts_header_block(lines: list[str], at: int, subject: str) -> bool:
    """Whether From, Sent, To and Subject stand here together; "Date: … Time: …" of an invitation does not count."""
    name, value = _label(lines[at])
    if name != "from" or not value.strip("* ") or _CLOCK.match(value):
        return False
    found = set()
    for line in lines[at + 1 : at + 9]:
        label, text = _label(line)
        found.add(label)
        if label == "subject" and subject and _bare_subject(text) == subject:
            return True
    return bool(found & {"sent", "subject"}) and bool(found & {"to", "subject"}) and len(found - {""}) >= 2


def _bare_subject(subject: str) -> str:
    return phrases.REPLY_PREFIXES.sub("", subject).strip().lower()


@dataclass(frozen=True, slots=True)
class _Cut:
    """Where earlier mail begins: its first line, the first line of its text, and what marks it."""

    at: int
    text_at: int
    kind: str  # "attribution", "original", "forwarded", "headers"


def _attribution_end(lines: list[str], at: int) -> int:
    """The line after an attribution that begins here and may be broken over three lines; 0 where there is none."""
    start = lines[at].lstrip("> ")
    opens = phrases.ATTRIBUTION_START.match(start) is not None
    if not (opens or start.endswith(":")):
        return 0
    joined = ""
    for end in range(at, min(at + 3, len(lines)) if opens else at + 1):
        line = lines[end].lstrip("> ")
        if not line or lines[end].startswith(">") != lines[at].startswith(">"):
            break
        joined = f"{joined} {line}".strip()
        if joined.endswith(":") and len(joined) <= _LINE_CAP and phrases.ATTRIBUTION_VERB.search(joined):
            dated = any(character.isdigit() for character in joined)
            return end + 1 if dated or _quotes_next(lines, end + 1) else 0
    return 0


def _quotes_next(lines: list[str], at: int) -> bool:
    for line in lines[at : at + 3]:
        if line.strip():
            return line.startswith(">")
    return False


_RULES = "-_=*"  # what a line that announces earlier mail may begin with
_BEGINNINGS = "bBaAdDiI"  # the same in words: "Begin forwarded message", "Anfang", "Début", "Inicio", "Inizio"


def _find_cut(lines: list[str], subject: str) -> _Cut | None:
    for at, line in enumerate(lines):
        bare = line.lstrip("> ")
        if not bare:
            continue
        ruled = bare[0] in _RULES
        if (ruled or bare[0] in _BEGINNINGS) and phrases.FORWARDED.match(bare):
            return _Cut(at, at + 1, "forwarded")
        if ruled and phrases.ORIGINAL.match(bare):
            return _Cut(at, at + 1, "original")
        if _starts_header_block(lines, at, subject):
            return _Cut(at, at, "headers")
        end = _attribution_end(lines, at)
        if end:
            return _Cut(at, end, "attribution")
    return None


def _part_quotes(lines: list[str]) -> tuple[list[str], list[str]]:
    """Lines of the writer, and lines behind ">" without it."""
    fresh, quoted = [], []
    for line in lines:
        if line.startswith(">"):
            quoted.append(line.lstrip("> "))
        else:
            fresh.append(line)
    return fresh, quoted


def _part_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines before a signature and the signature itself."""
    for at in range(len(lines) - 1, max(-1, len(lines) - 1 - _SIGNATURE_LINES), -1):
        if lines[at] == "-- ":
            return lines[:at], lines[at + 1 :]
    return _part_valediction(lines)


def _part_valediction(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines before a closing formula and those from it on; a message that is nothing but "Thanks, Tom" stays."""
    starts = [
        at
        for at in range(max(1, len(lines) - _SIGNATURE_LINES), len(lines))
        if len(lines[at]) <= 60 and (phrases.VALEDICTION.match(lines[at]) or phrases.DEVICE.match(lines[at]))
    ]
    for at in starts:
        end = at + 1
        while end < len(lines) and not (phrases.SUBSTANCE.search(lines[end]) or phrases.POSTSCRIPT.match(lines[end])):
            end += 1
        if end == len(lines) or at == starts[-1] or end - at > 1:
            # What tells a time, or comes after "PS", is no signature, wherever it stands.
            return lines[:at] + lines[end:], lines[at:end]
    return lines, []


def _join(lines: list[str]) -> str:
    return "\n".join(lines).strip()[:PART_CAP].rstrip()


def split_body(text: str, *, subject: str = "") -> Body:
    """The three parts of a message's text; total, linear in its length.

    `subject` is the message's own: its prefix tells a forward from a reply, and a header block that repeats it is
    one. What was forwarded stands in `quoted`, so `fresh` may be empty.
    """
    lines = tidy_lines(text)
    cut = _find_cut(lines, _bare_subject(subject))
    forwarded = False
    if cut is None:
        fresh, quoted = _part_quotes(lines)
    elif cut.kind == "attribution" and _quotes_next(lines, cut.text_at):
        fresh, quoted = _part_quotes(lines[: cut.at] + lines[cut.text_at :])
    else:
        by_subject = cut.kind != "attribution" and phrases.FORWARD_SUBJECT.match(subject) is not None
        forwarded = cut.kind == "forwarded" or by_subject
        fresh, early = _part_quotes(lines[: cut.at])
        quoted = early + [line.lstrip("> ") if line.startswith(">") else line for line in lines[cut.text_at :]]
    fresh, signature = _part_signature(fresh)
    return Body(_join(fresh), _join(quoted), _join(signature), forwarded)
