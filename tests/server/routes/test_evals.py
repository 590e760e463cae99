"""Evaluation runs over HTTP, and answers that become cases."""

from __future__ import annotations

import httpx
import pytest
from pydantic import TypeAdapter

from evals.cases import read_cases
from evals.sampling import Selection
from evals.store import EvalStore, RunSetup
from server.routes.evals import EvalRunDetail, EvalRunList
from tests.server.serving import Serving, asked, problem


@pytest.fixture(scope="module")
def run_id(door: Serving) -> str:
    """A run that has begun and asked nothing yet."""
    store = EvalStore(door.app.state.door.service.evidence.engine)
    setup = RunSetup(
        planner="rules", datasets=("channel",), selection=Selection(), code_version="test"
    )
    return store.begin_run(setup)


class TestRuns:
    def test_are_listed(self, owner: httpx.Client, run_id: str) -> None:
        response = owner.get("/api/evals/runs")
        found = TypeAdapter(EvalRunList).validate_json(response.content)
        assert found.items[0].run_id == run_id
        assert found.items[0].totals is None

    def test_can_be_read(self, owner: httpx.Client, run_id: str) -> None:
        response = owner.get(f"/api/evals/runs/{run_id}")
        found = TypeAdapter(EvalRunDetail).validate_json(response.content)
        assert (found.run_id, found.asked, found.cases) == (run_id, 0, [])

    def test_there_is_none(self, owner: httpx.Client) -> None:
        problem(owner.get("/api/evals/runs/none0"), 404, "not-found-error")
        problem(owner.get("/api/evals/compare?a=none0&b=none1"), 404, "not-found-error")

    def test_without_a_common_case_there_is_nothing_to_compare(
        self, owner: httpx.Client, run_id: str
    ) -> None:
        problem(owner.get(f"/api/evals/compare?a={run_id}&b={run_id}"), 422, "input-error")


class TestPromote:
    def test_an_accepted_answer_becomes_a_case(self, door: Serving, owner: httpx.Client) -> None:
        answer = asked(owner, "2025年各大区销售额")
        response = owner.post(f"/api/answers/{answer['id']}/promote", json={"note": "与财务核对过"})
        assert response.status_code == 201
        made = response.json()
        assert made["dataset"] == "promoted"
        assert answer["id"] in made["case_id"]
        data_dir = door.app.state.door.settings.data_dir
        assert not made["path"].startswith("/")
        (case,) = (c for c in read_cases(data_dir / made["path"]) if c.id == made["case_id"])
        assert (case.question, case.note) == ("2025年各大区销售额", "与财务核对过")

    def test_one_that_was_marked_down_does_not(self, owner: httpx.Client) -> None:
        answer = asked(owner, "2025年各大区订单数")
        owner.put(f"/api/answers/{answer['id']}/feedback", json={"rating": "down"})
        response = owner.post(f"/api/answers/{answer['id']}/promote", json={})
        problem(response, 422, "input-error")

    @pytest.mark.parametrize(
        "body", [{"dataset": "../x"}, {"dataset": "X"}, {"note": "x" * 2001}, {"force": True}]
    )
    def test_what_does_not_fit_is_refused(
        self, owner: httpx.Client, body: dict[str, object]
    ) -> None:
        problem(owner.post("/api/answers/none0/promote", json=body), 422, "input-error")

    def test_there_is_none(self, owner: httpx.Client) -> None:
        problem(owner.post("/api/answers/none0/promote", json={}), 404, "not-found-error")
