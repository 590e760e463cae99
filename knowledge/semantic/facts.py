"""One fact, aggregated to the keys of a result: the only place where rows are counted and summed.

Each `Branch` reads one fact once, for one window, and groups it before anything is joined, so that
no join can multiply rows. Member dimensions are grouped by their integer key and labelled later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa

from knowledge.semantic.conditions import Clause, condition, in_scope
from knowledge.semantic.connection import CALENDAR, SnapshotDatabase
from knowledge.semantic.model import Balance, Measure
from knowledge.semantic.places import Place, find_place
from knowledge.semantic.spec import Condition
from knowledge.semantic.windows import Days
from leadline.access import Scope
from leadline.types import Grain

Expression: TypeAlias = sa.ColumnElement[Any]
Role = Literal["current", "base"]


@dataclass(frozen=True, slots=True)
class Piece:
    """One aggregate that a metric needs, before it is given a column."""

    fact: str
    date: str
    measure: Measure
    role: Role
    balance: Balance | None = None
    attains: str | None = None
    """Metric whose targets' members the rows are restricted to."""

    @property
    def branch(self) -> tuple[object, ...]:
        """Pieces with the same branch are read in one pass over the fact."""
        return (self.fact, self.date, self.role, self.balance, self.attains)


@dataclass(frozen=True, slots=True)
class Request:
    """What all branches of one query share."""

    database: SnapshotDatabase
    scope: Scope
    where: Condition | None
    dimensions: tuple[str, ...]
    grain: Grain | None
    undated: bool
    """Whether rows without a date count: no period is named, and nothing is split by time."""


class FactRows:
    """The rows of one fact in one branch, and the joins that its dimensions need."""

    def __init__(self, database: SnapshotDatabase, fact: str) -> None:
        self.database = database
        self.fact = fact
        self.rows = database.tables[fact].alias()
        self.source: sa.FromClause = self.rows
        self._joined: dict[tuple[str, str], sa.FromClause] = {}

    def value(self, dimension: str) -> Expression:
        """The grouping key of a dimension: a member's id, or an attribute's text.

        The caller has checked that the fact carries it.
        """
        place = find_place(self.database, self.fact, dimension)
        if place is None:  # guarded by the checks; a wrong figure would be worse
            raise KeyError(f"{self.fact} does not carry {dimension}")
        if place.table is None:
            return self.rows.c[place.column]
        key: Expression = self.rows.c[place.key]
        if place.through is not None:
            key = self._join(place.through, key).c[f"{place.table}_id"]
        if self.database.model.dimensions[dimension].kind != "member":
            return self._join(place.table, key).c[place.column]
        if place.through is None and dangling(self.database, self.fact, place):
            return self._join(place.table, key).c.id
        return key

    def _join(self, table: str, key: Expression) -> sa.FromClause:
        name = (table, str(key))
        if name not in self._joined:
            other = self.database.tables[table].alias()
            self.source = self.source.outerjoin(other, other.c.id == key)
            self._joined[name] = other
        return self._joined[name]

    def bucket(self, grain: Grain, column: str) -> Expression:
        """First day of the bucket that holds a date; rows without the date fall out."""
        day: Expression = self.rows.c[column]
        if grain == "day":
            return day
        calendar = self.database.tables[CALENDAR].alias()
        self.source = self.source.join(calendar, calendar.c.day == day)
        return calendar.c[grain]

    def join(self, other: sa.FromClause, on: Clause) -> None:
        """Keep only rows that match `other` (which has at most one row per match)."""
        self.source = self.source.join(other, on)


def dangling(database: SnapshotDatabase, fact: str, place: Place) -> bool:
    """Whether rows refer to members that are no more; they then count as having none."""
    cached: dict[tuple[str, str], bool] = database.cache.setdefault("dangling", {})
    key = (fact, place.key)
    if key not in cached:
        rows = database.tables[fact].alias()
        members = database.tables[place.table or ""]
        used = sa.select(rows.c[place.key].label("used")).distinct().subquery()
        lost: sa.Select[Any] = (
            sa.select(sa.func.count(used.c.used))
            .select_from(used.outerjoin(members, members.c.id == used.c.used))
            .where(members.c.id.is_(None))
        )
        cached[key] = bool(database.rows(lost)[0][0])
    return cached[key]


def signature(database: SnapshotDatabase, fact: str, measure: Measure) -> tuple[object, ...]:
    """What decides which rows a measure counts; empty: all of them."""
    known = tuple(column for column in measure.known if not database.complete(fact, column))
    if not known and not measure.where and measure.due_before_as_of is None:
        return ()
    return (known, measure.where, measure.due_before_as_of)


def measure_conditions(
    database: SnapshotDatabase, fact: str, rows: sa.FromClause, measure: Measure
) -> list[Clause]:
    """The conditions of the rows that a measure counts; none: all of them."""
    clauses: list[Clause] = [
        rows.c[column].is_not(None)
        for column in measure.known
        if not database.complete(fact, column)
    ]
    clauses += [
        sa.func.lower(rows.c[column]).in_([value.lower() for value in values])
        for column, values in measure.where
    ]
    if measure.due_before_as_of is not None:
        clauses.append(rows.c[measure.due_before_as_of] < database.as_of)
    return clauses


def aggregate(rows: sa.FromClause, measure: Measure) -> sa.Function[Any]:
    """The aggregate of a measure, before its conditions."""
    if measure.column is None:
        return sa.func.count()
    value: Expression = rows.c[measure.column]
    if measure.minus is not None:
        value = value - rows.c[measure.minus]
    if measure.times is not None:
        value = value * rows.c[measure.times]
    if measure.days_since is not None:
        value = value - rows.c[measure.days_since]
    if measure.function == "count_distinct":
        return sa.func.count(value.distinct())
    if measure.function == "sum":
        return sa.func.sum(value)
    if measure.function == "count":
        return sa.func.count(value)
    return sa.func.min(value) if measure.function == "min" else sa.func.max(value)


def date_span(
    database: SnapshotDatabase, fact: str, column: str, scope: Scope
) -> tuple[date | None, date | None]:
    """First and last date that the scope lets see in a column; None where it is empty."""
    if scope.unlimited:
        return database.first(fact, column), database.last(fact, column)
    cached: dict[object, tuple[date | None, date | None]] = database.cache.setdefault("spans", {})
    key = (fact, column, scope.digest)
    if key not in cached:
        rows = database.tables[fact].alias()
        query: sa.Select[Any] = sa.select(
            sa.func.min(rows.c[column]), sa.func.max(rows.c[column])
        ).where(*in_scope(database, fact, rows, scope))
        first, last = database.rows(query)[0]
        cached[key] = (first, last)
    return cached[key]


def within(
    database: SnapshotDatabase,
    fact: str,
    column: str,
    rows: sa.FromClause,
    days: Days,
    *,
    undated: bool,
) -> list[Clause]:
    """That a date column lies in `days`; `undated` keeps rows without a date in an open window."""
    if days.empty:
        return [sa.false()]
    day: Expression = rows.c[column]
    clauses: list[Clause] = [] if days.start is None else [day >= days.start]
    last = database.last(fact, column)
    if last is None or last >= days.end_excl:
        before = day < days.end_excl
        clauses.append(sa.or_(before, day.is_(None)) if undated and days.start is None else before)
    elif days.start is None and not undated and not database.complete(fact, column):
        clauses.append(day.is_not(None))
    return clauses


def group(
    request: Request,
    table: FactRows,
    pieces: Sequence[tuple[str, Piece]],
    clauses: Iterable[Clause],
    bucket: Expression | None,
) -> sa.Select[Any]:
    """Aggregate the rows to the query's keys: `bucket`, `k0`, `k1`, …, then one column a piece.

    A group is there if a row counts for at least one piece.
    """
    database, rows = request.database, table.rows
    keys = [] if bucket is None else [bucket.label("bucket")]
    keys += [table.value(d).label(f"k{i}") for i, d in enumerate(request.dimensions)]
    signatures = {signature(database, table.fact, piece.measure) for _, piece in pieces}
    columns: list[Expression] = []
    counted: list[Clause] = []
    for name, piece in pieces:
        total: Any = aggregate(rows, piece.measure)
        wanted = measure_conditions(database, table.fact, rows, piece.measure)
        if wanted and len(signatures) > 1:
            total = total.filter(sa.and_(*wanted))
        columns.append(total.label(name))
        counted.append(sa.and_(sa.true(), *wanted))
    query = sa.select(*keys, *columns).select_from(table.source)
    query = query.where(
        *in_scope(database, table.fact, rows, request.scope),
        *condition(database, table.fact, rows, request.where),
        *clauses,
    )
    if () not in signatures:
        query = query.where(counted[0] if len(signatures) == 1 else sa.or_(*counted))
    return query.group_by(*(key.element for key in keys)) if keys else query


def flow(request: Request, pieces: Sequence[tuple[str, Piece]], days: Days) -> sa.Select[Any]:
    """Aggregate the rows dated within `days`, by bucket where there is a grain."""
    table, clauses, bucket = flow_rows(request, pieces[0][1], days)
    return group(request, table, pieces, clauses, bucket)


def flow_rows(
    request: Request, piece: Piece, days: Days
) -> tuple[FactRows, list[Clause], Expression | None]:
    """The rows dated within `days`, the conditions that keep them, and their bucket."""
    table = FactRows(request.database, piece.fact)
    if not piece.date:
        return table, [], None
    undated = request.undated and piece.role == "current"
    clauses = within(request.database, piece.fact, piece.date, table.rows, days, undated=undated)
    bucket = None if request.grain is None else table.bucket(request.grain, piece.date)
    return table, clauses, bucket


def points_table(points: Sequence[tuple[date, date]]) -> sa.Subquery:
    """(bucket, day) pairs as a relation with the columns `bucket` and `day`."""
    return sa.select(
        _dates([bucket for bucket, _ in points]).label("bucket"),
        _dates([day for _, day in points]).label("day"),
    ).subquery()


def _dates(days: list[date]) -> Expression:
    return sa.func.unnest(sa.cast(sa.bindparam(None, days), sa.ARRAY(sa.Date)))
