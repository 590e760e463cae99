"""The segments tool: to which group each partner belongs, since when, why, and what helps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from leadline.evidence import Column, ToolResult
from leadline.types import Scalar, Unit
from tools.definition import Tool, ToolContext
from tools.partner_filters import PartnerFilters, chosen_partners
from tools.profile_base import day_text, read_facts, result_of, rounded, text_or_none
from tools.segment_words import SEGMENT_EN, SEGMENT_ZH, SUPPORT_EN, SUPPORT_ZH, segment_reasons

if TYPE_CHECKING:
    import pandas as pd


class SegmentsArguments(PartnerFilters):
    """Which partners, and which come first."""

    order: Literal["confidence", "amount"] = Field(
        default="amount",
        description="largest sales of twelve months first, or surest segment first",
    )


def segment_rows(context: ToolContext) -> pd.DataFrame:
    """The segments of all partners (`analytics.segments.walk`): limit it to the scope."""
    from tools.analytics.segments.walk import VERSION, segment_table

    return context.once("segments", VERSION, lambda: segment_table(read_facts(context.snapshot)))


def _compute(arguments: SegmentsArguments, context: ToolContext) -> ToolResult:
    """One row per partner chosen.

    `segment` is high_potential, stable, opportunistic or insufficient_history; `confidence` 0–1,
    null for the last; `since` the first month-end seen in it (a year back at most).

    Raises:
        SpecError: a partner or region is unknown here.
    """
    found = segment_rows(context)
    segment_of = dict(zip(found["partner_id"], found["segment"], strict=True))
    partners = chosen_partners(arguments, context, segment_of)[["partner_id", "partner", "region"]]
    table = partners.merge(found, on="partner_id")
    first = "confidence" if arguments.order == "confidence" else "amount_12m"
    table = table.sort_values(
        [first, "partner"], ascending=[False, True], na_position="last", kind="stable"
    )
    currency = context.snapshot.manifest.currency
    rows = [_row(row) for row in table.head(arguments.limit).to_dict("records")]
    return result_of("segments", arguments, context, _columns(currency), rows, row_count=len(table))


def _row(cells: dict[Any, Any]) -> tuple[Scalar, ...]:
    segment = str(cells["segment"])
    previous = text_or_none(cells["previous_segment"])
    return (
        str(cells["partner"]),
        text_or_none(cells["region"]),
        segment,
        SEGMENT_ZH[segment],
        SEGMENT_EN[segment],
        rounded(cells["confidence"], Unit.RATIO),
        previous,
        SEGMENT_ZH[previous] if previous else None,
        SEGMENT_EN[previous] if previous else None,
        day_text(cells["since"]),
        rounded(cells["amount_12m"], Unit.MONEY),
        rounded(cells["growth"], Unit.RATIO),
        *segment_reasons(cells),
        SUPPORT_ZH[segment],
        SUPPORT_EN[segment],
    )


def _columns(currency: str | None) -> tuple[Column, ...]:
    return (
        Column("partner", Unit.TEXT, "伙伴", "Partner"),
        Column("region", Unit.TEXT, "大区", "Region"),
        Column("segment", Unit.TEXT, "分群代码", "Segment key"),
        Column("segment_zh", Unit.TEXT, "分群", "Segment (Chinese)"),
        Column("segment_en", Unit.TEXT, "分群（英文）", "Segment"),
        Column("confidence", Unit.RATIO, "把握", "Confidence"),
        Column("previous_segment", Unit.TEXT, "之前分群代码", "Previous segment key"),
        Column("previous_segment_zh", Unit.TEXT, "之前分群", "Previous segment (Chinese)"),
        Column("previous_segment_en", Unit.TEXT, "之前分群（英文）", "Previous segment"),
        Column("since", Unit.DATE, "自", "Since"),
        Column("amount_12m", Unit.MONEY, "近一年销售额", "Sales of 12 months", currency),
        Column("growth", Unit.RATIO, "同比", "Growth"),
        Column("reasons_zh", Unit.TEXT, "原因", "Reasons (Chinese)"),
        Column("reasons_en", Unit.TEXT, "原因（英文）", "Reasons"),
        Column("support_zh", Unit.TEXT, "建议支持", "Suggested support (Chinese)"),
        Column("support_en", Unit.TEXT, "建议支持（英文）", "Suggested support"),
    )


SEGMENTS_TOOL = Tool(
    name="segments",
    description_zh="伙伴分群：高潜力增长型、稳定贡献型、机会导向型，附原因、把握和建议支持",
    description_en="Segments of partners: high potential, stable or opportunistic, with reasons, "
    "confidence and suggested support",
    arguments=SegmentsArguments,
    compute=_compute,
)
