"""Questions to the owner, and what the owner has not been told yet.

Functions on a connection; the caller holds the transaction.
"""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from followup_mail.core.plan import AskOwner, Remind
from followup_mail.store.rows import Notice, Question
from followup_mail.store.schema import notices, questions
from followup_mail.store.snapshots import plain


def load_questions(connection: sa.Connection) -> tuple[Question, ...]:
    """Every question ever asked, by due."""
    rows = connection.execute(sa.select(questions).order_by(questions.c.due, questions.c.question_id))
    return tuple(
        Question(row.question_id, row.case_id, row.question, row.due, row.asked_at, row.answer, row.closed_at)
        for row in rows
    )


def ask(connection: sa.Connection, question: AskOwner, at: datetime) -> None:
    """Ask a question, once."""
    statement = sqlite.insert(questions).values(
        question_id=question.id,
        case_id=question.case_id,
        question=plain(question.question),
        due=question.due,
        asked_at=at,
    )
    connection.execute(statement.on_conflict_do_nothing())
    note(connection, "question", question.id, case_id=question.case_id, text=question.question, at=at)


def close(connection: sa.Connection, question_id: str, at: datetime, answer: str) -> bool:
    """Close a question with the owner's answer, or with why it needs none any more; whether it was open."""
    statement = sa.update(questions).where(questions.c.question_id == question_id, questions.c.closed_at.is_(None))
    return connection.execute(statement.values(closed_at=at, answer=plain(answer))).rowcount == 1


def load_reminded(connection: sa.Connection) -> frozenset[str]:
    """Ids of every reminder there ever was."""
    return frozenset(connection.execute(sa.select(notices.c.about).where(notices.c.subject == "reminder")).scalars())


def remind(connection: sa.Connection, reminder: Remind, at: datetime) -> None:
    """Note a reminder, once."""
    note(connection, "reminder", reminder.id, case_id=reminder.case_id, text=reminder.text, at=at)


def note(connection: sa.Connection, subject: str, about: str, *, case_id: str, text: str, at: datetime) -> None:
    """Note something the owner is to be told, once."""
    statement = sqlite.insert(notices).values(
        subject=subject, about=about, case_id=case_id, text=plain(text), noted_at=at
    )
    connection.execute(statement.on_conflict_do_nothing())


def load_notices(connection: sa.Connection, *, untold_only: bool) -> tuple[Notice, ...]:
    """What the owner was or is to be told, oldest first."""
    query = sa.select(notices).order_by(notices.c.notice_id)
    if untold_only:
        query = query.where(notices.c.told_at.is_(None))
    return tuple(
        Notice(row.notice_id, row.subject, row.about, row.case_id, row.text, row.noted_at)
        for row in connection.execute(query)
    )


def mark_told(connection: sa.Connection, ids: Collection[int], at: datetime) -> None:
    """Note that the owner was told."""
    for notice_id in ids:
        connection.execute(sa.update(notices).where(notices.c.notice_id == notice_id).values(told_at=at))
