"""From a thumb down to a case, on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.warehouse.feedback_store import FeedbackStore
from leadline.access import LOCAL_OWNER
from leadline.database import make_engine
from leadline.settings import read_settings
from tests.agents.channel import Channel, open_channel
from tests.server.command_line import Run


@pytest.fixture(scope="module")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Channel]:
    """An instance of this module's own: it is promoted into."""
    yield from open_channel(tmp_path_factory.mktemp("channel"))


@pytest.fixture
def feedback(data_dir: Path) -> Iterator[FeedbackStore]:
    engine = make_engine(read_settings(data_dir, {}).database_url)
    yield FeedbackStore(engine)
    engine.dispose()


class TestFeedback:
    def test_lists_thumbs_down_by_default(
        self, channel: Channel, feedback: FeedbackStore, run: Run, data_dir: Path
    ) -> None:
        assert "no feedback" in run("eval", "feedback", "--data-dir", data_dir).out
        bad = channel.service.ask("2025年销售额").answer_id
        good = channel.service.ask("2024年销售额").answer_id
        feedback.set(bad, "王[b]伟", "down", "少了[red]华北")
        feedback.set(good, LOCAL_OWNER.name, "up")

        shown = run("eval", "feedback", "--data-dir", data_dir)
        assert shown.code == 0, shown.err
        for told in (bad, "2025年销售额", "王[b]伟", "少了[red]华北"):
            assert told in shown.out
        assert good not in shown.out

        every = run("eval", "feedback", "--rating", "all", "--json", "--data-dir", data_dir)
        assert [f["answer_id"] for f in json.loads(every.out)] == [good, bad]

    def test_another_rating_is_refused(self, run: Run, data_dir: Path) -> None:
        done = run("eval", "feedback", "--rating", "meh", "--data-dir", data_dir)
        assert (done.code, "'meh' is not one of up, down" in done.err) == (2, True)


class TestPromote:
    def test_to_a_case_that_runs_and_is_exported(
        self, channel: Channel, run: Run, data_dir: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answer_id = channel.service.ask("2025年华东销售额").answer_id
        at = ["--data-dir", data_dir]
        made = run("eval", "promote", answer_id, "--dataset", "board", "--note", "ok", *at)
        assert made.code == 0, made.err
        assert "made a case: board-" in made.out
        assert (
            "is a case already"
            in run("eval", "promote", answer_id, "--dataset", "board", "--note", "ok", *at).out
        )
        told = json.loads(
            run("eval", "promote", answer_id, "--dataset", "board", "--json", *at).out
        )
        assert told["path"] == str(data_dir / "evals" / "promoted" / "board.jsonl")

        done = run("eval", "run", "--dataset", "board", *at)
        assert done.code == 0, done.err
        assert "PASS: 1 of 1 right" in done.out
        monkeypatch.setenv("LEADLINE_LANGUAGE", "zh")
        assert "通过：1 题中 1 题正确" in run("eval", "run", "--dataset", "board", *at).out

        exported = run("eval", "export", "--dataset", "board", "--format", "inspect", *at)
        assert json.loads(exported.out)["id"] == told["case_id"]
        out = data_dir / "cases.jsonl"
        run("eval", "export", "--dataset", "board", "--out", out, *at)
        assert json.loads(out.read_text(encoding="utf-8"))["question"] == "2025年华东销售额"

    def test_an_unknown_answer(self, run: Run, data_dir: Path) -> None:
        done = run("eval", "promote", "nope", "--data-dir", data_dir)
        assert (done.code, "no answer 'nope'" in done.err) == (2, True)
