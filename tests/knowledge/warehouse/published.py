"""A small channel to publish, and snapshots read back as plain rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from knowledge.warehouse.load import load_batch
from knowledge.warehouse.snapshot import Snapshot
from tests.knowledge.warehouse.batches import Row, batch

PLACES: dict[str, list[Row]] = {
    "region": [{"ext_id": "E", "name": "华东"}, {"ext_id": "S", "name": "华南"}],
    "territory": [
        {"ext_id": "SH", "name": "上海", "region_id": "E"},
        {"ext_id": "GD", "name": "广东", "region_id": "S"},
    ],
}
PARTNERS: list[Row] = [
    {"ext_id": "P1", "name": "甲", "region_id": "S", "territory_id": "SH"},
    {"ext_id": "P2", "name": "乙", "region_id": None, "territory_id": "SH"},
    {"ext_id": "P3", "name": "丙", "region_id": None, "territory_id": None},
]


def order(number: str, day: date, **more: Any) -> Row:
    return {"ext_id": number, "order_no": number, "order_date": day, **more}


def line(order_no: str, number: int, amount: str, **more: Any) -> Row:
    return {
        "ext_id": f"{order_no}|{number}",
        "order_id": order_no,
        "line_no": str(number),
        "quantity": Decimal(1),
        "amount": Decimal(amount),
        **more,
    }


ORDERS: list[Row] = [
    order("O1", date(2026, 2, 9), partner_id="P1", currency="CNY"),
    order("O2", date(2026, 1, 5), partner_id="P2", currency="CNY", territory_id="GD"),
    order("O3", date(2026, 1, 7), partner_id="P3", currency="CNY", region_id="E"),
    order("O4", date(2026, 1, 6), currency="CNY"),
]
LINES: list[Row] = [
    line("O1", 1, "10"),
    line("O2", 1, "20.5"),
    line("O3", 1, "30"),
    line("O4", 1, "1"),
]
CHANNEL: dict[str, list[Row]] = {
    **PLACES,
    "partner": PARTNERS,
    "sales_order": ORDERS,
    "order_line": LINES,
}


def load(engine: sa.Engine, tables: dict[str, list[Row]], **more: Any) -> None:
    load_batch(engine, batch(tables, **more), business_date=date(2026, 3, 1))


def rows(snapshot: Snapshot, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """The chosen columns in the order of the file."""
    import pyarrow.parquet as pq

    path = snapshot.table_path(table)
    assert path is not None, f"{table} is not published"
    read = pq.read_table(path, columns=list(columns)).to_pylist()
    return [tuple(row[column] for column in columns) for row in read]


def named(snapshot: Snapshot, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """Like `rows`, with the names of regions and territories in place of their ids."""
    names = {
        f"{dimension}_id": dict(rows(snapshot, dimension, "id", "name"))
        for dimension in ("region", "territory")
    }
    return [
        tuple(
            names[column].get(value) if column in names else value
            for column, value in zip(columns, row, strict=True)
        )
        for row in rows(snapshot, table, *columns)
    ]
