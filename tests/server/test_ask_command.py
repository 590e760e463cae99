"""`leadline ask` and what looks back at its answers: show, replay, trace."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.agents.channel import OTHERS_OF_EAST, new_instance
from tests.server.command_line import Run


def asked(run: Run, data_dir: Path, *arguments: object, stdin: str = "") -> dict[str, Any]:
    """The payload that `ask … --json` printed."""
    done = run("ask", *arguments, "--json", "--data-dir", data_dir, stdin=stdin)
    assert done.code == 0, done.err
    payload: dict[str, Any] = json.loads(done.out)
    return payload


def lines(text: str) -> list[dict[str, Any]]:
    """JSON lines."""
    return [json.loads(line) for line in text.splitlines()]


class TestOneQuestion:
    def test_in_chinese(self, run: Run, data_dir: Path) -> None:
        done = run("ask", "2025年各大区销售额", "--data-dir", data_dir)
        assert done.code == 0
        for part in ("华东", "32.00万元", "[1]", "█", "理解为", "快照 1"):
            assert part in done.out
        assert done.err == ""

    def test_in_english(self, run: Run, data_dir: Path) -> None:
        done = run("ask", "sales in Overseas in 2025", "--data-dir", data_dir)
        assert done.code == 0
        assert "CNY 105,000.00" in done.out
        assert "Read as" in done.out

    def test_as_json(self, run: Run, data_dir: Path) -> None:
        payload = asked(run, data_dir, "2025年销售额")
        assert payload["status"] == "answered"
        assert payload["citations"][0]["rows"] == [[610_000.0]]

    @pytest.mark.parametrize(
        ("question", "status"),
        [("查查销售额", "clarify"), ("预测下季度毛利率", "refused"), ("", "clarify")],
    )
    def test_asking_back_and_refusing_are_no_errors(
        self, run: Run, data_dir: Path, question: str, status: str
    ) -> None:
        payload = asked(run, data_dir, question)
        assert payload["status"] == status
        assert payload["options"]

    def test_the_instance_by_environment(
        self, run: Run, data_dir: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LEADLINE_DATA_DIR", str(data_dir))
        assert "61.00万元" in run("ask", "2025年销售额").out

    def test_nothing_is_loaded_yet(self, run: Run, tmp_path: Path) -> None:
        done = run("ask", "2025年销售额", "--data-dir", tmp_path / "empty")
        assert done.code == 4
        assert "leadline load" in done.err
        assert "Traceback" not in done.err

    def test_an_instance_file_that_is_wrong(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "leadline.yaml").write_text("users: [east]\n", encoding="utf-8")
        done = run("ask", "2025年销售额", "--data-dir", tmp_path)
        assert done.code == 2
        assert "leadline.yaml" in done.err
        assert "users" in done.err


class TestAsUser:
    def test_sees_the_rows_of_the_user(self, run: Run, data_dir: Path) -> None:
        payload = asked(run, data_dir, "2025年各大区销售额", "--as", "east")
        assert payload["citations"][0]["rows"] == [["华东", 320_000.0]]
        assert "华东" in payload["reading"]
        assert not any(name in json.dumps(payload, ensure_ascii=False) for name in OTHERS_OF_EAST)

    def test_cannot_name_another_region_s_partner(self, run: Run, data_dir: Path) -> None:
        payload = asked(run, data_dir, "南粤信息2025年销售额", "--as", "east")
        assert payload["status"] in ("refused", "clarify")
        assert payload["citations"] == []

    def test_an_unknown_user(self, run: Run, data_dir: Path) -> None:
        done = run("ask", "2025年销售额", "--as", "mallory", "--data-dir", data_dir)
        assert done.code == 2
        assert "mallory" in done.err
        assert "east" in done.err  # the known ones
        assert done.out == ""


class TestBatch:
    def test_one_result_line_for_each_in_order(
        self, run: Run, data_dir: Path, tmp_path: Path
    ) -> None:
        path = tmp_path / "questions.jsonl"
        path.write_text(
            '{"id": "a", "question": "2025年销售额"}\n'
            "\n"
            '{"id": "b", "question": "华南呢？", "context": ["2025年华东销售额"]}\n'
            '{"id": 3, "question": "预测下季度毛利率", "context": []}\n'
            '{"question": "sales in 2025", "context": null}\n',
            encoding="utf-8",
        )
        done = run("ask", "--batch", path, "--data-dir", data_dir)
        assert done.code == 0
        results = lines(done.out)
        assert [r["id"] for r in results] == ["a", "b", "3", "5"]  # the line number without an id
        assert [r["status"] for r in results] == ["answered", "answered", "refused", "answered"]
        assert results[1]["citations"][0]["rows"] == [[135_000.0]]

    def test_context_does_not_reach_the_next_line(
        self, run: Run, data_dir: Path, tmp_path: Path
    ) -> None:
        path = tmp_path / "questions.jsonl"
        path.write_text(
            '{"id": "a", "question": "2025年华东销售额"}\n{"id": "b", "question": "华南呢？"}\n',
            encoding="utf-8",
        )
        first, second = lines(run("ask", "--batch", path, "--data-dir", data_dir).out)
        assert (first["status"], second["status"]) == ("answered", "clarify")

    def test_from_standard_input(self, run: Run, data_dir: Path) -> None:
        done = run(
            "ask",
            "--batch",
            "-",
            "--data-dir",
            data_dir,
            stdin='{"id":"x","question":"2025年销售额"}',
        )
        assert lines(done.out)[0]["id"] == "x"

    def test_a_byte_order_mark_is_no_question(
        self, run: Run, data_dir: Path, tmp_path: Path
    ) -> None:
        path = tmp_path / "questions.jsonl"
        path.write_bytes(b'\xef\xbb\xbf{"id":"x","question":"sales in 2025"}\r\n')
        assert lines(run("ask", "--batch", path, "--data-dir", data_dir).out)[0]["id"] == "x"

    def test_an_empty_file_has_no_results(self, run: Run, data_dir: Path, tmp_path: Path) -> None:
        path = tmp_path / "questions.jsonl"
        path.write_text("\n\n", encoding="utf-8")
        done = run("ask", "--batch", path, "--data-dir", data_dir)
        assert (done.code, done.out) == (0, "")

    @pytest.mark.parametrize(
        "bad",
        [
            "not json",
            '{"id": "b", "question": }',
            '{"id": "b"}',
            '{"id": "b", "question": 7}',
            '["a", "question"]',
            '"a question"',
            '{"id": "b", "question": "q", "context": "earlier"}',
            '{"id": "b", "question": "q", "context": [1]}',
        ],
    )
    def test_a_bad_line_is_named_and_nothing_is_run(
        self, run: Run, data_dir: Path, tmp_path: Path, bad: str
    ) -> None:
        path = tmp_path / "questions.jsonl"
        path.write_text(f'{{"id": "a", "question": "2025年销售额"}}\n\n{bad}\n', encoding="utf-8")
        done = run("ask", "--batch", path, "--data-dir", data_dir)
        assert done.code == 2
        assert f"{path}:3" in done.err
        assert "question" in done.err  # the form that a line must have
        assert done.out == ""

    @pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
    def test_a_file_that_cannot_be_read(
        self, run: Run, data_dir: Path, tmp_path: Path, content: bytes | None
    ) -> None:
        path = tmp_path / "questions.jsonl"
        if content is not None:
            path.write_bytes(content)
        done = run("ask", "--batch", path, "--data-dir", data_dir)
        assert done.code == 2
        assert str(path) in done.err

    def test_under_a_scope(self, run: Run, data_dir: Path, tmp_path: Path) -> None:
        path = tmp_path / "questions.jsonl"
        path.write_text('{"id":"a","question":"2025年销售额"}\n', encoding="utf-8")
        done = run("ask", "--batch", path, "--as", "south", "--data-dir", data_dir)
        assert lines(done.out)[0]["citations"][0]["rows"] == [[135_000.0]]


class TestConversation:
    def test_follow_ups_through_standard_input(self, run: Run, data_dir: Path) -> None:
        done = run(
            "ask", "--json", "--data-dir", data_dir, stdin="2025年华东销售额\n华南呢？\n同比呢？\n"
        )
        assert done.code == 0
        first, second, third = lines(done.out)
        assert first["citations"][0]["rows"] == [[320_000.0]]
        assert second["citations"][0]["rows"] == [[135_000.0]]
        assert third["citations"][0]["rows"][0][:2] == [135_000.0, 60_000.0]

    def test_pointing_at_the_rows_of_an_answer(self, run: Run, data_dir: Path) -> None:
        done = run("ask", "--data-dir", data_dir, stdin="2025年销售额前3的伙伴\n这3家合计多少？\n")
        assert "44.00万元" in done.out

    def test_an_option_is_picked_by_its_number(self, run: Run, data_dir: Path) -> None:
        done = run("ask", "--json", "--data-dir", data_dir, stdin="同名商贸2025年销售额\n2\n")
        asking, picked = [json.loads(part) for part in _objects(done.out)]
        assert asking["status"] == "clarify"
        assert picked["status"] == "answered"
        assert picked["citations"][0]["rows"] == [[5_000.0]]  # the second: P09

    def test_a_number_beyond_the_options_picks_none(self, run: Run, data_dir: Path) -> None:
        done = run("ask", "--json", "--data-dir", data_dir, stdin="同名商贸2025年销售额\n9\n")
        _, second = [json.loads(part) for part in _objects(done.out)]
        assert second["status"] != "answered"

    def test_a_number_after_an_answer_picks_none(self, run: Run, data_dir: Path) -> None:
        done = run("ask", "--json", "--data-dir", data_dir, stdin="2025年销售额\n1\n")
        _, second = lines(done.out)
        assert second["status"] != "answered"

    @pytest.mark.parametrize("stdin", ["", "\n", "\n2025年销售额\n"])
    def test_an_empty_line_or_the_end_ends_it(self, run: Run, data_dir: Path, stdin: str) -> None:
        done = run("ask", "--data-dir", data_dir, stdin=stdin)
        assert (done.code, done.out) == (0, "")

    def test_a_terminal_gets_a_prompt(self, run: Run, data_dir: Path) -> None:
        done = run("ask", "--data-dir", data_dir, stdin="2025年销售额\n", terminal=True)
        assert done.code == 0
        assert "empty line ends" in done.out
        assert "61.00万元" in done.out

    def test_under_a_scope(self, run: Run, data_dir: Path) -> None:
        done = run(
            "ask", "--json", "--as", "east", "--data-dir", data_dir, stdin="2025年销售额\n去年呢\n"
        )
        assert [r["citations"][0]["rows"] for r in lines(done.out)] == [
            [[320_000.0]],
            [[250_000.0]],
        ]

    def test_without_data_every_question_is_told_so(self, run: Run, tmp_path: Path) -> None:
        done = run("ask", "--data-dir", tmp_path / "empty", stdin="2025年销售额\n")
        assert "leadline load" in done.out + done.err


def _objects(text: str) -> list[str]:
    """JSON objects among other lines (the picked question is repeated before its answer)."""
    return [line for line in text.splitlines() if line.startswith("{")]


class TestShow:
    def test_prints_the_answer_again(self, run: Run, data_dir: Path) -> None:
        payload = asked(run, data_dir, "2025年华东销售额")
        done = run("show", payload["answer_id"], "--data-dir", data_dir)
        assert done.code == 0
        assert "2025年华东销售额" in done.out
        assert payload["text"] in done.out

    def test_as_json_it_is_the_very_payload(self, run: Run, data_dir: Path) -> None:
        payload = asked(run, data_dir, "2025年各大区销售额")
        done = run("show", payload["answer_id"], "--json", "--data-dir", data_dir)
        shown = json.loads(done.out)
        assert shown.pop("created_at").endswith("Z")
        assert payload.pop("created_at") is None
        assert shown == payload

    def test_not_to_another_scope(self, run: Run, data_dir: Path) -> None:
        answer = asked(run, data_dir, "2025年各大区销售额", "--as", "south")
        for command, what in (
            ("show", answer["answer_id"]),
            ("trace", answer["answer_id"]),
            ("replay", answer["citations"][0]["id"]),
        ):
            done = run(command, what, "--as", "east", "--data-dir", data_dir)
            assert done.code == 2
            assert "华南" not in done.out + done.err
            assert run(command, what, "--as", "south", "--data-dir", data_dir).code == 0

    @pytest.mark.parametrize("command", ["show", "replay", "trace"])
    def test_what_is_not_there(self, run: Run, data_dir: Path, command: str) -> None:
        done = run(command, "nothing", "--data-dir", data_dir)
        assert done.code == 2
        assert "nothing" in done.err


class TestReplay:
    def test_proves_equality(self, run: Run, data_dir: Path) -> None:
        citation = asked(run, data_dir, "2025年各大区销售额")["citations"][0]
        done = run("replay", citation["id"], "--data-dir", data_dir)
        assert done.code == 0
        assert "equal" in done.out
        assert "华东" in done.out

    def test_as_json(self, run: Run, data_dir: Path) -> None:
        citation = asked(run, data_dir, "2025年各大区销售额")["citations"][0]
        payload = json.loads(run("replay", citation["id"], "--json", "--data-dir", data_dir).out)
        assert payload["equal"] is True
        assert payload["digest"] == payload["digest_then"]
        assert payload["rows"] == citation["rows"]

    def test_a_tampered_snapshot_is_an_error_of_its_own(self, run: Run, tmp_path: Path) -> None:
        data = new_instance(tmp_path)
        citation = asked(run, data, "2025年各大区销售额")["citations"][0]
        path = data / "snapshots" / "000001" / "order_line.parquet"
        path.chmod(0o644)
        path.write_bytes(path.read_bytes() + b"\0")
        done = run("replay", citation["id"], "--data-dir", data)
        assert done.code == 6
        assert "order_line" in done.err


class TestTrace:
    def test_tells_matches_plan_calls_verdict_and_timings(self, run: Run, data_dir: Path) -> None:
        answer = asked(run, data_dir, "2025年各大区销售额")
        done = run("trace", answer["answer_id"], "--data-dir", data_dir)
        assert done.code == 0
        for part in ("plan", "execute_tool", "narrate", "verify", "held", " ms", "metric:amount"):
            assert part in done.out

    def test_as_json(self, run: Run, data_dir: Path) -> None:
        answer = asked(run, data_dir, "2025年各大区销售额")
        spans = json.loads(run("trace", answer["answer_id"], "--json", "--data-dir", data_dir).out)
        assert [span["name"] for span in spans][1:3] == ["context", "plan"]
        assert all(span["duration_ms"] >= 0 for span in spans)

    def test_a_refusal_has_one_too(self, run: Run, data_dir: Path) -> None:
        answer = asked(run, data_dir, "客户满意度最高的伙伴？")
        assert "满意度" in run("trace", answer["answer_id"], "--data-dir", data_dir).out


class TestPlannerOption:
    def test_a_mode_that_is_none_is_named(self, run: Run, data_dir: Path) -> None:
        done = run("ask", "2025年销售额", "--planner", "magic", "--data-dir", data_dir)
        assert done.code == 2
        assert "--planner='magic' is not one of auto, rules, llm" in done.err

    def test_a_model_that_is_wanted_but_not_there_is_said(self, run: Run, data_dir: Path) -> None:
        payload = asked(run, data_dir, "2025年销售额", "--planner", "llm")
        assert payload["planning"]["fallback"] == "not_configured"
        assert "未配置语言模型" in payload["reading"]
