"""The grid of demand: periods, what left, what an empty shelf hides."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.tools.analytics.inventory.counts import LAST, counted
from tools.analytics.inventory.demand import NOWHERE, Flows, flows


def flow_of(*parts: pd.DataFrame, history_days: int = 364) -> Flows:
    return flows(pd.concat(parts, ignore_index=True), LAST, history_days)


class TestGrid:
    def test_a_period_is_the_usual_gap_between_counts(self) -> None:
        found = flow_of(counted([9, 7, 4], [1, 2, 3]))
        assert found.step_days == 7
        assert found.demand.tolist() == [[1, 2, 3]]

    def test_days_where_stock_is_counted_daily(self) -> None:
        found = flow_of(counted([9, 7, 4], [1, 2, 3], days=1))
        assert found.step_days == 1

    def test_what_comes_after_the_day_is_left_out(self) -> None:
        later = counted([9, 7, 4], [1, 2, 3], last=LAST + pd.Timedelta(days=7))
        assert flow_of(later).demand.tolist() == [[1, 2]]

    def test_rows_stand_by_place_and_hold_the_newest_count(self) -> None:
        found = flow_of(counted([5, 4], [1, 1], warehouse=2), counted([9, 7], [1, 2], warehouse=1))
        assert found.keys["warehouse_id"].tolist() == [1, 2]
        assert found.keys["on_hand"].tolist() == [7, 4]
        assert found.keys["partner_id"].tolist() == [NOWHERE, NOWHERE]

    def test_stock_without_a_place_is_a_row_too(self) -> None:
        found = flow_of(counted([5, 4], [1, 1], warehouse=None, region=None))
        assert found.keys["warehouse_id"].tolist() == [NOWHERE]

    def test_two_counts_of_a_day_are_summed(self) -> None:
        # versions of one product: 5 + 2 on hand, 1 + 3 left
        found = flow_of(counted([5, 5], [0, 1]), counted([2, 2], [0, 3]))
        assert found.keys["on_hand"].tolist() == [7]
        assert found.demand.tolist() == [[0, 4]]

    def test_before_the_first_count_nothing_is_known(self) -> None:
        found = flow_of(counted([9, 9, 8, 7], [0, 0, 1, 1]), counted([5, 4], [0, 1], product=2))
        assert np.isnan(found.demand[1, :2]).all()
        assert found.demand[1, 2:].tolist() == [0, 1]

    def test_only_so_much_history(self) -> None:
        found = flow_of(counted([9] * 10, list(range(10))), history_days=21)
        assert found.demand.tolist() == [[7, 8, 9]]

    def test_a_place_that_is_no_longer_counted_is_gone(self) -> None:
        # nine weeks without a count are more than eight
        old = counted([5, 5], [0, 1], product=2, last=LAST - pd.Timedelta(weeks=9))
        found = flow_of(counted([9] * 12, [1] * 12), old)
        assert found.keys["product_id"].tolist() == [1]

    def test_nothing_counted_gives_no_rows(self) -> None:
        found = flow_of(counted([], []))
        assert len(found.keys) == 0
        assert found.demand.shape == (0, 0)

    def test_three_periods_are_too_few(self) -> None:
        assert flow_of(counted([9] * 3, [1] * 3)).known.tolist() == [False]
        assert flow_of(counted([9] * 4, [1] * 4)).known.tolist() == [True]


class TestWhatLeft:
    def test_follows_from_balances_where_it_is_not_stated(self) -> None:
        # 9 → 7 with 3 received: 5 left; 7 → 8 with 4: 3; the first count tells nothing
        found = flow_of(counted([9, 7, 8], [None, None, None], came=[0, 3, 4]))
        assert found.demand.tolist() == [[0, 5, 3]]

    def test_a_stated_figure_wins(self) -> None:
        found = flow_of(counted([9, 7], [0, 1], came=[0, 3]))
        assert found.demand[0, 1] == 1

    def test_a_correction_upwards_is_no_demand(self) -> None:
        assert flow_of(counted([5, 9], [None, None])).demand.tolist() == [[0, 0]]


class TestEmptyShelves:
    def test_hide_demand_of_at_least_the_usual(self) -> None:
        # with stock 4 and 6 left: 5 is usual; the empty weeks count as 5 and as the 8 that left
        found = flow_of(counted([3, 3, 0, 0], [4, 6, 1, 8]))
        assert found.demand.tolist() == [[4, 6, 5, 8]]
        assert found.empty.tolist() == [[False, False, True, True]]

    def test_a_shelf_that_was_always_empty_keeps_what_left(self) -> None:
        assert flow_of(counted([0, 0], [1, 2])).demand.tolist() == [[1, 2]]

    @pytest.mark.parametrize("owed", [-1, -20])
    def test_a_backlog_is_empty(self, owed: int) -> None:
        assert flow_of(counted([3, owed], [0, 0])).empty[0, 1]
