"""New series: the launch curve of their peers, giving way to their own history over half a year.

A partner of two months has no season and no trend to fit. What its peers (same cluster, region or
type) sold in their first periods does say something, once scaled to what this one has sold so far.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leadline.errors import InputError
from tools.analytics.forecast.series import Floats, Panel

OWN_HALF_PERIODS = 3.0
"""Own periods at which own level and peers' level weigh the same (full history by about six)."""
MIN_PEERS = 3
"""Launches a group needs; with fewer, all launches together stand in."""


@dataclass(frozen=True, eq=False)
class Launch:
    """Forecasts of new series.

    Attributes:
        mean: rows × horizon, input units, not negative.
        own_weight: rows; share of own history in the level, 0 for none.
        peers: rows; launches that the curve was learnt from.
        low_confidence: rows; always True below six own periods.
    """

    mean: Floats
    own_weight: Floats
    peers: NDArray[np.int64]
    low_confidence: NDArray[np.bool_]


def launch_curves(
    panel: Panel, groups: NDArray[np.object_], length: int
) -> dict[str, tuple[Floats, int]]:
    """Each group's mean sales by period since first demand, and its number of launches.

    Only series whose first demand lies after the panel's first column (a real launch was seen)
    count; "" is the curve of all. Periods nobody reached repeat the last known mean.
    """
    values = np.nan_to_num(panel.values)
    started = (values != 0).argmax(axis=1)
    real = (started > 0) & (values != 0).any(axis=1)
    curves: dict[str, tuple[Floats, int]] = {}
    for name in ("", *sorted({str(g) for g in groups})):
        rows = np.flatnonzero(real & ((groups.astype(str) == name) | (name == "")))
        lined = np.full((len(rows), length), np.nan)
        for place, row in enumerate(rows):
            line = values[row, started[row] : started[row] + length]
            lined[place, : len(line)] = line
        curves[name] = (_mean_carried(lined), len(rows))
    return curves


def _mean_carried(lined: Floats) -> Floats:
    out = np.zeros(lined.shape[1])
    last = 0.0
    for step in range(lined.shape[1]):
        known = lined[~np.isnan(lined[:, step]), step]
        last = float(known.mean()) if len(known) else last
        out[step] = last
    return out


def cold_start(
    own: tuple[Floats, ...],
    own_groups: tuple[str, ...],
    curves: dict[str, tuple[Floats, int]],
    horizon: int,
) -> Launch:
    """Forecast series of fewer periods than a model needs.

    Args:
        own: per series its values since first demand, oldest first; may be empty.
        own_groups: per series its group.
        curves: from `launch_curves`, as long as the longest history plus the horizon.
        horizon: periods ahead.

    Raises:
        InputError: the curves are too short.
    """
    means, weights, peers = [], [], []
    for history, group in zip(own, own_groups, strict=True):
        curve, count = curves.get(group, curves[""])
        if count < MIN_PEERS:
            curve, count = curves[""]
        age = len(history)
        if len(curve) < age + horizon:
            raise InputError(f"A launch curve of {len(curve)} periods ends before {age + horizon}.")
        weight = age / (age + OWN_HALF_PERIODS)
        expected = float(curve[:age].sum())
        ratio = float(history.sum()) / expected if expected > 0 else 1.0
        level = 1 + weight * (ratio - 1)
        means.append(np.maximum(curve[age : age + horizon] * level, 0.0))
        weights.append(weight)
        peers.append(count)
    ages = np.array([len(h) for h in own])
    return Launch(
        np.array(means).reshape(len(own), horizon),
        np.array(weights),
        np.array(peers, dtype=np.int64),
        ages < 2 * OWN_HALF_PERIODS,
    )
