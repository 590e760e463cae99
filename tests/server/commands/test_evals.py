from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from leadline.errors import NotFoundError
from server.commands.evals import app
from tests.paths import SHARED_DATA, needs_data

RIGHT = "crm-won-all-zh"
"""A question so plain that a build which misses it answers nothing."""


def invoke(*arguments: str, **options: Any) -> Any:
    return CliRunner().invoke(app, ["run", *arguments], **options)


class TestRun:
    @pytest.mark.data
    @needs_data("crm_pipeline")
    def test_one_case_end_to_end(self, tmp_path: Path) -> None:
        folder = ["--data-dir", str(tmp_path), "--shared-data", str(SHARED_DATA)]
        chosen = ["--dataset", "crm_pipeline", "--case", RIGHT]
        done = invoke(*chosen, *folder, "--json")
        assert done.exit_code == 0, done.output
        report = json.loads(done.stdout)
        assert report["passed"] is True
        assert [c["id"] for c in report["cases"]] == [RIGHT]
        assert report["instances"]["crm_pipeline"]["as_of"] == "2017-12-31"
        (kept,) = (tmp_path / "evals").glob("report-*.json")
        assert json.loads(kept.read_text(encoding="utf-8")) == report

        shown = invoke(*chosen, *folder)
        assert shown.exit_code == 0, shown.output
        assert "PASS: 1 of 1 right" in shown.stdout

    def test_absent_sources_are_named_and_nothing_passes(self, tmp_path: Path) -> None:
        nowhere = tmp_path / "nowhere"
        done = invoke(
            "--dataset", "crm_pipeline", "--data-dir", str(tmp_path), "--shared-data", str(nowhere)
        )
        assert done.exit_code == 1
        assert "crm_pipeline: skipped" in done.output
        assert "FAIL: 0 of 0 right" in done.output

    def test_an_unknown_case(self, tmp_path: Path) -> None:
        done = invoke("--case", "no-such-case", "--data-dir", str(tmp_path))
        assert isinstance(done.exception, NotFoundError)
        assert "no-such-case" in done.exception.message

    def test_an_unknown_golden_set(self, tmp_path: Path) -> None:
        done = invoke("--dataset", "nope", "--data-dir", str(tmp_path))
        assert isinstance(done.exception, NotFoundError)
