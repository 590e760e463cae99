"""A mapping meets a real sheet: which column of the sheet is meant, and which unit it is in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from knowledge.warehouse.batch import Notice
from tools.erp.cells import FACTORS
from tools.erp.columns import CellRules
from tools.erp.folder import SourceFolder
from tools.erp.mapping import ColumnMapping, FileMapping, Mapping, TableMapping, places
from tools.erp.mapping_document import SPECIAL_COLUMNS, FileSpec
from tools.erp.origins import resolve_column
from tools.erp.sheets import ReadOptions, Sheet
from tools.erp.totals import TOTAL_WORDS
from tools.erp.yaml_lines import Path as DocumentPath

NO_MONEY = frozenset(
    {"quantity", "units_balance", "units_in", "units_out", "discount_rate", "probability"}
)
"""Numeric columns that a heading's 万元 does not concern."""


@dataclass(frozen=True, slots=True)
class BoundColumn:
    """One canonical column, ready to be read from one sheet.

    `label` is what an error calls the column: the sheet's own heading where there is one.
    """

    mapping: ColumnMapping
    rules: CellRules
    label: str


@dataclass(frozen=True, slots=True)
class BoundTable:
    """One table fed by one sheet of one file. `index` leads from a mapping's names to positions."""

    file: str
    sheet: Sheet
    table: TableMapping
    columns: tuple[BoundColumn, ...]
    index: dict[str, int]
    key_columns: tuple[int, ...]
    """Positions of the source columns of which the row's key is made."""
    total_words: tuple[str, ...]
    notices: tuple[Notice, ...]

    @property
    def shown(self) -> str:
        """The file and its sheet, as messages call them."""
        return shown_as(self.file, self.sheet)


def shown_as(file: str, sheet: Sheet) -> str:
    """A file's name with that of its sheet, where it has sheets."""
    return file if sheet.name is None else f"{file} [{sheet.name}]"


def read_options(spec: FileSpec) -> ReadOptions:
    """What a `files:` entry says about reading."""
    return ReadOptions(
        sheet=spec.sheet,
        header_rows=spec.header_rows,
        skip_rows=spec.skip_rows,
        encoding=spec.encoding,
        delimiter=spec.delimiter,
    )


def names_read(table: TableMapping) -> list[tuple[str, DocumentPath]]:
    """The source columns that a table's mapping reads, each with its place in the document."""
    found: list[tuple[str, DocumentPath]] = []
    for column in table.columns:
        spec = column.spec
        if spec.column is not None:
            found.append((spec.column, column.path))
        found += [(name, column.path) for name in spec.join or ()]
        found += [(name, column.path) for name in places(spec.template or "")]
    found += [(name, path) for name, _where, path in table.where]
    if table.keep is not None:
        name = table.keep.first_by or table.keep.last_by
        if name is not None:
            found.append((name, (*table.path, "keep")))
    return [(name, path) for name, path in found if name not in SPECIAL_COLUMNS]


def bind(folder: SourceFolder, mapping: Mapping, file: FileMapping) -> list[BoundTable]:
    """Open the files of an entry and bind each of its tables to each of their sheets.

    Raises:
        MappingError: a column is not there, or more than one is meant.
        SourceFileError: a file cannot be read.
    """
    bound = []
    options = read_options(file.spec)
    for path in folder.match(file.spec.file):
        label = folder.label(path)
        for sheet in folder.open(path, options):
            bound += [_bind_table(label, sheet, mapping, file, table) for table in file.tables]
    return bound


def _bind_table(
    label: str, sheet: Sheet, mapping: Mapping, file: FileMapping, table: TableMapping
) -> BoundTable:
    shown = shown_as(label, sheet)
    index = {
        name: resolve_column(sheet, shown, name, mapping, path).index
        for name, path in names_read(table)
    }
    notices: list[Notice] = []
    columns = []
    for column in table.columns:
        rules = _with_header_unit(column, sheet, index, table.table, notices)
        columns.append(BoundColumn(column, rules, _label(column, sheet, index)))
    key_names = set(table.built_key or ("ext_id",)) | set(table.key)
    key_columns = {
        index[name]
        for column in table.columns
        if column.target.name in key_names
        for name in _own_names(column)
    }
    return BoundTable(
        file=label,
        sheet=sheet,
        table=table,
        columns=tuple(columns),
        index=index,
        key_columns=tuple(sorted(key_columns)),
        total_words=_total_words(file.spec, sheet),
        notices=tuple(notices),
    )


def _own_names(column: ColumnMapping) -> list[str]:
    spec = column.spec
    names = [*places(spec.template or ""), *(spec.join or ())]
    if spec.column is not None:
        names.append(spec.column)
    return [name for name in names if name not in SPECIAL_COLUMNS]


def _label(column: ColumnMapping, sheet: Sheet, index: dict[str, int]) -> str:
    name = column.spec.column
    if name is None or name not in index:
        return column.target.name
    return sheet.headers[index[name]].text or name


def _with_header_unit(
    column: ColumnMapping,
    sheet: Sheet,
    index: dict[str, int],
    table: str,
    notices: list[Notice],
) -> CellRules:
    """The column's rules, with the unit of the heading where the mapping gives none."""
    name, target = column.spec.column, column.target
    if name not in index or target.kind != "amount" or target.name in NO_MONEY:
        return column.rules
    header = sheet.headers[index[name]]
    unit = header.unit or sheet.unit
    if unit is None or FACTORS[unit] == column.rules.factor:
        return column.rules
    if column.spec.unit is not None:
        values = {"column": header.text, "header_unit": unit, "unit": column.spec.unit}
        notices.append(Notice("unit_differs", table, values))
        return column.rules
    notices.append(Notice("unit_from_header", table, {"column": header.text, "unit": unit}))
    return replace(column.rules, factor=FACTORS[unit])


def _total_words(spec: FileSpec, sheet: Sheet) -> tuple[str, ...]:
    if spec.totals is None:
        return TOTAL_WORDS if sheet.has_totals else ()
    if isinstance(spec.totals, bool):
        return TOTAL_WORDS if spec.totals else ()
    return spec.totals
