"""All rows of one canonical table, from every sheet that feeds it, as validated chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from knowledge.warehouse.batch import (
    Notice,
    RowChunk,
    RowError,
    TableRows,
    Tally,
    arrow_type,
    natural_key,
)
from tools.erp.arrow import any_true, kernels, nothing
from tools.erp.binding import BoundTable
from tools.erp.columns import to_text
from tools.erp.duplicates import (
    RANK,
    SEQ,
    Conflict,
    Doubtful,
    KeyScan,
    RowHasher,
    Settled,
    place_of,
    repeated_mask,
    row_numbers,
    sequence,
    sheet_numbers,
)
from tools.erp.evaluate import Evaluated, evaluate, raw_cells, select
from tools.erp.lookups import Lookups
from tools.erp.shared_names import SharedNames
from tools.erp.sheets import FRAME_ROWS

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from tools.erp.arrow import ArrowArray


@dataclass(frozen=True, slots=True)
class ReadProgress:
    """How far the reading of one table is. `total` is None while it is not known.

    phase: `scan` looks through the keys, `read` hands the rows on.
    """

    table: str
    file: str
    phase: Literal["scan", "read"]
    rows: int
    total: int | None


@dataclass
class Reading:
    """What the streams of one load share; `told` keeps a notice about a file from coming twice."""

    lookups: Lookups
    progress: Callable[[ReadProgress], None] | None = None
    told: set[tuple[str, ...]] = field(default_factory=set)

    def report(self, progress: ReadProgress) -> None:
        """Pass progress on to whoever wants it."""
        if self.progress is not None:
            self.progress(progress)

    def first_time(self, *what: str) -> bool:
        """Whether this is said for the first time."""
        fresh = what not in self.told
        self.told.add(what)
        return fresh


class TableStream:
    """Reads one table twice: first its keys, to know which come again; then its rows."""

    def __init__(self, table: sa.Table, parts: list[BoundTable], reading: Reading) -> None:
        self._table = table
        self._parts = parts
        self._reading = reading
        filled = {column.mapping.target.name for part in parts for column in part.columns}
        self.columns = tuple(
            column.name for column in table.c if column.name in filled or column.name == "ext_id"
        )
        key = natural_key(table.name)
        self._keys: tuple[tuple[str, ...], ...] = (key,)
        if key != ("ext_id",) and not all(part.table.built_key for part in parts):
            self._keys = (key, ("ext_id",))  # an ext_id that is built of the key adds nothing
        self._scanned = 0
        self._rows_read = 0
        self._hasher = RowHasher()
        self._totals: dict[int, int] = {}
        self._rounded: dict[str, int] = {}
        self._emptied: dict[str, int] = {}
        self._names = SharedNames(table.name)

    def rows(self) -> TableRows:
        """The table's rows; the stream runs as its chunks are taken."""
        return TableRows(self._table.name, self.columns, self._chunks())

    def _chunks(self) -> Iterator[RowChunk]:
        try:
            yield from self._read()
        finally:
            self._hasher.close()

    def _read(self) -> Iterator[RowChunk]:
        repeated = self._scan_keys()
        doubtful = Doubtful(self._keys, self.columns, self._newest_wins())
        for number, part in enumerate(self._parts):
            yield from self._part_chunks(number, part, repeated, doubtful)
        settled = doubtful.settle()
        if settled is not None:
            yield from self._settled_chunks(settled)
        notices = self._closing_notices()
        if notices:
            yield self._chunk(self._parts[-1], self._no_rows(), notices=notices)

    def _no_rows(self) -> pa.Table:
        import pyarrow as pa

        empty: dict[str, ArrowArray] = {
            name: nothing(0, arrow_type(self._table.c[name])) for name in self.columns
        }
        return pa.table({**empty, SEQ: nothing(0, pa.int64())})

    def _newest_wins(self) -> bool | None:
        for part in self._parts:
            keep = part.table.keep
            if keep is not None:
                return keep.last_by is not None or keep.order == "last"
        return None

    def _scan_keys(self) -> dict[tuple[str, ...], np.ndarray[Any, Any]]:
        scan = KeyScan(self._keys, self._hasher)
        needed = {name for key in self._keys for name in key}
        for part in self._parts:
            wanted = needed | set(part.table.built_key)
            for frame in part.sheet.frames(part.key_columns):
                if len(frame):
                    done = evaluate(frame, part, self._reading.lookups, sorted(wanted))
                    scan.add(done.columns)
                self._progress(part, "scan", scan.rows, None)
        self._scanned = scan.rows
        return scan.repeated()

    def _part_chunks(
        self,
        number: int,
        part: BoundTable,
        repeated: dict[tuple[str, ...], np.ndarray[Any, Any]],
        doubtful: Doubtful,
    ) -> Iterator[RowChunk]:
        notices = self._part_notices(part)
        for frame in part.sheet.frames(sorted(set(part.index.values()))):
            selected = select(frame, part)
            done = evaluate(selected.frame, part, self._reading.lookups)
            self._note(number, selected.totals, done)
            rejected = {cell.index for cell in done.bad}
            tally = Tally(
                read=len(frame),
                filtered=selected.filtered,
                totals=selected.totals,
                rejected=len(rejected),
            )
            table = self._as_table(done)
            table = table.append_column(SEQ, sequence(number, done.row_nos))
            keep = part.table.keep
            if repeated and keep is not None and (keep.first_by or keep.last_by):
                by = raw_cells(selected.frame, part, keep.first_by or keep.last_by or "")
                table = table.append_column(RANK, to_text(by))
            table = _without(table, rejected)
            if repeated and table.num_rows:
                table = self._hold_back(table, repeated, doubtful)
            errors = tuple(
                RowError(
                    file=part.file,
                    sheet=part.sheet.name,
                    row_no=done.row_nos[cell.index].as_py(),
                    column=cell.column,
                    value=cell.value,
                    reason=cell.reason,
                    table=self._table.name,
                )
                for cell in sorted(done.bad, key=lambda cell: cell.index)
            )
            yield self._chunk(part, table, errors=errors, notices=notices, tally=tally)
            notices = ()
            self._rows_read += len(frame)
            self._progress(part, "read", self._rows_read, self._scanned)

    def _as_table(self, done: Evaluated) -> pa.Table:
        """The table's columns, null where this part fills none."""
        import pyarrow as pa

        columns = dict(done.columns)
        for name in self.columns:
            if name not in columns:
                columns[name] = nothing(len(done.row_nos), arrow_type(self._table.c[name]))
        return pa.table({name: columns[name] for name in self.columns})

    def _hold_back(
        self,
        table: pa.Table,
        repeated: dict[tuple[str, ...], np.ndarray[Any, Any]],
        doubtful: Doubtful,
    ) -> pa.Table:
        """The rows whose key is certainly unique; the others go to `doubtful`."""
        columns = {name: table.column(name).combine_chunks() for key in self._keys for name in key}
        mask = repeated_mask(columns, repeated, self._hasher)
        if not any_true(mask):
            return table
        doubtful.add(table.filter(mask))
        unique: pa.Table = table.filter(kernels().invert(mask))
        return unique

    def _settled_chunks(self, settled: Settled) -> Iterator[RowChunk]:
        """The rows that were held back, by the sheet that they come from."""
        owners = sheet_numbers(settled.kept.column(SEQ).combine_chunks())
        conflicts: dict[int, list[Conflict]] = {}
        for conflict in settled.conflicts:
            conflicts.setdefault(place_of(conflict.seqs[0])[0], []).append(conflict)
        merged = settled.merged
        for number, part in enumerate(self._parts):
            rows: pa.Table = settled.kept.filter(kernels().equal(owners, number))
            own = conflicts.get(number, [])
            if not rows.num_rows and not own:
                continue
            tally = Tally(merged=merged, rejected=sum(conflict.rows for conflict in own))
            merged = 0
            errors = tuple(error for conflict in own for error in self._conflict_errors(conflict))
            yield self._chunk(part, rows.slice(0, FRAME_ROWS), errors=errors, tally=tally)
            for first in range(FRAME_ROWS, rows.num_rows, FRAME_ROWS):
                yield self._chunk(part, rows.slice(first, FRAME_ROWS))
        if merged:
            yield self._chunk(self._parts[0], settled.kept.slice(0, 0), tally=Tally(merged=merged))

    def _conflict_errors(self, conflict: Conflict) -> Iterator[RowError]:
        places = [place_of(seq) for seq in conflict.seqs]
        rows = ", ".join(str(row_no) for _part, row_no in places[:10])
        detail = f"{rows} ({', '.join(conflict.differing)})"
        for number, row_no in places:
            part = self._parts[number]
            labels = _labels(part)
            yield RowError(
                file=part.file,
                sheet=part.sheet.name,
                row_no=row_no,
                column=", ".join(labels.get(name, name) for name in self._keys[0]),
                value=conflict.key[:400],
                reason=f"contradicting_key: {detail}"[:400],
                table=self._table.name,
            )

    def _chunk(
        self,
        part: BoundTable,
        table: pa.Table,
        *,
        errors: tuple[RowError, ...] = (),
        notices: tuple[Notice, ...] = (),
        tally: Tally | None = None,
    ) -> RowChunk:
        columns = {name: table.column(name).combine_chunks() for name in self.columns}
        self._names.add(columns)
        return RowChunk(
            file=part.file,
            sheet=part.sheet.name,
            columns=columns,
            row_nos=row_numbers(table.column(SEQ).combine_chunks()),
            errors=errors,
            notices=notices,
            tally=tally or Tally(),
            labels=_labels(part),
        )

    def _note(self, number: int, totals: int, done: Evaluated) -> None:
        self._totals[number] = self._totals.get(number, 0) + totals
        for counted, found in ((self._rounded, done.rounded), (self._emptied, done.emptied)):
            for label, count in found.items():
                counted[label] = counted.get(label, 0) + count

    def _part_notices(self, part: BoundTable) -> tuple[Notice, ...]:
        notices = list(part.notices)
        encoding = part.sheet.encoding
        if encoding is not None and self._reading.first_time("encoding", part.file):
            values = {"file": part.file, "encoding": encoding}
            notices.append(Notice("encoding", self._table.name, values))
        return tuple(notices)

    def _closing_notices(self) -> tuple[Notice, ...]:
        table = self._table.name
        notices = self._names.notices()
        for number, count in self._totals.items():
            part = self._parts[number]
            if count and self._reading.first_time("totals", part.file, part.sheet.name or ""):
                values: dict[str, str | int] = {"file": part.shown, "count": count}
                notices.append(Notice("totals_skipped", table, values))
        for code, counted in (("rounded", self._rounded), ("emptied", self._emptied)):
            for label, count in counted.items():
                notices.append(Notice(code, table, {"column": label, "count": count}))
        return tuple(notices)

    def _progress(
        self, part: BoundTable, phase: Literal["scan", "read"], rows: int, total: int | None
    ) -> None:
        self._reading.report(ReadProgress(self._table.name, part.file, phase, rows, total))


def _labels(part: BoundTable) -> dict[str, str]:
    return {column.mapping.target.name: column.label for column in part.columns}


def _without(table: pa.Table, rejected: set[int]) -> pa.Table:
    import numpy as np
    import pyarrow as pa

    if not rejected:
        return table
    keep = np.ones(table.num_rows, dtype=bool)
    keep[list(rejected)] = False
    good: pa.Table = table.filter(pa.array(keep))
    return good
