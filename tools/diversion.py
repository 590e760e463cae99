"""The diversion tool (窜货): partners that sell outside their region, with the evidence."""

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

FLOOR_LISTS: Final = ("底价", "最低", "floor", "minimum")
"""Words by which a price list is known as the channel's floor."""
REFUSED: Final = frozenset(
    {"已驳回", "驳回", "已拒绝", "拒绝", "冲突", "rejected", "declined", "conflict"}
)
"""States of a registration that gives no right to the deal."""


class DiversionArguments(AnomalyArguments):
    """Which partners and days are looked at for diversion."""


def _columns(currency: str | None) -> tuple[Column, ...]:
    return (
        Column("to_region", Unit.TEXT, "流向大区", "To region"),
        Column("orders", Unit.COUNT, "期内订单数", "Orders in the window"),
        Column("off_orders", Unit.COUNT, "跨区订单数", "Outside orders"),
        Column("off_share", Unit.RATIO, "跨区占比", "Outside share"),
        Column("off_amount", Unit.MONEY, "跨区金额", "Outside amount", currency),
        Column("below_floor_share", Unit.RATIO, "低于底价占比", "Below floor price"),
        Column("unregistered_share", Unit.RATIO, "未报备占比", "Unregistered"),
        Column("shared_customer_share", Unit.RATIO, "撞客户占比", "To other partners' customers"),
        Column("shared_customers", Unit.COUNT, "撞客户数", "Shared customers"),
        Column("one_region_share", Unit.RATIO, "集中到一个大区", "To one region"),
        Column("coverage", Unit.RATIO, "证据覆盖", "Coverage of the evidence"),
    )


def _compute(arguments: DiversionArguments, context: ToolContext) -> ToolResult:
    from tools.analytics.anomalies.diversion import VERSION, find_diversion

    found = context.once(
        "diversion", VERSION, lambda: find_diversion(read_frames(context.snapshot))
    )
    places = read_frame(context.snapshot, "region", ("id", "label"))
    labels = dict(zip(places["id"], places["label"], strict=True))
    found = found.assign(to_region=found["to_region_id"].map(labels))
    rows = chosen_findings(found, arguments, context)
    if rows.empty and not {"order_line", "customer"} <= set(context.snapshot.manifest.tables):
        raise SpecError(
            "diversion cannot be told here: the data holds no customers of partners' orders",
            hint="load orders with their end customers, or where they were shipped to",
        )
    columns = _columns(context.snapshot.manifest.currency)
    shown = rows.head(arguments.limit).to_dict("records")
    reasons = {i: _reasons(record, columns) for i, record in enumerate(shown)}
    return findings_result("diversion", arguments, columns, rows, reasons, context)


def read_frames(snapshot: Snapshot) -> Any:
    """The detector's tables, of the whole population."""
    import pandas as pd

    from tools.analytics.anomalies.diversion import DiversionFrames

    def table(name: str, columns: tuple[str, ...], days: tuple[str, ...] = ()) -> pd.DataFrame:
        frame = read_frame(snapshot, name, columns)
        for day in days:
            frame[day] = pd.to_datetime(frame[day])
        return frame

    prices = table(
        "product_price",
        ("product_id", "price_list", "price", "valid_from", "valid_to"),
        ("valid_from", "valid_to"),
    )
    lists = prices["price_list"].astype("object").fillna("").astype(str).str.lower()
    floor = lists.map(lambda name: any(word in name for word in FLOOR_LISTS)).astype(bool)
    deals = table(
        "deal_registration",
        ("partner_id", "customer_id", "submitted_on", "status"),
        ("submitted_on",),
    )
    status = deals["status"].astype("object").fillna("").astype(str).str.lower()
    return DiversionFrames(
        lines=table(
            "order_line",
            (
                "order_id",
                "order_date",
                "partner_id",
                "customer_id",
                "product_id",
                "quantity",
                "amount",
            ),
            ("order_date",),
        ),
        shipments=table("shipment", ("order_id", "region_id")),
        customers=table("customer", ("id", "region_id")),
        partners=table("partner", ("id", "region_id")),
        floors=prices[floor],
        registrations=deals.assign(refused=status.isin(REFUSED)),
    )


_SAID: Final = (
    ("off_share", "期内 {} 的订单发往授权大区以外", "{} of the orders went outside its region"),
    ("below_floor_share", "其中 {} 低于渠道底价", "{} of these below the floor price"),
    ("unregistered_share", "{} 未报备", "{} unregistered"),
    ("shared_customer_share", "{} 发给其他伙伴的客户", "{} to customers of other partners"),
    ("one_region_share", "{} 流向同一大区", "{} to one region"),
)
"""Figures told as reasons, in the order in which they convince."""


_ABSENT: Final = {
    "below_floor_share": ("没有底价表", "no floor prices"),
    "unregistered_share": ("没有报备数据", "no registrations"),
}


def _reasons(record: Mapping[Any, Any], columns: tuple[Column, ...]) -> tuple[str, str]:
    silent_at_zero = frozenset(name for name, _, _ in _SAID)
    return reasons_of(record, columns, _SAID, _ABSENT, silent_at_zero)


DIVERSION = Tool(
    name="diversion",
    description_zh="窜货：伙伴把货卖到授权大区以外，附低于底价、未报备、撞客户证据",
    description_en="Diversion: sales outside the authorised region, with the evidence",
    arguments=DiversionArguments,
    compute=_compute,
)
