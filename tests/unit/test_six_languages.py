"""What short human messages in six languages are about, said in words that no list of phrases foresees."""

import json
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from followup_mail.core.facts import establish_facts
from followup_mail.core.message import MessageKey, Received, parse_message

MESSAGES = [
    json.loads(line)
    for line in (Path(__file__).parent / "six_languages.jsonl").read_text(encoding="utf-8").splitlines()
]


def as_octets(said: Mapping[str, str]) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = "Kim Sommer <kim@novum.example>"
    message["To"] = "Ana Lima <ana@home.example>"
    message["Subject"] = said["subject"]
    message["Date"] = "Thu, 03 Dec 2026 10:00:00 +0100"
    message["Message-ID"] = "<said@novum.example>"
    message.set_content(said["text"])
    return bytes(message)


@pytest.mark.parametrize("said", MESSAGES, ids=lambda said: f"{said['language']}-{said['kind']}-{said['subject']}")
def test_a_message_is_of_the_kind_its_language_says(said: Mapping[str, str]) -> None:
    message = parse_message(Received(MessageKey("six", 1, 1), frozenset(), None, as_octets(said)))

    facts = establish_facts(message, me=["ana@home.example"], zone="Europe/Berlin")

    assert said["kind"] == str(facts.kind)
