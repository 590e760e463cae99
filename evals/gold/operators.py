"""The shapes of question as plain pandas: totals, tables, shares, counts, averages.

Each function takes a `Book`, a `Pick` and explicit arguments and returns `Figures`. Periods are
dates: what "last quarter" means is decided by whoever wrote the case, not here.
"""

from __future__ import annotations

from collections.abc import Sequence

from evals.cases import Figures, GoldScalar, GoldUnit
from evals.gold.book import Book
from evals.gold.slices import (
    Having,
    Pick,
    as_rows,
    clean,
    counted,
    frame_of,
    grouped,
    keep,
    one,
    ranked,
    value_of,
)


def scalar(book: Book, pick: Pick, *, metrics: Sequence[str]) -> Figures:
    """One figure per metric over all picked rows."""
    return Figures(
        scalars=tuple(
            GoldScalar(value=clean(value_of(book, m, pick)), unit=book.measures[m].unit)
            for m in metrics
        )
    )


def table(
    book: Book,
    pick: Pick,
    *,
    by: Sequence[str],
    metrics: Sequence[str],
    having: Sequence[Having] = (),
    sort: str | None = None,
    ascending: bool = False,
    top: int | None = None,
    ordered: bool | None = None,
    exact: bool = True,
    show: Sequence[str] | None = None,
) -> Figures:
    """Metrics per group; `having` filters groups, `sort` and `top` keep the first of them.

    `show` names the figures that the answer must hold (all metrics by default, `[]` for none).
    """
    frame = keep(frame_of(book, by, metrics, pick), having)
    if sort is not None:
        frame = ranked(frame, sort, ascending=ascending).head(top or len(frame))
    shown = list(metrics) if show is None else list(show)
    is_ordered = (sort is not None) if ordered is None else ordered
    units = [book.measures[metric].unit for metric in shown]
    return as_rows(frame, shown, units, ordered=is_ordered, exact=exact)


def top_per(
    book: Book,
    pick: Pick,
    *,
    within: Sequence[str],
    by: Sequence[str],
    metric: str,
    n: int,
    ascending: bool = False,
) -> Figures:
    """The first `n` groups of `by` inside each group of `within`."""
    frame = ranked(frame_of(book, [*within, *by], [metric], pick), metric, ascending=ascending)
    leaders = frame.groupby(level=list(within), sort=True).head(n).sort_index()
    return as_rows(leaders, [metric], [book.measures[metric].unit])


def share(
    book: Book,
    pick: Pick,
    *,
    by: Sequence[str],
    metric: str,
    within: Sequence[str] = (),
    only: Sequence[str] = (),
    top: int | None = None,
    having: Sequence[Having] = (),
    as_scalar: bool = False,
) -> Figures:
    """Each group's part of the total of all picked rows, or of its group of `within`.

    `only` keeps groups whose last label is listed; the total still counts the others. With
    `as_scalar` the share of the groups kept is one figure.
    """
    frame = frame_of(book, by, [metric], pick)
    values = frame[metric]
    total = values.groupby(level=list(within)).transform("sum") if within else values.sum()
    frame = frame.assign(share=values / total)
    if only:
        frame = frame[frame.index.get_level_values(-1).isin(list(only))]
    frame = ranked(keep(frame, having), metric, ascending=False).head(top or len(frame))
    if as_scalar:
        return one(frame["share"].sum(), "ratio")
    units: list[GoldUnit] = [book.measures[metric].unit, "ratio"]
    return as_rows(frame, [metric, "share"], units, ordered=top is not None)


def count_groups(
    book: Book, pick: Pick, *, by: Sequence[str], metric: str, having: Sequence[Having]
) -> Figures:
    """How many groups meet the conditions."""
    return counted(len(keep(frame_of(book, by, [metric], pick), having)))


def average_over(
    book: Book, pick: Pick, *, by: Sequence[str], metric: str, keep_by: Sequence[str] = ()
) -> Figures:
    """The mean of a metric over the groups that have it ("per month" = over months with data)."""
    values = grouped(book, [*keep_by, *by], metric, pick)
    unit = book.measures[metric].unit
    if keep_by:
        return as_rows(values.groupby(level=list(keep_by)).mean().to_frame(), [metric], [unit])
    return one(values.mean(), unit)


def difference(book: Book, pick: Pick, *, by: str, metric: str, first: str, second: str) -> Figures:
    """By how much one member's figure exceeds another's."""
    values = grouped(book, [by], metric, pick)
    return one(values[(first,)] - values[(second,)], book.measures[metric].unit)


def nth(
    book: Book,
    pick: Pick,
    *,
    by: str,
    metric: str,
    n: int,
    upto: int | None = None,
    ascending: bool = False,
) -> Figures:
    """The member at place `n`, or at `n` … `upto`, from the highest (ascending: the lowest)."""
    frame = ranked(frame_of(book, [by], [metric], pick), metric, ascending=ascending)
    return as_rows(frame.iloc[n - 1 : upto or n], [metric], [book.measures[metric].unit])


def sum_of(
    book: Book, pick: Pick, *, by: Sequence[str], metric: str, having: Sequence[Having]
) -> Figures:
    """What the groups that meet the conditions add up to."""
    frame = keep(frame_of(book, by, [metric], pick), having)
    return one(frame[metric].sum(), book.measures[metric].unit)


def top_total(book: Book, pick: Pick, *, by: str, metric: str, n: int) -> Figures:
    """What the `n` leading members add up to."""
    frame = ranked(frame_of(book, [by], [metric], pick), metric, ascending=False)
    return one(frame[metric].head(n).sum(), book.measures[metric].unit)


def frozen_top(book: Book, pick: Pick, *, by: str, rank_by: str, metric: str, n: int) -> Figures:
    """A metric of the members that lead by another metric."""
    frame = frame_of(book, [by], [rank_by, metric], pick)
    leaders = ranked(frame, rank_by, ascending=False).head(n)
    return as_rows(leaders, [metric], [book.measures[metric].unit])
