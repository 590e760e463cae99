"""What follows an order: delivery, invoice, receivable, payment, return."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evals.world.customers import NOBODY, ORDER_TYPES
from evals.world.geography import PROVINCES
from evals.world.orders import Lines, Orders
from evals.world.partners import Partners, People
from evals.world.planting import COOLING_DAYS, Plan
from evals.world.products import IS_HARDWARE, SKUS
from evals.world.shelves import Shelves
from evals.world.timeline import Floats, Ints, Timeline

_TERM_DAYS = np.array([60, 45, 45, 30])
"""Payment term by tier."""
_STUFFED_TERM_DAYS = 60
"""What a stuffed purchase is allowed on top."""
_METHODS = ("银行转账", "银行承兑汇票", "电子支付")
_RETURN_REASONS = ("质量问题", "型号不符", "项目取消", "客户退订")
_UNSOLD = "滞销退货"


@dataclass(frozen=True, slots=True)
class Delivery:
    """Per order: the day shipped (maybe after the end), the day due, gross cents, province."""

    ship_day: Ints
    due_day: Ints
    gross: Ints
    province: Ints


@dataclass(frozen=True, slots=True)
class Returns:
    """Returned lines: the line's index, the day, boxes or seats, cents, the reason."""

    line: Ints
    day: Ints
    quantity: Ints
    amount: Ints
    reason: list[str]


def make_delivery(
    rng: np.random.Generator, partners: Partners, orders: Orders, lines: Lines
) -> Delivery:
    """Boxes ship in two to nine days, licences within four."""
    boxed = np.zeros(orders.count, dtype=bool)
    boxed[lines.order[IS_HARDWARE[lines.product]]] = True
    wait = np.where(boxed, rng.integers(2, 10, orders.count), rng.integers(0, 5, orders.count))
    wait = np.where(orders.stock, orders.wait, wait)
    promised = np.where(boxed, 10, 7) + rng.integers(0, 6, orders.count)
    gross = np.zeros(orders.count, dtype=np.int64)
    np.add.at(gross, lines.order, lines.money.amount + lines.money.tax)
    customer = orders.assignment.customer
    home = partners.places.province[orders.partner]
    there = orders.assignment.customers.places.province[customer]
    return Delivery(
        orders.day + wait, orders.day + promised, gross, np.where(customer == NOBODY, home, there)
    )


def order_table(
    rng: np.random.Generator,
    timeline: Timeline,
    people: People,
    partners: Partners,
    orders: Orders,
    delivery: Delivery,
) -> pd.DataFrame:
    """销售订单: one row per order."""
    shipped = delivery.ship_day < timeline.days
    ship_date = timeline.dates(delivery.ship_day)
    codes = np.array(partners.codes)
    kinds = np.array(ORDER_TYPES)
    po = rng.integers(10_000, 99_999, orders.count)
    return pd.DataFrame(
        {
            "order_no": orders.number,
            "order_date": timeline.dates(orders.day),
            "due_date": timeline.dates(delivery.due_day),
            "ship_date": np.where(shipped, ship_date, np.datetime64("NaT")),
            "partner": codes[orders.partner],
            "customer": orders.assignment.customers.code(orders.assignment.customer),
            "salesperson": people.seller(orders.partner, rng.random(orders.count)),
            "order_type": kinds[orders.assignment.order_type],
            "status": np.where(shipped, "已完成", "执行中"),
            "currency": "CNY",
            "po_no": [f"PO-{number}" for number in po.tolist()],
        }
    )


def line_table(orders: Orders, lines: Lines, promotion_codes: list[str]) -> pd.DataFrame:
    """销售订单明细: one row per line, money in yuan."""
    money = lines.money
    promotion = np.array([*promotion_codes, None], dtype=object)
    return pd.DataFrame(
        {
            "order_no": np.array(orders.number)[lines.order],
            "line_no": lines.line_no,
            "sku": np.array(SKUS)[lines.product],
            "promotion": promotion[money.promotion],
            "quantity": lines.quantity,
            "unit_price": money.unit_price / 100,
            "list_amount": money.list_amount / 100,
            "discount_amount": money.discount / 100,
            "amount": money.amount / 100,
            "tax_amount": money.tax / 100,
            "cost_amount": money.cost / 100,
            "freight_amount": money.freight / 100,
        }
    )


def shipment_table(
    timeline: Timeline, partners: Partners, orders: Orders, lines: Lines, delivery: Delivery
) -> pd.DataFrame:
    """出库单: one row per delivered line, with the province it went to."""
    rows = np.flatnonzero(delivery.ship_day[lines.order] < timeline.days)
    order = lines.order[rows]
    number = np.array(orders.number)
    names = np.array([province.name for province in PROVINCES])
    return pd.DataFrame(
        {
            "shipment_no": np.char.replace(number, "SO", "DN")[order],
            "line_no": lines.line_no[rows],
            "order_no": number[order],
            "partner": np.array(partners.codes)[orders.partner[order]],
            "sku": np.array(SKUS)[lines.product[rows]],
            "territory": names[delivery.province[order]],
            "shipped_on": timeline.dates(delivery.ship_day[order]),
            "quantity": lines.quantity[rows],
            "tracking_no": np.where(
                IS_HARDWARE[lines.product[rows]], np.char.replace(number, "SO", "YD")[order], ""
            ),
        }
    )


def make_returns(
    rng: np.random.Generator, timeline: Timeline, orders: Orders, lines: Lines, shelves: Shelves
) -> Returns:
    """What customers sent back, by chance, and what went back from the shelves."""
    chance = np.where(IS_HARDWARE[lines.product], 0.022, 0.007)
    customer = lines.shelf_line < 0
    picked = np.flatnonzero((rng.random(len(chance)) < chance) & customer)
    share = rng.uniform(0.2, 1.0, len(picked))
    back = np.minimum(np.ceil(share * lines.quantity[picked]), lines.quantity[picked])
    day = orders.day[lines.order[picked]] + rng.integers(8, 60, len(picked))
    place = np.full(len(shelves.order), -1, dtype=np.int64)
    place[lines.shelf_line[~customer]] = np.flatnonzero(~customer)
    line = np.concatenate([picked, place[shelves.return_line]])
    quantity = np.concatenate([back.astype(np.int64), shelves.return_quantity])
    day = np.concatenate([day, shelves.return_day])
    rows = np.flatnonzero(day < timeline.days)
    rows = rows[np.argsort(day[rows], kind="stable")]
    line, quantity, day = line[rows], quantity[rows], day[rows]
    amount = lines.money.amount[line] * quantity // lines.quantity[line]
    draw = rng.random(len(line))
    unsold = (lines.shelf_line[line] >= 0) & (draw < 0.6)
    reasons = np.array(_RETURN_REASONS)[(draw * len(_RETURN_REASONS)).astype(np.int64)]
    return Returns(line, day, quantity, amount, np.where(unsold, _UNSOLD, reasons).tolist())


def return_table(
    timeline: Timeline, partners: Partners, orders: Orders, lines: Lines, returns: Returns
) -> pd.DataFrame:
    """退货单: positive quantities and amounts of what came back."""
    order = lines.order[returns.line]
    return pd.DataFrame(
        {
            "return_no": [f"RT{number:06d}" for number in range(1, len(order) + 1)],
            "line_no": 1,
            "order_no": np.array(orders.number)[order],
            "partner": np.array(partners.codes)[orders.partner[order]],
            "sku": np.array(SKUS)[lines.product[returns.line]],
            "returned_on": timeline.dates(returns.day),
            "quantity": returns.quantity,
            "amount": returns.amount / 100,
            "reason": returns.reason,
        }
    )


def invoice_table(
    timeline: Timeline,
    partners: Partners,
    orders: Orders,
    lines: Lines,
    delivery: Delivery,
    returns: Returns,
    customer_names: list[str],
) -> pd.DataFrame:
    """开票: one invoice per delivered order, one negative (红字) per return; amounts with tax."""
    rows = np.flatnonzero(delivery.ship_day + 1 < timeline.days)
    tax = np.zeros(orders.count, dtype=np.int64)
    np.add.at(tax, lines.order, lines.money.tax)
    back = lines.order[returns.line]
    back_tax = lines.money.tax[returns.line] * returns.quantity // lines.quantity[returns.line]
    order = np.concatenate([rows, back])
    codes = np.array(partners.codes)[orders.partner[order]]
    short = np.array(list(partners.table["name"]))[orders.partner[order]]
    buyers = np.array([*customer_names, None], dtype=object)[orders.assignment.customer[order]]
    amount = np.concatenate([delivery.gross[rows], -(returns.amount + back_tax)])
    day = np.concatenate([delivery.ship_day[rows] + 1, returns.day])
    number = np.arange(1, len(order) + 1)
    return pd.DataFrame(
        {
            "invoice_no": [f"FP{value:08d}" for value in number.tolist()],
            "order_no": np.array(orders.number)[order],
            "partner": codes,
            "invoiced_on": timeline.dates(day),
            "amount": amount / 100,
            "tax_amount": np.concatenate([tax[rows], -back_tax]) / 100,
            "currency": "CNY",
            "buyer_name": np.where(orders.assignment.customer[order] == NOBODY, short, buyers),
        }
    )


@dataclass(frozen=True, slots=True)
class Money:
    """应收 and 回款 as tables, and the unpaid cents per order."""

    receivables: pd.DataFrame
    payments: pd.DataFrame


def make_money(
    rng: np.random.Generator,
    timeline: Timeline,
    partners: Partners,
    plan: Plan,
    orders: Orders,
    delivery: Delivery,
) -> Money:
    """A receivable per invoiced order; it is paid in one to three parts, late by habit."""
    rows = np.flatnonzero(delivery.ship_day + 1 < timeline.days)
    partner, booked = orders.partner[rows], delivery.ship_day[rows] + 1
    due = booked + _TERM_DAYS[partners.tier[partner]]
    due += np.where(_stuffed(plan, orders, rows), _STUFFED_TERM_DAYS, 0)
    late = _lateness(rng, partners, plan, partner, booked)
    parts = 1 + rng.binomial(2, 0.18, len(rows))
    gross = delivery.gross[rows]
    piece = np.repeat(np.arange(len(rows)), parts)
    rank = np.arange(len(piece)) - np.repeat(np.cumsum(parts) - parts, parts)
    share = gross[piece] // parts[piece]
    cents = np.where(rank == parts[piece] - 1, gross[piece] - share * (parts[piece] - 1), share)
    paid = due[piece] + np.rint(late[piece]).astype(np.int64) + rank * 30
    paid = np.maximum(paid, booked[piece])
    done = np.flatnonzero((paid < timeline.days) & (cents > 0))
    done = done[np.argsort(paid[done], kind="stable")]
    settled = np.zeros(len(rows), dtype=np.int64)
    np.add.at(settled, piece[done], cents[done])
    codes, numbers = np.array(partners.codes)[partner], np.array(orders.number)[rows]
    receivables = pd.DataFrame(
        {
            "receivable_no": np.char.replace(numbers, "SO", "AR"),
            "partner": codes,
            "order_no": numbers,
            "booked_on": timeline.dates(booked),
            "due_on": timeline.dates(due),
            "amount": gross / 100,
            "open_amount": (gross - settled) / 100,
            "currency": "CNY",
        }
    )
    method = np.array(_METHODS)[rng.choice(3, len(done), p=[0.72, 0.2, 0.08])]
    payments = pd.DataFrame(
        {
            "payment_no": [f"SK{value:07d}" for value in range(1, len(done) + 1)],
            "partner": codes[piece[done]],
            "order_no": numbers[piece[done]],
            "paid_on": timeline.dates(paid[done]),
            "amount": cents[done] / 100,
            "currency": "CNY",
            "method": method,
        }
    )
    return Money(receivables, payments)


def _stuffed(plan: Plan, orders: Orders, rows: Ints) -> Ints:
    flags = np.array([not case.genuine for case in plan.stuffing] + [False])
    return flags[orders.episode[rows]]


def _lateness(
    rng: np.random.Generator, partners: Partners, plan: Plan, partner: Ints, booked: Ints
) -> Floats:
    """Days after the due date: a habit of each partner, worse when it is about to leave."""
    habit = rng.normal(-2.0, 6.0, partners.count)[partner]
    cooling = 1.0 - np.clip((plan.leaves[partner] - booked) / COOLING_DAYS, 0, 1)
    return habit + rng.normal(0.0, 8.0, len(partner)) + 45.0 * cooling
