"""Who is silent, new, absent or one-sided among the partners, as plain pandas.

The frame `partners` holds a row per partner on file with `first_order` and `last_order` (null where
it never ordered).
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import pandas as pd

from evals.cases import Figures, GoldScalar
from evals.gold.book import Book
from evals.gold.slices import Pick, counted, label_rows, one, picked


def _partners(book: Book, where: str | None) -> pd.DataFrame:
    frame = book.frames["partners"]
    return frame.query(where, engine="python") if where else frame


def dormant(book: Book, pick: Pick, *, days: int, as_count: bool = False) -> Figures:
    """Partners whose last order lies strictly more than `days` days before the as-of date."""
    partners = _partners(book, pick.where)
    silence = (book.as_of - partners["last_order"]).dt.days
    asleep = sorted(partners.loc[silence > days, "partner"])
    return counted(len(asleep)) if as_count else label_rows(asleep)


def debut(book: Book, pick: Pick) -> Figures:
    """Partners whose first order lies in the period."""
    return label_rows(sorted(set(picked(book, "new_partners", pick)["partner"])))


def order_day(book: Book, pick: Pick, *, which: Literal["first_order", "last_order"]) -> Figures:
    """The day of the first or last order of the partner that the pick selects."""
    day = _partners(book, pick.where)[which].iloc[0]
    return Figures(scalars=(GoldScalar(value=day.date().isoformat(), unit="date"),))


def bought_not(book: Book, pick: Pick, *, has: str, lacks: str) -> Figures:
    """Partners with an order line that meets `has` and none that meets `lacks`."""
    having = set(picked(book, "orders", Pick(pick.start, pick.end, has))["partner"])
    lacking = set(picked(book, "orders", Pick(pick.start, pick.end, lacks))["partner"])
    return label_rows(sorted(having - lacking))


def lapsed(book: Book, pick: Pick, *, first_start: date, first_end: date) -> Figures:
    """Partners that ordered in the first period and not in the picked one."""
    before = set(picked(book, "orders", Pick(first_start, first_end, pick.where))["partner"])
    return label_rows(sorted(before - set(picked(book, "orders", pick)["partner"])))


def buying_part(book: Book, pick: Pick) -> Figures:
    """The part of all partners on file that ordered in the period."""
    buying = picked(book, "orders", pick)["partner"].nunique()
    return one(buying / len(book.frames["partners"]), "ratio")


def without(book: Book, pick: Pick, *, metric: str, as_count: bool = False) -> Figures:
    """Partners for which the metric's fact has no row in the period.

    The pick's `where` selects among the partners; its period among the fact's rows.
    """
    seen = set(picked(book, metric, Pick(pick.start, pick.end))["partner"])
    missing = sorted(set(_partners(book, pick.where)["partner"]) - seen)
    return counted(len(missing)) if as_count else label_rows(missing)
