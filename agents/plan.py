"""What any planner hands to the executor: queries to run, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from agents.rules.build import PlannedQuery
from agents.rules.draft import Draft, Note
from leadline.evidence import Option

MetaKind = Literal["how_computed", "as_of", "help"]


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """Run these queries. `notes` are what the reading filled in or mended."""

    queries: tuple[PlannedQuery, ...]
    draft: Draft
    """As it was said (for the next follow-up), before defaults were filled in."""
    built: Draft
    """With defaults: what the narrator words."""
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call of a tool of the catalogue, and the part that its result plays in the answer."""

    tool: str
    arguments: dict[str, object]
    role: str = "main"


@dataclass(frozen=True, slots=True)
class Task:
    """What was asked of a tool: the form that follow-ups patch, as the draft is for queries.

    `words` are the values of the words that asked it ("churn", "exposure", "months=6").
    """

    intent: str
    draft: Draft
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolPlan:
    """Run these tools; the first one's teller words the answer. `notes` as in a query plan."""

    calls: tuple[ToolCall, ...]
    notes: tuple[Note, ...] = ()
    draft: Draft | None = None
    """What a follow-up about figures may patch: filters and period of the question."""
    task: Task | None = None
    """What a follow-up for the same tool patches."""


@dataclass(frozen=True, slots=True)
class ClarifyPlan:
    """Ask back. `draft` is what was understood so far, so that the reply can complete it."""

    message: Note
    options: tuple[Option, ...]
    draft: Draft | None = None


@dataclass(frozen=True, slots=True)
class RefusePlan:
    """Say that it cannot be answered, and what can."""

    message: Note
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class MetaPlan:
    """A question about the answer, the data or the product."""

    kind: MetaKind
    metrics: tuple[str, ...] = ()


Plan = QueryPlan | ToolPlan | ClarifyPlan | RefusePlan | MetaPlan


@dataclass(slots=True)
class PlannerTrace:
    """What the planner saw, for the trace: matches with scores, residual, decisions."""

    folded: str = ""
    tokens: list[dict[str, object]] = field(default_factory=list)
    residual: list[str] = field(default_factory=list)
    mended: list[tuple[str, str]] = field(default_factory=list)
    decisions: list[str] = field(default_factory=list)
