"""Which method forecasts which class of series: the backtest decides, the seasonal naive competes.

The choice is per demand class, never per series: one series' few backtest errors are mostly luck.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.analytics.forecast.backtest import Origin
from tools.analytics.forecast.series import SPARSE, Floats

NAIVE = "SeasonalNaive"
BIAS_FREE = 0.05
"""Absolute bias (share of demand) that costs a method nothing."""
MARGIN = 0.02
"""Relative score by which a method must beat the default, whatever the sample …"""
MARGIN_PER_ROOT = 0.5
"""… plus this over the root of origins × √series: series err together at an origin."""
MARGIN_SHORT = 0.25
"""… plus this under three cycles of history: no season has been tested on a second turn."""
CONSISTENT_SHARE = 0.75
"""Share of the origins at which a method must beat the default."""
CORRECTION_SHARE = 0.7
CORRECTION_RANGE = (0.75, 1.3)
CORRECTION_ORIGINS = 4
"""Origins needed: two or three err to one side by chance half or a quarter of the time."""
MIN_CORRECTION = 0.03
"""Consistent bias below this is left alone."""


@dataclass(frozen=True)
class Score:
    """Backtest errors of one method on one class.

    Attributes:
        wape: Σ|error| ÷ Σ|actual|.
        nrmse: root mean square error ÷ mean |actual|.
        smape: mean of 2|error| ÷ (|actual| + |forecast|), 0 where both are zero.
        mase: mean |error| ÷ the series' typical change.
        owa: mean of smape and mase relative to the seasonal naive's.
        bias: Σ(forecast - actual) ÷ Σ|actual|; positive is too high.
        observations: scored values.
        rank: what the race compares, lower is better.
    """

    wape: float
    nrmse: float
    smape: float
    mase: float
    owa: float
    bias: float
    observations: int
    rank: float


@dataclass(frozen=True)
class Choice:
    """The method of a class, its weight on the global model (Blend only) and bias correction."""

    method: str
    weight: float
    correction: float
    scores: dict[str, Score]


def pick(origin: Origin, cls: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Rows of an origin that were of the class then."""
    return np.asarray(origin.classes == cls, dtype=np.bool_)


def stacked(
    origins: tuple[Origin, ...], cls: str, method: str
) -> tuple[Floats, Floats, Floats] | None:
    """Actual, forecast and spread of all scored values of a class; None if the method is absent."""
    parts = []
    for origin in origins:
        rows = pick(origin, cls)
        made = origin.forecasts.get(method)
        if not rows.any():
            continue
        if made is None:
            return None
        actual, forecast = origin.actual[rows], made[rows]
        spread = np.broadcast_to(origin.spread[rows][:, None], actual.shape)
        known = ~np.isnan(actual)
        parts.append((actual[known], forecast[known], spread[known]))
    if not parts:
        return None
    actual, forecast, spread = (np.concatenate(p) for p in zip(*parts, strict=True))
    return None if np.isnan(forecast).any() else (actual, forecast, spread)


def measure(
    actual: Floats, forecast: Floats, spread: Floats, naive: Score | None, *, sparse: bool
) -> Score:
    """Errors of a method; `naive` is the seasonal naive's score on the same values."""
    error = np.abs(forecast - actual)
    total = max(float(np.abs(actual).sum()), 1e-12)
    size = np.abs(actual) + np.abs(forecast)
    smape = float(np.where(size > 0, 2 * error / np.maximum(size, 1e-12), 0.0).mean())
    mase = float((error / spread).mean())
    wape = float(error.sum()) / total
    nrmse = float(np.sqrt((error**2).mean())) / (total / len(actual))
    bias = float((forecast - actual).sum()) / total
    if naive is None:
        relative = (1.0, 1.0, 1.0, 1.0)
    else:
        relative = (
            wape / max(naive.wape, 1e-9),
            nrmse / max(naive.nrmse, 1e-9),
            smape / max(naive.smape, 1e-9),
            mase / max(naive.mase, 1e-9),
        )
    owa = (relative[2] + relative[3]) / 2
    rank = (relative[0] + relative[1]) / 2 if sparse else relative[0] / 2 + owa / 2
    rank += max(0.0, abs(bias) - BIAS_FREE)
    return Score(wape, nrmse, smape, mase, owa, bias, len(actual), rank)


def score_all(origins: tuple[Origin, ...], cls: str) -> dict[str, Score]:
    """Scores of every method that ran on all of a class's scored values."""
    base = stacked(origins, cls, NAIVE)
    if base is None:
        return {}
    sparse = cls in SPARSE
    naive = measure(*base, None, sparse=sparse)
    out = {NAIVE: measure(*base, naive, sparse=sparse)}
    names = sorted({name for origin in origins for name in origin.forecasts} - {NAIVE})
    for name in names:
        values = stacked(origins, cls, name)
        if values is not None:
            out[name] = measure(*values, naive, sparse=sparse)
    return out


def winner(
    origins: tuple[Origin, ...],
    cls: str,
    scores: dict[str, Score],
    default: str,
    *,
    short: bool,
) -> str:
    """The best-ranked method that beats the default by the margin, and at most origins too.

    Errors at one origin are correlated over series, so a lead there alone proves little.
    """
    if not scores:
        return default
    if default not in scores:
        return min(scores, key=lambda name: (scores[name].rank, name))
    each = [score_all((origin,), cls) for origin in origins]
    series = np.mean([max(1, int(pick(o, cls).sum())) for o in origins])
    independent = len(origins) * np.sqrt(series)
    margin = MARGIN + MARGIN_PER_ROOT / np.sqrt(independent) + (MARGIN_SHORT if short else 0.0)
    for name in sorted(scores, key=lambda n: (scores[n].rank, n)):
        if scores[name].rank >= scores[default].rank * (1 - margin):
            return default
        both = [e for e in each if name in e and default in e]
        won = sum(e[name].rank < e[default].rank for e in both)
        if won >= CONSISTENT_SHARE * len(both):
            return name
    return default


def correction(origins: tuple[Origin, ...], cls: str, method: str) -> float:
    """The factor against a bias that every origin shows in the same direction; 1 for none.

    Shrunk to 70 % of what it is beyond its own uncertainty (squared standard error over the
    origins, as a share of the squared bias) and kept within 0.75-1.3; 1 with fewer than four
    origins, or where values or forecasts sum to nothing.
    """
    sums = []
    for origin in origins:
        one = stacked((origin,), cls, method)
        if one is not None and one[0].sum() > 0 and one[1].sum() > 0:
            sums.append((float(one[0].sum()), float(one[1].sum())))
    if len(sums) < CORRECTION_ORIGINS:
        return 1.0
    ratios = np.array([a / f for a, f in sums])
    pooled = sum(a for a, _ in sums) / sum(f for _, f in sums)
    if not ((ratios > 1).all() or (ratios < 1).all()) or abs(pooled - 1) < MIN_CORRECTION:
        return 1.0
    error = float(ratios.std(ddof=1)) / np.sqrt(len(ratios))
    sure = max(0.0, 1 - (error / (pooled - 1)) ** 2)
    return float(np.clip(1 + CORRECTION_SHARE * sure * (pooled - 1), *CORRECTION_RANGE))
