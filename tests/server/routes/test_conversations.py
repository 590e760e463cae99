"""Conversations over HTTP: pages, search, the whole thread."""

from __future__ import annotations

import json

import httpx
import pytest
from pydantic import TypeAdapter

from server.routes.conversations import ConversationOut, ConversationPage
from tests.server.serving import asked, problem


@pytest.fixture(scope="module")
def threads(owner: httpx.Client) -> list[str]:
    """Four conversations of two questions each, in the order in which they were begun."""
    found = []
    for year in (2024, 2025, 2024, 2025):
        first = asked(owner, f"{year}年 线程 各大区销售额")["conversation_id"]
        asked(owner, "同比呢？", conversation_id=first)
        found.append(first)
    return found


class TestList:
    def test_pages_follow_each_other(self, owner: httpx.Client, threads: list[str]) -> None:
        seen: list[str] = []
        before = None
        for _ in range(100):
            query: dict[str, str | int] = {"limit": 3, "q": "线程"}
            if before is not None:
                query["before"] = before
            response = owner.get("/api/conversations", params=query)
            page = TypeAdapter(ConversationPage).validate_json(response.content)
            assert len(page.items) <= 3
            seen += [item.conversation_id for item in page.items]
            before = page.next
            if before is None:
                break
        assert seen == list(reversed(threads))

    def test_tells_what_was_asked_first_how_much_and_when(
        self, owner: httpx.Client, threads: list[str]
    ) -> None:
        found = owner.get("/api/conversations", params={"q": "2025年 线程"}).json()["items"]
        assert [item["conversation_id"] for item in found] == [threads[3], threads[1]]
        assert found[0]["title"] == "2025年 线程 各大区销售额"
        assert found[0]["answers"] == 2
        assert found[0]["started_at"] < found[0]["updated_at"]

    @pytest.mark.parametrize(
        "query",
        [
            "limit=0",
            "limit=201",
            "limit=x",
            "before=yesterday",
            "before=12",
            "before=0001-01-01T00:00:00%2B23:00",
            "q=%00",
            f"q={'x' * 201}",
        ],
    )
    def test_what_does_not_fit_is_refused(self, owner: httpx.Client, query: str) -> None:
        problem(owner.get(f"/api/conversations?{query}"), 422, "input-error")

    @pytest.mark.parametrize(
        "before", ["2100-01-01", "2100-01-01T00:00:00", "2100-01-01T00:00:00%2B08:00"]
    )
    def test_instants_in_other_forms(self, owner: httpx.Client, before: str) -> None:
        assert owner.get(f"/api/conversations?before={before}").status_code == 200


class TestRead:
    def test_every_answer_oldest_first(self, owner: httpx.Client, threads: list[str]) -> None:
        response = owner.get(f"/api/conversations/{threads[0]}")
        found = TypeAdapter(ConversationOut).validate_json(response.content)
        assert found.title == "2024年 线程 各大区销售额"
        assert [answer.question for answer in found.answers] == [found.title, "同比呢？"]
        assert all(answer.created_at is not None for answer in found.answers)

    def test_with_one_s_own_feedback(self, owner: httpx.Client, threads: list[str]) -> None:
        first = owner.get(f"/api/conversations/{threads[1]}").json()["answers"][0]
        owner.put(f"/api/answers/{first['id']}/feedback", json={"rating": "up"})
        again = owner.get(f"/api/conversations/{threads[1]}").json()["answers"]
        assert again[0]["feedback"]["rating"] == "up"
        assert again[1]["feedback"] is None

    def test_none_of_that_name(self, owner: httpx.Client) -> None:
        problem(owner.get("/api/conversations/none0"), 404, "not-found-error")
        for odd in ("a%00b", "..%2f", "%20", "x" * 81):
            response = owner.get(f"/api/conversations/{odd}")
            assert response.status_code in (404, 422), odd
            assert json.loads(response.text)["status"] == response.status_code
