"""Which columns a published snapshot's tables have: the canonical ones and the publisher's own.

The semantic model is checked against this list, so that a column renamed in the warehouse breaks
loading the model and not an answer.
"""

from __future__ import annotations

from functools import lru_cache

from knowledge.warehouse.base import lineage
from knowledge.warehouse.tables import BY_NAME

LABELLED = (
    "region",
    "territory",
    "partner",
    "product",
    "customer",
    "salesperson",
    "promotion",
    "warehouse",
)
"""Dimension tables: each row has a `label`, unique in its table."""

PLACE = ("region_id", "territory_id")
HEADER = (
    "order_no",
    "order_date",
    "due_date",
    "ship_date",
    "partner_id",
    "customer_id",
    "salesperson_id",
    "order_type",
    "order_status",
    "currency",
    *PLACE,
)
ENRICHED: dict[str, tuple[str, ...]] = {
    "partner": ("first_order_date", "last_order_date"),
    "order_line": HEADER,
    "target": ("level",),
}
"""Columns that publishing adds, besides `label` and the places of tables that name a partner."""


@lru_cache(maxsize=64)
def snapshot_columns(table: str) -> frozenset[str]:
    """Names of the columns of `table` in a snapshot; empty for an unknown table."""
    found = BY_NAME.get(table)
    if found is None:
        return frozenset()
    hidden = {column.name for column in lineage()} - {"source", "ext_id"}
    names = {column.name for column in found.columns if column.name not in hidden}
    names.update(ENRICHED.get(table, ()))
    if table in LABELLED:
        names.add("label")
    if "partner_id" in names:
        names.update(PLACE)
    return frozenset(names)
