"""A tool that was told less than the question says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from agents.llm.arguments import Arguments
from agents.llm.telling import told
from agents.llm.tool_coverage import normal, tool_gaps, uses_tools
from agents.llm.veil import Veil
from agents.plan import PlannerTrace
from agents.rules.context import PlannerContext
from agents.rules.planner import read
from leadline.evidence import Column, ToolResult
from leadline.types import Unit
from tests.agents.channel import BOYUAN, HENGXIN, Channel


@pytest.fixture(scope="module")
def ctx(channel: Channel) -> PlannerContext:
    return channel.context()


def result(tool: str = "churn", **arguments: object) -> ToolResult:
    columns = (
        Column("partner", Unit.TEXT, "伙伴", "Partner"),
        Column("risk", Unit.RATIO, "风险", "Risk"),
        Column("reasons_zh", Unit.TEXT, "原因", "Reasons"),
    )
    rows = ((HENGXIN, 0.5, f"{BOYUAN}也在下滑"),)
    return ToolResult(tool, arguments, "", 1, "", date(2025, 11, 20), columns, rows, 1, False)


def gaps(question: str, ctx: PlannerContext, found: ToolResult) -> list[str]:
    reading, _ = read(question, ctx, PlannerTrace())
    return [gap.said for gap in tool_gaps(reading, [found])]


class TestGaps:
    def test_all_of_it_was_told(self, ctx: PlannerContext) -> None:
        found = result(regions=["华东"], limit=5)
        assert gaps("华东流失风险前5的伙伴", ctx, found) == []

    def test_a_member_that_a_row_shows_is_covered(self, ctx: PlannerContext) -> None:
        assert gaps("恒信科技会流失吗", ctx, result()) == []

    @pytest.mark.parametrize(
        ("question", "arguments", "said"),
        [
            ("华东流失风险", {}, "华东"),
            ("流失风险前5的伙伴", {"limit": 10}, "前5"),
            ("流失风险超过50%的伙伴", {}, "超过50%"),
            ("去年的流失风险", {}, "去年"),
        ],
    )
    def test_what_was_left_out(
        self, ctx: PlannerContext, question: str, arguments: dict[str, object], said: str
    ) -> None:
        assert said in gaps(question, ctx, result(**arguments))

    def test_only_other_tools_are_looked_at(self) -> None:
        assert uses_tools([result()])
        assert not uses_tools([result("query"), result("explain")])


class TestNormal:
    def test_defaults_and_names_of_periods_do_not_matter(self) -> None:
        said = {"metric": "amount", "time": {"start": "2025-07-01", "end_excl": "2025-10-01"}}
        named = {"time": {**said["time"], "label": "三季度"}}  # type: ignore[dict-item]
        assert normal("contributions", said) == normal("contributions", named)


class TestWire:
    def test_members_in_rows_and_reasons_are_veiled(self, ctx: PlannerContext) -> None:
        veil = Veil("aggregates", ctx)
        row = told(1, result(), veil)["rows"][0]  # type: ignore[index]
        assert row[0] == "partner#1"
        assert BOYUAN not in row[2]
        assert "partner#2" in row[2]

    def test_the_schema_level_shows_no_rows(self, ctx: PlannerContext) -> None:
        assert "rows" not in told(1, result(), Veil("schema", ctx))

    def test_placeholders_are_translated_back(self, ctx: PlannerContext) -> None:
        veil = Veil("aggregates", ctx)
        placeholder = veil.member("partner", HENGXIN)
        typed, _ = Arguments(veil, (), lambda _: None).typed(
            "churn", {"partners": [placeholder], "order": "risk"}
        )
        assert typed == {"partners": [HENGXIN], "order": "risk"}

    def test_one_name_is_a_list_of_one(self, ctx: PlannerContext) -> None:
        typed, _ = Arguments(Veil("rows", ctx), (), lambda _: None).typed(
            "health", {"regions": "华东", "order": "worst"}
        )
        assert typed == {"regions": ["华东"], "order": "worst"}

    def test_a_comparison_gets_its_base(self, ctx: PlannerContext) -> None:
        typed, _ = Arguments(Veil("rows", ctx), (), lambda _: None).typed(
            "contributions",
            {
                "metric": "amount",
                "time": {"start": "2025-07-01", "end_excl": "2025-10-01"},
                "compare": {"kind": "yoy"},
            },
        )
        assert normal("contributions", typed)["compare"]["start"] == "2024-07-01"  # type: ignore[index]

    def test_a_result_without_rows_is_told_as_one(self, ctx: PlannerContext) -> None:
        empty = replace(result(), rows=(), row_count=0)
        assert told(1, empty, Veil("rows", ctx))["rows"] == []
