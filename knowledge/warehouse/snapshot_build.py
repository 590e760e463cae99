"""One snapshot in the making: raw rows out of the database, recipes, files, manifest.

`publish` decides whether one is made at all, and holds the lock.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import sqlalchemy as sa

from knowledge.warehouse.export import export
from knowledge.warehouse.lineage import IMPORT_TABLE
from knowledge.warehouse.manifest import MANIFEST_FILE, ColumnEntry, Manifest, TableEntry
from knowledge.warehouse.recipes import (
    DIMENSIONS,
    HEADERS,
    MAIN_DATES,
    PARTNER_PLACE,
    PLACES,
    READ_BY_OTHERS,
    facts,
    layout_of,
    recipe,
)
from knowledge.warehouse.snapshot_store import Snapshot, SnapshotStore, sha256_of
from knowledge.warehouse.tables import BY_NAME
from leadline.clock import now_utc
from leadline.errors import IntegrityError

if TYPE_CHECKING:
    import duckdb

BuildProgress: TypeAlias = Callable[[str, int], None]
"""Called for each table that is written anew, with its rows."""

_MEMORY_LIMIT = "1GB"
"""For joining and sorting; beyond it DuckDB spills into the folder that is being built."""
_FOLLOWERS: dict[str, tuple[str, ...]] = {"partner": ("partner_xref", "partner_history")}
"""Tables that loading another one writes too."""
_DATED_OTHERWISE = ("target", "macro_indicator", "opportunity_stage", "opportunity", "order_line")
"""Facts whose main dates do not say how far the data goes, or which are asked before the others."""


@dataclass(frozen=True, slots=True)
class HeldBatch:
    """One load whose rows a snapshot holds. `pending`: it is not marked as published yet."""

    batch_id: int
    pending: bool
    finished_on: date
    fingerprint: str


def state_of(batches: Sequence[HeldBatch]) -> str:
    """The fingerprint of a set of loads; equal ones mean equal content of the database."""
    return _hash(*(batch.fingerprint for batch in batches))


def layout() -> str:
    """The fingerprint of how this version makes all tables."""
    return _hash(PARTNER_PLACE, *(layout_of(name) for name in (*DIMENSIONS, *facts())))


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


class SnapshotBuild:
    """Makes the snapshot after `previous`.

    Args:
        connection: in a transaction that sees one state of the database.
        store: where the snapshot is put.
        batches: all loads that this state holds, ascending.
        previous: the snapshot in force, or None.
        progress: told of each table that is written anew.
    """

    def __init__(
        self,
        connection: sa.Connection,
        store: SnapshotStore,
        batches: Sequence[HeldBatch],
        previous: Snapshot | None,
        progress: BuildProgress | None,
    ) -> None:
        self._connection = connection
        self._store = store
        self._batches = batches
        self._previous = previous
        self._progress = progress
        self._number = previous.number + 1 if previous else 1
        self._folder = store.new_building(self._number)
        self._scratch = self._folder / "scratch"
        self._entries: dict[str, TableEntry] = {}
        self._raw_rows: dict[str, int] = {}

    def run(self) -> Snapshot:
        """Write all tables and the manifest, then put the folder in place.

        Raises:
            IntegrityError: two members of a dimension would bear one label.
        """
        import duckdb

        self._scratch.mkdir()
        touched = self._touched()
        with duckdb.connect() as duck:
            duck.execute(f"SET memory_limit = '{_MEMORY_LIMIT}'")
            duck.execute(f"SET temp_directory = '{_quoted(self._scratch / 'spill')}'")
            for name in DIMENSIONS:
                self._export(duck, name)
            duck.execute(f"CREATE VIEW partner_place AS {PARTNER_PLACE}")
            places = self._places(duck)
            for name in (*facts(), *DIMENSIONS):
                made_by = _hash(layout_of(name), places)
                if not self._link_untouched(name, made_by, touched):
                    self._write(duck, name, made_by)
                if name in READ_BY_OTHERS:
                    self._view(duck, name)
            currency = self._currency(duck)
        shutil.rmtree(self._scratch)
        self._write_manifest(currency)
        return self._store.put(self._folder, self._number)

    def _touched(self) -> set[str] | None:
        """Tables written since the previous snapshot; None where it is not of this database."""
        if self._previous is None:
            return None
        held = set(self._previous.manifest.batch_ids)
        before = [batch for batch in self._batches if batch.batch_id in held]
        if state_of(before) != self._previous.manifest.state:
            return None
        columns = IMPORT_TABLE.c
        wrote = self._connection.execute(
            sa.select(columns.batch_id, columns.table_name).where(
                columns.rows_inserted + columns.rows_updated > 0
            )
        )
        names = {row.table_name for row in wrote if row.batch_id not in held}
        return names.union(*(_FOLLOWERS.get(name, ()) for name in names))

    def _before(self, name: str) -> TableEntry | None:
        return self._previous.manifest.tables.get(name) if self._previous else None

    def _link_untouched(self, name: str, made_by: str, touched: set[str] | None) -> bool:
        """Take a fact's file from the previous snapshot where nothing that decides it changed."""
        before = self._before(name)
        if before is None or touched is None or name in DIMENSIONS or before.recipe != made_by:
            return False
        if {name, HEADERS.get(name, name)} & touched or not self._is_intact(before):
            return False
        self._link(before)
        self._entries[name] = before
        return True

    def _is_intact(self, before: TableEntry) -> bool:
        """Whether the previous snapshot's file is what was published; damage is not handed on."""
        path = self._previous.folder / before.file if self._previous else Path()
        return path.is_file() and sha256_of(path) == before.sha256

    def _link(self, before: TableEntry) -> None:
        if self._previous is None:
            raise IntegrityError(f"{before.file} cannot be linked without a previous snapshot")
        source, target = self._previous.folder / before.file, self._folder / before.file
        try:
            os.link(source, target)
        except OSError:
            # a file system without hard links holds the same bytes twice
            shutil.copyfile(source, target)

    def _export(self, duck: duckdb.DuckDBPyConnection, name: str) -> None:
        raw = self._scratch / f"{name}.parquet"
        self._raw_rows[name] = export(self._connection, BY_NAME[name], raw)
        duck.read_parquet(str(raw)).create_view(f"raw_{name}")

    def _has_rows(self, name: str) -> bool:
        table = BY_NAME[name]
        live = sa.exists().select_from(table).where(table.c.deleted_at.is_(None))
        return bool(self._connection.scalar(sa.select(live)))

    def _write(self, duck: duckdb.DuckDBPyConnection, name: str, made_by: str) -> None:
        if name not in self._raw_rows:
            if name not in READ_BY_OTHERS and not self._has_rows(name):
                return
            self._export(duck, name)
        if self._raw_rows[name] == 0:
            return
        path = self._folder / f"{name}.parquet"
        duck.execute(
            f"COPY ({recipe(name)}) TO '{_quoted(path)}' "
            "(FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880)"
        )
        rows, columns = _describe(duck, name, path)
        if rows == 0:
            path.unlink()
            return
        if name not in DIMENSIONS:
            (self._scratch / f"{name}.parquet").unlink()
        before = self._before(name)
        entry = TableEntry(
            file=path.name,
            sha256=sha256_of(path),
            bytes=path.stat().st_size,
            rows=rows,
            columns=columns,
            recipe=made_by,
        )
        if before is not None and before.sha256 == entry.sha256 and self._is_intact(before):
            path.unlink()
            self._link(before)
        self._entries[name] = entry
        if self._progress is not None:
            self._progress(name, rows)

    def _view(self, duck: duckdb.DuckDBPyConnection, name: str) -> None:
        """What later recipes read: the file, or where there is none, the recipe over no rows."""
        if name in self._entries:
            path = self._folder / self._entries[name].file
            duck.read_parquet(str(path)).create_view(name)
        else:
            duck.execute(f"CREATE VIEW {name} AS {recipe(name)}")

    def _places(self, duck: duckdb.DuckDBPyConnection) -> str:
        """A fingerprint of what decides in which region a fact lies."""
        parts: list[str] = []
        for name in PLACES:
            view = "partner_place" if name == "partner" else f"raw_{name}"
            known = BY_NAME[name].c
            keys = [key for key in ("region_id", "territory_id", "partner_id") if key in known]
            rows = duck.execute(f"SELECT id, {', '.join(keys)} FROM {view} ORDER BY id").fetchall()  # noqa: S608 - our own names
            parts.append(_hash(name, *map(repr, rows)))
        return _hash(*parts)

    def _currency(self, duck: duckdb.DuckDBPyConnection) -> str | None:
        found = duck.execute(
            "SELECT currency FROM order_line UNION SELECT currency FROM opportunity"
        ).fetchall()
        names = [name for (name,) in found if name]
        return str(names[0]) if len(names) == 1 else None

    def _as_of(self) -> date:
        """How far the data goes: orders first, else opportunities, else any dated fact.

        Without any dated fact, the day of the newest load.
        """
        for dates in (
            [("order_line", "order_date")],
            [("opportunity", "created_on"), ("opportunity", "closed_on")],
            [(name, on) for name, on in MAIN_DATES.items() if name not in _DATED_OTHERWISE],
        ):
            days = [
                last
                for name, on in dates
                if name in self._entries
                and (last := self._entries[name].columns[on].max) is not None
            ]
            if days:
                return max(days)
        return self._batches[-1].finished_on

    def _write_manifest(self, currency: str | None) -> None:
        manifest = Manifest(
            number=self._number,
            created_at=now_utc(),
            batch_ids=tuple(batch.batch_id for batch in self._batches),
            state=state_of(self._batches),
            layout=layout(),
            as_of=self._as_of(),
            currency=currency,
            previous=self._previous.number if self._previous else None,
            tables=dict(sorted(self._entries.items())),
        ).sealed()
        text = manifest.model_dump_json(indent=1)
        (self._folder / MANIFEST_FILE).write_text(text, encoding="utf-8")


def _describe(
    duck: duckdb.DuckDBPyConnection, name: str, path: Path
) -> tuple[int, dict[str, ColumnEntry]]:
    """Count rows and nulls, find the range of dates, and see that labels are unique."""
    source = f"read_parquet('{_quoted(path)}')"
    types = {
        str(row[0]): str(row[1])
        for row in duck.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()  # noqa: S608 - our own path
    }
    wanted = ["count(*)"]
    for column, kind in types.items():
        wanted.append(f'count("{column}")')
        if kind == "DATE":
            wanted += [f'min("{column}")', f'max("{column}")']
    if name in DIMENSIONS:
        wanted.append("count(DISTINCT label)")
    values = list(duck.execute(f"SELECT {', '.join(wanted)} FROM {source}").fetchall()[0])  # noqa: S608 - our own path
    rows = int(values.pop(0))
    if name in DIMENSIONS and values.pop() != rows:
        raise IntegrityError(f"two rows of {name} would bear the same label")
    columns: dict[str, ColumnEntry] = {}
    for column, kind in types.items():
        nulls = rows - int(values.pop(0))
        first, last = (values.pop(0), values.pop(0)) if kind == "DATE" else (None, None)
        columns[column] = ColumnEntry(type=kind, nulls=nulls, min=first, max=last)
    return rows, columns


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
