"""Traces over HTTP: the list with its filters, and every step of one."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from server.routes.traces import TraceOut, TracePage
from tests.server.conftest import Callers
from tests.server.serving import asked, problem

MARK = "恒信科技2024年5月"
"""What only the questions of this module name."""


@pytest.fixture(scope="module")
def answers(callers: Callers) -> list[dict[str, Any]]:
    """Asked by the owner and by the manager of a region; one is refused."""
    return [
        asked(callers["owner"], f"{MARK}至10月的销售额"),
        asked(callers["east"], "2025年各伙伴销售额"),
        asked(callers["owner"], f"{MARK}的中位数销售额"),
    ]


class TestList:
    def test_is_the_newest_first(self, owner: httpx.Client, answers: list[dict[str, Any]]) -> None:
        response = owner.get("/api/traces", params={"limit": 200})
        page = TypeAdapter(TracePage).validate_json(response.content)
        ids = [item.trace_id for item in page.items]
        mine = [a["trace_id"] for a in answers]
        assert [i for i in ids if i in mine] == mine[::-1]
        item = next(i for i in page.items if i.trace_id == mine[1])
        assert (item.principal, item.status, item.planner) == ("east", "answered", "rules")
        assert item.answer_id == answers[1]["id"]
        assert item.spans > 3
        assert not item.error
        assert item.verdict == "held"

    def test_can_be_searched_and_filtered(
        self, owner: httpx.Client, answers: list[dict[str, Any]]
    ) -> None:
        def found(**query: object) -> list[str]:
            params = {"q": MARK, **query}
            items = owner.get("/api/traces", params=params).json()["items"]  # type: ignore[arg-type]
            return [item["answer_id"] for item in items]

        first, third = answers[0]["id"], answers[2]["id"]
        assert found() == [third, first]
        assert found(status="refused") == [third]
        assert found(status="answered") == [first]
        assert found(verdict="rejected") == []
        assert found(planner="llm") == []
        assert found(min_ms=1e9) == []

    def test_pages_follow_each_other(
        self, owner: httpx.Client, answers: list[dict[str, Any]]
    ) -> None:
        first = owner.get("/api/traces", params={"q": MARK, "limit": 1}).json()
        second = owner.get(
            "/api/traces", params={"q": MARK, "limit": 1, "before": first["next"]}
        ).json()
        got = [page["items"][0]["answer_id"] for page in (first, second)]
        assert got == [answers[2]["id"], answers[0]["id"]]
        assert second["next"] is None

    @pytest.mark.parametrize(
        "query", ["limit=0", "limit=201", "min_ms=-1", "min_ms=nan", "before=x", "q=%00"]
    )
    def test_what_does_not_fit_is_refused(self, owner: httpx.Client, query: str) -> None:
        problem(owner.get(f"/api/traces?{query}"), 422, "input-error")

    def test_an_analyst_sees_all(self, callers: Callers, answers: list[dict[str, Any]]) -> None:
        items = callers["analyst"].get("/api/traces", params={"limit": 200}).json()["items"]
        assert {a["id"] for a in answers} <= {item["answer_id"] for item in items}


class TestRead:
    def test_holds_every_step(self, owner: httpx.Client, answers: list[dict[str, Any]]) -> None:
        response = owner.get(f"/api/traces/{answers[0]['trace_id']}")
        trace = TypeAdapter(TraceOut).validate_json(response.content)
        assert trace.answer_id == answers[0]["id"]
        root, *others = trace.spans
        assert (root.kind, root.parent_id) == ("AGENT", None)
        ids = {span.span_id for span in trace.spans}
        assert all(span.parent_id in ids for span in others)
        kinds = {span.kind for span in trace.spans}
        assert {"AGENT", "CHAIN", "TOOL", "GUARDRAIL"} <= kinds
        assert all(span.status == "ok" for span in trace.spans)

    def test_there_is_none(self, owner: httpx.Client) -> None:
        problem(owner.get("/api/traces/none0"), 404, "not-found-error")
