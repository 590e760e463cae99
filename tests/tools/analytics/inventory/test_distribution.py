"""Distributions of need: resampled, fitted, and service shared over items."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import gamma

from tests.tools.analytics.inventory.counts import LAST, counted
from tools.analytics.inventory.demand import Flows, flows
from tools.analytics.inventory.distribution import (
    exceeded,
    fitted_quantile,
    needs,
    quantile,
    shared_service,
    shortage,
)

NOBODY = np.array([False])


def steady(left: list[float], came: list[float] | None = None) -> Flows:
    return flows(counted([50] * len(left), list(left), came), LAST)


class TestNeeds:
    def test_of_steady_demand_is_demand_times_days(self) -> None:
        # 7 a week over 14 days and over 10.5 days (a week and a half)
        flow = steady([7] * 20)
        assert set(needs(flow, np.array([14.0]), NOBODY)[0]) == {14.0}
        assert set(needs(flow, np.array([10.5]), NOBODY)[0]) == {10.5}

    def test_receipts_that_come_in_time_leave_no_need(self) -> None:
        flow = steady([7] * 20, [7] * 20)
        assert set(needs(flow, np.array([28.0]), np.array([True]))[0]) == {0.0}
        assert set(needs(flow, np.array([28.0]), NOBODY)[0]) == {28.0}

    def test_is_the_highest_point_on_the_way(self) -> None:
        # 6 leave one week, 10 come the next: after two weeks there is more, but 6 are needed before
        flow = steady([6, 0] * 10, [0, 10] * 10)
        assert needs(flow, np.array([14.0]), np.array([True])).max() == 6.0

    def test_with_too_short_a_history_is_unknown(self) -> None:
        assert np.isnan(needs(steady([7] * 3), np.array([14.0]), NOBODY)).all()

    def test_is_the_same_every_time_and_beside_any_other_row(self) -> None:
        alone = steady([1, 9, 0, 3, 12, 0, 0, 5])
        both = flows(
            pd.concat(
                [
                    counted([50] * 8, [1, 9, 0, 3, 12, 0, 0, 5]),
                    counted([50] * 8, [2] * 8, product=2),
                ]
            ),
            LAST,
        )
        first = needs(alone, np.array([28.0]), NOBODY)
        second = needs(both, np.array([28.0, 28.0]), np.array([False, False]))
        assert (first[0] == second[0]).all()

    def test_no_days_need_nothing(self) -> None:
        assert needs(steady([7] * 8), np.array([0.0]), NOBODY).max() == 0.0


class TestReading:
    DRAWS = np.array([[1.0, 2.0, 3.0, 4.0]])

    def test_quantile_is_the_smallest_draw_that_covers_the_share(self) -> None:
        assert quantile(self.DRAWS, 0.5) == 2.0
        assert quantile(self.DRAWS, 0.51) == 3.0
        assert quantile(self.DRAWS, 1.0) == 4.0

    def test_exceeded_counts_draws_above_the_stock(self) -> None:
        assert exceeded(self.DRAWS, np.array([2.0])) == 0.5
        assert exceeded(self.DRAWS, np.array([4.0])) == 0.0

    def test_shortage_is_the_mean_beyond_the_stock(self) -> None:
        # nothing twice, then one and two: three over four draws
        assert shortage(self.DRAWS, np.array([2.0])) == 0.75


class TestFitted:
    def test_of_steady_demand_is_the_demand(self) -> None:
        found = fitted_quantile(steady([7] * 10), np.array([14.0]), np.array([0.95]))
        assert found == pytest.approx([14.0])

    def test_is_the_quantile_of_a_gamma_of_the_same_mean_and_variance(self) -> None:
        # mean 2, so shape 4 / variance and scale variance / 2
        left = [0.0, 4.0] * 6
        variance = np.var(left, ddof=1)
        shape, scale = 4 / variance, variance / 2
        found = fitted_quantile(steady(left), np.array([7.0]), np.array([0.5]))
        assert found == pytest.approx([gamma.ppf(0.5, shape, scale=scale)])

    def test_bursts_need_more_than_the_same_demand_spread_out(self) -> None:
        bursts = fitted_quantile(steady([0, 0, 0, 20] * 5), np.array([28.0]), np.array([0.95]))
        spread = fitted_quantile(steady([4, 6, 5, 5] * 5), np.array([28.0]), np.array([0.95]))
        assert bursts > spread > 20

    def test_nothing_ever_asked_for_needs_nothing(self) -> None:
        assert fitted_quantile(steady([0] * 9), np.array([28.0]), np.array([0.95])) == 0


class TestSharedService:
    def test_a_dear_item_is_kept_less_often_than_a_cheap_one(self) -> None:
        # costs 50 and 150 with equal demand: mean 100; 1 − 5 % · 0.5 and 1 − 5 % · 1.5
        found = shared_service(
            0.95, np.array([1.0, 1.0]), np.array([50.0, 150.0]), np.array([True, True])
        )
        assert found == pytest.approx([0.975, 0.925])

    def test_own_and_partners_stock_keep_the_level_each(self) -> None:
        found = shared_service(
            0.9, np.array([1.0, 1.0]), np.array([50.0, 150.0]), np.array([True, False])
        )
        assert found == pytest.approx([0.9, 0.9])

    def test_without_a_cost_the_level_stays(self) -> None:
        found = shared_service(
            0.9, np.array([1.0, 1.0]), np.array([np.nan, 10.0]), np.array([True, True])
        )
        assert found == pytest.approx([0.9, 0.9])

    def test_none_is_planned_to_run_out_more_often_than_not(self) -> None:
        found = shared_service(
            0.8, np.array([100.0, 1.0]), np.array([1.0, 1000.0]), np.array([True, True])
        )
        # mean cost (100 + 1000) / 101 = 10.9: the dear one would get 1 − 0.2 · 91.8
        assert found[1] == 0.5

    @given(
        st.lists(st.tuples(st.floats(0.1, 100), st.floats(1, 100)), min_size=1, max_size=8),
        st.floats(0.96, 0.99),
    )
    def test_weighted_by_demand_the_level_is_kept(
        self, items: list[tuple[float, float]], level: float
    ) -> None:
        demand, cost = (np.array(part) for part in zip(*items, strict=True))
        found = shared_service(level, demand, cost, np.full(len(items), True))
        inside = (found > 0.5) & (found < 0.999)
        if inside.all():
            assert (found * demand).sum() / demand.sum() == pytest.approx(level)
