"""The ledger: cases, cursors, seen messages and the journal of drafts, on SQLite."""

from followup_mail.store.ledger import Ledger
from followup_mail.store.rows import Birth, Intention, Notice, Passed, Question, Reading

__all__ = ["Birth", "Intention", "Ledger", "Notice", "Passed", "Question", "Reading"]
