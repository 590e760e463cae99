"""Forecasts of the channel: periods, sums that agree, scope, what is said beside the figure."""

from __future__ import annotations

from typing import Any

import pytest

from leadline.errors import SpecError
from leadline.evidence import ToolResult
from leadline.types import Unit
from tests.tools.forecast_world import EAST, FIRST, amount_of, world
from tools.forecast import FORECAST
from tools.forecast_base import closure
from tools.forecast_series import FORECAST_SERIES


def ask(scope: Any = None, **arguments: object) -> ToolResult:
    return FORECAST.run(arguments, world() if scope is None else world(scope))


def table(result: ToolResult) -> list[dict[str, Any]]:
    names = [column.name for column in result.columns]
    return [dict(zip(names, row, strict=True)) for row in result.rows]


def only(member: str, value: str) -> dict[str, object]:
    return {"kind": "filter", "member": member, "values": [value]}


class TestPeriods:
    def test_the_month_under_way_is_forecast_as_a_whole(self) -> None:
        # To year end: October, November at 10,000, December at 20,000 makes 40,000.
        row = table(ask(horizon="to_year_end"))[0]
        assert row["period"] == "2026-10 … 2026-12"
        assert row["period_start"] == "2026-10-01"
        # October's 10,000 of the fifth are the year's already, not the whole months'.
        whole = sum(amount_of(p, 2026, m) for p in (1, 2, 3, 4) for m in range(1, 10))
        assert row["actual_to_date"] == whole + 10_000
        assert row["year_outlook"] == pytest.approx(whole + row["forecast"], abs=0.01)

    def test_next_month_is_the_one_after_that_under_way(self) -> None:
        row = table(ask())[0]
        assert row["period"] == "2026-11"
        # 甲, 乙 and 丙 bought 6,000 in every November, 丁 was not there yet.
        assert row["previous_year"] == 6_000
        assert row["change_rate"] == pytest.approx(row["forecast"] / 6_000 - 1, abs=1e-5)

    def test_next_quarter_is_one_row_or_three(self) -> None:
        whole = table(ask(horizon="next_quarter"))
        each = table(ask(horizon="next_quarter", each=True))
        assert [row["period"] for row in whole] == ["2027-Q1"]
        assert [row["period"] for row in each] == ["2027-01", "2027-02", "2027-03"]
        assert whole[0]["forecast"] == pytest.approx(sum(row["forecast"] for row in each), abs=0.05)

    def test_bounds_of_a_sum_are_narrower_than_the_sum_of_bounds(self) -> None:
        whole = table(ask(horizon="next_quarter"))[0]
        each = table(ask(horizon="next_quarter", each=True))
        summed = sum(row["hi95"] - row["lo95"] for row in each)
        assert 0 < whole["hi95"] - whole["lo95"] <= summed + 0.01

    def test_what_repeats_is_found(self) -> None:
        # The old partners bought 2,000 (乙) in every month but December.
        rows = table(ask(by=["partner"], horizon="next_month"))
        second = next(row for row in rows if row["partner"] == "乙")
        assert second["forecast"] == pytest.approx(2_000, rel=0.25)

    @pytest.mark.parametrize("horizon", ["months:25", "weeks:53", "tomorrow", "months:0"])
    def test_what_is_too_far_or_no_horizon_is_refused(self, horizon: str) -> None:
        with pytest.raises(SpecError):
            ask(horizon=horizon)


class TestLevels:
    def test_members_add_up_to_the_total_of_every_question(self) -> None:
        total = table(ask(horizon="next_quarter"))[0]
        for by in ("region", "product_category", "partner"):
            rows = table(ask(horizon="next_quarter", by=[by]))
            members = [row for row in rows if row["kind"] == "member"]
            assert len(members) == len(rows) - 1
            assert sum(row["forecast"] for row in members) == pytest.approx(
                total["forecast"], abs=0.05
            )
            last = {name: rows[-1][name] for name in ("forecast", "lo80", "hi80", "lo95", "hi95")}
            assert last == {name: total[name] for name in last}

    def test_a_filter_answers_as_the_member_of_the_whole_does(self) -> None:
        rows = table(ask(by=["region", "product_category"]))
        cell = next(r for r in rows if (r["region"], r["product_category"]) == ("华东", "软件"))
        where = {"kind": "and", "items": [only("region", "华东"), only("product_category", "软件")]}
        alone = table(ask(where=where))[0]
        assert alone["forecast"] == cell["forecast"]

    def test_the_largest_come_first_and_the_total_is_of_all(self) -> None:
        result = ask(by=["partner"], limit=1)
        rows = table(result)
        assert [row["kind"] for row in rows] == ["member", "total"]
        assert rows[0]["partner"] == "丁"
        assert rows[1]["forecast"] > rows[0]["forecast"]
        assert result.truncated
        assert result.row_count == 5

    def test_bounds_are_nested_and_not_negative(self) -> None:
        for row in table(ask(by=["partner"], horizon="months:4")):
            assert 0 <= row["lo95"] <= row["lo80"] <= row["forecast"] <= row["hi80"] <= row["hi95"]

    def test_units_are_no_money(self) -> None:
        result = ask(metric="quantity")
        units = {column.name: column.unit for column in result.columns}
        assert units["forecast"] is Unit.QUANTITY
        # 400 of 甲, 300 … : 100 + 20 + 300 + 40 pieces a month.
        assert table(result)[0]["forecast"] == pytest.approx(460, rel=0.35)

    def test_what_the_data_lacks_is_said(self) -> None:
        with pytest.raises(SpecError, match="no territory"):
            ask(by=["territory"])

    def test_keys_bring_what_holds_them(self) -> None:
        carried = ("region", "partner", "product", "product_category")
        assert closure(("partner",), carried) == ("region", "partner")
        assert closure(("product",), carried) == ("product", "product_category")
        assert closure((), carried) == ()


class TestHonesty:
    def test_new_partners_are_of_low_confidence(self) -> None:
        rows = {row["partner"]: row for row in table(ask(by=["partner"]))}
        # Two whole months (August, September) of 丁, 33 of the others.
        assert (rows["丁"]["history"], rows["丁"]["confidence"]) == (2, "low")
        assert rows["丙"]["history"] == 33

    def test_errors_and_coverage_stand_beside(self) -> None:
        row = table(ask(by=["region"]))[0]
        assert row["backtest_wape"] >= 0
        assert 0 <= row["coverage80"] <= row["coverage95"] <= 1
        assert row["method_zh"]
        assert row["method_en"].isascii()


class TestScope:
    def test_a_region_sees_its_own_rows_and_no_other_total(self) -> None:
        rows = table(ask(EAST, by=["region"]))
        assert [row["region"] for row in rows] == ["华东"]
        whole = table(ask(by=["region"]))
        assert rows[0]["forecast"] == next(
            row["forecast"] for row in whole if row["region"] == "华东"
        )
        assert table(ask(EAST))[0]["forecast"] == rows[0]["forecast"]

    def test_a_foreign_member_is_unknown(self) -> None:
        with pytest.raises(SpecError, match="there is no region"):
            ask(EAST, where=only("region", "华南"))
        with pytest.raises(SpecError, match="there is no region"):
            ask(where=only("region", "华"))

    def test_a_partner_is_forecast_from_its_own_sales(self) -> None:
        row = table(ask(FIRST))[0]
        # 1,000 a month, while its region has 3,000.
        assert row["forecast"] == pytest.approx(1_000, rel=0.3)
        assert row["previous_year"] == 1_000
        assert {r["partner"] for r in table(ask(FIRST, by=["partner"]))} == {"甲"}

    def test_nobody_sees_nothing(self) -> None:
        from leadline.access import Scope

        with pytest.raises(SpecError, match="no whole period"):
            ask(Scope(regions=frozenset()))


class TestReplay:
    def test_running_again_gives_the_same(self) -> None:
        first = ask(by=["region"], horizon="next_quarter")
        again = FORECAST.run(first.arguments, world())
        assert again.digest == first.digest

    def test_other_filters_than_lists_are_refused(self) -> None:
        with pytest.raises(SpecError, match="in and not_in"):
            ask(where={"kind": "filter", "member": "region", "op": "contains", "values": ["华"]})
        with pytest.raises(SpecError, match="cannot be limited by"):
            ask(where=only("salesperson", "x"))


class TestSeries:
    def test_actuals_then_forecasts_from_the_month_under_way(self) -> None:
        result = FORECAST_SERIES.run({"horizon": "next_month", "history_months": 2}, world())
        rows = table(result)
        assert [(row["period"], row["kind"]) for row in rows] == [
            ("2026-08", "actual"),
            ("2026-09", "actual"),
            ("2026-10", "forecast"),
            ("2026-11", "forecast"),
        ]
        assert rows[0]["value"] == 10_000
        assert rows[0]["lo80"] is None
        assert rows[2]["lo80"] <= rows[2]["value"] <= rows[2]["hi80"]

    def test_it_agrees_with_the_forecast(self) -> None:
        rows = table(FORECAST_SERIES.run({"by": ["region"], "horizon": "next_month"}, world()))
        told = table(ask(by=["region"]))
        last = {row["region"]: row["value"] for row in rows if row["period"] == "2026-11"}
        assert last == {row["region"]: row["forecast"] for row in told if row["kind"] == "member"}

    def test_weeks_run_from_monday(self) -> None:
        rows = table(FORECAST_SERIES.run({"horizon": "weeks:1", "history_months": 1}, world()))
        # 2026-10-20 is a Tuesday; its week began on the 19th and is forecast as a whole.
        assert [r["period_start"] for r in rows if r["kind"] == "forecast"] == [
            "2026-10-19",
            "2026-10-26",
        ]
