from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.paths import SHARED_DATA, needs_data
from tests.server.command_line import Run

RIGHT = "crm-won-all-zh"
"""A question so plain that a build which misses it answers nothing."""


class TestRun:
    @pytest.mark.data
    @needs_data("crm_pipeline")
    def test_one_case_end_to_end(self, run: Run, tmp_path: Path) -> None:
        folder = ["--data-dir", tmp_path, "--shared-data", SHARED_DATA]
        chosen = ["--dataset", "crm_pipeline", "--case", RIGHT]
        done = run("eval", "run", *chosen, *folder, "--json")
        assert done.code == 0, done.err
        report = json.loads(done.out)
        assert report["totals"]["passed"] is True
        assert [(c["case_id"], c["verdict"]) for c in report["cases"]] == [(RIGHT, "right")]
        assert report["instances"]["crm_pipeline"]["as_of"] == "2017-12-31"

        shown = run("eval", "run", *chosen, *folder, "--against", report["run_id"])
        assert shown.code == 0, shown.err
        assert "PASS: 1 of 1 right" in shown.out
        assert "figures differ on 0 of them" in shown.out

        kept = run("eval", "list", "--data-dir", tmp_path, "--json")
        runs = json.loads(kept.out)
        assert [r["run_id"] for r in runs][1] == report["run_id"]
        both = [entry["run_id"] for entry in runs]
        compared = run("eval", "compare", *both, "--data-dir", tmp_path, "--json")
        assert (compared.code, json.loads(compared.out)["cases"]) == (0, 1)
        assert "0 regressed, 0 mended" in run("eval", "compare", *both, "--data-dir", tmp_path).out
        again = run("eval", "show", report["run_id"][:6], "--data-dir", tmp_path, "--json")
        assert json.loads(again.out) == report

    def test_absent_sources_are_named_and_nothing_passes(self, run: Run, tmp_path: Path) -> None:
        nowhere = tmp_path / "nowhere"
        done = run(
            *("eval", "run", "--dataset", "crm_pipeline"),
            *("--data-dir", tmp_path, "--shared-data", nowhere),
        )
        assert done.code == 1
        assert "crm_pipeline: skipped" in done.out
        assert "FAIL: 0 of 0 right" in done.out

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            (["--case", "no-such-case"], "no case 'no-such-case'"),
            (["--dataset", "nope"], "no golden set 'nope'"),
            (["--planner", "oracle"], "oracle"),
            (["--planner", "llm"], "no language model is configured"),
            (["--model", "m-1"], "the rules need no language model"),
            (["--resume", "0000", "--case", "x"], "give --resume alone"),
            (["--resume", "0000"], "no evaluation run '0000'"),
        ],
    )
    def test_what_cannot_be_run_is_said_at_once(
        self, run: Run, tmp_path: Path, given: list[str], said: str
    ) -> None:
        done = run("eval", "run", *given, "--data-dir", tmp_path)
        assert done.code == 2
        assert said in done.err
        assert "no runs yet" in run("eval", "list", "--data-dir", tmp_path).out
