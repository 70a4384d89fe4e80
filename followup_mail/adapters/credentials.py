"""Passwords by reference: a command, an environment variable, a file, the keyring. None is ever kept or logged."""

import os
import stat
import subprocess
from pathlib import Path
from typing import Protocol

from followup_mail.errors import ConfigError, SignInError

COMMAND_SECONDS = 60.0
_OCTETS_CAP = 64 * 1024


class PasswordReference(Protocol):
    """Where a password is kept: exactly one of these is set, the others are empty."""

    @property
    def username(self) -> str:
        """Under which name it stands in the keyring."""
        ...

    @property
    def password_command(self) -> tuple[str, ...]:
        """Program and arguments; its first line of output is the password."""
        ...

    @property
    def password_env(self) -> str:
        """Name of an environment variable."""
        ...

    @property
    def password_file(self) -> str:
        """Path of a file that nobody else may read; its first line is the password."""
        ...

    @property
    def keyring(self) -> str:
        """Service name in the system's keyring."""
        ...


def load_password(reference: PasswordReference) -> str:
    """The password; ConfigError for a reference that cannot work, SignInError where it gave none."""
    if reference.password_command:
        password = _from_command(reference.password_command)
        source = f"The command {reference.password_command[0]}"
    elif reference.password_env:
        password = os.environ.get(reference.password_env, "")
        source = f"The environment variable {reference.password_env}"
    elif reference.password_file:
        password = _from_file(Path(reference.password_file))
        source = f"The file {reference.password_file}"
    elif reference.keyring:
        password = _from_keyring(reference.keyring, reference.username)
        source = f"The keyring's entry {reference.keyring} for {reference.username}"
    else:
        raise ConfigError("No way to the password is configured")
    if not password:
        raise SignInError(f"{source} gave no password")
    return password


def _first_line(octets: bytes, source: str) -> str:
    try:
        return octets.split(b"\n", 1)[0].removesuffix(b"\r").decode("utf-8")
    except UnicodeDecodeError:
        raise SignInError(f"{source} gave something that is not UTF-8 text") from None


def _from_command(command: tuple[str, ...]) -> str:
    # No shell; its standard error is not shown, because it may repeat what it was given.
    name = command[0]
    try:
        done = subprocess.run(  # noqa: S603 - the owner's own command, as a list
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=COMMAND_SECONDS, check=False
        )
    except FileNotFoundError:
        raise ConfigError(f"The password_command {name} was not found; write its full path") from None
    except (OSError, ValueError):
        raise ConfigError(f"The password_command {name} cannot be run; is it executable?") from None
    except subprocess.TimeoutExpired:
        raise SignInError(f"The password_command {name} gave no answer within {COMMAND_SECONDS:.0f} s") from None
    if done.returncode != 0:
        raise SignInError(f"The password_command {name} failed (exit status {done.returncode}): try it in a terminal")
    return _first_line(done.stdout, f"The password_command {name}")


def _from_file(path: Path) -> str:
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as opened:  # a FIFO must not block
            status = os.fstat(opened.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise ConfigError(f"The password_file {path} is no regular file")
            if status.st_mode & 0o077:
                raise ConfigError(f"The password_file {path} can be read by others; run: chmod 600 {path}")
            if status.st_uid not in (os.geteuid(), 0):
                raise ConfigError(f"The password_file {path} belongs to somebody else")
            return _first_line(opened.read(_OCTETS_CAP), f"The password_file {path}")
    except OSError as error:
        raise ConfigError(f"The password_file {path} cannot be read: {error.strerror}") from None


def _from_keyring(service: str, username: str) -> str:
    import keyring  # noqa: PLC0415 - slow to import, and only for those who use it
    from keyring.errors import KeyringError  # noqa: PLC0415 - likewise

    try:
        return keyring.get_password(service, username) or ""
    except KeyringError as error:
        raise SignInError(f"The keyring cannot be asked: {type(error).__name__}; is it unlocked?") from None
