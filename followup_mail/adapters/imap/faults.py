"""Foreign exceptions and refusals of the server, turned into the house's own grades."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from followup_mail.errors import (
    AccountError,
    FollowupMailError,
    InsecureConnectionError,
    MailboxError,
    SignInError,
)

_CODE = re.compile(r"\[([A-Z0-9-]+)(?: ([^\]]*))?\]")
_BACKOFF = re.compile(r"Suggested Backoff Time: (\d{1,9}) milliseconds", re.IGNORECASE)
_OVERLOADED = re.compile(
    r"too many|try again|temporar|unavailable|throttl|rate limit|connection limit|server busy", re.IGNORECASE
)
_LATER_CODES = frozenset({"UNAVAILABLE", "THROTTLED", "LIMIT", "INUSE", "SERVERBUG", "CONTACTADMIN"})
_SIGN_IN_CODES = frozenset({"AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED", "WEBALERT"})


class RefusedError(MailboxError):
    """The server said NO or BAD; `code` is its response code (RFC 9051 section 7.1), "" where there was none."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


def refusal(verb: str, text: str, *, signing_in: bool = False) -> FollowupMailError:
    """The grade of a NO or BAD: what the server asks to wait out is the account's, a sign-in's the owner's."""
    found = _CODE.search(text)
    code = found[1] if found else ""
    said = plain(text)
    if code in _LATER_CODES or _BACKOFF.search(text) or (code in {"", "ALERT"} and _OVERLOADED.search(text)):
        return AccountError(f"the server asks to come back later ({verb}: {said})", retry_after=retry_after(text))
    if code == "PRIVACYREQUIRED":
        return InsecureConnectionError(f"the server wants TLS before sign-in ({said})")
    if signing_in or code in _SIGN_IN_CODES:
        return SignInError(f"the server refused the sign-in ({said})")
    return RefusedError(f"the server refused {verb} ({said})", code)


def retry_after(text: str) -> float | None:
    """The seconds of Exchange's "Suggested Backoff Time: N milliseconds"."""
    found = _BACKOFF.search(text)
    return int(found[1]) / 1000 if found else None


def plain(text: str) -> str:
    """A server's words, fit for a log line."""
    return "".join(sign if sign.isprintable() else " " for sign in text[:200]).strip()


@contextmanager
def house_errors() -> Iterator[None]:
    """Whatever is raised inside leaves as an error of the house; those of the house pass."""
    try:
        yield
    except FollowupMailError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise InsecureConnectionError(f"the server's certificate cannot be trusted: {error.verify_message}") from error
    except imaplib.IMAP4.error as error:
        text = str(error)
        raise AccountError(f"the connection broke: {plain(text)}", retry_after=retry_after(text)) from error
    except TimeoutError as error:
        raise AccountError("the server did not answer in time") from error
    except OSError as error:
        raise AccountError(f"the connection broke: {plain(str(error))}") from error
    except (ValueError, LookupError, RecursionError, OverflowError) as error:
        raise AccountError(f"the server's answer cannot be understood: {plain(str(error))}") from error
