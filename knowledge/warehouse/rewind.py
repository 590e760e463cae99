"""A snapshot as it stood on an earlier day: what a brief of a past week may know.

Every row that happened later is left out, and what the later days changed in earlier rows is taken
back as far as the tables tell: an opportunity closed later is open, an order shipped later is not
shipped, what was paid later is still open, a partner has the tier and status of that day. What no
table dates (the price of a product in its master row, who owned a territory before histories were
kept) stays as it is now.

The result is made once and kept beside the derived tables; it can be made again at any time.
"""

from __future__ import annotations

import os
import re
import shutil
from datetime import date
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Final

from knowledge.warehouse.lock import file_lock
from knowledge.warehouse.manifest import MANIFEST_FILE, ColumnEntry, Manifest, TableEntry
from knowledge.warehouse.snapshot_store import Snapshot
from leadline.errors import SpecError

if TYPE_CHECKING:
    import duckdb

VERSION: Final = "1"
"""Of the rules below; raise it with every change of what they give."""
PATIENCE: Final = 300
"""Attempts, a second or less apart, while another process makes the same one."""

HAPPENED: Final[dict[str, str]] = {
    "activity": "happened_on",
    "certification": "issued_on",
    "competitor_event": "happened_on",
    "deal_registration": "submitted_on",
    "document": "published_on",
    "inventory_snapshot": "snapshot_date",
    "invoice": "invoiced_on",
    "macro_indicator": "vintage",
    "mdf_claim": "claimed_on",
    "opportunity": "created_on",
    "opportunity_stage": "entered_at",
    "order_line": "order_date",
    "partner": "joined_on",
    "partner_history": "valid_from",
    "payment": "paid_on",
    "product": "launched_on",
    "product_price": "valid_from",
    "receivable": "booked_on",
    "sales_order": "order_date",
    "sales_return": "returned_on",
    "shipment": "shipped_on",
    "tender": "published_on",
    "territory_owner": "valid_from",
}
"""The day on which a row of a table came to be known; rows without one stay."""

ENDED: Final[dict[str, tuple[str, ...]]] = {
    "deal_registration": ("decided_on",),
    "opportunity": ("closed_on",),
    "order_line": ("ship_date",),
    "partner_history": ("valid_to",),
    "sales_order": ("ship_date",),
    "territory_owner": ("valid_to",),
}
"""Days that a later event wrote into an earlier row: null where they lie ahead."""


def rewind(snapshot: Snapshot, day: date, root: Path) -> Snapshot:
    """The snapshot as of `day`; the snapshot itself where it reaches no further.

    Args:
        snapshot: the published one.
        day: the last day that counts.
        root: folder of derived tables; the result lies in the snapshot's own folder there.

    Raises:
        SpecError: the day is before all orders.
    """
    if day >= snapshot.as_of:
        return snapshot
    created = re.sub(r"[^0-9a-z]", "", str(snapshot.manifest.created_at).lower())
    folder = root / f"{snapshot.number:06d}-{created}" / f"as-of-{day.isoformat()}-{VERSION}"
    path = folder / MANIFEST_FILE
    if not path.is_file():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with file_lock(folder.with_suffix(".lock"), f"going back to {day}", attempts=PATIENCE):
            if not path.is_file():
                _make(snapshot, day, folder)
    manifest = Manifest.model_validate_json(path.read_bytes())
    return Snapshot(snapshot.number, folder, manifest)


def _make(snapshot: Snapshot, day: date, folder: Path) -> None:
    import duckdb

    building = folder.with_name(f"{folder.name}.{os.getpid()}.tmp")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    base = duckdb.connect(":memory:")
    try:
        for name, entry in snapshot.manifest.tables.items():
            source = str(snapshot.folder / entry.file).replace("'", "''")
            base.execute(f"CREATE VIEW \"{name}\" AS SELECT * FROM read_parquet('{source}')")  # noqa: S608
        tables: dict[str, TableEntry] = {}
        for name, entry in snapshot.manifest.tables.items():
            made = _table(base, name, entry, snapshot, day, building)
            if made is not None:
                tables[name] = made
        if "order_line" in snapshot.manifest.tables and "order_line" not in tables:
            raise SpecError(f"the data begins after {day}", hint="choose a later week")
        changed = {"as_of": day, "tables": tables}
        manifest = snapshot.manifest.model_copy(update=changed).sealed()
        text = manifest.model_dump_json(indent=1)
        (building / MANIFEST_FILE).write_text(text, encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        building.rename(folder)
    finally:
        base.close()
        shutil.rmtree(building, ignore_errors=True)


def _table(
    base: duckdb.DuckDBPyConnection,
    name: str,
    entry: TableEntry,
    snapshot: Snapshot,
    day: date,
    folder: Path,
) -> TableEntry | None:
    """One table as it stood; None where it had no row yet."""
    columns = set(entry.columns)
    present = snapshot.manifest.tables
    described = base.execute(f'DESCRIBE "{name}"').fetchall()
    kinds = {str(row[0]): str(row[1]) for row in described}
    replaced = {
        column: f"CAST({sql} AS {kinds[column]})"
        for column, sql in _replaced(name, columns, present).items()
    }
    kept = _kept(name, columns)
    star = "t.*"
    if replaced:
        star += " REPLACE (" + ", ".join(f"{sql} AS {c}" for c, sql in replaced.items()) + ")"
    # the day is a date of our own making, and COPY takes no parameters
    text = f"SELECT {star} FROM {name} AS t WHERE {kept}".replace("$day", f"DATE '{day}'")  # noqa: S608
    path = folder / f"{name}.parquet"
    quoted = str(path).replace("'", "''")
    base.execute(f"COPY ({text}) TO '{quoted}' (FORMAT parquet, COMPRESSION zstd)")
    dates = [c for c in entry.columns if kinds[c] == "DATE"]
    wanted = ["count(*)", *(f'count(*) - count("{c}")' for c in entry.columns)]
    wanted += [f'{f}("{c}")' for c in dates for f in ("min", "max")]
    found = base.execute(f"SELECT {', '.join(wanted)} FROM read_parquet('{quoted}')").fetchone()  # noqa: S608
    if found is None or found[0] == 0:
        path.unlink()
        return None
    nulls = dict(zip(entry.columns, found[1:], strict=False))
    spans = dict(
        zip(dates, zip(*[iter(found[1 + len(entry.columns) :])] * 2, strict=True), strict=True)
    )
    with path.open("rb") as handle:
        digest = file_digest(handle, "sha256").hexdigest()
    return TableEntry(
        file=path.name,
        sha256=digest,
        bytes=path.stat().st_size,
        rows=found[0],
        columns={
            c: ColumnEntry(
                type=facts.type,
                nulls=nulls[c],
                min=spans[c][0] if c in spans else None,
                max=spans[c][1] if c in spans else None,
            )
            for c, facts in entry.columns.items()
        },
        recipe=entry.recipe,
    )


def _kept(name: str, columns: set[str]) -> str:
    """Which rows were known on the day."""
    if name == "sell_through" and {"period_start", "grain"} <= columns:
        # what was sold in a month is known when it is over
        return (
            "CASE t.grain WHEN 'month' THEN t.period_start + INTERVAL 1 MONTH - INTERVAL 1 DAY "
            "WHEN 'week' THEN t.period_start + INTERVAL 6 DAY "
            "WHEN 'quarter' THEN t.period_start + INTERVAL 3 MONTH - INTERVAL 1 DAY "
            "ELSE t.period_start END <= $day"
        )
    happened = HAPPENED.get(name)
    if happened is None or happened not in columns:
        return "true"
    if name == "partner" and "first_order_date" in columns:
        # a date of joining that lies after the first order is a change of contract
        since = "least(t.joined_on, coalesce(t.first_order_date, t.joined_on))"
        return f"{since} <= $day OR t.joined_on IS NULL"
    return f"CAST(t.{happened} AS DATE) <= $day OR t.{happened} IS NULL"


def _replaced(name: str, columns: set[str], tables: dict[str, TableEntry]) -> dict[str, str]:
    """Columns that a later event has written, as they were on the day."""
    found = {
        c: f"CASE WHEN t.{c} <= $day THEN t.{c} END" for c in ENDED.get(name, ()) if c in columns
    }
    if name == "opportunity" and "closed_on" in columns:
        later = "t.closed_on > $day"
        if "outcome" in columns:
            found["outcome"] = f"CASE WHEN {later} THEN 'open' ELSE t.outcome END"
        if "stage" in columns and "opportunity_stage" in tables:
            stage = (
                "(SELECT arg_max(s.stage, s.entered_at) FROM opportunity_stage AS s "
                "WHERE s.opportunity_id = t.id AND CAST(s.entered_at AS DATE) <= $day)"
            )
            found["stage"] = f"coalesce({stage}, t.stage)"
    if name == "deal_registration" and {"decided_on", "status"} <= columns:
        found["status"] = "CASE WHEN t.decided_on > $day THEN NULL ELSE t.status END"
    if name == "receivable" and {"open_amount", "order_id"} <= columns and "payment" in tables:
        paid = (
            "(SELECT sum(p.amount) FROM payment AS p "
            "WHERE p.order_id = t.order_id AND p.paid_on > $day)"
        )
        found["open_amount"] = f"least(t.amount, t.open_amount + coalesce({paid}, 0))"
    if name == "partner":
        found |= _partner(columns, tables)
    return found


def _partner(columns: set[str], tables: dict[str, TableEntry]) -> dict[str, str]:
    """First and last order up to the day; tier, status and owner of the day."""
    found: dict[str, str] = {}
    if "order_line" in tables:
        for column, extreme in (("first_order_date", "min"), ("last_order_date", "max")):
            if column in columns:
                found[column] = (
                    f"(SELECT {extreme}(o.order_date) FROM order_line AS o "  # noqa: S608
                    "WHERE o.partner_id = t.id AND o.order_date <= $day)"
                )
    if "partner_history" in tables:
        for column in ("tier", "status", "owner"):
            if column in columns:
                then = (
                    "(SELECT arg_max(h.value, h.valid_from) FROM partner_history AS h "  # noqa: S608
                    f"WHERE h.partner_id = t.id AND h.attribute = '{column}' "
                    "AND h.valid_from <= $day)"
                )
                found[column] = f"coalesce({then}, t.{column})"
    return found


def derived_root(snapshot: Snapshot, root: Path) -> Path:
    """Where derived tables of this snapshot go: those of an earlier day lie in its own folder."""
    return snapshot.folder / "derived" if snapshot.folder.is_relative_to(root) else root
