import os
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import pytest
import sqlalchemy as sa

from followup_mail.core.case import Case, CaseState
from followup_mail.core.message import Cursor, MessageKey
from followup_mail.errors import LedgerError
from followup_mail.store import Birth, Ledger, opening

NOW = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
CASE = Case("acme", "home", "ana@home.example", CaseState.SCHEDULED, NOW, company="Acme")

WRITER = textwrap.dedent(
    """
    import sys
    from dataclasses import replace
    from datetime import UTC, datetime
    from pathlib import Path
    from followup_mail.core.case import Case, CaseState
    from followup_mail.core.message import Cursor, MessageKey
    from followup_mail.store import Birth, Ledger

    account = sys.argv[2]
    now = datetime(2026, 12, 1, tzinfo=UTC)
    case = Case(account, account, "ana@home.example", CaseState.SCHEDULED, now)
    with Ledger.open(Path(sys.argv[1]), birth=Birth.LIVE) as ledger:
        found = ledger.cursors(account).get("INBOX")
        first = found.uidnext if found else 1
        for uid in range(first, first + int(sys.argv[3])):
            case = replace(case, company=str(uid))
            ledger.remember(
                account, MessageKey("INBOX", 1, uid), None, case=case, cursor=Cursor(1, uid + 1)
            )
            print(uid, flush=True)
    """
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ledger.sqlite3"


def born(path: Path, birth: Birth = Birth.LIVE) -> Path:
    with Ledger.open(path, birth=birth) as ledger:
        ledger.save_case(CASE)
    return path


def write(path: Path, account: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), account, str(count)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path.cwd(),
    )


def query(path: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


@contextmanager
def as_nobody() -> Iterator[None]:
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def files_at_most(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, old)


def test_kill_in_the_middle_of_transactions_loses_nothing_that_was_acknowledged(path: Path) -> None:
    acknowledged = 0
    for pause in (3, 17, 40, 1, 9):
        process = write(path, "home", 10_000)
        assert process.stdout is not None
        for _ in range(pause):
            acknowledged = int(process.stdout.readline())
        process.kill()
        rest = process.stdout.read().split()
        process.stdout.close()
        process.wait()
        acknowledged = int(rest[-1]) if rest else acknowledged
        with Ledger.open(path, birth=Birth.LIVE) as ledger:
            uidnext = ledger.cursors("home")["INBOX"].uidnext
            assert uidnext - 1 in (acknowledged, acknowledged + 1)
            assert str(uidnext - 1) == (ledger.case("home") or CASE).company
            assert list(range(1, uidnext)) == sorted(reading.key.uid for reading in ledger.messages("home"))
        assert [("ok",)] == query(path, "PRAGMA integrity_check")


def test_two_processes_write_into_one_ledger_from_its_birth_on(path: Path) -> None:
    processes = [write(path, account, 60) for account in ("home", "work")]
    for process in processes:
        process.communicate(timeout=60)
        assert 0 == process.returncode
    with Ledger.open(path) as ledger:
        assert {"home": "60", "work": "60"} == {case.id: case.company for case in ledger.cases()}


def test_file_and_directory_are_the_owners_alone_even_under_a_wide_umask(path: Path) -> None:
    before = os.umask(0o022)
    try:
        with Ledger.open(path, birth=Birth.LIVE) as ledger:
            ledger.save_case(CASE)
            modes = {entry.name: stat.S_IMODE(entry.stat().st_mode) for entry in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert dict.fromkeys(("ledger.sqlite3", "ledger.sqlite3-wal", "ledger.sqlite3-shm"), 0o600) == modes
    assert 0o700 == stat.S_IMODE(path.parent.stat().st_mode)


def test_a_file_that_others_could_read_is_closed_to_them(path: Path) -> None:
    born(path).chmod(0o644)
    born(path)
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(
    ("made", "asked", "words"),
    [
        (Birth.LIVE, Birth.REHEARSAL, "is the live one: rehearsals and --now need another state.directory"),
        (Birth.REHEARSAL, Birth.LIVE, "was made by a rehearsal: a live run needs another state.directory"),
    ],
)
def test_a_ledger_born_otherwise_is_refused_and_unchanged(path: Path, made: Birth, asked: Birth, words: str) -> None:
    before = born(path, made).read_bytes()
    with pytest.raises(LedgerError, match=words):
        Ledger.open(path, birth=asked)
    assert before == path.read_bytes()
    with Ledger.open(path) as ledger:
        assert made is ledger.birth


def test_a_ledger_that_is_not_there_is_not_made_for_looking(path: Path) -> None:
    with pytest.raises(LedgerError, match="There is no ledger at"):
        Ledger.open(path)
    assert not path.parent.exists()


def test_an_empty_file_is_no_ledger_to_look_at_but_can_become_one(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    with pytest.raises(LedgerError, match="is empty"):
        Ledger.open(path)
    assert (CASE,) == Ledger.open(born(path)).cases()


def test_another_programs_file_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    query(path, "CREATE TABLE theirs (x)")
    with pytest.raises(LedgerError, match="some other program's"):
        Ledger.open(path, birth=Birth.LIVE)
    assert [("theirs",)] == query(path, "SELECT name FROM sqlite_master")


def test_a_file_that_is_no_database_is_told(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"Dear Sir or Madam, " * 400)
    with pytest.raises(LedgerError, match="is no ledger; move it away"):
        Ledger.open(path, birth=Birth.LIVE)


def test_a_damaged_file_is_told_in_one_sentence(path: Path) -> None:
    with Ledger.open(path, birth=Birth.LIVE) as ledger:
        for number in range(200):
            ledger.save_case(replace(CASE, id=f"case-{number}", company="A" * 900))
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xa5" * (size // 2))
    with (
        pytest.raises(LedgerError, match=r"is damaged; move it away|cannot be used") as caught,
        Ledger.open(path) as ledger,
    ):
        ledger.cases()
    assert "\n" not in str(caught.value)


def test_a_snapshot_that_cannot_be_understood_is_told(path: Path) -> None:
    born(path)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE cases SET snapshot = '{}'")
    connection.commit()
    connection.close()
    with Ledger.open(path) as ledger, pytest.raises(LedgerError, match="a Case that cannot be understood"):
        ledger.cases()


def test_a_read_only_directory_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with as_nobody(), pytest.raises(LedgerError, match=r"cannot be opened: Permission denied"):
        Ledger.open(tmp_path / "ledger.sqlite3", birth=Birth.LIVE)
    tmp_path.chmod(0o755)


@pytest.fixture
def reachable() -> Iterator[Path]:
    directory = Path(tempfile.mkdtemp())  # pytest's own are closed to anybody else, and root may write everywhere
    if os.geteuid() == 0:
        os.chown(directory, 65534, 65534)
    yield directory
    directory.chmod(0o700)
    shutil.rmtree(directory)


def test_a_ledger_made_read_only_is_told(reachable: Path) -> None:
    path = reachable / "ledger.sqlite3"
    with as_nobody():
        born(path)
        path.chmod(0o400)
        reachable.chmod(0o500)
        with pytest.raises(LedgerError, match="cannot be written: the file, its directory or the disk is read-only"):
            Ledger.open(path)


def test_a_full_disk_is_told_and_what_was_written_before_stays(path: Path) -> None:
    with Ledger.open(path, birth=Birth.LIVE) as ledger:
        ledger.save_case(CASE)
        with files_at_most(path.stat().st_size + 64 * 1024), pytest.raises(LedgerError, match="disk is full"):  # noqa: PT012 - somewhere in it
            for number in range(2000):
                ledger.save_case(replace(CASE, id=f"case-{number}", company="A" * 4000))
        saved = len(ledger.cases())
        ledger.save_case(replace(CASE, id="afterwards"))
    with Ledger.open(path) as ledger:
        assert saved + 1 == len(ledger.cases())
    assert [("ok",)] == query(path, "PRAGMA integrity_check")


def test_a_quota_within_sqlite_is_named_as_a_full_disk(path: Path) -> None:
    with Ledger.open(path, birth=Birth.LIVE) as ledger:
        (pages,) = ledger._at._driver.execute("PRAGMA page_count").fetchone()
        ledger._at._driver.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(LedgerError, match="cannot be written: the disk is full") as caught:
            ledger.save_case(replace(CASE, company="A" * 40_000))
        assert () == ledger.cases()
    assert "AAAA" not in f"{caught.value}{caught.value.__cause__}"


def test_a_lock_held_by_another_program_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.05)
    born(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Ledger.open(path) as ledger:
        with pytest.raises(LedgerError, match="has been locked by another program"):
            ledger.save_case(replace(CASE, company="Birch"))
        assert (CASE,) == ledger.cases()
        other.execute("ROLLBACK")
        ledger.save_case(replace(CASE, company="Birch"))
        assert "Birch" == ledger.cases()[0].company
    other.close()


def test_a_ledger_of_a_newer_program_is_refused(path: Path) -> None:
    born(path)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(LedgerError, match="was written by a newer followup-mail"):
        Ledger.open(path, birth=Birth.LIVE)


def test_before_a_real_upgrade_a_private_backup_is_made(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    born(path)

    def upgrade(connection: sa.Connection, where: Path) -> None:
        assert where == path
        connection.exec_driver_sql("UPDATE cases SET company = 'upgraded'")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0002'")

    monkeypatch.setattr(opening, "HEAD", "0002")
    monkeypatch.setattr(opening, "_upgrade", upgrade)
    backup = path.with_name(path.name + ".bak")
    for _ in range(2):
        Ledger.open(path, birth=Birth.LIVE).close()
        assert [("Acme",)] == query(backup, "SELECT company FROM cases")
    assert 0o600 == stat.S_IMODE(backup.stat().st_mode)
    assert [("upgraded",)] == query(path, "SELECT company FROM cases")


def test_an_upgrade_that_fails_leaves_the_ledger_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    born(path)

    def upgrade(connection: sa.Connection, where: Path) -> None:
        connection.exec_driver_sql("DROP TABLE cases")
        raise sqlite3.OperationalError("power cut")

    monkeypatch.setattr(opening, "HEAD", "0002")
    monkeypatch.setattr(opening, "_upgrade", upgrade)
    with pytest.raises(LedgerError, match="power cut"):
        Ledger.open(path, birth=Birth.LIVE)
    assert [("Acme",)] == query(path, "SELECT company FROM cases")


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="the sqlite3 shell is not installed")
def test_the_sqlite3_shell_itself_reads_it(path: Path) -> None:
    done = subprocess.run(
        ["sqlite3", str(born(path)), "SELECT case_id, company FROM cases"], capture_output=True, text=True, check=True
    )
    assert "acme|Acme\n" == done.stdout


def test_opening_a_current_ledger_is_quick_and_loads_no_migrations(path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from followup_mail.store import Ledger; t = time.perf_counter();"
        "Ledger.open(Path(sys.argv[1])).close(); print(time.perf_counter() - t, 'alembic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(born(path))], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    seconds, alembic = done.stdout.split()
    assert "False" == alembic
    assert 0.15 > float(seconds)


def test_a_closed_transaction_is_on_disk_when_the_call_returns(path: Path) -> None:
    with Ledger.open(path, birth=Birth.LIVE) as ledger:
        assert (2,) == ledger._at._driver.execute("PRAGMA synchronous").fetchone()
        assert ("wal",) == ledger._at._driver.execute("PRAGMA journal_mode").fetchone()
        begun = perf_counter()
        for uid in range(20):
            ledger.remember("home", MessageKey("INBOX", 1, uid + 1), None, cursor=Cursor(1, uid + 2))
            assert [(uid + 2,)] == query(path, "SELECT uidnext FROM cursors")
        assert 20 > perf_counter() - begun
