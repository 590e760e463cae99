"""From stored rows to shown ones: periods and members summed, the backtest's errors beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from leadline.evidence import Column
from leadline.types import Scalar, Unit

if TYPE_CHECKING:
    import pandas as pd

    from tools.analytics.forecast.horizon import Ahead
    from tools.definition import ToolContext
    from tools.forecast_base import Rows

SHORT_AGE: Final = {"month": 6, "week": 26}
"""Whole periods of history below which a forecast is one of low confidence."""
WIDE_ERROR: Final = 0.5
"""Backtest error (share of actual) above which it is, too."""
KEY_LABELS: Final = {
    "region": ("大区", "Region"),
    "territory": ("区域", "Territory"),
    "partner": ("伙伴", "Partner"),
    "product": ("产品", "Product"),
    "product_category": ("产品类别", "Product category"),
    "product_line": ("产品线", "Product line"),
}
METHODS: Final = {
    "Blend": ("统计模型与全局梯度提升模型的混合", "blend of statistical and global boosted models"),
    "Median": ("统计模型的中位数", "median of statistical models"),
    "Global": ("全局梯度提升模型", "global boosted model"),
    "Baseline": ("类 Theta 基线", "Theta-like baseline"),
    "SeasonalNaive": ("去年同期（季节朴素法）", "seasonal naive"),
    "DOT": ("动态优化 Theta", "dynamic optimised Theta"),
    "CES": ("复指数平滑", "complex exponential smoothing"),
    "ETS": ("指数平滑 ETS", "exponential smoothing (ETS)"),
    "TSB": ("TSB 间歇需求法", "TSB for intermittent demand"),
    "IMAPA": ("IMAPA 间歇需求法", "IMAPA for intermittent demand"),
}


def method_text(method: str) -> tuple[str, str]:
    """A method's name for people, in Chinese and English; several joined by " + "."""
    return (
        "、".join(_one(name)[0] for name in method.split(" + ")),
        "; ".join(_one(name)[1] for name in method.split(" + ")),
    )


def _one(name: str) -> tuple[str, str]:
    if name.startswith("SumOf:"):
        return ("下级预测之和", "sum of finer forecasts")
    if name.startswith("Scaled"):
        zh, en = METHODS.get(name.removeprefix("Scaled"), (name, name))
        return (f"{zh}（按上级总量校准）", f"{en}, scaled to the level above")
    return METHODS.get(name, (name, name))


@dataclass(frozen=True, slots=True)
class View:
    """Shown rows before they become cells.

    Attributes:
        rows: per member (and period where each is shown): the keys, period_start (NaT for the
            whole horizon), forecast, bounds, previous_year, method, age, wape, bias, scored.
        total: the same for all members together; empty where there is one anyway.
        coverage: level → share of backtest values inside, for what `rows` shows.
    """

    rows: pd.DataFrame
    total: pd.DataFrame
    coverage: dict[int, float]


def view(found: Rows, ahead: Ahead, *, each: bool) -> View:
    """Sum the rows to what was asked for.

    Args:
        found: the stored rows.
        ahead: the periods.
        each: one row per period; else one for all of them.
    """
    import pandas as pd

    keys = [*found.by, *(["period_start"] if each else [])]
    rows, coverage = _summed(found, ahead, keys)
    total = pd.DataFrame()
    if found.by and rows.groupby(list(found.by), dropna=False).ngroups > 1:
        total, _ = _summed(found, ahead, keys[len(found.by) :])
    return View(rows, total, coverage)


def _summed(found: Rows, ahead: Ahead, keys: list[str]) -> tuple[pd.DataFrame, dict[int, float]]:
    import pandas as pd

    table = found.table
    now = table.loc[(table["part"] == "ahead") & table["step"].isin(ahead.steps)]
    starts = {pd.Timestamp(start) for start in ahead.starts}
    now = now.loc[now["period_start"].isin(starts)]
    backtest = table.loc[table["part"] == "backtest"]
    past = _scored(backtest, ahead)
    members = [k for k in keys if k != "period_start"]
    each = "period_start" in keys
    groups = ["dropped", *members, *(["period_start"] if each else [])]
    rho = _rho(past, groups)
    before = _previous_year(table, now, found.keys)
    out = added_rows(now.assign(previous_year=before), keys, rho)
    judged = _judged(past, groups)
    info = _info(now, keys)
    error = _errors(judged, members)
    out = out.merge(info, on=keys, how="left") if keys else pd.concat([out, info], axis=1)
    if members:
        out = out.merge(error, on=members, how="left")
    else:
        out = out.assign(**{c: error[c].iloc[0] for c in ("wape", "bias", "scored")})
    coverage = {
        level: float(
            (
                (judged["value"] >= judged[f"lo{level}"])
                & (judged["value"] <= judged[f"hi{level}"])
            ).mean()
        )
        for level in (80, 95)
        if len(judged)
    }
    return out, coverage


def added_rows(rows: pd.DataFrame, keys: list[str], rho: float) -> pd.DataFrame:
    """`sums.added` with the previous year's values, null where a part of them is missing."""
    from tools.analytics.forecast.sums import added

    return added(rows, keys, rho, ("previous_year",))


def _scored(backtest: pd.DataFrame, ahead: Ahead) -> pd.DataFrame:
    """Backtest values at the steps asked for; as many from step 1 where none reach so far."""
    reach = int(backtest["step"].max()) if len(backtest) else 0
    inside = [s for s in ahead.steps if s <= reach] or list(range(1, len(ahead.steps) + 1))
    at = backtest.loc[backtest["step"].isin(inside)]
    # An origin that has not seen all of the steps yet cannot judge their sum.
    whole = at.groupby("dropped")["step"].transform("nunique")
    most = int(whole.max()) if len(at) else 0
    return at.loc[whole == most]


def _rho(past: pd.DataFrame, groups: list[str]) -> float:
    import numpy as np

    from tools.analytics.forecast.sums import correlation

    number = past.groupby(groups, dropna=False).ngroup().astype("int64")
    error = (past["value"] - past["forecast"]).to_numpy(dtype=float)
    return correlation(
        error, np.asarray(number, dtype=np.int64), past["dropped"].to_numpy(dtype=float)
    )


def _judged(past: pd.DataFrame, groups: list[str]) -> pd.DataFrame:
    """Backtest sums with bounds that were added by the correlation at the other origins."""
    import pandas as pd

    from tools.analytics.forecast.sums import added

    parts = []
    for dropped in sorted(past["dropped"].unique()):
        here, others = past.loc[past["dropped"] == dropped], past.loc[past["dropped"] != dropped]
        here = here.dropna(subset=["lo80", "lo95"])
        if len(here):
            parts.append(added(here, groups, _rho(others, groups), ("value",)))
    columns = [*groups, "forecast", "value", "lo80", "hi80", "lo95", "hi95"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _errors(judged: pd.DataFrame, members: list[str]) -> pd.DataFrame:
    """Per member wape, bias and number of scored sums; null where the actuals sum to nothing."""
    data = judged.assign(
        error=(judged["forecast"] - judged["value"]).abs(),
        over=judged["forecast"] - judged["value"],
        size=judged["value"].abs(),
        all=0,
    )
    grouped = data.groupby(members or ["all"], dropna=False)
    sums = grouped[["error", "over", "size"]].sum().astype("float64")
    base = sums["size"].where(sums["size"] > 0)
    out = sums.assign(wape=sums["error"] / base, bias=sums["over"] / base, scored=grouped.size())
    out = out[["wape", "bias", "scored"]].reset_index()
    if not len(out) and not members:
        out.loc[0] = [0, None, None, 0]
    return out


def _info(now: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Per shown row the methods of its parts and the longest age."""
    data = now.assign(all=0)
    grouped = data.groupby(keys or ["all"], dropna=False)
    out = grouped.agg(method=("method", lambda m: " + ".join(sorted(set(m)))), age=("age", "max"))
    out = out.reset_index()
    return out if keys else out.drop(columns="all")


def _previous_year(
    table: pd.DataFrame, now: pd.DataFrame, keys: tuple[str, ...]
) -> pd.Series[float]:
    """Per row the same period's actual a year (52 weeks) before, null before the data begins."""
    import pandas as pd

    actual = table.loc[table["part"] == "actual"]
    weekly = len(now) and now["period_start"].dt.day.ne(1).any()
    back = pd.DateOffset(weeks=52) if weekly else pd.DateOffset(years=1)
    wanted = now[[*keys]].assign(period_start=now["period_start"] - back)
    values = actual.groupby([*keys, "period_start"], dropna=False)["value"].sum()
    at = pd.MultiIndex.from_frame(wanted) if keys else pd.Index(wanted["period_start"])
    found = pd.Series(values.reindex(at).to_numpy(), index=now.index)
    first = actual["period_start"].min()
    # No row of a member in a period that the data covers means that it sold nothing.
    return found.where(found.notna() | (wanted["period_start"] < first), 0.0)


def money_or_units(metric: str, context: ToolContext) -> tuple[Unit, str | None]:
    """The unit and currency of a metric's figures."""
    if metric == "amount":
        return Unit.MONEY, context.snapshot.manifest.currency
    return Unit.QUANTITY, None


def key_columns(by: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns of the members."""
    return tuple(Column(name, Unit.TEXT, *KEY_LABELS[name]) for name in by)


def figure(value: object, places: int) -> Scalar:
    """A number rounded, null where it is unknown."""
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return None
    made = round(float(str(value)), places)
    return made + 0.0


def text(value: object) -> Scalar:
    """A member's label; null where it stands for none."""
    return None if value in ("", None) or value != value else str(value)  # noqa: PLR0124 - NaN


def confidence_of(
    age: object, wape: Scalar, grain: str, scored: object
) -> Literal["normal", "low"]:
    """Low for short histories, wide backtest errors, and where nothing could be backtested."""
    years = int(str(age)) if age == age and age is not None else 0  # noqa: PLR0124 - NaN
    known = int(float(str(scored))) if scored == scored and scored is not None else 0  # noqa: PLR0124
    wide = wape is None or float(str(wape)) > WIDE_ERROR
    return "low" if years < SHORT_AGE[grain] or wide or not known else "normal"
