"""What readers say of answers: thumbs up or down, with a comment."""

from __future__ import annotations

import sqlalchemy as sa

from knowledge.warehouse.base import METADATA, instant, text

FEEDBACK = sa.Table(
    "feedback",
    METADATA,
    sa.Column("answer_id", sa.String(40), sa.ForeignKey("answer.answer_id"), primary_key=True),
    sa.Column("principal", sa.String(100), primary_key=True),
    text("rating", 4, required=True),
    sa.Column("comment", sa.Text),
    instant("created_at", required=True),
    instant("updated_at", required=True),
)
"""One opinion per answer and principal; `rating` is "up" or "down"."""
