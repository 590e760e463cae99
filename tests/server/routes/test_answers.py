"""Stored answers and feedback on them over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from server.api_models import StoredAnswerOut
from tests.server.conftest import Callers
from tests.server.serving import asked, problem


@pytest.fixture(scope="module")
def answer(owner: httpx.Client) -> dict[str, Any]:
    return asked(owner, "2025年各产品销售额占比")


class TestAnswer:
    def test_is_as_it_was_given(self, owner: httpx.Client, answer: dict[str, Any]) -> None:
        response = owner.get(f"/api/answers/{answer['id']}")
        TypeAdapter(StoredAnswerOut).validate_json(response.content)
        stored = response.json()
        assert stored.pop("created_at").endswith("Z")
        stored.pop("feedback")
        assert stored == {k: v for k, v in answer.items() if k != "created_at"}

    def test_there_is_none(self, owner: httpx.Client) -> None:
        problem(owner.get("/api/answers/none0"), 404, "not-found-error")


class TestFeedback:
    def test_is_kept_changed_and_taken_back(
        self, owner: httpx.Client, answer: dict[str, Any]
    ) -> None:
        path = f"/api/answers/{answer['id']}/feedback"
        said = owner.put(path, json={"rating": "down", "comment": " 应按回款 "})
        assert said.status_code == 200
        assert (said.json()["rating"], said.json()["comment"]) == ("down", "应按回款")
        again = owner.put(path, json={"rating": "up"}).json()
        assert (again["rating"], again["comment"]) == ("up", None)
        assert again["created_at"] == said.json()["created_at"]
        assert owner.get(f"/api/answers/{answer['id']}").json()["feedback"] == again
        for _ in range(2):
            assert owner.delete(path).status_code == 204
        assert owner.get(f"/api/answers/{answer['id']}").json()["feedback"] is None

    def test_everybody_has_their_own(self, callers: Callers, answer: dict[str, Any]) -> None:
        path = f"/api/answers/{answer['id']}"
        callers["owner"].put(f"{path}/feedback", json={"rating": "up"})
        callers["boss"].put(f"{path}/feedback", json={"rating": "down"})
        ratings = {n: callers[n].get(path).json()["feedback"] for n in ("owner", "boss", "analyst")}
        assert ratings["owner"]["rating"] == "up"
        assert ratings["boss"]["rating"] == "down"
        assert ratings["analyst"] is None
        for name in ("owner", "boss"):
            callers[name].delete(f"{path}/feedback")

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"rating": "sideways"},
            {"rating": "up", "comment": "x" * 2001},
            {"rating": "up", "comment": "a\u0000"},
            {"rating": "up", "principal": "east"},
        ],
    )
    def test_what_does_not_fit_is_refused(
        self, owner: httpx.Client, answer: dict[str, Any], body: dict[str, Any]
    ) -> None:
        problem(owner.put(f"/api/answers/{answer['id']}/feedback", json=body), 422, "input-error")

    def test_on_no_answer(self, owner: httpx.Client) -> None:
        path = "/api/answers/none0/feedback"
        problem(owner.put(path, json={"rating": "up"}), 404, "not-found-error")
        problem(owner.delete(path), 404, "not-found-error")
