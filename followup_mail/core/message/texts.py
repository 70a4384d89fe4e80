"""Which of a message's parts are its text, and what that text is."""

import re
from dataclasses import dataclass, replace

from followup_mail.core.body import Body, parse_html, split_body, tidy_lines
from followup_mail.core.message.fields import first
from followup_mail.core.message.parts import HEADER, Part, Tree
from followup_mail.core.who import decode_words

_CALENDAR_TYPES = frozenset(
    {"text/calendar", "application/ics", "application/calendar", "text/x-vcalendar", "text/ics"}
)
_TEXT_TYPES = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext"})
_OCTETS_CAP = 150_000  # octets of text after which no further part is read
_ROWS_CAP = 100
_PART_CAP = 20_000  # characters of quoted text


def is_calendar(part: Part) -> bool:
    """Whether a part is a calendar, by its type or its file name."""
    return part.content_type in _CALENDAR_TYPES or part.filename.lower().endswith((".ics", ".vcs"))


def _is_text(part: Part) -> bool:
    return part.content_type in _TEXT_TYPES and part.disposition != "attachment" and not is_calendar(part)


_TABLE = re.compile(r"<t[dh]\b", re.IGNORECASE)
_SOURCE = re.compile(r"^\s*<(?:!doctype|html|head|body|div|table)\b", re.IGNORECASE)


def _unflow(text: str, *, delsp: bool) -> str:
    """Paragraphs of format=flowed (RFC 3676) on one line; a line "Label: …" always begins its own."""
    lines: list[str] = []
    for line in text.splitlines():
        flows = bool(lines) and lines[-1].endswith(" ") and lines[-1] not in {"-- ", " "}
        same = flows and line.startswith(">") == lines[-1].startswith(">")
        if same and line.strip(" >") and not re.match(r"[>\s]*[A-Z][\w ]{0,20}:", line):
            lines[-1] = (lines[-1][:-1] if delsp else lines[-1]) + line.lstrip("> ")
        else:
            lines.append(line)
    return "\n".join(lines)


def _plain(part: Part) -> str:
    text = part.text
    if part.content_type != "text/plain":
        return parse_html(text)
    if _SOURCE.match(text[:500]):
        return parse_html(text)
    if part.params.get("format", "").lower() == "flowed":
        return _unflow(text[:100_000], delsp=part.params.get("delsp", "").lower() == "yes")
    return text


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _lacks_rows(plain: str, rich: str) -> bool:
    """Whether a table row of the HTML that holds a digit does not stand on one line of the plain text."""
    flat = [_words(line) for line in tidy_lines(plain)]
    rows = [line for line in rich.splitlines() if " | " in line and re.search(r"\d", line)][:_ROWS_CAP]
    return any(not any(_words(row) in line for line in flat) for row in rows)


def _choose(plain: str, html: str) -> str:
    """The better of two alternatives: plain, unless it is empty, a stub, or has lost the rows of a table."""
    if not html.strip():
        return plain
    if plain.strip() and not _TABLE.search(html) and len(plain) * 5 > len(html):
        return plain
    rich = parse_html(html)
    if len(plain.split()) * 2 < len(rich.split()):
        return rich
    return rich if _lacks_rows(plain, rich) else plain


def _join_parts(parts: list[Part]) -> str:
    """The text of some parts in order, one of each multipart/alternative."""
    texts: list[str] = []
    done: set[int] = set()
    octets = 0
    for part in parts:
        if part.group in done:
            continue
        if octets > _OCTETS_CAP:
            break
        octets += len(part.octets)
        if part.group == 0:
            texts.append(_plain(part))
            continue
        done.add(part.group)
        together = [other for other in parts if other.group == part.group]
        plain = "\n\n".join(_plain(other) for other in together if other.content_type != "text/html")
        html = "\n".join(other.text for other in together if other.content_type == "text/html")
        texts.append(_choose(plain, html))
    return "\n\n".join(_without_doubles(texts))


def _without_doubles(texts: list[str]) -> list[str]:
    """Texts without those that repeat another word for word: the same body as plain text and as HTML, unmarked."""
    if len(texts) < 2:
        return texts
    seen: dict[str, str] = {}
    for text in texts:
        words = _words(text[:20_000])
        if words:
            seen.setdefault(words, text)
    return list(seen.values())


def _summary(part: Part) -> str:
    names = ("from", "date", "to", "subject")
    return "\n".join(
        f"{name.capitalize()}: {decode_words(first(part.fields, name))}" for name in names if name in part.fields
    )


@dataclass(frozen=True, slots=True)
class Texts:
    """A message's body, and the HTML its text may have come from."""

    body: Body
    html: str


def read_texts(tree: Tree, subject: str) -> Texts:
    """The body of a message; what an attached message says stands in `quoted`, with its header in front."""
    inline = [part for part in tree.parts if _is_text(part) and not part.forwarded]
    # An inline part with a file name is an attachment shown in place, unless there is no other text.
    own = [part for part in inline if not (part.filename and part.disposition)] or inline
    body = split_body(_join_parts(own), subject=subject)
    attached = [part for part in tree.parts if part.forwarded and (part.content_type == HEADER or _is_text(part))]
    if attached:
        heads = "\n\n".join(_summary(part) for part in attached if part.content_type == HEADER)
        text = _join_parts([part for part in attached if part.content_type != HEADER])
        quoted = "\n\n".join(piece for piece in (body.quoted, heads, "\n".join(tidy_lines(text))) if piece)
        body = replace(body, quoted=quoted[:_PART_CAP], forwarded=True)
    html = next((part.text for part in tree.parts if part.content_type == "text/html" and not part.report), "")
    return Texts(body, html)
