"""What was planted, in words a scorer can use: ids, dates, magnitudes.

Days and indices of the simulation become dates and codes here. The figures of an event (units,
amounts, shares) are measured on the finished data, not taken from the plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from evals.world.demand import MACRO_LEAD_MONTHS
from evals.world.faults import BadRow
from evals.world.geography import PROVINCES, REGIONS
from evals.world.market import AGGRESSOR, CLIMATE
from evals.world.partners import ARCHETYPES, NEW, ambiguous_short_names
from evals.world.planting import (
    COOLING_DAYS,
    ELASTICITY,
    FADE_DAYS,
    Diversion,
    LineEffect,
    Stuffing,
)
from evals.world.products import (
    CUT,
    CUT_SKU,
    HARDWARE,
    IS_HARDWARE,
    LAUNCHED,
    LAUNCHED_SKU,
    LINES,
    PRICE_CENTS,
    PRODUCTS,
    SKUS,
)
from evals.world.stock import HEAD_OFFICE
from evals.world.timeline import CHINESE_NEW_YEAR, QUARTER_END_DAYS, Ints
from evals.world.world import World

Truth = dict[str, Any]
"""JSON: what it may hold depends on the kind of event; see docs/how-to/simulated-channel.md."""


def make_truth(
    world: World,
    tables: Mapping[str, pd.DataFrame],
    rows: dict[str, int],
    bad_rows: list[BadRow],
    scale: float,
) -> Truth:
    """The whole of `truth.json`."""
    timeline = world.timeline
    truth: Truth = {
        "format": 1,
        "seed": world.seed,
        "scale": scale,
        "months": timeline.months,
        "start": str(timeline.start),
        "end": str(timeline.end),
        "as_of": str(timeline.end),
        "rows": rows,
        "bad_rows": [row.as_dict() for row in bad_rows],
        "totals": _totals(world),
        "season": _season(world),
        "partners": _partner_entries(world),
        "ambiguous_short_names": ambiguous_short_names(world.partners),
        "churners": _churners(world),
        "lulls": _lulls(world),
        "stuffing": [_stuffing(world, n, e) for n, e in _episodes(world, genuine=False)],
        "genuine_spikes": [_stuffing(world, n, e) for n, e in _episodes(world, genuine=True)],
        "diversion": [_diversion(world, n, c) for n, c in _cases(world, approved=False)],
        "national_accounts": [_diversion(world, n, c) for n, c in _cases(world, approved=True)],
        "hot_spots": [_effect(world, effect) for effect in world.plan.hot_spots],
        "decline": _decline(world, tables),
        "launch": _launch(world),
        "price_cut": _price_cut(world),
        "promotions": _promotions(world),
        "macro": {"series": CLIMATE, "lead_months": MACRO_LEAD_MONTHS, "slope_log_per_point": 0.01},
        "stock": _stock(world),
        "documents": _documents(world),
    }
    truth["events"] = _events(truth)
    return truth


def _launch(world: World) -> Truth:
    return {
        "sku": LAUNCHED_SKU,
        "line": PRODUCTS[LAUNCHED].line,
        "date": _day(world, world.plan.launch_day),
        "campaign": "PMNEW01",
    }


def _price_cut(world: World) -> Truth:
    return {
        "sku": CUT_SKU,
        "date": _day(world, world.plan.cut_day),
        "old_price": int(PRICE_CENTS[CUT]) / 100,
        "new_price": world.plan.cut_price_cents / 100,
        "volume_factor": round((1 - world.plan.cut_share) ** -ELASTICITY, 4),
    }


def _promotions(world: World) -> list[Truth]:
    return [
        {
            "code": campaign.code,
            "name": campaign.name,
            "lines": [LINES[line] for line in campaign.lines],
            "start": _day(world, campaign.first),
            "end": _day(world, campaign.last),
            "uplift": campaign.uplift,
        }
        for campaign in world.campaigns
    ]


def planted_counts(truth: Truth) -> dict[str, int]:
    """How many events of each kind a truth holds."""
    kinds = (
        "churners", "lulls", "stuffing", "genuine_spikes", "diversion", "national_accounts",
        "hot_spots", "promotions",
    )  # fmt: skip
    return {kind: len(truth[kind]) for kind in kinds} | {"decline": 1, "launch": 1, "price_cut": 1}


def _day(world: World, day: int) -> str:
    return str(world.timeline.date_of(day))


def _code(world: World, partner: int) -> str:
    return world.partners.codes[partner]


def _region(world: World, partner: int) -> str:
    return REGIONS[int(world.partners.places.region[partner])].name


def _yuan(cents: int) -> float:
    return int(cents) / 100


def _totals(world: World) -> Truth:
    lines = world.lines
    return {
        "orders": world.orders.count,
        "order_lines": len(lines.order),
        "partners": world.partners.count,
        "customers": world.orders.assignment.customers.count,
        "opportunities": world.deals.count,
        "amount": f"{_yuan(lines.money.amount.sum()):.2f}",
        "quantity": int(lines.quantity.sum()),
    }


def _season(world: World) -> Truth:
    """Expected ordering per month over the mean; new years with the months that they dent."""
    timeline = world.timeline
    weight = timeline.month_weight()
    names = [f"{timeline.month_start(month):%Y-%m}" for month in range(timeline.months)]
    festivals = [day for day in CHINESE_NEW_YEAR if timeline.start < day <= timeline.end]
    quiet = [
        {
            "first_day": str(day),
            "quiet_from": str(timeline.date_of(timeline.day_of(day) - 8)),
            "quiet_to": str(timeline.date_of(timeline.day_of(day) + 15)),
            "month": f"{timeline.date_of(timeline.day_of(day) + 4):%Y-%m}",
        }
        for day in festivals
    ]
    return {
        "month_weight": dict(zip(names, weight.round(4).tolist(), strict=True)),
        "chinese_new_year": quiet,
        "quarter_end_days": QUARTER_END_DAYS,
    }


def _partner_entries(world: World) -> Truth:
    partners, plan, days = world.partners, world.plan, world.timeline.days
    return {
        code: {
            "archetype": ARCHETYPES[int(partners.archetype[index])],
            "enough_history": bool(partners.archetype[index] != NEW),
            "region": _region(world, index),
            "territory": PROVINCES[int(partners.places.province[index])].name,
            "stocking": bool(partners.stocking[index]),
            "left": bool(plan.leaves[index] < days),
            "leaving": bool(days <= plan.leaves[index] < days + 365),
        }
        for index, code in enumerate(partners.codes)
    }


def _churners(world: World) -> list[Truth]:
    """Those who left, and (`left` false) those who are about to within 90 days of the end."""
    orders, found = world.orders, []
    for index, day in enumerate(world.plan.leaves.tolist()):
        if day > world.timeline.days + 365:
            continue
        mine = orders.day[orders.partner == index]
        found.append(
            {
                "partner": _code(world, index),
                "region": _region(world, index),
                "left": bool(day < world.timeline.days),
                "date": _day(world, day),
                "last_order_on": _day(world, mine.max()) if len(mine) else None,
                "fades_from": _day(world, day - FADE_DAYS),
                "cools_from": _day(world, day - COOLING_DAYS),
            }
        )
    return found


def _lulls(world: World) -> list[Truth]:
    return [
        {
            "partner": _code(world, lull.partner),
            "region": _region(world, lull.partner),
            "start": _day(world, lull.first),
            "end": _day(world, lull.last),
        }
        for lull in world.plan.lulls
    ]


def _episodes(world: World, *, genuine: bool) -> list[tuple[int, Stuffing]]:
    return [(n, e) for n, e in enumerate(world.plan.stuffing) if e.genuine == genuine]


def _stuffing(world: World, number: int, episode: Stuffing) -> Truth:
    """One episode, measured: hardware units of the quarter, and of its last ten days."""
    orders, lines, quarter = world.orders, world.lines, episode.quarter
    planted = np.flatnonzero(orders.episode == number)
    of_planted = orders.episode[lines.order] == number
    mine = (orders.partner[lines.order] == episode.partner) & IS_HARDWARE[lines.product]
    day = orders.day[lines.order]
    inside = mine & (day >= quarter.first) & (day <= quarter.last)
    late = inside & (day > quarter.last - QUARTER_END_DAYS)
    units = lines.quantity
    back = of_planted[world.returns.line]
    return {
        "partner": _code(world, episode.partner),
        "region": _region(world, episode.partner),
        "quarter": quarter.label,
        "start": _day(world, quarter.last - QUARTER_END_DAYS + 1),
        "end": _day(world, quarter.last),
        "orders": [orders.number[row] for row in planted.tolist()],
        "extra_units": int(units[of_planted].sum()),
        "extra_amount": _yuan(lines.money.amount[of_planted].sum()),
        "factor": round(episode.factor, 3),
        "late_unit_share": round(float(units[late].sum() / max(units[inside].sum(), 1)), 4),
        "returned_units": int(world.returns.quantity[back].sum()),
    }


def _cases(world: World, *, approved: bool) -> list[tuple[int, Diversion]]:
    return [(n, c) for n, c in enumerate(world.plan.diversion) if c.approved == approved]


def _diversion(world: World, number: int, case: Diversion) -> Truth:
    orders = world.orders
    who = orders.assignment
    rows = np.flatnonzero(who.case == number)
    inside = (orders.partner == case.partner) & (orders.day >= case.first)
    inside &= (orders.day <= case.last) & ~orders.stock
    customers: Ints = np.unique(who.customer[rows])
    others = customers[who.customers.partner[customers] != case.partner]
    return {
        "partner": _code(world, case.partner),
        "region": _region(world, case.partner),
        "target_region": REGIONS[case.target_region].name,
        "start": _day(world, case.first),
        "end": _day(world, case.last),
        "orders": [orders.number[row] for row in rows.tolist()],
        "share_of_orders": round(len(rows) / max(int(inside.sum()), 1), 4),
        "customers": who.customers.code(customers),
        "shared_customers": who.customers.code(others),
    }


def _effect(world: World, effect: LineEffect) -> Truth:
    timeline = world.timeline
    return {
        "region": REGIONS[effect.region].name,
        "territory": None if effect.province is None else PROVINCES[effect.province].name,
        "line": LINES[effect.line],
        "start": str(timeline.month_start(effect.first_month)),
        "end": _day(world, int(timeline.month_first[effect.last_month + 1]) - 1),
        "factor": round(effect.factor, 3),
    }


def _decline(world: World, tables: Mapping[str, pd.DataFrame]) -> Truth:
    documents = tables["documents"]
    urls = [page.url for page in world.pages if page.about == "decline"]
    return {
        "region": REGIONS[world.plan.decline[0].region].name,
        "start": _effect(world, world.plan.decline[0])["start"],
        "lines": {LINES[e.line]: round(e.factor, 3) for e in world.plan.decline},
        "cause": {
            "competitor": AGGRESSOR,
            "event": world.competitor_events.cause,
            "date": _day(world, world.plan.decline_announced),
            "documents": documents.loc[documents["url"].isin(urls), "document_no"].tolist(),
        },
    }


def _stock(world: World) -> Truth:
    boxes = np.flatnonzero(IS_HARDWARE)

    def entry(place: tuple[int, int]) -> Truth:
        return {"warehouse": HEAD_OFFICE[place[0]][0], "sku": SKUS[int(boxes[place[1]])]}

    return {
        "line": LINES[HARDWARE],
        "overstocked": entry(world.head_office.overstocked),
        "short": entry(world.head_office.short),
    }


def _documents(world: World) -> dict[str, list[str]]:
    about: dict[str, list[str]] = {}
    for page in world.pages:
        if page.about is not None:
            about.setdefault(page.about, []).append(page.url)
    return about


def _events(truth: Truth) -> list[Truth]:
    """The dated events in order, each with its region (None: everywhere): what a brief may tell."""
    events: list[Truth] = []

    def add(kind: str, date: str, region: str | None, subject: str) -> None:
        events.append({"kind": kind, "date": date, "region": region, "subject": subject})

    for entry in truth["churners"]:
        if entry["left"]:
            add("churn", entry["date"], entry["region"], entry["partner"])
    for entry in truth["stuffing"]:
        add("stuffing", entry["end"], entry["region"], entry["partner"])
    for entry in truth["diversion"]:
        add("diversion", entry["start"], entry["region"], entry["partner"])
    for entry in truth["hot_spots"]:
        add("hot_spot", entry["start"], entry["region"], f"{entry['territory']} {entry['line']}")
    decline = truth["decline"]
    add("competitor_price_cut", decline["cause"]["date"], decline["region"], AGGRESSOR)
    add("decline", decline["start"], decline["region"], "、".join(decline["lines"]))
    add("launch", truth["launch"]["date"], None, LAUNCHED_SKU)
    add("price_cut", truth["price_cut"]["date"], None, CUT_SKU)
    return sorted(events, key=lambda event: (event["date"], event["kind"], event["subject"]))
