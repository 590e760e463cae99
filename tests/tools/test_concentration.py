"""The concentration tool: what the listed members make up together."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge.semantic.spec import MetricFilter, Order, QuerySpec, Share, TimeRange
from leadline.errors import SpecError
from leadline.evidence import ToolResult
from leadline.types import Unit
from tests.agents.channel import EAST, Channel
from tools.concentration import CONCENTRATION

TOP3 = QuerySpec(
    metrics=("amount",),
    dimensions=("partner",),
    time=TimeRange(start=date(2025, 1, 1), end_excl=date(2026, 1, 1)),
    shares=(Share(metric="amount"),),
    order=(Order(by="amount"),),
    limit=3,
)


def together(channel: Channel, spec: QuerySpec, *, row_cap: int = 1000) -> ToolResult:
    return CONCENTRATION.run({"spec": spec.as_arguments()}, channel.tools(row_cap=row_cap))


class TestConcentration:
    def test_how_many_their_sum_and_share(self, channel: Channel) -> None:
        # 220 + 130 + 90 of 610 thousand
        assert together(channel, TOP3).rows == ((3, 440_000.0, pytest.approx(440 / 610)),)

    def test_units(self, channel: Channel) -> None:
        columns = {c.name: c for c in together(channel, TOP3).columns}
        assert columns["members"].unit is Unit.COUNT
        assert (columns["together"].unit, columns["together"].currency) == (Unit.MONEY, "CNY")
        assert columns["together__share"].unit is Unit.RATIO

    def test_all_members_are_the_whole(self, channel: Channel) -> None:
        spec = TOP3.model_copy(update={"limit": None})
        assert together(channel, spec).rows == ((9, 610_000.0, pytest.approx(1)),)

    def test_members_by_a_threshold(self, channel: Channel) -> None:
        bound = MetricFilter(metric="amount", op="gt", value=100_000)
        spec = TOP3.model_copy(update={"limit": None, "metric_filters": (bound,)})
        assert together(channel, spec).rows == ((2, 350_000.0, pytest.approx(350 / 610)),)

    def test_nobody(self, channel: Channel) -> None:
        bound = MetricFilter(metric="amount", op="gt", value=10**9)
        spec = TOP3.model_copy(update={"metric_filters": (bound,)})
        assert together(channel, spec).rows == ((0, 0, None),)

    def test_the_whole_is_what_the_scope_lets_see(self, channel: Channel) -> None:
        result = CONCENTRATION.run({"spec": TOP3.as_arguments()}, channel.tools(EAST.scope))
        assert result.rows == ((3, 320_000.0, pytest.approx(1)),)

    def test_rows_beyond_the_cap_are_not_lost_silently(self, channel: Channel) -> None:
        spec = TOP3.model_copy(update={"limit": None})
        result = together(channel, spec, row_cap=2)
        assert result.truncated or result.rows[0][0] == 9


class TestWhatDoesNotFit:
    @pytest.mark.parametrize(
        "changes",
        [
            {"shares": ()},
            {"shares": (Share(metric="amount", within=("region",)),)},
            {
                "metrics": ("amount", "quantity"),
                "shares": (Share(metric="amount"), Share(metric="quantity")),
            },
        ],
    )
    def test_other_than_one_share_of_the_whole(
        self, channel: Channel, changes: dict[str, object]
    ) -> None:
        with pytest.raises(SpecError, match="one share"):
            together(channel, TOP3.model_copy(update=changes))
