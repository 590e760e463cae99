"""A tiny channel whose every figure can be worked out in the head.

Today is 2013-11-29. Orders (amount, cost; partner, region, seller, day):

    O1  100  60   Alpha (P1)  华东  Ann  2013-01-10   lines: 60/30 of 云, 40/30 of 盒
    O2  200  120  Beta        华南  Bob  2013-02-10   one line of 云
    O3   50  ?    Alpha (P1)  华东  Ann  2013-10-05   one line of 盒, cost unknown
    O4   30  10   Alpha (P4)  华东  Bob  2013-11-29   one line without product
    O5   80  40   Gamma       -     -    2012-10-20   one line of 云
    O6   20  10   Alpha (P1)  华东  Ann  2012-12-20   one line of 云

Delta (P5, 华南) never ordered. Two partners are called Alpha.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from knowledge.warehouse.snapshot import Snapshot
from tests.knowledge.semantic.build import Row, publish_rows

AS_OF = date(2013, 11, 29)
EAST, SOUTH = 1, 2


def shop_rows() -> dict[str, list[Row]]:
    """The canonical rows of the shop (new ones on each call)."""
    return {
        "region": [
            {"id": EAST, "name": "华东", "country": "中国", "group_name": "沿海"},
            {"id": SOUTH, "name": "华南", "country": "中国", "group_name": "沿海"},
        ],
        "territory": [
            {"id": 1, "name": "江苏", "region_id": EAST},
            {"id": 2, "name": "广东", "region_id": SOUTH},
        ],
        "partner": [
            _partner(1, "Alpha", "金牌", EAST, short_name="阿法"),
            _partner(2, "Beta", "银牌", SOUTH),
            _partner(3, "Gamma", None, None),
            _partner(4, "Alpha", "金牌", EAST),
            _partner(5, "Delta", "银牌", SOUTH),
        ],
        "product": [
            {"id": 1, "name": "云", "sku": "S1", "category": "软件", "line": "财务云"},
            {"id": 2, "name": "盒", "sku": "S2", "category": "硬件", "line": "HR"},
        ],
        "salesperson": [
            {"id": 1, "name": "Ann", "manager": "王"},
            {"id": 2, "name": "Bob", "manager": "李"},
        ],
        "sales_order": [
            _order(1, date(2013, 1, 10), 1, EAST, 1),
            _order(2, date(2013, 2, 10), 2, SOUTH, 2),
            _order(3, date(2013, 10, 5), 1, EAST, 1),
            _order(4, date(2013, 11, 29), 4, EAST, 2),
            _order(5, date(2012, 10, 20), 3, None, None),
            _order(6, date(2012, 12, 20), 1, EAST, 1),
        ],
        "order_line": [
            _line(1, 1, 60, 30, product_id=1),
            _line(2, 1, 40, 30, product_id=2),
            _line(3, 2, 200, 120, product_id=1),
            _line(4, 3, 50, None, product_id=2),
            _line(5, 4, 30, 10, product_id=None),
            _line(6, 5, 80, 40, product_id=1),
            _line(7, 6, 20, 10, product_id=1),
        ],
    }


def _partner(number: int, name: str, tier: str | None, region: int | None, **more: Any) -> Row:
    return {
        "id": number,
        "ext_id": f"P{number}",
        "name": name,
        "tier": tier,
        "region_id": region,
        "territory_id": region,
        **more,
    }


def _order(number: int, day: date, partner: int, region: int | None, seller: int | None) -> Row:
    return {
        "id": number,
        "order_no": f"O{number}",
        "order_date": day,
        "partner_id": partner,
        "region_id": region,
        "salesperson_id": seller,
        "order_type": "新签",
    }


def _line(number: int, order: int, amount: int, cost: int | None, **more: Any) -> Row:
    return {
        "id": number,
        "order_id": order,
        "line_no": str(number),
        "quantity": Decimal(2),
        "amount": Decimal(amount),
        "cost_amount": None if cost is None else Decimal(cost),
        **more,
    }


def publish_shop(**changed: list[Row]) -> Snapshot:
    """Publish the shop, with the given tables added or replaced."""
    folder = Path(mkdtemp(prefix="leadline-shop-")) / "000001"
    return publish_rows(folder, shop_rows() | changed, as_of=AS_OF)


@cache
def shop() -> Snapshot:
    """The shop as it is described above."""
    return publish_shop()
