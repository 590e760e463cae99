"""Rows of a snapshot as pandas frames, inside the caller's scope: what analytics compute on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from knowledge.semantic.connection import SnapshotDatabase, open_database
from leadline.access import EVERYTHING, Scope
from leadline.errors import SpecError

if TYPE_CHECKING:
    import pandas as pd

    from knowledge.warehouse.snapshot import Snapshot

OPEN_TO_ALL: Final = frozenset({"product", "product_price", "promotion", "macro_indicator"})
"""Tables that belong to nobody: the catalogue and public figures."""


def read_frame(
    snapshot: Snapshot, table: str, columns: Sequence[str], scope: Scope = EVERYTHING
) -> pd.DataFrame:
    """Columns of one table, every row that the scope allows.

    Amounts are float64 (currency units), days datetime64, ids integers (pandas' own nullable ones
    where some are null), texts object. Rows stand in the order of `id`. Columns that the snapshot
    lacks are all null; a table that it lacks is an empty frame with these columns.

    A row without a region is outside every limit on regions, one without a partner outside every
    limit on partners.

    Raises:
        SpecError: no column is asked for.
    """
    import pandas as pd

    if not columns:
        raise SpecError(f"no column of {table} is asked for")
    database = open_database(snapshot)
    source = database.tables.get(table)
    if source is None:
        return pd.DataFrame({column: pd.Series(dtype="object") for column in columns})
    present = [c for c in columns if c in source.c]
    keys: list[sa.ColumnElement[Any]] = [sa.column("id")] if "id" in source.c else []
    select = sa.select(*(source.c[c] for c in present) if present else [sa.literal(1).label("_")])
    select = select.select_from(source).where(*_inside(database, table, source, scope))
    text, parameters = database.statement(select.order_by(*keys))
    cursor = database.base.cursor()
    try:
        found: Any = cursor.execute(text, parameters).df()
    finally:
        cursor.close()
    return pd.DataFrame({c: found[c] if c in present else None for c in columns}, index=found.index)


def _inside(
    database: SnapshotDatabase, table: str, source: sa.TableClause, scope: Scope
) -> list[sa.ColumnElement[bool]]:
    if scope.unlimited or table in OPEN_TO_ALL:
        return []
    limits: list[sa.ColumnElement[bool]] = []
    for axis, names in (("region", scope.regions), ("partner", scope.partners)):
        if names is None:
            continue
        key = "id" if table == axis else f"{axis}_id"
        if key not in source.c or not names or axis not in database.tables:
            return [sa.false()]
        limits.append(source.c[key].in_(_ids(database, axis, sorted(names))))
    return limits


def _ids(database: SnapshotDatabase, axis: str, names: list[str]) -> sa.Select[Any]:
    rows = database.tables[axis].alias()
    other = rows.c.name if axis == "region" else rows.c.ext_id
    return sa.select(rows.c.id).where(sa.or_(rows.c.label.in_(names), other.in_(names)))
