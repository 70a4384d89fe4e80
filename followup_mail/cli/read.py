"""The command `read`: what the program understands of messages on disk; needs no mailbox, changes nothing."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console

from followup_mail.cli.messages import load_messages
from followup_mail.core.facts import Facts, establish_facts, find_correspondents, is_expected
from followup_mail.core.facts import Meeting as FoundMeeting
from followup_mail.core.message import Message
from followup_mail.core.when import ZoneSource
from followup_mail.core.who import Person
from followup_mail.errors import ExitCode

_STATED = frozenset({ZoneSource.CALENDAR, ZoneSource.STATED, ZoneSource.THREAD})

Answer = dict[str, object]


def read_paths(paths: Sequence[str], owners: Sequence[str], zone: str) -> Iterator[Answer]:
    """One answer for every message in the files and folders ("-": standard input), in the order of their dates.

    The messages are taken as one mailbox: earlier ones of a thread give context to later ones. Fails on no input.
    """
    known: set[str] = set()
    for path, message, thread in load_messages(paths):
        expected = bool(owners) and is_expected(message, known)
        facts = establish_facts(message, thread=thread, me=owners, zone=zone, expected=expected)
        known |= find_correspondents(facts)
        yield answer_of(path, message, facts)


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
