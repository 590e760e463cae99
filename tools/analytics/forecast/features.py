"""Rows for the global model: what was known at an origin, and which period is asked for.

One row is (series, origin, step ahead). Everything is divided by the series' trailing mean at that
origin, so series of any size teach one model; nothing right of the origin is read except the
target itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.analytics.forecast.baseline import Baseline, baseline
from tools.analytics.forecast.covariates import calendar
from tools.analytics.forecast.series import Floats, Ints, Panel, dates_ahead, scales

Floats32 = NDArray[np.float32]
RECENT_LAGS = 13
"""Lags of the last periods, most recent first; seasonal lags come on top."""
WINDOWS = (3, 6, 12, 24)
SEASONS_BACK = 3
FAR = 99.0
"""Periods since the last demand where there was none."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Feature rows of one origin; `series × horizon` rows in that order.

    Attributes:
        x: rows × features.
        base: rows; the baseline's forecast ÷ scale.
        scale: series; what values were divided by.
        kept: series rows of the panel asked for that have history at this origin.
    """

    x: Floats32
    base: Floats
    scale: Floats
    kept: Ints


def rows_at(
    panel: Panel, dropped: int, horizon: int, statics: Floats, *, least: int, additive: bool = False
) -> Rows:
    """Rows for the origin `dropped` periods before the panel's end.

    Args:
        panel: the series.
        dropped: periods between the origin and the last observation, ≥ 0.
        horizon: steps ahead.
        statics: series × any number of numbers that do not change (may have no column).
        least: least observations for a series to be kept.
        additive: the series share a unit and an end, so that their sum over all and over each
            static member tells about the market.
    """
    past, kept = panel.before(dropped, least=least)
    scale = scales(past)
    ground = baseline(past.values, horizon, panel.season)
    base = ground.forecast / scale[:, None]
    unit = past.values / scale[:, None]
    fixed = _origin_features(unit, ground, scale, past, statics[kept])
    moving = _step_features(unit, ground, base, past, horizon)
    if additive:
        market = [_market(past, horizon, codes[kept]) for codes in _memberships(statics)]
        moving = np.concatenate([moving, *market], axis=2)
    count = len(kept)
    x = np.empty((count, horizon, fixed.shape[1] + moving.shape[2]), dtype=np.float32)
    x[:, :, : fixed.shape[1]] = fixed[:, None, :]
    x[:, :, fixed.shape[1] :] = moving
    return Rows(x.reshape(count * horizon, -1), base.ravel(), scale, kept)


def targets(panel: Panel, rows: Rows, dropped: int, horizon: int) -> Floats:
    """The values asked for ÷ scale, NaN where the step lies after the panel's end."""
    out = np.full((len(rows.kept), horizon), np.nan)
    known = min(dropped, horizon)
    start = panel.periods - dropped
    out[:, :known] = panel.values[rows.kept, start : start + known] / rows.scale[:, None]
    return out.ravel()


def _origin_features(
    unit: Floats, ground: Baseline, scale: Floats, past: Panel, statics: Floats
) -> Floats:
    """Series × features that are the same for every step ahead."""
    count, periods = unit.shape
    columns: list[Floats] = []
    lags = min(RECENT_LAGS, max(past.season, 6) + 1)
    padded = np.concatenate([np.full((count, max(0, 26 - periods)), np.nan), unit], axis=1)
    adjusted = ground.adjusted / scale[:, None]
    adjusted = np.concatenate([np.full((count, max(0, 26 - periods)), np.nan), adjusted], axis=1)
    columns += [adjusted[:, -1 - lag] for lag in range(lags)]
    demand = np.where(np.isnan(padded), np.nan, (padded != 0).astype(np.float64))
    for window in WINDOWS:
        part = padded[:, -window:]
        columns += [_mean(part), _mean(demand[:, -window:])]
        recent = adjusted[:, -window:]
        columns.append(np.sqrt(_mean((recent - _mean(recent)[:, None]) ** 2)))
        columns.append(_slope_of(recent))
    nonzero = np.nan_to_num(padded) != 0
    since = np.where(nonzero.any(axis=1), nonzero[:, ::-1].argmax(axis=1), FAR)
    columns += [since, *_intervals(nonzero, past.lengths)]
    columns += [np.log1p(past.lengths), np.log1p(scale), (ground.index**2).mean(axis=1)]
    steps = np.abs(np.diff(adjusted, axis=1))
    columns += [_mean(steps[:, -12:]), _mean(steps)]
    columns += list((ground.levels / scale[:, None]).T)
    columns.append(ground.drift / scale)
    return np.column_stack([*columns, statics])


def _step_features(
    unit: Floats, ground: Baseline, base: Floats, past: Panel, horizon: int
) -> Floats:
    """Series × horizon × features that differ by the step ahead."""
    count = len(unit)
    season = past.season
    planes: list[Floats] = [np.broadcast_to(np.arange(1, horizon + 1), (count, horizon)), base]
    slot = np.arange(horizon) % season
    planes.append(ground.index[:, slot])
    planes.append(np.broadcast_to(ground.index[:, [(season - 1)]], (count, horizon)))
    cycles = -(-np.arange(1, horizon + 1) // season)
    for back in range(SEASONS_BACK):
        for near in (-1, 0, 1) if back == 0 else (0,):
            # The same season's period `back` whole cycles before the latest known one, ± 1.
            lag = (cycles + back) * season - np.arange(1, horizon + 1) - near
            planes.append(_at_lag(unit, lag))
    if season > 1:
        quarter = np.stack(
            [_at_lag(unit, cycles * season - np.arange(1, horizon + 1) - n) for n in (-1, 0, 1)]
        )
        planes.append(np.nanmean(np.nan_to_num(quarter), axis=0))
    for cycle in (3,):
        lag = -(-np.arange(1, horizon + 1) // cycle) * cycle - np.arange(1, horizon + 1)
        planes += [_at_lag(unit, lag), _at_lag(unit, lag + cycle)]
    ahead = calendar(dates_ahead(past.ends, horizon, past.freq), past.freq)
    planes += list(np.moveaxis(ahead, 2, 0))
    return np.stack(planes, axis=2)


def _memberships(statics: Floats) -> list[Ints]:
    """Group numbers per series: all in one, then by each static column that groups at all.

    Decided on all series, so that every origin of a training has the same features.
    """
    out = [np.zeros(len(statics), dtype=np.int64)]
    for column in statics.T:
        groups = np.unique(np.nan_to_num(column, nan=-1.0), return_inverse=True)[1].astype(np.int64)
        if 1 < groups.max() + 1 <= max(2, len(column) // 3):
            out.append(groups)
    return out


def _market(past: Panel, horizon: int, groups: Ints) -> Floats:
    """Series × horizon × features of the group's sum: its course, last year's season, growth."""
    values = np.zeros((int(groups.max()) + 1, past.periods))
    np.add.at(values, groups, np.nan_to_num(past.values))
    season = max(past.season, 4)
    mean = values[:, -season:].mean(axis=1)
    unit = values / np.where(mean > 0, mean, 1.0)[:, None]
    steps = np.arange(1, horizon + 1)
    lag = -(-steps // season) * season - steps
    planes = [_at_lag(unit, lag)]
    year_ago = unit[:, -season - 3 : -season].mean(axis=1) if past.periods >= season + 3 else np.nan
    now = unit[:, -3:].mean(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.clip(now / year_ago, 0.0, 9.0)
    flat = [growth, now, unit[:, -1], unit[:, -2:].mean(axis=1)]
    planes += [np.broadcast_to(f[:, None], (len(unit), horizon)) for f in flat]
    planes.append(planes[0] * growth[:, None])
    return np.stack(planes, axis=2)[groups]


def _at_lag(unit: Floats, lag: Ints) -> Floats:
    """Series × horizon: the value `lag` periods before the origin (0 = the origin), else NaN."""
    periods = unit.shape[1]
    column = periods - 1 - lag
    out = np.full((unit.shape[0], len(lag)), np.nan)
    inside = (column >= 0) & (column < periods)
    out[:, inside] = unit[:, column[inside]]
    return out


def _mean(part: Floats) -> Floats:
    counts = (~np.isnan(part)).sum(axis=1)
    return np.where(counts > 0, np.nansum(part, axis=1) / np.maximum(counts, 1), np.nan)


def _slope_of(part: Floats) -> Floats:
    """Least-squares slope over the window's columns, NaN values taken as the mean."""
    t = np.arange(part.shape[1]) - (part.shape[1] - 1) / 2
    filled = np.where(np.isnan(part), _mean(part)[:, None], part)
    return np.asarray((filled * t).sum(axis=1) / max((t**2).sum(), 1.0), dtype=np.float64)


def _intervals(nonzero: NDArray[np.bool_], lengths: Ints) -> list[Floats]:
    """Mean periods between demands, and the last interval, in periods."""
    demands = nonzero.sum(axis=1)
    last = nonzero.shape[1] - 1 - nonzero[:, ::-1].argmax(axis=1)
    earlier = nonzero.copy()
    earlier[np.arange(len(last)), last] = False
    before = nonzero.shape[1] - 1 - earlier[:, ::-1].argmax(axis=1)
    gap = np.where(demands > 1, last - before, FAR).astype(np.float64)
    return [lengths / np.maximum(demands, 1), gap]
