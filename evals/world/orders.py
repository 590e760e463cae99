"""Orders and their lines: chance applied to demand, planted purchases added, prices computed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evals.world.customers import Assignment, assign_customers
from evals.world.demand import Demand
from evals.world.partners import STABLE, Partners
from evals.world.planting import Plan, Stuffing, order_factor, stock_hit
from evals.world.pricing import Money, price_lines
from evals.world.products import IS_HARDWARE, PRICE_CENTS, Promotion
from evals.world.timeline import QUARTER_END_DAYS, Bools, Floats, Ints, Timeline

_MORE_LINES = 1.55
"""Mean of further lines after the first, before duplicates are dropped."""
_MOST_LINES = 7
_DEAL_SPREAD = np.array([0.45, 0.3, 0.8, 0.5])
"""Spread of the logarithm of a deal's size, by archetype."""
_SEATS, _BOXES = 7.0, 7.0
"""Typical quantity of a line of software (seats) and of a line for stock (boxes)."""
_CHUNK = 50_000
"""Lines whose product is drawn at a time: bounds the memory."""


@dataclass(frozen=True, slots=True)
class Orders:
    """Order headers, sorted by day.

    Attributes:
        partner, day, customer, order_type, case: see `customers.Assignment`.
        stock: fills the partner's own stock of hardware.
        episode: index into `Plan.stuffing` of the planted purchase, else -1.
        number: 订单号.
    """

    partner: Ints
    day: Ints
    stock: Bools
    episode: Ints
    assignment: Assignment
    number: list[str]

    @property
    def count(self) -> int:
        """Number of orders."""
        return len(self.partner)


@dataclass(frozen=True, slots=True)
class Lines:
    """Order lines, sorted by order; `order` is an index into `Orders`, `line_no` starts at 1."""

    order: Ints
    line_no: Ints
    product: Ints
    quantity: Ints
    money: Money


@dataclass(frozen=True, slots=True)
class _Draft:
    """Headers and lines before they have customers and prices."""

    partner: Ints
    day: Ints
    stock: Bools
    episode: Ints
    line_order: Ints
    product: Ints
    quantity: Ints


def make_orders(
    rng: np.random.Generator,
    customer_rng: np.random.Generator,
    timeline: Timeline,
    partners: Partners,
    plan: Plan,
    demand: Demand,
    campaigns: tuple[Promotion, ...],
) -> tuple[Orders, Lines]:
    """All orders of the simulation with their lines."""
    draft = _draw(rng, timeline, partners, plan, demand)
    draft = _sorted(_with_planted(rng, timeline, plan, demand, draft))
    who = assign_customers(customer_rng, partners, plan, draft.partner, draft.day, draft.stock)
    orders = Orders(
        draft.partner, draft.day, draft.stock, draft.episode, who, _numbers(timeline, draft.day)
    )
    order, product, quantity = draft.line_order, draft.product, draft.quantity
    line_no = np.arange(len(order)) - np.searchsorted(order, order) + 1
    true_case = np.array([not case.approved for case in plan.diversion] + [False])
    money = price_lines(
        rng,
        timeline,
        partners,
        plan,
        campaigns,
        partner=draft.partner[order],
        day=draft.day[order],
        diverted=true_case[who.case[order]],
        product=product,
        quantity=quantity,
    )
    return orders, Lines(order, line_no, product, quantity, money)


def _draw(
    rng: np.random.Generator,
    timeline: Timeline,
    partners: Partners,
    plan: Plan,
    demand: Demand,
) -> _Draft:
    steady = np.floor(demand.orders + rng.random(demand.orders.shape))
    chance = rng.poisson(demand.orders)
    counts = np.where((partners.archetype == STABLE)[:, None], steady, chance).astype(np.int64)
    cell = np.repeat(np.arange(counts.size), counts.ravel())
    partner, month = np.divmod(cell, timeline.months)
    day = timeline.draw_days(rng, month)
    kept = rng.random(len(day)) < order_factor(timeline, plan, partners)[partner, day]
    stock_share = np.where(partners.stocking[:, None], demand.stock_share(), 0.0)
    stock = rng.random(len(day)) < stock_share[partner, month]
    kept &= ~(stock & (rng.random(len(day)) < stock_hit(plan, partner, day)))
    partner, month, day, stock = partner[kept], month[kept], day[kept], stock[kept]
    day = _one_on_last_day(timeline, plan, partner, day)
    order, product = _draw_products(rng, demand, partner, month, stock, partners)
    quantity = _draw_quantities(rng, partners, partner[order], stock[order], product)
    none = np.full(len(partner), -1, dtype=np.int64)
    return _Draft(partner, day, stock, none, order, product, quantity)


def _one_on_last_day(timeline: Timeline, plan: Plan, partner: Ints, day: Ints) -> Ints:
    """The last simulated day always has an order, so that it is the data's as-of date."""
    staying = np.where(plan.leaves[partner] > timeline.days, day, -1)
    moved = day.copy()
    moved[int(np.argmax(staying))] = timeline.days - 1
    return moved


def _draw_products(
    rng: np.random.Generator,
    demand: Demand,
    partner: Ints,
    month: Ints,
    stock: Bools,
    partners: Partners,
) -> tuple[Ints, Ints]:
    """Lines of the drawn orders: a stockist's are all hardware (for stock) or have none."""
    more = np.minimum(rng.poisson(_MORE_LINES, len(partner)), _MOST_LINES - 1)
    order = np.repeat(np.arange(len(partner)), 1 + more)
    product = np.empty(len(order), dtype=np.int64)
    draw = rng.random(len(order))
    for start in range(0, len(order), _CHUNK):
        rows = order[start : start + _CHUNK]
        who, when = partner[rows], month[rows]
        weights = demand.taste[who] * demand.factor[who, when]
        allowed = np.where(stock[rows, None], IS_HARDWARE, ~IS_HARDWARE)
        allowed |= ~partners.stocking[who][:, None]
        mass = np.cumsum(weights * allowed, axis=1)
        target = draw[start : start + _CHUNK] * mass[:, -1]
        product[start : start + _CHUNK] = (mass <= target[:, None]).sum(axis=1)
    keys: Ints = np.unique(order * len(IS_HARDWARE) + product)  # an order names a product once
    return keys // len(IS_HARDWARE), keys % len(IS_HARDWARE)


def _draw_quantities(
    rng: np.random.Generator, partners: Partners, partner: Ints, stock: Bools, product: Ints
) -> Ints:
    deal = np.exp(rng.normal(0.0, 1.0, len(partner)) * _DEAL_SPREAD[partners.archetype[partner]])
    cheapness = (PRICE_CENTS.mean() / PRICE_CENTS[product]) ** 0.45
    size = np.sqrt(partners.size[partner]) * cheapness
    goods = np.where(stock, _BOXES * np.exp(rng.normal(0.0, 0.35, len(partner))), 2.0)
    typical = np.where(IS_HARDWARE[product], goods, _SEATS * deal)
    return np.asarray(np.maximum(np.rint(typical * size), 1), dtype=np.int64)


def _with_planted(
    rng: np.random.Generator, timeline: Timeline, plan: Plan, demand: Demand, draft: _Draft
) -> _Draft:
    """The draft plus the quarter-end purchases of the plan."""
    parts = [draft]
    count = len(draft.partner)
    for number, episode in enumerate(plan.stuffing):
        normal = quarterly_units(timeline, draft, episode)
        carried = np.flatnonzero(IS_HARDWARE & (demand.taste[episode.partner] > 0))
        orders = int(rng.integers(3, 6))
        last = episode.quarter.last
        days = last - rng.integers(0, QUARTER_END_DAYS - 1, orders)
        spread = rng.uniform(0.85, 1.15, (orders, len(carried)))
        wanted = episode.factor * np.maximum(normal[carried], _BOXES) / orders
        parts.append(
            _Draft(
                np.full(orders, episode.partner),
                days,
                np.ones(orders, dtype=bool),
                np.full(orders, number),
                np.repeat(np.arange(count, count + orders), len(carried)),
                np.tile(carried, orders),
                np.ceil(wanted * spread).astype(np.int64).ravel(),
            )
        )
        count += orders
    return _Draft(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in _Draft.__dataclass_fields__
        )
    )


def quarterly_units(timeline: Timeline, draft: _Draft, episode: Stuffing) -> Floats:
    """Boxes of each product that the partner takes in a normal quarter around the episode."""
    middle = (episode.quarter.first + episode.quarter.last) // 2
    low, high = max(0, middle - 230), min(timeline.days, middle + 230)
    of_partner = (draft.partner == episode.partner) & draft.stock
    of_partner &= (draft.day >= low) & (draft.day < high)
    lines = of_partner[draft.line_order]
    units = np.bincount(
        draft.product[lines], weights=draft.quantity[lines], minlength=len(IS_HARDWARE)
    )
    return np.asarray(units / (high - low) * 91.0)


def _sorted(draft: _Draft) -> _Draft:
    """Orders by day; lines follow their order and, within it, the catalogue."""
    by_day = np.argsort(draft.day, kind="stable")
    rank = np.empty(len(by_day), dtype=np.int64)
    rank[by_day] = np.arange(len(by_day))
    line_order = rank[draft.line_order]
    by_line = np.lexsort((draft.product, line_order))
    return _Draft(
        draft.partner[by_day],
        draft.day[by_day],
        draft.stock[by_day],
        draft.episode[by_day],
        line_order[by_line],
        draft.product[by_line],
        draft.quantity[by_line],
    )


def _numbers(timeline: Timeline, day: Ints) -> list[str]:
    """SO + date + running number of the day."""
    running = np.arange(len(day)) - np.searchsorted(day, day) + 1
    stamps = np.datetime_as_string(timeline.dates(np.arange(timeline.days)))
    return [
        f"SO{stamps[when].replace('-', '')}{number:04d}"
        for when, number in zip(day.tolist(), running.tolist(), strict=True)
    ]
