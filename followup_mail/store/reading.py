"""Accounts, cursors, messages and cases: what was read, and what was understood.

Functions on a connection; the caller holds the transaction.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from followup_mail.core.case import Case
from followup_mail.core.facts import Facts
from followup_mail.core.message import Cursor, MessageKey
from followup_mail.errors import LedgerError
from followup_mail.store.rows import Birth, Passed, Reading
from followup_mail.store.schema import accounts, cases, cursors, instant_text, messages, meta
from followup_mail.store.snapshots import load_case, load_facts, plain, snapshot_text

RETRIES_MOST = 2
_BATCH = 500  # values in one IN (…), well below SQLite's limit of variables

_PLACE = (messages.c.mailbox, messages.c.uidvalidity, messages.c.uid)


def load_birth(connection: sa.Connection) -> Birth:
    """What the ledger was made for."""
    return Birth(connection.execute(sa.select(meta.c.value).where(meta.c.name == "birth")).scalar_one())


def load_moment(connection: sa.Connection) -> datetime | None:
    """How far the rehearsal came."""
    text = connection.execute(sa.select(meta.c.value).where(meta.c.name == "moment")).scalar()
    return None if text is None else datetime.fromisoformat(text)


def save_moment(connection: sa.Connection, moment: datetime) -> None:
    """Note how far the rehearsal came."""
    text = instant_text(moment)
    statement = sqlite.insert(meta).values(name="moment", value=text)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": text}))


def load_began(connection: sa.Connection) -> Mapping[str, datetime]:
    """When each account's first run was."""
    return {row.account: row.began for row in connection.execute(sa.select(accounts))}


def begin(connection: sa.Connection, account: str, now: datetime) -> None:
    """Set the first run, once."""
    connection.execute(sqlite.insert(accounts).values(account=account, began=now).on_conflict_do_nothing())


def load_cursors(connection: sa.Connection, account: str) -> Mapping[str, Cursor]:
    """The cursor of each mailbox."""
    rows = connection.execute(sa.select(cursors).where(cursors.c.account == account))
    return {row.mailbox: Cursor(row.uidvalidity, row.uidnext, row.highestmodseq) for row in rows}


def save_cursor(connection: sa.Connection, account: str, mailbox: str, cursor: Cursor) -> None:
    """Set one mailbox's cursor."""
    values = {"uidvalidity": cursor.uidvalidity, "uidnext": cursor.uidnext, "highestmodseq": cursor.highestmodseq}
    statement = sqlite.insert(cursors).values(account=account, mailbox=mailbox, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["account", "mailbox"], set_=values))


def _place(account: str, key: MessageKey) -> dict[str, object]:
    return {"account": account, "mailbox": key.mailbox, "uidvalidity": key.uidvalidity, "uid": key.uid}


def _at(account: str, key: MessageKey) -> sa.ColumnElement[bool]:
    return sa.and_(
        messages.c.account == account,
        messages.c.mailbox == key.mailbox,
        messages.c.uidvalidity == key.uidvalidity,
        messages.c.uid == key.uid,
    )


def save_passed(connection: sa.Connection, account: str, passed: Sequence[Passed]) -> None:
    """Note messages that triage passed over; what was read before stays as it was."""
    if not passed:
        return
    statement = sqlite.insert(messages)
    statement = statement.on_conflict_do_update(
        index_elements=["account", "mailbox", "uidvalidity", "uid"],
        set_={
            "verdict": sa.literal_column("'passed'"),
            "reason": statement.excluded.reason,
            "postponed_until": sa.null(),
        },
        where=sa.literal_column("messages.verdict IN ('postponed', 'shunted')"),  # no parameters: executemany
    )
    rows = [
        _place(account, key)
        | {
            "message_id": None if message_id is None else plain(message_id),
            "verdict": "passed",
            "reason": plain(reason),
            "sent_at": sent_at,
            "tries": 0,
        }
        for key, message_id, reason, sent_at in passed
    ]
    connection.execute(statement, rows)


def reading_of(reading: Reading, facts: Facts | None, case: Case | None) -> Reading:
    """The reading with what its facts and its case add to it."""
    if facts is not None:
        reading = replace(reading, facts=facts, kind=facts.kind.value, sent_at=facts.sent_at)
    return reading if case is None else replace(reading, case_id=case.id)


def save_reading(connection: sa.Connection, reading: Reading) -> None:
    """Note what was made of one message, in place of what was noted before."""
    values = {
        "message_id": None if reading.message_id is None else plain(reading.message_id),
        "verdict": reading.verdict,
        "reason": plain(reading.reason),
        "sent_at": reading.sent_at,
        "kind": reading.kind,
        "case_id": reading.case_id,
        "tries": reading.tries,
        "postponed_until": None,
        "facts": None if reading.facts is None else snapshot_text(reading.facts),
    }
    statement = sqlite.insert(messages).values(**_place(reading.account, reading.key), **values)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["account", "mailbox", "uidvalidity", "uid"], set_=values)
    )


def postpone(connection: sa.Connection, account: str, key: MessageKey, message_id: str | None, until: datetime) -> None:
    """Leave a message unread until a moment."""
    save_reading(connection, Reading(account, key, message_id, "postponed", "dated later than the clock"))
    connection.execute(sa.update(messages).where(_at(account, key)).values(postponed_until=until))


def load_postponed(connection: sa.Connection, account: str) -> tuple[tuple[datetime, MessageKey], ...]:
    """Postponed messages with their moments, earliest first."""
    rows = connection.execute(
        sa.select(messages.c.postponed_until, *_PLACE)
        .where(messages.c.account == account, messages.c.verdict == "postponed")
        .order_by(messages.c.postponed_until, *_PLACE)
    )
    return tuple((row.postponed_until, MessageKey(row.mailbox, row.uidvalidity, row.uid)) for row in rows)


def shunt(connection: sa.Connection, account: str, key: MessageKey, message_id: str | None, reason: str) -> int:
    """Note a message that broke a room; how often it did so far."""
    before = connection.execute(sa.select(messages.c.tries, messages.c.message_id).where(_at(account, key))).first()
    tries = 1 + (before.tries if before else 0)
    known = message_id or (before.message_id if before else None)
    save_reading(connection, Reading(account, key, known, "shunted", reason, tries=tries))
    return tries


def load_readings(
    connection: sa.Connection,
    account: str | None,
    case_id: str | None,
    verdicts: Collection[str],
) -> tuple[Reading, ...]:
    """What was made of messages, oldest first; None and empty do not narrow."""
    query = sa.select(messages).order_by(messages.c.sent_at, *_PLACE)
    if account is not None:
        query = query.where(messages.c.account == account)
    if case_id is not None:
        query = query.where(messages.c.case_id == case_id)
    if verdicts:
        query = query.where(messages.c.verdict.in_(verdicts))
    return tuple(_reading_of(row) for row in connection.execute(query))


def _reading_of(row: sa.Row[tuple[object, ...]]) -> Reading:
    facts: Facts | None = None if row.facts is None else load_facts(row.facts)
    return Reading(
        account=row.account,
        key=MessageKey(row.mailbox, row.uidvalidity, row.uid),
        message_id=row.message_id,
        verdict=row.verdict,
        reason=row.reason,
        sent_at=row.sent_at,
        kind=row.kind,
        case_id=row.case_id,
        tries=row.tries,
        facts=facts,
    )


def _batches(values: Collection[object]) -> Iterator[list[object]]:
    rest = sorted(set(values))  # type: ignore[type-var]  # each caller's values are of one comparable type
    for start in range(0, len(rest), _BATCH):
        yield rest[start : start + _BATCH]


def load_seen(connection: sa.Connection, account: str, keys: Collection[MessageKey]) -> frozenset[MessageKey]:
    """Those of the keys that the ledger has a row for."""
    seen: set[MessageKey] = set()
    for mailbox, uidvalidity in {(key.mailbox, key.uidvalidity) for key in keys}:
        uids = [key.uid for key in keys if (key.mailbox, key.uidvalidity) == (mailbox, uidvalidity)]
        query = sa.select(messages.c.uid).where(
            messages.c.account == account, messages.c.mailbox == mailbox, messages.c.uidvalidity == uidvalidity
        )
        for batch in _batches(uids):
            found = connection.execute(query.where(messages.c.uid.in_(batch))).scalars()
            seen.update(MessageKey(mailbox, uidvalidity, uid) for uid in found)
    return frozenset(seen)


def load_places(
    connection: sa.Connection, account: str, message_ids: Collection[str]
) -> tuple[tuple[str, str, MessageKey], ...]:
    """Message-ID, verdict and key of each message that carries one of the Message-IDs."""
    query = sa.select(messages.c.message_id, messages.c.verdict, *_PLACE).where(messages.c.account == account)
    return tuple(
        (row.message_id, row.verdict, MessageKey(row.mailbox, row.uidvalidity, row.uid))
        for batch in _batches([plain(message_id) for message_id in message_ids])
        for row in connection.execute(query.where(messages.c.message_id.in_(batch)).order_by(*_PLACE))
    )


def move_messages(connection: sa.Connection, account: str, moves: Mapping[MessageKey, MessageKey]) -> None:
    """Give messages the keys a new UIDVALIDITY gave them; one already known under its new key stays as it is."""
    for old, new in moves.items():
        statement = sa.update(messages).prefix_with("OR IGNORE").where(_at(account, old))
        connection.execute(statement.values(mailbox=new.mailbox, uidvalidity=new.uidvalidity, uid=new.uid))


def save_case(connection: sa.Connection, case: Case) -> None:
    """Write a case with its readable columns."""
    values = {
        "account": case.account,
        "state": case.state.value,
        "company": case.company,
        "position": case.position,
        "opened": case.opened,
        "ended": case.ended,
        "answered": case.answered,
        "promised_by": case.promised_by,
        "snapshot": snapshot_text(case),
    }
    statement = sqlite.insert(cases).values(case_id=case.id, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["case_id"], set_=values))


def load_cases(connection: sa.Connection) -> tuple[Case, ...]:
    """All cases, oldest first."""
    rows = connection.execute(sa.select(cases.c.snapshot).order_by(cases.c.opened, cases.c.case_id))
    return tuple(load_case(row.snapshot) for row in rows)


def find_by_id(known: Sequence[Case], case_id: str) -> Case | None:
    """The case of this id, or the only one whose id begins so; LedgerError naming several."""
    matches = [case for case in known if case.id == case_id] or [case for case in known if case.id.startswith(case_id)]
    if len(matches) > 1:
        raise LedgerError(f"Several cases begin with {case_id}: " + ", ".join(case.id for case in matches))
    return matches[0] if matches else None
