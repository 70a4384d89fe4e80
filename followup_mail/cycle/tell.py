"""Last step: tell the owner, once, what was drafted and what waits, only where they asked to be told."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from followup_mail.core.case import DraftState
from followup_mail.core.compose import new_message_id
from followup_mail.core.plan import JournalEntry
from followup_mail.core.who import Person
from followup_mail.cycle.worker import Scene
from followup_mail.digest import Digest, DigestDue, DigestEntry, DigestQuestion, write_digest
from followup_mail.errors import AccountError, MailboxError, MessageError
from followup_mail.store import Notice

log = structlog.get_logger()

RETRY = timedelta(minutes=15)
DUE_NEXT_MOST = 5


def tell(scene: Scene) -> None:
    """Submit one digest of everything not told yet, outside the quiet hours; it counts as told once it is taken."""
    worker = scene.worker
    if worker.notify.digest == "none" or not worker.acts or _is_quiet(scene):
        return
    notices = worker.ledger.untold_notices()
    retry_at = worker.memory.retry_notice_at
    if not notices or (retry_at is not None and scene.now < retry_at):
        return
    local = scene.now.astimezone(ZoneInfo(worker.owner.zone))
    addr_spec = worker.owner.addresses[0]
    try:
        message_id = new_message_id(worker.draw(), addr_spec.rpartition("@")[2])
        _hand_over(scene, write_digest(_digest(scene, notices), message_id=message_id, now=local), addr_spec)
    except (AccountError, MailboxError, MessageError) as error:
        worker.memory.retry_notice_at = scene.now + RETRY
        log.warning("digest not taken", account=worker.account, why=type(error).__name__)
        return
    worker.ledger.mark_told([notice.id for notice in notices], scene.now)
    scene.report.told += 1


def _hand_over(scene: Scene, octets: bytes, addr_spec: str) -> None:
    worker = scene.worker
    if worker.notify.digest == "inbox":
        worker.mailbox.note_to_owner(octets)
    elif worker.submitter is not None:
        worker.submitter.submit(octets, recipient=addr_spec)


def _is_quiet(scene: Scene) -> bool:
    begin, end = scene.worker.notify.quiet
    hour = scene.now.astimezone(ZoneInfo(scene.worker.owner.zone)).hour
    return begin <= hour or hour < end if begin > end else begin <= hour < end


def _digest(scene: Scene, notices: Sequence[Notice]) -> Digest:
    ledger = scene.worker.ledger
    journal = {str(entry.key): entry for entry in ledger.journal()}
    questions = {question.id: question for question in ledger.open_questions()}
    drafted = [journal[n.about] for n in notices if n.subject == "draft" and n.about in journal]
    lying = [entry for entry in drafted if entry.state in (DraftState.PLACED, DraftState.EDITED)]
    return Digest(
        owner=scene.worker.owner.name,
        addr_spec=scene.worker.owner.addresses[0],
        drafted=tuple(_entry(scene, entry) for entry in lying),
        questions=tuple(
            DigestQuestion(questions[n.about].question, f"followup-mail confirm {n.case_id}, or dismiss {n.case_id}")
            for n in notices
            if n.subject == "question" and n.about in questions
        ),
        reminders=tuple(n.text for n in notices if n.subject == "reminder"),
        due_next=tuple(_due_next(scene)),
    )


def _entry(scene: Scene, entry: JournalEntry) -> DigestEntry:
    ledger = scene.worker.ledger
    case, plan = ledger.case(entry.case_id), ledger.plan_of(entry.key)
    interviews = [i for i in case.interviews if plan and i.id in plan.interviews] if case else []
    about = ", ".join(part for part in (case.position, case.company) if part) if case else ""
    words = [
        reading.facts.evidence[0].words
        for reading in ledger.messages(case_id=entry.case_id)
        if reading.facts and reading.facts.meetings and reading.facts.evidence
    ]
    return DigestEntry(
        recipient=_name(entry.recipients[0]),
        purpose=entry.key.purpose.value,
        about=about,
        start=interviews[0].start if interviews else None,
        evidence=words[-1] if words else "",
        passed_on_to=tuple(_name(person) for person in plan.relay_for) if plan else (),
    )


def _name(person: Person) -> str:
    return person.display_name or person.addr_spec or "somebody unnamed"


def _due_next(scene: Scene) -> list[DigestDue]:
    def about(entry: JournalEntry) -> str:
        return f"{entry.key.purpose.value.replace('_', ' ')} to {_name(entry.recipients[0])}"

    waiting = [entry for entry in scene.worker.ledger.journal() if entry.state is DraftState.PLANNED]
    ahead: list[tuple[datetime, str]] = sorted((entry.due, about(entry)) for entry in waiting if entry.due > scene.now)
    return [DigestDue(what, due) for due, what in ahead[:DUE_NEXT_MOST]]
