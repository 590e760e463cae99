"""What is kept of a trace: its spans, masked and bounded, and a summary to search by."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from leadline.access import Principal
from leadline.bounds import bounded, short_text
from leadline.evidence import Answer
from leadline.masking import masked, masked_data

FAILED = "failed"
"""The status of a question that ended in an error."""
VERIFIER = "verify"
"""The span of the verifier; its attribute `verdict` counts."""
VERDICTS = ("rejected", "held")
MAX_SPANS = 500
MAX_TRACE_CHARACTERS = 400_000
"""Of the spans of one trace as JSON; beyond it long attributes are left out."""
LONG_ATTRIBUTE = 1_000

JsonSpan = dict[str, Any]


class FinishedTrace(Protocol):
    """What is kept of a trace, whoever recorded it."""

    trace_id: str
    started_at: datetime

    @property
    def elapsed_ms(self) -> float:
        """How long it has lasted, in milliseconds."""
        ...

    def as_json(self) -> list[dict[str, object]]:
        """Its spans."""
        ...


@dataclass(frozen=True, slots=True)
class TraceSummary:
    """A trace without its spans. `failed_spans` may be more than 0 on a good answer.

    `verdict` is `rejected` where the verifier rejected anything, even if what was then told held.
    `feedback` is the asker's: up, down or None.
    """

    trace_id: str
    answer_id: str | None
    conversation_id: str | None
    question: str
    principal: str
    scope_hash: str
    status: str
    started_at: datetime
    duration_ms: float
    planner: str | None
    fallback: str | None
    model: str | None
    verdict: str | None
    error: str | None
    span_count: int
    failed_spans: int
    llm_calls: int
    input_tokens: int
    output_tokens: int
    cost: str | None
    currency: str | None
    feedback: str | None = None


@dataclass(frozen=True, slots=True)
class StoredTrace:
    """A trace with its spans (see `agents.traces.Span.as_json` for their form)."""

    summary: TraceSummary
    spans: tuple[JsonSpan, ...]


def answered_trace(
    answer: Answer,
    spans: Sequence[Mapping[str, object]],
    *,
    conversation_id: str,
    principal: Principal,
    started_at: datetime,
    secrets: Collection[str] = (),
) -> StoredTrace:
    """The trace of an answer, masked. `secrets` are masked wherever they stand."""
    planning = answer.planning
    kept = _kept_spans(spans, secrets)
    base = _summary(
        kept,
        trace_id=answer.trace_id,
        question=answer.question,
        principal=principal,
        started_at=started_at,
        duration_ms=answer.latency_ms,
        secrets=secrets,
    )
    return StoredTrace(
        replace(
            base,
            answer_id=answer.answer_id,
            conversation_id=conversation_id,
            status=answer.status,
            planner=planning.planner,
            fallback=planning.fallback,
            model=planning.model,
            llm_calls=planning.llm_calls,
            input_tokens=planning.input_tokens,
            output_tokens=planning.output_tokens,
            cost=None if planning.cost is None else str(planning.cost),
            currency=planning.currency,
        ),
        kept,
    )


def failed_trace(
    trace: FinishedTrace,
    question: str,
    principal: Principal,
    *,
    conversation_id: str | None = None,
    secrets: Collection[str] = (),
) -> StoredTrace:
    """The trace of a question that ended in an error, masked."""
    kept = _kept_spans(trace.as_json(), secrets)
    base = _summary(
        kept,
        trace_id=trace.trace_id,
        question=question,
        principal=principal,
        started_at=trace.started_at,
        duration_ms=trace.elapsed_ms,
        secrets=secrets,
    )
    return StoredTrace(replace(base, conversation_id=conversation_id, status=FAILED), kept)


def _kept_spans(
    spans: Sequence[Mapping[str, object]], secrets: Collection[str]
) -> tuple[JsonSpan, ...]:
    """Spans as JSON data: bounded, masked, complete in form."""
    made: list[JsonSpan] = []
    for at, span in enumerate(spans[:MAX_SPANS]):
        plain = masked_data(bounded(span), known=secrets)
        assert isinstance(plain, dict)  # noqa: S101 - a mapping stays one
        made.append(full_span(at, plain))
    if made and len(spans) > MAX_SPANS:
        made[0]["attributes"]["spans_left_out"] = len(spans) - MAX_SPANS
    if len(json.dumps(made, ensure_ascii=False)) > MAX_TRACE_CHARACTERS:
        for span in made:
            span["attributes"] = {k: _brief(v) for k, v in span["attributes"].items()}
    return tuple(made)


def _brief(value: object) -> object:
    size = len(json.dumps(value, ensure_ascii=False))
    return value if size <= LONG_ATTRIBUTE else f"[left out, {size} characters]"


def full_span(at: int, span: Mapping[str, Any]) -> JsonSpan:
    """In full form; spans of earlier versions had neither ids nor kinds."""
    error = span.get("error")
    return {
        "span_id": span.get("span_id") or f"{at + 1:016x}",
        "parent_id": span.get("parent_id"),
        "name": span.get("name", ""),
        "kind": span.get("kind", "CHAIN"),
        "start_ms": span.get("start_ms", 0.0),
        "duration_ms": span.get("duration_ms", 0.0),
        "status": span.get("status") or ("error" if error else "ok"),
        "error": error,
        "attributes": span.get("attributes") or {},
        "events": span.get("events") or [],
    }


def _summary(
    spans: Sequence[JsonSpan],
    *,
    trace_id: str,
    question: str,
    principal: Principal,
    started_at: datetime,
    duration_ms: float,
    secrets: Collection[str],
) -> TraceSummary:
    """What the spans themselves tell."""
    attributes = [span["attributes"] for span in spans]
    models = [a["gen_ai.request.model"] for a in attributes if a.get("gen_ai.request.model")]
    root = next((span for span in spans if span["parent_id"] is None), None)
    return TraceSummary(
        trace_id=trace_id,
        answer_id=None,
        conversation_id=None,
        question=short_text(masked(question, known=secrets)),
        principal=principal.name,
        scope_hash=principal.scope.digest,
        status="",
        started_at=started_at,
        duration_ms=round(duration_ms, 3),
        planner="llm" if models else "rules",
        fallback=None,
        model=models[-1] if models else None,
        verdict=_verdict(spans),
        error=None if root is None or not root["error"] else short_text(str(root["error"]), 500),
        span_count=len(spans),
        failed_spans=sum(span["status"] == "error" for span in spans),
        llm_calls=sum(span["kind"] == "LLM" for span in spans),
        input_tokens=_total(attributes, "gen_ai.usage.input_tokens"),
        output_tokens=_total(attributes, "gen_ai.usage.output_tokens"),
        cost=None,
        currency=None,
    )


def _verdict(spans: Sequence[JsonSpan]) -> str | None:
    """`rejected` where the verifier rejected anything, else `held` where it was asked at all."""
    said = {
        str(span["attributes"].get("verdict", "")).partition(":")[0]
        for span in spans
        if span["name"] == VERIFIER
    }
    return next((verdict for verdict in VERDICTS if verdict in said), None)


def _total(attributes: Sequence[Mapping[str, Any]], key: str) -> int:
    return sum(value for a in attributes if isinstance(value := a.get(key), int))
