"""The allocation tools: moves between warehouses, and what the plan brings."""

from __future__ import annotations

from typing import Any

import pytest

from leadline.evidence import ToolResult
from tests.tools.stock_world import EAST, GATEWAY, context
from tools.allocation import ALLOCATION, ALLOCATION_SUMMARY


def cells(result: ToolResult, row: int = 0) -> dict[str, Any]:
    return dict(zip([c.name for c in result.columns], result.rows[row], strict=True))


class TestMoves:
    def test_go_from_the_full_warehouse_to_the_empty_one(self) -> None:
        found = ALLOCATION.run({}, context())
        move = cells(found)
        assert found.row_count == 1
        assert (move["from_warehouse"], move["to_warehouse"]) == ("上海仓", "广州仓")
        assert move["product"] == GATEWAY
        assert move["units"] > 0
        assert move["units"] == int(move["units"])

    def test_cost_a_share_of_what_is_moved(self) -> None:
        move = cells(ALLOCATION.run({}, context()))
        # 1 % and another 1 % to another region, of 100 a unit
        assert move["transfer_cost"] == pytest.approx(2 * move["units"])
        assert move["net_effect"] == pytest.approx(move["effect"] - move["transfer_cost"])
        assert move["risk_after"] < move["risk_before"]

    def test_a_fixed_cost_above_the_margin_moves_nothing(self) -> None:
        # a missed 网关 loses 60
        assert ALLOCATION.run({"cost_per_unit": 61}, context()).rows == ()

    def test_stay_within_the_budget(self) -> None:
        move = cells(ALLOCATION.run({"budget": 10.0}, context()))
        assert (move["units"], move["transfer_cost"]) == (5, 10)

    def test_within_one_region_there_is_nowhere_to_go(self) -> None:
        assert ALLOCATION.run({}, context(EAST)).rows == ()

    def test_again_gives_the_same(self) -> None:
        assert ALLOCATION.run({}, context()).digest == ALLOCATION.run({}, context()).digest


class TestSummary:
    def test_adds_up_the_moves(self) -> None:
        moves, whole = ALLOCATION.run({}, context()), ALLOCATION_SUMMARY.run({}, context())
        found, move = cells(whole), cells(moves)
        assert found["moves"] == 1
        for name in ("units", "transfer_cost", "effect", "net_effect"):
            assert found[name] == pytest.approx(move[name]), name
        assert found["shortage_after"] < found["shortage_before"]
        assert (found["at_risk_before"], found["at_risk_after"]) == (1, 0)
        assert found["lead_time_days"] == 30

    def test_of_no_moves_is_nothing(self) -> None:
        found = cells(ALLOCATION_SUMMARY.run({}, context(EAST)))
        assert (found["moves"], found["effect"], found["transfer_cost"]) == (0, 0, 0)
        assert found["shortage_before"] == found["shortage_after"]
