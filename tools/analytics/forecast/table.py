"""The forecasts of one level as one table: what is ahead, what was, and the backtest between.

It is computed once per snapshot and level; sums over members and periods are taken from it, so
every answer about one snapshot agrees with the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from tools.analytics.forecast.assemble import Forecasts
from tools.analytics.forecast.horizon import PeriodGrain
from tools.analytics.forecast.reconcile import (
    JOIN,
    Level,
    Setup,
    common,
    level_panel,
    names,
    own_level,
)
from tools.analytics.forecast.series import Floats
from tools.analytics.forecast.shares import scaled

VERSION = "7"
"""Of the numbers: raised with every change of them."""
FREQUENCY: dict[PeriodGrain, str] = {"month": "MS", "week": "W-MON"}
SEASON: dict[PeriodGrain, int] = {"month": 12, "week": 52}
ORIGINS: dict[PeriodGrain, tuple[int, ...]] = {"month": (3, 6, 9, 12), "week": (4, 8, 13)}
"""Periods dropped in the backtest: near ones, since most questions are about the next few."""
LEAST_LEFT = 12
"""Periods of history that an origin must leave the longest series."""
MEASURES = ("forecast", "lo80", "hi80", "lo95", "hi95")


@dataclass(frozen=True, slots=True)
class Plan:
    """Which level to forecast, from which whole periods.

    Attributes:
        by: key columns of the level; none is the total.
        middle: key columns of the level to sum from.
        grain: of the periods.
        open: start of the first period that is not whole; step 1.
        horizon: periods ahead.
    """

    by: tuple[str, ...]
    middle: tuple[str, ...]
    grain: PeriodGrain
    open: date
    horizon: int


def forecast_table(
    facts: pd.DataFrame,
    plan: Plan,
    above: pd.DataFrame | None = None,
    *,
    n_jobs: int = 1,
    progress: Callable[[str], None] | None = None,
) -> pd.DataFrame:
    """Forecast a level.

    Args:
        facts: the key columns of `plan.by` and `plan.middle` (texts), day (datetime64), y.
        plan: the level.
        above: the middle level's table, which this level is made to add up to; None makes the
            middle level itself.
        n_jobs: processes and threads.
        progress: called with a line at each stage.

    Returns:
        part ("actual", "backtest" or "ahead"), dropped (periods between the origin and the last
        whole period; 0 ahead), the key columns, period_start, step (from the origin), value
        (actual, NaN ahead), forecast and its bounds (NaN for actuals), class, method, age (whole
        periods since the first demand, as known at the origin); sorted. Empty where no whole
        period has a value.
    """
    frame = whole_periods(facts, plan)
    if frame.empty:
        return _empty(plan)
    last = pd.Timestamp(plan.open) - pd.tseries.frequencies.to_offset(FREQUENCY[plan.grain])
    span = pd.date_range(frame["ds"].min(), last, freq=FREQUENCY[plan.grain])
    dropped = tuple(d for d in ORIGINS[plan.grain] if len(span) - d >= LEAST_LEFT)
    setup = Setup(
        FREQUENCY[plan.grain],
        SEASON[plan.grain],
        plan.horizon,
        n_jobs=n_jobs,
        dropped=dropped or None,
        end=last,
    )
    level = Level("level", plan.by)
    panel = level_panel(frame, level, setup.freq, setup.season, last)
    made = own_level(panel, level, setup, progress)
    if above is not None and len(above):
        shared, groups = common(frame, level, Level("middle", plan.middle))
        upper = tuple(sorted(set(groups.values())))
        top = _top(above, shared, upper, plan.horizon)
        made = scaled(made, upper, groups, top, setup.levels)
    return rows_of(made, level.columns)


def _top(
    above: pd.DataFrame, shared: Level, upper: tuple[str, ...], horizon: int
) -> dict[int, Floats]:
    """The upper level's forecasts, summed to the shared columns: periods dropped → rows × steps."""
    place = {name: row for row, name in enumerate(upper)}
    made = above.loc[above["part"] != "actual"]
    row = names(made, shared).map(place)
    out: dict[int, Floats] = {}
    for dropped, part in made.loc[row.notna()].groupby("dropped"):
        total = np.zeros((len(upper), horizon))
        at = row.loc[part.index].to_numpy(dtype=np.int64), part["step"].to_numpy() - 1
        np.add.at(total, at, part["forecast"].to_numpy())
        # Steps that the origin has not seen yet stand as they are.
        total[:, int(part["step"].max()) :] = np.nan
        out[int(str(dropped))] = total
    return out


def whole_periods(facts: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Facts before the first open period, summed by keys and period start (ds)."""
    keys = list(dict.fromkeys((*plan.by, *plan.middle)))
    known = facts.loc[facts["day"] < pd.Timestamp(plan.open)]
    day = known["day"]
    if plan.grain == "month":
        start = day.dt.to_period("M").dt.to_timestamp()
    else:
        start = (day - pd.to_timedelta(day.dt.weekday, unit="D")).dt.normalize()
    frame = known.assign(ds=start)
    return frame.groupby([*keys, "ds"], observed=True)["y"].sum().reset_index()


def rows_of(made: Forecasts, columns: tuple[str, ...]) -> pd.DataFrame:
    """The table's rows of a level's forecasts."""
    panel = made.panel
    parts = [_actual(made), _ahead(made)]
    for number, (origin, mean) in enumerate(made.history):
        known = ~np.isnan(origin.actual)
        row, step = np.nonzero(known)
        bounds = {
            f"{side}{level}": made.held_out[level][number][at][known]
            for level in (80, 95)
            for at, side in enumerate(("lo", "hi"))
        }
        start = panel.periods - origin.dropped
        dates = panel.long_dates()
        parts.append(
            pd.DataFrame(
                {
                    "part": "backtest",
                    "dropped": origin.dropped,
                    "row": origin.rows[row],
                    "period_start": dates[origin.rows[row], start + step],
                    "step": step + 1,
                    "value": origin.actual[known],
                    "forecast": mean[known],
                    **bounds,
                    "class": origin.classes[row].astype(str),
                    "method": [made.choices[str(c)].method for c in origin.classes[row]],
                    "age": panel.lengths[origin.rows[row]] - origin.dropped,
                }
            )
        )
    table = pd.concat([p for p in parts if len(p)], ignore_index=True)
    names = [panel.ids[row].split(JOIN) for row in table["row"]]
    for at, column in enumerate(columns):
        table[column] = [name[at] for name in names]
    order = ["part", "dropped", *columns, "period_start"]
    table = table.sort_values(order, kind="stable", ignore_index=True)
    return table[_columns(columns)]


def _columns(keys: tuple[str, ...]) -> list[str]:
    shown = ["period_start", "step", "value", *MEASURES, "class", "method", "age"]
    return ["part", "dropped", *keys, *shown]


def _empty(plan: Plan) -> pd.DataFrame:
    frame = pd.DataFrame({name: pd.Series(dtype="object") for name in _columns(plan.by)})
    numbers = dict.fromkeys(("value", *MEASURES), "float64")
    whole = dict.fromkeys(("dropped", "step", "age"), "int64")
    return frame.astype({**numbers, **whole, "period_start": "datetime64[ns]"})


def _actual(made: Forecasts) -> pd.DataFrame:
    panel = made.panel
    known = ~np.isnan(panel.values)
    row, column = np.nonzero(known)
    return pd.DataFrame(
        {
            "part": "actual",
            "dropped": 0,
            "row": row,
            "period_start": panel.long_dates()[known],
            "step": column - panel.periods + 1,
            "value": panel.values[known],
            "class": "",
            "method": "",
            "age": panel.lengths[row],
        }
    )


def _ahead(made: Forecasts) -> pd.DataFrame:
    frame = made.frame
    place = {name: row for row, name in enumerate(made.panel.ids)}
    row = frame["unique_id"].map(place).to_numpy()
    bounds = {f"{s}{n}": frame[f"{s}-{n}"].to_numpy() for n in (80, 95) for s in ("lo", "hi")}
    return pd.DataFrame(
        {
            "part": "ahead",
            "dropped": 0,
            "row": row,
            "period_start": frame["ds"].to_numpy(),
            "step": frame["step"].to_numpy(),
            "forecast": frame["mean"].to_numpy(),
            **bounds,
            "class": frame["class"].to_numpy(),
            "method": frame["method"].to_numpy(),
            "age": made.panel.lengths[row],
        }
    )
