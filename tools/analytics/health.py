"""The health score: percentiles among peers, weighted; what is missing weighs nothing.

Winsorised at p5 and p95 and ranked within the peer group (type × region × tenure, wider where few),
averaged per axis, axes averaged by weight over those that have figures. The share of the weight
that had figures is the coverage, shown with the score. Source: the partner KPI catalogue.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from tools.analytics.health_weights import AXES, DEFAULT_WEIGHTS, Axis, HealthWeights
from tools.analytics.profile.catalog import KPI_BY_NAME
from tools.analytics.profile.facts import Facts, Floats, trailing
from tools.analytics.profile.peers import peer_codes, standing
from tools.analytics.profile.table import SIGNS, kpi_matrix

VERSION: Final = "3"
"""Raise it whenever a figure of the table changes."""

MONTHS: Final = 12
MIN_COVERAGE: Final = 0.4
"""With figures for less than this share of the weight there is no score."""


def health_table(facts: Facts, weights: HealthWeights = DEFAULT_WEIGHTS) -> pd.DataFrame:
    """One row per partner, in their order.

    Columns: `partner_id`, `score` (0–100, NaN where coverage is too low), `band` (null likewise),
    `coverage` (share of the weight that had figures), one per axis (0–100, NaN where missing),
    `group` (the widest peer group used, index into `GROUPS`), `amount` (of the window, for
    weighted means), and per KPI `<name>__value`, `<name>__pct`, `<name>__median`, `<name>__pull`
    (points of the score by which it lies above or below the middle of its peers).
    """
    names = [name for axis in AXES for name in weights.kpis.get(axis, {})]
    matrix = kpi_matrix(facts, trailing(facts.as_of, MONTHS))
    signs = np.array([SIGNS[KPI_BY_NAME[name].direction] for name in names])
    codes = peer_codes(facts.partners, facts.as_of)
    place = standing(matrix[names].to_numpy(), signs, codes, winsorised=True)
    position = {name: at for at, name in enumerate(names)}
    scores, held, shares = {}, {}, {}
    for axis in AXES:
        inner = weights.kpis.get(axis, {})
        columns = [position[name] for name in inner]
        scores[axis], held[axis] = _weighted(place.percentile[:, columns], list(inner.values()))
        shares[axis] = inner
    axis_weight = axis_weights(scores, weights)
    table = _table(facts, scores, held, axis_weight, weights)
    table["group"] = np.where(place.group >= 0, place.group, -1).max(axis=1)
    table["amount"] = matrix["sell_in"].to_numpy()
    parts: dict[str, Floats] = {}
    for name, at in position.items():
        axis = next(a for a in AXES if name in weights.kpis.get(a, {}))
        weight = _inside(place.percentile, position, shares[axis], name) * axis_weight[axis]
        parts[f"{name}__value"] = matrix[name].to_numpy()
        parts[f"{name}__pct"] = place.percentile[:, at]
        parts[f"{name}__median"] = place.median[:, at]
        parts[f"{name}__pull"] = 100.0 * weight * (place.percentile[:, at] - 0.5)
    return pd.concat([table, pd.DataFrame(parts)], axis=1)


def _weighted(percentile: Floats, weights: list[float]) -> tuple[Floats, Floats]:
    """Weighted mean × 100 over what is there, and the share of the weight that is there."""
    row = np.asarray(weights, dtype=np.float64)
    if not len(row):
        return np.full(len(percentile), np.nan), np.zeros(len(percentile))
    there = np.isfinite(percentile) * row
    total = there.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(total > 0, np.nansum(percentile * there, axis=1) / total, np.nan)
    return 100.0 * mean, total / row.sum()


def _inside(
    percentile: Floats, position: dict[str, int], inner: dict[str, float], name: str
) -> Floats:
    """What the KPI weighs inside its axis for each partner, NaN where it is missing."""
    there = np.isfinite(percentile[:, [position[n] for n in inner]]) * np.array(
        list(inner.values())
    )
    total = there.sum(axis=1)
    own = np.where(np.isfinite(percentile[:, position[name]]), inner[name], np.nan)
    return np.asarray(own / np.where(total > 0, total, np.nan), dtype=np.float64)


def axis_weights(scores: dict[Axis, Floats], weights: HealthWeights) -> dict[Axis, Floats]:
    """What each axis weighs for each partner: missing axes nothing, all together one.

    The activity axes together weigh at most `activity_cap`, unless nothing else is there, where
    they weigh nothing either: activity alone is no health.
    """
    raw = {
        axis: np.where(np.isfinite(scores[axis]), weights.axes.get(axis, 0.0), 0.0) for axis in AXES
    }
    size = len(raw[AXES[0]])
    active = sum((raw[a] for a in AXES if a in weights.activity_axes), np.zeros(size))
    solid = sum((raw[a] for a in AXES if a not in weights.activity_axes), np.zeros(size))
    total = active + solid
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(total > 0, active / total, 0.0)
        capped = np.where(solid > 0, np.minimum(share, weights.activity_cap), 0.0)
        per_active = np.where(active > 0, capped / active, 0.0)
        per_solid = np.where(solid > 0, (1.0 - capped) / solid, 0.0)
    return {
        axis: raw[axis] * (per_active if axis in weights.activity_axes else per_solid)
        for axis in AXES
    }


def _table(
    facts: Facts,
    scores: dict[Axis, Floats],
    held: dict[Axis, Floats],
    axis_weight: dict[Axis, Floats],
    weights: HealthWeights,
) -> pd.DataFrame:
    whole = sum(weights.axes.values())
    coverage = sum((held[a] * weights.axes.get(a, 0.0) for a in AXES), np.zeros(facts.size)) / whole
    score = sum((axis_weight[a] * np.nan_to_num(scores[a]) for a in AXES), np.zeros(facts.size))
    solid = sum((axis_weight[a] for a in AXES), np.zeros(facts.size)) > 0
    score = np.where(solid & (coverage >= MIN_COVERAGE), score, np.nan)
    table: dict[str, object] = {
        "partner_id": facts.ids,
        "score": score,
        "band": band_of(score, weights),
        "coverage": coverage,
    }
    table.update({str(axis): values for axis, values in scores.items()})
    return pd.DataFrame(table)


def band_of(score: Floats, weights: HealthWeights) -> list[str | None]:
    """healthy, good, watch or poor for each; None without a score."""
    bounds = (weights.watch_over, weights.good_over)
    names = ("poor", "watch", "good")
    at = np.searchsorted(bounds, score, side="right")
    return [
        None if np.isnan(value) else "healthy" if value > weights.healthy_over else names[place]
        for value, place in zip(score, at, strict=True)
    ]
