"""Figures that are levels, not flows: what is in stock on a day, and how far a target is met."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

import pandas as pd

from evals.cases import Figures, GoldUnit
from evals.gold.book import TEN_THOUSANDTHS, Book
from evals.gold.slices import Having, Pick, as_rows, frame_of, keep, one, ranked, value_of


def attainment(
    book: Book,
    pick: Pick,
    *,
    by: Sequence[str] = (),
    actual: str = "amount",
    target: str = "target_amount",
    having: Sequence[Having] = (),
    sort: str | None = None,
    ascending: bool = False,
    top: int | None = None,
    exact: bool = True,
) -> Figures:
    """An actual over its target; a target counts where its period starts in the picked one.

    Column `attainment`. A member without a target has none; one without actuals has met 0 of it.
    """
    if not by:
        done, goal = value_of(book, actual, pick), value_of(book, target, pick)
        return one((done or 0.0) / goal if goal else None, "ratio")
    frame = frame_of(book, by, [actual, target], pick)
    frame = frame[frame[target].notna()]
    frame = keep(frame.assign(attainment=frame[actual].fillna(0.0) / frame[target]), having)
    if sort is not None:
        frame = ranked(frame, sort, ascending=ascending).head(top or len(frame))
    return as_rows(frame, ["attainment"], ["ratio"], ordered=sort is not None, exact=exact)


def stock(
    book: Book,
    pick: Pick,
    *,
    column: Literal["balance", "value"] = "balance",
    day: date | None = None,
    by: Sequence[str] = (),
    sort: str | None = None,
    ascending: bool = False,
    top: int | None = None,
) -> Figures:
    """Units (`balance`) or worth (`value`) in stock at the last day of count up to `day`.

    The frame `inventory` holds `date`, `balance` and `value` (ten-thousandths). Without `day`, up
    to the as-of date.
    """
    rows = book.frames["inventory"]
    limit = book.as_of if day is None else pd.Timestamp(day)
    rows = rows[rows["date"] == rows.loc[rows["date"] <= limit, "date"].max()]
    if pick.where:
        rows = rows.query(pick.where, engine="python")
    unit: GoldUnit = "money" if column == "value" else "quantity"
    scale = TEN_THOUSANDTHS if column == "value" else 1
    if not by:
        return one(rows[column].sum() / scale, unit)
    frame = (rows.groupby(list(by))[[column]].sum() / scale).astype("float64")
    if sort is not None:
        frame = ranked(frame, sort, ascending=ascending).head(top or len(frame))
    return as_rows(frame, [column], [unit], ordered=sort is not None)
