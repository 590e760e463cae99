"""Right queries with one part changed: whenever the figures change, the reader is told.

A query that shows more rows than were asked for, the wanted ones among them, is no wrong answer.
"""

from __future__ import annotations

from dataclasses import replace

from agents.llm.coverage import gaps
from agents.llm.second_reading import SecondReading
from agents.plan import PlannerTrace, QueryPlan
from agents.rules.planner import Before, plan, read
from knowledge.semantic.spec import QuerySpec
from leadline.errors import SpecError
from leadline.evidence import ToolResult
from tests.agents.channel import Channel
from tests.agents.llm.altered import altered
from tests.agents.questions import QUESTIONS
from tools.catalog import tool

MORE = (
    "2025年华东的销售额",
    "除了金牌，2025年各大区销售额",
    "2025年软件的销售额",
    "恒信科技2025年的毛利",
    "2025年销售额最低的2个大区",
    "2025年销量最高的产品",
    "2025年三季度各月销售额",
    "上个月各伙伴销售额占比",
    "gross margin by partner tier in 2024",
    "partners with fewer than 2 orders in 2025",
)


def run(channel: Channel, spec: QuerySpec) -> ToolResult:
    result = tool("query").run(spec, channel.tools())
    return replace(result, arguments=spec.as_arguments())


def test_most_changes_are_noticed_by_what_the_question_says(channel: Channel) -> None:
    """In `auto` the model is asked what the rules do not understand: no second reading helps."""
    tried, noticed, missed = 0, 0, []
    for question in (*QUESTIONS, *MORE):
        planned = plan(question, channel.context(), Before())
        if not isinstance(planned, QueryPlan):
            continue
        spec = planned.queries[0].spec
        heard = read(question, channel.context(), PlannerTrace())[0]
        second = SecondReading(spec, run(channel, spec), "", "")
        for name, other in altered(spec):
            try:
                result = run(channel, other)
            except (SpecError, ValueError):
                continue
            if second.agrees([result]):
                continue
            tried += 1
            if gaps(heard, [result], (), [result]):
                noticed += 1
            else:
                missed.append((question, name))
    assert tried > 100
    assert noticed / tried > 0.95, missed
