"""Streaming the live rows of one table out of the database into a raw Parquet file.

Both databases write CSV themselves, in C, block by block (PostgreSQL by COPY, SQLite by one
concatenation per range of ids), and Arrow parses it: no Python object per value, and never more
than one block in memory.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from knowledge.warehouse.batch import reference
from leadline.database import AMOUNT_SCALE, ExactDecimal, UtcDateTime

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_PER_BLOCK = 50_000
_BYTES_PER_BLOCK = 8_000_000
_EXACT_FLOAT = "exact_float"
"""Python's repr as an SQL function: SQLite cannot write every float so that it reads back."""
_DROPPED_LINEAGE = ("src_updated_at", "payload_hash", "synced_at", "deleted_at", "batch_id")


def published_columns(table: sa.Table) -> tuple[str, ...]:
    """The columns of a table that snapshots hold: `id`, `source`, `ext_id` and the domain's."""
    return tuple(column.name for column in table.c if column.name not in _DROPPED_LINEAGE)


def export(connection: sa.Connection, table: sa.Table, target: Path) -> int:
    """Write the live rows of `table` to a Parquet file; a table without rows gives an empty file.

    Amounts become decimal128(20, 4), instants timestamps without zone, in UTC.

    Returns:
        the number of rows.
    """
    import pyarrow.parquet as pq

    columns = [table.c[name] for name in published_columns(table)]
    sqlite = connection.dialect.name == "sqlite"
    schema = _schema(columns)
    blocks = _sqlite_blocks if sqlite else _postgresql_blocks
    rows = 0
    with pq.ParquetWriter(target, schema, compression="lz4", write_statistics=False) as writer:
        for block in blocks(connection, table, columns):
            parsed = _parse(block, columns, schema, scaled=sqlite)
            writer.write_table(parsed)
            rows += parsed.num_rows
    return rows


def _schema(columns: list[sa.Column[Any]]) -> pa.Schema:
    import pyarrow as pa

    return pa.schema([(column.name, _published_type(column)) for column in columns])


def _published_type(column: sa.Column[Any]) -> pa.DataType:
    import pyarrow as pa

    stored = column.type
    if column.name == "id" or reference(column) is not None:
        return pa.int32()
    kinds: tuple[tuple[type[Any], pa.DataType], ...] = (
        (ExactDecimal, pa.decimal128(20, AMOUNT_SCALE)),
        (UtcDateTime, pa.timestamp("us")),
        (sa.String, pa.string()),
        (sa.Date, pa.date32()),
        (sa.Boolean, pa.bool_()),
        (sa.Integer, pa.int64()),
        (sa.Float, pa.float64()),
    )
    for kind, arrow in kinds:
        if isinstance(stored, kind):
            return arrow
    raise TypeError(f"no published type for {column.table.name}.{column.name}: {stored!r}")


def _sqlite_blocks(
    connection: sa.Connection, table: sa.Table, columns: list[sa.Column[Any]]
) -> Iterator[bytes]:
    fields = " || ',' || ".join(_sqlite_field(column) for column in columns)
    statement = (
        f'SELECT group_concat({fields}, char(10)) FROM "{table.name}" '  # noqa: S608 - our own names
        "WHERE deleted_at IS NULL AND id >= ? AND id < ?"
    )
    driver: Any = connection.connection.driver_connection
    driver.create_function(_EXACT_FLOAT, 1, repr, deterministic=True)
    last = connection.scalar(sa.select(sa.func.max(table.c.id))) or 0
    for first in range(1, last + 1, ROWS_PER_BLOCK):
        block = connection.exec_driver_sql(statement, (first, first + ROWS_PER_BLOCK)).scalar()
        if block is not None:
            yield f"{block}\n".encode()


def _sqlite_field(column: sa.Column[Any]) -> str:
    name = f'"{column.name}"'
    written = name
    if isinstance(column.type, sa.String):
        written = f"""'"' || replace({name}, '"', '""') || '"'"""
    elif isinstance(column.type, sa.Float):
        written = f"{_EXACT_FLOAT}({name})"
    return f"CASE WHEN {name} IS NULL THEN '' ELSE {written} END" if column.nullable else written


def _postgresql_blocks(
    connection: sa.Connection, table: sa.Table, columns: list[sa.Column[Any]]
) -> Iterator[bytes]:
    fields = ", ".join(
        f"\"{column.name}\" AT TIME ZONE 'UTC'"
        if isinstance(column.type, UtcDateTime)
        else f'"{column.name}"'
        for column in columns
    )
    query = f'SELECT {fields} FROM "{table.name}" WHERE deleted_at IS NULL'  # noqa: S608 - our own names
    driver: Any = connection.connection.driver_connection
    pending: list[bytes] = []
    size = 0
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)") as copy,
    ):
        for row in copy:
            pending.append(bytes(row))
            size += len(row)
            if size >= _BYTES_PER_BLOCK:
                yield b"".join(pending)
                pending.clear()
                size = 0
    if pending:
        yield b"".join(pending)


def _parse(
    block: bytes, columns: list[sa.Column[Any]], schema: pa.Schema, *, scaled: bool
) -> pa.Table:
    """Parse one CSV block; `scaled` says that amounts come as whole ten-thousandths."""
    import pyarrow as pa
    from pyarrow import csv

    amounts = {c.name for c in columns if scaled and isinstance(c.type, ExactDecimal)}
    types = {f.name: pa.int64() if f.name in amounts else f.type for f in schema}
    table = csv.read_csv(
        io.BytesIO(block),
        csv.ReadOptions(column_names=schema.names, use_threads=False, block_size=len(block) + 1),
        csv.ParseOptions(newlines_in_values=True),
        csv.ConvertOptions(
            column_types=types,
            null_values=[""],
            true_values=["1", "t"],
            false_values=["0", "f"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    for name in amounts:
        index = schema.get_field_index(name)
        table = table.set_column(index, schema.field(index), _as_decimals(table.column(index)))
    return table


def _as_decimals(scaled: Any) -> pa.Array[Any]:
    """Whole ten-thousandths as decimal128(20, 4), without a Python object per value."""
    import numpy as np
    import pyarrow as pa

    whole: pa.Array[Any] = scaled.combine_chunks()
    values = whole.fill_null(0).to_numpy(zero_copy_only=False)
    words = np.empty((len(values), 2), dtype="<i8")
    words[:, 0] = values
    words[:, 1] = values >> 63
    valid = whole.is_valid().buffers()[1] if whole.null_count else None
    return pa.Array.from_buffers(
        pa.decimal128(20, AMOUNT_SCALE), len(values), [valid, pa.py_buffer(words.tobytes())]
    )
