"""A forecast for long seasons: a few sine waves, a damped trend and the last level.

A week of the year has been seen twice in two years, far too rarely for an estimate of its own; the
year's few slow waves have been seen a hundred times. Ridge regression on Fourier terms (Young and
others 1999; dynamic harmonic regression in Hyndman and Athanasopoulos 2021) gives the season, and
what it leaves is smoothed to the level from which the forecast starts.
"""

from __future__ import annotations

import numpy as np

from tools.analytics.forecast.baseline import DAMPING, smooth
from tools.analytics.forecast.series import Floats, Panel

WAVES = 4
"""Waves per season at most, two per whole cycle seen."""
RIDGE = 1.0
"""Penalty on the first wave, twice for the second and so on: detail needs more evidence."""
TREND_RIDGE = 0.5
MULTIPLIES_ABOVE = 0.05
"""Series whose least value is above this share of their mean are taken in logarithms."""
LEAST_CYCLES = 1.25
"""History below which a wave cannot be told from a trend."""


def harmonic(panel: Panel, horizon: int) -> Floats:
    """Series × horizon in the panel's units; not negative where the panel is not."""
    out = np.empty((len(panel), horizon))
    for length in np.unique(panel.lengths):
        rows = np.flatnonzero(panel.lengths == length)
        out[rows] = _forecast(panel.values[rows, -length:], horizon, panel.season)
    return np.maximum(out, 0.0) if panel.nonnegative else out


def waves(length: int, season: int) -> int:
    """How many waves so long a history carries."""
    if length < LEAST_CYCLES * season:
        return 0
    return min(WAVES, 2 * (length // season), max(1, season // 2 - 1))


def _forecast(values: Floats, horizon: int, season: int) -> Floats:
    length = values.shape[1]
    scale = np.abs(values).mean(axis=1)
    unit = values / np.where(scale > 0, scale, 1.0)[:, None]
    logs = unit.min(axis=1) > MULTIPLIES_ABOVE
    unit = np.where(logs[:, None], np.log(np.where(logs[:, None], unit, 1.0)), unit)
    table, penalty = _terms(length, horizon, season)
    known = table[:length]
    fitted = np.linalg.solve(known.T @ known + np.diag(penalty), known.T @ unit.T)
    seasonal = (table[:, 2:] @ fitted[2:]).T
    levels, errors = smooth(unit - seasonal[:, :length])
    order = np.argsort(errors, axis=1, kind="stable")[:, :2]
    level = np.take_along_axis(levels, order, axis=1).mean(axis=1)
    drift = 0.5 * fitted[1] / season
    steps = np.cumsum(DAMPING ** np.arange(horizon))
    made = level[:, None] + drift[:, None] * steps + seasonal[:, length:]
    # An explosion in logarithms is cut far above anything seen; the pool's own check follows.
    made = np.where(logs[:, None], np.exp(np.minimum(made, 10.0)), made)
    return np.asarray(made * np.where(scale > 0, scale, 0.0)[:, None], dtype=np.float64)


def _terms(length: int, horizon: int, season: int) -> tuple[Floats, Floats]:
    """Rows of time × terms (constant, cycles from the end, sines and cosines), and penalties."""
    t = np.arange(length + horizon, dtype=np.float64)
    columns = [np.ones_like(t), (t - length) / season]
    penalty = [0.0, TREND_RIDGE]
    for wave in range(1, waves(length, season) + 1):
        angle = 2 * np.pi * wave * t / season
        columns += [np.sin(angle), np.cos(angle)]
        penalty += [RIDGE * wave] * 2
    return np.column_stack(columns), np.array(penalty)
