"""Levels that agree: sums from the middle level, or MinT with non-negative results.

A middle level with a few hundred series is where the global model learns best; its sums are often
better than what the few large series above can say of themselves. `mint` makes all levels add up.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from leadline.errors import InputError
from tools.analytics.forecast import backtest
from tools.analytics.forecast.forecast import Forecasts, coded, forecast_panel
from tools.analytics.forecast.series import Floats, Ints, Panel, read

JOIN = "|"
"""Between the members of a series' name; a member may not hold it."""
NONE = -1


@dataclass(frozen=True)
class Level:
    """A level of the hierarchy: its name and the key columns that make a series."""

    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Levels:
    """Forecasts per level, in the order asked for, and the name of the middle level."""

    by_level: dict[str, Forecasts]
    middle: str


def level_panel(frame: pd.DataFrame, level: Level, freq: str, season: int) -> Panel:
    """The level's series: sums of y, no row is no demand, from the first demand to the frame's end.

    Raises:
        InputError: a column is missing or a member holds "|".
    """
    missing = [c for c in (*level.columns, "ds", "y") if c not in frame.columns]
    if missing:
        raise InputError(f"Level {level.name!r} needs the column(s) {', '.join(missing)}.")
    data = frame.loc[:, ["ds", "y"]].assign(unique_id=names(frame, level))
    sums = data.groupby(["unique_id", "ds"], as_index=False)["y"].sum()
    demand = sums.loc[sums["y"] != 0]
    sums = demand if len(demand) else sums
    end = pd.DataFrame({"unique_id": sums["unique_id"].unique(), "ds": frame["ds"].max(), "y": 0.0})
    whole = pd.concat([sums, end]).groupby(["unique_id", "ds"], as_index=False)["y"].sum()
    return read(whole, freq, season, fill="zero")


def names(frame: pd.DataFrame, level: Level) -> pd.Series[str]:
    """Each row's series at the level."""
    parts = [frame[c].astype(str) for c in level.columns]
    if any(p.str.contains(JOIN, regex=False).any() for p in parts):
        raise InputError(f"A member of level {level.name!r} holds {JOIN!r}.")
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + JOIN + part
    return joined


def parents(frame: pd.DataFrame, child: Level, parent: Level) -> dict[str, str] | None:
    """Each child series' parent series; None where a child has several."""
    pairs = pd.DataFrame(
        {"child": names(frame, child), "parent": names(frame, parent)}
    ).drop_duplicates()
    if pairs["child"].duplicated().any():
        return None
    return dict(zip(pairs["child"], pairs["parent"], strict=True))


def forecast_levels(
    frame: pd.DataFrame,
    levels: tuple[Level, ...],
    middle: str,
    freq: str,
    season: int,
    horizon: int,
    *,
    intervals: tuple[int, ...] = (80, 95),
    seed: int = 0,
    n_jobs: int = 1,
    progress: Callable[[str], None] | None = None,
) -> Levels:
    """Forecast each level; sums of the middle level race against a coarser level's own methods.

    Args:
        frame: key columns, ds (dates of one calendar), y (numbers, additive, one unit).
        levels: the levels wanted.
        middle: the name of the level to sum from, ideally one with 300 series or more.
        freq: pandas alias of the periods.
        season: periods per cycle.
        horizon: periods ahead.
        intervals: interval levels in per cent.
        seed: of the global models.
        n_jobs: processes and threads.
        progress: called with a line at each stage.

    Raises:
        InputError: no such middle level, or a level's columns are missing.
    """
    by_name = {level.name: level for level in levels}
    if middle not in by_name:
        raise InputError(f"No level {middle!r}.", hint=f"One of {', '.join(by_name)}.")
    core = by_name[middle]
    panel = level_panel(frame, core, freq, season)
    dropped = backtest.origins(panel, horizon)
    made = {
        middle: forecast_panel(
            panel,
            horizon,
            levels=intervals,
            seed=seed,
            n_jobs=n_jobs,
            statics=_statics(panel, core),
            dropped=dropped,
            additive=True,
            progress=progress,
        )
    }
    for level in levels:
        if level.name == middle:
            continue
        own = level_panel(frame, level, freq, season)
        above = parents(frame, core, level)
        extra = None
        if above is not None:
            extra = {f"SumOf:{middle}": sums(made[middle], own, above)}
        made[level.name] = forecast_panel(
            own,
            horizon,
            levels=intervals,
            seed=seed,
            n_jobs=n_jobs,
            statics=_statics(own, level),
            dropped=dropped,
            extra=extra,
            additive=True,
            progress=progress,
        )
    return Levels({level.name: made[level.name] for level in levels}, middle)


def sums(below: Forecasts, own: Panel, above: dict[str, str]) -> dict[int, Floats]:
    """The lower level's forecasts summed to a coarser panel's rows, now (0) and at each origin."""
    place = {name: row for row, name in enumerate(own.ids)}
    target: Ints = np.array([place[above[name]] for name in below.panel.ids], dtype=np.int64)
    out: dict[int, Floats] = {}
    for depth, rows, made in (
        (0, np.arange(len(below.panel)), below.mean),
        *((o.dropped, o.rows, forecasts) for o, forecasts in below.history),
    ):
        total = np.zeros((len(own), made.shape[1]))
        np.add.at(total, target[rows], made)
        out[depth] = total
    return out


def _statics(panel: Panel, level: Level) -> Floats:
    members = [name.split(JOIN) for name in panel.ids]
    table = pd.DataFrame(members, columns=list(level.columns)).assign(unique_id=list(panel.ids))
    return coded(panel, table)


def mint(
    sums_matrix: Floats, means: Floats, actual: Floats, fitted: Floats, *, nonnegative: bool = True
) -> Floats:
    """MinT with a shrunk covariance (Wickramasuriya and others 2019), non-negative if asked.

    Args:
        sums_matrix: all series × leaves, 0/1, the leaves' rows last and in the columns' order.
        means: all series × horizon, base forecasts.
        actual: all series × past points, backtest values.
        fitted: their forecasts.
        nonnegative: whether leaves are kept at zero or above.

    Returns:
        all series × horizon that add up.
    """
    from hierarchicalforecast.methods import MinTrace

    method = MinTrace(method="mint_shrink", nonnegative=nonnegative)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the solver says that it converts its matrix
        made = method.fit_predict(
            S=sums_matrix, y_hat=means, y_insample=actual, y_hat_insample=fitted
        )
    return np.asarray(made["mean"], dtype=np.float64)
