"""What the language-model path is given for one question, and what it hands back."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from agents.earlier import Earlier
from agents.events import Emit
from agents.narrate import Told
from agents.plan import ClarifyPlan, RefusePlan
from agents.rules.context import PlannerContext
from agents.rules.draft import Note
from agents.traces import Trace
from leadline.access import Principal
from leadline.types import Language
from tools.definition import ToolContext


@dataclass(frozen=True, slots=True)
class LlmTurn:
    """One question in its conversation. The scope is in `tools`, never in what the model sees."""

    question: str
    language: Language
    ctx: PlannerContext
    tools: ToolContext
    earlier: tuple[Earlier, ...]
    """Earlier turns, oldest first."""
    answer_id: str
    trace: Trace
    emit: Emit
    principal: Principal


@dataclass(frozen=True, slots=True)
class LlmUsage:
    """What one question took. `cost` is None where no price is set."""

    model: str
    prompt_hash: str
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal | None = None
    ms: float = 0.0


@dataclass(frozen=True, slots=True)
class LlmOutcome:
    """What the model arrived at.

    Either `told` results with a `template` that the verifier accepts (None where it rejected what
    the model wrote: the results are then told by the rules, and `unverified` says why), or
    `asking`: a question back or a refusal.
    """

    usage: LlmUsage
    told: tuple[Told, ...] = ()
    template: str | None = None
    asking: ClarifyPlan | RefusePlan | None = None
    notes: tuple[Note, ...] = ()
    unverified: str | None = None


class Model(Protocol):
    """Whoever answers in a language model's place."""

    def warm(self) -> None:
        """Load what the first question would wait for; nothing is sent."""
        ...

    def answer(self, turn: LlmTurn) -> LlmOutcome:
        """Plan, call tools, word the answer.

        Raises:
            LlmError: the model could not; its `code` and `usage` say why and at what cost.
        """
        ...
