"""Moves of stock: what is worth moving, what stays, what a plan brings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.analytics.inventory.counts import LAST, counted
from tools.analytics.inventory.allocate import MoveCost
from tools.analytics.inventory.demand import Flows, flows
from tools.analytics.inventory.plan import plan
from tools.analytics.inventory.risk import RiskOptions, positions

FREE = MoveCost(0.0, 0.0, 0.0)
WEEKS = 20


def places(stocks: list[float], left: float = 7.0, regions: list[int] | None = None) -> Flows:
    """One product in several warehouses, `left` a week out of each."""
    parts = [
        counted([stock] * WEEKS, [left] * WEEKS, warehouse=i + 1, region=(regions or [1] * 9)[i])
        for i, stock in enumerate(stocks)
    ]
    return flows(pd.concat(parts), LAST)


def planned(
    flow: Flows, cost: MoveCost = FREE, budget: float | None = None, transit: float = 0.0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The plan with a lead time of three weeks; a unit is worth 100 and loses 40 when missed."""
    n = len(flow.keys)
    table = positions(
        flow,
        np.full(n, 21.0),
        np.full(n, transit),
        np.full(n, 100.0),
        np.full(n, 40.0),
        RiskOptions(together=False),
    )
    return plan(table, flow, cost, budget)


class TestMoves:
    def test_go_from_plenty_to_want(self) -> None:
        # each needs 4 weeks · 7 = 28; the first has 60, the second 10
        moves, table = planned(places([60, 10]))
        assert moves[["giver", "taker", "units"]].values.tolist() == [[0, 1, 18]]
        assert table["stock_after"].tolist() == [42, 28]

    def test_say_what_they_bring(self) -> None:
        moves, table = planned(places([60, 10]), MoveCost(per_unit=2.0, share=0.01, away=0.5))
        move = moves.iloc[0]
        # 18 units at 2 + 1 % of 100; 18 missed units avoided at 40 each
        assert move["transfer_cost"] == pytest.approx(54)
        assert move["effect"] == pytest.approx(720)
        assert move["net_effect"] == pytest.approx(666)
        assert (move["risk_before"], move["risk_after"]) == (1, 0)
        assert (move["shortage_before"], move["shortage_after"]) == (18, 0)
        assert table["risk_after"].tolist() == [0, 0]

    def test_leave_the_giver_its_reorder_point(self) -> None:
        # 33 − 28 = 5 to spare, though the other lacks 18
        moves, table = planned(places([33, 10]))
        assert moves["units"].tolist() == [5]
        assert table["stock_after"].tolist() == [28, 15]

    def test_none_where_they_cost_more_than_they_save(self) -> None:
        moves, table = planned(places([60, 10]), MoveCost(per_unit=41.0, share=0.0, away=0.0))
        assert moves.empty
        assert table["stock_after"].tolist() == [60, 10]

    def test_to_another_region_cost_more(self) -> None:
        cost = MoveCost(per_unit=0.0, share=0.3, away=0.2)
        # 30 a unit within the region is worth a missed 40, 50 to another is not
        assert len(planned(places([60, 10], regions=[1, 1]), cost)[0]) == 1
        assert planned(places([60, 10], regions=[1, 2]), cost)[0].empty

    def test_come_from_the_nearer_place(self) -> None:
        cost = MoveCost(per_unit=0.0, share=0.01, away=0.01)
        moves, _ = planned(places([60, 60, 10], regions=[2, 1, 1]), cost)
        assert moves["giver"].tolist() == [1]

    def test_stay_within_the_budget(self) -> None:
        moves, _ = planned(places([60, 10]), MoveCost(10.0, 0.0, 0.0), budget=65.0)
        # 10 a unit: six of them
        assert moves["units"].tolist() == [6]
        assert moves["transfer_cost"].sum() <= 65

    def test_do_not_move_what_is_still_on_its_way(self) -> None:
        # on hand 5, in transit 40 at both ends: enough, and nothing to give
        moves, _ = planned(places([5, 5]), transit=40)
        assert moves.empty


class TestNothingToPlan:
    def test_one_place(self) -> None:
        moves, table = planned(places([60]))
        assert moves.empty
        assert len(table) == 1

    def test_no_place(self) -> None:
        empty = flows(counted([], []), LAST)
        moves, table = planned(empty)
        assert moves.empty
        assert table.empty

    def test_places_without_history(self) -> None:
        short = flows(
            pd.concat([counted([60.0] * 3, [7.0] * 3, warehouse=w) for w in (1, 2)]), LAST
        )
        assert planned(short)[0].empty


class TestLaws:
    @given(
        st.lists(st.integers(0, 90), min_size=2, max_size=5),
        st.floats(0.0, 60.0),
        st.none() | st.floats(0.0, 500.0),
    )
    def test_hold_for_any_stock(
        self, stocks: list[int], per_unit: float, budget: float | None
    ) -> None:
        moves, table = planned(
            places([float(s) for s in stocks]), MoveCost(per_unit, 0.0, 0.0), budget
        )
        after = table["stock_after"]
        # nothing is made or lost, nobody owes, whole units move, and the plan pays
        assert after.sum() == pytest.approx(sum(stocks))
        assert (after >= 0).all()
        assert (moves["units"] == moves["units"].round()).all()
        assert moves["effect"].sum() >= moves["transfer_cost"].sum() - 1e-6
        assert budget is None or moves["transfer_cost"].sum() <= budget + 1e-6
        givers = table.loc[moves["giver"].unique()]
        assert (givers["stock_after"] >= givers["reorder_point"]).all()
