"""What a model is told of this company's data: metrics, dimensions, members, periods.

Its length goes with the metrics and dimensions, not with the members: of long lists only a few
stand here. At share level `schema` none do, and of veiled dimensions never any.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from agents.llm.periods import NamedPeriod, named_periods
from agents.llm.prompts import filled, prompt
from agents.llm.veil import Veil
from agents.rules.context import PlannerContext
from knowledge.semantic.model import Dimension, Metric

ALL_MEMBERS_UP_TO: Final = 24
"""Members of a dimension that are listed one and all."""
SAMPLES: Final = 4
"""Members shown of a longer list."""
LONGEST_LISTING: Final = 320
"""Characters of members per dimension."""
SYNONYMS: Final = (2, 1)
"""Other words per metric, Chinese and English."""
FAMILY: Final = 4
"""Dimensions from which on a set that many metrics share gets a name of its own."""


def system_prompt(ctx: PlannerContext, veil: Veil) -> str:
    """Instructions, then this company's data."""
    parts = filled(
        "situation",
        as_of=ctx.calendar.as_of.isoformat(),
        currency=ctx.instance.currency,
        metrics="\n".join(_metrics(ctx)),
        dimensions="\n".join(_dimensions(ctx, veil)),
        periods="\n".join(_period(p, ctx) for p in named_periods(ctx.calendar)),
    )
    return f"{prompt('planner')}\n\n{parts}"


def _metrics(ctx: PlannerContext) -> Iterator[str]:
    """Metrics with data, grouped by the dimensions that they can be split by."""
    groups: dict[tuple[str, ...], list[Metric]] = {}
    for name, metric in ctx.model.metrics.items():
        if ctx.available.has_metric(name):
            groups.setdefault(_carried(ctx, name), []).append(metric)
    families = _families(tuple(groups))
    for word, names in families.items():
        yield f"{word} = {', '.join(names)}"
    for dimensions, metrics in groups.items():
        yield f"by {', '.join(_short(dimensions, families)) or 'nothing'}:"
        for metric in metrics:
            also = (*metric.synonyms.zh[: SYNONYMS[0]], *metric.synonyms.en[: SYNONYMS[1]])
            words = f"{metric.name} | {metric.label.zh} | {metric.label.en} | {metric.unit.value}"
            yield f"- {words} | {', '.join(also)}" if also else f"- {words}"


def _families(sets: tuple[tuple[str, ...], ...]) -> dict[str, tuple[str, ...]]:
    """Runs of dimensions that always come together, under a word: PARTNER, PRODUCT."""
    together: dict[tuple[bool, ...], list[str]] = {}
    for name in dict.fromkeys(name for found in sets for name in found):
        together.setdefault(tuple(name in found for found in sets), []).append(name)
    runs = [tuple(names) for names in together.values() if len(names) >= FAMILY]
    return {names[0].upper(): names for names in runs}


def _short(dimensions: tuple[str, ...], families: dict[str, tuple[str, ...]]) -> list[str]:
    named = {name: word for word, names in families.items() for name in names}
    return list(dict.fromkeys(named.get(name, name) for name in dimensions))


def _carried(ctx: PlannerContext, metric: str) -> tuple[str, ...]:
    return tuple(name for name in ctx.model.dimensions if ctx.available.carries(metric, name))


def _dimensions(ctx: PlannerContext, veil: Veil) -> Iterator[str]:
    carried = {
        name
        for metric in ctx.model.metrics
        if ctx.available.has_metric(metric)
        for name in _carried(ctx, metric)
    }
    for name, dimension in ctx.model.dimensions.items():
        if name in carried and dimension.kind != "date":
            yield f"- {_dimension(dimension, ctx, veil)}"


def _dimension(dimension: Dimension, ctx: PlannerContext, veil: Veil) -> str:
    head = f"{dimension.name} | {dimension.label.zh} | {dimension.label.en}"
    if veil.hides(dimension.name):
        return f"{head} | members are not shown"
    labels = [label for _, label in ctx.lexicon.labels.get(dimension.name, [])]
    long = len(labels) > ALL_MEMBERS_UP_TO or len("".join(labels)) > LONGEST_LISTING
    shown = [veil.member(dimension.name, label) for label in labels[: SAMPLES if long else None]]
    lead = f"{len(labels)} members, such as " if long else ""
    return f"{head} | {lead}{json.dumps(shown, ensure_ascii=False)}"


def _period(period: NamedPeriod, ctx: PlannerContext) -> str:
    expr = period.expr
    runs = ", runs" if expr.partial(ctx.calendar.as_of) else ""
    return f"{period.zh} / {period.en}: {expr.start} … {expr.end_excl}{runs}"
