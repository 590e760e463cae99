"""A trace is kept whatever becomes of the question, sent on, and removed in time."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from agents.bootstrap import open_service
from agents.service import AskService
from agents.telemetry import recorder as recording
from agents.telemetry.recorder import TraceRecorder, known_secrets, open_recorder
from knowledge.warehouse.answers import TRACE
from knowledge.warehouse.trace_store import TraceFilter, TraceStore
from leadline.access import LOCAL_OWNER
from leadline.clock import now_utc
from leadline.settings import read_settings
from tests.agents.channel import EAST, Channel, new_instance
from tests.agents.telemetry.collector import Collector, collector


@pytest.fixture
def own(tmp_path: Path) -> Iterator[AskService]:
    """A service over a channel of its own, whose traces may go."""
    service = open_service(read_settings(new_instance(tmp_path), environ={}))
    service.traces = TraceRecorder(TraceStore(service.evidence.engine), retention_days=90)
    yield service
    service.close()
    service.evidence.engine.dispose()


class TestAnswered:
    def test_arrives_at_the_collector_with_real_content(
        self, own: AskService, channel: Channel
    ) -> None:
        with collector() as found:
            exporter = _exporter(found, "full")
            own.traces = TraceRecorder(TraceStore(own.evidence.engine), 90, exporter)
            answer = own.ask("2025年各大区销售额", principal=EAST)
            own.traces.close()
            root = next(span for span in found.spans if not span.parent_id)
        assert root.trace_id == answer.trace_id
        assert root.attributes["input.value"] == "2025年各大区销售额"
        assert root.attributes["output.value"] == answer.text
        assert root.attributes["user.id"] == "east"
        kept = TraceStore(own.evidence.engine).get(answer.trace_id, EAST)
        assert [s.name for s in found.spans] == [s["name"] for s in kept.spans]
        # nanoseconds on the wire, thousandths of milliseconds in the store
        assert abs((root.end_ns - root.start_ns) / 1e6 - kept.spans[0]["duration_ms"]) < 0.001
        began = round(kept.summary.started_at.timestamp() * 1e6) * 1000
        assert abs(root.start_ns - began) < 5_000_000

    def test_old_traces_go_and_their_answers_stay(self, own: AskService) -> None:
        first = own.ask("2025年各大区销售额")
        with own.evidence.engine.begin() as connection:
            long_ago = now_utc() - timedelta(days=91)
            connection.execute(sa.update(TRACE).values(started_at=long_ago))
        second = own.ask("2025年各大区销售额")
        store = TraceStore(own.evidence.engine)
        assert len(store.list(TraceFilter(), LOCAL_OWNER).items) == 2  # looked today already
        assert own.traces is not None
        own.traces._prune_at = 0.0
        third = own.ask("2025年各大区销售额")
        kept = [item.trace_id for item in store.list(TraceFilter(), LOCAL_OWNER).items]
        assert kept == [third.trace_id, second.trace_id]
        assert own.stored_answer(first.answer_id) == first

    def test_many_old_ones_go_part_by_part(
        self, own: AskService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(recording, "PRUNED_BESIDE_AN_ANSWER", 2)
        assert own.traces is not None
        own.traces._prune_at = float("inf")
        for _ in range(3):
            own.ask("2025年各大区销售额")
        with own.evidence.engine.begin() as connection:
            long_ago = now_utc() - timedelta(days=91)
            connection.execute(sa.update(TRACE).values(started_at=long_ago))
        own.traces._prune_at = 0.0
        store = TraceStore(own.evidence.engine)
        left = []
        for _ in range(3):
            own.ask("2025年各大区销售额")
            left.append(len(store.list(TraceFilter(), LOCAL_OWNER).items))
        # 3 old: two go after the first answer, one after the second; each answer adds its own
        assert left == [2, 2, 3]


class TestFailed:
    def test_a_question_that_raises_leaves_its_trace(
        self, own: AskService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object) -> None:
            raise RuntimeError("out of memory at 13912345678")

        monkeypatch.setattr("agents.service.respond", broken)
        with pytest.raises(RuntimeError, match="out of memory"):
            own.ask("2025年各大区销售额", principal=EAST)
        store = TraceStore(own.evidence.engine)
        (item,) = store.list(TraceFilter(status="failed"), EAST).items
        assert (item.answer_id, item.question) == (None, "2025年各大区销售额")
        assert item.error == "RuntimeError: out of memory at [phone]"
        assert item.conversation_id
        spans = store.get(item.trace_id, EAST).spans
        assert [span["name"] for span in spans] == ["invoke_agent leadline", "context", "plan"]
        assert spans[0]["attributes"]["output.value"] == item.error
        assert spans[0]["status"] == "error"

    def test_the_first_error_is_the_one_that_is_raised(
        self,
        own: AskService,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        def broken(*_: object, **__: object) -> None:
            raise TypeError("a defect in keeping it")

        monkeypatch.setattr("agents.service.respond", lambda *_: 1 / 0)
        monkeypatch.setattr(TraceStore, "save_failed", broken)
        with caplog.at_level(logging.ERROR), pytest.raises(ZeroDivisionError):
            own.ask("2025年各大区销售额")
        assert "could not be stored" in caplog.text

    def test_pruning_that_fails_costs_no_answer(
        self,
        own: AskService,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        def broken(*_: object, **__: object) -> None:
            raise sa.exc.OperationalError("delete", {}, OSError("disk full"))

        monkeypatch.setattr(TraceStore, "prune", broken)
        assert own.ask("2025年各大区销售额").status == "answered"
        assert "could not be removed" in caplog.text


class TestOpening:
    def test_by_settings(self, channel: Channel) -> None:
        settings = channel.service.settings
        with collector() as found:
            tracing = replace(settings.tracing, otlp_endpoint=found.endpoint, retention_days=7)
            opened = open_recorder(
                replace(settings, tracing=tracing), channel.service.evidence.engine
            )
            assert opened.exporter is not None
            assert opened.retention_days == 7
            opened.close()
        assert open_recorder(settings, channel.service.evidence.engine).exporter is None

    def test_secrets_of_the_settings_are_known(self) -> None:
        settings = read_settings(
            "/nowhere",
            {
                "LEADLINE_TOKEN": "a-token-of-some-length",
                "LEADLINE_LLM_BASE_URL": "https://h/v1",
                "LEADLINE_LLM_MODEL": "m",
                "LEADLINE_LLM_API_KEY": "the-key",
                "LEADLINE_DATABASE_URL": "postgresql://u:the-password@h/x",
                "LEADLINE_OTLP_HEADERS": "x-key=the-header",
            },
        )
        assert set(known_secrets(settings)) == {
            "a-token-of-some-length",
            "the-key",
            "the-password",
            "the-header",
        }


def _exporter(found: Collector, content: str):  # type: ignore[no-untyped-def]
    from agents.telemetry.exporter import TraceExporter

    return TraceExporter(found.endpoint, b"k" * 32, content=content)  # type: ignore[arg-type]
