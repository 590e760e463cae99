"""One period against another, and buckets against the bucket before, as plain pandas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

import pandas as pd

from evals.cases import Figures, GoldScalar, GoldUnit, Role
from evals.gold.book import Book
from evals.gold.slices import (
    Having,
    Pick,
    as_rows,
    clean,
    counted,
    grouped,
    keep,
    ranked,
    value_of,
)

ROLES: dict[str, Role] = {
    "current": "value",
    "previous": "previous",
    "change": "change",
    "rate": "rate",
}
"""What the columns of `changes` are to the metric."""


def change(
    book: Book,
    pick: Pick,
    *,
    metric: str,
    base_start: date,
    base_end: date,
    by: Sequence[str] = (),
    having: Sequence[Having] = (),
    sort: str | None = None,
    ascending: bool = False,
    top: int | None = None,
    show: Sequence[str] = ("current", "previous", "rate"),
    exact: bool = True,
    focus_top: int | None = None,
    as_count: bool = False,
) -> Figures:
    """A metric in the pick's period against the base period (half-open, same `where`).

    Columns `current`, `previous`, `change`, `rate`. A group with a base and nothing now has current
    0 where the metric adds up. Rates from a zero or missing base are null; with `having` or `sort`
    on them such groups drop out. `focus_top` keeps the groups that lead by `current`.
    """
    base = Pick(base_start, base_end, pick.where)
    unit = book.measures[metric].unit
    if not by:
        return _overall(book, pick, base, metric, show)
    frame = pd.concat(
        [
            grouped(book, by, metric, pick).rename("current"),
            grouped(book, by, metric, base).rename("previous"),
        ],
        axis=1,
    )
    frame = keep(changes(frame, unit), having)
    if as_count:
        return counted(len(frame))
    if focus_top is not None:
        frame = ranked(frame, "current", ascending=False).head(focus_top)
    if sort is not None:
        ordered = ranked(frame[frame[sort].notna()], sort, ascending=ascending)
        frame = ordered.head(top or len(frame))
    units = [change_unit(name, unit) for name in show]
    in_order = sort is not None or focus_top is not None
    frame = frame if in_order else frame.sort_index()
    roles = [ROLES[name] for name in show]
    return as_rows(frame, show, units, roles=roles, ordered=in_order, exact=exact)


def _overall(book: Book, pick: Pick, base: Pick, metric: str, show: Sequence[str]) -> Figures:
    unit = book.measures[metric].unit
    now, then = value_of(book, metric, pick), value_of(book, metric, base)
    row = changes(pd.DataFrame({"current": [now], "previous": [then]}), unit).iloc[0]
    return Figures(
        scalars=tuple(
            GoldScalar(value=clean(row[name]), unit=change_unit(name, unit), role=ROLES[name])
            for name in show
        )
    )


def changes(frame: pd.DataFrame, unit: GoldUnit) -> pd.DataFrame:
    """Adds `change` and `rate` to `current` and `previous`; sums that are missing now are 0."""
    frame = frame.astype("float64")
    if unit in {"money", "count", "quantity"}:
        has_base = frame["previous"].notna()
        frame["current"] = frame["current"].where(frame["current"].notna() | ~has_base, 0.0)
    base = frame["previous"].where(frame["previous"] != 0)
    gap = frame["current"] - frame["previous"]
    return frame.assign(change=gap, rate=gap / base.abs())


def change_unit(name: str, unit: GoldUnit) -> GoldUnit:
    """The unit of a column of `changes`."""
    return "ratio" if name == "rate" else unit


def steps(
    book: Book,
    pick: Pick,
    *,
    grain: Literal["month", "quarter", "year"],
    metric: str,
    lag: int = 1,
) -> Figures:
    """A metric per bucket with its growth over the bucket `lag` before (also one before `start`).

    Holds only where every bucket in reach has data.
    """
    all_time = grouped(book, [grain], metric, Pick(where=pick.where))
    unit = book.measures[metric].unit
    frame = pd.DataFrame({"current": all_time, "previous": all_time.shift(lag)})
    inside = grouped(book, [grain], metric, pick).index
    units: list[GoldUnit] = [unit, "ratio"]
    frame = changes(frame, unit).loc[inside]
    return as_rows(frame, ["current", "rate"], units, roles=["value", "rate"])
