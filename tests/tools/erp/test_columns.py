"""Whole columns: the vectorised path agrees with the cell parsers, and odd cells find their way."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.warehouse.batch import LARGEST_AMOUNT
from knowledge.warehouse.tables import BY_NAME
from tools.erp.cells import FACTORS, BadCell, parse_day, parse_number
from tools.erp.columns import (
    CellRules,
    Converted,
    Target,
    convert,
    scalar_column,
    target_of,
    to_text,
)

AMOUNT = target_of(BY_NAME["order_line"].c["amount"])
NAME = target_of(BY_NAME["partner"].c["name"])
WHOLE = target_of(BY_NAME["partner"].c["employees"])
DAY = target_of(BY_NAME["sales_order"].c["order_date"])
INSTANT = target_of(BY_NAME["partner"].c["src_updated_at"])
FLAG = target_of(BY_NAME["partner_contact"].c["is_primary"])
REAL = target_of(BY_NAME["opportunity"].c["probability"])
REFERENCE = target_of(BY_NAME["sales_order"].c["partner_id"])

PLAIN = CellRules(currency="CNY")
WAN = CellRules(factor=FACTORS["万元"], currency="CNY")


def values(converted: Converted) -> list[Any]:
    return converted.values.to_pylist()


def bad(converted: Converted) -> list[tuple[int, str, str]]:
    return sorted((b.index, b.value, b.reason) for b in converted.bad)


class TestAmounts:
    def test_plain_and_odd_cells_of_one_column(self) -> None:
        done = convert(pa.array(["1", " 2.5", "（4）", "1,234.5", "", None, "x"]), AMOUNT, PLAIN)
        assert values(done) == [
            Decimal("1.0000"),
            Decimal("2.5000"),
            Decimal("-4.0000"),
            Decimal("1234.5000"),
            None,
            None,
            None,
        ]
        assert bad(done) == [(6, "x", "bad_number")]

    def test_a_unit_applies_to_plain_and_odd_cells_alike(self) -> None:
        done = convert(pa.array(["1.5", "（1.5）", "1.5亿"]), AMOUNT, WAN)
        assert values(done) == [15_000, -15_000, 150_000_000]

    def test_decimals_keep_every_digit(self) -> None:
        raw = pa.array([Decimal("80450596.9823"), None], pa.decimal128(19, 4))
        assert values(convert(raw, AMOUNT, PLAIN)) == [Decimal("80450596.9823"), None]

    def test_floats_are_what_their_shortest_text_says(self) -> None:
        done = convert(pa.array([0.1 + 0.2, 1103.68, float("nan"), 1e-7]), AMOUNT, PLAIN)
        assert values(done) == [Decimal("0.3"), Decimal("1103.68"), None, 0]
        assert done.rounded == 0  # noise in the 17th digit is no loss

    def test_digits_beyond_the_fourth_are_rounded_and_counted(self) -> None:
        done = convert(pa.array(["1.23456", "1.5"]), AMOUNT, PLAIN)
        assert values(done) == [Decimal("1.2346"), Decimal("1.5")]
        assert done.rounded == 1

    def test_what_does_not_fit_is_refused(self) -> None:
        limit = str(LARGEST_AMOUNT)
        below = str(LARGEST_AMOUNT - 1)
        done = convert(pa.array([limit, below, "-" + limit]), AMOUNT, PLAIN)
        assert values(done) == [None, LARGEST_AMOUNT - 1, None]
        assert {reason for _, _, reason in bad(done)} == {"number_too_large"}
        assert bad(convert(pa.array([10**11]), AMOUNT, WAN)) == [
            (0, str(10**11), "number_too_large")
        ]

    def test_integers_and_mixed_cells(self) -> None:
        assert values(convert(pa.array([1, None]), AMOUNT, WAN)) == [10_000, None]
        assert values(convert([1, 2.5, "3", None], AMOUNT, PLAIN)) == [1, Decimal("2.5"), 3, None]

    @pytest.mark.parametrize("kind", [pa.string(), pa.int32(), pa.float64(), pa.null()])
    def test_an_empty_column(self, kind: pa.DataType) -> None:
        done = convert(pa.array([], kind), AMOUNT, PLAIN)
        assert values(done) == []
        assert done.values.type == AMOUNT.arrow

    @given(
        st.lists(
            st.one_of(
                st.none(),
                st.decimals(min_value=-(10**10), max_value=10**10, places=6).map(str),
                st.sampled_from(
                    ["1,234.5", "（5.6）", "—", "3.5万", "x", "1e3", "12%", " 7 ", "+1"]
                ),
                st.text(max_size=5),
            ),
            max_size=12,
        ),
        st.sampled_from([PLAIN, WAN]),
    )
    def test_the_column_agrees_with_its_cells(
        self, cells: list[str | None], rules: CellRules
    ) -> None:
        done = convert(pa.array(cells, pa.string()), AMOUNT, rules)
        reasons = {b.index: b.reason for b in done.bad}
        for index, (cell, value) in enumerate(zip(cells, values(done), strict=True)):
            try:
                number = parse_number(cell, factor=rules.factor, currency=rules.currency)
            except BadCell as error:
                assert (value, reasons[index]) == (None, error.reason)  # noqa: PT017 - either way
                continue
            if number is not None and abs(number) >= LARGEST_AMOUNT:
                assert reasons[index] == "number_too_large"
                continue
            assert index not in reasons
            assert value == (None if number is None else round(number, 4))


class TestOtherKinds:
    def test_whole_numbers(self) -> None:
        done = convert(pa.array(["12", "3.0", "5人", "3.5", "99999999999"]), WHOLE, PLAIN)
        assert values(done) == [12, 3, 5, None, None]
        assert [reason for _, _, reason in bad(done)] == ["bad_whole", "number_too_large"]

    def test_days_from_dates_moments_numbers_and_text(self) -> None:
        want = [date(2026, 1, 5), None]
        for raw in (
            pa.array([date(2026, 1, 5), None]),
            pa.array([datetime(2026, 1, 5, 23), None]),  # noqa: DTZ001 - a file's plain moment
            pa.array([20260105, None]),
            pa.array([46027.0, None]),
            pa.array(["2026年1月5日", "—"]),
            [date(2026, 1, 5), ""],
        ):
            done = convert(raw, DAY, PLAIN)
            assert values(done) == want
            assert done.values.type == pa.date32()

    def test_a_moment_with_a_zone_is_a_day_in_the_zone_of_the_source(self) -> None:
        raw = pa.array([datetime(2026, 1, 5, 23, tzinfo=UTC)])
        assert values(convert(raw, DAY, CellRules(zone="Asia/Shanghai"))) == [date(2026, 1, 6)]

    def test_a_day_out_of_range_is_refused_whatever_its_type(self) -> None:
        done = convert(pa.array([datetime(1, 1, 1)]), DAY, PLAIN)  # noqa: DTZ001
        assert [reason for _, _, reason in bad(done)] == ["date_out_of_range"]

    def test_moments_are_stored_in_utc(self) -> None:
        done = convert(pa.array(["2026-01-05 08:00"]), INSTANT, CellRules(zone="Asia/Shanghai"))
        assert values(done) == [datetime(2026, 1, 5, tzinfo=UTC)]

    def test_yes_and_no(self) -> None:
        assert values(convert(pa.array(["是", "否", None]), FLAG, PLAIN)) == [True, False, None]
        assert values(convert(pa.array([True, None]), FLAG, PLAIN)) == [True, None]

    def test_real_numbers(self) -> None:
        percent = CellRules(factor=FACTORS["percent"])
        assert values(convert(pa.array(["25", "25%"]), REAL, percent)) == [0.25, 0.25]

    @given(st.lists(st.one_of(st.none(), st.dates(date(1960, 1, 1), date(2090, 1, 1)).map(str))))
    def test_days_agree_with_their_cells(self, cells: list[str | None]) -> None:
        done = convert(pa.array(cells, pa.string()), DAY, PLAIN)
        assert values(done) == [parse_day(cell) for cell in cells]


class TestText:
    def test_trimmed_joined_and_dashes_dropped(self) -> None:
        done = convert(["　上海 ", "云\n帆", "—", "", 1001.0], NAME, PLAIN)
        assert values(done) == ["上海", "云 帆", None, None, "1001"]

    def test_what_cannot_be_stored_is_refused(self) -> None:
        done = convert(pa.array(["a\x00b", "x" * 201, "x" * 200]), NAME, PLAIN)
        assert [(index, reason) for index, _, reason in bad(done)] == [
            (0, "bad_text"),
            (1, "text_too_long"),
        ]
        assert values(done) == [None, None, "x" * 200]

    def test_a_reference_travels_as_text(self) -> None:
        assert values(convert(pa.array([12, None]), REFERENCE, PLAIN)) == ["12", None]
        assert REFERENCE.length == 200

    @pytest.mark.parametrize(
        ("raw", "texts"),
        [
            (pa.array([1, None], pa.int32()), ["1", None]),
            (pa.array([12.0, 0.5]), ["12", "0.5"]),
            (pa.array(["a ", ""]).cast(pa.large_string()), ["a", None]),
            (pa.array([date(2026, 1, 5)]), ["2026-01-05"]),
            (pa.array([Decimal("1.50")]), ["1.5"]),
            (pa.nulls(2), [None, None]),
        ],
    )
    def test_any_column_as_text(self, raw: pa.Array, texts: list[str | None]) -> None:
        assert to_text(raw).to_pylist() == texts


class TestConstants:
    def test_repeated(self) -> None:
        assert values(scalar_column("CNY", 2, NAME, PLAIN)) == ["CNY", "CNY"]
        assert values(scalar_column("2026-01-01", 2, DAY, PLAIN)) == [date(2026, 1, 1)] * 2

    def test_none_of_it_for_no_rows(self) -> None:
        done = scalar_column("CNY", 0, NAME, PLAIN)
        assert values(done) == []
        assert done.values.type == pa.string()

    def test_a_wrong_constant_is_told(self) -> None:
        assert bad(scalar_column("bald", 3, DAY, PLAIN)) == [(0, "bald", "bad_date")]


def test_every_canonical_column_has_a_target() -> None:
    kinds = {
        target_of(column).kind
        for table in BY_NAME.values()
        for column in table.c
        if column.name != "id"
    }
    assert kinds == {"text", "amount", "whole", "real", "flag", "day", "instant"}
    assert isinstance(AMOUNT, Target)
