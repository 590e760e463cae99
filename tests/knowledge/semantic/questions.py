"""Random specs that fit a world: a hypothesis strategy over the whole of `QuerySpec`."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st

from knowledge.semantic.engine import members
from knowledge.semantic.spec import (
    All,
    Any_,
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
from leadline.access import EVERYTHING, Scope
from leadline.types import GRAINS
from tests.knowledge.semantic.figures import DIMENSIONS, FIGURES, OWN
from tests.knowledge.semantic.oracle import Oracle
from tests.knowledge.semantic.worlds import WORLDS, World, world

KEYS: dict[str, tuple[str, ...]] = {
    "order_line": ("partner", "region", "territory", "product", "customer", "salesperson"),
    "partner": ("partner", "region", "territory"),
    "payment": ("partner", "region", "territory"),
    "receivable": ("partner", "region", "territory"),
    "activity": ("partner", "region", "territory"),
    "sales_return": ("partner", "product", "region", "territory"),
    "deal_registration": ("partner", "product", "region", "territory"),
    "inventory_snapshot": ("partner", "product", "region", "territory"),
    "opportunity": ("partner", "region", "territory", "product", "customer", "salesperson"),
    "tender": ("region", "territory"),
}
PRODUCT_DIMENSIONS = {"product", "product_category", "product_line"}
DATE_FIGURES = ("last_order_date",)
PERIODS: tuple[tuple[date, date], ...] = (
    (date(2024, 3, 1), date(2024, 4, 1)),
    (date(2024, 1, 1), date(2025, 1, 1)),
    (date(2023, 7, 1), date(2023, 10, 1)),
    (date(2024, 2, 1), date(2024, 3, 1)),
    (date(2024, 2, 20), date(2024, 3, 5)),
    (date(2023, 2, 13), date(2023, 2, 20)),
    (date(2023, 1, 1), date(2023, 7, 1)),
    (date(2023, 5, 9), date(2024, 2, 29)),
    (date(2023, 1, 31), date(2023, 11, 17)),
    (date(2022, 12, 26), date(2024, 6, 1)),
    (date(2025, 1, 1), date(2025, 2, 1)),
)
PARTIAL = ((date(2024, 1, 1), date(2024, 7, 1)), (date(2023, 4, 1), date(2024, 4, 1)))
"""Periods that are under way in every world."""


@cache
def carried(seed: int, metric: str) -> tuple[str, ...]:
    """Dimensions that all facts of a metric carry in a world."""
    there = world(seed)
    oracle = Oracle(there, QuerySpec(metrics=("amount",)), EVERYTHING)
    facts = {part.fact for part in FIGURES[metric].parts}
    return tuple(
        name
        for name in (*DIMENSIONS, *dict.fromkeys(name for _, name in OWN))
        if all(_reaches(fact, name) and oracle.carries(fact, name) for fact in facts)
    )


def _reaches(fact: str, name: str) -> bool:
    return (fact, name) in OWN or (name in DIMENSIONS and DIMENSIONS[name][0] in KEYS[fact])


@st.composite
def scopes(draw: st.DrawFn, there: World) -> Scope:
    """No limit most of the time; else regions, partners, both, or nothing at all."""
    regions = [row["label"] for row in there.rows["region"]]
    partners = [row["ext_id"] for row in there.rows["partner"]]
    kind = draw(
        st.sampled_from(["all"] * 6 + ["regions"] * 3 + ["partners"] * 3 + ["both", "none"])
    )
    if kind == "all":
        return EVERYTHING
    if kind == "none":
        return Scope(regions=frozenset())
    some_regions = draw(st.sets(st.sampled_from(regions), min_size=1, max_size=2))
    some_partners = draw(st.sets(st.sampled_from(partners), min_size=1, max_size=4))
    return Scope(
        None if kind == "partners" else frozenset(some_regions),
        None if kind == "regions" else frozenset(some_partners),
    )


@st.composite
def filters(draw: st.DrawFn, there: World, scope: Scope, names: tuple[str, ...]) -> Filter:
    """One filter on one of the dimensions, with values that the scope lets see."""
    name = draw(st.sampled_from(names))
    labels = [member.label for member in members(there.snapshot, name, scope)]
    op: Any = draw(st.sampled_from(["in", "in", "not_in", "contains", "is_null", "not_null"]))
    if op in ("is_null", "not_null"):
        return Filter(member=name, op=op)
    if op == "contains" or not labels:
        text = draw(st.sampled_from(["a", "A", "华", "1", "品", "l", "%", "_"]))
        return Filter(member=name, op="contains", values=(text,))
    values = draw(st.lists(st.sampled_from(labels), min_size=1, max_size=2, unique=True))
    return Filter(member=name, op=op, values=tuple(values))


@st.composite
def conditions(draw: st.DrawFn, there: World, scope: Scope, names: tuple[str, ...]) -> Condition:
    """A filter, or a conjunction or disjunction of filters, up to two levels deep."""
    one = filters(there, scope, names)
    several = st.lists(one, min_size=1, max_size=3).map(tuple)
    kind = draw(st.sampled_from(["one", "one", "and", "or", "mixed"]))
    if kind == "one":
        return draw(one)
    if kind == "and":
        return All(items=draw(several))
    if kind == "or":
        return Any_(items=draw(several))
    return All(items=(draw(one), Any_(items=draw(several))))


@st.composite
def time_ranges(draw: st.DrawFn) -> TimeRange | None:
    """No period, a period, buckets, or both."""
    kind = draw(st.sampled_from(["none", "period", "period", "grain", "both", "until"]))
    start, end = draw(st.sampled_from(PARTIAL if draw(st.integers(0, 3)) == 0 else PERIODS))
    grain = draw(st.sampled_from(GRAINS))
    if kind == "none":
        return None
    if kind == "grain":
        return TimeRange(grain=grain)
    if kind == "until":
        return TimeRange(end_excl=end, grain=draw(st.sampled_from([None, grain])))
    return TimeRange(start=start, end_excl=end, grain=grain if kind == "both" else None)


@st.composite
def compares(draw: st.DrawFn, time: TimeRange | None) -> Compare | None:
    """A comparison that the time range can bear."""
    if time is None or (time.start is None and time.grain is None):
        return None
    kind: Any = draw(st.sampled_from([None, "previous_period", "yoy", "custom"]))
    if kind is None or (kind == "custom" and time.grain is not None):
        return None
    align: Any = draw(st.sampled_from(["elapsed", "full"]))
    if kind != "custom" and not draw(st.booleans()):
        return Compare(kind=kind, align=align)
    start, end = draw(st.sampled_from(PERIODS))
    if time.grain is not None:
        return Compare(kind=kind, align=align)
    return Compare(kind=kind, start=start, end_excl=end, align=align)


@st.composite
def questions(draw: st.DrawFn) -> tuple[World, QuerySpec, Scope]:
    """A world, a spec that fits it, and a scope."""
    there = world(draw(st.integers(0, WORLDS - 1)))
    scope = draw(scopes(there))
    return there, draw(questions_within(there, scope)), scope


@st.composite
def questions_within(draw: st.DrawFn, there: World, scope: Scope) -> QuerySpec:
    """A spec that fits a world, naming only what the scope lets see."""
    seed = there.seed
    metrics = draw(st.lists(st.sampled_from(sorted(FIGURES)), min_size=1, max_size=3, unique=True))
    names = tuple(
        n for n in carried(seed, metrics[0]) if all(n in carried(seed, m) for m in metrics)
    )
    dimensions = (
        tuple(draw(st.lists(st.sampled_from(names), max_size=2, unique=True))) if names else ()
    )
    filtered = bool(names) and draw(st.integers(0, 2)) == 0
    where = draw(conditions(there, scope, names)) if filtered else None
    time = draw(time_ranges())
    compare = draw(compares(time))
    if compare is not None:
        metrics = [m for m in metrics if FIGURES[m].comparable] or ["amount"]
        dimensions = tuple(d for d in dimensions if all(d in carried(seed, m) for m in metrics))
    keys = ((time.grain,) if time and time.grain else ()) + dimensions
    shares = draw(_shares(metrics, keys))
    figures = _figures(metrics, compare is not None, shares)
    rank = draw(st.booleans())
    columns = [*keys, *figures, *(["rank"] if rank else [])]
    order = draw(st.lists(_orders(columns), max_size=2, unique_by=lambda item: item.by))
    order = [item for item in order if item.by != "rank"]
    rollup = draw(st.none() | _rollups(metrics, keys))
    focused = bool(dimensions) and draw(st.integers(0, 4)) == 0
    return QuerySpec(
        metrics=tuple(metrics),
        dimensions=dimensions,
        where=where,
        time=time,
        compare=compare,
        shares=shares,
        rank=rank,
        metric_filters=draw(_metric_filters(figures)),
        focus=(draw(filters(there, scope, dimensions)),) if focused else (),
        order=tuple(order),
        limit=draw(st.none() | st.integers(1, 6)),
        top_per=draw(_top_pers(keys)),
        rollup=rollup,
        include_empty=draw(st.booleans())
        and len(dimensions) == 1
        and dimensions[0] in DIMENSIONS
        and dimensions[0] != "country",
    )


@st.composite
def _shares(draw: st.DrawFn, metrics: list[str], keys: tuple[str, ...]) -> tuple[Share, ...]:
    found = []
    for metric in metrics:
        if not FIGURES[metric].additive or not draw(st.booleans()):
            continue
        within = tuple(key for key in keys if draw(st.booleans()))
        if metric == "orders" and PRODUCT_DIMENSIONS & (set(keys) - set(within)):
            continue
        found.append(Share(metric=metric, within=within))
    return tuple(found)


def _figures(metrics: list[str], compared: bool, shares: tuple[Share, ...]) -> list[str]:
    found = []
    for metric in metrics:
        found.append(metric)
        if compared:
            found += [f"{metric}__{figure}" for figure in ("previous", "change", "change_rate")]
        if metric in {share.metric for share in shares}:
            found.append(f"{metric}__share")
    return found


@st.composite
def _orders(draw: st.DrawFn, columns: list[str]) -> Order:
    direction: Any = draw(st.sampled_from(["asc", "desc"]))
    return Order(by=draw(st.sampled_from(columns)), direction=direction)


@st.composite
def _metric_filters(draw: st.DrawFn, figures: list[str]) -> tuple[MetricFilter, ...]:
    usable = [name for name in figures if name.split("__")[0] not in DATE_FIGURES]
    if not usable or draw(st.integers(0, 2)):
        return ()
    metric, _, on = draw(st.sampled_from(usable)).partition("__")
    op: Any = draw(st.sampled_from(["gt", "ge", "lt", "le", "ne", "between"]))
    # odd decimals, so that no figure meets a threshold by a rounding
    value = draw(st.sampled_from([-0.3071, 0.1113, 0.5107, 1.0003, 3.0, 250.0301, 1999.5503]))
    wanted: Any = on or "value"
    upper = value + 600 if op == "between" else None
    return (MetricFilter(metric=metric, on=wanted, op=op, value=value, upper=upper),)


@st.composite
def _top_pers(draw: st.DrawFn, keys: tuple[str, ...]) -> TopPer | None:
    if not keys or draw(st.integers(0, 3)):
        return None
    within = draw(st.lists(st.sampled_from(keys), min_size=1, max_size=2, unique=True))
    return TopPer(within=tuple(within), n=draw(st.integers(1, 3)))


@st.composite
def _rollups(draw: st.DrawFn, metrics: list[str], keys: tuple[str, ...]) -> Rollup | None:
    if draw(st.booleans()):
        return None
    keep = tuple(key for key in keys if draw(st.booleans()))
    allowed = ["count"]
    if not any(metric in DATE_FIGURES for metric in metrics):
        allowed += ["avg", "min", "max"]
        products = PRODUCT_DIMENSIONS & (set(keys) - set(keep))
        if all(FIGURES[m].additive for m in metrics) and not ("orders" in metrics and products):
            allowed.append("sum")
    function: Any = draw(st.sampled_from(allowed))
    return Rollup(function=function, keep=keep)
