"""The commands that work: the daemon, one cycle, a rehearsal."""

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from followup_mail.cli.logs import set_up_logs
from followup_mail.cli.wiring import connect_mailbox, employ, locked, open_ledger, open_letters, read_config
from followup_mail.config import AccountConfig, Config
from followup_mail.cycle import CycleReport, Worker, run_cycle
from followup_mail.daemon import Bell, Shift, serve
from followup_mail.errors import ConfigError
from followup_mail.ports import Letters
from followup_mail.store import Birth, Ledger

log = structlog.get_logger()

DURATION = re.compile(r"(\d+)\s*([smhd])")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def run_daemon(path: Path | None) -> None:
    """Serve until SIGTERM; SIGHUP reads the configuration again."""
    config = read_config(path)
    again = True
    while again:
        set_up_logs(config.log.level)
        bell = Bell()
        bell.hang()
        with locked(config), open_ledger(config, Birth.LIVE) as ledger, closing(open_letters(config)) as letters:
            shifts = [_shift(config, account, ledger, letters, bell) for account in config.accounts]
            again = serve(shifts, bell)
        if bell.stuck and not again:
            # Python would wait for the thread as long as the server does; the next start's recovery takes over.
            sys.stderr.flush()
            os._exit(0)
        if again:
            config = _read_again(path, config)


def _read_again(path: Path | None, before: Config) -> Config:
    """The configuration as it is now; one that cannot be used leaves the worker with what it had."""
    try:
        return read_config(path)
    except ConfigError as error:
        log.error("configuration not taken", why=str(error))  # noqa: TRY400 - the sentence says it all
        return before


def _shift(config: Config, account: AccountConfig, ledger: Ledger, letters: Letters, bell: Bell) -> Shift:
    def begin() -> Worker:
        worker = employ(config, account, ledger=ledger, letters=letters, mailbox=connect_mailbox(account))
        return replace(worker, stopping=bell.stopping.is_set)

    return Shift(account.name, begin, partial(connect_mailbox, account), tuple(account.imap.watch))


def run_once(path: Path | None, *, now: str | None, dry_run: bool) -> None:
    """One cycle for each account, as of `now` where given."""
    config = read_config(path)
    set_up_logs(config.log.level)
    moment = parse_moment(now, config.owner.timezone) if now else datetime.now(UTC)
    birth = Birth.REHEARSAL if now else Birth.LIVE
    console = Console(soft_wrap=True)
    with locked(config), open_ledger(config, birth) as real, closing(open_letters(config)) as letters:
        ledger = real.copy_to_memory() if dry_run else real
        for account in config.accounts:
            worker = _worker(config, account, ledger, letters, rehearsing=now is not None, acts=not dry_run)
            with _closing(worker), _progress(console) as step:
                report = run_cycle(worker, moment, CycleReport(progress=step))
            _print_report(console, account.name, report, dry_run=dry_run)


def rehearse_days(path: Path | None, begin: str, end: str, every: str) -> None:
    """Cycles at each step from one moment to another, in one process on one connection an account."""
    config = read_config(path)
    set_up_logs(config.log.level)
    first, last = (parse_moment(text, config.owner.timezone) for text in (begin, end))
    step = parse_step(every)
    if last < first:
        raise typer.BadParameter("--to must not be before --from.", param_hint="--to")
    moments = [first + step * i for i in range(int((last - first) / step) + 1)]
    console = Console(soft_wrap=True)
    with locked(config), open_ledger(config, Birth.REHEARSAL) as ledger, closing(open_letters(config)) as letters:
        workers = [_worker(config, account, ledger, letters, rehearsing=True) for account in config.accounts]
        try:
            with _bar(console, len(moments)) as advance:
                for moment in moments:
                    for worker in workers:
                        _say(console, moment.astimezone(ZoneInfo(config.owner.timezone)), run_cycle(worker, moment))
                    advance()
        finally:
            for worker in workers:
                worker.mailbox.close()


def _worker(
    config: Config,
    account: AccountConfig,
    ledger: Ledger,
    letters: Letters,
    *,
    rehearsing: bool = False,
    acts: bool = True,
) -> Worker:
    mailbox = connect_mailbox(account)
    return employ(config, account, ledger=ledger, letters=letters, mailbox=mailbox, rehearsing=rehearsing, acts=acts)


def parse_moment(text: str, zone: str) -> datetime:
    """An ISO 8601 moment; without an offset it is the owner's local time. Raises typer.BadParameter."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no ISO 8601 moment such as 2026-12-01T14:30+01:00.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def parse_step(text: str) -> timedelta:
    """A step such as 90s, 10m, 1h or 1d. Raises typer.BadParameter."""
    match = DURATION.fullmatch(text.strip())
    if match is None or not int(match[1]):
        raise typer.BadParameter(f"{text!r} is no step such as 90s, 10m, 1h or 1d.", param_hint="--every")
    return timedelta(**{UNITS[match[2]]: int(match[1])})


@contextmanager
def _closing(worker: Worker) -> Iterator[None]:
    try:
        yield
    finally:
        worker.mailbox.close()


@contextmanager
def _progress(console: Console) -> Iterator[Callable[[str, int], None]]:
    """A callback that shows what is done: bars on a terminal, a plain line each thousand elsewhere."""
    if not console.is_terminal:
        done: dict[str, int] = {}

        def say(what: str, count: int) -> None:
            before, done[what] = done.get(what, 0), done.get(what, 0) + count
            if before // 1000 != done[what] // 1000:
                console.print(f"{what} {done[what]} messages", highlight=False)

        yield say
        return
    with Progress(
        TextColumn("{task.description:<12}"), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    ) as bars:
        rows = {what: bars.add_task(what, total=None) for what in ("looked at", "read")}
        yield lambda what, count: bars.advance(rows[what], count)


@contextmanager
def _bar(console: Console, total: int) -> Iterator[Callable[[], None]]:
    if not console.is_terminal:
        yield lambda: None
        return
    with Progress(
        TextColumn("rehearsing"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    ) as bars:
        row = bars.add_task("", total=total)
        yield lambda: bars.advance(row)


def _say(console: Console, moment: datetime, report: CycleReport) -> None:
    """A line for a cycle in which something happened."""
    done = [
        f"{count} {what}"
        for count, what in (
            (report.read, "read"),
            (report.placed, "placed"),
            (report.withdrawn, "withdrawn"),
            (report.shunted, "shunted"),
        )
        if count
    ]
    if done:
        console.print(f"{moment:%a %d %b %Y %H:%M}  {', '.join(done)}", highlight=False)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _print_report(console: Console, name: str, report: CycleReport, *, dry_run: bool) -> None:
    looked = f"looked at {_counted(report.looked_at, 'new message')}"
    would = f"would place {_counted(len(report.drafts), 'draft')}"
    did = would if dry_run else f"placed {_counted(report.placed, 'draft')}, withdrew {report.withdrawn}"
    done = f"{name}: {looked}, read {report.read}, passed over {report.passed_over}; {did}."
    console.print(done, markup=False, highlight=False)
    if report.shunted:
        console.print(f"{_counted(report.shunted, 'message')} could not be read: set aside.", highlight=False)
    for draft in report.drafts:
        console.rule(f"would be drafted to {', '.join(draft.recipients)}")
        console.print(f"Subject: {draft.headers.get('Subject', '')}\n", markup=False, highlight=False)
        console.print(draft.text, markup=False, highlight=False, soft_wrap=not console.is_terminal)
    sys.stdout.flush()
