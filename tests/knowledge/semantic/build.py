"""Snapshots for tests, written as the publisher lays them out, from plain rows.

`publish_rows` takes canonical rows as dictionaries and does what publishing does to them: labels,
order headers joined to their lines, regions resolved, levels of targets, first and last orders.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from knowledge.semantic.tables import LABELLED, snapshot_columns
from knowledge.warehouse.manifest import MANIFEST_FILE, ColumnEntry, Manifest, TableEntry
from knowledge.warehouse.snapshot import Snapshot
from knowledge.warehouse.tables import BY_NAME
from leadline.database import ExactDecimal

Row = dict[str, Any]
Tables = Mapping[str, Sequence[Row]]

HEADER = ("order_no", "order_date", "due_date", "ship_date", "partner_id", "customer_id")
HEADER_TOO = ("salesperson_id", "order_type", "currency", "region_id", "territory_id")
EXTRA_TYPES: dict[str, pa.DataType] = {
    "label": pa.string(),
    "level": pa.string(),
    "order_no": pa.string(),
    "order_type": pa.string(),
    "order_status": pa.string(),
    "currency": pa.string(),
    "order_date": pa.date32(),
    "due_date": pa.date32(),
    "ship_date": pa.date32(),
    "first_order_date": pa.date32(),
    "last_order_date": pa.date32(),
}


def publish_rows(folder: Path, tables: Tables, *, as_of: date, number: int = 1) -> Snapshot:
    """Write a snapshot of `tables` (canonical rows with `id`) and return it."""
    return write_snapshot(folder, to_arrow(enrich(tables)), as_of=as_of, number=number)


def to_arrow(tables: Tables) -> dict[str, pa.Table]:
    """Typed columns, all that a published table has; empty tables are left out."""
    return {
        name: pa.table(
            {
                column: pa.array([row.get(column) for row in rows], column_type(name, column))
                for column in sorted(snapshot_columns(name))
            }
        )
        for name, rows in tables.items()
        if rows
    }


def write_snapshot(
    folder: Path,
    tables: Mapping[str, pa.Table],
    *,
    as_of: date,
    number: int = 1,
    currency: str | None = "CNY",
) -> Snapshot:
    """Write Parquet files and manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    entries: dict[str, TableEntry] = {}
    for name, table in tables.items():
        path = folder / f"{name}.parquet"
        pq.write_table(table, path)
        body = path.read_bytes()
        entries[name] = TableEntry(
            file=path.name,
            sha256=hashlib.sha256(body).hexdigest(),
            bytes=len(body),
            rows=table.num_rows,
            columns={c: _entry(table.column(c)) for c in table.column_names},
            recipe="",
        )
    manifest = Manifest(
        number=number,
        created_at=datetime.now(UTC),
        batch_ids=(1,),
        state="",
        as_of=as_of,
        currency=currency,
        previous=None,
        tables=entries,
    ).sealed()
    (folder / MANIFEST_FILE).write_text(manifest.model_dump_json(), encoding="utf-8")
    return Snapshot(number, folder, manifest)


def enrich(tables: Tables) -> dict[str, list[Row]]:
    """What publishing adds to canonical rows."""
    found = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    for name, rows in found.items():
        for row in rows:
            row.setdefault("source", "test")
            row.setdefault("ext_id", f"{name}-{row['id']}")
        if name in LABELLED:
            names = Counter(row["name"] for row in rows)
            for row in rows:
                shared = names[row["name"]] > 1
                row["label"] = f"{row['name']} ({row['ext_id']})" if shared else row["name"]
    by_id = {name: {row["id"]: row for row in rows} for name, rows in found.items()}
    territories, partners = by_id.get("territory", {}), by_id.get("partner", {})
    for partner in found.get("partner", []):
        home = territories.get(partner.get("territory_id"), {})
        partner["region_id"] = _first(partner.get("region_id"), home.get("region_id"))
    for line in found.get("order_line", []):
        header = by_id["sales_order"][line["order_id"]]
        line.update({column: header.get(column) for column in (*HEADER, *HEADER_TOO)})
        line["order_status"] = header.get("status")
        _place(line, territories, partners)
    for name, rows in found.items():
        if name in ("order_line", "sales_order", "target", *LABELLED):
            continue
        for row in rows:
            if "partner_id" in snapshot_columns(name):
                _place(row, territories, partners)
    _targets(found, territories, partners, by_id.get("salesperson", {}))
    _order_dates(found)
    return found


def _place(row: Row, territories: dict[Any, Row], partners: dict[Any, Row]) -> None:
    home = territories.get(row.get("territory_id"), {})
    partner = partners.get(row.get("partner_id"), {})
    row["region_id"] = _first(row.get("region_id"), home.get("region_id"), partner.get("region_id"))
    row["territory_id"] = _first(row.get("territory_id"), partner.get("territory_id"))


def _targets(
    found: dict[str, list[Row]],
    territories: dict[Any, Row],
    partners: dict[Any, Row],
    salespeople: dict[Any, Row],
) -> None:
    for row in found.get("target", []):
        parts = [
            name
            for name in ("region", "territory", "partner", "salesperson")
            if row.get(f"{name}_id") is not None
        ]
        row["level"] = "+".join(parts) or "total"
        if row.get("product_line") is not None:
            row["level"] += "+product_line"
        _place(row, territories, partners)
        seller = salespeople.get(row.get("salesperson_id"), {})
        row["region_id"] = _first(row["region_id"], seller.get("region_id"))


def _order_dates(found: dict[str, list[Row]]) -> None:
    dates: dict[Any, list[date]] = {}
    for line in found.get("order_line", []):
        dates.setdefault(line.get("partner_id"), []).append(line["order_date"])
    for partner in found.get("partner", []):
        own = dates.get(partner["id"], [])
        partner["first_order_date"] = min(own, default=None)
        partner["last_order_date"] = max(own, default=None)


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def column_type(table: str, column: str) -> pa.DataType:
    """The Arrow type of a published column."""
    found = BY_NAME[table].columns.get(column)
    if found is None:
        return EXTRA_TYPES.get(column, pa.int32())
    kinds: list[tuple[type, pa.DataType]] = [
        (ExactDecimal, pa.decimal128(20, 4)),
        (sa.Date, pa.date32()),
        (sa.DateTime, pa.timestamp("us", tz="UTC")),
        (sa.Integer, pa.int32()),
        (sa.Boolean, pa.bool_()),
        (sa.Float, pa.float64()),
    ]
    return next((arrow for kind, arrow in kinds if isinstance(found.type, kind)), pa.string())


def _entry(column: pa.ChunkedArray) -> ColumnEntry:
    kind = column.type
    span: list[date | None] = [None, None]
    if pa.types.is_date(kind):
        values = [value for value in column.to_pylist() if value is not None]
        span = [min(values, default=None), max(values, default=None)]
    return ColumnEntry(type=str(kind), nulls=column.null_count, min=span[0], max=span[1])
