"""`leadline traces`: found, shown, sent to a backend, removed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from knowledge.warehouse.answers import TRACE
from leadline.clock import now_utc
from leadline.settings import read_settings
from server.app import create_app
from tests.agents.telemetry.collector import collector
from tests.server.command_line import Run
from tests.server.serving import serving
from tests.server.test_ask_command import asked, new_instance

QUESTION = "2025年各大区销售额"


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """An instance that this test may change."""
    return new_instance(tmp_path)


def trace_of(run: Run, data_dir: Path, question: str = QUESTION, *more: str) -> tuple[str, str]:
    """Ask; the ids of the trace and of the answer."""
    answer = asked(run, data_dir, question, *more)
    return answer["trace_id"], answer["answer_id"]


class TestList:
    def test_newest_first_with_what_came_of_it(self, run: Run, fresh: Path) -> None:
        first, _ = trace_of(run, fresh)
        second, _ = trace_of(run, fresh, "客户满意度最高的伙伴？")
        out = run("traces", "list", "--data-dir", fresh).out
        assert out.index(second) < out.index(first)
        assert f"? {QUESTION}" in out
        assert "answered · rules" in out

    def test_filters_pages_and_json(self, run: Run, fresh: Path) -> None:
        ids = [trace_of(run, fresh, q)[0] for q in (QUESTION, "2025年华东销售额", QUESTION)]

        def listed(*more: str) -> dict[str, object]:
            found = run("traces", "list", "--json", *more, "--data-dir", fresh)
            assert found.code == 0, found.err
            page: dict[str, object] = json.loads(found.out)
            return page

        page = listed("--text", "各大区", "--limit", "1")
        (item,) = page["items"]  # type: ignore[misc]
        assert (item["trace_id"], item["question"]) == (ids[2], QUESTION)
        assert item["started_at"].startswith("20")
        rest = listed("--text", "各大区", "--before", str(page["next"]))
        assert [i["trace_id"] for i in rest["items"]] == [ids[0]]  # type: ignore[attr-defined]
        assert rest["next"] is None
        assert listed("--status", "failed")["items"] == []
        assert listed("--min-ms", "1e9")["items"] == []
        assert listed("--planner", "llm")["items"] == []
        assert len(listed("--verdict", "held")["items"]) == 3  # type: ignore[arg-type]

    def test_of_ones_own(self, run: Run, fresh: Path) -> None:
        trace_id, _ = trace_of(run, fresh, QUESTION, "--as", "south")
        assert trace_id in run("traces", "list", "--as", "south", "--data-dir", fresh).out
        assert "no traces" in run("traces", "list", "--as", "east", "--data-dir", fresh).out

    def test_in_chinese(self, run: Run, fresh: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        trace_of(run, fresh)
        monkeypatch.setenv("LEADLINE_LANGUAGE", "zh")
        assert "已回答 · rules" in run("traces", "list", "--data-dir", fresh).out


class TestShow:
    def test_the_tree_by_the_id_of_trace_or_answer(self, run: Run, data_dir: Path) -> None:
        for wanted in trace_of(run, data_dir):
            out = run("traces", "show", wanted, "--data-dir", data_dir).out
            lines = out.splitlines()
            assert lines[0] == f"? {QUESTION}"
            assert any(line.startswith("└── invoke_agent leadline") for line in lines)
            assert any(line.startswith("    ├── plan ") for line in lines)
            assert any(line.startswith("    ├── execute_tool query ") for line in lines)
            assert "gen_ai.operation.name" not in out
            assert "verdict held" in out

    def test_in_full_and_as_json(self, run: Run, data_dir: Path) -> None:
        trace_id, answer_id = trace_of(run, data_dir)
        full = run("traces", "show", trace_id, "--full", "--data-dir", data_dir).out
        assert "gen_ai.operation.name invoke_agent" in full
        shown = json.loads(run("traces", "show", trace_id, "--json", "--data-dir", data_dir).out)
        assert (shown["trace_id"], shown["answer_id"]) == (trace_id, answer_id)
        assert shown["spans"][0]["attributes"]["input.value"] == QUESTION

    def test_not_to_another_scope(self, run: Run, data_dir: Path) -> None:
        trace_id, answer_id = trace_of(run, data_dir, QUESTION, "--as", "south")
        for wanted in (trace_id, answer_id, "nothing"):
            done = run("traces", "show", wanted, "--as", "east", "--data-dir", data_dir)
            assert done.code == 2
            assert "is stored" in done.err
            assert "华南" not in done.out + done.err


class TestExport:
    def test_sends_the_traces_redacted_unless_told_otherwise(
        self, run: Run, data_dir: Path
    ) -> None:
        trace_id, answer_id = trace_of(run, data_dir)
        with collector() as found:
            to = ("--endpoint", found.endpoint, "--data-dir", data_dir)
            done = run("traces", "export", trace_id, *to)
            assert done.code == 0, done.err
            assert done.out.startswith(f"1 → {found.endpoint} (6 spans)")
            assert "大区" not in found.bodies[0].decode("utf-8", "replace")
            header = ("--content", "full", "--header", "x-key=abc")
            assert run("traces", "export", answer_id, trace_id, *header, *to).code == 0
            assert found.headers[1]["x-key"] == "abc"
            roots = [s.attributes["input.value"] for s in found.spans if not s.parent_id]
        assert roots[0].startswith("[redacted: ")
        assert roots[1:] == [QUESTION, QUESTION]

    def test_headers_of_the_environment_stay_with_its_address(
        self, run: Run, data_dir: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        trace_id, _ = trace_of(run, data_dir)
        with collector() as found:
            monkeypatch.setenv("LEADLINE_OTLP_ENDPOINT", found.endpoint)
            monkeypatch.setenv("LEADLINE_OTLP_HEADERS", "x-key=abc")
            assert run("traces", "export", trace_id, "--data-dir", data_dir).code == 0
            to = ("--endpoint", found.endpoint, "--data-dir", data_dir)
            assert run("traces", "export", trace_id, *to).code == 0
            assert [h.get("x-key") for h in found.headers] == ["abc", None]

    def test_what_cannot_be_sent_is_an_error(self, run: Run, data_dir: Path) -> None:
        trace_id, _ = trace_of(run, data_dir)
        assert "nowhere to send" in run("traces", "export", trace_id, "--data-dir", data_dir).err
        clear = ("--endpoint", "http://collector.example/v1/traces", "--data-dir", data_dir)
        done = run("traces", "export", trace_id, *clear)
        assert done.code == 2
        assert "without encryption" in done.err
        with collector(status=404) as found:
            to = ("--endpoint", found.endpoint, "--data-dir", data_dir)
            done = run("traces", "export", trace_id, *to)
        assert done.code == 5
        assert "did not take" in done.err


class TestPrune:
    def test_removes_old_traces_and_keeps_their_answers(self, run: Run, fresh: Path) -> None:
        old, answer_id = trace_of(run, fresh)
        engine = sa.create_engine(read_settings(fresh).database_url)
        with engine.begin() as connection:
            connection.execute(sa.update(TRACE).values(started_at=now_utc() - timedelta(days=31)))
        engine.dispose()
        new, _ = trace_of(run, fresh)
        assert run("traces", "prune", "--data-dir", fresh).out.strip().endswith(": 0")
        done = run("traces", "prune", "--days", "30", "--data-dir", fresh)
        assert done.out.strip() == "removed, older than 30 days: 1"
        assert run("traces", "show", old, "--data-dir", fresh).code == 2
        assert run("traces", "show", new, "--data-dir", fresh).code == 0
        assert run("show", answer_id, "--data-dir", fresh).code == 0
        gone = run("trace", answer_id, "--data-dir", fresh)
        assert gone.code == 2
        assert "LEADLINE_TRACE_DAYS" in gone.err


class TestSettings:
    def test_a_server_that_stops_sends_what_waits(self, data_dir: Path) -> None:
        with collector(delay_s=0.3) as found:
            settings = read_settings(
                data_dir,
                {"LEADLINE_OTLP_ENDPOINT": found.endpoint, "LEADLINE_OTLP_CONTENT": "full"},
            )
            with serving(create_app(settings)) as running, running.client() as client:
                for _ in range(2):
                    assert client.post("/api/ask", json={"question": QUESTION}).status_code == 200
            roots = [span for span in found.spans if not span.parent_id]
        assert [root.attributes["input.value"] for root in roots] == [QUESTION, QUESTION]

    def test_an_answer_is_exported_before_the_process_ends(self, data_dir: Path) -> None:
        with collector() as found:
            done = subprocess.run(
                [sys.executable, "-c", "from server.cli import main; main()", "ask", QUESTION],
                env={
                    **os.environ,
                    "LEADLINE_DATA_DIR": str(data_dir),
                    "LEADLINE_OTLP_ENDPOINT": found.endpoint,
                    "LEADLINE_OTLP_CONTENT": "full",
                },
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert (done.returncode, done.stderr) == (0, "")
            spans = found.spans
        assert len(spans) == 6
        root = next(span for span in spans if not span.parent_id)
        assert root.attributes["input.value"] == QUESTION
        assert root.attributes["output.value"].splitlines()[-1] in done.stdout
