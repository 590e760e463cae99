"""Imports, errors, payloads, outbox, audit; answers with citations and traces.

Revision: 0001, after nothing.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from knowledge.warehouse.migrations.columns import column, create, identity, reference, text
from leadline.database import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create(
        "answer",
        text("answer_id", 40, required=True),
        text("conversation_id", 40, required=True),
        text("principal", 100, required=True),
        text("scope_hash", 16, required=True),
        column("question", sa.Text(), required=True),
        text("status", 20, required=True),
        text("language", 8, required=True),
        column("snapshot_no", sa.Integer()),
        column("as_of", sa.Date()),
        column("body", sa.Text(), required=True),
        column("latency_ms", sa.Float()),
        column("created_at", UtcDateTime(), required=True),
        text("trace_id", 40, required=True),
        primary=("answer_id",),
    )
    op.create_index("ix_answer_conversation_id", "answer", ["conversation_id"])
    create(
        "audit_log",
        identity(),
        column("at", UtcDateTime(), required=True),
        text("actor", 200, required=True),
        text("action", 60, required=True),
        text("subject", 400),
        column("detail", sa.Text()),
        text("previous_hash", 64, required=True),
        text("hash", 64, required=True),
    )
    create(
        "citation",
        text("citation_id", 40, required=True),
        text("answer_id", 40, required=True),
        column("number", sa.Integer(), required=True),
        text("tool", 60, required=True),
        column("arguments", sa.Text(), required=True),
        column("scope", sa.Text(), required=True),
        text("model_version", 40, required=True),
        column("snapshot_no", sa.Integer(), required=True),
        column("result", sa.Text(), required=True),
        text("digest", 64, required=True),
        primary=("citation_id",),
    )
    op.create_index("ix_citation_answer_id", "citation", ["answer_id"])
    op.create_index("ix_citation_snapshot_no", "citation", ["snapshot_no"])
    create(
        "import_batch",
        identity(),
        text("source", 60, required=True),
        text("kind", 20, required=True),
        text("origin", 1000, required=True),
        text("mapping_hash", 64),
        text("content_hash", 64, required=True),
        text("status", 20, required=True),
        column("started_at", UtcDateTime(), required=True),
        column("finished_at", UtcDateTime()),
        column("rows_read", sa.Integer()),
        column("rows_inserted", sa.Integer()),
        column("rows_updated", sa.Integer()),
        column("rows_unchanged", sa.Integer()),
        column("rows_stale", sa.Integer()),
        column("rows_rejected", sa.Integer()),
        column("snapshot_no", sa.Integer()),
    )
    create(
        "outbox",
        identity(),
        text("idempotency_key", 200, required=True),
        text("channel", 40, required=True),
        text("recipient", 200, required=True),
        column("body", sa.Text(), required=True),
        text("state", 20, required=True),
        column("attempts", sa.Integer(), required=True),
        column("created_at", UtcDateTime(), required=True),
        column("sent_at", UtcDateTime()),
        unique=("idempotency_key",),
    )
    create(
        "raw_payload",
        identity(),
        text("source", 60, required=True),
        text("object_type", 60, required=True),
        text("ext_id", 200, required=True),
        text("payload_hash", 64, required=True),
        column("payload", sa.Text(), required=True),
        column("received_at", UtcDateTime(), required=True),
        unique=("source", "object_type", "ext_id", "payload_hash"),
    )
    create(
        "sync_state",
        text("source", 60, required=True),
        text("object_type", 60, required=True),
        text("cursor", 400),
        column("updated_at", UtcDateTime(), required=True),
        primary=("source", "object_type"),
    )
    create(
        "trace",
        text("trace_id", 40, required=True),
        text("answer_id", 40),
        column("spans", sa.Text(), required=True),
        column("started_at", UtcDateTime(), required=True),
        column("duration_ms", sa.Float()),
        primary=("trace_id",),
    )
    create(
        "import_file",
        identity(),
        reference("batch_id", "import_batch", required=True),
        text("path", 1000, required=True),
        text("sha256", 64, required=True),
        column("bytes", sa.Integer(), required=True),
        text("table_name", 60, required=True),
        column("rows_read", sa.Integer(), required=True),
        column("rows_rejected", sa.Integer(), required=True),
    )
    create(
        "import_table",
        identity(),
        reference("batch_id", "import_batch", required=True),
        text("table_name", 60, required=True),
        column("rows_read", sa.Integer(), required=True),
        column("rows_inserted", sa.Integer(), required=True),
        column("rows_updated", sa.Integer(), required=True),
        column("rows_unchanged", sa.Integer(), required=True),
        column("rows_stale", sa.Integer(), required=True),
        column("rows_rejected", sa.Integer(), required=True),
        unique=("batch_id", "table_name"),
    )
    create(
        "row_error",
        identity(),
        reference("batch_id", "import_batch", required=True),
        text("file", 1000, required=True),
        text("sheet", 200),
        column("row_no", sa.Integer()),
        text("column_name", 200),
        text("value", 400),
        text("reason", 400, required=True),
        text("table_name", 60),
    )
    op.create_index("ix_row_error_batch_id", "row_error", ["batch_id"])


def downgrade() -> None:
    for name in (
        "row_error",
        "import_table",
        "import_file",
        "trace",
        "sync_state",
        "raw_payload",
        "outbox",
        "import_batch",
        "citation",
        "audit_log",
        "answer",
    ):
        op.drop_table(name)
