"""The power is cut before and after each call to mailbox and ledger; resumed, there is exactly one draft each."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import policy
from functools import cache
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from followup_mail.adapters.letters import FileLetters
from followup_mail.config import shipped
from followup_mail.core.plan import Policy
from followup_mail.cycle import CycleReport, Owner, Worker, run_cycle
from followup_mail.store import Birth, Ledger
from tests.e2e.post import PANEL, invitation, note
from tests.fakes.memory_mailbox import MemoryMailbox

LISBON = ZoneInfo("Europe/Lisbon")
HELD = datetime(2026, 12, 3, 14, 0, tzinfo=LISBON)
ASKED = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)
AFTER = datetime(2026, 12, 3, 16, 5, tzinfo=UTC)
PEOPLE = sorted(addr for _, addr in PANEL)


class PowerCutError(BaseException):
    """The computer is gone."""


@dataclass
class Fuse:
    """Blows at the given step."""

    blow_at: int | None = None
    steps: list[str] = field(default_factory=list)

    def step(self, name: str) -> None:
        self.steps.append(name)
        if self.blow_at == len(self.steps) - 1:
            raise PowerCutError(name)


class Fused:
    """A ledger with a fuse before and after each of its calls."""

    def __init__(self, ledger: Ledger, fuse: Fuse) -> None:
        self._ledger = ledger
        self._fuse = fuse

    def __getattr__(self, name: str) -> object:
        attribute = getattr(self._ledger, name)
        if name == "turn" or not callable(attribute):
            return attribute

        def call(*args: object, **kwargs: object) -> object:
            self._fuse.step(f"before ledger.{name}")
            answer = attribute(*args, **kwargs)
            self._fuse.step(f"after ledger.{name}")
            return answer

        return call


@pytest.fixture(scope="module")
def letters() -> FileLetters:
    shelf = FileLetters(shipped("templates"), None)
    yield shelf
    shelf.close()


def worker_of(mailbox: MemoryMailbox, ledger: Ledger, letters: FileLetters, draw: Callable[[], str]) -> Worker:
    return Worker(
        account="home",
        owner=Owner("Ana Lima", ("ana@home.example",), "Europe/Lisbon"),
        mailbox=mailbox,
        ledger=ledger,
        letters=letters,
        policy=lambda began, _now: Policy(zone="Europe/Lisbon", began=began),
        draw=draw,
        pause=lambda _seconds: None,
    )


@cache
def unwritten_ledger() -> Path:
    """A ledger in which nothing stands yet: copied, since making one takes longer than a whole cycle."""
    path = Path(tempfile.mkdtemp(prefix="followup-ledger-")) / "ledger.sqlite3"
    Ledger.open(path, birth=Birth.LIVE).close()
    return path


def numbered() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"drawn-at-random-{next(numbers):08}"


def play(  # noqa: PLR0917 - where, with what, cut when, on which mailbox, as of when
    folder: Path,
    letters: FileLetters,
    blow_at: int | None,
    mailbox: MemoryMailbox,
    draw: Callable[[], str],
    now: datetime,
) -> Fuse:
    """One cycle with the fuse set; a new process's ledger and worker."""
    fuse = Fuse(blow_at)
    mailbox.step = fuse.step
    folder.mkdir(exist_ok=True)
    path = folder / "ledger.sqlite3"
    if not path.exists():
        shutil.copyfile(unwritten_ledger(), path)
    with Ledger.open(path, birth=Birth.LIVE) as ledger:
        try:
            run_cycle(worker_of(mailbox, Fused(ledger, fuse), letters, draw), now, CycleReport())
        except PowerCutError:
            pass
        finally:
            mailbox.step = lambda _name: None
    return fuse


def mailbox_with_panel(*, uidplus: bool = True) -> MemoryMailbox:
    mailbox = MemoryMailbox(now=lambda: AFTER, uidplus=uidplus)
    mailbox.deliver(invitation(HELD, at=ASKED).as_bytes(policy=policy.SMTP), at=ASKED)
    return mailbox


def whom(mailbox: MemoryMailbox) -> list[str]:
    return sorted(letter.fields["to"][0].rpartition("<")[2].strip("> ") for letter in mailbox.drafts)


def test_a_quiet_cycle_places_each_draft_once(tmp_path: Path, letters: FileLetters) -> None:
    mailbox = mailbox_with_panel()
    play(tmp_path, letters, None, mailbox, numbered(), AFTER)
    assert whom(mailbox) == PEOPLE
    play(tmp_path, letters, None, mailbox, numbered(), AFTER + timedelta(minutes=1))
    assert whom(mailbox) == PEOPLE


@pytest.mark.parametrize("uidplus", [True, False])
def test_a_power_cut_at_any_step_leaves_exactly_one_draft_each(
    tmp_path: Path, letters: FileLetters, *, uidplus: bool
) -> None:
    whole = play(tmp_path / "whole", letters, None, mailbox_with_panel(uidplus=uidplus), numbered(), AFTER)
    assert len(whole.steps) > 40
    for cut, name in enumerate(whole.steps):
        folder = tmp_path / f"cut-{cut}"
        mailbox, draw = mailbox_with_panel(uidplus=uidplus), numbered()
        fuse = play(folder, letters, cut, mailbox, draw, AFTER)
        assert len(fuse.steps) == cut + 1, name
        play(folder, letters, None, mailbox, draw, AFTER + timedelta(minutes=1))
        assert whom(mailbox) == PEOPLE, f"cut {name} ({cut})"
        play(folder, letters, None, mailbox, draw, AFTER + timedelta(minutes=2))
        assert whom(mailbox) == PEOPLE, f"cut {name} ({cut})"


def test_a_power_cut_while_a_draft_is_taken_back_loses_nothing(tmp_path: Path, letters: FileLetters) -> None:
    text = (
        "Dear Ana,\n\nunfortunately we have decided to move forward with another candidate for the position.\n\nMaya\n"
    )
    rejection = note(
        "Your application", text, at=AFTER, message_id="<r@larkspur.example>", answers="<panel-1@larkspur.example>"
    ).as_bytes(policy=policy.SMTP)

    def begin(folder: Path) -> tuple[MemoryMailbox, Callable[[], str]]:
        mailbox, draw = mailbox_with_panel(), numbered()
        play(folder, letters, None, mailbox, draw, AFTER)
        mailbox.deliver(rejection, at=AFTER + timedelta(hours=1))
        return mailbox, draw

    later = AFTER + timedelta(hours=1)
    mailbox, draw = begin(tmp_path / "whole")
    whole = play(tmp_path / "whole", letters, None, mailbox, draw, later)
    assert whom(mailbox) == []
    for cut, name in enumerate(whole.steps):
        folder = tmp_path / f"cut-{cut}"
        mailbox, draw = begin(folder)
        play(folder, letters, cut, mailbox, draw, later)
        play(folder, letters, None, mailbox, draw, later + timedelta(minutes=1))
        assert whom(mailbox) == [], f"cut {name} ({cut})"
        play(folder, letters, None, mailbox, draw, later + timedelta(days=1))
        assert whom(mailbox) == ["maya.okafor@larkspur.example"], f"cut {name} ({cut})"
