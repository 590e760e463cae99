"""What a question said, before it becomes a query: the form that follow-ups patch."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from agents.rules.time_rules import TimeExpr
from agents.rules.tokens import Threshold
from leadline.types import Grain

Direction = Literal["asc", "desc"]
Growth = Literal["up", "down", "rate", "any", "not_up", "not_down"]


@dataclass(frozen=True, slots=True)
class FilterUse:
    """Members of one dimension that were named; negated by 除了 or excluding."""

    dimension: str
    labels: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Bound:
    """A threshold and what it bounds: a metric, its growth, or its share."""

    metric: str | None
    on: Literal["value", "growth", "share"]
    threshold: Threshold


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the reading had to fill in or mend, in both languages."""

    zh: str
    en: str


@dataclass(slots=True)
class Draft:
    """What was said. Empty fields were not said."""

    metrics: list[str] = field(default_factory=list)
    order_metric: str | None = None
    dims: list[str] = field(default_factory=list)
    outer_dims: list[str] = field(default_factory=list)
    grain: Grain | None = None
    filters: list[FilterUse] = field(default_factory=list)
    any_of: bool = False
    time: TimeExpr | None = None
    base_time: TimeExpr | None = None
    compare: Literal["yoy", "previous_period", "custom", "target"] | None = None
    growth: Growth | None = None
    growth_on: Literal["change_rate", "change"] = "change_rate"
    growth_ranked: bool = False
    """A superlative speaks of the growth (fastest, largest drop), not of the figure."""
    against: TimeExpr | None = None
    """ "Compared with last quarter": the period named after the comparing word alone."""
    top: int | None = None
    direction: Direction | None = None
    nth: int | None = None
    ranked: bool = False
    """Whether a superlative or ranking orders the rows (with or without a limit)."""
    bounds: list[Bound] = field(default_factory=list)
    share: bool = False
    focus: FilterUse | None = None
    rollup: Literal["count", "avg"] | None = None
    counted_dim: str | None = None
    """What "how many …" counts; other grouping dimensions stay."""
    rollup_grain: Grain | None = None
    total: bool = False
    summing: bool = False
    """合计, add up, total sales of those who …: the sum over the rows is wanted."""
    counted: bool = False
    """ "How many orders": a count of everything is meant where nothing else is said."""
    growth_filter: bool = True
    """Whether a growth word picks rows ("regions that fell") or asks for a figure of each."""
    where_ranked: bool = False
    """Which place does the named member take?"""
    cumulative: bool = False
    dormant_days: int | None = None
    no_orders: bool = False
    lapsed: bool = False
    """Ordered in the base period, but not in the period."""
    attained: Literal["ge", "lt"] | None = None
    each_value: bool = False
    """Several members were named side by side: show each of them, and their sum."""
    difference: bool = False
    contest: bool = False
    """Who of the named members is ahead?"""
    vague: bool = False
    notes: list[Note] = field(default_factory=list)

    def copy(self) -> Draft:
        """An independent copy (lists too), without notes."""
        twin = replace(self)
        for name in ("metrics", "dims", "outer_dims", "filters", "bounds"):
            setattr(twin, name, list(getattr(self, name)))
        twin.notes = []
        return twin

    @property
    def positive_filters(self) -> list[FilterUse]:
        """Filters that name what is in."""
        return [f for f in self.filters if not f.negated]

    def all_dims(self) -> list[str]:
        """Grouping dimensions, outer ones first, each once."""
        return list(dict.fromkeys([*self.outer_dims, *self.dims]))

    def include_empty_needed(self) -> bool:
        """Whether members without any fact belong in the result (partners without orders)."""
        return self.no_orders and not self.lapsed and len(self.all_dims()) == 1

    def metrics_per_member(self) -> bool:
        """Whether "each" is already in a metric (sales per partner, average order value)."""
        return any("per_" in m or m.startswith("average") for m in self.metrics)

    def orders_by_growth(self) -> bool:
        """Whether rows are ordered by their growth rather than by the figure itself."""
        if self.growth is None:
            return False
        return self.growth_ranked or not self.ranked
