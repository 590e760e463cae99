"""Asking over HTTP: one JSON answer, streams, conversations, floods, and readers who go away."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from agents.llm.fallbacks import fallback_words
from agents.service import AskService
from knowledge.warehouse.conversations import list_conversations
from leadline.errors import EvidenceError
from leadline.evidence import Answer
from server.api_models import AnswerOut, CitationOut
from server.app import create_app
from server.asking import AskingPool
from server.routes.ask import Accepted
from tests.agents.questions import QUESTIONS
from tests.server.conftest import Callers
from tests.server.serving import (
    OWNER_TOKEN,
    Serving,
    asked,
    events,
    guarded_settings,
    problem,
    serving,
)

STREAM = {"Accept": "text/event-stream"}


def streamed(client: httpx.Client, question: str, **more: Any) -> list[tuple[str, Any]]:
    """All events of a streamed answer."""
    body = {"question": question, **more}
    with client.stream("POST", "/api/ask", json=body, headers=STREAM) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        return [(name, json.loads(data)) for name, data in events(response)]


def names(found: list[tuple[str, Any]]) -> list[str]:
    """Names of events, those that follow each other told once."""
    kept: list[str] = []
    for name, _ in found:
        if not kept or kept[-1] != name:
            kept.append(name)
    return kept


class TestJson:
    @pytest.mark.parametrize(
        "question", [*QUESTIONS[::6], "查查销售额", "预测下季度毛利率", "帮助"]
    )
    def test_is_what_the_contract_says(self, owner: httpx.Client, question: str) -> None:
        answer = asked(owner, question)
        TypeAdapter(AnswerOut).validate_json(json.dumps(answer))
        assert answer["question"] == question
        assert answer["created_at"] is None
        assert answer["conversation_id"]

    def test_figures_point_into_the_text_and_the_evidence(self, owner: httpx.Client) -> None:
        answer = asked(owner, "2025年各大区销售额")
        first = next(figure for figure in answer["figures"] if figure["row"] is not None)
        shown = answer["text"][first["start"] : first["end"]]
        citation = answer["citations"][first["citation"] - 1]
        columns = [column["name"] for column in citation["columns"]]
        value = citation["rows"][first["row"]][columns.index(first["column"])]
        assert (shown, value) == ("32.00万元", 320_000.0)

    def test_a_conversation_goes_on(self, owner: httpx.Client) -> None:
        first = asked(owner, "2025年各大区销售额")
        same = first["conversation_id"]
        second = asked(owner, "2024年呢？", conversation_id=same)
        assert second["conversation_id"] == same
        assert second["citations"][0]["spec"]["time"]["start"] == "2024-01-01"
        assert second["citations"][0]["columns"][0]["name"] == "region"

    def test_a_conversation_is_its_asker_s(self, callers: Callers) -> None:
        mine = asked(callers["east"], "2025年销售额")["conversation_id"]
        for name in ("east2", "south", "owner", "boss"):
            body = {"question": "2024年呢？", "conversation_id": mine}
            problem(callers[name].post("/api/ask", json=body), 404, "not-found-error")
        assert asked(callers["east"], "2024年呢？", conversation_id=mine)["status"] == "answered"

    def test_an_unknown_conversation_is_not_begun(self, owner: httpx.Client) -> None:
        body = {"question": "2025年销售额", "conversation_id": "none"}
        for headers in ({}, STREAM):
            response = owner.post("/api/ask", json=body, headers=headers)
            problem(response, 404, "not-found-error")

    @pytest.mark.parametrize("mode", ["auto", "rules", "llm", "llm-first", None])
    def test_a_planner_can_be_chosen(self, owner: httpx.Client, mode: str | None) -> None:
        answer = asked(owner, "2025年销售额", planner=mode)
        planning = answer["planning"]
        assert planning["planner"] == "rules"
        if mode in ("llm", "llm-first"):
            words = fallback_words("not_configured")
            assert planning["fallback"] == "not_configured"
            assert planning["fallback_text"] == {"zh": words.zh, "en": words.en}
        else:
            assert planning["fallback"] is planning["fallback_text"] is None

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"question": ""},
            {"question": "x" * 2001},
            {"question": "a\u0000b"},
            {"question": 7},
            {"question": None},
            {"question": "x", "planner": "best"},
            {"question": "x", "conversation_id": "../x"},
            {"question": "x", "conversation_id": ""},
            {"question": "x", "language": "zh"},
            {"question": "x", "principal": "local"},
            {"question": "x", "scope": {"regions": None}},
        ],
    )
    def test_what_does_not_fit_is_refused(self, owner: httpx.Client, body: dict[str, Any]) -> None:
        problem(owner.post("/api/ask", json=body), 422, "input-error")

    def test_half_a_surrogate_pair(self, owner: httpx.Client) -> None:
        response = owner.post(
            "/api/ask",
            content=rb'{"question": "\ud800", "\udfff": 1}',
            headers={"Content-Type": "application/json"},
        )
        problem(response, 422, "input-error")


class TestStream:
    def test_tells_every_step_in_order(self, owner: httpx.Client) -> None:
        found = streamed(owner, "2025年各大区销售额同比")
        assert names(found) == [
            "accepted",
            "plan",
            "tool_call",
            "tool_result",
            "citation",
            "text",
            "chart",
            "answer",
            "done",
        ]
        told = dict(found)
        assert told["done"] == {}
        assert told["plan"]["planner"] == "rules"
        assert told["plan"]["kind"] == "query"
        assert told["plan"]["steps"][0]["tool"] == "query"
        assert told["tool_call"]["call"] == told["tool_result"]["call"] == 1
        assert set(told["tool_call"]["label"]) == {"zh", "en"}
        assert told["tool_result"]["error"] is None

    def test_what_was_told_is_the_answer(self, owner: httpx.Client) -> None:
        found = streamed(owner, "2025年恒信科技和博远软件谁卖得多")
        answer = dict(found)["answer"]
        TypeAdapter(AnswerOut).validate_json(json.dumps(answer))
        accepted = found[0][1]
        for key in ("answer_id", "conversation_id", "trace_id", "question", "snapshot", "as_of"):
            assert accepted[key] == answer[key]
        assert "".join(data["delta"] for name, data in found if name == "text") == answer["text"]
        citations = [data for name, data in found if name == "citation"]
        assert citations == answer["citations"]
        TypeAdapter(list[CitationOut]).validate_json(json.dumps(citations))
        assert [data for name, data in found if name == "chart"] == [answer["chart"]]

    @pytest.mark.parametrize(
        ("question", "kind", "status"),
        [
            ("查查销售额", "clarify", "clarify"),
            ("预测下季度毛利率", "refuse", "refused"),
            ("数据截至哪天？", "meta", "answered"),
        ],
    )
    def test_what_is_no_query(
        self, owner: httpx.Client, question: str, kind: str, status: str
    ) -> None:
        found = streamed(owner, question)
        assert dict(found)["plan"]["kind"] == kind
        assert dict(found)["answer"]["status"] == status
        assert names(found)[-2:] == ["answer", "done"]

    def test_goes_on_in_the_conversation(self, owner: httpx.Client) -> None:
        first = streamed(owner, "2025年各大区销售额")[0][1]
        second = streamed(owner, "2024年呢？", conversation_id=first["conversation_id"])
        assert second[0][1]["conversation_id"] == first["conversation_id"]
        assert dict(second)["answer"]["status"] == "answered"

    def test_is_stored_like_any_other(self, owner: httpx.Client) -> None:
        answer = dict(streamed(owner, "2025年销售额"))["answer"]
        stored = owner.get(f"/api/answers/{answer['id']}").json()
        assert stored.pop("created_at")
        assert stored.pop("feedback") is None
        assert answer.pop("created_at") is None
        assert stored == answer

    def test_refusals_of_the_door_come_as_problems_before_any_event(self, door: Serving) -> None:
        with door.client() as stranger:
            response = stranger.post("/api/ask", json={"question": "x"}, headers=STREAM)
        problem(response, 401, "sign-in-error")


@dataclass(frozen=True, slots=True)
class Slow:
    """Answers are held from where they begin until they are let go."""

    gate: threading.Event = field(default_factory=threading.Event)
    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    held, answer = Slow(), Accepted.answer

    def wait(accepted: Accepted, service: AskService, emit: Callable[..., None]) -> Answer:
        held.begun.release()
        assert held.gate.wait(30)
        return answer(accepted, service, emit)

    monkeypatch.setattr(Accepted, "answer", wait)
    return held


def leave(client: httpx.Client, question: str, headers: dict[str, str]) -> None:
    """Ask, and go away before the answer."""
    body = {"question": question}
    with pytest.raises(httpx.ReadTimeout):
        client.post("/api/ask", json=body, headers=headers, timeout=0.5)


def until(true: Callable[[], bool]) -> None:
    """Wait for something that another thread brings about."""
    for _ in range(500):
        if true():
            return
        time.sleep(0.02)
    raise AssertionError("it did not come about")


class TestWaiting:
    def test_the_first_event_does_not_wait_for_the_work(
        self, owner: httpx.Client, slow: Slow
    ) -> None:
        body = {"question": "2025年销售额"}
        with owner.stream("POST", "/api/ask", json=body, headers=STREAM) as response:
            told = events(response)
            name, data = next(told)
            assert name == "accepted"
            assert not slow.gate.is_set()
            slow.gate.set()
            assert [name for name, _ in told][-2:] == ["answer", "done"]
        assert json.loads(data)["question"] == "2025年销售额"

    @pytest.mark.parametrize("headers", [STREAM, {}])
    def test_a_reader_who_goes_away_loses_nothing(
        self, door: Serving, owner: httpx.Client, slow: Slow, headers: dict[str, str]
    ) -> None:
        question = f"2025年销售额{' ' if headers else '  '}"

        def listed() -> list[dict[str, Any]]:
            found = owner.get("/api/conversations", params={"q": question, "limit": 1}).json()
            return [item for item in found["items"] if item["title"] == question]

        assert listed() == []
        with door.client(OWNER_TOKEN) as leaving:
            leave(leaving, question, headers)
        assert slow.begun.acquire(timeout=10)
        slow.gate.set()
        until(lambda: bool(listed()))
        (found,) = owner.get(f"/api/conversations/{listed()[0]['conversation_id']}").json()[
            "answers"
        ]
        assert found["status"] == "answered"

    def test_a_heartbeat_keeps_silence_from_looking_like_the_end(
        self, owner: httpx.Client, slow: Slow, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("server.streams.HEARTBEAT_S", 0.05)
        body = {"question": "2025年销售额"}
        with owner.stream("POST", "/api/ask", json=body, headers=STREAM) as response:
            for line in response.iter_lines():
                if line.startswith(":"):
                    break
            slow.gate.set()
            assert line == ": still at work"

    def test_an_error_is_told_in_place_of_the_answer(
        self, owner: httpx.Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object, **__: object) -> Answer:
            raise EvidenceError("the figure 610 of 恒信科技 has no evidence")

        monkeypatch.setattr(Accepted, "answer", fail)
        found = streamed(owner, "2025年销售额")
        assert names(found) == ["accepted", "error", "done"]
        told = dict(found)["error"]
        assert (told["type"], told["status"]) == ("urn:leadline:error:evidence-error", 500)
        assert told["trace_id"] == found[0][1]["trace_id"]
        assert "恒信" not in str(told)
        response = owner.post("/api/ask", json={"question": "2025年销售额"})
        problem(response, 500, "evidence-error")


class TestFlood:
    def test_twenty_at_once_are_all_answered(self, callers: Callers) -> None:
        """Ten as JSON and ten as streams, of several principals, each with the right figure."""
        sums = {"owner": 610_000, "east": 320_000, "south": 135_000, "boss": 610_000}

        def ask(number: int) -> tuple[str, float]:
            name = list(sums)[number % len(sums)]
            question = f"2025年销售额{'。' * (number % 3)}"
            if number % 2:
                answer = dict(streamed(callers[name], question))["answer"]
            else:
                answer = asked(callers[name], question)
            return name, answer["citations"][0]["rows"][0][0]

        with ThreadPoolExecutor(20) as pool:
            found = list(pool.map(ask, range(20)))
        assert [value for _, value in found] == [sums[name] for name, _ in found]

    def test_what_finds_no_place_is_asked_to_come_again(self, tmp_path: Path, slow: Slow) -> None:
        settings = guarded_settings(tmp_path)
        app = create_app(settings, asking=AskingPool(1, waiting=1))
        with (
            serving(app) as running,
            running.client(OWNER_TOKEN) as client,
            ThreadPoolExecutor(2) as pool,
        ):
            until(lambda: app.state.door.asking._inside == 0)  # it has warmed up
            taken = [pool.submit(asked, client, "2025年销售额") for _ in range(2)]
            until(lambda: app.state.door.asking._inside == 2)
            for headers in ({}, STREAM):
                response = client.post(
                    "/api/ask", json={"question": "2025年销售额"}, headers=headers
                )
                told = problem(response, 503, "busy-error")
                assert told["retryable"]
                assert response.headers["retry-after"] == "5"
            assert client.get("/api/session").status_code == 200  # the door itself stays open
            slow.gate.set()
            assert [call.result()["status"] for call in taken] == ["answered"] * 2

    def test_one_conversation_takes_its_questions_one_after_the_other(
        self, owner: httpx.Client
    ) -> None:
        same = asked(owner, "2025年各大区销售额")["conversation_id"]
        with ThreadPoolExecutor(4) as pool:
            questions = ["2024年呢？", "同比呢？", "2025年呢？", "前3名呢？"]
            found = list(
                pool.map(lambda q: asked(owner, q, conversation_id=same)["status"], questions)
            )
        assert len(found) == 4
        assert len(owner.get(f"/api/conversations/{same}").json()["answers"]) == 5


class TestClosing:
    def test_what_is_at_work_is_finished_and_stored(self, tmp_path: Path, slow: Slow) -> None:
        settings = guarded_settings(tmp_path)
        app = create_app(settings)
        with serving(app) as running, running.client(OWNER_TOKEN) as leaving:
            leave(leaving, "2025年销售额", {})
            threading.Timer(0.5, slow.gate.set).start()  # by then the server is stopping
        engine = app.state.door.service.evidence.engine
        assert len(list_conversations(engine)) == 1


class TestSuggestions:
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_each_can_be_answered(self, callers: Callers, language: str) -> None:
        for name in ("owner", "south"):
            client = callers[name]
            offered = client.get("/api/suggestions", params={"language": language}).json()
            assert 3 <= len(offered["questions"]) <= 6
            for option in offered["questions"]:
                answer = asked(client, option["question"])
                assert answer["status"] == "answered", option
                assert answer["language"] == language

    def test_of_another_language_there_are_none(self, owner: httpx.Client) -> None:
        problem(owner.get("/api/suggestions?language=de"), 422, "input-error")


class TestRestart:
    def test_a_conversation_goes_on_after_it(self, tmp_path: Path) -> None:
        settings = guarded_settings(tmp_path)
        with serving(create_app(settings)) as running, running.client(OWNER_TOKEN) as client:
            same = asked(client, "2025年各大区销售额")["conversation_id"]
        with serving(create_app(settings)) as running, running.client(OWNER_TOKEN) as client:
            answer = asked(client, "2024年呢？", conversation_id=same)
        assert answer["citations"][0]["spec"]["dimensions"] == ["region"]
        assert answer["citations"][0]["spec"]["time"]["start"] == "2024-01-01"
