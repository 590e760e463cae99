"""What is planted: which partners leave, stuff or divert, and what happens to lines and regions.

Everything is decided here, before a single order exists; the other modules carry it out and
`truth.py` writes it down. A partner plays at most one part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evals.world.geography import PROVINCE_WEIGHT, PROVINCES, REGIONS
from evals.world.partners import FLAGSHIP, GROWTH, NAMESAKE, NEW, STABLE, Partners
from evals.world.products import CUT, LAUNCHED, LINES, PRICE_CENTS, PRODUCTS
from evals.world.timeline import Floats, Ints, Quarter, Timeline

FADE_DAYS = 120
"""A leaving partner's orders thin out over this time before they stop."""

COOLING_DAYS = 200
"""Its activity and payment discipline go earlier than its orders."""

HORIZON_DAYS = 90
"""Partners planned to leave within this time after the last day are "at risk" at the end."""


@dataclass(frozen=True, slots=True)
class Lull:
    """A dip of orders that is not the beginning of the end: activity goes on as usual."""

    partner: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Stuffing:
    """A quarter-end push into a partner's stock: `factor` × a normal quarter's hardware units.

    `genuine` marks the counter-example: as large a purchase, sold on to a project at once.
    """

    partner: int
    quarter: Quarter
    factor: float
    return_share: float
    genuine: bool


@dataclass(frozen=True, slots=True)
class Diversion:
    """Selling outside the own 大区 in a window of days, both included.

    `approved` marks the counter-example: national accounts with registered deals, at list terms.
    """

    partner: int
    first: int
    last: int
    share: float
    target_region: int
    approved: bool


@dataclass(frozen=True, slots=True)
class LineEffect:
    """Demand for a line in one province or 大区 multiplied by `factor` over some months."""

    region: int
    province: int | None
    line: int
    first_month: int
    last_month: int
    factor: float


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything planted.

    `leaves` holds, per partner, the day on which it orders no more (a far day for those who stay).
    """

    leaves: Ints
    lulls: tuple[Lull, ...]
    stuffing: tuple[Stuffing, ...]
    diversion: tuple[Diversion, ...]
    hot_spots: tuple[LineEffect, ...]
    decline: tuple[LineEffect, ...]
    decline_announced: int
    launch_day: int
    cut_day: int
    cut_price_cents: int

    @property
    def cut_share(self) -> float:
        """How much cheaper the cut product became, as a fraction."""
        return 1.0 - self.cut_price_cents / int(PRICE_CENTS[CUT])


NEVER = 10**6
"""A day that never comes."""


def make_plan(rng: np.random.Generator, timeline: Timeline, partners: Partners) -> Plan:
    """Decide all planted events; how many grows with the number of partners."""
    cast = _Cast(rng, partners)
    leaves = _leavers(rng, timeline, cast)
    stuffing = _stuffing(rng, timeline, cast)
    diversion = _diversion(rng, timeline, cast)
    lulls = _lulls(rng, timeline, cast)
    launch_month = timeline.months - int(rng.integers(9, 13))
    cut_month = timeline.months - int(rng.integers(6, 9))
    share = float(rng.uniform(0.16, 0.25))
    decline, announced = _decline(rng, timeline)
    return Plan(
        leaves=leaves,
        lulls=lulls,
        stuffing=stuffing,
        diversion=diversion,
        hot_spots=_hot_spots(rng, timeline),
        decline=decline,
        decline_announced=announced,
        launch_day=int(timeline.month_first[launch_month]) + int(rng.integers(4, 20)),
        cut_day=int(timeline.month_first[cut_month]),
        cut_price_cents=round(int(PRICE_CENTS[CUT]) * (1 - share) / 1000) * 1000,
    )


class _Cast:
    """Hands out parts so that no partner plays two; the two fixed partners play none."""

    def __init__(self, rng: np.random.Generator, partners: Partners) -> None:
        self.partners = partners
        self._free = np.ones(partners.count, dtype=bool)
        self._free[[FLAGSHIP, NAMESAKE]] = False
        self._free[partners.archetype == NEW] = False
        self._rng = rng

    def share(self, fraction: float, least: int) -> int:
        return max(least, round(self.partners.count * fraction))

    def take(self, count: int, wanted: Floats) -> list[int]:
        """`count` free partners, drawn by weight; fewer where fewer are left."""
        weight = np.where(self._free, wanted, 0.0)
        count = min(count, int((weight > 0).sum()))
        if count == 0:
            return []
        taken = self._rng.choice(len(weight), count, replace=False, p=weight / weight.sum())
        self._free[taken] = False
        return [int(index) for index in taken]


def _leavers(rng: np.random.Generator, timeline: Timeline, cast: _Cast) -> Ints:
    """Three in twenty leave during the simulation, a few more soon after its end."""
    partners = cast.partners
    leaves = np.full(partners.count, NEVER, dtype=np.int64)
    weight = np.where(np.isin(partners.archetype, (GROWTH, STABLE)), 1.0, 0.45)
    weight = np.where(partners.first_day < timeline.days - 420, weight, 0.0)
    for index in cast.take(cast.share(0.16, 3), weight / partners.size**0.5):
        earliest = max(240, int(partners.first_day[index]) + 300)
        leaves[index] = rng.integers(earliest, timeline.days - 20)
    for index in cast.take(cast.share(0.04, 1), weight / partners.size**0.5):
        leaves[index] = timeline.days + rng.integers(5, HORIZON_DAYS - 10)
    return leaves


def _stuffing(rng: np.random.Generator, timeline: Timeline, cast: _Cast) -> tuple[Stuffing, ...]:
    """Episodes, and counter-examples, in quarters that leave a history before them."""
    partners = cast.partners
    quarters = [quarter for quarter in timeline.quarters() if quarter.first > 180]
    regular = np.isin(partners.archetype, (GROWTH, STABLE)) & partners.stocking
    weight = np.where(regular & (partners.first_day < 0), partners.size, 0.0)
    if not weight.any():
        weight = np.where(regular, 1.0, 0.0)
    episodes: list[Stuffing] = []
    chosen = cast.take(cast.share(0.05, 2), weight)
    for rank, index in enumerate(chosen):
        picks = rng.choice(len(quarters), 2 if rank % 3 == 0 else 1, replace=False)
        if rank == 0:
            picks[0] = len(quarters) - 1  # one is always fresh, for the latest brief
        for pick in sorted({int(pick) for pick in picks}):
            if episodes and episodes[-1].partner == index:
                gap = quarters[pick].first - episodes[-1].quarter.last
                if gap < 150:
                    continue
            factor, back = float(rng.uniform(1.3, 2.2)), float(rng.uniform(0.14, 0.28))
            episodes.append(Stuffing(index, quarters[pick], factor, back, genuine=False))
    for index in cast.take(cast.share(0.02, 1), weight):
        quarter = quarters[int(rng.integers(0, len(quarters)))]
        factor = float(rng.uniform(1.2, 1.8))
        episodes.append(Stuffing(index, quarter, factor, 0.0, genuine=True))
    return tuple(episodes)


def _diversion(rng: np.random.Generator, timeline: Timeline, cast: _Cast) -> tuple[Diversion, ...]:
    """Cases of five to nine months, and counter-examples that last all along."""
    partners = cast.partners
    regular = np.isin(partners.archetype, (GROWTH, STABLE))
    weight = np.where(regular & (partners.first_day < timeline.days - 500), partners.size, 0.0)
    cases: list[Diversion] = []
    for rank, index in enumerate(cast.take(cast.share(0.04, 2), weight)):
        length = int(rng.integers(150, 270))
        earliest = max(60, int(partners.first_day[index]) + 120)
        first = int(rng.integers(earliest, timeline.days - length))
        if rank == 0:
            first = timeline.days - length  # one is always still going on
        share = float(rng.uniform(0.34, 0.6))
        target = _other_region(rng, int(partners.places.region[index]))
        cases.append(Diversion(index, first, first + length - 1, share, target, approved=False))
    for index in cast.take(cast.share(0.015, 1), weight):
        target = _other_region(rng, int(partners.places.region[index]))
        share = float(rng.uniform(0.25, 0.4))
        cases.append(Diversion(index, 0, timeline.days - 1, share, target, approved=True))
    return tuple(cases)


def _other_region(rng: np.random.Generator, region: int) -> int:
    other = int(rng.integers(0, len(REGIONS) - 1))
    return other + (other >= region)


def _lulls(rng: np.random.Generator, timeline: Timeline, cast: _Cast) -> tuple[Lull, ...]:
    partners = cast.partners
    regular = np.isin(partners.archetype, (GROWTH, STABLE))
    weight = np.where(regular & (partners.first_day < timeline.days - 500), 1.0, 0.0)
    lulls: list[Lull] = []
    for index in cast.take(cast.share(0.07, 1), weight):
        earliest = max(90, int(partners.first_day[index]) + 150)
        first = int(rng.integers(earliest, timeline.days - 120))
        lulls.append(Lull(index, first, first + int(rng.integers(60, 100))))
    return tuple(lulls)


def _hot_spots(rng: np.random.Generator, timeline: Timeline) -> tuple[LineEffect, ...]:
    """Two provinces outside 华东 where one line surges: one still on at the end, one long over."""
    strong = [
        index
        for index, province in enumerate(PROVINCES)
        if province.region != "华东" and PROVINCE_WEIGHT[index] >= 5
    ]
    provinces = rng.choice(strong, 2, replace=False)
    lines = rng.choice(np.array([1, 2, 3, 5]), 2, replace=False)
    current = timeline.months - int(rng.integers(5, 8))
    past = timeline.months - int(rng.integers(17, 21))
    spans = ((current, timeline.months - 1), (past, past + 5))
    return tuple(
        LineEffect(
            [region.name for region in REGIONS].index(PROVINCES[province].region),
            int(province),
            int(line),
            first,
            last,
            float(rng.uniform(2.4, 3.0)),
        )
        for province, line, (first, last) in zip(provinces, lines, spans, strict=True)
    )


def _decline(rng: np.random.Generator, timeline: Timeline) -> tuple[tuple[LineEffect, ...], int]:
    """华东 loses from July 2026: 财务云 most, 供应链 some. Returns also the day of its cause."""
    first, last = timeline.months - 4, timeline.months - 1
    main, side = float(rng.uniform(0.2, 0.28)), float(rng.uniform(0.38, 0.48))
    effects = tuple(
        LineEffect(0, None, LINES.index(line), first, last, factor)
        for line, factor in (("财务云", main), ("供应链", side))
    )
    return effects, int(timeline.month_first[first]) - int(rng.integers(8, 16))


def line_factors(timeline: Timeline, plan: Plan) -> Floats:
    """Demand factors [province, line, month] from hot spots and the decline."""
    factors = np.ones((len(PROVINCES), len(LINES), timeline.months))
    for effect in (*plan.hot_spots, *plan.decline):
        months = slice(effect.first_month, effect.last_month + 1)
        if effect.province is not None:
            factors[effect.province, effect.line, months] *= effect.factor
            continue
        for index, province in enumerate(PROVINCES):
            if province.region == REGIONS[effect.region].name:
                factors[index, effect.line, months] *= effect.factor
    return factors


LAUNCH_RAMP_MONTHS = 7
ELASTICITY = 2.2
"""Volume of the cut product grows by (old price / new price) to this power."""


def product_factors(timeline: Timeline, plan: Plan) -> Floats:
    """Demand factors [product, month]: nothing before the launch, a ramp after; the price cut."""
    factors = np.ones((len(PRODUCTS), timeline.months))
    month = int(timeline.month_of_day[plan.launch_day])
    since = np.arange(timeline.months) - month
    factors[LAUNCHED] = np.where(since < 0, 0.0, np.clip((since + 1) / LAUNCH_RAMP_MONTHS, 0, 1))
    cut_month = int(timeline.month_of_day[plan.cut_day])
    factors[CUT, cut_month:] *= (1 - plan.cut_share) ** -ELASTICITY
    return factors


def order_factor(timeline: Timeline, plan: Plan, partners: Partners) -> Floats:
    """How much of its usual ordering each partner does [partner, day]: joining, leaving, lulls."""
    day = np.arange(timeline.days)
    left = plan.leaves[:, None] - day
    fading = 0.15 + 0.85 * np.clip(left / FADE_DAYS, 0, 1)
    factor = np.where(left > 0, fading, 0.0)
    factor[day < partners.first_day[:, None]] = 0.0
    for lull in plan.lulls:
        factor[lull.partner, lull.first : lull.last + 1] *= 0.22
    return np.asarray(factor)


def activity_factor(plan: Plan, partners: Ints, days: Ints) -> Floats:
    """How active a partner still is on a day, given when it leaves: 1 down to 0.1, then 0."""
    left = plan.leaves[partners] - days
    return np.where(left > 0, 0.1 + 0.9 * np.clip(left / COOLING_DAYS, 0, 1), 0.0)
