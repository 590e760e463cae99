"""The JSON that programs get: the contract of `leadline ask --json` and `--batch`."""

from __future__ import annotations

from typing import Any

from leadline.evidence import Answer, Citation, ToolResult
from leadline.evidence_json import planning_object
from leadline.types import Language


def answer_payload(answer: Answer, question_id: str | None = None) -> dict[str, Any]:
    """An answer as JSON data; figures in rows are raw numbers, members stand by name."""
    return {
        "id": question_id or answer.answer_id,
        "status": answer.status,
        "text": answer.text,
        "language": answer.language.value,
        "label": answer.label,
        "reading": answer.reading,
        "citations": [citation_payload(c) for c in answer.citations],
        "options": [{"label": o.label, "question": o.question} for o in answer.options],
        "followups": list(answer.followups),
        "chart": _chart(answer),
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
        "answer_id": answer.answer_id,
        "question": answer.question,
        "trace_id": answer.trace_id,
        "snapshot": answer.snapshot,
        "as_of": answer.as_of.isoformat() if answer.as_of else None,
        "latency_ms": answer.latency_ms,
    }


def planning_payload(answer: Answer) -> dict[str, Any]:
    """Who planned, why not the other, and what it took; the fallback in the answer's language."""
    planning = planning_object(answer.planning)
    zh, en = planning.pop("fallback_zh"), planning.pop("fallback_en")
    return {**planning, "fallback_text": zh if answer.language is Language.ZH else en}


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


def _chart(answer: Answer) -> dict[str, Any] | None:
    chart = answer.chart
    if chart is None:
        return None
    return {
        "kind": chart.kind,
        "citation": chart.citation,
        "x": chart.x,
        "y": list(chart.y),
        "series": chart.series,
    }
