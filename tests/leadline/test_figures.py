"""How figures look, in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline.errors import EvidenceError
from leadline.evidence import Column, ToolResult
from leadline.figures import direction_word, render_figure, unit_in
from leadline.types import Language, Scalar, Unit

ZH, EN = Language.ZH, Language.EN


def column(unit: Unit, currency: str | None = None) -> Column:
    return Column("figure", unit, "数", "Figure", currency)


YUAN = column(Unit.MONEY, "CNY")


class TestMoney:
    @pytest.mark.parametrize(
        ("value", "zh", "en"),
        [
            (0, "0.00元", "CNY 0.00"),
            (9_999.99, "9,999.99元", "CNY 9,999.99"),
            (10_000, "1.00万元", "CNY 10,000.00"),
            (1_234_567.89, "123.46万元", "CNY 1,234,567.89"),
            (100_000_000, "1.0000亿元", "CNY 100,000,000.00"),
            (-50_000, "-5.00万元", "-CNY 50,000.00"),
            (2_000_000_000_000, "20,000.0000亿元", "CNY 2,000,000,000,000.00"),
        ],
    )
    def test_wan_and_yi_in_chinese_separators_in_english(
        self, value: float, zh: str, en: str
    ) -> None:
        assert render_figure(value, YUAN, ZH) == zh
        assert render_figure(value, YUAN, EN) == en

    @pytest.mark.parametrize(
        ("currency", "zh", "en"),
        [
            ("USD", "5.00美元", "$5.00"),
            ("EUR", "5.00欧元", "€5.00"),
            ("CHF", "5.00 CHF", "CHF 5.00"),
            (None, "5.00", "5.00"),
        ],
    )
    def test_the_currency(self, currency: str | None, zh: str, en: str) -> None:
        assert render_figure(5, column(Unit.MONEY, currency), ZH) == zh
        assert render_figure(5, column(Unit.MONEY, currency), EN) == en

    @pytest.mark.parametrize(
        ("value", "text"),
        [(0.005, "0.01元"), (0.015, "0.02元"), (1.005, "1.01元"), (12_345_000, "1,234.50万元")],
    )
    def test_halves_are_rounded_up_as_written(self, value: float, text: str) -> None:
        # through Decimal(str(…)): 1.005 is not 1.00499999999999989…
        assert render_figure(value, YUAN, ZH) == text

    @given(st.decimals(0, 10**12, places=2))
    def test_english_reads_back_exactly(self, value: Decimal) -> None:
        text = render_figure(float(value), YUAN, EN)
        assert Decimal(text.removeprefix("CNY ").replace(",", "")) == value


class TestOtherUnits:
    @pytest.mark.parametrize(
        ("value", "unit", "zh", "en"),
        [
            (0.25, Unit.RATIO, "25.00%", "25.00%"),
            (-0.5, Unit.RATIO, "-50.00%", "-50.00%"),
            (12.3456, Unit.RATIO, "1,234.56%", "1,234.56%"),
            (1234, Unit.COUNT, "1,234", "1,234"),
            (5.0, Unit.COUNT, "5", "5"),
            (1234.5, Unit.QUANTITY, "1,234.50", "1,234.50"),
            (143, Unit.DAYS, "143 天", "143 days"),
            ("2025-11-20", Unit.DATE, "2025-11-20", "2025-11-20"),
            ("恒信", Unit.TEXT, "恒信", "恒信"),
        ],
    )
    def test_by_unit(self, value: Scalar, unit: Unit, zh: str, en: str) -> None:
        assert render_figure(value, column(unit), ZH) == zh
        assert render_figure(value, column(unit), EN) == en

    def test_a_year_as_a_member_is_no_figure(self) -> None:
        assert render_figure("2025", column(Unit.TEXT), EN) == "2025"

    @pytest.mark.parametrize("unit", list(Unit))
    def test_null_is_said(self, unit: Unit) -> None:
        assert render_figure(None, column(unit), ZH) == "无数据"
        assert render_figure(None, column(unit), EN) == "no data"


class TestSize:
    @pytest.mark.parametrize(
        ("value", "unit"), [(-0.25, Unit.RATIO), (-5, Unit.COUNT), (-20_000, Unit.MONEY)]
    )
    def test_leaves_out_the_sign(self, value: float, unit: Unit) -> None:
        assert render_figure(value, column(unit), ZH, size=True) == render_figure(
            -value, column(unit), ZH
        )


class TestDirection:
    @pytest.mark.parametrize(
        ("value", "zh", "en"),
        [
            (3, "增长", "up"),
            (-0.1, "下降", "down"),
            (0, "持平", "unchanged"),
            (0.0, "持平", "unchanged"),
        ],
    )
    def test_by_sign(self, value: float, zh: str, en: str) -> None:
        assert direction_word(value, ZH) == zh
        assert direction_word(value, EN) == en

    @pytest.mark.parametrize("value", [None, "north", True])
    def test_what_has_none(self, value: Scalar) -> None:
        assert "未知" in direction_word(value, ZH)
        assert "unknown" in direction_word(value, EN)


class TestRowByRowUnits:
    """A table of KPIs: the unit of `value` stands in the row's column `unit`."""

    def result(self, *units: str | None) -> ToolResult:
        columns = (
            Column("unit", Unit.TEXT, "单位", "Unit"),
            Column("value", Unit.EACH, "值", "Value", "CNY"),
        )
        rows = tuple((unit, 0.25) for unit in units)
        return ToolResult(
            "profile",
            {},
            "1",
            1,
            "all",
            date(2026, 10, 31),
            columns,
            rows,
            len(rows),
            truncated=False,
        )

    def test_the_row_decides_how_the_figure_looks(self) -> None:
        result = self.result("ratio", "money", "days")
        looks = [
            render_figure(0.25, unit_in(result, row, result.columns[1]), EN) for row in range(3)
        ]
        assert looks == ["25.00%", "CNY 0.25", "0.25 days"]

    def test_other_columns_keep_their_own(self) -> None:
        result = self.result("ratio")
        assert unit_in(result, 0, result.columns[0]) is result.columns[0]

    @pytest.mark.parametrize("unit", [None, "furlong", "each "])
    def test_a_row_without_a_known_unit_has_no_figure(self, unit: str | None) -> None:
        result = self.result("ratio", unit)
        with pytest.raises(EvidenceError, match="row 1 names no unit for value"):
            unit_in(result, 1, result.columns[1])

    def test_a_column_without_rows_units_beside_it_has_none(self) -> None:
        result = self.result("ratio")
        alone = replace(result, columns=result.columns[1:], rows=((0.25,),))
        with pytest.raises(EvidenceError, match="names no unit"):
            unit_in(alone, 0, alone.columns[0])
