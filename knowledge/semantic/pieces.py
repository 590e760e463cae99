"""From metrics to the aggregates they need, and back to an expression over those aggregates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import sqlalchemy as sa

from knowledge.semantic.balances import OPEN
from knowledge.semantic.connection import SnapshotDatabase
from knowledge.semantic.facts import Expression, Piece, Role
from knowledge.semantic.model import DaysSince, Measure, Metric, Ratio, TargetOf
from knowledge.semantic.spec import QuerySpec
from knowledge.semantic.targets import FACT as TARGET

TARGET_SUM = Measure(function="sum", column="amount", fact=TARGET)


class Columns(Protocol):
    """Columns by name: those of a select, or stand-ins."""

    def __getitem__(self, name: str, /) -> Expression:
        """The column called `name`."""
        ...


@dataclass(slots=True)
class Pieces:
    """The aggregates of one query, each asked for once, each with the name of its column."""

    database: SnapshotDatabase
    spec: QuerySpec
    names: dict[Piece, str] = field(default_factory=dict)

    def name(self, piece: Piece) -> str:
        """The column of a piece."""
        return self.names.setdefault(piece, f"p{len(self.names)}")

    def piece(
        self, metric: Metric, measure: Measure, role: Role, *, attains: bool = False
    ) -> Piece:
        """The aggregate of one measure of a metric."""
        fact = measure.fact or metric.fact
        dates = self.database.model.facts[fact].dates
        asked = self.spec.time.dimension if self.spec.time else None
        day = asked or measure.date or (dates[0] if dates else "")
        balance = metric.balance
        if balance is not None and asked is not None:
            # by another date the figure is a flow: partners that joined, pipeline expected to close
            if balance == "open_interval":
                measure = measure.model_copy(update={"where": (("outcome", (OPEN,)),)})
            balance = None
        return Piece(fact, day, measure, role, balance, metric.name if attains else None)

    def target(self, metric: Metric, role: Role) -> Piece:
        """The sum of the targets of a metric."""
        return Piece(TARGET, "period_start", TARGET_SUM, role, None, metric.name)

    def value(self, columns: Columns, metric: Metric, role: Role) -> Expression:
        """The metric's figure, over the columns of the joined pieces."""
        formula = metric.formula
        if isinstance(formula, TargetOf):
            goal = self.database.model.metrics[formula.metric]
            if formula.kind == "target":
                return columns[self.name(self.target(goal, role))]
            return self.attainment(columns, goal, role)
        found = [self._measure(columns, metric, measure, role) for measure in metric.measures]
        if isinstance(formula, Ratio):
            return quotient(found[0], found[1])
        if isinstance(formula, DaysSince):
            return sa.literal(self.database.as_of) - found[0]
        value = found[0]
        if metric.counts or (self.spec.include_empty and metric.additive):
            return sa.func.coalesce(value, 0)
        return value

    def attainment(self, columns: Columns, goal: Metric, role: Role) -> Expression:
        """What holders of targets reached, over their targets; who sold nothing reached 0 %."""
        reached = columns[self.name(self.piece(goal, goal.measures[0], role, attains=True))]
        if goal.additive:
            reached = sa.func.coalesce(reached, 0)
        return quotient(reached, columns[self.name(self.target(goal, role))])

    def goal(self, columns: Columns, metric: Metric) -> Expression:
        """The targets of a metric in the current window."""
        return columns[self.name(self.target(metric, "current"))]

    def _measure(
        self, columns: Columns, metric: Metric, measure: Measure, role: Role
    ) -> Expression:
        return columns[self.name(self.piece(metric, measure, role))]


class _Register:
    """Stands for the joined columns while the pieces are still being collected."""

    def __getitem__(self, name: str, /) -> Expression:
        return sa.column(name)


def register(pieces: Pieces, metrics: list[Metric], *, base: bool, target: bool) -> None:
    """Collect the pieces that the metrics need."""
    columns = _Register()
    for metric in metrics:
        pieces.value(columns, metric, "current")
        if base:
            pieces.value(columns, metric, "base")
        if target and metric.target_measure is not None:
            pieces.goal(columns, metric)
            pieces.attainment(columns, metric, "current")


def quotient(numerator: Expression, denominator: Expression) -> Expression:
    """A ratio as a double; null where the denominator is zero or null, or the numerator is null."""
    divisor = sa.cast(sa.func.nullif(denominator, 0), sa.Double)
    return sa.cast(numerator, sa.Double) / divisor
