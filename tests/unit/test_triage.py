"""Triage passes over bulk mail and never over what reading would take for something."""

from email import message_from_bytes
from pathlib import Path

import pytest

from followup_mail.core.facts import Kind, establish_facts
from followup_mail.core.message import HeaderFields, MessageKey, Received, parse_message
from followup_mail.core.triage import Known, triage

CORPUS = Path(__file__).parent.parent / "corpus"
OWNER = "ana@home.example"
_NOTHING = frozenset({Kind.OTHER, Kind.AUTO_REPLY, Kind.BOUNCE})
FILES = sorted(CORPUS.glob("*/*.eml"))


def read_header(octets: bytes) -> HeaderFields:
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in message_from_bytes(octets).raw_items():
        fields[name.lower()] = (*fields.get(name.lower(), ()), str(value))
    return HeaderFields(MessageKey("corpus", 1, 1), frozenset(), None, 0, fields)


def header(**fields: str) -> HeaderFields:
    named = {name.replace("_", "-"): (value,) for name, value in fields.items()}
    return HeaderFields(MessageKey("INBOX", 1, 1), frozenset(), None, 0, named)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_nothing_that_reading_takes_for_something_is_passed_over(file: Path) -> None:
    octets = file.read_bytes()
    message = parse_message(Received(MessageKey("corpus", 1, 1), frozenset(), None, octets))
    facts = establish_facts(message, me=[], zone="Europe/Lisbon")

    verdict = triage(read_header(octets), known=Known(), me=[])

    assert verdict.read or facts.kind in _NOTHING, verdict.reason


def test_a_mailing_list_is_passed_over() -> None:
    fields = header(
        **{"from": "Dev <dev@lists.example>"}, list_id="<dev>", list_post="<mailto:d@x.example>", subject="x"
    )

    assert not triage(fields, known=Known(), me=[OWNER]).read


def test_a_newsletter_of_a_known_employer_is_read() -> None:
    fields = header(**{"from": "Jo <jo@acme.example>"}, list_id="<n>", list_unsubscribe="<u>", subject="News")

    assert triage(fields, known=Known(domains=frozenset({"acme.example"})), me=[OWNER]).read


def test_a_message_of_a_known_thread_is_read_whatever_its_other_fields_say() -> None:
    fields = header(
        **{"from": "x@bulk.example"}, precedence="bulk", list_unsubscribe="<u>", references="<a@acme.example>"
    )

    assert triage(fields, known=Known(message_ids=frozenset({"<a@acme.example>"})), me=[OWNER]).read


def test_the_owners_note_to_strangers_is_passed_over() -> None:
    fields = header(**{"from": OWNER}, to="aunt@family.example", subject="Sunday lunch")

    assert not triage(fields, known=Known(), me=[OWNER]).read
