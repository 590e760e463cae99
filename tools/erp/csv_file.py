"""CSV and other delimited text: encoding, delimiter and header found out, rows read by Arrow."""

from __future__ import annotations

import codecs
import csv
import shutil
import tempfile
import weakref
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from leadline.errors import SourceFileError
from tools.erp.headers import (
    SEARCH_ROWS,
    Header,
    HeaderBlock,
    find_header,
    fixed_header,
    letters,
)
from tools.erp.sheets import FRAME_ROWS, Fault, Frame, ReadOptions

DELIMITERS = (",", "\t", ";", "|")
_BLOCK_BYTES = 8 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def detect_encoding(path: Path) -> str:
    """utf-8, utf-8-sig, utf-16 or gb18030: by byte order mark, else strictly in that order.

    Statistical guessing is not tried: it read a short GBK file as Korean.

    Raises:
        SourceFileError: the file is neither UTF-8 nor GB18030.
    """
    with path.open("rb") as file:
        start = file.read(4)
    for mark, name in _BOMS:
        if start.startswith(mark):
            return name
    fault = ""
    for name in ("utf-8", "gb18030"):
        try:
            _decode_all(path, name)
        except UnicodeDecodeError as error:
            fault = f"{error.reason} near byte {error.start}"
            continue
        return name
    raise SourceFileError(
        f"{path.name}: neither UTF-8 nor GB18030 ({fault})",
        hint="save the file as UTF-8, or give its `encoding` in the mapping",
    )


def _decode_all(path: Path, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    done = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                error.start += done
                raise
            done += len(block)
    decoder.decode(b"", True)


@dataclass(frozen=True)
class CsvSheet:
    """A delimited text file; `start` is the byte at which its rows begin, in `utf8`."""

    utf8: Path
    label: str
    headers: tuple[Header, ...]
    unit: str | None
    encoding: str | None
    delimiter: str
    width: int
    start: int
    first_row_no: int
    name: None = None
    rows: None = None
    has_totals: bool = True

    def frames(self, needed: Sequence[int]) -> Iterator[Frame]:
        """See `Sheet`; all columns are read, since a total row may show in any of them."""
        del needed
        import pyarrow as pa
        from pyarrow import csv as arrow_csv

        ragged: list[tuple[int, str]] = []
        names = [str(index) for index in range(self.width)]

        def on_ragged(row: Any) -> Literal["skip"]:
            ragged.append((row.number, row.text))
            return "skip"

        with self.utf8.open("rb") as file:
            file.seek(self.start)
            try:
                reader = arrow_csv.open_csv(
                    file,
                    read_options=arrow_csv.ReadOptions(
                        column_names=names, use_threads=False, block_size=_BLOCK_BYTES
                    ),
                    parse_options=arrow_csv.ParseOptions(
                        delimiter=self.delimiter,
                        newlines_in_values=True,
                        ignore_empty_lines=False,
                        invalid_row_handler=on_ragged,
                    ),
                    convert_options=arrow_csv.ConvertOptions(
                        column_types=dict.fromkeys(names, pa.string()),
                        strings_can_be_null=True,
                        quoted_strings_can_be_null=True,
                        null_values=[""],
                    ),
                )
                yield from self._numbered(reader, ragged)
            except pa.ArrowInvalid as error:
                if "Empty CSV file" in str(error):
                    return
                raise SourceFileError(
                    f"{self.label}: cannot be read as delimited text: {error}",
                    hint="look for an unclosed quotation mark, or give `delimiter` in the mapping",
                ) from error

    def _numbered(self, batches: Any, ragged: list[tuple[int, str]]) -> Iterator[Frame]:
        """Give each row its number; rows of another width come in frames of their own.

        Arrow reports those (`ragged`) no later than the batch around them, possibly earlier.
        """
        import numpy as np
        import pyarrow as pa

        following = 1
        elsewhere: list[int] = []
        last = (0, "")
        for batch in batches:
            aside = sorted(ragged)
            ragged.clear()
            last = max([last, *((n, self._cells(text)[-1]) for n, text in aside)])
            elsewhere = [n for n in elsewhere if n >= following] + [n for n, _ in aside]
            skipped = np.array(elsewhere, dtype=np.int64)
            numbers = _numbers_without(following, batch.num_rows, skipped)
            if len(numbers):
                following = int(numbers[-1]) + 1
                last = max(last, (following - 1, _last_cell(batch)))
            numbers = numbers + (self.first_row_no - 1)
            for first in range(0, batch.num_rows, FRAME_ROWS):
                part = batch.slice(first, FRAME_ROWS)
                row_nos = pa.array(numbers[first : first + FRAME_ROWS], pa.int64())
                yield without_blank_rows(Frame(tuple(part.columns), row_nos))
            if aside:
                yield self._ragged_frame(aside)
        if ragged:
            yield self._ragged_frame(ragged)
            last = max([last, *((n, self._cells(text)[-1]) for n, text in ragged)])
        self._check_closed(*last)

    def _check_closed(self, number: int, last_cell: str) -> None:
        """An unclosed quote swallows all rows below it; Arrow takes that for one long cell.

        Raises:
            SourceFileError: the last cell runs over lines to the end of the file without a quote.
        """
        if "\n" not in last_cell:
            return
        with self.utf8.open("rb") as file:
            file.seek(max(0, self.utf8.stat().st_size - 64))
            ending = file.read().rstrip()
        if not ending.endswith(b'"'):
            row_no = number + self.first_row_no - 1
            raise SourceFileError(
                f"{self.label}: a quotation mark that opens in row {row_no} is never closed",
                hint="close it; everything below it would be lost otherwise",
            )

    def _cells(self, text: str) -> list[str]:
        return next(csv.reader([text], delimiter=self.delimiter), []) or [""]

    def _ragged_frame(self, aside: Sequence[tuple[int, str]]) -> Frame:
        """Short rows are padded; long ones are faults unless the surplus is blank."""
        import pyarrow as pa

        rows: list[list[str]] = []
        faults: list[Fault] = []
        for index, (_number, text) in enumerate(aside):
            cells = self._cells(text)
            if any(cell.strip() for cell in cells[self.width :]):
                faults.append(Fault(index, None, text[:200], "too_many_cells"))
            rows.append((cells + [""] * self.width)[: self.width])
        columns = tuple(
            pa.array([row[position] or None for row in rows], pa.string())
            for position in range(self.width)
        )
        numbers = [number + self.first_row_no - 1 for number, _ in aside]
        return Frame(columns, pa.array(numbers, pa.int64()), tuple(faults))


def _last_cell(batch: Any) -> str:
    """The text of the last filled cell of the last row; empty where the row is blank."""
    for column in reversed(batch.columns):
        cell = column[-1].as_py()
        if cell is not None:
            return str(cell)
    return ""


def _numbers_without(first: int, count: int, skipped: Any) -> Any:
    """The `count` whole numbers from `first` on that are not in `skipped` (numpy, sorted)."""
    import numpy as np

    numbers = np.arange(first, first + count + len(skipped), dtype=np.int64)
    if len(skipped):
        numbers = numbers[~np.isin(numbers, skipped)]
    return numbers[:count]


def without_blank_rows(frame: Frame) -> Frame:
    """The frame without rows in which no cell has a value (faultless frames of arrays only)."""
    from tools.erp.arrow import kept, kernels

    pc = kernels()
    blank: Any = None
    for column in frame.columns:
        if column is None or isinstance(column, list) or column.null_count == 0:
            return frame
        empty = pc.is_null(column)
        blank = empty if blank is None else pc.and_(blank, empty)
    if blank is None or not pc.any(blank).as_py():
        return frame
    filled = pc.invert(blank)
    columns = tuple(None if c is None else kept(c, filled) for c in frame.columns)
    return Frame(columns, frame.row_nos.filter(filled))


def open_csv(path: Path, label: str, options: ReadOptions, names: Sequence[str]) -> CsvSheet:
    """Open delimited text; `names` are the columns that the mapping asks for.

    Raises:
        SourceFileError: unreadable, empty, or with no header that holds any of `names`.
    """
    encoding = options.encoding or detect_encoding(path)
    utf8 = _as_utf8(path, label, encoding)
    choices = [options.delimiter] if options.delimiter else list(DELIMITERS)
    best: tuple[tuple[int, int], str, _Head, HeaderBlock | None] | None = None
    broken: csv.Error | None = None
    for delimiter in choices:
        try:
            head = _read_head(utf8, delimiter)
        except csv.Error as error:
            broken = error
            continue
        block, hits = _header_of(head.rows, options, names)
        widths = Counter(len(row) for row in head.rows if row)
        common = widths.most_common(1)[0][0] if widths else 0
        score = (hits, common)
        if best is None or score > best[0]:
            best = (score, delimiter, head, block)
    if best is None:
        raise SourceFileError(
            f"{label}: cannot be read as delimited text: {broken}",
            hint="look for an unclosed quotation mark",
        ) from broken
    _score, delimiter, head, block = best
    if not any(head.rows):
        raise SourceFileError(f"{label}: the file is empty")
    if options.header_rows == ():
        found: tuple[Header, ...] = ()
        last_row, unit = options.skip_rows - 1, None
    elif block is None:
        raise no_header(label, head.rows, names)
    else:
        last_row, unit, found = block.last_row, block.unit, block.headers
    width = max([len(found), *(len(row) for row in head.rows[last_row + 1 :])])
    headers = padded(found, width)
    sheet = CsvSheet(
        utf8=utf8,
        label=label,
        headers=headers,
        unit=unit,
        encoding=None if encoding.startswith("utf-8") else encoding,
        delimiter=delimiter,
        width=width,
        start=head.ends[last_row] if last_row >= 0 else head.begin,
        first_row_no=last_row + 2,
    )
    if utf8 != path:
        weakref.finalize(sheet, shutil.rmtree, utf8.parent, ignore_errors=True)
    return sheet


def padded(headers: tuple[Header, ...], width: int) -> tuple[Header, ...]:
    """The headers, with letters for the columns up to `width` that have none."""
    rest = [letters(index) for index in range(len(headers), width)]
    return headers + tuple(
        Header(index, name, name) for index, name in enumerate(rest, start=len(headers))
    )


def _header_of(
    rows: Sequence[Sequence[str]], options: ReadOptions, names: Sequence[str]
) -> tuple[HeaderBlock | None, int]:
    if options.header_rows == ():
        return None, 0
    if options.header_rows is None:
        return find_header(rows, names, skip_rows=options.skip_rows)
    wanted = [row - 1 for row in options.header_rows]
    if wanted[-1] >= len(rows):
        return None, 0
    block = fixed_header(rows, wanted, ())
    return block, len(names)


def no_header(label: str, rows: Sequence[Sequence[Any]], names: Sequence[str]) -> SourceFileError:
    """The error for a file in which no row looks like the header."""
    first = next((row for row in rows if any(row)), [])
    seen = ", ".join(str(cell) for cell in first if cell not in (None, ""))[:200]
    return SourceFileError(
        f"{label}: no header row with the columns {', '.join(names)} (first row: {seen})",
        hint="correct the column names in the mapping, or give `header_rows`",
    )


@dataclass(frozen=True, slots=True)
class _Head:
    """The first records, the byte before them, and the byte after each."""

    rows: list[list[str]]
    begin: int
    ends: list[int]


def _read_head(utf8: Path, delimiter: str) -> _Head:
    rows: list[list[str]] = []
    ends: list[int] = []
    with utf8.open("rb") as file:
        begin = 3 if file.read(3) == codecs.BOM_UTF8 else 0
        file.seek(begin)
        reader = csv.reader(_lines(file.readline), delimiter=delimiter)
        for row in reader:
            rows.append(row)
            ends.append(file.tell())
            if len(rows) >= SEARCH_ROWS + 20:
                break
    return _Head(rows, begin, ends)


def _lines(readline: Callable[[], bytes]) -> Iterator[str]:
    while line := readline():
        yield line.decode("utf-8")


def _as_utf8(path: Path, label: str, encoding: str) -> Path:
    """The file itself where Arrow can read it in place, else a copy in UTF-8, with plain line ends.

    The copy lies in a temporary folder of its own, which whoever uses it removes.
    """
    if encoding in ("utf-8", "utf-8-sig") and not _old_mac_lines(path):
        return path
    copy = Path(tempfile.mkdtemp(prefix="leadline-")) / "copy.csv"
    try:
        with (
            path.open(encoding=encoding, newline=None) as source,
            copy.open("w", encoding="utf-8", newline="\n") as target,
        ):
            shutil.copyfileobj(source, target, 1 << 20)
    except (UnicodeDecodeError, LookupError) as error:
        shutil.rmtree(copy.parent, ignore_errors=True)
        raise SourceFileError(
            f"{label}: cannot be read as {encoding}: {error}",
            hint="correct or remove `encoding` in the mapping",
        ) from error
    return copy


def _old_mac_lines(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(1 << 16)
    return b"\r" in start and b"\n" not in start
