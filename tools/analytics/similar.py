"""Which partners are most alike: by robustly scaled KPIs and by what their sales are made of."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from tools.analytics.profile.facts import Facts, Floats, trailing
from tools.analytics.profile.table import kpi_matrix

VERSION: Final = "1"
"""Raise it whenever a figure of the tables changes."""

MONTHS: Final = 12

KPIS_COMPARED: Final = (
    "sell_in",
    "growth",
    "average_order_value",
    "orders",
    "active_customers",
    "new_customer_share",
    "gross_margin_rate",
    "discount_depth",
    "order_irregularity",
    "win_rate",
    "open_pipeline",
    "registrations",
    "logins",
    "activity_days",
    "certified_heads",
    "payment_delay_days",
)
SIZES: Final = frozenset(
    {
        "sell_in",
        "average_order_value",
        "orders",
        "active_customers",
        "open_pipeline",
        "registrations",
        "logins",
    }
)
"""Figures whose proportions matter, not their differences: compared by their logarithm."""

CLIP: Final = 3.0
"""Scaled figures further out than this are no more unlike than this."""

MIX_WEIGHT: Final = 0.4
"""What the mixes of product lines and industries weigh against the KPIs."""

MIN_SHARED: Final = 5
"""Partners that share fewer known KPIs are not compared."""


def scaled(facts: Facts) -> pd.DataFrame:
    """KPIs in median absolute deviations from the median: one row per partner, NaN where missing.

    Columns: `partner_id` and the names of `KPIS_COMPARED`.
    """
    matrix = kpi_matrix(facts, trailing(facts.as_of, MONTHS))[list(KPIS_COMPARED)]
    logged = matrix.copy()
    for name in SIZES:
        logged[name] = np.log1p(matrix[name].clip(lower=0))
    middle = logged.median()
    spread = (logged - middle).abs().median() * 1.4826
    safe = spread.where(spread > 0, logged.std().where(logged.std() > 0, 1.0))
    found = ((logged - middle) / safe).clip(-CLIP, CLIP)
    found.insert(0, "partner_id", facts.ids)
    return found


def mixes(facts: Facts) -> pd.DataFrame:
    """Shares of each partner's sell-in by product line and by customer industry.

    Columns: `partner_id`, `kind` (`line` or `industry`), `member`, `share`; shares of a partner and
    a kind sum to one.
    """
    lines = facts.rows("order_line", trailing(facts.as_of, MONTHS))
    parts = []
    for kind, key, table in (
        ("line", "product_id", "product"),
        ("industry", "customer_id", "customer"),
    ):
        member = lines[key].map(facts.catalogue[table][kind])
        amount = lines["amount"].clip(lower=0).groupby([lines["at"], member]).sum()
        share = amount / amount.groupby(level=0).transform("sum")
        found = share.rename("share").rename_axis(["at", "member"]).reset_index()
        parts.append(found[found["share"] > 0].assign(kind=kind))
    whole = pd.concat(parts, ignore_index=True)
    whole["partner_id"] = facts.ids[whole["at"].to_numpy(dtype=np.int64)]
    return whole[["partner_id", "kind", "member", "share"]]


def nearest_partners(kpis: pd.DataFrame, mix: pd.DataFrame, partner_id: int) -> pd.DataFrame:
    """All other partners by likeness, most alike first, ties by id.

    `similarity` is 1 for twins: exp(−mean distance of the shared KPIs), mixed with the overlap of
    the product-line and industry shares. Columns: `partner_id`, `similarity`, `shared` (known
    KPIs of both), and per KPI its distance (`d_<name>`, NaN where one lacks it), `line_overlap`,
    `industry_overlap`.
    """
    table = kpis.set_index("partner_id")
    own = table.loc[partner_id]
    distance = (table - own).abs().drop(index=partner_id)
    shared = distance.notna().sum(axis=1)
    near = np.exp(-distance.mean(axis=1))
    overlaps = {
        kind: _overlap(mix, kind, partner_id, distance.index) for kind in ("line", "industry")
    }
    parts = np.vstack(list(overlaps.values()))
    known = np.isfinite(parts)
    alike = np.where(
        known.any(axis=0), np.nansum(parts, axis=0) / np.maximum(known.sum(axis=0), 1), np.nan
    )
    whole = np.where(np.isnan(alike), near, (1 - MIX_WEIGHT) * near + MIX_WEIGHT * alike)
    found = distance.add_prefix("d_").assign(
        similarity=whole.round(6),
        shared=shared,
        line_overlap=overlaps["line"],
        industry_overlap=overlaps["industry"],
    )
    found = found[found["shared"] >= MIN_SHARED].reset_index()
    return found.sort_values(["similarity", "partner_id"], ascending=[False, True])


def _overlap(mix: pd.DataFrame, kind: str, partner_id: int, ids: pd.Index) -> Floats:
    """Σ min(share, share) with the partner's own, 0…1; NaN where either has no mix."""
    rows = mix[mix["kind"] == kind]
    own = rows[rows["partner_id"] == partner_id].set_index("member")["share"]
    if own.empty:
        return np.full(len(ids), np.nan)
    shared = rows["member"].map(own).fillna(0.0)
    least = rows["share"].where(rows["share"] <= shared, shared)
    return least.groupby(rows["partner_id"]).sum().reindex(ids).to_numpy(dtype=np.float64)
