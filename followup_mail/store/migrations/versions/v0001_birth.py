"""The ledger is born: tables, and two views for people with the sqlite3 shell."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

INTERVIEWS = """
CREATE VIEW interviews AS
SELECT case_id, company, position,
       json_extract(one.value, '$.start') AS starts,
       json_extract(one.value, '$.end') AS ends,
       json_extract(one.value, '$.zone') AS zone,
       json_extract(one.value, '$.cancelled') AS cancelled,
       (SELECT group_concat(coalesce(nullif(json_extract(who.value, '$.display_name'), ''),
                                     json_extract(who.value, '$.addr_spec')), ', ')
          FROM json_each(one.value, '$.people') AS who) AS interviewers,
       json_extract(one.value, '$.title') AS title,
       json_extract(one.value, '$.id') AS interview_id
FROM cases, json_each(cases.snapshot, '$.interviews') AS one
"""

PEOPLE = """
CREATE VIEW people AS
SELECT case_id, company,
       json_extract(who.value, '$.display_name') AS display_name,
       json_extract(who.value, '$.addr_spec') AS addr_spec,
       json_extract(who.value, '$.role') AS role,
       json_extract(who.value, '$.title') AS title
FROM cases, json_each(cases.snapshot, '$.people') AS who
"""


def upgrade() -> None:
    """Make everything."""
    _create_reading()
    _create_writing()
    op.execute(INTERVIEWS)
    op.execute(PEOPLE)


def _create_reading() -> None:
    op.create_table(
        "meta",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "accounts",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("began", sa.Text, nullable=False),
    )
    op.create_table(
        "cursors",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("mailbox", sa.Text, primary_key=True),
        sa.Column("uidvalidity", sa.Integer, nullable=False),
        sa.Column("uidnext", sa.Integer, nullable=False),
        sa.Column("highestmodseq", sa.Integer),
    )
    op.create_table(
        "messages",
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("mailbox", sa.Text, primary_key=True),
        sa.Column("uidvalidity", sa.Integer, primary_key=True),
        sa.Column("uid", sa.Integer, primary_key=True),
        sa.Column("message_id", sa.Text),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("sent_at", sa.Text),
        sa.Column("kind", sa.Text),
        sa.Column("case_id", sa.Text),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("postponed_until", sa.Text),
        sa.Column("facts", sa.Text),
    )
    op.create_table(
        "cases",
        sa.Column("case_id", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("company", sa.Text),
        sa.Column("position", sa.Text),
        sa.Column("opened", sa.Text, nullable=False),
        sa.Column("ended", sa.Text),
        sa.Column("answered", sa.Text),
        sa.Column("promised_by", sa.Text),
        sa.Column("snapshot", sa.Text, nullable=False),
    )
    op.create_index("messages_by_message_id", "messages", ["account", "message_id"])
    op.create_index("messages_by_case", "messages", ["case_id", "sent_at"])
    op.create_index("messages_by_verdict", "messages", ["account", "verdict"])


def _create_writing() -> None:
    op.create_table(
        "drafts",
        sa.Column("draft_id", sa.Integer, primary_key=True),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("due", sa.Text, nullable=False),
        sa.Column("due_wall", sa.Text, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("deadline", sa.Text, nullable=False),
        sa.Column("placed_at", sa.Text),
        sa.Column("sent_at", sa.Text),
        sa.Column("settled_at", sa.Text),
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
    op.create_table(
        "revisions",
        sa.Column("revision_id", sa.Integer, primary_key=True),
        sa.Column("draft_id", sa.Integer, sa.ForeignKey("drafts.draft_id"), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("intended_at", sa.Text, nullable=False),
        sa.Column("closed_at", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("letter", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("mailbox", sa.Text, nullable=False),
        sa.Column("uidvalidity", sa.Integer, nullable=False),
        sa.Column("uidnext", sa.Integer, nullable=False),
        sa.Column("octets", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "questions",
        sa.Column("question_id", sa.Text, primary_key=True),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("due", sa.Text, nullable=False),
        sa.Column("asked_at", sa.Text, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("closed_at", sa.Text),
    )
    op.create_table(
        "notices",
        sa.Column("notice_id", sa.Integer, primary_key=True),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("case_id", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("noted_at", sa.Text, nullable=False),
        sa.Column("told_at", sa.Text),
        sa.UniqueConstraint("subject", "about", name="one_notice_a_subject"),
    )
    op.create_index("drafts_by_case", "drafts", ["case_id"])
    op.create_index("revisions_by_draft", "revisions", ["draft_id"])
    op.create_index("revisions_by_state", "revisions", ["state"])
    op.create_index(
        "one_text_a_message_id",
        "revisions",
        ["message_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'abandoned'"),
    )
    op.create_index("notices_untold", "notices", ["told_at"])
