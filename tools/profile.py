"""The profile tool: every KPI of one partner, among its peers."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from leadline.evidence import Column, ToolResult
from leadline.types import Scalar, Unit
from tools.definition import Tool, ToolContext
from tools.partner_filters import one_partner
from tools.profile_base import day_text, profile_rows, result_of, rounded


class ProfileArguments(BaseModel):
    """One partner, and how many months up to today the figures cover."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    partner: str = Field(description="the partner, by name")
    window_months: int = Field(default=12, ge=3, le=36, description="months up to the as-of date")


def _columns(currency: str | None) -> tuple[Column, ...]:
    return (
        Column("kpi", Unit.TEXT, "指标代码", "KPI"),
        Column("category", Unit.TEXT, "类别", "Category"),
        Column("label_zh", Unit.TEXT, "指标", "KPI (Chinese)"),
        Column("label_en", Unit.TEXT, "指标（英文）", "KPI"),
        Column("value", Unit.EACH, "数值", "Value", currency),
        Column("unit", Unit.TEXT, "单位", "Unit"),
        Column("peer_percentile", Unit.RATIO, "同组百分位", "Peer percentile"),
        Column("peer_median", Unit.EACH, "同组中位数", "Peer median", currency),
        Column("trend", Unit.COUNT, "趋势", "Trend"),
        Column("change", Unit.RATIO, "较上期", "Change"),
        Column("sample", Unit.COUNT, "样本数", "Sample"),
        Column("fresh_as_of", Unit.DATE, "数据截至", "Fresh as of"),
        Column("missing_zh", Unit.TEXT, "缺失原因", "Why missing (Chinese)"),
        Column("missing_en", Unit.TEXT, "缺失原因（英文）", "Why missing"),
        Column("definition_zh", Unit.TEXT, "口径", "Definition (Chinese)"),
        Column("definition_en", Unit.TEXT, "口径（英文）", "Definition"),
        Column("direction", Unit.TEXT, "好的方向", "Better"),
        Column("previous", Unit.EACH, "上期数值", "Previous value", currency),
        Column("peer_group_zh", Unit.TEXT, "同组", "Peer group (Chinese)"),
        Column("peer_group_en", Unit.TEXT, "同组（英文）", "Peer group"),
        Column("peers", Unit.COUNT, "同组伙伴数", "Peers"),
        Column("partner", Unit.TEXT, "伙伴", "Partner"),
    )


def _compute(arguments: ProfileArguments, context: ToolContext) -> ToolResult:
    """One row per KPI of the catalogue, in its order.

    `peer_percentile` is the share of peers that are not better (1: the best), null where neither
    way is better. `trend` is the sign of the relative change against the window of equal length
    before, 0 within ±5 %; `change` is null without a positive base.

    Raises:
        SpecError: the partner is unknown here.
    """
    from tools.analytics.profile.catalog import KPI_BY_NAME
    from tools.analytics.profile.peers import GROUP_EN, GROUP_ZH, GROUPS
    from tools.analytics.profile.table import why_missing

    partner = one_partner(arguments.partner, context)
    table = profile_rows(context, arguments.window_months)
    rows: list[tuple[Scalar, ...]] = []
    for row in table[table["partner_id"] == partner["partner_id"]].itertuples():
        kpi = KPI_BY_NAME[str(row.kpi)]
        missing_zh, missing_en = why_missing(int(row.reason), kpi.name, int(row.sample))
        group = GROUPS[int(row.group)] if int(row.group) >= 0 else None
        rows.append(
            (
                kpi.name,
                kpi.category,
                kpi.label_zh,
                kpi.label_en,
                rounded(row.value, kpi.unit),
                kpi.unit.value,
                rounded(row.percentile, Unit.RATIO),
                rounded(row.median, kpi.unit),
                rounded(row.trend, Unit.COUNT),
                rounded(row.change, Unit.RATIO),
                int(row.sample),
                day_text(row.fresh),
                missing_zh or None,
                missing_en or None,
                kpi.definition_zh,
                kpi.definition_en,
                kpi.direction,
                rounded(row.previous, kpi.unit),
                GROUP_ZH[group] if group else None,
                GROUP_EN[group] if group else None,
                int(row.peers) if group else None,
                str(partner["partner"]),
            )
        )
    columns = _columns(context.snapshot.manifest.currency)
    return result_of("profile", arguments, context, columns, rows)


PROFILE = Tool(
    name="profile",
    description_zh="一个伙伴的全部指标：数值、同组百分位、趋势、样本、口径",
    description_en="All KPIs of one partner: value, peer percentile, trend, sample, definition",
    arguments=ProfileArguments,
    compute=_compute,
)
