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
SUM, SCALED = "SumOf:", "Scaled"
"""Before methods: finer rows are summed; shares are scaled to the level above."""
BOUNDS: Final = (
    ("lo80", "80% 区间下限", "80% low"),
    ("hi80", "80% 区间上限", "80% high"),
    ("lo95", "95% 区间下限", "95% low"),
    ("hi95", "95% 区间上限", "95% high"),
)
"""Columns of an interval's ends: name, Chinese, English."""

METHODS: Final = {
    "Blend": ("统计模型与全局梯度提升模型的混合", "blend of statistical and global boosted models"),
    "BlendHistogram": (
        "统计模型与全局梯度提升模型（直方图法）的混合",
        "blend of statistical and global histogram-boosted models",
    ),
    "GlobalHistogram": ("全局梯度提升模型（直方图法）", "global histogram-boosted model"),
    "Median": ("统计模型的中位数", "median of statistical models"),
    "Global": ("全局梯度提升模型", "global boosted model"),
    "Baseline": ("类 Theta 基线", "Theta-like baseline"),
    "SeasonalNaive": ("去年同期（季节朴素法）", "seasonal naive"),
    "DOT": ("动态优化 Theta", "dynamic optimised Theta"),
    "CES": ("复指数平滑", "complex exponential smoothing"),
    "ETS": ("指数平滑 ETS", "exponential smoothing (ETS)"),
    "TSB": ("TSB 间歇需求法", "TSB for intermittent demand"),
    "IMAPA": ("IMAPA 间歇需求法", "IMAPA for intermittent demand"),
    "Harmonic": ("谐波回归", "harmonic regression"),
    "Own": ("本级自己的预测", "the level's own forecasts"),
    "ShareFlat": ("近一年占比", "shares of the last year"),
    "ShareQuarter": ("季度内同相位占比", "shares in the same phase of past quarters"),
    "ShareSeason": ("往年同期占比", "shares in the same season of past years"),
}


def method_text(method: str) -> tuple[str, str]:
    """What methods are called for people, in Chinese and English; several joined by " + "."""
    summed = method.startswith(SUM)
    names = [_one(name) for name in method.removeprefix(SUM).split(" + ")]
    zh, en = "、".join(name[0] for name in names), "; ".join(name[1] for name in names)
    return (f"{zh}，由更细的预测汇总", f"{en}, summed from finer forecasts") if summed else (zh, en)


def _one(name: str) -> tuple[str, str]:
    if name.startswith(SCALED):
        zh, en = METHODS.get(name.removeprefix(SCALED), (name, name))
        return (f"{zh}（按上级总量校准）", f"{en}, scaled to the level above")
    return METHODS.get(name, (name, name))


@dataclass(frozen=True, slots=True)
class View:
    """Rows of members, of all members together (empty where there is one anyway), coverage."""

    rows: pd.DataFrame
    total: pd.DataFrame
    coverage: dict[int, float]


def view(found: Rows, ahead: Ahead, *, each: bool, together: Rows | None = None) -> View:
    """What an answer shows.

    Args:
        found: the stored rows of the members.
        ahead: the periods.
        each: one row per period; else one for all of them.
        together: the stored rows by which a question about all of them together is answered.
    """
    import pandas as pd

    from tools.analytics.forecast.shown import shown

    made = shown(found.table, found.keys, found.by, ahead, each=each)
    total = pd.DataFrame()
    if together is not None and len(made.rows[list(found.by)].drop_duplicates()) > 1:
        total = shown(together.table, together.keys, (), ahead, each=each).rows
    return View(made.rows, total, made.coverage)


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
