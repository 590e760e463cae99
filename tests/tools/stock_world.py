"""A channel with two warehouses of head office and one shelf of a partner, counted weekly.

Twenty Saturdays end with 2025-11-01, on which the newest order was placed, too.

- 上海仓 (华东): 200 boxes of 网关, two leave a week and two come: far too many.
- 广州仓 (华南): 网关 runs empty every other week, when only 3 come and 8 leave; in other weeks
  15 come, 10 leave and 5 are left, as now. So 10 a week are wanted.
- 上海仓: 终端 is steady: 60 on hand, ten leave, ten come.
- 恒信库房 (华东, partner 恒信): 终端, 30 on hand, 5 a week leave; 12 are ordered, not shipped yet.

A 网关 costs 100 and sells for 160, a 终端 costs 50 and sells for 80.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from knowledge.semantic.model import load_model
from knowledge.warehouse.snapshot import Snapshot
from leadline.access import EVERYTHING, Scope
from tests.knowledge.semantic.build import Row, publish_rows
from tools.definition import ToolContext

AS_OF = date(2025, 11, 1)
WEEKS = 20
DAYS = [AS_OF - timedelta(weeks=WEEKS - 1 - i) for i in range(WEEKS)]
EAST = Scope(regions=frozenset({"华东"}))
SOUTH = Scope(regions=frozenset({"华南"}))
NORTH = Scope(regions=frozenset({"华北"}))
GATEWAY, TERMINAL = "网关", "终端"


def _count(
    place: int, product: int, region: int, at: int, units: tuple[int, int, int], holder: int | None
) -> Row:
    balance, came, left = units
    return {
        "id": place * 10_000 + product * 1_000 + at,
        "ext_id": f"{place}-{product}-{at}",
        "snapshot_date": DAYS[at],
        "warehouse_id": place,
        "product_id": product,
        "partner_id": holder,
        "region_id": region,
        "units_balance": Decimal(balance),
        "units_in": Decimal(came),
        "units_out": Decimal(left),
        "unit_cost": Decimal(100 if product == 1 else 50),
    }


def _stock() -> list[Row]:
    found: list[Row] = []
    for at in range(WEEKS):
        found.append(_count(1, 1, 1, at, (200, 2, 2), None))
        # even weeks end empty; the newest, an odd one, ends with five
        odd = at % 2 == 1
        found.append(_count(2, 1, 2, at, (5, 15, 10) if odd else (0, 3, 8), None))
        found.append(_count(1, 2, 1, at, (60, 10, 10), None))
        found.append(_count(3, 2, 1, at, (30, 5, 5), 1))
    return found


def _orders() -> tuple[list[Row], list[Row]]:
    """Thirty lines shipped four days after they were ordered, and one of today that is not."""
    headers, lines = [], []
    for at in range(31):
        day = AS_OF if at == 30 else AS_OF - timedelta(days=10 + at)
        shipped = None if at == 30 else day + timedelta(days=4)
        headers.append(
            {
                "id": at + 1,
                "ext_id": f"S{at}",
                "order_no": f"S{at}",
                "order_date": day,
                "ship_date": shipped,
                "partner_id": 1,
                "region_id": 1,
                "currency": "CNY",
            }
        )
        lines.append(
            {
                "id": at + 1,
                "ext_id": f"S{at}-1",
                "order_id": at + 1,
                "line_no": "1",
                "product_id": 2,
                "quantity": Decimal(12 if at == 30 else 5),
                "amount": Decimal(960),
            }
        )
    return headers, lines


@cache
def stock_snapshot() -> Snapshot:
    """The snapshot, published once."""
    headers, lines = _orders()
    tables = {
        "region": [
            {"id": i, "ext_id": n, "name": n} for i, n in enumerate(("华东", "华南", "华北"), 1)
        ],
        "partner": [
            {"id": 1, "ext_id": "P1", "name": "恒信", "region_id": 1, "joined_on": DAYS[0]}
        ],
        "product": [
            {
                "id": 1,
                "ext_id": "B1",
                "name": GATEWAY,
                "list_price": Decimal(160),
                "standard_cost": Decimal(100),
                "category": "硬件",
            },
            {
                "id": 2,
                "ext_id": "B2",
                "name": TERMINAL,
                "list_price": Decimal(80),
                "standard_cost": Decimal(50),
                "category": "硬件",
            },
        ],
        "warehouse": [
            {"id": 1, "ext_id": "W1", "name": "上海仓", "region_id": 1},
            {"id": 2, "ext_id": "W2", "name": "广州仓", "region_id": 2},
            {"id": 3, "ext_id": "W3", "name": "恒信库房", "region_id": 1, "partner_id": 1},
        ],
        "inventory_snapshot": _stock(),
        "sales_order": headers,
        "order_line": lines,
    }
    return publish_rows(Path(mkdtemp(prefix="stock-")), tables, as_of=AS_OF)


def context(scope: Scope = EVERYTHING) -> ToolContext:
    """The tools' context on this channel."""
    return ToolContext(stock_snapshot(), scope, load_model())
