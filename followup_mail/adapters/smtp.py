"""aiosmtplib behind `ports.Submitter`: to the owner's own addresses, nobody else's.

Three gates stand one behind the other, and each would be enough: the recipient asked for, the header fields of the
octets, and the envelope just before it is spoken. What is not plainly allowed is refused.
"""

import asyncio
import ipaddress
import re
import ssl
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import aiosmtplib

from followup_mail.errors import AccountError, ConfigError, InsecureConnectionError, MessageError, SignInError

# Fields that a note to the owner may carry. Everything else is refused, and with it every field by which a server or a
# mail client could be led to write to somebody else: Cc, Bcc, Resent-*, Reply-To, Disposition-Notification-To …
_ALLOWED_FIELDS = frozenset(
    {
        "from",
        "to",
        "subject",
        "date",
        "message-id",
        "auto-submitted",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "content-language",
    }
)
_OCTETS_CAP = 256 * 1024
_LINE_CAP = 998  # RFC 5322 section 2.1.1
_HEADER_LINES_CAP = 200

_ADDR_SPEC = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,252}", re.ASCII)
_NAMED = re.compile(
    r"(?:\"[^\"\\,:;<>@()]{0,200}\"[ \t]*|[A-Za-z0-9!#$%&'*+/=?^_`{|}~. \t-]{0,900})<([^<>]{1,320})>", re.ASCII
)
_FIELD = re.compile(rb"([!-9;-~]{1,76}):(.*)", re.DOTALL)
_LOOSE_LINE_END = re.compile(rb"\r(?!\n)|(?<!\r)\n")


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """Where and how notes to the owner are submitted (RFC 6409, 8314); `timeout` in seconds an answer.

    `password` is asked for at each submission and never kept.
    """

    host: str
    port: int = 465
    tls: Literal["implicit", "starttls", "none"] = "implicit"
    ca_file: str | None = None
    username: str | None = None
    password: Callable[[], str] | None = field(default=None, repr=False)
    timeout: float = 30.0


class OwnerSubmitter:
    """Submits to the addresses it was made for; there is no verb to add another."""

    __slots__ = ("_context", "_owner", "_settings")

    def __init__(self, settings: SmtpSettings, owner_addresses: Iterable[str]) -> None:
        """Raise ConfigError for an address that is not plain, none at all, or a connection in the clear."""
        self._owner = _configured(owner_addresses)
        if settings.tls == "none" and not _is_loopback(settings.host):
            raise ConfigError("SMTP without TLS is for this machine only: set tls to implicit or starttls.")
        self._settings = settings
        self._context = None if settings.tls == "none" else _tls_context(settings.ca_file)

    def submit(self, octets: bytes, *, recipient: str) -> None:
        """Submit one message from the owner to the owner.

        Raises MessageError for any other recipient, for octets that name one, and where the server refuses the
        message; AccountError, SignInError or InsecureConnectionError where the connection failed.
        """
        configured = self._owner.get(_lowered(recipient))
        if configured is None:
            raise MessageError("Refused: the recipient is not one of the owner's configured addresses.")
        sender = self._checked_sender(octets, configured)
        password = self._settings.password() if self._settings.username and self._settings.password else None
        try:
            asyncio.run(self._transmit(octets, sender=sender, recipient=configured, password=password))
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise _graded(error) from error

    def _checked_sender(self, octets: bytes, recipient: str) -> str:
        """The owner's address that From names; MessageError unless From and To are the owner's and nothing else is."""
        fields = _header_fields(octets)
        sender = self._owner.get(_lowered(_only_address(fields, "from")))
        if sender is None:
            raise MessageError("Refused: From is not one of the owner's configured addresses.")
        if _lowered(_only_address(fields, "to")) != _lowered(recipient):
            raise MessageError("Refused: To is not exactly the recipient asked for.")
        return sender

    async def _transmit(self, octets: bytes, *, sender: str, recipient: str, password: str | None) -> None:
        settings = self._settings
        client = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            use_tls=settings.tls == "implicit",
            start_tls=False,  # done below, where its failure can be told from others
            tls_context=self._context,
            timeout=settings.timeout,
            local_hostname="[127.0.0.1]",  # neither a DNS look-up nor this machine's name on the wire
        )
        transport: asyncio.BaseTransport | None = None
        try:
            async with asyncio.timeout(4 * settings.timeout):
                await client.connect()
                transport = client.transport
                await self._secure(client)
                transport = client.transport
                await self._sign_in(client, password)
                if sender not in self._owner.values() or recipient not in self._owner.values():
                    raise MessageError("Refused: the envelope names somebody who is not the owner.")
                await client.sendmail(sender, [recipient], octets)
                with suppress(
                    aiosmtplib.SMTPException, OSError
                ):  # the message is accepted; a rude goodbye is no failure
                    await client.quit()
        finally:
            client.close()
            if isinstance(transport, asyncio.WriteTransport):
                transport.abort()  # a TLS goodbye that nobody awaits would leave the socket open

    async def _secure(self, client: aiosmtplib.SMTP) -> None:
        if self._settings.tls != "starttls":
            return
        try:
            await client.starttls()
        except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError):
            raise
        except aiosmtplib.SMTPException as error:
            raise InsecureConnectionError("The SMTP server does not offer STARTTLS; nothing was sent.") from error

    async def _sign_in(self, client: aiosmtplib.SMTP, password: str | None) -> None:
        if self._settings.username is None or password is None:
            return
        try:
            await client.login(self._settings.username, password)
        except (aiosmtplib.SMTPResponseException, aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError):
            raise
        except aiosmtplib.SMTPException as error:
            raise SignInError("The SMTP server offers no way to sign in with a password.") from error


def _configured(owner_addresses: Iterable[str]) -> dict[str, str]:
    addresses = {_lowered(address): address for address in owner_addresses}
    if not addresses:
        raise ConfigError("SMTP needs at least one address of the owner.")
    for address in addresses.values():
        if not _ADDR_SPEC.fullmatch(address):
            raise ConfigError(f"SMTP submission needs plain ASCII addresses of the owner, not {address!r}.")
    return addresses


def _lowered(address: str) -> str:
    """The address in lower case where it is ASCII; other letters are left, so that no two addresses fall together."""
    return address.lower() if address.isascii() else address


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _tls_context(ca_file: str | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=str(Path(ca_file).expanduser()) if ca_file else None)
    except OSError as error:  # ssl.SSLError is one
        raise ConfigError(f"The certificates in {ca_file} cannot be read.") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _header_fields(octets: bytes) -> dict[str, str]:
    """The header fields by lower-case name, unfolded; MessageError unless each stands once in strict CRLF ASCII."""
    if len(octets) > _OCTETS_CAP or not octets.isascii() or b"\0" in octets or _LOOSE_LINE_END.search(octets):
        raise MessageError("Refused: the note is too long, or not plain CRLF lines of ASCII.")
    header, parted, _body = octets.partition(b"\r\n\r\n")
    lines = header.split(b"\r\n")
    if not parted or len(lines) > _HEADER_LINES_CAP or any(len(line) > _LINE_CAP for line in lines):
        raise MessageError("Refused: the note's header is not well formed.")
    fields: dict[str, str] = {}
    last = ""
    for line in lines:
        if line[:1] in {b" ", b"\t"} and last:
            fields[last] += line.decode("ascii")
            continue
        found = _FIELD.fullmatch(line)
        last = found[1].decode("ascii").lower() if found else ""
        if found is None or last in fields or last not in _ALLOWED_FIELDS:
            raise MessageError("Refused: the note's header has a field that is doubled, broken or not allowed.")
        fields[last] = found[2].decode("ascii")
    return fields


def _only_address(fields: dict[str, str], name: str) -> str:
    """The one addr-spec of an address field; MessageError for none, several, groups, comments and routes."""
    value = fields.get(name, "").strip(" \t")
    named = _NAMED.fullmatch(value)
    addr_spec = named[1] if named else value
    if not _ADDR_SPEC.fullmatch(addr_spec):
        raise MessageError(f"Refused: {name.capitalize()} does not name exactly one plain address.")
    return addr_spec


def _graded(error: Exception) -> Exception:
    """The error of our own for what aiosmtplib, asyncio or ssl raised; the server's words stay in its cause."""
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return InsecureConnectionError("The SMTP server's certificate or TLS could not be trusted; nothing was sent.")
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return _graded(error.recipients[0])
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return _graded_by_code(error)
    if isinstance(error, aiosmtplib.SMTPNotSupported):
        return MessageError("The SMTP server cannot take this note.")
    if isinstance(error, TimeoutError):
        return AccountError("The SMTP server did not answer in time.")
    return AccountError("The connection to the SMTP server failed.")


def _graded_by_code(error: aiosmtplib.SMTPResponseException) -> Exception:
    """Grade an answer by its reply code (RFC 5321 section 4.2, RFC 4954 section 6)."""
    if error.code in {530, 534, 535, 538} or (
        isinstance(error, aiosmtplib.SMTPAuthenticationError) and error.code >= 500
    ):
        return SignInError(f"The SMTP server refused the sign-in ({error.code}).")
    if error.code >= 500 and not isinstance(error, aiosmtplib.SMTPConnectError | aiosmtplib.SMTPHeloError):
        return MessageError(f"The SMTP server refused the note to the owner ({error.code}).")
    return AccountError(f"The SMTP server cannot take the note now ({error.code}).")
