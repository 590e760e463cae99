from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.figures import names_date, shown_figures


def values(text: str, *names: str) -> list[float]:
    return [figure.value for figure in shown_figures(text, names)]


class TestReadingFigures:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("3,357.5万", 33_575_000),
            ("0.34 亿", 34_000_000),
            ("33.57 million", 33_570_000),
            ("$200k", 200_000),
            ("12.3%", 0.123),
            ("１２．３％", 0.123),
            ("上升 2.5 个百分点", 0.025),
            ("1,708 orders", 1708),
            ("¥33,574,834.16", 33_574_834.16),
        ],
    )
    def test_scale_and_separators(self, text: str, value: float) -> None:
        assert values(text) == [pytest.approx(value)]

    def test_a_letter_after_the_scale_means_it_is_a_word(self) -> None:
        assert values("5 months, 3 bikes, 7 k") == [5, 3, 7000]

    def test_marks_dates_buckets_and_years_are_no_figures(self) -> None:
        text = (
            "2013-11-29 为止 [1]，2013年3月 与 2013-Q1、2013-H1、2013-W05、2013-03、Q3 2013、"
            "in 2012, 2013. "
            "29 November 2013、Nov 29, 2013、March 2013、2012 年 [^2] 【3】 10月"
        )
        assert values(text) == []

    def test_digits_of_names_are_no_figures(self) -> None:
        text = "Volume Discount 11 to 14: 2.89 million"
        assert values(text) == [11, 14, 2_890_000]
        assert values(text, "Volume Discount 11 to 14") == [2_890_000]

    def test_a_month_in_the_rows_is_not_a_part_of_a_day(self) -> None:
        text = "2013-05-01 … 2013-06-30按月：2013-06：166.25万"
        assert values(text, "2013-05", "2013-06", "2013") == [1_662_500]

    def test_several_in_order(self) -> None:
        text = "本期764.5万，上期 865.7万，下降 11.7%"
        assert values(text) == pytest.approx([7_645_000, 8_657_000, 0.117])


class TestStandingFor:
    def test_half_a_unit_of_the_last_digit(self) -> None:
        shown = shown_figures("3,357.5万")[0]  # stands for 33,574,500 … 33,575,500
        assert shown.stands_for(33_574_834.1572)
        assert not shown.stands_for(33_574_499.0)
        assert not shown.stands_for(33_575_501.0)

    def test_the_sign_is_in_the_words(self) -> None:
        assert shown_figures("下降 11.7%")[0].stands_for(-0.1169016828)

    @given(
        st.decimals(min_value=0, max_value=10**9, places=4, allow_nan=False),
        st.integers(min_value=0, max_value=4),
    )
    def test_any_correct_rounding_stands_for_its_value(self, value: Decimal, places: int) -> None:
        text = f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,}"
        plain = f"金额 {text} 元"
        (shown,) = shown_figures(plain)
        assert shown.stands_for(float(value))

    @given(st.integers(min_value=2101, max_value=10**9))
    def test_the_next_whole_number_does_not(self, value: int) -> None:
        (shown,) = shown_figures(f"{value:,}")
        assert not shown.stands_for(value + 1)


class TestNamingADay:
    @pytest.mark.parametrize(
        "text",
        [
            "截至 2013-11-29",
            "截至2013年11月29日",
            "as of 29 November 2013",
            "up to Nov 29, 2013.",
            "２０１３年１１月２９日",
        ],
    )
    def test_forms(self, text: str) -> None:
        assert names_date(text, "2013-11-29")

    @pytest.mark.parametrize("text", ["2013-11-2", "2013年11月", "2013-11-290", "29 Nov 2012", ""])
    def test_other_days(self, text: str) -> None:
        assert not names_date(text, "2013-11-29")
