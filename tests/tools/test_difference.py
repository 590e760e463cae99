"""The difference tool: two members, how far apart."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.semantic.spec import Filter, QuerySpec, TimeRange
from leadline.errors import SpecError
from leadline.evidence import ToolResult
from leadline.types import Unit
from tests.agents.channel import EAST, Channel
from tools.difference import DIFFERENCE

Y2025 = TimeRange(start=date(2025, 1, 1), end_excl=date(2026, 1, 1))
BY_REGION = QuerySpec(metrics=("amount",), dimensions=("region",), time=Y2025)


def difference(
    channel: Channel, first: str, second: str, spec: QuerySpec = BY_REGION
) -> ToolResult:
    arguments: dict[str, object] = {"spec": spec.as_arguments(), "first": first, "second": second}
    return DIFFERENCE.run(arguments, channel.tools())


class TestDifference:
    def test_first_less_second_and_over_second(self, channel: Channel) -> None:
        result = difference(channel, "华东", "华南")
        # 320 − 135 = 185 thousand; 185 / 135
        assert result.rows == (("华东", "华南", 320_000.0, 135_000.0, 185_000.0, 185 / 135),)
        assert (result.row_count, result.truncated) == (1, False)

    def test_the_other_way_round_is_negative(self, channel: Channel) -> None:
        row = difference(channel, "华南", "华东").rows[0]
        assert row[4:] == (-185_000.0, pytest.approx(-185 / 320))

    def test_units_are_those_of_the_metric(self, channel: Channel) -> None:
        columns = {c.name: c for c in difference(channel, "华东", "华南").columns}
        assert columns["difference"].unit is Unit.MONEY
        assert columns["difference"].currency == "CNY"
        assert columns["difference_rate"].unit is Unit.RATIO
        assert columns["first"].unit is Unit.TEXT

    def test_of_a_ratio(self, channel: Channel) -> None:
        spec = BY_REGION.model_copy(update={"metrics": ("gross_margin_rate",)})
        row = difference(channel, "华东", "华北", spec).rows[0]
        # margins of 175.5 over 320, and of 5 + 6 + 10 over 50 thousand
        assert row[4] == pytest.approx(175.5 / 320 - 21 / 50, abs=1e-4)

    def test_of_two_buckets(self, channel: Channel) -> None:
        spec = QuerySpec(metrics=("amount",), time=Y2025.model_copy(update={"grain": "quarter"}))
        assert difference(channel, "2025-Q1", "2025-Q2", spec).rows[0][4] == 55_000.0  # 180 − 125

    def test_a_limit_does_not_hide_a_member(self, channel: Channel) -> None:
        spec = BY_REGION.model_copy(update={"limit": 1})
        assert difference(channel, "华东", "华北", spec).rows[0][4] == 270_000.0

    def test_over_nothing_there_is_no_rate(self, channel: Channel) -> None:
        spec = QuerySpec(metrics=("discount_amount",), dimensions=("region",), time=Y2025)
        row = difference(channel, "华南", "华东", spec).rows[0]
        assert row[4:] == (10_000.0, None)  # 华东 gave none


class TestWhatDoesNotFit:
    def test_a_member_without_a_figure(self, channel: Channel) -> None:
        with pytest.raises(SpecError, match="Mars"):
            difference(channel, "华东", "Mars")

    def test_a_member_outside_the_scope(self, channel: Channel) -> None:
        arguments: dict[str, object] = {
            "spec": BY_REGION.as_arguments(),
            "first": "华东",
            "second": "华南",
        }
        with pytest.raises(SpecError):
            DIFFERENCE.run(arguments, channel.tools(EAST.scope))

    @pytest.mark.parametrize(
        "spec",
        [
            QuerySpec(metrics=("amount",)),
            QuerySpec(metrics=("amount",), dimensions=("region", "partner")),
        ],
    )
    def test_other_than_one_key(self, channel: Channel, spec: QuerySpec) -> None:
        with pytest.raises(SpecError, match="exactly one"):
            difference(channel, "华东", "华南", spec)

    def test_a_filter_that_leaves_one_out(self, channel: Channel) -> None:
        spec = BY_REGION.model_copy(update={"where": Filter(member="region", values=("华东",))})
        with pytest.raises(SpecError, match="华南"):
            difference(channel, "华东", "华南", spec)
