"""Single cells: numbers, dates and yes/no as people write them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.erp.cells import (
    FACTORS,
    FIRST_SERIAL,
    LAST_SERIAL,
    BadCell,
    as_text,
    from_serial,
    parse_day,
    parse_flag,
    parse_instant,
    parse_number,
)

AMOUNTS = st.decimals(
    min_value=Decimal("-99999999999.9999"), max_value=Decimal("99999999999.9999"), places=4
)
DAYS = st.dates(min_value=date(1955, 1, 1), max_value=date(2099, 12, 31))


def reason(read: Callable[..., Any], *args: Any, **options: Any) -> str:
    with pytest.raises(BadCell) as caught:
        read(*args, **options)
    return caught.value.reason


def outcome(read: Callable[[str], Any], text: str) -> Any:
    """What is read from the text, or the reason why nothing is."""
    try:
        return read(text)
    except BadCell as error:
        return error.reason


class TestNumbers:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("1,234.5", "1234.5"),
            ("  12 ", "12"),
            ("（5.6）", "-5.6"),
            ("(1,200.00)", "-1200.00"),
            ("1,200-", "-1200"),
            ("−5", "-5"),
            ("－5", "-5"),
            ("１，２３４．５", "1234.5"),
            ("+7", "7"),
            (".5", "0.5"),
            ("5.", "5"),
            ("1.2E+5", "120000"),
            ("'0012", "12"),
            ("12.5%", "0.125"),
            ("3‰", "0.003"),
            ("1.2万", "12000"),
            ("3亿元", "300000000"),
            ("12套", "12"),
            ("￥980.4", "980.4"),
            ("-¥5", "-5"),
            ("1200元", "1200"),
            ("人民币 300", "300"),
            ("500 CNY", "500"),
        ],
    )
    def test_reads_what_people_write(self, text: str, number: str) -> None:
        assert parse_number(text, currency="CNY") == Decimal(number)

    @pytest.mark.parametrize("text", ["", " ", "-", "—", "——", "N/A", "无", "暂无", "#N/A", "NULL"])
    def test_a_blank_is_no_number_and_no_error(self, text: str) -> None:
        assert parse_number(text) is None

    @pytest.mark.parametrize(
        "text",
        [
            "待定",
            "1,23",
            "12,34,567",
            "1.2.3",
            "(-5)",
            "--5",
            "5²",
            "万",
            "1 234",
            "12abc",
            "1,234,5",
        ],
    )
    def test_refuses_what_is_no_number(self, text: str) -> None:
        assert reason(parse_number, text) == "bad_number"

    @pytest.mark.parametrize("value", [True, date(2026, 1, 5), float("inf")])
    def test_refuses_values_of_other_kinds(self, value: object) -> None:
        assert reason(parse_number, value) == "bad_number"

    def test_another_currency_is_refused(self) -> None:
        assert reason(parse_number, "$5", currency="CNY") == "other_currency"
        assert reason(parse_number, "EUR 5", currency="USD") == "other_currency"
        assert reason(parse_number, "5元", currency="USD") == "other_currency"
        assert parse_number("$5", currency="USD") == 5

    def test_without_a_currency_no_mark_is_taken(self) -> None:
        assert reason(parse_number, "¥5") == "other_currency"

    def test_the_unit_of_the_column_counts_where_the_cell_has_none(self) -> None:
        assert parse_number("1.5", factor=FACTORS["万元"]) == 15_000
        assert parse_number(1.5, factor=FACTORS["万元"]) == 15_000
        # the cell's own unit wins: 3 亿 is 300 million whatever the header says
        assert parse_number("3亿", factor=FACTORS["万元"]) == 300_000_000

    def test_a_percent_of_money_has_no_meaning(self) -> None:
        assert reason(parse_number, "12%", factor=FACTORS["万元"]) == "bad_number"

    def test_a_float_keeps_the_digits_that_a_spreadsheet_shows(self) -> None:
        assert parse_number(0.1 + 0.2) == Decimal("0.3")
        assert parse_number(float("nan")) is None

    def test_an_absurd_exponent_is_out_of_range(self) -> None:
        assert reason(parse_number, "1e400") == "number_too_large"

    @given(AMOUNTS)
    def test_any_amount_survives_its_usual_spellings(self, amount: Decimal) -> None:
        size = abs(amount)
        spellings = [f"{amount:f}", f"{amount:,}", f" {amount:f} ", f"'{amount:f}"]
        if amount < 0:
            spellings += [f"({size:,})", f"（{size:f}）", f"{size:f}-", f"-¥{size:,}"]
        else:
            spellings += [f"+{amount:f}", f"¥{amount:,}"]
        for text in spellings:
            assert parse_number(text, currency="CNY") == amount, text

    @given(AMOUNTS, st.sampled_from(["千元", "万元", "百万元", "亿元", "万", "亿"]))
    def test_a_unit_multiplies_exactly(self, amount: Decimal, unit: str) -> None:
        assert parse_number(f"{amount:f}{unit}") == amount * FACTORS[unit]
        assert parse_number(f"{amount:f}", factor=FACTORS[unit]) == amount * FACTORS[unit]

    @given(st.text(max_size=12))
    def test_any_text_gives_a_number_nothing_or_a_reason(self, text: str) -> None:
        number = outcome(parse_number, text)
        if isinstance(number, str):
            assert number in {"bad_number", "number_too_large", "other_currency"}
        else:
            assert number is None or number.is_finite()


class TestDays:
    @pytest.mark.parametrize(
        "cell",
        [
            "2026-01-05",
            "2026-1-5",
            "2026/1/5",
            "2026.01.05",
            "2026年1月5日",
            "2026年01月05号",
            "2026年1月5日 星期一",
            "2026-01-05 13:45:10",
            "2026-01-05T00:00:00",
            "20260105",
            "46027",
            "5-Jan-2026",
            "Jan 5, 2026",
            46027,
            46027.75,
            20260105,
            date(2026, 1, 5),
            datetime(2026, 1, 5, 23, 59),  # noqa: DTZ001 - as a spreadsheet gives it
        ],
    )
    def test_reads_one_day_in_many_forms(self, cell: object) -> None:
        assert parse_day(cell) == date(2026, 1, 5)

    @pytest.mark.parametrize("cell", [None, "", "—", "无", "N/A", float("nan")])
    def test_a_blank_is_no_day_and_no_error(self, cell: object) -> None:
        assert parse_day(cell) is None

    @pytest.mark.parametrize(
        "cell",
        [
            "去年三月",
            "2026-02-30",
            "2026年13月1日",
            "2026-1/5",
            "202601",
            "2026",
            12,
            True,
            0,
            "26-01-05x",
        ],
    )
    def test_refuses_what_is_no_day(self, cell: object) -> None:
        assert reason(parse_day, cell) == "bad_date"

    def test_day_and_month_are_never_guessed(self) -> None:
        assert reason(parse_day, "1/5/2026") == "ambiguous_date"
        assert reason(parse_day, "13/5/2026") == "ambiguous_date"
        assert parse_day("1/5/2026", ["%d/%m/%Y"]) == date(2026, 5, 1)
        assert parse_day("1/5/2026", ["%m/%d/%Y"]) == date(2026, 1, 5)

    def test_a_format_may_give_the_first_of_a_month(self) -> None:
        assert parse_day("2026年1月", ["%Y年%m月"]) == date(2026, 1, 1)
        assert parse_day(202601, ["%Y%m"]) == date(2026, 1, 1)

    def test_a_clear_date_is_read_although_a_format_is_given(self) -> None:
        assert parse_day("2026-01-05", ["%d/%m/%Y"]) == date(2026, 1, 5)

    def test_years_far_off_are_out_of_range(self) -> None:
        assert reason(parse_day, "9999-12-31") == "date_out_of_range"
        assert reason(parse_day, "1066-10-14") == "date_out_of_range"

    def test_an_offset_counts_in_the_zone_of_the_source(self) -> None:
        # 23:00 UTC on the 5th is 07:00 on the 6th in Shanghai
        assert parse_day("2026-01-05T23:00:00Z", zone="Asia/Shanghai") == date(2026, 1, 6)
        assert parse_day("2026-01-05T23:00:00Z", zone="UTC") == date(2026, 1, 5)

    @given(DAYS)
    def test_any_day_survives_its_usual_spellings(self, day: date) -> None:
        y, m, d = day.year, day.month, day.day
        spellings = [
            day.isoformat(),
            f"{y}年{m}月{d}日",
            f"{y}/{m}/{d}",
            f"{y}.{m:02}.{d:02}",
            f"{y}{m:02}{d:02}",
            f"{day:%d-%b-%Y}",
            (day - date(1899, 12, 30)).days,
        ]
        for cell in spellings:
            assert parse_day(cell) == day, cell

    @given(st.integers(min_value=FIRST_SERIAL, max_value=LAST_SERIAL))
    def test_serial_days_count_as_spreadsheets_do(self, serial: int) -> None:
        # serial 1 is 1900-01-01; from 61 on the calendar is right, so the epoch is 1899-12-30
        assert parse_day(serial) == date(1899, 12, 30) + timedelta(days=serial)

    @given(st.text(max_size=14))
    def test_any_text_gives_a_day_nothing_or_a_reason(self, text: str) -> None:
        day = outcome(parse_day, text)
        if isinstance(day, str):
            assert day in {"bad_date", "ambiguous_date", "date_out_of_range"}
        else:
            assert day is None or 1900 <= day.year <= 2199


class TestInstants:
    def test_a_local_time_is_taken_in_the_zone_of_the_source(self) -> None:
        moment = parse_instant("2026-01-05 08:30", zone="Asia/Shanghai")
        assert moment == datetime(2026, 1, 5, 0, 30, tzinfo=UTC)

    def test_an_offset_wins(self) -> None:
        moment = parse_instant("2026-01-05T08:30:00+09:00", zone="Asia/Shanghai")
        assert moment == datetime(2026, 1, 4, 23, 30, tzinfo=UTC)

    def test_the_fraction_of_a_serial_is_the_time_of_day(self) -> None:
        assert from_serial(Decimal("46027.5")).isoformat() == "2026-01-05T12:00:00"

    def test_an_impossible_time_is_refused(self) -> None:
        assert reason(parse_instant, "2026-01-05 25:00") == "bad_date"


class TestFlags:
    @pytest.mark.parametrize("cell", ["是", "Y", "yes", "TRUE", "1", "√", True, 1, 1.0])
    def test_yes(self, cell: object) -> None:
        assert parse_flag(cell) is True

    @pytest.mark.parametrize("cell", ["否", "N", "no", "False", "0", "×", "无", False, 0])
    def test_no(self, cell: object) -> None:
        assert parse_flag(cell) is False

    @pytest.mark.parametrize("cell", [None, "", "—", "n/a"])
    def test_unknown(self, cell: object) -> None:
        assert parse_flag(cell) is None

    def test_anything_else_is_refused(self) -> None:
        assert reason(parse_flag, "也许") == "bad_flag"


class TestText:
    @pytest.mark.parametrize(
        ("cell", "text"),
        [
            ("　上海 ", "上海"),
            (1001.0, "1001"),
            (0.5, "0.5"),
            (Decimal("12.500"), "12.5"),
            (Decimal(1200), "1200"),
            (date(2026, 1, 5), "2026-01-05"),
            (datetime(2026, 1, 5), "2026-01-05"),  # noqa: DTZ001 - as a spreadsheet gives it
            (True, "true"),
            ("—", None),
            ("", None),
            (float("nan"), None),
        ],
    )
    def test_a_cell_as_text(self, cell: object, text: str | None) -> None:
        assert as_text(cell) == text
