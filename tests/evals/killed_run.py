"""What the resume test runs in a process of its own: a run that ends itself after some results."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from evals.instances import eval_folder
from evals.opening import opener, rules_alone
from evals.promoted import PROMOTED
from evals.run import Result
from evals.session import conduct, suites_of
from evals.store import EvalStore
from leadline.database import make_engine
from leadline.settings import read_settings
from server.schemas import answer_payload
from tests.evals.watching import Silent


class Killer(Silent):
    """Kills the process as soon as it hears of the result number `last`."""

    def __init__(self, last: int) -> None:
        self.left = last

    def done(self, result: Result) -> None:
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)


def carry_out(data_dir: Path, run_id: str, last: int) -> None:
    settings = read_settings(data_dir, {})
    suites = suites_of([PROMOTED], eval_folder(settings))
    opening = opener(settings, suites, planner="rules", llm=rules_alone, told=answer_payload)
    store = EvalStore(make_engine(settings.database_url))
    conduct(store, run_id, suites, opening, Killer(last))


if __name__ == "__main__":
    carry_out(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
