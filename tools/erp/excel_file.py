"""Excel workbooks (.xlsx, .xlsm, .xls, .xlsb) and .ods, read by calamine.

What calamine passes over is looked up in the workbook's own XML: formulas that were never
calculated and error values. Both would otherwise look like empty cells.
"""

from __future__ import annotations

import fnmatch
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from leadline.errors import SourceFileError
from tools.erp.csv_file import no_header, padded
from tools.erp.headers import SEARCH_ROWS, Header, HeaderBlock, Merge, find_header, fixed_header
from tools.erp.sheets import FRAME_ROWS, Fault, Frame, ReadOptions

if TYPE_CHECKING:
    from tools.erp.arrow import RawColumn

EXTENSIONS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_POSITION = re.compile(rb'\br="([A-Z]+)(\d+)"')
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]+)</|<(?:\w+:)?is>")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class ExcelSheet:
    """One worksheet, held in memory; `cells` are the rows below the header."""

    name: str
    headers: tuple[Header, ...]
    unit: str | None
    cells: list[list[Any]]
    first_row_no: int
    faulty: dict[tuple[int, int], str] = field(default_factory=dict)
    """(row, column), both from 0 in the sheet → reason, for cells that only look empty."""
    encoding: None = None
    has_totals: bool = True

    @property
    def rows(self) -> int:
        """See `Sheet`."""
        return len(self.cells)

    def frames(self, needed: Sequence[int]) -> Iterator[Frame]:
        """See `Sheet`; all columns are handed on, since a total row may show in any of them."""
        del needed
        import pyarrow as pa

        width = len(self.headers)
        by_row: dict[int, list[tuple[int, str]]] = {}
        for (row, column), reason in self.faulty.items():
            by_row.setdefault(row, []).append((column, reason))
        for first in range(0, len(self.cells), FRAME_ROWS):
            part = [
                (first + index + self.first_row_no, row)
                for index, row in enumerate(self.cells[first : first + FRAME_ROWS])
                if any(cell not in ("", None) for cell in row)
            ]
            faults = [
                Fault(index, column, "", reason)
                for index, (row_no, _row) in enumerate(part)
                for column, reason in by_row.get(row_no - 1, ())
            ]
            columns = tuple(
                _typed([row[position] if position < len(row) else None for _, row in part])
                for position in range(width)
            )
            numbers = pa.array([row_no for row_no, _ in part], pa.int64())
            yield Frame(columns, numbers, tuple(faults))


def _typed(cells: list[Any]) -> RawColumn:
    """An Arrow array where the cells are all text, numbers or empty; else the cells themselves."""
    import pyarrow as pa

    values = [None if cell == "" else cell for cell in cells]
    kinds = {type(value) for value in values if value is not None}
    if not kinds:
        return pa.nulls(len(values))
    if kinds == {str}:
        return pa.array(values, pa.string())
    return values


def open_excel(
    path: Path, label: str, options: ReadOptions, names: Sequence[str]
) -> list[ExcelSheet]:
    """Open the sheets that `options.sheet` names (a pattern may name several).

    Without one: the only sheet, else the visible sheet whose header fits `names` best.

    Raises:
        SourceFileError: not a workbook, protected, no such sheet, or no header found.
    """
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_path(path)
        visible = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
    except (CalamineError, OSError) as error:
        raise SourceFileError(
            f"{label}: cannot be opened as a workbook: {error}",
            hint="is it protected by a password, or another kind of file with this name?",
        ) from error
    wanted = options.sheet
    if wanted is None:
        chosen = visible or book.sheet_names
    else:
        chosen = [name for name in book.sheet_names if name == wanted] or [
            name for name in book.sheet_names if fnmatch.fnmatchcase(name, wanted)
        ]
        if not chosen:
            raise SourceFileError(
                f"{label}: no sheet {wanted!r} (it has {', '.join(book.sheet_names)})",
                hint="correct `sheet` in the mapping",
            )
    read = [
        _read_sheet(book, path=path, label=label, name=name, options=options, names=names)
        for name in chosen
    ]
    found = [(sheet, hits) for sheet, hits, _rows in read if sheet is not None]
    if not found:
        raise no_header(f"{label} [{chosen[0]}]", read[0][2] if read else [], names)
    if wanted is None:
        return [max(found, key=lambda pair: pair[1])[0]]
    for name, (sheet, _hits, rows) in zip(chosen, read, strict=True):
        if sheet is None:
            raise no_header(f"{label} [{name}]", rows, names)
    return [sheet for sheet, _hits in found]


def _read_sheet(
    book: Any,
    *,
    path: Path,
    label: str,
    name: str,
    options: ReadOptions,
    names: Sequence[str],
) -> tuple[ExcelSheet | None, int, list[list[Any]]]:
    """The sheet (None without a header), how many of `names` its header holds, its first rows."""
    from python_calamine import CalamineError

    try:
        sheet = book.get_sheet_by_name(name)
        rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
        merges: list[Merge] = sheet.merged_cell_ranges or []
    except CalamineError as error:
        raise SourceFileError(f"{label} [{name}]: cannot be read: {error}") from error
    top = rows[: SEARCH_ROWS + 20]
    block, hits = _header_of(top, merges, options, names)
    if block is None:
        return None, 0, top
    first = block.last_row + 1
    width = max((len(row) for row in rows), default=0)
    _fill_merged(rows, merges, first)
    return (
        ExcelSheet(
            name=name,
            headers=padded(block.headers, width),
            unit=block.unit,
            cells=rows[first:],
            first_row_no=first + 1,
            faulty=_hidden_faults(path, name) if path.suffix.lower() in (".xlsx", ".xlsm") else {},
        ),
        hits,
        top,
    )


def _header_of(
    top: list[list[Any]], merges: Sequence[Merge], options: ReadOptions, names: Sequence[str]
) -> tuple[HeaderBlock | None, int]:
    if options.header_rows == ():
        return HeaderBlock(options.skip_rows - 1, ()), 1
    if options.header_rows is None:
        return find_header(top, names, merges, options.skip_rows)
    wanted = [row - 1 for row in options.header_rows]
    if wanted[-1] >= len(top):
        return None, 0
    return fixed_header(top, wanted, merges), len(names)


def _fill_merged(rows: list[list[Any]], merges: Sequence[Merge], first_row: int) -> None:
    """Repeat the text of merged cells below the header; a number is one value, not several."""
    for (top, left), (bottom, right) in merges:
        if top < first_row or top >= len(rows):
            continue
        value = rows[top][left]
        if not isinstance(value, str) or value == "":
            continue
        for row in rows[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                row[column] = value


def _hidden_faults(path: Path, sheet: str) -> dict[tuple[int, int], str]:
    """Cells of an OOXML sheet that hold an error, or a formula without a stored value."""
    faults: dict[tuple[int, int], str] = {}
    with zipfile.ZipFile(path) as archive:
        part = _part_of(archive, sheet)
        if part is None:
            return faults
        xml = archive.read(part)
    if b"<f" not in xml and b":f" not in xml and b't="e"' not in xml:
        return faults
    for match in _CELL.finditer(xml):
        attributes, body = match.group(1), match.group(2) or b""
        value = _VALUE.search(body)
        if b't="e"' in attributes and value is not None:
            reason = "cell_error"
        elif (b"<f" in body or b":f" in body) and value is None and b't="str"' not in attributes:
            reason = "formula_without_value"
        else:
            continue
        position = _POSITION.search(attributes)
        if position is not None:
            column = 0
            for letter in position.group(1):
                column = column * 26 + letter - 64
            faults[int(position.group(2)) - 1, column - 1] = reason
    return faults


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The archive member that holds the sheet called `sheet`."""
    try:
        book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
        relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except KeyError:
        return None
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for element in book.iter():
        if element.tag.endswith("}sheet") and element.get("name") == sheet:
            target = targets.get(element.get(_RELATION), "")
            name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return name if name in archive.namelist() else None
    return None
