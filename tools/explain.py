"""The explain tool: what a metric means, how it is computed, and from which data."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from leadline.errors import SpecError
from leadline.evidence import Column, ToolResult
from leadline.types import Unit
from tools.definition import Tool, ToolContext

COLUMNS = (
    Column("metric", Unit.TEXT, "指标", "Metric"),
    Column("name_zh", Unit.TEXT, "中文名", "Chinese name"),
    Column("name_en", Unit.TEXT, "英文名", "English name"),
    Column("definition_zh", Unit.TEXT, "口径", "Definition (zh)"),
    Column("definition_en", Unit.TEXT, "口径（英文）", "Definition"),
    Column("fact", Unit.TEXT, "数据表", "Fact"),
    Column("unit", Unit.TEXT, "单位", "Unit"),
    Column("additivity", Unit.TEXT, "可加性", "Additivity"),
)


class ExplainArguments(BaseModel):
    """The metrics to explain, by name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    metrics: tuple[str, ...] = Field(min_length=1)


def _compute(arguments: ExplainArguments, context: ToolContext) -> ToolResult:
    unknown = [m for m in arguments.metrics if m not in context.model.metrics]
    if unknown:
        raise SpecError(f"unknown metrics {unknown}")
    rows = []
    for name in arguments.metrics:
        metric = context.model.metrics[name]
        rows.append(
            (
                name,
                metric.label.zh,
                metric.label.en,
                metric.definition.zh,
                metric.definition.en,
                metric.fact,
                metric.unit.value,
                metric.additivity,
            )
        )
    return ToolResult(
        tool="explain",
        arguments=arguments.model_dump(mode="json"),
        model_version=context.model.version,
        snapshot=context.snapshot.number,
        scope_hash=context.scope.digest,
        as_of=context.snapshot.as_of,
        columns=COLUMNS,
        rows=tuple(rows),
        row_count=len(rows),
        truncated=False,
    )


EXPLAIN = Tool(
    name="explain",
    description_zh="指标口径与计算方式",
    description_en="What a metric means and how it is computed",
    arguments=ExplainArguments,
    compute=_compute,
)
