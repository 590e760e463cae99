"""Who answers: the rules, or a language model with the rules behind it.

Both come to the same typed tool calls. In `auto` the rules go first, and a model is asked only
where they could not place every word. Wherever a model fails, the rules answer and say so.
"""

from __future__ import annotations

from agents.body import Body
from agents.by_model import by_model, model_turn
from agents.by_rules import by_rules
from agents.events import Event
from agents.llm.errors import LlmError
from agents.llm.turn import Model
from agents.plan import MetaPlan, Plan, PlannerTrace, QueryPlan, ToolPlan
from agents.planning import fallen_back, say_fallback
from agents.turn import Turn
from leadline.evidence import BY_RULES
from leadline.settings import LlmSettings, PlannerMode

NOT_CONFIGURED = "not_configured"


def respond(
    turn: Turn,
    plan: Plan,
    seen: PlannerTrace,
    mode: PlannerMode,
    model: Model | None,
    settings: LlmSettings | None,
) -> Body:
    """Answer one question.

    Args:
        turn: the question in its conversation.
        plan: what the rules made of it.
        seen: what the rules saw.
        mode: who goes first.
        model: the language model, where one is configured.
        settings: the model's.
    """
    if not _model_goes_first(mode, plan, seen, turn, model):
        return by_rules(turn, plan, BY_RULES)
    if model is None or settings is None:
        return by_rules(turn, plan, fallen_back(NOT_CONFIGURED, None, None))
    turn.emit(Event("plan", {"planner": "llm", "kind": "llm", "reading": "", "steps": []}))
    try:
        outcome = model.answer(model_turn(turn))
        return by_model(turn, outcome, settings)
    except LlmError as error:
        planning = fallen_back(error.code, error.usage, settings)
        say_fallback(turn, planning)
        return by_rules(turn, plan, planning)


def _model_goes_first(
    mode: PlannerMode, plan: Plan, seen: PlannerTrace, turn: Turn, model: Model | None
) -> bool:
    if mode == "rules":
        return False
    if isinstance(plan, MetaPlan) and plan.kind == "help":
        return False  # what can be asked here is known, and needs no model
    if mode == "llm":
        return True
    if model is None or isinstance(plan, QueryPlan | ToolPlan | MetaPlan):
        return False
    unread = bool(seen.residual) or any(d.startswith("unused") for d in seen.decisions)
    return unread or turn.talk.last_planner == "llm"
