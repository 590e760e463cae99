"""How long new stock takes to arrive, where the data says it: from order to shipping."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from tools.analytics.inventory.demand import Floats

LATE_SHARE: Final = 0.9
"""Nine in ten orders arrive within the lead time that is planned with."""
LEAST_ORDERS: Final = 20
"""A product with fewer shipped lines takes the lead time of all products together."""


def order_lead_days(lines: pd.DataFrame) -> tuple[pd.Series, float | None]:
    """Days within which nine in ten lines were shipped, per product and over all.

    Args:
        lines: product_id, order_date, ship_date (null while not shipped).

    Returns:
        A series by product_id (at least a day each; products with few lines are left out), and the
        same over all lines, None where too few were shipped.
    """
    shipped = lines[lines["ship_date"].notna() & lines["order_date"].notna()]
    days = (
        pd.to_datetime(shipped["ship_date"]) - pd.to_datetime(shipped["order_date"])
    ).dt.days.astype("float64")
    days = days[days >= 0]
    if len(days) < LEAST_ORDERS:
        return pd.Series(dtype="float64"), None
    by_product = days.groupby(shipped.loc[days.index, "product_id"])
    late = by_product.quantile(LATE_SHARE)[by_product.size() >= LEAST_ORDERS]
    return late.clip(lower=1.0), max(1.0, float(days.quantile(LATE_SHARE)))


def lead_days(
    product_ids: pd.Series, held_by_partner: pd.Series, lines: pd.DataFrame, otherwise: float
) -> tuple[Floats, np.typing.NDArray[np.bool_]]:
    """[row] lead time in days, and whether it was observed.

    What a partner orders arrives from head office, so its lead time is that of orders. Where head
    office's own stock comes from stands in no table: `otherwise` counts for it.
    """
    late, overall = order_lead_days(lines)
    observed = held_by_partner.to_numpy(dtype=bool) & (overall is not None)
    known = product_ids.map(late).to_numpy(dtype=np.float64)
    seen = np.where(np.isfinite(known), known, overall if overall is not None else otherwise)
    return np.where(observed, seen, float(otherwise)), observed
