"""The segment summary tool: how many partners and how much of the sales each segment holds."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from leadline.evidence import Column, ToolResult
from leadline.types import Scalar, Unit
from tools.definition import Tool, ToolContext
from tools.partner_filters import PartnerFilters, chosen_partners
from tools.profile_base import result_of, rounded
from tools.segment_words import SEGMENT_EN, SEGMENT_ZH, SUPPORT_EN, SUPPORT_ZH
from tools.segments import segment_rows


class SegmentSummaryArguments(BaseModel):
    """Of which regions."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    regions: tuple[str, ...] | None = Field(
        default=None, min_length=1, description="only partners of these regions"
    )


def _compute(arguments: SegmentSummaryArguments, context: ToolContext) -> ToolResult:
    """One row per segment that has partners, the largest sales first.

    `share` is of the sales of all of them; `growth` compares the sum of twelve months with what the
    same partners sold a day in the year before, those without a year before left out.

    Raises:
        SpecError: a region is unknown here.
    """
    partners = chosen_partners(PartnerFilters(regions=arguments.regions), context)
    table = partners[["partner_id"]].merge(segment_rows(context), on="partner_id")
    whole = float(table["amount_12m"].sum())
    rows: list[tuple[Scalar, ...]] = []
    for key, group in table.groupby("segment", sort=True):
        segment, amount = str(key), float(group["amount_12m"].sum())
        known = group[group["growth"].notna() & (group["growth"] > -1)]
        before = float((known["amount_12m"] / (1 + known["growth"])).sum())
        growth = float(known["amount_12m"].sum()) / before - 1 if before > 0 else None
        rows.append(
            (
                segment,
                SEGMENT_ZH[segment],
                SEGMENT_EN[segment],
                len(group),
                rounded(amount, Unit.MONEY),
                rounded(amount / whole, Unit.RATIO) if whole > 0 else None,
                rounded(growth, Unit.RATIO),
                SUPPORT_ZH[segment],
                SUPPORT_EN[segment],
            )
        )
    rows.sort(key=lambda row: (-float(row[4] or 0), str(row[0])))
    currency = context.snapshot.manifest.currency
    return result_of("segment_summary", arguments, context, _columns(currency), rows)


def _columns(currency: str | None) -> tuple[Column, ...]:
    return (
        Column("segment", Unit.TEXT, "分群代码", "Segment key"),
        Column("segment_zh", Unit.TEXT, "分群", "Segment (Chinese)"),
        Column("segment_en", Unit.TEXT, "分群（英文）", "Segment"),
        Column("partners", Unit.COUNT, "伙伴数", "Partners"),
        Column("amount_12m", Unit.MONEY, "近一年销售额", "Sales of 12 months", currency),
        Column("share", Unit.RATIO, "占比", "Share"),
        Column("growth", Unit.RATIO, "同比", "Growth"),
        Column("support_zh", Unit.TEXT, "建议支持", "Suggested support (Chinese)"),
        Column("support_en", Unit.TEXT, "建议支持（英文）", "Suggested support"),
    )


SEGMENT_SUMMARY = Tool(
    name="segment_summary",
    description_zh="各分群有多少伙伴、销售额、占比、增长和建议支持",
    description_en="How many partners and how much sales each segment holds, its growth, "
    "and what helps it",
    arguments=SegmentSummaryArguments,
    compute=_compute,
)
