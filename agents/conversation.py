"""What a conversation remembers between two questions."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from agents.narrate import Told
from agents.plan import ClarifyPlan, Plan, QueryPlan
from agents.rules.followup import Shown
from agents.rules.planner import Before
from agents.wording import spec_of


@dataclass(slots=True)
class Conversation:
    """The state that follow-ups patch; an answer that failed leaves it as it was."""

    conversation_id: str = field(default_factory=lambda: uuid.uuid4().hex[:16])
    before: Before = field(default_factory=Before)
    last_reading: str = ""

    def remember(self, plan: Plan, told: tuple[Told, ...], reading: str) -> None:
        """Keep what the next question may lean on."""
        if isinstance(plan, QueryPlan):
            metrics = plan.queries[0].spec.metrics
            self.before = Before(plan.draft, shown(told) or self.before.shown, metrics)
            self.last_reading = reading
        elif isinstance(plan, ClarifyPlan) and plan.draft is not None:
            pending = not plan.draft.metrics
            self.before = Before(plan.draft, self.before.shown, self.before.metrics, pending)


def shown(told: tuple[Told, ...]) -> Shown | None:
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
