"""Outflow of every place and product on one grid of equal periods.

Stock is counted at dates; between two counts something leaves. The grid's step is the usual gap
between counts (a day, a week), and each row is one place that holds one product.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

HISTORY_DAYS: Final = 364
"""A year of demand: every season once, and not what the channel was like long ago."""
LEAST_PERIODS: Final = 4
"""With fewer periods there is no distribution to speak of: such rows have no risk figures."""
STALE_PERIODS: Final = 8
"""A place whose last count is older than this many periods is not counted any more."""
NOWHERE: Final = -1
"""Stands for the warehouse, region or holder of stock that names none."""
PLACE: Final = ("warehouse_id", "partner_id", "region_id", "product_id")
"""What makes a row: stock may name a warehouse, a holder, a region, all of them or none."""


@dataclass(frozen=True, slots=True)
class Flows:
    """What lay and left where, row by row and period by period, the newest period last.

    Attributes:
        keys: the columns of PLACE (int64, NOWHERE where there is none), on_hand, unit_cost
            (float64, null where unknown), counted_on, one row each, sorted by PLACE.
        step_days: days between two counts.
        demand: [row, period] units asked for: what left, and at least the row's usual demand where
            the count found nothing (see `uncensored`); nan before the row's first count.
        inflow: [row, period] units that came; zero where none are recorded.
        balance: [row, period] what the count at the period's end found; nan where none was made.
    """

    keys: pd.DataFrame
    step_days: float
    demand: Floats
    inflow: Floats
    balance: Floats

    @property
    def known(self) -> Bools:
        """[row] whether enough periods are known to speak of demand."""
        return np.asarray(np.isfinite(self.demand).sum(axis=1) >= LEAST_PERIODS)

    @property
    def empty(self) -> Bools:
        """[row, period] whether the count at the period's end found nothing."""
        return np.nan_to_num(self.balance, nan=1.0) <= 0


def flows(counts: pd.DataFrame, as_of: pd.Timestamp, history_days: int = HISTORY_DAYS) -> Flows:
    """The grid up to `as_of`, inclusive.

    Args:
        counts: snapshot_date, the columns of PLACE, units_balance, units_in, units_out, unit_cost;
            one row per count. `units_out` null: what left follows from the balances and `units_in`.
        as_of: counts after it are left out.
        history_days: how far back demand counts.
    """
    table = _tidy(counts, as_of)
    if table.empty:
        nothing = np.zeros((0, 0))
        return Flows(_no_keys(), 1.0, nothing, nothing, nothing)
    step = _step_days(table["snapshot_date"])
    newest = table["snapshot_date"].max()
    age: Floats = np.asarray((newest - table["snapshot_date"]).dt.days, dtype=np.float64)
    back: Ints = np.asarray(np.floor(age / step + 1e-9), dtype=np.int64)
    groups = table.groupby(list(PLACE), sort=True)
    row: Ints = np.asarray(groups.ngroup(), dtype=np.int64)
    newest_counts = groups.tail(1).sort_values(list(PLACE)).reset_index(drop=True)
    keys = newest_counts[[*PLACE, "on_hand", "unit_cost", "counted_on"]]
    periods = min(int(back.max()) + 1, max(1, int(history_days // step)))
    outflow = np.full((len(keys), periods), np.nan)
    balance = np.full((len(keys), periods), np.nan)
    left = _left(table)
    _open(outflow, row, periods - 1 - back)
    inflow = np.zeros_like(outflow)
    inside = back < periods
    at = (row[inside], periods - 1 - back[inside])
    np.add.at(outflow, at, np.nan_to_num(left[inside]))
    np.add.at(inflow, at, np.nan_to_num(table["units_in"].to_numpy()[inside]))
    balance[at] = table["units_balance"].to_numpy()[inside]
    fresh = (newest - keys["counted_on"]).dt.days.to_numpy() <= STALE_PERIODS * step
    kept = keys[fresh].reset_index(drop=True)
    demand = uncensored(outflow[fresh], np.nan_to_num(balance[fresh], nan=1.0) <= 0)
    return Flows(kept, step, demand, inflow[fresh], balance[fresh])


def uncensored(outflow: Floats, empty: Bools) -> Floats:
    """What was asked for: an empty shelf hides demand.

    Where a count found nothing, at least the mean of the row's periods with stock was wanted
    (a row that was always empty keeps what left).
    """
    stocked = np.isfinite(outflow) & ~empty
    count = stocked.sum(axis=1)
    usual = np.where(stocked, outflow, 0.0).sum(axis=1) / np.maximum(count, 1)
    return np.where(empty, np.maximum(outflow, usual[:, None]), outflow)


def _open(outflow: Floats, row: Ints, period: Ints) -> None:
    """Zero from each row's first count on: a period without a record is one without demand."""
    first = np.full(len(outflow), outflow.shape[1], dtype=np.int64)
    np.minimum.at(first, row, period)
    begun = np.arange(outflow.shape[1]) >= np.maximum(first, 0)[:, None]
    outflow[begun] = 0.0


def _tidy(counts: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Counts up to the day, sorted by place, product and date; several of a day are summed."""
    # an empty table's columns are objects
    table = counts.assign(snapshot_date=pd.to_datetime(counts["snapshot_date"]))
    table = table[table["snapshot_date"] <= as_of]
    amounts = ("units_balance", "units_in", "units_out", "unit_cost")
    frame = pd.DataFrame(
        {
            "snapshot_date": table["snapshot_date"],
            **{name: _whole(table[name]) for name in PLACE},
            **{name: pd.to_numeric(table[name]).astype("float64") for name in amounts},
        }
    )
    by = [*PLACE, "snapshot_date"]
    if frame.duplicated(by).any():
        groups = frame.groupby(by, sort=True)
        summed = groups[["units_balance", "units_in", "units_out"]].sum(min_count=1)
        frame = summed.assign(unit_cost=groups["unit_cost"].mean()).reset_index()
    frame = frame.sort_values(by).reset_index(drop=True)
    return frame.assign(on_hand=frame["units_balance"], counted_on=frame["snapshot_date"])


def _whole(ids: pd.Series) -> pd.Series:
    return pd.to_numeric(ids).fillna(NOWHERE).astype("int64")


def _step_days(dates: pd.Series) -> float:
    """The usual gap between two dates of counting; a month where there is one date only."""
    days = np.sort(dates.unique())
    if len(days) < 2:
        return 30.0
    gaps = np.diff(days).astype("timedelta64[D]").astype(np.float64)
    return max(1.0, float(np.median(gaps)))


def _left(table: pd.DataFrame) -> Floats:
    """[count] units that left since the count before; null where nothing tells."""
    stated = table["units_out"].to_numpy(dtype=np.float64)
    balance = table["units_balance"].to_numpy(dtype=np.float64)
    same = np.zeros(len(table), dtype=bool)
    place = table[list(PLACE)].to_numpy()
    same[1:] = (place[1:] == place[:-1]).all(axis=1)
    before = np.where(same, np.concatenate([[np.nan], balance[:-1]]), np.nan)
    came = np.nan_to_num(table["units_in"].to_numpy(dtype=np.float64))
    implied = np.maximum(before + came - balance, 0.0)
    return np.maximum(np.where(np.isfinite(stated), stated, implied), 0.0)


def _no_keys() -> pd.DataFrame:
    return pd.DataFrame(
        {
            **{name: pd.Series(dtype="int64") for name in PLACE},
            **{name: pd.Series(dtype="float64") for name in ("on_hand", "unit_cost")},
            "counted_on": pd.Series(dtype="datetime64[us]"),
        }
    )
