"""The evidence tool: how far activity has foretold revenue in this very data."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from leadline.evidence import Column, ToolResult
from leadline.types import Scalar, Unit
from tools.definition import Tool, ToolContext
from tools.profile_base import read_facts, result_of, rounded


class HealthEvidenceArguments(BaseModel):
    """Nothing to choose: it is measured on all partners."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _compute(arguments: HealthEvidenceArguments, context: ToolContext) -> ToolResult:
    """One row per activity KPI: rank correlations with the sell-in of the six months after.

    It is measured over the whole channel, whatever the caller's scope: no partner is named.
    """
    from tools.analytics.health_evidence import VERSION, evidence_table
    from tools.analytics.health_weights import DEFAULT_WEIGHTS
    from tools.analytics.profile.catalog import KPI_BY_NAME

    table = context.once(
        "health-evidence", VERSION, lambda: evidence_table(read_facts(context.snapshot))
    )
    cap = DEFAULT_WEIGHTS.activity_cap
    rows: list[tuple[Scalar, ...]] = []
    for row in table.itertuples():
        kpi = KPI_BY_NAME[str(row.kpi)]
        rows.append(
            (
                kpi.name,
                kpi.label_zh,
                kpi.label_en,
                rounded(row.correlation, Unit.RATIO),
                rounded(row.correlation_growth, Unit.RATIO),
                rounded(row.low, Unit.RATIO),
                rounded(row.high, Unit.RATIO),
                rounded(row.sample, Unit.COUNT),
                rounded(row.origins, Unit.COUNT),
                cap,
                kpi.direction,
            )
        )
    columns = (
        Column("kpi", Unit.TEXT, "指标代码", "KPI"),
        Column("label_zh", Unit.TEXT, "指标", "KPI (Chinese)"),
        Column("label_en", Unit.TEXT, "指标（英文）", "KPI"),
        Column(
            "correlation", Unit.QUANTITY, "与后续进货额的秩相关", "Correlation with later sell-in"
        ),
        Column("correlation_growth", Unit.QUANTITY, "与后续增长的秩相关", "With later growth"),
        Column("low", Unit.QUANTITY, "增长相关下限", "With growth, low"),
        Column("high", Unit.QUANTITY, "增长相关上限", "With growth, high"),
        Column("sample", Unit.COUNT, "样本数", "Sample"),
        Column("origins", Unit.COUNT, "观察点数", "Origins"),
        Column("activity_cap", Unit.RATIO, "活动类权重上限", "Cap on activity's weight"),
        Column("direction", Unit.TEXT, "好的方向", "Better"),
    )
    return result_of("health_evidence", arguments, context, columns, rows)


HEALTH_EVIDENCE = Tool(
    name="health_evidence",
    description_zh="活动类指标与后续进货额的实测相关性，说明健康度为何限制其权重",
    description_en="How activity KPIs correlated with later sell-in: why their weight is capped",
    arguments=HealthEvidenceArguments,
    compute=_compute,
)
