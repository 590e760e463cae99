"""Single periods, resolved against a given today: 2025-11-20, a Thursday."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.rules.text import fold
from agents.rules.time_rules import Calendar, TimeExpr, named, period_at
from leadline.types import Grain

TODAY = date(2025, 11, 20)
CALENDAR = Calendar(TODAY)


def read(typed: str, calendar: Calendar = CALENDAR) -> TimeExpr:
    """The period that is the whole of `typed`."""
    text = fold(typed)
    found = period_at(text, 0, calendar)
    assert found is not None, typed
    assert found[1] == len(text), f"{typed}: only {text[: found[1]]!r} was read"
    return found[0]


def days(expr: TimeExpr) -> tuple[str, str]:
    """First day and exclusive end as ISO text."""
    assert expr.start is not None
    assert expr.end_excl is not None
    return expr.start.isoformat(), expr.end_excl.isoformat()


class TestCalendarPeriods:
    @pytest.mark.parametrize(
        ("typed", "start", "end"),
        [
            ("今年", "2025-01-01", "2026-01-01"),
            ("本年度", "2025-01-01", "2026-01-01"),
            ("去年", "2024-01-01", "2025-01-01"),
            ("前年", "2023-01-01", "2024-01-01"),
            ("明年", "2026-01-01", "2027-01-01"),
            ("本季度", "2025-10-01", "2026-01-01"),
            ("这个季度", "2025-10-01", "2026-01-01"),
            ("上季度", "2025-07-01", "2025-10-01"),
            ("上个季度", "2025-07-01", "2025-10-01"),
            ("本月", "2025-11-01", "2025-12-01"),
            ("上个月", "2025-10-01", "2025-11-01"),
            ("上上个月", "2025-09-01", "2025-10-01"),
            ("下个月", "2025-12-01", "2026-01-01"),
            ("本周", "2025-11-17", "2025-11-24"),
            ("上周", "2025-11-10", "2025-11-17"),
            ("今天", "2025-11-20", "2025-11-21"),
            ("昨天", "2025-11-19", "2025-11-20"),
            ("前天", "2025-11-18", "2025-11-19"),
            ("this year", "2025-01-01", "2026-01-01"),
            ("last year", "2024-01-01", "2025-01-01"),
            ("the year before last", "2023-01-01", "2024-01-01"),
            ("this quarter", "2025-10-01", "2026-01-01"),
            ("last quarter", "2025-07-01", "2025-10-01"),
            ("the previous quarter", "2025-07-01", "2025-10-01"),
            ("this month", "2025-11-01", "2025-12-01"),
            ("last month", "2025-10-01", "2025-11-01"),
            ("next month", "2025-12-01", "2026-01-01"),
            ("last week", "2025-11-10", "2025-11-17"),
            ("two months ago", "2025-09-01", "2025-10-01"),
            ("yesterday", "2025-11-19", "2025-11-20"),
        ],
    )
    def test_relative(self, typed: str, start: str, end: str) -> None:
        assert days(read(typed)) == (start, end)

    @pytest.mark.parametrize(
        ("typed", "start", "end"),
        [
            ("2024年", "2024-01-01", "2025-01-01"),
            ("24年", "2024-01-01", "2025-01-01"),
            ("二〇二四年", "2024-01-01", "2025-01-01"),
            ("2024", "2024-01-01", "2025-01-01"),
            ("2024年上半年", "2024-01-01", "2024-07-01"),
            ("去年下半年", "2024-07-01", "2025-01-01"),
            ("2024H2", "2024-07-01", "2025-01-01"),
            ("h1 2024", "2024-01-01", "2024-07-01"),
            ("the first half of 2024", "2024-01-01", "2024-07-01"),
            ("2024年第三季度", "2024-07-01", "2024-10-01"),
            ("2024年三季度", "2024-07-01", "2024-10-01"),
            ("去年四季度", "2024-10-01", "2025-01-01"),
            ("2024Q3", "2024-07-01", "2024-10-01"),
            ("Q3 2024", "2024-07-01", "2024-10-01"),
            ("q3 '24", "2024-07-01", "2024-10-01"),
            ("the third quarter of 2024", "2024-07-01", "2024-10-01"),
            ("the last quarter of 2024", "2024-10-01", "2025-01-01"),
            ("2024年3月", "2024-03-01", "2024-04-01"),
            ("去年十二月", "2024-12-01", "2025-01-01"),
            ("2024-03", "2024-03-01", "2024-04-01"),
            ("March 2024", "2024-03-01", "2024-04-01"),
            ("Mar. 2024", "2024-03-01", "2024-04-01"),
            ("sept 2024", "2024-09-01", "2024-10-01"),
            ("2024年3月5日", "2024-03-05", "2024-03-06"),
            ("2024-03-05", "2024-03-05", "2024-03-06"),
            ("2024/3/5", "2024-03-05", "2024-03-06"),
            ("March 5, 2024", "2024-03-05", "2024-03-06"),
            ("5th of March 2024", "2024-03-05", "2024-03-06"),
            ("2024年第10周", "2024-03-04", "2024-03-11"),
            ("2024-W10", "2024-03-04", "2024-03-11"),
            ("week 10 of 2024", "2024-03-04", "2024-03-11"),
        ],
    )
    def test_dated(self, typed: str, start: str, end: str) -> None:
        expr = read(typed)
        assert days(expr) == (start, end)
        assert expr.year_given

    @pytest.mark.parametrize(
        ("typed", "start", "end"),
        [
            ("3月", "2025-03-01", "2025-04-01"),
            ("11月", "2025-11-01", "2025-12-01"),  # has begun
            ("12月", "2024-12-01", "2025-01-01"),  # has not: the last one
            ("March", "2025-03-01", "2025-04-01"),
            ("December", "2024-12-01", "2025-01-01"),
            ("Q4", "2025-10-01", "2026-01-01"),
            ("第一季度", "2025-01-01", "2025-04-01"),
            ("上半年", "2025-01-01", "2025-07-01"),
            ("H2", "2025-07-01", "2026-01-01"),
            ("3月5日", "2025-03-05", "2025-03-06"),
            ("12月5日", "2024-12-05", "2024-12-06"),
        ],
    )
    def test_without_a_year_the_latest_that_has_begun(
        self, typed: str, start: str, end: str
    ) -> None:
        expr = read(typed)
        assert days(expr) == (start, end)
        assert not expr.year_given


class TestRolling:
    @pytest.mark.parametrize(
        ("typed", "start"),
        [
            ("近30天", "2025-10-22"),  # 30 days that end with today
            ("最近7天", "2025-11-14"),
            ("近一周", "2025-11-14"),
            ("近两个月", "2025-09-21"),  # calendar months back from tomorrow
            ("过去3个月", "2025-08-21"),
            ("近一个季度", "2025-08-21"),
            ("近半年", "2025-05-21"),
            ("近一年", "2024-11-21"),
            ("最近12个月", "2024-11-21"),
            ("滚动12个月", "2024-11-21"),
            ("last 30 days", "2025-10-22"),
            ("the past two months", "2025-09-21"),
            ("past 6 months", "2025-05-21"),
            ("the past year", "2024-11-21"),
            ("the last half year", "2025-05-21"),
            ("trailing 12 months", "2024-11-21"),
            ("ttm", "2024-11-21"),
            ("last 2 weeks", "2025-11-07"),
        ],
    )
    def test_ends_with_today(self, typed: str, start: str) -> None:
        assert days(read(typed)) == (start, "2025-11-21")

    @given(st.integers(1, 99))
    def test_days_are_counted_one_by_one(self, count: int) -> None:
        expr = read(f"近{count}天")
        assert expr.start is not None
        assert expr.end_excl is not None
        assert (expr.end_excl - expr.start).days == count

    @pytest.mark.parametrize(
        ("today", "start"),
        [
            (date(2025, 3, 30), "2025-02-28"),  # tomorrow is 03-31; February has no 31st
            (date(2024, 2, 28), "2024-01-29"),
            (date(2025, 2, 28), "2025-02-01"),  # tomorrow is 03-01
        ],
    )
    def test_a_month_is_no_block_of_thirty_days(self, today: date, start: str) -> None:
        assert days(read("近一个月", Calendar(today)))[0] == start


class TestToDate:
    @pytest.mark.parametrize(
        ("typed", "start"),
        [
            ("年初至今", "2025-01-01"),
            ("今年以来", "2025-01-01"),
            ("本季度至今", "2025-10-01"),
            ("本月至今", "2025-11-01"),
            ("ytd", "2025-01-01"),
            ("year to date", "2025-01-01"),
            ("so far this year", "2025-01-01"),
            ("qtd", "2025-10-01"),
            ("month to date", "2025-11-01"),
        ],
    )
    def test_from_the_start_of_the_period_to_today(self, typed: str, start: str) -> None:
        expr = read(typed)
        assert days(expr) == (start, "2025-11-21")
        assert not expr.partial(TODAY)  # it is whole: it was meant to end today


class TestFiscalYears:
    def test_the_calendar_year_by_default(self) -> None:
        assert days(read("FY2025")) == ("2025-01-01", "2026-01-01")

    def test_begins_in_the_month_of_the_instance(self) -> None:
        april = Calendar(TODAY, fiscal_start_month=4)
        assert days(read("2025财年", april)) == ("2024-04-01", "2025-04-01")
        assert days(read("2025年", april)) == ("2025-01-01", "2026-01-01")


class TestPartial:
    @pytest.mark.parametrize(
        ("typed", "partial"),
        [("今年", True), ("本月", True), ("去年", False), ("今天", False), ("明年", False)],
    )
    def test_only_a_period_that_today_cuts(self, typed: str, partial: bool) -> None:
        assert read(typed).partial(TODAY) is partial

    def test_not_on_its_last_day(self) -> None:
        assert not named("month", date(2025, 11, 1)).partial(date(2025, 11, 30))
        assert named("month", date(2025, 11, 1)).partial(date(2025, 11, 29))


class TestLabels:
    @pytest.mark.parametrize(
        ("unit", "start", "zh", "en"),
        [
            ("year", date(2024, 1, 1), "2024 年", "2024"),
            ("half", date(2024, 7, 1), "2024 年下半年", "H2 2024"),
            ("quarter", date(2024, 7, 1), "2024 年第三季度", "Q3 2024"),
            ("month", date(2024, 3, 1), "2024 年 3 月", "March 2024"),
            ("week", date(2024, 3, 4), "2024 年第 10 周", "week 10 of 2024"),
            ("day", date(2024, 3, 5), "2024-03-05", "2024-03-05"),
        ],
    )
    def test_both_languages(self, unit: Grain, start: date, zh: str, en: str) -> None:
        expr = named(unit, start)
        assert (expr.label_zh, expr.label_en) == (zh, en)

    @pytest.mark.parametrize(
        "typed", ["本季度", "last month", "近30天", "ytd", "上上周", "2025财年"]
    )
    def test_none_is_empty(self, typed: str) -> None:
        expr = read(typed)
        assert expr.label_zh
        assert expr.label_en

    @given(st.dates(date(2000, 1, 1), date(2040, 12, 31)), st.sampled_from(["month", "quarter"]))
    def test_a_label_reads_back_as_its_period(self, day: date, unit: Grain) -> None:
        expr = named(unit, day.replace(day=1))
        assert days(read(expr.label_zh.replace(" ", ""))) == days(expr)
        assert days(read(expr.label_en)) == days(expr)


class TestWhatIsNoPeriod:
    @pytest.mark.parametrize(
        "typed",
        [
            "13月",
            "2025-13-01",
            "2025-02-30",
            "销售额",
            "may i ask",
            "q5",
            "h3",
            "2025万",
            "201",
            "",
        ],
    )
    def test_nothing_is_read_whole(self, typed: str) -> None:
        text = fold(typed)
        found = period_at(text, 0, CALENDAR)
        assert found is None or found[1] < len(text)

    def test_a_number_of_yuan_is_no_year(self) -> None:
        assert period_at("2025万元", 0, CALENDAR) is None
        assert period_at("2025家", 0, CALENDAR) is None

    @given(st.text(alphabet="年月日季度周上下本近去今前q1234567890 -/h", max_size=12))
    def test_no_spelling_raises_and_ranges_run_forward(self, typed: str) -> None:
        text = fold(typed)
        found = period_at(text, 0, CALENDAR) if text else None
        if found is not None and found[0].start and found[0].end_excl:
            assert found[0].start < found[0].end_excl
            assert found[0].end_excl - found[0].start < timedelta(days=40_000)
