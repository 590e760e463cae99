"""A result as a language model may see it: how much of it depends on the share level."""

from __future__ import annotations

from typing import Final

from agents.llm.tool_members import dimension_of
from agents.llm.veil import Veil
from agents.wording import spec_of
from leadline.evidence import Column, ToolResult
from leadline.types import Scalar, Unit

ROWS_TOLD: Final = 30
"""Rows that a model is told of one result; slots may name any row."""

DEFINITIONS: Final = frozenset({"explain"})
"""Tools whose rows speak of the model of the data, not of the data."""


def told(number: int, result: ToolResult, veil: Veil) -> dict[str, object]:
    """What the model hears of a result.

    schema: columns and how many rows. aggregates and rows: also the first rows, with the members
    of veiled dimensions as placeholders.
    """
    body: dict[str, object] = {
        "citation": number,
        "columns": [_column(column) for column in result.columns],
        "row_count": result.row_count,
        "rows_held": len(result.rows),
        "truncated": result.truncated,
    }
    if veil.share == "schema" and result.tool not in DEFINITIONS:
        return body
    dimensions = [_dimension(result, column, veil) for column in result.columns]
    sentences = [_sentences(result, column) for column in result.columns]
    body["rows"] = [
        [
            _cell(value, name, veil, free=free)
            for value, name, free in zip(row, dimensions, sentences, strict=True)
        ]
        for row in result.rows[:ROWS_TOLD]
    ]
    return body


def _sentences(result: ToolResult, column: Column) -> bool:
    """Whether a column holds texts of a tool, which may name members inside."""
    return column.unit is Unit.TEXT and result.tool not in DEFINITIONS and spec_of(result) is None


def _column(column: Column) -> dict[str, object]:
    found: dict[str, object] = {"name": column.name, "unit": column.unit.value}
    if column.currency:
        found["currency"] = column.currency
    return found


def _dimension(result: ToolResult, column: Column, veil: Veil) -> str | None:
    """The dimension whose members stand in a column; None for figures, dates and texts."""
    if column.unit is not Unit.TEXT or result.tool in DEFINITIONS:
        return None
    spec = spec_of(result)
    if spec is None:
        return dimension_of(column.name, veil.ctx.model)
    name = spec.row_keys[0] if column.name in ("first", "second") else column.name
    return name if name in spec.dimensions else None


def _cell(value: Scalar, dimension: str | None, veil: Veil, *, free: bool) -> Scalar:
    if not isinstance(value, str):
        return value
    if dimension is None and free:
        return veil.message(value)
    return veil.plain(value) if dimension is None else veil.member(dimension, value)
