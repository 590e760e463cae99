"""Pictures and follow-ups that go with an answer."""

from __future__ import annotations

import pytest

from leadline.types import Language
from tests.agents.channel import Channel, said


class TestCharts:
    @pytest.mark.parametrize(
        ("question", "kind", "x", "series"),
        [
            ("2025年各大区销售额", "bar", "region", None),
            ("2025年各月销售额", "line", "month", None),
            ("2025年各季度各大区销售额", "line", "quarter", "region"),
            ("2025年各大区各产品类别销售额", "stacked_bar", "region", "product_category"),
            ("2025年各大区销售额同比", "grouped_bar", "region", None),
        ],
    )
    def test_by_the_shape_of_the_rows(
        self, channel: Channel, question: str, kind: str, x: str, series: str | None
    ) -> None:
        answer = channel.ask(question)
        chart = answer.chart
        assert chart is not None
        assert {chart.x, chart.series} == {x, series}
        assert chart.kind == kind
        assert chart.y[0] == "amount"

    def test_a_comparison_shows_both_figures(self, channel: Channel) -> None:
        chart = channel.ask("2025年各大区销售额同比").chart
        assert chart is not None
        assert chart.y == ("amount", "amount__previous")

    @pytest.mark.parametrize(
        "question",
        [
            "2025年销售额",
            "2025年销售额最高的伙伴",
            "2025年月均销售额",
            "各伙伴首单日期",
            "数据截至哪天？",
            "查查销售额",
        ],
    )
    def test_none_where_a_picture_tells_nothing(self, channel: Channel, question: str) -> None:
        assert channel.ask(question).chart is None

    @pytest.mark.parametrize(
        "question",
        ["2025年各大区销售额", "2025年各季度各大区销售额", "sales by region in 2025 yoy"],
    )
    def test_its_columns_are_those_of_the_citation(self, channel: Channel, question: str) -> None:
        answer = channel.ask(question)
        chart = answer.chart
        assert chart is not None
        result = answer.citations[chart.citation - 1].result
        for name in (chart.x, *chart.y, *([chart.series] if chart.series else [])):
            result.column_index(name)


class TestFollowups:
    @pytest.mark.parametrize(
        "question",
        [
            "2025年销售额",
            "2025年各大区销售额",
            "2025年销售额前3的伙伴",
            "2025年华东毛利率",
            "本季度各伙伴目标完成率",
            "2025年销售额超过5万的伙伴",
            "sales in 2025",
            "sales by region in 2025",
            "top 3 products by sales in 2025",
            "gross margin rate of Edge Box in 2025",
        ],
    )
    def test_the_planner_understands_each(self, channel: Channel, question: str) -> None:
        answer = channel.ask(question)
        assert answer.followups
        assert len(answer.followups) <= 3
        before = said(channel.spec(question))
        for followup in answer.followups:
            after = channel.ask(followup, question)
            assert after.status == "answered", f"{followup}: {after.text}"
            assert said(channel.spec(followup, question)) != before

    def test_in_the_question_s_language(self, channel: Channel) -> None:
        assert all(f.isascii() for f in channel.ask("sales in 2025").followups)
        answer = channel.ask("2025年销售额")
        assert answer.language is Language.ZH
        assert not any(f.isascii() for f in answer.followups)

    def test_a_comparison_is_not_offered_again(self, channel: Channel) -> None:
        assert not any("同比" in f for f in channel.ask("2025年销售额同比").followups)

    @pytest.mark.parametrize("question", ["查查销售额", "预测下季度毛利率", "数据截至哪天？"])
    def test_none_without_figures(self, channel: Channel, question: str) -> None:
        assert channel.ask(question).followups == ()
