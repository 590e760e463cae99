"""From results to a verified text: render, check, mark where each figure stands, show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agents.events import Event
from agents.slots import SLOT, Filled, render
from agents.telemetry.attributes import verdict_attributes
from agents.traces import SpanKind
from agents.turn import Turn
from agents.verify import verify
from leadline.errors import EvidenceError
from leadline.evidence import Chart, Citation, Figure
from leadline.types import Unit


@dataclass(frozen=True, slots=True)
class Verified:
    """A text whose every figure stands in the evidence, and where."""

    text: str
    figures: tuple[Figure, ...]


def verified(template: str, citations: Sequence[Citation], turn: Turn) -> Verified:
    """Fill a template from its evidence and check what comes out.

    Raises:
        EvidenceError: a figure, unit or direction that no evidence holds.
    """
    with turn.trace.span("verify", SpanKind.GUARDRAIL) as span:
        try:
            text, _ = render(template, citations, turn.language)
            filled = verify(template, text, citations, turn.language)
        except EvidenceError as error:
            span.attributes.update(
                verdict_attributes(held=False, template=template, reason=error.message)
            )
            raise
        span.attributes.update(
            verdict_attributes(held=True, template=template, slots=len(filled), text=text)
        )
    return Verified(text, figures_of(filled, citations))


def figures_of(filled: Sequence[Filled], citations: Sequence[Citation]) -> tuple[Figure, ...]:
    """Where the text holds figures, and the cells that they come from.

    Members, periods and direction words are filled by slots too, but are no figures.
    """
    results = {c.number: c.result for c in citations}
    found: list[Figure] = []
    for item in filled:
        match = SLOT.fullmatch(item.source)
        if match is None or item.start == item.end:
            continue
        number = int(match["citation"])
        if match["whole"] == "row_count":
            found.append(Figure(item.start, item.end, number))
        elif match["column"] and match["format"] != "direction":
            column = match["column"]
            result = results[number]
            if result.columns[result.column_index(column)].unit is not Unit.TEXT:
                found.append(Figure(item.start, item.end, number, int(match["row"]), column))
    return tuple(found)


def show(turn: Turn, text: str, citations: Sequence[Citation], chart: Chart | None) -> None:
    """Let whoever waits see a verified answer piece by piece."""
    for citation in citations:
        turn.emit(Event("citation", {"citation": citation}))
    for line in text.splitlines(keepends=True):
        turn.emit(Event("text", {"delta": line}))
    if chart is not None:
        turn.emit(Event("chart", {"chart": chart}))
