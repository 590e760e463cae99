"""Forecasts as they were made.

Revision: 0006, after 0005.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from leadline.database import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "forecast_run",
        sa.Column("run_id", sa.String(40), nullable=False),
        sa.Column("snapshot_no", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("metric", sa.String(40), nullable=False),
        sa.Column("grain", sa.String(10), nullable=False),
        sa.Column("level", sa.String(200), nullable=False),
        sa.Column("opened", sa.Date(), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        *(sa.Column(name, sa.Float()) for name in ("rho", "wape", "bias")),
        *(sa.Column(name, sa.Float()) for name in ("coverage80", "coverage95")),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", name="pk_forecast_run"),
        sa.UniqueConstraint(
            "snapshot_no",
            "metric",
            "grain",
            "level",
            "version",
            name="uq_forecast_run_snapshot_no_metric_grain_level_version",
        ),
    )
    op.create_table(
        "forecast_value",
        sa.Column("run_id", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("members", sa.Text(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Float()) for name in ("forecast", "lo80", "hi80", "lo95", "hi95")),
        sa.Column("method", sa.String(100), nullable=False),
        *(sa.Column(name, sa.Float()) for name in ("wape", "bias")),
        sa.PrimaryKeyConstraint("run_id", "number", name="pk_forecast_value"),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["forecast_run.run_id"],
            name="fk_forecast_value_run_id_forecast_run",
        ),
    )


def downgrade() -> None:
    op.drop_table("forecast_value")
    op.drop_table("forecast_run")
