"""A conversation as it stood, made again from what is stored of it; no query runs again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agents.conversation import TURNS_KEPT, Conversation
from agents.narrate import Told
from agents.plan import ClarifyPlan, QueryPlan, ToolPlan
from agents.rules.context import PlannerContext
from agents.rules.planner import plan as plan_by_rules
from agents.tellers.catalog import tell

if TYPE_CHECKING:
    from knowledge.warehouse.evidence_store import AnswerRecord


def recall(
    conversation_id: str, records: Sequence[AnswerRecord], ctx: PlannerContext
) -> Conversation:
    """The state after these turns (oldest first).

    Turns that the rules planned are read again, for the draft that a follow-up patches; what they
    showed comes from the stored evidence. Only the last turns can matter.
    """
    talk = Conversation(conversation_id)
    for record in records[-TURNS_KEPT:]:
        answer = record.answer
        told = tuple(Told("main", citation) for citation in answer.citations)
        if answer.planning.planner == "llm":
            talk.remember_model(told, answer.reading)
        else:
            plan = plan_by_rules(answer.question, ctx, talk.before)
            if isinstance(plan, QueryPlan) and answer.status == "answered":
                talk.remember(plan, _with_roles(plan, told), answer.reading)
            elif isinstance(plan, ToolPlan) and told and answer.status == "answered":
                listed = tell(told, answer.language).shown
                talk.remember_tools(plan, listed, answer.reading)
            elif isinstance(plan, ClarifyPlan) and answer.status == "clarify":
                talk.remember(plan, (), "")
        talk.note(answer.question, answer.reading, told)
    return talk


def _with_roles(plan: QueryPlan, told: Sequence[Told]) -> tuple[Told, ...]:
    """The first citations are those of the plan's queries, in order."""
    roles = [query.role for query in plan.queries]
    return tuple(
        Told(roles[at] if at < len(roles) else item.role, item.citation)
        for at, item in enumerate(told)
    )
