"""A book of source frames and the measures that pandas computes on them.

This is the second opinion on every figure: it knows nothing of the warehouse, the semantic layer or
the planner, and reads only the source files. Money is kept in whole ten-thousandths of a currency
unit, so sums are exact whatever their order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

from evals.cases import GoldUnit

TEN_THOUSANDTHS = 10_000


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure computed on one frame.

    fact: name of the frame.
    compute: the figure of some rows of it; None where it has no value (a zero denominator).
    date: the column that a period selects on.
    """

    fact: str
    unit: GoldUnit
    compute: Callable[[pd.DataFrame], float | None]
    date: str = "date"


@dataclass(frozen=True, slots=True)
class Book:
    """Frames of one data set, the measures on them, and the last day with data."""

    frames: Mapping[str, pd.DataFrame]
    measures: Mapping[str, Measure]
    as_of: pd.Timestamp
    planted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Codes of partners by what a simulated channel says that it did to them."""
    _bucketed: dict[tuple[str, str], pd.DataFrame] = field(default_factory=dict, compare=False)

    def rows(self, metric: str) -> pd.DataFrame:
        """The rows of a metric's fact, with buckets `month`, `quarter`, `half` and `year`."""
        measure = self.measures[metric]
        key = (measure.fact, measure.date)
        if key not in self._bucketed:
            frame = self.frames[measure.fact]
            self._bucketed[key] = frame.assign(**_buckets(frame[measure.date]))
        return self._bucketed[key]


def _buckets(days: pd.Series[pd.Timestamp]) -> dict[str, pd.Series[str]]:
    """Bucket names per row, worked out once per calendar day."""
    each = pd.Series(days.dropna().unique())
    year = each.dt.strftime("%Y")
    names = {
        "month": each.dt.strftime("%Y-%m"),
        "quarter": year + "-Q" + each.dt.quarter.astype(str),
        "half": year + "-H" + ((each.dt.month + 5) // 6).astype(str),
        "year": year,
    }
    return {
        bucket: days.map(dict(zip(each, values, strict=True))) for bucket, values in names.items()
    }


def exact(column: pd.Series) -> pd.Series:
    """A column of amounts as whole ten-thousandths (int64); amounts hold four decimals at most."""
    scale = Decimal(TEN_THOUSANDTHS)

    def whole(value: object) -> int:
        return int((Decimal(str(value)) * scale).to_integral_value())

    return column.map(whole).astype("int64")


def money_sum(column: str) -> Callable[[pd.DataFrame], float | None]:
    """Sum of a column of ten-thousandths, in currency units."""
    return lambda rows: int(rows[column].sum()) / TEN_THOUSANDTHS


def number_sum(column: str) -> Callable[[pd.DataFrame], float | None]:
    """Sum of a plain numeric column."""
    return lambda rows: float(rows[column].sum())


def distinct(column: str) -> Callable[[pd.DataFrame], float | None]:
    """Number of different values that are not null."""
    return lambda rows: float(rows[column].nunique())


def row_total() -> Callable[[pd.DataFrame], float | None]:
    """Number of rows."""
    return lambda rows: float(len(rows))


def quotient(
    above: Callable[[pd.DataFrame], float | None], below: Callable[[pd.DataFrame], float | None]
) -> Callable[[pd.DataFrame], float | None]:
    """One figure over another: Σ/Σ, None on a zero or missing denominator."""

    def compute(rows: pd.DataFrame) -> float | None:
        numerator, denominator = above(rows), below(rows)
        if numerator is None or not denominator:
            return None
        return numerator / denominator

    return compute
