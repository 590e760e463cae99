"""The messy partner list: what a person's spreadsheet holds, and what is made of it."""

from __future__ import annotations

import importlib.util
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest

from knowledge.warehouse.load import load_batch
from leadline.database import make_engine
from tests.paths import REPOSITORY
from tests.tools.erp.reading import Collected, read
from tools.erp.files import read_source
from tools.erp.mapping import load_mapping

EXAMPLE = REPOSITORY / "examples" / "partner_list"


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_partner_list", EXAMPLE / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def tables() -> dict[str, Collected]:
    return read(EXAMPLE / "files", (EXAMPLE / "mapping.yaml").read_text(encoding="utf-8"))


def test_the_files_are_what_the_script_makes(maker: ModuleType, tmp_path: Path) -> None:
    from python_calamine import CalamineWorkbook

    maker.make_orders(tmp_path / "orders.csv")
    assert (tmp_path / "orders.csv").read_bytes() == maker.ORDERS.read_bytes()
    maker.make_workbook(tmp_path / "list.xlsx")
    made, kept = (
        [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
        for book in map(CalamineWorkbook.from_path, (tmp_path / "list.xlsx", maker.WORKBOOK))
    )
    assert made == kept


class TestPartners:
    def test_units_brackets_and_dates(self, tables: dict[str, Collected]) -> None:
        found = {r["ext_id"]: (r["annual_revenue"], r["joined_on"]) for r in tables["partner"].rows}
        assert found == {
            "P001": (Decimal(12_345_000), date(2021, 3, 8)),  # "1,234.5" 万元
            "P002": (Decimal(8622500), date(2022, 1, 5)),  # 2022年1月5日
            "P003": (Decimal(-56_000), date(2023, 1, 1)),  # "（5.6）", serial day 44927
            "P004": (None, date(2023, 6, 1)),  # "—"
            "P005": (Decimal(15_300_000), date(2020, 11, 20)),
            "P006": (Decimal(9_804_000), date(2022, 9, 15)),  # "￥ 980.4", twice
            "P007": (Decimal(0), date(2023, 4, 18)),  # "20230418"
            "P008": (Decimal(21058800), date(2019, 5, 6)),
            "P010": (Decimal(3105000), date(2023, 7, 1)),  # serial day 45108
            "P014": (Decimal(120_000_000), date(2023, 3, 3)),  # "1.2亿", whatever the column says
            "P015": (Decimal(960_000), date(2022, 8, 8)),  # 2022.8.8
        }

    def test_a_merged_region_counts_for_all_its_rows(self, tables: dict[str, Collected]) -> None:
        regions = {r["ext_id"]: r["region_id"] for r in tables["partner"].rows}
        assert [regions[code] for code in ("P001", "P004", "P005", "P010", "P015")] == [
            "华东",
            "华东",
            "华南",
            "华北",
            "西南",
        ]
        assert tables["region"].column("name") == ["华东", "华南", "华北", "西南"]

    def test_bad_rows(self, tables: dict[str, Collected]) -> None:
        assert [(e.row_no, e.column, e.value, e.reason) for e in tables["partner"].errors] == [
            (17, "2025年经营（万元） 营业额", "待定", "bad_number"),
            (17, "签约日期", "2023年7月", "bad_date"),
            (19, "伙伴编码", None, "missing"),
            (21, "2025年经营（万元） 营业额", "7,20.5", "bad_number"),
            (22, "签约日期", "1/5/2024", "ambiguous_date"),
        ]

    def test_counts(self, tables: dict[str, Collected]) -> None:
        tally = tables["partner"].tally
        # four regions of four rows, four subtotals and a total
        assert (tally.read, tally.totals, tally.merged, tally.rejected) == (21, 5, 1, 4)


class TestOrders:
    def test_gbk_is_read(self, tables: dict[str, Collected]) -> None:
        notices = [n for table in tables.values() for n in table.notices]
        assert ("encoding", "gb18030") in [(n.code, n.values.get("encoding")) for n in notices]
        assert set(tables["product"].column("name")) == {"财务云", "供应链云", "人力云", "扫码枪"}

    def test_a_return_is_negative(self, tables: dict[str, Collected]) -> None:
        line = next(r for r in tables["order_line"].rows if r["order_id"] == "SO250049")
        assert (line["quantity"], line["amount"]) == (-1, -6800)

    def test_the_amounts_are_those_of_the_good_lines(
        self, tables: dict[str, Collected], maker: ModuleType
    ) -> None:
        # 48 orders of 1, 2, 3, 1, 2, 3, … lines
        whole = sum(
            list(maker.PRICES.values())[(number + line) % 4] * ((number * line) % 9 + 1)
            for number in range(48)
            for line in range(1, number % 3 + 2)
        )
        first = maker.PRICES["供应链云"]  # SO250001 line 1 is contradicted, so neither is taken
        returned, unknown_partner, bad_date = -6800, 6800, 700
        assert sum(tables["order_line"].column("amount")) == (
            whole - first + returned + unknown_partner + bad_date
        )

    def test_bad_rows(self, tables: dict[str, Collected]) -> None:
        assert tables["sales_order"].reasons() == [(101, "日期", "bad_date")]
        assert tables["order_line"].reasons() == [
            (100, "金额（元）", "bad_number"),
            (2, "订单号, 行号", "contradicting_key"),
            (102, "订单号, 行号", "contradicting_key"),
        ]


def test_it_loads_and_a_corrected_file_mends_it(maker: ModuleType, tmp_path: Path) -> None:
    source = tmp_path / "files"
    source.mkdir()
    maker.make_workbook(source / maker.WORKBOOK.name)
    maker.make_orders(source / maker.ORDERS.name)
    mapping = load_mapping(EXAMPLE / "mapping.yaml")
    engine = make_engine(f"sqlite:///{tmp_path / 'leadline.db'}")
    first = load_batch(engine, read_source(source, mapping))
    # orders of the unknown P999 and of 13月, and their lines, fall away besides the rows above
    assert {t.table: t.counts.inserted for t in first.tables} == {
        "region": 4,
        "partner": 11,
        "product": 4,
        "sales_order": 50,
        "order_line": 96,
        "target": 12,
    }
    text = (source / maker.ORDERS.name).read_bytes().decode("gbk")
    corrected = text.replace("2025年13月1日", "2025年12月1日").replace("P999", "P005")
    (source / maker.ORDERS.name).write_bytes(corrected.encode("gbk"))
    second = load_batch(engine, read_source(source, mapping))
    assert {t.table: t.counts.inserted for t in second.tables if t.counts.inserted} == {
        "sales_order": 2,
        "order_line": 2,
    }
    assert second.updated == 0
    engine.dispose()


def test_the_mapping_is_about_a_dozen_lines() -> None:
    lines = (EXAMPLE / "mapping.yaml").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 18
