"""Ranges over periods. Today is 2025-11-20."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.rules.text import fold
from agents.rules.time_rules import Calendar, TimeExpr, named
from agents.rules.timex import time_at, with_year_of

CALENDAR = Calendar(date(2025, 11, 20))


def read(typed: str) -> TimeExpr:
    """The time expression that is the whole of `typed`."""
    text = fold(typed)
    found = time_at(text, 0, CALENDAR)
    assert found is not None, typed
    assert found[1] == len(text), f"{typed}: only {text[: found[1]]!r} was read"
    return found[0]


def days(expr: TimeExpr) -> tuple[str | None, str | None]:
    """First day and exclusive end as ISO text."""
    return (
        expr.start.isoformat() if expr.start else None,
        expr.end_excl.isoformat() if expr.end_excl else None,
    )


class TestRanges:
    @pytest.mark.parametrize(
        ("typed", "start", "end"),
        [
            ("2025年1月到3月", "2025-01-01", "2025-04-01"),
            ("2025年1-3月", "2025-01-01", "2025-04-01"),
            ("1-6月", "2025-01-01", "2025-07-01"),
            ("从2025年3月到2025年5月", "2025-03-01", "2025-06-01"),
            ("2025-03-01至2025-05-31", "2025-03-01", "2025-06-01"),
            ("2025-03-01~2025-05-31", "2025-03-01", "2025-06-01"),
            ("2023-2024", "2023-01-01", "2025-01-01"),
            ("2023年至2024年", "2023-01-01", "2025-01-01"),
            ("2024年11月到2025年2月", "2024-11-01", "2025-03-01"),
            ("from March to May 2025", "2025-03-01", "2025-06-01"),
            ("from March 2025 to May 2025", "2025-03-01", "2025-06-01"),
            ("between January and June 2025", "2025-01-01", "2025-07-01"),
            ("Q1 to Q3 2025", "2025-01-01", "2025-10-01"),
            ("January 2025 through March 2025", "2025-01-01", "2025-04-01"),
            ("from 2023 to 2024", "2023-01-01", "2025-01-01"),
        ],
    )
    def test_from_the_first_to_the_last_inclusive(self, typed: str, start: str, end: str) -> None:
        assert days(read(typed)) == (start, end)

    def test_a_side_without_a_year_takes_the_others(self) -> None:
        assert days(read("2024年10月到12月")) == ("2024-10-01", "2025-01-01")

    def test_over_the_turn_of_the_year(self) -> None:
        # February comes before November: the range ends in the next year
        assert days(read("from November 2024 to February")) == ("2024-11-01", "2025-03-01")

    def test_months_of_this_year_that_have_not_begun_are_last_years(self) -> None:
        # December 2025 lies ahead, but 1-12月 begins in a January that has begun
        assert days(read("1-12月")) == ("2025-01-01", "2026-01-01")
        assert days(read("12月")) == ("2024-12-01", "2025-01-01")

    def test_a_range_backwards_is_none(self) -> None:
        found = time_at("2025年5月到2025年3月", 0, CALENDAR)
        assert found is not None
        assert found[1] == len("2025年5月")

    @given(st.integers(1, 11), st.integers(1, 11))
    def test_months_of_one_year(self, first: int, last: int) -> None:
        if first < last:
            expr = read(f"2025年{first}月到{last}月")
            assert days(expr) == (
                date(2025, first, 1).isoformat(),
                date(2025, last + 1, 1).isoformat(),
            )


class TestOpenEnds:
    @pytest.mark.parametrize(
        ("typed", "start", "end"),
        [
            ("2025年3月以来", "2025-03-01", None),
            ("2025年3月至今", "2025-03-01", None),
            ("从2025年3月到现在", "2025-03-01", None),
            ("从2025年3月开始", "2025-03-01", None),
            ("since March 2025", "2025-03-01", None),
            ("since 2024", "2024-01-01", None),
            ("from March 2025 onwards", "2025-03-01", None),
            ("2024年之后", "2025-01-01", None),
            ("after 2024", "2025-01-01", None),
            ("2025年之前", None, "2025-01-01"),
            ("before 2025", None, "2025-01-01"),
            ("截至2024年", None, "2025-01-01"),
            ("until March 2025", None, "2025-04-01"),
            ("2025年3月为止", None, "2025-04-01"),
        ],
    )
    def test_since_after_before_until(self, typed: str, start: str | None, end: str | None) -> None:
        assert days(read(typed)) == (start, end)

    def test_labels_say_so_in_both_languages(self) -> None:
        expr = read("since March 2025")
        assert expr.label_en == "since March 2025"
        assert "以来" in expr.label_zh


class TestOnePeriod:
    @pytest.mark.parametrize("typed", ["本月", "Q3 2024", "近30天", "ytd"])
    def test_is_read_as_before(self, typed: str) -> None:
        assert read(typed).start is not None

    def test_two_periods_side_by_side_are_no_range(self) -> None:
        # "2024 and 2025" sets two years side by side; only from/between joins with "and"
        found = time_at("2024年和2025年", 0, CALENDAR)
        assert found is not None
        assert found[1] == len("2024年")


class TestSharingAYear:
    def test_a_bare_month_moves_to_the_year_named_beside_it(self) -> None:
        march = named("month", date(2025, 3, 1), year_given=False)
        year = named("year", date(2024, 1, 1))
        assert days(with_year_of(march, year)) == ("2024-03-01", "2024-04-01")

    def test_a_month_with_its_own_year_stays(self) -> None:
        march = named("month", date(2025, 3, 1))
        assert with_year_of(march, named("year", date(2024, 1, 1))) == march
