"""One partner, two partners, partners like one."""

from __future__ import annotations

import pytest

from agents.plan import ClarifyPlan
from agents.rules.context import PlannerContext
from agents.rules.followup import Shown
from tests.agents.channel import BOYUAN, HENGXIN, NANYUE, Channel
from tests.agents.rules.intents.planning import call, planned


@pytest.fixture(scope="module")
def ctx(channel: Channel) -> PlannerContext:
    return channel.context()


class TestProfile:
    @pytest.mark.parametrize(
        "question",
        [
            "介绍一下恒信",
            "恒信科技的画像",
            "请帮我介绍一下恒信科技吧",
            "恒信科技怎么样",
            "看看恒信科技的档案",
            "tell me about 恒信科技",
            "Show me the profile of 恒信科技, please",
            "give me an overview of 恒信科技",
        ],
    )
    def test_of_one_partner(self, ctx: PlannerContext, question: str) -> None:
        assert call(question, ctx) == f"profile partner={HENGXIN}"

    def test_a_part_of_a_name_is_said_in_the_reading(self, ctx: PlannerContext) -> None:
        plan = planned("介绍一下Alpine", ctx)
        assert isinstance(plan, ClarifyPlan)  # one word of a longer English name is offered

    def test_a_name_that_two_bear_is_asked_back(self, ctx: PlannerContext) -> None:
        plan = planned("介绍一下同名商贸", ctx)
        assert isinstance(plan, ClarifyPlan)
        assert all("同名商贸" in option.label for option in plan.options)
        assert len(plan.options) == 2

    @pytest.mark.parametrize(
        "question",
        [
            "介绍一下",
            "介绍一下伙伴",
            "介绍一下腾飞宇宙",
            "介绍一下华东",
            "介绍一下恒信科技2024年",  # the profile is of today
            "介绍一下恒信科技的销售额",
            "tell me about nobody",
        ],
    )
    def test_nothing_is_left_out_to_make_one(self, ctx: PlannerContext, question: str) -> None:
        assert call(question, ctx) in ("ClarifyPlan", "RefusePlan")


class TestTimeline:
    @pytest.mark.parametrize(
        "question", ["恒信科技最近发生了什么", "恒信科技大事记", "what happened with 恒信科技?"]
    )
    def test_of_one_partner(self, ctx: PlannerContext, question: str) -> None:
        assert call(question, ctx) == f"partner_timeline partner={HENGXIN}"


class TestComparing:
    @pytest.mark.parametrize(
        "question",
        [
            "恒信科技和博远软件全面对比一下",
            "对比恒信科技和博远软件",
            "恒信科技与博远软件比较一下",
            "compare 恒信科技 and 博远软件",
            "恒信科技 vs 博远软件 side by side",
        ],
    )
    def test_two_partners_as_a_whole(self, ctx: PlannerContext, question: str) -> None:
        assert call(question, ctx) == f"compare_partners first={HENGXIN} second={BOYUAN}"

    @pytest.mark.parametrize(
        "question",
        [
            "恒信科技和博远软件今年销售额对比",
            "compare sales of 恒信科技 and 博远软件 in 2025",
            "对比华东和华南2025年销售额",
        ],
    )
    def test_a_figure_of_two_stays_a_query(self, ctx: PlannerContext, question: str) -> None:
        assert call(question, ctx) == "QueryPlan"

    @pytest.mark.parametrize(
        "question", ["全面对比恒信科技", "恒信科技、博远软件和南粤信息全面对比一下"]
    )
    def test_takes_two(self, ctx: PlannerContext, question: str) -> None:
        assert call(question, ctx) == "ClarifyPlan"


class TestSimilar:
    @pytest.mark.parametrize(
        ("question", "limit"),
        [
            ("与恒信科技最像的伙伴", ""),
            ("哪些伙伴像恒信科技？", ""),
            ("和恒信科技最相似的3家伙伴", "limit=3 "),
            ("Which partners are most similar to 恒信科技?", ""),
            ("the 4 partners most similar to 恒信科技", "limit=4 "),
        ],
    )
    def test_to_one(self, ctx: PlannerContext, question: str, limit: str) -> None:
        assert call(question, ctx) == f"similar_partners {limit}partner={HENGXIN}"

    def test_not_within_a_region(self, ctx: PlannerContext) -> None:
        assert call("华东与恒信科技最像的伙伴", ctx) == "ClarifyPlan"


class TestPointing:
    listed = Shown("partner", (HENGXIN, NANYUE, BOYUAN))

    @pytest.mark.parametrize(
        ("question", "partner"),
        [
            ("第一家介绍一下", HENGXIN),
            ("第二家介绍一下", NANYUE),
            ("tell me about the first one", HENGXIN),
        ],
    )
    def test_the_nth_of_a_list(self, ctx: PlannerContext, question: str, partner: str) -> None:
        found = call(question, ctx, "2025年销售额前3的伙伴", listed=self.listed)
        assert found == f"profile partner={partner}"

    def test_pointing_at_nothing_is_asked_back(self, ctx: PlannerContext) -> None:
        assert call("它的画像", ctx) in ("ClarifyPlan", "RefusePlan")

    def test_from_a_profile_back_to_figures(self, ctx: PlannerContext) -> None:
        listed = Shown("partner", (HENGXIN,))
        found = call("这个伙伴今年的销售额", ctx, "介绍一下恒信科技", listed=listed)
        assert found == "QueryPlan"
