"""Rolling origins: every candidate forecasts the recent past from what was known before it.

An origin is so many periods before each series' end. The models of an origin are fitted on the
panel cut there; nothing after it can reach them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tools.analytics.forecast import features, gbm, pool
from tools.analytics.forecast.series import Floats, Ints, Panel, demand_classes, scales

SMALL_ROWS = 30_000
SMALL_BAGS = 3
"""Seeds averaged where fitting is cheap."""
Progress = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Origin:
    """Candidates' forecasts at one origin.

    Attributes:
        dropped: periods between the origin and the series' ends.
        rows: rows of the whole panel that had history then.
        classes: their demand classes as known then.
        scale: trailing mean absolute values as known then.
        spread: typical step-to-step change as known then, > 0.
        actual: rows × horizon, NaN beyond the series' ends.
        forecasts: per candidate, rows × horizon, NaN where it does not run.
    """

    dropped: int
    rows: Ints
    classes: np.ndarray[tuple[int], np.dtype[np.object_]]
    scale: Floats
    spread: Floats
    actual: Floats
    forecasts: dict[str, Floats]


@dataclass(frozen=True)
class Setup:
    """What stays the same at all origins."""

    horizon: int
    fitting: pool.Fitting
    seed: int
    use_global: bool
    additive: bool = False


def origins(
    panel: Panel, horizon: int, wanted: int | None = None, *, additive: bool = False
) -> tuple[int, ...]:
    """Periods dropped at each rolling origin, most recent first; empty if no series is long enough.

    The first leaves a whole horizon to score, later ones step back by it (by half of it
    where it spans a season). A horizon longer than a third of the typical history is scored as
    far as a third of it. Typical is the history that a quarter of the series have: where most
    are new, the older ones still tell; where the series are parts of one whole (`additive`), it
    is the whole's.
    """
    typical = int(panel.periods if additive else np.quantile(panel.lengths, 0.75))
    scored = max(1, min(horizon, typical // 3))
    step = scored if scored < panel.season else max(1, scored // 2)
    count = wanted or (2 if scored >= 12 else 4)
    least = max(3, min(panel.season + 2, typical // 3))
    found = [scored + i * step for i in range(count)]
    return tuple(d for d in found if typical - d >= least or (d == scored and typical - d >= 2))


def run(panel: Panel, setup: Setup, statics: Floats, dropped: int) -> Origin | None:
    """All candidates at one origin; None where no series had history."""
    past, rows = panel.before(dropped, least=2)
    if not len(rows):
        return None
    actual = np.full((len(rows), setup.horizon), np.nan)
    known = min(dropped, setup.horizon)
    start = panel.periods - dropped
    actual[:, :known] = panel.values[rows, start : start + known]
    return Origin(
        dropped,
        rows,
        demand_classes(past),
        scales(past),
        spreads(past),
        actual,
        candidates(past, setup, statics[rows]),
    )


def candidates(past: Panel, setup: Setup, statics: Floats) -> dict[str, Floats]:
    """Every candidate's forecast from the panel's end: the pool, its median, the global models."""
    made = pool.pool(past, setup.horizon, setup.fitting)
    made["Median"] = pool.median(made, np.arange(len(past)))
    if not setup.use_global:
        return made
    training = gbm.training_rows(past, setup.horizon, statics, additive=setup.additive)
    if training is None:
        return made
    rows = features.rows_at(past, 0, setup.horizon, statics, least=1, additive=setup.additive)
    made["Baseline"] = rows.base.reshape(len(past), setup.horizon) * rows.scale[:, None]
    kinds: tuple[gbm.Kind, ...] = gbm.kinds_for(past)
    for kind in kinds:
        model = gbm.fit(
            training,
            kind,
            setup.horizon,
            nonnegative=past.nonnegative,
            seed=setup.seed,
            n_jobs=setup.fitting.n_jobs,
            bags=SMALL_BAGS if len(training.target) < SMALL_ROWS else 1,
        )
        made[gbm.NAMES[kind]] = model.predict(rows)
    several = [made[gbm.NAMES[k]] for k in kinds if k in gbm.AVERAGED or kinds == gbm.FALLBACK]
    made["Global"] = np.asarray(np.mean(several, axis=0), dtype=np.float64)
    return made


def spreads(panel: Panel) -> Floats:
    """Mean absolute change between neighbouring periods over two seasons, at least 5 % of scale."""
    width = min(max(2 * panel.season, 12), 104) + 1
    change = np.abs(np.diff(panel.values[:, -width:], axis=1))
    counts = np.maximum((~np.isnan(change)).sum(axis=1), 1)
    typical = np.nansum(change, axis=1) / counts
    return np.asarray(np.maximum(typical, 0.05 * scales(panel)), dtype=np.float64)
