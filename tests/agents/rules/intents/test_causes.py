"""Why a figure changed: which change, by what."""

from __future__ import annotations

import pytest

from agents.plan import ToolPlan
from agents.rules.context import PlannerContext
from agents.rules.followup import Shown
from tests.agents.channel import BOYUAN, HENGXIN, Channel
from tests.agents.rules.intents.planning import call, planned

Q3 = "time=2025-07-01..2025-10-01"
Q3_YOY = "compare=yoy:2024-07-01..2024-10-01"


@pytest.fixture(scope="module")
def ctx(channel: Channel) -> PlannerContext:
    return channel.context()


class TestAsking:
    @pytest.mark.parametrize(
        ("question", "wanted"),
        [
            ("华东三季度销售额为什么下滑？", f"{Q3_YOY} metric=amount {Q3} where=region:华东"),
            (
                "Why did sales in 华东 decline in Q3?",
                f"{Q3_YOY} metric=amount {Q3} where=region:华东",
            ),
            ("三季度利润率为什么下降", f"{Q3_YOY} metric=gross_margin_rate {Q3}"),
            ("华东三季度业绩下滑的原因是什么", f"{Q3_YOY} metric=amount {Q3} where=region:华东"),
            ("三季度订单数怎么变少了", f"{Q3_YOY} metric=orders {Q3}"),
            (
                "哪些产品类别导致三季度销售额下滑",
                f"{Q3_YOY} dimensions=product_category metric=amount {Q3}",
            ),
            (
                "which partners drove the decline in Q3",
                f"{Q3_YOY} dimensions=partner metric=amount {Q3}",
            ),
            (
                "三季度销售额环比为什么下降",
                f"compare=previous_period:2025-04-01..2025-07-01 metric=amount {Q3}",
            ),
        ],
    )
    def test_asked(self, ctx: PlannerContext, question: str, wanted: str) -> None:
        assert call(question, ctx) == f"contributions {wanted}"

    def test_without_a_period_the_last_three_months_and_that_is_said(
        self, ctx: PlannerContext
    ) -> None:
        """As of 2025-11-20: back to 2025-08-21, that day included."""
        plan = planned("华东为什么下滑？", ctx)
        assert isinstance(plan, ToolPlan)
        assert plan.calls[0].arguments["time"]["start"] == "2025-08-21"  # type: ignore[index]
        assert [note.en for note in plan.notes] == [
            "no metric was named: sales amount",
            "no period was named: the last 3 months",
            "against the same period a year earlier",
        ] or any("3 months" in note.en for note in plan.notes)

    @pytest.mark.parametrize(
        "question",
        [
            "为什么",
            "why?",
            "为什么天是蓝的",
            "三季度销售额和订单数为什么下降",
            "销售额为什么没有达标",
            "为什么销售额超过10万的伙伴下降",
            "今年促销带来多少销售额",
        ],
    )
    def test_what_it_cannot_take_is_asked_back(self, ctx: PlannerContext, question: str) -> None:
        assert not call(question, ctx).startswith("contributions")


class TestAfterwards:
    def test_why_takes_the_change_before(self, ctx: PlannerContext) -> None:
        found = call("为什么？", ctx, "华东三季度销售额同比")
        assert found == f"contributions {Q3_YOY} metric=amount {Q3} where=region:华东"

    def test_a_member_of_the_list_before(self, ctx: PlannerContext) -> None:
        listed = Shown("region", ("华东", "华南"))
        found = call("华东为什么下降", ctx, "三季度各大区销售额同比", listed=listed)
        assert found == f"contributions {Q3_YOY} metric=amount {Q3} where=region:华东"

    def test_a_list_that_was_picked_is_explained_as_it_is(self, ctx: PlannerContext) -> None:
        listed = Shown("partner", (HENGXIN, BOYUAN))
        found = call("为什么？", ctx, "三季度销售额同比下降的伙伴有哪些", listed=listed)
        assert f"where=partner:{HENGXIN}|{BOYUAN}" in found
        assert "dimensions=partner" in found

    def test_another_region(self, ctx: PlannerContext) -> None:
        found = call("华南呢？", ctx, "华东三季度销售额为什么下滑？")
        assert found == f"contributions {Q3_YOY} metric=amount {Q3} where=region:华南"

    def test_by_something_else(self, ctx: PlannerContext) -> None:
        found = call("按伙伴看呢", ctx, "华东三季度销售额为什么下滑？")
        assert "dimensions=partner" in found

    def test_why_again_goes_deeper(self, ctx: PlannerContext) -> None:
        assert "drill=True" in call("为什么？", ctx, "华东三季度销售额为什么下滑？")
