"""Conversations as a list: what was first asked in them, how much, and when last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from knowledge.warehouse.answers import ANSWER


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """One conversation; `title` is its first question."""

    conversation_id: str
    title: str
    answers: int
    started_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose conversations: a principal's name and the scope under which they asked."""

    principal: str
    scope_hash: str


def list_conversations(
    engine: sa.Engine,
    *,
    owner: Owner | None = None,
    containing: str | None = None,
    before: datetime | None = None,
    limit: int = 50,
) -> list[ConversationSummary]:
    """Conversations, the last asked in first.

    Args:
        engine: the system of record, migrated.
        owner: only theirs, and only what they asked under that scope; None for everybody's.
        containing: only those with this text in a question, in any case.
        before: only those last asked in before this instant (to page on).
        limit: at most so many.
    """
    columns = ANSWER.c
    seen: list[sa.ColumnElement[bool]] = []
    if owner is not None:
        seen = [columns.principal == owner.principal, columns.scope_hash == owner.scope_hash]
    updated = sa.func.max(columns.created_at)
    query = (
        sa.select(
            columns.conversation_id,
            sa.func.count().label("answers"),
            sa.func.min(columns.created_at).label("started_at"),
            updated.label("updated_at"),
        )
        .where(*seen)
        .group_by(columns.conversation_id)
        .order_by(updated.desc(), columns.conversation_id)
        .limit(limit)
    )
    if containing:
        found = columns.question.icontains(containing, autoescape=True)
        query = query.where(
            columns.conversation_id.in_(sa.select(columns.conversation_id).where(found, *seen))
        )
    if before is not None:
        query = query.having(updated < before)
    with engine.connect() as connection:
        rows = connection.execute(query).all()
        titles = _first_questions(connection, rows, seen)
    return [
        ConversationSummary(
            row.conversation_id,
            titles[row.conversation_id],
            row.answers,
            row.started_at,
            row.updated_at,
        )
        for row in rows
    ]


def _first_questions(
    connection: sa.Connection,
    rows: Sequence[sa.Row[Any]],
    seen: list[sa.ColumnElement[bool]],
) -> dict[str, str]:
    """Conversation → what was asked first."""
    columns = ANSWER.c
    if not rows:
        return {}
    query = (
        sa.select(columns.conversation_id, columns.question)
        .where(*seen)
        .where(columns.conversation_id.in_([row.conversation_id for row in rows]))
        .where(columns.created_at.in_([row.started_at for row in rows]))
        .order_by(columns.created_at.desc(), columns.answer_id.desc())
    )
    # the oldest comes last and stays
    return {row.conversation_id: row.question for row in connection.execute(query)}
