"""Where and who: regions, territories, partners, their contacts, names and slow changes.

A partner's natural key is its USCC where it has one, else source + ext_id. Every (source, ext_id)
under which a partner is known stands in `partner_xref`, so two sources can feed one partner.
"""

from __future__ import annotations

from knowledge.warehouse.base import amount, canonical, day, flag, ref, text, whole

REGION = canonical(
    "region",
    text("name", required=True),
    text("country"),
    text("group_name"),
    text("owner"),
)
"""大区: the unit to which managers and scopes are bound."""

TERRITORY = canonical(
    "territory",
    text("name", required=True),
    text("adcode", 12),
    ref("region_id", "region"),
    text("country"),
    text("owner"),
)
"""区域: a province or state (`adcode` is the GB/T 2260 code in China)."""

PARTNER = canonical(
    "partner",
    text("uscc", 18),
    text("name", required=True),
    text("short_name"),
    text("type"),
    text("tier"),
    text("status"),
    text("owner"),
    ref("region_id", "region"),
    ref("territory_id", "territory"),
    text("city"),
    text("country"),
    text("phone", 60),
    text("email"),
    text("address", 400),
    text("industry_focus"),
    whole("employees"),
    amount("annual_revenue"),
    day("joined_on"),
)

PARTNER_XREF = canonical(
    "partner_xref",
    ref("partner_id", "partner", required=True),
    text("matched_by", 40, required=True),
    text("name_seen"),
    ref("candidate_id", "partner"),
)
"""source + ext_id → partner. `matched_by` is key, uscc, phone+name or person; or review: keyed by
its own id, but `candidate_id` may be the same company, which a person decides."""

PARTNER_HISTORY = canonical(
    "partner_history",
    ref("partner_id", "partner", required=True),
    text("attribute", 40, required=True),
    text("value"),
    day("valid_from", required=True),
    day("valid_to"),
    key=("source", "partner_id", "attribute", "valid_from"),
)
"""Slow changes of tier, owner, region and status; `valid_to` is exclusive, null is "still"."""

PARTNER_CONTACT = canonical(
    "partner_contact",
    ref("partner_id", "partner", required=True),
    text("name", required=True),
    text("title"),
    text("phone", 60),
    text("email"),
    flag("is_primary"),
)

TERRITORY_OWNER = canonical(
    "territory_owner",
    ref("territory_id", "territory", required=True),
    text("owner", required=True),
    day("valid_from", required=True),
    day("valid_to"),
    key=("source", "territory_id", "valid_from"),
)
