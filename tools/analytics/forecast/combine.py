"""The blend of the pool's median and the global model, its weight learnt and shrunk.

On dense series the two err differently and half of each is hard to beat; on sparse ones the
global model alone is. The backtest moves the weight from there as far as its sample carries.
"""

from __future__ import annotations

import numpy as np

from tools.analytics.forecast.backtest import Origin
from tools.analytics.forecast.choose import NAIVE, measure, stacked
from tools.analytics.forecast.series import SPARSE, Floats

PRIOR_WEIGHT = {"dense": 0.5, "sparse": 1.0}
"""Weight of the global model before any backtest."""
PRIOR_VALUES = 3000
"""Backtest values that weigh as much as the prior."""
GRID = (0.0, 0.2, 0.35, 0.5, 0.65, 0.8, 1.0)
BLEND = "Blend"


def weight(origins: tuple[Origin, ...], cls: str, *, short: bool) -> float | None:
    """The global model's weight for a class; None where there is no global model.

    `short`: the histories hold under three cycles, too few to fit a season per series. The waves
    of a long season are few enough.
    """
    if not origins or any("Global" not in o.forecasts for o in origins):
        return None
    fitted = not short or all("Harmonic" in o.forecasts for o in origins)
    prior = PRIOR_WEIGHT["dense" if fitted and cls not in SPARSE else "sparse"]
    both = stacked(origins, cls, "Median"), stacked(origins, cls, "Global")
    base = stacked(origins, cls, NAIVE)
    if both[0] is None or both[1] is None or base is None:
        return prior
    actual, median, spread = both[0]
    made = both[1][1]
    naive = measure(*base, None, sparse=cls in SPARSE)
    ranks = [
        measure(actual, w * made + (1 - w) * median, spread, naive, sparse=cls in SPARSE).rank
        for w in GRID
    ]
    best = GRID[int(np.argmin(ranks))]
    count = len(actual)
    return float((count * best + PRIOR_VALUES * prior) / (count + PRIOR_VALUES))


def blend(forecasts: dict[str, Floats], share: float) -> Floats:
    """Mix share × Global + (1 - share) × Median."""
    return np.asarray(share * forecasts["Global"] + (1 - share) * forecasts["Median"])
