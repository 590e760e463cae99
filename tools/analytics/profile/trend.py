"""Partners month by month, beside the middle of their peers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from tools.analytics.profile.facts import Floats
from tools.analytics.profile.peers import MIN_PEERS, Group, peer_codes

VERSION: Final = "1"
"""Raise it whenever a figure of the table changes."""

MONTHS: Final = 60
_PEERS: Final[tuple[Group, ...]] = ("type_region", "type", "all")


def monthly(
    partners: pd.DataFrame, tables: Mapping[str, pd.DataFrame], as_of: date
) -> pd.DataFrame:
    """Partners × months (at most sixty, the last holding `as_of`), partners in their order.

    Columns: `partner_id`, `month` (2026-10), `amount`, `quantity`, `sell_through_amount`,
    `activities`, `peer_median_amount`. A month before the first of a table is NaN, later months
    without rows are zero; of sell-through and activities a partner without any row is NaN.

    Args:
        partners: `partner_id`, `partner_type`, `region_id`, `joined_on`, `first_order_date`.
        tables: `order_line` (`order_date`, `amount`, `quantity`), `sell_through` (`period_start`,
            `amount`), `activity` (`happened_on`), each with `partner_id`.
        as_of: today.
    """
    last = as_of.year * 12 + as_of.month - 1
    ids = pd.Index(partners["partner_id"])
    lines, sold, acts = (tables[n] for n in ("order_line", "sell_through", "activity"))
    amount = _grid(ids, lines, "order_date", "amount", last)
    columns = {
        "amount": amount,
        "quantity": _grid(ids, lines, "order_date", "quantity", last),
        "sell_through_amount": _own(_grid(ids, sold, "period_start", "amount", last)),
        "activities": _own(_grid(ids, acts, "happened_on", None, last)),
    }
    columns["peer_median_amount"] = _peers(partners, amount, pd.Timestamp(as_of))
    held = np.isfinite(np.vstack(list(columns.values()))).any(axis=0)
    months = np.arange(last - MONTHS + 1, last + 1)[held]
    names = [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in months]
    return pd.DataFrame(
        {
            "partner_id": np.repeat(ids.to_numpy(), len(names)),
            "month": np.tile(np.array(names, dtype=object), len(ids)),
            **{name: grid[:, held].ravel() for name, grid in columns.items()},
        }
    )


def _grid(ids: pd.Index, frame: pd.DataFrame, day: str, value: str | None, last: int) -> Floats:
    """Sums (counts without a value) partners × months; NaN before the table's first month."""
    grid = np.full((len(ids), MONTHS), np.nan)
    days = pd.to_datetime(frame[day])
    at = ids.get_indexer(pd.Index(pd.to_numeric(frame["partner_id"]).fillna(-1).astype("int64")))
    column = (days.dt.year * 12 + days.dt.month - 1 - (last - MONTHS + 1)).fillna(-1)
    inside = (at >= 0) & (column >= 0).to_numpy() & (column < MONTHS).to_numpy()
    if not inside.any():
        return grid
    place = column.to_numpy(dtype=np.int64)[inside]
    weight = (
        np.ones(len(place))
        if value is None
        else pd.to_numeric(frame[value]).fillna(0.0).to_numpy(dtype=np.float64)[inside]
    )
    grid[:, place.min() :] = 0.0
    np.add.at(grid, (at[inside], place), weight)
    return grid


def _own(grid: Floats) -> Floats:
    """Rows of zeros alone are partners that the source does not know."""
    known = np.nansum(np.abs(grid), axis=1) > 0
    return np.where(known[:, None], grid, np.nan)


def _peers(partners: pd.DataFrame, amount: Floats, as_of: pd.Timestamp) -> Floats:
    """Median amount a month over the peers that have ever ordered."""
    buying = np.where((np.nansum(amount, axis=1) > 0)[:, None], amount, np.nan)
    codes = peer_codes(partners, as_of)
    found = np.full(amount.shape, np.nan)
    done = np.zeros(len(amount), dtype=bool)
    frame = pd.DataFrame(buying)
    for name in _PEERS:
        grouped = frame.groupby(codes[name])
        enough = grouped.transform("count").max(axis=1).to_numpy() >= MIN_PEERS
        now = enough & ~done
        found[now] = grouped.transform("median").to_numpy()[now]
        done |= now
    return found
