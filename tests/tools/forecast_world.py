"""A channel that sells by the calendar: what its next months bring can be told by hand.

Today is 2026-10-20: October is under way. Sales are on the fifth of each month from January 2024
on. A partner buys its base times 2 in December and times 1 in all other months:

    partner     region   category   base    from
    甲          华东     软件       1,000   2024-01
    乙          华东     硬件       2,000   2024-01
    丙          华南     软件       3,000   2024-01
    丁          华南     硬件       4,000   2026-08

Whole months end with September 2026. 软件 costs 10 a piece, 硬件 100.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from knowledge.semantic.model import load_model
from knowledge.warehouse.derived import DerivedStore
from knowledge.warehouse.snapshot import Snapshot
from leadline.access import EVERYTHING, Scope
from tests.knowledge.semantic.build import Row, publish_rows
from tools.definition import ToolContext

AS_OF = date(2026, 10, 20)
REGION = {1: "华东", 2: "华南"}
PARTNER = {
    1: ("甲", 1, 1, 1000),
    2: ("乙", 1, 2, 2000),
    3: ("丙", 2, 1, 3000),
    4: ("丁", 2, 2, 4000),
}
"""id → name, region, product, base."""
NEW = 4
CATEGORY = {1: "软件", 2: "硬件"}
PRICE = {1: 10, 2: 100}
EAST = Scope(regions=frozenset({"华东"}))
FIRST = Scope(partners=frozenset({"甲"}))


def amount_of(partner: int, year: int, month: int) -> int:
    """What a partner buys in a month."""
    if partner == NEW and (year, month) < (2026, 8):
        return 0
    return PARTNER[partner][3] * (2 if month == 12 else 1)


def _months() -> list[tuple[int, int]]:
    return [(2024 + at // 12, at % 12 + 1) for at in range(34)]


def _rows() -> dict[str, list[Row]]:
    orders: list[Row] = []
    lines: list[Row] = []
    for partner, (_, region, product, _) in PARTNER.items():
        for at, (year, month) in enumerate(_months()):
            amount = amount_of(partner, year, month)
            if not amount:
                continue
            key = partner * 1000 + at
            where = {"partner_id": partner, "region_id": region}
            orders.append(
                {"id": key, "order_no": f"O{key}", "order_date": date(year, month, 5), **where}
            )
            line = {"id": key, "order_id": key, "line_no": "1", "product_id": product}
            units = Decimal(amount) / PRICE[product]
            lines.append({**line, "quantity": units, "amount": Decimal(amount)})
    return {
        "region": [{"id": key, "name": name} for key, name in REGION.items()],
        "partner": [
            {"id": key, "ext_id": f"P{key}", "name": name, "region_id": region}
            for key, (name, region, _, _) in PARTNER.items()
        ],
        "product": [
            {"id": key, "ext_id": f"S{key}", "name": f"产品{key}", "category": name}
            for key, name in CATEGORY.items()
        ],
        "sales_order": orders,
        "order_line": lines,
    }


@cache
def folder() -> Path:
    """Where the snapshot and its derived tables are, made once per process."""
    return Path(mkdtemp(prefix="leadline-forecasts-"))


@cache
def snapshot() -> Snapshot:
    """The published channel."""
    return publish_rows(folder() / "000001", _rows(), as_of=AS_OF)


def world(scope: Scope = EVERYTHING) -> ToolContext:
    """What a tool runs on; tables are computed once per process."""
    return ToolContext(snapshot(), scope, load_model(), derived=DerivedStore(folder() / "derived"))
