"""The query tool: figures of the semantic model for a `QuerySpec`."""

from __future__ import annotations

from knowledge.semantic.spec import QuerySpec
from leadline.evidence import ToolResult
from tools.definition import Tool, ToolContext


def _compute(spec: QuerySpec, context: ToolContext) -> ToolResult:
    from knowledge.semantic.engine import run_query

    return run_query(spec, context.snapshot, context.scope, row_cap=context.row_cap)


QUERY = Tool(
    name="query",
    description_zh="按指标、维度、期间、对比查询数据，返回带单位的行",
    description_en="Figures by metric, dimension, period and comparison, as rows with units",
    arguments=QuerySpec,
    compute=_compute,
)
