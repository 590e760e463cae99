"""Levels below: scaled to the level above, by their own forecasts or by what they took before.

Buyers who order every quarter make leaves that are zero for two months of three: which month is
theirs is seen in the leaf, how much the market takes in that month is seen above it. A phase
profile says only the former; scaled to the level above (top-down by recent proportions, Gross and
Sohl 1990) it races against the leaf's own forecasts.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tools.analytics.forecast import choose
from tools.analytics.forecast.assemble import Forecasts, classes_seen, finish
from tools.analytics.forecast.backtest import Origin
from tools.analytics.forecast.choose import NAIVE, Choice
from tools.analytics.forecast.series import Floats, Ints, Panel, demand_classes

OWN = "ScaledOwn"
"""The level's own forecasts, scaled to the level above."""
CYCLES = 4
"""Cycles looked back."""
DECAY = 0.5
"""Weight of a cycle relative to the next: order sizes change, who orders in a phase does not."""
FILLING = 1e-9
"""Share of the own forecasts in a profile, so that a group without any profile is divided too."""


def scaled(
    below: Forecasts,
    upper: tuple[str, ...],
    groups: dict[str, str],
    top: dict[int, Floats],
    levels: tuple[int, ...],
) -> Forecasts:
    """A finer level's forecasts, each group of which adds up to the level above.

    Per demand class the backtest chooses between the level's own forecasts and its phase
    profiles, all scaled.

    Args:
        below: the finer level's own forecasts.
        upper: the names of the series above.
        groups: each finer series' series above.
        top: periods dropped (0 = now) → their forecasts, rows of `upper` × horizon.
        levels: interval levels, per cent.
    """
    place = {name: row for row, name in enumerate(upper)}
    target: Ints = np.array([place[groups[name]] for name in below.panel.ids], dtype=np.int64)
    now = candidates(below.panel, below.mean, target, top[0])
    found, made = [], []
    for origin, own in below.history:
        if origin.dropped in top:
            past, rows = below.panel.before(origin.dropped, least=2)
            then = candidates(past, own, target[rows], top[origin.dropped])
            # Of the level's other methods none was scaled: they no longer compare.
            found.append(replace(origin, forecasts={**then, NAIVE: origin.forecasts[NAIVE]}))
            made.append(then)
    choices = _chosen(below.panel, tuple(found), now)
    classes = demand_classes(below.panel)
    history = tuple(
        (o, _mixed(then, o.classes, choices, target[o.rows], top[o.dropped]))
        for o, then in zip(found, made, strict=True)
    )
    mean = _mixed(now, classes, choices, target, top[0])
    return finish(below.panel, levels, choices, mean, history)


def candidates(past: Panel, own: Floats, target: Ints, top: Floats) -> dict[str, Floats]:
    """The own forecasts and the phase profiles, series × horizon, scaled to the level above.

    Args:
        past: the series up to the origin.
        own: their own forecasts.
        target: each series' row of `top`.
        top: the level above × horizon.
    """
    out = {OWN: own * _ratio(own, target, top)}
    for name, profile in profiles(past, own.shape[1]).items():
        filled = profile + FILLING * out[OWN]
        out[f"Share{name}"] = filled * _ratio(filled, target, top)
    return out


def _chosen(panel: Panel, found: tuple[Origin, ...], now: dict[str, Floats]) -> dict[str, Choice]:
    choices = {}
    for cls in classes_seen(demand_classes(panel), found):
        scores = choose.score_all(found, cls)
        running = {name: score for name, score in scores.items() if name in now}
        method = choose.winner(found, cls, running, OWN, short=False)
        choices[cls] = Choice(method, 0.0, 1.0, scores)
    return choices


def _mixed(
    made: dict[str, Floats],
    classes: np.ndarray[tuple[int], np.dtype[np.object_]],
    choices: dict[str, Choice],
    target: Ints,
    top: Floats,
) -> Floats:
    """Each class' chosen rows, scaled once more since classes of one group may choose unlike."""
    out = made[OWN].copy()
    for cls, choice in choices.items():
        rows = np.asarray(classes == cls)
        out[rows] = made.get(choice.method, made[OWN])[rows]
    return out * _ratio(out, target, top)


def _ratio(made: Floats, target: Ints, top: Floats) -> Floats:
    """What each row is multiplied with; 1 where a group's sum cannot be met by scaling."""
    total = np.zeros(top.shape)
    np.add.at(total, target, made)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = top / total
    ratio = np.where(np.isfinite(ratio) & (ratio > 0), ratio, 1.0)
    return np.asarray(ratio[target], dtype=np.float64)


def cycles(season: int) -> dict[str, int]:
    """Names and lengths of the cycles whose phases are tried: none, a quarter, a whole season."""
    found = {"Flat": 1, "Quarter": season // 4, "Season": season}
    return {name: c for name, c in found.items() if c > 1 or name == "Flat"}


def profiles(panel: Panel, horizon: int) -> dict[str, Floats]:
    """Per cycle that the history holds, series × horizon: what the series took in that phase.

    The mean of the values in the same phase of the last cycles, each half the weight of the next;
    without a phase the mean over the last season. Before its start a series took nothing.
    """
    values = np.nan_to_num(panel.values)
    out: dict[str, Floats] = {}
    for name, cycle in cycles(panel.season).items():
        if cycle == 1:
            mean = values[:, -max(panel.season, 2) :].mean(axis=1)
            out[name] = np.repeat(mean[:, None], horizon, axis=1)
        elif panel.periods >= cycle:
            out[name] = _same_phase(values, horizon, cycle)
    return out


def _same_phase(values: Floats, horizon: int, cycle: int) -> Floats:
    periods = values.shape[1]
    total = np.zeros((len(values), cycle))
    weight = np.zeros(cycle)
    for back in range(min(CYCLES, -(-periods // cycle))):
        first = periods - (back + 1) * cycle
        part = values[:, max(first, 0) : periods - back * cycle]
        total[:, cycle - part.shape[1] :] += DECAY**back * part
        weight[cycle - part.shape[1] :] += DECAY**back
    return np.asarray((total / weight)[:, np.arange(horizon) % cycle], dtype=np.float64)
