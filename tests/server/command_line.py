"""Running the command line inside the test process, as the console script does."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import pytest

from server.cli import main


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str


Run: TypeAlias = Callable[..., Ran]
"""`run("ask", "…", stdin="…")`: the exit code and both streams."""


class Keyboard(io.StringIO):
    """Typed lines that seem to come from a terminal."""

    def isatty(self) -> bool:
        return True


def runner(patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> Run:
    """A function that runs `leadline` with arguments."""

    def run(*arguments: object, stdin: str = "", terminal: bool = False) -> Ran:
        patch.setattr(sys, "argv", ["leadline", *map(str, arguments)])
        patch.setattr(sys, "stdin", Keyboard(stdin) if terminal else io.StringIO(stdin))
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        written = capture.readouterr()
        return Ran(code, written.out, written.err)

    return run
