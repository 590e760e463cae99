"""Mapping documents: every mistake names its line and how to mend it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest

from knowledge.warehouse.tables import CANONICAL
from leadline.errors import MappingError
from tools.erp.mapping import Mapping, TableMapping, load_mapping, parse_mapping
from tools.erp.mapping_document import PARTS, ColumnSpec, FileSpec, MappingSpec

GOOD = """\
source: erp
currency: CNY
files:
  - file: 伙伴.csv
    tables:
      partner:
        columns:
          ext_id: 编码
          name: 名称
          annual_revenue: {column: 营业额, unit: 万元}
  - file: 订单.csv
    where: {状态: {not: [作废, 草稿]}}
    tables:
      sales_order:
        where: {类型: 标准}
        keep: {last_by: 修改时间}
        columns:
          order_no: 单号
          order_date: {column: 日期, date_format: "%d/%m/%Y"}
          partner: 伙伴编码
"""


def parse(text: str) -> Mapping:
    return parse_mapping(dedent(text), "m.yaml")


def table(mapping: Mapping, name: str) -> TableMapping:
    return next(t for file in mapping.files for t in file.tables if t.table == name)


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


class TestGoodDocuments:
    def test_columns_with_their_rules(self) -> None:
        mapping = parse(GOOD)
        columns = {c.target.name: c for c in table(mapping, "partner").columns}
        assert list(columns) == ["ext_id", "name", "annual_revenue"]
        assert columns["annual_revenue"].rules.factor == Decimal(10_000)
        assert columns["name"].required
        assert not columns["annual_revenue"].required

    def test_a_reference_goes_by_its_bare_name(self) -> None:
        names = [c.target.name for c in table(parse(GOOD), "sales_order").columns]
        assert "partner_id" in names

    def test_the_currency_fills_what_is_not_mapped(self) -> None:
        orders = {c.target.name: c for c in table(parse(GOOD), "sales_order").columns}
        assert orders["currency"].spec.const == "CNY"
        mapped = parse(changed("partner: 伙伴编码", "partner: 伙伴编码\n          currency: 币种"))
        assert {c.target.name: c for c in table(mapped, "sales_order").columns}[
            "currency"
        ].spec.column == "币种"

    def test_a_natural_key_gives_the_ext_id(self) -> None:
        assert table(parse(GOOD), "sales_order").built_key == ("order_no",)
        assert table(parse(GOOD), "partner").built_key == ()

    def test_conditions_of_file_and_table_both_hold(self) -> None:
        where = table(parse(GOOD), "sales_order").where
        assert [(name, spec.any_of, spec.none_of) for name, spec, _ in where] == [
            ("类型", ("标准",), None),
            ("状态", None, ("作废", "草稿")),
        ]

    def test_the_hash_covers_text_and_zone(self) -> None:
        same = parse(GOOD)
        assert same.sha256 == parse(GOOD).sha256
        assert same.sha256 != parse(GOOD + "# note\n").sha256
        assert same.sha256 != parse_mapping(GOOD, "m.yaml", timezone="UTC").sha256
        assert parse("timezone: UTC\n" + GOOD).timezone == "UTC"

    def test_from_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "erp.yaml"
        path.write_text(GOOD, encoding="utf-8-sig")
        assert load_mapping(path).source == "erp"

    @pytest.mark.parametrize("name", [t.name for t in CANONICAL])
    def test_every_table_can_be_mapped(self, name: str) -> None:
        """With a constant for every required column, and an ext_id."""
        definition = next(t for t in CANONICAL if t.name == name)
        loaders = {"id", "source", "payload_hash", "synced_at", "batch_id", "ext_id"}
        columns = [
            c.name.removesuffix("_id") if c.foreign_keys else c.name
            for c in definition.c
            if not c.nullable and c.name not in loaders
        ]
        lines = "".join(f"          {c}: {{const: x}}\n" for c in ["ext_id", *columns])
        start = "source: s\nfiles:\n  - file: f.csv\n    tables:\n"
        text = f"{start}      {name}:\n        columns:\n{lines}"
        assert table(parse(text), name).table == name


class TestMistakes:
    @pytest.mark.parametrize(
        ("old", "new", "line", "message", "hint"),
        [
            ("source: erp", "sauce: erp", 1, "unknown option 'sauce'", "'source'"),
            ("source: erp\n", "", 1, "'source' is missing", ""),
            ("currency: CNY", "currency: yuan", 2, "currency", ""),
            ("  - file: 伙伴.csv\n    tables", "  - tables", 4, "'file' is missing", ""),
            ("      partner:\n", "      partners:\n", 6, "unknown table 'partners'", "'partner'"),
            ("          name: 名称", "          nmae: 名称", 9, "has no column 'nmae'", "'name'"),
            ("          name: 名称\n", "", 7, "partner needs 'name'", "const"),
            ("          ext_id: 编码\n", "", 7, "partner needs ext_id", "template"),
            ("unit: 万元", "unit: 万圆", 10, "unknown unit '万圆'", "'万'"),
            ("unit: 万元", "units: 万元", 10, "unknown option 'units'", "'unit'"),
            ("name: 名称", "name: {column: 名称, unit: 元}", 9, "takes no unit", ""),
            ("name: 名称", "name: {column: 名称, const: x}", 9, "exactly one of", ""),
            ("name: 名称", "name: {map: {a: b}}", 9, "exactly one of", ""),
            ("name: 名称", 'name: {template: "{编码"}', 9, "names no column", "{OrderNo}"),
            ("name: 名称", 'name: {template: "{编码}{}"}', 9, "brace", "{OrderNo}"),
            ("name: 名称", "name: {column: 名称, unmatched: keep}", 9, "goes with", ""),
            ("name: 名称", "name: {column: 名称, split: {by: '/', part: 0}}", 9, "part", ""),
            (
                "name: 名称",
                "name: {column: 名称, lookup: {file: x.csv, by: a}}",
                9,
                "'take' is missing",
                "",
            ),
            ("name: 名称", "name: {column: 名称, date_format: '%Y'}", 9, "is not a date", ""),
            ('"%d/%m/%Y"', "dd/mm/yyyy", 19, "no date format", "%d/%m/%Y"),
            ("partner: 伙伴编码", "partner_id: 伙伴编码", 20, "is a reference", "'partner'"),
            ("partner: 伙伴编码", "payload_hash: x", 20, "no column 'payload_hash'", ""),
            ("keep: {last_by: 修改时间}", "keep: newest", 16, "last_by", ""),
            ("where: {类型: 标准}", "where: {类型: {is: 标准}}", 15, "unknown option 'is'", "not"),
            ("{not: [作废, 草稿]}", "{none_of: [作废]}", 12, "unknown option 'none_of'", "not"),
            ("currency: CNY", "timezone: Moon/Crater", 2, "unknown timezone", "Asia/Shanghai"),
            (
                "    where: {状态",
                "    header_rows: [4, 3]\n    where: {状态",
                12,
                "must ascend",
                "",
            ),
            ("    where: {状态", "    header_rows: [0]\n    where: {状态", 12, "greater than", ""),
        ],
    )
    def test_names_the_line_and_the_remedy(
        self, old: str, new: str, line: int, message: str, hint: str
    ) -> None:
        with pytest.raises(MappingError) as caught:
            parse(changed(old, new))
        assert caught.value.where == f"m.yaml:{line}"
        assert message in caught.value.message
        assert hint in caught.value.hint

    @pytest.mark.parametrize("text", ["", "- a\n", "just text\n"])
    def test_a_document_of_another_kind(self, text: str) -> None:
        with pytest.raises(MappingError, match="starts with `source:`"):
            parse(text)

    def test_no_files(self) -> None:
        with pytest.raises(MappingError, match=r"^m\.yaml:2: "):
            parse("source: x\nfiles: []\n")

    def test_a_missing_file_and_one_that_is_not_utf8(self, tmp_path: Path) -> None:
        with pytest.raises(MappingError, match="cannot read the mapping"):
            load_mapping(tmp_path / "none.yaml")
        (tmp_path / "gbk.yaml").write_bytes("source: 伙伴".encode("gbk"))
        with pytest.raises(MappingError, match="not UTF-8"):
            load_mapping(tmp_path / "gbk.yaml")


def test_hints_know_the_options_of_every_part() -> None:
    assert {part for _, part in PARTS} >= {MappingSpec, FileSpec, ColumnSpec}
    patterns = [pattern for pattern, _ in PARTS]
    assert len(set(patterns)) == len(patterns)
