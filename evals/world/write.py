"""Tables to files: GBK and UTF-8 CSV, workbooks, Parquet; bad rows put in on the way."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from evals.world.faults import BadRow, faults_of, positions
from evals.world.layout import (
    CSV_FILES,
    PARQUET_FILES,
    SHEETS,
    CellStyle,
    CsvLayout,
    ParquetLayout,
    SheetLayout,
)
from evals.world.xlsx import Cell, Sheet, column_letters, write_workbook

TOTAL = "合计"


def write_files(
    folder: Path, rng: np.random.Generator, tables: dict[str, pd.DataFrame]
) -> tuple[dict[str, int], list[BadRow]]:
    """Write every table to its file.

    Args:
        folder: made if need be; files of the same names are overwritten.
        rng: decides where the bad rows go.
        tables: by the names that the layouts use, with the columns that they name.

    Returns:
        Good rows per file (per `file#sheet` of a workbook), and where the bad rows are.
    """
    rows: dict[str, int] = {}
    bad: list[BadRow] = []
    for csv_layout in CSV_FILES:
        table = tables[csv_layout.table]
        bad += _write_csv(folder, rng, csv_layout, table)
        rows[csv_layout.path] = len(table)
    for parquet_layout in PARQUET_FILES:
        table = tables[parquet_layout.table]
        bad += _write_parquet(folder, rng, parquet_layout, table)
        rows[parquet_layout.path] = len(table)
    books: dict[str, list[Sheet]] = {}
    for sheet_layout in SHEETS:
        table = tables[sheet_layout.table]
        sheet, found = _make_sheet(rng, sheet_layout, table)
        books.setdefault(sheet_layout.path, []).append(sheet)
        bad += found
        rows[f"{sheet_layout.path}#{sheet_layout.sheet}"] = len(table)
    for path, sheets in books.items():
        write_workbook(_made(folder, path), sheets)
    return rows, bad


def _made(folder: Path, path: str) -> Path:
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _write_csv(
    folder: Path, rng: np.random.Generator, layout: CsvLayout, table: pd.DataFrame
) -> list[BadRow]:
    shown = table[list(layout.columns)].rename(columns=layout.columns)
    for column, style in layout.cells.items():
        heading = layout.columns[column]
        shown[heading] = [_money_text(value, style) for value in shown[heading].tolist()]
    ending = "\r\n" if layout.encoding == "gbk" else "\n"
    text = shown.to_csv(
        index=False, float_format="%.2f", date_format=layout.date_format, lineterminator=ending
    )
    lines = text.split(ending)[:-1]
    bad: list[BadRow] = []
    faults = faults_of(layout.table)
    for fault, place in zip(faults, positions(rng, len(table), len(faults)), strict=True):
        values = dict(zip(layout.columns, next(csv.reader([lines[place]])), strict=True))
        values[fault.column] = fault.value
        if fault.key is not None:
            values[fault.key[0]] = str(fault.key[1])
        lines.insert(place + 1, _csv_line(list(values.values())))
        heading = layout.columns[fault.column]
        bad.append(
            BadRow(layout.path, None, place + 2, heading, fault.value, fault.reason, layout.table)
        )
    content = ending.join([*lines, ""])
    _made(folder, layout.path).write_bytes(content.encode(layout.encoding))
    return bad


def _money_text(value: float, style: CellStyle) -> str:
    if style == "yuan":
        return f"￥{value:,.2f}"
    return f"（{-value:,.2f}）" if value < 0 else f"{value:,.2f}"


def _csv_line(values: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(values)
    return line.getvalue()


def _write_parquet(
    folder: Path, rng: np.random.Generator, layout: ParquetLayout, table: pd.DataFrame
) -> list[BadRow]:
    shown = table[list(layout.columns)].reset_index(drop=True)
    bad: list[BadRow] = []
    faults = faults_of(layout.table)
    for fault, place in zip(faults, positions(rng, len(table), len(faults)), strict=True):
        row = shown.iloc[[place]].copy()
        row[fault.column] = fault.value
        if fault.key is not None:
            row[fault.key[0]] = fault.key[1]
        shown = pd.concat([shown.iloc[:place], row, shown.iloc[place:]], ignore_index=True)
        heading = layout.columns[fault.column]
        bad.append(
            BadRow(layout.path, None, place + 1, heading, fault.value, fault.reason, layout.table)
        )
    for column in layout.money:
        shown[column] = pd.Series(_decimals(shown[column].tolist()), dtype=object)
    shown.rename(columns=layout.columns).to_parquet(_made(folder, layout.path), index=False)
    return bad


def _decimals(values: list[float]) -> list[Decimal]:
    exact = {value: Decimal(f"{value:.2f}") for value in set(values)}
    return [exact[value] for value in values]


def _make_sheet(
    rng: np.random.Generator, layout: SheetLayout, table: pd.DataFrame
) -> tuple[Sheet, list[BadRow]]:
    header, merged = _header(layout)
    columns = [_cells(table[column], column in layout.chinese_dates) for column in layout.columns]
    rows: list[list[Cell]] = [list(row) for row in zip(*columns, strict=True)]
    names = list(layout.columns)
    bad: list[BadRow] = []
    faults = faults_of(layout.table)
    for fault, place in zip(faults, positions(rng, len(table), len(faults)), strict=True):
        row = list(rows[place])
        row[names.index(fault.column)] = fault.value or None
        if fault.key is not None:
            row[names.index(fault.key[0])] = fault.key[1]
        rows.insert(place, row)
        bad.append(
            BadRow(
                layout.path,
                layout.sheet,
                place + layout.header_rows + 1,
                layout.columns[fault.column],
                fault.value,
                fault.reason,
                layout.table,
            )
        )
    if layout.totals:
        closing: list[Cell] = [None] * len(names)
        closing[0] = TOTAL
        for column in layout.totals:
            closing[names.index(column)] = round(float(table[column].sum()), 2)
        rows.append(closing)
    return Sheet(layout.sheet, [*header, *rows], merged), bad


def _header(layout: SheetLayout) -> tuple[list[list[Cell]], list[str]]:
    """One header row, or two with a group's name merged over its columns."""
    headings: list[Cell] = list(layout.columns.values())
    if not layout.groups:
        return [headings], []
    upper: list[Cell] = [None] * len(headings)
    lower = list(headings)
    merged: list[str] = []
    groups = [layout.groups.get(column, "") for column in layout.columns]
    start = 0
    for index, group in enumerate(groups):
        if not group:
            upper[index], lower[index] = headings[index], None
            merged.append(f"{column_letters(index)}1:{column_letters(index)}2")
            continue
        if index == 0 or groups[index - 1] != group:
            start, upper[index] = index, group
        if index + 1 == len(groups) or groups[index + 1] != group:
            merged.append(f"{column_letters(start)}1:{column_letters(index)}1")
    return [upper, lower], merged


def _cells(column: pd.Series[Any], chinese: bool) -> list[Cell]:
    """Plain Python values; a missing one is an empty cell."""
    values: list[Cell] = [
        None if missing else value.date() if isinstance(value, pd.Timestamp) else value
        for value, missing in zip(column.tolist(), column.isna().tolist(), strict=True)
    ]
    if not chinese:
        return values
    return [
        f"{value.year}年{value.month}月{value.day}日" if isinstance(value, date) else value
        for value in values
    ]
