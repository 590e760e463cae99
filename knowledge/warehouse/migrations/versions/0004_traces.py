"""What a trace can be searched by; traces of questions that failed.

Revision: 0004, after 0003.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_COLUMNS: tuple[tuple[str, sa.types.TypeEngine[Any]], ...] = (
    ("conversation_id", sa.String(40)),
    ("question", sa.Text()),
    ("principal", sa.String(100)),
    ("scope_hash", sa.String(16)),
    ("status", sa.String(20)),
    ("planner", sa.String(20)),
    ("fallback", sa.String(40)),
    ("model", sa.String(200)),
    ("verdict", sa.String(20)),
    ("error", sa.Text()),
    ("span_count", sa.Integer()),
    ("failed_spans", sa.Integer()),
    ("llm_calls", sa.Integer()),
    ("input_tokens", sa.Integer()),
    ("output_tokens", sa.Integer()),
    ("cost", sa.String(40)),
    ("currency", sa.String(3)),
)
_FROM_ANSWER = ("conversation_id", "question", "principal", "scope_hash", "status")


def upgrade() -> None:
    for name, kind in _COLUMNS:
        op.add_column("trace", sa.Column(name, kind))
    op.create_index("ix_trace_answer_id", "trace", ["answer_id"])
    op.create_index("ix_trace_started_at", "trace", ["started_at"])
    _fill_in()


def _fill_in() -> None:
    """Traces of before belong to answers of the rules; their spans tell the rest."""
    trace = sa.table(
        "trace",
        *(sa.column(name) for name in ("trace_id", "answer_id", "spans")),
        *(sa.column(name) for name, _ in _COLUMNS),
    )
    answer = sa.table("answer", *(sa.column(name) for name in ("answer_id", *_FROM_ANSWER)))
    connection = op.get_bind()
    values = {
        name: sa.select(answer.c[name])
        .where(answer.c.answer_id == trace.c.answer_id)
        .scalar_subquery()
        for name in _FROM_ANSWER
    }
    counts = {"llm_calls": 0, "input_tokens": 0, "output_tokens": 0}
    connection.execute(sa.update(trace).values(planner="rules", **values, **counts))
    for trace_id, text in connection.execute(sa.select(trace.c.trace_id, trace.c.spans)).all():
        spans = json.loads(text)
        verdicts = [str(s.get("attributes", {}).get("verdict") or "") for s in spans]
        verdict = next((v for v in reversed(verdicts) if v), None)
        connection.execute(
            sa.update(trace)
            .where(trace.c.trace_id == trace_id)
            .values(
                span_count=len(spans),
                failed_spans=sum(bool(span.get("error")) for span in spans),
                verdict=verdict and verdict.partition(":")[0],
            )
        )


def downgrade() -> None:
    op.drop_index("ix_trace_started_at", "trace")
    op.drop_index("ix_trace_answer_id", "trace")
    for name, _ in reversed(_COLUMNS):
        op.drop_column("trace", name)
