"""Intervals of sums: of months to a quarter, of regions to a total.

Bounds do not add up: errors of parts cancel in part. How far they do is measured in the backtest
as the mean correlation of the parts' errors, and the distances from the mean are added with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from tools.analytics.forecast.series import Floats, Ints

PRIOR = 0.5
"""Correlation of parts' errors before any backtest: halfway between none and one error for all."""
PRIOR_GROUPS = 4.0
"""Groups of parts, seen at different origins, that weigh as much as the prior."""


def correlation(error: Floats, group: Ints, origin: Floats) -> float:
    """Mean correlation of errors within groups, 0 to 1, shrunk to the prior by the sample.

    With Σ over the pairs of a group: Σ e_i e_j ÷ Σ |e_i| |e_j|. Origins count once each for the
    shrinking, however many groups share one.

    Args:
        error: actual less forecast, one per part.
        group: numbers of the groups that are summed.
        origin: the origin of each part; a group lies within one.
    """
    if not len(error):
        return PRIOR
    number = np.unique(group, return_inverse=True)[1]
    signed = np.bincount(number, error) ** 2
    sized = np.bincount(number, np.abs(error)) ** 2
    own = np.bincount(number, error**2)
    pairs = float((sized - own).sum())
    if pairs <= 0:
        return PRIOR
    found = float((signed - own).sum()) / pairs
    weight = len(np.unique(origin))
    mixed = (weight * found + PRIOR_GROUPS * PRIOR) / (weight + PRIOR_GROUPS)
    return float(np.clip(mixed, 0.0, 1.0))


def added(
    rows: pd.DataFrame,
    keys: list[str],
    rho: float,
    columns: tuple[str, ...] = (),
    *,
    over_time: bool = False,
) -> pd.DataFrame:
    """Rows summed by `keys`: forecast and `columns` add up, bounds by the correlation.

    Distances d_i from the mean add up to √((1 - ρ) Σ d_i² + ρ (Σ d_i)²). Over time, lower bounds at
    zero add up wholly: who buys nothing in one month is likely to buy nothing in the next.

    Args:
        rows: forecast, lo80, hi80, lo95, hi95, the keys and `columns`.
        keys: what stays; every row falls into one group where empty.
        rho: from `correlation`.
        columns: other columns to add up, null where all parts are.
        over_time: the parts are periods of one series.
    """
    import pandas as pd

    data = rows.assign(__all=0) if not keys else rows
    by = keys or ["__all"]
    grouped = data.groupby(by, sort=True, dropna=False)
    out: pd.DataFrame = grouped[["forecast", *columns]].sum(min_count=1)
    for bound, sign in (("lo80", -1), ("hi80", 1), ("lo95", -1), ("hi95", 1)):
        distance = (data[bound] - data["forecast"]).abs()
        cut = (data[bound] == 0) & over_time if sign < 0 else data[bound].isna()
        free = distance.where(~cut, 0.0)
        parts = pd.DataFrame({"d": free, "s": free**2, "cut": distance.where(cut, 0.0)})
        total = parts.groupby([data[k] for k in by], sort=True, dropna=False).sum()
        size = np.sqrt((1 - rho) * total["s"] + rho * total["d"] ** 2) + total["cut"]
        out[bound] = out["forecast"] + sign * size
    if bool((rows["lo95"] >= 0).all()):
        out[["lo80", "lo95"]] = out[["lo80", "lo95"]].clip(lower=0.0)
    return out.reset_index().drop(columns="__all", errors="ignore")
