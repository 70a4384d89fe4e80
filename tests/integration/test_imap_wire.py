"""What goes over the wire to a real Dovecot, word for word."""

import re
from collections.abc import Iterator

import pytest

from followup_mail.adapters.imap import ImapMailbox
from followup_mail.core.compose.likeness import fingerprint
from followup_mail.ports import Placed
from tests.servers.dovecot import Dovecot
from tests.servers.recorder import Recorder, recording

DRAFT = (
    b"From: ana@home.example\r\nTo: maya@x.example\r\nMessage-ID: <d1@home.example>\r\nSubject: Hi\r\n\r\nThanks\r\n"
)
LETTER = b"From: maya@x.example\r\nMessage-ID: <m1@x.example>\r\nSubject: Interview\r\n\r\nTuesday\r\n"
ALLOWED = {
    "APPEND",
    "CAPABILITY",
    "EXAMINE",
    "FETCH",
    "IDLE",
    "LIST",
    "LOGOUT",
    "SELECT",
    "UID FETCH",
    "UID MOVE",
    "UID SEARCH",
    "UNSELECT",
}


@pytest.fixture
def account(dovecot: Dovecot) -> str:
    return dovecot.account()


@pytest.fixture
def wire(dovecot: Dovecot) -> Iterator[Recorder]:
    with recording(dovecot.port) as recorder:
        yield recorder


@pytest.fixture
def mailbox(dovecot: Dovecot, account: str, wire: Recorder) -> Iterator[ImapMailbox]:
    mailbox = ImapMailbox(dovecot.settings(account, host="127.0.0.1", port=wire.port, tls="none"))
    yield mailbox
    mailbox.close()


def use_everything(mailbox: ImapMailbox) -> None:
    there = mailbox.mailboxes()
    mailbox.statuses(["INBOX", "Sent", "Drafts"])
    keys = [one.key for batch in mailbox.read_header_fields("INBOX", None) for one in batch]
    list(mailbox.read(keys, 100_000))
    mailbox.find_thread(["<m1@x.example>", "<m2@x.example>"])
    key = mailbox.append_draft(DRAFT)
    mailbox.find("Drafts", "<d1@home.example>")
    gone = Placed("gone", "<d9@home.example>", None, "", ("maya@x.example",), (), "Thanks")
    mailbox.survey([Placed("d", "<d1@home.example>", key, fingerprint(DRAFT), ("maya@x.example",), (), "Thanks"), gone])
    assert there.drafts
    assert key
    mailbox.withdraw_draft(key, fingerprint(DRAFT))
    mailbox.note_to_owner(LETTER)
    mailbox.statuses(["INBOX", "Sent"])
    mailbox.wait(["INBOX", "Sent"], 0.2)
    mailbox.close()


def test_nothing_but_the_allowed_commands_is_ever_sent(
    dovecot: Dovecot, account: str, mailbox: ImapMailbox, wire: Recorder
) -> None:
    dovecot.deliver(account, LETTER)
    dovecot.deliver(account, LETTER.replace(b"Tuesday", b"Tuesday\r\n" * 9000))
    dovecot.deliver(account, LETTER, "Sent")
    use_everything(mailbox)
    verbs = {re.match(r"(?:UID )?\S+", command)[0].upper() for command in wire.commands}
    assert verbs == ALLOWED


def test_only_drafts_is_ever_opened_for_writing(
    dovecot: Dovecot, account: str, mailbox: ImapMailbox, wire: Recorder
) -> None:
    dovecot.deliver(account, LETTER)
    use_everything(mailbox)
    assert ['SELECT "Drafts"'] == [command for command in wire.commands if command.startswith("SELECT")]
    assert {'EXAMINE "INBOX"', 'EXAMINE "Drafts"', 'EXAMINE "Sent"', 'EXAMINE "Trash"'} == {
        command for command in wire.commands if command.startswith("EXAMINE")
    }


def test_every_fetch_of_a_body_peeks_and_no_append_carries_a_date(
    dovecot: Dovecot, account: str, mailbox: ImapMailbox, wire: Recorder
) -> None:
    dovecot.deliver(account, LETTER)
    use_everything(mailbox)
    fetches = " ".join(command for command in wire.commands if "FETCH" in command)
    assert "BODY.PEEK[" in fetches
    assert re.search(r"BODY\[|RFC822(?!\.SIZE)", fetches) is None
    appends = [re.sub(r"\d+\+?", "N", command) for command in wire.commands if command.startswith("APPEND")]
    assert ['APPEND "Drafts" (\\Draft \\Seen) {N}', "APPEND INBOX {N}"] == appends


def test_a_look_with_nothing_new_costs_three_round_trips_at_most(mailbox: ImapMailbox, wire: Recorder) -> None:
    mailbox.statuses(["INBOX", "Sent", "Drafts"])
    list(mailbox.read_header_fields("INBOX", None))
    before = wire.turns
    statuses = mailbox.statuses(["INBOX", "Sent", "Drafts"])
    assert 1 <= wire.turns - before <= 3
    before = wire.turns
    assert [] == list(mailbox.read_header_fields("INBOX", statuses["INBOX"].cursor))
    assert wire.turns - before == 1


def test_the_inbox_is_the_inbox_however_it_is_written(dovecot: Dovecot, account: str, mailbox: ImapMailbox) -> None:
    dovecot.deliver(account, LETTER)
    assert {"Inbox": 1} == {name: status.messages for name, status in mailbox.statuses(["Inbox"]).items()}


def test_the_password_is_asked_for_only_when_it_is_needed(dovecot: Dovecot, account: str) -> None:
    asked = []
    mailbox = ImapMailbox(dovecot.settings(account, password=lambda: asked.append(1) or "correct-horse"))
    assert [] == asked
    mailbox.mailboxes()
    mailbox.mailboxes()
    assert [1] == asked
    mailbox.close()
