"""What every metric and dimension means to the oracle, by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tests.knowledge.semantic.build import Row

DIMENSIONS: dict[str, tuple[str, str]] = {
    "partner": ("partner", "label"),
    "partner_type": ("partner", "type"),
    "partner_tier": ("partner", "tier"),
    "city": ("partner", "city"),
    "region": ("region", "label"),
    "country": ("region", "country"),
    "region_group": ("region", "group_name"),
    "territory": ("territory", "label"),
    "product": ("product", "label"),
    "product_category": ("product", "category"),
    "product_line": ("product", "line"),
    "customer": ("customer", "label"),
    "customer_industry": ("customer", "industry"),
    "salesperson": ("salesperson", "label"),
    "salesperson_manager": ("salesperson", "manager"),
}
OWN: dict[tuple[str, str], str] = {
    ("order_line", "order_type"): "order_type",
    ("opportunity", "stage"): "stage",
    ("opportunity", "outcome"): "outcome",
    ("sales_return", "return_reason"): "reason",
    ("deal_registration", "deal_status"): "status",
    ("activity", "activity_kind"): "kind",
    ("tender", "tender_type"): "notice_type",
}


@dataclass(frozen=True)
class Part:
    """Rows of one fact that a metric needs: by which date, and which of them."""

    fact: str
    day: str
    keep: Callable[[Row, date], bool] = lambda row, as_of: True
    standing: str = ""


@dataclass(frozen=True)
class Figure:
    """How a metric is worked out from the rows of its parts."""

    parts: tuple[Part, ...]
    value: Callable[[list[list[Row]], date], Any]
    additive: bool = False
    count: bool = False
    comparable: bool = True


def total(rows: Iterable[Row], column: str) -> Decimal | None:
    found = [row[column] for row in rows if row.get(column) is not None]
    return sum(found, Decimal(0)) if found else None


def distinct(rows: Iterable[Row], column: str) -> int:
    return len({row[column] for row in rows if row.get(column) is not None})


def over(numerator: Any, denominator: Any) -> float | None:
    if numerator is None or denominator is None or denominator == 0:
        return None
    return float(numerator) / float(denominator)


def adds(fact: str, day: str, column: str, **more: Any) -> Figure:
    return Figure((Part(fact, day, **more),), lambda rows, _: total(rows[0], column), additive=True)


def counts(fact: str, day: str, keep: Callable[[Row, date], bool] | None = None) -> Figure:
    part = Part(fact, day, keep or (lambda row, as_of: True))
    return Figure((part,), lambda rows, _: len(rows[0]), additive=True, count=True)


def distincts(fact: str, day: str, column: str, *, additive: bool = False) -> Figure:
    return Figure(
        (Part(fact, day),),
        lambda rows, _: distinct(rows[0], column),
        additive=additive,
        count=True,
    )


LINE = Part("order_line", "order_date")
COSTED = Part("order_line", "order_date", lambda row, _: row.get("cost_amount") is not None)
WON = Part("opportunity", "closed_on", lambda row, _: row["outcome"] == "won")
CLOSED = Part("opportunity", "closed_on", lambda row, _: row["outcome"] != "open")
STOCK = Part("inventory_snapshot", "snapshot_date", standing="counted")
PIPELINE = Part("opportunity", "created_on", standing="open")
GOOD = ("approved",)
DECIDED = ("approved", "rejected", "驳回")


def margin(rows: list[Row]) -> Decimal | None:
    found = [
        row["amount"] - row["cost_amount"] for row in rows if row.get("cost_amount") is not None
    ]
    return sum(found, Decimal(0)) if found else None


def has(*columns: str) -> Callable[[Row, date], bool]:
    return lambda row, _: all(row.get(column) is not None for column in columns)


FIGURES: dict[str, Figure] = {
    "amount": adds("order_line", "order_date", "amount"),
    "quantity": adds("order_line", "order_date", "quantity"),
    "orders": distincts("order_line", "order_date", "order_id", additive=True),
    "order_lines": counts("order_line", "order_date"),
    "gross_margin": Figure((COSTED,), lambda rows, _: margin(rows[0]), additive=True),
    "gross_margin_rate": Figure(
        (COSTED,), lambda rows, _: over(margin(rows[0]), total(rows[0], "amount"))
    ),
    "average_order_value": Figure(
        (LINE,), lambda rows, _: over(total(rows[0], "amount"), distinct(rows[0], "order_id"))
    ),
    "average_unit_price": Figure(
        (LINE,), lambda rows, _: over(total(rows[0], "amount"), total(rows[0], "quantity"))
    ),
    "discount_rate": Figure(
        (
            Part("order_line", "order_date", has("list_amount")),
            Part("order_line", "order_date", has("discount_amount")),
        ),
        lambda rows, _: over(total(rows[0], "discount_amount"), total(rows[1], "list_amount")),
    ),
    "products_sold": distincts("order_line", "order_date", "product_id"),
    "active_partners": distincts("order_line", "order_date", "partner_id"),
    "active_customers": distincts("order_line", "order_date", "customer_id"),
    "amount_per_partner": Figure(
        (Part("order_line", "order_date", has("partner_id")), LINE),
        lambda rows, _: over(total(rows[0], "amount"), distinct(rows[1], "partner_id")),
    ),
    "last_order_date": Figure(
        (LINE,),
        lambda rows, _: max((row["order_date"] for row in rows[0]), default=None),
        comparable=False,
    ),
    "days_since_last_order": Figure(
        (LINE,),
        lambda rows, as_of: (
            (as_of - max(row["order_date"] for row in rows[0])).days if rows[0] else None
        ),
        comparable=False,
    ),
    "new_partners": counts("partner", "first_order_date", has("first_order_date")),
    "partner_count": Figure(
        (Part("partner", "joined_on", standing="joined"),),
        lambda rows, _: len(rows[0]),
        count=True,
    ),
    "payment_amount": adds("payment", "paid_on", "amount"),
    "collection_rate": Figure(
        (Part("payment", "paid_on"), LINE),
        lambda rows, _: over(total(rows[0], "amount"), total(rows[1], "amount")),
    ),
    "receivable_open_amount": adds("receivable", "booked_on", "open_amount"),
    "overdue_amount": adds(
        "receivable",
        "booked_on",
        "open_amount",
        keep=lambda row, as_of: row.get("due_on") is not None and row["due_on"] < as_of,
    ),
    "return_amount": adds("sales_return", "returned_on", "amount"),
    "return_rate": Figure(
        (Part("sales_return", "returned_on"), LINE),
        lambda rows, _: over(total(rows[0], "amount"), total(rows[1], "amount")),
    ),
    "opportunities": counts("opportunity", "created_on"),
    "won_opportunities": counts("opportunity", "closed_on", lambda r, _: r["outcome"] == "won"),
    "won_amount": adds(
        "opportunity", "closed_on", "amount", keep=lambda row, _: row["outcome"] == "won"
    ),
    "win_rate": Figure((WON, CLOSED), lambda rows, _: over(len(rows[0]), len(rows[1]))),
    "average_deal_size": Figure(
        (WON,),
        lambda rows, _: over(
            total(rows[0], "amount"), len([r for r in rows[0] if r.get("amount") is not None])
        ),
    ),
    "sales_cycle_days": Figure(
        (WON,),
        lambda rows, _: over(
            *(
                (sum(spans), len(spans))
                if (
                    spans := [
                        (r["closed_on"] - r["created_on"]).days
                        for r in rows[0]
                        if r.get("created_on") is not None
                    ]
                )
                else (None, None)
            )
        ),
    ),
    "pipeline_amount": Figure((PIPELINE,), lambda rows, _: total(rows[0], "amount")),
    "open_opportunities": Figure((PIPELINE,), lambda rows, _: len(rows[0]), count=True),
    "stock_units": Figure((STOCK,), lambda rows, _: total(rows[0], "units_balance")),
    "stock_value": Figure(
        (
            Part(
                "inventory_snapshot",
                "snapshot_date",
                has("unit_cost"),
                standing="counted",
            ),
        ),
        lambda rows, _: (
            sum((r["units_balance"] * r["unit_cost"] for r in rows[0]), Decimal(0))
            if rows[0]
            else None
        ),
    ),
    "stock_in_units": adds("inventory_snapshot", "snapshot_date", "units_in"),
    "deal_registrations": counts("deal_registration", "submitted_on"),
    "deal_approval_rate": Figure(
        (
            Part("deal_registration", "submitted_on", lambda r, _: r["status"].lower() in GOOD),
            Part("deal_registration", "submitted_on", lambda r, _: r["status"].lower() in DECIDED),
        ),
        lambda rows, _: over(len(rows[0]), len(rows[1])),
    ),
    "deal_conflict_rate": Figure(
        (Part("deal_registration", "submitted_on"),),
        lambda rows, _: over(distinct_none(rows[0], "conflict_of_id"), len(rows[0])),
    ),
    "activities": counts("activity", "happened_on"),
    "active_days": distincts("activity", "happened_on", "happened_on"),
    "tender_count": counts("tender", "published_on"),
    "tender_budget": adds("tender", "published_on", "budget"),
}
"""Metrics that the oracle knows; targets stand in `test_targets`."""


def distinct_none(rows: list[Row], column: str) -> int:
    return len([row for row in rows if row.get(column) is not None])
