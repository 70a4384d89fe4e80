"""The one place where real parts are put together: configuration → ledger, letters, mailboxes, workers."""

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from followup_mail.adapters.credentials import load_password
from followup_mail.adapters.imap import ImapMailbox, ImapSettings
from followup_mail.adapters.letters import FileLetters
from followup_mail.adapters.smtp import OwnerSubmitter, SmtpSettings
from followup_mail.config import (
    AccountConfig,
    Config,
    default_config_path,
    load_config,
    policy_of,
    shipped,
    state_directory,
)
from followup_mail.core.plan import Policy
from followup_mail.cycle import Notify, Owner, Worker
from followup_mail.errors import LedgerError, LockHeldError
from followup_mail.ports import Letters, Mailbox, Submitter
from followup_mail.store import Birth, Ledger

LEDGER = "ledger.sqlite3"


def read_config(path: Path | None) -> Config:
    """The owner's configuration; raises ConfigError with every problem."""
    return load_config(path or default_config_path())


def open_ledger(config: Config, birth: Birth | None) -> Ledger:
    """The owner's ledger; `birth` None opens whichever there is, for looking only."""
    return Ledger.open(state_directory(config) / LEDGER, birth=birth)


def open_letters(config: Config) -> FileLetters:
    """The shipped letters, overridden singly by the owner's own."""
    own = Path(config.letters.directory).expanduser() if config.letters.directory else None
    return FileLetters(shipped("templates"), own)


def connect_mailbox(account: AccountConfig) -> ImapMailbox:
    """The account's mailbox; it signs in at its first use."""
    imap = account.imap
    settings = ImapSettings(
        host=imap.host,
        port=imap.port,
        tls=imap.tls,
        ca_file=imap.ca_file,
        pin_sha256=imap.pin_sha256,
        username=imap.username,
        password=partial(load_password, imap),
        watch=tuple(imap.watch),
        drafts=imap.drafts,
        sent=imap.sent,
        trash=imap.trash,
    )
    return ImapMailbox(settings)


def connect_submitter(account: AccountConfig, config: Config) -> Submitter | None:
    """Submission to the owner, where the account has a server for it."""
    smtp = account.smtp
    if smtp is None:
        return None
    settings = SmtpSettings(
        host=smtp.host,
        port=smtp.port,
        tls=smtp.tls,
        ca_file=smtp.ca_file,
        username=smtp.username,
        password=partial(load_password, smtp) if smtp.username else None,
    )
    return OwnerSubmitter(settings, config.owner.addresses)


def policies(config: Config, letters: Letters) -> Callable[[datetime | None, datetime], Policy]:
    """The rules as of a moment, given when the first run was; languages are those that have letters."""
    languages: dict[str, frozenset[str]] = {}
    for form in letters.forms():
        languages[form.purpose] = languages.get(form.purpose, frozenset()) | {form.language}
    return lambda began, now: policy_of(config, languages=languages, began=began, now=now)


def employ(
    config: Config,
    account: AccountConfig,
    *,
    ledger: Ledger,
    letters: Letters,
    mailbox: Mailbox,
    rehearsing: bool = False,
    acts: bool = True,
) -> Worker:
    """One account's worker."""
    return Worker(
        account=account.name,
        owner=Owner(config.owner.name, tuple(config.owner.addresses), config.owner.timezone, config.owner.signature),
        mailbox=mailbox,
        ledger=ledger,
        letters=letters,
        policy=policies(config, letters),
        draw=partial(secrets.token_hex, 16),
        pause=time.sleep,
        watch=tuple(account.imap.watch),
        lookback_days=config.policy.lookback_days,
        rehearsing=rehearsing,
        acts=acts,
        notify=Notify(config.notify.digest, config.notify.quiet),
        submitter=connect_submitter(account, config),
    )


@contextmanager
def locked(config: Config) -> Iterator[None]:
    """Hold the lock of every account; raises LockHeldError where another worker serves one of them.

    Raises LedgerError where the state directory takes no files.
    """
    state = state_directory(config)
    locks = [FileLock(state / f"{account.name}.lock", mode=0o600) for account in config.accounts]
    try:
        for account, lock in zip(config.accounts, locks, strict=True):
            try:
                lock.acquire(timeout=0)
            except Timeout:
                raise LockHeldError(
                    f"Another followup-mail already serves the account {account.name!r}; stop it first."
                ) from None
            except OSError as error:
                raise LedgerError(f"The state directory {state} cannot be written to: {error.strerror}") from error
        yield
    finally:
        for lock in locks:
            lock.release()
