"""The shelves of partners that stock hardware, day by day: what they order, receive, sell, return.

A stock order fills the shelf up to a number of days of demand, so a normal shelf is never far from
that. A stuffed purchase comes on top: the shelf overflows, later orders shrink by themselves, and
part of it goes back. End customers know nothing of quarter ends: they buy at a smooth rate.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from evals.world.demand import Demand
from evals.world.partners import Partners
from evals.world.planting import Plan, Stuffing, order_factor
from evals.world.products import IS_HARDWARE, PRICE_CENTS
from evals.world.timeline import QUARTER_END_DAYS, Bools, Floats, Ints, Timeline

COVER_DAYS = 42
"""A stock order fills the shelf up to so many days of demand."""
UNITS_AN_ORDER = 30.0
"""Boxes of all kinds that a typical partner sells on per stock order that it places."""
_LEAST_ORDER = 0.12
"""No box is ordered while less than this part of the full shelf is missing."""
_RESIDUAL = 0.12
"""A partner that has left sells its last boxes at this part of the usual rate."""
_PROJECT_DAYS = 22
"""A genuine spike leaves the shelf for its project over so many days."""
_LONGEST_WAIT = 12
_USUAL_RETURNS, _PUSHED_RETURNS = 0.035, 0.875
"""Share of stock lines of which a part goes back: usually, and after a stuffed purchase."""


@dataclass(frozen=True, slots=True)
class StockOrders:
    """Orders for stock, sorted by day: partner, day, days until shipping, episode or -1."""

    partner: Ints
    day: Ints
    wait: Ints
    episode: Ints


@dataclass(frozen=True, slots=True)
class Shelves:
    """What happened on the shelves.

    Attributes:
        partner, product: [series] one series per partner and box that it carries.
        received, sold, returned, balance: [series, day] boxes; balance at the end of the day.
        first: [series] day of the first record.
        order, line_product, quantity: [line] lines of the stock orders, by index of the order.
        return_line, return_day, return_quantity: [return] boxes sent back of a line.
    """

    partner: Ints
    product: Ints
    received: Ints
    sold: Ints
    returned: Ints
    balance: Ints
    first: Ints
    order: Ints
    line_product: Ints
    quantity: Ints
    return_line: Ints
    return_day: Ints
    return_quantity: Ints


def stuffing_orders(rng: np.random.Generator, plan: Plan, usual: StockOrders) -> StockOrders:
    """The usual orders and, in the last days of their quarters, those of the planted episodes."""
    count = rng.integers(3, 6, len(plan.stuffing))
    number = np.repeat(np.arange(len(plan.stuffing)), count)
    last = np.array([episode.quarter.last for episode in plan.stuffing], dtype=np.int64)
    who = np.array([episode.partner for episode in plan.stuffing], dtype=np.int64)
    day = last[number] - rng.integers(0, QUARTER_END_DAYS - 1, len(number))
    merged = StockOrders(
        np.concatenate([usual.partner, who[number]]),
        np.concatenate([usual.day, day]),
        np.concatenate([usual.wait, rng.integers(2, 6, len(number))]),
        np.concatenate([usual.episode, number]),
    )
    by_day = np.argsort(merged.day, kind="stable")
    return StockOrders(
        merged.partner[by_day],
        merged.day[by_day],
        merged.wait[by_day],
        merged.episode[by_day],
    )


def run_shelves(
    rng: np.random.Generator,
    timeline: Timeline,
    partners: Partners,
    plan: Plan,
    demand: Demand,
    orders: StockOrders,
) -> Shelves:
    """Simulate all shelves; the orders get their lines on the way (an order may get none)."""
    carried = IS_HARDWARE & (demand.taste > 0) & partners.stocking[:, None]
    partner, product = np.nonzero(carried)
    rate = _rates(timeline, partners, plan, demand, partner, product)
    simulation = _Simulation(rng, timeline, plan, partner, product, rate)
    first = np.maximum(partners.first_day[partner], 0)
    simulation.on_hand = np.where(first == 0, np.rint(rate[:, 0] * COVER_DAYS), 0).astype(np.int64)
    start = np.searchsorted(orders.day, np.arange(timeline.days + 1))
    for day in range(timeline.days):
        simulation.open_day(day)
        for order in range(int(start[day]), int(start[day + 1])):
            simulation.place(order, orders, day)
        simulation.close_day(day)
    return simulation.finished(first)


def _rates(
    timeline: Timeline,
    partners: Partners,
    plan: Plan,
    demand: Demand,
    partner: Ints,
    product: Ints,
) -> Floats:
    """[series, day] boxes that end customers want on a day."""
    season = timeline.month_weight()
    level = demand.orders * demand.stock_share() / season / np.diff(timeline.month_first)
    padded = np.pad(level, ((0, 0), (1, 1)), mode="edge")
    smooth = (padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]) / 3 * season**0.3
    daily = smooth[:, timeline.month_of_day] * np.sqrt(partners.size)[:, None] * UNITS_AN_ORDER
    alive = order_factor(timeline, plan, partners)
    joined = np.arange(timeline.days) >= partners.first_day[:, None]
    daily *= np.maximum(alive, _RESIDUAL * joined)
    cheapness = (PRICE_CENTS[IS_HARDWARE].mean() / PRICE_CENTS) ** 0.45
    weight = demand.taste * IS_HARDWARE * cheapness
    share = weight / np.maximum((demand.taste * IS_HARDWARE).sum(axis=1), 1e-12)[:, None]
    return np.asarray(daily[partner] * share[partner, product][:, None])


class _Simulation:
    """The state of all shelves on one day. Project boxes lie apart: they are sold already."""

    def __init__(
        self,
        rng: np.random.Generator,
        timeline: Timeline,
        plan: Plan,
        partner: Ints,
        product: Ints,
        rate: Floats,
    ) -> None:
        self._rng, self._days, self._plan = rng, timeline.days, plan
        self._partner, self._product, self._rate = partner, product, rate
        shape = (len(partner), timeline.days + _LONGEST_WAIT + _PROJECT_DAYS + 4)
        self._arriving = np.zeros(shape, dtype=np.int64)
        self._arriving_project = np.zeros(shape, dtype=np.int64)
        self._leaving_project = np.zeros(shape, dtype=np.int64)
        self._received, self._sold, self._returned, self._balance = (
            np.zeros((len(partner), timeline.days), dtype=np.int64) for _ in range(4)
        )
        self.on_hand = np.zeros(len(partner), dtype=np.int64)
        self._on_order = np.zeros(len(partner), dtype=np.int64)
        self._project = np.zeros(len(partner), dtype=np.int64)
        self._lines: list[tuple[int, int, int]] = []
        self._due_back: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        self._returns: list[tuple[int, int, int]] = []

    def open_day(self, day: int) -> None:
        """Boxes arrive, customers buy, some boxes go back."""
        arrived, project = self._arriving[:, day], self._arriving_project[:, day]
        self._received[:, day] = arrived + project
        self.on_hand += arrived
        self._on_order -= arrived
        wanted = self._rng.poisson(self._rate[:, day])
        bought = np.minimum(wanted, self.on_hand)
        taken = np.minimum(self._leaving_project[:, day], self._project + project)
        self._project += project - taken
        self.on_hand -= bought
        self._sold[:, day] = bought + taken
        for series, line, quantity in self._due_back.pop(day, []):
            back = min(quantity, int(self.on_hand[series]))
            if back:
                self.on_hand[series] -= back
                self._returned[series, day] += back
                self._returns.append((line, day, back))

    def place(self, order: int, orders: StockOrders, day: int) -> None:
        """Give an order its lines."""
        low, high = np.searchsorted(
            self._partner, (orders.partner[order], orders.partner[order] + 1)
        ).tolist()
        number = int(orders.episode[order])
        episode = self._plan.stuffing[number] if number >= 0 else None
        wanted = self._usual(low, high, day) if episode is None else self._push(low, high, episode)
        arrival = day + int(orders.wait[order]) + 1
        for series, quantity in zip(range(low, high), wanted.tolist(), strict=True):
            if quantity <= 0:
                continue
            line = len(self._lines)
            self._lines.append((order, int(self._product[series]), quantity))
            if episode is not None and episode.genuine:
                self._arriving_project[series, arrival] += quantity
                steps = np.floor(np.linspace(0, quantity, _PROJECT_DAYS + 1)).astype(np.int64)
                self._leaving_project[series, arrival + 2 : arrival + 2 + _PROJECT_DAYS] += np.diff(
                    steps
                )
                continue
            self._arriving[series, arrival] += quantity
            self._on_order[series] += quantity
            self._plan_return(series, line, quantity, arrival, episode)

    def _usual(self, low: int, high: int, day: int) -> Ints:
        """Up to the full shelf, give or take what the buyer misjudges."""
        full = self._rate[low:high, day] * COVER_DAYS * self._rng.uniform(0.85, 1.15, high - low)
        missing = full - self.on_hand[low:high] - self._on_order[low:high]
        enough = missing >= np.maximum(full * _LEAST_ORDER, 1)
        return np.where(enough, np.rint(missing), 0).astype(np.int64)

    def _push(self, low: int, high: int, episode: Stuffing) -> Ints:
        """A part of `factor` × the quarter's usual boxes."""
        quarter = self._rate[low:high, episode.quarter.first : episode.quarter.last + 1].sum(axis=1)
        part = episode.factor / 4 * self._rng.uniform(0.85, 1.15, high - low)
        return np.asarray(np.maximum(np.rint(quarter * part), 2), dtype=np.int64)

    def _plan_return(
        self, series: int, line: int, quantity: int, arrival: int, episode: Stuffing | None
    ) -> None:
        likely, share = _USUAL_RETURNS, self._rng.uniform(0.1, 0.4)
        if episode is not None:
            likely, share = _PUSHED_RETURNS, episode.return_share * self._rng.uniform(0.8, 1.2)
        if self._rng.random() < likely:
            when = arrival + int(self._rng.integers(15, 65))
            self._due_back[when].append((series, line, int(np.ceil(quantity * share))))

    def close_day(self, day: int) -> None:
        """Count the shelf."""
        self._balance[:, day] = self.on_hand + self._project

    def finished(self, first: Ints) -> Shelves:
        """Everything that was recorded."""
        order, product, quantity = _columns(self._lines)
        line, day, back = _columns(self._returns)
        return Shelves(
            self._partner,
            self._product,
            self._received,
            self._sold,
            self._returned,
            self._balance,
            first,
            order,
            product,
            quantity,
            line,
            day,
            back,
        )


def _columns(rows: list[tuple[int, int, int]]) -> tuple[Ints, Ints, Ints]:
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def cover_days(shelves: Shelves, partner: int, day: int) -> float:
    """Days of the last 90 days' sell-through that a partner's shelves hold at a day's end."""
    rows: Bools = shelves.partner == partner
    sold = float(shelves.sold[rows, max(0, day - 89) : day + 1].sum()) / 90
    return float(shelves.balance[rows, day].sum()) / max(sold, 1e-9)
