"""Draft → QuerySpecs. The main query first; further ones add what the answer also says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from agents.rules.context import PlannerContext
from agents.rules.draft import Bound, Draft, FilterUse, Note
from agents.rules.read_time import base_period, default_time
from agents.rules.time_rules import named
from knowledge.semantic.calendar import period_of
from knowledge.semantic.spec import (
    All,
    Any_,
    Compare,
    Condition,
    Filter,
    MetricFilter,
    NumberOp,
    Order,
    QuerySpec,
    Rollup,
    Share,
    TimeRange,
    TopPer,
)
from leadline.types import Unit

Role = Literal["main", "total", "listing", "registered", "full"]


@dataclass(frozen=True, slots=True)
class PlannedQuery:
    """One query of a plan and the part it plays in the answer."""

    role: Role
    spec: QuerySpec


class NeedsMetric(Exception):
    """The draft asks for a figure but names none, and none can be taken for granted."""


def build(draft: Draft, ctx: PlannerContext) -> list[PlannedQuery]:
    """Queries for a draft.

    Raises:
        NeedsMetric: no metric was named and there is no usual one for this question.
    """
    metrics = _metrics(draft, ctx)
    _target_period(draft, ctx, metrics)
    note = default_time(draft, ctx.calendar.as_of)
    if note is not None:
        draft.notes.append(Note(*note))
    if draft.growth is not None and draft.compare is None:
        draft.compare = _growth_basis(draft)
    draft.dims = [d for d in draft.dims if d not in draft.outer_dims]
    _entity_dimension(draft)
    spec = QuerySpec(
        metrics=tuple(metrics),
        dimensions=tuple(draft.all_dims()),
        where=_where(draft),
        time=_time(draft, ctx),
        compare=_compare(draft, ctx),
        shares=_shares(draft, metrics),
        metric_filters=tuple(_metric_filters(draft, ctx, metrics)),
        focus=_focus(draft, ctx),
        rank=draft.where_ranked,
    ).model_copy(update=_arrangement(draft, metrics))
    spec = _rollup(draft, spec, ctx)
    return [PlannedQuery("main", spec), *_companions(draft, spec)]


# ---------------------------------------------------------------------------------- metrics


def _metrics(draft: Draft, ctx: PlannerContext) -> list[str]:
    metrics = list(draft.metrics)
    if draft.attained is not None:
        metrics = [m for m in metrics if m != "target_amount"]
        goal = "payment_attainment" if "payment_amount" in metrics else "attainment"
        metrics = [goal, *(m for m in metrics if m != goal)]
    if draft.dormant_days is not None:
        metrics = ["days_since_last_order", *(m for m in metrics if m != "days_since_last_order")]
        draft.dims = draft.dims or ["partner"]
    if draft.no_orders:
        metrics = ["orders"]
        draft.dims = draft.dims or ["partner"]
    if draft.order_metric is not None and draft.order_metric not in metrics:
        metrics.append(draft.order_metric)
    for bound in draft.bounds:
        if bound.metric is not None and bound.metric not in metrics:
            metrics.append(bound.metric)
    if metrics:
        return metrics
    default = _usual_metric(draft, ctx)
    if default is None:
        raise NeedsMetric
    zh, en = (ctx.model.metrics[default].label.zh, ctx.model.metrics[default].label.en)
    draft.notes.append(Note(f"未说明指标，取{zh}", f"no metric was named: {en.lower()}"))
    return [default]


def _target_period(draft: Draft, ctx: PlannerContext, metrics: list[str]) -> None:
    """Attainment without a period: the latest quarter for which there are targets."""
    if draft.time is not None or draft.grain is not None or draft.total:
        return
    if not any(m.endswith("attainment") for m in metrics):
        return
    span = ctx.available.span("target_amount")
    day = min(ctx.calendar.as_of, span.last) if span is not None else ctx.calendar.as_of
    draft.time = named("quarter", period_of("quarter", day).start)
    draft.notes.append(
        Note(
            "未说明期间，取最近有目标的季度", "no period was named: the latest quarter with targets"
        )
    )


def _usual_metric(draft: Draft, ctx: PlannerContext) -> str | None:
    for use in draft.positive_filters:
        name = ctx.instance.default_metrics.get(use.dimension)
        if name is not None:
            return name
    if draft.rollup == "count" or draft.ranked or draft.bounds or draft.share or draft.contest:
        return ctx.default_metric()
    if draft.growth is not None or draft.vague or draft.compare is not None:
        return ctx.default_metric()
    return None


def _growth_basis(draft: Draft) -> Literal["yoy", "previous_period"]:
    """Growth without a basis: against a year earlier; a rolling window against the one before."""
    if draft.time is not None and draft.time.kind == "rolling":
        draft.notes.append(
            Note("与前一个等长期间相比", "against the window of equal length before")
        )
        return "previous_period"
    if draft.grain is not None:
        draft.notes.append(Note("与上一期相比", "each against the one before"))
        return "previous_period"
    draft.notes.append(Note("与上年同期相比", "against the same period a year earlier"))
    return "yoy"


def _entity_dimension(draft: Draft) -> None:
    """Which dimension the rows are about; members named side by side are shown side by side."""
    if draft.focus is not None and draft.focus.dimension not in draft.all_dims():
        draft.dims.append(draft.focus.dimension)
    if (
        len(draft.outer_dims) > 1
        or (draft.outer_dims and not draft.dims and not (draft.grain and draft.ranked))
        or (draft.outer_dims and not (draft.ranked or draft.share))
    ):
        draft.dims = list(dict.fromkeys([*draft.outer_dims, *draft.dims]))
        draft.outer_dims = []
    several = list({f.dimension: f for f in draft.positive_filters if len(f.labels) > 1}.values())
    if draft.all_dims() or draft.no_orders or draft.rollup == "count":
        return
    if several and not draft.total and not draft.any_of and draft.rollup is None:
        draft.dims.extend(f.dimension for f in several)
        draft.each_value = not draft.contest


# ----------------------------------------------------------------------------------- filters


def _filter(use: FilterUse) -> Filter:
    return Filter(member=use.dimension, op="not_in" if use.negated else "in", values=use.labels)


def _focus(draft: Draft, ctx: PlannerContext) -> tuple[Filter, ...]:
    """The members to show; a ranking leaves out rows without one (parts without a category)."""
    if draft.focus is not None:
        return (_filter(draft.focus),)
    stock = any(ctx.model.metrics[m].balance is not None for m in draft.metrics)
    if not draft.ranked or draft.top is None or not stock:
        return ()  # what is sold is classified; parts in stock need not be
    return tuple(
        Filter(member=d, op="not_null")
        for d in draft.all_dims()
        if d.startswith("product_") and ctx.model.dimensions[d].kind == "attribute"
    )


def _where(draft: Draft) -> Condition | None:
    filters = [_filter(use) for use in draft.filters]
    if draft.any_of:
        positive = [f for f in filters if f.op == "in"]
        rest: list[Condition] = [f for f in filters if f.op != "in"]
        if len(positive) > 1:
            filters_or: Condition = Any_(items=tuple(positive))
            return All(items=(filters_or, *rest)) if rest else filters_or
    if not filters:
        return None
    return filters[0] if len(filters) == 1 else All(items=tuple(filters))


def _time(draft: Draft, ctx: PlannerContext) -> TimeRange | None:
    expr = draft.time
    if expr is None:
        return TimeRange(grain=draft.grain) if draft.grain else None
    return TimeRange(
        start=expr.start,
        end_excl=expr.end_excl,
        grain=draft.grain,
        label=expr.label_zh,
        label_en=expr.label_en,
        partial=expr.partial(ctx.calendar.as_of),
    )


def _compare(draft: Draft, ctx: PlannerContext) -> Compare | None:
    if draft.compare is None:
        return None
    if draft.compare == "target" or draft.grain is not None:
        return Compare(kind=draft.compare) if draft.compare != "custom" else None
    base = base_period(draft, ctx.calendar.as_of)
    if base is None:
        return None
    kind = draft.compare
    # who ordered in 2012 but not since: all of 2012 counts
    align: Literal["elapsed", "full"] = "full" if draft.lapsed else "elapsed"
    return Compare(kind=kind, start=base.start, end_excl=base.end_excl, align=align)


def _shares(draft: Draft, metrics: list[str]) -> tuple[Share, ...]:
    if not draft.share:
        return ()
    metric = draft.order_metric or metrics[0]
    within = tuple(draft.outer_dims)
    if draft.grain is not None:
        within = (draft.grain, *within)  # a share by month is a share of that month
    return (Share(metric=metric, within=within),)


def _metric_filters(draft: Draft, ctx: PlannerContext, metrics: list[str]) -> list[MetricFilter]:
    filters = [_bound(bound, draft, ctx, metrics) for bound in draft.bounds]
    first = metrics[0]
    if draft.attained is not None and _is_list(draft):
        filters.append(MetricFilter(metric=first, op=draft.attained, value=1.0))
    if draft.dormant_days is not None:
        filters.append(
            MetricFilter(metric="days_since_last_order", op="gt", value=draft.dormant_days)
        )
    if draft.no_orders:
        filters.append(MetricFilter(metric="orders", op="eq", value=0))
    if draft.lapsed:
        filters.append(MetricFilter(metric="orders", on="previous", op="ge", value=1))
    by_amount = any(f.on == "change" for f in filters)
    if draft.growth is not None and ((draft.orders_by_growth() and draft.ranked) or by_amount):
        known = MetricFilter(metric=_growth_metric(draft, metrics), on="previous", op="known")
        filters.append(known)  # members without a base have no growth to rank
    growth_bounded = any(b.on == "growth" for b in draft.bounds)
    if (
        draft.growth is not None
        and draft.growth_filter
        and not growth_bounded
        and _is_list(draft)
        and not draft.contest
    ):
        sign: dict[str, tuple[NumberOp, float]] = {
            "up": ("gt", 0.0),
            "down": ("lt", 0.0),
            "not_up": ("le", 0.0),
            "not_down": ("ge", 0.0),
        }
        rule = sign.get(draft.growth)
        if rule is not None and (not draft.growth_ranked or draft.growth in ("down", "not_up")):
            filters.append(
                MetricFilter(
                    metric=_growth_metric(draft, metrics),
                    on="change_rate",
                    op=rule[0],
                    value=rule[1],
                )
            )
    return filters


def _is_list(draft: Draft) -> bool:
    return bool(draft.all_dims())


def _growth_metric(draft: Draft, metrics: list[str]) -> str:
    return draft.order_metric or metrics[0]


_FLIPPED: dict[NumberOp, NumberOp] = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}
"""A fall of more than 20 % is a change of less than −20 %."""


def _bound(bound: Bound, draft: Draft, ctx: PlannerContext, metrics: list[str]) -> MetricFilter:
    threshold = bound.threshold
    metric = bound.metric or _growth_metric(draft, metrics)
    value, upper, op = threshold.value, threshold.upper, threshold.op
    if bound.on == "growth":
        on: Literal["change_rate", "change"] = "change_rate" if threshold.percent else "change"
        if draft.growth == "down":
            value, op = -value, _FLIPPED.get(op, op)
            if upper is not None:
                value, upper = -upper, -threshold.value
        return MetricFilter(metric=metric, on=on, op=op, value=value, upper=upper)
    if (
        ctx.unit(metric) is Unit.RATIO
        and not threshold.percent
        and value > 1
        and bound.on == "value"
    ):
        value, upper = value / 100, None if upper is None else upper / 100
    return MetricFilter(
        metric=metric,
        on="share" if bound.on == "share" else "value",
        op=op,
        value=value,
        upper=upper,
    )


# ------------------------------------------------------------------------------- arrangement


def _arrangement(draft: Draft, metrics: list[str]) -> dict[str, object]:
    """Order, limit, top per group, rank."""
    dims = draft.all_dims()
    if not dims and draft.grain is None:
        return {}
    direction = draft.direction or "desc"
    by = _order_column(draft, metrics)
    within = tuple(draft.outer_dims)
    if draft.grain is not None and draft.dims and draft.top and draft.ranked:
        within = (draft.grain, *within)  # the best salesperson of each quarter
    if within and draft.top:
        return {
            "order": (Order(by=by, direction=direction),),
            "top_per": TopPer(within=within, n=draft.top),
        }
    if draft.grain is not None and not draft.ranked:
        return {}
    result: dict[str, object] = {}
    if dims or draft.ranked:
        if not draft.ranked and draft.growth == "down":
            direction = "asc"
        result["order"] = (Order(by=by, direction=direction),)
    if draft.top and draft.rollup != "count" and not draft.contest:
        result["limit"] = draft.top
    if draft.include_empty_needed():
        result["include_empty"] = True
    return result


def _order_column(draft: Draft, metrics: list[str]) -> str:
    metric = draft.order_metric or metrics[0]
    compared = draft.compare in ("yoy", "previous_period", "custom")
    if compared and draft.orders_by_growth():
        return f"{metric}__{draft.growth_on}"
    return metric


def _rollup(draft: Draft, spec: QuerySpec, ctx: PlannerContext) -> QuerySpec:
    if draft.rollup is None:
        summed = draft.total and draft.summing and bool(draft.dims) and not draft.outer_dims
        additive = all(ctx.model.metrics[m].additive for m in spec.metrics)
        picked = bool(spec.metric_filters) or spec.limit is not None
        if summed and additive and picked and spec.grain is None and not spec.shares:
            return spec.model_copy(update={"rollup": Rollup(function="sum"), "compare": None})
        return spec
    keep: tuple[str, ...] = ()
    if draft.rollup_grain is not None:
        keep = tuple(draft.all_dims())
    elif draft.rollup == "count" and draft.counted_dim is not None:
        keep = tuple(k for k in spec.row_keys if k != draft.counted_dim)
    return spec.model_copy(
        update={"rollup": Rollup(function=draft.rollup, keep=keep), "limit": None}
    )


def _companions(draft: Draft, spec: QuerySpec) -> list[PlannedQuery]:
    """Queries that the answer also wants: the list behind a count, the sum of members named."""
    extra: list[PlannedQuery] = []
    summed = spec.rollup is not None and spec.rollup.function == "sum"
    if (draft.rollup == "count" and spec.metric_filters) or summed:
        extra.append(PlannedQuery("listing", spec.model_copy(update={"rollup": None})))
    named = spec.compare is not None and spec.compare.kind == "custom" and not draft.lapsed
    plain = not spec.metric_filters and spec.limit is None and spec.rollup is None
    if named and spec.compare and spec.time and spec.time.partial and plain:
        # two periods named by the asker: beside the same elapsed days, the base as it was named
        full = spec.compare.model_copy(update={"align": "full"})
        extra.append(PlannedQuery("full", spec.model_copy(update={"compare": full})))
    if draft.each_value:
        total = spec.model_copy(update={"dimensions": (), "order": (), "limit": None, "shares": ()})
        extra.append(PlannedQuery("total", total))
    if draft.dormant_days is not None and draft.all_dims() == ["partner"] and spec.rollup is None:
        extra.append(
            PlannedQuery(
                "registered",
                QuerySpec(metrics=("partner_count", "active_partners"), where=spec.where),
            )
        )
    return extra
