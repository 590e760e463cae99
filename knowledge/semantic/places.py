"""Where, in one snapshot, a table keeps the value of a dimension.

The model says where a value may stand; the data says where it does. `find_place` picks the first
place that the table reaches and that holds anything, so a dimension that nobody filled is as absent
as one that does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.semantic.connection import SnapshotDatabase
from knowledge.semantic.model import Fact, SemanticModel, Words
from knowledge.semantic.tables import LABELLED, snapshot_columns


@dataclass(frozen=True, slots=True)
class Place:
    """How a row leads to a dimension's value.

    `table` None: the value is the row's own `column`. Otherwise it is `table.column`, reached by
    the row's `key`, or, where `through` is given, by that table's reference to `table`.
    """

    column: str
    table: str | None = None
    key: str = ""
    through: str | None = None


def key_column(source: str, table: str) -> str:
    """The column of `source` that refers to `table`; a table refers to itself by `id`."""
    return "id" if source == table else f"{table}_id"


def entry_of(model: SemanticModel, table: str) -> Fact:
    """The model's entry of a fact; for a dimension table, one made from its references."""
    found = model.facts.get(table)
    if found is not None:
        return found
    columns = snapshot_columns(table)
    keys = tuple(t for t in LABELLED if t == table or f"{t}_id" in columns)
    return Fact(label=Words(zh=table, en=table), keys=keys)


def find_place(database: SnapshotDatabase, table: str, dimension: str) -> Place | None:
    """Where rows of `table` keep `dimension` in this snapshot, or None if they do not."""
    cached: dict[tuple[str, str], Place | None] = database.cache.setdefault("places", {})
    if (table, dimension) not in cached:
        cached[table, dimension] = _find(database, table, dimension)
    return cached[table, dimension]


def _find(database: SnapshotDatabase, table: str, dimension: str) -> Place | None:
    if table not in database.tables:
        return None
    own = entry_of(database.model, table).columns.get(dimension)
    if own is not None:
        return Place(own) if database.has(table, own) else None
    found = database.model.dimensions[dimension]
    if found.kind == "date":
        return None
    for source in found.sources:
        if not database.has(source.table, source.column):
            continue
        if source.table == table and found.kind == "attribute":
            return Place(source.column)
        place = reach(database, table, source.table)
        if place is not None:
            return Place(source.column, source.table, place.key, place.through)
    return None


def reach(database: SnapshotDatabase, source: str, table: str) -> Place | None:
    """How rows of `source` lead to rows of a dimension table, or None if they do not."""
    if source not in database.tables:
        return None
    entry = entry_of(database.model, source)
    if table in entry.keys:
        key = key_column(source, table)
        return Place("id", table, key) if database.has(source, key) else None
    through = entry.via.get(table)
    if through is None:
        return None
    key = key_column(source, through)
    if database.has(source, key) and database.has(through, f"{table}_id"):
        return Place("id", table, key, through)
    return None
