"""Thumbs up or down on answers: one per answer and principal, changed or taken back at will."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast, get_args

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from knowledge.warehouse.answers import ANSWER
from knowledge.warehouse.feedback import FEEDBACK
from knowledge.warehouse.lock import writing
from knowledge.warehouse.schema import upgrade
from leadline.clock import now_utc
from leadline.errors import InputError, NotFoundError

Rating = Literal["up", "down"]

LONGEST_COMMENT = 2000
"""Characters; a comment says what is wrong, it is no document."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What one principal says of one answer; `created_at` is when they first said something."""

    answer_id: str
    principal: str
    rating: Rating
    comment: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class RatedAnswer:
    """Feedback with the question that the answer was given to."""

    feedback: Feedback
    question: str
    status: str
    conversation_id: str


class FeedbackStore:
    """Feedback in the system of record, migrated first where needed.

    Whether a principal may see an answer at all is for the caller to check.
    """

    def __init__(self, engine: sa.Engine) -> None:
        upgrade(engine)
        self._engine = engine

    def set(
        self, answer_id: str, principal: str, rating: Rating, comment: str | None = None
    ) -> Feedback:
        """Keep what a principal says of an answer, in place of what they said before.

        Args:
            answer_id: a stored answer.
            principal: the name of whoever rates.
            rating: "up" or "down".
            comment: at most `LONGEST_COMMENT` characters; blank is none.

        Raises:
            NotFoundError: no such answer is stored.
            InputError: another rating, or a comment that is too long.
            BusyError: the database stays locked by another writer.
        """
        rating = rating_of(rating)
        said = (comment or "").strip() or None
        if said is not None and len(said) > LONGEST_COMMENT:
            raise InputError(
                f"the comment has {len(said)} characters, at most {LONGEST_COMMENT} are kept"
            )
        now = now_utc()
        with writing(self._engine) as connection:
            known = sa.select(ANSWER.c.answer_id).where(ANSWER.c.answer_id == answer_id)
            if connection.execute(known).first() is None:
                raise NotFoundError(f"no answer {answer_id!r} is stored")
            # one statement, so that two clicks at once do not clash
            insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
            said_now = {"rating": rating, "comment": said, "updated_at": now}
            connection.execute(
                insert(FEEDBACK)
                .values(answer_id=answer_id, principal=principal, created_at=now, **said_now)
                .on_conflict_do_update(index_elements=["answer_id", "principal"], set_=said_now)
            )
            kept = sa.select(FEEDBACK).where(_of(answer_id, principal))
            return _feedback(connection.execute(kept).one())

    def get(self, answer_id: str, principal: str) -> Feedback | None:
        """What a principal says of an answer; None where they said nothing."""
        with self._engine.connect() as connection:
            query = sa.select(FEEDBACK).where(_of(answer_id, principal))
            row = connection.execute(query).one_or_none()
        return None if row is None else _feedback(row)

    def of_answers(self, answer_ids: Iterable[str], principal: str) -> dict[str, Feedback]:
        """What a principal says of these answers, by answer; without those left unrated."""
        wanted = tuple(answer_ids)
        query = sa.select(FEEDBACK).where(
            FEEDBACK.c.answer_id.in_(wanted), FEEDBACK.c.principal == principal
        )
        with self._engine.connect() as connection:
            return {row.answer_id: _feedback(row) for row in connection.execute(query)}

    def of_answer(self, answer_id: str) -> tuple[Feedback, ...]:
        """What anybody says of an answer, oldest first."""
        query = (
            sa.select(FEEDBACK)
            .where(FEEDBACK.c.answer_id == answer_id)
            .order_by(FEEDBACK.c.created_at, FEEDBACK.c.principal)
        )
        with self._engine.connect() as connection:
            return tuple(_feedback(row) for row in connection.execute(query))

    def remove(self, answer_id: str, principal: str) -> bool:
        """Take back what a principal said of an answer; whether there was anything.

        Raises:
            BusyError: the database stays locked by another writer.
        """
        with writing(self._engine) as connection:
            gone = connection.execute(sa.delete(FEEDBACK).where(_of(answer_id, principal)))
        return bool(gone.rowcount)

    def list(
        self,
        *,
        rating: Rating | None = None,
        principal: str | None = None,
        limit: int = 50,
        before: datetime | None = None,
    ) -> tuple[RatedAnswer, ...]:
        """Feedback with its questions, what was said last first.

        Args:
            rating: only this one.
            principal: only what this one said.
            limit: at most so many.
            before: only what was said earlier than this (to page on).
        """
        query = (
            sa.select(FEEDBACK, ANSWER.c.question, ANSWER.c.status, ANSWER.c.conversation_id)
            .join(ANSWER, ANSWER.c.answer_id == FEEDBACK.c.answer_id)
            .order_by(FEEDBACK.c.updated_at.desc(), FEEDBACK.c.answer_id, FEEDBACK.c.principal)
            .limit(limit)
        )
        if rating is not None:
            query = query.where(FEEDBACK.c.rating == rating)
        if principal is not None:
            query = query.where(FEEDBACK.c.principal == principal)
        if before is not None:
            query = query.where(FEEDBACK.c.updated_at < before)
        with self._engine.connect() as connection:
            return tuple(
                RatedAnswer(_feedback(row), row.question, row.status, row.conversation_id)
                for row in connection.execute(query)
            )


def rating_of(text: str) -> Rating:
    """A rating as typed.

    Raises:
        InputError: it is none.
    """
    for rating in get_args(Rating):
        if text == rating:
            return cast("Rating", rating)
    raise InputError(f"rating {text!r} is not one of up, down")


def _of(answer_id: str, principal: str) -> sa.ColumnElement[bool]:
    return sa.and_(FEEDBACK.c.answer_id == answer_id, FEEDBACK.c.principal == principal)


def _feedback(row: sa.Row[Any]) -> Feedback:
    return Feedback(
        row.answer_id, row.principal, row.rating, row.comment, row.created_at, row.updated_at
    )
