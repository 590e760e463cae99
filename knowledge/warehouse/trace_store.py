"""Traces: how each answer came about, and each question that got none.

A trace goes after its retention; the answer and its citations, which are evidence, stay.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from knowledge.warehouse.answers import TRACE
from knowledge.warehouse.feedback import FEEDBACK
from knowledge.warehouse.lock import writing
from knowledge.warehouse.trace_record import (
    FinishedTrace,
    StoredTrace,
    TraceSummary,
    failed_trace,
    full_span,
)
from leadline.access import Principal
from leadline.clock import now_utc
from leadline.errors import InputError, NotFoundError

PRUNED_AT_ONCE = 500
"""Rows that one transaction of pruning removes."""
MOST_LISTED = 200
GONE = "traces are removed after LEADLINE_TRACE_DAYS; their answers stay"


@dataclass(frozen=True, slots=True)
class TraceFilter:
    """Which traces are wanted; None leaves a field out. `text` stands in the question."""

    text: str | None = None
    status: str | None = None
    planner: str | None = None
    verdict: str | None = None
    min_ms: float | None = None
    conversation_id: str | None = None


@dataclass(frozen=True, slots=True)
class TracePage:
    """Traces, newest first. `next` is the cursor of the page after, None at the end."""

    items: tuple[TraceSummary, ...]
    next: str | None


class TraceStore:
    """The traces in the system of record; the schema must be up to date."""

    def __init__(self, engine: sa.Engine, *, secrets: Collection[str] = ()) -> None:
        self._engine = engine
        self._secrets = tuple(secrets)

    def save(self, trace: StoredTrace) -> None:
        """Keep a trace.

        Raises:
            BusyError: the database stays locked by another writer.
            IntegrityError: it is kept already.
        """
        with writing(self._engine) as connection:
            insert_trace(connection, trace)

    def save_failed(
        self,
        trace: FinishedTrace,
        question: str,
        principal: Principal,
        *,
        conversation_id: str | None = None,
    ) -> StoredTrace:
        """Keep the trace of a question that ended in an error; what was kept.

        Raises:
            BusyError: the database stays locked by another writer.
        """
        stored = failed_trace(
            trace, question, principal, conversation_id=conversation_id, secrets=self._secrets
        )
        self.save(stored)
        return stored

    def list(
        self,
        wanted: TraceFilter,
        principal: Principal,
        *,
        before: str | None = None,
        limit: int = 50,
    ) -> TracePage:
        """Traces that the principal may see, newest first.

        Args:
            wanted: which ones.
            principal: who looks (see `get`).
            before: a page's `next`, or an ISO instant (exclusive).
            limit: at most so many, 1 to 200.

        Raises:
            InputError: `before` is no cursor.
        """
        limit = max(1, min(limit, MOST_LISTED))
        query = _select(_SUMMARY_COLUMNS).where(_visible(principal), *_conditions(wanted))
        if before is not None:
            query = query.where(_older_than(before))
        query = query.order_by(TRACE.c.started_at.desc(), TRACE.c.trace_id.desc())
        with self._engine.connect() as connection:
            rows = connection.execute(query.limit(limit + 1)).all()
        items = tuple(_summary_of(row) for row in rows[:limit])
        return TracePage(items, _cursor(items[-1]) if len(rows) > limit else None)

    def get(self, trace_id: str, principal: Principal) -> StoredTrace:
        """A trace with its spans.

        Who oversees sees every trace; others see those of their own questions, as long as their
        scope is the one under which they asked.

        Raises:
            NotFoundError: there is none, or it is not theirs to see.
        """
        query = _select((*_SUMMARY_COLUMNS, TRACE.c.spans)).where(
            TRACE.c.trace_id == trace_id, _visible(principal)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError(
                f"no trace {trace_id!r} is stored",
                hint=GONE,
            )
        spans = tuple(full_span(at, span) for at, span in enumerate(json.loads(row.spans)))
        return StoredTrace(_summary_of(row), spans)

    def of_answer(self, answer_id: str, principal: Principal) -> StoredTrace:
        """The trace of an answer.

        Raises:
            NotFoundError: there is none (any more), or it is not theirs to see.
        """
        query = sa.select(TRACE.c.trace_id).where(TRACE.c.answer_id == answer_id)
        with self._engine.connect() as connection:
            trace_id = connection.scalar(query)
        return self.get(trace_id or answer_id, principal)

    def prune(
        self, older_than_days: float, *, now: datetime | None = None, most: int | None = None
    ) -> int:
        """Remove traces that began more than so many days ago; how many were removed.

        Args:
            older_than_days: the retention.
            now: the instant to count back from; the clock's by default.
            most: stop after so many, for callers who cannot wait.

        Raises:
            BusyError: the database stays locked by another writer.
        """
        cutoff = (now or now_utc()) - timedelta(days=older_than_days)
        removed = 0
        while most is None or removed < most:
            at_once = PRUNED_AT_ONCE if most is None else min(PRUNED_AT_ONCE, most - removed)
            old = (
                sa.select(TRACE.c.trace_id)
                .where(TRACE.c.started_at < cutoff)
                .order_by(TRACE.c.started_at)
                .limit(at_once)
            )
            with self._engine.connect() as connection:
                ids = list(connection.scalars(old))
            if ids:
                with writing(self._engine) as connection:
                    done = connection.execute(sa.delete(TRACE).where(TRACE.c.trace_id.in_(ids)))
                    removed += done.rowcount
            if len(ids) < at_once:
                break
        return removed


def insert_trace(connection: sa.Connection, trace: StoredTrace) -> None:
    """Write a trace within the caller's transaction."""
    values = asdict(trace.summary)
    del values["feedback"]
    spans = json.dumps(trace.spans, ensure_ascii=False)
    connection.execute(sa.insert(TRACE), {**values, "spans": spans})


_SUMMARY_COLUMNS: tuple[sa.Column[Any], ...] = tuple(
    column for column in TRACE.c if column.name != "spans"
)


def _select(columns: Sequence[sa.Column[Any]]) -> sa.Select[Any]:
    own = sa.and_(
        FEEDBACK.c.answer_id == TRACE.c.answer_id, FEEDBACK.c.principal == TRACE.c.principal
    )
    joined = TRACE.outerjoin(FEEDBACK, own)
    return sa.select(*columns, FEEDBACK.c.rating.label("feedback")).select_from(joined)


def _visible(principal: Principal) -> sa.ColumnElement[bool]:
    if principal.oversees:
        return sa.true()
    return sa.and_(
        TRACE.c.principal == principal.name, TRACE.c.scope_hash == principal.scope.digest
    )


def _conditions(wanted: TraceFilter) -> list[sa.ColumnElement[bool]]:
    made: list[sa.ColumnElement[bool]] = []
    if wanted.text:
        made.append(TRACE.c.question.icontains(wanted.text, autoescape=True))
    for column, value in (
        (TRACE.c.status, wanted.status),
        (TRACE.c.planner, wanted.planner),
        (TRACE.c.verdict, wanted.verdict),
        (TRACE.c.conversation_id, wanted.conversation_id),
    ):
        if value is not None:
            made.append(column == value)
    if wanted.min_ms is not None:
        made.append(TRACE.c.duration_ms >= wanted.min_ms)
    return made


def _cursor(last: TraceSummary) -> str:
    return f"{last.started_at.isoformat()}~{last.trace_id}"


def _older_than(cursor: str) -> sa.ColumnElement[bool]:
    instant, _, trace_id = cursor.partition("~")
    try:
        at = datetime.fromisoformat(instant)
    except ValueError as error:
        raise InputError(
            f"before={cursor!r} is neither a cursor nor an ISO instant",
            hint="pass on what the last page gave as next",
        ) from error
    if at.tzinfo is None:
        raise InputError(f"before={cursor!r} has no time zone", hint="for example …T00:00:00Z")
    earlier: sa.ColumnElement[bool] = TRACE.c.started_at < at
    if not trace_id:
        return earlier
    return sa.or_(earlier, sa.and_(TRACE.c.started_at == at, TRACE.c.trace_id < trace_id))


def _summary_of(row: sa.Row[Any]) -> TraceSummary:
    return TraceSummary(
        trace_id=row.trace_id,
        answer_id=row.answer_id,
        conversation_id=row.conversation_id,
        question=row.question or "",
        principal=row.principal or "",
        scope_hash=row.scope_hash or "",
        status=row.status or "",
        started_at=row.started_at,
        duration_ms=row.duration_ms or 0.0,
        planner=row.planner,
        fallback=row.fallback,
        model=row.model,
        verdict=row.verdict,
        error=row.error,
        span_count=row.span_count or 0,
        failed_spans=row.failed_spans or 0,
        llm_calls=row.llm_calls or 0,
        input_tokens=row.input_tokens or 0,
        output_tokens=row.output_tokens or 0,
        cost=row.cost,
        currency=row.currency,
        feedback=row.feedback,
    )
