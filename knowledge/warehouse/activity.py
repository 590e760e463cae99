"""What partners do (行为), are certified for, and claim from marketing funds."""

from __future__ import annotations

from knowledge.warehouse.base import amount, canonical, day, ref, text

ACTIVITY = canonical(
    "activity",
    ref("partner_id", "partner"),
    ref("salesperson_id", "salesperson"),
    ref("customer_id", "customer"),
    text("kind", 40, required=True),
    day("happened_on", required=True),
    amount("quantity"),
    text("evidence", 400),
    text("result", 60),
)
"""`kind` is login, training, demo, proposal, visit, …; `evidence` a link or file reference."""

CERTIFICATION = canonical(
    "certification",
    ref("partner_id", "partner", required=True),
    text("holder", required=True),
    text("subject", required=True),
    day("issued_on", required=True),
    day("expires_on"),
)

MDF_CLAIM = canonical(
    "mdf_claim",
    text("claim_no", 100, required=True),
    ref("partner_id", "partner", required=True),
    day("claimed_on", required=True),
    amount("amount", required=True),
    amount("approved_amount"),
    text("status", 40),
    text("purpose"),
    key=("source", "claim_no"),
)
"""A claim on market development funds."""
