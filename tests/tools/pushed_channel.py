"""A small channel in which one partner is stuffed, one diverts, and one region falls.

Two years of months end with 2025-09-30. Every partner buys 10 boxes (product 1) on the tenth of
each month, sells 10 on, and keeps 10.

- 甲 (华东) takes 60 more on 2025-03-28 with 90 days to pay, and nothing in the next quarter; 12
  come back, 65 lie on the shelf until July.
- 乙 (华南) sells six orders of software (product 2) to customer 三 of 华北 below the floor price,
  unregistered, monthly from April 2025; 丁 serves that customer.
- 丙 and 丁 (华北) do nothing out of the ordinary until July 2025, when their boxes fall to a
  third.
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

AS_OF = date(2025, 9, 30)
MONTHS = [date(2023 + (9 + i) // 12, (9 + i) % 12 + 1, 1) for i in range(24)]
"""October 2023 to September 2025."""
PARTNERS = {1: ("甲", 1), 2: ("乙", 2), 3: ("丙", 3), 4: ("丁", 3)}
PUSHED = date(2025, 3, 28)
THIN = (date(2025, 4, 1), date(2025, 6, 30))
FALL = date(2025, 7, 1)
AWAY_FROM = date(2025, 4, 15)


def _orders() -> list[tuple[date, int, int | None, int, int, int]]:
    """(day, partner, customer, product, units, amount in yuan)."""
    found: list[tuple[date, int, int | None, int, int, int]] = []
    for at, month in enumerate(MONTHS):
        day = month + timedelta(days=9)
        for partner, (_, region) in PARTNERS.items():
            if partner == 1 and THIN[0] <= day <= THIN[1]:
                continue
            units = 10
            # not every month is equal, and none strays by more than a few per cent
            amount = 10_000 + (at * 37 + partner * 11) % 7 * 100
            if region == 3 and day >= FALL:
                amount //= 3
            found.append((day, partner, None, 1, units, amount))
            found.append((day, partner, partner, 2, 1, 1_000))
    found.append((PUSHED, 1, None, 1, 60, 60_000))
    found += [(date(2025, 4 + step, 15), 2, 30, 2, 1, 400) for step in range(6)]
    found.append((date(2024, 5, 5), 4, 30, 2, 1, 1_000))
    return found


def _sales() -> dict[str, list[Row]]:
    orders, lines, receivables = [], [], []
    for number, (day, partner, customer, product, units, amount) in enumerate(_orders(), 1):
        orders.append(
            {
                "id": number,
                "order_no": f"O{number}",
                "order_date": day,
                "partner_id": partner,
                "customer_id": customer,
                "currency": "CNY",
            }
        )
        lines.append(
            {
                "id": number,
                "order_id": number,
                "line_no": "1",
                "product_id": product,
                "quantity": Decimal(units),
                "amount": Decimal(amount),
            }
        )
        receivables.append(
            {
                "id": number,
                "receivable_no": f"R{number}",
                "partner_id": partner,
                "order_id": number,
                "booked_on": day,
                "due_on": day + timedelta(days=90 if day == PUSHED else 30),
                "amount": Decimal(amount),
            }
        )
    return {"sales_order": orders, "order_line": lines, "receivable": receivables}


def _shelf() -> dict[str, list[Row]]:
    sold: list[Row] = []
    stock: list[Row] = []
    for partner in PARTNERS:
        for month in MONTHS:
            sold.append(
                {
                    "partner_id": partner,
                    "product_id": 1,
                    "period_start": month,
                    "grain": "month",
                    "quantity": Decimal(10),
                    "amount": Decimal(12_000),
                }
            )
            for day in (month + timedelta(days=5), month + timedelta(days=19)):
                pushed = partner == 1 and PUSHED < day <= date(2025, 7, 31)
                stock.append(
                    {
                        "snapshot_date": day,
                        "product_id": 1,
                        "partner_id": partner,
                        "units_balance": Decimal(65 if pushed else 10),
                    }
                )
    return {
        "sell_through": [{"id": i, **row} for i, row in enumerate(sold, 1)],
        "inventory_snapshot": [{"id": i, **row} for i, row in enumerate(stock, 1)],
    }


@cache
def snapshot(*without: str) -> Snapshot:
    """The channel's tables published, these left out."""
    tables: dict[str, list[Row]] = {
        "region": [{"id": i, "name": n} for i, n in ((1, "华东"), (2, "华南"), (3, "华北"))],
        "partner": [
            {"id": i, "ext_id": f"P{i}", "name": name, "region_id": region}
            for i, (name, region) in PARTNERS.items()
        ],
        "product": [
            {"id": 1, "sku": "B", "name": "盒子", "category": "硬件", "line": "智能硬件"},
            {"id": 2, "sku": "S", "name": "总账", "category": "软件", "line": "财务云"},
        ],
        "customer": [
            *({"id": i, "name": f"客户{n}", "region_id": r} for i, (n, r) in PARTNERS.items()),
            {"id": 30, "name": "客户三", "region_id": 3},
        ],
        "product_price": [
            {
                "id": 1,
                "product_id": 2,
                "price_list": "渠道底价",
                "price": Decimal(600),
                "valid_from": date(2023, 1, 1),
            }
        ],
        "deal_registration": [
            {
                "id": i,
                "reg_no": f"D{i}",
                "partner_id": i,
                "customer_id": i,
                "submitted_on": date(2023, 9, 1),
                "status": "已批准",
            }
            for i in PARTNERS
        ],
        "sales_return": [
            {
                "id": 1,
                "return_no": "T1",
                "line_no": "1",
                "partner_id": 1,
                "product_id": 1,
                "returned_on": date(2025, 5, 5),
                "quantity": Decimal(12),
                "amount": Decimal(12_000),
            }
        ],
        **_sales(),
        **_shelf(),
    }
    kept = {name: rows for name, rows in tables.items() if name not in without}
    folder = Path(mkdtemp(prefix="leadline-pushed-"))
    return publish_rows(folder / "000001", kept, as_of=AS_OF)


def context(*without: str, scope: Scope = EVERYTHING) -> ToolContext:
    """What the tools run on."""
    return ToolContext(snapshot(*without), scope, load_model())
