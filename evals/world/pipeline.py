"""商机 and 报备: the deals behind the orders, those that were lost, and those still open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evals.world.customers import EXPANSION, NEW_SALE, NOBODY, Customers
from evals.world.demand import Demand
from evals.world.orders import Lines, Orders
from evals.world.partners import Partners, People
from evals.world.planting import LineEffect, Plan, activity_factor
from evals.world.products import IS_HARDWARE, LINE_OF, PRODUCTS
from evals.world.timeline import Floats, Ints, Timeline

STAGES = ("线索", "需求确认", "方案演示", "商务报价", "合同谈判")
WON, LOST, OPEN = range(3)
OUTCOMES = ("赢单", "输单", "进行中")
_PROBABILITY = np.array([0.1, 0.25, 0.45, 0.65, 0.85])

_CYCLE_DAYS = np.array([38.0, 46.0, 72.0, 40.0])
"""Median days from creation to close, by archetype."""
_WIN_RATE = np.array([0.44, 0.5, 0.27, 0.4])
_OPEN_PER_PARTNER = np.array([12.0, 3.5, 1.2, 3.0])
_HOME_REGION_LOSS = 1.6
"""Further lost deals per won one in a line that is in planted decline."""


@dataclass(frozen=True, slots=True)
class Opportunities:
    """Deals sorted by creation.

    Attributes:
        partner, customer, product: indices.
        order: index of the order that a won deal became, else -1.
        created, closed, expected: days; `closed` of an open deal is the day after the last.
        reached: how many of `STAGES` it entered (1 … 5).
        hundreds: its amount in hundreds of yuan (CRM amounts are round).
    """

    partner: Ints
    customer: Ints
    product: Ints
    order: Ints
    outcome: Ints
    created: Ints
    closed: Ints
    expected: Ints
    reached: Ints
    hundreds: Ints

    @property
    def count(self) -> int:
        """Number of deals."""
        return len(self.partner)

    @property
    def numbers(self) -> list[str]:
        """商机编号 of each."""
        return [f"OP{number:07d}" for number in range(1, self.count + 1)]


def make_opportunities(
    rng: np.random.Generator,
    timeline: Timeline,
    partners: Partners,
    plan: Plan,
    demand: Demand,
    orders: Orders,
    lines: Lines,
) -> Opportunities:
    """Won deals from orders, lost ones beside them, and the pipeline that is open at the end."""
    won = _won(rng, partners, plan, orders, lines)
    lost = _lost(rng, timeline, partners, plan, demand, orders.assignment.customers, won)
    still_open = _open(rng, timeline, partners, plan, demand, orders.assignment.customers, won)
    parts = (won, lost, still_open)
    names = Opportunities.__dataclass_fields__
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    by_day = np.lexsort((joined["partner"], joined["created"]))
    return Opportunities(**{name: values[by_day] for name, values in joined.items()})


def _cycles(rng: np.random.Generator, partners: Partners, partner: Ints) -> Ints:
    median = _CYCLE_DAYS[partners.archetype[partner]]
    days = median * np.exp(rng.normal(0.0, 0.42, len(partner)))
    return np.asarray(np.rint(days.clip(6, 240)), dtype=np.int64)


def _won(
    rng: np.random.Generator, partners: Partners, plan: Plan, orders: Orders, lines: Lines
) -> Opportunities:
    """Six of ten first sales and a fifth of the larger expansions went through the CRM.

    Who diverts does not report it.
    """
    cents = np.zeros(orders.count, dtype=np.int64)
    np.add.at(cents, lines.order, lines.money.amount)
    kind = orders.assignment.order_type
    draw = rng.random(orders.count)
    large = (kind == EXPANSION) & (cents > np.median(cents)) & (draw < 0.2)
    taken = ((kind == NEW_SALE) & (draw < 0.6)) | large
    hidden = np.array([not case.approved for case in plan.diversion] + [False])
    taken &= ~hidden[orders.assignment.case]
    rows = np.flatnonzero(taken & (orders.assignment.customer != NOBODY))
    by_value = np.lexsort((-lines.money.amount, lines.order))
    leading = by_value[np.searchsorted(lines.order[by_value], np.arange(orders.count))]
    partner, closed = orders.partner[rows], orders.day[rows]
    cycle = _cycles(rng, partners, partner)
    return Opportunities(
        partner=partner,
        customer=orders.assignment.customer[rows],
        product=lines.product[leading][rows],
        order=rows,
        outcome=np.full(len(rows), WON),
        created=closed - cycle,
        closed=closed,
        expected=closed + np.rint(rng.normal(-4, 12, len(rows))).astype(np.int64),
        reached=np.full(len(rows), len(STAGES)),
        hundreds=np.maximum(np.rint(cents[rows] / 10_000).astype(np.int64), 1),
    )


def _lost(
    rng: np.random.Generator,
    timeline: Timeline,
    partners: Partners,
    plan: Plan,
    demand: Demand,
    customers: Customers,
    won: Opportunities,
) -> Opportunities:
    rate = _WIN_RATE[partners.archetype] * np.exp(rng.normal(0.0, 0.12, partners.count))
    expected = ((1 - rate) / rate)[won.partner]
    expected = expected + _HOME_REGION_LOSS * _declining(timeline, plan, partners, won)
    twin = np.repeat(np.arange(won.count), rng.poisson(expected))
    partner = won.partner[twin]
    closed = won.closed[twin] + np.rint(rng.normal(0, 20, len(twin))).astype(np.int64)
    kept = (closed >= 0) & (closed < timeline.days) & (closed < plan.leaves[partner])
    twin, partner, closed = twin[kept], partner[kept], closed[kept]
    cycle = _cycles(rng, partners, partner)
    product = _products(rng, demand, partner, month=0)
    in_decline = _declining(timeline, plan, partners, won)[twin] > 0
    product = np.where(in_decline, won.product[twin], product)
    size = won.hundreds[twin] * np.exp(rng.normal(0.15, 0.5, len(twin)))
    return Opportunities(
        partner=partner,
        customer=_prospects(rng, customers, partner),
        product=product,
        order=np.full(len(twin), -1),
        outcome=np.full(len(twin), LOST),
        created=closed - cycle,
        closed=closed,
        expected=closed + rng.integers(-20, 30, len(twin)),
        reached=rng.integers(1, len(STAGES) + 1, len(twin)),
        hundreds=np.maximum(np.rint(size).astype(np.int64), 1),
    )


def _declining(timeline: Timeline, plan: Plan, partners: Partners, won: Opportunities) -> Floats:
    """1 for won deals in a line and region that the plan lets decline at that time."""
    month = timeline.month_of_day[won.closed]
    hit = np.zeros(won.count)
    effect: LineEffect
    for effect in plan.decline:
        inside = (month >= effect.first_month) & (month <= effect.last_month)
        inside &= partners.places.region[won.partner] == effect.region
        hit[inside & (LINE_OF[won.product] == effect.line)] = 1.0
    return hit


def _open(
    rng: np.random.Generator,
    timeline: Timeline,
    partners: Partners,
    plan: Plan,
    demand: Demand,
    customers: Customers,
    won: Opportunities,
) -> Opportunities:
    everyone = np.arange(partners.count)
    today = np.full(partners.count, timeline.days - 1)
    level = _OPEN_PER_PARTNER[partners.archetype] * np.sqrt(partners.size)
    partner = np.repeat(everyone, rng.poisson(level * activity_factor(plan, everyone, today)))
    age = rng.integers(2, 150, len(partner))
    created = np.maximum(timeline.days - 1 - age, partners.first_day[partner])
    created = np.minimum(created, timeline.days - 2)
    cycle = _cycles(rng, partners, partner)
    progress = (timeline.days - created) / (cycle * 1.5)
    reached = 1 + np.floor(progress * len(STAGES)).astype(np.int64)
    typical = float(np.median(won.hundreds)) if won.count else 200.0
    size = typical * np.exp(rng.normal(0.1, 0.6, len(partner))) * np.sqrt(partners.size[partner])
    return Opportunities(
        partner=partner,
        customer=_prospects(rng, customers, partner),
        product=_products(rng, demand, partner, month=timeline.months - 1),
        order=np.full(len(partner), -1),
        outcome=np.full(len(partner), OPEN),
        created=created,
        closed=np.full(len(partner), timeline.days),
        expected=created + np.rint(cycle * 1.3).astype(np.int64),
        reached=reached.clip(1, len(STAGES)),
        hundreds=np.maximum(np.rint(size).astype(np.int64), 1),
    )


def _products(rng: np.random.Generator, demand: Demand, partner: Ints, *, month: int) -> Ints:
    """A software product for each deal, by the partner's taste, of those sold in `month`."""
    weights = demand.taste * ~IS_HARDWARE * (demand.factor[:, month] > 0)
    mass = np.cumsum(weights, axis=1)[partner]
    target = rng.random(len(partner)) * mass[:, -1]
    return np.asarray((mass <= target[:, None]).sum(axis=1))


def _prospects(rng: np.random.Generator, customers: Customers, partner: Ints) -> Ints:
    """A customer of the partner that has not ordered yet."""
    rows = np.flatnonzero(customers.prospect)
    owner = customers.partner[rows]  # ascending: customers are made partner by partner
    first = np.searchsorted(owner, partner)
    count = np.searchsorted(owner, partner, side="right") - first
    return rows[first + (rng.random(len(partner)) * count).astype(np.int64)]


def opportunity_table(
    rng: np.random.Generator,
    timeline: Timeline,
    partners: Partners,
    people: People,
    deals: Opportunities,
    customer_names: list[str],
    customer_codes: list[str | None],
) -> pd.DataFrame:
    """商机: amounts in 万元 with two places, as the CRM exports them."""
    names = [customer_names[index] for index in deals.customer.tolist()]
    products = [PRODUCTS[index] for index in deals.product.tolist()]
    is_open = deals.outcome == OPEN
    stage = [
        STAGES[reached - 1] if outcome == OPEN else OUTCOMES[outcome]
        for reached, outcome in zip(deals.reached.tolist(), deals.outcome.tolist(), strict=True)
    ]
    chance = np.where(is_open, _PROBABILITY[deals.reached - 1], deals.outcome == WON)
    closed = np.where(is_open, np.datetime64("NaT"), timeline.dates(deals.closed))
    return pd.DataFrame(
        {
            "opp_no": deals.numbers,
            "name": [
                f"{name.removesuffix('有限公司')}{product.name}项目"
                for name, product in zip(names, products, strict=True)
            ],
            "partner": np.array(partners.codes)[deals.partner],
            "partner_name": partners.table["name"].to_numpy()[deals.partner],
            "region": partners.table["region"].to_numpy()[deals.partner],
            "customer": [customer_codes[index] for index in deals.customer.tolist()],
            "customer_name": names,
            "sku": [product.sku for product in products],
            "salesperson": people.seller(deals.partner, rng.random(deals.count)),
            "amount_wan": deals.hundreds / 100,
            "weighted_wan": np.rint(deals.hundreds * chance) / 100,
            "stage": stage,
            "outcome": np.array(OUTCOMES)[deals.outcome],
            "probability": chance,
            "created_on": timeline.dates(deals.created),
            "expected_close_on": timeline.dates(deals.expected),
            "closed_on": closed,
        }
    )


def stage_table(rng: np.random.Generator, timeline: Timeline, deals: Opportunities) -> pd.DataFrame:
    """商机阶段: when each deal entered each stage, in Beijing time."""
    pieces = rng.uniform(0.3, 1.0, (deals.count, len(STAGES)))
    passed = np.cumsum(pieces, axis=1)
    total = passed[np.arange(deals.count), deals.reached - 1]
    begun = np.concatenate([np.zeros((deals.count, 1)), passed[:, :-1]], axis=1) / total[:, None]
    day = deals.created[:, None] + np.floor(begun * (deals.closed - deals.created)[:, None])
    entered = np.arange(len(STAGES)) < deals.reached[:, None]
    row, stage = np.nonzero(entered)
    finished = np.flatnonzero(deals.outcome != OPEN)
    rows = np.concatenate([row, finished])
    days = np.concatenate([day[row, stage], deals.closed[finished]]).astype(np.int64)
    step = np.concatenate([stage, np.full(len(finished), len(STAGES))])
    names = [STAGES[index] for index in stage.tolist()]
    names += [OUTCOMES[index] for index in deals.outcome[finished].tolist()]
    second = 9 * 3600 + step * 4500 + rng.integers(0, 4500, len(rows))
    moment = timeline.dates(days).astype("datetime64[s]") + second.astype("timedelta64[s]")
    by_deal = np.lexsort((step, rows))
    return pd.DataFrame(
        {
            "opp_no": np.array(deals.numbers)[rows],
            "stage": names,
            "entered_at": np.char.replace(np.datetime_as_string(moment), "T", " "),
        }
    ).iloc[by_deal]
