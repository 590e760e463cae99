"""The health tools: lists, summaries and evidence over a channel."""

from __future__ import annotations

from typing import Any

import pytest

from leadline.access import EVERYTHING, Scope
from leadline.errors import SpecError
from leadline.evidence import ToolResult
from leadline.types import Scalar
from tests.agents.channel import EAST, NANYUE, XINYA, Channel
from tests.tools.partner_world import world
from tools.analytics.health_weights import AXES
from tools.definition import Tool
from tools.health import BAND_EN, BAND_ZH, HEALTH, reasons
from tools.health_evidence import HEALTH_EVIDENCE
from tools.health_summary import HEALTH_SUMMARY
from tools.segment_words import SEGMENT_EN, SEGMENT_ZH


def rows_of(result: ToolResult) -> list[dict[str, Scalar]]:
    names = [column.name for column in result.columns]
    return [dict(zip(names, row, strict=True)) for row in result.rows]


def run(channel: Channel, tool: Tool[Any], **arguments: object) -> list[dict[str, Scalar]]:
    return rows_of(tool.run(arguments, channel.tools()))


def listed(scope: Scope = EVERYTHING, **arguments: object) -> list[dict[str, Scalar]]:
    """The health list over the twelve partners of `partner_world`."""
    return rows_of(HEALTH.run({"limit": 50, **arguments}, world(scope)))


def number(row: dict[str, Scalar], name: str) -> float:
    value = row[name]
    assert isinstance(value, (int, float)), name
    return float(value)


class TestList:
    def test_worst_first(self) -> None:
        found = listed()
        assert len(found) == 12
        scores = [number(row, "score") for row in found]
        assert scores == sorted(scores)
        assert found[0]["partner"] == "伙伴01"  # who stopped in April
        assert found[0]["band"] == "poor"

    def test_best_first(self) -> None:
        found = listed(order="best")
        scores = [number(row, "score") for row in found]
        assert scores == sorted(scores, reverse=True)
        assert found[0]["partner"] != "伙伴01"

    def test_who_pays_late_is_last_in_paying(self) -> None:
        payment = {str(row["partner"]): row["payment"] for row in listed()}
        late = payment.pop("伙伴02")
        assert isinstance(late, float)
        assert all(late < other for other in payment.values() if isinstance(other, float))

    def test_who_sells_most_leads_in_results(self) -> None:
        results = {str(row["partner"]): number(row, "results") for row in listed()}
        assert max(results, key=lambda who: results[who]) == "伙伴12"

    def test_bands_follow_the_score_in_both_languages(self) -> None:
        bounds = {"healthy": 80.0, "good": 60.0, "watch": 40.0, "poor": 0.0}
        for row in listed():
            band = str(row["band"])
            assert (row["band_zh"], row["band_en"]) == (BAND_ZH[band], BAND_EN[band])
            assert number(row, "score") >= bounds[band]

    def test_axes_without_data_are_null_and_coverage_says_how_much_is_there(self) -> None:
        row = listed()[0]
        assert row["engagement"] is row["capability"] is None  # no activities in this data
        # results 5/7 (no target), growth 4/5 (no customers named), pipeline 4/5 (no targets) and
        # payment: whole; for who still sells
        last = listed()[-1]
        expected = 0.25 * 5 / 7 + 0.25 * 4 / 5 + 0.15 * 4 / 5 + 0.15
        assert number(last, "coverage") == pytest.approx(expected, abs=1e-6)

    def test_filters_and_the_number_of_all(self) -> None:
        result = HEALTH.run({"regions": ["华东"], "limit": 1}, world())
        assert (len(result.rows), result.row_count, result.truncated) == (1, 6, False)

    def test_a_scope_hides_partners_but_changes_no_score(self) -> None:
        every = {row["partner"]: row for row in listed()}
        inside = listed(Scope(regions=frozenset({"华东"})))
        assert len(inside) == 6
        assert all(row == every[row["partner"]] for row in inside)

    def test_too_little_data_gives_no_score(self, channel: Channel) -> None:
        found = run(channel, HEALTH, limit=50)
        assert len(found) == 10
        assert XINYA in {row["partner"] for row in found}
        for row in found:
            assert row["score"] is row["band"] is row["band_zh"] is row["band_en"] is None
            assert number(row, "coverage") < 0.4

    def test_a_foreign_partner_is_unknown(self, channel: Channel) -> None:
        with pytest.raises(SpecError, match="there is no partner"):
            HEALTH.run({"partners": [NANYUE]}, channel.tools(EAST.scope))

    def test_its_arguments_run_it_again(self) -> None:
        result = HEALTH.run({"order": "best", "limit": 3}, world())
        assert HEALTH.run(result.arguments, world()).digest == result.digest


class TestReasons:
    ROW: dict[str, Any] = {  # noqa: RUF012 - a table of the test
        "score": 30.0,
        "growth__pull": -9.0,
        "growth__value": -0.5,
        "growth__median": 0.1,
        "sell_in__pull": 4.0,
        "sell_in__value": 50_000.0,
        "sell_in__median": 20_000.0,
        "orders__pull": float("nan"),
        "dso__pull": -2.0,
        "dso__value": 80.0,
        "dso__median": 30.0,
    }

    def test_a_low_score_is_told_by_what_pulls_down_worst_first(self) -> None:
        zh, en = reasons(self.ROW, "CNY")
        assert zh == "进货增长率 -50.00%（同组中位 10.00%）；应收周转天数 80 天（同组中位 30 天）"
        assert en.startswith("Sell-in growth -50.00% (peer median 10.00%); Days sales outstanding")

    def test_a_high_one_by_what_pulls_up(self) -> None:
        zh, _ = reasons({**self.ROW, "score": 75.0}, "CNY")
        assert zh == "进货额 5.00万元（同组中位 2.00万元）"


class TestSummary:
    def test_each_group_once_lowest_first(self, channel: Channel) -> None:
        partners = {row["region"]: row["partners"] for row in run(channel, HEALTH_SUMMARY)}
        assert partners == {"华东": 3, "华南": 3, "华北": 2, "Overseas": 2}
        scores = [number(row, "score") for row in rows_of(HEALTH_SUMMARY.run({}, world()))]
        assert len(scores) == 2
        assert scores == sorted(scores)

    def test_weighted_by_sell_in(self) -> None:
        members = listed(regions=["华南"])
        weight = sum(number(row, "amount_12m") for row in members)
        # partners 2, 4 … 12 buy 1,000 times their number each of twelve months
        assert weight == 12 * 1000 * (2 + 4 + 6 + 8 + 10 + 12)
        expected = sum(number(row, "score") * number(row, "amount_12m") for row in members) / weight
        (south,) = rows_of(HEALTH_SUMMARY.run({"regions": ["华南"]}, world()))
        assert south["score"] == pytest.approx(expected, abs=0.02)

    def test_bands_add_up(self, channel: Channel) -> None:
        found = run(channel, HEALTH_SUMMARY, by="partner_type")
        for row in [*found, *rows_of(HEALTH_SUMMARY.run({}, world()))]:
            shares = [row[band] for band in ("healthy", "good", "watch", "poor")]
            if row["scored"]:
                assert sum(float(share or 0) for share in shares) == pytest.approx(1, abs=1e-5)
            else:
                assert shares == [None] * 4

    def test_the_key_is_named_as_the_dimension(self, channel: Channel) -> None:
        found = run(channel, HEALTH_SUMMARY, by="partner_type")
        assert {row["partner_type"] for row in found} == {"代理商", "经销商"}

    def test_by_segment_with_its_names(self) -> None:
        found = rows_of(HEALTH_SUMMARY.run({"by": "segment"}, world()))
        assert sum(number(row, "partners") for row in found) == 12
        named = {row["segment"]: (row["segment_zh"], row["segment_en"]) for row in found}
        assert all(named[key] == (SEGMENT_ZH[str(key)], SEGMENT_EN[str(key)]) for key in named)

    def test_a_scope_sums_only_what_it_shows(self, channel: Channel) -> None:
        result = HEALTH_SUMMARY.run({}, channel.tools(EAST.scope))
        assert [row[0] for row in result.rows] == ["华东"]


class TestEvidence:
    def test_ten_partners_without_activities_prove_nothing(self, channel: Channel) -> None:
        found = run(channel, HEALTH_EVIDENCE)
        assert {row["kpi"] for row in found} >= {"logins", "certified_heads"}
        assert all(row["correlation_growth"] is None for row in found)
        assert all(row["activity_cap"] == 0.25 for row in found)

    def test_axes_are_columns(self, channel: Channel) -> None:
        names = {column.name for column in HEALTH.run({}, channel.tools()).columns}
        assert names >= set(AXES)
