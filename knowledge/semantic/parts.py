"""What a comparison is made of: numerator and denominator of both periods, exact, by member.

The same select as the query's up to the aggregates, so that scope, filters, windows and the meaning
of a metric cannot differ from the query's; only the division is left undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from knowledge.semantic.compile import joined_pieces
from knowledge.semantic.connection import open_database
from knowledge.semantic.facts import Expression, Role
from knowledge.semantic.model import Metric, Ratio, TargetOf
from knowledge.semantic.pieces import Pieces
from knowledge.semantic.spec import QuerySpec
from knowledge.semantic.windows import Windows
from knowledge.warehouse.snapshot import Snapshot
from leadline.access import Scope
from leadline.errors import SpecError


@dataclass(frozen=True, slots=True)
class Part:
    """One row's aggregates; None where no row counts. Without a ratio the denominators are None."""

    keys: tuple[str | None, ...]
    current: Fraction | None
    previous: Fraction | None
    current_over: Fraction | None = None
    previous_over: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """The rows by keys ascending (nulls last), and the days that they cover."""

    rows: tuple[Part, ...]
    windows: Windows


def run_parts(spec: QuerySpec, snapshot: Snapshot, scope: Scope) -> Parts:
    """The aggregates behind a spec with one metric and a comparison over time.

    Raises:
        SpecError: as for a query; or more than one metric, a grain, or no comparison over time.
    """
    if len(spec.metrics) != 1 or spec.grain is not None:
        raise SpecError("parts are those of one metric without a grain")
    if spec.compare is None or spec.compare.kind == "target":
        raise SpecError("parts need a comparison over time")
    database = open_database(snapshot)
    (metric,), pieces, windows, joined = joined_pieces(database, spec, scope)
    source: sa.FromClause = joined
    keys: list[Expression] = []
    for index, name in enumerate(spec.dimensions):
        key: Expression = joined.c[f"k{index}"]
        known = database.model.dimensions[name]
        if known.kind == "member":
            table = database.tables[known.table].alias()
            source = source.outerjoin(table, table.c.id == key)
            key = table.c.label
        keys.append(key)
    sides: list[Expression] = []
    for role in ("current", "base"):
        sides += _sides(pieces, joined, metric, "current" if role == "current" else "base")
    labels = [key.label(f"key{i}") for i, key in enumerate(keys)]
    columns = [side.label(f"side{i}") for i, side in enumerate(sides)]
    select = sa.select(*labels, *columns).select_from(source)
    found = database.rows(select.order_by(*(key.asc().nulls_last() for key in keys)))
    return Parts(tuple(_part(row, len(keys)) for row in found), windows)


def _sides(pieces: Pieces, joined: sa.FromClause, metric: Metric, role: Role) -> list[Expression]:
    """Numerator and denominator; for a figure that is no ratio, the figure and null."""
    formula = metric.formula
    if isinstance(formula, Ratio):
        return [joined.c[pieces.name(pieces.piece(metric, m, role))] for m in metric.measures]
    if isinstance(formula, TargetOf) and formula.kind == "attainment":
        goal = pieces.database.model.metrics[formula.metric]
        reached = joined.c[pieces.name(pieces.piece(goal, goal.measures[0], role, attains=True))]
        return [sa.func.coalesce(reached, 0), joined.c[pieces.name(pieces.target(goal, role))]]
    return [pieces.value(joined.c, metric, role), sa.null()]


def _part(row: tuple[Any, ...], keys: int) -> Part:
    labels = tuple(None if key is None else str(key) for key in row[:keys])
    current, current_over, previous, previous_over = (_exact(v) for v in row[keys:])
    return Part(labels, current, previous, current_over, previous_over)


def _exact(value: Any) -> Fraction | None:
    if value is None:
        return None
    if isinstance(value, int | Decimal):
        return Fraction(value)
    return Fraction(Decimal(repr(float(value))))
