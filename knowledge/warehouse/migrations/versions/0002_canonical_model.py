"""The canonical model: partners, sales, pipeline, activity, inventory, market, ledger.

Revision: 0002, after 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from knowledge.warehouse.migrations.columns import (
    canonical,
    column,
    create,
    identity,
    reference,
    text,
)
from leadline.database import ExactDecimal, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    canonical(
        "product",
        text("sku", 200, required=True),
        text("name", 200, required=True),
        text("category", 200),
        text("subcategory", 200),
        text("line", 200),
        text("model", 200),
        text("color", 60),
        text("status", 60),
        column("list_price", ExactDecimal()),
        column("standard_cost", ExactDecimal()),
        column("launched_on", sa.Date()),
    )
    canonical(
        "promotion",
        text("name", 200, required=True),
        text("type", 200),
        text("category", 200),
        column("discount_rate", ExactDecimal()),
        column("starts_on", sa.Date()),
        column("ends_on", sa.Date()),
    )
    canonical(
        "region",
        text("name", 200, required=True),
        text("country", 200),
        text("group_name", 200),
        text("owner", 200),
    )
    canonical(
        "competitor_event",
        text("competitor", 200, required=True),
        text("kind", 60, required=True),
        column("happened_on", sa.Date(), required=True),
        reference("region_id", "region"),
        text("product_line", 200),
        text("title", 400),
        column("old_value", ExactDecimal()),
        column("new_value", ExactDecimal()),
        text("url", 1000),
    )
    canonical(
        "document",
        text("url_hash", 64, required=True),
        text("url", 1000),
        text("kind", 40, required=True),
        text("title", 400),
        column("body", sa.Text()),
        text("language", 8),
        column("published_on", sa.Date()),
        column("fetched_at", UtcDateTime()),
        reference("region_id", "region"),
        text("topic", 60),
        key=("url_hash",),
    )
    canonical(
        "product_price",
        reference("product_id", "product", required=True),
        text("price_list", 200, required=True),
        column("price", ExactDecimal(), required=True),
        text("currency", 3),
        column("valid_from", sa.Date(), required=True),
        column("valid_to", sa.Date()),
        key=("source", "product_id", "price_list", "valid_from"),
    )
    canonical(
        "territory",
        text("name", 200, required=True),
        text("adcode", 12),
        reference("region_id", "region"),
        text("country", 200),
        text("owner", 200),
    )
    canonical(
        "customer",
        text("uscc", 18),
        text("name", 200, required=True),
        text("industry", 200),
        text("size", 60),
        reference("region_id", "region"),
        reference("territory_id", "territory"),
        text("city", 200),
        text("country", 200),
        column("employees", sa.Integer()),
        column("annual_revenue", ExactDecimal()),
        text("parent_name", 200),
        column("founded_year", sa.Integer()),
    )
    canonical(
        "macro_indicator",
        text("series", 100, required=True),
        reference("region_id", "region"),
        reference("territory_id", "territory"),
        column("period_start", sa.Date(), required=True),
        text("grain", 10, required=True),
        column("vintage", sa.Date(), required=True),
        column("value", sa.Float()),
        text("unit", 40),
    )
    canonical(
        "partner",
        text("uscc", 18),
        text("name", 200, required=True),
        text("short_name", 200),
        text("type", 200),
        text("tier", 200),
        text("status", 200),
        text("owner", 200),
        reference("region_id", "region"),
        reference("territory_id", "territory"),
        text("city", 200),
        text("country", 200),
        text("phone", 60),
        text("email", 200),
        text("address", 400),
        text("industry_focus", 200),
        column("employees", sa.Integer()),
        column("annual_revenue", ExactDecimal()),
        column("joined_on", sa.Date()),
    )
    canonical(
        "tender",
        text("notice_type", 40, required=True),
        text("project_name", 400),
        text("project_no", 100),
        text("purchaser", 200),
        text("agency", 200),
        reference("territory_id", "territory"),
        column("budget", ExactDecimal()),
        column("award_amount", ExactDecimal()),
        text("supplier", 200),
        column("published_on", sa.Date(), required=True),
        column("deadline", UtcDateTime()),
        reference("document_id", "document"),
    )
    canonical(
        "territory_owner",
        reference("territory_id", "territory", required=True),
        text("owner", 200, required=True),
        column("valid_from", sa.Date(), required=True),
        column("valid_to", sa.Date()),
        key=("source", "territory_id", "valid_from"),
    )
    canonical(
        "alert",
        text("dedupe_key", 200, required=True),
        text("kind", 60, required=True),
        text("severity", 20, required=True),
        text("subject", 400),
        reference("region_id", "region"),
        reference("partner_id", "partner"),
        text("owner", 200),
        column("raised_at", UtcDateTime(), required=True),
        column("acknowledged_at", UtcDateTime()),
        text("state", 20, required=True),
        key=("dedupe_key",),
    )
    canonical(
        "certification",
        reference("partner_id", "partner", required=True),
        text("holder", 200, required=True),
        text("subject", 200, required=True),
        column("issued_on", sa.Date(), required=True),
        column("expires_on", sa.Date()),
    )
    canonical(
        "mdf_claim",
        text("claim_no", 100, required=True),
        reference("partner_id", "partner", required=True),
        column("claimed_on", sa.Date(), required=True),
        column("amount", ExactDecimal(), required=True),
        column("approved_amount", ExactDecimal()),
        text("status", 40),
        text("purpose", 200),
        key=("source", "claim_no"),
    )
    canonical(
        "partner_contact",
        reference("partner_id", "partner", required=True),
        text("name", 200, required=True),
        text("title", 200),
        text("phone", 60),
        text("email", 200),
        column("is_primary", sa.Boolean()),
    )
    canonical(
        "partner_history",
        reference("partner_id", "partner", required=True),
        text("attribute", 40, required=True),
        text("value", 200),
        column("valid_from", sa.Date(), required=True),
        column("valid_to", sa.Date()),
        key=("source", "partner_id", "attribute", "valid_from"),
    )
    canonical(
        "partner_xref",
        reference("partner_id", "partner", required=True),
        text("matched_by", 40, required=True),
        text("name_seen", 200),
        reference("candidate_id", "partner"),
    )
    canonical(
        "salesperson",
        text("name", 200, required=True),
        text("manager", 200),
        reference("region_id", "region"),
        reference("partner_id", "partner"),
        text("office", 200),
    )
    canonical(
        "sell_through",
        reference("partner_id", "partner", required=True),
        reference("product_id", "product", required=True),
        column("period_start", sa.Date(), required=True),
        text("grain", 10, required=True),
        column("quantity", ExactDecimal(), required=True),
        column("amount", ExactDecimal()),
        key=("source", "partner_id", "product_id", "period_start"),
    )
    canonical(
        "warehouse",
        text("name", 200, required=True),
        reference("region_id", "region"),
        reference("partner_id", "partner"),
        text("city", 200),
    )
    canonical(
        "activity",
        reference("partner_id", "partner"),
        reference("salesperson_id", "salesperson"),
        reference("customer_id", "customer"),
        text("kind", 40, required=True),
        column("happened_on", sa.Date(), required=True),
        column("quantity", ExactDecimal()),
        text("evidence", 400),
        text("result", 60),
    )
    create(
        "incentive_ledger",
        identity(),
        text("entry_key", 200, required=True),
        text("plan_id", 100, required=True),
        text("plan_version", 40, required=True),
        reference("partner_id", "partner"),
        reference("salesperson_id", "salesperson"),
        text("kind", 40, required=True),
        column("amount", ExactDecimal(), required=True),
        text("currency", 3, required=True),
        column("earned_at", UtcDateTime(), required=True),
        column("booked_at", UtcDateTime(), required=True),
        column("explanation", sa.Text()),
        unique=("entry_key",),
    )
    canonical(
        "inventory_snapshot",
        column("snapshot_date", sa.Date(), required=True),
        reference("warehouse_id", "warehouse"),
        reference("product_id", "product", required=True),
        reference("partner_id", "partner"),
        column("units_balance", ExactDecimal(), required=True),
        column("units_in", ExactDecimal()),
        column("units_out", ExactDecimal()),
        column("unit_cost", ExactDecimal()),
    )
    canonical(
        "opportunity",
        text("name", 200),
        reference("partner_id", "partner"),
        reference("customer_id", "customer"),
        reference("product_id", "product"),
        reference("salesperson_id", "salesperson"),
        reference("region_id", "region"),
        reference("territory_id", "territory"),
        text("stage", 60, required=True),
        text("outcome", 10, required=True),
        column("created_on", sa.Date()),
        column("closed_on", sa.Date()),
        column("expected_close_on", sa.Date()),
        column("amount", ExactDecimal()),
        column("probability", sa.Float()),
        text("currency", 3),
    )
    canonical(
        "sales_order",
        text("order_no", 100, required=True),
        column("order_date", sa.Date(), required=True),
        column("due_date", sa.Date()),
        column("ship_date", sa.Date()),
        reference("partner_id", "partner"),
        reference("customer_id", "customer"),
        reference("salesperson_id", "salesperson"),
        reference("region_id", "region"),
        reference("territory_id", "territory"),
        text("order_type", 60),
        text("status", 60),
        text("currency", 3),
        text("po_no", 100),
        key=("source", "order_no"),
    )
    canonical(
        "target",
        text("measure", 40, required=True),
        column("period_start", sa.Date(), required=True),
        text("grain", 10, required=True),
        reference("region_id", "region"),
        reference("territory_id", "territory"),
        reference("partner_id", "partner"),
        reference("salesperson_id", "salesperson"),
        text("product_line", 200),
        column("amount", ExactDecimal(), required=True),
    )
    canonical(
        "deal_registration",
        text("reg_no", 100, required=True),
        reference("partner_id", "partner"),
        reference("customer_id", "customer"),
        reference("product_id", "product"),
        reference("opportunity_id", "opportunity"),
        column("submitted_on", sa.Date(), required=True),
        column("decided_on", sa.Date()),
        column("protected_until", sa.Date()),
        text("status", 40, required=True),
        reference("conflict_of_id", "deal_registration"),
        column("amount", ExactDecimal()),
        key=("source", "reg_no"),
    )
    canonical(
        "invoice",
        text("invoice_no", 100, required=True),
        reference("order_id", "sales_order"),
        reference("partner_id", "partner"),
        column("invoiced_on", sa.Date(), required=True),
        column("amount", ExactDecimal(), required=True),
        column("tax_amount", ExactDecimal()),
        text("currency", 3),
        text("buyer_name", 200),
        key=("source", "invoice_no"),
    )
    canonical(
        "opportunity_stage",
        reference("opportunity_id", "opportunity", required=True),
        text("stage", 60, required=True),
        column("entered_at", UtcDateTime(), required=True),
        key=("source", "opportunity_id", "stage", "entered_at"),
    )
    canonical(
        "order_line",
        reference("order_id", "sales_order", required=True),
        text("line_no", 40, required=True),
        reference("product_id", "product"),
        reference("promotion_id", "promotion"),
        column("quantity", ExactDecimal(), required=True),
        column("unit_price", ExactDecimal()),
        column("list_amount", ExactDecimal()),
        column("discount_amount", ExactDecimal()),
        column("amount", ExactDecimal(), required=True),
        column("cost_amount", ExactDecimal()),
        column("tax_amount", ExactDecimal()),
        column("freight_amount", ExactDecimal()),
        key=("order_id", "line_no"),
    )
    canonical(
        "payment",
        text("payment_no", 100, required=True),
        reference("partner_id", "partner"),
        reference("order_id", "sales_order"),
        column("paid_on", sa.Date(), required=True),
        column("amount", ExactDecimal(), required=True),
        text("currency", 3),
        text("method", 60),
        key=("source", "payment_no"),
    )
    canonical(
        "receivable",
        text("receivable_no", 100, required=True),
        reference("partner_id", "partner"),
        reference("order_id", "sales_order"),
        column("booked_on", sa.Date(), required=True),
        column("due_on", sa.Date()),
        column("amount", ExactDecimal(), required=True),
        column("open_amount", ExactDecimal()),
        text("currency", 3),
        key=("source", "receivable_no"),
    )
    canonical(
        "sales_return",
        text("return_no", 100, required=True),
        text("line_no", 40, required=True),
        reference("order_id", "sales_order"),
        reference("partner_id", "partner"),
        reference("product_id", "product"),
        column("returned_on", sa.Date(), required=True),
        column("quantity", ExactDecimal(), required=True),
        column("amount", ExactDecimal(), required=True),
        text("reason", 200),
        key=("source", "return_no", "line_no"),
    )
    canonical(
        "shipment",
        text("shipment_no", 100, required=True),
        text("line_no", 40, required=True),
        reference("order_id", "sales_order"),
        reference("partner_id", "partner"),
        reference("product_id", "product"),
        reference("territory_id", "territory"),
        column("shipped_on", sa.Date(), required=True),
        column("quantity", ExactDecimal(), required=True),
        text("tracking_no", 100),
        key=("source", "shipment_no", "line_no"),
    )


def downgrade() -> None:
    for name in (
        "shipment",
        "sales_return",
        "receivable",
        "payment",
        "order_line",
        "opportunity_stage",
        "invoice",
        "deal_registration",
        "target",
        "sales_order",
        "opportunity",
        "inventory_snapshot",
        "incentive_ledger",
        "activity",
        "warehouse",
        "sell_through",
        "salesperson",
        "partner_xref",
        "partner_history",
        "partner_contact",
        "mdf_claim",
        "certification",
        "alert",
        "territory_owner",
        "tender",
        "partner",
        "macro_indicator",
        "customer",
        "territory",
        "product_price",
        "document",
        "competitor_event",
        "region",
        "promotion",
        "product",
    ):
        op.drop_table(name)
