"""Traces: how each answer came about, step by step; for those who review them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from knowledge.warehouse.trace_record import StoredTrace, TraceSummary
from knowledge.warehouse.trace_store import TraceFilter, TraceStore
from server.api_models import Form, Limit, Name, Search
from server.door import Overseer, TheDoor
from server.json_response import JsonResponse
from server.problems import problems

router = APIRouter(prefix="/api/traces", tags=["traces"])

MOST_MS = 1e9


class TraceItem(Form):
    """One trace in the list. `answer_id` is null where a question failed."""

    trace_id: str
    answer_id: str | None
    conversation_id: str | None
    question: str
    principal: str
    status: str
    """answered, clarify, refused or failed."""
    planner: str | None
    fallback: str | None
    model: str | None
    duration_ms: float
    started_at: datetime
    spans: int
    error: bool
    """Whether any step failed, even if the answer is good."""
    verdict: str | None
    """What the verifier said: held, rejected, or null where there was nothing to verify."""
    input_tokens: int
    output_tokens: int
    cost: str | None
    currency: str | None
    feedback: Literal["up", "down"] | None
    """Of whoever asked."""


class TracePage(Form):
    """Traces, the newest first."""

    items: list[TraceItem]
    next: str | None
    """What to give as `before` for the next page; null at the end."""


class SpanEventOut(Form):
    """Something that happened within a step."""

    name: str
    at_ms: float
    attributes: dict[str, Any]


class SpanOut(Form):
    """One step. Times are milliseconds since the trace began."""

    span_id: str
    parent_id: str | None
    name: str
    kind: Literal["AGENT", "CHAIN", "LLM", "TOOL", "GUARDRAIL", "RETRIEVER"]
    start_ms: float
    duration_ms: float
    status: Literal["ok", "error"]
    error: str | None
    attributes: dict[str, Any]
    """GenAI and OpenInference attributes, masked and bounded."""
    events: list[SpanEventOut]


class TraceOut(Form):
    """A trace with all its steps."""

    trace_id: str
    answer_id: str | None
    conversation_id: str | None
    question: str
    status: str
    started_at: datetime
    duration_ms: float
    principal: str
    error: str | None
    spans: list[SpanOut]


def item_payload(found: TraceSummary) -> dict[str, Any]:
    """A trace in the list as JSON data."""
    return {
        "trace_id": found.trace_id,
        "answer_id": found.answer_id,
        "conversation_id": found.conversation_id,
        "question": found.question,
        "principal": found.principal,
        "status": found.status,
        "planner": found.planner,
        "fallback": found.fallback,
        "model": found.model,
        "duration_ms": found.duration_ms,
        "started_at": found.started_at,
        "spans": found.span_count,
        "error": found.error is not None or found.failed_spans > 0,
        "verdict": found.verdict,
        "input_tokens": found.input_tokens,
        "output_tokens": found.output_tokens,
        "cost": found.cost,
        "currency": found.currency,
        "feedback": found.feedback,
    }


def trace_payload(stored: StoredTrace) -> dict[str, Any]:
    """A trace with its steps as JSON data."""
    found = stored.summary
    return {
        "trace_id": found.trace_id,
        "answer_id": found.answer_id,
        "conversation_id": found.conversation_id,
        "question": found.question,
        "status": found.status,
        "started_at": found.started_at,
        "duration_ms": found.duration_ms,
        "principal": found.principal,
        "error": found.error,
        "spans": stored.spans,
    }


Word = Annotated[str | None, Query(max_length=40, pattern=r"^[^\x00]*$")]


@router.get(
    "",
    response_model=TracePage,
    responses=problems(401, 403, 422, 429, 500, 503),
    summary="List traces",
)
def traces(
    door: TheDoor,
    principal: Overseer,
    q: Search = None,
    status: Word = None,
    planner: Word = None,
    verdict: Word = None,
    min_ms: Annotated[
        float | None, Query(ge=0, le=MOST_MS, description="Only what took so long")
    ] = None,
    limit: Limit = 50,
    before: Annotated[
        str | None,
        Query(max_length=100, pattern=r"^[^\x00]*$", description="`next`, or an ISO instant"),
    ] = None,
) -> Response:
    """The traces of all questions, the newest first."""
    wanted = TraceFilter(text=q, status=status, planner=planner, verdict=verdict, min_ms=min_ms)
    page = TraceStore(door.service.evidence.engine).list(
        wanted, principal, before=before, limit=limit
    )
    return JsonResponse({"items": [item_payload(i) for i in page.items], "next": page.next})


@router.get(
    "/{trace_id}",
    response_model=TraceOut,
    responses=problems(401, 403, 404, 422, 429, 500, 503),
    summary="Read a trace",
)
def trace(trace_id: Name, door: TheDoor, principal: Overseer) -> Response:
    """Every step of one question, with arguments, results and verdicts."""
    found = TraceStore(door.service.evidence.engine).get(trace_id, principal)
    return JsonResponse(trace_payload(found))
