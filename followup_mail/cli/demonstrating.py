"""The command that shows the main job: the demo's story, played to the real worker."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console

from followup_mail.cli.logs import set_up_logs
from followup_mail.cli.looking import View, case_as_json
from followup_mail.cli.wiring import connect_mailbox, employ, open_ledger, open_letters, read_config
from followup_mail.cycle import CycleReport, Worker, run_cycle
from followup_mail.demo import run_demo
from followup_mail.store import Birth


@dataclass(slots=True)
class Rehearsal:
    """The real worker on a rehearsal ledger."""

    worker: Worker

    def cycle(self, now: datetime) -> CycleReport:
        """One pass over the mailbox as of `now`."""
        return run_cycle(self.worker, now)

    def status(self) -> Sequence[Mapping[str, Any]]:
        """The cases, as `status --json` lists them."""
        ledger, zone = self.worker.ledger, ZoneInfo(self.worker.owner.zone)
        now = ledger.moment(datetime.max.replace(tzinfo=zone))
        views = [View(case, ledger.journal(case.id), now, zone) for case in ledger.cases()]
        shown: list[dict[str, Any]] = json.loads(json.dumps([case_as_json(view) for view in views]))
        return shown


def show_demo() -> None:
    """Play the story and print what came of it."""
    set_up_logs("error")
    run_demo(Console(), _employ)


@contextmanager
def _employ(path: Path) -> Iterator[Rehearsal]:
    config = read_config(path)
    account = config.accounts[0]
    with open_ledger(config, Birth.REHEARSAL) as ledger, closing(open_letters(config)) as letters:
        mailbox = connect_mailbox(account)
        try:
            yield Rehearsal(employ(config, account, ledger=ledger, letters=letters, mailbox=mailbox, rehearsing=True))
        finally:
            mailbox.close()
