"""Builds the planner's context for one snapshot and one scope: words, members, availability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.rules.context import Member, PlannerContext
from agents.rules.text import fold
from agents.rules.time_rules import Calendar
from knowledge.semantic.lexicon import (
    Entry,
    EntryKind,
    Lexicon,
    instance_synonyms,
    member_surfaces,
    plural_forms,
)
from knowledge.semantic.model import SemanticModel, load_model
from leadline.access import Scope
from leadline.settings import Instance
from leadline.types import Period

if TYPE_CHECKING:
    from knowledge.semantic.engine import Availability
    from knowledge.warehouse.snapshot import Snapshot

NAMED_THINGS = frozenset({"partner", "customer", "product", "salesperson", "partner_owner"})
"""Dimensions of proper names: no plural forms, and too many to guess from."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Availability by metric, as the planner asks for it."""

    model: SemanticModel
    available: Availability

    def has_metric(self, metric: str) -> bool:
        """Whether the snapshot holds figures for the metric."""
        return metric in self.available.metrics

    def carries(self, metric: str, dimension: str) -> bool:
        """Whether the metric can be split by the dimension here."""
        return dimension in self.available.metric_dimensions.get(metric, frozenset())

    def span(self, metric: str) -> Period | None:
        """The days that the metric's main fact covers, up to the as-of date."""
        return self.available.span(self.model.metrics[metric].fact)


def planner_context(snapshot: Snapshot, scope: Scope, instance: Instance) -> PlannerContext:
    """Read words, members and availability of a snapshot, as far as `scope` lets see."""
    from knowledge.semantic.engine import available, members

    model = load_model()
    reachable = available(snapshot, scope)
    lexicon = Lexicon(fold)
    dims = (
        frozenset().union(*reachable.dimensions.values()) if reachable.dimensions else frozenset()
    )
    _add_model(lexicon, model, reachable.metrics, dims)
    for name in model.dimensions:
        if name not in dims or model.dimensions[name].kind == "date":
            continue
        _add_members(lexicon, name, members(snapshot, name, scope))
    _add_instance(lexicon, instance)
    return PlannerContext(
        model,
        lexicon,
        Calendar(snapshot.as_of, instance.fiscal_year_start_month),
        instance,
        Reach(model, reachable),
        _SameRows(snapshot, scope, reachable.metrics),
    )


def _add_model(
    lexicon: Lexicon, model: SemanticModel, metrics: frozenset[str], dims: frozenset[str]
) -> None:
    for name, metric in model.metrics.items():
        kind: EntryKind = "metric" if name in metrics else "absent_metric"
        words = (metric.label.zh, metric.label.en, *metric.synonyms.zh, *metric.synonyms.en)
        for word in words:
            lexicon.add(word, Entry(kind, name))
    for name, dimension in model.dimensions.items():
        if dimension.kind == "date":
            continue
        kind = "dimension" if name in dims else "absent_dimension"
        words = (
            dimension.label.zh,
            dimension.label.en,
            *dimension.synonyms.zh,
            *dimension.synonyms.en,
        )
        for word in words:
            lexicon.add(word, Entry(kind, name))
    for words_to_names in model.ambiguous.values():
        for word, names in words_to_names.items():
            for name in names:
                lexicon.add(word, Entry(_kind_of(name, model, metrics, dims), name))


def _kind_of(
    name: str, model: SemanticModel, metrics: frozenset[str], dims: frozenset[str]
) -> EntryKind:
    if name in model.metrics:
        return "metric" if name in metrics else "absent_metric"
    return "dimension" if name in dims else "absent_dimension"


def _add_members(lexicon: Lexicon, dimension: str, found: object) -> None:
    from knowledge.semantic.members import Member as Row

    labels: list[tuple[str, str]] = []
    for member in found if isinstance(found, tuple) else ():
        assert isinstance(member, Row)  # noqa: S101 - what members() returns
        labels.append((fold(member.label), member.label))
        for surface, exact in member_surfaces(member.label, member.name, member.aliases):
            entry = Entry("value", dimension, member.label, exact)
            lexicon.add(surface, entry)
            if dimension not in NAMED_THINGS:
                for other in plural_forms(surface):
                    lexicon.add(other, entry)
    lexicon.labels[dimension] = labels


def _add_instance(lexicon: Lexicon, instance: Instance) -> None:
    """The company's own words replace what the model says of them."""
    own = list(instance_synonyms(instance.synonyms))
    for word, _ in own:
        lexicon.entries.pop(fold(word), None)
    for word, entry in own:
        lexicon.add(word, entry)


@dataclass(frozen=True, slots=True)
class _SameRows:
    """Whether two members select the same facts, found by counting."""

    snapshot: Snapshot
    scope: Scope
    metrics: frozenset[str]

    def __call__(self, one: Member, other: Member) -> bool:
        from knowledge.semantic.engine import run_query
        from knowledge.semantic.spec import All, Condition, Filter, QuerySpec
        from leadline.errors import SpecError

        counts = []
        first = Filter(member=one[0], values=(one[1],))
        second = Filter(member=other[0], values=(other[1],))
        conditions: list[Condition] = [first, second, All(items=(first, second))]
        for metric in ("order_lines", "opportunities", "partner_count"):
            if metric not in self.metrics:
                continue
            try:
                for condition in conditions:
                    spec = QuerySpec(metrics=(metric,), where=condition)
                    rows = run_query(spec, self.snapshot, self.scope).rows
                    counts.append(rows[0][0] if rows else None)
            except SpecError:  # the metric does not carry one of the dimensions: try the next
                counts.clear()
                continue
            return counts[0] == counts[1] == counts[2]
        return False
