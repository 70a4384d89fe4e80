"""OwnerSubmitter against a real SMTP server on loopback: what it submits, and that nothing leads it to anybody else."""

import asyncio
import email
import ssl
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from email.utils import getaddresses
from typing import Any

import aiosmtplib
import pytest
import trustme
from aiosmtpd.smtp import SMTP as Smtpd  # noqa: N811 - a class, whose name is taken by the client
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from followup_mail.adapters.smtp import OwnerSubmitter, SmtpSettings, _graded
from followup_mail.errors import (
    AccountError,
    ConfigError,
    FollowupMailError,
    InsecureConnectionError,
    MessageError,
    SignInError,
)

OWNER = ("ana@home.example", "ana.lima@mail.example")
NOTE = (
    b"From: Ana Lima <ana@home.example>\r\n"
    b"To: Ana Lima <ana@home.example>\r\n"
    b"Subject: 1 draft waits in your Drafts\r\n"
    b"Message-ID: <n1@home.example>\r\n"
    b"Auto-Submitted: auto-generated\r\n"
    b"MIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"\r\n"
    b"One draft waits.\r\n"
    b".a line that begins with a dot\r\n"
)


@dataclass
class Letterbox:
    """An SMTP server's handler that keeps what it accepted and answers what a test told it to."""

    accepted: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd names its hooks so
        self, server: Smtpd, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get("MAIL", "250 OK")
        if answer.startswith("2"):
            envelope.mail_from = address
        return answer

    async def handle_RCPT(  # noqa: N802 - aiosmtpd names its hooks so
        self, server: Smtpd, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get("RCPT", "250 OK")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - aiosmtpd names its hooks so
        self, server: Smtpd, session: Session, envelope: Envelope
    ) -> str:
        answer = self.answers.get("DATA", "250 OK")
        if answer.startswith("2"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.accepted.append((envelope.mail_from or "", list(envelope.rcpt_tos), content))
        return answer

    async def handle_QUIT(  # noqa: N802 - aiosmtpd names its hooks so
        self, server: Smtpd, session: Session, envelope: Envelope
    ) -> str:
        return self.answers.get("QUIT", "221 Bye")


def sign_in(server: Smtpd, session: Session, envelope: Envelope, mechanism: str, auth_data: object) -> AuthResult:
    """Accept ana with the password "open", as aiosmtpd asks."""
    right = isinstance(auth_data, LoginPassword) and (auth_data.login, auth_data.password) == (b"ana", b"open")
    return AuthResult(success=right, handled=False)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture(scope="session")
def server_context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context


@pytest.fixture
def letterbox() -> Letterbox:
    return Letterbox()


@contextmanager
def running(start: Callable[[], Coroutine[object, object, asyncio.Server]]) -> Iterator[int]:
    """Serve on a loop in a thread of its own; the port."""
    started: Future[tuple[int, Callable[[], object]]] = Future()

    async def serve_until_told() -> None:
        over = asyncio.Event()
        async with await start() as server:
            loop = asyncio.get_running_loop()
            started.set_result((server.sockets[0].getsockname()[1], lambda: loop.call_soon_threadsafe(over.set)))
            await over.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve_until_told(),))
    thread.start()
    port, end = started.result(timeout=5)
    try:
        yield port
    finally:
        end()
        thread.join()


def serve(letterbox: Letterbox, over: ssl.SSLContext | None = None, **options: Any) -> AbstractContextManager[int]:
    def protocol() -> Smtpd:
        return Smtpd(letterbox, hostname="mail.home.example", **options)

    async def start() -> asyncio.Server:
        return await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0, ssl=over)

    return running(start)


@pytest.fixture
def plain(letterbox: Letterbox) -> Iterator[int]:
    with serve(letterbox) as port:
        yield port


@pytest.fixture
def implicit(letterbox: Letterbox, server_context: ssl.SSLContext) -> Iterator[int]:
    # aiosmtpd counts only STARTTLS as TLS when it judges AUTH, hence auth_require_tls=False behind implicit TLS
    with serve(letterbox, over=server_context, authenticator=sign_in, auth_require_tls=False) as port:
        yield port


@pytest.fixture
def starttls(letterbox: Letterbox, server_context: ssl.SSLContext) -> Iterator[int]:
    with serve(letterbox, tls_context=server_context, require_starttls=True, authenticator=sign_in) as port:
        yield port


def in_the_clear(port: int) -> OwnerSubmitter:
    return OwnerSubmitter(SmtpSettings("127.0.0.1", port, tls="none", timeout=5), OWNER)


def replaced(old: bytes, new: bytes) -> bytes:
    changed = NOTE.replace(old, new, 1)
    assert changed != NOTE
    return changed


# --- what it does


def test_a_note_reaches_the_owner_with_the_owner_on_both_ends_of_the_envelope(plain: int, letterbox: Letterbox) -> None:
    in_the_clear(plain).submit(NOTE, recipient="ana@home.example")
    assert [("ana@home.example", ["ana@home.example"], NOTE)] == letterbox.accepted


def test_the_envelope_has_the_configured_spelling_of_an_address(plain: int, letterbox: Letterbox) -> None:
    in_the_clear(plain).submit(NOTE, recipient="ANA@home.EXAMPLE")
    assert [["ana@home.example"]] == [recipients for _, recipients, _ in letterbox.accepted]


def test_from_and_to_may_be_two_addresses_of_the_owner(plain: int, letterbox: Letterbox) -> None:
    octets = replaced(b"To: Ana Lima <ana@home.example>", b'To: "Ana Lima" <ana.lima@mail.example>')
    in_the_clear(plain).submit(octets, recipient="ana.lima@mail.example")
    assert [("ana@home.example", ["ana.lima@mail.example"], octets)] == letterbox.accepted


def test_folded_header_fields_are_read_whole(plain: int, letterbox: Letterbox) -> None:
    octets = replaced(b"To: Ana Lima <", b"To: Ana Lima\r\n <")
    in_the_clear(plain).submit(octets, recipient="ana@home.example")
    assert 1 == len(letterbox.accepted)


def test_it_signs_in_over_implicit_tls(implicit: int, letterbox: Letterbox, ca_file: str) -> None:
    settings = SmtpSettings("127.0.0.1", implicit, ca_file=ca_file, username="ana", password=lambda: "open", timeout=5)
    OwnerSubmitter(settings, OWNER).submit(NOTE, recipient="ana@home.example")
    assert [NOTE] == [octets for _, _, octets in letterbox.accepted]


def test_it_signs_in_after_starttls(starttls: int, letterbox: Letterbox, ca_file: str) -> None:
    settings = SmtpSettings(
        "localhost", starttls, tls="starttls", ca_file=ca_file, username="ana", password=lambda: "open", timeout=5
    )
    OwnerSubmitter(settings, OWNER).submit(NOTE, recipient="ana@home.example")
    assert [NOTE] == [octets for _, _, octets in letterbox.accepted]


def test_a_rude_goodbye_after_acceptance_is_no_failure(plain: int, letterbox: Letterbox) -> None:
    letterbox.answers["QUIT"] = "500 no"
    in_the_clear(plain).submit(NOTE, recipient="ana@home.example")
    assert 1 == len(letterbox.accepted)


# --- that it cannot be led to write to anybody else

TO_SOMEBODY_ELSE = [
    "priya@larkspur.example",
    "",
    "ana@home.example,priya@larkspur.example",
    "ana@home.example priya@larkspur.example",
    "ana@home.example\r\nRCPT TO:<priya@larkspur.example>",
    "ana@home.example\n",
    "ana@home.example>",
    "<ana@home.example>",
    "Ana <ana@home.example>",
    "@relay.example:ana@home.example",
    "ana@home.example@larkspur.example",
    "ana%larkspur.example@home.example",
    "owners: ana@home.example, priya@larkspur.example;",
    "ana@home.example.larkspur.example",
    "ana@\u212aome.example",
    "\u0430na@home.example",
    "ana@home.example\0",
    " ana@home.example",
]


@pytest.mark.parametrize("recipient", TO_SOMEBODY_ELSE)
def test_a_recipient_that_is_not_the_owner_is_refused(recipient: str, plain: int, letterbox: Letterbox) -> None:
    with pytest.raises(MessageError):
        in_the_clear(plain).submit(NOTE, recipient=recipient)
    assert [] == letterbox.accepted


OCTETS_THAT_NAME_ANOTHER = {
    "to somebody else": replaced(b"To: Ana Lima <ana@home.example>", b"To: priya@larkspur.example"),
    "two in to": replaced(b"To: Ana Lima <ana@home.example>", b"To: ana@home.example, priya@larkspur.example"),
    "semicolons in to": replaced(b"To: Ana Lima <ana@home.example>", b"To: ana@home.example; priya@larkspur.example"),
    "a group": replaced(b"To: Ana Lima <ana@home.example>", b"To: us: ana@home.example, priya@larkspur.example;"),
    "a group of the owner": replaced(b"To: Ana Lima <ana@home.example>", b"To: us: ana@home.example;"),
    "a route": replaced(b"To: Ana Lima <ana@home.example>", b"To: <@larkspur.example:ana@home.example>"),
    "a comment": replaced(b"To: Ana Lima <ana@home.example>", b"To: ana@home.example (priya@larkspur.example)"),
    "two in angles": replaced(b"<ana@home.example>\r\nSub", b"<ana@home.example> <priya@larkspur.example>\r\nSub"),
    "an address as name": replaced(
        b"To: Ana Lima <ana@home.example>", b'To: "priya@larkspur.example," <ana@home.example>'
    ),
    "a folded second recipient": replaced(b"<ana@home.example>\r\nSub", b"<ana@home.example>,\r\n p@l.example\r\nSub"),
    "a second to": replaced(b"Subject:", b"To: priya@larkspur.example\r\nSubject:"),
    "no to": replaced(b"To: Ana Lima <ana@home.example>\r\n", b""),
    "cc": replaced(b"Subject:", b"Cc: priya@larkspur.example\r\nSubject:"),
    "bcc": replaced(b"Subject:", b"Bcc: priya@larkspur.example\r\nSubject:"),
    "bcc in small letters": replaced(b"Subject:", b"bcc: priya@larkspur.example\r\nSubject:"),
    "bcc with a space": replaced(b"Subject:", b"Bcc : priya@larkspur.example\r\nSubject:"),
    "bcc of the owner": replaced(b"Subject:", b"Bcc: ana@home.example\r\nSubject:"),
    "bcc behind a lone CR": replaced(b"Subject: 1", b"Subject: 1\rBcc: priya@larkspur.example\r"),
    "bcc behind a lone LF": replaced(b"Subject: 1", b"Subject: 1\nBcc: priya@larkspur.example"),
    "resent-to": replaced(b"Subject:", b"Resent-To: priya@larkspur.example\r\nSubject:"),
    "resent-bcc": replaced(b"Subject:", b"Resent-Bcc: priya@larkspur.example\r\nSubject:"),
    "reply-to": replaced(b"Subject:", b"Reply-To: priya@larkspur.example\r\nSubject:"),
    "a receipt asked for": replaced(b"Subject:", b"Disposition-Notification-To: p@l.example\r\nSubject:"),
    "apparently-to": replaced(b"Subject:", b"Apparently-To: priya@larkspur.example\r\nSubject:"),
    "a sender of its own": replaced(b"Subject:", b"Sender: priya@larkspur.example\r\nSubject:"),
    "from somebody else": replaced(b"From: Ana Lima <ana@home.example>", b"From: Ana Lima <priya@larkspur.example>"),
    "a smuggled second message": NOTE + b"\n.\r\nMAIL FROM:<ana@home.example>\r\nRCPT TO:<p@l.example>\r\n",
    "a smuggled end of data": NOTE + b"\r.\rRCPT TO:<priya@larkspur.example>\r\n",
    "a NUL": replaced(b"waits.", b"wai\0ts."),
    "octets above ASCII": replaced(b"Ana Lima <", b"\xc3\x81na <"),
    "no header": b"\r\n\r\nhello\r\n",
    "no end of header": b"To: ana@home.example\r\n",
    "a line that is no field": replaced(b"Subject:", b"priya@larkspur.example\r\nSubject:"),
    "a continuation first": b" To: priya@larkspur.example\r\n" + NOTE,
    "a line too long": replaced(b"Subject: ", b"Subject: " + b"a" * 1000),
    "a header without end": b"From: ana@home.example\r\n" + b" a\r\n" * 500 + NOTE,
    "a note too long": NOTE + b"a\r\n" * 100_000,
}


@pytest.mark.parametrize("octets", OCTETS_THAT_NAME_ANOTHER.values(), ids=OCTETS_THAT_NAME_ANOTHER.keys())
def test_octets_that_name_anybody_but_the_owner_are_refused(octets: bytes, plain: int, letterbox: Letterbox) -> None:
    with pytest.raises(MessageError):
        in_the_clear(plain).submit(octets, recipient="ana@home.example")
    assert [] == letterbox.accepted


def test_the_header_must_name_the_very_recipient_asked_for(plain: int, letterbox: Letterbox) -> None:
    with pytest.raises(MessageError):
        in_the_clear(plain).submit(NOTE, recipient="ana.lima@mail.example")
    assert [] == letterbox.accepted


def test_the_last_gate_holds_even_where_the_others_were_passed_by(plain: int, letterbox: Letterbox) -> None:
    submitter = in_the_clear(plain)
    with pytest.raises(MessageError):
        asyncio.run(
            submitter._transmit(NOTE, sender="ana@home.example", recipient="priya@larkspur.example", password=None)
        )
    assert [] == letterbox.accepted


@given(
    place=st.integers(0, len(NOTE)),
    inserted=st.sampled_from([b"\r\n", b"\n", b"\r", b",", b";", b":", b"Bcc: p@l.example\r\n", b"<p@l.example>", b""]),
    cut=st.integers(0, 30),
    recipient=st.sampled_from(OWNER),
)
@example(place=0, inserted=b"", cut=0, recipient=OWNER[0])
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_however_a_note_is_mangled_its_envelope_stays_the_owners(
    place: int, inserted: bytes, cut: int, recipient: str
) -> None:
    octets = NOTE[:place] + inserted + NOTE[place + cut :]
    submitter = OwnerSubmitter(SmtpSettings("127.0.0.1", 1, tls="none"), OWNER)
    try:
        sender = submitter._checked_sender(octets, recipient)
    except MessageError:
        return
    assert sender in OWNER
    header = email.message_from_bytes(octets)
    named = {address for field in ("To", "Cc", "Bcc") for _, address in getaddresses(header.get_all(field, []))}
    assert {recipient} == named


# --- that it is refused to be set up loosely


@pytest.mark.parametrize(
    "addresses", [[], [""], ["ana"], ["Ana <ana@home.example>"], ["a@b.example,c@d.example"], ["áná@home.example"]]
)
def test_addresses_that_are_not_plain_are_a_configuration_error(addresses: list[str]) -> None:
    with pytest.raises(ConfigError):
        OwnerSubmitter(SmtpSettings("127.0.0.1", 25, tls="none"), addresses)


@pytest.mark.parametrize("host", ["mail.home.example", "10.0.0.1", "localhost.larkspur.example", "128.0.0.1"])
def test_no_tls_is_for_this_machine_only(host: str) -> None:
    with pytest.raises(ConfigError):
        OwnerSubmitter(SmtpSettings(host, 25, tls="none"), OWNER)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_no_tls_is_allowed_on_this_machine(host: str) -> None:
    assert isinstance(OwnerSubmitter(SmtpSettings(host, 25, tls="none"), OWNER), OwnerSubmitter)


def test_a_ca_file_that_cannot_be_read_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError):
        OwnerSubmitter(SmtpSettings("127.0.0.1", 465, ca_file="/nowhere/ca.pem"), OWNER)


def test_tls_older_than_1_2_is_never_spoken(ca_file: str) -> None:
    submitter = OwnerSubmitter(SmtpSettings("127.0.0.1", 465, ca_file=ca_file), OWNER)
    assert submitter._context is not None
    assert ssl.TLSVersion.TLSv1_2 == submitter._context.minimum_version


def test_the_password_is_not_in_the_settings_text() -> None:
    assert "password" not in repr(SmtpSettings("127.0.0.1", 465, password=lambda: "open"))


# --- what failures are called


def test_a_certificate_nobody_vouches_for_is_an_insecure_connection(implicit: int, letterbox: Letterbox) -> None:
    with pytest.raises(InsecureConnectionError):
        OwnerSubmitter(SmtpSettings("127.0.0.1", implicit, timeout=5), OWNER).submit(NOTE, recipient="ana@home.example")
    assert [] == letterbox.accepted


def test_a_certificate_nobody_vouches_for_is_refused_after_starttls_too(starttls: int) -> None:
    settings = SmtpSettings("127.0.0.1", starttls, tls="starttls", timeout=5)
    with pytest.raises(InsecureConnectionError):
        OwnerSubmitter(settings, OWNER).submit(NOTE, recipient="ana@home.example")


def test_missing_starttls_is_an_insecure_connection_and_nothing_is_sent(
    plain: int, letterbox: Letterbox, ca_file: str
) -> None:
    settings = SmtpSettings("127.0.0.1", plain, tls="starttls", ca_file=ca_file, timeout=5)
    with pytest.raises(InsecureConnectionError):
        OwnerSubmitter(settings, OWNER).submit(NOTE, recipient="ana@home.example")
    assert [] == letterbox.accepted


def test_a_connection_lost_at_starttls_is_an_account_error() -> None:
    async def leave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in (b"220 hello\r\n", b"250-hello\r\n250 STARTTLS\r\n"):
            writer.write(answer)
            await reader.readline()
        writer.close()

    with running(lambda: asyncio.start_server(leave, "127.0.0.1", 0)) as port:
        submitter = OwnerSubmitter(SmtpSettings("127.0.0.1", port, tls="starttls", timeout=5), OWNER)
        with pytest.raises(AccountError) as raised:
            submitter.submit(NOTE, recipient="ana@home.example")
    assert AccountError is type(raised.value)


def test_a_wrong_password_is_a_sign_in_error(implicit: int, ca_file: str) -> None:
    settings = SmtpSettings("127.0.0.1", implicit, ca_file=ca_file, username="ana", password=lambda: "shut", timeout=5)
    with pytest.raises(SignInError):
        OwnerSubmitter(settings, OWNER).submit(NOTE, recipient="ana@home.example")


def test_a_server_without_sign_in_is_a_sign_in_error(plain: int) -> None:
    settings = SmtpSettings("127.0.0.1", plain, tls="none", username="ana", password=lambda: "open", timeout=5)
    with pytest.raises(SignInError):
        OwnerSubmitter(settings, OWNER).submit(NOTE, recipient="ana@home.example")


def test_an_error_of_the_password_source_passes_unchanged(plain: int) -> None:
    def locked() -> str:
        raise SignInError("The password store is locked.")

    settings = SmtpSettings("127.0.0.1", plain, tls="none", username="ana", password=locked, timeout=5)
    with pytest.raises(SignInError, match="locked"):
        OwnerSubmitter(settings, OWNER).submit(NOTE, recipient="ana@home.example")


@pytest.mark.parametrize(
    ("verb", "answer", "expected"),
    [
        ("MAIL", "530 5.7.0 sign in first", SignInError),
        ("MAIL", "550 no such sender", MessageError),
        ("MAIL", "451 later", AccountError),
        ("RCPT", "550 no such recipient", MessageError),
        ("RCPT", "450 greylisted", AccountError),
        ("DATA", "554 no", MessageError),
        ("DATA", "452 full", AccountError),
        ("RCPT", "421 closing", AccountError),
    ],
)
def test_an_answer_is_graded_by_its_code(
    verb: str, answer: str, expected: type[Exception], plain: int, letterbox: Letterbox
) -> None:
    letterbox.answers[verb] = answer
    with pytest.raises(FollowupMailError) as raised:
        in_the_clear(plain).submit(NOTE, recipient="ana@home.example")
    assert expected is type(raised.value)


def test_nobody_listening_is_an_account_error() -> None:
    with pytest.raises(AccountError):
        OwnerSubmitter(SmtpSettings("127.0.0.1", 1, tls="none", timeout=2), OWNER).submit(
            NOTE, recipient="ana@home.example"
        )


@pytest.fixture
def deaf() -> Iterator[int]:
    """The port of a listener that never says a word, not even a greeting."""

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    with running(lambda: asyncio.start_server(listen, "127.0.0.1", 0)) as port:
        yield port


def test_a_server_that_says_nothing_is_an_account_error_in_time(deaf: int) -> None:
    with pytest.raises(AccountError, match="in time"):
        OwnerSubmitter(SmtpSettings("127.0.0.1", deaf, tls="none", timeout=0.2), OWNER).submit(
            NOTE, recipient="ana@home.example"
        )


def test_no_error_of_the_library_leaves_ungraded() -> None:
    raised: list[Exception] = [
        aiosmtplib.SMTPException("x"),
        aiosmtplib.SMTPServerDisconnected("x"),
        aiosmtplib.SMTPConnectError("x"),
        aiosmtplib.SMTPTimeoutError("x"),
        aiosmtplib.SMTPConnectTimeoutError("x"),
        aiosmtplib.SMTPReadTimeoutError("x"),
        aiosmtplib.SMTPNotSupported("x"),
        aiosmtplib.SMTPResponseException(500, "x"),
        aiosmtplib.SMTPConnectResponseError(554, "x"),
        aiosmtplib.SMTPHeloError(554, "x"),
        aiosmtplib.SMTPDataError(554, "x"),
        aiosmtplib.SMTPAuthenticationError(535, "x"),
        aiosmtplib.SMTPSenderRefused(550, "x", "s"),
        aiosmtplib.SMTPRecipientRefused(550, "x", "r"),
        aiosmtplib.SMTPRecipientsRefused([aiosmtplib.SMTPRecipientRefused(550, "x", "r")]),
        OSError("x"),
        ValueError("x"),
        ssl.SSLError("x"),
        TimeoutError(),
    ]
    graded = {type(error).__name__: type(_graded(error)) for error in raised}
    assert dict.fromkeys(graded, True) == {name: issubclass(t, FollowupMailError) for name, t in graded.items()}
    every = set(aiosmtplib.errors.__all__)
    assert set() == every - set(graded)
