"""The one entry: series in, forecasts with intervals, methods and backtest errors out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from leadline.errors import InputError
from tools.analytics.forecast import backtest, choose, combine, gbm, intervals, pool
from tools.analytics.forecast.backtest import Origin, Setup
from tools.analytics.forecast.choose import Choice, Score
from tools.analytics.forecast.series import (
    Fill,
    Floats,
    Panel,
    demand_classes,
    read,
    scales,
)

Extra = Mapping[str, Mapping[int, Floats]]
"""Forecasts made elsewhere (a sum of lower levels): name → periods dropped (0 = now) → panel rows
× horizon."""

MIN_SERIES_FOR_GLOBAL = 8
"""Fewer series teach no global model."""
MAX_HORIZON = 400


@dataclass(frozen=True, eq=False)
class Forecasts:
    """Forecasts of a set of series, and how wrong the methods were before.

    Attributes:
        frame: unique_id, ds (period start), step (1 …), mean, lo-L and hi-L per level L, class,
            method; sorted by unique_id and ds; the input's units.
        methods: class, series, method, weight (of the global model in a blend), correction
            (factor against bias), default (True where nothing could be backtested).
        errors: class ("all": the chosen methods together), method, chosen, wape, nrmse, smape,
            mase, owa, bias, observations.
        coverage: class, level, measured (share inside, each origin judged by the others).
        panel: the series as read.
        mean: panel rows × horizon, the means of `frame`.
        history: per origin the chosen methods' backtest forecasts.
    """

    frame: pd.DataFrame
    methods: pd.DataFrame
    errors: pd.DataFrame
    coverage: pd.DataFrame
    panel: Panel
    mean: Floats
    history: tuple[tuple[Origin, Floats], ...]


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
    return _assemble(
        panel, horizon, levels, tuple(found), now, next(iter(extra), None) if extra else None
    )


def _assemble(
    panel: Panel,
    horizon: int,
    levels: tuple[int, ...],
    found: tuple[Origin, ...],
    now: dict[str, Floats],
    first: str | None,
) -> Forecasts:
    classes = demand_classes(panel)
    seen = {str(c) for o in found for c in o.classes} | {str(c) for c in classes}
    choices: dict[str, Choice] = {}
    short = bool(np.median(panel.lengths) < gbm.SHORT_CYCLES * panel.season)
    for cls in sorted(seen):
        choices[cls] = _choose(found, cls, now, first, short=short)
    mean = _apply(now, classes, choices, horizon, nonnegative=panel.nonnegative)
    history = tuple(
        (o, _apply(o.forecasts, o.classes, choices, horizon, nonnegative=panel.nonnegative))
        for o in found
    )
    errors = _errors(history)
    frame = _frame(panel, horizon, levels, classes, choices, mean, errors)
    measured = intervals.measured(errors, levels, nonnegative=panel.nonnegative)
    coverage = pd.DataFrame(
        [(c, level, share) for (c, level), share in sorted(measured.items())],
        columns=["class", "level", "measured"],
    )
    return Forecasts(
        frame,
        _methods(choices, classes),
        _error_table(choices, history),
        coverage,
        panel,
        mean,
        history,
    )


def _choose(
    found: tuple[Origin, ...],
    cls: str,
    now: dict[str, Floats],
    first: str | None,
    *,
    short: bool,
) -> Choice:
    share = combine.weight(found, cls, short=short) if "Global" in now else None
    if share is not None:
        for origin in found:
            # Per class: the rows of other classes are never read under this weight.
            mixed = origin.forecasts.setdefault(combine.BLEND, origin.forecasts["Median"].copy())
            rows = choose.pick(origin, cls)
            mixed[rows] = combine.blend(origin.forecasts, share)[rows]
    default = first or (combine.BLEND if share is not None else "Median")
    scores = choose.score_all(found, cls)
    running = {n: s for n, s in scores.items() if n in now or n == combine.BLEND}
    method = choose.winner(found, cls, running, default, short=short)
    factor = choose.correction(found, cls, method) if scores else 1.0
    return Choice(method, 0.0 if share is None else share, factor, scores)


def _apply(
    made: dict[str, Floats],
    classes: np.ndarray[tuple[int], np.dtype[np.object_]],
    choices: dict[str, Choice],
    horizon: int,
    *,
    nonnegative: bool,
) -> Floats:
    """Rows × horizon of the chosen methods, corrected, the seasonal naive where one is missing."""
    out = np.empty((len(classes), horizon))
    for cls, choice in choices.items():
        rows = np.asarray(classes == cls)
        if not rows.any():
            continue
        if choice.method == combine.BLEND and "Global" in made:
            values = combine.blend(made, choice.weight)[rows]
        else:
            values = made.get(choice.method, made["Median"])[rows]
        naive = made["SeasonalNaive"][rows]
        out[rows] = np.where(np.isfinite(values), values, naive) * choice.correction
    return np.maximum(out, 0.0) if nonnegative else out


def _errors(history: tuple[tuple[Origin, Floats], ...]) -> intervals.Errors:
    parts = []
    for number, (origin, made) in enumerate(history):
        known = ~np.isnan(origin.actual)
        units = intervals.unit(made, origin.spread, origin.scale, origin.classes)
        steps = np.broadcast_to(np.arange(1, made.shape[1] + 1), made.shape)
        of_class = np.broadcast_to(origin.classes[:, None], made.shape)
        parts.append(
            (
                origin.actual[known],
                made[known],
                units[known],
                of_class[known],
                steps[known],
                np.full(int(known.sum()), number),
            )
        )
    if not parts:
        none = np.zeros(0)
        whole = none.astype(np.int64)
        return intervals.Errors(none, none, none, none.astype(object), whole, whole)
    return intervals.Errors(*(np.concatenate(p) for p in zip(*parts, strict=True)))


def _frame(
    panel: Panel,
    horizon: int,
    levels: tuple[int, ...],
    classes: np.ndarray[tuple[int], np.dtype[np.object_]],
    choices: dict[str, Choice],
    mean: Floats,
    errors: intervals.Errors,
) -> pd.DataFrame:
    count = len(panel)
    data: dict[str, object] = {
        "unique_id": np.repeat(np.array(panel.ids, dtype=object), horizon),
        "ds": panel.future(horizon).ravel(),
        "step": np.tile(np.arange(1, horizon + 1), count),
        "mean": mean.ravel(),
    }
    units = intervals.unit(mean, backtest.spreads(panel), scales(panel), classes)
    below, above = mean, mean
    for level in sorted(levels):
        low, high = mean.copy(), mean.copy()
        for cls in choices:
            rows = np.flatnonzero(classes == cls)
            for step in range(horizon) if len(rows) else ():
                z = intervals.bounds(errors, cls, step + 1, level, nonnegative=panel.nonnegative)
                low[rows, step] += z[0] * units[rows, step]
                high[rows, step] += z[1] * units[rows, step]
        if panel.nonnegative:
            low = np.maximum(low, 0.0)
        # A wider level never lies inside a narrower one.
        below, above = np.minimum(below, low), np.maximum(above, high)
        data[f"lo-{level}"], data[f"hi-{level}"] = below.ravel(), above.ravel()
    data["class"] = np.repeat(classes.astype(str), horizon)
    chosen = {cls: choice.method for cls, choice in choices.items()}
    data["method"] = np.repeat([chosen[str(c)] for c in classes], horizon)
    return pd.DataFrame(data)


def _methods(
    choices: dict[str, Choice], classes: np.ndarray[tuple[int], np.dtype[np.object_]]
) -> pd.DataFrame:
    rows = [
        (cls, int((classes == cls).sum()), c.method, c.weight, c.correction, not c.scores)
        for cls, c in choices.items()
    ]
    return pd.DataFrame(
        rows, columns=["class", "series", "method", "weight", "correction", "default"]
    )


def _error_table(
    choices: dict[str, Choice], history: tuple[tuple[Origin, Floats], ...]
) -> pd.DataFrame:
    rows: list[tuple[object, ...]] = []
    for cls, choice in choices.items():
        for name, s in sorted(choice.scores.items(), key=lambda item: item[1].rank):
            rows.append((cls, name, name == choice.method, *_figures(s)))
    for name, forecasts in (
        ("chosen", [m for _, m in history]),
        ("SeasonalNaive", [o.forecasts["SeasonalNaive"] for o, _ in history]),
    ):
        if history:
            rows.append(("all", name, name == "chosen", *_figures(_total(history, forecasts))))
    return pd.DataFrame(
        rows,
        columns=[
            "class",
            "method",
            "chosen",
            "wape",
            "nrmse",
            "smape",
            "mase",
            "owa",
            "bias",
            "observations",
        ],
    )


def _figures(s: Score) -> tuple[float | int, ...]:
    return (s.wape, s.nrmse, s.smape, s.mase, s.owa, s.bias, s.observations)


def _total(history: tuple[tuple[Origin, Floats], ...], made: list[Floats]) -> Score:
    def flat(forecasts: list[Floats]) -> tuple[Floats, Floats, Floats]:
        known = [~np.isnan(o.actual) for o, _ in history]
        actual = [o.actual[k] for (o, _), k in zip(history, known, strict=True)]
        values = [f[k] for f, k in zip(forecasts, known, strict=True)]
        spread = [
            np.broadcast_to(o.spread[:, None], o.actual.shape)[k]
            for (o, _), k in zip(history, known, strict=True)
        ]
        return np.concatenate(actual), np.concatenate(values), np.concatenate(spread)

    naive = choose.measure(
        *flat([o.forecasts["SeasonalNaive"] for o, _ in history]), None, sparse=False
    )
    return choose.measure(*flat(made), naive, sparse=False)
