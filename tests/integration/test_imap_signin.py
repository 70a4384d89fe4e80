"""Whom the worker trusts with a password: TLS, pins, STARTTLS."""

import hashlib
import socket
import ssl
from collections.abc import Iterator

import pytest

from followup_mail.adapters.imap import ImapMailbox, connection
from followup_mail.errors import AccountError, InsecureConnectionError, SignInError
from tests.servers.dovecot import Dovecot
from tests.servers.recorder import recording
from tests.servers.scripted import Scripted, scripted


@pytest.fixture
def opened() -> Iterator[list[ImapMailbox]]:
    mailboxes: list[ImapMailbox] = []
    yield mailboxes
    for mailbox in mailboxes:
        mailbox.close()


def reach(opened: list[ImapMailbox], server: Scripted | Dovecot, *account: str, **changes: object) -> ImapMailbox:
    opened.append(ImapMailbox(server.settings(*account, **changes)))
    return opened[-1]


def certificate_pin(server: Dovecot) -> str:
    pem = (server.base / "server.pem").read_text().split("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----\n"
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()


@pytest.mark.parametrize("tls", ["implicit", "starttls", "none"])
def test_each_way_of_connecting_signs_in(dovecot: Dovecot, opened: list[ImapMailbox], tls: str) -> None:
    port = dovecot.tls_port if tls == "implicit" else dovecot.port
    mailbox = reach(opened, dovecot, dovecot.account(), tls=tls, port=port)
    assert "INBOX" in mailbox.mailboxes().names
    assert "IDLE" in mailbox.capabilities


def test_starttls_sends_nothing_of_the_owner_in_the_clear(dovecot: Dovecot, opened: list[ImapMailbox]) -> None:
    account = dovecot.account()
    with recording(dovecot.port) as wire:
        reach(opened, dovecot, account, tls="starttls", port=wire.port).mailboxes()
        opened.pop().close()
    clear = bytes(wire.octets).partition(b"STARTTLS\r\n")
    assert b"" != clear[1]
    assert b"LOGIN" not in clear[0]
    assert b"AUTHENTICATE" not in clear[2]
    assert account.encode() not in wire.octets


def test_a_wrong_password_is_a_sign_in_error(dovecot: Dovecot, opened: list[ImapMailbox]) -> None:
    mailbox = reach(opened, dovecot, dovecot.account(), password=lambda: "hunter-two")
    with pytest.raises(SignInError) as raised:
        mailbox.mailboxes()
    assert "hunter" not in f"{raised.value!r}{raised.value.__cause__!r}"


def test_a_password_outside_ascii_reaches_the_server(opened: list[ImapMailbox]) -> None:
    refused = {"AUTHENTICATE": b"%T NO [AUTHENTICATIONFAILED] no\r\n"}
    with scripted(refused, capabilities="AUTH=PLAIN") as server, pytest.raises(SignInError, match="no"):
        reach(opened, server, password=lambda: "pässwörd").mailboxes()
    with scripted() as server, pytest.raises(SignInError, match="ASCII"):
        reach(opened, server, password=lambda: "pässwörd").mailboxes()


def test_an_unknown_authority_is_refused(dovecot: Dovecot, opened: list[ImapMailbox]) -> None:
    with pytest.raises(InsecureConnectionError, match="cannot be trusted"):
        reach(opened, dovecot, dovecot.account(), ca_file="").mailboxes()


def test_a_certificate_for_another_name_is_refused(dovecot: Dovecot, opened: list[ImapMailbox]) -> None:
    with pytest.raises(InsecureConnectionError):
        reach(opened, dovecot, dovecot.account(), host="127.1").mailboxes()


def test_a_missing_ca_file_is_said(dovecot: Dovecot, opened: list[ImapMailbox]) -> None:
    with pytest.raises(InsecureConnectionError, match="ca_file"):
        reach(opened, dovecot, dovecot.account(), ca_file="/nowhere/ca.pem").mailboxes()


def test_the_pinned_certificate_is_enough(dovecot: Dovecot, opened: list[ImapMailbox]) -> None:
    pin = certificate_pin(dovecot).upper()
    spelled = ":".join(pin[at : at + 2] for at in range(0, 64, 2))
    assert "INBOX" in reach(opened, dovecot, dovecot.account(), ca_file="", pin_sha256=spelled).mailboxes().names


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_any_other_certificate_than_the_pinned_one_is_refused(
    dovecot: Dovecot, opened: list[ImapMailbox], tls: str
) -> None:
    port = dovecot.tls_port if tls == "implicit" else dovecot.port
    mailbox = reach(opened, dovecot, dovecot.account(), tls=tls, port=port, pin_sha256="ab" * 32)
    with pytest.raises(InsecureConnectionError, match=certificate_pin(dovecot)):
        mailbox.mailboxes()


def test_tls_on_a_port_that_speaks_none_is_refused(opened: list[ImapMailbox]) -> None:
    with scripted() as server, pytest.raises(InsecureConnectionError):
        reach(opened, server, tls="implicit").mailboxes()


def test_a_server_without_starttls_gets_no_password(opened: list[ImapMailbox]) -> None:
    with scripted(capabilities="AUTH=PLAIN") as server:
        with pytest.raises(InsecureConnectionError, match="offers no STARTTLS"):
            reach(opened, server, tls="starttls").mailboxes()
        assert [b"CAPABILITY"] == [line.partition(b" ")[2] for line in server.heard]


@pytest.mark.parametrize("tls", ["starttls", "none"])
def test_a_greeting_that_knows_us_already_is_refused(opened: list[ImapMailbox], tls: str) -> None:
    greeting = b"* PREAUTH welcome\r\n"
    with (
        scripted(greeting=greeting, capabilities="STARTTLS") as server,
        pytest.raises(InsecureConnectionError, match="PREAUTH"),
    ):
        reach(opened, server, tls=tls).mailboxes()


def test_answers_slipped_in_before_tls_are_refused(opened: list[ImapMailbox]) -> None:
    slipped = b"%T OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"
    with (
        scripted({"STARTTLS": slipped}, capabilities="STARTTLS") as server,
        pytest.raises(InsecureConnectionError, match="slipped"),
    ):
        reach(opened, server, tls="starttls").mailboxes()


def test_a_refused_starttls_is_no_way_into_the_clear(opened: list[ImapMailbox]) -> None:
    with scripted({"STARTTLS": b"%T NO not today\r\n"}, capabilities="STARTTLS AUTH=PLAIN") as server:
        with pytest.raises(InsecureConnectionError):
            reach(opened, server, tls="starttls").mailboxes()
        assert not any(b"AUTHENTICATE" in line or b"LOGIN" in line for line in server.heard)


class FarAway(socket.socket):
    """A socket that is connected to another machine."""

    def getpeername(self) -> tuple[str, int]:
        return ("192.0.2.7", 143)


def test_the_clear_is_for_this_machine_only() -> None:
    with FarAway() as far, pytest.raises(InsecureConnectionError, match="this machine"):
        connection._refuse_other_machines(far)


def test_after_an_error_of_the_account_the_connection_is_spent(dovecot: Dovecot, opened: list[ImapMailbox]) -> None:
    mailbox = reach(opened, dovecot, dovecot.account(), password=lambda: "wrong")
    for _ in range(2):
        with pytest.raises(AccountError):
            mailbox.mailboxes()
    mailbox.close()
    mailbox.close()
