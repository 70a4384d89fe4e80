"""Candidates' text from a real Dovecot: what comes, and what stays on the server."""

import email
from collections.abc import Iterator
from email import policy

import pytest

from followup_mail.adapters.imap import ImapMailbox
from followup_mail.core.message import MessageKey
from tests.servers.dovecot import Dovecot
from tests.servers.recorder import recording

INVITATION = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
BULK = b"QUFB" * 19 + b"\r\n"


def multipart(subtype: str, *parts: bytes, boundary: str = "b") -> bytes:
    inner = b"".join(b"--%s\r\n%s\r\n" % (boundary.encode(), part) for part in parts)
    return b"Content-Type: multipart/%s; boundary=%s\r\n\r\n%s--%s--\r\n" % (
        subtype.encode(),
        boundary.encode(),
        inner,
        boundary.encode(),
    )


ALTERNATIVE = multipart(
    "alternative",
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    b"Dienstag um 10 Uhr, Gr\xc3\xbc\xc3\x9fe",
    b"Content-Type: text/html\r\n\r\n<p>Dienstag um 10 Uhr</p>",
    b"Content-Type: text/calendar; method=REQUEST\r\n\r\n" + INVITATION,
    boundary="inner",
)
FILE = (
    b"Content-Type: application/pdf; name=plan.pdf\r\nContent-Disposition: attachment; filename=plan.pdf\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n" + BULK * 3000
)
NOTES = b"Content-Type: text/plain\r\nContent-Disposition: attachment; filename=cv.txt\r\n\r\nA curriculum vitae"
ICS = b"Content-Type: application/octet-stream; name=invite.ics\r\nContent-Disposition: attachment\r\n\r\n" + INVITATION
HEADER = b"From: maya@x.example\r\nSubject: Termin\r\nMessage-ID: <m1@x.example>\r\nMIME-Version: 1.0\r\n"


@pytest.fixture
def account(dovecot: Dovecot) -> str:
    return dovecot.account()


@pytest.fixture
def mailbox(dovecot: Dovecot, account: str) -> Iterator[ImapMailbox]:
    mailbox = ImapMailbox(dovecot.settings(account))
    yield mailbox
    mailbox.close()


def delivered(dovecot: Dovecot, account: str, *letters: bytes) -> list[MessageKey]:
    owner = dovecot.owner(account)
    return [owner.deliver(octets) for octets in letters]


def test_a_large_message_comes_without_its_files(dovecot: Dovecot, account: str, mailbox: ImapMailbox) -> None:
    keys = delivered(dovecot, account, HEADER + multipart("mixed", ALTERNATIVE, FILE, NOTES, ICS))
    (read,) = mailbox.read(keys, 100_000)
    message = email.message_from_bytes(read.octets, policy=policy.default)
    assert "Termin" == message["Subject"]
    assert [
        ("multipart/mixed", None),
        ("multipart/alternative", None),
        ("text/plain", None),
        ("text/html", None),
        ("text/calendar", None),
        ("application/pdf", "plan.pdf"),
        ("text/plain", "cv.txt"),
        ("application/octet-stream", "invite.ics"),
    ] == [(part.get_content_type(), part.get_filename()) for part in message.walk()]
    contents = [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
    assert "Dienstag um 10 Uhr, Grüße" == contents[0].decode()
    assert [INVITATION.strip(), b"", b"", INVITATION.strip()] == [one.strip() for one in contents[2:]]
    assert [] == [part.defects for part in message.walk() if part.defects]


def test_no_attachment_crosses_the_wire(dovecot: Dovecot, account: str) -> None:
    keys = delivered(dovecot, account, HEADER + multipart("mixed", ALTERNATIVE, FILE))
    with recording(dovecot.port) as wire:
        mailbox = ImapMailbox(dovecot.settings(account, host="127.0.0.1", port=wire.port, tls="none"))
        list(mailbox.read(keys, 100_000))
        mailbox.close()
    asked = " ".join(command for command in wire.commands if "UID FETCH" in command)
    assert "BODY.PEEK[1.1]<0.100000>" in asked
    assert "BODY.PEEK[2.MIME]" in asked
    assert "BODY.PEEK[2]" not in asked


def test_a_large_text_in_one_part_is_cut_at_a_line(dovecot: Dovecot, account: str, mailbox: ImapMailbox) -> None:
    keys = delivered(dovecot, account, HEADER + b"Content-Type: text/plain\r\n\r\n" + b"0123456789\r\n" * 20_000)
    (read,) = mailbox.read(keys, 5000)
    header, _, body = read.octets.partition(b"\r\n\r\n")
    assert HEADER.strip() + b"\r\nContent-Type: text/plain" == header
    assert b"0123456789\r\n" * 416 == body


def test_a_bounce_keeps_its_report(dovecot: Dovecot, account: str, mailbox: ImapMailbox) -> None:
    status = b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x.example\r\n\r\nStatus: 5.1.1\r\n"
    text = b"Content-Type: text/plain\r\n\r\nNot delivered"
    returned = b"Content-Type: message/rfc822\r\n\r\nSubject: Thanks\r\n\r\n" + b"body\r\n" * 20_000
    report = multipart("report; report-type=delivery-status", text, status, returned)
    (read,) = mailbox.read(delivered(dovecot, account, HEADER + report), 10_000)
    message = email.message_from_bytes(read.octets)
    assert "delivery-status" == message.get_param("report-type")
    assert b"Status: 5.1.1" in read.octets
    assert b"body\r\nbody" not in read.octets


def test_hostile_nesting_breaks_nothing(dovecot: Dovecot, account: str, mailbox: ImapMailbox) -> None:
    nested = b"Content-Type: text/plain\r\n\r\ndeep\r\n"
    for depth in range(300):
        nested = multipart("mixed", nested, boundary=f"b{depth}")
    plain = HEADER + b"\r\nHello\r\n"
    keys = delivered(dovecot, account, HEADER + nested + b"x" * 70_000, plain)
    first, second = mailbox.read(keys, 100_000)
    assert b"Subject: Termin" in first.octets
    assert plain == second.octets


def test_the_same_keys_in_two_mailboxes_are_told_apart(dovecot: Dovecot, account: str, mailbox: ImapMailbox) -> None:
    owner = dovecot.owner(account)
    inbox, sent = owner.deliver(HEADER + b"\r\nOne\r\n"), owner.deliver(HEADER + b"\r\nTwo\r\n", "Sent")
    read = {one.key: one.octets[-5:] for one in mailbox.read([inbox, sent, inbox], 10_000)}
    assert {inbox: b"One\r\n", sent: b"Two\r\n"} == read


def test_header_fields_come_in_batches_while_other_questions_are_asked(
    dovecot: Dovecot, account: str, mailbox: ImapMailbox
) -> None:
    dovecot.owner(account).deliver_all([HEADER + b"\r\n%d\r\n" % number for number in range(520)])
    sizes = []
    for batch in mailbox.read_header_fields("INBOX", None):
        sizes.append(len(batch))
        assert mailbox.find("Sent", "<m1@x.example>") is None
    assert [500, 20] == sizes
