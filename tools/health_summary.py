"""The health summary tool: the channel's health by region, type of partner or segment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from leadline.evidence import Column, ToolResult
from leadline.types import Scalar, Unit
from tools.definition import Tool, ToolContext
from tools.health import axis_columns, health_rows
from tools.partner_filters import PartnerFilters, chosen_partners
from tools.profile_base import result_of, rounded, segments_of
from tools.segment_words import SEGMENT_EN, SEGMENT_ZH

if TYPE_CHECKING:
    import pandas as pd

BANDS = ("healthy", "good", "watch", "poor")


class HealthSummaryArguments(BaseModel):
    """By what the partners are grouped."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    by: Literal["region", "partner_type", "segment"] = Field(
        default="region", description="what the partners are grouped by"
    )
    regions: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="only partners of these regions"
    )


_KEYS = {
    "region": Column("region", Unit.TEXT, "大区", "Region"),
    "partner_type": Column("partner_type", Unit.TEXT, "伙伴类型", "Partner type"),
    "segment": Column("segment", Unit.TEXT, "分群代码", "Segment key"),
}


def _compute(arguments: HealthSummaryArguments, context: ToolContext) -> ToolResult:
    """One row per group, the lowest score first; partners without a group are left out.

    Scores are means weighted by each partner's sell-in of twelve months, plain means where a group
    sold nothing; shares of bands are of the partners that have a score.

    Raises:
        SpecError: a region is unknown here.
    """
    filters = PartnerFilters(regions=arguments.regions)
    table = chosen_partners(filters, context).merge(health_rows(context), on="partner_id")
    if arguments.by == "segment":
        table = table.assign(segment=table["partner_id"].map(segments_of(context)))
    rows = [
        _row(str(key), group, by_segment=arguments.by == "segment")
        for key, group in table.groupby(arguments.by, sort=True)
    ]
    rows.sort(key=lambda row: (row[2] is None, row[2], row[0]))
    names = (
        Column("segment_zh", Unit.TEXT, "分群", "Segment (Chinese)"),
        Column("segment_en", Unit.TEXT, "分群（英文）", "Segment"),
    )
    columns = (
        _KEYS[arguments.by],
        Column("partners", Unit.COUNT, "伙伴数", "Partners"),
        Column("score", Unit.QUANTITY, "健康度", "Health"),
        *axis_columns(),
        Column("healthy", Unit.RATIO, "健康占比", "Healthy"),
        Column("good", Unit.RATIO, "良好占比", "Good"),
        Column("watch", Unit.RATIO, "需关注占比", "Watch"),
        Column("poor", Unit.RATIO, "较差占比", "Poor"),
        Column("coverage", Unit.RATIO, "数据覆盖", "Coverage"),
        Column("scored", Unit.COUNT, "有评分的伙伴数", "Partners with a score"),
        *(names if arguments.by == "segment" else ()),
    )
    return result_of("health_summary", arguments, context, columns, rows)


def _row(key: str, group: pd.DataFrame, *, by_segment: bool) -> tuple[Scalar, ...]:
    from tools.analytics.health_weights import AXES

    scored = group[group["score"].notna()]
    shares = [
        rounded((scored["band"] == band).mean(), Unit.RATIO) if len(scored) else None
        for band in BANDS
    ]
    return (
        key,
        len(group),
        _mean(scored, "score"),
        *(_mean(scored, axis) for axis in AXES),
        *shares,
        rounded(group["coverage"].mean(), Unit.RATIO),
        len(scored),
        *((SEGMENT_ZH.get(key, key), SEGMENT_EN.get(key, key)) if by_segment else ()),
    )


def _mean(group: pd.DataFrame, column: str) -> float | None:
    there = group[group[column].notna()]
    if there.empty:
        return None
    weight = there["amount"].clip(lower=0).fillna(0.0)
    if weight.sum() <= 0:
        return round(float(there[column].mean()), 2)
    return round(float((there[column] * weight).sum() / weight.sum()), 2)


HEALTH_SUMMARY = Tool(
    name="health_summary",
    description_zh="渠道健康度汇总：按大区、伙伴类型或分群，含各维度与等级占比",
    description_en="Health of the channel by region, partner type or segment, with axes and bands",
    arguments=HealthSummaryArguments,
    compute=_compute,
)
