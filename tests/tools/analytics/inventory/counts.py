"""Counts of stock to compute on: one warehouse and product per call, a week apart."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

LAST = pd.Timestamp("2025-11-01")
"""A Saturday: the day of the newest count."""


def counted(
    balance: Sequence[float],
    left: Sequence[float | None],
    came: Sequence[float] | None = None,
    *,
    warehouse: int | None = 1,
    product: int = 1,
    partner: int | None = None,
    region: int | None = 1,
    cost: float | None = 100.0,
    days: int = 7,
    last: pd.Timestamp = LAST,
) -> pd.DataFrame:
    """One row per count, the newest on `last`."""
    n = len(balance)
    return pd.DataFrame(
        {
            "snapshot_date": [last - pd.Timedelta(days=days * (n - 1 - i)) for i in range(n)],
            "warehouse_id": pd.array([warehouse] * n, dtype="Int64"),
            "partner_id": pd.array([partner] * n, dtype="Int64"),
            "region_id": pd.array([region] * n, dtype="Int64"),
            "product_id": product,
            "units_balance": [float(b) for b in balance],
            "units_in": [float(c) for c in (came or [0.0] * n)],
            "units_out": pd.array(left, dtype="Float64"),
            "unit_cost": cost,
        }
    )
