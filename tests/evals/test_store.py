"""Runs and their results are kept as they come, and read back equal."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa

from evals.report import summarise
from evals.run import Result
from evals.sampling import Selection
from evals.scorers import Ruling
from evals.store import EvalStore, RunSetup
from knowledge.warehouse.eval_tables import EVAL_RESULT, EVAL_RUN
from leadline.errors import InputError, IntegrityError, NotFoundError
from tests.evals.answers import MONEY, ONE_FIGURE, answer, case

SETUP = RunSetup(
    planner="llm",
    datasets=("channel", "promoted"),
    selection=Selection(cases=("x-1-zh",), sample=5, seed=3, repeat=2),
    code_version="0.1.0+abc",
    model="m-1",
    label="before 重构",
)
PLANNING = {
    "planner": "llm",
    "fallback": None,
    "model": "m-1",
    "prompt_hash": "p1",
    "llm_calls": 2,
    "input_tokens": 1000,
    "output_tokens": 50,
    "cost": "0.00000125",
    "currency": "USD",
    "llm_ms": 700.5,
}
CASE = case(expect={"scalars": [MONEY]}, snapshot=3, scope={"regions": ["华东"]}, note="a note")
RESULT = Result(
    "channel",
    CASE,
    Ruling("right", "", ("orders",)),
    answer("中", ONE_FIGURE, planning=PLANNING),
    9.5,
)
FAILED = Result("promoted", case(id="x-2"), Ruling("error", "ValueError: x"), None, 1.0, 2)


@pytest.fixture
def store(engine: sa.Engine) -> EvalStore:
    return EvalStore(engine)


class TestRuns:
    def test_one_that_has_begun(self, store: EvalStore) -> None:
        run = store.get_run(store.begin_run(SETUP))
        assert run.setup == SETUP
        assert (run.finished_at, run.totals, run.summary, run.asked) == (None, None, None, 0)
        assert run.instances == {}

    def test_one_that_has_finished(self, store: EvalStore) -> None:
        run_id = store.begin_run(SETUP)
        store.add_result(run_id, RESULT)
        run = store.finish_run(run_id, summarise(store.results(run_id)))
        totals = run.totals
        assert totals is not None
        assert (totals.cases, totals.right, totals.silently_wrong, totals.passed) == (1, 1, 0, True)
        assert (totals.llm_calls, totals.input_tokens, totals.output_tokens) == (2, 1000, 50)
        assert (totals.cost, totals.currency) == (Decimal("0.00000125"), "USD")
        assert totals.latency_p50_ms == 9.5
        assert (run.prompt_hash, run.asked) == ("p1", 1)
        assert run.finished_at is not None
        assert run.finished_at >= run.started_at
        assert run.summary is not None
        assert run.summary["by_kind"][0]["group"] == "total"

    def test_several_prompts_have_no_one_hash(self, store: EvalStore) -> None:
        run_id = store.begin_run(SETUP)
        store.add_result(run_id, RESULT)
        other = answer("中", ONE_FIGURE, planning={**PLANNING, "prompt_hash": "p2"})
        store.add_result(run_id, replace(RESULT, answer=other, attempt=2))
        run = store.finish_run(run_id, summarise(store.results(run_id)))
        assert run.prompt_hash is None
        assert run.summary is not None
        assert run.summary["planning"]["prompt_hashes"] == ["p1", "p2"]

    def test_the_newest_come_first(self, store: EvalStore) -> None:
        ids = [store.begin_run(SETUP) for _ in range(3)]
        store.add_result(ids[1], RESULT)
        found = store.list_runs()
        assert [run.run_id for run in found] == ids[::-1]
        assert [run.asked for run in found] == [0, 1, 0]
        assert [run.run_id for run in store.list_runs(limit=1)] == ids[-1:]

    def test_is_found_by_how_its_id_begins(self, store: EvalStore, engine: sa.Engine) -> None:
        run_id = store.begin_run(SETUP)
        assert store.get_run(run_id[:6]).run_id == run_id
        for unknown in ("nope", run_id[:3], "%", ""):
            with pytest.raises(NotFoundError, match="no evaluation run"):
                store.get_run(unknown)
        with engine.begin() as connection:
            row = connection.execute(sa.select(EVAL_RUN)).mappings().one()
            twin = {**row, "run_id": run_id[:6] + "twin"}
            connection.execute(sa.insert(EVAL_RUN), twin)
        with pytest.raises(NotFoundError, match="several evaluation runs begin with"):
            store.get_run(run_id[:6])
        assert store.get_run(run_id).run_id == run_id


class TestInstances:
    def test_are_kept_by_data_set(self, store: EvalStore) -> None:
        run_id = store.begin_run(SETUP)
        store.set_instance(run_id, "channel", {"snapshot": 1, "as_of": "2026-10-31"})
        store.set_instance(run_id, "promoted", {"skipped": "absent"})
        assert store.get_run(run_id).instances == {
            "channel": {"snapshot": 1, "as_of": "2026-10-31"},
            "promoted": {"skipped": "absent"},
        }

    def test_a_run_does_not_go_on_with_other_data(self, store: EvalStore) -> None:
        run_id = store.begin_run(SETUP)
        store.set_instance(run_id, "channel", {"snapshot": 1})
        store.set_instance(run_id, "channel", {"snapshot": 1})
        with pytest.raises(InputError, match="asked channel on"):
            store.set_instance(run_id, "channel", {"snapshot": 2})

    def test_what_was_skipped_may_be_there_later(self, store: EvalStore) -> None:
        run_id = store.begin_run(SETUP)
        store.set_instance(run_id, "channel", {"skipped": "absent"})
        store.set_instance(run_id, "channel", {"snapshot": 1})
        assert store.get_run(run_id).instances == {"channel": {"snapshot": 1}}

    def test_of_no_run(self, store: EvalStore) -> None:
        with pytest.raises(NotFoundError):
            store.set_instance("nope", "channel", {})


class TestResults:
    def test_come_back_equal(self, store: EvalStore) -> None:
        run_id = store.begin_run(SETUP)
        for result in (RESULT, FAILED):
            store.add_result(run_id, result)
        assert store.results(run_id) == (RESULT, FAILED)

    def test_columns_say_what_the_answer_says(self, store: EvalStore, engine: sa.Engine) -> None:
        run_id = store.begin_run(SETUP)
        store.add_result(run_id, RESULT)
        with engine.connect() as connection:
            row = connection.execute(sa.select(EVAL_RESULT)).one()
        assert (row.planner, row.model, row.prompt_hash) == ("llm", "m-1", "p1")
        assert (row.llm_calls, row.input_tokens, row.cost) == (2, 1000, "0.00000125")
        assert (row.status, row.digest) == ("answered", RESULT.digest)

    def test_an_attempt_is_kept_once(self, store: EvalStore) -> None:
        run_id = store.begin_run(SETUP)
        store.add_result(run_id, RESULT)
        with pytest.raises(IntegrityError):
            store.add_result(run_id, RESULT)
        store.add_result(run_id, replace(RESULT, attempt=2))
        assert [r.attempt for r in store.results(run_id)] == [1, 2]

    def test_of_no_run(self, store: EvalStore) -> None:
        with pytest.raises(IntegrityError):
            store.add_result("nope", RESULT)
        with pytest.raises(NotFoundError):
            store.results("nope")
        with pytest.raises(NotFoundError):
            store.finish_run("nope", summarise([]))


class TestComparing:
    def test_two_kept_runs(self, store: EvalStore) -> None:
        first, second = store.begin_run(SETUP), store.begin_run(SETUP)
        store.add_result(first, RESULT)
        store.add_result(second, replace(RESULT, ruling=Ruling("silently_wrong", "why")))
        found = store.compare(first[:8], second)
        assert (found.a.run_id, found.b.run_id) == (first, second)
        assert [flip.reason_b for flip in found.comparison.regressed] == ["why"]
