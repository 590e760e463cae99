"""What was answered: conversations, answers, their citations and traces."""

from __future__ import annotations

import sqlalchemy as sa

from knowledge.warehouse.base import METADATA, day, instant, real, text, whole

ANSWER = sa.Table(
    "answer",
    METADATA,
    sa.Column("answer_id", sa.String(40), primary_key=True),
    text("conversation_id", 40, required=True),
    text("principal", 100, required=True),
    text("scope_hash", 16, required=True),
    sa.Column("question", sa.Text, nullable=False),
    text("status", 20, required=True),
    text("language", 8, required=True),
    whole("snapshot_no"),
    day("as_of"),
    sa.Column("body", sa.Text, nullable=False),
    real("latency_ms"),
    instant("created_at", required=True),
    text("trace_id", 40, required=True),
    sa.Index("ix_answer_conversation_id", "conversation_id"),
)
"""`body` is the whole answer as JSON, as it was given."""

CITATION = sa.Table(
    "citation",
    METADATA,
    sa.Column("citation_id", sa.String(40), primary_key=True),
    text("answer_id", 40, required=True),
    whole("number", required=True),
    text("tool", 60, required=True),
    sa.Column("arguments", sa.Text, nullable=False),
    sa.Column("scope", sa.Text, nullable=False),
    text("model_version", 40, required=True),
    whole("snapshot_no", required=True),
    sa.Column("result", sa.Text, nullable=False),
    text("digest", 64, required=True),
    sa.Index("ix_citation_answer_id", "answer_id"),
    sa.Index("ix_citation_snapshot_no", "snapshot_no"),
)
"""`answer_id` is empty where a page cites the result, and no answer."""

TRACE = sa.Table(
    "trace",
    METADATA,
    sa.Column("trace_id", sa.String(40), primary_key=True),
    text("answer_id", 40),
    sa.Column("spans", sa.Text, nullable=False),
    instant("started_at", required=True),
    real("duration_ms"),
    text("conversation_id", 40),
    sa.Column("question", sa.Text),
    text("principal", 100),
    text("scope_hash", 16),
    text("status", 20),
    text("planner", 20),
    text("fallback", 40),
    text("model", 200),
    text("verdict", 20),
    sa.Column("error", sa.Text),
    whole("span_count"),
    whole("failed_spans"),
    whole("llm_calls"),
    whole("input_tokens"),
    whole("output_tokens"),
    text("cost", 40),
    text("currency", 3),
    sa.Index("ix_trace_answer_id", "answer_id"),
    sa.Index("ix_trace_started_at", "started_at"),
)
"""`spans` is JSON, masked; so are `question` and `error`. A question that failed has a trace
without an answer, of status `failed`. `cost` is a decimal number as text, in `currency`."""
