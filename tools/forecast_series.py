"""The series tool: actuals and forecasts period by period, for charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from leadline.errors import SpecError
from leadline.evidence import Column, ToolResult
from leadline.types import Scalar, Unit
from tools.definition import Tool, ToolContext
from tools.forecast_base import ForecastArguments, find_rows

if TYPE_CHECKING:
    import pandas as pd


class SeriesArguments(ForecastArguments):
    """As a forecast, with the history before it. All periods from the first open one are shown."""

    history_months: int = Field(default=24, ge=0, le=120, description="months of actuals before")


def _compute(arguments: SeriesArguments, context: ToolContext) -> ToolResult:
    """Per member (largest forecast first) its actuals, then the forecast of every open period.

    `value` is the actual or the forecast, as `kind` says; bounds are null for actuals. A month or
    week that has begun counts as open: it is forecast as a whole.

    Raises:
        SpecError: as the forecast tool.
    """
    from tools.analytics.forecast.horizon import Ahead, later
    from tools.analytics.forecast.horizon import ahead as periods_of
    from tools.forecast_view import view

    named = periods_of(arguments.horizon, context.snapshot.as_of)
    last = max(named.steps)
    starts = tuple(later(named.open, n, named.grain) for n in range(last))
    whole = Ahead(named.grain, named.open, starts, named.label)
    found = find_rows(arguments, context, last)
    if not (found.table["part"] == "ahead").any():
        raise SpecError("there is no whole period with orders to learn a forecast from")
    made = view(found, whole, each=True).rows
    keys = list(found.by)
    weeks = round(arguments.history_months * 52 / 12)
    periods = arguments.history_months if named.grain == "month" else weeks
    since = later(named.open, -periods, named.grain)
    past = _actuals(found.table, keys, since)
    rows = _rows(made, past, keys, arguments)
    return ToolResult(
        tool="forecast_series",
        arguments=arguments.model_dump(mode="json", exclude_none=True),
        model_version=context.model.version,
        snapshot=context.snapshot.number,
        scope_hash=context.scope.digest,
        as_of=context.snapshot.as_of,
        columns=_columns(arguments, context),
        rows=rows,
        row_count=len(made) + len(past),
        truncated=len(made) + len(past) > len(rows),
    )


def _actuals(table: pd.DataFrame, keys: list[str], since: object) -> pd.DataFrame:
    import pandas as pd

    actual = table.loc[(table["part"] == "actual") & (table["period_start"] >= pd.Timestamp(since))]  # type: ignore[arg-type]
    by = [*keys, "period_start"]
    return actual.groupby(by, dropna=False)["value"].sum().reset_index()


def _rows(
    made: pd.DataFrame, past: pd.DataFrame, keys: list[str], arguments: SeriesArguments
) -> tuple[tuple[Scalar, ...], ...]:
    from tools.analytics.forecast.horizon import PeriodGrain, name_of
    from tools.forecast_view import figure, text

    grain: PeriodGrain = "week" if arguments.horizon.startswith("weeks") else "month"
    places = 2 if arguments.metric == "amount" else 1
    size: dict[tuple[str, ...], float] = {}
    cells: dict[tuple[str, ...], list[tuple[Scalar, ...]]] = {}
    kinds: dict[Literal["actual", "forecast"], pd.DataFrame] = {"actual": past, "forecast": made}
    for kind, table in kinds.items():
        for row in table.sort_values("period_start").to_dict("records"):
            member = tuple(str(row[key]) for key in keys)
            value = row["value" if kind == "actual" else "forecast"]
            names = ("lo80", "hi80", "lo95", "hi95")
            bounds = (None if kind == "actual" else figure(row[n], places) for n in names)
            start = row["period_start"].date()
            cells.setdefault(member, []).append(
                (
                    *(text(name) for name in member),
                    start.isoformat(),
                    kind,
                    figure(value, places),
                    *bounds,
                    name_of(start, grain),
                )
            )
            size[member] = size.get(member, 0.0) + (float(value) if kind == "forecast" else 0.0)
    order = sorted(cells, key=lambda member: (-size[member], member))
    return tuple(row for member in order[: arguments.limit] for row in cells[member])


def _columns(arguments: SeriesArguments, context: ToolContext) -> tuple[Column, ...]:
    from tools.forecast_view import BOUNDS, key_columns, money_or_units

    unit, currency = money_or_units(arguments.metric, context)
    figures = (
        ("value", "数值", "Value"),
        *BOUNDS,
    )
    return (
        *key_columns(arguments.by),
        Column("period_start", Unit.DATE, "期间起始", "Period start"),
        Column("kind", Unit.TEXT, "实际或预测", "Actual or forecast"),
        *(Column(name, unit, zh, en, currency) for name, zh, en in figures),
        Column("period", Unit.TEXT, "期间", "Period"),
    )


FORECAST_SERIES = Tool(
    name="forecast_series",
    description_zh="逐期的实际与预测，供作图",
    description_en="Actuals and forecasts period by period, for charts",
    arguments=SeriesArguments,
    compute=_compute,
)
