"""From a level's table to what an answer shows: periods and members summed, errors beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tools.analytics.forecast.horizon import Ahead
from tools.analytics.forecast.sums import added, correlation

PERIOD = "period_start"
SUM = "SumOf:"
"""Before the methods of rows that sum finer series."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Shown rows before they become cells.

    Attributes:
        rows: per member (and period where each is shown): the keys, period_start where each is
            shown, forecast, bounds, previous_year (null where a part is unknown), method (several
            joined by " + "), age (periods of history, of the oldest part), wape, bias (null where
            nothing was scored or came), scored (backtest sums).
        coverage: level → share of the same sums in the backtest that lay inside.
        overall: wape and bias of all rows together as they are told apart; NaN where unknown.
        over_time: the correlation by which bounds of one member's periods add up.
    """

    rows: pd.DataFrame
    coverage: dict[int, float]
    overall: tuple[float, float]
    over_time: float


@dataclass(frozen=True, slots=True)
class Ways:
    """The two correlations by which bounds add up: of a series' periods, and of series."""

    time: float
    members: float


def shown(
    table: pd.DataFrame, keys: tuple[str, ...], by: tuple[str, ...], ahead: Ahead, *, each: bool
) -> Shown:
    """Sum a level's rows to the members and periods asked for.

    Args:
        table: from `forecast_table`, any of its series left out.
        keys: the key columns that make a series of it.
        by: those to tell apart.
        ahead: the periods.
        each: one row per period; else one for all of them.
    """
    starts = [pd.Timestamp(start) for start in ahead.starts]
    now = table.loc[(table["part"] == "ahead") & table[PERIOD].isin(starts)]
    past = _scored(table.loc[table["part"] == "backtest"], ahead)
    before = _previous_year(table, now, keys, ahead)
    ways = _ways(past, keys, by, each=each)
    rows = _added(now.assign(previous_year=before), keys, by, ways, ("previous_year",), each=each)
    judged = _judged(past, keys, by, each=each)
    shown_keys = [*by, *([PERIOD] if each else [])]
    info = _info(now, shown_keys, keys)
    rows = _beside(rows, info, shown_keys)
    rows = _beside(rows, _errors(judged, list(by)), list(by))
    coverage = {n: _inside(judged, n) for n in (80, 95) if len(judged)}
    gap = judged.assign(error=judged["value"] - judged["forecast"])
    time = _correlation(gap, ["dropped", *by]) if len(judged) else ways.time
    return Shown(rows, coverage, _overall(judged), time)


def _overall(judged: pd.DataFrame) -> tuple[float, float]:
    size = float(judged["value"].abs().sum())
    if not size:
        return float("nan"), float("nan")
    gap = judged["forecast"] - judged["value"]
    return float(gap.abs().sum()) / size, float(gap.sum()) / size


def _beside(rows: pd.DataFrame, other: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    if keys:
        merged: pd.DataFrame = rows.merge(other, on=keys, how="left")
        return merged
    return rows.assign(**{name: other[name].iloc[0] for name in other.columns})


def _scored(backtest: pd.DataFrame, ahead: Ahead) -> pd.DataFrame:
    """Backtest values at the steps asked for; as many from step 1 where none reach so far.

    An origin that has not seen all of these steps yet cannot judge their sum and is left out.
    """
    reach = int(backtest["step"].max()) if len(backtest) else 0
    inside = [s for s in ahead.steps if s <= reach] or list(range(1, len(ahead.steps) + 1))
    at = backtest.loc[backtest["step"].isin(inside)]
    seen = at.groupby("dropped")["step"].transform("nunique")
    whole: pd.DataFrame = at.loc[seen == seen.max()]
    return whole


def _ways(past: pd.DataFrame, keys: tuple[str, ...], by: tuple[str, ...], *, each: bool) -> Ways:
    """Correlations of errors within series over time, and between series of a shown member."""
    if past.empty:
        none = np.zeros(0)
        prior = correlation(none, none.astype(np.int64), none)
        return Ways(prior, prior)
    data = past.assign(error=past["value"] - past["forecast"])
    time = _correlation(data, ["dropped", *keys])
    series = ["dropped", *keys, *([PERIOD] if each else [])]
    whole = data.groupby(series, dropna=False)["error"].sum().reset_index()
    return Ways(time, _correlation(whole, ["dropped", *by, *([PERIOD] if each else [])]))


def _correlation(data: pd.DataFrame, groups: list[str]) -> float:
    number = np.asarray(data.groupby(groups, dropna=False).ngroup(), dtype=np.int64)
    return correlation(data["error"].to_numpy(), number, data["dropped"].to_numpy(dtype=float))


def _added(
    rows: pd.DataFrame,
    keys: tuple[str, ...],
    by: tuple[str, ...],
    ways: Ways,
    columns: tuple[str, ...],
    *,
    each: bool,
    origin: tuple[str, ...] = (),
) -> pd.DataFrame:
    """First each series' periods, then the series of each member."""
    if not each:
        rows = added(rows, [*origin, *keys], ways.time, columns, over_time=True)
    kept = [*origin, *by, *([PERIOD] if each else [])]
    if not each and set(by) == set(keys):
        return rows
    return added(rows, kept, ways.members, columns)


def _judged(
    past: pd.DataFrame, keys: tuple[str, ...], by: tuple[str, ...], *, each: bool
) -> pd.DataFrame:
    """Backtest sums with bounds that were added by the correlations at the other origins."""
    parts = []
    for dropped in sorted(past["dropped"].unique()):
        here = past.loc[past["dropped"] == dropped].dropna(subset=["lo80", "lo95"])
        ways = _ways(past.loc[past["dropped"] != dropped], keys, by, each=each)
        if len(here):
            made = _added(here, keys, by, ways, ("value",), each=each, origin=("dropped",))
            parts.append(made)
    columns = ["dropped", *by, "forecast", "value", "lo80", "hi80", "lo95", "hi95"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _inside(judged: pd.DataFrame, level: int) -> float:
    low, high = judged[f"lo{level}"], judged[f"hi{level}"]
    slack = 1e-9 * judged["value"].abs().max()
    return float(((judged["value"] >= low - slack) & (judged["value"] <= high + slack)).mean())


def _errors(judged: pd.DataFrame, members: list[str]) -> pd.DataFrame:
    """Per member wape, bias and number of scored sums; null where the actuals sum to nothing."""
    gap = (judged["forecast"] - judged["value"]).astype("float64")
    data = judged.assign(
        error=gap.abs(), over=gap, size=judged["value"].astype("float64").abs(), all=0
    )
    grouped = data.groupby(members or ["all"], dropna=False)
    sums = grouped[["error", "over", "size"]].sum()
    base = sums["size"].where(sums["size"] > 0)
    out = pd.DataFrame(
        {"wape": sums["error"] / base, "bias": sums["over"] / base, "scored": grouped.size()}
    ).reset_index()
    if members:
        return out
    if not len(out):
        out = pd.DataFrame({"all": [0], "wape": [np.nan], "bias": [np.nan], "scored": [0]})
    return out.drop(columns="all")


def _info(now: pd.DataFrame, keys: list[str], series: tuple[str, ...]) -> pd.DataFrame:
    """Per shown row the methods of its parts, marked where series are summed; the longest age."""
    data = now.assign(all=0)
    several = data.groupby(
        [*(keys or ["all"]), *(s for s in series if s not in keys)], dropna=False
    )
    parts = several.ngroup().groupby([data[k] for k in keys or ["all"]], dropna=False)
    grouped = data.groupby(keys or ["all"], dropna=False)
    out = grouped.agg(method=("method", lambda m: " + ".join(sorted(set(m)))), age=("age", "max"))
    summed = parts.nunique() > 1
    out["method"] = out["method"].where(~summed, SUM + out["method"])
    named: pd.DataFrame = out.reset_index()
    return named if keys else named.drop(columns="all")


def _previous_year(
    table: pd.DataFrame, now: pd.DataFrame, keys: tuple[str, ...], ahead: Ahead
) -> pd.Series[float]:
    """Per row the same period's actual a year (52 weeks) before, null before the data begins.

    A member without a value in a period that the data covers sold nothing then.
    """
    actual = table.loc[table["part"] == "actual"]
    back = pd.DateOffset(years=1) if ahead.grain == "month" else pd.DateOffset(weeks=52)
    wanted = now[[*keys]].assign(**{PERIOD: now[PERIOD] - back})
    values = actual.groupby([*keys, PERIOD], dropna=False)["value"].sum()
    at = pd.MultiIndex.from_frame(wanted) if keys else pd.Index(wanted[PERIOD])
    found = pd.Series(values.reindex(at).to_numpy(), index=now.index)
    unknown = (wanted[PERIOD] < actual[PERIOD].min()) | (wanted[PERIOD] > actual[PERIOD].max())
    return found.where(found.notna() | unknown, 0.0)
