"""The semantic layer's door: run a `QuerySpec` on a pinned snapshot, for a scope.

Everything returned is a fact of one snapshot; nothing is kept but what speeds up the next call.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from knowledge.semantic.availability import Availability, read_availability
from knowledge.semantic.calendar import bucket_label
from knowledge.semantic.compile import CompiledQuery, compile_on
from knowledge.semantic.connection import open_database
from knowledge.semantic.members import Member, list_members
from knowledge.semantic.spec import QuerySpec
from knowledge.warehouse.snapshot import Snapshot
from leadline.access import Scope
from leadline.evidence import Column, ToolResult
from leadline.types import Grain, Scalar, Unit

__all__ = [
    "Availability",
    "CompiledQuery",
    "Member",
    "available",
    "compile_query",
    "members",
    "run_query",
]

DEFAULT_ROW_CAP = 1000


def run_query(
    spec: QuerySpec,
    snapshot: Snapshot,
    scope: Scope,
    *,
    row_cap: int = DEFAULT_ROW_CAP,
    threads: int | None = None,
) -> ToolResult:
    """Answer a spec. The result is never wider than `scope`.

    Sums are exact decimals until the last step; ratios are doubles. `row_count` counts all rows
    (after the spec's own limit), `rows` holds at most `row_cap` of them.

    Raises:
        SpecError: the spec names what does not exist, or combines what does not fit.
    """
    database = open_database(snapshot, threads)
    query = compile_on(database, spec, scope, row_cap)
    found = database.run(query.sql, query.parameters)
    total = int(found[0][-1]) if found else 0
    if spec.limit is not None and spec.rollup is None:
        total = min(total, spec.limit)
    rows = tuple(_row(query.columns, spec.grain, row) for row in found)
    return ToolResult(
        tool="query",
        arguments=spec.model_dump(mode="json"),
        model_version=database.model.version,
        snapshot=snapshot.number,
        scope_hash=scope.digest,
        as_of=snapshot.as_of,
        columns=query.columns,
        rows=rows,
        row_count=total,
        truncated=total > len(rows),
    )


def compile_query(
    spec: QuerySpec,
    snapshot: Snapshot,
    scope: Scope,
    *,
    row_cap: int = DEFAULT_ROW_CAP,
    threads: int | None = None,
) -> CompiledQuery:
    """The SQL that `run_query` would run, its parameters, columns and windows.

    Raises:
        SpecError: as for `run_query`.
    """
    return compile_on(open_database(snapshot, threads), spec, scope, row_cap)


def members(
    snapshot: Snapshot, dimension: str, scope: Scope, *, threads: int | None = None
) -> tuple[Member, ...]:
    """The members of a dimension that the scope lets see, by label; distinct values of attributes.

    Empty where the snapshot does not hold the dimension.

    Raises:
        SpecError: there is no such dimension, or it is a date.
    """
    return list_members(open_database(snapshot, threads), dimension, scope)


def available(snapshot: Snapshot, scope: Scope, *, threads: int | None = None) -> Availability:
    """Which metrics, dimensions and days the snapshot can answer for this scope."""
    return read_availability(open_database(snapshot, threads), scope)


def _row(
    columns: tuple[Column, ...], grain: Grain | None, row: tuple[Any, ...]
) -> tuple[Scalar, ...]:
    return tuple(_scalar(column, grain, value) for column, value in zip(columns, row, strict=False))


def _scalar(column: Column, grain: Grain | None, value: Any) -> Scalar:
    """A database value as JSON data; exact decimals become numbers only here."""
    if value is None:
        return None
    if isinstance(value, date):
        named = grain is not None and column.name == grain
        return bucket_label(grain, value) if named and grain else value.isoformat()
    if column.unit is Unit.TEXT:
        return str(value)
    if column.unit in (Unit.MONEY, Unit.RATIO):
        return float(value)
    if isinstance(value, Decimal):
        whole = value.to_integral_value()
        return int(whole) if whole == value else float(value)
    return value if isinstance(value, int | float | bool) else str(value)
