"""Where a brief is written: runs the tools, keeps the evidence, notes what could not be said."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from agents.briefs.week import Week
from agents.executor import call
from agents.narrate import Told
from agents.traces import Trace
from knowledge.warehouse.evidence_store import citation_id_of
from leadline.errors import NotFoundError, SpecError
from leadline.evidence import Chart, Citation
from leadline.types import Language, Scalar
from tools.catalog import TOOLS
from tools.definition import ToolContext


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a section: a template whose figures are slots; an item of a list, or a text."""

    template: str
    kind: Literal["text", "item"] = "item"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to act on: what to do, as a template; `weight` is the money at stake."""

    kind: str
    template: str
    weight: float


@dataclass(frozen=True, slots=True)
class Section:
    """One section. Without lines it is left out."""

    key: str
    title_zh: str
    title_en: str
    lines: tuple[Line, ...] = ()
    charts: tuple[Chart, ...] = ()
    findings: tuple[Finding, ...] = ()

    def title(self, language: Language) -> str:
        """Its heading."""
        return self.title_zh if language is Language.ZH else self.title_en


@dataclass(slots=True)
class Desk:
    """The tools on the snapshot as it stood at the week's end, within the manager's scope."""

    week: Week
    context: ToolContext
    language: Language
    trace: Trace = field(default_factory=Trace)
    told: list[Told] = field(default_factory=list)
    gaps: list[tuple[str, str]] = field(default_factory=list)
    """Tools that had nothing to work with, and why."""

    @property
    def zh(self) -> bool:
        """Whether the brief is in Chinese."""
        return self.language is Language.ZH

    @property
    def last_day(self) -> date:
        """The last day that counts: the week's Sunday, or the last day with data."""
        return min(self.week.last, self.context.snapshot.as_of)

    def say(self, chinese: str, english: str) -> str:
        """One of two wordings."""
        return chinese if self.zh else english

    def call(self, tool: str, arguments: dict[str, object]) -> Told | None:
        """Run a tool; None where this data has nothing for it, which is noted."""
        if all(known.name != tool for known in TOOLS):
            self.gaps.append((tool, "not available"))
            return None
        try:
            result = call(tool, arguments, self.context, self.trace)
        except (SpecError, NotFoundError) as error:
            self.gaps.append((tool, error.message))
            return None
        number = len(self.told) + 1
        told = Told(tool, Citation(citation_id_of(result), number, result))
        self.told.append(told)
        return told


def value(told: Told, row: int, column: str) -> Scalar:
    """A raw cell; None where the result has no such column."""
    names = [c.name for c in told.result.columns]
    return told.result.rows[row][names.index(column)] if column in names else None


def number(told: Told, row: int, column: str) -> float:
    """A raw figure; 0 where there is none."""
    found = value(told, row, column)
    return float(found) if isinstance(found, (int, float)) else 0.0


def has(told: Told | None, column: str) -> bool:
    """Whether the result has rows and this column."""
    return (
        told is not None
        and bool(told.result.rows)
        and any(c.name == column for c in told.result.columns)
    )
