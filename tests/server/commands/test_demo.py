"""`leadline demo`: the whole path, and what it refuses to touch."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from leadline.errors import InputError
from server.cli import app
from server.commands.demo import QUESTIONS, demo, demo_folder


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine reaches the demo; temporary folders lie in the test's own."""
    for name in ("LEADLINE_DATA_DIR", "LEADLINE_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LEADLINE_LANGUAGE", "en")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


@pytest.mark.slow
class TestDemo:
    def test_loads_asks_three_questions_and_replays(self, tmp_path: Path) -> None:
        done = CliRunner().invoke(app, ["demo", "--no-serve", "--data-dir", str(tmp_path / "kept")])
        assert done.exit_code == 0, done.output
        answers = re.split(r"\n\? .*\n", done.output)
        assert all(f"? {question}" in done.output for question in QUESTIONS)
        assert len(answers) == 1 + len(QUESTIONS)
        for answer in answers[1:]:
            assert "[1]" in answer  # a citation in the text and below it
            assert re.search(r"\[1\] \w+-1 · \w+ · (snapshot|快照) 1 · ", answer), answer
        assert re.search(r"leadline replay \w+-1: equal", done.output)
        assert (tmp_path / "kept" / "snapshots" / "000001" / "manifest.json").is_file()

    def test_ends_with_the_web_app_serving_until_it_is_stopped(self, tmp_path: Path) -> None:
        kept = tmp_path / "kept"
        code = "from server.cli import main; main()"
        options = ["demo", "--port", "0", "--data-dir", str(kept)]
        command = [sys.executable, "-c", code, *options]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
            assert running.stdout is not None
            found = None
            for line in running.stdout:
                found = re.search(r"serving at (http://127\.0\.0\.1:\d+)/ask/(\w+)", line)
                if found:
                    break
            try:
                assert found is not None
                ready = httpx.get(f"{found[1]}/readyz").json()
                talk = httpx.get(f"{found[1]}/api/conversations/{found[2]}").json()
            finally:
                running.send_signal(signal.SIGINT)
        assert ready["ready"]
        assert [a["question"] for a in talk["answers"]] == list(QUESTIONS)
        assert running.returncode == 0


class TestFolder:
    def test_one_that_nobody_named_is_removed(self, tmp_path: Path) -> None:
        with demo_folder(None, keep=False) as folder:
            (folder / "leadline.db").touch()
            assert folder.parent == tmp_path
        assert list(tmp_path.iterdir()) == []

    def test_also_after_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(InputError), demo_folder(None, keep=False):
            raise InputError("the mapping is wrong")
        assert list(tmp_path.iterdir()) == []

    def test_one_to_keep_stays(self) -> None:
        with demo_folder(None, keep=True) as folder:
            pass
        assert folder.is_dir()

    def test_a_named_one_stays(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "mine").mkdir()
        monkeypatch.setenv("LEADLINE_DATA_DIR", str(tmp_path / "mine"))
        with demo_folder(None, keep=False) as folder:
            assert folder == tmp_path / "mine"
        assert folder.is_dir()


class TestRefusals:
    def test_a_database_that_the_demo_did_not_make(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LEADLINE_DATABASE_URL", "postgresql://prod/leadline")
        with pytest.raises(InputError, match="LEADLINE_DATABASE_URL is set"):
            demo()

    def test_a_folder_with_another_instance(self, tmp_path: Path) -> None:
        (tmp_path / "leadline.db").touch()
        with pytest.raises(InputError, match="holds an instance"):
            demo(data_dir=tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["leadline.db"]

    def test_the_demo_of_another_seed(self, tmp_path: Path) -> None:
        (tmp_path / "leadline.db").touch()
        (tmp_path / "demo-7").mkdir()
        with pytest.raises(InputError, match="not the demo of seed 8"):
            demo(data_dir=tmp_path, seed=8)
