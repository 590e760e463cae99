"""The churn tool: how likely each partner falls silent within a quarter, what is at stake, why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from leadline.evidence import Column, ToolResult
from leadline.types import Scalar, Unit
from tools.churn_words import BAND_EN, BAND_ZH, churn_reasons
from tools.definition import Tool, ToolContext
from tools.partner_filters import PartnerFilters, chosen_partners
from tools.profile_base import read_facts, result_of, rounded, segments_of, text_or_none

if TYPE_CHECKING:
    import pandas as pd

Band = Literal["high", "medium", "low", "churned", "unknown"]


class ChurnArguments(PartnerFilters):
    """Which partners, from which risk on, and which come first."""

    min_risk: float | None = Field(
        default=None, ge=0.0, le=1.0, description="only partners with at least this risk, 0 to 1"
    )
    band: Band | None = Field(default=None, description="only partners of this band")
    order: Literal["risk", "exposure"] = Field(
        default="risk", description="highest risk first, or most sales at stake first"
    )


def churn_rows(context: ToolContext) -> pd.DataFrame:
    """The churn risk of all partners (`analytics.churn.table`): limit it to the scope."""
    from tools.analytics.churn.table import VERSION, churn_table

    return context.once("churn", VERSION, lambda: churn_table(read_facts(context.snapshot)))


def _compute(arguments: ChurnArguments, context: ToolContext) -> ToolResult:
    """One row per partner chosen; who has no risk stands last.

    `risk` is the probability that a silence of more than max(90 days, 3 × the own interval) begins
    within 90 days; null with too few orders and for who is silent that long already.

    Raises:
        SpecError: a partner or region is unknown here.
    """
    segment_of = segments_of(context) if arguments.segments else None
    partners = chosen_partners(arguments, context, segment_of)[["partner_id", "partner", "region"]]
    table = partners.merge(churn_rows(context), on="partner_id")
    if arguments.min_risk is not None:
        table = table[table["risk"] >= arguments.min_risk]
    if arguments.band is not None:
        table = table[table["band"] == arguments.band]
    table = table.sort_values(
        [arguments.order, "amount_12m", "partner"],
        ascending=[False, False, True],
        na_position="last",
        kind="stable",
    )
    currency = context.snapshot.manifest.currency
    rows = [_row(row, currency) for row in table.head(arguments.limit).to_dict("records")]
    return result_of("churn", arguments, context, _columns(currency), rows, row_count=len(table))


def _row(row: dict[Any, Any], currency: str | None) -> tuple[Scalar, ...]:
    band = str(row["band"])
    return (
        str(row["partner"]),
        text_or_none(row["region"]),
        rounded(row["risk"], Unit.RATIO),
        band,
        BAND_ZH[band],
        BAND_EN[band],
        rounded(row["amount_12m"], Unit.MONEY),
        rounded(row["exposure"], Unit.MONEY),
        rounded(row["days_since_last_order"], Unit.COUNT),
        rounded(row["usual_interval"], Unit.DAYS),
        *churn_reasons(row, currency),
    )


def _columns(currency: str | None) -> tuple[Column, ...]:
    return (
        Column("partner", Unit.TEXT, "伙伴", "Partner"),
        Column("region", Unit.TEXT, "大区", "Region"),
        Column("risk", Unit.RATIO, "流失风险", "Churn risk"),
        Column("band", Unit.TEXT, "等级代码", "Band key"),
        Column("band_zh", Unit.TEXT, "等级", "Band (Chinese)"),
        Column("band_en", Unit.TEXT, "等级（英文）", "Band"),
        Column("amount_12m", Unit.MONEY, "近一年销售额", "Sales of 12 months", currency),
        Column("exposure", Unit.MONEY, "风险敞口", "Sales at stake", currency),
        Column("days_since_last_order", Unit.DAYS, "距上次下单", "Days since last order"),
        Column("usual_interval", Unit.DAYS, "平时下单间隔", "Usual order interval"),
        Column("reasons_zh", Unit.TEXT, "原因", "Reasons (Chinese)"),
        Column("reasons_en", Unit.TEXT, "原因（英文）", "Reasons"),
    )


CHURN = Tool(
    name="churn",
    description_zh="伙伴流失风险：未来一个季度停止下单的概率、风险敞口、原因",
    description_en="Churn risk of partners: probability of falling silent within a quarter, sales "
    "at stake, reasons",
    arguments=ChurnArguments,
    compute=_compute,
)
