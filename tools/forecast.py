"""The forecast tool: next month, next quarter, to year end; with interval, error and coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from leadline.errors import SpecError
from leadline.evidence import Column, ToolResult
from leadline.types import Scalar, Unit
from tools.definition import Tool, ToolContext
from tools.forecast_base import ForecastArguments, find_rows

if TYPE_CHECKING:
    from tools.analytics.forecast.horizon import Ahead
    from tools.forecast_base import Rows
    from tools.forecast_view import View


NARROW, WIDE = "80%", "95%"
"""What the two intervals are called in texts."""


class ForecastToolArguments(ForecastArguments):
    """`each` True: one row per period of the horizon; False: one for the whole horizon.

    Left open, the periods of months:N and weeks:N are told one by one, others as a whole.
    """

    each: bool | None = Field(default=None, description="a row per period, not one for all")

    @property
    def by_period(self) -> bool:
        """Whether each period has a row."""
        return ":" in self.horizon if self.each is None else self.each


def _compute(arguments: ForecastToolArguments, context: ToolContext) -> ToolResult:
    """Rows by forecast, largest first, then period; all members together in the last row(s).

    `forecast` sums the periods; its bounds are no sums (see `tools.analytics.forecast.sums`).
    `previous_year` is the same periods' actual a year before, null where the data begins later.
    `backtest_wape` and `backtest_bias` are the member's own over the backtest, for the same steps
    ahead and summed alike; `coverage80` and `coverage95` those of all rows shown. To year end,
    `actual_to_date` says what the year has brought up to the as-of date and `year_outlook` its
    whole months and the forecast together. `kind` is member or total.

    Raises:
        SpecError: a member is unknown, the orders cannot be told apart as asked, or there is no
            whole period to learn from.
    """
    from tools.analytics.forecast.horizon import ahead as periods_of
    from tools.forecast_view import view

    ahead = periods_of(arguments.horizon, context.snapshot.as_of)
    found = find_rows(arguments, context, max(ahead.steps))
    if not (found.table["part"] == "ahead").any():
        raise SpecError("there is no whole period with orders to learn a forecast from")
    alone = arguments.model_copy(update={"by": ()})
    together = find_rows(alone, context, max(ahead.steps)) if arguments.by else None
    made = view(found, ahead, each=arguments.by_period, together=together)
    year = _year_so_far(found, arguments, context) if arguments.horizon == "to_year_end" else None
    rows, count = _rows(made, arguments, ahead, year)
    return ToolResult(
        tool="forecast",
        arguments=arguments.model_dump(mode="json", exclude_none=True),
        model_version=context.model.version,
        snapshot=context.snapshot.number,
        scope_hash=context.scope.digest,
        as_of=context.snapshot.as_of,
        columns=_columns(arguments, context),
        rows=rows,
        row_count=count,
        truncated=count > len(rows),
    )


def _year_so_far(
    found: Rows, arguments: ForecastToolArguments, context: ToolContext
) -> dict[tuple[str, ...], tuple[float, float]]:
    """Per member (and () for all): this year's actual to the as-of date, and its whole months'."""
    from tools.forecast_base import filters_of, read_facts

    as_of = context.snapshot.as_of
    filters = filters_of(arguments.where)
    facts = read_facts(context, arguments.metric, arguments.by, filters, context.scope)
    this_year = facts.loc[(facts["day"].dt.year == as_of.year)]
    actual = found.table.loc[found.table["part"] == "actual"]
    whole = actual.loc[actual["period_start"].dt.year == as_of.year]
    out: dict[tuple[str, ...], tuple[float, float]] = {
        (): (float(this_year["y"].sum()), float(whole["value"].sum()))
    }
    if arguments.by:
        by = list(arguments.by)
        to_date, months = this_year.groupby(by)["y"].sum(), whole.groupby(by)["value"].sum()
        for key in to_date.index.union(months.index):
            name = key if isinstance(key, tuple) else (key,)
            out[name] = (float(to_date.get(key, 0.0)), float(months.get(key, 0.0)))
    return out


def _rows(
    made: View,
    arguments: ForecastToolArguments,
    ahead: Ahead,
    year: dict[tuple[str, ...], tuple[float, float]] | None,
) -> tuple[tuple[tuple[Scalar, ...], ...], int]:
    """The cells in order, and how many rows there are before the limit."""
    by: list[str] = list(arguments.by)
    size = made.rows.groupby(by, dropna=False)["forecast"].transform("sum") if by else 0.0
    ordered = made.rows.assign(size=size).sort_values(
        ["size", *by, *(["period_start"] if arguments.by_period else [])],
        ascending=[False, *[True] * (len(by) + arguments.by_period)],
        kind="stable",
    )
    names = list(dict.fromkeys(_member(row, by) for row in ordered.to_dict("records")))
    kept = set(names[: arguments.limit])
    cells = []
    kinds: tuple[Literal["member", "total"], ...] = ("member", "total")
    for kind in kinds:
        table = ordered if kind == "member" else made.total
        for row in table.to_dict("records"):
            member = _member(row, by if kind == "member" else [])
            if kind == "total" or member in kept:
                cells.append(_cells(row, kind, member, made, arguments, ahead, year))
    return tuple(cells), len(ordered) + len(made.total)


def _member(row: dict[object, object], by: list[str]) -> tuple[str, ...]:
    return tuple(str(row[key]) for key in by)


def _cells(
    row: dict[object, object],
    kind: Literal["member", "total"],
    member: tuple[str, ...],
    made: View,
    arguments: ForecastToolArguments,
    ahead: Ahead,
    year: dict[tuple[str, ...], tuple[float, float]] | None,
) -> tuple[Scalar, ...]:
    from tools.analytics.forecast.horizon import name_of
    from tools.forecast_view import confidence_of, figure, method_text, text

    places = 2 if arguments.metric == "amount" else 1
    start = row["period_start"].date() if arguments.by_period else ahead.starts[0]  # type: ignore[attr-defined]
    period = name_of(start, ahead.grain) if arguments.by_period else ahead.label
    forecast, before = figure(row["forecast"], places), figure(row["previous_year"], places)
    rate = None
    if isinstance(forecast, float) and isinstance(before, float) and before > 0:
        rate = round(forecast / before - 1, 6)
    wape, bias = figure(row["wape"], 6), figure(row["bias"], 6)
    sure = confidence_of(row["age"], wape, ahead.grain, row["scored"])
    keys = [text(name) for name in member] or [None] * len(arguments.by)
    to_date: tuple[Scalar, ...] = ()
    if year is not None:
        so_far, whole = year.get(member, (0.0, 0.0))
        outlook = (
            None if arguments.by_period else figure(whole + float(str(row["forecast"])), places)
        )
        to_date = (figure(so_far, places), outlook)
    return (
        *keys,
        period,
        start.isoformat(),
        forecast,
        *(figure(row[bound], places) for bound in ("lo80", "hi80", "lo95", "hi95")),
        before,
        rate,
        str(row["method"]),
        wape,
        bias,
        *(figure(made.coverage.get(level), 6) for level in (80, 95)),
        sure,
        kind,
        *method_text(str(row["method"])),
        int(str(row["age"])),
        NARROW,
        WIDE,
        *to_date,
    )


def _columns(arguments: ForecastToolArguments, context: ToolContext) -> tuple[Column, ...]:
    from tools.forecast_view import BOUNDS, key_columns, money_or_units

    unit, currency = money_or_units(arguments.metric, context)
    figures = (
        ("forecast", "预测", "Forecast"),
        *BOUNDS,
        ("previous_year", "去年同期", "Same period last year"),
    )
    year = (
        ("actual_to_date", "本年截至目前", "Year to date"),
        ("year_outlook", "全年展望", "Outlook for the year"),
    )
    return (
        *key_columns(arguments.by),
        Column("period", Unit.TEXT, "期间", "Period"),
        Column("period_start", Unit.DATE, "期间起始", "Period start"),
        *(Column(name, unit, zh, en, currency) for name, zh, en in figures),
        Column("change_rate", Unit.RATIO, "较去年同期", "Against last year"),
        Column("method", Unit.TEXT, "方法代号", "Method key"),
        Column("backtest_wape", Unit.RATIO, "回测误差", "Backtest error"),
        Column("backtest_bias", Unit.RATIO, "回测偏差", "Backtest bias"),
        Column("coverage80", Unit.RATIO, "80% 区间实测覆盖", "Measured coverage of 80%"),
        Column("coverage95", Unit.RATIO, "95% 区间实测覆盖", "Measured coverage of 95%"),
        Column("confidence", Unit.TEXT, "可信度", "Confidence"),
        Column("kind", Unit.TEXT, "行类", "Kind"),
        Column("method_zh", Unit.TEXT, "方法", "Method (Chinese)"),
        Column("method_en", Unit.TEXT, "方法（英文）", "Method"),
        Column("history", Unit.COUNT, "历史期数", "Periods of history"),
        Column("narrow", Unit.TEXT, "窄区间", "Narrow interval"),
        Column("wide", Unit.TEXT, "宽区间", "Wide interval"),
        *(
            Column(name, unit, zh, en, currency)
            for name, zh, en in (year if arguments.horizon == "to_year_end" else ())
        ),
    )


FORECAST = Tool(
    name="forecast",
    description_zh="预测销售额或销量：下月、下季度、至年底等，含区间、方法与回测误差",
    description_en="Forecasts of sales or units (next month, quarter, to year end) with intervals",
    arguments=ForecastToolArguments,
    compute=_compute,
)
