"""Buckets and shifts of dates for the oracle, found by looking at every day."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import pandas as pd

ONE_DAY = timedelta(days=1)


@cache
def bucket(grain: str, day: date) -> str:
    stamp = pd.Timestamp(day)
    if grain == "day":
        return day.isoformat()
    if grain == "week":
        year, week, _ = stamp.isocalendar()
        return f"{year}-W{week:02d}"
    if grain == "month":
        return stamp.strftime("%Y-%m")
    if grain == "quarter":
        return f"{stamp.year}-Q{stamp.quarter}"
    if grain == "half":
        return f"{stamp.year}-H{1 if stamp.month < 7 else 2}"
    return str(stamp.year)


@cache
def days_of(grain: str, label: str) -> list[date]:
    """All days of a bucket, found by looking at every day around it."""
    year = int(label[:4])
    every = (d.date() for d in pd.date_range(f"{year - 1}-12-01", f"{year + 1}-01-31"))
    return [day for day in every if bucket(grain, day) == label]


def moved(day: date, **offset: int) -> date:
    return (pd.Timestamp(day) + pd.DateOffset(**offset)).date()


STEP: dict[str, dict[str, int]] = {
    "day": {"days": -1},
    "week": {"weeks": -1},
    "month": {"months": -1},
    "quarter": {"months": -3},
    "half": {"months": -6},
    "year": {"years": -1},
}


def base_bucket(kind: str, grain: str, label: str) -> str | None:
    """The bucket before, or the one called the same a year earlier, if there is one."""
    if kind == "previous_period":
        return bucket(grain, days_of(grain, label)[0] - ONE_DAY)
    earlier = f"{int(label[:4]) - 1:04d}{label[4:]}"
    try:
        return earlier if days_of(grain, earlier) else None
    except ValueError:
        return None
