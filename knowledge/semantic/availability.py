"""What one snapshot can answer, for one scope: metrics with data, dimensions, spans of dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from knowledge.semantic.check import facts_of
from knowledge.semantic.conditions import Clause, in_scope
from knowledge.semantic.connection import SnapshotDatabase
from knowledge.semantic.facts import measure_conditions
from knowledge.semantic.model import Measure, Metric, TargetOf
from knowledge.semantic.places import find_place
from leadline.access import Scope
from leadline.types import Period


@dataclass(frozen=True, slots=True)
class Availability:
    """What can be asked of a snapshot.

    `metrics`: those with at least one figure. `dimensions`: fact → dimensions that its rows carry.
    `metric_dimensions`: the same per metric (over several facts: what all of them carry).
    `spans`: fact → its first to last day, by its default date and up to the as-of date.
    `metric_spans`: metric → the same by the metric's own date.
    `date_spans`: fact → date column → first to last day, days to come included.
    """

    metrics: frozenset[str]
    dimensions: dict[str, frozenset[str]]
    metric_dimensions: dict[str, frozenset[str]]
    spans: dict[str, Period]
    metric_spans: dict[str, Period]
    date_spans: dict[str, dict[str, Period]]

    def span(self, fact: str) -> Period | None:
        """The days that a fact covers up to the as-of date, or None without a dated row."""
        return self.spans.get(fact)


def read_availability(database: SnapshotDatabase, scope: Scope) -> Availability:
    """Look at every fact of the snapshot once; kept for the life of the database."""
    cached: dict[str, Availability] = database.cache.setdefault("availability", {})
    if scope.digest not in cached:
        cached[scope.digest] = _read(database, scope)
    return cached[scope.digest]


def _read(database: SnapshotDatabase, scope: Scope) -> Availability:
    model = database.model
    facts = [fact for fact in model.facts if fact in database.tables]
    dimensions = {
        fact: frozenset(name for name in model.dimensions if find_place(database, fact, name))
        for fact in facts
    }
    filled: set[tuple[str, Measure]] = set()
    spans: dict[str, dict[str, Period]] = {}
    for fact in facts:
        measures, spans[fact] = _look(database, fact, scope)
        filled |= {(fact, measure) for measure in measures}
    targets = _target_measures(database, scope)
    metrics = [m for m in model.metrics.values() if _answers(database, m, filled, targets)]
    ends = database.as_of + timedelta(days=1)
    return Availability(
        metrics=frozenset(metric.name for metric in metrics),
        dimensions=dimensions,
        metric_dimensions={
            metric.name: frozenset(metric.dimensions).intersection(
                *(dimensions[fact] for fact in facts_of(database, metric))
            )
            for metric in metrics
        },
        spans={
            fact: next(iter(found.values())).clipped(ends) for fact, found in spans.items() if found
        },
        metric_spans={
            metric.name: span.clipped(ends)
            for metric in metrics
            if (span := _span_of(database, metric, spans)) is not None
        },
        date_spans=spans,
    )


def _span_of(
    database: SnapshotDatabase, metric: Metric, spans: dict[str, dict[str, Period]]
) -> Period | None:
    dates = database.model.facts[metric.fact].dates
    own = [measure.date for measure in metric.measures if measure.date is not None]
    return spans[metric.fact].get((own or dates)[0])


def _measures_of(database: SnapshotDatabase, fact: str) -> list[Measure]:
    found = [
        measure
        for metric in database.model.metrics.values()
        for measure in metric.measures
        if (measure.fact or metric.fact) == fact
    ]
    return [measure for index, measure in enumerate(found) if measure not in found[:index]]


def _look(
    database: SnapshotDatabase, fact: str, scope: Scope
) -> tuple[list[Measure], dict[str, Period]]:
    """The measures of a fact with any figure, and the spans of its dates, in one pass."""
    rows = database.tables[fact].alias()
    columns = [c for c in database.model.facts[fact].dates if database.has(fact, c)]
    measures = _measures_of(database, fact)
    clauses = in_scope(database, fact, rows, scope)
    conditions = [_figure(database, fact, rows, measure) for measure in measures]
    if scope.unlimited and not any(conditions):
        spans = {c: (database.first(fact, c), database.last(fact, c)) for c in columns}
        return [m for m in measures if database.has(fact, m.column or "id")], _periods(spans)
    counts: list[Any] = [sa.func.count().filter(sa.and_(sa.true(), *c)) for c in conditions]
    ends: list[Any] = [f(rows.c[c]) for c in columns for f in (sa.func.min, sa.func.max)]
    query: sa.Select[Any] = sa.select(*counts, *ends).select_from(rows).where(*clauses)
    row = database.rows(query)[0]
    dates = row[len(measures) :]
    spans = {c: (dates[2 * i], dates[2 * i + 1]) for i, c in enumerate(columns)}
    return [m for m, count in zip(measures, row, strict=False) if count], _periods(spans)


def _periods(spans: dict[str, tuple[date | None, date | None]]) -> dict[str, Period]:
    return {
        column: Period(first, last + timedelta(days=1))
        for column, (first, last) in spans.items()
        if first is not None and last is not None
    }


def _figure(
    database: SnapshotDatabase, fact: str, rows: sa.FromClause, measure: Measure
) -> list[Clause]:
    clauses = measure_conditions(database, fact, rows, measure)
    if measure.column is not None and not database.complete(fact, measure.column):
        clauses.append(rows.c[measure.column].is_not(None))
    return clauses


def _target_measures(database: SnapshotDatabase, scope: Scope) -> frozenset[str]:
    if "target" not in database.tables:
        return frozenset()
    rows = database.tables["target"].alias()
    query = sa.select(sa.func.lower(rows.c.measure)).distinct()
    found = database.rows(query.where(*in_scope(database, "target", rows, scope)))
    return frozenset(str(row[0]) for row in found)


def _answers(
    database: SnapshotDatabase,
    metric: Metric,
    filled: set[tuple[str, Measure]],
    targets: frozenset[str],
) -> bool:
    formula = metric.formula
    if not isinstance(formula, TargetOf):
        return all((m.fact or metric.fact, m) in filled for m in metric.measures)
    goal = database.model.metrics[formula.metric]
    if goal.target_measure not in targets:
        return False
    return formula.kind == "target" or _answers(database, goal, filled, targets)
