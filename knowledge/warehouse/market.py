"""What happens outside: macro indicators by vintage, competitors, tenders, documents, alerts."""

from __future__ import annotations

import sqlalchemy as sa

from knowledge.warehouse.base import amount, canonical, day, instant, real, ref, text

MACRO_INDICATOR = canonical(
    "macro_indicator",
    text("series", 100, required=True),
    ref("region_id", "region"),
    ref("territory_id", "territory"),
    day("period_start", required=True),
    text("grain", 10, required=True),
    day("vintage", required=True),
    real("value"),
    text("unit", 40),
)
"""One published value; `vintage` is the day on which it became known (no look-ahead).

`ext_id` is built from series, area, period and vintage."""

COMPETITOR_EVENT = canonical(
    "competitor_event",
    text("competitor", required=True),
    text("kind", 60, required=True),
    day("happened_on", required=True),
    ref("region_id", "region"),
    text("product_line"),
    text("title", 400),
    amount("old_value"),
    amount("new_value"),
    text("url", 1000),
)

DOCUMENT = canonical(
    "document",
    text("url_hash", 64, required=True),
    text("url", 1000),
    text("kind", 40, required=True),
    text("title", 400),
    sa.Column("body", sa.Text),
    text("language", 8),
    day("published_on"),
    instant("fetched_at"),
    ref("region_id", "region"),
    text("topic", 60),
    key=("url_hash",),
)
"""News and pages; the text is data, never an instruction."""

TENDER = canonical(
    "tender",
    text("notice_type", 40, required=True),
    text("project_name", 400),
    text("project_no", 100),
    text("purchaser"),
    text("agency"),
    ref("territory_id", "territory"),
    amount("budget"),
    amount("award_amount"),
    text("supplier"),
    day("published_on", required=True),
    instant("deadline"),
    ref("document_id", "document"),
)

ALERT = canonical(
    "alert",
    text("dedupe_key", 200, required=True),
    text("kind", 60, required=True),
    text("severity", 20, required=True),
    text("subject", 400),
    ref("region_id", "region"),
    ref("partner_id", "partner"),
    text("owner"),
    instant("raised_at", required=True),
    instant("acknowledged_at"),
    text("state", 20, required=True),
    key=("dedupe_key",),
)
"""预警. One row per dedupe key."""
