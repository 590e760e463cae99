"""Forecasts of a snapshot by level, as they are kept: made once, compared with what came later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from knowledge.warehouse.forecast_store import ForecastQuality, ForecastSubject, ForecastValue
from tools.definition import ToolContext
from tools.forecast_base import ForecastArguments, Key, Metric, carried_keys, find_rows

if TYPE_CHECKING:
    import pandas as pd

LEVELS: Final[tuple[tuple[Key, ...], ...]] = (
    (),
    ("region",),
    ("product_category",),
    ("region", "product_category"),
    ("territory",),
    ("partner",),
)
"""The levels that are kept where the data can be told apart by them."""
MONTHS: Final = 12
"""Months ahead that are kept."""
PLACES: Final = 4
"""Decimals that are kept of figures."""


@dataclass(frozen=True, slots=True)
class Made:
    """A level's forecasts, ready to be kept."""

    subject: ForecastSubject
    quality: ForecastQuality
    values: tuple[ForecastValue, ...]


def forecasts_of(
    context: ToolContext,
    metrics: tuple[Metric, ...],
    levels: tuple[tuple[Key, ...], ...] = LEVELS,
    say: Callable[[str], None] | None = None,
) -> Iterator[Made]:
    """Forecast the snapshot, level by level: every open month of the next `MONTHS`.

    Levels that the data cannot be told apart by, and those without a whole period, are left out.

    Args:
        context: the snapshot; its scope must be unlimited, since what is kept is for everybody.
        metrics: amount, quantity.
        levels: key columns of each level.
        say: called with a line per level.
    """
    carried = carried_keys(context)
    for metric in metrics:
        for level in levels:
            if not set(level) <= set(carried):
                continue
            if say is not None:
                say(f"{metric} by {' × '.join(level) or 'total'}")
            made = _made(context, metric, level)
            if made is not None:
                yield made


def _made(context: ToolContext, metric: Metric, level: tuple[Key, ...]) -> Made | None:
    from tools.analytics.forecast.horizon import Ahead, first_open, later
    from tools.analytics.forecast.shown import shown
    from tools.analytics.forecast.table import VERSION

    as_of = context.snapshot.as_of
    opened = first_open(as_of, "month")
    starts = tuple(later(opened, n, "month") for n in range(MONTHS))
    ahead = Ahead("month", opened, starts, "")
    found = find_rows(ForecastArguments(metric=metric, by=level), context, MONTHS)
    if not (found.table["part"] == "ahead").any():
        return None
    made = shown(found.table, found.keys, level, ahead, each=True)
    rows = made.rows.sort_values([*level, "period_start"], kind="stable")
    values = tuple(_value(row, level) for row in rows.to_dict("records"))
    error, over = made.overall
    quality = ForecastQuality(
        round(made.over_time, 6),
        _known(error),
        _known(over),
        _known(made.coverage.get(80)),
        _known(made.coverage.get(95)),
    )
    number = context.snapshot.number
    subject = ForecastSubject(number, as_of, metric, "month", level, opened, VERSION)
    return Made(subject, quality, values)


def _value(row: dict[object, object], level: tuple[str, ...]) -> ForecastValue:
    names = ("forecast", "lo80", "hi80", "lo95", "hi95")
    forecast, lo80, hi80, lo95, hi95 = (round(float(str(row[n])), PLACES) for n in names)
    start: pd.Timestamp = row["period_start"]  # type: ignore[assignment]
    return ForecastValue(
        tuple(str(row[name]) for name in level),
        start.date(),
        forecast,
        lo80,
        hi80,
        lo95,
        hi95,
        str(row["method"])[:100],
        _known(row["wape"]),
        _known(row["bias"]),
    )


def _known(value: object) -> float | None:
    return None if value is None or value != value else round(float(str(value)), 6)  # noqa: PLR0124
