"""The tools of anomalies: what they find in `pushed_channel`, for whom, and what is missing."""

from __future__ import annotations

from typing import Any

import pytest

from leadline.access import Scope
from leadline.errors import SpecError
from leadline.evidence import ToolResult
from leadline.types import Scalar
from tests.tools import pushed_channel
from tests.tools.pushed_channel import context
from tools.definition import Tool
from tools.diversion import DIVERSION
from tools.revenue_anomalies import REVENUE_ANOMALIES
from tools.stuffing import STUFFING

EAST = Scope(regions=frozenset({"华东"}))
SOUTH = Scope(regions=frozenset({"华南"}))


def row_of(result: ToolResult, at: int = 0) -> dict[str, Scalar]:
    return {c.name: v for c, v in zip(result.columns, result.rows[at], strict=True)}


class TestStuffing:
    def test_the_pushed_quarter_with_its_figures(self) -> None:
        result = STUFFING.run({}, context())
        assert result.row_count == 1
        row = row_of(result)
        assert (row["partner"], row["region"]) == ("甲", "华东")
        assert (row["period_start"], row["period_end"]) == ("2025-03-22", "2025-03-31")
        assert isinstance(row["score"], float)
        assert row["score"] > 0.9
        # 30 usual boxes of the quarter and 60 pushed; 30 sold on
        assert (row["sell_in_units"], row["sell_through_units"]) == (90.0, 30.0)
        assert row["late_share"] == pytest.approx(60 / 90, abs=1e-6)
        assert row["late_amount"] == 60_000.0
        assert row["extra_terms_days"] == 60

    def test_reasons_in_both_languages_hold_the_figures(self) -> None:
        row = row_of(STUFFING.run({}, context()))
        assert "66.67%" in str(row["reasons_zh"])
        assert "66.67%" in str(row["reasons_en"])
        assert "退回" in str(row["reasons_zh"])

    def test_a_table_that_is_absent_is_said(self) -> None:
        without = row_of(STUFFING.run({"min_score": 0.3}, context("inventory_snapshot")))
        assert without["weeks_of_supply"] is None
        assert "没有库存数据" in str(without["reasons_zh"])
        assert "no stock data" in str(without["reasons_en"])
        whole = row_of(STUFFING.run({}, context()))
        assert float(str(without["coverage"])) < float(str(whole["coverage"]))

    def test_without_any_shelf_it_cannot_be_told(self) -> None:
        # returns and longer terms speak for themselves; orders alone do not
        nothing = ("inventory_snapshot", "sell_through", "sales_return", "receivable")
        with pytest.raises(SpecError, match="neither sell-through nor partners' stock"):
            STUFFING.run({}, context(*nothing))
        row = row_of(STUFFING.run({}, context("inventory_snapshot", "sell_through")))
        assert "没有次季动销数据" in str(row["reasons_zh"])


class TestDiversion:
    def test_the_window_with_its_figures(self) -> None:
        result = DIVERSION.run({}, context())
        assert result.row_count == 1
        row = row_of(result)
        assert (row["partner"], row["region"], row["to_region"]) == ("乙", "华南", "华北")
        assert (row["period_start"], row["period_end"]) == ("2025-04-15", "2025-09-15")
        assert row["off_orders"] == 6
        # between the first and the last: 6 outside, and 5 at home (May to September)
        assert row["off_share"] == pytest.approx(6 / 11, abs=1e-6)
        assert row["off_amount"] == 2_400.0
        shares = ("below_floor_share", "unregistered_share", "shared_customer_share")
        assert [row[name] for name in shares] == [1.0, 1.0, 1.0]
        assert row["score"] == 1.0

    def test_a_price_list_that_is_absent_is_said(self) -> None:
        row = row_of(DIVERSION.run({}, context("product_price")))
        assert row["below_floor_share"] is None
        assert "没有底价表" in str(row["reasons_zh"])
        assert row["score"] == pytest.approx(0.8)

    def test_without_customers_it_cannot_be_told(self) -> None:
        with pytest.raises(SpecError, match="no customers"):
            DIVERSION.run({}, context("customer"))


class TestRevenue:
    def test_a_region_that_falls_is_found_from_its_month_on(self) -> None:
        result = REVENUE_ANOMALIES.run({"by": "region"}, context())
        row = row_of(result)
        assert row["region"] == "华北"
        assert (row["period_start"], row["period_end"]) == ("2025-07-01", "2025-09-30")
        assert row["direction"] == -1
        # boxes fall to a third; the software stays: about 8 of 24 thousand of two partners
        assert -0.7 < float(str(row["deviation_rate"])) < -0.5
        assert "低" in str(row["reasons_zh"])
        assert "below" in str(row["reasons_en"])

    def test_by_partner_their_regions_stand_beside(self) -> None:
        result = REVENUE_ANOMALIES.run({"by": ["partner"], "direction": "down"}, context())
        found = {(row[0], row[1]) for row in result.rows}
        assert [c.name for c in result.columns[:2]] == ["partner", "region"]
        assert {("丙", "华北"), ("丁", "华北")} <= found

    def test_upwards_only(self) -> None:
        result = REVENUE_ANOMALIES.run({"by": "partner", "direction": "up"}, context())
        assert all(row_of(result, at)["direction"] == 1 for at in range(len(result.rows)))
        assert "甲" in {row[0] for row in result.rows}

    def test_two_names_make_a_series_of_both(self) -> None:
        result = REVENUE_ANOMALIES.run({"by": ["region", "product_line"]}, context())
        # these are what is looked at where nothing is said
        assert result.rows == REVENUE_ANOMALIES.run({}, context()).rows
        row = row_of(result)
        assert (row["region"], row["product_line"]) == ("华北", "智能硬件")

    def test_a_month_under_way_is_no_month(self) -> None:
        # the newest order is of 2025-09-15, today 2025-09-30: September is over
        whole = row_of(REVENUE_ANOMALIES.run({}, context()))
        assert whole["period_end"] == "2025-09-30"
        assert pushed_channel.AS_OF.isoformat() == "2025-09-30"

    def test_by_is_checked(self) -> None:
        with pytest.raises(SpecError, match="by is repeated"):
            REVENUE_ANOMALIES.run({"by": ["region", "region"]}, context())
        with pytest.raises(SpecError, match="argument by"):
            REVENUE_ANOMALIES.run({"by": ["postcode"]}, context())


ALL = (STUFFING, DIVERSION, REVENUE_ANOMALIES)


@pytest.mark.parametrize("found", ALL, ids=lambda t: t.name)
class TestAllOfThem:
    def test_running_twice_gives_equal_results(self, found: Tool[Any]) -> None:
        assert found.run({}, context()).digest == found.run({}, context()).digest

    def test_a_higher_score_finds_no_more(self, found: Tool[Any]) -> None:
        counts = [found.run({"min_score": s}, context()).row_count for s in (0.0, 0.5, 1.0)]
        assert counts == sorted(counts, reverse=True)

    def test_a_limit_cuts_and_says_so(self, found: Tool[Any]) -> None:
        every = found.run({"min_score": 0.0, "limit": 200}, context())
        first = found.run({"min_score": 0.0, "limit": 1}, context())
        assert first.rows == every.rows[:1]
        assert first.row_count == every.row_count
        assert first.truncated == (every.row_count > 1)

    def test_days_choose_findings(self, found: Tool[Any]) -> None:
        every = found.run({}, context())
        end = every.rows[0][every.column_index("period_end")]
        kept = found.run({"since": end, "until": end}, context())
        assert kept.rows[0] == every.rows[0]
        assert found.run({"until": "2020-01-01"}, context()).row_count == 0

    def test_days_must_be_in_order(self, found: Tool[Any]) -> None:
        with pytest.raises(SpecError, match="lies before since"):
            found.run({"since": "2025-02-01", "until": "2025-01-01"}, context())

    def test_unknown_partners_and_regions_are_refused(self, found: Tool[Any]) -> None:
        with pytest.raises(SpecError, match="戊"):
            found.run({"partners": ["戊"]}, context())
        with pytest.raises(SpecError, match="西南"):
            found.run({"regions": ["西南"]}, context())

    def test_a_partner_outside_the_scope_is_as_unknown(self, found: Tool[Any]) -> None:
        with pytest.raises(SpecError, match="乙") as error:
            found.run({"partners": ["乙"]}, context(scope=EAST))
        assert "乙" not in error.value.hint

    def test_a_manager_sees_findings_of_the_own_region_only(self, found: Tool[Any]) -> None:
        for scope, name in ((EAST, "华东"), (SOUTH, "华南")):
            result = found.run({"min_score": 0.0, "limit": 200}, context(scope=scope))
            regions = {row[result.column_index("region")] for row in result.rows}
            assert regions <= {name}

    def test_segments_are_no_filter_here(self, found: Tool[Any]) -> None:
        with pytest.raises(SpecError, match="segments"):
            found.run({"segments": ["stable"]}, context())
