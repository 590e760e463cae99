"""What each kind of span says, in one vocabulary.

The own store keeps values as JSON data, each once. The doubles that backends want (`input.value`
of a tool, `llm.input_messages.0.message.role`, …) are made on export (`agents.telemetry.otlp`).
A key without a dot is Leadline's own; on export it becomes `leadline.KEY`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from agents.plan import (
    ClarifyPlan,
    MetaPlan,
    Plan,
    PlannerTrace,
    QueryPlan,
    RefusePlan,
    ToolPlan,
)
from agents.telemetry.conventions import (
    AGENT_NAME_VALUE,
    TEXT,
    GenAi,
    OpenInference,
    Operation,
)
from leadline.bounds import MAX_ROWS, bounded, short_text
from leadline.evidence import Answer, ToolResult

Attributes = dict[str, object]

_PROVIDERS = {
    "api.openai.com": "openai",
    "api.deepseek.com": "deepseek",
    "api.mistral.ai": "mistral_ai",
    "api.groq.com": "groq",
    "api.anthropic.com": "anthropic",
    "api.x.ai": "x_ai",
    "dashscope.aliyuncs.com": "alibaba.dashscope",
    "open.bigmodel.cn": "zhipu",
    "api.moonshot.cn": "moonshot",
}
_OTHER_PROVIDER = "openai_compatible"
_MESSAGE_TEXT = 4_000


def root_attributes(
    question: str,
    *,
    conversation_id: str,
    user: str,
    answer_id: str = "",
    snapshot: int | None = None,
    scope_hash: str = "",
) -> Attributes:
    """Of `invoke_agent leadline`, as it begins; `answer_attributes` ends it."""
    return _without_blanks(
        {
            GenAi.OPERATION: Operation.INVOKE_AGENT,
            GenAi.AGENT_NAME: AGENT_NAME_VALUE,
            GenAi.CONVERSATION_ID: conversation_id,
            OpenInference.SESSION_ID: conversation_id,
            OpenInference.USER_ID: user,
            OpenInference.INPUT: short_text(question),
            OpenInference.INPUT_MIME: TEXT,
            "answer_id": answer_id,
            "snapshot": snapshot,
            "scope_hash": scope_hash,
        }
    )


def answer_attributes(answer: Answer) -> Attributes:
    """Of the root, once the answer is there."""
    planning = answer.planning
    return _without_blanks(
        {
            OpenInference.OUTPUT: short_text(answer.text),
            OpenInference.OUTPUT_MIME: TEXT,
            "answer_id": answer.answer_id,
            "status": answer.status,
            "label": answer.label,
            "language": answer.language.value,
            "reading": short_text(answer.reading),
            "citations": [citation.citation_id for citation in answer.citations],
            "snapshot": answer.snapshot,
            "as_of": None if answer.as_of is None else answer.as_of.isoformat(),
            "planner": planning.planner,
            "fallback": planning.fallback,
            "model": planning.model,
            "prompt_hash": planning.prompt_hash,
            "llm_calls": planning.llm_calls or None,
            "input_tokens": planning.input_tokens or None,
            "output_tokens": planning.output_tokens or None,
            "cost": None if planning.cost is None else str(planning.cost),
            "currency": planning.currency,
        }
    )


def failure_attributes(error: BaseException) -> Attributes:
    """Of the root where no answer came about, so that its output is not blank."""
    return {
        OpenInference.OUTPUT: short_text(f"{type(error).__name__}: {error}", 500),
        OpenInference.OUTPUT_MIME: TEXT,
        "status": "failed",
    }


def plan_attributes(question: str, plan: Plan, seen: PlannerTrace) -> Attributes:
    """Of `plan`: what the rules decided, and what they saw on the way.

    `coverage` is the share of the question's characters (blanks aside) that some word covers;
    `tokens` carry the score with which each won its place, `mended` the likeness in percent.
    """
    made: Attributes = {
        "planner": "rules",
        "question": short_text(question),
        "plan": _PLAN_KINDS[type(plan)],
        "folded": seen.folded,
        "tokens": seen.tokens,
        "residual": seen.residual,
        "mended": [_mended(wrong, right) for wrong, right in seen.mended],
        "coverage": coverage(seen),
        "decisions": seen.decisions,
    }
    if isinstance(plan, ClarifyPlan | RefusePlan):
        made["message"] = plan.message.en
        made["options"] = [option.label for option in plan.options]
    if isinstance(plan, QueryPlan):
        made["queries"] = [
            {"role": query.role, "spec": query.spec.as_arguments()} for query in plan.queries
        ]
        made["notes"] = [note.en for note in plan.notes]
    if isinstance(plan, ToolPlan):
        made["calls"] = [{"tool": c.tool, "arguments": c.arguments} for c in plan.calls]
        made["notes"] = [note.en for note in plan.notes]
    if isinstance(plan, MetaPlan):
        made["meta"] = plan.kind
    return {key: bounded(value) for key, value in made.items()}


_PLAN_KINDS: dict[type, str] = {
    QueryPlan: "query",
    ToolPlan: "tools",
    ClarifyPlan: "clarify",
    RefusePlan: "refuse",
    MetaPlan: "meta",
}


def coverage(seen: PlannerTrace) -> float:
    """Which share of the question's characters, blanks aside, the rules gave a meaning; 0–1."""
    size = sum(not char.isspace() for char in seen.folded)
    left = sum(not char.isspace() for word in seen.residual for char in word)
    return round(max(0.0, 1 - left / size), 4) if size else 1.0


def _mended(wrong: str, right: str) -> dict[str, object]:
    from rapidfuzz import fuzz

    return {"from": wrong, "to": right, "score": round(fuzz.ratio(wrong, right), 1)}


def tool_attributes(
    name: str, arguments: Mapping[str, object], *, call_id: str = "", description: str = ""
) -> Attributes:
    """Of `execute_tool NAME`, as it begins; `result_attributes` ends it."""
    return _without_blanks(
        {
            GenAi.OPERATION: Operation.EXECUTE_TOOL,
            GenAi.TOOL_NAME: name,
            GenAi.TOOL_TYPE: "function",
            GenAi.TOOL_CALL_ID: call_id,
            GenAi.TOOL_DESCRIPTION: short_text(description, 500),
            GenAi.TOOL_ARGUMENTS: bounded(dict(arguments)),
        }
    )


def result_attributes(result: ToolResult) -> Attributes:
    """Of `execute_tool NAME`, once the result is there; its first rows only."""
    rows = [bounded(list(row)) for row in result.rows[:MAX_ROWS]]
    shown: dict[str, object] = {"columns": [c.name for c in result.columns], "rows": rows}
    if len(result.rows) > MAX_ROWS:
        shown["rows_left_out"] = len(result.rows) - MAX_ROWS
    return {
        GenAi.TOOL_RESULT: shown,
        "row_count": result.row_count,
        "truncated": result.truncated,
        "columns": [c.name for c in result.columns],
        "snapshot": result.snapshot,
        "digest": result.digest,
    }


def llm_attributes(
    model: str,
    *,
    base_url: str = "",
    messages: Sequence[Mapping[str, Any]] = (),
    prompt_hash: str = "",
    temperature: float | None = None,
    max_tokens: int | None = None,
) -> Attributes:
    """Of `chat MODEL`, as the request goes out; `reply_attributes` ends it.

    Args:
        model: as asked for.
        base_url: tells the provider; its address is not kept.
        messages: as the chat API writes them: role, content, tool_calls, tool_call_id.
        prompt_hash: of the prompt files in use.
        temperature: as asked for.
        max_tokens: as asked for.
    """
    return _without_blanks(
        {
            GenAi.OPERATION: Operation.CHAT,
            GenAi.PROVIDER: provider_of(base_url),
            GenAi.REQUEST_MODEL: model,
            GenAi.REQUEST_TEMPERATURE: temperature,
            GenAi.REQUEST_MAX_TOKENS: max_tokens,
            GenAi.INPUT_MESSAGES: [_message(message) for message in messages],
            "prompt_hash": prompt_hash,
        }
    )


def reply_attributes(
    message: Mapping[str, Any] | None,
    *,
    model: str = "",
    response_id: str = "",
    finish_reason: str = "",
    input_tokens: int | None = None,
    output_tokens: int | None = None,
    cached_tokens: int | None = None,
    reasoning_tokens: int | None = None,
    first_chunk_s: float | None = None,
    cost: Decimal | None = None,
    currency: str = "",
) -> Attributes:
    """Of `chat MODEL`, once the reply is there. Counts are tokens; `cost` is in `currency`.

    `message` is in the form of `llm_attributes`; None where nothing usable came.
    """
    return _without_blanks(
        {
            GenAi.RESPONSE_MODEL: model,
            GenAi.RESPONSE_ID: response_id,
            GenAi.FINISH_REASONS: [finish_reason] if finish_reason else None,
            GenAi.INPUT_TOKENS: input_tokens,
            GenAi.OUTPUT_TOKENS: output_tokens,
            GenAi.CACHED_TOKENS: cached_tokens,
            GenAi.REASONING_TOKENS: reasoning_tokens,
            GenAi.FIRST_CHUNK_S: None if first_chunk_s is None else round(first_chunk_s, 4),
            GenAi.OUTPUT_MESSAGES: None if message is None else [_message(message)],
            "cost": None if cost is None else str(cost),
            "currency": currency if cost is not None else None,
        }
    )


def verdict_attributes(
    *, held: bool, template: str, reason: str = "", slots: int | None = None, text: str = ""
) -> Attributes:
    """Of `verify`: whether the evidence holds every figure, and what it objected to if not.

    Args:
        held: the verdict.
        template: what the narrator wrote.
        reason: the objection.
        slots: how many places of the template were filled.
        text: what came out.
    """
    return _without_blanks(
        {
            "verdict": "held" if held else "rejected",
            "reason": short_text(reason, 500),
            "slots": slots,
            OpenInference.INPUT: short_text(template),
            OpenInference.OUTPUT: short_text(text or reason),
        }
    )


def provider_of(base_url: str) -> str:
    """The provider's name in the GenAI conventions; inner hosts are not told."""
    host = (urlsplit(base_url).hostname or "").lower()
    if host.endswith(".openai.azure.com"):
        return "azure.ai.openai"
    return _PROVIDERS.get(host, _OTHER_PROVIDER)


def _message(message: Mapping[str, Any]) -> dict[str, object]:
    content = message.get("content")
    kept: dict[str, object] = {"role": str(message.get("role", ""))}
    if content:
        kept["content"] = short_text(
            content if isinstance(content, str) else str(bounded(content)), _MESSAGE_TEXT
        )
    if calls := message.get("tool_calls"):
        kept["tool_calls"] = bounded(calls)
    if call_id := message.get("tool_call_id"):
        kept["tool_call_id"] = str(call_id)
    if name := message.get("name"):
        kept["name"] = str(name)
    return kept


def _without_blanks(attributes: Attributes) -> Attributes:
    return {key: value for key, value in attributes.items() if value not in (None, "", [], ())}
