"""What every readable file becomes: sheets with headings, handed out in frames of raw columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tools.erp.headers import Header

if TYPE_CHECKING:
    import pyarrow as pa

    from tools.erp.arrow import RawColumn

FRAME_ROWS = 50_000
"""Rows handed on at a time: enough for the kernels to pay, little enough for memory."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a row before any mapping: `column` is a position, None for the row."""

    index: int
    column: int | None
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Some rows of a sheet, without blank ones.

    `columns` are by position, None where it was not asked for; `row_nos` (int64) count from 1 as
    the spreadsheet does.
    """

    columns: tuple[RawColumn | None, ...]
    row_nos: pa.Int64Array
    faults: tuple[Fault, ...] = ()

    def __len__(self) -> int:
        return len(self.row_nos)

    def column(self, index: int) -> RawColumn:
        """The column at a position that was asked for."""
        column = self.columns[index]
        if column is None:
            raise LookupError(f"column {index} was not read")
        return column


class Sheet(Protocol):
    """An opened sheet whose header is known."""

    @property
    def name(self) -> str | None:
        """The sheet's name; None for files that have no sheets."""

    @property
    def headers(self) -> tuple[Header, ...]:
        """Its columns."""

    @property
    def unit(self) -> str | None:
        """A money unit that stands above the header for the whole sheet."""

    @property
    def encoding(self) -> str | None:
        """The text encoding, where it is worth telling: not for UTF-8."""

    @property
    def rows(self) -> int | None:
        """How many rows it has below the header; None where that is not known beforehand."""

    @property
    def has_totals(self) -> bool:
        """Whether total rows may stand among the rows (a person's file, not a machine's)."""

    def frames(self, needed: Sequence[int]) -> Iterator[Frame]:
        """The rows, again from the first on each call; `needed` are the columns that will be used.

        Raises:
            SourceFileError: the file turns out to be broken.
        """


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a mapping may say about how a file is to be read; None means "find out"."""

    sheet: str | None = None
    header_rows: tuple[int, ...] | None = None
    """Rows of the header, from 1; empty where the file has none and columns go by letters."""
    skip_rows: int = 0
    encoding: str | None = None
    delimiter: str | None = None
