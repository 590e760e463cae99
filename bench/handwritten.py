"""Typed questions beside the DuckDB SQL that an analyst would write for the same result.

The columns and rows must agree: a query that answers something else proves nothing about speed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Template

from knowledge.semantic.spec import (
    Compare,
    Filter,
    Order,
    QuerySpec,
    Share,
    TimeRange,
    TopPer,
)

YEAR_2024 = TimeRange(start=date(2024, 1, 1), end_excl=date(2025, 1, 1))
YEAR_TO_DATE = TimeRange(start=date(2025, 1, 1), end_excl=date(2026, 1, 1), partial=True)


@dataclass(frozen=True, slots=True)
class Pair:
    """One question twice: `$table` in `sql` stands for the Parquet file of that table."""

    name: str
    spec: QuerySpec
    sql: str

    def query(self, files: dict[str, Path]) -> str:
        """The SQL over the files of one snapshot."""
        sources = {table: f"read_parquet('{path}')" for table, path in files.items()}
        return Template(self.sql).substitute(sources)


PAIRS: tuple[Pair, ...] = (
    Pair(
        "total of a year",
        QuerySpec(metrics=("amount",), time=YEAR_2024),
        "SELECT sum(amount) FROM $order_line "
        "WHERE order_date >= '2024-01-01' AND order_date < '2025-01-01'",
    ),
    Pair(
        "by region, all years",
        QuerySpec(metrics=("amount", "quantity"), dimensions=("region",)),
        "SELECT r.label, l.amount, l.quantity FROM (SELECT region_id, sum(amount) AS amount, "
        "sum(quantity) AS quantity FROM $order_line GROUP BY 1) l "
        "LEFT JOIN $region r ON r.id = l.region_id",
    ),
    Pair(
        "by month, two years",
        QuerySpec(
            metrics=("amount",),
            time=TimeRange(start=date(2023, 1, 1), end_excl=date(2025, 1, 1), grain="month"),
        ),
        "SELECT strftime(month, '%Y-%m'), amount FROM ("
        "SELECT date_trunc('month', order_date) AS month, sum(amount) AS amount FROM $order_line "
        "WHERE order_date >= '2023-01-01' AND order_date < '2025-01-01' GROUP BY 1)",
    ),
    Pair(
        "top ten partners",
        QuerySpec(
            metrics=("amount",),
            dimensions=("partner",),
            time=YEAR_TO_DATE,
            order=(Order(by="amount"),),
            limit=10,
        ),
        "SELECT p.label, sum(l.amount) AS amount "
        "FROM $order_line l JOIN $partner p ON p.id = l.partner_id "
        "WHERE l.order_date >= '2025-01-01' AND l.order_date < '2026-01-01' "
        "GROUP BY 1 ORDER BY amount DESC, 1 LIMIT 10",
    ),
    Pair(
        "margin rate by category",
        QuerySpec(metrics=("gross_margin_rate",), dimensions=("product_category",)),
        "SELECT p.category, "
        "(sum(l.amount) - sum(l.cost))::DOUBLE / nullif(sum(l.amount), 0)::DOUBLE "
        "FROM (SELECT product_id, sum(amount) AS amount, sum(cost_amount) AS cost "
        "FROM $order_line GROUP BY 1) l JOIN $product p ON p.id = l.product_id GROUP BY 1",
    ),
    Pair(
        "orders and active partners by month",
        QuerySpec(
            metrics=("orders", "active_partners"),
            time=TimeRange(start=date(2024, 1, 1), end_excl=date(2025, 1, 1), grain="month"),
        ),
        "SELECT strftime(month, '%Y-%m'), orders, partners FROM ("
        "SELECT date_trunc('month', order_date) AS month, count(DISTINCT order_id) AS orders, "
        "count(DISTINCT partner_id) AS partners FROM $order_line "
        "WHERE order_date >= '2024-01-01' AND order_date < '2025-01-01' GROUP BY 1)",
    ),
    Pair(
        "three quarters against last year, by region",
        QuerySpec(
            metrics=("amount",),
            dimensions=("region",),
            time=TimeRange(start=date(2025, 1, 1), end_excl=date(2025, 10, 1)),
            compare=Compare(kind="yoy"),
        ),
        "WITH sums AS (SELECT region_id, "
        "sum(amount) FILTER (order_date >= '2025-01-01') AS now, "
        "sum(amount) FILTER (order_date < '2025-01-01') AS before FROM $order_line "
        "WHERE (order_date >= '2025-01-01' AND order_date < '2025-10-01') "
        "OR (order_date >= '2024-01-01' AND order_date < '2024-10-01') GROUP BY 1) "
        "SELECT r.label, now, before, now - before, "
        "(now - before)::DOUBLE / nullif(before, 0)::DOUBLE "
        "FROM sums JOIN $region r ON r.id = sums.region_id",
    ),
    Pair(
        "type and tier in three provinces",
        QuerySpec(
            metrics=("amount", "gross_margin"),
            dimensions=("partner_type", "partner_tier"),
            where=Filter(member="territory", values=("上海", "广东", "北京")),
            time=YEAR_2024,
        ),
        "SELECT p.type, p.tier, sum(l.amount), sum(l.amount) - sum(l.cost_amount) "
        "FROM $order_line l JOIN $partner p ON p.id = l.partner_id "
        "JOIN $territory t ON t.id = l.territory_id WHERE t.label IN ('上海', '广东', '北京') "
        "AND l.order_date >= '2024-01-01' AND l.order_date < '2025-01-01' GROUP BY 1, 2",
    ),
    Pair(
        "share of each product line",
        QuerySpec(
            metrics=("amount",),
            dimensions=("product_line",),
            time=YEAR_TO_DATE,
            shares=(Share(metric="amount"),),
        ),
        "SELECT p.line, sum(l.amount), "
        "sum(l.amount)::DOUBLE / (sum(sum(l.amount)) OVER ())::DOUBLE "
        "FROM (SELECT product_id, sum(amount) AS amount FROM $order_line "
        "WHERE order_date >= '2025-01-01' AND order_date < '2026-01-01' GROUP BY 1) l "
        "JOIN $product p ON p.id = l.product_id GROUP BY 1",
    ),
    Pair(
        "discount rate by quarter of one type",
        QuerySpec(
            metrics=("discount_rate",),
            where=Filter(member="partner_type", values=("经销商",)),
            time=TimeRange(start=date(2023, 1, 1), end_excl=date(2025, 10, 1), grain="quarter"),
        ),
        "SELECT year(start) || '-Q' || quarter(start), "
        "discount_amount::DOUBLE / nullif(list_amount, 0)::DOUBLE "
        "FROM (SELECT date_trunc('quarter', l.order_date) AS start, "
        "sum(l.discount_amount) AS discount_amount, sum(l.list_amount) AS list_amount "
        "FROM $order_line l JOIN $partner p ON p.id = l.partner_id WHERE p.type = '经销商' "
        "AND l.order_date >= '2023-01-01' AND l.order_date < '2025-10-01' GROUP BY 1)",
    ),
    Pair(
        "top three partners of each region",
        QuerySpec(
            metrics=("amount",),
            dimensions=("region", "partner"),
            time=YEAR_TO_DATE,
            order=(Order(by="amount"),),
            top_per=TopPer(within=("region",), n=3),
        ),
        "SELECT r.label, p.label, sum(l.amount) AS amount FROM $order_line l "
        "JOIN $region r ON r.id = l.region_id JOIN $partner p ON p.id = l.partner_id "
        "WHERE l.order_date >= '2025-01-01' AND l.order_date < '2026-01-01' GROUP BY 1, 2 "
        "QUALIFY row_number() OVER "
        "(PARTITION BY r.label ORDER BY sum(l.amount) DESC, p.label) <= 3 "
        "ORDER BY amount DESC, 1, 2",
    ),
)
