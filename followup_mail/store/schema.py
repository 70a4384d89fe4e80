"""The ledger's tables, as code reads and writes them; the migrations make them, a test compares the two.

Moments are UTC text ("2026-12-01T16:00:00Z"), snapshots JSON: the sqlite3 shell shows what a person understands.
"""

from datetime import UTC, date, datetime

import sqlalchemy as sa

HEAD = "0001"  # the newest migration; known here so that opening need not load Alembic

metadata = sa.MetaData()


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware datetime as UTC text of whole seconds, in which order of text is order of time."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The text; ValueError for a naive datetime."""
        return None if value is None else instant_text(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The moment, aware, in UTC."""
        return None if value is None else datetime.fromisoformat(value)


def instant_text(moment: datetime) -> str:
    """The moment as the ledger writes it; ValueError for a naive one, which names no instant."""
    if moment.tzinfo is None:
        raise ValueError("the ledger takes aware datetimes only")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Day(sa.types.TypeDecorator[date]):
    """A date as ISO 8601 text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The text of the day."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> date | None:  # noqa: ARG002 - SQLAlchemy's signature
        """The day."""
        return None if value is None else date.fromisoformat(value)


meta = sa.Table(
    "meta",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("began", Instant, nullable=False),
)

cursors = sa.Table(
    "cursors",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("mailbox", sa.Text, primary_key=True),
    sa.Column("uidvalidity", sa.Integer, nullable=False),
    sa.Column("uidnext", sa.Integer, nullable=False),
    sa.Column("highestmodseq", sa.Integer),
)

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("mailbox", sa.Text, primary_key=True),
    sa.Column("uidvalidity", sa.Integer, primary_key=True),
    sa.Column("uid", sa.Integer, primary_key=True),
    sa.Column("message_id", sa.Text),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("sent_at", Instant),
    sa.Column("kind", sa.Text),
    sa.Column("case_id", sa.Text),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("postponed_until", Instant),
    sa.Column("facts", sa.Text),
)

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("case_id", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("company", sa.Text),
    sa.Column("position", sa.Text),
    sa.Column("opened", Instant, nullable=False),
    sa.Column("ended", Instant),
    sa.Column("answered", Instant),
    sa.Column("promised_by", Day),
    sa.Column("snapshot", sa.Text, nullable=False),
)

drafts = sa.Table(
    "drafts",
    metadata,
    sa.Column("draft_id", sa.Integer, primary_key=True),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("case_id", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("due", Instant, nullable=False),
    sa.Column("due_wall", sa.Text, nullable=False),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("deadline", Instant, nullable=False),
    sa.Column("placed_at", Instant),
    sa.Column("sent_at", Instant),
    sa.Column("settled_at", Instant),
    sa.Column("message_id", sa.Text),
    sa.Column("mailbox", sa.Text),
    sa.Column("uidvalidity", sa.Integer),
    sa.Column("uid", sa.Integer),
    sa.Column("fingerprint", sa.Text),
    sa.Column("letter", sa.Text),
    sa.Column("text", sa.Text),
    sa.Column("plan", sa.Text, nullable=False),
    sa.UniqueConstraint("purpose", "scope", "recipient", "ordinal", name="one_draft_a_key"),
)

revisions = sa.Table(
    "revisions",
    metadata,
    sa.Column("revision_id", sa.Integer, primary_key=True),
    sa.Column("draft_id", sa.Integer, sa.ForeignKey("drafts.draft_id"), nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("message_id", sa.Text, nullable=False),
    sa.Column("intended_at", Instant, nullable=False),
    sa.Column("closed_at", Instant),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("letter", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("mailbox", sa.Text, nullable=False),
    sa.Column("uidvalidity", sa.Integer, nullable=False),
    sa.Column("uidnext", sa.Integer, nullable=False),
    sa.Column("octets", sa.LargeBinary, nullable=False),
)

questions = sa.Table(
    "questions",
    metadata,
    sa.Column("question_id", sa.Text, primary_key=True),
    sa.Column("case_id", sa.Text, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("due", Instant, nullable=False),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("answer", sa.Text),
    sa.Column("closed_at", Instant),
)

notices = sa.Table(
    "notices",
    metadata,
    sa.Column("notice_id", sa.Integer, primary_key=True),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("case_id", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("noted_at", Instant, nullable=False),
    sa.Column("told_at", Instant),
    sa.UniqueConstraint("subject", "about", name="one_notice_a_subject"),
)

sa.Index("messages_by_message_id", messages.c.account, messages.c.message_id)
sa.Index("messages_by_case", messages.c.case_id, messages.c.sent_at)
sa.Index("messages_by_verdict", messages.c.account, messages.c.verdict)
sa.Index("drafts_by_case", drafts.c.case_id)
sa.Index("revisions_by_draft", revisions.c.draft_id)
sa.Index("revisions_by_state", revisions.c.state)
sa.Index(
    "one_text_a_message_id",  # a text that never arrived leaves its Message-ID to the retry
    revisions.c.message_id,
    unique=True,
    sqlite_where=revisions.c.state != "abandoned",
)
sa.Index("notices_untold", notices.c.told_at)
