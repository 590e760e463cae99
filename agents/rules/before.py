"""What a conversation holds when the next question comes."""

from __future__ import annotations

from dataclasses import dataclass

from agents.plan import Task
from agents.rules.draft import Draft
from agents.rules.followup import Shown


@dataclass(frozen=True, slots=True)
class Before:
    """The last draft, what its answer listed, and the last task of a tool."""

    draft: Draft | None = None
    shown: Shown | None = None
    metrics: tuple[str, ...] = ()
    pending: bool = False
    """Whether the last question was asked back and may be completed by a bare metric."""
    task: Task | None = None
    """The last question, where a tool answered it."""
