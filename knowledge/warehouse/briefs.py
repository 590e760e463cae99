"""Weekly briefs as they were given (周报)."""

from __future__ import annotations

import sqlalchemy as sa

from knowledge.warehouse.base import METADATA, day, flag, instant, text, whole

BRIEF = sa.Table(
    "brief",
    METADATA,
    sa.Column("brief_id", sa.String(40), primary_key=True),
    text("manager", 100, required=True),
    text("label", 200, required=True),
    text("principal", 100, required=True),
    sa.Column("scope", sa.Text, nullable=False),
    text("scope_hash", 16, required=True),
    text("week", 8, required=True),
    day("first_day", required=True),
    day("last_day", required=True),
    flag("partial"),
    text("language", 8, required=True),
    whole("snapshot_no", required=True),
    day("as_of", required=True),
    sa.Column("markdown", sa.Text, nullable=False),
    sa.Column("html", sa.Text, nullable=False),
    sa.Column("citations", sa.Text, nullable=False),
    text("digest", 64, required=True),
    instant("created_at", required=True),
    sa.Index("ix_brief_manager_week", "manager", "week"),
    sa.Index("ix_brief_created_at", "created_at"),
)
"""`citations` is JSON: number, id in the table `citation`, tool, digest of its rows. `digest` is
over the text and these. `as_of` is the last day that counted."""
