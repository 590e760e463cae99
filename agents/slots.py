"""Slots: the only way by which a figure, a member or a date enters a text.

A template is text with slots `{{c1.rows[0].amount}}`, `{{c1.rows[0].amount__change_rate|size}}`,
`{{c2.row_count}}`, `{{c1.time}}`. The renderer fills them from evidence; the verifier
(`agents.verify`) rejects templates whose own text holds a digit or a direction word.

Formats: none (by the column's unit), `size` (without sign), `direction` (the word for the sign).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from leadline.errors import EvidenceError
from leadline.evidence import Citation, Column
from leadline.figures import direction_word, render_figure, unit_in
from leadline.types import Language, Scalar

SLOT = re.compile(
    r"\{\{c(?P<citation>\d+)\.(?:rows\[(?P<row>\d+)\]\.(?P<column>\w+)|(?P<whole>row_count|time|base|where))"
    r"(?:\|(?P<format>\w+))?\}\}"
)
FORMATS = ("size", "direction")


@dataclass(frozen=True, slots=True)
class Filled:
    """One slot with the text that took its place, at `start`…`end` of the rendered text."""

    source: str
    start: int
    end: int
    text: str


def cell(citation: int, row: int, column: str, form: str = "") -> str:
    """The slot for one cell of a cited result."""
    return f"{{{{c{citation}.rows[{row}].{column}{'|' + form if form else ''}}}}}"


def whole(citation: int, part: str) -> str:
    """The slot for `row_count`, `time`, `base` or `where` of a cited result."""
    return f"{{{{c{citation}.{part}}}}}"


def look_up(
    match: re.Match[str], citations: Sequence[Citation]
) -> tuple[Citation, Column | None, Scalar]:
    """The cell that a slot points at.

    Raises:
        EvidenceError: no such citation, row or column, or an unknown format.
    """
    number = int(match["citation"])
    citation = next((c for c in citations if c.number == number), None)
    if citation is None:
        raise EvidenceError(f"slot {match[0]} names citation {number}, which does not exist")
    if match["format"] and match["format"] not in FORMATS:
        raise EvidenceError(f"slot {match[0]} has an unknown format")
    if match["whole"]:
        return citation, None, match["whole"]
    result = citation.result
    row = int(match["row"])
    if row >= len(result.rows):
        raise EvidenceError(f"slot {match[0]} names row {row} of {len(result.rows)}")
    try:
        index = result.column_index(match["column"])
    except KeyError as error:
        raise EvidenceError(f"slot {match[0]} names a column that is not there") from error
    return citation, unit_in(result, row, result.columns[index]), result.rows[row][index]


def render(
    template: str, citations: Sequence[Citation], language: Language
) -> tuple[str, tuple[Filled, ...]]:
    """Fill every slot.

    Returns the text and where each slot's text stands in it.

    Raises:
        EvidenceError: a slot that no evidence holds.
    """
    parts: list[str] = []
    filled: list[Filled] = []
    length = 0
    at = 0
    for match in SLOT.finditer(template):
        before = template[at : match.start()]
        text = fill(match, citations, language)
        parts += [before, text]
        start = length + len(before)
        filled.append(Filled(match[0], start, start + len(text), text))
        length = start + len(text)
        at = match.end()
    parts.append(template[at:])
    return "".join(parts), tuple(filled)


def fill(match: re.Match[str], citations: Sequence[Citation], language: Language) -> str:
    """The text of one slot."""
    citation, column, value = look_up(match, citations)
    if column is None:
        from agents.wording import spec_part

        return spec_part(citation.result, str(value), language)
    if match["format"] == "direction":
        return direction_word(value, language)
    return render_figure(value, column, language, size=match["format"] == "size")
