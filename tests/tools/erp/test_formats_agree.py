"""The same rows give the same batch, whatever kind of file they come in."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from pyarrow import parquet

from tests.tools.erp.reading import Collected, read_table

HEADINGS = ("编码", "名称", "营业额", "签约", "员工")
MAPPING = """
    source: s
    currency: CNY
    files:
      - file: p.*
        tables:
          partner:
            columns:
              {ext_id: 编码, name: 名称, annual_revenue: 营业额, joined_on: 签约, employees: 员工}
"""
NAMES = (
    st.text("云帆软件ABC甲乙丙 -（）", min_size=1, max_size=8)
    .map(str.strip)
    .filter(lambda name: name not in ("", "-", "--"))
)
ROWS = st.lists(
    st.tuples(
        st.integers(1, 30).map(lambda n: f"P{n:03}"),
        NAMES,
        st.none() | st.decimals(-(10**9), 10**9, places=2),
        st.none() | st.dates(date(1960, 1, 1), date(2090, 12, 31)),
        st.none() | st.integers(0, 10**6),
    ),
    max_size=12,
)
Rows = Sequence[tuple[str, str, Decimal | None, date | None, int | None]]


def as_text(cell: Any) -> str:
    return "" if cell is None else str(cell)


def write_csv(folder: Path, rows: Rows, encoding: str) -> None:
    with (folder / "p.csv").open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows([as_text(cell) for cell in row] for row in rows)


def write_parquet(folder: Path, rows: Rows) -> None:
    kinds = (pa.string(), pa.string(), pa.decimal128(12, 2), pa.date32(), pa.int32())
    columns = [pa.array([row[i] for row in rows], kind) for i, kind in enumerate(kinds)]
    parquet.write_table(pa.table(columns, names=list(HEADINGS)), folder / "p.parquet")


def write_workbook(folder: Path, rows: Rows, *, typed: bool) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADINGS)
    for row in rows:
        # a workbook keeps numbers as floats; two decimals below 10⁹ survive that
        sheet.append(
            [float(c) if isinstance(c, Decimal) else c for c in row]
            if typed
            else [*map(as_text, row)]
        )
    book.save(folder / "p.xlsx")


def comparable(found: Collected) -> tuple[Any, ...]:
    errors = sorted((e.column, e.value, e.reason.partition(":")[0]) for e in found.errors)
    rows = sorted(found.rows, key=lambda row: str(row["ext_id"]))
    names = [(n.code, dict(n.values)) for n in found.notices if n.code == "shared_name"]
    return rows, errors, found.tally, names


@settings(max_examples=12)
@given(rows=ROWS)
def test_csv_parquet_and_workbooks_agree(
    rows: Rows, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outcomes = []
    for write in (
        lambda folder: write_csv(folder, rows, "utf-8"),
        lambda folder: write_csv(folder, rows, "utf-8-sig"),
        lambda folder: write_csv(folder, rows, "gb18030"),
        lambda folder: write_parquet(folder, rows),
        lambda folder: write_workbook(folder, rows, typed=True),
        lambda folder: write_workbook(folder, rows, typed=False),
    ):
        folder = tmp_path_factory.mktemp("files")
        write(folder)
        outcomes.append(comparable(read_table(folder, MAPPING)))
    assert all(outcome == outcomes[0] for outcome in outcomes)
    assert outcomes[0][2].read == len(rows)
