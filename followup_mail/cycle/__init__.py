"""One pass over one account: recover → survey → read → decide → place → tell.

`run_cycle` acts on what `core` decides. It may be interrupted between any two calls to the mailbox or the ledger and
run again: the ledger holds every intention before the mailbox is touched.
"""

from datetime import datetime

from followup_mail.cycle.decide import decide
from followup_mail.cycle.place import place
from followup_mail.cycle.read import read
from followup_mail.cycle.recover import recover
from followup_mail.cycle.survey import survey
from followup_mail.cycle.tell import tell
from followup_mail.cycle.worker import CycleReport, Notify, Owner, Scene, Worker

__all__ = ["CycleReport", "Notify", "Owner", "Worker", "run_cycle"]


def run_cycle(worker: Worker, now: datetime, report: CycleReport | None = None) -> CycleReport:
    """One pass over the account as of `now` (aware); answers what was done.

    Raises the graded exceptions of `errors`: whatever was committed stays, the next cycle goes on from there.
    """
    report = report or CycleReport()
    boxes = worker.mailbox.mailboxes()
    names = [name for name in dict.fromkeys((boxes.sent, *worker.watch, boxes.drafts, boxes.trash)) if name]
    scene = Scene(worker, now, boxes, dict(worker.mailbox.statuses(names)), report)
    worker.ledger.begin(worker.account, now)
    recover(scene)
    survey(scene)
    read(scene)
    place(scene, decide(scene))
    tell(scene)
    return report
