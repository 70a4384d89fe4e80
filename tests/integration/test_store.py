import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Thread
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory

from followup_mail.core.case import Case, CaseState, DraftKey, DraftState, Interview, Purpose
from followup_mail.core.facts import Doubt, Facts, Kind, Meeting
from followup_mail.core.message import Cursor, MessageKey
from followup_mail.core.plan import AskOwner, PlaceDraft, Remind
from followup_mail.core.who import Person
from followup_mail.errors import LedgerError, MessageError
from followup_mail.store import Birth, Ledger, Notice, Passed
from followup_mail.store.schema import HEAD, metadata

NOW = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
LISBON = ZoneInfo("Europe/Lisbon")
MAYA = Person("Maya Chen", "maya@acme.example", title="Staff Engineer")
INTERVIEW = Interview(
    "i1", NOW, NOW + timedelta(minutes=45), zone="Europe/Lisbon", people=(MAYA, Person("Tom")), title="Systems design"
)
CASE = Case(
    "acme",
    "home",
    "ana@home.example",
    CaseState.SCHEDULED,
    NOW - timedelta(days=3),
    company="Acme",
    position="Engineer",
    interviews=(INTERVIEW,),
    people=(MAYA,),
    thanked=(("maya@acme.example", NOW),),
    promised_by=date(2026, 12, 9),
)
KEY = DraftKey(Purpose.THANK_YOU, "acme/2026-12-01", "maya@acme.example")
PLACE = PlaceDraft(
    KEY, "acme", "home", MAYA, due=NOW.astimezone(LISBON), deadline=NOW + timedelta(days=1), relay_for=(Person("Tom"),)
)
INBOX_7 = MessageKey("INBOX", 1, 7)
DRAFTS_2 = MessageKey("Drafts", 9, 2)
FACTS = Facts(
    INBOX_7,
    "<7@acme.example>",
    (),
    NOW,
    "Interview",
    Kind.INTERVIEW_CONFIRMATION,
    meetings=(Meeting(NOW, zone="Europe/Lisbon", people=(MAYA,)),),
)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "state" / "ledger.sqlite3", birth=Birth.LIVE) as opened:
        yield opened


def intend(ledger: Ledger, message_id: str = "<1@home.example>", key: DraftKey = KEY) -> None:
    ledger.intend(
        key,
        message_id=message_id,
        octets=b"Subject: Thank you\r\n\r\nThank you.\r\n",
        text="Thank you.",
        letter="thank_you/en",
        drafts_mailbox="Drafts",
        uidvalidity=9,
        uidnext=2,
        at=NOW,
    )


def put(ledger: Ledger) -> None:
    ledger.plan_draft(PLACE)
    intend(ledger)
    ledger.placed(KEY, message_key=DRAFTS_2, fingerprint="f", at=NOW)


def state_of(ledger: Ledger, key: DraftKey = KEY) -> DraftState:
    entry = ledger.entry(key)
    assert entry is not None
    return entry.state


def shell(ledger: Ledger, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(ledger.path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_what_is_remembered_of_a_message_is_there_after_reopening(ledger: Ledger) -> None:
    ledger.remember(
        "home", INBOX_7, FACTS.message_id, reason="calendar", facts=FACTS, case=CASE, cursor=Cursor(1, 8, 2**62)
    )
    ledger.close()
    with Ledger.open(ledger.path) as again:
        assert (CASE,) == again.cases()
        assert {"INBOX": Cursor(1, 8, 2**62)} == again.cursors("home")
        (reading,) = again.messages(case_id="acme")
        assert (FACTS, "read", "calendar", "acme") == (reading.facts, reading.verdict, reading.reason, reading.case_id)
        assert {INBOX_7} == again.seen("home", [INBOX_7, MessageKey("INBOX", 2, 7), MessageKey("Sent", 1, 7)])
        assert frozenset() == again.seen("work", [INBOX_7])


def test_a_message_that_cannot_be_written_leaves_nothing_behind(ledger: Ledger) -> None:
    with pytest.raises(MessageError):
        ledger.remember("home", INBOX_7, None, facts=replace(FACTS, subject="\udcff"), case=CASE, cursor=Cursor(1, 8))
    assert ((), {}, ()) == (ledger.cases(), ledger.cursors("home"), ledger.messages())


def test_a_message_id_with_a_lone_surrogate_is_kept_as_text(ledger: Ledger) -> None:
    ledger.remember("home", INBOX_7, "<\udcff@x>", reason="\udcff")
    assert frozenset({"<?@x>"}) == ledger.known_message_ids("home", ["<\udcff@x>"])


def test_fifty_thousand_passed_messages_are_one_quick_transaction(ledger: Ledger) -> None:
    passed = [Passed(MessageKey("INBOX", 1, uid), f"<{uid}@x>", "newsletter", NOW) for uid in range(1, 50_001)]
    begun = perf_counter()
    ledger.remember_passed("home", "INBOX", passed, Cursor(1, 50_001))
    assert 8 > perf_counter() - begun
    keys = [row.key for row in passed[:1200]]
    assert frozenset(keys) == ledger.seen("home", [*keys, MessageKey("INBOX", 1, 60_000)])


def test_passing_over_does_not_undo_a_reading_but_settles_what_waited(ledger: Ledger) -> None:
    ledger.remember("home", INBOX_7, "<7@x>", facts=FACTS, reason="calendar")
    waiting = MessageKey("INBOX", 1, 8)
    ledger.postpone("home", waiting, NOW)
    ledger.remember_passed("home", "INBOX", [Passed(INBOX_7, "<7@x>", "no"), Passed(waiting, "<8@x>", "no")], None)
    assert [("read", "calendar"), ("passed", "no")] == [
        (reading.verdict, reading.reason)
        for reading in sorted(ledger.messages("home"), key=lambda reading: reading.key)
    ]
    assert () == ledger.postponed("home", NOW)


def test_a_postponed_message_comes_back_at_its_moment_and_only_until_it_is_read(ledger: Ledger) -> None:
    ledger.postpone("home", INBOX_7, NOW, "<7@acme.example>")
    assert () == ledger.postponed("home", NOW - timedelta(seconds=1))
    assert (INBOX_7,) == ledger.postponed("home", NOW)
    assert frozenset() == ledger.known_message_ids("home", ["<7@acme.example>"])
    ledger.remember("home", INBOX_7, "<7@acme.example>")
    assert () == ledger.postponed("home", NOW)
    assert frozenset({"<7@acme.example>"}) == ledger.known_message_ids("home", ["<7@acme.example>"])


def test_a_shunted_message_is_retried_twice_and_then_only_shown(ledger: Ledger) -> None:
    tries = [ledger.shunt("home", INBOX_7, "RecursionError while reading", "<7@x>")]
    while ledger.to_retry("home"):
        tries.append(ledger.shunt("home", INBOX_7, "RecursionError while reading"))
    assert [1, 2, 3] == tries
    (shown,) = ledger.shunted()
    assert ("<7@x>", 3, 1) == (shown.message_id, shown.tries, ledger.shunted_count())
    ledger.remember("home", INBOX_7, "<7@x>")
    assert 0 == ledger.shunted_count()


def test_a_message_id_is_found_wherever_it_stands(ledger: Ledger) -> None:
    sent = MessageKey("Sent", 3, 1)
    for key in (INBOX_7, sent):
        ledger.remember("home", key, "<7@x>")
    assert (INBOX_7, sent) == ledger.keys_of("home", ["<7@x>", "<8@x>"])
    assert () == ledger.keys_of("work", ["<7@x>"])


def test_the_first_run_is_noted_once(ledger: Ledger) -> None:
    assert ledger.began("home") is None
    assert (NOW, NOW) == (ledger.begin("home", NOW), ledger.begin("home", NOW + timedelta(days=1)))
    assert NOW == ledger.began("home")


def test_a_case_is_found_by_its_id_or_by_a_beginning_that_is_its_alone(ledger: Ledger) -> None:
    for name in ("acme", "acme-2", "birch"):
        ledger.save_case(replace(CASE, id=name, ended=NOW if name == "birch" else None))
    assert "acme" == (ledger.case("acme") or CASE).id
    assert "birch" == (ledger.case("b") or CASE).id
    assert ledger.case("x") is None
    with pytest.raises(LedgerError, match="acme, acme-2"):
        ledger.case("acm")
    assert ["acme", "acme-2"] == [case.id for case in ledger.cases(open_only=True)]


def test_a_draft_is_planned_once_and_written_again_only_when_it_changed(ledger: Ledger) -> None:
    assert [True, False] == [ledger.plan_draft(PLACE), ledger.plan_draft(PLACE)]
    later = replace(PLACE, due=PLACE.due + timedelta(hours=1), held=(Doubt("who", "Who was there?", holds=True),))
    assert ledger.plan_draft(later)
    (entry,) = ledger.journal("acme")
    assert (DraftState.HELD, "Who was there?", later.due) == (entry.state, entry.reason, entry.due)
    assert (later, (MAYA,)) == (ledger.plan_of(KEY), entry.recipients)
    assert [("2026-12-01T18:00:00Z", "2026-12-01 18:00:00", "Europe/Lisbon")] == shell(
        ledger, "SELECT due, due_wall, zone FROM drafts"
    )
    assert () == ledger.journal("birch")


def test_a_draft_we_took_back_ourselves_may_be_planned_again(ledger: Ledger) -> None:
    ledger.plan_draft(PLACE)
    ledger.settle(KEY, DraftState.WITHDRAWN, at=NOW)
    assert ledger.plan_draft(PLACE)
    assert DraftState.PLANNED is state_of(ledger)


@pytest.mark.parametrize("state", [state for state in DraftState if state not in ("planned", "held", "withdrawn")])
def test_what_went_past_planning_is_never_planned_again(ledger: Ledger, state: DraftState) -> None:
    ledger.plan_draft(PLACE)
    ledger.settle(KEY, state, at=NOW)
    assert not ledger.plan_draft(replace(PLACE, seat=3))
    assert state is state_of(ledger)


def test_a_draft_planned_again_after_it_was_taken_back_begins_anew(ledger: Ledger) -> None:
    put(ledger)
    ledger.settle(KEY, DraftState.WITHDRAWN, at=NOW, reason="they answered")
    assert ledger.plan_draft(PLACE)
    entry = ledger.entry(KEY)
    assert entry is not None
    assert (DraftState.PLANNED, None, None, None, "") == (
        entry.state,
        entry.placed_at,
        entry.message_key,
        entry.message_id,
        entry.reason,
    )
    intend(ledger, "<2@home.example>")
    assert [None] == [intention.placed_before for intention in ledger.intentions()]


def test_an_intention_is_there_before_the_mailbox_is_touched_and_until_it_is_placed(ledger: Ledger) -> None:
    ledger.plan_draft(PLACE)
    intend(ledger)
    ledger.close()
    with Ledger.open(ledger.path) as again:
        (intention,) = again.intentions("home")
        assert (KEY, "<1@home.example>", "Drafts", 9, 2, NOW) == (
            intention.key,
            intention.message_id,
            intention.mailbox,
            intention.uidvalidity,
            intention.uidnext,
            intention.at,
        )
        assert (b"Subject: Thank you\r\n\r\nThank you.\r\n", ("maya@acme.example",)) == (
            intention.octets,
            intention.recipients,
        )
        assert () == again.intentions("work")
        again.placed(KEY, message_key=DRAFTS_2, fingerprint="f", at=NOW)
        assert () == again.intentions()
        entry = again.entry(KEY)
        assert entry is not None
        assert (DraftState.PLACED, NOW, "<1@home.example>", DRAFTS_2, "f", "thank_you/en", "Thank you.") == (
            entry.state,
            entry.placed_at,
            entry.message_id,
            entry.message_key,
            entry.fingerprint,
            entry.letter,
            entry.text,
        )
        assert [("draft", str(KEY))] == [(notice.subject, notice.about) for notice in again.untold_notices()]


def test_two_texts_are_never_intended_for_one_draft_at_once(ledger: Ledger) -> None:
    ledger.plan_draft(PLACE)
    intend(ledger)
    with pytest.raises(LedgerError, match="being placed already"):
        intend(ledger, "<2@home.example>")
    assert 1 == len(ledger.intentions())


def test_two_drafts_never_have_one_message_id(ledger: Ledger) -> None:
    other = replace(KEY, recipient="tom@acme.example")
    ledger.plan_draft(PLACE)
    ledger.plan_draft(replace(PLACE, key=other))
    intend(ledger)
    with pytest.raises(LedgerError):
        intend(ledger, key=other)
    assert 1 == len(ledger.intentions())


def test_nothing_is_intended_for_a_draft_that_waits_or_is_over_or_unknown(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="unknown"):
        intend(ledger)
    ledger.plan_draft(replace(PLACE, held=(Doubt("who", "Who?", holds=True),)))
    with pytest.raises(LedgerError, match="is held"):
        intend(ledger)
    ledger.settle(KEY, DraftState.DISCARDED, at=NOW)
    with pytest.raises(LedgerError, match="is discarded"):
        intend(ledger)


def test_an_abandoned_text_leaves_the_draft_planned_and_its_message_id_to_the_retry(ledger: Ledger) -> None:
    ledger.plan_draft(PLACE)
    assert ledger.lost_message_id(KEY) is None
    intend(ledger)
    ledger.abandon(KEY, "<1@home.example>", "its APPEND never arrived", NOW)
    assert (DraftState.PLANNED, "<1@home.example>", ()) == (
        state_of(ledger),
        ledger.lost_message_id(KEY),
        ledger.intentions(),
    )
    intend(ledger)
    ledger.placed(KEY, message_key=None, fingerprint="f", at=NOW)
    assert DraftState.PLACED is state_of(ledger)
    with pytest.raises(LedgerError):
        ledger.abandon(KEY, "<1@home.example>", "too late")
    with pytest.raises(LedgerError, match="without having been intended"):
        ledger.placed(KEY, message_key=None, fingerprint="f", at=NOW)


def test_a_newer_text_supersedes_the_older_under_the_same_key(ledger: Ledger) -> None:
    put(ledger)
    intend(ledger, "<2@home.example>")
    assert (DRAFTS_2,) == tuple(intention.placed_before for intention in ledger.intentions())
    ledger.placed(KEY, message_key=MessageKey("Drafts", 9, 3), fingerprint="g", at=NOW)
    assert [("superseded",), ("placed",)] == shell(ledger, "SELECT state FROM revisions ORDER BY revision_id")
    assert 1 == len(ledger.untold_notices())


def test_settling_says_whether_anything_changed_and_a_sent_draft_stays_sent(ledger: Ledger) -> None:
    put(ledger)
    moved = MessageKey("Drafts", 9, 5)
    assert [True, False] == [ledger.settle(KEY, DraftState.EDITED, at=NOW, message_key=moved) for _ in range(2)]
    assert ledger.settle(KEY, DraftState.SENT, at=NOW, sent_at=NOW, message_id="<s@x>", reason="you sent it")
    assert not ledger.settle(KEY, DraftState.DISCARDED, at=NOW)
    entry = ledger.entry(KEY)
    assert entry is not None
    assert (DraftState.SENT, NOW, "<s@x>", moved, "you sent it") == (
        entry.state,
        entry.sent_at,
        entry.message_id,
        entry.message_key,
        entry.reason,
    )
    with pytest.raises(ValueError, match="plan_draft"):
        ledger.settle(KEY, DraftState.PLANNED, at=NOW)
    with pytest.raises(LedgerError, match="no draft"):
        ledger.settle(replace(KEY, ordinal=2), DraftState.SENT, at=NOW)


def test_a_new_uidvalidity_moves_drafts_and_messages_to_their_new_keys(ledger: Ledger) -> None:
    put(ledger)
    ledger.remember("home", INBOX_7, "<7@x>")
    ledger.remember("home", MessageKey("INBOX", 2, 1), "<7@x>")
    new = MessageKey("Drafts", 10, 1)
    ledger.remap("home", {DRAFTS_2: new, INBOX_7: MessageKey("INBOX", 2, 1)})
    assert new == (ledger.entry(KEY) or pytest.fail("gone")).message_key
    assert {MessageKey("INBOX", 2, 1), INBOX_7} == set(ledger.keys_of("home", ["<7@x>"]))


def test_a_question_is_asked_once_and_closed_once(ledger: Ledger) -> None:
    question = AskOwner("who:acme", "acme", "Who did you talk to?", NOW)
    assert [True, False] == [ledger.ask(question, NOW), ledger.ask(question, NOW)]
    assert ["who:acme"] == [asked.id for asked in ledger.open_questions()]
    assert [True, False] == [ledger.close_question("who:acme", NOW, "Maya") for _ in range(2)]
    assert ((), False) == (ledger.open_questions(), ledger.ask(question, NOW))
    assert ["Maya"] == [asked.answer for asked in ledger.questions()]


def test_the_owner_is_told_everything_once(ledger: Ledger) -> None:
    assert [True, False] == [ledger.remind(Remind("r", "acme", "It is late.", NOW), NOW) for _ in range(2)]
    (notice,) = ledger.untold_notices()
    assert Notice(notice.id, "reminder", "r", "acme", "It is late.", NOW) == notice
    ledger.mark_told([notice.id], NOW)
    ledger.mark_told([], NOW)
    assert ((), (notice,)) == (ledger.untold_notices(), ledger.notices())


def test_a_turn_is_one_transaction_whole_or_not_at_all(ledger: Ledger) -> None:
    with pytest.raises(ZeroDivisionError), ledger.turn():  # noqa: PT012 - all of it is to be undone
        ledger.save_case(CASE)
        ledger.plan_draft(PLACE)
        assert (CASE,) == ledger.cases()
        with ledger.turn():
            ledger.begin("home", NOW)
        raise ZeroDivisionError
    assert ((), (), None) == (ledger.cases(), ledger.journal(), ledger.began("home"))
    with ledger.turn():
        ledger.save_case(CASE)
        assert [] == shell(ledger, "SELECT * FROM cases")
    assert 1 == len(shell(ledger, "SELECT * FROM cases"))


def test_an_error_of_the_callers_in_a_turn_stays_the_callers(ledger: Ledger) -> None:
    with pytest.raises(ConnectionResetError), ledger.turn():
        raise ConnectionResetError


def test_threads_take_turns(ledger: Ledger) -> None:
    def count() -> None:
        for _ in range(25):
            with ledger.turn():
                found = ledger.case("acme") or CASE
                ledger.save_case(replace(found, thanked=(*found.thanked, ("x@x.example", NOW))))

    threads = [Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 101 == len((ledger.case("acme") or CASE).thanked)


def test_what_another_process_wrote_is_seen(ledger: Ledger) -> None:
    assert () == ledger.cases()
    with Ledger.open(ledger.path) as other:
        other.save_case(CASE)
        assert (CASE,) == ledger.cases()
        ledger.save_case(replace(CASE, company="Birch"))
        assert "Birch" == (other.case("acme") or CASE).company


def test_a_copy_in_memory_leaves_the_file_alone(ledger: Ledger) -> None:
    put(ledger)
    with ledger.copy_to_memory() as copy:
        copy.settle(KEY, DraftState.SENT, at=NOW)
        assert (DraftState.SENT, Birth.LIVE) == (state_of(copy), copy.birth)
    assert DraftState.PLACED is state_of(ledger)


def test_a_rehearsal_is_shown_as_of_its_last_moment_and_a_live_ledger_as_of_now(tmp_path: Path, ledger: Ledger) -> None:
    path = tmp_path / "rehearsal.sqlite3"
    with Ledger.open(path, birth=Birth.REHEARSAL) as rehearsal:
        assert NOW == rehearsal.moment(NOW)
        rehearsal.begin("home", NOW - timedelta(days=9))
        rehearsal.begin("home", NOW - timedelta(days=8))
        assert NOW - timedelta(days=8) == rehearsal.moment(NOW)
    with Ledger.open(path) as again:
        assert NOW - timedelta(days=8) == again.moment(NOW)
    ledger.begin("home", NOW - timedelta(days=9))
    assert NOW == ledger.moment(NOW)


def test_naive_datetimes_are_refused(ledger: Ledger) -> None:
    with pytest.raises((ValueError, sa.exc.StatementError), match="aware"):
        ledger.begin("home", datetime(2026, 12, 1))  # noqa: DTZ001 - the very thing refused


def test_the_migrations_make_the_tables_the_code_uses(ledger: Ledger) -> None:
    configuration = AlembicConfig()
    configuration.set_main_option("script_location", "followup_mail.store:migrations")
    assert [HEAD] == ScriptDirectory.from_config(configuration).get_heads()
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    metadata.create_all(engine)
    other = sa.create_engine(f"sqlite:///{ledger.path}", poolclass=sa.NullPool)
    assert shape(engine) == shape(other)
    engine.dispose()


def shape(engine: sa.Engine) -> dict[str, object]:
    inspector = sa.inspect(engine)
    return {
        table: (
            [(c["name"], str(c["type"]), c["nullable"], c["primary_key"]) for c in inspector.get_columns(table)],
            sorted((i["name"], tuple(i["column_names"]), i["unique"]) for i in inspector.get_indexes(table)),
            sorted(tuple(u["column_names"]) for u in inspector.get_unique_constraints(table)),
            [f["referred_table"] for f in inspector.get_foreign_keys(table)],
        )
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def test_a_person_with_the_sqlite3_shell_can_read_it(ledger: Ledger) -> None:
    ledger.remember("home", INBOX_7, FACTS.message_id, reason="calendar", facts=FACTS, case=CASE)
    put(ledger)
    assert [("acme", "Acme", "2026-12-01T17:00:00Z", "Europe/Lisbon", "Maya Chen, Tom", "Systems design")] == shell(
        ledger, "SELECT case_id, company, starts, zone, interviewers, title FROM interviews"
    )
    assert [("Maya Chen", "maya@acme.example", "interviewer")] == shell(
        ledger, "SELECT display_name, addr_spec, role FROM people"
    )
    assert [("thank_you", "maya@acme.example", "placed", "2026-12-01T17:00:00Z", "Thank you.")] == shell(
        ledger, "SELECT purpose, recipient, state, due, text FROM drafts"
    )
    assert [("acme", "scheduled", "2026-12-09")] == shell(ledger, "SELECT case_id, state, promised_by FROM cases")
    assert [("live",)] == shell(ledger, "SELECT value FROM meta WHERE name = 'birth'")
    assert "Interview" == json.loads(str(shell(ledger, "SELECT facts FROM messages")[0][0]))["subject"]


def test_nothing_is_ever_deleted(ledger: Ledger) -> None:
    refused = []

    def authorise(action: int, *names: object) -> int:
        if action in (sqlite3.SQLITE_DELETE, sqlite3.SQLITE_DROP_TABLE):
            refused.append(names)
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    ledger._at._driver.set_authorizer(authorise)
    test_a_newer_text_supersedes_the_older_under_the_same_key(ledger)
    test_a_question_is_asked_once_and_closed_once(ledger)
    test_a_message_read_again_shows_its_last_verdict(ledger)
    assert [] == refused


def test_a_message_read_again_shows_its_last_verdict(ledger: Ledger) -> None:
    ledger.remind(Remind("again", "acme", "Late.", NOW), NOW)
    ledger.mark_told([notice.id for notice in ledger.untold_notices()], NOW)
    ledger.remember("home", INBOX_7, "<7@x>", case=CASE)
    ledger.shunt("home", INBOX_7, "broke")
    ledger.remember_passed("home", "INBOX", [Passed(INBOX_7, "<7@x>", "no")], Cursor(1, 8))
    assert ["passed"] == [reading.verdict for reading in ledger.messages("home")]


def test_a_cycle_with_nothing_to_do_costs_the_ledger_less_than_a_millisecond(ledger: Ledger) -> None:
    for number in range(60):
        key = replace(KEY, scope=f"case-{number}/2026-12-01")
        ledger.save_case(replace(CASE, id=f"case-{number}"))
        ledger.plan_draft(replace(PLACE, key=key, case_id=f"case-{number}"))
    log = ledger.path.with_name(ledger.path.name + "-wal")
    ledger.begin("home", NOW)
    before = log.stat().st_size
    begun = perf_counter()
    for _ in range(50):
        ledger.begin("home", NOW)
        ledger.intentions("home")
        ledger.cursors("home")
        ledger.postponed("home", NOW)
        ledger.to_retry("home")
        ledger.journal()
        ledger.untold_notices()
        ledger.cases()
        for place in [ledger.plan_of(entry.key) for entry in ledger.journal()][:5]:
            assert place is None or not ledger.plan_draft(place)
    assert 0.02 > (perf_counter() - begun) / 50  # a whole idle cycle may take no longer, on a machine others share
    assert before == log.stat().st_size
