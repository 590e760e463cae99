"""One question on its way to an answer: who asks, on which snapshot, in which conversation."""

from __future__ import annotations

from dataclasses import dataclass

from agents.conversation import Conversation
from agents.events import Emit
from agents.rules.context import PlannerContext
from agents.traces import Trace
from leadline.access import Principal
from leadline.types import Language
from tools.definition import ToolContext


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything that the steps from plan to text share."""

    question: str
    language: Language
    answer_id: str
    principal: Principal
    talk: Conversation
    ctx: PlannerContext
    tools: ToolContext
    trace: Trace
    emit: Emit
