"""Spans: what was done, for how long, and what went wrong."""

from __future__ import annotations

import json

import pytest

from agents.traces import Trace
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


class TestOfAnAnswer:
    def test_tells_the_way_from_words_to_text(self, channel: Channel) -> None:
        answer = channel.ask("2025年各大区销售额")
        spans = channel.service.stored_trace(answer.answer_id)
        names = [span["name"] for span in spans]
        assert names == ["context", "plan", "execute_tool", "narrate", "verify"]
        by_name = {str(span["name"]): span["attributes"] for span in spans}
        assert by_name["plan"]["question"] == "2025年各大区销售额"
        assert by_name["execute_tool"]["tool"] == "query"
        assert by_name["execute_tool"]["digest"] == answer.citations[0].result.digest
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

    def test_a_mended_word_is_shown(self, channel: Channel) -> None:
        answer = channel.ask("sales by resaller in 2025")
        plan = next(
            s["attributes"]
            for s in channel.service.stored_trace(answer.answer_id)
            if s["name"] == "plan"
        )
        assert isinstance(plan, dict)
        assert ["resaller", "reseller"] in [list(pair) for pair in plan["mended"]]

    def test_every_tool_call_has_its_span(self, channel: Channel) -> None:
        answer = channel.ask("2025年恒信科技和博远软件谁卖得多")
        spans = channel.service.stored_trace(answer.answer_id)
        tools = [s["attributes"]["tool"] for s in spans if s["name"] == "execute_tool"]  # type: ignore[index]
        assert tools == [c.result.tool for c in answer.citations]

    def test_is_plain_json_and_names_no_one_outside_the_scope(self, channel: Channel) -> None:
        answer = channel.ask("各伙伴2025年销售额", as_=EAST)
        text = json.dumps(channel.service.stored_trace(answer.answer_id, EAST), ensure_ascii=False)
        assert "南粤" not in text
        assert "Alpine" not in text
