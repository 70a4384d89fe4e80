"""The command `read`: what the program understands of messages on disk; needs no mailbox, changes nothing."""

import argparse
import json
import mailbox
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from rich.console import Console

from followup_mail.core.facts import Facts, establish_facts
from followup_mail.core.facts import Meeting as FoundMeeting
from followup_mail.core.message import Header, Message, MessageKey, Received, parse_header, parse_message
from followup_mail.core.when import ZoneSource
from followup_mail.core.who import Person
from followup_mail.errors import ExitCode

_OCTETS_CAP = 25_000_000
_THREAD_CAP = 20  # earlier messages that give context
_PARSED_CAP = 32  # messages kept parsed: those of a thread lie near each other
_STATED = frozenset({ZoneSource.CALENDAR, ZoneSource.STATED, ZoneSource.THREAD})

Answer = dict[str, object]


def read_paths(paths: Sequence[str], owners: Sequence[str], zone: str) -> Iterator[Answer]:
    """One answer for every message in the files and folders ("-": standard input), in the order of their dates.

    The messages are taken as one mailbox: earlier ones of a thread give context to later ones. Fails on no input.
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
            message = parse(index)
            thread = [parse(other) for other in earlier[-_THREAD_CAP:]]
            yield answer_of(sources[index][0], message, establish_facts(message, thread=thread, me=owners, zone=zone))


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


def _moment(value: datetime | None, meeting: FoundMeeting) -> str | None:
    if value is None:
        return None
    offset = value.utcoffset() or timedelta(0)
    stated = meeting.zone_source in _STATED and offset % timedelta(minutes=1) == timedelta(0)
    return (value if stated else value.replace(tzinfo=None)).isoformat(timespec="seconds")


def _person(person: Person | None) -> Answer | None:
    if person is None:
        return None
    return {
        "display_name": person.display_name or None,
        "addr_spec": person.addr_spec,
        "role": str(person.role),
    }


def _meeting(meeting: FoundMeeting) -> Answer:
    start = _moment(meeting.start, meeting)
    return {
        "start": start or (meeting.day.isoformat() if meeting.day else None),
        "end": _moment(meeting.end, meeting),
        "zone": meeting.zone if meeting.zone_source in _STATED else None,
        "zone_source": str(meeting.zone_source),
        "title": meeting.title,
        "interviewers": [_person(person) for person in meeting.people],
        "location": meeting.location,
    }


def answer_of(path: str, message: Message, facts: Facts) -> Answer:
    """The answer of the contract: plain values that JSON can hold, unknown ones null."""
    return {
        "path": path,
        "message_id": message.message_id,
        "kind": str(facts.kind),
        "interviews": [_meeting(meeting) for meeting in facts.meetings],
        "recruiter": _person(facts.recruiter),
        "company": facts.company,
        "position": facts.position,
        "agency": facts.agency,
        "promised_by": facts.promised_by.isoformat() if facts.promised_by else None,
        "asks_owner": facts.asks_owner,
        "away_until": facts.away_until.isoformat() if facts.away_until else None,
        "suspicious": facts.suspicious,
        "language": facts.language,
        "doubts": [doubt.words for doubt in facts.doubts],
        "defects": list(facts.defects),
        "evidence": [{"rule": e.rule, "part": e.part, "words": e.words} for e in facts.evidence],
    }


def _lines(answer: Answer) -> Iterator[str]:
    yield f"{answer['path']}: {str(answer['kind']).replace('_', ' ')}"
    for label in ("company", "position", "promised_by"):
        if answer[label]:
            yield f"  {label.replace('_', ' ')}: {answer[label]}"
    recruiter = answer["recruiter"]
    if isinstance(recruiter, dict):
        yield f"  recruiter: {_shown(recruiter)}"
    meetings = answer["interviews"]
    for meeting in meetings if isinstance(meetings, list) else ():
        yield from _meeting_lines(meeting)
    if answer["suspicious"]:
        yield "  suspicious: this may be a scam"
    yield from (f"  doubt: {doubt}" for doubt in _strings(answer["doubts"]))
    evidence = answer["evidence"]
    for found in evidence if isinstance(evidence, list) else ():
        yield f"  because ({found['rule']}, {found['part']}): “{found['words']}”"


def _meeting_lines(meeting: Answer) -> Iterator[str]:
    until = f" to {str(meeting['end'])[11:16]}" if meeting["end"] else ""
    yield f"  interview: {meeting['start']}{until} {meeting['zone'] or '(no zone stated)'}"
    people = meeting["interviewers"]
    for person in people if isinstance(people, list) else ():
        yield f"    with {_shown(person)}"
    if meeting["location"]:
        yield f"    at {meeting['location']}"


def _strings(value: object) -> Iterable[str]:
    return map(str, value) if isinstance(value, list) else ()


def _shown(person: Answer) -> str:
    return " ".join(
        filter(None, (str(person["display_name"] or ""), f"<{person['addr_spec']}>" if person["addr_spec"] else ""))
    )


def print_answers(answers: Iterable[Answer], *, as_json: bool, console: Console | None = None) -> None:
    """Print answers: one JSON object a line, or for a person to read, with the evidence quoted."""
    for answer in answers:
        if as_json:
            sys.stdout.write(json.dumps(answer, ensure_ascii=True) + "\n")
        else:
            (console or Console()).print("\n".join(_lines(answer)), markup=False, highlight=False, soft_wrap=True)


def print_reading(
    paths: Sequence[Path], *, owners: Sequence[str], zone: str | None, config: Path | None, as_json: bool
) -> None:
    """Read the files and print what they say; owner and zone come from the configuration where one is named."""
    if config is not None:
        from followup_mail.cli.wiring import read_config  # noqa: PLC0415 - only this way needs the whole house

        known = read_config(config).owner
        owners, zone = owners or known.addresses, zone or known.timezone
    missing = [path for path in paths if str(path) != "-" and not path.exists()]
    told = [str(path) for path in paths if as_json or path not in missing]  # programs get an answer for each path
    print_answers(read_paths(told, owners, zone or "UTC"), as_json=as_json)
    sys.stdout.flush()
    for path in missing:
        sys.stderr.write(f"followup-mail: There is nothing at {path}\n")
    if missing:
        sys.exit(ExitCode.FAILED)


def _main() -> None:
    parser = argparse.ArgumentParser(prog="followup-mail")
    parser.add_argument("command", choices=["read"])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--owner", action="append", default=[])
    parser.add_argument("--zone")
    parser.add_argument("--config", type=Path)
    parser.add_argument("paths", nargs="+", type=Path)
    given = parser.parse_args()
    print_reading(given.paths, owners=given.owner, zone=given.zone, config=given.config, as_json=given.json)


if __name__ == "__main__":
    _main()
