"""The distribution of demand over a stretch of days, by resampling a row's own past.

Stretches are put together from blocks of consecutive periods (circular block bootstrap; Politis and
Romano 1992), so a busy fortnight stays one, and no shape is assumed: a box that sells in bursts has
a long tail, and its quantile shows it where a mean plus z deviations does not.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.special import gammaincinv

from tools.analytics.inventory.demand import Bools, Floats, Flows

DRAWS: Final = 1000
"""Stretches drawn per row: the 95 % quantile rests on the fifty largest."""
BLOCK: Final = 4
"""Periods that stay together."""
SEED: Final = 20140630
LEAST_SERVICE: Final = 0.5
MOST_SERVICE: Final = 0.999
"""No item is planned to run out more often than not, nor as if it never could."""


def needs(flow: Flows, days: Floats, receipts: Bools, draws: int = DRAWS) -> Floats:
    """[row, draw] units that must lie there now so that nothing runs out within `days`.

    That is the highest point of what left less what came, summed from now on. Where `receipts` is
    False nothing comes, and the need is all that leaves. Sorted ascending within a row; nan
    throughout where the history is too short. Deterministic, and no row depends on another.

    Args:
        flow: the grid.
        days: [row] length of the stretch in days, need not be whole periods.
        receipts: [row] whether stock keeps coming as it came (resampled together with what left).
        draws: how many stretches.
    """
    result = np.full((len(flow.keys), draws), np.nan)
    lengths = np.isfinite(flow.demand).sum(axis=1)
    wanted = np.maximum(np.asarray(days, dtype=np.float64), 0.0) / flow.step_days
    for length in np.unique(lengths[flow.known]).tolist():
        for periods in np.unique(wanted[flow.known & (lengths == length)]).tolist():
            rows = flow.known & (lengths == length) & (wanted == periods)
            came = np.where(receipts[rows, None], flow.inflow[rows, -length:], 0.0)
            result[rows] = _highest(flow.demand[rows, -length:] - came, periods, draws)
    return np.sort(result, axis=1)


def _highest(net: Floats, periods: float, draws: int) -> Floats:
    """[row, draw] highest cumulated sum over `periods` periods, the last one in part."""
    length = net.shape[1]
    whole = int(np.ceil(periods - 1e-9))
    size = max(1, min(BLOCK, whole, length))
    blocks = -(-whole // size)
    starts = np.random.default_rng(SEED).integers(0, length, size=(draws, blocks))
    running = np.zeros((len(net), draws))
    highest = np.zeros((len(net), draws))
    for period in range(whole):
        at = (starts[:, period // size] + period % size) % length
        running += net[:, at] * min(1.0, periods - period)
        np.maximum(highest, running, out=highest)
    return highest


def fitted_quantile(flow: Flows, days: Floats, shares: Floats) -> Floats:
    """[row] demand within `days` that the row's share of such stretches does not exceed.

    A gamma distribution with the mean and variance of the row's demand (periods independent):
    never negative, skewed as demand in bursts is, and steadier far out than a year of periods can
    be by itself. nan where the history is too short.

    Args:
        flow: the grid.
        days: [row] length of the stretch.
        shares: [row] between 0 and 1.
    """
    periods = np.asarray(days, dtype=np.float64) / flow.step_days
    filled = np.isfinite(flow.demand)
    count = np.maximum(filled.sum(axis=1), 1)
    mean = np.where(filled, flow.demand, 0.0).sum(axis=1) / count
    gaps = np.where(filled, flow.demand - mean[:, None], 0.0)
    variance = (gaps**2).sum(axis=1) / np.maximum(count - 1, 1)
    spread = (mean > 0) & (variance > 0)
    scale = np.where(spread, variance, 1.0) / np.where(spread, mean, 1.0)
    shape = np.where(spread, mean * periods, 1.0) / scale
    steep: Floats = np.asarray(gammaincinv(shape, shares), dtype=np.float64) * scale
    found = np.where(spread, steep, mean * periods)
    return np.where(flow.known, found, np.nan)


def shared_service(level: float, demand: Floats, cost: Floats, group: Bools) -> Floats:
    """[row] service levels that together keep `level` for the least money in stock.

    The next unit goes where it serves most per yuan: the chance of running out is made
    proportional to what a unit costs (Sherbrooke 1968, the system approach), so that its mean,
    weighted by demand, is that of one level for all. Rows without a cost keep `level`.

    Args:
        level: the service level to keep together.
        demand: [row] mean demand.
        cost: [row] what a unit costs.
        group: [row] True and False rows keep the level each among themselves.
    """
    result = np.full(len(demand), level)
    for side in (group, ~group):
        rows = side & np.isfinite(cost) & (cost > 0) & np.isfinite(demand) & (demand > 0)
        if rows.any():
            mean = float((demand[rows] * cost[rows]).sum() / demand[rows].sum())
            result[rows] = 1.0 - (1.0 - level) * cost[rows] / mean
    return np.asarray(np.clip(result, min(LEAST_SERVICE, level), max(MOST_SERVICE, level)))


def quantile(sorted_draws: Floats, share: float) -> Floats:
    """[row] the smallest drawn demand that `share` of the draws do not exceed."""
    at = max(0, int(np.ceil(share * sorted_draws.shape[1] - 1e-9)) - 1)
    return np.asarray(sorted_draws[:, at])


def exceeded(draws: Floats, stock: Floats) -> Floats:
    """[row] share of the draws in which demand is above the stock; nan where none is known."""
    share = (draws > np.asarray(stock)[:, None]).mean(axis=1)
    return np.where(np.isfinite(draws[:, 0]), share, np.nan)


def shortage(draws: Floats, stock: Floats) -> Floats:
    """[row] expected units of demand beyond the stock; nan where none is known."""
    return np.asarray(np.maximum(draws - np.asarray(stock)[:, None], 0.0).mean(axis=1))
