"""Every exception of the house, graded by how much to give up: message, mailbox, account or run."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process tells its caller when it ends."""

    OK = 0
    FAILED = 1
    CONFIG = 2
    SIGN_IN = 3
    LOCK_HELD = 4
    TEMPORARY = 75


class FollowupMailError(Exception):
    """Anything this program raises on purpose; its text is one sentence for the owner."""

    exit_code = ExitCode.FAILED


class MessageError(FollowupMailError):
    """Give up one message: it is shunted, shown, and the cycle goes on."""


class MailboxError(FollowupMailError):
    """Give up one mailbox until the next cycle (NO, gone, [OVERQUOTA])."""


class AccountError(FollowupMailError):
    """Give up one account's connection and try again with a new one.

    `retry_after` is the seconds the server asked for, or None for the caller's own back-off.
    """

    exit_code = ExitCode.TEMPORARY

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SignInError(AccountError):
    """The server refused the credentials: tell the owner once, try again after an hour or a reload."""

    exit_code = ExitCode.SIGN_IN


class InsecureConnectionError(AccountError):
    """TLS failed, STARTTLS was missing or a PREAUTH greeting came: refused, never in the clear."""

    exit_code = ExitCode.SIGN_IN


class RunError(FollowupMailError):
    """Give up the run: exit with the code and one sentence."""


class ConfigError(RunError):
    """The configuration cannot be used; the text lists every problem with its place and mend."""

    exit_code = ExitCode.CONFIG


class LedgerError(RunError):
    """The ledger cannot be read or written."""


class LockHeldError(RunError):
    """Another worker already serves this account."""

    exit_code = ExitCode.LOCK_HELD


class StoppedError(FollowupMailError):
    """The worker was asked to stop: leave between two steps, nothing is lost."""
