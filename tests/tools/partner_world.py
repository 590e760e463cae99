"""A channel with enough of everything for scores: twelve partners, two regions, 26 months.

Today is 2026-10-31. Partner n (of 12) buys n × 1,000 a month, the odd ones in 华东, the even ones
in 华南; partner 1 stopped after 2026-04. All pay on the due day but partner 2, who is 20 days late.
Partner n creates n opportunities a quarter, of which every other one is won.
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

AS_OF = date(2026, 10, 31)
PARTNERS = range(1, 13)
STOPPED = 1
LATE = 2


def months() -> list[date]:
    """The fifth of each of the 26 months up to October 2026."""
    return [date(2024 + (8 + at) // 12, (8 + at) % 12 + 1, 5) for at in range(26)]


def _rows() -> dict[str, list[Row]]:
    orders: list[Row] = []
    lines: list[Row] = []
    owed: list[Row] = []
    paid: list[Row] = []
    for number in PARTNERS:
        for at, day in enumerate(months()):
            if number == STOPPED and day > date(2026, 5, 1):
                continue
            key, amount = number * 100 + at, Decimal(1000 * number)
            due = day + timedelta(days=30)
            late = timedelta(days=20 if number == LATE else 0)
            where = {"partner_id": number, "region_id": 1 + (number + 1) % 2}
            orders.append({"id": key, "order_no": f"O{key}", "order_date": day, **where})
            line = {"id": key, "order_id": key, "line_no": "1", "quantity": Decimal(1)}
            lines.append({**line, "amount": amount, "cost_amount": amount / 2})
            is_paid = due + late <= AS_OF
            booked = {"id": key, "receivable_no": f"A{key}", "booked_on": day, "due_on": due}
            still = Decimal(0) if is_paid else amount
            owed.append(
                {**booked, "order_id": key, "amount": amount, "open_amount": still, **where}
            )
            if is_paid:
                money = {"id": key, "payment_no": f"P{key}", "paid_on": due + late}
                paid.append({**money, "order_id": key, "amount": amount, **where})
    return {
        "sales_order": orders,
        "order_line": lines,
        "receivable": owed,
        "payment": paid,
        "opportunity": _deals(),
    }


def _deals() -> list[Row]:
    deals: list[Row] = []
    for number in PARTNERS:
        for quarter in range(8):
            start = date(2024 + (10 + 3 * quarter) // 12, (10 + 3 * quarter) % 12 + 1, 10)
            for at in range(number):
                key = number * 10_000 + quarter * 100 + at
                closed = start + timedelta(days=40)
                deal: Row = {"id": key, "name": f"D{key}", "partner_id": number, "stage": "x"}
                outcome = "won" if at % 2 else "lost"
                deal |= {"created_on": start, "closed_on": closed, "outcome": outcome}
                deals.append({**deal, "amount": Decimal(500), "region_id": 1 + (number + 1) % 2})
    return deals


@cache
def world(scope: Scope = EVERYTHING) -> ToolContext:
    """What a tool runs on; the snapshot is written once per process."""
    return ToolContext(_snapshot(), scope, load_model())


@cache
def _snapshot() -> Snapshot:
    regions: list[Row] = [{"id": 1, "name": "华东"}, {"id": 2, "name": "华南"}]
    partners: list[Row] = [
        {
            "id": number,
            "ext_id": f"P{number:02d}",
            "name": f"伙伴{number:02d}",
            "type": "代理商",
            "region_id": 1 + (number + 1) % 2,
            "joined_on": date(2020, 1, 1),
        }
        for number in PARTNERS
    ]
    folder = Path(mkdtemp(prefix="leadline-partners-")) / "000001"
    rows = {"region": regions, "partner": partners, **_rows()}
    return publish_rows(folder, rows, as_of=AS_OF)
