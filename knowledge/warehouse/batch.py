"""What a source hands to the loader: validated columns in chunks, bad rows, counts and notices.

The reader of files (`tools.erp.files`), and later every connector, produces a `SourceBatch`; the
loader (`knowledge.warehouse.load`) consumes it once, in order, inside one transaction. An error
that the stream raises means that the source cannot be trusted: nothing of the batch may stay
written.

Values travel as Arrow arrays of the type that `arrow_type` gives for the target column, so five
million order lines never become five million times ten Python objects before they have to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from knowledge.warehouse.base import NATURAL_KEY
from knowledge.warehouse.tables import BY_NAME
from leadline.database import AMOUNT_SCALE, ExactDecimal

if TYPE_CHECKING:
    import pyarrow as pa

AMOUNT_PRECISION = 20
"""Digits of an amount on the way; the reader refuses what does not fit 14 + 4 digits."""

LARGEST_AMOUNT = 10**14
"""Amounts and quantities are smaller than this, so ten-thousandths fit a signed 64-bit integer."""

KEY_JOINT = "|"
"""Stands between the parts of an `ext_id` that was built from a natural key of several columns."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was read, by path relative to the source folder."""

    path: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that is not loaded, and why.

    `row_no` counts from 1 as the spreadsheet does, header rows included; None: no single row.
    `reason` is `code` or `code: detail`; `tools.erp.reasons` turns it into Chinese or English.
    """

    file: str
    sheet: str | None
    row_no: int | None
    column: str | None
    value: str | None
    reason: str
    table: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the person who loads should know although every row was taken.

    `values` fill the text of `code` (see `tools.erp.reasons`).
    """

    code: str
    table: str
    values: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows of the file went where; add the tallies of all chunks of a file.

    Over all chunks of a table `read` = rows handed on + `merged` + `filtered` + `totals` +
    `rejected`.
    """

    read: int = 0
    merged: int = 0
    """Rows that repeat the key of another row: identical ones, or those that `keep` passes over."""
    filtered: int = 0
    """Rows left out by the mapping's `where`, and blank rows."""
    totals: int = 0
    """合计 / Total rows."""
    rejected: int = 0
    """Rows with at least one `RowError` (a row counts once)."""

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.read + other.read,
            self.merged + other.merged,
            self.filtered + other.filtered,
            self.totals + other.totals,
            self.rejected + other.rejected,
        )


@dataclass(frozen=True, slots=True)
class RowChunk:
    """Up to some ten thousand validated rows of one table, all from one sheet of one file.

    `columns` holds exactly the columns that `TableRows.columns` names, each of the type of
    `arrow_type`, all of the length of `row_nos` (int64). May hold no rows, only errors and counts.
    """

    file: str
    sheet: str | None
    columns: Mapping[str, pa.Array[Any]]
    row_nos: pa.Int64Array
    errors: tuple[RowError, ...] = ()
    notices: tuple[Notice, ...] = ()
    tally: Tally = field(default_factory=Tally)
    labels: Mapping[str, str] = field(default_factory=dict)
    """What the source calls a column (its heading), where it differs; for errors found later."""

    def __len__(self) -> int:
        return len(self.row_nos)


@dataclass(frozen=True, slots=True)
class TableRows:
    """All rows of one canonical table in this batch.

    `columns`: names that are filled, always with `ext_id`; never `id`, `source`, `payload_hash`,
    `synced_at`, `deleted_at` or `batch_id`, which are the loader's. Columns that are not named
    stay as they are on an update. A reference (`region_id`) holds the ext_id, as text, of a row of
    the same source; it may point to a row of the same table (`conflict_of_id`).
    No natural key comes twice in one TableRows; keys made of references are compared by ext_id.
    `chunks` can be consumed once.
    """

    table: str
    columns: tuple[str, ...]
    chunks: Iterator[RowChunk]


@dataclass(frozen=True, slots=True)
class SourceBatch:
    """One load: where it comes from and its tables in an order that references allow.

    `tables` is lazy: consume each `TableRows` fully before taking the next. A table comes once.
    `content_hash` covers the bytes of all files, `mapping_hash` the mapping document.
    """

    source: str
    kind: str
    origin: str
    mapping_hash: str | None
    content_hash: str
    files: tuple[SourceFile, ...]
    tables: Iterator[TableRows]


def natural_key(table: str) -> tuple[str, ...]:
    """The columns, besides `source`, that identify a row of `table` in its source."""
    key: tuple[str, ...] = BY_NAME[table].info[NATURAL_KEY]
    return tuple(name for name in key if name != "source")


def reference(column: sa.Column[Any]) -> str | None:
    """The table to which a column of a canonical table refers, or None."""
    for key in column.foreign_keys:
        target = key.column.table.name
        if target in BY_NAME:
            return str(target)
    return None


def arrow_type(column: sa.Column[Any]) -> pa.DataType:
    """How the values of a column travel.

    text and references: string · amounts: decimal128(20, 4) · whole: int64 · real: float64 ·
    flag: bool · day: date32 · instant: timestamp in microseconds, UTC.
    """
    import pyarrow as pa

    if reference(column) is not None:
        return pa.string()
    kinds: tuple[tuple[type[Any], pa.DataType], ...] = (
        (ExactDecimal, pa.decimal128(AMOUNT_PRECISION, AMOUNT_SCALE)),
        (sa.String, pa.string()),
        (sa.DateTime, pa.timestamp("us", tz="UTC")),
        (sa.Date, pa.date32()),
        (sa.Boolean, pa.bool_()),
        (sa.Integer, pa.int64()),
        (sa.Float, pa.float64()),
    )
    stored = column.type
    if isinstance(stored, TypeDecorator) and not isinstance(stored, ExactDecimal):
        stored = stored.impl_instance
    for kind, arrow in kinds:
        if isinstance(stored, kind):
            return arrow
    raise TypeError(f"no travelling type for {column.table.name}.{column.name}: {column.type!r}")


def chunk_of(
    table: str,
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[str],
    *,
    file: str = "",
    sheet: str | None = None,
    first_row_no: int = 2,
) -> RowChunk:
    """A chunk from Python rows, one dict each: str, Decimal, int, bool, date, aware datetime, None.

    For connectors that receive JSON pages, and for tests; files take the columnar way.

    Raises:
        pyarrow.ArrowInvalid: a value does not fit its column.
    """
    import pyarrow as pa

    definition = BY_NAME[table].c
    return RowChunk(
        file=file,
        sheet=sheet,
        columns={
            name: pa.array([row.get(name) for row in rows], arrow_type(definition[name]))
            for name in columns
        },
        row_nos=pa.array(range(first_row_no, first_row_no + len(rows)), pa.int64()),
        tally=Tally(read=len(rows)),
    )


def ten_thousandths(amounts: pa.Array[Any]) -> list[int | None]:
    """The amounts of a decimal128(20, 4) array as whole ten-thousandths, as SQLite stores them.

    Reads the low 64 bits of each value, which is exact below `LARGEST_AMOUNT`.
    """
    import numpy as np

    buffer = amounts.buffers()[1]
    if buffer is None or len(amounts) == 0:
        return [None] * len(amounts)
    words = np.frombuffer(memoryview(buffer), dtype="<i8")
    values: list[int | None] = words[
        2 * amounts.offset : 2 * (amounts.offset + len(amounts)) : 2
    ].tolist()
    if amounts.null_count:
        for index in np.flatnonzero(~amounts.is_valid().to_numpy(zero_copy_only=False)).tolist():
            values[index] = None
    return values
