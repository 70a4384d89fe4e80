"""The command that checks: each line ok, warning or error, with the mend."""

import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryFile

from rich.console import Console

from followup_mail.cli.wiring import connect_mailbox, open_letters, read_config
from followup_mail.config import AccountConfig, Config, state_directory
from followup_mail.errors import (
    AccountError,
    ExitCode,
    FollowupMailError,
    InsecureConnectionError,
    LedgerError,
    SignInError,
)


def check_everything(path: Path | None) -> None:
    """Check in the order in which things can fail; exits with the code of the first failure."""
    console = Console(soft_wrap=True)
    config = read_config(path)
    _line(console, "ok", "configuration", f"{len(config.accounts)} account(s), owner's zone {config.owner.timezone}")
    worst = ExitCode.OK
    with closing(open_letters(config)) as letters:
        for problem in letters.problems():
            _line(console, "error", "letters", problem)
            worst = ExitCode.FAILED
        _line(console, "ok", "letters", f"{len(letters.forms())} usable")
    worst = _check_state(console, config) or worst
    for account in config.accounts:
        worst = _check_account(console, account) or worst
    sys.exit(worst)


def _check_state(console: Console, config: Config) -> ExitCode:
    try:
        state = state_directory(config)
        with TemporaryFile(dir=state):
            _line(console, "ok", "state", str(state))
    except LedgerError as error:
        _line(console, "error", "state", str(error))
        return error.exit_code
    except OSError as error:
        _line(console, "error", "state", f"{state} cannot be written to: {error.strerror}")
        return ExitCode.FAILED
    return ExitCode.OK


def _check_account(console: Console, account: AccountConfig) -> ExitCode:
    mailbox = connect_mailbox(account)
    try:
        boxes = mailbox.mailboxes()
        _line(console, "ok", account.name, f"signed in to {account.imap.host}")
        capabilities = mailbox.capabilities
        for name, lack in LACKS.items():
            if name not in capabilities:
                _line(console, "warning", account.name, f"the server has no {name}: {lack}")
        _check_uses(console, account, boxes.drafts, boxes.sent)
        there = mailbox.statuses(account.imap.watch)
        missing = [name for name in account.imap.watch if name not in there]
        for name in missing:
            hint = "mend `watch` in the configuration"
            _line(console, "error", account.name, f"the mailbox {name!r} to be watched is not there: {hint}")
    except FollowupMailError as error:
        _line(console, "error", account.name, str(error))
        mend = next((mend for kind, mend in MENDS.items() if isinstance(error, kind)), None)
        if mend:
            _line(console, "mend", account.name, mend)
        return ExitCode(error.exit_code)
    else:
        return ExitCode.CONFIG if missing else ExitCode.OK
    finally:
        mailbox.close()


# The first that fits; the general one stands last.
MENDS: dict[type[FollowupMailError], str] = {
    SignInError: "look at `username` and at what gives the password; many providers want an app password here",
    InsecureConnectionError: "look at `host`, `port` and `tls`; a private server may need `ca_file` or `pin_sha256`",
    AccountError: "if this stays so, look at `host` and `port`, and whether this computer is online",
}
LACKS = {
    "IDLE": "new mail is noticed at the next minute instead of at once",
    "UIDPLUS": "a draft's place is found by searching for it",
    "MOVE": "a draft taken back is copied to Trash and flagged as deleted",
}


def _check_uses(console: Console, account: AccountConfig, drafts: str | None, sent: str | None) -> None:
    if drafts:
        _line(console, "ok", account.name, f"drafts go to {drafts!r}")
    else:
        _line(console, "warning", account.name, "no mailbox for drafts was found: one called Drafts will be made")
    if sent:
        _line(console, "ok", account.name, f"sent mail is in {sent!r}")
    else:
        hint = "name it as `sent` in the configuration, or letters you send yourself stay unseen"
        _line(console, "warning", account.name, f"no mailbox for sent mail was found: {hint}")


def _line(console: Console, verdict: str, about: str, text: str) -> None:
    console.print(f"{verdict:<8} {about}: {text}", markup=False, highlight=False)
