"""What one account's IMAP connection needs to know."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class ImapSettings:
    """An account's server and mailboxes; an empty string stands for "not configured".

    `password` is asked at each sign-in and never kept. `pin_sha256` is the SHA-256 of the server's certificate (DER)
    in hex, colons allowed; without `ca_file` it replaces the authorities. `tls` "none" is for a server on loopback.
    """

    host: str
    username: str
    password: Callable[[], str]
    port: int = 993
    tls: Literal["implicit", "starttls", "none"] = "implicit"
    ca_file: str = ""
    pin_sha256: str = ""
    watch: tuple[str, ...] = ("INBOX",)
    drafts: str = ""
    sent: str = ""
    trash: str = ""
