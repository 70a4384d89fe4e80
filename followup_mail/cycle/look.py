"""The header pass: which of a mailbox's new messages are worth reading."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from followup_mail.core.message import HeaderFields, MessageKey, parse_date, parse_message_ids
from followup_mail.core.triage import Known, Verdict, triage
from followup_mail.cycle.worker import Scene
from followup_mail.store import Passed


@dataclass(slots=True)
class Pass:
    """One header pass over the mailboxes: what open cases make known, and what waits for a second triage."""

    known: Known
    deferred: list[HeaderFields] = field(default_factory=list)


def is_new(scene: Scene, name: str) -> bool:
    """Whether the mailbox holds anything past its cursor."""
    cursor = scene.worker.ledger.cursors(scene.worker.account).get(name)
    status = scene.statuses[name]
    return cursor is None or (cursor.uidvalidity, cursor.uidnext) != (status.uidvalidity, status.uidnext)


def look_through(scene: Scene, this: Pass, name: str) -> list[MessageKey]:
    """Header pass of one mailbox: keys worth reading; the others are passed over, deferred or postponed."""
    worker, ledger = scene.worker, scene.worker.ledger
    status = scene.statuses[name]
    cursor = ledger.cursors(worker.account).get(name)
    known_before = cursor is not None and cursor.uidvalidity != status.uidvalidity
    if known_before:
        cursor = None
    since = None
    # In a rehearsal the server's dates of arrival say nothing: there only what messages say of themselves counts.
    if cursor is None and worker.lookback_days and not worker.rehearsing:
        since = (scene.now - timedelta(days=worker.lookback_days + 1)).date()
    keys: list[MessageKey] = []
    for batch in worker.mailbox.read_header_fields(name, cursor, since=since):
        fresh = _unseen(scene, batch, known_before=known_before)
        scene.report.looked_at += len(batch)
        scene.report.step("looked at", len(batch))
        passed = []
        for header in fresh:
            verdict = _judge(scene, this, header, first_look=cursor is None)
            if verdict and verdict.read:
                keys.append(header.key)
            elif verdict:
                passed.append(passed_row(header, verdict.reason))
        pass_over(scene, passed)
    return keys


def _unseen(scene: Scene, batch: list[HeaderFields], *, known_before: bool) -> list[HeaderFields]:
    """The headers whose messages were not read before; after a UIDVALIDITY change they are known by Message-ID."""
    worker = scene.worker
    seen = worker.ledger.seen(worker.account, [header.key for header in batch])
    fresh = [header for header in batch if header.key not in seen]
    if not known_before:
        return fresh
    ids = worker.ledger.known_message_ids(worker.account, [i for header in fresh if (i := message_id_of(header))])
    again = "read before under another UIDVALIDITY"
    pass_over(scene, [passed_row(header, again) for header in fresh if message_id_of(header) in ids])
    return [header for header in fresh if message_id_of(header) not in ids]


def _judge(scene: Scene, this: Pass, header: HeaderFields, *, first_look: bool) -> Verdict | None:
    """Whether to read one message, None for not yet. What arrives later is read however old."""
    worker = scene.worker
    when = date_of(header)
    if worker.rehearsing and when is not None and when > scene.now:
        worker.ledger.postpone(worker.account, header.key, when, message_id_of(header))
        return None
    oldest = scene.now - timedelta(days=worker.lookback_days)
    if first_look and worker.lookback_days and when is not None and when < oldest:
        return Verdict(read=False, reason="older than the first look reaches")
    verdict = triage(header, known=this.known, me=worker.owner.addresses)
    if not verdict.read and header.key.mailbox == scene.boxes.sent:
        this.deferred.append(header)
        return None
    return verdict


def passed_row(header: HeaderFields, reason: str) -> Passed:
    """The row of a message that is not read, and why."""
    return Passed(header.key, message_id_of(header), reason, date_of(header))


def pass_over(scene: Scene, rows: list[Passed]) -> None:
    """Commit that these messages of one mailbox were looked at and not read."""
    if rows:
        scene.worker.ledger.remember_passed(scene.worker.account, rows[0].key.mailbox, rows, None)
    scene.report.passed_over += len(rows)


def message_id_of(header: HeaderFields) -> str | None:
    """Its Message-ID with angle brackets."""
    return next(iter(parse_message_ids("".join(header.fields.get("message-id", ())[:1]))), None)


def date_of(header: HeaderFields) -> datetime | None:
    """When it was written: its Date field, else when the server took it in."""
    return parse_date("".join(header.fields.get("date", ())[:1])) or header.internal_date
