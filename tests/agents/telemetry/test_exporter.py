"""Traces arrive whole at a collector over real HTTP, and never stand in an answer's way."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.telemetry.exporter import ExportCounts, Sender, TraceExporter, traces_url
from agents.telemetry.redaction import exported
from leadline import __version__
from leadline.settings import TraceSettings
from tests.agents.telemetry.collector import Arrived, collector
from tests.agents.telemetry.samples import (
    CONVERSATION,
    QUESTION,
    SECRETS_OF_THE_ANSWER,
    STARTED,
    TEXT,
    full_trace,
)
from tests.leadline.planted import planted

KEY = b"k" * 32
NOWHERE = "http://127.0.0.1:9/v1/traces"
"""The discard port: nothing listens there."""


@pytest.fixture(scope="module")
def arrived() -> dict[str, Arrived]:
    """The spans of one trace with full content, by name."""
    with collector() as found:
        exporter = TraceExporter(found.endpoint, KEY, content="full")
        exporter.submit(full_trace())
        exporter.close()
        assert found.resource == {
            "service.name": "leadline",
            "service.version": __version__,
            "openinference.project.name": "leadline",
        }
        return {span.name: span for span in found.spans}


class TestWhatArrives:
    def test_the_tree(self, arrived: dict[str, Arrived]) -> None:
        root = arrived["invoke_agent leadline"]
        assert set(arrived) == {
            "invoke_agent leadline",
            "plan",
            "chat m-1",
            "execute_tool query",
            "verify",
        }
        assert root.parent_id == ""
        assert {s.parent_id for s in arrived.values() if s is not root} == {root.span_id}
        assert {s.trace_id for s in arrived.values()} == {"ab" * 16}
        assert len({s.span_id for s in arrived.values()}) == 5

    def test_times(self, arrived: dict[str, Arrived]) -> None:
        root = arrived["invoke_agent leadline"]
        # stored to the microsecond, and the root begins with the trace
        assert 0 <= root.start_ns - round(STARTED.timestamp() * 1e6) * 1000 < 1_000_000
        stored = {span["name"]: span for span in full_trace().spans}
        assert set(stored) == set(arrived)
        for span in arrived.values():
            assert root.start_ns <= span.start_ns <= span.end_ns <= root.end_ns + 2_000

    def test_nothing_is_blank_on_the_root(self, arrived: dict[str, Arrived]) -> None:
        root = arrived["invoke_agent leadline"]
        assert root.attributes["input.value"] == QUESTION
        assert root.attributes["output.value"] == TEXT
        assert root.attributes["session.id"] == CONVERSATION
        assert root.attributes["user.id"] == "wang.wei"
        assert root.attributes["gen_ai.agent.name"] == "leadline"
        assert root.attributes["leadline.status"] == "answered"
        for span in arrived.values():
            assert "" not in span.attributes.values()
            assert None not in span.attributes.values()
            assert span.attributes["input.value"]
            assert span.attributes["output.value"]
            assert span.attributes["session.id"] == CONVERSATION

    def test_kinds(self, arrived: dict[str, Arrived]) -> None:
        kinds = {n: (s.kind, s.attributes["openinference.span.kind"]) for n, s in arrived.items()}
        assert kinds == {
            "invoke_agent leadline": ("INTERNAL", "AGENT"),
            "plan": ("INTERNAL", "CHAIN"),
            "chat m-1": ("CLIENT", "LLM"),
            "execute_tool query": ("INTERNAL", "TOOL"),
            "verify": ("INTERNAL", "GUARDRAIL"),
        }

    def test_the_tool_in_both_vocabularies(self, arrived: dict[str, Arrived]) -> None:
        tool = arrived["execute_tool query"].attributes
        assert tool["gen_ai.tool.name"] == tool["tool.name"] == "query"
        assert tool["tool.id"] == tool["gen_ai.tool.call.id"] == "call_1"
        arguments = json.loads(tool["gen_ai.tool.call.arguments"])
        assert arguments["metrics"] == ["amount"]
        assert tool["tool.parameters"] == tool["input.value"] == tool["gen_ai.tool.call.arguments"]
        assert json.loads(tool["output.value"])["rows"][0] == ["华东", 1234567.89]
        assert tool["leadline.row_count"] == 3
        assert tool["leadline.columns"] == ["region", "amount"]

    def test_the_model_in_both_vocabularies(self, arrived: dict[str, Arrived]) -> None:
        chat = arrived["chat m-1"].attributes
        assert chat["gen_ai.request.model"] == "m-1"
        assert chat["gen_ai.response.model"] == chat["llm.model_name"] == "m-1-0801"
        assert chat["gen_ai.provider.name"] == chat["llm.provider"] == "deepseek"
        assert chat["gen_ai.usage.input_tokens"] == chat["llm.token_count.prompt"] == 900
        assert chat["gen_ai.usage.output_tokens"] == chat["llm.token_count.completion"] == 80
        assert chat["llm.token_count.total"] == 980
        assert chat["llm.cost.total"] == 0.0123
        assert chat["gen_ai.response.finish_reasons"] == ["tool_calls"]
        assert chat["llm.input_messages.1.message.content"] == QUESTION
        call = "llm.output_messages.0.message.tool_calls.0.tool_call"
        assert chat[f"{call}.function.name"] == "query"
        assert json.loads(chat[f"{call}.function.arguments"]) == {"partner": "恒信科技"}
        (reply,) = json.loads(chat["gen_ai.output.messages"])
        assert reply["parts"][0]["type"] == "tool_call"
        assert json.loads(chat["gen_ai.input.messages"])[0] == {
            "role": "system",
            "parts": [{"type": "text", "content": "你是渠道分析员"}],
        }

    def test_events_and_errors(self, arrived: dict[str, Arrived]) -> None:
        chat, verify = arrived["chat m-1"], arrived["verify"]
        ((name, at, attributes),) = chat.events
        assert (name, attributes["leadline.attempt"]) == ("retry", 2)
        assert chat.start_ns <= at <= chat.end_ns
        assert (chat.status, verify.status) == ("OK", "ERROR")
        assert verify.message.startswith("ValueError: digit")
        assert verify.attributes["error.type"] == "ValueError"
        assert verify.attributes["leadline.verdict"] == "rejected"
        ((name, _, attributes),) = verify.events
        assert (name, attributes["exception.type"]) == ("exception", "ValueError")

    def test_the_planners_scores(self, arrived: dict[str, Arrived]) -> None:
        plan = arrived["plan"].attributes
        (token,) = json.loads(plan["leadline.tokens"])
        assert (token["text"], token["score"]) == ("恒信科技", 7.76)
        assert plan["leadline.residual"] == ["卖了多少"]
        assert plan["leadline.decisions"] == ["unused: 卖了多少"]
        assert 0 < plan["leadline.coverage"] < 1


class TestRedacted:
    def test_no_question_member_or_figure_leaves(self) -> None:
        with collector() as found:
            sender = Sender(found.endpoint, {})
            assert sender.send([exported(full_trace(), "redacted", KEY)])
            sender.close()
            body = found.bodies[0].decode("utf-8", "replace")
            spans = {span.name: span for span in found.spans}
        for secret in SECRETS_OF_THE_ANSWER:
            assert secret not in body
        root = spans["invoke_agent leadline"].attributes
        assert root["input.value"].startswith(f"[redacted: {len(QUESTION)} characters, ")
        assert root["output.value"].startswith("[redacted: ")
        assert root["session.id"] == CONVERSATION
        tool = spans["execute_tool query"].attributes
        arguments = json.loads(tool["gen_ai.tool.call.arguments"])
        assert arguments["metrics"] == ["amount"]
        assert arguments["dimensions"] == ["region"]
        assert arguments["where"]["member"] == "partner"
        assert arguments["limit"] == "[number]"
        assert spans["chat m-1"].attributes["llm.token_count.total"] == 980
        assert spans["verify"].message == "ValueError"
        assert spans["verify"].attributes["leadline.verdict"] == "rejected"

    @settings(suppress_health_check=[HealthCheck.too_slow], max_examples=25, deadline=None)
    @given(secret=planted(), content=st.sampled_from(["full", "redacted"]))
    def test_no_planted_secret_is_in_the_bytes(self, secret: str, content: str) -> None:
        with collector() as found:
            sender = Sender(found.endpoint, {})
            trace = exported(full_trace(f"的 {secret} 。"), content, KEY)  # type: ignore[arg-type]
            assert sender.send([trace])
            sender.close()
            assert secret.encode() not in found.bodies[0]


class TestNeverInTheWay:
    def test_nobody_listens(self, caplog: pytest.LogCaptureFixture) -> None:
        exporter = TraceExporter(NOWHERE, KEY, timeout_s=0.2)
        trace = full_trace()
        began = time.perf_counter()
        exporter.submit(trace)
        assert time.perf_counter() - began < 0.1
        with caplog.at_level(logging.WARNING):
            assert exporter.flush(20)
        exporter.close()
        assert exporter.counts == ExportCounts(sent=0, failed=5, dropped=0)
        assert any("5 spans did not arrive" in message for message in caplog.messages)

    def test_a_full_queue_drops_and_counts(self, caplog: pytest.LogCaptureFixture) -> None:
        trace = full_trace()
        with collector(delay_s=0.5) as found:
            exporter = TraceExporter(found.endpoint, KEY, queue_size=1)
            exporter.submit(trace)
            while found.paths == [] and exporter._waiting.qsize():
                time.sleep(0.005)  # until the thread has taken the first
            with caplog.at_level(logging.WARNING):
                for _ in range(4):
                    exporter.submit(trace)
            exporter.close(timeout_s=10)
            assert exporter.counts == ExportCounts(sent=10, failed=0, dropped=15)
            assert len(found.spans) == 10
        assert sum("too many wait" in message for message in caplog.messages) == 1

    @pytest.mark.parametrize("status", [400, 401, 404])
    def test_a_refusal_is_counted(self, status: int) -> None:
        with collector(status=status) as found:
            exporter = TraceExporter(found.endpoint, KEY)
            exporter.submit(full_trace())
            assert exporter.flush(20)
            exporter.close()
            assert exporter.counts == ExportCounts(sent=0, failed=5, dropped=0)

    def test_the_end_does_not_wait_for_a_slow_collector(self) -> None:
        with collector(delay_s=1.5) as found:
            exporter = TraceExporter(found.endpoint, KEY, queue_size=8)
            for _ in range(3):
                exporter.submit(full_trace())
            began = time.perf_counter()
            exporter.close(timeout_s=0.1)
            assert time.perf_counter() - began < 1.4

    def test_what_waits_is_sent_at_the_end_and_nothing_after(self) -> None:
        with collector(delay_s=0.05) as found:
            exporter = TraceExporter(found.endpoint, KEY)
            for number in range(6):
                trace = full_trace()
                summary = replace(trace.summary, trace_id=f"{number + 1:032x}")
                exporter.submit(replace(trace, summary=summary))
            exporter.close(timeout_s=10)
            assert len({span.trace_id for span in found.spans}) == 6
            exporter.submit(full_trace())
            exporter.close()
            assert exporter.counts == ExportCounts(sent=30, failed=0, dropped=5)

    def test_an_error_of_our_own_is_counted(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def broken(*_: object) -> None:
            raise RuntimeError("no")

        monkeypatch.setattr("agents.telemetry.exporter.exported", broken)
        exporter = TraceExporter(NOWHERE, KEY)
        exporter.submit(full_trace())
        assert exporter.flush(10)
        exporter.close()
        assert exporter.counts.failed == 5
        assert "traces could not be exported" in caplog.text


class TestSettings:
    def test_headers_go_along(self) -> None:
        with collector() as found:
            chosen = TraceSettings(found.endpoint, {"Authorization": "Bearer abcdefgh"})
            exporter = TraceExporter.of(chosen, KEY)
            assert exporter is not None
            exporter.submit(full_trace())
            exporter.close()
            assert found.headers[0]["authorization"] == "Bearer abcdefgh"
            assert QUESTION.encode() not in found.bodies[0]

    def test_without_an_endpoint_there_is_none(self) -> None:
        assert TraceExporter.of(TraceSettings(), KEY) is None

    @pytest.mark.parametrize(
        ("given", "used"),
        [
            ("http://127.0.0.1:6006", "http://127.0.0.1:6006/v1/traces"),
            ("http://127.0.0.1:6006/", "http://127.0.0.1:6006/v1/traces"),
            ("https://h/api/otel/v1/traces", "https://h/api/otel/v1/traces"),
        ],
    )
    def test_the_standard_path_is_added_where_none_is_named(self, given: str, used: str) -> None:
        assert traces_url(given) == used
