"""Row scope on every endpoint: what a principal may not see is not there for them."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.agents.channel import OTHERS_OF_EAST
from tests.server.conftest import Callers
from tests.server.serving import asked, events, problem

QUESTIONS = (
    "2025年各大区销售额",
    "2025年销售额前10的伙伴及占比",
    "2025年各伙伴销售额同比",
    "沉睡超过30天的伙伴有哪些？",
    "2025年各客户销售额",
    "南粤信息2025年销售额",
    "2025年南粤和恒信谁卖得多",
    "同名商贸2025年销售额",
    "各大区目标完成率",
    "华南2025年销售额",
    "2025年各产品销售额",
    "你能回答什么问题？",
)


@pytest.fixture(scope="module")
def theirs(callers: Callers) -> dict[str, dict[str, Any]]:
    """One answer of everybody who may ask."""
    return {name: asked(c, "2025年各大区销售额占比") for name, c in callers.items()}


def own_words(text: str, question: str) -> str:
    """What was said without the question's own words said back."""
    for word in ("南粤信息", "南粤", "华南"):
        if word in question:
            text = text.replace(word, "")
    return text


class TestAnswers:
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_name_nobody_outside_the_scope(self, callers: Callers, question: str) -> None:
        said = json.dumps(asked(callers["east"], question), ensure_ascii=False)
        for name in OTHERS_OF_EAST:
            assert name not in own_words(said, question), name

    @pytest.mark.parametrize("question", QUESTIONS[:4])
    def test_nor_does_a_stream(self, callers: Callers, question: str) -> None:
        body, headers = {"question": question}, {"Accept": "text/event-stream"}
        client = callers["east"]
        with client.stream("POST", "/api/ask", json=body, headers=headers) as response:
            said = "".join(data for _, data in events(response))
        for name in OTHERS_OF_EAST:
            assert name not in own_words(said, question), name

    def test_figures_are_of_the_scope(self, theirs: dict[str, dict[str, Any]]) -> None:
        rows = {name: answer["citations"][0]["rows"] for name, answer in theirs.items()}
        assert rows["east"] == rows["east2"] == [["华东", 320_000.0, 1.0]]
        assert rows["south"] == [["华南", 135_000.0, 1.0]]
        assert rows["hengxin"] == [["华东", 220_000.0, 1.0]]
        assert rows["warden"] == rows["east"]
        assert len(rows["owner"]) == len(rows["boss"]) == 4

    def test_no_argument_of_the_request_widens_it(self, callers: Callers) -> None:
        for extra in ({"regions": ["华南"]}, {"scope": None}, {"principal": "local"}):
            response = callers["east"].post("/api/ask", json={"question": "x", **extra})
            problem(response, 422, "input-error")


class TestStoredThings:
    def paths(self, answer: dict[str, Any]) -> list[tuple[str, str]]:
        citation = answer["citations"][0]["id"]
        return [
            ("GET", f"/api/answers/{answer['id']}"),
            ("DELETE", f"/api/answers/{answer['id']}/feedback"),
            ("GET", f"/api/citations/{citation}"),
            ("POST", f"/api/citations/{citation}/replay"),
            ("GET", f"/api/conversations/{answer['conversation_id']}"),
        ]

    @pytest.mark.parametrize("asker", ["east", "east2", "south", "hengxin", "boss", "owner"])
    def test_of_others_are_not_there_for_a_limited_principal(
        self, callers: Callers, theirs: dict[str, dict[str, Any]], asker: str
    ) -> None:
        for name in ("east", "east2", "south", "hengxin", "warden"):
            for method, path in self.paths(theirs[asker]):
                response = callers[name].request(method, path)
                if name == asker:
                    assert response.status_code in (200, 204), path
                else:
                    problem(response, 404, "not-found-error")

    def test_hidden_and_missing_look_the_same(
        self, callers: Callers, theirs: dict[str, dict[str, Any]]
    ) -> None:
        hidden = theirs["south"]["id"]
        there = callers["east"].get(f"/api/answers/{hidden}").json()
        missing = callers["east"].get("/api/answers/none0").json()
        assert there["detail"].replace(hidden, "none0") == missing["detail"]

    def test_feedback_cannot_be_left_on_what_is_hidden(
        self, callers: Callers, theirs: dict[str, dict[str, Any]]
    ) -> None:
        path = f"/api/answers/{theirs['south']['id']}/feedback"
        problem(callers["east"].put(path, json={"rating": "up"}), 404, "not-found-error")

    def test_who_sees_all_data_sees_what_was_made_of_it(
        self, callers: Callers, theirs: dict[str, dict[str, Any]]
    ) -> None:
        for name in ("owner", "analyst", "boss"):
            for method, path in self.paths(theirs["east"]):
                assert callers[name].request(method, path).status_code in (200, 204)


class TestLists:
    def listed(self, client: httpx.Client, **query: str) -> set[str]:
        found = client.get("/api/conversations", params={"limit": 200, **query}).json()
        return {item["conversation_id"] for item in found["items"]}

    def test_show_one_s_own_conversations(
        self, callers: Callers, theirs: dict[str, dict[str, Any]]
    ) -> None:
        for name in ("east", "east2", "south", "hengxin", "boss", "analyst", "warden"):
            seen = self.listed(callers[name])
            for asker, answer in theirs.items():
                assert (answer["conversation_id"] in seen) == (asker == name), (name, asker)

    def test_show_an_administrator_everybody_s(
        self, callers: Callers, theirs: dict[str, dict[str, Any]]
    ) -> None:
        seen = self.listed(callers["owner"])
        assert {answer["conversation_id"] for answer in theirs.values()} <= seen

    def test_searching_finds_nothing_hidden(
        self, callers: Callers, theirs: dict[str, dict[str, Any]]
    ) -> None:
        assert theirs["south"]["conversation_id"] not in self.listed(callers["east"], q="大区")


class TestModelAndSuggestions:
    def test_members_are_counted_within_the_scope(self, callers: Callers) -> None:
        def members(name: str) -> dict[str, int]:
            model = callers[name].get("/api/semantic/model").json()
            return {d["name"]: d["members"] for d in model["dimensions"]}

        everything, east, partner = members("owner"), members("east"), members("hengxin")
        assert (everything["region"], east["region"], partner["region"]) == (4, 1, 1)
        assert (everything["partner"], east["partner"], partner["partner"]) == (10, 3, 1)
        # the catalogue belongs to nobody's region
        assert everything["product"] == east["product"] == 4

    def test_what_is_available_is_so_within_the_scope(self, callers: Callers) -> None:
        def spans(name: str) -> dict[str, Any]:
            model = callers[name].get("/api/semantic/model").json()
            return {m["name"]: m["span"] for m in model["metrics"]}

        assert spans("owner")["amount"] == {"start": "2024-02-10", "end": "2025-11-20"}
        # 华南 sold first on 2024-08-20 and last on 2025-11-05
        assert spans("south")["amount"] == {"start": "2024-08-20", "end": "2025-11-05"}

    def test_nothing_of_others_is_named(self, callers: Callers) -> None:
        for path in ("/api/semantic/model", "/api/suggestions", "/api/suggestions?language=en"):
            text = callers["east"].get(path).text
            assert not [name for name in OTHERS_OF_EAST if name in text and name != "华南"]
