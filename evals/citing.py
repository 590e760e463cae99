"""How far the figures of a text are cited, and cited truly: by what each slot was filled from.

Needs the `figures` of an answer, which say which range of the text came from which cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evals.cases import Case
from evals.figures import folded, names_date, shown_figures
from evals.scorers import own_figures, tables_of
from leadline.types import Scalar


@dataclass(frozen=True, slots=True)
class Citing:
    """Counts over one or many texts.

    shown: figures that say something new.
    uncited: those of them outside every range that a citation filled.
    bound: ranges that one cell of a citation filled.
    held: those of them that show what the cell holds.
    """

    shown: int = 0
    uncited: int = 0
    bound: int = 0
    held: int = 0

    def __add__(self, other: Citing) -> Citing:
        return Citing(
            self.shown + other.shown,
            self.uncited + other.uncited,
            self.bound + other.bound,
            self.held + other.held,
        )

    @property
    def recall(self) -> float | None:
        """Cited figures over those shown; None where none is shown."""
        return (self.shown - self.uncited) / self.shown if self.shown else None

    @property
    def precision(self) -> float | None:
        """True ranges over those bound to a cell; None where none is."""
        return self.held / self.bound if self.bound else None


def citing(case: Case, answer: Mapping[str, Any]) -> Citing:
    """How the figures of one answer are cited."""
    tables, text = tables_of(answer), str(answer.get("text", ""))
    spans = answer.get("figures", ())
    bare = text
    for span in sorted(spans, key=lambda s: int(s["start"]), reverse=True):
        bare = f"{bare[: span['start']]} □ {bare[span['end'] :]}"
    shown = sum(1 for _ in own_figures(case, answer, tables, text))
    uncited = sum(1 for _ in own_figures(case, answer, tables, bare))
    cells = [
        (text[span["start"] : span["end"]], _cell(answer, span))
        for span in spans
        if span["row"] is not None and span["column"] is not None
    ]
    held = sum(_shows(part, cell) for part, cell in cells)
    return Citing(shown, uncited, len(cells), held)


def _cell(answer: Mapping[str, Any], span: Mapping[str, Any]) -> Scalar:
    """The cell that filled a range.

    Raises:
        StopIteration, ValueError, IndexError: there is none, which is for the run to report.
    """
    citation = next(c for c in answer["citations"] if c["number"] == span["citation"])
    at = [column["name"] for column in citation["columns"]].index(span["column"])
    cell: Scalar = citation["rows"][span["row"]][at]
    return cell


def _shows(part: str, cell: Scalar) -> bool:
    """Whether a piece of text shows what a cell holds, at its own precision."""
    if cell is None:
        return not shown_figures(part)
    if isinstance(cell, str):
        return folded(cell) in folded(part) or _shows_day(part, cell)
    return any(figure.stands_for(float(cell)) for figure in shown_figures(part))


def _shows_day(part: str, cell: str) -> bool:
    try:
        return names_date(part, cell)
    except ValueError:  # a member's name, no day
        return False
