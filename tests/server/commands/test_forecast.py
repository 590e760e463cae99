"""`leadline forecast`: of a file of series, and of the instance's snapshot."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.server.command_line import Run
from tests.tools.test_forecast_file import lines, written


class TestSeries:
    def test_rows_go_out_and_progress_aside(self, run: Run, tmp_path: Path) -> None:
        path = written(tmp_path, lines(1))
        done = run("forecast", "--series", path, "--h", "2", "--level", "80")
        assert done.code == 0
        assert len(done.out.splitlines()) == 3
        assert "1 series, 2 periods ahead" in done.err

    def test_a_file_takes_json_quietly(self, run: Run, tmp_path: Path) -> None:
        path, out = written(tmp_path, lines(1)), tmp_path / "made.json"
        done = run("forecast", "--series", path, "--h", "1", "--json", "--out", out, "--quiet")
        assert (done.code, done.out, done.err) == (0, "", "")
        assert json.loads(out.read_text(encoding="utf-8"))["series"] == 1

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            (("--freq", "often"), "is no frequency"),
            (("--level", "120"), "--level 120 is none"),
            (("--fill", "guess"), "--fill guess is none"),
        ],
    )
    def test_wrong_options_end_in_one_message(
        self, run: Run, tmp_path: Path, options: tuple[str, str], message: str
    ) -> None:
        done = run("forecast", "--series", written(tmp_path, lines(1)), *options)
        assert done.code != 0
        assert message in done.err

    def test_two_rows_for_one_month_are_refused(self, run: Run, tmp_path: Path) -> None:
        frame = pd.concat([lines(1), lines(1).tail(1)])
        done = run("forecast", "--series", written(tmp_path, frame), "--freq", "MS")
        assert done.code != 0
        assert "has two rows for 2023-06-01" in done.err


class TestSnapshot:
    def test_levels_are_forecast_kept_and_shown(self, run: Run, data_dir: Path) -> None:
        done = run("forecast", "--data-dir", data_dir, "--metric", "amount")
        assert done.code == 0, done.err
        assert "amount by region × product_category" in done.err
        # Today is 2025-11-20: November is under way and the first month that is forecast.
        assert "amount · total · 2025-11" in done.out
        assert "backtest error" in done.out
        assert "kept as f-" in done.out
        again = run("forecast", "--data-dir", data_dir, "--metric", "amount", "--json", "--quiet")
        body = json.loads(again.out)
        assert [entry["level"] for entry in body][:2] == [[], ["region"]]
        assert len(body[0]["values"]) == 12
        third = run("forecast", "--data-dir", data_dir, "--metric", "amount", "--quiet")
        assert "already kept as f-" in third.out

    def test_an_unknown_metric_is_refused(self, run: Run, data_dir: Path) -> None:
        done = run("forecast", "--data-dir", data_dir, "--metric", "margin")
        assert done.code != 0
        assert "--metric margin is none" in done.err
