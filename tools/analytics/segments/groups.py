"""Groups of partners that behave alike: how many, how stable, and what each is called.

Logged features are scaled by median and interquartile range, k-means makes the groups, their number
is chosen by silhouette among those that come out alike on resampled partners, and rules on the
centres name them. Source: the partner KPI catalogue (segments).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tools.analytics.profile.facts import Floats, Ints
from tools.analytics.segments.features import FEATURES, Behaviour

SEGMENTS: Final = ("high_potential", "stable", "opportunistic", "insufficient_history")
NAMED: Final = SEGMENTS[:3]
"""What the rules can call a group."""

MOST_GROUPS: Final = 6
RESAMPLES: Final = 20
STABLE_ENOUGH: Final = 0.9
"""Numbers of groups count whose agreement between resamples reaches this share of the best."""

LEAST_PARTNERS: Final = 30
"""With fewer partners groups mean nothing."""

SAMPLE: Final = 1500
"""Silhouette and resampling look at so many partners at most: they cost the square."""

WIDTH: Final = 3.0
"""Scaled features are cut off there, so that an extreme partner forms no group of its own."""

SEED: Final = 4_210

RULES: Final[dict[str, dict[str, float]]] = {
    "high_potential": {"growth": 1.0, "pipeline": 1.0, "opportunities": 0.5},
    "stable": {"variation": -1.0, "pauses": -0.5, "unevenness": -0.5, "tenure": 1.0},
    "opportunistic": {"variation": 1.0, "pauses": 0.5, "unevenness": 0.5, "activity": -1.0},
}
"""How much each scaled feature of a centre speaks for a name: growth and pipeline; low variation
and long tenure; bursts and low engagement. Features that the data lacks say nothing."""


@dataclass(frozen=True)
class Groups:
    """Fitted groups and how well they hold.

    `centres` is groups × used features in scaled units, `names` what each group is called,
    `columns` the used features (positions in FEATURES).
    """

    centres: Floats
    names: tuple[str, ...]
    columns: Ints
    silhouette: float
    stability: float
    resampled: tuple[tuple[Floats, tuple[str, ...]], ...]
    """Centres and names of the groups of each resample: how sure a name is."""


def scaled(behaviour: Behaviour) -> Floats:
    """Features less their median over partners with history, per interquartile range, within ±3.

    Each day has medians of its own, so a channel that grows as a whole moves nobody. A feature
    without spread, or missing for a partner, is zero: it says nothing. One that the data lacks
    altogether is NaN for all.
    """
    logged = behaviour.logged()
    base = logged[behaviour.recent]
    out = np.full(logged.shape, np.nan)
    for at in range(logged.shape[1]):
        known = base[np.isfinite(base[:, at]), at]
        if not len(known):
            continue
        low, middle, high = np.quantile(known, [0.25, 0.5, 0.75])
        spread = high - low
        if spread <= 1e-9:
            spread = float(known.std()) or 1.0
        column = np.clip((logged[:, at] - middle) / spread, -WIDTH, WIDTH)
        out[:, at] = np.where(np.isfinite(logged[:, at]), column, 0.0)
    return out


def find_groups(behaviour: Behaviour) -> Groups | None:
    """The groups at one day, or None with too few partners or no features that differ."""
    values = scaled(behaviour)
    columns = np.flatnonzero(np.isfinite(values).all(axis=0) & (np.ptp(values, axis=0) > 0))
    points = values[behaviour.recent][:, columns]
    if len(points) < LEAST_PARTNERS or len(columns) < 2:
        return None
    random = np.random.default_rng(SEED)
    if len(points) > SAMPLE:
        looked_at = points[np.sort(random.choice(len(points), SAMPLE, replace=False))]
    else:
        looked_at = points
    tried = {k: _quality(looked_at, k) for k in range(2, MOST_GROUPS + 1)}
    best = max(stability for _, stability, _ in tried.values())
    steady = [k for k, found in tried.items() if found[1] >= STABLE_ENOUGH * best]
    k = max(steady, key=lambda k: (round(tried[k][0], 6), -k))
    centres = _k_means(points, k, SEED)
    silhouette, stability, resampled = tried[k]
    named = tuple((c, names_of(c, columns)) for c in resampled)
    return Groups(centres, names_of(centres, columns), columns, silhouette, stability, named)


def _quality(points: Floats, k: int) -> tuple[float, float, tuple[Floats, ...]]:
    """Silhouette, agreement between resamples, and the resamples' centres.

    Agreement is the mean adjusted Rand index between the groups of resampled partners and those of
    all, both over the same points.
    """
    from sklearn.metrics import adjusted_rand_score, silhouette_score

    whole = nearest_of(points, _k_means(points, k, SEED))
    if len(np.unique(whole)) < 2:
        return -1.0, 0.0, ()
    random = np.random.default_rng(SEED + k)
    found, agreed = [], []
    for turn in range(RESAMPLES):
        drawn = points[random.integers(0, len(points), len(points))]
        centres = _k_means(drawn, k, SEED + turn, starts=3)
        agreed.append(adjusted_rand_score(whole, nearest_of(points, centres)))
        found.append(centres)
    return float(silhouette_score(points, whole)), float(np.mean(agreed)), tuple(found)


def _k_means(points: Floats, k: int, seed: int, starts: int = 10) -> Floats:
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(1):  # waiting threads cost more than these small sums
        fitted = KMeans(n_clusters=k, n_init=starts, random_state=seed).fit(points)
    centres = fitted.cluster_centers_
    return np.asarray(centres[np.lexsort(centres.T[::-1])], dtype=np.float64)


def nearest_of(points: Floats, centres: Floats) -> npt.NDArray[np.int64]:
    """The nearest centre of each point."""
    return np.asarray(np.argmin(squared(points, centres), axis=1), dtype=np.int64)


def squared(points: Floats, centres: Floats) -> Floats:
    """Squared distances, points × centres."""
    flat = (points**2).sum(axis=1)[:, None] + (centres**2).sum(axis=1)[None, :]
    return np.asarray(np.maximum(flat - 2.0 * points @ centres.T, 0.0), dtype=np.float64)


def names_of(centres: Floats, columns: Ints) -> tuple[str, ...]:
    """The name of each centre: the rule that it fits best.

    A group is called high potential only if it grows more than the median partner.
    """
    place = {FEATURES[at]: i for i, at in enumerate(columns)}
    names = []
    for centre in centres:
        fits: dict[str, float] = {}
        for name, rule in RULES.items():
            parts = [(w, w * centre[place[f]]) for f, w in rule.items() if f in place]
            weight = sum(abs(w) for w, _ in parts)
            fits[name] = sum(p for _, p in parts) / weight if weight else -WIDTH
        if "growth" in place and centre[place["growth"]] <= 0:
            fits.pop("high_potential")
        names.append(max(fits, key=lambda name: fits[name]))
    return tuple(names)


def shares(points: Floats, centres: Floats, names: tuple[str, ...]) -> Floats:
    """How near each point lies to each name, points × NAMED, rows summing to one.

    Inverse squared distances to the nearest group of each name.
    """
    distance = squared(points, centres) + 1e-6
    near = np.zeros((len(points), len(NAMED)))
    for at, name in enumerate(NAMED):
        own = [i for i, called in enumerate(names) if called == name]
        if own:
            near[:, at] = 1.0 / distance[:, own].min(axis=1)
    return np.asarray(near / near.sum(axis=1, keepdims=True), dtype=np.float64)
