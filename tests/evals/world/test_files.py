"""The files themselves: byte for byte the same, styled like real exports, consistent keys."""

from __future__ import annotations

import ast
import sys
from datetime import date
from pathlib import Path
from typing import ClassVar

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import evals.world
from evals.world.__main__ import main
from evals.world.generator import TRUTH_FILE, generate
from evals.world.layout import CSV_FILES, PARQUET_FILES, SHEETS
from evals.world.world import simulate
from evals.world.xlsx import Cell, Sheet, column_letters, write_workbook
from tests.evals.world.conftest import SMALL, Written


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


class TestDeterminism:
    def test_the_same_seed_gives_the_same_bytes(self, small: Written, tmp_path: Path) -> None:
        generate(tmp_path, seed=7, scale=SMALL)
        assert contents(tmp_path) == contents(small.summary.folder)

    def test_another_seed_gives_another_channel(self, small: Written, tmp_path: Path) -> None:
        generate(tmp_path, seed=8, scale=SMALL)
        own, other = contents(small.summary.folder), contents(tmp_path)
        assert own.keys() == other.keys()
        same = {name for name, data in own.items() if other[name] == data}
        assert {Path(name).stem for name in same} == {"大区", "省份", "省份负责人"}

    def test_writing_again_over_a_folder_changes_nothing(self, small: Written) -> None:
        before = contents(small.summary.folder)
        generate(small.summary.folder, seed=7, scale=SMALL)
        assert contents(small.summary.folder) == before


class TestSize:
    def test_the_full_world(self, full: Written) -> None:
        rows = full.summary.rows
        assert rows["主数据/伙伴档案.xlsx#伙伴"] == 240
        assert rows["主数据/产品.csv"] == 40
        assert 54_000 < rows["ERP/销售订单明细.csv"] < 66_000
        assert (full.summary.start, full.summary.end) == (date(2023, 11, 1), date(2026, 10, 31))

    def test_lines_grow_with_the_scale(self, full: Written, small: Written) -> None:
        lines = [w.summary.rows["ERP/销售订单明细.csv"] for w in (small, full)]
        assert lines[0] / lines[1] == pytest.approx(SMALL, rel=0.15)

    def test_no_world_is_smaller_than_a_partner_per_province(self) -> None:
        assert simulate(1, 0.01, 24).partners.count == 31

    @pytest.mark.parametrize("scale", [0, -1])
    def test_a_scale_is_positive(self, scale: float, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="positive"):
            generate(tmp_path / "none", scale=scale)
        assert not (tmp_path / "none").exists()

    def test_other_lengths_work(self, tmp_path: Path) -> None:
        summary = generate(tmp_path, seed=5, scale=0.15, months=24)
        assert (summary.start, summary.end) == (date(2024, 11, 1), date(2026, 10, 31))
        assert summary.planted["stuffing"] >= 2


class TestReferences:
    """Every key of a good row leads somewhere."""

    KEYS: ClassVar = {
        "伙伴编码": ("主数据/伙伴档案.xlsx", "伙伴"),
        "客户编码": ("主数据/客户.csv", None),
        "产品编码": ("主数据/产品.csv", None),
        "销售员编码": ("主数据/销售人员.csv", None),
        "活动编码": ("主数据/促销活动.csv", None),
        "订单号": ("ERP/销售订单.csv", None),
        "商机编号": ("CRM/商机导出.xlsx", "商机"),
        "仓库编码": ("库存/仓库.csv", None),
        "资讯编号": ("市场/资讯.parquet", None),
        "大区": ("主数据/大区.csv", None),
        "省份": ("主数据/省份.csv", None),
    }

    def good(self, full: Written, path: str, sheet: str | None, table: str) -> pd.DataFrame:
        if sheet is not None:
            headers = 2 if table == "opportunities" else 1
            frame = full.sheet(path, sheet, headers).drop(full.bad(table))
            return frame[frame.iloc[:, 0] != "合计"]
        frame = full.parquet(path) if path.endswith("parquet") else full.csv(path)
        return frame.drop(full.bad(table))

    def tables(self) -> list[tuple[str, str | None, str]]:
        found: list[tuple[str, str | None, str]] = [
            (entry.path, None, entry.table) for entry in (*CSV_FILES, *PARQUET_FILES)
        ]
        return found + [(entry.path, entry.sheet, entry.table) for entry in SHEETS]

    def test_every_reference_is_known(self, full: Written) -> None:
        by_place = {(path, sheet): table for path, sheet, table in self.tables()}
        known = {
            key: set(self.good(full, *place, by_place[place])[key])
            for key, place in self.KEYS.items()
        }
        checked = 0
        for path, sheet, table in self.tables():
            frame = self.good(full, path, sheet, table)
            for key in set(frame.columns) & set(self.KEYS):
                used = set(frame[key].dropna()) - {""}
                assert used <= known[key], f"{path} {key}: {sorted(used - known[key])[:3]}"
                checked += 1
        assert checked > 50

    @pytest.mark.parametrize(
        ("table", "key"),
        [
            ("orders", ["订单号"]),
            ("lines", ["订单号", "行号"]),
            ("shipments", ["出库单号", "行号"]),
            ("invoices", ["发票号"]),
            ("payments", ["收款单号"]),
            ("receivables", ["应收单号"]),
            ("returns", ["退货单号"]),
            ("opportunities", ["商机编号"]),
            ("registrations", ["报备编号"]),
            ("activities", ["行为编号"]),
            ("certifications", ["证书编号"]),
            ("claims", ["申请编号"]),
            ("partner_targets", ["伙伴编码", "季度起始"]),
            ("region_targets", ["大区", "指标", "月份"]),
            ("history", ["伙伴编码", "变更项", "生效日期"]),
            ("prices", ["产品编码", "价目", "生效日期"]),
        ],
    )
    def test_keys_are_unique(self, full: Written, table: str, key: list[str]) -> None:
        ((path, sheet, _),) = [entry for entry in self.tables() if entry[2] == table]
        assert not self.good(full, path, sheet, table).duplicated(key).any()

    def test_the_summary_counts_the_good_rows(self, full: Written) -> None:
        for path, sheet, table in self.tables():
            name = path if sheet is None else f"{path}#{sheet}"
            assert len(self.good(full, path, sheet, table)) == full.summary.rows[name]


class TestStyle:
    def test_the_erp_writes_gbk_with_windows_line_ends(self, small: Written) -> None:
        data = (small.summary.folder / "ERP/销售订单.csv").read_bytes()
        with pytest.raises(UnicodeDecodeError):
            data.decode("utf-8")
        lines = data.decode("gbk").split("\r\n")
        assert lines[0].startswith("订单号,订单日期")
        assert "\n" not in "".join(lines)

    def test_payments_look_like_a_bank_s(self, small: Written) -> None:
        table = small.csv("ERP/回款.csv").drop(small.bad("payments"))
        assert table["收款金额"].str.fullmatch(r"￥[\d,]+\.\d\d").all()
        assert table["收款日期"].str.fullmatch(r"\d{4}/\d\d/\d\d").all()

    def test_the_crm_export_has_merged_headers_over_two_rows(self, small: Written) -> None:
        book = openpyxl.load_workbook(small.summary.folder / "CRM/商机导出.xlsx")
        sheet = book["商机"]
        merged = {str(area) for area in sheet.merged_cells.ranges}
        assert {"A1:A2", "B1:B2", "C1:E1", "F1:I1", "J1:K1", "L1:N1", "O1:Q1"} == merged
        assert [sheet["A1"].value, sheet["J1"].value, sheet["J2"].value] == [
            "商机编号",
            "金额（万元）",
            "商机金额",
        ]
        assert isinstance(sheet["O3"].value, date)

    def test_the_partner_master_closes_with_a_total(self, small: Written) -> None:
        sheet = small.sheet("主数据/伙伴档案.xlsx", "伙伴")
        total, rows = sheet.iloc[-1], sheet.iloc[:-1].drop(small.bad("partners"))
        assert total["伙伴编码"] == "合计"
        assert total["员工数"] == rows["员工数"].sum()
        assert rows["签约日期"].str.fullmatch(r"\d{4}年\d{1,2}月\d{1,2}日").all()

    def test_each_bad_row_is_where_the_truth_says(self, small: Written) -> None:
        bad = small.truth["bad_rows"]
        assert len(bad) == small.summary.bad_rows == 13
        for entry in bad:
            if entry["file"].endswith(".csv"):
                row = small.csv(entry["file"]).iloc[entry["row"] - 2]
            elif entry["sheet"] is None:
                row = small.parquet(entry["file"]).iloc[entry["row"] - 1]
            else:
                headers = 2 if entry["sheet"] == "商机" else 1
                sheet = small.sheet(entry["file"], entry["sheet"], headers)
                row = sheet.iloc[entry["row"] - headers - 1]
            value = row[entry["column"]]
            assert ("" if pd.isna(value) else value) == entry["value"]


class TestWorkbooks:
    def test_what_is_written_is_read(self, tmp_path: Path) -> None:
        rows: list[list[Cell]] = [
            ["名称", "日期", "值"],
            ["甲 & <乙>", date(2026, 2, 17), 1.25],
            [None, None, 7],
        ]
        path = tmp_path / "book.xlsx"
        write_workbook(path, [Sheet("表1", rows, ["A2:A3"]), Sheet("空", [])])
        book = openpyxl.load_workbook(path)
        assert book.sheetnames == ["表1", "空"]
        read = [[cell.value for cell in row] for row in book["表1"].iter_rows()]
        assert read[1][0] == "甲 & <乙>"
        assert read[1][1].date() == date(2026, 2, 17)
        assert read[1:][1] == [None, None, 7]
        calamine = pd.read_excel(path, sheet_name="表1", header=None, engine="calamine")
        assert calamine.iloc[1, 2] == 1.25

    @given(st.integers(0, 16_383))
    def test_columns_are_lettered_as_in_a_spreadsheet(self, index: int) -> None:
        assert column_letters(index) == openpyxl.utils.get_column_letter(index + 1)


class TestIsolation:
    ALLOWED: ClassVar = {"numpy", "pandas", "stdnum", "evals"}

    def test_the_package_imports_nothing_of_leadline(self) -> None:
        folder = Path(evals.world.__file__).parent
        modules = sorted(folder.glob("*.py"))
        assert len(modules) > 20
        for module in modules:
            for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
                names = []
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom):
                    names = [node.module or ""]
                for name in names:
                    top = name.split(".")[0]
                    assert top in self.ALLOWED or top in sys.stdlib_module_names, module
                    assert top != "evals" or name.startswith("evals.world"), module


class TestCommand:
    def test_writes_a_world_and_says_so(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = tmp_path / "out"
        assert main([str(out), "--seed", "3", "--scale", "0.13", "--months", "24"]) == 0
        printed = capsys.readouterr().out
        assert "seed 3, scale 0.13" in printed
        assert "bad rows: 13" in printed
        assert (out / TRUTH_FILE).exists()

    def test_refuses_what_cannot_be(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(SystemExit) as stop:
            main([str(tmp_path / "out"), "--months", "7"])
        assert stop.value.code == 2
        assert "24 to 72" in capsys.readouterr().err
