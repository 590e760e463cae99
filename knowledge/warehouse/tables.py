"""The catalogue of canonical tables, in the order in which references allow loading them."""

from __future__ import annotations

import sqlalchemy as sa

from knowledge.warehouse import (
    activity,
    answers,
    briefs,
    eval_tables,
    feedback,
    forecasts,
    inventory,
    lineage,
    market,
    partners,
    pipeline,
    sales,
)
from knowledge.warehouse.base import METADATA

CANONICAL: tuple[sa.Table, ...] = (
    partners.REGION,
    partners.TERRITORY,
    partners.PARTNER,
    partners.PARTNER_XREF,
    partners.PARTNER_HISTORY,
    partners.PARTNER_CONTACT,
    partners.TERRITORY_OWNER,
    sales.PRODUCT,
    sales.PRODUCT_PRICE,
    sales.CUSTOMER,
    sales.SALESPERSON,
    sales.PROMOTION,
    sales.SALES_ORDER,
    sales.ORDER_LINE,
    sales.SHIPMENT,
    sales.INVOICE,
    sales.PAYMENT,
    sales.RECEIVABLE,
    sales.SALES_RETURN,
    sales.TARGET,
    pipeline.OPPORTUNITY,
    pipeline.OPPORTUNITY_STAGE,
    pipeline.DEAL_REGISTRATION,
    activity.ACTIVITY,
    activity.CERTIFICATION,
    activity.MDF_CLAIM,
    inventory.WAREHOUSE,
    inventory.INVENTORY_SNAPSHOT,
    inventory.SELL_THROUGH,
    market.MACRO_INDICATOR,
    market.COMPETITOR_EVENT,
    market.DOCUMENT,
    market.TENDER,
    market.ALERT,
)
"""Tables that a mapping may fill and a snapshot holds."""

BY_NAME: dict[str, sa.Table] = {table.name: table for table in CANONICAL}

__all__ = [
    "BY_NAME",
    "CANONICAL",
    "METADATA",
    "answers",
    "briefs",
    "eval_tables",
    "feedback",
    "forecasts",
    "lineage",
]
