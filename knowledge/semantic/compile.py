"""From a checked `QuerySpec` to one SQLAlchemy select over a snapshot.

Each fact is aggregated to the result's keys by itself (`facts`, `balances`, `targets`), the
aggregates are stacked and joined on the keys here, and `shape` turns them into the result's rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa

from knowledge.semantic.balances import balance
from knowledge.semantic.calendar import shift_bucket
from knowledge.semantic.check import all_metrics, check_spec
from knowledge.semantic.conditions import Clause, condition, in_scope, narrowed
from knowledge.semantic.connection import SnapshotDatabase
from knowledge.semantic.facts import (
    Expression,
    Piece,
    Request,
    Role,
    date_span,
    flow,
    points_table,
)
from knowledge.semantic.members import visible
from knowledge.semantic.model import Metric
from knowledge.semantic.pieces import Pieces, register
from knowledge.semantic.places import find_place
from knowledge.semantic.shape import Shape, shape_rows
from knowledge.semantic.spec import QuerySpec
from knowledge.semantic.targets import TargetChoice, attained, choose, target_sum, target_window
from knowledge.semantic.windows import Days, Windows, resolve_windows
from leadline.access import Scope
from leadline.evidence import Column

Choices: TypeAlias = dict[tuple[str, Days], TargetChoice | None]
"""Measure and window → the targets chosen, so that goal and actual agree on them."""


@dataclass(frozen=True, slots=True)
class CompiledQuery:
    """A query ready to run on its snapshot's database.

    `sql` has positional parameters `$1`, `$2`, …; its last column is the number of rows before the
    row cap (and after the spec's own limit).
    """

    sql: str
    parameters: tuple[object, ...]
    columns: tuple[Column, ...]
    windows: Windows
    select: sa.Select[Any]
    shape: Shape


def compile_on(
    database: SnapshotDatabase, spec: QuerySpec, scope: Scope, row_cap: int
) -> CompiledQuery:
    """Compile `spec` for one snapshot and scope.

    Raises:
        SpecError: the spec does not fit the model or the data.
    """
    metrics, pieces, windows, joined = joined_pieces(database, spec, scope)
    shape = shape_rows(database, spec, pieces, metrics, joined, row_cap)
    text, parameters = database.statement(shape.select)
    return CompiledQuery(text, tuple(parameters), shape.columns, windows, shape.select, shape)


def joined_pieces(
    database: SnapshotDatabase, spec: QuerySpec, scope: Scope
) -> tuple[list[Metric], Pieces, Windows, sa.FromClause]:
    """The metrics of a spec, their aggregates, its windows, and all aggregates by key.

    Raises:
        SpecError: the spec does not fit the model or the data.
    """
    check_spec(database, spec, scope)
    metrics = [database.model.metrics[name] for name in all_metrics(spec)]
    compare = spec.compare.kind if spec.compare else None
    pieces = Pieces(database, spec)
    based = compare not in (None, "target")
    register(pieces, metrics, base=based, target=compare == "target")
    windows = _windows(database, spec, pieces, scope)
    undated = windows.unlimited and spec.grain is None
    request = Request(database, scope, spec.where, spec.dimensions, spec.grain, undated)
    joined = _join(request, pieces, _branches(request, spec, pieces, windows, metrics))
    return metrics, pieces, windows, joined


def _windows(database: SnapshotDatabase, spec: QuerySpec, pieces: Pieces, scope: Scope) -> Windows:
    """The windows; a date role that may lie ahead extends them to the last date of the data."""
    role = spec.time.dimension if spec.time else None
    ahead = role is not None and database.model.dimensions[role].future
    if not ahead and (spec.grain is None or (spec.time and spec.time.start)):
        return resolve_windows(spec, database.as_of, None)
    dated = {(piece.fact, piece.date) for piece in pieces.names if piece.date}
    spans = [date_span(database, fact, column, scope) for fact, column in sorted(dated)]
    firsts = [first for first, _ in spans if first is not None]
    lasts = [last for _, last in spans if last is not None and ahead]
    return resolve_windows(spec, max([database.as_of, *lasts]), min(firsts, default=None))


def _branches(
    request: Request, spec: QuerySpec, pieces: Pieces, windows: Windows, metrics: list[Metric]
) -> list[tuple[sa.Select[Any], list[str]]]:
    """One select per fact, window and kind of figure, with the names of its piece columns."""
    grouped: dict[tuple[object, ...], list[tuple[str, Piece]]] = {}
    for piece, name in pieces.names.items():
        grouped.setdefault(piece.branch, []).append((name, piece))
    found: list[tuple[sa.Select[Any], list[str]]] = []
    choices: Choices = {}
    for members in grouped.values():
        select = _branch(request, windows, members, choices)
        if select is not None:
            found.append((select, [name for name, _ in members]))
    if spec.include_empty:
        found.append((_members_branch(request, windows, metrics[0]), []))
    return found


def _branch(
    request: Request, windows: Windows, members: list[tuple[str, Piece]], choices: Choices
) -> sa.Select[Any] | None:
    piece = members[0][1]
    days = windows.current if piece.role == "current" else windows.base
    if days is None:
        return None
    if piece.attains is not None:
        return _target_branch(request, windows, members, days, choices)
    if piece.balance is not None:
        return balance(request, members, _points(windows, piece.role, days))
    return _as_current(request, windows, piece.role, flow(request, members, days))


def _as_current(
    request: Request, windows: Windows, role: Role, select: sa.Select[Any]
) -> sa.Select[Any]:
    """Give base buckets the date of the current bucket that they are compared with."""
    if role == "current" or request.grain is None:
        return select
    rows = select.subquery()
    pairs = points_table(windows.pairs)  # bucket: the current one, day: its base
    others = [column for column in rows.c if column.name != "bucket"]
    return sa.select(pairs.c.bucket, *others).select_from(
        rows.join(pairs, rows.c.bucket == pairs.c.day)
    )


def _points(windows: Windows, role: Role, days: Days) -> list[tuple[date, date]]:
    """(current bucket, day at which its balance stands)."""
    if days.empty:
        return []
    if windows.grain is None:
        return [(days.last, days.last)]
    grain = windows.grain
    pairs = windows.pairs if role == "base" else tuple((b, b) for b in windows.buckets)
    return [
        (bucket, min(shift_bucket(grain, own, 1), days.end_excl) - timedelta(days=1))
        for bucket, own in pairs
    ]


def _target_branch(
    request: Request,
    windows: Windows,
    members: list[tuple[str, Piece]],
    days: Days,
    choices: Choices,
) -> sa.Select[Any] | None:
    piece = members[0][1]
    model = request.database.model
    measure = model.metrics[piece.attains or ""].target_measure or ""
    target_days = windows.base_named or days
    if piece.role == "current":
        target_days = target_window(windows, request.database.as_of)
    if (measure, target_days) not in choices:
        choices[measure, target_days] = choose(request, windows, target_days, measure)
    choice = choices[measure, target_days]
    if choice is None:
        return None
    if piece.fact == "target":
        select = target_sum(request, members, choice, target_days)
    else:
        select = attained(request, members, choice, days, target_days)
    return _as_current(request, windows, piece.role, select)


def _members_branch(request: Request, windows: Windows, metric: Metric) -> sa.Select[Any]:
    """All members of the one dimension, so that those without facts are there too."""
    database, name = request.database, request.dimensions[0]

    def seen(table: str, rows: sa.FromClause) -> Clause:
        return visible(database, table, rows, request.scope)

    known = database.model.dimensions[name]
    fact = next(f for f in metric.facts if f in database.tables)
    place = find_place(database, fact, name)
    table = fact if place is None or place.table is None else place.table
    if known.kind == "member":
        table = known.table
    rows = database.tables[table].alias()
    key: Expression = rows.c.id if known.kind == "member" else rows.c[place.column if place else ""]
    if table == fact and known.kind == "attribute" and place is not None and place.table is None:
        clauses = [
            *in_scope(database, fact, rows, request.scope),
            *condition(database, fact, rows, request.where),
        ]
    else:
        clauses = [
            seen(table, rows),
            *narrowed(database, table, rows, request.where, seen),
        ]
    found = sa.select(key.label("k0")).where(key.is_not(None), *clauses).distinct().subquery()
    if request.grain is None:
        return sa.select(found.c.k0)
    at = points_table([(bucket, bucket) for bucket in windows.buckets])
    return sa.select(at.c.bucket, found.c.k0).select_from(found.join(at, sa.true()))


def _join(
    request: Request, pieces: Pieces, branches: list[tuple[sa.Select[Any], list[str]]]
) -> sa.FromClause:
    """Stack the branches and bring each key's aggregates into one row.

    A key stands in a branch at most once, so `max` merely picks the one value. Null keys meet too,
    which a full join would not let them do.
    """
    names = list(pieces.names.values())
    keys = [f"k{i}" for i in range(len(request.dimensions))]
    if request.grain is not None:
        keys.insert(0, "bucket")
    if len(branches) == 1 and set(branches[0][1]) == set(names):
        return branches[0][0].subquery("joined")
    stacked: list[sa.Select[Any]] = []
    for select, owned in branches:
        rows = select.subquery()
        columns = [rows.c[name] if name in owned else sa.null().label(name) for name in names]
        stacked.append(sa.select(*(rows.c[key] for key in keys), *columns))
    if not stacked:
        nothing = [sa.null().label(name) for name in (*keys, *names)]
        empty = sa.select(*nothing)
        return (empty.where(sa.false()) if keys else empty).subquery("joined")
    all_rows = sa.union_all(*stacked).subquery()
    grouped = sa.select(
        *(all_rows.c[key] for key in keys),
        *(sa.func.max(all_rows.c[name]).label(name) for name in names),
    ).group_by(*(all_rows.c[key] for key in keys))
    return grouped.subquery("joined")
