"""The demo: compressed days of an invented mailbox, played to the real worker on an IMAP server in this process."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from rich.console import Console

from followup_mail.demo.mailbox import OWNER_ADDRESS, OWNER_NAME, ZONE
from followup_mail.demo.showing import show_drafts, show_line, show_one_letter, show_understood
from followup_mail.demo.story import Act, Step, moments_of, tell_story
from followup_mail.errors import RunError

if TYPE_CHECKING:
    from followup_mail.demo.server import EmbeddedServer

START: Final = date(2026, 11, 9)  # a Monday with no Portuguese holiday in the days that follow


class Rehearsal(Protocol):
    """The real worker on a rehearsal ledger, as the demo needs it."""

    def cycle(self, now: datetime) -> object:
        """One pass over the mailbox as of `now`."""
        ...

    def status(self) -> Sequence[Mapping[str, Any]]:
        """The cases, as `status --json` lists them."""
        ...


Employ = Callable[[Path], AbstractContextManager[Rehearsal]]


def run_demo(console: Console, employ: Employ, *, start: date = START) -> None:
    """Play the story to the worker that `employ` makes of a configuration file, and print what came of it.

    `start` is a Monday. Raises RunError where the extra with the IMAP server is not installed.
    """
    try:
        from followup_mail.demo.server import EmbeddedServer  # noqa: PLC0415 - pymap comes with the extra only
    except ImportError as error:
        raise RunError("The demo needs its IMAP server: pip install 'followup-mail[demo]'.") from error
    with EmbeddedServer() as server, tempfile.TemporaryDirectory(prefix="followup-mail-demo-") as directory:
        console.print(f"An invented mailbox of {OWNER_NAME}, {OWNER_ADDRESS}, on {server.host}:{server.port}.\n")
        path = write_configuration(Path(directory), port=server.port, password=server.password)
        with employ(path) as worker:
            waiting = list(tell_story(start))
            for moment in moments_of(start):
                while waiting and waiting[0].moment <= moment:
                    _take(console, server, waiting.pop(0))
                before = dict(server.letters_in("Drafts"))
                worker.cycle(moment)
                _tell_changes(console, moment, before, dict(server.letters_in("Drafts")))
            show_understood(console, worker.status(), ZONE)
        letters = [octets for _, octets in server.letters_in("Drafts")]
        show_drafts(console, letters)
        show_one_letter(console, letters)


def _tell_changes(console: Console, moment: datetime, before: Mapping[int, bytes], after: Mapping[int, bytes]) -> None:
    """Say which drafts the worker put into Drafts and which of its own it took back."""
    for uid in sorted(before.keys() - after.keys()):
        show_line(console, moment, "withdrawn", octets=before[uid])
    for uid in sorted(after.keys() - before.keys()):
        show_line(console, moment, "drafted", octets=after[uid])


def _take(console: Console, server: "EmbeddedServer", step: Step) -> None:
    """Do one step of the story on the server, and say so."""
    if step.act is Act.SENDS:
        if server.send_draft(step.recipient, moment=step.moment):
            show_line(console, step.moment, "sent", what=step.what)
        return
    mailbox = "INBOX" if step.act is Act.ARRIVES else "Sent"
    server.deliver(step.octets, moment=step.moment, mailbox=mailbox, seen=step.act is Act.WRITTEN)
    show_line(console, step.moment, step.act.value, what=step.what)


def write_configuration(directory: Path, *, port: int, password: str) -> Path:
    """A configuration for the demo's mailbox, its state and its password below `directory`; its path."""
    secret = directory / "password"
    secret.touch(mode=0o600)
    secret.write_text(password, encoding="utf-8")
    path = directory / "config.toml"
    path.write_text(
        f"""\
[owner]
name = "{OWNER_NAME}"
addresses = ["{OWNER_ADDRESS}"]
timezone = "{ZONE.key}"

[state]
directory = "{(directory / "state").as_posix()}"

[[accounts]]
name = "demo"

[accounts.imap]
host = "127.0.0.1"
port = {port}
tls = "none"
username = "ana"
password_file = "{secret.as_posix()}"
watch = ["INBOX"]
drafts = "Drafts"
sent = "Sent"
trash = "Trash"
""",
        encoding="utf-8",
    )
    return path
