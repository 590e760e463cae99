"""Lines of a model held to the results that they cite."""

from __future__ import annotations

from typing import Any

import pytest

from agents.llm.claims import Claims, names_in_play
from agents.narrate import Told, narrate
from agents.plan import QueryPlan
from agents.rules.planner import Before, plan
from agents.slots import render
from agents.verify import verify
from leadline.errors import EvidenceError
from leadline.evidence import Citation, ToolResult
from tests.agents.channel import Channel
from tests.agents.questions import QUESTIONS
from tools.catalog import tool

Y2025 = {"start": "2025-01-01", "end_excl": "2026-01-01"}
Q4 = {"start": "2025-10-01", "end_excl": "2026-01-01"}

REGIONS: dict[str, Any] = {"dimensions": ["region"], "time": Y2025}
RANKED = {**REGIONS, "order": [{"by": "amount"}], "shares": [{"metric": "amount"}]}
LOWEST = {**REGIONS, "order": [{"by": "amount", "direction": "asc"}], "limit": 2}
TOTAL: dict[str, Any] = {"time": Y2025}
EAST = {"time": Y2025, "where": {"kind": "filter", "member": "region", "values": ["华东"]}}
YOY = {
    **REGIONS,
    "compare": {"kind": "yoy", "start": "2024-01-01", "end_excl": "2025-01-01"},
}
MEAN = {"time": {**Y2025, "grain": "month"}, "rollup": {"function": "avg"}}
TARGET: dict[str, Any] = {"time": Q4, "dimensions": ["partner"], "compare": {"kind": "target"}}
WON: dict[str, Any] = {"metrics": ["won_amount"], "time": Y2025}
A = "{{c1.rows[0].amount}}"


def told(channel: Channel, *specs: dict[str, Any]) -> list[Told]:
    found = []
    for at, spec in enumerate(specs, start=1):
        result: ToolResult = tool("query").run({"metrics": ["amount"], **spec}, channel.tools())
        found.append(Told("main", Citation(f"x-{at}", at, result)))
    return found


def check(channel: Channel, line: str, *specs: dict[str, Any]) -> None:
    results = told(channel, *specs)
    names = names_in_play(results, [("region", "华东"), ("region", "华南")])
    Claims(channel.context(), results, names).check(line)


BORNE_OUT = [
    (f"{{{{c1.time}}}}华东的销售额为 {A} [1]。", EAST),
    (f"2025 年华东：{A} [1]".replace("2025 年", "今年"), EAST),
    (f"华东：{A} [1]", RANKED),  # row 0 is 华东's
    (f"Sales this year: {A} [1].", TOTAL),
    (f"年初至今销售额 {A} [1]", TOTAL),
    (f"最高的是{{{{c1.rows[0].region}}}}，{A}，占比 {{{{c1.rows[0].amount__share}}}} [1]", RANKED),
    (f"The lowest: {{{{c1.rows[0].region}}}} {A} [1]", LOWEST),
    (f"合计 {A} [1]", TOTAL),
    ("同比 {{c1.rows[0].amount__change|direction}} {{c1.rows[0].amount__change|size}} [1]", YOY),
    ("比去年同期的 {{c1.rows[0].amount__previous}} [1]", YOY),
    ("平均每月 {{c1.rows[0].amount__avg}} [1]", MEAN),
    (
        "目标 {{c1.rows[0].amount__target}}，目标完成率 {{c1.rows[0].amount__attainment}} [1]",
        TARGET,
    ),
    ("Won amount: {{c1.rows[0].won_amount}} [1]", WON),
    ("以下是结果：", TOTAL),
    ("In order [1]:", RANKED),
]

NOT_BORNE_OUT = [
    (f"华南的销售额为 {A} [1]。", EAST, "name"),
    ("华东：{{c1.rows[1].amount}} [1]", RANKED, "name"),
    ("华东做得不错。", REGIONS, "name"),
    (f"毛利为 {A} [1]", TOTAL, "metric"),
    (f"orders: {A} [1]", TOTAL, "metric"),
    (f"去年销售额 {A} [1]", TOTAL, "period"),
    (f"Sales last month: {A} [1]", TOTAL, "period"),
    (f"上季度 {A} [1]", EAST, "period"),
    ("最高的是 {{c1.rows[1].region}} [1]", RANKED, "not the first"),
    ("最高的是 {{c1.rows[0].region}} [1]", REGIONS, "ordered"),
    ("最低的是 {{c1.rows[0].region}} [1]", RANKED, "ordered"),
    ("The best is {{c1.rows[0].region}} [1]", LOWEST, "ordered"),
    (f"合计 {A} [1]", REGIONS, "sum"),
    (f"In total {A} [1]", REGIONS, "sum"),
    (f"平均 {A} [1]", REGIONS, "average"),
    (f"占比 {A} [1]", REGIONS, "share"),
    (f"同比 {A} [1]", TOTAL, "over time"),
    (f"{A}，高于其他大区 [1]", REGIONS, "comparison"),
    (f"{A}, more than any other [1]", REGIONS, "comparison"),
    (f"因为促销，{A} [1]", TOTAL, "reason"),
    (f"{A} thanks to the campaign [1]", TOTAL, "reason"),
    (f"预计 {A} [1]", TOTAL, "outlook"),
    (f"几乎 {A} [1]", TOTAL, "rough"),
    (f"nearly {A} [1]", TOTAL, "rough"),
]


@pytest.mark.parametrize(("line", "spec"), BORNE_OUT, ids=lambda value: str(value)[:40])
def test_what_results_bear_out_stands(channel: Channel, line: str, spec: dict[str, Any]) -> None:
    check(channel, line, spec)


@pytest.mark.parametrize(("line", "spec", "why"), NOT_BORNE_OUT, ids=lambda value: str(value)[:40])
def test_what_they_do_not_is_rejected(
    channel: Channel, line: str, spec: dict[str, Any], why: str
) -> None:
    with pytest.raises(EvidenceError, match=why):
        check(channel, line, spec)


def test_a_line_is_held_to_its_own_citations(channel: Channel) -> None:
    two = (EAST, {**EAST, "metrics": ["gross_margin"]})
    check(channel, "毛利 {{c2.rows[0].gross_margin}} [2]", *two)
    with pytest.raises(EvidenceError, match="metric"):
        check(channel, "毛利 {{c1.rows[0].amount}} [1]\n毛利 {{c2.rows[0].gross_margin}} [2]", *two)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_wording_of_the_rules_stands(channel: Channel, question: str) -> None:
    """It is true by construction: a claim rejected there is one rejected wrongly."""
    planned = plan(question, channel.context(), Before())
    if not isinstance(planned, QueryPlan):
        pytest.skip("no query")
    answer = channel.ask(question)
    results = [
        Told(query.role, citation)
        for query, citation in zip(planned.queries, answer.citations, strict=False)
    ]
    template = narrate(planned.built, results, answer.language)
    citations = [item.citation for item in results]
    text, _ = render(template, citations, answer.language)
    verify(template, text, citations, answer.language)
    Claims(channel.context(), results, names_in_play(results, [])).check(template)
