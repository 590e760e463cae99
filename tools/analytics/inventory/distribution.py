"""The distribution of demand over a stretch of days, by resampling a row's own past.

Stretches are put together from blocks of consecutive periods (circular block bootstrap; Politis and
Romano 1992), so a busy fortnight stays one, and no shape is assumed: a box that sells in bursts has
a long tail, and its quantile shows it where a mean plus z deviations does not.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from tools.analytics.inventory.demand import Bools, Floats, Flows

DRAWS: Final = 1000
"""Stretches drawn per row: the 95 % quantile rests on the fifty largest."""
BLOCK: Final = 4
"""Periods that stay together."""
SEED: Final = 20140630


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
