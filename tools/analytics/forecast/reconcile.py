"""Levels that agree: sums from a middle level, shares below it, or MinT with non-negative results.

A middle level with a few hundred series is where the global model learns best; its sums are often
better than what the few large series above can say of themselves. Below it, sparse series know
their share better than their growth: they are scaled to the sums above ("middle-out",
Athanasopoulos and others 2009). `mint` makes all levels add up by their errors' covariance.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd

from leadline.errors import InputError
from tools.analytics.forecast import backtest, choose, pool
from tools.analytics.forecast.assemble import Forecasts, classes_seen, finish
from tools.analytics.forecast.backtest import Origin
from tools.analytics.forecast.choose import NAIVE, Choice
from tools.analytics.forecast.forecast import coded, forecast_panel
from tools.analytics.forecast.series import Floats, Ints, Panel, demand_classes, read, scales
from tools.analytics.forecast.shares import scaled

JOIN = "\x1f"
"""Between the members of a series' name (the unit separator); a member may not hold it."""
TOTAL = "total"
"""The name of the only series of a level without columns."""


@dataclass(frozen=True)
class Level:
    """A level of the hierarchy: its name and the key columns that make a series."""

    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Setup:
    """How all levels are forecast.

    Attributes:
        freq: pandas alias of the periods.
        season: periods per cycle.
        horizon: periods ahead.
        levels: interval levels in per cent.
        seed: of the global models.
        n_jobs: processes and threads.
        dropped: the backtest's origins, periods before the end; chosen by the history where None.
        end: the last period's start; the frame's where None.
    """

    freq: str
    season: int
    horizon: int
    levels: tuple[int, ...] = (80, 95)
    seed: int = 0
    n_jobs: int = 1
    dropped: tuple[int, ...] | None = None
    end: pd.Timestamp | None = None


@dataclass(frozen=True, eq=False)
class Levels:
    """Forecasts per level, in the order asked for, and the name of the middle level."""

    by_level: dict[str, Forecasts]
    middle: str


def level_panel(
    frame: pd.DataFrame, level: Level, freq: str, season: int, end: pd.Timestamp | None = None
) -> Panel:
    """The level's series: sums of y, no row is no demand, from the first demand to the end.

    The end is the last period's start, the frame's where none is given.

    Raises:
        InputError: a column is missing or a member holds `JOIN`.
    """
    missing = [c for c in (*level.columns, "ds", "y") if c not in frame.columns]
    if missing:
        raise InputError(f"Level {level.name!r} needs the column(s) {', '.join(missing)}.")
    data = frame.loc[:, ["ds", "y"]].assign(unique_id=names(frame, level))
    sums = data.groupby(["unique_id", "ds"], as_index=False)["y"].sum()
    demand = sums.loc[sums["y"] != 0]
    sums = demand if len(demand) else sums
    last = frame["ds"].max() if end is None else end
    ends = pd.DataFrame({"unique_id": sums["unique_id"].unique(), "ds": last, "y": 0.0})
    whole = pd.concat([sums, ends]).groupby(["unique_id", "ds"], as_index=False)["y"].sum()
    return read(whole, freq, season, fill="zero")


def names(frame: pd.DataFrame, level: Level) -> pd.Series[str]:
    """Each row's series at the level; a level without columns has one, the total."""
    if not level.columns:
        return pd.Series(TOTAL, index=frame.index, dtype="object")
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
    middle: Level,
    setup: Setup,
    *,
    progress: Callable[[str], None] | None = None,
) -> Levels:
    """Forecast the middle level; sum it to levels above, scale levels below or beside it to it.

    Args:
        frame: key columns, ds (dates of one calendar), y (numbers, additive, one unit).
        levels: the levels wanted; the middle one may be among them.
        middle: the level to sum from, ideally with some hundred series.
        setup: frequency, season, horizon and how to fit.
        progress: called with a line at each stage.

    Raises:
        InputError: a level's columns are missing.
    """
    core_panel = level_panel(frame, middle, setup.freq, setup.season, setup.end)
    dropped = setup.dropped or backtest.origins(core_panel, setup.horizon, additive=True)
    setup = replace(setup, dropped=dropped)
    core = own_level(core_panel, middle, setup, progress)
    made: dict[str, Forecasts] = {}
    for level in levels:
        if level == middle:
            made[level.name] = core
            continue
        own = level_panel(frame, level, setup.freq, setup.season, setup.end)
        above = parents(frame, middle, level)
        if above is not None:
            made[level.name] = summed(core, own, above, setup.levels, middle.name)
            continue
        below = own_level(own, level, setup, progress)
        shared, groups = common(frame, level, middle)
        upper = level_panel(frame, shared, setup.freq, setup.season, setup.end)
        to_shared = parents(frame, middle, shared)
        if to_shared is not None:
            top = sums(core, upper, to_shared)
            made[level.name] = scaled(below, upper.ids, groups, top, setup.levels)
    return Levels({level.name: made[level.name] for level in levels}, middle.name)


def own_level(
    panel: Panel,
    level: Level,
    setup: Setup,
    progress: Callable[[str], None] | None = None,
) -> Forecasts:
    """A level's forecasts by its own series alone."""
    return forecast_panel(
        panel,
        setup.horizon,
        levels=setup.levels,
        seed=setup.seed,
        n_jobs=setup.n_jobs,
        statics=_statics(panel, level),
        dropped=setup.dropped,
        additive=True,
        progress=progress,
    )


def common(frame: pd.DataFrame, level: Level, middle: Level) -> tuple[Level, dict[str, str]]:
    """The finest sum of the middle level that each series of the level lies within."""
    for size in range(len(middle.columns), 0, -1):
        for columns in combinations(middle.columns, size):
            shared = Level(JOIN.join(columns), columns)
            groups = parents(frame, level, shared)
            if groups is not None:
                return shared, groups
    total = Level(TOTAL, ())
    groups = parents(frame, level, total)
    assert groups is not None  # noqa: S101 - everything lies within the total
    return total, groups


def summed(
    below: Forecasts, own: Panel, above: dict[str, str], levels: tuple[int, ...], name: str
) -> Forecasts:
    """A coarser level's forecasts as sums of a finer one's, with intervals from the sums' errors.

    Args:
        below: the finer level's forecasts.
        own: the coarser level's series.
        above: each finer series' coarser one.
        levels: interval levels, per cent.
        name: of the finer level, for the method's name.
    """
    method = f"SumOf:{name}"
    by_depth = sums(below, own, above)
    history = []
    for origin, _ in below.history:
        past, rows = own.before(origin.dropped, least=2)
        if not len(rows):
            continue
        made = by_depth[origin.dropped][rows]
        actual = np.full(made.shape, np.nan)
        known = min(origin.dropped, made.shape[1])
        start = own.periods - origin.dropped
        actual[:, :known] = own.values[rows, start : start + known]
        naive = pool.seasonal_naive(past, made.shape[1])
        forecasts = {method: made, NAIVE: naive}
        classes, scale = demand_classes(past), scales(past)
        spread = backtest.spreads(past)
        history.append(
            (Origin(origin.dropped, rows, classes, scale, spread, actual, forecasts), made)
        )
    return _settled(own, levels, by_depth[0], tuple(history), method)


def _settled(
    panel: Panel,
    levels: tuple[int, ...],
    mean: Floats,
    history: tuple[tuple[Origin, Floats], ...],
    method: str,
) -> Forecasts:
    """Finish means that are settled, under the method's name."""
    classes = demand_classes(panel)
    found = tuple(origin for origin, _ in history)
    choices = {}
    for cls in classes_seen(classes, found):
        for origin, made in history:
            origin.forecasts[method] = made
        choices[cls] = Choice(method, 0.0, 1.0, choose.score_all(found, cls))
    return finish(panel, levels, choices, mean, history)


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
    if not level.columns:
        return np.zeros((len(panel), 0))
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
