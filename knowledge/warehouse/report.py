"""What a load did, in numbers that a person can check against the files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from knowledge.warehouse.batch import Notice, Tally
from knowledge.warehouse.stage import Counts


@dataclass(frozen=True, slots=True)
class TableLoad:
    """One table of one load.

    `tally` counts the rows of the files (rejected ones by the reader or the loader), `counts` what
    became of the others.
    """

    table: str
    tally: Tally
    counts: Counts


@dataclass(frozen=True, slots=True)
class LoadReport:
    """One load. `unchanged`: the same files by the same mapping were loaded last; nothing was done.

    `batch_id` is the row of `import_batch` (of the earlier load where unchanged). `linked` partner
    records joined a partner known under another id, `to_review` may be one and wait for a person.
    """

    status: Literal["loaded", "unchanged"]
    batch_id: int
    source: str
    tables: tuple[TableLoad, ...] = ()
    notices: tuple[Notice, ...] = ()
    errors: int = 0
    """Entries written to `row_error`; a row with two bad cells has two."""
    linked: int = 0
    to_review: int = 0
    seconds: float = field(default=0.0, compare=False)

    @property
    def rows_read(self) -> int:
        """Rows of all files, each counted once per table that it fed."""
        return sum(item.tally.read for item in self.tables)

    @property
    def inserted(self) -> int:
        """Rows that are new."""
        return sum(item.counts.inserted for item in self.tables)

    @property
    def updated(self) -> int:
        """Rows that differed from what was stored."""
        return sum(item.counts.updated for item in self.tables)

    @property
    def unchanged(self) -> int:
        """Rows that were stored just so."""
        return sum(item.counts.unchanged for item in self.tables)

    @property
    def stale(self) -> int:
        """Rows older than what is stored; ignored."""
        return sum(item.counts.stale for item in self.tables)

    @property
    def rejected(self) -> int:
        """Rows not loaded for an error."""
        return sum(item.tally.rejected for item in self.tables)
