"""The values of a dimension that a scope lets a person see, and what to say about unknown ones.

A member is visible if a visible fact refers to it, or if it is itself inside the scope. Products
and promotions are the catalogue: everyone sees them.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

import sqlalchemy as sa

from knowledge.semantic.conditions import Clause, all_of, in_scope
from knowledge.semantic.connection import SnapshotDatabase
from knowledge.semantic.places import find_place, reach
from knowledge.semantic.spec import Filter
from leadline.access import Scope
from leadline.errors import SpecError

CATALOGUE: Final = frozenset({"product", "promotion"})
"""Dimension tables that belong to nobody's region."""
ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "partner": ("short_name", "ext_id", "uscc"),
    "product": ("sku",),
    "customer": ("uscc",),
}
"""Columns that hold other names and codes of a member."""
NEAREST_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Member:
    """One value of a dimension. `label` is unique and stands in specs and results.

    `aliases` are other names and codes by which people know it. Values of an attribute dimension
    have the same label and name, no ext_id and no aliases.
    """

    label: str
    name: str
    ext_id: str
    aliases: tuple[str, ...] = ()


def list_members(database: SnapshotDatabase, dimension: str, scope: Scope) -> tuple[Member, ...]:
    """All members of a dimension that `scope` lets see, by label.

    Empty where this snapshot does not hold the dimension.

    Raises:
        SpecError: there is no such dimension, or it is a date.
    """
    known = database.model.dimensions.get(dimension)
    if known is None or known.kind == "date":
        names = [n for n, d in database.model.dimensions.items() if d.kind != "date"]
        raise SpecError(
            f"no dimension {dimension!r} that has members", hint=nearest(dimension, names)
        )
    cached: dict[tuple[str, str], tuple[Member, ...]] = database.cache.setdefault("members", {})
    key = (dimension, scope.digest)
    if key not in cached:
        read = _members if known.kind == "member" else _values
        cached[key] = tuple(sorted(read(database, dimension, scope), key=lambda m: m.label))
    return cached[key]


def _members(database: SnapshotDatabase, dimension: str, scope: Scope) -> list[Member]:
    name = database.model.dimensions[dimension].table
    if name not in database.tables:
        return []
    table = database.tables[name].alias()
    other = [table.c[column] for column in ALIASES.get(name, ()) if database.has(name, column)]
    query = sa.select(table.c.label, table.c.name, table.c.ext_id, *other).where(
        visible(database, name, table, scope)
    )
    return [
        Member(str(label), str(known), str(ext_id), tuple(str(a) for a in aliases if a))
        for label, known, ext_id, *aliases in database.rows(query)
    ]


def visible(database: SnapshotDatabase, table: str, rows: sa.FromClause, scope: Scope) -> Clause:
    """That a row of a dimension table is inside the scope, or a visible fact refers to it."""
    if scope.unlimited or table in CATALOGUE:
        return sa.true()
    clauses: list[Clause] = [all_of(in_scope(database, table, rows, scope))]
    for fact, entry in database.model.facts.items():
        place = reach(database, fact, table)
        if table not in entry.keys or place is None:
            continue
        source = database.tables[fact].alias()
        referred = (
            sa.select(source.c[place.key])
            .where(all_of(in_scope(database, fact, source, scope)))
            .where(source.c[place.key].is_not(None))
        )
        clauses.append(rows.c.id.in_(referred))
    return sa.or_(*clauses)


def _values(database: SnapshotDatabase, dimension: str, scope: Scope) -> list[Member]:
    """Distinct values of an attribute, wherever a fact of this snapshot keeps it."""
    found: set[str] = set()
    seen: set[tuple[str, str]] = set()
    for fact in database.model.facts:
        place = find_place(database, fact, dimension)
        if place is None or (place.table or fact, place.column) in seen:
            continue
        table = place.table or fact
        seen.add((table, place.column))
        rows = database.tables[table].alias()
        limit: Clause = (
            all_of(in_scope(database, fact, rows, scope))
            if place.table is None
            else visible(database, table, rows, scope)
        )
        column: sa.ColumnElement[Any] = rows.c[place.column]
        query = sa.select(column).where(limit).where(column.is_not(None)).distinct()
        found.update(str(row[0]) for row in database.rows(query))
    return [Member(value, value, "") for value in found]


def check_values(database: SnapshotDatabase, wanted: Filter, scope: Scope) -> None:
    """Every value of an `in` or `not_in` filter is the label of a visible member.

    Raises:
        SpecError: one is not; names the nearest labels, or all that share the name.
    """
    if wanted.op not in ("in", "not_in"):
        return
    members = list_members(database, wanted.member, scope)
    labels = {member.label for member in members}
    for value in wanted.values:
        text = str(value)
        if text in labels:
            continue
        shared = [member.label for member in members if text in (member.name, member.ext_id)]
        if len(shared) > 1:
            raise SpecError(
                f"{wanted.member} {text!r} is the name of {len(shared)} members",
                hint=f"name one of them: {'; '.join(shared[:NEAREST_SHOWN])}",
            )
        raise SpecError(
            f"there is no {wanted.member} {text!r}",
            hint=f"name it by its label: {shared[0]}" if shared else nearest(text, sorted(labels)),
        )


def nearest(word: str, known: list[str]) -> str:
    """A hint that names the closest of the known words."""
    if not known:
        return "there are none in this data"
    folded = {name.casefold(): name for name in known}
    close = [
        folded[match]
        for match in get_close_matches(word.casefold(), list(folded), NEAREST_SHOWN, 0.5)
    ]
    containing = [n for n in known if word.casefold() in n.casefold() and n not in close]
    shown = (close + containing)[:NEAREST_SHOWN] or known[:NEAREST_SHOWN]
    return (
        f"did you mean: {'; '.join(shown)}" if close or containing else f"known: {'; '.join(shown)}"
    )
