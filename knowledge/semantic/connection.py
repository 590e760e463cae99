"""One in-memory DuckDB database per pinned snapshot: views over its Parquet files.

Dimension tables are copied into memory (they are small and joined in every query), facts stay
Parquet. Databases are cached in the process, the least recently used dropped first; a dropped one
lives on until its last query ends. Nothing here decides what may be seen: that is `conditions`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from knowledge.semantic.model import SemanticModel, load_model
from knowledge.semantic.tables import LABELLED, snapshot_columns
from leadline.errors import IntegrityError
from leadline.types import GRAINS

if TYPE_CHECKING:
    import duckdb

    from knowledge.warehouse.snapshot import Snapshot

CALENDAR: Final = "calendar_day"
"""A table of our own: each day of the data with the first day of its bucket of every grain."""
OPEN_DATABASES: Final = 4
"""Snapshots held open at once: the current one, the one before, and a few that are replayed."""


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """What the snapshot knows of a column: how much of it is filled, and its span of dates."""

    rows: int
    nulls: int
    first: date | None
    last: date | None

    @property
    def filled(self) -> bool:
        """Whether any row has a value."""
        return self.rows > self.nulls


@dataclass(slots=True)
class SnapshotDatabase:
    """A snapshot opened for queries. Thread-safe: every query runs on a cursor of its own."""

    snapshot: Snapshot
    model: SemanticModel
    tables: dict[str, sa.TableClause]
    columns: dict[str, dict[str, ColumnFacts]]
    base: duckdb.DuckDBPyConnection
    dialect: sa.Dialect
    cache: dict[object, Any] = field(default_factory=dict)
    """Results that stay true for the life of the snapshot: members, spans, availability."""
    lock: Lock = field(default_factory=Lock)

    @property
    def as_of(self) -> date:
        """The last day of actual figures."""
        return self.snapshot.as_of

    def has(self, table: str, column: str = "id") -> bool:
        """Whether the snapshot has the table and at least one value in the column."""
        found = self.columns.get(table, {}).get(column)
        return found is not None and found.filled

    def complete(self, table: str, column: str) -> bool:
        """Whether every row of the table has a value in the column."""
        found = self.columns[table].get(column)
        return found is not None and found.nulls == 0

    def last(self, table: str, column: str) -> date | None:
        """The latest date in a date column."""
        found = self.columns[table].get(column)
        return None if found is None else found.last

    def first(self, table: str, column: str) -> date | None:
        """The earliest date in a date column."""
        found = self.columns[table].get(column)
        return None if found is None else found.first

    def statement(self, select: sa.Select[Any]) -> tuple[str, list[object]]:
        """The SQL text of a select and its bound parameters, in order."""
        compiled = select.compile(dialect=self.dialect, compile_kwargs={"render_postcompile": True})
        names: list[str] = list(getattr(compiled, "positiontup", None) or ())
        return str(compiled), [compiled.params[name] for name in names]

    def rows(self, select: sa.Select[Any]) -> list[tuple[Any, ...]]:
        """Run a select; values as DuckDB gives them (Decimal, date, int, str)."""
        return self.run(*self.statement(select))

    def run(self, text: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
        """Run a compiled select."""
        cursor = self.base.cursor()
        try:
            return cursor.execute(text, list(parameters)).fetchall()
        finally:
            cursor.close()


class _Process:
    """What the composition root set for the process."""

    threads: int | None = None


def use_threads(count: int | None) -> None:
    """Let DuckDB work with `count` threads (None: all cores) on snapshots opened from now on."""
    _Process.threads = count


_cache: OrderedDict[tuple[object, ...], SnapshotDatabase] = OrderedDict()
_cache_lock = Lock()


def open_database(snapshot: Snapshot, threads: int | None = None) -> SnapshotDatabase:
    """The database of `snapshot`, opened at most once per process while it is in use.

    Args:
        snapshot: the pinned snapshot.
        threads: DuckDB's worker threads; what `use_threads` said by default.

    Raises:
        IntegrityError: a table of the manifest has no file, or lacks a column it must have.
    """
    threads = threads or _Process.threads
    key = (str(snapshot.folder), snapshot.number, str(snapshot.manifest.created_at), threads)
    with _cache_lock:
        found = _cache.get(key)
        if found is None:
            found = _open(snapshot, threads)
            _cache[key] = found
            while len(_cache) > OPEN_DATABASES:
                _cache.popitem(last=False)
        _cache.move_to_end(key)
        return found


def _open(snapshot: Snapshot, threads: int | None) -> SnapshotDatabase:
    import duckdb
    from duckdb_sqlalchemy import Dialect

    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False
    }
    if threads is not None:
        config["threads"] = threads
    base = duckdb.connect(":memory:", config=config)
    base.execute("SET parquet_metadata_cache = true")
    tables: dict[str, sa.TableClause] = {}
    columns: dict[str, dict[str, ColumnFacts]] = {}
    for name, entry in snapshot.manifest.tables.items():
        path = snapshot.table_path(name)
        if path is None or not path.exists():
            raise IntegrityError(
                f"snapshot {snapshot.number}: table {name} has no file in {snapshot.folder}",
                hint="publish again, or restore the snapshot's folder from a backup",
            )
        kind = "TABLE" if name in LABELLED else "VIEW"
        # DDL takes no parameters; the name is the model's own and the path is quoted
        quoted = str(path).replace("'", "''")
        base.execute(f"CREATE {kind} \"{name}\" AS SELECT * FROM read_parquet('{quoted}')")  # noqa: S608
        known = snapshot_columns(name)
        tables[name] = sa.table(name, *(sa.column(c) for c in entry.columns if c in known))
        columns[name] = {
            column: ColumnFacts(entry.rows, facts.nulls, _day(facts.min), _day(facts.max))
            for column, facts in entry.columns.items()
        }
    tables[CALENDAR] = _calendar(snapshot, base)
    return SnapshotDatabase(
        snapshot, load_model(), tables, columns, base, Dialect(paramstyle="numeric_dollar")
    )


def _calendar(snapshot: Snapshot, base: duckdb.DuckDBPyConnection) -> sa.TableClause:
    """Make the calendar over all dates of the snapshot.

    Joining it costs less than truncating the date of every row, and knows halves of a year.
    """
    dates = [
        day
        for table in snapshot.manifest.tables.values()
        for column in table.columns.values()
        for day in (column.min, column.max)
        if day is not None
    ]
    base.execute(
        f"""CREATE TABLE {CALENDAR} AS SELECT day,
            date_trunc('week', day)::DATE AS week,
            date_trunc('month', day)::DATE AS month,
            date_trunc('quarter', day)::DATE AS quarter,
            make_date(year(day), CASE WHEN month(day) <= 6 THEN 1 ELSE 7 END, 1) AS half,
            date_trunc('year', day)::DATE AS year
        FROM (SELECT unnest(range($1::DATE, $2::DATE + 1, INTERVAL 1 DAY))::DATE AS day)""",  # noqa: S608
        [min([*dates, snapshot.as_of]), max([*dates, snapshot.as_of])],
    )
    return sa.table(CALENDAR, *(sa.column(grain) for grain in GRAINS))


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
