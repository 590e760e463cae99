"""One gradient-boosted model for all series: direct, any step ahead, on scaled targets.

Three kinds. "dense" learns what the baseline misses and "level" the value itself, in units of the
trailing mean, under L1; "rate" learns demand ÷ trailing mean under a Tweedie loss, which keeps the
mean of intermittent demand. The scikit-learn histogram booster takes the same rows as a competitor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from tools.analytics.forecast.features import Floats32, Rows, rows_at, targets
from tools.analytics.forecast.series import SPARSE, Floats, Panel, demand_classes

Kind = Literal["dense", "level", "rate", "histogram"]
NAMES: dict[Kind, str] = {
    "dense": "GlobalDense",
    "level": "GlobalLevel",
    "rate": "GlobalRate",
    "histogram": "GlobalHistogram",
}
AVERAGED: tuple[Kind, ...] = ("dense", "level", "rate")
"""The LightGBM kinds whose mean is the candidate "Global"; the histogram booster races alone."""

FALLBACK: tuple[Kind, ...] = ("histogram",)
"""The kinds where LightGBM cannot be loaded."""
MAX_ROWS = 450_000
"""Training rows; beyond it origins are thinned, the most recent kept."""
TARGET_LIMIT = 6.0
"""Dense targets are cut at this many trailing means: beyond lies a break, not a pattern."""
RATE_LIMIT = 60.0
SHORT_CYCLES = 3
SPARSE_SHARE = 0.15
"""Share of sparse series up to which a set counts as dense."""
ROUNDS: dict[Kind, int] = {"dense": 300, "level": 400, "rate": 250, "histogram": 200}
SMALL_ROUNDS = 150
"""Rounds of the L1 kinds on few rows."""
MIN_HISTORY = 3
"""Observations before a training origin."""


@dataclass(frozen=True, eq=False)
class GlobalModel:
    """A fitted model; `predict` gives series × horizon in the input's units."""

    kind: Kind
    horizon: int
    nonnegative: bool
    predictors: tuple[Callable[[Floats32], Floats], ...]

    def predict(self, rows: Rows) -> Floats:
        """The mean of the seeds' forecasts for an origin's rows."""
        made = np.mean([p(rows.x) for p in self.predictors], axis=0)
        unit = made + rows.base if self.kind == "dense" else made
        out = unit.reshape(len(rows.kept), self.horizon) * rows.scale[:, None]
        floor = 0.0 if self.nonnegative else -np.inf
        return np.asarray(np.maximum(out, floor), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Training:
    """Rows of many origins with their targets, weights and (for the seeds) row count."""

    x: Floats32
    base: Floats
    target: Floats
    weight: Floats


@cache
def has_lightgbm() -> bool:
    """Whether LightGBM can be loaded: its wheel needs the system's OpenMP (libgomp)."""
    try:
        import lightgbm  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


def told(method: str) -> str:
    """A method's name, saying so where the histogram booster stands in for LightGBM."""
    stands_in = method in ("Blend", "Global") and not has_lightgbm()
    return f"{method}Histogram" if stands_in else method


def kinds_for(panel: Panel) -> tuple[Kind, ...]:
    """Which kinds suit the panel.

    Tweedie where history is under three cycles (season and growth must be learnt across series,
    in shares) or most series are sparse; L1 on long dense sets; one of each between.
    """
    sparse = float(np.isin(demand_classes(panel), SPARSE).mean())
    if not has_lightgbm():
        return FALLBACK
    if not panel.nonnegative:
        return ("dense", "level")
    if np.median(panel.lengths) < SHORT_CYCLES * panel.season or sparse > 1 - SPARSE_SHARE:
        return ("rate",)
    return ("dense", "level") if sparse < SPARSE_SHARE else ("dense", "rate")


def training_rows(
    panel: Panel, horizon: int, statics: Floats, *, stop: int = 0, additive: bool = False
) -> Training | None:
    """Rows of all origins whose targets lie before the last `stop` periods; None if too few."""
    shown = panel.before(stop)[0] if stop else panel
    still = statics[panel.before(stop)[1]] if stop else statics
    least = max(MIN_HISTORY, min(shown.season + 1, int(np.median(shown.lengths)) // 2))
    deepest = int(shown.lengths.max()) - least
    per_origin = max(1, len(shown) * horizon)
    allowed = max(6, MAX_ROWS // per_origin)
    stride = max(1, -(-deepest // allowed))
    parts: list[tuple[Floats32, Floats, Floats, Floats]] = []
    for dropped in range(1, deepest + 1, stride):
        rows = rows_at(shown, dropped, horizon, still, least=least, additive=additive)
        if not len(rows.kept):
            continue
        y = targets(shown, rows, dropped, horizon)
        weight = np.repeat(rows.scale, horizon)
        known = ~np.isnan(y)
        parts.append((rows.x[known], rows.base[known], y[known], weight[known]))
    if not parts or sum(len(p[2]) for p in parts) < 60:
        return None
    x, base, target, weight = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Training(x, base, target, weight)


ROWS_PER_THREAD = 100_000
"""Training rows from which more than one thread pays."""


def fit(
    training: Training,
    kind: Kind,
    horizon: int,
    *,
    nonnegative: bool,
    seed: int,
    n_jobs: int = 1,
    bags: int = 1,
    params: dict[str, object] | None = None,
) -> GlobalModel:
    """Fit one model of a kind; deterministic for a seed."""
    fitted = tuple(
        _fit_one(training, kind, seed + 1000 * bag, n_jobs, params or {}) for bag in range(bags)
    )
    return GlobalModel(kind, horizon, nonnegative, fitted)


def _fit_one(
    training: Training, kind: Kind, seed: int, n_jobs: int, extra: dict[str, object]
) -> Callable[[Floats32], Floats]:
    rows = len(training.target)
    # Threads that wait for each other cost more than they give on few rows, and on a busy machine
    # many times more.
    threads = n_jobs if rows >= ROWS_PER_THREAD else 1
    weight = None
    if kind == "dense":
        y = np.clip(training.target - training.base, -TARGET_LIMIT, TARGET_LIMIT)
    elif kind == "level":
        y = np.clip(training.target, -RATE_LIMIT, RATE_LIMIT)
    else:
        least = -RATE_LIMIT if kind == "histogram" else 0.0
        y = np.clip(training.target, least, RATE_LIMIT)
        weight = np.sqrt(training.weight / training.weight.mean())
    if kind == "rate" and not float(y.sum()) > 0:
        return lambda x: np.zeros(len(x))  # no demand at all: a Tweedie loss has nothing to learn
    if kind == "histogram":
        return _histogram(training.x, y, weight, seed)
    import lightgbm

    params: dict[str, object] = {
        "objective": "tweedie" if kind == "rate" else "l1",
        "tweedie_variance_power": 1.1,
        "learning_rate": 0.03 if kind == "rate" else 0.05,
        "num_leaves": (63 if kind == "level" else 31) if rows > 20_000 else 15,
        "min_data_in_leaf": int(np.clip(rows // 2000, 10, 200)),
        "feature_fraction": 0.8 if kind == "rate" else 0.5,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "lambda_l2": 1.0,
        "max_bin": 127,
        "seed": seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": threads,
        "verbosity": -1,
    }
    rounds = ROUNDS[kind] if rows > 20_000 or kind == "rate" else SMALL_ROUNDS
    params.update(extra)
    rounds = int(str(params.pop("rounds", rounds)))
    data = lightgbm.Dataset(
        training.x, y, weight=weight, params={"max_bin": params["max_bin"], "verbosity": -1}
    )
    booster = lightgbm.train(params, data, num_boost_round=rounds)
    return lambda x: np.asarray(booster.predict(x, num_threads=threads), dtype=np.float64)


def _histogram(
    x: Floats32, y: Floats, weight: Floats | None, seed: int
) -> Callable[[Floats32], Floats]:
    from sklearn.ensemble import HistGradientBoostingRegressor

    model = HistGradientBoostingRegressor(
        loss="poisson" if float(y.min()) >= 0 and float(y.sum()) > 0 else "absolute_error",
        max_iter=ROUNDS["histogram"],
        learning_rate=0.06,
        max_leaf_nodes=31,
        min_samples_leaf=20,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=seed,
    )
    known = ~np.isnan(x).all(axis=0)  # a column without any value has no bins
    model.fit(x[:, known], y, sample_weight=weight)
    return lambda rows: np.asarray(model.predict(rows[:, known]), dtype=np.float64)
