"""Every message of our own corpus means what its label says."""

import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from followup_mail.core.facts import Facts, Meeting, establish_facts
from followup_mail.core.message import Message, MessageKey, Received, parse_message
from followup_mail.core.when import ZoneSource
from followup_mail.core.who import Person

CORPUS = Path(__file__).parent.parent / "corpus"
FILES = sorted(CORPUS.glob("*/*.eml"))
_STATED = {ZoneSource.CALENDAR, ZoneSource.STATED, ZoneSource.THREAD}


@cache
def load_message(name: str) -> Message:
    octets = (CORPUS / f"{name}.eml").read_bytes()
    return parse_message(Received(MessageKey("corpus", 1, 1), frozenset(), None, octets))


@cache
def load_label(name: str) -> dict[str, object]:
    return tomllib.loads((CORPUS / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def read_facts(name: str) -> Facts:
    label = load_label(name)
    thread = tuple(load_message(earlier) for earlier in label.get("thread", []))
    return establish_facts(load_message(name), thread=thread, me=label.get("owner", []), zone=label["zone"])


def shown(value: datetime | None, meeting: Meeting) -> str | None:
    if value is None:
        return None
    return (value if meeting.zone_source in _STATED else value.replace(tzinfo=None)).isoformat()


def instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def person(found: Person | None) -> str | None:
    if found is None:
        return None
    return f"{found.display_name} <{found.addr_spec}>" if found.addr_spec else found.display_name


def found_values(facts: Facts, label: dict[str, object]) -> dict[str, object]:
    """What was found, in the shape of the label, for the keys that it has."""
    said: dict[str, object] = {
        "kind": str(facts.kind),
        "starts": [instant(shown(m.start, m)) for m in facts.meetings],
        "ends": [instant(shown(m.end, m)) for m in facts.meetings],
        "rows": [[person(p) for p in m.people] for m in facts.meetings],
        "interviewers": list(dict.fromkeys(person(p) for m in facts.meetings for p in m.people)),
        "recruiter": person(facts.recruiter),
        "promised_by": facts.promised_by and facts.promised_by.isoformat(),
        "away_until": facts.away_until and facts.away_until.isoformat(),
        "people_include": [
            name for name in label.get("people_include", []) if name in {p.display_name for p in facts.people}
        ],
        "doubts_include": [kind for kind in label.get("doubts_include", []) if kind in {d.kind for d in facts.doubts}],
        "not_kinds": [kind for kind in label.get("not_kinds", []) if kind != facts.kind],
    }
    return {key: said[key] if key in said else getattr(facts, key) for key in wanted_values(label)}


def wanted_values(label: dict[str, object]) -> dict[str, object]:
    wanted = {key: value for key, value in label.items() if key not in {"owner", "zone", "thread"}}
    if wanted["kind"] == "other":
        wanted.pop("language", None)  # of what need not be read in full, the language is not told
    for key in ("starts", "ends"):
        if key in wanted:
            wanted[key] = [instant(text) for text in wanted[key]]
    if "not_kinds" in wanted:
        del wanted["kind"]
    return wanted


@pytest.mark.parametrize("name", [f"{file.parent.name}/{file.stem}" for file in FILES])
def test_a_message_of_the_corpus_means_what_its_label_says(name: str) -> None:
    label = load_label(name)

    assert wanted_values(label) == found_values(read_facts(name), label)


def test_no_draft_could_go_to_somebody_whose_address_the_message_does_not_state() -> None:
    for file in FILES:
        name = f"{file.parent.name}/{file.stem}"
        stated = file.read_text(encoding="utf-8", errors="replace").lower() + "".join(
            attendee.address.addr_spec for i in load_message(name).invitations for attendee in i.attendees
        )
        for earlier in load_label(name).get("thread", []):
            stated += (CORPUS / f"{earlier}.eml").read_text(encoding="utf-8").lower()
        addressed = {p.addr_spec for p in read_facts(name).people if p.addr_spec}

        assert {a for a in addressed if a.lower() not in stated} == set()
