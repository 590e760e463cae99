"""How data came in and goes out: batches, bad rows, raw payloads, outbox, audit, ledger."""

from __future__ import annotations

import sqlalchemy as sa

from knowledge.warehouse.base import METADATA, amount, instant, ref, text, whole


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


IMPORT_BATCH = sa.Table(
    "import_batch",
    METADATA,
    _id(),
    text("source", 60, required=True),
    text("kind", 20, required=True),
    text("origin", 1000, required=True),
    text("mapping_hash", 64),
    text("content_hash", 64, required=True),
    text("status", 20, required=True),
    instant("started_at", required=True),
    instant("finished_at"),
    whole("rows_read"),
    whole("rows_inserted"),
    whole("rows_updated"),
    whole("rows_unchanged"),
    whole("rows_stale"),
    whole("rows_rejected"),
    whole("snapshot_no"),
)
"""One load. `status`: loaded (committed, not yet published) or published.

`rows_stale` were older than what is stored. A load commits whole or leaves no trace, so there is no
state for "half loaded"."""

IMPORT_FILE = sa.Table(
    "import_file",
    METADATA,
    _id(),
    ref("batch_id", "import_batch", required=True),
    text("path", 1000, required=True),
    text("sha256", 64, required=True),
    whole("bytes", required=True),
    text("table_name", 60, required=True),
    whole("rows_read", required=True),
    whole("rows_rejected", required=True),
)

IMPORT_TABLE = sa.Table(
    "import_table",
    METADATA,
    _id(),
    ref("batch_id", "import_batch", required=True),
    text("table_name", 60, required=True),
    whole("rows_read", required=True),
    whole("rows_inserted", required=True),
    whole("rows_updated", required=True),
    whole("rows_unchanged", required=True),
    whole("rows_stale", required=True),
    whole("rows_rejected", required=True),
    sa.UniqueConstraint("batch_id", "table_name"),
)
"""What one load did to one table; the publisher rewrites only tables that a load has touched."""

ROW_ERROR = sa.Table(
    "row_error",
    METADATA,
    _id(),
    ref("batch_id", "import_batch", required=True),
    text("file", 1000, required=True),
    text("sheet", 200),
    whole("row_no"),
    text("column_name", 200),
    text("value", 400),
    text("reason", 400, required=True),
    text("table_name", 60),
    sa.Index("ix_row_error_batch_id", "batch_id"),
)
"""A row that was not loaded, and why. `row_no` counts as the spreadsheet does, from 1."""

RAW_PAYLOAD = sa.Table(
    "raw_payload",
    METADATA,
    _id(),
    text("source", 60, required=True),
    text("object_type", 60, required=True),
    text("ext_id", 200, required=True),
    text("payload_hash", 64, required=True),
    sa.Column("payload", sa.Text, nullable=False),
    instant("received_at", required=True),
    sa.UniqueConstraint("source", "object_type", "ext_id", "payload_hash"),
)

SYNC_STATE = sa.Table(
    "sync_state",
    METADATA,
    text("source", 60, required=True),
    text("object_type", 60, required=True),
    text("cursor", 400),
    instant("updated_at", required=True),
    sa.PrimaryKeyConstraint("source", "object_type"),
)

OUTBOX = sa.Table(
    "outbox",
    METADATA,
    _id(),
    text("idempotency_key", 200, required=True),
    text("channel", 40, required=True),
    text("recipient", 200, required=True),
    sa.Column("body", sa.Text, nullable=False),
    text("state", 20, required=True),
    whole("attempts", required=True),
    instant("created_at", required=True),
    instant("sent_at"),
    sa.UniqueConstraint("idempotency_key"),
)

AUDIT_LOG = sa.Table(
    "audit_log",
    METADATA,
    _id(),
    instant("at", required=True),
    text("actor", required=True),
    text("action", 60, required=True),
    text("subject", 400),
    sa.Column("detail", sa.Text),
    text("previous_hash", 64, required=True),
    text("hash", 64, required=True),
)
"""Append-only; each row's hash covers the one before."""

INCENTIVE_LEDGER = sa.Table(
    "incentive_ledger",
    METADATA,
    _id(),
    text("entry_key", 200, required=True),
    text("plan_id", 100, required=True),
    text("plan_version", 40, required=True),
    ref("partner_id", "partner"),
    ref("salesperson_id", "salesperson"),
    text("kind", 40, required=True),
    amount("amount", required=True),
    text("currency", 3, required=True),
    instant("earned_at", required=True),
    instant("booked_at", required=True),
    sa.Column("explanation", sa.Text),
    sa.UniqueConstraint("entry_key"),
)
"""台账. Append-only: a correction is a further row, never an update."""
