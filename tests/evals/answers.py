"""Hand-made answers in the JSON contract of `leadline ask --json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evals.cases import Case


def citation(
    columns: Mapping[str, str], rows: Sequence[Sequence[object]], *, row_count: int | None = None
) -> dict[str, Any]:
    """A citation; `columns` map names to units."""
    total = len(rows) if row_count is None else row_count
    return {
        "id": "c1",
        "tool": "query",
        "spec": {"metrics": ["amount"], "limit": 5},
        "snapshot": 1,
        "columns": [{"name": name, "unit": unit} for name, unit in columns.items()],
        "rows": [list(row) for row in rows],
        "row_count": total,
        "truncated": total > len(rows),
    }


def answer(text: str = "", *citations: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    """An answer with status `answered` unless told otherwise."""
    return {
        "status": "answered",
        "text": text,
        "reading": "",
        "citations": list(citations),
        "options": [],
        "latency_ms": 12.5,
        **fields,
    }


def case(question: str = "2013年销售额", **fields: Any) -> Case:
    """A case; `expect` as JSON data, answered by default."""
    expect = {"status": "answered", **fields.pop("expect", {})}
    body = {"id": "x-1-zh", "kind": "total", "lang": "zh", "question": question, **fields}
    return Case.model_validate({**body, "expect": expect})


MONEY = {"value": 33574834.1572, "unit": "money"}
ONE_FIGURE = citation({"amount": "money"}, [[33574834.1572]])
TWO_COUNTRIES = citation(
    {"country": "text", "amount": "money", "amount__share": "ratio"},
    [["France", 3124052.1517, 0.0930474336], ["Germany", 1803947.4666, 0.0537291]],
)
