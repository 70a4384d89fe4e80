"""The door that stays open: a heartbeat and IDLE for each account, until SIGTERM; SIGHUP re-reads the configuration.

APScheduler is only the heartbeat: due times are rows of the ledger, so that sleep, suspend and clock changes lose
nothing.
"""

import random
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from types import FrameType

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.job import Job
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from followup_mail.core.plan import Remind
from followup_mail.cycle import Worker, run_cycle
from followup_mail.errors import (
    AccountError,
    FollowupMailError,
    InsecureConnectionError,
    MailboxError,
    RunError,
    SignInError,
    StoppedError,
)
from followup_mail.ports import Mailbox, Status

log = structlog.get_logger()

TICK_SECONDS = 60
BACKOFF_SECONDS = (2.0, 80.0)  # the first and the longest wait before a new connection
REFUSED_SECONDS = 3600.0  # after a refused sign-in or a failed TLS: no hammering
STOP_SECONDS = 8.0
LEAVE_SECONDS = 0.5  # for logging out


@dataclass(slots=True)
class Shift:
    """One account being served: `employ` makes a worker on a new connection, `listen` a second connection for IDLE."""

    name: str
    employ: Callable[[], Worker]
    listen: Callable[[], Mailbox]
    watch: tuple[str, ...]
    worker: Worker | None = None
    failures: int = 0
    not_before: float = 0.0
    listener: Mailbox | None = None
    woken: threading.Event = field(default_factory=threading.Event)

    def tick(self, bell: "Bell") -> None:
        """One cycle, and another for what came meanwhile; a fault of the ledger ends the run."""
        self.woken.set()
        while self.woken.is_set() and not bell.stopping.is_set():
            self.woken.clear()
            try:
                self._cycle()
            except RunError as error:
                bell.toll(error)

    def _cycle(self) -> None:
        """One cycle; a failure closes the connection and sets the moment of the next try."""
        if monotonic() < self.not_before:
            return
        try:
            self.worker = self.worker or self.employ()
            run_cycle(self.worker, datetime.now(UTC))
        except StoppedError:
            log.info("stopped between two steps", account=self.name)
        except MailboxError as error:
            log.warning("mailbox refused", account=self.name, why=type(error).__name__)
            self._tell("mailbox", f"The mailbox of the account {self.name!r} refused: {error}")
        except (SignInError, InsecureConnectionError) as error:
            log.error("refused", account=self.name, why=type(error).__name__)  # noqa: TRY400 - no trace of a secret
            self._tell("sign-in", str(error))
            self._rest(REFUSED_SECONDS)
        except AccountError as error:
            self._rest(error.retry_after or self._backoff())
            log.warning("connection lost", account=self.name, why=type(error).__name__)
        else:
            self.failures = 0

    def _backoff(self) -> float:
        first, longest = BACKOFF_SECONDS
        return min(longest, first * 2.0**self.failures) * random.uniform(0.75, 1.25)  # noqa: S311 - jitter, no secret

    def _rest(self, seconds: float) -> None:
        self.failures += 1
        self.not_before = monotonic() + seconds
        if self.worker is not None:
            self.worker.mailbox.close()
            self.worker = None

    def _tell(self, what: str, text: str) -> None:
        if self.worker is not None:
            now = datetime.now(UTC)
            self.worker.ledger.remind(Remind(f"{what}:{self.name}:{now.date()}", "", text, now), now)

    def hearken(self, wake: Callable[[], None], bell: "Bell") -> None:
        """Wait for mail on a connection of its own, and wake the heartbeat; returns when stopping."""
        known: Mapping[str, Status] = {}
        while not bell.stopping.is_set():
            try:
                self.listener = self.listener or self.listen()
                boxes = self.listener.mailboxes()
                names = [name for name in dict.fromkeys((*self.watch, boxes.sent, boxes.drafts)) if name]
                now = self.listener.statuses(names)
                if now != known:
                    known = now
                    self.woken.set()
                    wake()
                self.listener.wait(names, TICK_SECONDS)
            except FollowupMailError as error:
                # The heartbeat meets the same trouble, tells the owner and keeps its own back-off.
                log.debug("not listening", account=self.name, why=type(error).__name__)
                if self.listener is not None:
                    self.listener.close()
                self.listener = None
                bell.stopping.wait(max(TICK_SECONDS, self.not_before - monotonic()))

    def close(self) -> None:
        """Log out of both connections."""
        for mailbox in (self.listener, self.worker.mailbox if self.worker else None):
            if mailbox is not None:
                mailbox.close()


@dataclass(slots=True)
class Bell:
    """What signals ask for: to stop, or to read the configuration again."""

    rung: threading.Event = field(default_factory=threading.Event)
    stopping: threading.Event = field(default_factory=threading.Event)
    reload: bool = False
    stuck: bool = False  # a server still keeps a step waiting: its thread would hold up the end of the process
    fault: RunError | None = None

    def hang(self) -> None:
        """Answer SIGTERM, SIGINT and, where there is one, SIGHUP."""
        for name in ("SIGTERM", "SIGINT", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._ring)

    def toll(self, fault: RunError) -> None:
        """End the run for a fault that no next cycle mends."""
        self.fault = fault
        self.stopping.set()
        self.rung.set()

    def _ring(self, number: int, _frame: FrameType | None) -> None:
        self.reload = number == getattr(signal, "SIGHUP", None)
        self.stopping.set()
        self.rung.set()


def serve(shifts: Sequence[Shift], bell: Bell) -> bool:
    """Serve every account until the bell rings; answers whether the configuration is to be read again.

    Raises the RunError that ended it. The step in hand is finished; what a server keeps longer than a few seconds is
    left to the next start's recovery.
    """
    scheduler = BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(max(1, len(shifts)))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    listeners = []
    scheduler.start()
    for shift in shifts:
        beat = scheduler.add_job(
            shift.tick, "interval", args=(bell,), seconds=TICK_SECONDS, next_run_time=datetime.now(UTC)
        )
        wake = partial(_wake, beat)
        listener = threading.Thread(target=shift.hearken, args=(wake, bell), name=shift.name, daemon=True)
        listener.start()
        listeners.append(listener)
    log.info("serving", accounts=len(shifts))
    bell.rung.wait()
    log.info("stopping", reload=bell.reload)
    ended = threading.Thread(target=scheduler.shutdown, daemon=True)
    ended.start()
    for shift in shifts:
        if shift.listener is not None:
            shift.listener.interrupt()
    ended.join(STOP_SECONDS)
    bell.stuck = ended.is_alive()
    until = monotonic() + LEAVE_SECONDS
    for listener in listeners:
        listener.join(max(0.0, until - monotonic()))
    leaving = threading.Thread(target=_leave, args=(shifts,), daemon=True)  # a silent server answers no LOGOUT either
    leaving.start()
    leaving.join(LEAVE_SECONDS)
    if bell.fault is not None:
        raise bell.fault
    return bell.reload


def _leave(shifts: Sequence[Shift]) -> None:
    for shift in shifts:
        with suppress(FollowupMailError, OSError):
            shift.close()


def _wake(beat: Job) -> None:
    """Let the heartbeat beat at once."""
    with suppress(JobLookupError):
        beat.modify(next_run_time=datetime.now(UTC))
