"""The stuffing tool (压货): quarters at whose end goods were pushed into a partner's stock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from knowledge.semantic.frames import read_frame
from leadline.errors import SpecError
from leadline.evidence import Column, ToolResult
from leadline.types import Unit
from tools.definition import Tool, ToolContext
from tools.partner_anomalies import (
    AnomalyArguments,
    chosen_findings,
    findings_result,
    reasons_of,
)

if TYPE_CHECKING:
    import pandas as pd

    from knowledge.warehouse.snapshot import Snapshot


class StuffingArguments(AnomalyArguments):
    """Which partners and quarters are looked at for stuffing."""


def _columns(currency: str | None) -> tuple[Column, ...]:
    return (
        Column("late_units", Unit.QUANTITY, "季末十天进货量", "Units in the last ten days"),
        Column(
            "late_amount", Unit.MONEY, "季末十天进货额", "Amount in the last ten days", currency
        ),
        Column("late_share", Unit.RATIO, "季末十天占比", "Share of the last ten days"),
        Column("sell_in_units", Unit.QUANTITY, "当季进货量", "Sell-in of the quarter"),
        Column("sell_through_units", Unit.QUANTITY, "当季动销量", "Sell-through of the quarter"),
        Column("sell_in_ratio", Unit.QUANTITY, "进货/动销", "Sell-in over sell-through"),
        Column("weeks_of_supply", Unit.QUANTITY, "季后库存周数", "Weeks of supply afterwards"),
        Column("usual_weeks", Unit.QUANTITY, "平时库存周数", "Usual weeks of supply"),
        Column("unsold_share", Unit.RATIO, "超额未动销占比", "Part of the excess not sold on"),
        Column("next_quarter_ratio", Unit.RATIO, "次季进货/平时", "Next quarter over the usual"),
        Column("returned_share", Unit.RATIO, "次季退货占比", "Part returned"),
        Column("extra_terms_days", Unit.DAYS, "账期延长", "Extra days to pay"),
        Column("receivable_growth", Unit.RATIO, "应收变化率", "Growth of receivables"),
        Column("sales_growth", Unit.RATIO, "进货变化率", "Growth of sell-in"),
        Column("coverage", Unit.RATIO, "证据覆盖", "Coverage of the evidence"),
    )


def _compute(arguments: StuffingArguments, context: ToolContext) -> ToolResult:
    from tools.analytics.anomalies.stuffing import VERSION, find_stuffing

    found = context.once("stuffing", VERSION, lambda: find_stuffing(read_frames(context.snapshot)))
    rows = chosen_findings(found, arguments, context)
    if rows.empty and not _has_shelf(context):
        raise SpecError(
            "stuffing cannot be told here: the data holds neither sell-through nor partners' stock",
            hint="load what partners report of their sell-through or stock",
        )
    columns = _columns(context.snapshot.manifest.currency)
    shown = rows.head(arguments.limit).to_dict("records")
    reasons = {i: _reasons(record, columns) for i, record in enumerate(shown)}
    return findings_result("stuffing", arguments, columns, rows, reasons, context)


def _has_shelf(context: ToolContext) -> bool:
    """Whether the data says anything about what partners keep and sell on."""
    tables = context.snapshot.manifest.tables
    stock = tables.get("inventory_snapshot")
    held = stock.columns.get("partner_id") if stock is not None else None
    return "sell_through" in tables or (
        stock is not None and held is not None and stock.rows > held.nulls
    )


def read_frames(snapshot: Snapshot) -> Any:
    """The detector's tables, of the whole population."""
    import pandas as pd

    from tools.analytics.anomalies.stuffing import StuffingFrames

    def table(name: str, columns: tuple[str, ...], days: tuple[str, ...]) -> pd.DataFrame:
        frame = read_frame(snapshot, name, columns)
        for day in days:
            frame[day] = pd.to_datetime(frame[day])
        return frame

    keys = ("partner_id", "product_id")
    stock = table(
        "inventory_snapshot", (*keys, "snapshot_date", "units_balance"), ("snapshot_date",)
    )
    sold = table("sell_through", (*keys, "period_start", "quantity", "grain"), ("period_start",))
    return StuffingFrames(
        lines=table(
            "order_line", (*keys, "order_id", "order_date", "quantity", "amount"), ("order_date",)
        ),
        sell_through=sold[sold["grain"] == "month"],
        stock=stock.dropna(subset=["partner_id"]),
        returns=table("sales_return", (*keys, "returned_on", "quantity"), ("returned_on",)),
        receivables=table(
            "receivable",
            ("partner_id", "order_id", "booked_on", "due_on", "amount"),
            ("booked_on", "due_on"),
        ),
        payments=table("payment", ("partner_id", "paid_on", "amount"), ("paid_on",)),
        as_of=pd.Timestamp(snapshot.as_of),
    )


_SAID: Final = (
    ("late_share", "季末十天进货占当季 {}", "{} of the quarter's units came in its last ten days"),
    ("sell_in_ratio", "进货是动销的 {} 倍", "sell-in was {} times sell-through"),
    ("weeks_of_supply", "季后库存可撑 {} 周", "stock lasted {} weeks afterwards"),
    ("usual_weeks", "平时为 {} 周", "usually {} weeks"),
    ("unsold_share", "超额部分有 {} 两个月内未动销", "{} of the excess not sold in two months"),
    ("next_quarter_ratio", "次季进货只有平时的 {}", "next quarter's sell-in {} of the usual"),
    ("returned_share", "其中 {} 被退回", "{} of it came back"),
    ("extra_terms_days", "账期比平时多 {}", "{} more to pay than usual"),
)
"""Figures told as reasons, in the order in which they convince."""


_ABSENT: Final = {
    "weeks_of_supply": ("没有库存数据", "no stock data"),
    "unsold_share": ("没有次季动销数据", "no sell-through afterwards"),
}


def _reasons(record: Mapping[Any, Any], columns: tuple[Column, ...]) -> tuple[str, str]:
    silent_at_zero = frozenset({"returned_share", "extra_terms_days"})
    return reasons_of(record, columns, _SAID, _ABSENT, silent_at_zero)


STUFFING = Tool(
    name="stuffing",
    description_zh="压货：季末被压给伙伴的货，附进货、动销、库存、退货、账期证据",
    description_en="Channel stuffing: goods pushed at quarter ends, with the evidence",
    arguments=StuffingArguments,
    compute=_compute,
)
