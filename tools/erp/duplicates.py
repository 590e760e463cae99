"""Rows with the same key within one load: identical ones become one, contradicting ones are errors.

A first pass over the key columns finds which keys may come twice, by a 64-bit hash (8 bytes a row).
In the second pass only rows with such a key are held back, reduced to distinct rows as they come,
and settled at the end; all others flow through.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from tools.erp.arrow import kernels
from tools.erp.columns import CellRules, Target, convert

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from tools.erp.arrow import ArrowArray

SEQ = "__seq"
"""Where a row comes from: number of the sheet, then number of the row; ascends in reading order."""
RANK = "__rank"
"""What `keep` orders rows by; present only with such a rule."""
_ROW_BITS = 40
_COMPACT_ROWS = 400_000


def sequence(sheet_no: int, row_nos: pa.Int64Array) -> ArrowArray:
    """The `SEQ` values of rows of the sheet with this number."""
    values: ArrowArray = kernels().add(row_nos, sheet_no << _ROW_BITS)
    return values


def place_of(seq: int) -> tuple[int, int]:
    """Sheet number and row number of a `SEQ` value."""
    return seq >> _ROW_BITS, seq & ((1 << _ROW_BITS) - 1)


def row_numbers(seqs: ArrowArray) -> pa.Int64Array:
    """The row numbers of an array of `SEQ` values."""
    numbers: pa.Int64Array = kernels().bit_wise_and(seqs, (1 << _ROW_BITS) - 1)
    return numbers


def sheet_numbers(seqs: ArrowArray) -> ArrowArray:
    """The sheet numbers of an array of `SEQ` values."""
    numbers: ArrowArray = kernels().shift_right(seqs, _ROW_BITS)
    return numbers


class RowHasher:
    """Hashes rows to 64 bits, equal for equal rows; close it when done."""

    def __init__(self) -> None:
        import duckdb

        self._connection = duckdb.connect(config={"threads": 1})

    def close(self) -> None:
        """Give back what the hashing needs."""
        self._connection.close()

    def hashes(self, columns: list[ArrowArray]) -> np.ndarray[Any, Any]:
        """One hash (uint64) for each row over the given columns."""
        import pyarrow as pa

        names = [f"k{number}" for number in range(len(columns))]
        table = pa.table(dict(zip(names, columns, strict=True)))
        relation = self._connection.from_arrow(table).project(f"hash({', '.join(names)})")
        hashes: np.ndarray[Any, Any] = relation.to_arrow_table().column(0).to_numpy()
        return hashes


@dataclass
class KeyScan:
    """First pass: which hashes of `keys` (sets of column names) come more than once."""

    keys: tuple[tuple[str, ...], ...]
    hasher: RowHasher
    rows: int = 0
    _seen: dict[tuple[str, ...], list[np.ndarray[Any, Any]]] = field(default_factory=dict)

    def add(self, columns: dict[str, ArrowArray]) -> None:
        """Take in the key columns of some rows."""
        for key in self.keys:
            hashes = self.hasher.hashes([columns[name] for name in key])
            self._seen.setdefault(key, []).append(hashes)
        self.rows += len(columns[self.keys[0][0]])

    def repeated(self) -> dict[tuple[str, ...], np.ndarray[Any, Any]]:
        """The hashes that came more than once, sorted, of each key that has any."""
        import numpy as np

        found = {}
        for key, parts in self._seen.items():
            hashes = np.sort(np.concatenate(parts))
            parts.clear()
            twice = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
            if len(twice):
                found[key] = twice
        return found


def repeated_mask(
    columns: dict[str, ArrowArray],
    repeated: dict[tuple[str, ...], np.ndarray[Any, Any]],
    hasher: RowHasher,
) -> ArrowArray:
    """Which rows may share a key with another row."""
    import numpy as np
    import pyarrow as pa

    mask: Any = False
    for key, hashes in repeated.items():
        own = hasher.hashes([columns[name] for name in key])
        at = np.minimum(np.searchsorted(hashes, own), len(hashes) - 1)
        mask = mask | (hashes[at] == own)
    array: ArrowArray = pa.array(mask)
    return array


class Conflict(NamedTuple):
    """Rows that share a key and differ: their places, the key, and the columns that differ."""

    seqs: list[int]
    rows: int
    """How many rows these are; identical ones among them are in `seqs` once."""
    key: str
    differing: list[str]


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the rows held back. `kept` has the columns and `SEQ`, in reading order."""

    kept: pa.Table
    merged: int
    """Rows given up in favour of a kept one: identical to it, or passed over by `keep`."""
    conflicts: list[Conflict]


@dataclass
class Doubtful:
    """Second pass: the rows held back because their key comes again.

    `newest_wins` says what `keep` wants: True the greatest `RANK` (or the last row), False the
    least (or the first); None without `keep`.
    """

    keys: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...]
    newest_wins: bool | None = None
    _tables: list[pa.Table] = field(default_factory=list)
    _pending: int = 0

    def add(self, table: pa.Table) -> None:
        """Hold back rows: `columns`, `SEQ` and, with a rule by column, `RANK` as text."""
        ones = _repeat(1, table.num_rows)
        table = table.append_column("__last", table.column(SEQ)).append_column("__count", ones)
        self._tables.append(_distinct(table))
        self._pending += self._tables[-1].num_rows
        if self._pending > _COMPACT_ROWS:
            self._compact()

    def settle(self) -> Settled | None:
        """Decide between the rows held back; None where there are none."""
        if not self._tables:
            return None
        self._compact()
        table = self._tables.pop()
        total = kernels().sum(table.column("__count")).as_py()
        conflicts: list[Conflict] = []
        for number, key in enumerate(self.keys):
            ranked = number == 0 and self.newest_wins is not None
            table = self._one_per_key(table, key, conflicts, ranked=ranked)
        table = table.sort_by(SEQ)
        lost = sum(conflict.rows for conflict in conflicts)
        kept: pa.Table = table.select([*self.columns, SEQ])
        return Settled(kept, total - lost - kept.num_rows, conflicts)

    def _compact(self) -> None:
        import pyarrow as pa

        self._tables = [_distinct(pa.concat_tables(self._tables))]
        self._pending = 0

    def _one_per_key(
        self, table: pa.Table, key: tuple[str, ...], conflicts: list[Conflict], *, ranked: bool
    ) -> pa.Table:
        import numpy as np
        import pyarrow as pa

        codes = _codes(table, key)
        ranks = self._ranks(table) if ranked else np.zeros(table.num_rows, dtype=np.int64)
        best = np.full(codes.max(initial=0) + 1, -1, dtype=np.int64)
        np.maximum.at(best, codes, ranks)
        wins = ranks == best[codes]
        winners = np.bincount(codes[wins], minlength=len(best))
        at_odds = np.flatnonzero(wins & (winners[codes] > 1))
        at_odds = at_odds[np.argsort(codes[at_odds], kind="stable")]
        borders = np.flatnonzero(np.diff(codes[at_odds])) + 1
        groups = np.split(at_odds, borders) if len(at_odds) else []
        conflicts += [_conflict(table.take(group), key, self.columns) for group in groups]
        kept: pa.Table = table.filter(pa.array(wins & (winners[codes] == 1)))
        return kept

    def _ranks(self, table: pa.Table) -> np.ndarray[Any, Any]:
        """A number for each row, greater for what `keep` prefers; equal where it cannot tell."""
        by = RANK if RANK in table.column_names else "__last" if self.newest_wins else SEQ
        values = table.column(by).combine_chunks()
        if by == RANK:
            values = _comparable(values)
        ranks = kernels().rank(
            values,
            sort_keys=[("", "ascending" if self.newest_wins else "descending", "at_start")],
            tiebreaker="min",
        )
        numbers: np.ndarray[Any, Any] = ranks.to_numpy().astype("int64")
        return numbers


def _comparable(texts: ArrowArray) -> ArrowArray:
    """Texts as dates where all are dates, else as numbers where all are, else as they are."""
    import pyarrow as pa

    for target in (
        Target(RANK, "instant", pa.timestamp("us", tz="UTC"), None),
        Target(RANK, "real", pa.float64(), None),
    ):
        read = convert(texts, target, CellRules())
        if not read.bad:
            return read.values
    return texts


def _repeat(value: int, count: int) -> ArrowArray:
    import pyarrow as pa

    ones: ArrowArray = pa.repeat(pa.scalar(value, pa.int64()), count)
    return ones


def _distinct(table: pa.Table) -> pa.Table:
    """Identical rows as one, with its first and last place and how many they are."""
    content = [name for name in table.column_names if name not in (SEQ, "__last", "__count")]
    grouped = table.group_by(content, use_threads=False).aggregate(
        [(SEQ, "min"), ("__last", "max"), ("__count", "sum")]
    )
    return grouped.rename_columns(
        [
            {f"{SEQ}_min": SEQ, "__last_max": "__last", "__count_sum": "__count"}.get(name, name)
            for name in grouped.column_names
        ]
    )


def _codes(table: pa.Table, key: tuple[str, ...]) -> np.ndarray[Any, Any]:
    """A number for each row, the same for the same key."""
    import pyarrow as pa

    pc = kernels()
    texts = [pc.cast(table.column(name), pa.string()) for name in key]
    whole = pc.binary_join_element_wise(*texts, "\x1f", null_handling="replace")
    codes: np.ndarray[Any, Any] = whole.combine_chunks().dictionary_encode().indices.to_numpy()
    return codes


def _conflict(rows: pa.Table, key: tuple[str, ...], columns: tuple[str, ...]) -> Conflict:
    first = rows.slice(0, 1).to_pylist()[0]
    seqs: list[Any] = rows.column(SEQ).to_pylist()
    differing = [
        name for name in columns if name not in key and len(rows.column(name).unique()) > 1
    ]
    return Conflict(
        seqs=sorted(seqs),
        rows=kernels().sum(rows.column("__count")).as_py(),
        key="|".join(str(first[name]) for name in key),
        differing=differing,
    )
