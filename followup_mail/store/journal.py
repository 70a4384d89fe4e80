"""The drafts and their revisions: what is meant, what stands in the mailbox, what became of it.

Functions on a connection; the caller holds the transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from followup_mail.core.case import DraftKey, DraftState, Purpose
from followup_mail.core.message import MessageKey
from followup_mail.core.plan import JournalEntry, PlaceDraft
from followup_mail.errors import LedgerError
from followup_mail.store.rows import Intention
from followup_mail.store.schema import drafts, revisions
from followup_mail.store.snapshots import load_plan, plain, snapshot_text

OPEN = (DraftState.PLANNED, DraftState.HELD)
MAY_BE_PLANNED = (*OPEN, DraftState.WITHDRAWN)  # what we took back ourselves, unseen, may be meant again
_PLACED_COLUMNS = [
    "placed_at",
    "settled_at",
    "message_id",
    "mailbox",
    "uidvalidity",
    "uid",
    "fingerprint",
    "letter",
    "text",
]


@dataclass(frozen=True, slots=True)
class Journal:
    """Every draft of the ledger, by key, with the plan it was last given."""

    entries: Mapping[DraftKey, JournalEntry]
    plans: Mapping[DraftKey, PlaceDraft]


def _of(key: DraftKey) -> sa.ColumnElement[bool]:
    return sa.and_(
        drafts.c.purpose == key.purpose.value,
        drafts.c.scope == key.scope,
        drafts.c.recipient == key.recipient,
        drafts.c.ordinal == key.ordinal,
    )


def load_journal(connection: sa.Connection) -> Journal:
    """All drafts, by due."""
    entries: dict[DraftKey, JournalEntry] = {}
    plans: dict[DraftKey, PlaceDraft] = {}
    for row in connection.execute(sa.select(drafts).order_by(drafts.c.due, drafts.c.draft_id)):
        planned = load_plan(row.plan)
        entry = _entry_of(row, planned)
        entries[entry.key] = entry
        plans[entry.key] = planned
    return Journal(entries, plans)


def _entry_of(row: sa.Row[tuple[object, ...]], planned: PlaceDraft) -> JournalEntry:
    key = DraftKey(Purpose(row.purpose), row.scope, row.recipient, row.ordinal)
    return JournalEntry(
        key=key,
        case_id=row.case_id,
        account=row.account,
        state=DraftState(row.state),
        recipients=(planned.recipient,),
        due=row.due,
        deadline=row.deadline,
        placed_at=row.placed_at,
        sent_at=row.sent_at,
        message_id=row.message_id,
        message_key=None if row.uid is None else MessageKey(row.mailbox, row.uidvalidity, row.uid),
        fingerprint=row.fingerprint,
        letter=row.letter,
        text=row.text,
        references=(*target.references, target.message_id) if (target := planned.reply_to) else (),
        reason=row.reason,
    )


def plan_draft(connection: sa.Connection, place: PlaceDraft) -> None:
    """Write a planned or held draft, in place of what was planned or taken back before; others are left alone."""
    values = {
        "case_id": place.case_id,
        "account": place.account,
        "state": (DraftState.HELD if place.held else DraftState.PLANNED).value,
        "reason": plain("; ".join(doubt.words for doubt in place.held)),
        "due": place.due,
        "due_wall": place.due.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds"),
        "zone": getattr(place.due.tzinfo, "key", None) or place.due.tzname() or "",
        "deadline": place.deadline,
        "plan": snapshot_text(place),
    }
    key = place.key
    statement = sqlite.insert(drafts).values(
        purpose=key.purpose.value, scope=key.scope, recipient=key.recipient, ordinal=key.ordinal, **values
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["purpose", "scope", "recipient", "ordinal"],
            set_=values | dict.fromkeys(_PLACED_COLUMNS),
            where=drafts.c.state.in_([state.value for state in MAY_BE_PLANNED]),
        )
    )


def stands(entry: JournalEntry, state: DraftState, message_id: str | None, message_key: MessageKey | None) -> bool:
    """Whether settling the draft so would change nothing; a sent one stays sent."""
    if entry.state is DraftState.SENT:
        return True
    return entry.state is state and message_id in (None, entry.message_id) and message_key in (None, entry.message_key)


def settle(
    connection: sa.Connection,
    key: DraftKey,
    state: DraftState,
    at: datetime,
    *,
    reason: str,
    sent_at: datetime | None,
    message_id: str | None,
    message_key: MessageKey | None,
) -> None:
    """Write what became of a draft; values that are None or empty keep what stands."""
    values: dict[str, object] = {"state": state.value, "settled_at": at}
    if reason:
        values["reason"] = plain(reason)
    if sent_at is not None:
        values["sent_at"] = sent_at
    if message_id is not None:
        values["message_id"] = plain(message_id)
    if message_key is not None:
        values |= _place(message_key)
    _one(connection, sa.update(drafts).where(_of(key)).values(**values), key)


def _place(key: MessageKey | None) -> dict[str, object]:
    if key is None:
        return {"mailbox": None, "uidvalidity": None, "uid": None}
    return {"mailbox": key.mailbox, "uidvalidity": key.uidvalidity, "uid": key.uid}


def _one(connection: sa.Connection, statement: sa.Update, key: DraftKey) -> None:
    if connection.execute(statement).rowcount != 1:
        raise LedgerError(f"The ledger has no draft {key} to which this could be done")


def intend(connection: sa.Connection, key: DraftKey, at: datetime, written: Mapping[str, object]) -> None:
    """Open a revision of a planned draft, or of a placed one that it is to replace; never two at once."""
    row = connection.execute(sa.select(drafts.c.draft_id, drafts.c.state).where(_of(key))).first()
    if row is None or row.state not in (DraftState.PLANNED, DraftState.PLACED):
        raise LedgerError(f"The draft {key} is {row.state if row else 'unknown'}: no text may be intended for it")
    opened = connection.execute(
        sa.select(revisions.c.revision_id).where(revisions.c.draft_id == row.draft_id, revisions.c.state == "intended")
    ).first()
    if opened:
        raise LedgerError(f"The draft {key} is being placed already: recover that first")
    opening = {"draft_id": row.draft_id, "state": "intended", "reason": "", "intended_at": at}
    connection.execute(sa.insert(revisions).values(**opening, **written))


def place(
    connection: sa.Connection, key: DraftKey, at: datetime, *, message_key: MessageKey | None, fingerprint: str
) -> str:
    """Close the open revision: it stands in Drafts; an older one is superseded. The id of the draft's case."""
    draft_id = sa.select(drafts.c.draft_id).where(_of(key)).scalar_subquery()
    mine = revisions.c.draft_id == draft_id
    opened = connection.execute(sa.select(revisions).where(mine, revisions.c.state == "intended")).first()
    if opened is None:
        raise LedgerError(f"The draft {key} was placed without having been intended")
    connection.execute(
        sa.update(revisions).where(mine, revisions.c.state == "placed").values(state="superseded", closed_at=at)
    )
    connection.execute(
        sa.update(revisions).where(revisions.c.revision_id == opened.revision_id).values(state="placed", closed_at=at)
    )
    values = {
        "state": DraftState.PLACED.value,
        "reason": "",
        "placed_at": at,
        "message_id": opened.message_id,
        "fingerprint": fingerprint,
        "letter": opened.letter,
        "text": opened.text,
    }
    _one(connection, sa.update(drafts).where(_of(key)).values(**values, **_place(message_key)), key)
    return str(connection.execute(sa.select(drafts.c.case_id).where(_of(key))).scalar_one())


def abandon(connection: sa.Connection, key: DraftKey, message_id: str, at: datetime | None, reason: str) -> None:
    """Close the open revision: it never reached the mailbox; the draft stands as before."""
    statement = (
        sa.update(revisions)
        .where(revisions.c.message_id == message_id, revisions.c.state == "intended")
        .values(state="abandoned", closed_at=at, reason=plain(reason))
    )
    _one(connection, statement, key)


def load_lost_message_id(connection: sa.Connection, key: DraftKey) -> str | None:
    """The Message-ID of the newest revision that was abandoned."""
    query = sa.select(revisions.c.message_id).join(drafts, drafts.c.draft_id == revisions.c.draft_id)
    query = query.where(_of(key), revisions.c.state == "abandoned").order_by(revisions.c.revision_id.desc())
    return connection.execute(query.limit(1)).scalar()


def load_letter_ids(connection: sa.Connection) -> frozenset[str]:
    """The Message-IDs of every text ever placed, those taken back and planned anew included."""
    query = sa.select(revisions.c.message_id).where(revisions.c.state != "abandoned")
    return frozenset(connection.execute(query).scalars())


def load_intentions(connection: sa.Connection) -> tuple[Intention, ...]:
    """Every open revision, oldest first."""
    columns = [column.label(f"draft_{column.name}") for column in drafts.c]
    rows = connection.execute(
        sa.select(revisions, *columns)
        .join(drafts, drafts.c.draft_id == revisions.c.draft_id)
        .where(revisions.c.state == "intended")
        .order_by(revisions.c.revision_id)
    )
    return tuple(_intention_of(row) for row in rows)


def _intention_of(row: sa.Row[tuple[object, ...]]) -> Intention:
    key = DraftKey(Purpose(row.draft_purpose), row.draft_scope, row.draft_recipient, row.draft_ordinal)
    recipient = load_plan(row.draft_plan).recipient.addr_spec
    stands = row.draft_uid is not None
    return Intention(
        key=key,
        case_id=row.draft_case_id,
        account=row.draft_account,
        message_id=row.message_id,
        octets=row.octets,
        text=row.text,
        letter=row.letter,
        mailbox=row.mailbox,
        uidvalidity=row.uidvalidity,
        uidnext=row.uidnext,
        at=row.intended_at,
        recipients=(recipient,) if recipient else (),
        placed_before=MessageKey(row.draft_mailbox, row.draft_uidvalidity, row.draft_uid) if stands else None,
    )


def move_drafts(connection: sa.Connection, account: str, moves: Mapping[MessageKey, MessageKey]) -> None:
    """Give drafts the keys a new UIDVALIDITY gave them."""
    for old, new in moves.items():
        at_old = [drafts.c[name] == value for name, value in _place(old).items()]
        connection.execute(sa.update(drafts).where(drafts.c.account == account, *at_old).values(**_place(new)))
