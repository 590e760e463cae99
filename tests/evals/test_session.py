"""A run goes on where it was cut off, with the same code, data and cases or not at all."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from evals import session
from evals.cases import Case
from evals.instances import Skipped, eval_folder
from evals.opening import opener, rules_alone
from evals.promote import promote
from evals.promoted import PROMOTED
from evals.run import Result
from evals.sampling import Selection, Suite
from evals.session import Opened, all_datasets, conduct, suites_of
from evals.store import EvalStore, RunSetup
from evals.version import code_version
from knowledge.warehouse.feedback_store import FeedbackStore
from leadline.database import make_engine
from leadline.errors import InputError, NotFoundError
from server.schemas import answer_payload
from tests.agents.channel import Channel
from tests.evals.answers import MONEY, ONE_FIGURE, answer, case
from tests.evals.watching import Silent
from tests.paths import REPOSITORY

GOOD = answer("3,357.48 万元", ONE_FIGURE)
CASES = tuple(case(id=f"x-{n}", question=f"q{n}", expect={"scalars": [MONEY]}) for n in range(4))
SUITE = Suite("channel", CASES)


class Asked(Silent):
    """Remembers which questions were asked and told of; may stop the run."""

    def __init__(self, stop_after: int = 0) -> None:
        self.asked: list[str] = []
        self.told: list[tuple[str, int]] = []
        self.left_out: list[str] = []
        self.stop_after = stop_after

    def opener(self, snapshot: int = 1) -> Callable[[str], Opened]:
        def ask(asked: Case) -> Mapping[str, Any]:
            self.asked.append(asked.id)
            return GOOD

        return lambda _dataset: Opened(ask, {"snapshot": snapshot})

    def done(self, result: Result) -> None:
        self.told.append((result.case.id, result.attempt))
        if len(self.told) == self.stop_after:
            raise KeyboardInterrupt

    def skipped(self, skipped: Skipped) -> None:
        self.left_out.append(skipped.dataset)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EvalStore]:
    engine = make_engine(f"sqlite:///{tmp_path / 'runs.db'}")
    yield EvalStore(engine)
    engine.dispose()


def begun(store: EvalStore, **selection: Any) -> str:
    setup = RunSetup("rules", ("channel",), Selection(**selection), code_version())
    return store.begin_run(setup)


class TestConducting:
    def test_every_case_is_asked_kept_and_told(self, store: EvalStore) -> None:
        watcher = Asked()
        run, results = conduct(store, begun(store), [SUITE], watcher.opener(), watcher)
        assert watcher.asked == ["x-0", "x-1", "x-2", "x-3"]
        assert [r.case.id for r in results] == watcher.asked
        assert run.totals is not None
        assert (run.totals.cases, run.totals.passed) == (4, True)
        assert run.instances["channel"]["snapshot"] == 1

    def test_attempts_go_round_by_round(self, store: EvalStore) -> None:
        watcher = Asked()
        suite = Suite("channel", CASES[:2])
        conduct(store, begun(store, repeat=2), [suite], watcher.opener(), watcher)
        assert watcher.told == [("x-0", 1), ("x-1", 1), ("x-0", 2), ("x-1", 2)]

    def test_what_is_not_here_is_skipped_and_fails_no_gate(self, store: EvalStore) -> None:
        watcher = Asked()
        there = watcher.opener()

        def opening(dataset: str) -> Opened | Skipped:
            return Skipped(dataset, "absent") if dataset == "crm" else there(dataset)

        suites = [Suite("crm", CASES[:1]), SUITE]
        run, _results = conduct(store, begun(store), suites, opening, watcher)
        assert watcher.left_out == ["crm"]
        assert run.instances["crm"] == {"skipped": "absent"}
        assert run.totals is not None
        assert run.totals.passed


class TestResuming:
    def test_asks_only_what_is_left(self, store: EvalStore) -> None:
        run_id, first = begun(store), Asked(stop_after=2)
        with pytest.raises(KeyboardInterrupt):
            conduct(store, run_id, [SUITE], first.opener(), first)
        assert store.get_run(run_id).totals is None
        kept = store.get_run(run_id).asked
        assert kept >= 2
        again = Asked()
        run, results = conduct(store, run_id, [SUITE], again.opener(), again)
        assert len(again.told) == 4 - kept
        assert {r.case.id for r in results} == {"x-0", "x-1", "x-2", "x-3"}
        assert run.totals is not None
        assert run.totals.cases == 4

    def test_a_finished_run_asks_nothing(self, store: EvalStore) -> None:
        run_id = begun(store)
        conduct(store, run_id, [SUITE], Asked().opener(), Asked())
        again = Asked()
        conduct(store, run_id, [SUITE], again.opener(), again)
        assert again.asked == []

    def test_not_by_other_code(self, store: EvalStore, monkeypatch: pytest.MonkeyPatch) -> None:
        run_id = begun(store)
        monkeypatch.setattr(session, "code_version", lambda: "0.2.0+other")
        with pytest.raises(InputError, match=r"was begun by .*, this is 0\.2\.0\+other"):
            conduct(store, run_id, [SUITE], Asked().opener(), Asked())

    def test_not_on_other_data(self, store: EvalStore) -> None:
        run_id, first = begun(store), Asked(stop_after=1)
        with pytest.raises(KeyboardInterrupt):
            conduct(store, run_id, [SUITE], first.opener(snapshot=1), first)
        with pytest.raises(InputError, match="asked channel on"):
            conduct(store, run_id, [SUITE], Asked().opener(snapshot=2), Asked())

    def test_not_with_other_cases(self, store: EvalStore) -> None:
        run_id, first = begun(store), Asked(stop_after=1)
        with pytest.raises(KeyboardInterrupt):
            conduct(store, run_id, [SUITE], first.opener(), first)
        other = Suite("channel", (*CASES[:3], case(id="x-3", question="changed")))
        with pytest.raises(InputError, match="asked channel on"):
            conduct(store, run_id, [other], Asked().opener(), Asked())


class TestKilled:
    def test_each_result_that_was_told_of_is_there(self, channel: Channel) -> None:
        settings = channel.service.settings
        engine = make_engine(settings.database_url)
        for question in ("2025年销售额", "2024年销售额", "伙伴总数", "2025年各大区销售额"):
            answer_id = channel.service.ask(question).answer_id
            feedback = FeedbackStore(engine)
            promote(answer_id, service=channel.service, feedback=feedback, told=answer_payload)
        store = EvalStore(engine)
        setup = RunSetup("rules", (PROMOTED,), Selection(repeat=3), code_version())
        run_id = store.begin_run(setup)
        child = subprocess.run(
            [sys.executable, "-m", "tests.evals.killed_run", settings.data_dir, run_id, "7"],
            cwd=REPOSITORY,
            capture_output=True,
            check=False,
        )
        assert child.returncode == -9, child.stderr.decode()
        assert store.get_run(run_id).asked == 7
        suites = suites_of([PROMOTED], eval_folder(settings))
        opening = opener(settings, suites, planner="rules", llm=rules_alone, told=answer_payload)
        watcher = Asked()
        run, _results = conduct(store, run_id, suites, opening, watcher)
        assert len(watcher.told) == 4 * 3 - 7
        assert run.totals is not None
        assert (run.totals.cases, run.totals.right) == (12, 12)
        self._names_no_host(engine, settings.data_dir)

    @staticmethod
    def _names_no_host(engine: sa.Engine, data_dir: Path) -> None:
        with engine.connect() as connection:
            for table in ("eval_run", "eval_result"):
                rows = str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
                assert str(data_dir) not in rows
        engine.dispose()


class TestSuites:
    def test_golden_sets_come_first(self, tmp_path: Path) -> None:
        assert all_datasets(tmp_path) == ("adventureworks", "crm_pipeline", "channel")
        (crm,) = suites_of(["crm_pipeline"], tmp_path)
        assert len(crm.cases) == 87

    def test_an_unknown_one(self, tmp_path: Path) -> None:
        with pytest.raises(NotFoundError, match="no golden set 'nope'"):
            suites_of(["nope"], tmp_path)


class TestCodeVersion:
    def test_is_the_version_and_a_hash(self) -> None:
        version, _, digest = code_version().partition("+")
        assert version.count(".") == 2
        assert len(digest) == 12
