"""The health tool: how well partners do among their peers, axis by axis, and why."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from leadline.evidence import Column, ToolResult
from leadline.types import Language, Scalar, Unit
from tools.definition import Tool, ToolContext
from tools.partner_filters import PartnerFilters, chosen_partners
from tools.profile_base import read_facts, result_of, rounded, segments_of, shown, text_or_none

if TYPE_CHECKING:
    import pandas as pd

BAND_ZH = {"healthy": "健康", "good": "良好", "watch": "需关注", "poor": "较差"}
BAND_EN = {"healthy": "healthy", "good": "good", "watch": "watch", "poor": "poor"}

REASONS = 3


class HealthArguments(PartnerFilters):
    """Which partners, worst or best first."""

    order: Literal["best", "worst"] = Field(default="worst", description="which come first")


def axis_columns() -> tuple[Column, ...]:
    """The axes of the score, in the order of the radar."""
    return (
        Column("results", Unit.QUANTITY, "业绩", "Results"),
        Column("growth", Unit.QUANTITY, "增长", "Growth"),
        Column("pipeline", Unit.QUANTITY, "商机", "Pipeline"),
        Column("engagement", Unit.QUANTITY, "参与", "Engagement"),
        Column("capability", Unit.QUANTITY, "能力", "Capability"),
        Column("payment", Unit.QUANTITY, "回款", "Payment"),
    )


def health_rows(context: ToolContext) -> pd.DataFrame:
    """The health of all partners (`analytics.health`): limit it to the scope."""
    from tools.analytics.health import VERSION, health_table

    return context.once("health", VERSION, lambda: health_table(read_facts(context.snapshot)))


def _compute(arguments: HealthArguments, context: ToolContext) -> ToolResult:
    """One row per partner chosen; who has no score stands last.

    Raises:
        SpecError: a partner or region is unknown here.
    """
    from tools.analytics.health_weights import AXES
    from tools.analytics.profile.peers import GROUP_ZH, GROUPS

    segment_of = segments_of(context) if arguments.segments else None
    partners = chosen_partners(arguments, context, segment_of)
    table = partners.merge(health_rows(context), on="partner_id")
    table = table.assign(score=table["score"].round(2)).sort_values(
        ["score", "partner"], ascending=[arguments.order == "worst", True], na_position="last"
    )
    currency = context.snapshot.manifest.currency
    rows: list[tuple[Scalar, ...]] = []
    for row in table.head(arguments.limit).to_dict("records"):
        band = text_or_none(row["band"])
        group = int(row["group"])
        rows.append(
            (
                str(row["partner"]),
                text_or_none(row["region"]),
                _points(row["score"]),
                band,
                BAND_ZH[band] if band else None,
                BAND_EN[band] if band else None,
                rounded(row["coverage"], Unit.RATIO),
                *(_points(row[axis]) for axis in AXES),
                GROUP_ZH[GROUPS[group]] if group >= 0 else None,
                *reasons(row, currency),
                rounded(row["amount"], Unit.MONEY),
            )
        )
    return result_of("health", arguments, context, _columns(currency), rows, row_count=len(table))


def _points(value: Any) -> Scalar:
    """A score as it is shown: two decimals."""
    found = rounded(value, Unit.QUANTITY)
    return round(found, 2) if isinstance(found, float) else found


def _columns(currency: str | None) -> tuple[Column, ...]:
    return (
        Column("partner", Unit.TEXT, "伙伴", "Partner"),
        Column("region", Unit.TEXT, "大区", "Region"),
        Column("score", Unit.QUANTITY, "健康度", "Health"),
        Column("band", Unit.TEXT, "等级代码", "Band"),
        Column("band_zh", Unit.TEXT, "等级", "Band (Chinese)"),
        Column("band_en", Unit.TEXT, "等级（英文）", "Band"),
        Column("coverage", Unit.RATIO, "数据覆盖", "Coverage"),
        *axis_columns(),
        Column("peer_group", Unit.TEXT, "同组", "Peer group"),
        Column("reasons_zh", Unit.TEXT, "原因", "Reasons (Chinese)"),
        Column("reasons_en", Unit.TEXT, "原因（英文）", "Reasons"),
        Column("amount_12m", Unit.MONEY, "近一年进货额", "Sell-in of 12 months", currency),
    )


def reasons(row: dict[Any, Any], currency: str | None) -> tuple[str, str]:
    """What pulls the score furthest from the middle of the peers, worst first under a good score.

    A partner under 60 is told by what pulls down, one above by what pulls up; figures stand beside
    their peers' median.
    """
    from tools.analytics.profile.catalog import KPI_BY_NAME

    pulls = [
        (float(value), name.removesuffix("__pull"))
        for name, value in row.items()
        if str(name).endswith("__pull") and not math.isnan(value)
    ]
    down = not row["score"] >= 60
    pulls.sort(key=lambda item: (item[0] if down else -item[0], item[1]))
    told_zh, told_en = [], []
    for pull, name in pulls[:REASONS]:
        if (pull < 0) is not down:
            continue
        kpi = KPI_BY_NAME[name]
        value, middle = (rounded(row[f"{name}__{part}"], kpi.unit) for part in ("value", "median"))
        zh, en = (
            (shown(value, kpi.unit, currency, lang), shown(middle, kpi.unit, currency, lang))
            for lang in (Language.ZH, Language.EN)
        )
        told_zh.append(f"{kpi.label_zh} {zh[0]}（同组中位 {zh[1]}）")
        told_en.append(f"{kpi.label_en} {en[0]} (peer median {en[1]})")
    return "；".join(told_zh), "; ".join(told_en)


HEALTH = Tool(
    name="health",
    description_zh="伙伴健康度：总分、六个维度、等级、数据覆盖和原因",
    description_en="Health of partners: score, six axes, band, coverage and reasons",
    arguments=HealthArguments,
    compute=_compute,
)
