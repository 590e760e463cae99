"""What may be sold: opportunities with their stage history, and deal registrations (报备)."""

from __future__ import annotations

from knowledge.warehouse.base import amount, canonical, day, instant, real, ref, text

OPPORTUNITY = canonical(
    "opportunity",
    text("name"),
    ref("partner_id", "partner"),
    ref("customer_id", "customer"),
    ref("product_id", "product"),
    ref("salesperson_id", "salesperson"),
    ref("region_id", "region"),
    ref("territory_id", "territory"),
    text("stage", 60, required=True),
    text("outcome", 10, required=True),
    day("created_on"),
    day("closed_on"),
    day("expected_close_on"),
    amount("amount"),
    real("probability"),
    text("currency", 3),
)
"""商机. `outcome` is open, won or lost; `stage` is the source's own word.

`amount` is the closed value once won, else the expected value."""

OPPORTUNITY_STAGE = canonical(
    "opportunity_stage",
    ref("opportunity_id", "opportunity", required=True),
    text("stage", 60, required=True),
    instant("entered_at", required=True),
    key=("source", "opportunity_id", "stage", "entered_at"),
)

DEAL_REGISTRATION = canonical(
    "deal_registration",
    text("reg_no", 100, required=True),
    ref("partner_id", "partner"),
    ref("customer_id", "customer"),
    ref("product_id", "product"),
    ref("opportunity_id", "opportunity"),
    day("submitted_on", required=True),
    day("decided_on"),
    day("protected_until"),
    text("status", 40, required=True),
    ref("conflict_of_id", "deal_registration"),
    amount("amount"),
    key=("source", "reg_no"),
)
