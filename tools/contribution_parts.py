"""Where the contributions tool gets its figures: exact aggregates, earlier windows, dimensions.

Everything comes from the semantic layer with the caller's scope and the question's own filters.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from knowledge.semantic.calendar import shift_months, shift_years
from knowledge.semantic.engine import available
from knowledge.semantic.model import Metric, Ratio, TargetOf
from knowledge.semantic.parts import Part, run_parts
from knowledge.semantic.spec import All, Compare, Condition, Filter, QuerySpec, TimeRange
from leadline.errors import SpecError
from leadline.types import Period, Unit
from tools.analytics.drivers.contribution import Member, Side
from tools.analytics.drivers.telling import Telling, telling
from tools.definition import ToolContext

QUANTITY_OF: Final = {
    "amount": "quantity",
    "list_amount": "quantity",
    "cost_amount": "quantity",
    "gross_margin": "quantity",
    "sell_through_amount": "sell_through_quantity",
    "return_amount": "return_quantity",
    "stock_value": "stock_units",
}
"""Amounts that are a price times a quantity, and the quantity."""

CANDIDATES: Final = (
    "region",
    "territory",
    "product_line",
    "product_category",
    "product",
    "partner",
    "partner_type",
    "partner_tier",
    "customer_industry",
    "salesperson",
    "order_type",
    "activity_kind",
    "competitor",
)
"""Dimensions that are tried where none is named: those by which somebody can act."""

FAMILIES: Final = (
    frozenset({"region", "territory", "country", "region_group", "city", "partner_owner"}),
    frozenset(
        {
            "product",
            "product_category",
            "product_subcategory",
            "product_line",
            "product_model",
            "product_color",
        }
    ),
    frozenset({"partner", "partner_type", "partner_tier", "partner_status"}),
    frozenset({"customer", "customer_industry", "customer_size"}),
    frozenset({"salesperson", "salesperson_manager"}),
)
"""Dimensions that split the same thing, finer or coarser."""

RECENT_WINDOWS: Final = 6
"""Windows of equal length before the current one that an expectation looks at."""
SEASONS: Final = 3
"""Earlier years whose same season an expectation looks at."""


@dataclass(frozen=True, slots=True)
class Question:
    """One metric, its two periods and filters; what the parts of every dimension share."""

    metric: Metric
    time: TimeRange
    compare: Compare
    where: Condition | None

    def spec(self, dimensions: Sequence[str], metric: str | None = None) -> QuerySpec:
        """The query that this question is, by `dimensions`."""
        return QuerySpec(
            metrics=(metric or self.metric.name,),
            dimensions=tuple(dimensions),
            where=self.where,
            time=self.time,
            compare=self.compare,
        )


def family(dimension: str) -> frozenset[str]:
    """The dimension and those that split the same thing."""
    return next((f for f in FAMILIES if dimension in f), frozenset({dimension}))


def is_ratio(metric: Metric) -> bool:
    """Whether the metric is one sum over another."""
    formula = metric.formula
    return isinstance(formula, Ratio) or (
        isinstance(formula, TargetOf) and formula.kind == "attainment"
    )


def check_metric(metric: Metric) -> None:
    """Only figures that can be compared over time and taken apart have contributions.

    Raises:
        SpecError: the metric is a date, or days since one.
    """
    if metric.unit is Unit.DATE or metric.yoy == "none":
        raise SpecError(
            f"{metric.name} is a date or counts days from one: its change has no contributions",
            hint="ask for an amount, a count or a rate",
        )


def members(question: Question, dimensions: Sequence[str], context: ToolContext) -> list[Member]:
    """Every member's aggregates in both periods.

    Raises:
        SpecError: as for a query.
    """
    found = run_parts(question.spec(dimensions), context.snapshot, context.scope)
    return [_member(part) for part in found.rows]


def _member(part: Part) -> Member:
    return Member(
        part.keys,
        Side(part.previous, part.previous_over),
        Side(part.current, part.current_over),
    )


def quantity_metric(question: Question, context: ToolContext) -> str | None:
    """The quantity that belongs to an amount, where this data holds it."""
    name = QUANTITY_OF.get(question.metric.name)
    known = available(context.snapshot, context.scope).metrics
    return name if name in known else None


def dimensions_of(metric: Metric, context: ToolContext) -> frozenset[str]:
    """What this metric can be split by in this data."""
    return available(context.snapshot, context.scope).metric_dimensions.get(
        metric.name, frozenset()
    )


def current_days(question: Question, context: ToolContext) -> Period:
    """The named period up to the as-of date.

    Raises:
        SpecError: the period has no start.
    """
    start = question.time.start
    tomorrow = context.snapshot.as_of + timedelta(days=1)
    if start is None:
        raise SpecError(
            "a change needs a period to explain", hint="give the time range a start and an end"
        )
    return Period(start, max(start, min(question.time.end_excl or tomorrow, tomorrow)))


@dataclass(frozen=True, slots=True)
class Earlier:
    """Windows before the current one: those just before it, and the same season's."""

    recent: tuple[Period, ...]
    seasons: tuple[Period, ...]


def earlier_windows(question: Question, context: ToolContext) -> Earlier:
    """Windows of the current one's length that lie wholly inside the data."""
    now = current_days(question, context)
    span = available(context.snapshot, context.scope).metric_spans.get(question.metric.name)
    if span is None or now.days == 0:
        return Earlier((), ())
    recent = [_before(now, steps) for steps in range(1, RECENT_WINDOWS + 1)]
    seasons = [
        Period(shift_years(now.start, -years), shift_years(now.end_excl, -years))
        for years in range(1, SEASONS + 1)
    ]
    inside = [p for p in recent if p.start >= span.start]
    in_season = [p for p in seasons if p.start >= span.start and p not in inside]
    return Earlier(tuple(inside), tuple(in_season))


def _before(now: Period, steps: int) -> Period:
    """The window `steps` lengths earlier; whole months stay whole months."""
    months = (now.end_excl.year - now.start.year) * 12 + now.end_excl.month - now.start.month
    if now.start.day == 1 and now.end_excl.day == 1:
        return Period(
            shift_months(now.start, -months * steps), shift_months(now.end_excl, -months * steps)
        )
    shift = timedelta(days=now.days * steps)
    return Period(now.start - shift, now.end_excl - shift)


def figures_in(
    question: Question,
    dimensions: Sequence[str],
    shown: Collection[str | None],
    window: Period,
    context: ToolContext,
) -> tuple[dict[tuple[str | None, ...], Side], Side]:
    """Aggregates in an earlier window: each member's, and the total's.

    `shown` are the members of the first dimension that are wanted; others need not be counted.
    """
    pair = _over(question, window, window)
    part = pair
    labels = tuple(label for label in shown if label is not None)
    if labels and None not in shown:
        part = replace(pair, where=narrowed(question.where, dimensions[0], labels))
    sides = {m.keys: m.current for m in members(part, dimensions, context)}
    (whole,) = members(pair, (), context)
    return sides, whole.current


def narrowed(where: Condition | None, dimension: str, labels: Sequence[str]) -> Condition:
    """A condition that also keeps only these members."""
    only = Filter(member=dimension, values=tuple(labels))
    return only if where is None else All(items=(where, only))


def _over(question: Question, now: Period, base: Period) -> Question:
    """The question about other windows."""
    time = TimeRange(start=now.start, end_excl=now.end_excl, dimension=question.time.dimension)
    compare = Compare(kind="custom", start=base.start, end_excl=base.end_excl, align="full")
    return Question(question.metric, time, compare, question.where)


@dataclass(frozen=True, slots=True)
class Choice:
    """A dimension and how much it tells."""

    dimension: str
    telling: Telling


def most_telling(
    question: Question,
    context: ToolContext,
    without: Collection[str] = (),
) -> list[Choice]:
    """The candidate dimensions, the most telling first; those that tell nothing are left out."""
    known = dimensions_of(question.metric, context)
    base = _base_days(question, context)
    span = available(context.snapshot, context.scope).metric_spans.get(question.metric.name)
    found = []
    for name in CANDIDATES:
        if name not in known or name in without:
            continue
        now = _pairs(members(question, (name,), context))
        if len(now) < 2:
            continue
        past = []
        now_days = current_days(question, context)
        shifted = _shift_back(now_days, base)
        if span is not None and shifted.start >= span.start:
            past.append(_pairs(members(_over(question, base, shifted), (name,), context)))
        found.append(Choice(name, telling(now, past)))
    telling_ones = [c for c in found if c.telling.score > 0]
    return sorted(telling_ones, key=lambda c: -round(c.telling.score, 9))


def _shift_back(now: Period, base: Period) -> Period:
    """As far before the base as the base lies before the current window."""
    gap = now.start - base.start
    start = base.start - gap
    return Period(start, start + timedelta(days=base.days))


def days_of(question: Question, context: ToolContext) -> tuple[date, date, date, date]:
    """First and last day of the current window, and of the base."""
    now, base = current_days(question, context), _base_days(question, context)
    return now.start, now.last, base.start, base.last


def _base_days(question: Question, context: ToolContext) -> Period:
    base = run_parts(question.spec(()), context.snapshot, context.scope).windows.base
    first = date.min if base is None or base.start is None else base.start
    return Period(first, first if base is None else max(first, base.end_excl))


def _pairs(found: Sequence[Member]) -> list[tuple[float, float]]:
    """(previous, current) as numbers: numerators of ratios, which carry what moved."""
    return [
        (float(m.previous.value or Fraction(0)), float(m.current.value or Fraction(0)))
        for m in found
    ]
