"""The inventory risk tool: what may run out, what lies idle, per warehouse and product."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Literal

from pydantic import Field

from leadline.evidence import Column, ToolResult
from leadline.figures import render_figure
from leadline.types import Language, Scalar, Unit
from tools.definition import Tool, ToolContext
from tools.stock import StockArguments, read_stock

MIN_RISK = 0.2
"""A stock-out that is expected in one lead time out of five is worth a line."""


class InventoryRiskArguments(StockArguments):
    """Which positions to list."""

    risk: Literal["stockout", "overstock", "all"] = Field(
        default="all", description="stockout: may run out; overstock: lies idle; all: both"
    )
    min_risk: float = Field(default=MIN_RISK, ge=0, le=1, description="least stock-out risk listed")
    limit: int = Field(default=10, ge=1, le=1000)


def columns(currency: str | None) -> tuple[Column, ...]:
    """The result's columns; `currency` is the snapshot's."""
    return (
        Column("warehouse", Unit.TEXT, "仓库", "Warehouse"),
        Column("product", Unit.TEXT, "产品", "Product"),
        Column("region", Unit.TEXT, "大区", "Region"),
        Column("risk", Unit.TEXT, "风险", "Risk"),
        Column("risk_zh", Unit.TEXT, "风险", "Risk"),
        Column("risk_en", Unit.TEXT, "风险", "Risk"),
        Column("on_hand", Unit.QUANTITY, "现有库存", "On hand"),
        Column("in_transit", Unit.QUANTITY, "在途", "In transit"),
        Column("demand_per_day", Unit.QUANTITY, "日均需求", "Demand per day"),
        Column("lead_time_days", Unit.DAYS, "补货周期", "Lead time"),
        Column("cover_days", Unit.DAYS, "可用天数", "Days of cover"),
        Column("safety_stock", Unit.QUANTITY, "安全库存", "Safety stock"),
        Column("reorder_point", Unit.QUANTITY, "再订货点", "Reorder point"),
        Column("stockout_risk", Unit.RATIO, "缺货风险", "Stock-out risk"),
        Column("shortage_units", Unit.QUANTITY, "预计缺货量", "Expected shortage"),
        Column("shortage_value", Unit.MONEY, "预计缺货损失", "Expected loss", currency),
        Column("overstock_risk", Unit.RATIO, "积压风险", "Overstock risk"),
        Column("overstock_units", Unit.QUANTITY, "积压数量", "Overstock"),
        Column("overstock_value", Unit.MONEY, "积压金额", "Overstock value", currency),
        Column("stock_value", Unit.MONEY, "库存金额", "Stock value", currency),
        Column("empty_share", Unit.RATIO, "近一季空仓占比", "Counts found empty"),
        Column("counted_on", Unit.DATE, "盘点日期", "Counted on"),
        Column("service_level", Unit.RATIO, "服务水平", "Service level"),
        Column("lead_time_source_zh", Unit.TEXT, "补货周期来源", "Lead time from"),
        Column("lead_time_source_en", Unit.TEXT, "补货周期来源", "Lead time from"),
        Column("reasons_zh", Unit.TEXT, "原因", "Reasons"),
        Column("reasons_en", Unit.TEXT, "原因", "Reasons"),
    )


_NAMES = {
    "stockout": ("可能缺货", "may run out"),
    "overstock": ("积压", "overstocked"),
    "none": ("正常", "in order"),
}
_SOURCE = {
    True: ("订单到发货的实际天数", "days from order to shipping in the data"),
    False: ("假设值，数据中没有", "assumed, the data holds none"),
}


def _compute(arguments: InventoryRiskArguments, context: ToolContext) -> ToolResult:
    """One row per warehouse and product at risk.

    Stock-outs come first by risk (ties: least cover, then names), overstock by its value; `all`
    lists stock-outs, then overstock.

    Raises:
        SpecError: a warehouse, product or region is not there (inside the scope).
    """
    import pandas as pd

    table = read_stock(arguments, context).table
    value = table["unit_value"] * table["on_hand"].clip(lower=0)
    table = table.assign(
        stock_value=value,
        risk="none",
        counted_on=table["counted_on"].dt.strftime("%Y-%m-%d"),
    )
    short = table["stockout_risk"] >= max(arguments.min_risk, 1e-9)
    idle = (table["overstock_units"] > 0) & ~short
    names = ["warehouse", "product", "region"]
    out = table[short].assign(risk="stockout")
    out = out.sort_values(["stockout_risk", "cover_days", *names], ascending=[False] + [True] * 4)
    over = table[idle].assign(risk="overstock")
    over = over.sort_values(["overstock_value", *names], ascending=[False] + [True] * 3)
    parts = {"stockout": [out], "overstock": [over], "all": [out, over]}[arguments.risk]
    listed = pd.concat(parts)
    shown = listed.head(min(arguments.limit, context.row_cap))
    heads = columns(context.snapshot.manifest.currency)
    rows = tuple(_row(record, heads) for record in shown.to_dict("records"))
    return ToolResult(
        tool="inventory_risk",
        arguments=arguments.model_dump(mode="json", exclude_none=True),
        model_version=context.model.version,
        snapshot=context.snapshot.number,
        scope_hash=context.scope.digest,
        as_of=context.snapshot.as_of,
        columns=heads,
        rows=rows,
        row_count=len(listed),
        truncated=len(listed) > len(rows),
    )


def _row(record: dict[Hashable, Any], heads: tuple[Column, ...]) -> tuple[Scalar, ...]:
    by_name = {column.name: column for column in heads}
    plain = {name: scalar(record.get(name), column) for name, column in by_name.items()}
    kind = str(record["risk"])
    plain["risk_zh"], plain["risk_en"] = _NAMES[kind]
    seen = bool(record["lead_time_seen"])
    plain["lead_time_source_zh"], plain["lead_time_source_en"] = _SOURCE[seen]
    for language, name in ((Language.ZH, "reasons_zh"), (Language.EN, "reasons_en")):
        plain[name] = _reasons(kind, plain, by_name, language)
    return tuple(plain[column.name] for column in heads)


def scalar(value: object, column: Column) -> Scalar:
    """A frame's cell as a result holds it: rounded by its unit (days whole), null for nan."""
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124 - nan
        return None
    if column.unit in (Unit.TEXT, Unit.DATE):
        return str(value)
    places = {Unit.RATIO: 6, Unit.DAYS: 0}.get(column.unit, 2)
    return round(float(str(value)), places) + 0.0


def _reasons(
    kind: str, row: dict[str, Scalar], heads: dict[str, Column], language: Language
) -> str:
    def said(name: str) -> str:
        return render_figure(row[name], heads[name], language)

    zh = language is Language.ZH
    parts: list[str] = []
    cover = row["cover_days"]
    if kind == "stockout":
        if cover is not None:
            parts.append(
                f"现有库存可用 {said('cover_days')}，补货周期 {said('lead_time_days')}"
                if zh
                else f"stock covers {said('cover_days')}, lead time {said('lead_time_days')}"
            )
        if row["empty_share"]:
            share = said("empty_share")
            parts.append(f"近一季 {share} 的盘点为空仓" if zh else f"{share} of counts found none")
        on_hand, point = said("on_hand"), said("reorder_point")
        if float(row["on_hand"] or 0) < float(row["reorder_point"] or 0):
            parts.append(
                f"低于再订货点（{on_hand} / {point}）"
                if zh
                else f"below the reorder point ({on_hand} / {point})"
            )
    elif cover is None:
        parts.append("近一年没有出库" if zh else "nothing left in the past year")
    else:
        parts.append(
            f"现有库存可用 {said('cover_days')}" if zh else f"stock covers {said('cover_days')}"
        )
    return ("；" if zh else "; ").join(parts)


INVENTORY_RISK = Tool(
    name="inventory_risk",
    description_zh="库存风险：可能缺货与积压的仓库和产品，安全库存、再订货点、可用天数",
    description_en="Stock at risk: what may run out or lies idle per warehouse and product, "
    "with safety stock, reorder point and days of cover",
    arguments=InventoryRiskArguments,
    compute=_compute,
)
