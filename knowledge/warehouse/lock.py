"""One writer at a time: loads and migrations of one warehouse never interleave.

PostgreSQL: an advisory lock of the session. SQLite: an flock on a file beside the database. Both
are let go by the system when the process dies, so a killed load never leaves a lock behind.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from leadline.errors import BusyError, IntegrityError
from leadline.retry import retrying

ADVISORY_KEY = 0x1EAD11E
"""Names the lock within one PostgreSQL database."""


@contextmanager
def exclusive(engine: sa.Engine) -> Iterator[None]:
    """Hold the write lock of a warehouse; tries for about two seconds.

    A SQLite database in memory belongs to one process and needs no lock.

    Raises:
        BusyError: another process holds it.
    """
    if engine.dialect.name == "postgresql":
        with _advisory(engine):
            yield
        return
    database = engine.url.database
    if not database or database == ":memory:":
        yield
        return
    with file_lock(Path(f"{database}.lock"), "another load"):
        yield


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that writes: committed at the end, rolled back on any error.

    Raises:
        BusyError: the database stays locked by another writer.
        IntegrityError: a row contradicts a constraint of its table, or a value its column.
    """
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "sqlite":
                # the driver would begin only at the first INSERT, after our reads
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
    except (sa.exc.IntegrityError, sa.exc.DataError) as error:
        raise IntegrityError(f"a row does not fit its table: {error.orig}") from error
    except sa.exc.OperationalError as error:
        if "database is locked" not in str(error.orig):
            raise
        raise BusyError(
            f"the database {engine.url.render_as_string()} is locked by another writer",
            hint="wait until it has finished, then try again",
        ) from error


@contextmanager
def file_lock(path: Path, holder: str, *, attempts: int = 5) -> Iterator[None]:
    """Hold an flock on `path`, which stays behind empty of meaning once it is let go.

    Waits between attempts grow to a second: five take about two seconds, six hundred ten minutes.

    Raises:
        BusyError: another process holds it; names `holder` and, where known, its process id.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        retrying(lambda: _flock(descriptor, path, holder), attempts=attempts)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _flock(descriptor: int, path: Path, holder: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        process = os.pread(descriptor, 20, 0).decode() or "unknown"
        raise BusyError(
            f"{holder} is running (process {process} holds {path})",
            hint="wait until it has finished, then try again",
        ) from error


@contextmanager
def _advisory(engine: sa.Engine) -> Iterator[None]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        retrying(lambda: _try_advisory(connection))
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(ADVISORY_KEY)))


def _try_advisory(connection: sa.Connection) -> None:
    if not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(ADVISORY_KEY))):
        raise BusyError(
            "another load is running on this PostgreSQL database",
            hint="wait until it has finished, then try again",
        )
