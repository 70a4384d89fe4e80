"""Races and faults: late answers, owners at work at the same moment, mailboxes that come and go, wrong clocks."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import policy
from pathlib import Path

import pytest

from followup_mail.adapters.imap import ImapMailbox
from followup_mail.adapters.letters import FileLetters
from followup_mail.config import shipped
from followup_mail.core.case import DraftState, Purpose
from followup_mail.core.message import MessageKey
from followup_mail.cycle import CycleReport, run_cycle
from followup_mail.errors import AccountError, LedgerError, MailboxError
from followup_mail.ports import Mailbox
from followup_mail.store import Birth, Ledger
from tests.e2e.post import invitation, note
from tests.fakes.memory_mailbox import MemoryMailbox
from tests.integration.test_power_cut import AFTER, ASKED, HELD, PEOPLE, mailbox_with_panel, numbered, whom, worker_of
from tests.servers.dovecot import Dovecot

MINUTE = timedelta(minutes=1)
REJECTION = note(
    "Your application",
    "Dear Ana,\n\nunfortunately we have decided to move forward with another candidate for the position.\n\nMaya\n",
    at=AFTER,
    message_id="<r@larkspur.example>",
    answers="<panel-1@larkspur.example>",
).as_bytes(policy=policy.SMTP)


@pytest.fixture(scope="module")
def letters() -> Iterator[FileLetters]:
    shelf = FileLetters(shipped("templates"), None)
    yield shelf
    shelf.close()


@dataclass
class Bench:
    """One worker over cycles; `pauses` are the seconds it waited, `on_pause` is what happens meanwhile."""

    ledger: Ledger
    letters: FileLetters
    mailbox: Mailbox
    pauses: list[float] = field(default_factory=list)
    on_pause: Callable[[float], None] = lambda _: None

    def __post_init__(self) -> None:
        self.worker = worker_of(self.mailbox, self.ledger, self.letters, numbered())
        object.__setattr__(self.worker, "pause", self._pause)

    def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.on_pause(sum(self.pauses))

    def cycle(self, now: datetime) -> None:
        run_cycle(self.worker, now, CycleReport())

    def states(self) -> set[DraftState]:
        return {entry.state for entry in self.ledger.journal() if entry.key.purpose is Purpose.THANK_YOU}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.sqlite3", birth=Birth.LIVE) as opened:
        yield opened


class SlowMailbox(MemoryMailbox):
    """Loses the answer of one APPEND; the draft comes to stand only when `arrive` is called."""

    late: bytes | None = None
    lost = False

    def append_draft(self, octets: bytes) -> MessageKey | None:
        if self.lost:
            return super().append_draft(octets)
        self.lost, self.late = True, octets
        raise AccountError("the connection broke")

    def arrive(self) -> None:
        if self.late is not None:
            self.deliver(self.late, "Drafts", flags=("\\Draft", "\\Seen"))
            self.late = None


def slow_mailbox() -> SlowMailbox:
    mailbox = SlowMailbox(now=lambda: AFTER)
    mailbox.deliver(invitation(HELD, at=ASKED).as_bytes(policy=policy.SMTP), at=ASKED)
    return mailbox


@pytest.mark.parametrize("seconds", [0.0, 3.0, 9.0])
@pytest.mark.parametrize("again", [timedelta(seconds=2), -timedelta(hours=1)], ids=["at once", "clock set back"])
def test_a_draft_that_arrives_late_after_a_lost_answer_is_one_draft(
    ledger: Ledger, letters: FileLetters, seconds: float, again: timedelta
) -> None:
    mailbox = slow_mailbox()
    bench = Bench(ledger, letters, mailbox, on_pause=lambda waited: mailbox.arrive() if waited >= seconds else None)
    with pytest.raises(AccountError):
        bench.cycle(AFTER)
    bench.cycle(AFTER + again)
    bench.cycle(AFTER + MINUTE)
    assert whom(mailbox) == PEOPLE
    assert bench.states() == {DraftState.PLACED}


def test_an_old_intention_costs_no_long_wait(ledger: Ledger, letters: FileLetters) -> None:
    mailbox = slow_mailbox()
    bench = Bench(ledger, letters, mailbox)
    with pytest.raises(AccountError):
        bench.cycle(AFTER)
    bench.cycle(AFTER + 2 * MINUTE)
    assert bench.pauses == [2.0]
    assert whom(mailbox) == PEOPLE


def test_a_mailbox_that_is_full_for_a_while_gets_each_draft_once(ledger: Ledger, letters: FileLetters) -> None:
    mailbox = mailbox_with_panel()
    bench = Bench(ledger, letters, mailbox)

    def refuse(name: str) -> None:
        if name == "before append_draft":
            raise MailboxError("[OVERQUOTA] no room is left")

    mailbox.step = refuse
    bench.cycle(AFTER)
    bench.cycle(AFTER + MINUTE)
    assert whom(mailbox) == []
    assert [notice.text for notice in ledger.notices() if "refuses drafts" in notice.text] != []
    mailbox.step = lambda _: None
    for minutes in (2, 3):
        bench.cycle(AFTER + minutes * MINUTE)
        assert whom(mailbox) == PEOPLE


@pytest.mark.parametrize("deed", ["edit", "discard", "expunge", "send"])
def test_what_the_owner_does_just_before_a_withdrawal_stands(ledger: Ledger, letters: FileLetters, deed: str) -> None:
    mailbox = mailbox_with_panel()
    bench = Bench(ledger, letters, mailbox)
    bench.cycle(AFTER)
    first = mailbox.drafts[0]
    deeds = {
        "edit": lambda: mailbox.edit(first.key, first.octets.replace(b"Thank", b"Many thanks, thank", 1)),
        "discard": lambda: mailbox.discard(first.key),
        "expunge": lambda: mailbox.expunge(first.key),
        "send": lambda: mailbox.send(first.key),
    }
    expected = {"edit": DraftState.EDITED, "send": DraftState.SENT}.get(deed, DraftState.DISCARDED)
    mailbox.deliver(REJECTION, at=AFTER + MINUTE)
    left = [deeds[deed]]

    def meddle(name: str) -> None:
        if name == "before withdraw_draft" and left:
            left.pop()()

    mailbox.step = meddle
    bench.cycle(AFTER + MINUTE)
    bench.cycle(AFTER + 2 * MINUTE)
    assert len(mailbox.drafts) == (1 if deed == "edit" else 0)
    states = [entry.state for entry in ledger.journal() if entry.message_id == first.message_id]
    assert states == [expected]


def test_a_clock_set_forward_and_back_leaves_each_draft_once(ledger: Ledger, letters: FileLetters) -> None:
    mailbox = mailbox_with_panel()
    bench = Bench(ledger, letters, mailbox)
    for moment in (AFTER, AFTER - timedelta(hours=1), AFTER + timedelta(days=3), AFTER + MINUTE, AFTER + 2 * MINUTE):
        bench.cycle(moment)
        assert whom(mailbox) == PEOPLE


def test_a_draft_that_a_wrong_clock_placed_too_early_is_taken_back_and_comes_in_time(
    ledger: Ledger, letters: FileLetters
) -> None:
    mailbox = mailbox_with_panel()
    bench = Bench(ledger, letters, mailbox)
    before = HELD - timedelta(days=2)
    bench.cycle(before)
    bench.cycle(before + timedelta(days=3))
    assert whom(mailbox) == PEOPLE
    bench.cycle(before + MINUTE)
    bench.cycle(before + 2 * MINUTE)
    assert whom(mailbox) == []
    bench.cycle(AFTER)
    bench.cycle(AFTER + MINUTE)
    assert whom(mailbox) == PEOPLE


def test_a_ledger_that_is_full_when_a_draft_was_placed_finds_it_again(
    ledger: Ledger, letters: FileLetters, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = mailbox_with_panel()
    bench = Bench(ledger, letters, mailbox)

    def full(*_: object, **__: object) -> None:
        raise LedgerError("no space is left")

    with monkeypatch.context() as broken:
        broken.setattr(Ledger, "placed", full)
        with pytest.raises(LedgerError):
            bench.cycle(AFTER)
    bench.cycle(AFTER + MINUTE)
    assert whom(mailbox) == PEOPLE
    assert bench.states() == {DraftState.PLACED}


def test_drafts_renamed_while_the_worker_is_signed_in_are_found_under_their_new_name(
    ledger: Ledger, letters: FileLetters, dovecot: Dovecot
) -> None:
    username = dovecot.account()
    owner = dovecot.owner(username)
    owner.deliver(invitation(HELD, at=ASKED).as_bytes(policy=policy.SMTP), at=ASKED)
    with closing(ImapMailbox(dovecot.settings(username))) as mailbox:
        bench = Bench(ledger, letters, mailbox)
        bench.cycle(HELD - timedelta(hours=1))
        assert mailbox.mailboxes().drafts == "Drafts"
        with owner.client() as client:
            client.rename("Drafts", "Brouillons")
        for minutes in range(3):
            bench.cycle(AFTER + minutes * MINUTE)
    placed = {name: len(owner.letters(name)) for name in ("Drafts", "Brouillons")}
    assert sum(placed.values()) == len(PEOPLE)
    assert 0 in placed.values()
