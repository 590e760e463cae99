"""The one entry: series in, forecasts with intervals, methods and backtest errors out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from leadline.errors import InputError
from tools.analytics.forecast import backtest, pool
from tools.analytics.forecast.assemble import Forecasts, assemble
from tools.analytics.forecast.backtest import Origin, Setup
from tools.analytics.forecast.series import Fill, Floats, Panel, read

Extra = Mapping[str, Mapping[int, Floats]]
"""Forecasts made elsewhere (a sum of lower levels): name → periods dropped (0 = now) → panel rows
× horizon."""

MIN_SERIES_FOR_GLOBAL = 8
"""Fewer series teach no global model."""
MAX_HORIZON = 400


def forecast(
    frame: pd.DataFrame,
    freq: str,
    season: int,
    horizon: int,
    *,
    levels: tuple[int, ...] = (80, 95),
    seed: int = 0,
    n_jobs: int = 1,
    backend: pool.Backend | None = None,
    fill: Fill = "auto",
    statics: pd.DataFrame | None = None,
    progress: Callable[[str], None] | None = None,
) -> Forecasts:
    """Forecast every series `horizon` periods past its last observation.

    Args:
        frame: unique_id, ds, y as for `series.read`.
        freq: pandas alias of the periods ("MS", "QS", "W-MON", "D").
        season: periods per cycle (12, 4, 52, 7; 1 for none).
        horizon: periods ahead, 1 to 400.
        levels: interval levels in per cent, 1 to 99.
        seed: of the global models; the same call gives the same numbers.
        n_jobs: processes for the pool and threads for the global models.
        backend: "dask" or "ray" runs the pool on the connected cluster.
        fill: what a period without a row is, see `series.read`.
        statics: unique_id and columns that do not change, read by the global models only.
        progress: called with a line at each stage.

    Raises:
        InputError: an argument or the frame is wrong.
    """
    if not 1 <= horizon <= MAX_HORIZON:
        raise InputError(f"A horizon of {horizon} is none.", hint=f"Give 1 to {MAX_HORIZON}.")
    if not levels or any(not 1 <= level <= 99 for level in levels):
        raise InputError(f"Interval levels {levels} are none.", hint="Give per cent, 1 to 99.")
    panel = read(frame, freq, season, fill=fill)
    return forecast_panel(
        panel,
        horizon,
        levels=levels,
        seed=seed,
        n_jobs=n_jobs,
        backend=backend,
        statics=coded(panel, statics),
        progress=progress,
    )


def coded(panel: Panel, statics: pd.DataFrame | None) -> Floats:
    """Panel rows × static columns as numbers; texts become their order, unknown series NaN."""
    if statics is None:
        return np.zeros((len(panel), 0))
    table = statics.drop_duplicates("unique_id").set_index("unique_id").reindex(list(panel.ids))
    columns = []
    for name in table.columns:
        column = table[name]
        if not pd.api.types.is_numeric_dtype(column):
            codes = pd.Categorical(column).codes.astype(np.float64)
            column = pd.Series(np.where(codes < 0, np.nan, codes))
        columns.append(column.to_numpy(dtype=np.float64))
    return np.column_stack(columns) if columns else np.zeros((len(panel), 0))


def forecast_panel(
    panel: Panel,
    horizon: int,
    *,
    levels: tuple[int, ...],
    seed: int,
    n_jobs: int = 1,
    backend: pool.Backend | None = None,
    statics: Floats | None = None,
    dropped: tuple[int, ...] | None = None,
    extra: Extra | None = None,
    additive: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Forecasts:
    """`forecast` for a panel.

    `dropped` fixes the origins, `extra` adds candidates to the race (the first is its default),
    `additive` says that the series share a unit and an end, see `features.rows_at`.
    """
    say = progress or (lambda _line: None)
    still = statics if statics is not None else np.zeros((len(panel), 0))
    depths = backtest.origins(panel, horizon) if dropped is None else dropped
    models = pool.affordable(panel, len(depths) + 1)
    fitting = pool.Fitting(models, n_jobs, backend)
    setup = Setup(horizon, fitting, seed, len(panel) >= MIN_SERIES_FOR_GLOBAL, additive)
    say(f"{len(panel)} series, {horizon} periods ahead, models: {', '.join(models) or 'naive'}")
    found: list[Origin] = []
    for depth in depths:
        origin = backtest.run(panel, setup, still, depth)
        if origin is not None:
            for name, by_depth in (extra or {}).items():
                if depth in by_depth:
                    origin.forecasts[name] = by_depth[depth][origin.rows]
            found.append(origin)
        say(f"backtest from {depth} periods back")
    now = backtest.candidates(panel, setup, still)
    for name, by_depth in (extra or {}).items():
        now[name] = by_depth[0]
    say("forecast from the end")
    first = next(iter(extra), None) if extra else None
    return assemble(panel, horizon, levels, tuple(found), now, first)
