"""Traces of earlier versions, and what OTLP cannot carry as it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from agents.telemetry.wire import otel_spans, resource, wire_attributes
from knowledge.warehouse.trace_record import StoredTrace, full_span
from tests.agents.telemetry.samples import CONVERSATION, QUESTION, full_trace


def old_trace() -> StoredTrace:
    """As version 0.1 kept it: no root, no ids, no kinds."""
    spans = [
        {"name": name, "start_ms": at, "duration_ms": 1.0, "attributes": {}, "error": None}
        for name, at in (("plan", 0.0), ("verify", 1.0))
    ]
    summary = replace(full_trace().summary, trace_id="T1")
    return StoredTrace(summary, tuple(full_span(at, span) for at, span in enumerate(spans)))


class TestRoot:
    def test_is_made_where_there_is_none(self) -> None:
        root, plan, verify = otel_spans(old_trace(), resource())
        assert root.parent is None
        assert root.context is not None
        assert plan.parent == verify.parent == root.context
        assert root.attributes is not None
        assert root.attributes["input.value"] == QUESTION
        assert root.attributes["session.id"] == CONVERSATION
        assert root.attributes["output.value"] == "answered"

    def test_ids_that_are_no_numbers_become_some_and_stay_the_same(self) -> None:
        first, again = (otel_spans(old_trace(), resource())[0] for _ in range(2))
        assert first.context is not None
        assert first.context.trace_id == again.context.trace_id != 0  # type: ignore[union-attr]

    def test_a_span_whose_parent_was_cut_off_hangs_on_the_root(self) -> None:
        trace = full_trace()
        lost = {**trace.spans[2], "span_id": "1" * 16, "parent_id": "f" * 16}
        spans = otel_spans(StoredTrace(trace.summary, (*trace.spans, lost)), resource())
        roots = [span for span in spans if span.parent is None]
        known = {span.context.span_id for span in spans if span.context}
        assert len(roots) == 1
        assert all(span.parent.span_id in known for span in spans if span.parent)


class TestValues:
    def wire(self, **attributes: Any) -> dict[str, Any]:
        span = {**full_trace().spans[0], "attributes": attributes}
        return wire_attributes(span, {})

    def test_what_is_no_scalar_or_list_of_one_kind_becomes_json(self) -> None:
        made = self.wire(a=[1, "x"], b={"k": None}, c=[], d=["x", "y"], e=True, f=None)
        shown = {k: v for k, v in made.items() if not k.startswith(("input.", "output."))}
        assert shown == {
            "openinference.span.kind": "AGENT",
            "leadline.a": '[1, "x"]',
            "leadline.b": '{"k": null}',
            "leadline.c": "[]",
            "leadline.d": ("x", "y"),
            "leadline.e": True,
        }

    def test_a_small_step_is_not_blank(self) -> None:
        made = self.wire(snapshot=3, scope="all")
        assert made["input.value"] == '{"snapshot": 3, "scope": "all"}'
        assert made["input.mime_type"] == "application/json"
        assert (made["output.value"], made["output.mime_type"]) == ("ok", "text/plain")

    def test_a_call_of_a_model_that_failed_shows_its_error(self) -> None:
        span = {**full_trace().spans[2], "error": "LlmUnavailableError: too slow"}
        del span["attributes"]["gen_ai.output.messages"]
        made = wire_attributes(span, {})
        assert made["output.value"] == "LlmUnavailableError: too slow"
        assert "渠道分析员" in made["input.value"]

    def test_langchains_tool_calls_are_read_too(self) -> None:
        call = {"name": "query", "args": {"metrics": ["amount"]}, "id": "c1"}
        made = self.wire(
            **{"gen_ai.output.messages": [{"role": "assistant", "tool_calls": [call]}]}
        )
        base = "llm.output_messages.0.message.tool_calls.0.tool_call"
        assert made[f"{base}.function.name"] == "query"
        assert made[f"{base}.function.arguments"] == '{"metrics": ["amount"]}'
        assert made[f"{base}.id"] == "c1"

    def test_costs_in_other_currencies_are_not_told_as_dollars(self) -> None:
        made = self.wire(**{"gen_ai.request.model": "m", "cost": "0.5", "currency": "CNY"})
        assert "llm.cost.total" not in made
        assert made["leadline.cost"] == "0.5"
