"""Workbooks: sheets, merged cells, and cells that only look empty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from leadline.errors import SourceFileError
from tools.erp.excel_file import ExcelSheet, open_excel
from tools.erp.sheets import ReadOptions


def make(path: Path, fill: Callable[[Worksheet], None], title: str = "清单") -> Path:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    fill(sheet)
    book.save(path)
    return path


def rows_of(sheet: ExcelSheet) -> list[tuple[int, list[Any]]]:
    found: list[tuple[int, list[Any]]] = []
    for frame in sheet.frames([]):
        columns = [list(frame.column(i)) for i in range(len(frame.columns))]
        plain = [
            [getattr(cell, "as_py", lambda c=cell: c)() for cell in column] for column in columns
        ]
        found += zip(frame.row_nos.to_pylist(), map(list, zip(*plain, strict=True)), strict=True)
    return found


def only(path: Path, *names: str, **options: Any) -> ExcelSheet:
    (sheet,) = open_excel(path, path.name, ReadOptions(**options), names)
    return sheet


def plain(sheet: Worksheet) -> None:
    sheet.append(["编码", "名称", "金额"])
    sheet.append(["007", "云帆", 12])
    sheet.append([])
    sheet.append(["008", "云舟", "1,234.5"])


class TestCells:
    def test_rows_keep_their_numbers_and_codes_their_zeros(self, tmp_path: Path) -> None:
        sheet = only(make(tmp_path / "a.xlsx", plain), "编码")
        assert rows_of(sheet) == [(2, ["007", "云帆", 12.0]), (4, ["008", "云舟", "1,234.5"])]
        assert sheet.rows == 3  # the blank row among them

    def test_date_cells_are_dates(self, tmp_path: Path) -> None:
        def fill(sheet: Worksheet) -> None:
            sheet.append(["编码", "日期"])
            sheet.append(["P1", date(2026, 1, 5)])

        assert rows_of(only(make(tmp_path / "a.xlsx", fill), "编码"))[0][1][1] == date(2026, 1, 5)

    def test_text_of_merged_cells_reaches_down_numbers_do_not(self, tmp_path: Path) -> None:
        def fill(sheet: Worksheet) -> None:
            sheet.append(["大区", "编码", "金额"])
            sheet.append(["华东", "P1", 100])
            sheet.append([None, "P2", None])
            sheet.merge_cells("A2:A3")
            sheet.merge_cells("C2:C3")

        # one amount of 100 for both rows must not become 200
        assert rows_of(only(make(tmp_path / "a.xlsx", fill), "编码")) == [
            (2, ["华东", "P1", 100.0]),
            (3, ["华东", "P2", None]),
        ]

    def test_formulas_without_a_value_and_errors_are_faults(self, tmp_path: Path) -> None:
        def fill(sheet: Worksheet) -> None:
            sheet.append(["编码", "金额", "比率"])
            sheet.append(["P1", "=SUM(1,2)", 1])
            sheet.append(["P2", 5, "#N/A"])
            sheet.append(["P3", 6, 2])

        (frame,) = only(make(tmp_path / "a.xlsx", fill), "编码").frames([])
        assert [(f.index, f.column, f.reason) for f in frame.faults] == [
            (0, 1, "formula_without_value"),
            (1, 2, "cell_error"),
        ]


class TestHeaders:
    def test_two_rows_below_a_title(self, tmp_path: Path) -> None:
        def fill(sheet: Worksheet) -> None:
            sheet["A1"] = "渠道伙伴清单"
            sheet.merge_cells("A1:C1")
            for cell, text in (
                ("A2", "编码"),
                ("B2", "2025年（万元）"),
                ("B3", "营业额"),
                ("C3", "毛利"),
            ):
                sheet[cell] = text
            sheet.merge_cells("A2:A3")
            sheet.merge_cells("B2:C2")
            sheet.append(["P1", 3, 1])

        sheet = only(make(tmp_path / "a.xlsx", fill), "编码", "营业额")
        assert [h.text for h in sheet.headers] == [
            "编码",
            "2025年（万元） 营业额",
            "2025年（万元） 毛利",
        ]
        assert [h.unit for h in sheet.headers] == [None, "万元", "万元"]
        assert rows_of(sheet) == [(4, ["P1", 3.0, 1.0])]

    def test_given_rows_and_none(self, tmp_path: Path) -> None:
        path = make(tmp_path / "a.xlsx", plain)
        assert only(path, "云帆", header_rows=(2,)).headers[1].text == "云帆"
        assert [h.text for h in only(path, header_rows=()).headers] == ["A", "B", "C"]
        assert rows_of(only(path, header_rows=()))[0] == (1, ["编码", "名称", "金额"])

    def test_none_found(self, tmp_path: Path) -> None:
        with pytest.raises(SourceFileError, match=r"a\.xlsx \[清单\]: no header row .* 订单号"):
            only(make(tmp_path / "a.xlsx", plain), "订单号")


class TestSheets:
    @pytest.fixture
    def book(self, tmp_path: Path) -> Path:
        book = Workbook()
        first = book.active
        assert isinstance(first, Worksheet)
        first.title = "说明"
        first["A1"] = "编码"
        for name in ("2025年1月", "2025年2月"):
            sheet = book.create_sheet(name)
            sheet.append(["编码", "金额"])
            sheet.append([name, 1])
        path = tmp_path / "a.xlsx"
        book.save(path)
        return path

    def test_the_one_that_fits_best_is_read(self, book: Path) -> None:
        assert only(book, "编码", "金额").name == "2025年1月"

    def test_one_by_name(self, book: Path) -> None:
        assert only(book, "编码", "金额", sheet="2025年2月").name == "2025年2月"

    def test_several_by_pattern(self, book: Path) -> None:
        sheets = open_excel(book, "a.xlsx", ReadOptions(sheet="2025年*"), ["编码"])
        assert [sheet.name for sheet in sheets] == ["2025年1月", "2025年2月"]

    def test_a_named_sheet_without_the_header(self, book: Path) -> None:
        with pytest.raises(SourceFileError, match=r"\[说明\]: no header row"):
            only(book, "金额", sheet="说明")

    def test_a_sheet_that_is_not_there(self, book: Path) -> None:
        with pytest.raises(SourceFileError, match=r"no sheet '三月'.*2025年1月"):
            only(book, "编码", sheet="三月")

    def test_a_file_that_is_no_workbook(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        path.write_bytes(b"not a workbook")
        with pytest.raises(SourceFileError, match="cannot be opened as a workbook"):
            only(path, "编码")
