"""From candidates to forecasts: the choice applied, intervals around it, its errors beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tools.analytics.forecast import backtest, choose, combine, gbm, intervals
from tools.analytics.forecast.backtest import Origin
from tools.analytics.forecast.choose import Choice, Score
from tools.analytics.forecast.series import Floats, Panel, demand_classes, scales


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
        choices: per demand class the method, its weight, correction and scores.
        held_out: level → per origin, lower and upper bounds learnt on the other origins.
    """

    frame: pd.DataFrame
    methods: pd.DataFrame
    errors: pd.DataFrame
    coverage: pd.DataFrame
    panel: Panel
    mean: Floats
    history: tuple[tuple[Origin, Floats], ...]
    choices: dict[str, Choice]
    held_out: dict[int, tuple[tuple[Floats, Floats], ...]]


def assemble(
    panel: Panel,
    horizon: int,
    levels: tuple[int, ...],
    found: tuple[Origin, ...],
    now: dict[str, Floats],
    first: str | None,
) -> Forecasts:
    """Choose a method per demand class, and forecast with it.

    Args:
        panel: the series.
        horizon: periods ahead.
        levels: interval levels, per cent.
        found: the backtest's origins; a blend is added to their forecasts.
        now: every candidate's forecast from the panel's end.
        first: the candidate that the others must beat; the blend or the median where None.
    """
    classes = demand_classes(panel)
    short = bool(np.median(panel.lengths) < gbm.SHORT_CYCLES * panel.season)
    choices = {
        cls: _choose(found, cls, now, first, short=short) for cls in classes_seen(classes, found)
    }
    mean = _apply(now, classes, choices, horizon, nonnegative=panel.nonnegative)
    history = tuple(
        (o, _apply(o.forecasts, o.classes, choices, horizon, nonnegative=panel.nonnegative))
        for o in found
    )
    return finish(panel, levels, choices, mean, history)


def finish(
    panel: Panel,
    levels: tuple[int, ...],
    choices: dict[str, Choice],
    mean: Floats,
    history: tuple[tuple[Origin, Floats], ...],
) -> Forecasts:
    """Intervals and errors for means that are settled, from what they would have been before.

    Args:
        panel: the series.
        levels: interval levels, per cent.
        choices: per demand class, what is said about the method.
        mean: rows × horizon.
        history: per origin its actuals and the means made then in the same way.
    """
    classes = demand_classes(panel)
    errors = _errors(history)
    measured = intervals.measured(errors, levels, nonnegative=panel.nonnegative)
    coverage = pd.DataFrame(
        [(c, level, share) for (c, level), share in sorted(measured.items())],
        columns=["class", "level", "measured"],
    )
    return Forecasts(
        _frame(panel, levels, classes, choices, mean, errors),
        _methods(choices, classes),
        _error_table(choices, history),
        coverage,
        panel,
        mean,
        history,
        choices,
        held_out(history, errors, levels, nonnegative=panel.nonnegative),
    )


def classes_seen(
    classes: np.ndarray[tuple[int], np.dtype[np.object_]], found: tuple[Origin, ...]
) -> list[str]:
    """All demand classes of now and of the backtest's origins, sorted."""
    return sorted({str(c) for o in found for c in o.classes} | {str(c) for c in classes})


def held_out(
    history: tuple[tuple[Origin, Floats], ...],
    errors: intervals.Errors,
    levels: tuple[int, ...],
    *,
    nonnegative: bool,
) -> dict[int, tuple[tuple[Floats, Floats], ...]]:
    """Level → per origin the bounds of its backtest values (rows × horizon, NaN where unscored).

    Each origin's bounds are learnt on the other origins.
    """
    out: dict[int, tuple[tuple[Floats, Floats], ...]] = {}
    for level, (low, high) in intervals.held_out(errors, levels, nonnegative=nonnegative).items():
        start, parts = 0, []
        for origin, made in history:
            known = ~np.isnan(origin.actual)
            under, over = np.full(made.shape, np.nan), np.full(made.shape, np.nan)
            stop = start + int(known.sum())
            under[known], over[known] = low[start:stop], high[start:stop]
            parts.append((under, over))
            start = stop
        out[level] = tuple(parts)
    return out


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
    levels: tuple[int, ...],
    classes: np.ndarray[tuple[int], np.dtype[np.object_]],
    choices: dict[str, Choice],
    mean: Floats,
    errors: intervals.Errors,
) -> pd.DataFrame:
    count, horizon = mean.shape
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
    chosen = {cls: gbm.told(choice.method) for cls, choice in choices.items()}
    data["method"] = np.repeat([chosen[str(c)] for c in classes], horizon)
    return pd.DataFrame(data)


def _methods(
    choices: dict[str, Choice], classes: np.ndarray[tuple[int], np.dtype[np.object_]]
) -> pd.DataFrame:
    rows = [
        (cls, int((classes == cls).sum()), gbm.told(c.method), c.weight, c.correction, not c.scores)
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
