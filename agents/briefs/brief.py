"""The brief as a whole: sections in order, evidence numbered, every line filled and verified."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from agents.briefs.actions import actions
from agents.briefs.changes import changes
from agents.briefs.desk import Desk, Line, Section
from agents.briefs.managers import Manager
from agents.briefs.outlook import outlook
from agents.briefs.partners import partners
from agents.briefs.quality import quality
from agents.briefs.stock import stock
from agents.briefs.week import Week
from agents.slots import Filled, render
from agents.telling import figures_of
from agents.verify import verify
from leadline.evidence import Chart, Citation, Figure
from leadline.types import Language
from tools.definition import ToolContext

SECTIONS: Final[tuple[Callable[[Desk], Section], ...]] = (
    changes,
    outlook,
    partners,
    stock,
    quality,
)
"""In the order in which they are read; the actions stand before them all."""

_NUMBER = re.compile(r"\{\{c(\d+)(\.[^}]*\}\})|\[(\d+)\]")
"""A slot with its citation, or a citation mark."""


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A line as it is read, with the places of its figures."""

    kind: str
    text: str
    figures: tuple[Figure, ...]
    slots: int
    """How many slots evidence filled: a line without any says nothing of the data."""


@dataclass(frozen=True, slots=True)
class SaidSection:
    """A section as it is read."""

    key: str
    title: str
    lines: tuple[SaidLine, ...]
    charts: tuple[Chart, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """A finished brief. `as_of` is the last day that counted."""

    manager: Manager
    week: Week
    language: Language
    snapshot: int
    as_of: date
    sections: tuple[SaidSection, ...]
    citations: tuple[Citation, ...]

    @property
    def partial(self) -> bool:
        """Whether the week was not over."""
        return self.as_of < self.week.last


def write_brief(manager: Manager, week: Week, context: ToolContext, language: Language) -> Brief:
    """Write the brief of a week.

    Args:
        manager: whom it is for.
        week: of which week.
        context: tools on the snapshot as it stood at the week's end, within the manager's scope.
        language: in which language.

    Raises:
        EvidenceError: a line says what no evidence holds.
    """
    desk = Desk(week, context, language)
    written = [section(desk) for section in SECTIONS]
    ordered = [actions(written), *written]
    kept = [section for section in ordered if section.lines]
    citations, renumber = _numbered(kept, desk)
    said = tuple(
        SaidSection(
            section.key,
            section.title(language),
            tuple(_said(line, renumber, citations, language) for line in section.lines),
            tuple(replace(chart, citation=renumber[chart.citation]) for chart in section.charts),
        )
        for section in kept
    )
    snapshot = context.snapshot
    return Brief(manager, week, language, snapshot.number, desk.last_day, said, citations)


def _numbered(
    sections: Sequence[Section], desk: Desk
) -> tuple[tuple[Citation, ...], dict[int, int]]:
    """What the text uses, numbered in the order of its first mention."""
    used: dict[int, None] = {}
    for section in sections:
        for line in section.lines:
            for match in _NUMBER.finditer(line.template):
                used.setdefault(int(match[1] or match[3]))
        for chart in section.charts:
            used.setdefault(chart.citation)
    # equal evidence that two sections asked for is one citation
    by_id: dict[str, int] = {}
    renumber: dict[int, int] = {}
    citations: list[Citation] = []
    told = {item.number: item.citation for item in desk.told}
    for old in used:
        citation = told[old]
        if citation.citation_id not in by_id:
            by_id[citation.citation_id] = len(citations) + 1
            citations.append(replace(citation, number=len(citations) + 1))
        renumber[old] = by_id[citation.citation_id]
    return tuple(citations), renumber


def _said(
    line: Line, renumber: dict[int, int], citations: tuple[Citation, ...], language: Language
) -> SaidLine:
    def new(match: re.Match[str]) -> str:
        if match[1]:
            return f"{{{{c{renumber[int(match[1])]}{match[2]}"
        return f"[{renumber[int(match[3])]}]"

    template = _NUMBER.sub(new, line.template)
    text, _ = render(template, citations, language)
    filled: tuple[Filled, ...] = verify(template, text, citations, language)
    figures = figures_of(filled, citations)
    return SaidLine(line.kind, text, figures, len(filled))
