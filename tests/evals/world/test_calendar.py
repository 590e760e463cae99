"""Days, months, quarters, and the rhythm of ordering."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.world.seeds import stream
from evals.world.timeline import CHINESE_NEW_YEAR, LAST_DAY, make_timeline

TIMELINE = make_timeline(36)


class TestExtent:
    def test_36_months_end_with_october_2026(self) -> None:
        assert TIMELINE.start == date(2023, 11, 1)
        assert TIMELINE.end == LAST_DAY == date(2026, 10, 31)
        assert TIMELINE.days == (date(2026, 11, 1) - date(2023, 11, 1)).days  # 1096, a leap year

    @pytest.mark.parametrize("months", [23, 73])
    def test_other_lengths_are_refused(self, months: int) -> None:
        with pytest.raises(ValueError, match="24 to 72"):
            make_timeline(months)

    @given(st.integers(0, TIMELINE.days - 1))
    def test_a_day_is_its_date_and_lies_in_its_month(self, day: int) -> None:
        when = TIMELINE.date_of(day)
        assert TIMELINE.day_of(when) == day
        month = int(TIMELINE.month_of_day[day])
        assert TIMELINE.month_start(month) == when.replace(day=1)
        assert TIMELINE.month_first[month] <= day < TIMELINE.month_first[month + 1]

    def test_months_outside_have_a_start_too(self) -> None:
        assert TIMELINE.month_start(-1) == date(2023, 10, 1)
        assert TIMELINE.month_start(38) == date(2027, 1, 1)


class TestQuarters:
    def test_only_whole_ones_count(self) -> None:
        quarters = TIMELINE.quarters()
        # November 2023 starts in the middle of a quarter; October 2026 is a third of one.
        assert [quarters[0].label, quarters[-1].label] == ["2024Q1", "2026Q3"]
        assert len(quarters) == 11
        assert TIMELINE.date_of(quarters[0].last) == date(2024, 3, 31)


class TestRhythm:
    def weight(self, day: date) -> float:
        return float(TIMELINE.weight[TIMELINE.day_of(day)])

    @pytest.mark.parametrize("first", [d for d in CHINESE_NEW_YEAR if 2023 < d.year < 2027])
    def test_nearly_nobody_orders_at_chinese_new_year(self, first: date) -> None:
        days = [first + timedelta(days=n) for n in range(7)]
        assert sum(self.weight(day) for day in days) < 0.05 * 7

    def test_the_new_years_are_the_real_ones(self) -> None:
        real = {2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6)}
        for year, (month, day) in real.items():
            assert date(year, month, day) in CHINESE_NEW_YEAR

    def test_a_quarter_ends_busier_than_it_began(self) -> None:
        # Tuesdays of March and of April 2026 without holidays between.
        assert self.weight(date(2026, 3, 31)) > 1.8 * self.weight(date(2026, 4, 14))

    def test_weekends_are_quiet(self) -> None:
        assert self.weight(date(2026, 5, 17)) < 0.15 * self.weight(date(2026, 5, 19))

    def test_the_mean_is_one(self) -> None:
        assert np.isclose(TIMELINE.weight.mean(), 1.0)

    @given(st.lists(st.integers(0, 35), min_size=1, max_size=50), st.integers(0, 1000))
    def test_drawn_days_lie_in_their_months(self, months: list[int], seed: int) -> None:
        drawn = TIMELINE.draw_days(np.random.default_rng(seed), np.array(months))
        assert TIMELINE.month_of_day[drawn].tolist() == months

    def test_busy_days_are_drawn_more_often(self) -> None:
        # June 2026: 30 days of which the last ten carry the quarter-end push.
        month = TIMELINE.month_of_day[TIMELINE.day_of(date(2026, 6, 1))]
        days = TIMELINE.draw_days(np.random.default_rng(1), np.full(4000, month))
        late = float((days >= TIMELINE.day_of(date(2026, 6, 21))).mean())
        first = int(TIMELINE.month_first[month])
        expected = TIMELINE.weight[first + 20 : first + 30].sum()
        expected /= TIMELINE.weight[first : first + 30].sum()
        assert late == pytest.approx(expected, abs=0.03)
        assert late > 0.45


class TestStreams:
    def test_a_subject_has_its_own_numbers(self) -> None:
        assert stream(7, "orders").random() == stream(7, "orders").random()
        assert stream(7, "orders").random() != stream(7, "stages").random()
        assert stream(7, "orders").random() != stream(8, "orders").random()
