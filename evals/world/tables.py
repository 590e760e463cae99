"""Every table of the layouts, made from the simulation."""

from __future__ import annotations

import pandas as pd

from evals.world.activity import activity_table, certification_table, claim_table
from evals.world.customers import customer_table
from evals.world.finance import (
    invoice_table,
    line_table,
    make_money,
    order_table,
    return_table,
    shipment_table,
)
from evals.world.geography import PROVINCES, REGIONS
from evals.world.market import macro_table
from evals.world.news import document_ids, document_table, notice_page
from evals.world.partners import partner_history, partner_master
from evals.world.pipeline import opportunity_table, stage_table
from evals.world.products import LINES, Promotion, price_table, product_table
from evals.world.registrations import registration_table
from evals.world.seeds import stream
from evals.world.stock import inventory_table, sell_through_table, warehouse_table
from evals.world.targets import target_tables
from evals.world.tenders import make_notices, tender_table
from evals.world.timeline import Timeline
from evals.world.world import World


def _master_tables(world: World) -> dict[str, pd.DataFrame]:
    timeline, plan, partners = world.timeline, world.plan, world.partners
    regions = pd.DataFrame(
        [(r.name, r.group, "中国", r.manager) for r in REGIONS],
        columns=["name", "group", "country", "owner"],
    )
    managers = {region.name: region.manager for region in REGIONS}
    territories = pd.DataFrame(
        [(p.name, p.full_name, p.adcode, p.region, "中国", managers[p.region]) for p in PROVINCES],
        columns=["name", "full_name", "adcode", "region", "country", "owner"],
    )
    master = partner_master(partners, world.people.owner, world.ended)
    history = partner_history(
        stream(world.seed, "history"), timeline, partners, world.people.owner, world.ended
    )
    return {
        "regions": regions,
        "territories": territories,
        "territory_owners": pd.DataFrame(
            {
                "territory": territories["name"],
                "owner": territories["owner"],
                "valid_from": timeline.start,
                "valid_to": None,
            }
        ),
        "partners": master.assign(annual_revenue_wan=master["annual_revenue"] // 10_000),
        "contacts": world.people.contacts,
        "history": history,
        "salespeople": world.people.salespeople,
        "products": product_table(timeline, plan.launch_day, plan.cut_price_cents),
        "prices": price_table(timeline, plan.launch_day, plan.cut_day, plan.cut_price_cents),
        "promotions": _promotion_table(timeline, world.campaigns),
    }


def _promotion_table(timeline: Timeline, campaigns: tuple[Promotion, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "code": [campaign.code for campaign in campaigns],
            "name": [campaign.name for campaign in campaigns],
            "kind": [campaign.kind for campaign in campaigns],
            "category": ["、".join(LINES[line] for line in c.lines) for c in campaigns],
            "discount": [campaign.discount for campaign in campaigns],
            "starts_on": [timeline.date_of(campaign.first) for campaign in campaigns],
            "ends_on": [timeline.date_of(campaign.last) for campaign in campaigns],
        }
    )


def _sales_tables(world: World, customers: pd.DataFrame) -> dict[str, pd.DataFrame]:
    seed, timeline, partners = world.seed, world.timeline, world.partners
    orders, lines, delivery, returns = world.orders, world.lines, world.delivery, world.returns
    money = make_money(stream(seed, "payments"), timeline, partners, world.plan, orders, delivery)
    region_targets, partner_targets = target_tables(
        stream(seed, "targets"), timeline, partners, world.plan, world.demand, orders, lines
    )
    return {
        "orders": order_table(
            stream(seed, "order details"), timeline, world.people, partners, orders, delivery
        ),
        "lines": line_table(orders, lines, [campaign.code for campaign in world.campaigns]),
        "shipments": shipment_table(timeline, partners, orders, lines, delivery),
        "invoices": invoice_table(
            timeline, partners, orders, lines, delivery, returns, list(customers["name"])
        ),
        "receivables": money.receivables,
        "payments": money.payments,
        "returns": return_table(timeline, partners, orders, lines, returns),
        "region_targets": region_targets,
        "partner_targets": partner_targets,
    }


def _partner_work_tables(world: World, customers: pd.DataFrame) -> dict[str, pd.DataFrame]:
    seed, timeline, partners, plan = world.seed, world.timeline, world.partners, world.plan
    who = world.orders.assignment.customers
    return {
        "opportunities": opportunity_table(
            stream(seed, "pipeline details"), timeline, partners, world.people, world.deals,
            list(customers["name"]), list(customers["code"]),
        ),
        "stages": stage_table(stream(seed, "stages"), timeline, world.deals),
        "registrations": registration_table(
            stream(seed, "registrations"), timeline, partners, plan, who, world.deals
        ),
        "activities": activity_table(
            stream(seed, "activities"), timeline, partners, world.people, plan, who, world.deals
        ),
        "certifications": certification_table(
            stream(seed, "certifications"), timeline, partners, plan
        ),
        "claims": claim_table(stream(seed, "claims"), timeline, partners, plan),
        "warehouses": warehouse_table(partners),
        "inventory": inventory_table(timeline, partners, world.shelves, world.head_office),
        "sell_through": sell_through_table(timeline, partners, world.shelves),
    }  # fmt: skip


def _market_tables(world: World) -> dict[str, pd.DataFrame]:
    seed = world.seed
    notices = make_notices(stream(seed, "tenders"), world.timeline, world.partners, world.plan)
    pages = (
        *world.pages,
        *(notice_page(notice, number) for number, notice in enumerate(notices, 1)),
    )
    return {
        "macro": macro_table(stream(seed, "macro"), world.timeline, world.demand),
        "competitor_events": world.competitor_events.table,
        "documents": document_table(stream(seed, "documents"), pages),
        "tenders": tender_table(notices, document_ids(len(pages))[len(world.pages) :]),
    }


def make_tables(world: World) -> dict[str, pd.DataFrame]:
    """Every table of the layouts, under the names that they use."""
    who = world.orders.assignment.customers
    customers = customer_table(stream(world.seed, "customer details"), who)
    return {
        "customers": customers,
        **_master_tables(world),
        **_sales_tables(world, customers),
        **_partner_work_tables(world, customers),
        **_market_tables(world),
    }
