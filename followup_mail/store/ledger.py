"""The ledger's face: every question asked of it and everything written into it, one transaction a call."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from pathlib import Path
from typing import Self

import sqlalchemy as sa

from followup_mail.core.case import Case, DraftKey, DraftState
from followup_mail.core.facts import Facts
from followup_mail.core.message import Cursor, MessageKey
from followup_mail.core.plan import AskOwner, JournalEntry, PlaceDraft, Remind
from followup_mail.errors import LedgerError
from followup_mail.store import journal, notices, opening, reading
from followup_mail.store.rows import Birth, Intention, Notice, Passed, Question, Reading
from followup_mail.store.transactions import Transactions

_SETTLED = frozenset({"read", "passed"})


class Ledger:
    """One owner's ledger on SQLite. Safe to share between threads; other processes may have it open as well.

    Each method is one transaction, on disk when it returns. What did not change is not written again; what nobody wrote
    is answered from memory. Every method may raise LedgerError, whose text is one sentence for the owner.
    """

    def __init__(self, path: Path | None, engine: sa.Engine, connection: sa.Connection) -> None:
        self.path = path or Path(":memory:")
        self._at = Transactions(self.path, engine, connection)
        self._moment: datetime | None = None

    @classmethod
    def open(cls, path: Path, *, birth: Birth | None = None) -> Self:
        """The ledger at this path, made if `birth` is given; LedgerError if born otherwise, or missing without one."""
        return cls(path, *opening.open_connection(path, birth))

    @classmethod
    def in_memory(cls, birth: Birth = Birth.REHEARSAL) -> Self:
        """A new ledger that is gone when closed."""
        return cls(None, *opening.open_memory(birth))

    def copy_to_memory(self) -> "Ledger":
        """A copy to try things out on; the file is not touched by what happens to it."""
        copy = type(self).in_memory()
        self._at.copy_into(copy._at)  # noqa: SLF001 - the same class
        return copy

    def close(self) -> None:
        """Close the file; the ledger cannot be used any more."""
        if self._moment is not None:
            with suppress(LedgerError), self._at.writing() as connection:
                reading.save_moment(connection, self._moment)
        self._at.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def turn(self) -> AbstractContextManager[None]:
        """Whatever is read and written inside is one transaction, and nobody comes between.

        Turns nest; the outermost one commits. An exception undoes all of it.
        """
        return self._at.turn()

    @property
    def birth(self) -> Birth:
        """What this ledger was made for."""
        return self._at.recall("birth", reading.load_birth)

    def moment(self, now: datetime) -> datetime:
        """As of when the ledger is to be shown: `now`, or the last moment of a rehearsal."""
        if self.birth is Birth.LIVE:
            return now
        return self._moment or self._at.recall("moment", reading.load_moment) or now

    # What was read

    def began(self, account: str) -> datetime | None:
        """When this account's first run was; None before it."""
        return self._at.recall("began", reading.load_began).get(account)

    def begin(self, account: str, now: datetime) -> datetime:
        """Note the first run, once; when it was. A rehearsal notes at its end how far it came."""
        if self.birth is Birth.REHEARSAL:
            self._moment = now
        if (began := self.began(account)) is not None:
            return began
        with self._at.writing() as connection:
            reading.begin(connection, account, now)
        return self.began(account) or now

    def cursors(self, account: str) -> Mapping[str, Cursor]:
        """What had been seen of each of the account's mailboxes."""
        return self._at.recall(("cursors", account), lambda connection: reading.load_cursors(connection, account))

    def remember_passed(self, account: str, mailbox: str, passed: Sequence[Passed], cursor: Cursor | None) -> None:
        """Note what triage passed over, and how far the mailbox was seen, together."""
        if not passed and (cursor is None or self.cursors(account).get(mailbox) == cursor):
            return
        with self._at.writing() as connection:
            reading.save_passed(connection, account, passed)
            if cursor is not None:
                reading.save_cursor(connection, account, mailbox, cursor)

    def remember(
        self,
        account: str,
        key: MessageKey,
        message_id: str | None,
        *,
        verdict: str = "read",
        reason: str = "",
        facts: Facts | None = None,
        case: Case | None = None,
        cursor: Cursor | None = None,
    ) -> None:
        """Note one message with its facts, the case it led to and the mailbox's cursor, together."""
        noted = reading.reading_of(Reading(account, key, message_id, verdict, reason), facts, case)
        with self._at.writing() as connection:
            reading.save_reading(connection, noted)
            if case is not None:
                reading.save_case(connection, case)
            if cursor is not None:
                reading.save_cursor(connection, account, key.mailbox, cursor)

    def postpone(self, account: str, key: MessageKey, until: datetime, message_id: str | None = None) -> None:
        """Leave a message unread until a moment (a rehearsal's clock has not reached it)."""
        with self._at.writing() as connection:
            reading.postpone(connection, account, key, message_id, until)

    def postponed(self, account: str, now: datetime) -> tuple[MessageKey, ...]:
        """Postponed messages whose moment has come, earliest first."""
        waiting = self._at.recall(
            ("postponed", account), lambda connection: reading.load_postponed(connection, account)
        )
        return tuple(key for until, key in waiting if until <= now)

    def shunt(self, account: str, key: MessageKey, reason: str, message_id: str | None = None) -> int:
        """Set a message aside that broke a room; how often it has been tried."""
        with self._at.writing() as connection:
            return reading.shunt(connection, account, key, message_id, reason)

    def shunted(self, account: str | None = None) -> tuple[Reading, ...]:
        """Every message set aside, to show to the owner."""
        return self._at.recall(
            ("shunted", account), lambda connection: reading.load_readings(connection, account, None, ("shunted",))
        )

    def shunted_count(self) -> int:
        """How many messages are set aside."""
        return len(self.shunted())

    def to_retry(self, account: str) -> tuple[MessageKey, ...]:
        """Messages set aside that may be tried again: at most twice each."""
        return tuple(found.key for found in self.shunted(account) if found.tries <= reading.RETRIES_MOST)

    def seen(self, account: str, keys: Collection[MessageKey]) -> frozenset[MessageKey]:
        """Those of the keys that were read, passed over, postponed or shunted before."""
        with self._at.reading() as connection:
            return reading.load_seen(connection, account, keys)

    def known_message_ids(self, account: str, message_ids: Collection[str]) -> frozenset[str]:
        """Those of the Message-IDs that were read or passed over before, under whatever key."""
        with self._at.reading() as connection:
            places = reading.load_places(connection, account, message_ids)
        return frozenset(message_id for message_id, verdict, _ in places if verdict in _SETTLED)

    def keys_of(self, account: str, message_ids: Collection[str]) -> tuple[MessageKey, ...]:
        """Where messages with these Message-IDs stand, as far as the ledger knows."""
        with self._at.reading() as connection:
            return tuple(key for _, _, key in reading.load_places(connection, account, message_ids))

    def messages(
        self, account: str | None = None, case_id: str | None = None, verdicts: Collection[str] = ()
    ) -> tuple[Reading, ...]:
        """What was made of messages, oldest first; the arguments narrow it down."""
        with self._at.reading() as connection:
            return reading.load_readings(connection, account, case_id, verdicts)

    # What was understood

    def cases(self, *, open_only: bool = False) -> tuple[Case, ...]:
        """All cases of all accounts, oldest first."""
        known = self._at.recall("cases", reading.load_cases)
        return tuple(case for case in known if case.ended is None) if open_only else known

    def case(self, case_id: str) -> Case | None:
        """The case of this id, or the only one whose id begins so; LedgerError if there are several."""
        return reading.find_by_id(self.cases(), case_id)

    def save_case(self, case: Case) -> None:
        """Write a case that changed for another reason than a message."""
        if case not in self.cases():
            with self._at.writing() as connection:
                reading.save_case(connection, case)

    # What is written

    def _journal(self) -> journal.Journal:
        return self._at.recall("journal", journal.load_journal)

    def journal(self, case_id: str | None = None) -> tuple[JournalEntry, ...]:
        """Every draft there is or was, by due."""
        entries = self._journal().entries.values()
        return tuple(entry for entry in entries if case_id in (None, entry.case_id))

    def entry(self, key: DraftKey) -> JournalEntry | None:
        """The draft under this key."""
        return self._journal().entries.get(key)

    def plan_of(self, key: DraftKey) -> PlaceDraft | None:
        """The plan this draft was last given: its relay, seat, reply target and doubts."""
        return self._journal().plans.get(key)

    def plan_draft(self, place: PlaceDraft) -> bool:
        """Note a planned draft, or a held one; whether anything changed. One past those states is never touched."""
        known = self._journal()
        entry = known.entries.get(place.key)
        if entry is not None and entry.state not in journal.MAY_BE_PLANNED:
            return False
        if entry is not None and entry.state in journal.OPEN and known.plans[place.key] == place:
            return False
        with self._at.writing() as connection:
            journal.plan_draft(connection, place)
        return True

    def settle(
        self,
        key: DraftKey,
        state: DraftState,
        *,
        at: datetime,
        reason: str = "",
        sent_at: datetime | None = None,
        message_id: str | None = None,
        message_key: MessageKey | None = None,
    ) -> bool:
        """Note what became of a draft; whether anything changed.

        A sent one stays sent; ValueError for a state of planning.
        """
        if state in journal.OPEN:
            raise ValueError("a draft is planned by plan_draft alone")
        entry = self.entry(key)
        if entry is not None and journal.stands(entry, state, message_id, message_key):
            return False
        with self._at.writing() as connection:
            journal.settle(
                connection,
                key,
                state,
                at,
                reason=reason,
                sent_at=sent_at,
                message_id=message_id,
                message_key=message_key,
            )
        return True

    def intend(
        self,
        key: DraftKey,
        *,
        message_id: str,
        octets: bytes,
        text: str,
        letter: str,
        drafts_mailbox: str,
        uidvalidity: int,
        uidnext: int,
        at: datetime,
    ) -> None:
        """Note what is about to be appended, before it is.

        LedgerError unless the draft is planned, or placed and to be replaced, and nothing else is intended for it.
        """
        written = {"message_id": message_id, "octets": octets, "text": text, "letter": letter}
        place = {"mailbox": drafts_mailbox, "uidvalidity": uidvalidity, "uidnext": uidnext}
        with self._at.writing() as connection:
            journal.intend(connection, key, at, written | place)

    def placed(self, key: DraftKey, *, message_key: MessageKey | None, fingerprint: str, at: datetime) -> None:
        """Note that what was intended stands in Drafts, and that the owner is to be told."""
        with self._at.writing() as connection:
            case_id = journal.place(connection, key, at, message_key=message_key, fingerprint=fingerprint)
            notices.note(connection, "draft", str(key), case_id=case_id, text="", at=at)

    def abandon(self, key: DraftKey, message_id: str, reason: str, at: datetime | None = None) -> None:
        """Note that what was intended never reached the mailbox; the draft stands as it did before."""
        with self._at.writing() as connection:
            journal.abandon(connection, key, message_id, at, reason)

    def intentions(self, account: str | None = None) -> tuple[Intention, ...]:
        """What was intended and neither placed nor abandoned, oldest first: to be recovered."""
        known = self._at.recall("intentions", journal.load_intentions)
        return tuple(intention for intention in known if account in (None, intention.account))

    def letter_ids(self) -> frozenset[str]:
        """The Message-IDs under which letters of ours were ever placed, also those taken back since."""
        with self._at.reading() as connection:
            return journal.load_letter_ids(connection)

    def lost_message_id(self, key: DraftKey) -> str | None:
        """The Message-ID of the newest text of this draft that never arrived: a retry uses it again."""
        with self._at.reading() as connection:
            return journal.load_lost_message_id(connection, key)

    def remap(self, account: str, moves: Mapping[MessageKey, MessageKey]) -> None:
        """Give messages and drafts their new keys after a UIDVALIDITY changed (old key → new key)."""
        with self._at.writing() as connection:
            reading.move_messages(connection, account, moves)
            journal.move_drafts(connection, account, moves)

    # What the owner is asked and told

    def ask(self, question: AskOwner, at: datetime) -> bool:
        """Ask a question; False if it was asked before, open or answered."""
        if any(known.id == question.id for known in self.questions()):
            return False
        with self._at.writing() as connection:
            notices.ask(connection, question, at)
        return True

    def questions(self) -> tuple[Question, ...]:
        """Every question there ever was, by due."""
        return self._at.recall("questions", notices.load_questions)

    def open_questions(self) -> tuple[Question, ...]:
        """Questions that wait for the owner, by due."""
        return tuple(question for question in self.questions() if question.closed_at is None)

    def close_question(self, question_id: str, at: datetime, answer: str = "") -> bool:
        """Close a question, answered or needless; whether it was open."""
        if all(known.id != question_id for known in self.open_questions()):
            return False
        with self._at.writing() as connection:
            return notices.close(connection, question_id, at, answer)

    def remind(self, reminder: Remind, at: datetime) -> bool:
        """Note a reminder for the owner; False if there was one of this id before."""
        if reminder.id in self._at.recall("reminded", notices.load_reminded):
            return False
        with self._at.writing() as connection:
            notices.remind(connection, reminder, at)
        return True

    def notices(self) -> tuple[Notice, ...]:
        """Everything the owner was or is to be told, oldest first."""
        return self._at.recall("notices", lambda connection: notices.load_notices(connection, untold_only=False))

    def untold_notices(self) -> tuple[Notice, ...]:
        """What the owner is to be told and was not yet, oldest first."""
        return self._at.recall("untold", lambda connection: notices.load_notices(connection, untold_only=True))

    def mark_told(self, ids: Collection[int], at: datetime) -> None:
        """Note that the owner was told."""
        if ids:
            with self._at.writing() as connection:
                notices.mark_told(connection, ids, at)
