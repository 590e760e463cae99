"""Whatever a question says must stand in the queries, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from agents.llm.coverage import gaps
from agents.llm.gap import Gap
from agents.plan import PlannerTrace
from agents.rules.planner import read
from knowledge.semantic.spec import QuerySpec
from leadline.evidence import ToolResult
from tests.agents.channel import HENGXIN, Channel
from tests.agents.questions import QUESTIONS
from tools.catalog import tool

Y2025 = {"start": "2025-01-01", "end_excl": "2026-01-01"}
Y2024 = {"start": "2024-01-01", "end_excl": "2025-01-01"}


def only(member: str, *values: str, op: str = "in") -> dict[str, Any]:
    return {"kind": "filter", "member": member, "op": op, "values": list(values)}


def run(channel: Channel, **fields: Any) -> ToolResult:
    return tool("query").run({"metrics": ["amount"], **fields}, channel.tools())


def left(channel: Channel, question: str, *specs: dict[str, Any]) -> list[str]:
    """What is missing where these queries answer the question."""
    return [gap.said for gap in found(channel, question, *specs)]


def found(channel: Channel, question: str, *specs: dict[str, Any]) -> tuple[Gap, ...]:
    heard = read(question, channel.context(), PlannerTrace())[0]
    results = [run(channel, **spec) for spec in specs]
    return gaps(heard, results, (), results)


class TestNothingIsMissing:
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_from_what_the_rules_query(self, channel: Channel, question: str) -> None:
        answer = channel.ask(question)
        heard = read(question, channel.context(), PlannerTrace())[0]
        assert gaps(heard, [citation.result for citation in answer.citations]) == ()


class TestMembers:
    def test_must_be_filtered_by(self, channel: Channel) -> None:
        question = "2025年华东的销售额"
        east = only("region", "华东")
        assert left(channel, question, {"time": Y2025, "where": east}) == []
        assert left(channel, question, {"time": Y2025}) == ["华东"]
        other = {"time": Y2025, "where": only("region", "华南")}
        assert left(channel, question, other) == ["华东", "region = 华南"]

    def test_may_be_shown_instead(self, channel: Channel) -> None:
        question = "2025年华东的销售额"
        assert left(channel, question, {"time": Y2025, "dimensions": ["region"]}) == []

    def test_may_be_found_by_a_part_of_the_name(self, channel: Channel) -> None:
        part = {"time": Y2025, "where": only("partner", "恒信", op="contains")}
        assert left(channel, "恒信科技2025年销售额", part) == []

    def test_that_are_excluded_must_be_out(self, channel: Channel) -> None:
        question = "除了华东，2025年各大区销售额"
        rows = {"time": Y2025, "dimensions": ["region"]}
        out = only("region", "华东", op="not_in")
        rest = only("region", "华南", "华北", "Overseas")
        assert left(channel, question, {**rows, "where": out}) == []
        assert left(channel, question, rows) == ["华东"]
        named = found(channel, question, {**rows, "where": rest})
        assert [gap.kind for gap in named] == ["added"]  # the others one by one: said, not wrong

    def test_of_a_metric_itself_need_no_filter(self, channel: Channel) -> None:
        won = {"metrics": ["won_amount"], "time": Y2025}
        assert left(channel, "2025年赢单金额", won) == []

    def test_that_nobody_named_are_told(self, channel: Channel) -> None:
        (gap,) = found(
            channel, "2025年销售额", {"time": Y2025, "where": only("partner_tier", "金牌")}
        )
        assert gap.kind == "added"
        assert gap.note().zh == "模型自行加了条件：partner_tier = 金牌"

    def test_of_an_earlier_turn_may_stay(self, channel: Channel) -> None:
        heard = read("那2024年呢", channel.context(), PlannerTrace())[0]
        where = only("region", "华东")
        before = QuerySpec.model_validate({"metrics": ["amount"], "where": where})
        assert gaps(heard, [run(channel, time=Y2024, where=where)], (before,)) == ()

    def test_that_another_query_found_may_be_filtered_by(self, channel: Channel) -> None:
        best = {"time": Y2025, "dimensions": ["partner"], "limit": 1}
        then = {"metrics": ["gross_margin"], "time": Y2025, "where": only("partner", HENGXIN)}
        assert left(channel, "2025年卖得最好的伙伴", best, then) == []

    def test_of_several_meanings_one_is_a_choice(self, channel: Channel) -> None:
        labels = [
            e.label
            for t in read("同名商贸", channel.context(), PlannerTrace())[0].tokens
            for e in t.entries
        ]
        one = {"time": Y2025, "where": only("partner", str(labels[0]))}
        both = {"time": Y2025, "where": only("partner", *map(str, labels))}
        (gap,) = found(channel, "同名商贸2025年销售额", one)
        assert (gap.kind, gap.taken) == ("chosen", labels[0])
        assert str(labels[0]) in gap.note().en
        assert left(channel, "同名商贸2025年销售额", both) == []


class TestPeriods:
    @pytest.mark.parametrize(
        ("question", "time"),
        [
            ("2025年销售额", Y2025),
            ("今年销售额", {"start": "2025-01-01", "end_excl": "2025-11-21"}),  # as far as it goes
            ("年初至今销售额", Y2025),
            ("2024年和2025年的销售额", {**Y2024, "end_excl": "2026-01-01", "grain": "year"}),
            ("2024年3月和2024年5月销售额", {**Y2024, "grain": "month"}),  # two of the rows
        ],
    )
    def test_are_covered(self, channel: Channel, question: str, time: dict[str, str]) -> None:
        assert left(channel, question, {"time": time}) == []

    @pytest.mark.parametrize(
        ("question", "time", "missing"),
        [
            ("2025年销售额", Y2024, "2025年"),
            ("2025年销售额", None, "2025年"),
            ("2025年三月销售额", Y2025, "2025年三月"),
            ("2025年三月销售额", {**Y2025, "grain": "month"}, "2025年三月"),  # one of many rows
            ("三月销售额", {"start": "2024-03-01", "end_excl": "2024-04-01"}, "三月"),
        ],
    )
    def test_are_not(
        self, channel: Channel, question: str, time: dict[str, str] | None, missing: str
    ) -> None:
        assert left(channel, question, {"time": time}) == [missing]

    def test_two_may_be_compared(self, channel: Channel) -> None:
        question = "2025年销售额比2024年"
        yoy = {"kind": "yoy", "start": "2024-01-01", "end_excl": "2025-01-01"}
        assert left(channel, question, {"time": Y2025, "compare": yoy}) == []
        assert left(channel, question, {"time": Y2025}, {"time": Y2024}) == []
        assert left(channel, question, {"time": Y2025}) == ["2024年"]

    def test_a_comparison_must_be_made(self, channel: Channel) -> None:
        question = "2025年销售额同比"
        yoy = {"kind": "yoy", "start": "2024-01-01", "end_excl": "2025-01-01"}
        assert left(channel, question, {"time": Y2025, "compare": yoy}) == []
        assert left(channel, question, {"time": Y2025}) == ["同比"]


class TestMetricsAndGroups:
    def test_a_metric_must_be_queried(self, channel: Channel) -> None:
        assert left(channel, "2025年毛利", {"time": Y2025}) == ["毛利"]
        both = {"time": Y2025, "metrics": ["amount", "gross_margin"]}
        assert left(channel, "2025年销售额和毛利", both) == []

    def test_a_target_may_come_by_comparison(self, channel: Channel) -> None:
        quarter = {"start": "2025-10-01", "end_excl": "2026-01-01"}
        target = {"time": quarter, "compare": {"kind": "target"}}
        assert left(channel, "本季度目标完成率", target) == []
        assert left(channel, "本季度目标完成率", {"time": quarter}) == ["目标完成率"]

    @pytest.mark.parametrize(
        ("question", "missing"),
        [("2025年各大区销售额", "大区"), ("sales by region in 2025", "region")],
    )
    def test_a_split_must_be_made(self, channel: Channel, question: str, missing: str) -> None:
        assert left(channel, question, {"time": Y2025}) == [missing]
        by_partner = {"time": Y2025, "dimensions": ["partner"]}
        assert left(channel, question, by_partner) == [missing]

    def test_buckets_too(self, channel: Channel) -> None:
        assert left(channel, "2025年各月销售额", {"time": Y2025}) == ["各月"]
        assert left(channel, "2025年各月销售额", {"time": {**Y2025, "grain": "month"}}) == []


PARTNERS: dict[str, Any] = {"time": Y2025, "dimensions": ["partner"]}


class TestNumbers:
    def test_of_a_ranking(self, channel: Channel) -> None:
        question = "2025年销售额前3的伙伴"
        assert left(channel, question, {**PARTNERS, "limit": 3}) == []
        assert left(channel, question, {**PARTNERS, "limit": 5}) == ["前3"]

    def test_within_groups(self, channel: Channel) -> None:
        rows = {**PARTNERS, "dimensions": ["region", "partner"]}
        question = "2025年每个大区销售额前2的伙伴"
        assert left(channel, question, {**rows, "top_per": {"within": ["region"], "n": 2}}) == []
        assert left(channel, question, rows) == ["前2"]

    @pytest.mark.parametrize(("value", "missing"), [(50_000, []), (500_000, ["超过5万"])])
    def test_of_a_threshold(self, channel: Channel, value: float, missing: list[str]) -> None:
        bound = [{"metric": "amount", "op": "gt", "value": value}]
        question = "2025年销售额超过5万的伙伴"
        assert left(channel, question, {**PARTNERS, "metric_filters": bound}) == missing

    def test_a_percentage_may_be_a_fraction(self, channel: Channel) -> None:
        month = {"start": "2025-11-01", "end_excl": "2025-12-01"}
        base = {"kind": "previous_period", "start": "2025-10-01", "end_excl": "2025-11-01"}
        bound = [{"metric": "amount", "on": "change_rate", "op": "lt", "value": -0.2}]
        spec = {"time": month, "dimensions": ["partner"], "compare": base, "metric_filters": bound}
        assert left(channel, "本月环比下降超过20%的伙伴", spec) == []


def test_only_the_first_of_a_long_list_is_told(channel: Channel) -> None:
    """A model that filters by the thirty members it was told of, where there are more."""
    from dataclasses import replace

    from agents.llm.telling import ROWS_TOLD

    long = run(channel, dimensions=["partner"], time=Y2025)
    labels = [f"伙伴{n}" for n in range(ROWS_TOLD + 5)]
    long = replace(long, rows=tuple((label, 1.0) for label in labels), row_count=len(labels))
    where = only("partner", *labels[:ROWS_TOLD])
    spec = QuerySpec.model_validate({"metrics": ["amount"], "where": where, "time": Y2025})
    some = replace(long, arguments=spec.as_arguments())
    heard = read("2025年他们的销售额", channel.context(), PlannerTrace())[0]
    said = [gap.said for gap in gaps(heard, [some], (spec,), [long, some])]
    assert said == [f"partner: {ROWS_TOLD} / {ROWS_TOLD + 5}"]
