"""Tools over HTTP: figures for pages, the ids of their citations, scope, errors, waiting."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from pydantic import TypeAdapter

from knowledge.warehouse.answers import CITATION
from leadline.evidence import ToolResult
from server.routes.citations import CitationDetail
from server.routes.tools import Computing, ToolFigures, ToolList
from tests.server.conftest import Callers
from tests.server.serving import Serving, problem
from tools.catalog import TOOLS
from tools.definition import Tool

BY_REGION: dict[str, Any] = {
    "metrics": ["amount"],
    "dimensions": ["region"],
    "time": {"start": "2025-01-01", "end_excl": "2026-01-01"},
}


def ran(client: httpx.Client, name: str, arguments: dict[str, Any], **query: Any) -> dict[str, Any]:
    """What a tool gave, held against the documented form."""
    response = client.post(f"/api/tools/{name}", json=arguments, params=query)
    assert response.status_code == 200, response.text
    TypeAdapter(ToolFigures).validate_json(response.content)
    found: dict[str, Any] = response.json()
    return found


def figures(found: dict[str, Any]) -> dict[str, float]:
    """Rows of a result with one key and one figure."""
    return dict(found["rows"])


class TestList:
    def test_names_every_tool_that_only_reads(self, owner: httpx.Client) -> None:
        response = owner.get("/api/tools")
        TypeAdapter(ToolList).validate_json(response.content)
        items = {item["name"]: item for item in response.json()["items"]}
        assert set(items) == {tool.name for tool in TOOLS if not tool.side_effects}
        assert items["query"]["label"]["zh"]
        assert items["query"]["arguments"]["properties"]["metrics"]["minItems"] == 1

    def test_is_for_those_who_signed_in(self, door: Serving) -> None:
        with door.client() as stranger:
            problem(stranger.get("/api/tools"), 401, "sign-in-error")


class TestFigures:
    def test_are_those_of_the_tool(self, owner: httpx.Client) -> None:
        found = ran(owner, "query", BY_REGION)
        # thousands: 220 + 90 + 10, 90 + 40 + 5, 20 + 10 + 20, 45 + 60
        assert figures(found) == {
            "华东": 320_000,
            "华南": 135_000,
            "华北": 50_000,
            "Overseas": 105_000,
        }
        assert found["as_of"] == "2025-11-20"
        assert found["spec"]["metrics"] == ["amount"]
        assert found["columns"][1]["currency"] == "CNY"

    def test_stay_within_the_scope(self, callers: Callers) -> None:
        assert figures(ran(callers["east"], "query", BY_REGION)) == {"华东": 320_000}
        assert figures(ran(callers["hengxin"], "query", BY_REGION)) == {"华东": 220_000}

    def test_come_from_the_snapshot_that_is_asked_for(self, owner: httpx.Client) -> None:
        assert ran(owner, "query", BY_REGION, snapshot=1)["snapshot"] == 1
        gone = owner.post("/api/tools/query", json=BY_REGION, params={"snapshot": 99})
        problem(gone, 404, "not-found-error")


class TestErrors:
    @pytest.mark.parametrize(
        ("name", "arguments", "status", "kind", "word"),
        [
            ("nothing", {}, 404, "not-found-error", "nothing"),
            ("query", {}, 422, "spec-error", "metrics"),
            ("query", {"metrics": ["amount"], "scope": "all"}, 422, "spec-error", "scope"),
            ("query", {"metrics": ["happiness"]}, 422, "spec-error", "happiness"),
            ("freshness", {"x": 1}, 422, "spec-error", "x"),
        ],
    )
    def test_say_what_is_wrong(
        self,
        owner: httpx.Client,
        name: str,
        arguments: dict[str, Any],
        status: int,
        kind: str,
        word: str,
    ) -> None:
        told = problem(owner.post(f"/api/tools/{name}", json=arguments), status, kind)
        assert word in told["detail"]

    def test_the_body_must_be_an_object(self, owner: httpx.Client) -> None:
        problem(owner.post("/api/tools/query", json=["amount"]), 422, "input-error")

    def test_an_error_is_not_kept(self, owner: httpx.Client) -> None:
        for _ in range(2):
            wrong = owner.post("/api/tools/query", json={"metrics": ["happiness"]})
            problem(wrong, 422, "spec-error")


def stored(door: Serving, citation_id: str) -> int:
    """How many citations of this id are in the system of record."""
    count = sa.select(sa.func.count()).where(CITATION.c.citation_id == citation_id)
    with door.app.state.door.service.evidence.engine.connect() as connection:
        return int(connection.execute(count).scalar_one())


class TestCitation:
    def test_has_the_same_id_for_the_same_evidence(self, owner: httpx.Client) -> None:
        first, second = ran(owner, "query", BY_REGION), ran(owner, "query", BY_REGION)
        said_otherwise = ran(owner, "query", {**BY_REGION, "rank": False, "where": None})
        assert first["id"] == second["id"] == said_otherwise["id"]

    def test_has_another_id_under_another_scope(self, callers: Callers) -> None:
        ids = {
            name: ran(callers[name], "query", BY_REGION)["id"]
            for name in ("owner", "east", "east2", "south")
        }
        assert ids["east"] == ids["east2"]  # two managers of one region see the same
        assert len({ids["owner"], ids["east"], ids["south"]}) == 3

    def test_is_stored_once_and_only_when_it_is_opened(
        self, door: Serving, owner: httpx.Client
    ) -> None:
        asked = {**BY_REGION, "metrics": ["orders"]}
        found = ran(owner, "query", asked)
        assert (found["kept"], stored(door, found["id"])) == (False, 0)
        problem(owner.get(f"/api/citations/{found['id']}"), 404, "not-found-error")
        for _ in range(2):
            kept = ran(owner, "query", asked, snapshot=found["snapshot"], keep=True)
            assert (kept["kept"], kept["id"], kept["rows"]) == (True, found["id"], found["rows"])
            assert stored(door, found["id"]) == 1

    def test_is_one_as_any_other(self, owner: httpx.Client) -> None:
        found = ran(owner, "query", BY_REGION, keep=True)
        response = owner.get(f"/api/citations/{found['id']}")
        TypeAdapter(CitationDetail).validate_json(response.content)
        detail = response.json()
        assert detail["answer_id"] is None
        assert (detail["rows"], detail["digest"]) == (found["rows"], found["digest"])
        assert "2025-01-01" in detail["reading"]["en"]
        assert [item["name"] for item in detail["definitions"]] == ["amount"]
        again = owner.post(f"/api/citations/{found['id']}/replay").json()
        assert again["equal"] is True
        assert again["citation"]["rows"] == found["rows"]

    def test_is_seen_by_those_of_the_same_scope_and_by_who_sees_all(self, callers: Callers) -> None:
        citation = ran(callers["east"], "query", BY_REGION, keep=True)["id"]
        seen = {
            name: client.get(f"/api/citations/{citation}").status_code
            for name, client in callers.items()
        }
        assert {name for name, status in seen.items() if status == 200} == {
            "owner",
            "east",
            "east2",
            "boss",
            "analyst",
            "warden",  # bound to the same region
        }
        problem(callers["south"].post(f"/api/citations/{citation}/replay"), 404, "not-found-error")


class _Gate:
    """A slow tool: it waits until somebody opens."""

    def __init__(self, slow: Tool[Any]) -> None:
        self.open = threading.Event()
        self.runs = 0
        self._slow = slow

    def compute(self, arguments: Any, context: Any) -> ToolResult:
        self.runs += 1
        assert self.open.wait(30)
        return self._slow.compute(arguments, context)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Gate]:
    (freshness,) = (tool for tool in TOOLS if tool.name == "freshness")
    found = _Gate(freshness)
    slow = Tool("slow", freshness.description_zh, "Slow", freshness.arguments, found.compute)
    monkeypatch.setattr("server.tool_runs.tool", lambda _name: slow)
    monkeypatch.setattr("server.routes.tools.WAIT_S", 0.05)
    yield found
    found.open.set()


class TestWaiting:
    def test_a_slow_tool_is_computed_once_while_others_go_on(
        self, owner: httpx.Client, gate: _Gate
    ) -> None:
        for _ in range(3):
            response = owner.post("/api/tools/slow", json={})
            assert response.status_code == 202
            assert response.headers["Retry-After"] == "1"
            TypeAdapter(Computing).validate_json(response.content)
            assert response.json()["state"] == "computing"
        assert owner.get("/api/tools").status_code == 200  # the door stays open
        gate.open.set()
        for _ in range(100):
            response = owner.post("/api/tools/slow", json={})
            if response.status_code == 200:
                break
        assert response.status_code == 200
        assert gate.runs == 1
