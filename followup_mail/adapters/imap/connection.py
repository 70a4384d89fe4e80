"""A signed-in connection: TCP, TLS, greeting and sign-in, by IMAPClient over a bounded stream."""

import hashlib
import hmac
import imaplib
import ipaddress
import socket
import ssl
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import LoginError

from followup_mail.adapters.imap.faults import house_errors, refusal
from followup_mail.adapters.imap.settings import ImapSettings
from followup_mail.adapters.imap.stream import Stream
from followup_mail.errors import InsecureConnectionError, MailboxError, SignInError

TIMEOUT = SocketTimeout(15, 60)
COMMAND_DEADLINE = 900.0  # seconds for one command, however slowly its answer drips
_GREETING_LINE_CAP = 64 * 1024
_GREETING_LITERAL_CAP = 64 * 1024


class _Wire(imaplib.IMAP4):
    """imaplib's conversation over our stream, through the methods it offers for overriding."""

    def __init__(self, settings: ImapSettings) -> None:
        self._settings = settings
        super().__init__(settings.host, settings.port, timeout=TIMEOUT.connect)

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:
        self.host, self.port = host, port
        connection = socket.create_connection((host, port), timeout)
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._settings.tls == "none":
                _refuse_other_machines(connection)
            self._talk_over(_secured(connection, self._settings) if self._settings.tls == "implicit" else connection)
        except BaseException:
            connection.close()
            raise

    def _talk_over(self, connection: socket.socket) -> None:
        self.sock = connection
        self.stream = Stream(connection, TIMEOUT.read, COMMAND_DEADLINE)

    def starttls(self, ssl_context: object = None) -> Any:  # noqa: ANN401, ARG002  # imaplib's shape, our context
        kind, answer = self._simple_command("STARTTLS")
        if kind == "OK":
            if self.stream.buffered:
                raise InsecureConnectionError("something was slipped in between STARTTLS and TLS")
            self._talk_over(_secured(self.sock, self._settings))
            self._tls_established = True
            self.untagged_responses = {}  # what was said in the clear counts for nothing
            self._get_capabilities()
        return kind, answer

    def read(self, size: int) -> bytes:
        return self.stream.read_block(size, _GREETING_LITERAL_CAP)

    def readline(self) -> bytes:
        return self.stream.read_line(_GREETING_LINE_CAP) + b"\r\n"

    def send(self, data: bytes) -> None:  # type: ignore[override]  # imaplib sends nothing else
        self.stream.send(data)

    def shutdown(self) -> None:
        self.sock.close()


class _Client(IMAPClient):  # type: ignore[misc]  # IMAPClient ships no types
    """IMAPClient whose imaplib reads through our stream."""

    def __init__(self, settings: ImapSettings) -> None:
        self._settings = settings
        super().__init__(settings.host, settings.port, ssl=settings.tls == "implicit", timeout=TIMEOUT)
        self._imap.debug = 0  # it would log each line

    @property
    def wire_stream(self) -> Stream:
        """The wire's stream; STARTTLS renews it."""
        stream: Stream = self._imap.stream
        return stream

    def _create_IMAP4(self) -> _Wire:  # noqa: N802  # IMAPClient's name
        return _Wire(self._settings)


def connect(settings: ImapSettings) -> Stream:
    """The stream of a signed-in connection; raises AccountError, SignInError or InsecureConnectionError."""
    password = settings.password()
    for secret in (settings.username, password):
        if any(sign in secret for sign in "\r\n\0"):
            raise SignInError("the user name or password holds a line break or NUL and was not sent")
    with house_errors():
        client = _client(settings)
        try:
            _sign_in(client, settings, password)
        except BaseException:
            client.wire_stream.close()
            raise
        return client.wire_stream


def _client(settings: ImapSettings) -> _Client:
    try:
        return _Client(settings)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:  # the greeting was BYE
        graded = refusal("the connection", str(error))
        raise (graded if not isinstance(graded, MailboxError) else error) from error


def _sign_in(client: _Client, settings: ImapSettings, password: str) -> None:
    if client._imap.state == "AUTH":  # noqa: SLF001  # IMAPClient does not show it
        raise InsecureConnectionError("the server greeted us as signed in already (PREAUTH)")
    if settings.tls == "starttls":
        if not client.has_capability("STARTTLS"):
            raise InsecureConnectionError("the server offers no STARTTLS; use tls = implicit")
        _start_tls(client)
    _authenticate(client, settings.username, password)


def _authenticate(client: _Client, username: str, password: str) -> None:
    try:
        if client.has_capability("AUTH=PLAIN"):
            client.sasl_login("PLAIN", lambda _: f"\0{username}\0{password}".encode())
        elif client.has_capability("LOGINDISABLED"):
            raise SignInError("the server takes no password (LOGINDISABLED, no AUTH=PLAIN)")
        else:
            client.login(_quoted(username), password)
    except UnicodeEncodeError:
        raise SignInError("the server takes a user name and password in ASCII only (no AUTH=PLAIN)") from None
    except LoginError as error:
        if isinstance(error.__context__, imaplib.IMAP4.abort):
            raise error.__context__ from None
        raise refusal("sign-in", str(error), signing_in=True) from None


def _start_tls(client: _Client) -> None:
    try:
        client.starttls()
    except ssl.SSLError as error:
        raise InsecureConnectionError("TLS could not be started") from error
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise InsecureConnectionError("the server refused STARTTLS") from error


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _secured(connection: socket.socket, settings: ImapSettings) -> ssl.SSLSocket:
    """The connection under TLS 1.2 or newer, its certificate trusted or pinned."""
    try:
        secured = _context(settings).wrap_socket(connection, server_hostname=settings.host)
    except ssl.SSLCertVerificationError as error:
        raise InsecureConnectionError(f"the server's certificate cannot be trusted: {error.verify_message}") from error
    except ssl.SSLError as error:
        raise InsecureConnectionError(f"TLS failed ({error.reason or 'no answer'}): is it the port of TLS?") from error
    if settings.pin_sha256:
        certificate = hashlib.sha256(secured.getpeercert(binary_form=True) or b"").hexdigest()
        pinned = settings.pin_sha256.replace(":", "").replace(" ", "").lower()
        if not hmac.compare_digest(certificate.encode(), pinned.encode()):
            secured.close()
            raise InsecureConnectionError(f"the server's certificate is not the pinned one; it is {certificate}")
    return secured


def _context(settings: ImapSettings) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=settings.ca_file or None)
    except OSError as error:
        raise InsecureConnectionError(f"ca_file {settings.ca_file} cannot be used: {error}") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if settings.pin_sha256 and not settings.ca_file:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _refuse_other_machines(connection: socket.socket) -> None:
    peer = ipaddress.ip_address(connection.getpeername()[0].partition("%")[0])
    if not peer.is_loopback:
        raise InsecureConnectionError(f"tls = none is for this machine only, and {peer} is another")
