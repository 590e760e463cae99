"""The rows of a result, from the joined aggregates: steps after the join, in the spec's order.

figures → compare → shares → rank → metric filters → focus → top per group → order and limit →
rollup. Every step is a select over the one before; DuckDB runs them as one query.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from knowledge.semantic.columns import result_columns
from knowledge.semantic.conditions import value_clause
from knowledge.semantic.connection import SnapshotDatabase
from knowledge.semantic.facts import Expression
from knowledge.semantic.model import Metric
from knowledge.semantic.pieces import Pieces, quotient
from knowledge.semantic.spec import MetricFilter, Order, QuerySpec
from leadline.errors import SpecError
from leadline.evidence import Column
from leadline.types import Unit

BUCKET = "bucket"
"""The internal name of the time bucket: a DATE, labelled when rows leave the database."""
COUNT = "row_total__"


@dataclass(frozen=True, slots=True)
class Shape:
    """The finished select and what its columns are; the last selected column is `COUNT`."""

    select: sa.Select[Any]
    columns: tuple[Column, ...]


def shape_rows(
    database: SnapshotDatabase,
    spec: QuerySpec,
    pieces: Pieces,
    metrics: list[Metric],
    joined: sa.FromClause,
    row_cap: int,
) -> Shape:
    """Build the select that gives the result's rows, at most `row_cap` of them."""
    rows = _figures(database, spec, pieces, metrics, joined)
    rows = _derived(spec, metrics, rows)
    order = _order(spec, rows)
    if spec.rank:
        rows = _ranked(spec, rows, order)
    rows = _filtered(spec, {metric.name: metric for metric in metrics}, rows)
    if spec.top_per is not None:
        rows = _top_per(spec, rows, order)
    columns = result_columns(database, spec)
    if spec.rollup is not None:
        return Shape(_rolled_up(spec, rows, order, row_cap), columns)
    cap = row_cap if spec.limit is None else min(row_cap, spec.limit)
    found: list[Expression] = [rows.c[_internal(spec, column.name)] for column in columns]
    select = sa.select(*found, sa.func.count().over().label(COUNT))
    return Shape(select.order_by(*_sorting(spec, rows, order)).limit(cap), columns)


def _internal(spec: QuerySpec, name: str) -> str:
    return BUCKET if name == spec.grain else name


def _figures(
    database: SnapshotDatabase,
    spec: QuerySpec,
    pieces: Pieces,
    metrics: list[Metric],
    joined: sa.FromClause,
) -> sa.Subquery:
    """Label the members and compute each metric, its base and its target from the aggregates."""
    source: sa.FromClause = joined
    columns: list[Expression] = [joined.c[BUCKET]] if spec.grain else []
    for index, name in enumerate(spec.dimensions):
        key: Expression = joined.c[f"k{index}"]
        known = database.model.dimensions[name]
        if known.kind == "member":
            table = database.tables[known.table].alias()
            source = source.outerjoin(table, table.c.id == key)
            key = table.c.label
        columns.append(key.label(name))
    compare = spec.compare.kind if spec.compare else None
    for metric in metrics:
        columns.append(pieces.value(joined.c, metric, "current").label(metric.name))
        if compare not in (None, "target"):
            base = pieces.value(joined.c, metric, "base")
            columns.append(base.label(f"{metric.name}__previous"))
        if compare == "target" and metric.target_measure is not None:
            columns.append(pieces.goal(joined.c, metric).label(f"{metric.name}__target"))
            reached = pieces.attainment(joined.c, metric, "current")
            columns.append(reached.label(f"{metric.name}__attainment"))
    return sa.select(*columns).select_from(source).subquery("figures")


def _derived(spec: QuerySpec, metrics: list[Metric], rows: sa.Subquery) -> sa.Subquery:
    """Changes against the base, and shares of the total over all rows."""
    columns: list[Expression] = list(rows.c)
    if spec.compare is not None and spec.compare.kind != "target":
        for metric in metrics:
            now, before = rows.c[metric.name], rows.c[f"{metric.name}__previous"]
            change = _change(metric, now, before)
            columns.append(change.label(f"{metric.name}__change"))
            rate = sa.case((before > 0, quotient(change, before)))
            columns.append(rate.label(f"{metric.name}__change_rate"))
    for share in spec.shares:
        value = rows.c[share.metric]
        within = [rows.c[_internal(spec, name)] for name in share.within]
        total = sa.func.sum(value).over(partition_by=within or None)
        columns.append(quotient(value, total).label(f"{share.metric}__share"))
    if len(columns) == len(rows.c):
        return rows
    return sa.select(*columns).subquery("derived")


def _change(metric: Metric, now: Expression, before: Expression) -> Expression:
    """Current less base; of additive figures a missing side is 0, of others the change is null."""
    if not metric.additive:
        return now - before
    both = sa.func.coalesce(now, 0) - sa.func.coalesce(before, 0)
    return sa.case((sa.or_(now.is_not(None), before.is_not(None)), both))


def _order(spec: QuerySpec, rows: sa.Subquery) -> tuple[Order, ...]:
    """The order asked for; where rows are ranked or cut without one, the first metric descending.

    Raises:
        SpecError: an order by something that is no column of the result.
    """
    for item in spec.order:
        known = (*rows.c.keys(), *((spec.grain,) if spec.grain else ()))
        if item.by != "rank" and item.by not in known:
            raise SpecError(
                f"order by {item.by!r}, which is no column of the result",
                hint=f"the columns are: {', '.join(n for n in known if n != BUCKET)}",
            )
    wanted = tuple(item for item in spec.order if item.by != "rank")
    if not wanted and (spec.order or spec.rank or spec.limit or spec.top_per):
        direction = spec.order[0].direction if spec.order else "asc"
        return (Order(by=spec.metrics[0], direction="desc" if direction == "asc" else "asc"),)
    return wanted


def _sorting(spec: QuerySpec, rows: sa.FromClause, order: tuple[Order, ...]) -> list[Expression]:
    """Order columns, nulls last, ties broken by the row's keys in ascending order."""
    return [*_by(spec, rows, order), *_tie_break(spec, rows)]


def _by(spec: QuerySpec, rows: sa.FromClause, order: tuple[Order, ...]) -> list[Expression]:
    found: list[Expression] = []
    for item in order:
        column: Expression = rows.c[_internal(spec, item.by)]
        found.append((column.asc() if item.direction == "asc" else column.desc()).nulls_last())
    return found


def _tie_break(spec: QuerySpec, rows: sa.FromClause) -> list[Expression]:
    return [rows.c[_internal(spec, name)].asc().nulls_last() for name in spec.row_keys]


def _ranked(spec: QuerySpec, rows: sa.Subquery, order: tuple[Order, ...]) -> sa.Subquery:
    """Number all rows by the order, equal figures alike; rows without a figure have no rank.

    Where the top of each group is asked for, the rank counts within the group.
    """
    within = None
    if spec.top_per is not None:
        within = [rows.c[_internal(spec, name)] for name in spec.top_per.within]
    rank = sa.func.rank().over(partition_by=within, order_by=_by(spec, rows, order))
    first = rows.c[_internal(spec, order[0].by)]
    ranked = sa.case((first.is_not(None), rank)).label("rank")
    return sa.select(*rows.c, ranked).subquery("ranked")


def _filtered(spec: QuerySpec, metrics: dict[str, Metric], rows: sa.Subquery) -> sa.Subquery:
    """Rows whose figures pass the metric filters, and whose members are in focus."""
    clauses = [_compares(metrics[item.metric], item, rows) for item in spec.metric_filters]
    clauses += [value_clause(rows.c[item.member], item) for item in spec.focus]
    if not clauses:
        return rows
    return sa.select(*rows.c).where(*clauses).subquery("filtered")


def _compares(metric: Metric, wanted: MetricFilter, rows: sa.Subquery) -> sa.ColumnElement[bool]:
    suffix = "" if wanted.on == "value" else f"__{wanted.on}"
    column: Any = rows.c[f"{metric.name}{suffix}"]
    exact = metric.unit in (Unit.MONEY, Unit.QUANTITY) and wanted.on not in (
        "change_rate",
        "share",
        "attainment",
    )
    bound = _bound(wanted.value, exact=exact)
    if wanted.op == "between":
        upper = wanted.value if wanted.upper is None else wanted.upper
        return sa.and_(column >= bound, column <= _bound(upper, exact=exact))
    clauses: dict[str, sa.ColumnElement[bool]] = {
        "gt": column > bound,
        "ge": column >= bound,
        "known": column.is_not(None),
        "lt": column < bound,
        "le": column <= bound,
        "eq": column == bound,
        "ne": column != bound,
    }
    return clauses[wanted.op]


def _bound(value: float, *, exact: bool) -> sa.ColumnElement[Any]:
    """A threshold; exact decimals are compared with exact decimals."""
    if exact:
        return sa.literal(Decimal(repr(value)), sa.Numeric(asdecimal=True))
    return sa.literal(value, sa.Float())


def _top_per(spec: QuerySpec, rows: sa.Subquery, order: tuple[Order, ...]) -> sa.Subquery:
    if spec.top_per is None:
        return rows
    within = [rows.c[_internal(spec, name)] for name in spec.top_per.within]
    place = sa.func.row_number().over(partition_by=within, order_by=_sorting(spec, rows, order))
    numbered = sa.select(*rows.c, place.label("place__")).subquery("numbered")
    kept = [column for column in numbered.c if column.name != "place__"]
    return sa.select(*kept).where(numbered.c.place__ <= spec.top_per.n).subquery("top")


def _rolled_up(
    spec: QuerySpec, rows: sa.Subquery, order: tuple[Order, ...], row_cap: int
) -> sa.Select[Any]:
    rollup = spec.rollup
    if rollup is None:
        raise ValueError("no rollup asked for")
    if spec.limit is not None:
        best = sa.select(*rows.c).order_by(*_sorting(spec, rows, order)).limit(spec.limit)
        rows = best.subquery("limited")
    keep = [rows.c[_internal(spec, name)] for name in rollup.keep]
    figures: list[Expression] = []
    if rollup.function == "count":
        figures.append(sa.func.count().label("count"))
    else:
        for name in spec.metrics:
            label = f"{name}__{rollup.function}"
            figures.append(_again(rollup.function, rows.c[name]).label(label))
    grouped = sa.select(*keep, *figures).select_from(rows)
    if keep:
        grouped = grouped.group_by(*keep)
    done = grouped.subquery("rolled")
    select = sa.select(*done.c, sa.func.count().over().label(COUNT))
    by = [done.c[_internal(spec, name)].asc().nulls_last() for name in rollup.keep]
    return select.order_by(*by).limit(row_cap)


def _again(function: str, column: Expression) -> Expression:
    """One more aggregate; means are taken of decimals, so that no order of adding shows."""
    if function == "avg":
        exact = sa.cast(column, sa.Numeric(38, 12))
        return quotient(sa.func.sum(exact), sa.func.count(column))
    if function == "sum":
        return sa.func.sum(column)
    return sa.func.min(column) if function == "min" else sa.func.max(column)
