"""What was asked of a tool: the form that follow-ups patch, as the draft is for queries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from agents.plan import ClarifyPlan, RefusePlan, Task, ToolCall
from agents.rules.context import PlannerContext
from agents.rules.draft import Note


@dataclass(frozen=True, slots=True)
class Settled:
    """The calls that answer a task, and what had to be filled in."""

    calls: tuple[ToolCall, ...]
    notes: tuple[Note, ...] = ()


Outcome = Settled | ClarifyPlan | RefusePlan


@dataclass(frozen=True, slots=True)
class Intent:
    """A family's question: the words that ask it, and the parts of a reading that it can carry.

    `heads` are values of `tool` words of which one must be there; `needs` of which all must be.
    `aids` are values of words that it understands beside them. `fields` are the parts of a draft
    that reach the tool's arguments; a question that says more is asked back.
    """

    name: str
    heads: frozenset[str]
    settle: Callable[[Task, PlannerContext], Outcome]
    needs: frozenset[str] = frozenset()
    aids: frozenset[str] = frozenset()
    fields: frozenset[str] = field(default_factory=frozenset)
    counts: bool = False
    """Whether "how many" is answered by what the tool returns."""


def one(tool: str, **arguments: object) -> Settled:
    """One call, without the arguments that are None."""
    said = {name: value for name, value in arguments.items() if value is not None}
    return Settled((ToolCall(tool, said),))


def noted(settled: Settled, *notes: Note) -> Settled:
    """The same with what had to be filled in."""
    return Settled(settled.calls, (*settled.notes, *notes))
