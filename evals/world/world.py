"""The simulation: every subject in the order in which one needs the other."""

from __future__ import annotations

from dataclasses import dataclass

from evals.world.demand import Demand, make_demand
from evals.world.finance import Delivery, Returns, make_delivery, make_returns
from evals.world.market import CompetitorEvents, make_competitor_events
from evals.world.news import Page, make_pages
from evals.world.orders import Lines, Orders, draw_headers, make_orders
from evals.world.partners import Partners, People, make_partners, make_people
from evals.world.pipeline import Opportunities, make_opportunities
from evals.world.planting import Plan, make_plan
from evals.world.products import Promotion, promotions
from evals.world.seeds import stream
from evals.world.shelves import Shelves, run_shelves, stuffing_orders
from evals.world.stock import HeadOffice, make_head_office
from evals.world.timeline import Timeline, make_timeline

FULL_SIZE = 240
"""Partners at scale 1."""
LEAST_PARTNERS = 31
"""One per province, so that every province and region has somebody."""
ENDED_AFTER_DAYS = 270
"""A partner without orders for so long is let go: its status becomes 已终止."""


@dataclass(frozen=True, slots=True)
class World:
    """Everything simulated, before it is written."""

    seed: int
    timeline: Timeline
    partners: Partners
    people: People
    plan: Plan
    campaigns: tuple[Promotion, ...]
    demand: Demand
    orders: Orders
    lines: Lines
    delivery: Delivery
    returns: Returns
    deals: Opportunities
    shelves: Shelves
    head_office: HeadOffice
    competitor_events: CompetitorEvents
    pages: tuple[Page, ...]
    ended: dict[int, int]


def simulate(seed: int, scale: float, months: int) -> World:
    """Run the simulation without writing anything. Arguments as `generator.generate`."""
    if scale <= 0:
        raise ValueError(f"scale must be positive, not {scale}")
    timeline = make_timeline(months)
    count = max(LEAST_PARTNERS, round(FULL_SIZE * scale))
    partners = make_partners(stream(seed, "partners"), timeline, count)
    people = make_people(stream(seed, "people"), partners)
    plan = make_plan(stream(seed, "plan"), timeline, partners)
    campaigns = promotions(timeline, plan.launch_day)
    demand = make_demand(stream(seed, "demand"), timeline, partners, plan, campaigns)
    headers = draw_headers(stream(seed, "headers"), timeline, partners, plan, demand)
    shelf_rng = stream(seed, "shelves")
    stock_orders = stuffing_orders(shelf_rng, plan, headers.stock_orders(shelf_rng))
    shelves = run_shelves(shelf_rng, timeline, partners, plan, demand, stock_orders)
    orders, lines = make_orders(
        stream(seed, "orders"),
        stream(seed, "customers"),
        timeline,
        partners,
        plan,
        demand,
        campaigns,
        headers,
        stock_orders,
        shelves,
    )
    delivery = make_delivery(stream(seed, "delivery"), partners, orders, lines)
    returns = make_returns(stream(seed, "returns"), timeline, orders, lines, shelves)
    deals = make_opportunities(
        stream(seed, "pipeline"), timeline, partners, plan, demand, orders, lines
    )
    head_office = make_head_office(
        stream(seed, "warehouses"), timeline, partners, orders, lines, delivery
    )
    ended = {
        int(index): int(day) + ENDED_AFTER_DAYS
        for index, day in enumerate(plan.leaves)
        if day + ENDED_AFTER_DAYS < timeline.days
    }
    return World(
        seed=seed,
        timeline=timeline,
        partners=partners,
        people=people,
        plan=plan,
        campaigns=campaigns,
        demand=demand,
        orders=orders,
        lines=lines,
        delivery=delivery,
        returns=returns,
        deals=deals,
        shelves=shelves,
        head_office=head_office,
        competitor_events=make_competitor_events(stream(seed, "competitors"), timeline, plan),
        pages=make_pages(stream(seed, "news"), timeline, plan),
        ended=ended,
    )
