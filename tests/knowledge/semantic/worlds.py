"""Small random channels for property tests: every fact, with nulls, shared names, negative lines.

A world is made from a seed and kept for the test run, so that hypothesis varies the question, not
the files. Dates run from November 2022 to March 2024: year ends, a leap day, half-filled periods.
"""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from knowledge.warehouse.snapshot import Snapshot
from tests.knowledge.semantic.build import Row, enrich, publish_rows

FIRST = date(2022, 11, 1)
LAST = date(2024, 3, 20)
WORLDS = 6


class World:
    """A published snapshot and, for the oracle, the rows that are in it.

    No dataclass: hypothesis would print every row of a failing example.
    """

    def __init__(self, seed: int, snapshot: Snapshot, rows: dict[str, list[Row]]) -> None:
        self.seed, self.snapshot, self.rows = seed, snapshot, rows
        self.as_of = snapshot.as_of

    def __repr__(self) -> str:
        return f"world({self.seed})"


@cache
def world(seed: int) -> World:
    """World number `seed`, published once per process."""
    random = Random(seed)  # noqa: S311 - test data, no secret
    tables = _tables(random)
    as_of = max((line["order_date"] for line in tables["sales_order"]), default=LAST)
    folder = Path(tempfile.mkdtemp(prefix="leadline-world-")) / f"{seed:06d}"
    snapshot = publish_rows(folder, tables, as_of=as_of, number=seed)
    return World(seed, snapshot, enrich(tables))


def _money(random: Random, low: int = -50, high: int = 2000) -> Decimal:
    return Decimal(random.randint(low * 10_000, high * 10_000)).scaleb(-4)


def _day(random: Random, last: date = LAST) -> date:
    return FIRST + timedelta(days=random.randint(0, (last - FIRST).days))


def _maybe(random: Random, value: Any, missing: float = 0.15) -> Any:
    return None if random.random() < missing else value


def _tables(random: Random) -> dict[str, list[Row]]:
    regions = [
        {
            "id": i,
            "name": name,
            "country": _maybe(random, random.choice(["中国", "Canada"])),
            "group_name": _maybe(random, random.choice(["南方", "北方"])),
        }
        for i, name in enumerate(["华东", "华南", "West", "Central"][: random.randint(2, 4)], 1)
    ]
    some = [region["id"] for region in regions]
    territories = [
        {"id": i, "name": f"省{i}", "region_id": _maybe(random, random.choice(some))}
        for i in range(1, random.randint(2, 5))
    ]
    homes = [territory["id"] for territory in territories]
    partners = [
        {
            "id": i,
            # two partners may share a name
            "name": random.choice(["Alpha", "Beta", f"伙伴{i}", f"伙伴{i}"]),
            "ext_id": f"P{i}",
            "type": _maybe(random, random.choice(["代理", "直营"])),
            "tier": _maybe(random, random.choice(["金牌", "银牌"])),
            "region_id": _maybe(random, random.choice(some), 0.4),
            "territory_id": _maybe(random, random.choice(homes)),
            "city": random.choice(["苏州", "宁波"]),
            "joined_on": _maybe(random, _day(random)),
        }
        for i in range(1, random.randint(4, 9))
    ]
    products = [
        {
            "id": i,
            "name": f"产品{i}",
            "sku": f"S{i}",
            "category": random.choice(["软件", "硬件"]),
            "line": _maybe(random, random.choice(["财务云", "HR"])),
        }
        for i in range(1, random.randint(3, 7))
    ]
    customers = [
        {"id": i, "name": f"客户{i}", "industry": _maybe(random, random.choice(["制造", "零售"]))}
        for i in range(1, 5)
    ]
    salespeople = [
        {
            "id": i,
            "name": f"Seller {i}",
            "manager": random.choice(["王", "李"]),
            "region_id": _maybe(random, random.choice(some)),
        }
        for i in range(1, 4)
    ]
    ids = {
        "region": some,
        "territory": homes,
        "partner": [p["id"] for p in partners],
        "product": [p["id"] for p in products],
        "customer": [c["id"] for c in customers],
        "salesperson": [s["id"] for s in salespeople],
    }

    def ref(table: str, missing: float = 0.15) -> Any:
        return _maybe(random, random.choice(ids[table]), missing)

    orders = [
        {
            "id": i,
            "order_no": f"O{i}",
            "order_date": _day(random),
            "ship_date": _maybe(random, _day(random)),
            "partner_id": ref("partner"),
            "customer_id": ref("customer"),
            "salesperson_id": ref("salesperson"),
            "region_id": ref("region", 0.6),
            "territory_id": ref("territory", 0.6),
            "order_type": _maybe(random, random.choice(["新签", "续费"])),
            "currency": "CNY",
        }
        for i in range(1, random.randint(15, 45))
    ]
    lines = [
        {
            "id": i,
            "order_id": random.choice(orders)["id"],
            "line_no": str(i),
            "product_id": ref("product"),
            "quantity": Decimal(random.randint(0, 9)),
            "amount": _money(random),
            "list_amount": _maybe(random, _money(random, 0)),
            "discount_amount": _maybe(random, _money(random, 0, 90)),
            "cost_amount": _maybe(random, _money(random, 0)),
        }
        for i in range(1, random.randint(40, 120))
    ]
    return {
        "region": regions,
        "territory": territories,
        "partner": partners,
        "product": products,
        "customer": customers,
        "salesperson": salespeople,
        "sales_order": orders,
        "order_line": lines,
        **_other_facts(random, ref),
        "target": _targets(random, ids),
    }


def _other_facts(random: Random, ref: Any) -> dict[str, list[Row]]:
    place = lambda: {"partner_id": ref("partner"), "product_id": ref("product")}  # noqa: E731
    opportunities: list[Row] = []
    for i in range(1, random.randint(10, 40)):
        created = _day(random)
        outcome = random.choice(["open", "won", "lost"])
        closed = created + timedelta(days=random.randint(0, 90))
        opportunities.append(
            {
                "id": i,
                **place(),
                "customer_id": ref("customer"),
                "salesperson_id": ref("salesperson"),
                "region_id": ref("region", 0.5),
                "stage": random.choice(["报价", "谈判"]),
                "outcome": outcome,
                "created_on": _maybe(random, created),
                "closed_on": None if outcome == "open" else closed,
                "amount": _maybe(random, _money(random, 0)),
            }
        )
    return {
        "opportunity": opportunities,
        "payment": [
            {
                "id": i,
                "payment_no": f"Z{i}",
                "partner_id": ref("partner"),
                "paid_on": _day(random),
                "amount": _money(random, 0),
            }
            for i in range(1, random.randint(5, 40))
        ],
        "receivable": [
            {
                "id": i,
                "receivable_no": f"R{i}",
                "partner_id": ref("partner"),
                "booked_on": _day(random),
                "due_on": _maybe(random, _day(random) + timedelta(days=30)),
                "amount": Decimal(100),
                "open_amount": _maybe(random, _money(random, 0)),
            }
            for i in range(1, random.randint(5, 25))
        ],
        "sales_return": [
            {
                "id": i,
                "return_no": f"T{i}",
                "line_no": "1",
                **place(),
                "returned_on": _day(random),
                "quantity": Decimal(random.randint(1, 5)),
                "amount": _money(random, 0),
                "reason": random.choice(["质量", "换型"]),
            }
            for i in range(1, random.randint(3, 20))
        ],
        "deal_registration": [
            {
                "id": i,
                "reg_no": f"D{i}",
                **place(),
                "submitted_on": _day(random),
                "status": random.choice(["approved", "rejected", "pending", "驳回", "Approved"]),
                "conflict_of_id": _maybe(random, 1, 0.7),
                "amount": _maybe(random, _money(random, 0)),
            }
            for i in range(1, random.randint(3, 25))
        ],
        "activity": [
            {
                "id": i,
                "partner_id": ref("partner"),
                "kind": random.choice(["login", "visit"]),
                "happened_on": _day(random),
            }
            for i in range(1, random.randint(3, 40))
        ],
        "inventory_snapshot": _stock(random, ref),
        "tender": [
            {
                "id": i,
                "notice_type": random.choice(["招标", "中标"]),
                "territory_id": ref("territory", 0.2),
                "published_on": _day(random),
                "budget": _maybe(random, _money(random, 0)),
            }
            for i in range(1, random.randint(3, 20))
        ],
    }


def _stock(random: Random, ref: Any) -> list[Row]:
    """Counts on irregular days, as warehouses report them; some run past the as-of date."""
    days = sorted({_day(random, LAST + timedelta(days=40)) for _ in range(random.randint(2, 9))})
    rows = [
        {
            "snapshot_date": day,
            "product_id": ref("product", 0.05),
            "partner_id": ref("partner", 0.3),
            "units_balance": Decimal(random.randint(-3, 50)),
            "units_in": Decimal(random.randint(0, 9)),
            "unit_cost": _maybe(random, _money(random, 1, 40)),
        }
        for day in days
        for _ in range(random.randint(1, 8))
    ]
    return [{"id": i, **row} for i, row in enumerate(rows, 1)]


def _targets(random: Random, ids: dict[str, list[int]]) -> list[Row]:
    """Targets at several levels and grains at once, so that adding them all up would be wrong."""
    months = [date(2022 + (10 + i) // 12, (10 + i) % 12 + 1, 1) for i in range(18)]
    quarters = [day for day in months if day.month % 3 == 1]
    rows: list[Row] = []

    def add(measure: str, days: list[date], grain: str, **holder: Any) -> None:
        rows.extend(
            {
                "measure": measure,
                "period_start": day,
                "grain": grain,
                "amount": _money(random, 0, 900),
                **holder,
            }
            for day in days
            if random.random() < 0.7
        )

    for region in ids["region"]:
        add("amount", months, "month", region_id=region)
    if random.random() < 0.5:
        add("amount", quarters, "quarter", region_id=ids["region"][0])
    for partner in ids["partner"][:4]:
        add("amount", quarters, "quarter", partner_id=partner)
        add("payment", months, "month", partner_id=partner)
    for seller in ids["salesperson"]:
        add("amount", months, "month", salesperson_id=seller)
    if random.random() < 0.5:
        add("amount", [date(2023, 1, 1), date(2024, 1, 1)], "year")
    return [{"id": i, **row} for i, row in enumerate(rows, 1)]
