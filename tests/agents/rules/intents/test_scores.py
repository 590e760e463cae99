"""Health, segments and churn: about whom, how many, in which order."""

from __future__ import annotations

import pytest

from agents.plan import ClarifyPlan, ToolPlan
from agents.rules.context import PlannerContext
from agents.rules.followup import Shown
from tests.agents.channel import BOYUAN, HENGXIN, Channel
from tests.agents.rules.intents.planning import call, planned


@pytest.fixture(scope="module")
def ctx(channel: Channel) -> PlannerContext:
    return channel.context()


class TestHealth:
    @pytest.mark.parametrize(
        ("question", "wanted"),
        [
            ("健康度最低的10家", "health limit=10 order=worst"),
            ("华南健康度最高的5家伙伴", "health limit=5 order=best regions=华南"),
            ("the 10 partners with the lowest health score", "health limit=10 order=worst"),
            ("top 5 healthiest partners in 华南", "health limit=5 order=best regions=华南"),
            ("恒信科技的健康度是多少", f"health order=worst partners={HENGXIN}"),
            ("谁最不健康", "health order=worst"),
            ("各区域健康度", "health_summary by=region"),
            ("Health score by region", "health_summary by=region"),
            ("哪个大区健康度最高", "health_summary by=region"),
            ("华东的健康度怎么样", "health_summary by=region regions=华东"),
            ("华东和华北的健康度对比", "health_summary by=region regions=华东|华北"),
            ("按伙伴类型看健康度", "health_summary by=partner_type"),
            ("各分群的健康度", "health_summary by=segment"),
        ],
    )
    def test_asked(self, ctx: PlannerContext, question: str, wanted: str) -> None:
        assert call(question, ctx) == wanted

    @pytest.mark.parametrize(
        "question",
        [
            "华东去年的健康度",  # a score is of today
            "金牌伙伴的健康度",  # no filter of the tool
            "财务云的健康度",
            "健康度低于60的伙伴",
            "健康度超过80的伙伴",
            "各产品的健康度",
            "健康度趋势",
            "健康度分布",
            "健康度同比",
            "有多少伙伴健康度差",
            "健康度最低而且流失风险最高的伙伴",
            "金牌或华东伙伴的健康度",
        ],
    )
    def test_what_has_no_place_is_asked_back(self, ctx: PlannerContext, question: str) -> None:
        assert call(question, ctx) in ("ClarifyPlan", "RefusePlan")


class TestSegments:
    @pytest.mark.parametrize(
        ("question", "wanted"),
        [
            ("华东有哪些高潜力伙伴", "segments regions=华东 segments=high_potential"),
            (
                "Which high-potential partners are there in 华东?",
                "segments regions=华东 segments=high_potential",
            ),
            ("稳定贡献型的伙伴有哪些", "segments segments=stable"),
            ("恒信科技属于哪个分群，为什么？", f"segments partners={HENGXIN}"),
            ("各分群有多少伙伴、占比多少", "segment_summary"),
            ("How many partners are in each segment, and what share?", "segment_summary"),
            ("华北各分群有多少伙伴", "segment_summary regions=华北"),
            ("高潜力伙伴占比", "segment_summary"),
            ("稳定型伙伴有多少", "segment_summary"),
        ],
    )
    def test_asked(self, ctx: PlannerContext, question: str, wanted: str) -> None:
        assert call(question, ctx) == wanted

    @pytest.mark.parametrize(
        "question", ["去年的分群", "各产品的分群", "高潜力伙伴今年的销售额", "金牌伙伴的分群"]
    )
    def test_what_has_no_place_is_asked_back(self, ctx: PlannerContext, question: str) -> None:
        assert call(question, ctx) in ("ClarifyPlan", "RefusePlan")


class TestChurn:
    @pytest.mark.parametrize(
        ("question", "wanted"),
        [
            ("哪些伙伴有流失风险", "churn"),
            ("Which partners are at risk of churn?", "churn"),
            ("华东流失风险最高的5家伙伴", "churn limit=5 regions=华东"),
            ("who is likely to churn in 华东, top 5", "churn limit=5 regions=华东"),
            ("恒信科技会流失吗", f"churn partners={HENGXIN}"),
            ("Will 恒信科技 churn?", f"churn partners={HENGXIN}"),
            ("流失风险超过50%的伙伴", "churn min_risk=0.5"),
            ("高流失风险的伙伴有哪些", "churn band=high"),
            ("流失风险敞口最大的3家伙伴", "churn limit=3 order=exposure"),
            ("除了华东，哪些伙伴有流失风险", "churn regions=Overseas|华北|华南"),
            ("流失模型准不准", "churn_quality"),
            ("how accurate is the churn model?", "churn_quality"),
        ],
    )
    def test_asked(self, ctx: PlannerContext, question: str, wanted: str) -> None:
        assert call(question, ctx) == wanted

    def test_the_horizon_is_the_models_and_that_is_said(self, ctx: PlannerContext) -> None:
        plan = planned("哪些伙伴下季度会流失", ctx)
        assert isinstance(plan, ToolPlan)
        assert "观察期" in plan.notes[0].zh

    @pytest.mark.parametrize(
        "question",
        [
            "去年哪些伙伴有流失风险",
            "哪些客户会流失",
            "流失风险最低的伙伴",
            "流失风险低于20%的伙伴",
            "多少家伙伴有流失风险",
            "各大区流失风险",
            "金牌伙伴的流失风险",
            "没有流失风险的伙伴",
        ],
    )
    def test_what_has_no_place_is_asked_back(self, ctx: PlannerContext, question: str) -> None:
        assert call(question, ctx) in ("ClarifyPlan", "RefusePlan")

    def test_a_risk_of_what_is_asked_back(self, ctx: PlannerContext) -> None:
        plan = planned("哪些伙伴有风险", ctx)
        assert isinstance(plan, ClarifyPlan)
        assert any("流失" in option.question for option in plan.options)


class TestAcross:
    listed = Shown("partner", (HENGXIN, BOYUAN))
    top = "2025年销售额前2的伙伴"

    @pytest.mark.parametrize(
        ("question", "wanted"),
        [
            ("其中哪些有流失风险？", f"churn partners={HENGXIN}|{BOYUAN}"),
            ("他们的健康度呢", f"health order=worst partners={HENGXIN}|{BOYUAN}"),
            ("which of them are at risk of churn?", f"churn partners={HENGXIN}|{BOYUAN}"),
            ("这些伙伴属于哪个分群", f"segments partners={HENGXIN}|{BOYUAN}"),
        ],
    )
    def test_a_list_is_asked_of(self, ctx: PlannerContext, question: str, wanted: str) -> None:
        assert call(question, ctx, self.top, listed=self.listed) == wanted

    @pytest.mark.parametrize(
        ("question", "wanted"),
        [
            ("华北呢？", "churn limit=5 regions=华北"),
            ("and 华南?", "churn limit=5 regions=华南"),
            ("前3呢", "churn limit=3 regions=华东"),
            ("健康度呢", "health_summary by=region regions=华东"),
        ],
    )
    def test_the_tools_question_is_patched(
        self, ctx: PlannerContext, question: str, wanted: str
    ) -> None:
        assert call(question, ctx, "华东流失风险最高的5家伙伴") == wanted

    def test_a_new_question_inherits_nothing(self, ctx: PlannerContext) -> None:
        assert call("哪些伙伴有流失风险", ctx, "华东2025年销售额") == "churn"

    def test_why_of_one_partner_is_its_reasons(self, ctx: PlannerContext) -> None:
        assert call("为什么？", ctx, "恒信科技会流失吗") == f"churn partners={HENGXIN}"

    def test_why_of_a_list_is_asked_back(self, ctx: PlannerContext) -> None:
        assert call("为什么？", ctx, "哪些伙伴有流失风险") == "ClarifyPlan"
