"""Publishing: what is loaded becomes the next immutable snapshot.

Rows are read in one consistent transaction, so a load may go on meanwhile. Everything is written
into a folder of its own and appears by one rename. Killed before the rename, the last snapshot
stays in force; killed after it, the next publishing only catches up with the bookkeeping. Tables
that no load has touched since the last snapshot are hard-linked, not written again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa

from knowledge.warehouse.lineage import IMPORT_BATCH
from knowledge.warehouse.lock import writing
from knowledge.warehouse.schema import upgrade
from knowledge.warehouse.snapshot_build import (
    BuildProgress,
    HeldBatch,
    SnapshotBuild,
    layout,
    state_of,
)
from knowledge.warehouse.snapshot_store import Snapshot, SnapshotStore
from leadline.errors import NotReadyError


def publish(
    engine: sa.Engine, store: SnapshotStore, *, progress: BuildProgress | None = None
) -> Snapshot:
    """Publish all that is loaded; where the snapshot in force holds just that, return it.

    A snapshot that an older version made in another way is made anew.

    Raises:
        NotReadyError: nothing was ever loaded.
        BusyError: another process is publishing.
        IntegrityError: the snapshot in force was changed on disk, or labels are not unique.
    """
    upgrade(engine)
    with store.changing():
        with _reading(engine) as connection:
            batches = _batches(connection)
            if not batches:
                raise NotReadyError(
                    "nothing is loaded yet",
                    hint="load data first: leadline load SOURCE_DIR --mapping FILE.yaml",
                )
            numbers = store.numbers()
            previous = store.get(numbers[-1]) if numbers else None
            wanted = (state_of(batches), layout())
            if previous is None or (previous.manifest.state, previous.manifest.layout) != wanted:
                previous = SnapshotBuild(connection, store, batches, previous, progress).run()
        _mark_published(engine, batches, previous.number)
    return previous


@contextmanager
def _reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that sees one state of the database from its first query on."""
    with engine.connect() as plain:
        if plain.dialect.name == "sqlite":
            plain.exec_driver_sql("BEGIN")
            yield plain
            return
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        yield connection


def _batches(connection: sa.Connection) -> list[HeldBatch]:
    rows = connection.execute(sa.select(IMPORT_BATCH).order_by(IMPORT_BATCH.c.id))
    return [
        HeldBatch(
            row.id,
            row.status == "loaded",
            (row.finished_at or row.started_at).date(),
            f"{row.id}|{row.source}|{row.content_hash}|{row.mapping_hash}|{row.started_at}",
        )
        for row in rows
    ]


def _mark_published(engine: sa.Engine, batches: Sequence[HeldBatch], number: int) -> None:
    pending = [batch.batch_id for batch in batches if batch.pending]
    if not pending:
        return
    with writing(engine) as connection:
        connection.execute(
            sa.update(IMPORT_BATCH)
            .where(IMPORT_BATCH.c.id == sa.bindparam("batch"), IMPORT_BATCH.c.status == "loaded")
            .values(status="published", snapshot_no=number),
            [{"batch": batch_id} for batch_id in pending],
        )
