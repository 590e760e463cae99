"""Open any tabular file as sheets: CSV and other delimited text, Excel and ODS, Parquet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadline.errors import SourceFileError
from tools.erp.arrow import kernels
from tools.erp.csv_file import open_csv
from tools.erp.excel_file import EXTENSIONS as EXCEL_EXTENSIONS
from tools.erp.excel_file import open_excel
from tools.erp.headers import Header, plain_headers
from tools.erp.sheets import FRAME_ROWS, Frame, ReadOptions, Sheet

if TYPE_CHECKING:
    from tools.erp.arrow import RawColumn

TEXT_EXTENSIONS = frozenset({".csv", ".tsv", ".txt"})
PARQUET_EXTENSIONS = frozenset({".parquet", ".pq"})


@dataclass(frozen=True)
class ParquetSheet:
    """A Parquet file; its row numbers count rows of data from 1, since it shows no header row."""

    path: Path
    label: str
    headers: tuple[Header, ...]
    rows: int
    name: None = None
    unit: None = None
    encoding: None = None
    has_totals: bool = False

    def frames(self, needed: Sequence[int]) -> Iterator[Frame]:
        """See `Sheet`; only the columns in `needed` are read."""
        import pyarrow as pa
        from pyarrow import parquet

        wanted = sorted(set(needed))
        names = [self.headers[index].text for index in wanted]
        done = 0
        try:
            with parquet.ParquetFile(self.path) as file:
                if not names:
                    yield from self._bare_frames()
                    return
                for batch in file.iter_batches(FRAME_ROWS, columns=names, use_threads=False):
                    columns: list[RawColumn | None] = [None] * len(self.headers)
                    for index, name in zip(wanted, names, strict=True):
                        columns[index] = _plain(batch.column(name), name)
                    row_nos = pa.array(range(done + 1, done + 1 + batch.num_rows), pa.int64())
                    done += batch.num_rows
                    yield Frame(tuple(columns), row_nos)
        except (pa.ArrowException, OSError) as error:
            raise SourceFileError(f"{self.label}: cannot be read as Parquet: {error}") from error

    def _bare_frames(self) -> Iterator[Frame]:
        """Row numbers only, for a mapping that takes nothing but constants."""
        import pyarrow as pa

        for first in range(0, self.rows, FRAME_ROWS):
            last = min(first + FRAME_ROWS, self.rows)
            row_nos = pa.array(range(first + 1, last + 1), pa.int64())
            yield Frame((None,) * len(self.headers), row_nos)


def _plain(column: Any, name: str) -> RawColumn:
    """The column without dictionary or binary encoding.

    Raises:
        pyarrow.ArrowException: lists, structs, or bytes that are no UTF-8.
    """
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_large_string(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        column = kernels().cast(column, pa.string())
    elif pa.types.is_nested(kind):
        raise pa.ArrowTypeError(f"column {name!r} holds nested values ({kind})")
    plain: RawColumn = column
    return plain


def open_sheets(
    path: Path, label: str, options: ReadOptions, names: Sequence[str]
) -> tuple[Sheet, ...]:
    """Open a file by its extension; `names` are the columns that the mapping asks for.

    Args:
        path: the file.
        label: how messages and row errors call it (its path in the source folder).
        options: what the mapping says about reading it.
        names: column headings, by which header row, delimiter and sheet are found.

    Raises:
        SourceFileError: unknown kind of file, or unreadable; says why.
    """
    extension = path.suffix.lower()
    if extension in TEXT_EXTENSIONS:
        return (open_csv(path, label, options, names),)
    if extension in EXCEL_EXTENSIONS:
        return tuple(open_excel(path, label, options, names))
    if extension in PARQUET_EXTENSIONS:
        return (_open_parquet(path, label),)
    known = sorted(TEXT_EXTENSIONS | EXCEL_EXTENSIONS | PARQUET_EXTENSIONS)
    raise SourceFileError(f"{label}: unknown kind of file", hint=f"readable are {', '.join(known)}")


def _open_parquet(path: Path, label: str) -> ParquetSheet:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as file:
            names = list(file.schema_arrow.names)
            rows = file.metadata.num_rows
    except (pa.ArrowException, OSError) as error:
        raise SourceFileError(f"{label}: cannot be read as Parquet: {error}") from error
    return ParquetSheet(path=path, label=label, headers=plain_headers(names), rows=rows)
