"""SIGKILL at any moment of a load: the state before or the state after, and nothing in between.

Real processes are killed: at random delays spread evenly over loading and publishing, and at the
moments that matter most. Afterwards the same load is run again and must reach the state after.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, get_args

import pytest
import sqlalchemy as sa

from knowledge.warehouse.lineage import IMPORT_BATCH, ROW_ERROR
from knowledge.warehouse.snapshot import SnapshotStore
from leadline.database import make_engine
from tests.conftest import Backend, PostgresServer, memory_folder
from tests.knowledge.warehouse import crash_child
from tests.knowledge.warehouse.batches import content_hash
from tests.knowledge.warehouse.crash_child import Point, load_and_publish

SEED = 20261123
KILLS: dict[str, int] = {"sqlite": 50, "postgresql": 8}
SLOWEST_RUN_SECONDS = 60
PRELOADED = ("pandas", "pyarrow.compute", "pyarrow.csv", "pyarrow.parquet", "duckdb", "opencc")
"""What loading and publishing import where they use it; once for all processes here."""


@dataclass
class Place:
    """One warehouse: its database and its snapshots."""

    engine: sa.Engine
    store: SnapshotStore

    @property
    def url(self) -> str:
        return self.engine.url.set(drivername=self.engine.dialect.name).render_as_string(
            hide_password=False
        )

    def state(self) -> tuple[str, int, int]:
        """Content, number of loads and of row errors."""
        with self.engine.connect() as connection:
            loads = connection.scalar(sa.select(sa.func.count()).select_from(IMPORT_BATCH))
            errors = connection.scalar(sa.select(sa.func.count()).select_from(ROW_ERROR))
        assert loads is not None
        assert errors is not None
        return content_hash(self.engine), loads, errors

    def published(self) -> dict[str, str]:
        """Table → sha256 of its file in the snapshot in force, which must verify."""
        current = self.store.current()
        self.store.verify(current.number)
        return {name: entry.sha256 for name, entry in current.manifest.tables.items()}


@pytest.fixture
def copy_of(
    backend: Backend, request: pytest.FixtureRequest
) -> Iterator[Callable[[Place | None], Place]]:
    """Makes places: a migrated empty one, or a copy of another."""
    root = Path(tempfile.mkdtemp(prefix="ll-crash-", dir=memory_folder()))
    numbers = count(1)
    server: PostgresServer | None = None
    if backend == "postgresql":
        server = request.getfixturevalue("postgres")
    made: list[Place] = []

    def make(original: Place | None) -> Place:
        folder = root / f"place-{next(numbers)}"
        folder.mkdir()
        if server is not None:
            name = server.name_of(original.engine) if original else None
            engine = server.new_database(name) if name else server.new_migrated()
        else:
            database = folder / "leadline.db"
            taken: Any = original.engine.url.database if original else None
            shutil.copyfile(taken or request.getfixturevalue("migrated_sqlite"), database)
            engine = make_engine(f"sqlite:///{database}")
        if original is not None:
            shutil.copytree(original.store.root, folder / "snapshots")
        place = Place(engine, SnapshotStore(folder / "snapshots"))
        made.append(place)
        return place

    yield make
    for place in made:
        if server is not None:
            server.drop(place.engine)
        else:
            place.engine.dispose()
    shutil.rmtree(root)


def busy_seconds(pid: int) -> float:
    """Processor time that a process has used; it does not depend on how busy the machine is.

    The clock's number is how Linux names the processor clock of another process.
    """
    return time.clock_gettime((~pid << 3) | 2)


class Killer:
    """Starts the load in a process that has everything imported, and kills it."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([crash_child.__name__, *PRELOADED])

    def run(
        self, place: Place, *, kill_at: float = SLOWEST_RUN_SECONDS, point: Point | None = None
    ) -> float:
        """Run until the process has used `kill_at` seconds, kill it; the seconds that it used."""
        arguments = (place.url, place.store.root, point)
        process = self._context.Process(target=crash_child.run, args=arguments)
        process.start()
        assert process.pid is not None
        used = 0.0
        while process.is_alive() and used < kill_at:
            with contextlib.suppress(OSError):  # it may end between the two calls
                used = busy_seconds(process.pid)
            time.sleep(0.001)
        process.kill()
        process.join()
        if kill_at == SLOWEST_RUN_SECONDS:
            assert process.exitcode == (0 if point is None else -9)
        process.close()
        return used


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads the processor clock of a process")
def test_a_killed_load_leaves_the_state_before_or_after(
    backend: Backend, copy_of: Callable[[Place | None], Place]
) -> None:
    before = copy_of(None)
    load_and_publish(before.engine, before.store, "before")
    before.engine.dispose()
    killer = Killer()
    # the first run also starts the server that forks; the second one is measured
    after, timed = copy_of(before), copy_of(before)
    killer.run(after)
    seconds = killer.run(timed)
    expected = {"before": before.state(), "after": after.state()}
    before.engine.dispose()
    files = {"before": before.published(), "after": after.published()}
    assert expected["before"] != expected["after"]
    assert files["before"]["order_line"] != files["after"]["order_line"]

    def check(place: Place) -> str:
        state = place.state()
        reached = next((name for name, known in expected.items() if known == state), "neither")
        assert reached != "neither", "half a load is visible"
        in_force = place.published()
        # a snapshot may lag behind the load, never run ahead of it
        assert in_force == files["before"] or (in_force, reached) == (files["after"], "after")
        load_and_publish(place.engine, place.store, "after")
        assert place.state() == expected["after"], "running again lost or doubled something"
        assert place.published() == files["after"]
        assert place.store.numbers() == [1, 2]
        assert not list(place.store.root.glob(".building-*"))
        place.engine.dispose()
        return reached if in_force == files["before"] else "published"

    points: tuple[Point, ...] = get_args(Point)
    outcomes: dict[str, str] = {}
    for point in points:
        place = copy_of(before)
        killer.run(place, point=point)
        outcomes[point] = check(place)
    assert outcomes == {
        "first chunk": "before",
        "last chunk": "before",
        "committed": "after",
        "first table": "after",
        "before rename": "after",
        "after rename": "published",
    }
    chance = random.Random(SEED)  # noqa: S311 - a moment, not a secret
    kills = KILLS[backend]
    seen: set[str] = set()
    for number in range(kills):
        place = copy_of(before)
        # one moment in each slice of the run
        killer.run(place, kill_at=seconds * (number + chance.random()) / kills)
        seen.add(check(place))
    assert "before" in seen
    assert seen & {"after", "published"}
