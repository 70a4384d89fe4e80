"""What one account's cycle runs with: its ports, its ledger, its owner and the rules."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from followup_mail.core.case import Case
from followup_mail.core.compose import Draft
from followup_mail.core.plan import Action, JournalEntry, Policy
from followup_mail.errors import StoppedError
from followup_mail.ports import Letters, Mailbox, Mailboxes, Status, Submitter
from followup_mail.store import Ledger


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose mailbox it is: name, every address they write from, IANA zone and the signature under letters."""

    name: str
    addresses: tuple[str, ...]
    zone: str
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Notify:
    """How the owner is told: "none", "smtp" or "inbox"; in the local hours `quiet` (from, to) nothing is."""

    digest: str = "none"
    quiet: tuple[int, int] = (21, 8)


@dataclass(frozen=True, slots=True)
class Planned:
    """What was planned for a case, of what, and from when until when it holds where neither case nor rows change."""

    case: Case
    journal: tuple[JournalEntry, ...]
    policy: Policy
    at: datetime
    until: datetime
    actions: tuple[Action, ...]


@dataclass(slots=True)
class Memory:
    """What a worker remembers between cycles, only to skip work: losing it costs time, never a draft."""

    surveyed: dict[str, Status] = field(default_factory=dict)
    planned: dict[str, Planned] = field(default_factory=dict)
    retry_notice_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Worker:
    """One account at work.

    `policy` answers the rules as of a moment, given when the first run was. `draw` answers fresh random text for a
    Message-ID; `pause` sleeps (seconds). `rehearsing` makes messages dated after `now` wait for their moment.
    `acts` False composes and reports, but writes nothing to the mailbox.
    """

    account: str
    owner: Owner
    mailbox: Mailbox
    ledger: Ledger
    letters: Letters
    policy: Callable[[datetime | None, datetime], Policy]
    draw: Callable[[], str]
    pause: Callable[[float], None]
    watch: tuple[str, ...] = ("INBOX",)
    lookback_days: int = 30
    byte_cap: int = 128 * 1024
    rehearsing: bool = False
    acts: bool = True
    notify: Notify = Notify()
    submitter: Submitter | None = None
    stopping: Callable[[], bool] = lambda: False
    memory: Memory = field(default_factory=Memory)


@dataclass(slots=True)
class CycleReport:
    """What one cycle did, in numbers and, for a dry run, the drafts it would have placed."""

    looked_at: int = 0
    passed_over: int = 0
    read: int = 0
    shunted: int = 0
    placed: int = 0
    withdrawn: int = 0
    told: int = 0
    drafts: list[Draft] = field(default_factory=list)
    progress: Callable[[str, int], None] | None = None

    def step(self, what: str, count: int = 1) -> None:
        """Tell whoever watches that `count` more of `what` are done."""
        if self.progress is not None:
            self.progress(what, count)


@dataclass(frozen=True, slots=True)
class Scene:
    """What every step of one cycle shares: the worker, the moment, the mailboxes and their STATUS, the report."""

    worker: Worker
    now: datetime
    boxes: Mailboxes
    statuses: dict[str, Status]
    report: CycleReport

    def pass_on(self) -> None:
        """Between two steps: raises StoppedError where the worker was asked to stop."""
        if self.worker.stopping():
            raise StoppedError("asked to stop")
