"""The demo's server over IMAP, and its story."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from imapclient import IMAPClient, exceptions
from rich.console import Console

from followup_mail.demo import START, run_demo
from followup_mail.demo.server import EmbeddedServer
from followup_mail.demo.story import Act, moments_of, tell_story

NOON = datetime(2026, 11, 9, 12, tzinfo=ZoneInfo("Europe/Lisbon"))
LETTER = b"From: ana@home.example\r\nTo: Maya <maya@b.example>\r\nDate: then\r\nSubject: Thanks\r\n\r\nHello\r\n"


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer() as running:
        yield running


@contextmanager
def signed_in(server: EmbeddedServer) -> Iterator[IMAPClient]:
    with IMAPClient(server.host, server.port, ssl=False, timeout=5) as client:
        client.login(server.username, server.password)
        yield client


def test_a_delivered_message_is_read_over_imap_with_its_moment(server: EmbeddedServer) -> None:
    server.deliver(LETTER, moment=NOON)
    with signed_in(server) as client:
        client.normalise_times = False
        client.select_folder("INBOX", readonly=True)
        (found,) = client.fetch(client.search(), ["INTERNALDATE", "BODY.PEEK[]"]).values()
    assert (NOON, LETTER) == (found[b"INTERNALDATE"], found[b"BODY[]"])


def test_only_its_own_login_is_taken(server: EmbeddedServer) -> None:
    with (
        IMAPClient(server.host, server.port, ssl=False, timeout=5) as client,
        pytest.raises(exceptions.LoginError),
    ):
        client.login(server.username, "guessed")


def test_a_sent_draft_leaves_drafts_and_lies_in_sent_with_the_moment_of_sending(server: EmbeddedServer) -> None:
    with signed_in(server) as client:
        client.append("Drafts", LETTER, flags=(b"\\Draft", b"\\Seen"))
    answers = [server.send_draft(to, moment=NOON) for to in ("priya@l.example", "maya@b.example", "maya@b.example")]
    assert [False, True, False] == answers
    assert [] == server.letters_in("Drafts")
    ((_, octets),) = server.letters_in("Sent")
    assert LETTER.replace(b"Date: then", b"Date: Mon, 09 Nov 2026 12:00:00 +0000") == octets


def test_a_server_that_is_not_running_takes_nothing() -> None:
    with pytest.raises(RuntimeError):
        EmbeddedServer().deliver(LETTER, moment=NOON)


def test_the_story_is_in_order_well_formed_and_invented() -> None:
    steps = tell_story(START)
    assert sorted(steps, key=lambda step: step.moment) == list(steps)
    for step in steps:
        if step.act is Act.SENDS:
            assert step.recipient.endswith(".example")
            continue
        message = message_from_bytes(step.octets, policy=default)
        assert ([], step.moment) == (message.defects, message["Date"].datetime)
        addresses = message["From"].addresses + message["To"].addresses
        assert all(address.domain.endswith(".example") for address in addresses)


def test_the_story_moves_with_its_start() -> None:
    later = date(2027, 3, 1)
    assert [step.moment.date() - START for step in tell_story(START)] == [
        step.moment.date() - later for step in tell_story(later)
    ]


def test_the_worker_looks_after_every_step_and_moments_ascend() -> None:
    moments = moments_of(START)
    assert sorted(set(moments)) == list(moments)
    assert all(any(step.moment <= moment for moment in moments) for step in tell_story(START))


class Drafting:
    """A worker for the demo that puts one draft into Drafts at its first cycle, over IMAP."""

    def __init__(self, port: int, password: str) -> None:
        self.port, self.password = port, password
        self.cycles: list[datetime] = []

    def cycle(self, now: datetime) -> None:
        self.cycles.append(now)
        if len(self.cycles) == 1:
            with IMAPClient("127.0.0.1", self.port, ssl=False, timeout=5) as client:
                client.login("ana", self.password)
                client.append("Drafts", LETTER, flags=(b"\\Draft", b"\\Seen"))

    def status(self) -> list[dict[str, object]]:
        person = {"display_name": "Maya Okafor", "addr_spec": None}
        interview = {"start": "2026-11-10T14:00:00+00:00", "interviewers": [person]}
        draft = {"purpose": "thank_you", "to": ["maya@b.example"], "state": "placed"}
        case = {"company": "Brightwater [red]", "position": None, "state": "awaiting_owner"}
        return [case | {"interviews": [], "called_off": [interview], "drafts": [draft]}]


def test_the_demo_plays_every_moment_and_prints_what_stands_in_drafts() -> None:
    hired: list[Drafting] = []

    @contextmanager
    def employ(path: Path) -> Iterator[Drafting]:
        text = path.read_text(encoding="utf-8")
        password = (path.parent / "password").read_text(encoding="utf-8")
        port = int(text.partition("port = ")[2].partition("\n")[0])
        hired.append(Drafting(port, password))
        yield hired[0]

    console = Console(file=io.StringIO(), width=160)
    run_demo(console, employ)
    shown = console.file.getvalue()
    assert list(moments_of(START)) == hired[0].cycles
    for expected in (
        "✎ a draft to Maya <maya@b.example>: Thanks",
        "Brightwater [red]",
        "awaiting owner",
        "Tue 10 Nov 14:00 (called off)",
        "thank you to maya: placed",
        "Subject: Thanks",
    ):
        assert expected in shown
