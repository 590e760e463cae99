"""The trend tool: one partner month by month, beside the middle of its peers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from leadline.evidence import Column, ToolResult
from leadline.types import Scalar, Unit
from tools.definition import Tool, ToolContext
from tools.partner_filters import one_partner, read_partners
from tools.profile_base import read_table, result_of, rounded

if TYPE_CHECKING:
    import pandas as pd


class TrendArguments(BaseModel):
    """One partner and how many months up to the current one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    partner: str = Field(description="the partner, by name")
    months: int = Field(default=24, ge=3, le=60, description="months, the current one included")


def _compute(arguments: TrendArguments, context: ToolContext) -> ToolResult:
    """One row per calendar month, oldest first, the last one up to the as-of date.

    A month before a table's first day is null, one without rows of the partner is zero.
    `peer_median_amount` is the median over the partners of the same type and region, or of the
    same type, or all, where few; those that have never ordered are left out.

    Raises:
        SpecError: the partner is unknown here.
    """
    from tools.analytics.profile.trend import VERSION, monthly

    partner = one_partner(arguments.partner, context)
    snapshot = context.snapshot

    def compute() -> pd.DataFrame:
        tables = {
            name: read_table(snapshot, name, columns)
            for name, columns in (
                ("order_line", ("partner_id", "order_date", "amount", "quantity")),
                ("sell_through", ("partner_id", "period_start", "amount")),
                ("activity", ("partner_id", "happened_on")),
            )
        }
        return monthly(read_partners(snapshot), tables, snapshot.as_of)

    table = context.once("partner-months", VERSION, compute)
    own = table[table["partner_id"] == partner["partner_id"]].tail(arguments.months)
    rows: list[tuple[Scalar, ...]] = [
        (
            str(row.month),
            rounded(row.amount, Unit.MONEY),
            rounded(row.quantity, Unit.QUANTITY),
            rounded(row.sell_through_amount, Unit.MONEY),
            rounded(row.activities, Unit.COUNT),
            rounded(row.peer_median_amount, Unit.MONEY),
            str(partner["partner"]),
        )
        for row in own.itertuples()
    ]
    currency = snapshot.manifest.currency
    columns = (
        Column("month", Unit.TEXT, "月份", "Month"),
        Column("amount", Unit.MONEY, "进货额", "Sell-in", currency),
        Column("quantity", Unit.QUANTITY, "数量", "Quantity"),
        Column("sell_through_amount", Unit.MONEY, "动销额", "Sell-through", currency),
        Column("activities", Unit.COUNT, "行为次数", "Activities"),
        Column("peer_median_amount", Unit.MONEY, "同组中位进货额", "Peer median sell-in", currency),
        Column("partner", Unit.TEXT, "伙伴", "Partner"),
    )
    return result_of("partner_trend", arguments, context, columns, rows)


PARTNER_TREND = Tool(
    name="partner_trend",
    description_zh="一个伙伴逐月的进货、动销、行为，与同组中位数对照",
    description_en="One partner month by month: sell-in, sell-through, activities, peers' median",
    arguments=TrendArguments,
    compute=_compute,
)
