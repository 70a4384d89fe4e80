"""Where in a TOML text a value stands; for text that tomllib has already accepted."""

import re
from collections.abc import Iterator, Mapping

Path = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(?P<array>\[)?\[\s*(?P<name>[^\[\]]+?)\s*\]")
_KEY = re.compile(r"\s*(?P<name>(?:[A-Za-z0-9_.\s-]|\"[^\"]*\"|'[^']*')+?)\s*=")
_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_-]+)")
_TRIPLE = re.compile(r'"""|\'\'\'')
_NOISE = re.compile(r"\"(?:\\.|[^\"\\])*\"|'[^']*'|#.*")


def find_lines(text: str) -> Mapping[Path, int]:
    """The line, from 1, of every table and key; elements of arrays and inline tables stand at their key's line."""
    lines: dict[Path, int] = {(): 1}
    table: Path = ()
    counts: dict[Path, int] = {}
    for number, line in _statements(text):
        if header := _HEADER.match(line):
            table = _table_of(_parts(header["name"]), counts, is_array=bool(header["array"]))
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault(table + _parts(key["name"]), number)
    return lines


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of a path, or of the nearest thing around it."""
    while path not in lines:
        path = path[:-1]
    return lines[path]


def _parts(name: str) -> Path:
    return tuple(next(group for group in found.groups() if group is not None) for found in _PART.finditer(name))


def _table_of(parts: Path, counts: dict[Path, int], *, is_array: bool) -> Path:
    """The header's path with the index of each array of tables it goes through."""
    path: Path = ()
    for place, part in enumerate(parts):
        path += (part,)
        if is_array and place == len(parts) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path += (counts[path],)
    return path


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Lines on which a statement begins: not those within a multi-line string or array."""
    depth = 0
    quote = ""
    for number, line in enumerate(text.split("\n"), 1):
        begins = not depth and not quote
        rest = line
        while True:
            if quote:
                _, closed, rest = rest.partition(quote)
                if not closed:
                    break
                quote = ""
            opened = _TRIPLE.search(rest)
            plain = _NOISE.sub("", rest[: opened.start()] if opened else rest)
            if not begins or not _HEADER.match(line):
                depth += plain.count("[") + plain.count("{") - plain.count("]") - plain.count("}")
            if not opened:
                break
            quote, rest = opened.group(), rest[opened.end() :]
        if begins:
            yield number, line
