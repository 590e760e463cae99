"""What is loaded, from where, as of when, and what was wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from knowledge.warehouse.lineage import IMPORT_BATCH, IMPORT_FILE, ROW_ERROR
from knowledge.warehouse.schema import upgrade
from knowledge.warehouse.snapshot_store import SnapshotStore
from knowledge.warehouse.tables import CANONICAL


@dataclass(frozen=True, slots=True)
class FileStatus:
    """One file of a source's newest load, and the table that it fed (empty for look-ups only)."""

    path: str
    table: str
    rows_read: int
    rows_rejected: int


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One source: live rows per table, and its newest load.

    `errors` are the entries of `row_error` of the newest load; `pending` says that it is not
    published yet.
    """

    source: str
    kind: str
    origin: str
    rows: dict[str, int]
    loads: int
    batch_id: int
    loaded_at: datetime
    rows_read: int
    rows_rejected: int
    errors: int
    pending: bool
    files: tuple[FileStatus, ...]


@dataclass(frozen=True, slots=True)
class DataStatus:
    """All sources by name; the snapshot in force and its as-of date, None before the first one."""

    sources: tuple[SourceStatus, ...]
    snapshot: int | None
    as_of: date | None
    published_at: datetime | None

    @property
    def pending(self) -> bool:
        """Whether a load waits to be published."""
        return any(source.pending for source in self.sources)


@dataclass(frozen=True, slots=True)
class StoredError:
    """One entry of `row_error`. `reason` is `code` or `code: detail`."""

    batch_id: int
    source: str
    file: str
    sheet: str | None
    row_no: int | None
    column: str | None
    value: str | None
    reason: str
    table: str | None


def data_status(engine: sa.Engine, store: SnapshotStore) -> DataStatus:
    """What the system of record and the snapshots hold.

    Raises:
        IntegrityError: the snapshot in force was changed on disk.
    """
    upgrade(engine)
    with engine.connect() as connection:
        rows = _rows_by_source(connection)
        sources = tuple(
            _source(connection, batch, rows.get(batch.source, {}))
            for batch in _newest_batches(connection)
        )
    current = store.current() if store.numbers() else None
    if current is None:
        return DataStatus(sources, None, None, None)
    return DataStatus(sources, current.number, current.as_of, current.manifest.created_at)


def _newest_batches(connection: sa.Connection) -> Iterable[sa.Row[Any]]:
    newest = (
        sa.select(sa.func.max(IMPORT_BATCH.c.id).label("id"), sa.func.count().label("loads"))
        .group_by(IMPORT_BATCH.c.source)
        .subquery()
    )
    query = (
        sa.select(IMPORT_BATCH, newest.c.loads)
        .join(newest, newest.c.id == IMPORT_BATCH.c.id)
        .order_by(IMPORT_BATCH.c.source)
    )
    return connection.execute(query).all()


def _rows_by_source(connection: sa.Connection) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = {}
    for table in CANONICAL:
        query = sa.select(table.c.source, sa.func.count()).where(table.c.deleted_at.is_(None))
        for source, count in connection.execute(query.group_by(table.c.source)):
            counted.setdefault(source, {})[table.name] = count
    return counted


def _source(connection: sa.Connection, batch: sa.Row[Any], rows: dict[str, int]) -> SourceStatus:
    files = connection.execute(
        sa.select(IMPORT_FILE).where(IMPORT_FILE.c.batch_id == batch.id).order_by(IMPORT_FILE.c.id)
    )
    errors = connection.scalar(
        sa.select(sa.func.count()).select_from(ROW_ERROR).where(ROW_ERROR.c.batch_id == batch.id)
    )
    return SourceStatus(
        source=batch.source,
        kind=batch.kind,
        origin=batch.origin,
        rows=rows,
        loads=batch.loads,
        batch_id=batch.id,
        loaded_at=batch.finished_at or batch.started_at,
        rows_read=batch.rows_read or 0,
        rows_rejected=batch.rows_rejected or 0,
        errors=errors or 0,
        pending=batch.status == "loaded",
        files=tuple(
            FileStatus(file.path, file.table_name, file.rows_read, file.rows_rejected)
            for file in files
        ),
    )


def row_errors(
    engine: sa.Engine,
    *,
    source: str | None = None,
    batch_id: int | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[StoredError]:
    """Rows that were not loaded, in the order in which they were found.

    Args:
        engine: the system of record.
        source: of this source only.
        batch_id: of this load only; otherwise of the newest load of each source.
        limit: at most so many.
        offset: leaving out the first so many.
    """
    upgrade(engine)
    query = (
        sa.select(ROW_ERROR, IMPORT_BATCH.c.source)
        .join(IMPORT_BATCH, IMPORT_BATCH.c.id == ROW_ERROR.c.batch_id)
        .where(*_wanted(source, batch_id))
        .order_by(ROW_ERROR.c.id)
        .limit(limit)
        .offset(offset)
    )
    with engine.connect() as connection:
        return [
            StoredError(
                batch_id=row.batch_id,
                source=row.source,
                file=row.file,
                sheet=row.sheet,
                row_no=row.row_no,
                column=row.column_name,
                value=row.value,
                reason=row.reason,
                table=row.table_name,
            )
            for row in connection.execute(query)
        ]


def count_row_errors(engine: sa.Engine, *, source: str | None = None) -> int:
    """How many rows `row_errors` has to tell of the newest load of each source, or of one."""
    upgrade(engine)
    query = (
        sa.select(sa.func.count())
        .select_from(ROW_ERROR)
        .join(IMPORT_BATCH, IMPORT_BATCH.c.id == ROW_ERROR.c.batch_id)
        .where(*_wanted(source, None))
    )
    with engine.connect() as connection:
        return connection.scalar(query) or 0


def _wanted(source: str | None, batch_id: int | None) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if source is not None:
        wanted.append(IMPORT_BATCH.c.source == source)
    if batch_id is not None:
        wanted.append(ROW_ERROR.c.batch_id == batch_id)
    else:
        newest = sa.select(sa.func.max(IMPORT_BATCH.c.id)).group_by(IMPORT_BATCH.c.source)
        wanted.append(ROW_ERROR.c.batch_id.in_(newest))
    return wanted


def sources_of(engine: sa.Engine, batch_ids: Iterable[int]) -> list[str]:
    """Names of the sources that these loads came from, each once."""
    upgrade(engine)
    wanted = list(batch_ids)
    query = sa.select(IMPORT_BATCH.c.source).where(IMPORT_BATCH.c.id.in_(wanted)).distinct()
    with engine.connect() as connection:
        return sorted(connection.scalars(query))
