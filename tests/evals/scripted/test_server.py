"""The scripted server speaks the chat-completions format, plainly and as a stream."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import count
from pathlib import Path

import httpx
import pytest

from evals.scripted.server import MODEL, ScriptedModel
from evals.scripted.troubles import (
    Body,
    BrokenEvent,
    NoChoices,
    Reset,
    Silence,
    Status,
    Truncated,
)
from evals.scripted.upstream import Upstream
from evals.scripted.wire import Reply, ToolCall, tokens
from tests.agents.channel import Channel
from tests.evals.scripted.serving import ASK, events, post
from tests.paths import REPOSITORY

CALLS = Reply(
    calls=(
        ToolCall(
            "query", {"metrics": ["amount"], "where": {"member": "region", "values": ["华东"]}}
        ),
        ToolCall("freshness"),
    )
)


class TestPlain:
    def test_reply(self) -> None:
        with ScriptedModel(lambda _: Reply("你好 there")) as server:
            body = post(server).json()
        (choice,) = body["choices"]
        assert choice["message"] == {"role": "assistant", "content": "你好 there"}
        assert choice["finish_reason"] == "stop"
        used = body["usage"]
        assert used["total_tokens"] == used["prompt_tokens"] + used["completion_tokens"]
        assert used["completion_tokens"] == tokens("你好 there") == 4

    def test_parallel_tool_calls(self) -> None:
        with ScriptedModel(lambda _: CALLS) as server:
            message = post(server).json()["choices"][0]["message"]
        names = [call["function"]["name"] for call in message["tool_calls"]]
        assert names == ["query", "freshness"]
        assert len({call["id"] for call in message["tool_calls"]}) == 2
        arguments = json.loads(message["tool_calls"][0]["function"]["arguments"])
        assert arguments == CALLS.calls[0].arguments

    def test_models_are_listed(self) -> None:
        with ScriptedModel(lambda _: Reply()) as server:
            body = httpx.get(f"{server.base_url}/models").json()
            assert httpx.get(f"{server.base_url}/nothing").status_code == 404
        assert [model["id"] for model in body["data"]] == [MODEL]

    def test_everything_received_is_kept(self) -> None:
        with ScriptedModel(lambda _: Reply()) as server:
            post(server, user="恒信")
        assert server.requests[0].body["user"] == "恒信"
        assert b"content-length" in server.received[0].lower()
        assert json.loads(server.received[1]) == {**ASK, "user": "恒信"}


class TestStream:
    def test_text_comes_in_pieces(self) -> None:
        text = "一二三四五六七八九十" * 10
        with ScriptedModel(lambda _: Reply(text)) as server:
            found = events(post(server, stream=True))
        pieces = [event["choices"][0]["delta"].get("content", "") for event in found]
        assert "".join(pieces) == text
        assert len(pieces) > 4
        assert found[-1]["choices"][0]["finish_reason"] == "stop"

    def test_calls_come_in_pieces(self) -> None:
        with ScriptedModel(lambda _: CALLS) as server:
            found = events(post(server, stream=True))
        written = ["", ""]
        for event in found:
            for call in event["choices"][0]["delta"].get("tool_calls", ()):
                written[call["index"]] += call["function"]["arguments"]
        assert [json.loads(text) for text in written] == [dict(c.arguments) for c in CALLS.calls]
        assert found[-1]["choices"][0]["finish_reason"] == "tool_calls"

    def test_usage_where_it_is_wanted(self) -> None:
        with ScriptedModel(lambda _: Reply("x")) as server:
            wanted = events(post(server, stream=True, stream_options={"include_usage": True}))
            unwanted = events(post(server, stream=True))
        assert wanted[-1]["choices"] == []
        assert wanted[-1]["usage"]["prompt_tokens"] > 0
        assert not any("usage" in event for event in unwanted)


class TestTroubles:
    def test_statuses_with_headers(self) -> None:
        trouble = Status(429, "slow", {"Retry-After": "3"})
        with ScriptedModel(lambda _: trouble) as server:
            response = post(server)
        assert (response.status_code, response.headers["retry-after"]) == (429, "3")
        assert response.json()["error"]["code"] == "slow"

    @pytest.mark.parametrize("trouble", [Reset(), Truncated(Reply("x" * 200)), Silence(0.01)])
    def test_broken_connections(self, trouble: Reset | Truncated | Silence) -> None:
        with ScriptedModel(lambda _: trouble) as server, pytest.raises(httpx.HTTPError):
            post(server, stream=True)

    def test_a_stream_without_its_end(self) -> None:
        with ScriptedModel(lambda _: Truncated(Reply("x" * 200), tidy=True)) as server:
            text = post(server, stream=True).text
        assert "[DONE]" not in text
        assert 'finish_reason": "stop' not in text

    def test_bodies_that_are_no_reply(self) -> None:
        for trouble in (Body(b"<html>"), BrokenEvent(), NoChoices()):
            with ScriptedModel(lambda _, it=trouble: it) as server:  # type: ignore[misc]
                response = post(server, stream=True)
            assert response.status_code == 200
            assert '"delta": {"content": ' not in response.text

    def test_the_server_goes_on_after_trouble(self) -> None:
        numbers = count(1)
        with ScriptedModel(lambda _: Reset() if next(numbers) == 1 else Reply("x")) as server:
            with pytest.raises(httpx.HTTPError):
                post(server)
            assert post(server).status_code == 200
        assert len(server.requests) == 2


class TestUpstream:
    def test_passes_a_real_reply_on(self) -> None:
        with ScriptedModel(lambda _: CALLS) as real:
            upstream = Upstream(real.base_url, "real-model", "key-1")
            with ScriptedModel(upstream) as server:
                found = events(post(server, stream=True))
        assert found[-1]["choices"][0]["finish_reason"] == "tool_calls"
        asked = real.requests[0]
        assert asked.body["model"] == "real-model"
        assert not asked.stream
        assert asked.headers["Authorization"] == "Bearer key-1"
        assert "key-1" not in repr(upstream)

    def test_passes_its_errors_on(self) -> None:
        with (
            ScriptedModel(lambda _: Status(503)) as real,
            ScriptedModel(Upstream(real.base_url, "m")) as server,
        ):
            assert post(server).status_code == 503


def test_the_command_says_how_to_reach_it(channel: Channel) -> None:
    command = [sys.executable, "-m", "evals.scripted", "--data-dir", str(channel.folder)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=Path(REPOSITORY)
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        address = line.split("LEADLINE_LLM_BASE_URL=")[1].split()[0]
        assert httpx.get(f"{address}/models").json()["data"][0]["id"] == MODEL
        process.terminate()
