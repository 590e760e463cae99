"""Evaluation runs and what they found, case by case; they name no host, user or path."""

from __future__ import annotations

import sqlalchemy as sa

from knowledge.warehouse.base import METADATA, flag, instant, real, text, whole

EVAL_RUN = sa.Table(
    "eval_run",
    METADATA,
    sa.Column("run_id", sa.String(40), primary_key=True),
    text("label", 200),
    instant("started_at", required=True),
    instant("finished_at"),
    text("planner", 20, required=True),
    text("model", 200),
    text("prompt_hash", 64),
    text("code_version", 60, required=True),
    sa.Column("datasets", sa.Text, nullable=False),
    sa.Column("selection", sa.Text, nullable=False),
    sa.Column("instances", sa.Text, nullable=False),
    whole("cases"),
    whole("right_cases"),
    whole("silently_wrong"),
    sa.Column("summary", sa.Text),
    whole("fallbacks"),
    whole("llm_calls"),
    whole("input_tokens"),
    whole("output_tokens"),
    text("cost", 40),
    text("currency", 3),
    real("latency_p50_ms"),
    real("latency_p95_ms"),
    flag("passed"),
    sa.Index("ix_eval_run_started_at", "started_at"),
)
"""One run. `datasets`, `selection` (what was to be asked, and how), `instances` (snapshot, as-of
date and model version per data set) and `summary` are JSON; `cost` is a decimal number as text, in
`currency`. What only the end of a run can say is null until then."""

EVAL_RESULT = sa.Table(
    "eval_result",
    METADATA,
    sa.Column("run_id", sa.String(40), sa.ForeignKey("eval_run.run_id"), primary_key=True),
    sa.Column("dataset", sa.String(100), primary_key=True),
    sa.Column("case_id", sa.String(200), primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("case_body", sa.Text, nullable=False),
    text("verdict", 30, required=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("unasked", sa.Text, nullable=False),
    text("status", 20),
    text("planner", 20),
    text("fallback", 40),
    text("model", 200),
    text("prompt_hash", 64),
    real("latency_ms"),
    real("llm_ms"),
    whole("llm_calls"),
    whole("input_tokens"),
    whole("output_tokens"),
    text("cost", 40),
    text("currency", 3),
    sa.Column("answer", sa.Text),
    text("digest", 64),
    instant("asked_at", required=True),
)
"""One case of a run, `attempt` counting from 1. `case_body` is the case as it was then, `answer`
what was said (text, figures, arguments of the tools, rows) as JSON, null where asking failed.
`digest` is over status and cited rows: equal digests mean equal evidence."""
