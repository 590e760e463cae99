"""From a mapping file to what the reader executes, every name in it checked.

A mistake is a `MappingError` that names the file and line, what is wrong, and the nearest name that
would be right. Columns of the source files are checked when the files are opened
(`tools.erp.binding`).
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from pydantic import ValidationError

from knowledge.warehouse.batch import natural_key, reference
from knowledge.warehouse.tables import BY_NAME, CANONICAL
from leadline.errors import MappingError
from tools.erp.cells import FACTORS
from tools.erp.columns import CellRules, Target, target_of
from tools.erp.mapping_document import (
    PARTS,
    SPECIAL_COLUMNS,
    ColumnSpec,
    FileSpec,
    KeepSpec,
    MappingSpec,
    WhereSpec,
)
from tools.erp.yaml_lines import Document, read_yaml
from tools.erp.yaml_lines import Path as DocumentPath

LOADERS_COLUMNS = frozenset({"id", "source", "payload_hash", "synced_at", "deleted_at", "batch_id"})
"""Columns that only the loader fills."""

BUILT_KEYS: dict[str, tuple[str, ...]] = {
    "inventory_snapshot": ("snapshot_date", "warehouse_id", "product_id", "partner_id"),
    "target": (
        "measure",
        "grain",
        "period_start",
        "region_id",
        "territory_id",
        "partner_id",
        "salesperson_id",
        "product_line",
    ),
    "macro_indicator": ("series", "region_id", "territory_id", "period_start", "vintage"),
}
"""Tables without a number of their own: what `ext_id` is built from where it is not mapped."""

READER_VERSION = 1
"""Raised when the same files by the same mapping give other rows than before."""

_PLACE = re.compile(r"\{([^{}]*)\}")
_DEFAULT_ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """One canonical column and where it comes from. `path` leads to it in the document."""

    target: Target
    spec: ColumnSpec
    rules: CellRules
    required: bool
    path: DocumentPath


@dataclass(frozen=True, slots=True)
class TableMapping:
    """One table that a file fills."""

    table: str
    columns: tuple[ColumnMapping, ...]
    where: tuple[tuple[str, WhereSpec, DocumentPath], ...]
    keep: KeepSpec | None
    key: tuple[str, ...]
    """The natural key, without `source`."""
    built_key: tuple[str, ...]
    """Columns of which `ext_id` is built; empty where it is mapped."""
    path: DocumentPath


@dataclass(frozen=True, slots=True)
class FileMapping:
    """One `files:` entry."""

    spec: FileSpec
    tables: tuple[TableMapping, ...]
    path: DocumentPath


@dataclass(frozen=True, slots=True)
class Mapping:
    """A checked mapping. `sha256` covers all that decides how the same files are read."""

    source: str
    currency: str | None
    timezone: str
    files: tuple[FileMapping, ...]
    sha256: str
    document: Document

    def error(self, message: str, path: DocumentPath, *, hint: str = "") -> MappingError:
        """A MappingError that names the line of `path`."""
        return MappingError(message, where=self.document.where(path), hint=hint)


def load_mapping(path: Path, *, timezone: str = _DEFAULT_ZONE) -> Mapping:
    """Read and check a mapping file.

    Args:
        path: the YAML file.
        timezone: of moments without an offset, unless the mapping names another.

    Raises:
        MappingError: the file is missing, no YAML, or names what does not exist.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise MappingError(f"cannot read the mapping {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise MappingError(f"{path} is not UTF-8", hint="save it as UTF-8") from error
    return parse_mapping(text, path.name, timezone=timezone)


def parse_mapping(text: str, name: str, *, timezone: str = _DEFAULT_ZONE) -> Mapping:
    """Check a mapping document given as text; `name` is how errors call it.

    Raises:
        MappingError: as `load_mapping`.
    """
    document = read_yaml(text, name)
    if not isinstance(document.data, dict):
        raise MappingError("a mapping starts with `source:` and `files:`", where=document.where(()))
    try:
        spec = MappingSpec.model_validate(document.data)
    except ValidationError as error:
        raise _explained(error, document) from error
    zone = spec.timezone or timezone
    _check_zone(zone, document)
    checker = _Checker(spec, document, zone)
    return Mapping(
        source=spec.source,
        currency=spec.currency,
        timezone=zone,
        files=tuple(checker.file(file, ("files", i)) for i, file in enumerate(spec.files)),
        sha256=hashlib.sha256(f"{READER_VERSION}\n{zone}\n{text}".encode()).hexdigest(),
        document=document,
    )


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint: the known name that resembles `name` most, and all of them where they are few."""
    options = list(dict.fromkeys(known))
    close = difflib.get_close_matches(name, options, n=1, cutoff=0.6)
    meant = f"did you mean {close[0]!r}?" if close else ""
    if len(options) <= (8 if close else 30):
        return f"{meant} known are {', '.join(options)}".lstrip()
    return meant


def places(template: str) -> list[str]:
    """The source columns that a template names."""
    return _PLACE.findall(template)


def literals(template: str) -> list[str]:
    """The text before, between and after the places; always one more than there are places."""
    return _PLACE.split(template)[::2]


def source_columns(spec: ColumnSpec) -> list[str]:
    """The columns of its own file that a column's mapping reads, special ones left out."""
    names = [spec.column] if spec.column is not None else list(spec.join or ())
    if spec.template is not None:
        names = places(spec.template)
    return [name for name in names if name not in SPECIAL_COLUMNS]


def _check_zone(zone: str, document: Document) -> None:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise MappingError(
            f"unknown timezone {zone!r}",
            where=document.where(("timezone",)),
            hint="write it as in Asia/Shanghai",
        ) from error


def _explained(error: ValidationError, document: Document) -> MappingError:
    """The first fault that pydantic found, with its line and in plain words."""
    # a misspelt option is also a missing one; the misspelling says more
    faults = sorted(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")
    fault = faults[0]
    path = tuple(step for step in fault["loc"] if step != "[key]")
    where = document.where(path)
    name = str(path[-1]) if path else ""
    if fault["type"] == "extra_forbidden":
        options = _options_at(path[:-1])
        return MappingError(f"unknown option {name!r}", where=where, hint=nearest(name, options))
    if fault["type"] == "missing":
        return MappingError(f"{name!r} is missing here", where=document.where(path[:-1]))
    message = fault["msg"].removeprefix("Value error, ")
    return MappingError(f"{name}: {message}" if name else message, where=where)


def _options_at(path: DocumentPath) -> list[str]:
    for pattern, part in PARTS:
        if len(pattern) == len(path) and all(
            step in ("*", place) for step, place in zip(pattern, path, strict=True)
        ):
            return [field.alias or name for name, field in part.model_fields.items()]
    return []


@dataclass(frozen=True, slots=True)
class _Checker:
    """Checks the parts of one document against the canonical tables."""

    spec: MappingSpec
    document: Document
    zone: str

    def _error(self, message: str, path: DocumentPath, hint: str = "") -> MappingError:
        return MappingError(message, where=self.document.where(path), hint=hint)

    def file(self, file: FileSpec, path: DocumentPath) -> FileMapping:
        """One entry of `files:`."""
        if file.header_rows and list(file.header_rows) != sorted(set(file.header_rows)):
            raise self._error("header_rows must ascend", (*path, "header_rows"))
        tables = tuple(self._table(name, file, (*path, "tables", name)) for name in file.tables)
        return FileMapping(file, tables, path)

    def _table(self, name: str, file: FileSpec, path: DocumentPath) -> TableMapping:
        if name not in BY_NAME:
            hint = nearest(name, (table.name for table in CANONICAL))
            raise self._error(f"unknown table {name!r}", path, hint)
        table, spec = BY_NAME[name], file.tables[name]
        columns = {
            mapped.target.name: mapped
            for mapped in (
                self._column(table, written, column, (*path, "columns", written))
                for written, column in spec.columns.items()
            )
        }
        if self.spec.currency and "currency" in table.c and "currency" not in columns:
            constant = ColumnSpec(const=self.spec.currency)
            columns["currency"] = self._column(table, "currency", constant, path)
        key = natural_key(name)
        built: tuple[str, ...] = ()
        if "ext_id" not in columns:
            built = self._built_key(name, key, path)
        self._check_required(table, columns, (*path, "columns"))
        conditions = [
            (column, where, (*path, "where", column)) for column, where in spec.where.items()
        ]
        conditions += [
            (column, where, (*path[:2], "where", column)) for column, where in file.where.items()
        ]
        return TableMapping(
            name, tuple(columns.values()), tuple(conditions), spec.keep, key, built, path
        )

    def _built_key(self, table: str, key: tuple[str, ...], path: DocumentPath) -> tuple[str, ...]:
        if key != ("ext_id",):
            return key
        if table in BUILT_KEYS:
            return BUILT_KEYS[table]
        raise self._error(
            f"{table} needs ext_id: what identifies a row of it in this source",
            (*path, "columns"),
            'map a column with a code, or a template such as "{Code}-{Date}"',
        )

    def _check_required(
        self, table: sa.Table, columns: dict[str, ColumnMapping], path: DocumentPath
    ) -> None:
        for column in table.c:
            if column.nullable or column.name in LOADERS_COLUMNS or column.name == "ext_id":
                continue
            if column.name not in columns:
                name = column.name.removesuffix("_id") if reference(column) else column.name
                raise self._error(
                    f"{table.name} needs {name!r}", path, "map it to a column or give a `const`"
                )

    def _column(
        self, table: sa.Table, written: str, spec: ColumnSpec, path: DocumentPath
    ) -> ColumnMapping:
        column = self._canonical(table, written, path)
        target = target_of(column)
        self._check_options(target, spec, path)
        factor = Decimal(1) if spec.unit is None else FACTORS[spec.unit]
        key = column.name in natural_key(table.name)
        return ColumnMapping(
            target=target,
            spec=spec,
            rules=CellRules(factor, spec.date_format, self.spec.currency, self.zone),
            required=spec.required or not column.nullable or key,
            path=path,
        )

    def _canonical(self, table: sa.Table, written: str, path: DocumentPath) -> sa.Column[Any]:
        names = {
            (column.name.removesuffix("_id") if reference(column) else column.name): column
            for column in table.c
            if column.name not in LOADERS_COLUMNS
        }
        if written in names:
            return names[written]
        for column in names.values():
            if column.name == written:
                raise self._error(
                    f"{written!r} is a reference",
                    path,
                    f"write {written.removesuffix('_id')!r} and give the ext_id of the row meant",
                )
        raise self._error(f"{table.name} has no column {written!r}", path, nearest(written, names))

    def _check_options(self, target: Target, spec: ColumnSpec, path: DocumentPath) -> None:
        numeric = target.kind in ("amount", "real", "whole")
        if spec.unit is not None:
            if not numeric:
                raise self._error(
                    f"{target.name} takes no unit: it is not a number", (*path, "unit")
                )
            if spec.unit not in FACTORS:
                raise self._error(
                    f"unknown unit {spec.unit!r}", (*path, "unit"), nearest(spec.unit, FACTORS)
                )
        if spec.date_format and target.kind not in ("day", "instant"):
            raise self._error(f"{target.name} is not a date", (*path, "date_format"))
        for pattern in spec.date_format:
            if "%" not in pattern:
                raise self._error(
                    f"{pattern!r} is no date format",
                    (*path, "date_format"),
                    "write it in strptime codes, e.g. %d/%m/%Y or %Y年%m月",
                )
        if spec.unmatched is not None and spec.map is None and not spec.lookup:
            raise self._error("`unmatched` goes with `map` or `lookup`", (*path, "unmatched"))
        if spec.split is not None and (spec.split.part == 0 or not spec.split.by):
            raise self._error(
                "split needs a text in `by`, and a `part` of 1, 2, … or -1", (*path, "split")
            )
        if spec.template is not None and not places(spec.template):
            raise self._error(
                f"the template {spec.template!r} names no column",
                (*path, "template"),
                'write it as in "{OrderNo}-{LineNo}", or use `const`',
            )
        for text in (spec.template, *(lookup.take for lookup in spec.lookup)):
            self._check_template(text, path)

    def _check_template(self, text: str | None, path: DocumentPath) -> None:
        if text is None:
            return
        if "" in places(text) or re.search(r"[{}]", _PLACE.sub("", text)):
            raise self._error(
                f"the template {text!r} has a brace without a column in it",
                path,
                'write it as in "{OrderNo}-{LineNo}"',
            )
