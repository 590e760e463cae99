"""Forecasts, anomalies, stock and the market."""

from __future__ import annotations

import pytest

from agents.plan import ToolPlan
from agents.rules.context import PlannerContext
from tests.agents.channel import HENGXIN, Channel
from tests.agents.rules.intents.planning import call, planned


@pytest.fixture(scope="module")
def ctx(channel: Channel) -> PlannerContext:
    return channel.context()


class TestForecast:
    @pytest.mark.parametrize(
        ("question", "wanted"),
        [
            ("下季度各区域预测？可信区间？", "by=region horizon=next_quarter metric=amount"),
            (
                "forecast for next quarter by region, with the interval",
                "by=region horizon=next_quarter metric=amount",
            ),
            ("预测下个月的销售额", "horizon=next_month metric=amount"),
            ("Forecast next month's sales", "horizon=next_month metric=amount"),
            (
                "华东下季度各产品类别的销量预测",
                "by=product_category horizon=next_quarter metric=quantity where=region:华东",
            ),
            ("年底能做到多少", "horizon=to_year_end metric=amount"),
            ("预计今年全年能完成多少销售额", "horizon=to_year_end metric=amount"),
            ("where will sales be by year end?", "horizon=to_year_end metric=amount"),
            ("未来6个月销售额预测", "horizon=months:6 metric=amount"),
            ("接下来三个月的销售预测", "horizon=next_3_months metric=amount"),
            ("forecast sales for the next 4 weeks", "horizon=weeks:4 metric=amount"),
            (
                "恒信科技下季度能卖多少",
                f"horizon=next_quarter metric=amount where=partner:{HENGXIN}",
            ),
        ],
    )
    def test_asked(self, ctx: PlannerContext, question: str, wanted: str) -> None:
        assert call(question, ctx) == f"forecast {wanted}"

    def test_a_total_comes_with_its_series(self, ctx: PlannerContext) -> None:
        plan = planned("预测下个月的销售额", ctx)
        assert isinstance(plan, ToolPlan)
        assert [c.tool for c in plan.calls] == ["forecast", "forecast_series"]

    @pytest.mark.parametrize(
        "question",
        [
            "预测下季度的毛利率",
            "预测2019年的销售额",
            "预测2030年的销售额",
            "预测明天的销售额",
            "预测这个月的销售额",
            "各销售员下季度预测",
            "下季度各大区各产品各伙伴预测",
            "预测下季度销售额超过100万的伙伴",
            "预测下季度销售额同比",
            "predict our stock price",
            "下季度能不能达标",
        ],
    )
    def test_what_it_cannot_take_is_asked_back(self, ctx: PlannerContext, question: str) -> None:
        assert call(question, ctx) in ("ClarifyPlan", "RefusePlan")

    @pytest.mark.parametrize(
        ("question", "wanted"),
        [
            ("上季度预测准不准", "forecast_accuracy period=2025-Q3"),
            ("How accurate was last quarter's forecast?", "forecast_accuracy period=2025-Q3"),
            ("上个月的预测准确吗", "forecast_accuracy period=2025-10"),
            ("之前的预测误差有多大", "forecast_accuracy"),
            ("各大区上季度预测准不准", "forecast_accuracy by=region period=2025-Q3"),
        ],
    )
    def test_accuracy(self, ctx: PlannerContext, question: str, wanted: str) -> None:
        assert call(question, ctx) == wanted

    def test_another_region_and_another_horizon(self, ctx: PlannerContext) -> None:
        first = "预测华东下季度销售额"
        assert call("华南呢", ctx, first).endswith("where=region:华南")
        assert "horizon=next_month" in call("下个月呢", ctx, first)


class TestSigns:
    @pytest.mark.parametrize(
        ("question", "wanted"),
        [
            ("谁在压货", "stuffing"),
            ("Who is stuffing the channel?", "stuffing"),
            ("华东有哪些伙伴窜货", "diversion regions=华东"),
            ("which partners sell outside their territory", "diversion"),
            ("恒信科技有没有压货", f"stuffing partners={HENGXIN}"),
            ("二季度谁在压货", "stuffing since=2025-04-01 until=2025-06-30"),
            ("今年有哪些异常", "revenue_anomalies since=2025-01-01 until=2025-11-20"),
            (
                "What anomalies are there this year?",
                "revenue_anomalies since=2025-01-01 until=2025-11-20",
            ),
            ("哪些大区的销售额异常？", "revenue_anomalies by=region"),
        ],
    )
    def test_asked(self, ctx: PlannerContext, question: str, wanted: str) -> None:
        assert call(question, ctx) == wanted

    @pytest.mark.parametrize(
        "question", ["毛利率异常的伙伴", "金牌伙伴谁在压货", "压货超过10万的伙伴", "仓库温度异常"]
    )
    def test_what_it_cannot_take_is_asked_back(self, ctx: PlannerContext, question: str) -> None:
        assert call(question, ctx) in ("ClarifyPlan", "RefusePlan")


class TestStock:
    @pytest.mark.parametrize(
        ("question", "wanted"),
        [
            ("哪些产品会缺货", "inventory_risk risk=stockout"),
            ("哪些产品有缺货风险", "inventory_risk risk=stockout"),
            ("Which products will run out of stock?", "inventory_risk risk=stockout"),
            ("Which products may run out of stock?", "inventory_risk risk=stockout"),
            ("哪些产品积压", "inventory_risk risk=overstock"),
            ("有哪些库存风险", "inventory_risk risk=all"),
            ("怎么调拨", "allocation"),
            ("What stock should be moved where?", "allocation"),
        ],
    )
    def test_asked(self, ctx: PlannerContext, question: str, wanted: str) -> None:
        assert call(question, ctx) == wanted

    def test_a_plan_of_moves_comes_with_its_effect(self, ctx: PlannerContext) -> None:
        plan = planned("给出调拨建议", ctx)
        assert isinstance(plan, ToolPlan)
        assert [c.tool for c in plan.calls] == ["allocation", "allocation_summary"]

    @pytest.mark.parametrize(
        "question", ["去年哪些产品缺货", "金牌伙伴怎么调拨", "毛利率最低的积压产品"]
    )
    def test_what_it_cannot_take_is_asked_back(self, ctx: PlannerContext, question: str) -> None:
        assert call(question, ctx) in ("ClarifyPlan", "RefusePlan")


class TestWorld:
    @pytest.mark.parametrize(
        ("question", "wanted"),
        [
            ("市场上发生了什么", "happenings"),
            ("竞品最近有什么动作", "RefusePlan"),
            ("数据质量怎么样", "data_quality"),
            ("any data quality issues?", "data_quality"),
        ],
    )
    def test_asked(self, ctx: PlannerContext, question: str, wanted: str) -> None:
        found = call(question, ctx)
        assert found == wanted or found in ("ClarifyPlan", "RefusePlan")
