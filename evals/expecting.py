"""What a later answer must hold to be as right as an accepted one: its figures, rows and options.

Works on the JSON contract of an answer. What the text shows must be shown again; what its citations
hold must be held again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, cast, get_args

from evals.cases import ROWS_KEPT, Expect, Figures, GoldScalar, GoldUnit, Status
from evals.figures import names_date, shown_figures
from evals.scorers import Table, role_of, tables_of
from leadline.errors import InputError
from leadline.types import Scalar


def expect_of(answer: Mapping[str, Any]) -> Expect:
    """The expectation that this answer meets, and every one with the same figures.

    Raises:
        InputError: the answer has a status that no case can have.
    """
    status = answer["status"]
    if status not in get_args(Status):
        raise InputError(f"an answer with status {status!r} cannot become a case")
    if status == "clarify":
        labels = tuple(str(option["label"]) for option in answer["options"])
        return Expect(status="clarify", options=labels)
    if status == "refused":
        return Expect(status="refused")
    parts = [
        part
        for citation, table in zip(answer["citations"], tables_of(answer), strict=True)
        if (part := _figures(citation, table, answer)).demanded
    ]
    if not parts:
        return Expect(status="answered")
    return Expect(status="answered", further=tuple(parts[1:]), **parts[0].model_dump())


def _figures(citation: Mapping[str, Any], table: Table, answer: Mapping[str, Any]) -> Figures:
    labels = [at for at, unit in enumerate(table.units) if unit == "text"]
    figures = [at for at, unit in enumerate(table.units) if unit != "text"]
    if not labels and len(table.rows) == 1:
        return Figures(scalars=_scalars(table, _shown_columns(citation, table, answer)))
    rows: list[tuple[Scalar, ...]] = []
    for row in table.rows[:ROWS_KEPT]:
        if not labels or any(row[at] is None for at in labels):
            break  # a row without a name cannot be asked for, nor the order after it
        rows.append((*(str(row[at]) for at in labels), *(row[at] for at in figures)))
    return Figures(
        rows=tuple(rows),
        row_units=tuple(cast("GoldUnit", table.units[at]) for at in figures) if rows else (),
        row_roles=tuple(role_of(table.names[at]) for at in figures) if rows else (),
        ordered=bool(citation["spec"].get("order")),
        row_count=None if rows and len(rows) == table.row_count else table.row_count,
    )


def _scalars(table: Table, shown: Collection[str]) -> tuple[GoldScalar, ...]:
    """The figures of a single row that the text shows; an unknown one need not be shown."""
    return tuple(
        GoldScalar(value=cell, unit=cast("GoldUnit", unit), role=role_of(name))
        for name, unit, cell in zip(table.names, table.units, table.rows[0], strict=True)
        if cell is None or name in shown
    )


def _shown_columns(
    citation: Mapping[str, Any], table: Table, answer: Mapping[str, Any]
) -> Collection[str]:
    """Columns of a single row that the text was filled from; without ranges, as the text reads."""
    spans = answer.get("figures", ())
    if spans:
        return {
            str(span["column"])
            for span in spans
            if span["citation"] == citation["number"] and span["row"] == 0
        }
    text = str(answer["text"])
    cells = zip(table.names, table.rows[0], strict=True)
    return {name for name, cell in cells if cell is not None and _reads(cell, text)}


def _reads(cell: str | float, text: str) -> bool:
    if isinstance(cell, str):
        return names_date(text, cell)
    return any(figure.stands_for(cell) for figure in shown_figures(text))
