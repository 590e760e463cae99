"""The JSON that programs get: of `leadline ask --json`, of `--batch` and of the HTTP API alike."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from leadline.evidence import Answer, Chart, Citation, ToolResult
from leadline.evidence_json import planning_object
from server.plain_json import instant


def answer_payload(
    answer: Answer,
    question_id: str | None = None,
    *,
    conversation_id: str | None = None,
    created_at: datetime | None = None,
) -> dict[str, Any]:
    """An answer as JSON data; figures in rows are raw numbers, members stand by name.

    Args:
        answer: fresh or stored.
        question_id: the caller's own name for it, in place of the answer's id.
        conversation_id: where it was asked, if the caller knows.
        created_at: when it was stored, in UTC; None for a fresh one.
    """
    return {
        "id": question_id or answer.answer_id,
        "answer_id": answer.answer_id,
        "conversation_id": conversation_id,
        "question": answer.question,
        "status": answer.status,
        "text": answer.text,
        "language": answer.language.value,
        "label": answer.label,
        "reading": answer.reading,
        "citations": [citation_payload(c) for c in answer.citations],
        "options": [{"label": o.label, "question": o.question} for o in answer.options],
        "followups": list(answer.followups),
        "chart": None if answer.chart is None else chart_payload(answer.chart),
        "figures": [
            {
                "start": f.start,
                "end": f.end,
                "citation": f.citation,
                "row": f.row,
                "column": f.column,
            }
            for f in answer.figures
        ],
        "planning": planning_payload(answer),
        "snapshot": answer.snapshot,
        "as_of": answer.as_of.isoformat() if answer.as_of else None,
        "latency_ms": answer.latency_ms,
        "trace_id": answer.trace_id,
        "created_at": None if created_at is None else instant(created_at),
    }


def planning_payload(answer: Answer) -> dict[str, Any]:
    """Who planned, why not the other, and what it took."""
    planning = planning_object(answer.planning)
    zh, en = planning.pop("fallback_zh"), planning.pop("fallback_en")
    text = None if planning["fallback"] is None else {"zh": zh, "en": en}
    return {**planning, "fallback_text": text}


def citation_payload(citation: Citation) -> dict[str, Any]:
    """A citation with its rows."""
    return {
        "id": citation.citation_id,
        "number": citation.number,
        **result_payload(citation.result),
    }


def result_payload(result: ToolResult) -> dict[str, Any]:
    """A tool result with columns, units and rows."""
    return {
        "tool": result.tool,
        "spec": result.arguments,
        "snapshot": result.snapshot,
        "model_version": result.model_version,
        "scope_hash": result.scope_hash,
        "columns": [
            {
                "name": c.name,
                "unit": c.unit.value,
                "label": {"zh": c.label_zh, "en": c.label_en},
                **({"currency": c.currency} if c.currency else {}),
            }
            for c in result.columns
        ],
        "rows": [list(row) for row in result.rows],
        "row_count": result.row_count,
        "truncated": result.truncated,
    }


def chart_payload(chart: Chart) -> dict[str, Any]:
    """A chart over the rows of one citation."""
    return {
        "kind": chart.kind,
        "citation": chart.citation,
        "x": chart.x,
        "y": list(chart.y),
        "series": chart.series,
    }
