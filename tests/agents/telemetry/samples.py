"""A trace with a span of every kind, as the model's path leaves it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from agents.plan import PlannerTrace, RefusePlan
from agents.rules.draft import Note
from agents.telemetry.attributes import (
    answer_attributes,
    llm_attributes,
    plan_attributes,
    reply_attributes,
    result_attributes,
    root_attributes,
    tool_attributes,
    verdict_attributes,
)
from agents.telemetry.conventions import ROOT_SPAN
from agents.traces import SpanKind, Trace
from knowledge.warehouse.trace_record import StoredTrace, answered_trace
from leadline.access import Principal
from tests.leadline.evidence_samples import RESULT, answer

STARTED = datetime(2025, 11, 20, 12, 0, 0, 123456, tzinfo=UTC)
QUESTION = "恒信科技今年卖了多少？"
TEXT = "恒信科技 123.46 万元 [1]"
ASKER = Principal("wang.wei", frozenset({"manager"}))
CONVERSATION = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
ARGUMENTS: dict[str, object] = {
    "metrics": ["amount"],
    "dimensions": ["region"],
    "where": {"kind": "filter", "member": "partner", "op": "in", "values": ["恒信科技"]},
    "limit": 7654321,
}
MESSAGES = [
    {"role": "system", "content": "你是渠道分析员"},
    {"role": "user", "content": QUESTION},
]
CALL = {
    "role": "assistant",
    "content": None,
    "tool_calls": [
        {
            "id": "call_1",
            "type": "function",
            "function": {"name": "query", "arguments": '{"partner": "恒信科技"}'},
        }
    ],
}
SECRETS_OF_THE_ANSWER = (
    "恒信",
    "卖了多少",
    "1234567",
    "123.46",
    "7654321",
    "wang.wei",
    "渠道分析员",
)
"""What of it may not leave where content is redacted."""


def full_trace(question: str = QUESTION) -> StoredTrace:
    """The stored trace of an answer that a model planned."""
    trace = Trace("ab" * 16, started_at=STARTED)
    with trace.span(ROOT_SPAN, SpanKind.AGENT) as root:
        root.attributes.update(
            root_attributes(question, conversation_id=CONVERSATION, user=ASKER.name)
        )
        with trace.span("plan") as plan:
            seen = PlannerTrace(
                folded=question,
                tokens=[{"text": "恒信科技", "kind": "lexicon", "score": 7.76, "means": ["恒信"]}],
                residual=["卖了多少"],
                mended=[("恒信", "恒信科技")],
                decisions=["unused: 卖了多少"],
            )
            plan.attributes.update(
                plan_attributes(question, RefusePlan(Note("不懂", "恒信 unknown")), seen)
            )
        with trace.span("chat m-1", SpanKind.LLM) as chat:
            chat.attributes.update(
                llm_attributes(
                    "m-1",
                    base_url="https://api.deepseek.com/v1",
                    messages=[*MESSAGES, {"role": "user", "content": question}],
                    prompt_hash="0a1b2c3d4e5f6071",
                    temperature=0.0,
                )
            )
            chat.event("retry", attempt=2, reason="恒信 rate limited")
            chat.attributes.update(
                reply_attributes(
                    CALL,
                    model="m-1-0801",
                    finish_reason="tool_calls",
                    input_tokens=900,
                    output_tokens=80,
                    cost=Decimal("0.0123"),
                    currency="USD",
                )
            )
        with trace.span("execute_tool query", SpanKind.TOOL) as tool:
            tool.attributes.update(tool_attributes("query", ARGUMENTS, call_id="call_1"))
            tool.attributes.update(result_attributes(RESULT))
        with trace.span("verify", SpanKind.GUARDRAIL) as verify:
            verify.attributes.update(
                verdict_attributes(held=False, template=TEXT, reason="digit '1234567'")
            )
            verify.fail(ValueError("digit '1234567' of 恒信 stands alone"))
        answered = replace(answer(), question=question, text=TEXT, trace_id=trace.trace_id)
        root.attributes.update(answer_attributes(answered))
    return answered_trace(
        answered,
        trace.as_json(),
        conversation_id=CONVERSATION,
        principal=ASKER,
        started_at=STARTED,
    )
