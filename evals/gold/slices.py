"""Cutting source frames into groups and turning groups into expected rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from evals.cases import ROWS_KEPT, Figures, GoldScalar, GoldUnit, Role
from evals.gold.book import Book

if TYPE_CHECKING:
    from leadline.types import Scalar

Having = tuple[str, str, float]
"""Column, operator, bound: keeps rows of a table."""


@dataclass(frozen=True, slots=True)
class Pick:
    """Which source rows count.

    `start` is in, `end` is not; None leaves that side open. `where` is a pandas query expression.
    """

    start: date | None = None
    end: date | None = None
    where: str | None = None


def picked(book: Book, metric: str, pick: Pick) -> pd.DataFrame:
    """The rows that a metric is computed on, with buckets `month`, `quarter`, `half`, `year`."""
    rows, day = book.rows(metric), book.measures[metric].date
    if pick.where:
        rows = rows.query(pick.where, engine="python")
    if pick.start is not None:
        rows = rows[rows[day] >= pd.Timestamp(pick.start)]
    if pick.end is not None:
        rows = rows[rows[day] < pd.Timestamp(pick.end)]
    return rows


def value_of(book: Book, metric: str, pick: Pick) -> float | None:
    """The metric over all picked rows."""
    return book.measures[metric].compute(picked(book, metric, pick))


def grouped(book: Book, by: Sequence[str], metric: str, pick: Pick) -> pd.Series[float]:
    """The metric per group, NaN where it has no value; null groups are left out."""
    compute = book.measures[metric].compute
    groups = picked(book, metric, pick).groupby(list(by), observed=True, sort=True)
    values = {key: compute(group) for key, group in groups}
    index = pd.MultiIndex.from_tuples(list(values), names=list(by)) if values else None
    return pd.Series(list(values.values()), index=index, dtype="float64", name=metric)


def frame_of(book: Book, by: Sequence[str], metrics: Sequence[str], pick: Pick) -> pd.DataFrame:
    """Several metrics side by side, one row per group that any of them has."""
    return pd.concat([grouped(book, by, metric, pick) for metric in metrics], axis=1)


def keep(frame: pd.DataFrame, having: Sequence[Having]) -> pd.DataFrame:
    """Rows that meet all conditions; null figures meet none."""
    for column, op, bound in having:
        values = frame[column]
        tests = {
            ">": values > bound,
            ">=": values >= bound,
            "<": values < bound,
            "<=": values <= bound,
        }
        frame = frame[tests[op]]
    return frame


def ranked(frame: pd.DataFrame, by: str, *, ascending: bool) -> pd.DataFrame:
    """Sorted by a figure, ties by label, nulls last."""
    return frame.sort_index().sort_values(
        by, ascending=ascending, kind="stable", na_position="last"
    )


def as_rows(
    frame: pd.DataFrame,
    shown: Sequence[str],
    units: Sequence[GoldUnit],
    *,
    roles: Sequence[Role] = (),
    ordered: bool = False,
    exact: bool = True,
) -> Figures:
    """A frame's index and the shown columns as expected rows (at most `ROWS_KEPT` of them)."""
    rows: list[tuple[Scalar, ...]] = []
    for key, figures in zip(frame.index, frame[list(shown)].itertuples(index=False), strict=True):
        labels = key if isinstance(key, tuple) else (key,)
        rows.append((*map(str, labels), *(clean(value) for value in figures)))
    return Figures(
        rows=tuple(rows[:ROWS_KEPT]),
        row_units=tuple(units),
        row_roles=tuple(roles),
        ordered=ordered,
        exact_rows=exact,
        row_count=len(rows) if exact else None,
    )


def label_rows(labels: Sequence[str]) -> Figures:
    """Members only, no figures."""
    return Figures(rows=tuple((label,) for label in labels[:ROWS_KEPT]), row_count=len(labels))


def one(value: float | None, unit: GoldUnit) -> Figures:
    """A single figure."""
    return Figures(scalars=(GoldScalar(value=clean(value), unit=unit),))


def counted(number: int) -> Figures:
    """A number of members as the one figure."""
    return one(float(number), "count")


def clean(value: float | None) -> float | None:
    """A figure as it is stored: null for NaN, rounded far below any tolerance."""
    if value is None or math.isnan(value):
        return None
    return round(float(value), 10)
