"""The command line as a whole: quick to start, clear when it fails."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import typer

from leadline import __version__
from leadline.errors import (
    AccessError,
    BusyError,
    EvidenceError,
    InputError,
    IntegrityError,
    LeadlineError,
    NotReadyError,
)
from server import cli
from tests.server.command_line import Run

HEAVY = ("pandas", "duckdb", "pyarrow", "sqlalchemy", "alembic", "openpyxl", "numpy", "pypinyin")

LOADED = """
import sys
from server.cli import main
sys.argv = ["leadline", *{arguments!r}]
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
loaded = [name for name in {heavy!r} if name in sys.modules]
print("LOADED:" + ",".join(loaded))
"""


class TestStart:
    @pytest.mark.parametrize(
        "arguments",
        [["--help"], ["ask", "--help"], ["load", "--help"], ["data", "--help"], ["version"]],
    )
    def test_help_loads_nothing_heavy(self, arguments: list[str]) -> None:
        done = subprocess.run(
            [sys.executable, "-c", LOADED.format(arguments=arguments, heavy=HEAVY)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
            env={"PATH": "", "PYTHONPATH": str(Path(cli.__file__).parents[1]), "PYTHONUTF8": "1"},
        )
        assert done.stdout.splitlines()[-1] == "LOADED:"

    def test_the_script_is_installed(self) -> None:
        (script,) = entry_points(group="console_scripts", name="leadline")
        assert script.value == "server.cli:main"


class TestHelp:
    def test_lists_every_command_in_both_languages(self, run: Run) -> None:
        done = run("--help")
        assert done.code == 0
        for command in (
            "load",
            "data",
            "ask",
            "show",
            "replay",
            "trace",
            "eval",
            "demo",
            "version",
        ):
            assert f"{command} " in done.out
        assert "提问" in done.out

    def test_nothing_said_is_help(self, run: Run) -> None:
        assert "Usage" in run().out + run().err

    def test_of_asking_names_its_options(self, run: Run) -> None:
        done = run("ask", "--help")
        for option in ("--json", "--batch", "--as", "--data-dir"):
            assert option in done.out

    def test_version(self, run: Run) -> None:
        assert run("version").out.strip() == __version__


class TestErrors:
    @pytest.mark.parametrize(
        ("error", "code"),
        [
            (InputError("bad line", hint="mend it"), 2),
            (AccessError("not yours"), 3),
            (NotReadyError("nothing loaded"), 4),
            (BusyError("locked"), 5),
            (IntegrityError("changed on disk"), 6),
            (EvidenceError("a figure without evidence"), 7),
        ],
    )
    def test_one_message_on_stderr_and_an_exit_code_of_its_own(
        self, run: Run, monkeypatch: pytest.MonkeyPatch, error: LeadlineError, code: int
    ) -> None:
        def fail() -> None:
            raise error

        monkeypatch.setattr(cli, "app", fail)
        done = run("ask")
        assert done.code == code
        assert error.message in done.err
        assert error.hint in done.err
        assert "Traceback" not in done.err
        assert done.out == ""

    def test_a_defect_of_ours_is_not_dressed_up(
        self, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail() -> None:
            raise ZeroDivisionError("ours")

        monkeypatch.setattr(cli, "app", fail)
        with pytest.raises(ZeroDivisionError):
            run("ask")

    def test_a_reader_that_went_away(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail() -> None:
            raise BrokenPipeError

        monkeypatch.setattr(cli, "app", fail)
        done = run("ask")
        assert (done.code, done.err) == (141, "")

    @pytest.mark.parametrize("arguments", [["unknown"], ["ask", "--nonsense"], ["replay"]])
    def test_wrong_usage(self, run: Run, arguments: list[str]) -> None:
        done = run(*arguments)
        assert done.code == 2
        assert "Usage" in done.err or "Error" in done.err

    def test_chinese_is_written_whatever_the_locale(self, data_dir: Path) -> None:
        arguments = ["leadline", "ask", "2025年销售额", "--data-dir", str(data_dir)]
        script = f"import sys; sys.argv = {arguments!a}; from server.cli import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            check=True,
            cwd=Path(cli.__file__).parents[1],
            env={"PATH": "", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        )
        assert "61.00万元" in done.stdout.decode("utf-8")


class TestTyper:
    def test_commands_print_no_locals_of_ours(self) -> None:
        # pretty tracebacks would show rows of data
        assert isinstance(cli.app, typer.Typer)
        assert not cli.app.pretty_exceptions_enable
