"""A Theta-like forecast of all series at once: the ground that the global model stands on.

Classical seasonal adjustment, simple exponential smoothing at a few smoothing constants and a
damped half slope (Assimakopoulos and Nikolopoulos 2000: the Theta method equals SES with drift of
half the linear slope, Hyndman and Billah 2003). Being vectorised over series it is cheap enough
to run at every training origin, which a fitted model per series is not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.analytics.forecast.series import Floats

SMOOTHING = (0.1, 0.25, 0.45, 0.7, 0.95)
"""Candidate smoothing constants; each series takes the mean of the forecasts of the best two."""
DAMPING = 0.97
"""The slope's share that remains after each period."""
SEASONAL_SHRINK = 0.6
"""Cycles' worth of "no season" that each seasonal estimate is averaged with."""
MIN_CYCLES = 2
"""Fewer full cycles than this carry no seasonal estimate."""


@dataclass(frozen=True, eq=False)
class Baseline:
    """What the baseline knows at one origin; every array has one row per series.

    Attributes:
        forecast: series × horizon, in the input's units.
        index: series × season, additive seasonal deviation in units of the level (0 = none);
            column j belongs to the periods j+1, j+1+season, … after the origin.
        levels: series × smoothing constants, the adjusted series' last smoothed levels.
        drift: the damped slope per period, in the input's units.
        adjusted: series × periods, the seasonally adjusted history.
    """

    forecast: Floats
    index: Floats
    levels: Floats
    drift: Floats
    adjusted: Floats


def baseline(values: Floats, horizon: int, season: int) -> Baseline:
    """The baseline for a right-aligned panel (NaN left of each start).

    Args:
        values: series × periods; at least one value per row, in the last column.
        horizon: periods ahead, ≥ 1.
        season: periods per cycle.
    """
    index, ratio = seasonal_index(values, season)
    periods = values.shape[1]
    slot = (np.arange(periods) - periods) % season
    spread = index[:, slot]
    adjusted = np.where(ratio[:, None], values / (1 + spread), values - spread)
    levels, errors = smooth(adjusted)
    order = np.argsort(errors, axis=1)[:, :2]
    level = np.take_along_axis(levels, order, axis=1).mean(axis=1)
    drift = 0.5 * _slope(adjusted)
    steps = np.cumsum(DAMPING ** np.arange(horizon))
    trend = level[:, None] + drift[:, None] * steps[None, :]
    floor = np.nanmin(values, axis=1) >= 0
    trend = np.where(floor[:, None], np.maximum(trend, 0.0), trend)
    ahead = index[:, np.arange(horizon) % season]
    forecast = np.where(ratio[:, None], trend * (1 + ahead), trend + ahead)
    forecast = np.where(floor[:, None], np.maximum(forecast, 0.0), forecast)
    unit = np.maximum(np.abs(level), 1e-12)
    relative = np.where(ratio[:, None], index, index / unit[:, None])
    return Baseline(forecast, np.clip(relative, -5, 5), levels, drift, adjusted)


def seasonal_index(
    values: Floats, season: int
) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """Shrunk classical indices, and which series have multiplicative ones.

    Returns:
        series × season deviations summing to zero over a cycle (a share of the level where
        multiplicative, else in the input's units), slot j being the periods j+1, j+1+season, …
        after the end; and True where a series is positive throughout.
    """
    count, periods = values.shape
    positive = np.nanmin(values, axis=1) > 0
    flat = np.zeros((count, season))
    if season == 1 or periods < MIN_CYCLES * season + 1:
        return flat, positive
    centre = _centred_mean(values, season)
    half = (periods - centre.shape[1]) // 2
    inner = values[:, half : half + centre.shape[1]]
    with np.errstate(divide="ignore", invalid="ignore"):
        deviation = np.where(positive[:, None], inner / centre - 1, inner - centre)
    slots = (np.arange(centre.shape[1]) + half - periods) % season
    index = flat.copy()
    seen = flat.copy()
    variance = np.zeros(count)
    for slot in range(season):
        of_slot = deviation[:, slots == slot]
        known = ~np.isnan(of_slot)
        seen[:, slot] = known.sum(axis=1)
        mean = np.nansum(of_slot, axis=1) / np.maximum(seen[:, slot], 1)
        index[:, slot] = mean
        variance += np.where(known, of_slot - mean[:, None], 0.0).__pow__(2).sum(axis=1)
    freedom = np.maximum(seen.sum(axis=1) - season, 1)
    noise = variance / freedom
    signal = (index**2).mean(axis=1)
    per_slot = np.maximum(seen, 1)
    # Empirical Bayes: what the slots' spread exceeds the noise of their means by is real.
    real = np.maximum(signal - (noise[:, None] / per_slot).mean(axis=1), 0.0)
    weight = real[:, None] / (real[:, None] + noise[:, None] / per_slot + 1e-12)
    weight *= per_slot / (per_slot + 0.15)
    index = np.where(seen > 0, index * weight, 0.0)
    index -= index.mean(axis=1, keepdims=True)
    index[(seen.sum(axis=1) < season + 1)] = 0.0
    return np.where(positive[:, None], np.clip(index, -0.95, 20.0), index), positive


def _centred_mean(values: Floats, season: int) -> Floats:
    """The centred moving average over one cycle, 2×m for an even m, NaN where incomplete."""
    weights = np.full(season, 1 / season)
    if season % 2 == 0:
        weights = np.concatenate([[0.5], np.ones(season - 1), [0.5]]) / season
    windows = np.lib.stride_tricks.sliding_window_view(values, len(weights), axis=1)
    return np.asarray(windows @ weights, dtype=np.float64)


def smooth(adjusted: Floats) -> tuple[Floats, Floats]:
    """Last levels and mean absolute one-step errors, series × smoothing constants."""
    count, periods = adjusted.shape
    alphas = np.array(SMOOTHING)
    level = np.full((count, len(alphas)), np.nan)
    total = np.zeros((count, len(alphas)))
    seen = np.zeros(count)
    for t in range(periods):
        y = adjusted[:, t]
        here = ~np.isnan(y)
        fresh = np.isnan(level[:, 0])
        error = np.where((here & ~fresh)[:, None], y[:, None] - level, 0.0)
        total += np.abs(error)
        seen += here & ~fresh
        level = np.where((here & fresh)[:, None], y[:, None], level + alphas * error)
    return level, total / np.maximum(seen, 1)[:, None]


def _slope(adjusted: Floats) -> Floats:
    """The least-squares slope per period over each series' observations, 0 for fewer than 4."""
    known = ~np.isnan(adjusted)
    n = known.sum(axis=1)
    t = np.arange(adjusted.shape[1], dtype=np.float64)
    mean_t = (known * t).sum(axis=1) / np.maximum(n, 1)
    mean_y = np.nansum(adjusted, axis=1) / np.maximum(n, 1)
    dt = np.where(known, t - mean_t[:, None], 0.0)
    dy = np.where(known, adjusted - mean_y[:, None], 0.0)
    return np.where(n >= 4, (dt * dy).sum(axis=1) / np.maximum((dt**2).sum(axis=1), 1e-12), 0.0)
