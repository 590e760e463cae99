"""Orders and their lines: chance applied to demand, stock orders joined in, prices computed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evals.world.customers import Assignment, assign_customers
from evals.world.demand import Demand
from evals.world.partners import STABLE, Partners
from evals.world.planting import Plan, order_factor
from evals.world.pricing import Money, price_lines
from evals.world.products import IS_HARDWARE, LAUNCHED, PRICE_CENTS, Promotion
from evals.world.shelves import Shelves, StockOrders
from evals.world.timeline import Bools, Ints, Timeline

_MORE_LINES = 1.55
"""Mean of further lines after the first, before duplicates are dropped."""
_MOST_LINES = 7
_DEAL_SPREAD = np.array([0.42, 0.28, 0.7, 0.45])
"""Spread of the logarithm of a deal's size, by archetype."""
_SEATS, _BOXES = 7.0, 4.0
"""Typical quantity of a line of software (seats) and of hardware bought for a customer (boxes)."""
_CHUNK = 50_000
"""Lines whose product is drawn at a time: bounds the memory."""


@dataclass(frozen=True, slots=True)
class Orders:
    """Order headers, sorted by day.

    Attributes:
        partner, day, customer, order_type, case: see `customers.Assignment`.
        stock: fills the partner's own stock of hardware.
        wait: days until a stock order ships (0 for others).
        episode: index into `Plan.stuffing` of the planted purchase, else -1.
        number: 订单号.
    """

    partner: Ints
    day: Ints
    stock: Bools
    wait: Ints
    episode: Ints
    assignment: Assignment
    number: list[str]

    @property
    def count(self) -> int:
        """Number of orders."""
        return len(self.partner)


@dataclass(frozen=True, slots=True)
class Lines:
    """Order lines, sorted by order.

    Attributes:
        order: index into `Orders`.
        line_no: from 1 within the order.
        shelf_line: index of the line in `Shelves` where it is for stock, else -1.
    """

    order: Ints
    line_no: Ints
    product: Ints
    quantity: Ints
    shelf_line: Ints
    money: Money


@dataclass(frozen=True, slots=True)
class Headers:
    """Who orders when, before anybody knows what; `stock` as in `Orders`."""

    partner: Ints
    month: Ints
    day: Ints
    stock: Bools

    def stock_orders(self, rng: np.random.Generator) -> StockOrders:
        """The orders for stock by day, each with the days until it ships."""
        rows = np.flatnonzero(self.stock)
        rows = rows[np.argsort(self.day[rows], kind="stable")]
        none = np.full(len(rows), -1, dtype=np.int64)
        return StockOrders(self.partner[rows], self.day[rows], rng.integers(2, 8, len(rows)), none)


@dataclass(frozen=True, slots=True)
class _Draft:
    """Orders with lines before they have customers and prices; fields as in the finished ones."""

    partner: Ints
    day: Ints
    stock: Bools
    wait: Ints
    episode: Ints
    order: Ints
    product: Ints
    quantity: Ints
    shelf_line: Ints


def draw_headers(
    rng: np.random.Generator,
    timeline: Timeline,
    partners: Partners,
    plan: Plan,
    demand: Demand,
) -> Headers:
    """Who orders when: stable partners steadily, the others by chance."""
    steady = np.floor(demand.orders + rng.random(demand.orders.shape))
    chance = rng.poisson(demand.orders)
    counts = np.where((partners.archetype == STABLE)[:, None], steady, chance).astype(np.int64)
    cell = np.repeat(np.arange(counts.size), counts.ravel())
    partner, month = np.divmod(cell, timeline.months)
    day = timeline.draw_days(rng, month)
    kept = rng.random(len(day)) < order_factor(timeline, plan, partners)[partner, day]
    stock_share = np.where(partners.stocking[:, None], demand.stock_share(), 0.0)
    stock = rng.random(len(day)) < stock_share[partner, month]
    partner, month, day, stock = partner[kept], month[kept], day[kept], stock[kept]
    day = _one_on_last_day(timeline, plan, partner, day, stock)
    return Headers(partner, month, day, stock)


def make_orders(
    rng: np.random.Generator,
    customer_rng: np.random.Generator,
    timeline: Timeline,
    partners: Partners,
    plan: Plan,
    demand: Demand,
    campaigns: tuple[Promotion, ...],
    headers: Headers,
    stock_orders: StockOrders,
    shelves: Shelves,
) -> tuple[Orders, Lines]:
    """All orders with their lines: those of `headers` for customers, and `stock_orders`."""
    draft = _sorted(
        _joined(_for_customers(rng, partners, plan, demand, headers), stock_orders, shelves)
    )
    who = assign_customers(customer_rng, partners, plan, draft.partner, draft.day, draft.stock)
    orders = Orders(
        draft.partner,
        draft.day,
        draft.stock,
        draft.wait,
        draft.episode,
        who,
        _numbers(timeline, draft.day),
    )
    order, product, quantity = draft.order, draft.product, draft.quantity
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
    return orders, Lines(order, line_no, product, quantity, draft.shelf_line, money)


def _one_on_last_day(
    timeline: Timeline, plan: Plan, partner: Ints, day: Ints, stock: Bools
) -> Ints:
    """The last simulated day always has an order, so that it is the data's as-of date."""
    staying = np.where((plan.leaves[partner] > timeline.days) & ~stock, day, -1)
    moved = day.copy()
    moved[int(np.argmax(staying))] = timeline.days - 1
    return moved


def _for_customers(
    rng: np.random.Generator, partners: Partners, plan: Plan, demand: Demand, headers: Headers
) -> _Draft:
    rows = np.flatnonzero(~headers.stock)
    partner, month = headers.partner[rows], headers.month[rows]
    launched = headers.day[rows] >= plan.launch_day
    order, product = _draw_products(rng, demand, partner, month, launched, partners)
    quantity = _draw_quantities(rng, partners, partner[order], product)
    none = np.full(len(rows), -1, dtype=np.int64)
    return _Draft(
        partner=partner,
        day=headers.day[rows],
        stock=np.zeros(len(rows), dtype=bool),
        wait=np.zeros(len(rows), dtype=np.int64),
        episode=none,
        order=order,
        product=product,
        quantity=quantity,
        shelf_line=np.full(len(order), -1, dtype=np.int64),
    )


def _draw_products(
    rng: np.random.Generator,
    demand: Demand,
    partner: Ints,
    month: Ints,
    launched: Bools,
    partners: Partners,
) -> tuple[Ints, Ints]:
    """Lines of orders for customers; a stockist sells them hardware from its shelf instead.

    `launched`: the order is placed on or after the day on which the new product can be had.
    """
    more = np.minimum(rng.poisson(_MORE_LINES, len(partner)), _MOST_LINES - 1)
    order = np.repeat(np.arange(len(partner)), 1 + more)
    product = np.empty(len(order), dtype=np.int64)
    draw = rng.random(len(order))
    for start in range(0, len(order), _CHUNK):
        rows = order[start : start + _CHUNK]
        who, when = partner[rows], month[rows]
        allowed = ~IS_HARDWARE | ~partners.stocking[who][:, None]
        allowed[:, LAUNCHED] &= launched[rows]
        mass = np.cumsum(demand.taste[who] * demand.factor[who, when] * allowed, axis=1)
        target = draw[start : start + _CHUNK] * mass[:, -1]
        product[start : start + _CHUNK] = (mass <= target[:, None]).sum(axis=1)
    keys: Ints = np.unique(order * len(IS_HARDWARE) + product)  # an order names a product once
    return keys // len(IS_HARDWARE), keys % len(IS_HARDWARE)


def _draw_quantities(
    rng: np.random.Generator, partners: Partners, partner: Ints, product: Ints
) -> Ints:
    deal = np.exp(rng.normal(0.0, 1.0, len(partner)) * _DEAL_SPREAD[partners.archetype[partner]])
    cheapness = (PRICE_CENTS.mean() / PRICE_CENTS[product]) ** 0.45
    typical = np.where(IS_HARDWARE[product], _BOXES, _SEATS) * deal
    sized = typical * np.sqrt(partners.size[partner]) * cheapness
    return np.asarray(np.maximum(np.rint(sized), 1), dtype=np.int64)


def _joined(draft: _Draft, stock: StockOrders, shelves: Shelves) -> _Draft:
    """The draft and the stock orders that got lines."""
    filled, order = np.unique(shelves.order, return_inverse=True)
    count = len(draft.partner)
    return _Draft(
        partner=np.concatenate([draft.partner, stock.partner[filled]]),
        day=np.concatenate([draft.day, stock.day[filled]]),
        stock=np.concatenate([draft.stock, np.ones(len(filled), dtype=bool)]),
        wait=np.concatenate([draft.wait, stock.wait[filled]]),
        episode=np.concatenate([draft.episode, stock.episode[filled]]),
        order=np.concatenate([draft.order, order + count]),
        product=np.concatenate([draft.product, shelves.line_product]),
        quantity=np.concatenate([draft.quantity, shelves.quantity]),
        shelf_line=np.concatenate([draft.shelf_line, np.arange(len(order))]),
    )


def _sorted(draft: _Draft) -> _Draft:
    """Orders by day; lines follow their order and, within it, the catalogue."""
    by_day = np.argsort(draft.day, kind="stable")
    rank = np.empty(len(by_day), dtype=np.int64)
    rank[by_day] = np.arange(len(by_day))
    order = rank[draft.order]
    by_line = np.lexsort((draft.product, order))
    return _Draft(
        partner=draft.partner[by_day],
        day=draft.day[by_day],
        stock=draft.stock[by_day],
        wait=draft.wait[by_day],
        episode=draft.episode[by_day],
        order=order[by_line],
        product=draft.product[by_line],
        quantity=draft.quantity[by_line],
        shelf_line=draft.shelf_line[by_line],
    )


def _numbers(timeline: Timeline, day: Ints) -> list[str]:
    """SO + date + running number of the day."""
    running = np.arange(len(day)) - np.searchsorted(day, day) + 1
    stamps = np.datetime_as_string(timeline.dates(np.arange(timeline.days)))
    return [
        f"SO{stamps[when].replace('-', '')}{number:04d}"
        for when, number in zip(day.tolist(), running.tolist(), strict=True)
    ]
