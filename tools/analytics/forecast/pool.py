"""The statistical pool: one fitted model per series, through statsforecast.

Integer time steps stand in for dates, so any frequency takes the same path and a distributed run
gives the same numbers. What cannot be fitted falls back to the seasonal naive forecast.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from tools.analytics.forecast.baseline import baseline
from tools.analytics.forecast.harmonic import harmonic
from tools.analytics.forecast.series import SPARSE, Floats, Ints, Panel, demand_classes

Backend = Literal["dask", "ray"]

SECONDS = {"DOT": 0.004, "CES": 0.003, "ETS": 0.030, "TSB": 0.0003, "IMAPA": 0.0004}
"""Seconds per fit of 120 monthly values on one core; longer series cost in proportion."""
BUDGET_S = 420.0
"""Fitting time over all origins that a pool may cost by `SECONDS`; dearer models are left out."""
LONG_SEASON = 24
"""Above this a seasonal state per period is too dear: CES and ETS are left out, waves come in."""
LONG_MODELS = ("Harmonic", "Baseline")
"""Models of dense series with a long season, next to DOT; fitted for all series at once."""
DENSE_MODELS = ("DOT", "CES", "ETS")
SPARSE_MODELS = ("TSB", "IMAPA")
MIN_PARALLEL = 100
"""Series from which starting further processes pays."""
MIN_FOR_MODELS = 5
"""Observations below which only the naive forecasts apply."""


@dataclass(frozen=True)
class Fitting:
    """How to run the pool: the models, worker processes and the cluster, if any."""

    models: tuple[str, ...]
    n_jobs: int = 1
    backend: Backend | None = None


def affordable(panel: Panel, origins: int) -> tuple[str, ...]:
    """The models that this many fits of each series can pay for, cheapest first."""
    classes = demand_classes(panel)
    sparse = np.isin(classes, SPARSE)
    length = float(np.mean(np.minimum(panel.lengths, 600))) / 120
    left = BUDGET_S
    chosen: list[str] = []
    for name in ("TSB", "IMAPA", "DOT", "CES", "ETS"):
        if name in SPARSE_MODELS:
            count = int(sparse.sum()) if panel.nonnegative else 0
        else:
            # Sparse series only run DOT, to keep a drifting model in their race.
            count = len(panel) if name == "DOT" else int((~sparse).sum())
            if name != "DOT" and panel.season > LONG_SEASON:
                count = 0
        cost = count * origins * SECONDS[name] * length * max(1.0, panel.season / 12)
        if count and cost <= left:
            chosen.append(name)
            left -= cost
    return tuple(chosen)


def seasonal_naive(panel: Panel, horizon: int) -> Floats:
    """The last cycle repeated; series shorter than a cycle repeat their last value."""
    season = panel.season
    last = panel.values[:, -1]
    out = np.repeat(last[:, None], horizon, axis=1)
    full = panel.lengths >= season
    if full.any():
        cycle = panel.values[full, panel.periods - season :]
        out[full] = cycle[:, np.arange(horizon) % season]
    return out


def pool(panel: Panel, horizon: int, fitting: Fitting) -> dict[str, Floats]:
    """Forecasts of each model, series × horizon; NaN where a model does not run on a class.

    SeasonalNaive is always there. A forecast that is not finite, or over ten times the largest
    value seen, is replaced by the seasonal naive one. Non-negative panels get no negative forecast.
    """
    naive = seasonal_naive(panel, horizon)
    out = {"SeasonalNaive": naive}
    sparse = np.isin(demand_classes(panel), SPARSE)
    long_enough = panel.lengths >= MIN_FOR_MODELS
    varied = np.nanmax(panel.values, axis=1) > np.nanmin(panel.values, axis=1)
    for names, of_kind in (
        (("DOT",), np.ones(len(panel), dtype=bool)),
        (("CES", "ETS"), ~sparse),
        (SPARSE_MODELS, sparse),
    ):
        wanted = tuple(n for n in names if n in fitting.models)
        rows = np.flatnonzero(of_kind & long_enough & varied)
        if not wanted or not len(rows):
            continue
        made = _fitted(panel.take(rows), horizon, wanted, fitting)
        for name, values in made.items():
            full = np.where(of_kind[:, None], naive, np.nan)
            full[rows] = np.where(np.isfinite(values), values, naive[rows])
            out[name] = _sane(full, naive, panel)
    if panel.season > LONG_SEASON:
        of_dense = (~sparse & long_enough & varied)[:, None]
        waved = harmonic(panel, horizon)
        ground = baseline(panel.values, horizon, panel.season).forecast
        for name, values in zip(LONG_MODELS, (waved, ground), strict=True):
            full = np.where(of_dense, values, np.where(sparse[:, None], np.nan, naive))
            out[name] = _sane(full, naive, panel)
    return out


def _sane(values: Floats, naive: Floats, panel: Panel) -> Floats:
    limit = 10 * np.nanmax(np.abs(panel.values), axis=1)[:, None]
    values = np.where(np.abs(values) > limit, naive, values)
    return np.where(values < 0, 0.0, values) if panel.nonnegative else values


def long_steps(panel: Panel) -> pd.DataFrame:
    """unique_id (row number), ds (integer step, the last observation at 0) and y."""
    present = ~np.isnan(panel.values)
    rows, columns = np.nonzero(present)
    return pd.DataFrame(
        {
            "unique_id": rows.astype(np.int64),
            "ds": (columns - panel.periods + 1).astype(np.int64),
            "y": panel.values[present],
        }
    )


def _fitted(
    panel: Panel, horizon: int, names: tuple[str, ...], fitting: Fitting
) -> dict[str, Floats]:
    from statsforecast import StatsForecast
    from statsforecast.models import SeasonalNaive

    frame = long_steps(panel)
    engine = StatsForecast(
        models=[_model(name, panel.season) for name in names],
        freq=1,
        n_jobs=fitting.n_jobs if fitting.backend is None and len(panel) >= MIN_PARALLEL else 1,
        fallback_model=SeasonalNaive(season_length=panel.season),
    )
    if fitting.backend is not None:
        from tools.analytics.forecast.distributed import spread_out

        made = spread_out(engine, frame, horizon, fitting.backend)
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # models warn per series about short histories
            made = engine.forecast(df=frame, h=horizon)
    made = made.sort_values(["unique_id", "ds"], kind="stable")
    # A cluster hands back single precision; one machine rounds likewise, so the numbers are equal.
    single = made.loc[:, list(names)].astype("float32").astype("float64")
    return {n: single[n].to_numpy().reshape(len(panel), horizon) for n in names}


def _model(name: str, season: int) -> Any:
    from statsforecast import models

    if name == "DOT":
        return models.DynamicOptimizedTheta(season_length=season, alias=name)
    if name == "CES":
        return models.AutoCES(season_length=season, alias=name)
    if name == "ETS":
        # Error and season chosen, trend additive and damped: a fifth of the full search's time.
        return models.AutoETS(season_length=season, model="ZAZ", damped=True, alias=name)
    if name == "TSB":
        return models.TSB(alpha_d=0.2, alpha_p=0.2, alias=name)
    return models.IMAPA(alias=name)


def median(forecasts: dict[str, Floats], rows: Ints) -> Floats:
    """The median of the fitted models that run on these rows, seasonal naive only if alone."""
    fits = (*SECONDS, *LONG_MODELS)
    fitted = [v[rows] for n, v in forecasts.items() if n in fits and not np.isnan(v[rows]).all()]
    if not fitted:
        return forecasts["SeasonalNaive"][rows]
    return np.asarray(np.nanmedian(np.stack(fitted), axis=0), dtype=np.float64)
