"""What lies where: warehouses, stock by day, and what partners sold through (动销)."""

from __future__ import annotations

from knowledge.warehouse.base import amount, canonical, day, ref, text

WAREHOUSE = canonical(
    "warehouse",
    text("name", required=True),
    ref("region_id", "region"),
    ref("partner_id", "partner"),
    text("city"),
)
"""`partner_id` is set where the stock is a partner's, null where it is head office's."""

INVENTORY_SNAPSHOT = canonical(
    "inventory_snapshot",
    day("snapshot_date", required=True),
    ref("warehouse_id", "warehouse"),
    ref("product_id", "product", required=True),
    ref("partner_id", "partner"),
    amount("units_balance", required=True),
    amount("units_in"),
    amount("units_out"),
    amount("unit_cost"),
)
"""Stock at the end of `snapshot_date`; `ext_id` is built from date, warehouse, sku and holder."""

SELL_THROUGH = canonical(
    "sell_through",
    ref("partner_id", "partner", required=True),
    ref("product_id", "product", required=True),
    day("period_start", required=True),
    text("grain", 10, required=True),
    amount("quantity", required=True),
    amount("amount"),
    key=("source", "partner_id", "product_id", "period_start"),
)
"""What a partner sold on to end customers in a period: demand, where sell-in is not."""
