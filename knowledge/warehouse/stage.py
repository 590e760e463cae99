"""A load's staging table: rows of one canonical table on their way in, and the guarded upsert.

Rows enter a temporary table the fast way of each database (SQLite executemany, PostgreSQL COPY); a
few set-based statements then compare them with what is stored by natural key:

- same content → unchanged (its `src_updated_at` still moves forward);
- older `src_updated_at` than stored → stale, ignored;
- otherwise updated; a key not seen before is inserted.

Columns that the batch does not fill keep their stored values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from knowledge.warehouse.base import NATURAL_KEY
from knowledge.warehouse.batch import ten_thousandths
from knowledge.warehouse.ids import follow_with_sequence, last_id

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

STAGE_NO = "stage_no"
ORIGIN_NO = "origin_no"
ROW_NO = "row_no"
WANTED_SUFFIX = "__ext"
"""A reference to the same table waits under this name, as ext_id, until all rows have an id."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every row that this load writes carries."""

    source: str
    batch_id: int
    synced_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the staged rows of one table."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    stale: int = 0


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A staged row that lost against another with the same key; `same` content is no error."""

    origin_no: int
    row_no: int
    same: bool
    older: bool


class Stage:
    """The temporary table for `table`, with the columns that the batch fills.

    Args:
        connection: the load's connection, in its transaction.
        table: the canonical table.
        columns: the filled columns of `table`, `ext_id` among them.
        self_references: those of `columns` that refer to `table` itself.
        stamp: source, batch and time that written rows carry.
    """

    def __init__(
        self,
        connection: sa.Connection,
        table: sa.Table,
        columns: Sequence[str],
        self_references: Sequence[str],
        stamp: Stamp,
    ) -> None:
        self._connection = connection
        self._stamp = stamp
        self._sqlite = connection.dialect.name == "sqlite"
        self.table = table
        self.columns = tuple(columns)
        self.self_references = tuple(self_references)
        key: tuple[str, ...] = table.info[NATURAL_KEY]
        self._key = tuple(name for name in key if name != "source")
        self._key_has_source = "source" in key
        filled = [sa.Column(name, table.c[name].type) for name in self.columns]
        if "src_updated_at" not in self.columns:
            filled.append(sa.Column("src_updated_at", table.c.src_updated_at.type))
        self._stage = sa.Table(
            f"stage_{table.name}",
            sa.MetaData(),
            sa.Column(STAGE_NO, sa.Integer, primary_key=self._sqlite, autoincrement=False),
            sa.Column(ORIGIN_NO, sa.Integer),
            sa.Column(ROW_NO, sa.BigInteger),
            sa.Column("payload_hash", sa.String(64)),
            *filled,
            *(sa.Column(name + WANTED_SUFFIX, sa.String(200)) for name in self.self_references),
            prefixes=["TEMPORARY"],
        )
        self._rows = 0
        self._fingerprints: list[np.ndarray[Any, Any]] = []
        self._stage.create(connection, checkfirst=False)

    def drop(self) -> None:
        """Remove the temporary table."""
        self._stage.drop(self._connection, checkfirst=False)

    def add(
        self,
        arrays: Mapping[str, pa.Array[Any]],
        row_nos: pa.Int64Array,
        origin_no: int,
    ) -> None:
        """Stage one chunk.

        Args:
            arrays: payload_hash and the filled columns; references as int64 ids; the wanted ext_ids
                of self references under their name with `WANTED_SUFFIX`.
            row_nos: the rows' numbers in their sheet.
            origin_no: which file and sheet they come from, for reporting.
        """
        import pyarrow as pa

        count = len(row_nos)
        if count == 0:
            return
        self._fingerprint(arrays)
        first = self._rows + 1
        whole: dict[str, pa.Array[Any]] = {
            STAGE_NO: pa.array(range(first, first + count), pa.int64()),
            ORIGIN_NO: pa.array([origin_no] * count, pa.int64()),
            ROW_NO: row_nos,
            **arrays,
        }
        names = [column.name for column in self._stage.c if column.name in whole]
        if self._sqlite:
            self._insert_many(names, whole)
        else:
            self._copy(names, whole)
        self._rows += count

    def _fingerprint(self, arrays: Mapping[str, pa.Array[Any]]) -> None:
        import numpy as np

        keys = zip(*(arrays[name].to_pylist() for name in self._key), strict=True)
        self._fingerprints.append(np.fromiter((hash(key) for key in keys), dtype=np.int64))

    def _insert_many(self, names: Sequence[str], arrays: Mapping[str, pa.Array[Any]]) -> None:
        rows = list(zip(*(sqlite_values(arrays[name]) for name in names), strict=True))
        marks = ", ".join("?" * len(names))
        quoted = ", ".join(f'"{name}"' for name in names)
        statement = f'INSERT INTO temp."{self._stage.name}" ({quoted}) VALUES ({marks})'  # noqa: S608 - names of our own tables
        self._connection.exec_driver_sql(statement, rows)

    def _copy(self, names: Sequence[str], arrays: Mapping[str, pa.Array[Any]]) -> None:
        import pyarrow as pa
        from pyarrow import csv

        sink = pa.BufferOutputStream()
        batch = pa.record_batch([arrays[name] for name in names], names=list(names))
        csv.write_csv(batch, sink, csv.WriteOptions(include_header=False))
        quoted = ", ".join(f'"{name}"' for name in names)
        driver: Any = self._connection.connection.driver_connection
        with (
            driver.cursor() as cursor,
            cursor.copy(f'COPY "{self._stage.name}" ({quoted}) FROM STDIN (FORMAT csv)') as copy,
        ):
            copy.write(sink.getvalue())

    def drop_duplicates(self) -> list[Duplicate]:
        """Keep one row per natural key, whatever the order in which they came; return the others.

        The newest `src_updated_at` wins, then the greater content hash. Two rows can share a key
        although the source keeps them apart, e.g. where two of its partners are one.
        """
        import numpy as np

        if self._rows == 0:
            return []
        seen = np.concatenate(self._fingerprints)
        self._fingerprints.clear()
        if len(np.unique(seen)) == len(seen):
            return []
        stage = self._stage.c
        over: dict[str, Any] = {
            "partition_by": [stage[name] for name in self._key],
            "order_by": [
                stage.src_updated_at.desc().nulls_last(),
                stage.payload_hash.desc(),
                stage[STAGE_NO],
            ],
        }
        ranked = sa.select(
            stage[STAGE_NO],
            stage[ORIGIN_NO],
            stage[ROW_NO],
            stage.payload_hash,
            stage.src_updated_at,
            sa.func.first_value(stage.payload_hash).over(**over).label("kept_hash"),
            sa.func.first_value(stage.src_updated_at).over(**over).label("kept_at"),
            sa.func.row_number().over(**over).label("place"),
        ).subquery()
        losers = self._connection.execute(sa.select(ranked).where(ranked.c.place > 1)).all()
        self._delete([row.stage_no for row in losers])
        return [
            Duplicate(
                row.origin_no,
                row.row_no,
                same=row.payload_hash == row.kept_hash,
                older=row.src_updated_at != row.kept_at,
            )
            for row in losers
        ]

    def drop_unknown_self_references(self) -> list[tuple[int, int, str, str]]:
        """Remove rows that refer to a row of this table which is neither stored nor staged.

        Repeats until none is left, since a removed row may be what another refers to.

        Returns:
            (origin_no, row_no, column, wanted ext_id) of each removed row.
        """
        removed: list[tuple[int, int, str, str]] = []
        stage, known = self._stage, self._stage.alias("known")
        for name in self.self_references:
            wanted = stage.c[name + WANTED_SUFFIX]
            stored = sa.exists().where(
                self.table.c.source == self._stamp.source, self.table.c.ext_id == wanted
            )
            staged = sa.exists().where(known.c.ext_id == wanted)
            query = sa.select(stage.c[STAGE_NO], stage.c[ORIGIN_NO], stage.c[ROW_NO], wanted)
            while found := self._connection.execute(
                query.where(wanted.is_not(None), ~stored, ~staged)
            ).all():
                self._delete([row[0] for row in found])
                removed += [(row[1], row[2], name, row[3]) for row in found]
        return removed

    def _delete(self, stage_nos: Sequence[int]) -> None:
        if stage_nos:
            self._connection.execute(
                sa.delete(self._stage).where(self._stage.c[STAGE_NO] == sa.bindparam("gone")),
                [{"gone": number} for number in stage_nos],
            )
            self._rows -= len(stage_nos)

    def apply(self) -> Counts:
        """Compare the staged rows with what is stored and write what differs.

        Raises:
            sqlalchemy.exc.IntegrityError: a required column is empty.
        """
        if self._rows == 0:
            return Counts()
        if not self._sqlite:
            self._connection.exec_driver_sql(f'ANALYZE "{self._stage.name}"')
        known = unchanged = stale = updated = 0
        if self._connection.scalar(sa.select(sa.exists().select_from(self.table))):
            known, unchanged, stale, newer = self._compare()
            if newer:
                self._move_stamps()
            if known > unchanged + stale:
                updated = self._update()
        inserted = 0
        if known < self._rows:
            inserted = self._insert(target_has_keys=known > 0)
        if updated or inserted:
            self._link_self_references()
        return Counts(inserted, updated, unchanged, stale)

    def other_ids(self) -> dict[str, int]:
        """ext_id → id of staged rows that are stored under another source or ext_id."""
        moved = sa.or_(
            self.table.c.source != self._stamp.source, self.table.c.ext_id != self._stage.c.ext_id
        )
        query = sa.select(self._stage.c.ext_id, self.table.c.id).where(self._match, moved)
        return {row.ext_id: row.id for row in self._connection.execute(query)}

    @property
    def _match(self) -> sa.ColumnElement[bool]:
        parts = [self.table.c[name] == self._stage.c[name] for name in self._key]
        if self._key_has_source:
            parts.append(self.table.c.source == self._stamp.source)
        return sa.and_(*parts)

    @property
    def _is_stale(self) -> sa.ColumnElement[bool]:
        older = self._stage.c.src_updated_at < self.table.c.src_updated_at
        return sa.func.coalesce(older, sa.false())

    @property
    def _is_unchanged(self) -> sa.ColumnElement[bool]:
        same = self._stage.c.payload_hash == self.table.c.payload_hash
        return sa.and_(~self._is_stale, same, self.table.c.deleted_at.is_(None))

    @property
    def _is_newer(self) -> sa.ColumnElement[bool]:
        incoming, stored = self._stage.c.src_updated_at, self.table.c.src_updated_at
        return sa.and_(incoming.is_not(None), sa.or_(stored.is_(None), incoming > stored))

    def _compare(self) -> tuple[int, int, int, int]:
        def count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
            return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)

        row = self._connection.execute(
            sa.select(
                sa.func.count(),
                count(self._is_unchanged),
                count(self._is_stale),
                count(sa.and_(self._is_unchanged, self._is_newer)),
            )
            .select_from(self._stage)
            .join(self.table, self._match)
        ).one()
        return int(row[0]), int(row[1]), int(row[2]), int(row[3])

    def _move_stamps(self) -> None:
        # without this, a version between the stored stamp and this one could come late and win
        self._connection.execute(
            sa.update(self.table)
            .values(src_updated_at=self._stage.c.src_updated_at)
            .where(self._match, self._is_unchanged, self._is_newer)
        )

    def _update(self) -> int:
        table, stage = self.table, self._stage
        plain = [n for n in self.columns if n not in (*self.self_references, *self._key, "ext_id")]
        values: dict[str, Any] = {name: stage.c[name] for name in plain}
        values |= {
            # a row that two sources share keeps the name of the source that brought it first
            "ext_id": sa.case(
                (table.c.source == self._stamp.source, stage.c.ext_id), else_=table.c.ext_id
            ),
            "src_updated_at": sa.func.coalesce(stage.c.src_updated_at, table.c.src_updated_at),
            "payload_hash": stage.c.payload_hash,
            "synced_at": self._stamp.synced_at,
            "batch_id": self._stamp.batch_id,
            "deleted_at": None,
        }
        statement = sa.update(table).values(values)
        changed = sa.and_(~self._is_stale, ~self._is_unchanged)
        return self._count(statement.where(self._match, changed))

    def _insert(self, *, target_has_keys: bool) -> int:
        names = [name for name in self.columns if name not in self.self_references]
        constants: dict[str, Any] = {
            "source": self._stamp.source,
            "batch_id": self._stamp.batch_id,
            "synced_at": self._stamp.synced_at,
        }
        rows = sa.select(
            *(self._stage.c[name] for name in names),
            self._stage.c.payload_hash,
            *(sa.literal(value, self.table.c[name].type) for name, value in constants.items()),
        )
        if target_has_keys:
            rows = rows.where(~sa.exists().select_from(self.table).where(self._match))
        into = [*names, "payload_hash", *constants]
        if self._sqlite:
            # rowids are the largest plus one by themselves
            return self._count(sa.insert(self.table).from_select(into, rows))
        place = sa.func.row_number().over(order_by=self._stage.c[STAGE_NO])
        rows = rows.add_columns((place + last_id(self._connection, self.table)).label("id"))
        inserted = self._count(sa.insert(self.table).from_select([*into, "id"], rows))
        follow_with_sequence(self._connection, self.table)
        return inserted

    def _count(self, statement: sa.Insert | sa.Update) -> int:
        counted = statement.execution_options(preserve_rowcount=True)
        return self._connection.execute(counted).rowcount

    def _link_self_references(self) -> None:
        """Joined, not looked up row by row: no index leads from `ext_id` to the row."""
        for name in self.self_references:
            aim = self.table.alias("aim")
            found = (
                sa.select(aim.c.ext_id, sa.func.min(aim.c.id).label("id"))
                .where(aim.c.source == self._stamp.source)
                .group_by(aim.c.ext_id)
                .subquery("found")
            )
            written = self.table.c.batch_id == self._stamp.batch_id
            none = sa.update(self.table).values({name: None})
            link = sa.update(self.table).values({name: found.c.id})
            is_aimed = found.c.ext_id == self._stage.c[name + WANTED_SUFFIX]
            filled = self.table.c[name].is_not(None)
            self._connection.execute(none.where(self._match, written, filled))
            self._connection.execute(link.where(self._match, written, is_aimed))


def sqlite_values(array: pa.Array[Any]) -> list[Any]:
    """The values of an array as SQLite stores them: amounts scaled, dates and instants as text."""
    import pyarrow as pa

    kind = array.type
    if pa.types.is_decimal(kind):
        return ten_thousandths(array)
    if pa.types.is_timestamp(kind):
        return array.cast(pa.timestamp("us")).cast(pa.string()).to_pylist()
    if pa.types.is_date(kind):
        return array.cast(pa.string()).to_pylist()
    return array.to_pylist()
