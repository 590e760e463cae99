"""The inventory risk tool on a channel with two warehouses and a partner's shelf."""

from __future__ import annotations

from typing import Any

import pytest

from leadline.errors import SpecError
from leadline.evidence import ToolResult
from tests.tools.stock_world import EAST, GATEWAY, NORTH, SOUTH, TERMINAL, context
from tools.inventory_risk import INVENTORY_RISK


def risk(scope: Any = None, **arguments: Any) -> ToolResult:
    return INVENTORY_RISK.run(arguments, context() if scope is None else context(scope))


def rows(result: ToolResult) -> list[dict[str, Any]]:
    names = [c.name for c in result.columns]
    return [dict(zip(names, row, strict=True)) for row in result.rows]


class TestHeadOffice:
    def test_lists_what_runs_out_and_then_what_lies_idle(self) -> None:
        found = rows(risk())
        assert [(r["risk"], r["warehouse"], r["product"]) for r in found] == [
            ("stockout", "广州仓", GATEWAY),
            ("overstock", "上海仓", GATEWAY),
        ]

    def test_the_short_one(self) -> None:
        found = rows(risk(risk="stockout"))[0]
        # ten a week; the shelf was found empty in seven of the last thirteen weeks or six
        assert found["on_hand"] == 5
        assert found["demand_per_day"] == pytest.approx(10 / 7, abs=0.01)
        assert found["stockout_risk"] == 1
        assert found["empty_share"] in (
            pytest.approx(6 / 13, abs=1e-6),
            pytest.approx(7 / 13, abs=1e-6),
        )
        assert found["in_transit"] is None
        assert found["lead_time_days"] == 30
        assert "假设" in found["lead_time_source_zh"]
        assert found["counted_on"] == "2025-11-01"

    def test_the_idle_one(self) -> None:
        found = rows(risk(risk="overstock"))[0]
        # 2 a week for 90 days are 25.7, so 26 of 200 will go: 174 stay, worth 17,400
        assert found["overstock_units"] == 174
        assert found["overstock_value"] == 17_400
        # 200 · 7 / 2
        assert found["cover_days"] == 700
        assert found["stock_value"] == 20_000

    def test_reasons_hold_the_figures_of_the_row(self) -> None:
        short, idle = rows(risk())
        assert "补货周期 30 天" in short["reasons_zh"]
        assert "lead time 30 days" in short["reasons_en"]
        assert idle["reasons_zh"] == "现有库存可用 700 天"

    def test_a_steady_item_is_not_listed(self) -> None:
        assert TERMINAL not in {r["product"] for r in rows(risk())}

    def test_a_higher_threshold_lists_less(self) -> None:
        assert risk(min_risk=0.0, risk="stockout").row_count >= 1
        assert risk(limit=1).row_count == 2
        assert risk(limit=1).truncated


class TestPartners:
    def test_wait_as_long_as_orders_take(self) -> None:
        found = rows(risk(holder="partner", min_risk=0, risk="stockout"))
        # every line was shipped after four days; twelve are ordered and on their way
        assert not found or found[0]["lead_time_days"] == 4

    def test_what_is_ordered_counts(self) -> None:
        # 30 + 12 on the shelf or on their way, 5 a week: enough for 11 days
        assert risk(holder="partner").row_count == 0

    def test_all_holders(self) -> None:
        assert risk(holder="all").row_count == 2


class TestScope:
    def test_east_sees_its_own_warehouse(self) -> None:
        assert {r["warehouse"] for r in rows(risk(EAST))} == {"上海仓"}

    def test_south_sees_its_own(self) -> None:
        assert {r["warehouse"] for r in rows(risk(SOUTH))} == {"广州仓"}

    def test_where_nothing_lies_there_is_nothing(self) -> None:
        assert risk(NORTH).rows == ()

    def test_a_foreign_warehouse_is_unknown(self) -> None:
        with pytest.raises(SpecError, match="广州仓"):
            risk(EAST, warehouses=["广州仓"])

    def test_figures_do_not_depend_on_who_asks(self) -> None:
        whole = {r["warehouse"]: r for r in rows(risk(risk="stockout"))}
        assert rows(risk(SOUTH, risk="stockout"))[0] == whole["广州仓"]


class TestArguments:
    def test_filters(self) -> None:
        assert risk(products=[TERMINAL]).row_count == 0
        assert risk(warehouses=["上海仓"]).row_count == 1
        assert risk(regions=["华南"]).row_count == 1

    def test_an_unknown_product_names_the_nearest(self) -> None:
        with pytest.raises(SpecError, match="网"):
            risk(products=["网官"])

    def test_a_shorter_lead_time_may_be_safe(self) -> None:
        long = rows(risk(risk="stockout", lead_time_days=60))[0]
        short = rows(risk(risk="stockout", lead_time_days=7))[0]
        assert short["reorder_point"] < long["reorder_point"]

    def test_again_gives_the_same(self) -> None:
        assert risk().digest == risk().digest
