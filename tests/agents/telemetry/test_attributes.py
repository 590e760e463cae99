"""What each kind of span says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from agents.plan import ClarifyPlan, PlannerTrace
from agents.rules.draft import Note
from agents.telemetry.attributes import (
    answer_attributes,
    coverage,
    failure_attributes,
    llm_attributes,
    plan_attributes,
    provider_of,
    reply_attributes,
    result_attributes,
    root_attributes,
    tool_attributes,
    verdict_attributes,
)
from leadline.bounds import MAX_ROWS
from leadline.evidence import Column, Option, Planning, ToolResult
from leadline.types import Unit
from tests.leadline.evidence_samples import answer


class TestRoot:
    def test_has_input_session_user_and_agent(self) -> None:
        made = root_attributes(
            "本月销售额？", conversation_id="V1", user="east", answer_id="A1", snapshot=3
        )
        assert made == {
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.agent.name": "leadline",
            "gen_ai.conversation.id": "V1",
            "session.id": "V1",
            "user.id": "east",
            "input.value": "本月销售额？",
            "input.mime_type": "text/plain",
            "answer_id": "A1",
            "snapshot": 3,
        }

    def test_has_the_text_of_the_answer_and_what_it_took(self) -> None:
        planned = Planning(
            "llm", model="m-1", llm_calls=2, input_tokens=900, output_tokens=80, cost=Decimal("0.1")
        )
        made = answer_attributes(replace(answer(), planning=planned))
        assert made["output.value"] == answer().text
        assert made["status"] == "answered"
        assert (made["planner"], made["model"], made["cost"]) == ("llm", "m-1", "0.1")
        assert (made["llm_calls"], made["input_tokens"], made["output_tokens"]) == (2, 900, 80)
        json.dumps(made)

    def test_a_failure_is_its_output(self) -> None:
        made = failure_attributes(TimeoutError("slow"))
        assert made["output.value"] == "TimeoutError: slow"
        assert made["status"] == "failed"


class TestPlan:
    def test_tells_what_the_rules_saw(self) -> None:
        seen = PlannerTrace(
            folded="sales by resaller",
            tokens=[{"text": "sales", "kind": "lexicon"}],
            residual=["resaller"],
            mended=[("resaller", "reseller")],
            decisions=["unused: x"],
        )
        plan = ClarifyPlan(Note("哪个？", "Which?"), (Option("a", "b"),))
        made = plan_attributes("Sales by resaller", plan, seen)
        assert made["plan"] == "clarify"
        assert (made["message"], made["options"]) == ("Which?", ["a"])
        # one letter of eight was changed: 2 × 7 / 16
        assert made["mended"] == [{"from": "resaller", "to": "reseller", "score": 87.5}]
        # 15 letters, 8 of them in no word
        assert made["coverage"] == round(1 - 8 / 15, 4)

    @pytest.mark.parametrize(
        ("folded", "residual", "share"),
        [("", [], 1.0), ("abcd", [], 1.0), ("abcd", ["cd"], 0.5), ("abcd", ["abcd"], 0.0)],
    )
    def test_coverage(self, folded: str, residual: list[str], share: float) -> None:
        assert coverage(PlannerTrace(folded=folded, residual=residual)) == share


class TestTool:
    def test_a_long_result_is_cut_and_says_so(self) -> None:
        rows = tuple((f"P{n}", n) for n in range(MAX_ROWS + 3))
        columns = (
            Column("partner", Unit.TEXT, "伙伴", "partner"),
            Column("orders", Unit.COUNT, "订单", "orders"),
        )
        result = ToolResult(
            "query", {}, "v", 4, "all", date(2025, 1, 1), columns, rows, len(rows), truncated=False
        )
        made = result_attributes(result)
        shown = made["gen_ai.tool.call.result"]
        assert isinstance(shown, dict)
        assert shown["rows"] == [list(row) for row in rows[:MAX_ROWS]]
        assert shown["rows_left_out"] == 3
        assert made["row_count"] == MAX_ROWS + 3
        assert made["digest"] == result.digest

    def test_arguments_are_data(self) -> None:
        made = tool_attributes("query", {"metrics": ("amount",), "day": date(2025, 1, 1)})
        assert made["gen_ai.tool.name"] == "query"
        assert made["gen_ai.tool.call.arguments"] == {"metrics": ["amount"], "day": "2025-01-01"}
        assert "gen_ai.tool.call.id" not in made


class TestLlm:
    def test_request(self) -> None:
        made = llm_attributes(
            "m-1",
            base_url="https://api.deepseek.com/v1",
            messages=[
                {"role": "system", "content": "系" * 9000},
                {"role": "tool", "tool_call_id": "c1", "content": "{}", "odd": object()},
            ],
            temperature=0.0,
        )
        assert made["gen_ai.provider.name"] == "deepseek"
        assert made["gen_ai.request.temperature"] == 0.0
        system, tool = made["gen_ai.input.messages"]  # type: ignore[misc]
        assert len(system["content"]) == 4000
        assert tool == {"role": "tool", "tool_call_id": "c1", "content": "{}"}

    def test_reply(self) -> None:
        call = {"id": "c1", "function": {"name": "query", "arguments": "{}"}}
        made = reply_attributes(
            {"role": "assistant", "content": None, "tool_calls": [call]},
            model="m-1-0801",
            finish_reason="tool_calls",
            input_tokens=120,
            output_tokens=0,
            cost=Decimal("0.000120"),
            currency="USD",
        )
        assert made == {
            "gen_ai.response.model": "m-1-0801",
            "gen_ai.response.finish_reasons": ["tool_calls"],
            "gen_ai.usage.input_tokens": 120,
            "gen_ai.usage.output_tokens": 0,
            "gen_ai.output.messages": [{"role": "assistant", "tool_calls": [call]}],
            "cost": "0.000120",
            "currency": "USD",
        }

    @pytest.mark.parametrize(
        ("url", "name"),
        [
            ("https://api.openai.com/v1", "openai"),
            ("https://x.openai.azure.com/", "azure.ai.openai"),
            ("http://10.0.0.7:8000/v1", "openai_compatible"),
            ("", "openai_compatible"),
        ],
    )
    def test_provider(self, url: str, name: str) -> None:
        assert provider_of(url) == name


class TestVerdict:
    def test_held_and_rejected(self) -> None:
        assert verdict_attributes(held=True, template="{{r1}} [1]", slots=1, text="7 [1]") == {
            "verdict": "held",
            "slots": 1,
            "input.value": "{{r1}} [1]",
            "output.value": "7 [1]",
        }
        assert verdict_attributes(held=False, template="7", reason="digit '7'") == {
            "verdict": "rejected",
            "reason": "digit '7'",
            "input.value": "7",
            "output.value": "digit '7'",
        }
