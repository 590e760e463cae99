"""Specs for property tests: anything that a planner could ask of the small channel."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from knowledge.semantic.spec import (
    Compare,
    Condition,
    Filter,
    MetricFilter,
    Order,
    QuerySpec,
    Rollup,
    Share,
    TimeRange,
    TopPer,
)

METRICS = (
    "amount",
    "orders",
    "quantity",
    "gross_margin",
    "gross_margin_rate",
    "average_order_value",
    "active_partners",
    "discount_rate",
)
ADDITIVE = ("amount", "quantity", "gross_margin")
DIMENSIONS = (
    "region",
    "partner",
    "partner_tier",
    "product",
    "product_category",
    "customer_industry",
    "salesperson",
)
FILTERS = (
    Filter(member="region", values=("华东", "Overseas")),
    Filter(member="partner_tier", op="not_in", values=("金牌",)),
    Filter(member="product", values=("Edge Box",)),
    Filter(member="partner", values=("新芽科技有限公司",)),  # never ordered: nothing
)


@st.composite
def times(draw: st.DrawFn) -> TimeRange | None:
    """All the data; a year, half, quarter or month of 2024 or 2025; with or without buckets."""
    grain = draw(st.sampled_from([None, None, "month", "quarter", "year"]))
    year, month = draw(st.sampled_from([2024, 2025])), draw(st.sampled_from([1, 4, 7, 10]))
    months = draw(st.sampled_from([None, 1, 3, 6, 12]))
    if months is None:
        return None if grain is None else TimeRange(grain=grain)
    end = date(year + (month + months - 1) // 12, (month + months - 1) % 12 + 1, 1)
    return TimeRange(
        start=date(year, month, 1),
        end_excl=end,
        grain=grain,
        label=f"{year} 年 {month} 月起",
        label_en=f"from {year}-{month:02}",
        partial=end > date(2025, 11, 21),
    )


@st.composite
def specs(draw: st.DrawFn) -> QuerySpec:
    """A spec of order figures; some combinations do not fit and are refused by the compiler."""
    metrics = tuple(draw(st.lists(st.sampled_from(METRICS), min_size=1, max_size=2, unique=True)))
    dimensions = tuple(draw(st.lists(st.sampled_from(DIMENSIONS), max_size=2, unique=True)))
    time = draw(times())
    where: Condition | None = draw(st.none() | st.sampled_from(FILTERS))
    compare = None
    kinds = ["none", "none", "yoy", "previous_period"]
    kind = draw(st.sampled_from(kinds)) if time is not None else "none"
    if kind != "none" and time is not None and time.grain is None and time.start is not None:
        span = 12 if kind == "yoy" else 3
        start = _earlier(time.start, span)
        assert time.end_excl is not None
        compare = Compare(kind=kind, start=start, end_excl=_earlier(time.end_excl, span))
    elif kind != "none":
        compare = Compare(kind=kind)
    spec = QuerySpec(
        metrics=metrics, dimensions=dimensions, where=where, time=time, compare=compare
    )
    return _arranged(draw, spec)


def _arranged(draw: st.DrawFn, spec: QuerySpec) -> QuerySpec:
    keys, metric = spec.row_keys, spec.metrics[0]
    if not keys:
        return spec
    changes: dict[str, object] = {}
    if draw(st.booleans()):
        direction = draw(st.sampled_from(["asc", "desc"]))
        changes["order"] = (Order(by=metric, direction=direction),)
        if len(keys) == 2 and draw(st.booleans()):
            changes["top_per"] = TopPer(within=keys[:1], n=draw(st.integers(1, 3)))
        elif draw(st.booleans()):
            changes["limit"] = draw(st.integers(1, 20))
    if metric in ADDITIVE and draw(st.booleans()):
        changes["shares"] = (Share(metric=metric),)
    if draw(st.integers(0, 3)) == 0:
        bound = draw(st.sampled_from([0, 10_000, 50_000, 10**9]))
        changes["metric_filters"] = (MetricFilter(metric=metric, op="gt", value=bound),)
    if "limit" not in changes and "top_per" not in changes and draw(st.integers(0, 3)) == 0:
        changes["rollup"] = Rollup(function=draw(st.sampled_from(["count", "avg"])))
    return spec.model_copy(update=changes)


def _earlier(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)
