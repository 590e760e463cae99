"""Spans: what was done, for how long, and what went wrong."""

from __future__ import annotations

import contextvars
import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from agents.traces import Span, SpanKind, Trace
from tests.agents.channel import EAST, Channel


class TestTrace:
    def test_spans_in_the_order_in_which_they_began(self) -> None:
        trace = Trace()
        with trace.span("outer", depth=0), trace.span("inner", depth=1):
            pass
        with trace.span("after"):
            pass
        assert [s["name"] for s in trace.as_json()] == ["outer", "inner", "after"]

    def test_a_span_contains_what_ran_inside_it(self) -> None:
        trace = Trace()
        with trace.span("outer"), trace.span("inner"):
            sum(range(1000))
        outer, inner = trace.spans
        assert outer.start_ms <= inner.start_ms
        assert inner.start_ms + inner.duration_ms <= outer.start_ms + outer.duration_ms
        assert trace.elapsed_ms >= outer.duration_ms

    def test_attributes_may_be_added_while_it_runs(self) -> None:
        trace = Trace()
        with trace.span("plan", question="q") as span:
            span.attributes["plan"] = "QueryPlan"
        assert trace.as_json()[0]["attributes"] == {"question": "q", "plan": "QueryPlan"}

    def test_an_error_is_noted_and_goes_on(self) -> None:
        trace = Trace()
        with pytest.raises(ValueError, match="broken"), trace.span("verify"):
            raise ValueError("broken")
        assert trace.as_json()[0]["error"] == "ValueError: broken"
        assert trace.spans[0].duration_ms >= 0

    def test_each_has_an_id_of_its_own(self) -> None:
        assert Trace().trace_id != Trace().trace_id


class TestTree:
    def test_the_parent_is_the_innermost_open_span(self) -> None:
        trace = Trace()
        with trace.span("invoke_agent leadline", kind=SpanKind.AGENT) as root:
            with trace.span("plan") as plan, trace.span("chat m", kind=SpanKind.LLM) as chat:
                pass
            with trace.span("verify", kind=SpanKind.GUARDRAIL) as verify:
                pass
        assert root.parent_id is None
        assert plan.parent_id == root.span_id
        assert chat.parent_id == plan.span_id
        assert verify.parent_id == root.span_id
        assert trace.root is root
        assert [s["kind"] for s in trace.as_json()] == ["AGENT", "CHAIN", "LLM", "GUARDRAIL"]

    def test_the_parent_of_what_follows_an_error_is_not_the_failed_span(self) -> None:
        trace = Trace()
        with trace.span("root") as root:
            with pytest.raises(RuntimeError), trace.span("chat"):
                raise RuntimeError("gone")
            with trace.span("plan") as plan:
                pass
        assert plan.parent_id == root.span_id

    def test_traces_that_interleave_do_not_mix(self) -> None:
        first, second = Trace(), Trace()
        with first.span("a") as a, second.span("b") as b, first.span("c") as c:
            pass
        assert b.parent_id is None
        assert c.parent_id == a.span_id
        assert second.spans == [b]

    def test_a_named_parent_wins(self) -> None:
        trace = Trace()
        with trace.span("root") as root, trace.span("inner"):  # noqa: SIM117 - the third is the point
            with trace.span("beside", parent=root) as beside:
                pass
        assert beside.parent_id == root.span_id

    def test_a_copied_context_keeps_the_parent_in_another_thread(self) -> None:
        trace = Trace()

        def step(name: str) -> Span:
            with trace.span(name) as span, trace.span(f"in {name}") as inner:
                assert inner.parent_id == span.span_id
            return span

        with trace.span("root"), trace.span("chat") as chat, ThreadPoolExecutor(4) as pool:
            runs = [
                pool.submit(contextvars.copy_context().run, step, f"tool {n}") for n in range(20)
            ]
            made = [run.result() for run in runs]
        assert {span.parent_id for span in made} == {chat.span_id}
        assert len(trace.spans) == 2 + 2 * 20
        assert len({span.span_id for span in trace.spans}) == 42

    def test_a_bare_thread_hangs_its_spans_on_the_open_root(self) -> None:
        trace = Trace()
        made: list[Span] = []

        def step() -> None:
            with trace.span("tool") as span:
                made.append(span)

        with trace.span("root") as root, trace.span("chat"):
            thread = threading.Thread(target=step)
            thread.start()
            thread.join()
        assert made[0].parent_id == root.span_id

    def test_a_closed_root_is_no_parent(self) -> None:
        trace = Trace()
        with trace.span("context"):
            pass
        with trace.span("plan") as plan:
            pass
        assert plan.parent_id is None
        assert trace.current is None

    def test_a_started_span_is_ended_once_and_is_no_parent_by_itself(self) -> None:
        trace = Trace()
        with trace.span("root") as root:
            chat = trace.start("chat m", SpanKind.LLM)
            assert trace.current is root
            tool = trace.start("execute_tool query", SpanKind.TOOL, parent=chat)
            chat.end()
            lasted = chat.duration_ms
            chat.end()
        assert chat.duration_ms == lasted
        assert (chat.parent_id, tool.parent_id) == (root.span_id, chat.span_id)


class TestForm:
    def test_ids_and_clock(self) -> None:
        before = datetime.now(UTC)
        trace = Trace()
        with trace.span("root") as span:
            pass
        assert re.fullmatch(r"[0-9a-f]{32}", trace.trace_id)
        assert re.fullmatch(r"[0-9a-f]{16}", span.span_id)
        assert before <= trace.started_at <= datetime.now(UTC)

    def test_events_and_errors(self) -> None:
        trace = Trace()
        with trace.span("chat m", kind=SpanKind.LLM) as span:
            span.event("retry", attempt=2, reason="429")
            span.fail("rate_limited")
        (plain,) = trace.as_json()
        (event,) = plain["events"]  # type: ignore[misc]
        assert (event["name"], event["attributes"]) == ("retry", {"attempt": 2, "reason": "429"})
        assert 0 <= event["at_ms"] <= span.start_ms + span.duration_ms
        assert (plain["status"], plain["error"]) == ("error", "rate_limited")

    def test_an_open_span_has_lasted_until_now(self) -> None:
        trace = Trace()
        with trace.span("root"):
            sum(range(100_000))  # far more than the microsecond to which times are rounded
            (plain,) = trace.as_json()
        assert isinstance(plain["duration_ms"], float)
        assert 0 < plain["duration_ms"] <= trace.spans[0].duration_ms

    def test_an_attribute_may_be_called_name(self) -> None:
        trace = Trace()
        with trace.span("tool", name="query"):
            pass
        assert trace.spans[0].attributes == {"name": "query"}


class TestOfAnAnswer:
    def test_tells_the_way_from_words_to_text(self, channel: Channel) -> None:
        answer = channel.ask("2025年各大区销售额")
        spans = channel.service.stored_trace(answer.answer_id)
        names = [span["name"] for span in spans]
        assert names == [
            "invoke_agent leadline",
            "context",
            "plan",
            "execute_tool query",
            "narrate",
            "verify",
        ]
        by_name = {str(span["name"]): span["attributes"] for span in spans}
        assert by_name["plan"]["question"] == "2025年各大区销售额"
        tool = by_name["execute_tool query"]
        assert tool["gen_ai.tool.name"] == "query"
        assert tool["gen_ai.tool.call.arguments"] == answer.citations[0].result.arguments
        assert tool["digest"] == answer.citations[0].result.digest
        assert by_name["verify"]["verdict"] == "held"

    def test_shows_every_match_and_what_was_left(self, channel: Channel) -> None:
        answer = channel.ask("客户满意度最高的伙伴？")
        plan = next(
            s["attributes"]
            for s in channel.service.stored_trace(answer.answer_id)
            if s["name"] == "plan"
        )
        assert isinstance(plan, dict)
        assert any("满意度" in word for word in plan["residual"])
        texts = [token["text"] for token in plan["tokens"]]
        assert "伙伴" in texts
        # two characters of two letters each, ×1.02 as a word of the model, less 0.4 for a token
        assert next(t for t in plan["tokens"] if t["text"] == "伙伴")["score"] == 3.68
        assert 0 < plan["coverage"] < 1

    def test_a_mended_word_is_shown(self, channel: Channel) -> None:
        answer = channel.ask("sales by resaller in 2025")
        plan = next(
            s["attributes"]
            for s in channel.service.stored_trace(answer.answer_id)
            if s["name"] == "plan"
        )
        assert isinstance(plan, dict)
        assert plan["mended"] == [{"from": "resaller", "to": "reseller", "score": 87.5}]

    def test_every_tool_call_has_its_span(self, channel: Channel) -> None:
        answer = channel.ask("2025年恒信科技和博远软件谁卖得多")
        spans = channel.service.stored_trace(answer.answer_id)
        tools = [s["attributes"]["gen_ai.tool.name"] for s in spans if s["kind"] == "TOOL"]  # type: ignore[index]
        assert tools == [c.result.tool for c in answer.citations]

    def test_is_plain_json_and_names_no_one_outside_the_scope(self, channel: Channel) -> None:
        answer = channel.ask("各伙伴2025年销售额", as_=EAST)
        text = json.dumps(channel.service.stored_trace(answer.answer_id, EAST), ensure_ascii=False)
        assert "南粤" not in text
        assert "Alpine" not in text
