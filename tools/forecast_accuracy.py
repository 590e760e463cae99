"""The accuracy tool: how forecasts of a past period compare with what then came."""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from leadline.errors import SpecError
from leadline.evidence import Column, ToolResult
from leadline.types import Scalar, Unit
from tools.definition import Tool, ToolContext
from tools.forecast import NARROW, WIDE
from tools.forecast_base import (
    ForecastArguments,
    Key,
    Metric,
    find_rows,
    regions_of,
)

if TYPE_CHECKING:
    from tools.analytics.forecast.horizon import Ahead

BOUNDS: Final = ("forecast", "lo80", "hi80", "lo95", "hi95")
INSIDE80: Final = 4
"""Place of `inside80` after the key columns."""
FORM = r"^(last_month|last_quarter|\d{4}-(0[1-9]|1[0-2])|\d{4}-Q[1-4])$"


class AccuracyArguments(BaseModel):
    """Which past period: last_month, last_quarter, or a month "2026-09" or quarter "2026-Q3"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    metric: Metric = Field(default="amount", description="sales amount or units")
    by: tuple[Key, ...] = Field(default=(), max_length=2, description="members to tell apart")
    period: str = Field(
        default="last_quarter",
        description='last_month, last_quarter, a month "2026-09" or a quarter "2026-Q3"',
        pattern=FORM,
    )
    limit: int = Field(default=50, ge=1, le=1000, description="members at most, largest first")
    runs: tuple[str, ...] | None = Field(
        default=None,
        max_length=2,
        description="leave open: the kept forecasts used (none: a backtest); a citation names them",
    )


def _compute(arguments: AccuracyArguments, context: ToolContext) -> ToolResult:
    """Per member, largest actual first, and all together in the last row (`kind` total).

    `error_rate` is (forecast - actual) ÷ actual, null where nothing came; `inside80`, `inside95`
    are 1 where the actual lay within the interval, else 0. `made_on` is the last day of the data
    that the forecast knew; `origin` is "stored" for a forecast that was made and kept before the
    period, "backtest" for what the same method says with the data of then. `members_inside80` of
    `members` are said in the total's row only. The result's arguments name the runs that were used,
    so that it can be run again when others have been kept.

    Raises:
        SpecError: the period is not over, or there is no history before it.
    """
    past = _period(arguments.period, context.snapshot.as_of)
    runs = _runs(arguments, context, past) if arguments.runs is None else arguments.runs
    used = arguments.model_copy(update={"runs": runs})
    made = _kept(used, context, past) if runs else _again(arguments, context, past)
    rows, count = _rows(made, _actual(arguments, context, past), arguments, past)
    return ToolResult(
        tool="forecast_accuracy",
        arguments=used.model_dump(mode="json", exclude_none=True),
        model_version=context.model.version,
        snapshot=context.snapshot.number,
        scope_hash=context.scope.digest,
        as_of=context.snapshot.as_of,
        columns=_columns(arguments, context),
        rows=rows,
        row_count=count,
        truncated=count > len(rows),
    )


@dataclass(frozen=True, slots=True)
class Before:
    """What was forecast: per member (() is all together) forecast and bounds; what it knew."""

    members: dict[tuple[str, ...], tuple[float, ...]]
    total: tuple[float, ...] | None
    made_on: date
    origin: Literal["stored", "backtest"]


def _runs(arguments: AccuracyArguments, context: ToolContext, past: Ahead) -> tuple[str, ...]:
    """The best informed kept run of the level, and of the total; none where either is missing.

    A scope that limits regions sees the runs of regions alone; other limits see no kept run, since
    what is kept is about everybody's sales.
    """
    from tools.analytics.forecast.horizon import later
    from tools.forecast_run import MONTHS

    if context.forecasts is None or not (context.scope.unlimited or _by_region(arguments, context)):
        return ()
    found = []
    whole = (arguments.by, ()) if arguments.by and context.scope.unlimited else (arguments.by,)
    for level in whole:
        runs = context.forecasts.made_before(
            arguments.metric, "month", level, past.starts[0], context.snapshot.number
        )
        last = past.starts[-1]
        reach = [r for r in runs if last < later(r.subject.opened, MONTHS, "month")]
        if not reach:
            return ()
        found.append(reach[0])
    if len({run.subject.snapshot for run in found}) > 1:
        return ()
    return tuple(run.run_id for run in found)


def _by_region(arguments: AccuracyArguments, context: ToolContext) -> bool:
    return context.scope.partners is None and arguments.by[:1] == ("region",)


def _kept(arguments: AccuracyArguments, context: ToolContext, past: Ahead) -> Before:
    """The kept runs' months, summed to the period.

    Raises:
        SpecError: there is no archive, or the runs are about something else.
    """
    import pandas as pd

    from tools.analytics.forecast.sums import added

    if context.forecasts is None:
        raise SpecError("there is no archive of forecasts here")
    whole = (arguments.by, ())[: len(arguments.runs or ())]
    made: list[dict[tuple[str, ...], tuple[float, ...]]] = []
    made_on = past.open
    for run_id, level in zip(arguments.runs or (), whole, strict=True):
        run = context.forecasts.run(run_id)
        subject = run.subject
        if (subject.metric, subject.level) != (arguments.metric, level):
            raise SpecError(f"forecast {run_id} is about something else")
        made_on = subject.as_of
        values = [v for v in context.forecasts.values(run_id) if v.period_start in past.starts]
        rows = pd.DataFrame(
            [(json.dumps(v.members), *(getattr(v, b) for b in BOUNDS)) for v in values],
            columns=["member", *BOUNDS],
        )
        summed = added(rows, ["member"], run.quality.rho, over_time=True)
        made.append(
            {
                tuple(json.loads(row["member"])): tuple(float(row[b]) for b in BOUNDS)
                for row in summed.to_dict("records")
            }
        )
    within = regions_of(context)
    members = {
        key: value
        for key, value in made[0].items()
        if within is None or (key and key[0] in within.values)
    }
    return Before(members, made[1].get(()) if len(made) > 1 else None, made_on, "stored")


def _again(arguments: AccuracyArguments, context: ToolContext, past: Ahead) -> Before:
    """What the same method says with the data of then.

    Raises:
        SpecError: there is no history before the period.
    """
    from tools.forecast_view import view

    asked = ForecastArguments(metric=arguments.metric, by=arguments.by)
    found = find_rows(asked, context, 1, past.open)
    if not (found.table["part"] == "ahead").any():
        raise SpecError(f"there are no orders before {past.label} to forecast it from")
    alone = asked.model_copy(update={"by": ()})
    together = find_rows(alone, context, 1, past.open) if arguments.by else None
    made = view(found, past, each=False, together=together)

    def bounds(row: dict[Hashable, Any]) -> tuple[float, ...]:
        return tuple(float(row[b]) for b in BOUNDS)

    members = {
        tuple(str(row[name]) for name in arguments.by): bounds(row)
        for row in made.rows.to_dict("records")
    }
    total = [bounds(row) for row in made.total.to_dict("records")]
    made_on = past.open - timedelta(days=1)
    return Before(members, total[0] if total else None, made_on, "backtest")


def _period(named: str, as_of: date) -> Ahead:
    """The months of a past period, seen from the day before it.

    Raises:
        SpecError: it is not over.
    """
    from tools.analytics.forecast.horizon import Ahead, first_open, later

    running = as_of.replace(day=1)
    if named == "last_month":
        first, count = later(running, -1, "month"), 1
    elif named == "last_quarter":
        first, count = later(date(as_of.year, 3 * ((as_of.month - 1) // 3) + 1, 1), -3, "month"), 3
    elif "Q" in named:
        first, count = date(int(named[:4]), 3 * int(named[-1]) - 2, 1), 3
    else:
        first, count = date(int(named[:4]), int(named[5:]), 1), 1
    starts = tuple(later(first, n, "month") for n in range(count))
    label = f"{first:%Y-%m}" if count == 1 else f"{first.year}-Q{(first.month + 2) // 3}"
    if later(first, count, "month") > first_open(as_of, "month"):
        raise SpecError(f"{label} is not over on {as_of}", hint="ask for a whole past period")
    return Ahead("month", first, starts, label)


def _actual(
    asked: AccuracyArguments, context: ToolContext, past: Ahead
) -> dict[tuple[str, ...], float]:
    """What came in the period, per member; () is all together."""
    import pandas as pd

    from tools.forecast_base import read_facts

    facts = read_facts(context, asked.metric, asked.by, (), context.scope)
    day = facts["day"]
    inside = (day >= pd.Timestamp(past.open)) & (day < pd.Timestamp(past.end_excl))
    came = facts.loc[inside]
    out: dict[tuple[str, ...], float] = {(): float(came["y"].sum())}
    if asked.by:
        for key, value in came.groupby(list(asked.by))["y"].sum().items():
            out[key if isinstance(key, tuple) else (str(key),)] = float(value)
    return out


def _rows(
    made: Before, came: dict[tuple[str, ...], float], arguments: AccuracyArguments, past: Ahead
) -> tuple[tuple[tuple[Scalar, ...], ...], int]:
    keys = sorted(made.members, key=lambda key: (-came.get(key, 0.0), key))
    every = [_cells(key, made.members[key], made, came, arguments, past) for key in keys]
    counts = (sum(int(str(row[len(arguments.by) + INSIDE80])) for row in every), len(every))
    shown = [(*row, None, None) for row in every[: arguments.limit]]
    if made.total is not None:
        shown.append((*_cells((), made.total, made, came, arguments, past), *counts))
    return tuple(shown), len(every) + (made.total is not None)


def _cells(
    key: tuple[str, ...],
    said: tuple[float, ...],
    made: Before,
    came: dict[tuple[str, ...], float],
    arguments: AccuracyArguments,
    past: Ahead,
) -> tuple[Scalar, ...]:
    from tools.forecast_view import figure, text

    places = 2 if arguments.metric == "amount" else 1
    actual = came.get(key, 0.0)
    forecast, low80, high80, low95, high95 = said
    names: list[Scalar] = [text(name) for name in key] or [None] * len(arguments.by)
    return (
        *names,
        past.label,
        figure(forecast, places),
        figure(actual, places),
        figure((forecast - actual) / actual, 6) if actual > 0 else None,
        int(low80 <= actual <= high80),
        int(low95 <= actual <= high95),
        made.made_on.isoformat(),
        made.origin,
        *(figure(bound, places) for bound in (low80, high80, low95, high95)),
        "member" if key or not arguments.by else "total",
        NARROW,
        WIDE,
    )


def _columns(arguments: AccuracyArguments, context: ToolContext) -> tuple[Column, ...]:
    from tools.forecast_view import BOUNDS, key_columns, money_or_units

    unit, currency = money_or_units(arguments.metric, context)
    return (
        *key_columns(arguments.by),
        Column("period", Unit.TEXT, "期间", "Period"),
        Column("forecast", unit, "当时的预测", "Forecast then", currency),
        Column("actual", unit, "实际", "Actual", currency),
        Column("error_rate", Unit.RATIO, "误差", "Error"),
        Column("inside80", Unit.COUNT, "落在 80% 区间内", "Inside 80%"),
        Column("inside95", Unit.COUNT, "落在 95% 区间内", "Inside 95%"),
        Column("made_on", Unit.DATE, "预测所知截至", "Data known until"),
        Column("origin", Unit.TEXT, "来源", "Origin"),
        *(Column(name, unit, zh, en, currency) for name, zh, en in BOUNDS),
        Column("kind", Unit.TEXT, "行类", "Kind"),
        Column("narrow", Unit.TEXT, "窄区间", "Narrow interval"),
        Column("wide", Unit.TEXT, "宽区间", "Wide interval"),
        Column("members_inside80", Unit.COUNT, "区间内的成员数", "Members inside 80%"),
        Column("members", Unit.COUNT, "成员数", "Members"),
    )


FORECAST_ACCURACY = Tool(
    name="forecast_accuracy",
    description_zh="过去某期的预测准不准：预测与实际、误差、是否落在区间内",
    description_en="How forecasts of a past period compare with what came",
    arguments=AccuracyArguments,
    compute=_compute,
)
