"""Queries that answer another question: a right one with one part changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from knowledge.semantic.calendar import shift_months
from knowledge.semantic.spec import All, Condition, Filter, QuerySpec

OTHER = {
    "region": "华北", "partner": "宏图集团", "partner_tier": "银牌", "product_category": "软件",
    "product": "供应链云",
}  # fmt: skip
FLIPPED = {"gt": "lt", "lt": "gt", "ge": "le", "le": "ge"}


def altered(spec: QuerySpec) -> Iterator[tuple[str, QuerySpec]]:
    """What was changed, and the query with it."""
    for name, update in _changes(spec):
        yield name, spec.model_copy(update=update)


def _changes(spec: QuerySpec) -> Iterator[tuple[str, dict[str, Any]]]:
    if not spec.order and not spec.shares and not spec.metric_filters and spec.compare is None:
        yield "another metric", {"metrics": ("quantity", *spec.metrics[1:])}
    if spec.where is not None:
        yield "no filter", {"where": None}
        first = _filters(spec.where)[0]
        if first.member in OTHER:
            other = first.model_copy(update={"values": (OTHER[first.member],)})
            yield "another member", {"where": _with(spec.where, first, other)}
        op = "in" if first.op == "not_in" else "not_in"
        yield "the others", {"where": _with(spec.where, first, first.model_copy(update={"op": op}))}
    elif "partner_tier" not in spec.dimensions and spec.metrics[0] in ("amount", "gross_margin"):
        yield "a filter more", {"where": Filter(member="partner_tier", values=("金牌",))}
    yield from _of_time(spec)
    if spec.order and spec.limit:
        turned = "asc" if spec.order[0].direction == "desc" else "desc"
        yield "the other end", {"order": (spec.order[0].model_copy(update={"direction": turned}),)}
    if spec.limit and spec.limit > 1:
        yield "fewer", {"limit": spec.limit - 1}
    if spec.shares and not any("share" in item.by for item in spec.order):
        yield "no share", {"shares": ()}
    if spec.metric_filters:
        bound = spec.metric_filters[0]
        yield "no bound", {"metric_filters": spec.metric_filters[1:]}
        for name, update in (
            ("another bound", {"value": bound.value * 3 + 1}),
            ("the bound turned", {"op": FLIPPED.get(bound.op, bound.op)}),
        ):
            changed = bound.model_copy(update=update)
            yield name, {"metric_filters": (changed, *spec.metric_filters[1:])}
    if spec.rollup and spec.rollup.function == "avg":
        yield "a sum, not a mean", {"rollup": spec.rollup.model_copy(update={"function": "sum"})}


def _of_time(spec: QuerySpec) -> Iterator[tuple[str, dict[str, Any]]]:
    time = spec.time
    if time is not None and time.start is not None and time.end_excl is not None:
        unbounded = time.model_copy(update={"start": None, "end_excl": None, "label": ""})
        if spec.compare is None:
            yield "no period", {"time": unbounded if time.grain else None}
        moved = {
            "start": shift_months(time.start, -12),
            "end_excl": shift_months(time.end_excl, -12),
        }
        yield "a year earlier", {"time": time.model_copy(update=moved)}
    if time is not None and time.grain is not None:
        grain = "quarter" if time.grain != "quarter" else "month"
        yield "other buckets", {"time": time.model_copy(update={"grain": grain})}
    keyed = any("__" in item.by for item in spec.order) or spec.metric_filters
    if spec.compare is not None and not keyed:
        yield "nothing compared", {"compare": None}


def _filters(condition: Condition) -> list[Filter]:
    if isinstance(condition, Filter):
        return [condition]
    return [found for item in condition.items for found in _filters(item)]


def _with(condition: Condition, old: Filter, new: Filter) -> Condition:
    if isinstance(condition, Filter):
        return new if condition == old else condition
    return All(items=tuple(_with(item, old, new) for item in condition.items))
