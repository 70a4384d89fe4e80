"""One connection, shared by threads: reads answered from memory, writes and turns as whole transactions."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import TypeVar, cast

import sqlalchemy as sa

from followup_mail.store.opening import failures_named

Answer = TypeVar("Answer")


class Transactions:
    """The ledger's connection, and what was read through it since anybody last wrote."""

    def __init__(self, path: Path, engine: sa.Engine, connection: sa.Connection) -> None:
        self.path = path
        self._engine = engine
        self._connection = connection
        self._driver = cast("sqlite3.Connection", connection.connection.driver_connection)
        self._lock = RLock()
        self._memory: dict[object, object] = {}
        self._version = -1

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One transaction over everything done inside, all of it or nothing; turns nest, the outermost one commits."""
        with self._lock:
            if self._connection.in_transaction():
                yield
                return
            begun = self._begin()
            try:
                yield
            except BaseException:
                self._give_up(begun)
                raise
            try:
                with failures_named(self.path):
                    begun.commit()
            except BaseException:
                self._give_up(begun)
                raise

    def _begin(self) -> sa.RootTransaction:
        begun = self._connection.begin()
        try:
            with failures_named(self.path):
                self._connection.exec_driver_sql("BEGIN IMMEDIATE")
        except BaseException:
            begun.rollback()
            raise
        return begun

    def _give_up(self, begun: sa.RootTransaction) -> None:
        self._memory.clear()
        with failures_named(self.path):
            begun.rollback()
            self._driver.rollback()  # a COMMIT that failed may have left it open

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """The connection, in a transaction that is on disk at the end unless a turn goes on."""
        with self.turn(), failures_named(self.path):
            try:
                yield self._connection
            finally:
                self._memory.clear()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """The connection, to read from."""
        with self._lock, failures_named(self.path):
            if self._connection.in_transaction():
                yield self._connection
            else:
                with self._connection.begin():
                    yield self._connection

    def recall(self, what: object, read: Callable[[sa.Connection], Answer]) -> Answer:
        """What `read` answers, from memory while nobody wrote to the ledger; it must be immutable."""
        with self._lock, failures_named(self.path):
            (version,) = self._driver.execute("PRAGMA data_version").fetchone()
            if version != self._version:  # another process wrote
                self._memory.clear()
                self._version = version
            if what not in self._memory:
                with self.reading() as connection:
                    self._memory[what] = read(connection)
            return cast("Answer", self._memory[what])

    def copy_into(self, other: "Transactions") -> None:
        """Make the other ledger a copy of this one."""
        with self._lock, failures_named(self.path):
            self._driver.backup(other._driver)  # noqa: SLF001 - the same class

    def close(self) -> None:
        """Close the file."""
        with self._lock, failures_named(self.path):
            self._connection.close()
            self._engine.dispose()
