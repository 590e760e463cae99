"""Feedback on answers; evaluation runs and their results.

Revision: 0003, after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from leadline.database import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("answer_id", sa.String(40), sa.ForeignKey("answer.answer_id"), nullable=False),
        sa.Column("principal", sa.String(100), nullable=False),
        sa.Column("rating", sa.String(4), nullable=False),
        sa.Column("comment", sa.Text()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("answer_id", "principal"),
    )
    op.create_table(
        "eval_run",
        sa.Column("run_id", sa.String(40), nullable=False),
        sa.Column("label", sa.String(200)),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime()),
        sa.Column("planner", sa.String(20), nullable=False),
        sa.Column("model", sa.String(200)),
        sa.Column("prompt_hash", sa.String(64)),
        sa.Column("code_version", sa.String(60), nullable=False),
        sa.Column("datasets", sa.Text(), nullable=False),
        sa.Column("selection", sa.Text(), nullable=False),
        sa.Column("instances", sa.Text(), nullable=False),
        sa.Column("cases", sa.Integer()),
        sa.Column("right_cases", sa.Integer()),
        sa.Column("silently_wrong", sa.Integer()),
        sa.Column("summary", sa.Text()),
        sa.Column("fallbacks", sa.Integer()),
        sa.Column("llm_calls", sa.Integer()),
        sa.Column("input_tokens", sa.Integer()),
        sa.Column("output_tokens", sa.Integer()),
        sa.Column("cost", sa.String(40)),
        sa.Column("currency", sa.String(3)),
        sa.Column("latency_p50_ms", sa.Float()),
        sa.Column("latency_p95_ms", sa.Float()),
        sa.Column("passed", sa.Boolean()),
        sa.PrimaryKeyConstraint("run_id"),
    )
    op.create_index("ix_eval_run_started_at", "eval_run", ["started_at"])
    op.create_table(
        "eval_result",
        sa.Column("run_id", sa.String(40), sa.ForeignKey("eval_run.run_id"), nullable=False),
        sa.Column("dataset", sa.String(100), nullable=False),
        sa.Column("case_id", sa.String(200), nullable=False),
        sa.Column("attempt", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_body", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(30), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("unasked", sa.Text(), nullable=False),
        sa.Column("status", sa.String(20)),
        sa.Column("planner", sa.String(20)),
        sa.Column("fallback", sa.String(40)),
        sa.Column("model", sa.String(200)),
        sa.Column("prompt_hash", sa.String(64)),
        sa.Column("latency_ms", sa.Float()),
        sa.Column("llm_ms", sa.Float()),
        sa.Column("llm_calls", sa.Integer()),
        sa.Column("input_tokens", sa.Integer()),
        sa.Column("output_tokens", sa.Integer()),
        sa.Column("cost", sa.String(40)),
        sa.Column("currency", sa.String(3)),
        sa.Column("answer", sa.Text()),
        sa.Column("digest", sa.String(64)),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "dataset", "case_id", "attempt"),
    )


def downgrade() -> None:
    op.drop_table("eval_result")
    op.drop_table("eval_run")
    op.drop_table("feedback")
