"""Positions: cover, reorder point, risk of running out, what lies idle."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.tools.analytics.inventory.counts import LAST, counted
from tools.analytics.inventory.demand import Flows, flows
from tools.analytics.inventory.risk import RiskOptions, positions, ran_out

EACH = RiskOptions(together=False)


def of(flow: Flows, in_transit: float = np.nan, options: RiskOptions = EACH) -> pd.Series:
    """The first row's position with a lead time of 21 days; a unit costs 100 and earns 40."""
    n = len(flow.keys)
    table = positions(
        flow,
        np.full(n, 21.0),
        np.full(n, in_transit),
        np.full(n, 100.0),
        np.full(n, 40.0),
        options,
    )
    return table.iloc[0]


def steady(on_hand: float, left: float = 7, came: float = 0, weeks: int = 20) -> Flows:
    return flows(counted([on_hand] * weeks, [left] * weeks, [came] * weeks), LAST)


class TestSteadyDemand:
    """Seven units a week; stock has to last three weeks and one more until the next count."""

    def test_cover_is_stock_over_demand(self) -> None:
        found = of(steady(35))
        assert found["demand_per_day"] == 1
        assert found["cover_days"] == 35

    def test_reorder_point_is_demand_over_lead_time_and_a_count(self) -> None:
        found = of(steady(35))
        # 4 weeks · 7; nothing varies, so there is no safety stock
        assert (found["protect_days"], found["reorder_point"], found["safety_stock"]) == (28, 28, 0)

    @pytest.mark.parametrize(("on_hand", "risk", "short"), [(28, 0.0, 0.0), (27, 1.0, 1.0)])
    def test_runs_out_where_stock_is_below_the_need(
        self, on_hand: float, risk: float, short: float
    ) -> None:
        found = of(steady(on_hand))
        assert found["stockout_risk"] == risk
        assert found["shortage_units"] == pytest.approx(short)
        assert found["shortage_value"] == pytest.approx(short * 40)

    def test_what_is_on_its_way_counts(self) -> None:
        assert of(steady(21), in_transit=7)["stockout_risk"] == 0
        assert of(steady(21), in_transit=6)["stockout_risk"] == 1

    def test_receipts_go_on_where_nobody_knows_what_is_on_its_way(self) -> None:
        assert of(steady(8, came=7))["stockout_risk"] == 0
        assert of(steady(8, came=7), in_transit=0)["stockout_risk"] == 1

    def test_what_will_not_sell_in_ninety_days_lies_idle(self) -> None:
        # 90 days take 90 units, of 100 on hand 10 stay: worth 1,000
        found = of(steady(100))
        assert (found["overstock_units"], found["overstock_value"]) == (10, 1000)
        assert found["overstock_risk"] == 1
        assert of(steady(90))["overstock_units"] == 0

    def test_nothing_asked_for_all_lies_idle(self) -> None:
        found = of(steady(12, left=0))
        assert found["overstock_units"] == 12
        assert np.isnan(found["cover_days"])
        assert found["stockout_risk"] == 0


class TestUnknown:
    def test_without_history_no_figure_of_demand(self) -> None:
        found = of(steady(5, weeks=3))
        assert found["on_hand"] == 5
        names = ["demand_per_day", "cover_days", "reorder_point", "stockout_risk", "empty_share"]
        assert found[names].isna().all()

    def test_stock_that_is_owed_covers_nothing(self) -> None:
        assert of(steady(-3, weeks=8))["cover_days"] == 0


class TestThePast:
    def test_a_shelf_that_ran_empty_from_such_a_stock_is_at_risk(self) -> None:
        # 10 on hand four times, each time empty a week later; today 10 again
        balance = [10.0, 0.0] * 8 + [10.0]
        left = [0.0, 10.0] * 8 + [0.0]
        came = [10.0, 0.0] * 8 + [10.0]
        flow = flows(counted(balance, left, came), LAST)
        assert ran_out(flow, np.array([7.0])).tolist() == [1.0]
        assert of(flow)["stockout_risk"] == 1

    def test_one_that_never_did_is_not(self) -> None:
        flow = steady(10, left=5, came=5)
        assert ran_out(flow, np.array([28.0])).tolist() == [0.0]

    def test_says_nothing_before_so_many_days_have_passed(self) -> None:
        flow = steady(10, weeks=4)
        assert np.isnan(ran_out(flow, np.array([28.0]))).all()

    def test_known_parcels_need_no_look_at_the_past(self) -> None:
        balance, left = [10.0, 0.0] * 8 + [10.0], [0.0, 1.0] * 8 + [0.0]
        flow = flows(counted(balance, left, [1.0, 0.0] * 8 + [1.0]), LAST)
        assert of(flow, in_transit=100.0)["stockout_risk"] == 0

    def test_share_of_counts_that_found_nothing(self) -> None:
        # thirteen weeks make the quarter; four of them were empty
        balance = [5.0] * 7 + [0.0] * 4 + [5.0] * 9
        flow = flows(counted(balance, [1.0] * 20), LAST)
        assert of(flow)["empty_share"] == pytest.approx(4 / 13)


class TestService:
    def test_together_the_dear_item_is_planned_for_less(self) -> None:
        left = [0.0, 14.0, 2.0, 8.0] * 8
        flow = flows(
            pd.concat(
                [
                    counted([50.0] * 32, left, product=1),
                    counted([50.0] * 32, left, product=2),
                ]
            ),
            LAST,
        )
        table = positions(
            flow,
            np.full(2, 21.0),
            np.full(2, np.nan),
            np.array([50.0, 150.0]),
            np.full(2, 1.0),
            RiskOptions(0.95, together=True),
        )
        # 1 − 5 % · 50 / 100 and 1 − 5 % · 150 / 100
        assert table["service_level"].tolist() == pytest.approx([0.975, 0.925])
        assert table["reorder_point"].iloc[0] > table["reorder_point"].iloc[1]
