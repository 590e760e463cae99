"""Batches from plain rows, and the whole content of a warehouse in comparable form."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

import sqlalchemy as sa

from knowledge.warehouse.batch import (
    RowChunk,
    SourceBatch,
    SourceFile,
    TableRows,
    chunk_of,
    natural_key,
    reference,
)
from knowledge.warehouse.tables import BY_NAME, CANONICAL

Row: TypeAlias = Mapping[str, Any]
Tables: TypeAlias = Mapping[str, Sequence[Row]]
CHUNK_ROWS = 3
"""Small, so that even small tests cross chunk borders."""
NOT_CONTENT = frozenset({"id", "synced_at", "batch_id"})


def at(day: int, hour: int = 12) -> datetime:
    """An instant in March 2026."""
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def batch(
    tables: Tables,
    *,
    source: str = "erp",
    content: str | None = None,
    chunk_rows: int = CHUNK_ROWS,
) -> SourceBatch:
    """A batch of the given rows, in the given order of tables; a row may leave columns out.

    `content` stands for the files' bytes; by default it follows from the rows.
    """
    text = content if content is not None else repr([(t, list(r)) for t, r in tables.items()])
    return SourceBatch(
        source=source,
        kind="file",
        origin="tests",
        mapping_hash="m1",
        content_hash=hashlib.sha256(text.encode()).hexdigest(),
        files=tuple(SourceFile(f"{table}.csv", "0" * 64, 100) for table in tables),
        tables=iter([_table(name, rows, chunk_rows) for name, rows in tables.items()]),
    )


def _table(name: str, rows: Sequence[Row], chunk_rows: int) -> TableRows:
    columns = tuple(dict.fromkeys(column for row in rows for column in row))
    if not columns:
        columns = tuple(dict.fromkeys(("ext_id", *natural_key(name))))
    return TableRows(name, columns, _chunks(name, rows, columns, chunk_rows))


def _chunks(
    name: str, rows: Sequence[Row], columns: Sequence[str], chunk_rows: int
) -> Iterator[RowChunk]:
    for start in range(0, len(rows), chunk_rows):
        some = rows[start : start + chunk_rows]
        yield chunk_of(name, some, columns, file=f"{name}.csv", first_row_no=start + 2)


def content(engine: sa.Engine) -> dict[str, list[tuple[Any, ...]]]:
    """All canonical rows without ids and load stamps; references as source:ext_id; sorted."""
    with engine.connect() as connection:
        names: dict[str, dict[int, str]] = {}
        for table in CANONICAL:
            query = sa.select(table.c.id, table.c.source, table.c.ext_id)
            names[table.name] = {
                row.id: f"{row.source}:{row.ext_id}" for row in connection.execute(query)
            }
        return {
            table.name: sorted(
                (
                    tuple(_shown(table.c[name], value, names) for name, value in row.items())
                    for row in connection.execute(sa.select(*_columns(table))).mappings()
                ),
                key=repr,
            )
            for table in CANONICAL
        }


def _columns(table: sa.Table) -> list[sa.Column[Any]]:
    return [column for column in table.c if column.name not in NOT_CONTENT]


def _shown(column: sa.Column[Any], value: Any, names: dict[str, dict[int, str]]) -> Any:
    target = reference(column)
    return names[target][value] if target is not None and value is not None else value


def content_hash(engine: sa.Engine) -> str:
    """One hash over `content`."""
    return hashlib.sha256(repr(content(engine)).encode()).hexdigest()


def rows_of(engine: sa.Engine, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """The given columns of all rows, by ext_id."""
    chosen = [BY_NAME[table].c[name] for name in columns]
    with engine.connect() as connection:
        query = sa.select(*chosen).order_by(BY_NAME[table].c.ext_id)
        return [tuple(row) for row in connection.execute(query)]
