"""Evidence as JSON text and back, exactly: what is read equals what was written.

Figures stay the ints and floats that they were (Python's JSON writes the shortest text that reads
back as the same float); dates are ISO text. NaN and infinity are refused: no figure may be one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar

from leadline.errors import IntegrityError
from leadline.evidence import (
    BY_RULES,
    Answer,
    Chart,
    Citation,
    Column,
    Figure,
    Option,
    Planning,
    ToolResult,
)
from leadline.types import Language, Unit

T = TypeVar("T")
JsonObject: TypeAlias = dict[str, Any]


def dump_result(result: ToolResult) -> str:
    """A tool result as JSON text."""
    return _dump(result_object(result))


def load_result(text: str) -> ToolResult:
    """The tool result that `dump_result` wrote.

    Raises:
        IntegrityError: the text is not one.
    """
    return _load(text, "tool result", result_from)


def dump_answer(answer: Answer) -> str:
    """An answer with its citations as JSON text."""
    return _dump(answer_object(answer))


def load_answer(text: str) -> Answer:
    """The answer that `dump_answer` wrote.

    Raises:
        IntegrityError: the text is not one.
    """
    return _load(text, "answer", answer_from)


def result_object(result: ToolResult) -> JsonObject:
    """A tool result as JSON data (dict, list, str, int, float, bool, None)."""
    return {
        "tool": result.tool,
        "arguments": result.arguments,
        "model_version": result.model_version,
        "snapshot": result.snapshot,
        "scope_hash": result.scope_hash,
        "as_of": result.as_of.isoformat(),
        "columns": [
            {
                "name": column.name,
                "unit": column.unit.value,
                "label_zh": column.label_zh,
                "label_en": column.label_en,
                "currency": column.currency,
            }
            for column in result.columns
        ],
        "rows": [list(row) for row in result.rows],
        "row_count": result.row_count,
        "truncated": result.truncated,
    }


def result_from(data: Mapping[str, Any]) -> ToolResult:
    """The tool result of `result_object`'s data."""
    return ToolResult(
        tool=data["tool"],
        arguments=data["arguments"],
        model_version=data["model_version"],
        snapshot=data["snapshot"],
        scope_hash=data["scope_hash"],
        as_of=date.fromisoformat(data["as_of"]),
        columns=tuple(
            Column(
                column["name"],
                Unit(column["unit"]),
                column["label_zh"],
                column["label_en"],
                column["currency"],
            )
            for column in data["columns"]
        ),
        rows=tuple(tuple(row) for row in data["rows"]),
        row_count=data["row_count"],
        truncated=data["truncated"],
    )


def answer_object(answer: Answer) -> JsonObject:
    """An answer with its citations as JSON data."""
    chart = answer.chart
    return {
        "answer_id": answer.answer_id,
        "question": answer.question,
        "status": answer.status,
        "text": answer.text,
        "language": answer.language.value,
        "label": answer.label,
        "reading": answer.reading,
        "citations": [
            {
                "citation_id": citation.citation_id,
                "number": citation.number,
                "result": result_object(citation.result),
            }
            for citation in answer.citations
        ],
        "options": [
            {"label": option.label, "question": option.question} for option in answer.options
        ],
        "followups": list(answer.followups),
        "chart": chart
        and {
            "kind": chart.kind,
            "citation": chart.citation,
            "x": chart.x,
            "y": list(chart.y),
            "series": chart.series,
        },
        "snapshot": answer.snapshot,
        "as_of": answer.as_of and answer.as_of.isoformat(),
        "latency_ms": answer.latency_ms,
        "trace_id": answer.trace_id,
        "figures": [[f.start, f.end, f.citation, f.row, f.column] for f in answer.figures],
        "planning": planning_object(answer.planning),
    }


def planning_object(planning: Planning) -> JsonObject:
    """Who planned, as JSON data; the cost as decimal text."""
    return {
        **asdict(planning),
        "cost": None if planning.cost is None else str(planning.cost),
    }


def _planning_from(data: Mapping[str, Any] | None) -> Planning:
    if data is None:  # answers of the time when there was one planner
        return BY_RULES
    cost = data["cost"]
    return Planning(**{**data, "cost": None if cost is None else Decimal(cost)})


def answer_from(data: Mapping[str, Any]) -> Answer:
    """The answer of `answer_object`'s data."""
    chart = data["chart"]
    return Answer(
        answer_id=data["answer_id"],
        question=data["question"],
        status=data["status"],
        text=data["text"],
        language=Language(data["language"]),
        label=data["label"],
        reading=data["reading"],
        citations=tuple(
            Citation(item["citation_id"], item["number"], result_from(item["result"]))
            for item in data["citations"]
        ),
        options=tuple(Option(item["label"], item["question"]) for item in data["options"]),
        followups=tuple(data["followups"]),
        chart=chart
        and Chart(chart["kind"], chart["citation"], chart["x"], tuple(chart["y"]), chart["series"]),
        snapshot=data["snapshot"],
        as_of=data["as_of"] and date.fromisoformat(data["as_of"]),
        latency_ms=data["latency_ms"],
        trace_id=data["trace_id"],
        figures=tuple(Figure(*item) for item in data.get("figures", ())),
        planning=_planning_from(data.get("planning")),
    )


def _dump(data: JsonObject) -> str:
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _load(text: str, what: str, build: Callable[[Mapping[str, Any]], T]) -> T:
    try:
        return build(json.loads(text))
    except (ValueError, KeyError, TypeError) as error:
        raise IntegrityError(f"stored {what} cannot be read: {error!r}") from error
