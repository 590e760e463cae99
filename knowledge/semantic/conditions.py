"""Conditions on the rows of one fact: the caller's scope, and the filters of a question.

Every fact subquery of every query carries `in_scope`; nothing that a planner writes can take it
away. Values are always bound parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa

from knowledge.semantic.connection import SnapshotDatabase
from knowledge.semantic.places import Place, entry_of, find_place, reach
from knowledge.semantic.spec import All, Any_, Condition, Filter
from leadline.access import Scope
from leadline.errors import SpecError

Clause: TypeAlias = sa.ColumnElement[bool]
Rows: TypeAlias = sa.FromClause
"""A fact table, or an alias of one."""
Seen: TypeAlias = Callable[[str, sa.FromClause], sa.ColumnElement[bool]]
"""Table and rows → the condition that keeps the rows which the scope lets see."""


def in_scope(database: SnapshotDatabase, fact: str, rows: Rows, scope: Scope) -> list[Clause]:
    """The conditions that keep the rows of `fact` which the scope allows; none if unlimited.

    Regions match a region's label or name, partners a partner's ext_id or label. A row without a
    region is outside every limit on regions, a row without a partner outside every limit on
    partners; so is a fact that has no such reference at all.
    """
    clauses: list[Clause] = []
    if scope.regions is not None:
        clauses.append(_limited(database, fact, rows, "region", _regions(database, scope)))
    if scope.partners is not None:
        clauses.append(_limited(database, fact, rows, "partner", _partners(database, scope)))
    return clauses


def _limited(
    database: SnapshotDatabase, fact: str, rows: Rows, table: str, allowed: sa.Select[Any] | None
) -> Clause:
    place = reach(database, fact, table)
    if allowed is None or place is None:
        return sa.false()
    return _refers(database, rows, place, allowed)


def _regions(database: SnapshotDatabase, scope: Scope) -> sa.Select[Any] | None:
    if not scope.regions or "region" not in database.tables:
        return None
    region = database.tables["region"]
    names = sorted(scope.regions)
    return sa.select(region.c.id).where(sa.or_(region.c.label.in_(names), region.c.name.in_(names)))


def _partners(database: SnapshotDatabase, scope: Scope) -> sa.Select[Any] | None:
    if not scope.partners or "partner" not in database.tables:
        return None
    partner = database.tables["partner"]
    names = sorted(scope.partners)
    return sa.select(partner.c.id).where(
        sa.or_(partner.c.ext_id.in_(names), partner.c.label.in_(names))
    )


def _refers(database: SnapshotDatabase, rows: Rows, place: Place, ids: sa.Select[Any]) -> Clause:
    """That the row's reference, direct or through another table, is one of `ids`."""
    key = rows.c[place.key]
    if place.through is None or place.table is None:
        return key.in_(ids)
    between = database.tables[place.through]
    step = sa.select(between.c.id).where(between.c[f"{place.table}_id"].in_(ids))
    return key.in_(step)


def condition(
    database: SnapshotDatabase, fact: str, rows: Rows, wanted: Condition | None
) -> list[Clause]:
    """The conditions that keep the rows of `fact` which a question's `where` asks for.

    Raises:
        SpecError: the fact does not carry a dimension that is filtered on.
    """
    return [] if wanted is None else [_clause(database, fact, rows, wanted)]


def _clause(
    database: SnapshotDatabase,
    fact: str,
    rows: Rows,
    wanted: Condition,
    seen: Seen | None = None,
) -> Clause:
    if isinstance(wanted, All):
        return sa.and_(*(_clause(database, fact, rows, item, seen) for item in wanted.items))
    if isinstance(wanted, Any_):
        return sa.or_(*(_clause(database, fact, rows, item, seen) for item in wanted.items))
    place = find_place(database, fact, wanted.member)
    if place is None:
        label = entry_of(database.model, fact).label.en
        raise SpecError(
            f"{label} cannot be filtered by {wanted.member}",
            hint="filter by a dimension that these figures carry",
        )
    return _filter(database, rows, place, wanted, seen)


def _filter(
    database: SnapshotDatabase, rows: Rows, place: Place, wanted: Filter, seen: Seen | None
) -> Clause:
    if place.table is None:
        return value_clause(rows.c[place.column], wanted)
    table = database.tables[place.table].alias()
    negative = {"not_in": "in", "is_null": "not_null"}.get(wanted.op)
    asked = wanted if negative is None else wanted.model_copy(update={"op": negative})
    ids = sa.select(table.c.id).where(value_clause(table.c[place.column], asked))
    if seen is not None:
        ids = ids.where(seen(place.table, table))
    refers = _refers(database, rows, place, ids)
    if negative is None:
        return refers
    # a row that refers to nothing has none of the values, and a null value
    return sa.or_(rows.c[place.key].is_(None), sa.not_(refers))


def value_clause(column: sa.ColumnElement[Any], wanted: Filter) -> Clause:
    """That a text column holds what a filter asks for; null is none of the values."""
    if wanted.op == "is_null":
        return column.is_(None)
    if wanted.op == "not_null":
        return column.is_not(None)
    values = [str(value) for value in wanted.values]
    if wanted.op == "contains":
        return sa.or_(*(sa.func.contains(sa.func.lower(column), v.lower()) for v in values))
    if wanted.op == "in":
        return column.in_(values)
    return sa.or_(column.is_(None), column.not_in(values))


def narrowed(
    database: SnapshotDatabase, table: str, rows: Rows, wanted: Condition | None, seen: Seen
) -> list[Clause]:
    """The part of a condition that a dimension table can tell by itself.

    Of a conjunction the parts that it carries; any other condition whole, or not at all. `seen`
    says which rows of other tables the scope lets see: a partner may be visible by its orders while
    its home region is not, and then must not be told by it.
    """
    if wanted is None:
        return []
    if isinstance(wanted, All):
        return [c for item in wanted.items for c in narrowed(database, table, rows, item, seen)]
    if all(find_place(database, table, leaf.member) for leaf in leaves(wanted)):
        return [_clause(database, table, rows, wanted, seen)]
    return []


def leaves(wanted: Condition | None) -> list[Filter]:
    """All filters of a condition, in reading order."""
    if wanted is None:
        return []
    if isinstance(wanted, Filter):
        return [wanted]
    return [leaf for item in wanted.items for leaf in leaves(item)]


def all_of(clauses: Sequence[Clause]) -> Clause:
    """The conjunction of any number of clauses; none is true."""
    return sa.and_(sa.true(), *clauses)
