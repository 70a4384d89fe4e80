"""Messages on disk in the order of their dates, each with the earlier ones of its thread."""

import mailbox
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path

from followup_mail.core.message import Header, Message, MessageKey, Received, parse_header, parse_message

_OCTETS_CAP = 25_000_000
_THREAD_CAP = 20  # earlier messages that give context
_PARSED_CAP = 32  # messages kept parsed: those of a thread lie near each other


def load_messages(paths: Sequence[str]) -> Iterator[tuple[str, Message, list[Message]]]:
    """Every message of the files and folders ("-": standard input): its path, itself, and its thread, oldest first.

    The messages are taken as one mailbox. Fails on no input.
    """
    with ExitStack() as open_files:
        sources = [item for path in paths for item in _find_sources(path, open_files)]
        headers = [parse_header(load()) for _, load in sources]
        order = sorted(range(len(sources)), key=lambda index: (_sent(headers[index]), index))
        rank = {index: position for position, index in enumerate(order)}
        threads = _group(headers)
        parse = lru_cache(maxsize=_PARSED_CAP)(lambda index: _parse(index, sources[index][1]))
        for index in order:
            earlier = sorted((o for o in threads.get(index, ()) if rank[o] < rank[index]), key=rank.__getitem__)
            yield sources[index][0], parse(index), [parse(other) for other in earlier[-_THREAD_CAP:]]


def _sent(header: Header) -> float:
    return header.date.timestamp() if header.date else 0.0


def _group(headers: Sequence[Header]) -> dict[int, list[int]]:
    """For each message that shares an id with another, the messages of its thread."""
    root: dict[str, str] = {}

    def find(name: str) -> str:
        while root.setdefault(name, name) != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    for index, header in enumerate(headers):
        own = f"message {index}"
        for name in (*((header.message_id,) if header.message_id else ()), *header.references):
            root[find(name)] = find(own)
    groups: dict[str, list[int]] = {}
    for index in range(len(headers)):
        groups.setdefault(find(f"message {index}"), []).append(index)
    return {index: group for group in groups.values() if len(group) > 1 for index in group}


def _parse(index: int, load: Callable[[], bytes]) -> Message:
    return parse_message(Received(MessageKey("read", 1, index + 1), frozenset(), None, load()))


def _find_sources(path: str, open_files: ExitStack) -> Iterator[tuple[str, Callable[[], bytes]]]:
    if path == "-":
        octets = sys.stdin.buffer.read(_OCTETS_CAP)
        yield "-", lambda: octets
        return
    place = Path(path)
    for member in sorted(place.rglob("*")) if place.is_dir() else (place,):
        if member is place or member.is_file():
            yield from _find_in_file(member, open_files)


def _find_in_file(place: Path, open_files: ExitStack) -> Iterator[tuple[str, Callable[[], bytes]]]:
    if _is_mbox(place):
        box = mailbox.mbox(place, create=False)
        keys = list(box.iterkeys())
        if len(keys) > 1 or place.suffix == ".mbox":
            open_files.callback(box.close)
            for number, key in enumerate(keys, start=1):
                yield f"{place}:{number}", _load_from_mbox(box, key)
            return
        box.close()
    yield str(place), lambda: _load_octets(place)


def _is_mbox(place: Path) -> bool:
    try:
        with place.open("rb") as file:
            first = file.readline(200)
    except OSError:
        return False
    return place.suffix == ".mbox" or (first.startswith(b"From ") and place.suffix not in {".eml", ".ics"})


def _load_from_mbox(box: "mailbox.mbox", key: str) -> Callable[[], bytes]:
    return lambda: box.get_bytes(key)[:_OCTETS_CAP]


def _load_octets(place: Path) -> bytes:
    try:
        with place.open("rb") as file:
            return file.read(_OCTETS_CAP)
    except OSError:
        return b""
