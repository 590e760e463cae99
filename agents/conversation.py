"""What a conversation remembers between two questions."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from agents.earlier import Earlier
from agents.narrate import Told
from agents.plan import ClarifyPlan, Plan, QueryPlan, ToolPlan
from agents.rules.before import Before
from agents.rules.followup import Shown
from agents.tellers.catalog import TELLERS, tell_first
from agents.wording import spec_of
from leadline.types import Language

TURNS_KEPT = 12
"""Earlier turns that a language model may be told."""


@dataclass(slots=True)
class Conversation:
    """The state that follow-ups patch; an answer that failed leaves it as it was.

    `lock` is held while a question is answered: the turns of one conversation follow each other.
    """

    conversation_id: str = field(default_factory=lambda: uuid.uuid4().hex[:16])
    before: Before = field(default_factory=Before)
    last_reading: str = ""
    earlier: tuple[Earlier, ...] = ()
    last_planner: Literal["rules", "llm"] = "rules"
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False, compare=False)

    def remember(self, plan: Plan, told: Sequence[Told], reading: str) -> None:
        """Keep what the next question may lean on, after a turn that the rules planned."""
        self.last_planner = "rules"
        if isinstance(plan, QueryPlan):
            metrics = plan.queries[0].spec.metrics
            self.before = Before(plan.draft, shown(told) or self.before.shown, metrics)
            self.last_reading = reading
        elif isinstance(plan, ClarifyPlan) and plan.draft is not None:
            pending = not plan.draft.metrics
            self.before = Before(plan.draft, self.before.shown, self.before.metrics, pending)

    def remember_tools(self, plan: ToolPlan, listed: Shown | None, reading: str) -> None:
        """The same after a turn of tools: its draft may be patched, its members pointed at."""
        self.last_planner = "rules"
        named = listed or _named(plan) or self.before.shown
        self.before = Before(plan.draft, named, self.before.metrics, task=plan.task)
        self.last_reading = reading

    def remember_model(self, told: Sequence[Told], reading: str) -> None:
        """The same after a turn that the language model planned.

        There is no draft that a follow-up could patch, and the one before must not be patched in
        its place; the members that were listed stay at hand.
        """
        self.last_planner = "llm"
        specs = [spec for item in told if (spec := spec_of(item.result)) is not None]
        metrics = specs[0].metrics if specs else self.before.metrics
        listed = shown(told) or _listed(told)
        self.before = Before(None, listed or self.before.shown, metrics)
        if reading:
            self.last_reading = reading

    def note(self, question: str, reading: str, told: Sequence[Told]) -> None:
        """Keep the turn for a language model."""
        specs = tuple(
            item.result.arguments
            if item.result.tool == "query"
            else {"tool": item.result.tool, **item.result.arguments}
            for item in told
            if item.result.tool == "query" or item.result.tool in TELLERS
        )
        turn = Earlier(question, reading, specs)
        self.earlier = (*self.earlier, turn)[-TURNS_KEPT:]


def _listed(told: Sequence[Told]) -> Shown | None:
    """The members that a tool's answer listed; which language tells it does not matter."""
    telling = tell_first(told, Language.ZH)
    return telling.shown if telling is not None else None


def _named(plan: ToolPlan) -> Shown | None:
    """The partners that a question about single ones named: "its sales this year"."""
    if plan.task is None:
        return None
    for use in plan.task.draft.positive_filters:
        if use.dimension == "partner":
            return Shown("partner", use.labels)
    return None


def shown(told: Sequence[Told]) -> Shown | None:
    """The members that the answer listed, in order, each once."""
    for item in sorted(told, key=lambda t: t.role != "listing"):
        spec = spec_of(item.result)
        if spec is None or not spec.dimensions or spec.rollup is not None:
            continue
        dimension = spec.dimensions[-1]
        at = item.result.column_index(dimension)
        labels = [str(row[at]) for row in item.result.rows if row[at] is not None]
        if labels:
            return Shown(dimension, tuple(dict.fromkeys(labels)))
    return None
