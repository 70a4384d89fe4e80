"""A ledger's file opened: made private, migrated, its birth checked; SQLite's failures become one sentence."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from followup_mail.errors import LedgerError
from followup_mail.store.rows import Birth
from followup_mail.store.schema import HEAD, meta

BUSY_SECONDS = 10.0

_FAILURES = {
    sqlite3.SQLITE_FULL: "cannot be written: the disk is full",
    sqlite3.SQLITE_IOERR: "cannot be read or written: the disk is full, over quota or failing",
    sqlite3.SQLITE_READONLY: "cannot be written: the file, its directory or the disk is read-only",
    sqlite3.SQLITE_PERM: "cannot be used: permission denied",
    sqlite3.SQLITE_AUTH: "cannot be used: permission denied",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: look at the permissions of the file and its directory",
    sqlite3.SQLITE_CORRUPT: "is damaged; move it away and restore a backup, or start anew",
    sqlite3.SQLITE_NOTADB: "is no ledger; move it away, or name another state.directory",
    sqlite3.SQLITE_BUSY: f"has been locked by another program for {BUSY_SECONDS:.0f} seconds",
    sqlite3.SQLITE_LOCKED: "is locked by another program",
}


@contextmanager
def failures_named(path: Path) -> Iterator[None]:
    """Turn SQLite's and the file system's failures into LedgerError with one sentence."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise LedgerError(_sentence(path, error.orig)) from error
    except (sqlite3.Error, OSError) as error:
        raise LedgerError(_sentence(path, error)) from error


def _sentence(path: Path, error: BaseException | None) -> str:
    if isinstance(error, OSError):
        return f"The ledger {path} cannot be opened: {error.strerror or error}"
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the primary code of an extended one
    return f"The ledger {path} " + _FAILURES.get(code, f"cannot be used: {error}")


def open_connection(path: Path, birth: Birth | None) -> tuple[sa.Engine, sa.Connection]:
    """The engine and its one connection to a ledger that is current and of this birth; LedgerError otherwise."""
    with failures_named(path):
        _make_private_file(path, create=birth is not None)
        return _connect(sa.URL.create("sqlite", database=str(path)), path, birth)


def open_memory(birth: Birth) -> tuple[sa.Engine, sa.Connection]:
    """The same for a ledger that lives in memory only."""
    return _connect(sa.URL.create("sqlite"), None, birth)


def _connect(url: sa.URL, path: Path | None, birth: Birth | None) -> tuple[sa.Engine, sa.Connection]:
    # AUTOCOMMIT: sqlite3 must not begin transactions by itself; the ledger says BEGIN IMMEDIATE where it writes.
    # hide_parameters: letters and addresses never reach a traceback.
    engine = sa.create_engine(
        url,
        poolclass=sa.StaticPool,
        isolation_level="AUTOCOMMIT",
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    try:
        connection = engine.connect()
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        connection.commit()
        if _version(connection) != HEAD:
            _migrate(connection, path, birth)
        _check_birth(connection, path, birth)
    except BaseException:
        engine.dispose()
        raise
    return engine, connection


def _make_private_file(path: Path, *, create: bool) -> None:
    if not path.exists():
        if not create:
            raise LedgerError(f"There is no ledger at {path} yet; `followup-mail run` makes one")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)  # SQLite gives its -wal and -shm files the same mode


def _version(connection: sa.Connection) -> str | None:
    try:
        if not connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").first():
            return None
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    finally:
        connection.commit()


def _migrate(connection: sa.Connection, path: Path | None, birth: Birth | None) -> None:
    # Birth and all steps are one transaction: a power cut leaves the ledger as it was, and a second worker waits.
    with connection.begin():
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        if not found and birth is None:
            raise LedgerError(f"The ledger {path} is empty; `followup-mail run` makes one")
        if found and "alembic_version" not in found:
            raise LedgerError(f"The file {path} is some other program's; name another state.directory")
        if found and path is not None:
            _back_up(path)
        _upgrade(connection, path)
        if not found and birth is not None:
            connection.execute(sa.insert(meta).values(name="birth", value=birth.value))


def _upgrade(connection: sa.Connection, path: Path | None) -> None:
    from alembic import command  # noqa: PLC0415 - a tenth of a second, needed only when a ledger is born or old
    from alembic.config import Config  # noqa: PLC0415 - likewise
    from alembic.util import CommandError  # noqa: PLC0415 - likewise

    configuration = Config()
    configuration.set_main_option("script_location", "followup_mail.store:migrations")
    configuration.attributes["connection"] = connection
    try:
        command.upgrade(configuration, "head")
    except CommandError as error:
        raise LedgerError(f"The ledger {path} was written by a newer followup-mail; install that one") from error


def _back_up(path: Path) -> None:
    target = path.with_name(path.name + ".bak")
    fresh = path.with_name(path.name + ".bak.new")
    fresh.unlink(missing_ok=True)
    os.close(os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    source = sqlite3.connect(path)
    copy = sqlite3.connect(fresh)
    try:
        source.backup(copy)
    finally:
        copy.close()
        source.close()
    fresh.replace(target)


def _check_birth(connection: sa.Connection, path: Path | None, birth: Birth | None) -> None:
    born = connection.execute(sa.select(meta.c.value).where(meta.c.name == "birth")).scalar()
    connection.commit()
    if birth is None or born == birth:
        return
    if birth is Birth.REHEARSAL:
        raise LedgerError(f"The ledger {path} is the live one: rehearsals and --now need another state.directory")
    raise LedgerError(f"The ledger {path} was made by a rehearsal: a live run needs another state.directory")
