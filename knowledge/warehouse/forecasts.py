"""Forecasts as they were made: one run per snapshot, metric and level, and its rows."""

from __future__ import annotations

import sqlalchemy as sa

from knowledge.warehouse.base import METADATA, day, instant, real, text, whole

FORECAST_RUN = sa.Table(
    "forecast_run",
    METADATA,
    sa.Column("run_id", sa.String(40), primary_key=True),
    whole("snapshot_no", required=True),
    day("as_of", required=True),
    text("metric", 40, required=True),
    text("grain", 10, required=True),
    text("level", 200, required=True),
    day("opened", required=True),
    text("version", 20, required=True),
    real("rho"),
    real("wape"),
    real("bias"),
    real("coverage80"),
    real("coverage95"),
    whole("row_count", required=True),
    text("digest", 64, required=True),
    instant("made_at", required=True),
    sa.UniqueConstraint("snapshot_no", "metric", "grain", "level", "version"),
)
"""`level`: the key columns joined by "+", empty for the total. `opened`: start of the first period
that was not whole. `rho`: how far errors of one series go together over time."""

FORECAST_VALUE = sa.Table(
    "forecast_value",
    METADATA,
    sa.Column("run_id", sa.String(40), sa.ForeignKey("forecast_run.run_id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("members", sa.Text, nullable=False),
    day("period_start", required=True),
    real("forecast"),
    real("lo80"),
    real("hi80"),
    real("lo95"),
    real("hi95"),
    text("method", 100, required=True),
    real("wape"),
    real("bias"),
)
"""`members`: a JSON list, one label per key column of the level, "" for no member."""
