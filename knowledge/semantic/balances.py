"""Figures that stand at a day instead of adding up over days: stock, open pipeline, partners.

Each is read at the last covered day of the window, or of every bucket: stock as last counted by
then, opportunities open then, partners registered by then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from knowledge.semantic.conditions import Clause, in_scope
from knowledge.semantic.facts import Expression, FactRows, Piece, Request, group, points_table

OPEN: Final = "open"
"""The outcome of an opportunity that is neither won nor lost."""


def balance(
    request: Request, pieces: Sequence[tuple[str, Piece]], points: Sequence[tuple[date, date]]
) -> sa.Select[Any]:
    """Aggregate the rows that stand at each point.

    Args:
        request: the query.
        pieces: aggregates over one fact with one kind of balance.
        points: (bucket, day) pairs; a single one, whose bucket is not read, without a grain.
    """
    piece = pieces[0][1]
    table = FactRows(request.database, piece.fact)
    if not points:
        return group(
            request,
            table,
            pieces,
            [sa.false()],
            None if request.grain is None else sa.cast(sa.null(), sa.Date),
        )
    if request.grain is None:
        clause = _standing(request, table, piece, points[0][1])
        return group(request, table, pieces, clause, None)
    if piece.balance == "last_snapshot":
        counted = _counted_by(request, piece, points)
        table.join(counted, table.rows.c[piece.date] == counted.c.day)
        return group(request, table, pieces, [], counted.c.bucket)
    at = points_table(points)
    table.join(at, _standing_at(request, table, piece, at.c.day))
    return group(request, table, pieces, [], at.c.bucket)


def _standing(request: Request, table: FactRows, piece: Piece, day: date) -> list[Clause]:
    """The rows that stand at one day."""
    if piece.balance == "last_snapshot":
        counted = request.database.tables[piece.fact].alias()
        last = sa.select(sa.func.max(counted.c[piece.date])).where(
            counted.c[piece.date] <= day,
            *in_scope(request.database, piece.fact, counted, request.scope),
        )
        return [table.rows.c[piece.date] == last.scalar_subquery()]
    if day >= request.database.as_of:
        # what is on file now, whatever its dates say
        return [table.rows.c.outcome == OPEN] if piece.balance == "open_interval" else []
    return [_standing_at(request, table, piece, sa.literal(day))]


def _standing_at(request: Request, table: FactRows, piece: Piece, day: Expression) -> Clause:
    rows = table.rows
    today = request.database.as_of
    begun = rows.c[piece.date] <= day
    if piece.balance == "registered":
        return sa.or_(day >= today, begun)
    open_now = rows.c.outcome == OPEN
    open_then = sa.and_(begun, sa.or_(open_now, rows.c.closed_on > day))
    return sa.or_(sa.and_(day >= today, open_now), sa.and_(day < today, open_then))


def _counted_by(request: Request, piece: Piece, points: Sequence[tuple[date, date]]) -> sa.Subquery:
    """For each bucket the last day of count at or before its day."""
    rows = request.database.tables[piece.fact].alias()
    days = (
        sa.select(rows.c[piece.date].label("counted"))
        .where(*in_scope(request.database, piece.fact, rows, request.scope))
        .distinct()
        .subquery()
    )
    at = points_table(points)
    return (
        sa.select(at.c.bucket, sa.func.max(days.c.counted).label("day"))
        .select_from(at.join(days, days.c.counted <= at.c.day))
        .group_by(at.c.bucket)
        .subquery()
    )
