"""The card tool: one partner at a glance, the head of its page."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from leadline.evidence import Column, ToolResult
from leadline.types import Scalar, Unit
from tools.churn import churn_rows
from tools.churn_words import BAND_EN as CHURN_EN
from tools.churn_words import BAND_ZH as CHURN_ZH
from tools.definition import Tool, ToolContext
from tools.health import BAND_EN, BAND_ZH, health_rows
from tools.partner_filters import one_partner
from tools.profile_base import (
    day_text,
    profile_rows,
    result_of,
    rounded,
    segments_of,
    text_or_none,
)
from tools.segment_words import SEGMENT_EN, SEGMENT_ZH


class CardArguments(BaseModel):
    """One partner."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    partner: str = Field(description="the partner, by name")


def _columns(currency: str | None) -> tuple[Column, ...]:
    return (
        Column("partner", Unit.TEXT, "伙伴", "Partner"),
        Column("region", Unit.TEXT, "大区", "Region"),
        Column("territory", Unit.TEXT, "区域", "Territory"),
        Column("partner_type", Unit.TEXT, "伙伴类型", "Partner type"),
        Column("partner_tier", Unit.TEXT, "伙伴等级", "Tier"),
        Column("partner_owner", Unit.TEXT, "渠道经理", "Owner"),
        Column("partner_status", Unit.TEXT, "合作状态", "Status"),
        Column("since", Unit.DATE, "合作起始", "Since"),
        Column("amount_12m", Unit.MONEY, "近一年进货额", "Sell-in of 12 months", currency),
        Column("growth", Unit.RATIO, "进货增长率", "Growth"),
        Column("amount_percentile", Unit.RATIO, "进货额同组百分位", "Sell-in peer percentile"),
        Column("attainment", Unit.RATIO, "目标完成率", "Attainment"),
        Column("open_pipeline", Unit.MONEY, "在手商机金额", "Open pipeline", currency),
        Column("win_rate", Unit.RATIO, "赢单率", "Win rate"),
        Column("last_order_date", Unit.DATE, "最近订单", "Last order"),
        Column("segment", Unit.TEXT, "分群代码", "Segment key"),
        Column("segment_zh", Unit.TEXT, "分群", "Segment (Chinese)"),
        Column("segment_en", Unit.TEXT, "分群（英文）", "Segment"),
        Column("health", Unit.QUANTITY, "健康度", "Health"),
        Column("band_zh", Unit.TEXT, "健康等级", "Health band (Chinese)"),
        Column("band_en", Unit.TEXT, "健康等级（英文）", "Health band"),
        Column("health_coverage", Unit.RATIO, "健康度数据覆盖", "Health coverage"),
        Column("churn_risk", Unit.RATIO, "流失风险", "Churn risk"),
        Column("churn_band", Unit.TEXT, "流失等级代码", "Churn band key"),
        Column("churn_zh", Unit.TEXT, "流失等级", "Churn band (Chinese)"),
        Column("churn_en", Unit.TEXT, "流失等级（英文）", "Churn band"),
        Column("kpis", Unit.COUNT, "有数据的指标数", "KPIs with data"),
    )


def _compute(arguments: CardArguments, context: ToolContext) -> ToolResult:
    """One row. Figures are of the twelve months up to the as-of date; what is missing is null.

    Raises:
        SpecError: the partner is unknown here.
    """
    partner = one_partner(arguments.partner, context)
    own = int(partner["partner_id"])
    table = profile_rows(context, 12)
    kpis = table[table["partner_id"] == own].set_index("kpi")
    value = kpis["value"]
    health = health_rows(context).set_index("partner_id").loc[own]
    band = text_or_none(health["band"])
    score = rounded(health["score"], Unit.MONEY)
    joined = partner["joined_on"]
    segment = segments_of(context).get(own)
    churn = churn_rows(context).set_index("partner_id").loc[own]
    danger = str(churn["band"])
    row: tuple[Scalar, ...] = (
        str(partner["partner"]),
        *(text_or_none(partner[name]) for name in ("region", "territory", "partner_type")),
        *(text_or_none(partner[f"partner_{name}"]) for name in ("tier", "owner", "status")),
        day_text(joined) or day_text(partner["first_order_date"]),
        rounded(value["sell_in"], Unit.MONEY),
        rounded(value["growth"], Unit.RATIO),
        rounded(kpis["percentile"]["sell_in"], Unit.RATIO),
        rounded(value["attainment"], Unit.RATIO),
        rounded(value["open_pipeline"], Unit.MONEY),
        rounded(value["win_rate"], Unit.RATIO),
        day_text(partner["last_order_date"]),
        segment,
        SEGMENT_ZH[segment] if segment else None,
        SEGMENT_EN[segment] if segment else None,
        score,
        BAND_ZH[band] if band else None,
        BAND_EN[band] if band else None,
        rounded(health["coverage"], Unit.RATIO),
        rounded(churn["risk"], Unit.RATIO),
        danger,
        CHURN_ZH[danger],
        CHURN_EN[danger],
        int(value.notna().sum()),
    )
    columns = _columns(context.snapshot.manifest.currency)
    return result_of("profile_card", arguments, context, columns, [row])


PROFILE_CARD = Tool(
    name="profile_card",
    description_zh="一个伙伴的名片：区域、等级、进货额、增长、分群、健康度、流失风险",
    description_en="One partner at a glance: place, tier, sell-in, growth, segment, health, churn",
    arguments=CardArguments,
    compute=_compute,
)
