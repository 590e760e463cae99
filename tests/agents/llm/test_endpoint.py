"""The endpoint's side: time, retries, what is sent, what an exception means."""

from __future__ import annotations

import time
from datetime import timedelta
from email.utils import format_datetime

import httpx
import openai
import pytest

from agents.llm.endpoint import before
from agents.llm.errors import LlmError, LlmUnavailableError
from agents.llm.failures import failure_of
from agents.llm.fallbacks import FALLBACKS
from evals.scripted.faults import first
from evals.scripted.server import ScriptedModel, Trouble
from evals.scripted.troubles import Drip, Silence, Status
from evals.scripted.wire import Reply, Request
from leadline.clock import now_utc
from tests.agents.channel import Channel
from tests.agents.llm.asking import asked, competent

REQUEST = httpx.Request("POST", "http://127.0.0.1/v1/chat/completions")
QUESTION = "2025年各大区销售额"


def status(code: int, body: str = "", **headers: str) -> openai.APIStatusError:
    names = {key.replace("_", "-"): value for key, value in headers.items()}
    response = httpx.Response(code, request=REQUEST, headers=names)
    return openai.APIStatusError(body or "x", response=response, body={"message": body})


class TestBefore:
    def test_gives_what_the_call_gives(self) -> None:
        assert before(time.monotonic() + 5, lambda: 7) == 7

    def test_raises_what_the_call_raises(self) -> None:
        with pytest.raises(KeyError, match="x"):
            before(time.monotonic() + 5, lambda: {}["x"])

    @pytest.mark.parametrize("left", [-1.0, 0.05])
    def test_ends_in_time(self, left: float) -> None:
        began = time.monotonic()
        with pytest.raises(LlmError) as caught:
            before(began + left, lambda: time.sleep(1.0))
        assert caught.value.code == "timeout"
        assert time.monotonic() - began < 0.9


class TestFailures:
    @pytest.mark.parametrize(
        ("error", "code", "again"),
        [
            (status(429, "slow down"), "rate_limited", True),
            (status(429, "insufficient_quota"), "rate_limited", False),
            (status(402), "rate_limited", False),
            (status(500), "server_error", True),
            (status(529), "server_error", True),
            (status(408), "server_error", True),
            (status(401), "not_allowed", False),
            (status(403), "not_allowed", False),
            (status(404), "bad_request", False),
            (status(422), "bad_request", False),
            (status(400, "This model's maximum context length is 8192"), "too_long", False),
            (status(413, "prompt is too long"), "too_long", False),
            (status(400, "content_filter"), "filtered", False),
            (status(400, "data_inspection_failed"), "filtered", False),
            (openai.APITimeoutError(REQUEST), "timeout", False),
            (httpx.ReadTimeout("x"), "timeout", False),
            (openai.APIConnectionError(request=REQUEST), "unreachable", True),
            (httpx.ConnectError("x"), "unreachable", True),
            (openai.APIError("rate limit reached", REQUEST, body=None), "rate_limited", True),
            (openai.APIError("context window exceeded", REQUEST, body=None), "too_long", False),
            (openai.APIError("overloaded", REQUEST, body=None), "server_error", True),
            (ValueError("no generations"), "bad_reply", True),
            (KeyError("choices"), "bad_reply", True),
        ],
        ids=repr,
    )
    def test_by_class(self, error: Exception, code: str, again: bool) -> None:
        failure = failure_of(error, begun=False)
        assert (failure.code, failure.retryable) == (code, again)
        assert failure.code in FALLBACKS

    def test_a_stream_that_had_begun_is_cut_off(self) -> None:
        assert failure_of(httpx.ReadError("x"), begun=True).code == "cut_off"
        assert failure_of(openai.APIConnectionError(request=REQUEST), begun=True).code == "cut_off"

    def test_one_of_ours_is_passed_on(self) -> None:
        error = LlmError("x", code="loop")
        assert failure_of(error, begun=True) is error

    def test_messages_repeat_nothing_of_the_endpoint(self) -> None:
        """What it says may repeat what it was sent."""
        failure = failure_of(status(400, "you said: 恒信科技"), begun=False)
        assert "恒信" not in f"{failure.message}{failure.hint}"

    @pytest.mark.parametrize(
        ("headers", "seconds"),
        [
            ({"retry_after": "7"}, 7.0),
            ({"retry_after": "0.5"}, 0.5),
            ({"retry_after_ms": "250"}, 0.25),
            ({"retry_after": "soon"}, None),
            ({"retry_after": "-3"}, 0.0),
            ({}, None),
        ],
    )
    def test_the_wait_that_is_asked_for(
        self, headers: dict[str, str], seconds: float | None
    ) -> None:
        failure = failure_of(status(429, **headers), begun=False)
        assert isinstance(failure, LlmUnavailableError)
        assert failure.retry_after_s == seconds

    def test_a_wait_until_a_date(self) -> None:
        at = format_datetime(now_utc() + timedelta(seconds=60), usegmt=True)
        failure = failure_of(status(503, retry_after=at), begun=False)
        assert isinstance(failure, LlmUnavailableError)
        assert 50 < (failure.retry_after_s or 0) <= 60


class TestTime:
    @pytest.mark.parametrize("trouble", [Silence(), Drip(), Drip(tokens=True)])
    def test_a_question_ends_within_its_time(self, channel: Channel, trouble: Trouble) -> None:
        with asked(channel, lambda _: trouble, timeout_s=0.5) as llm:
            planning = llm.ask(QUESTION).planning
        assert planning.fallback == "timeout"
        assert planning.llm_ms < 2500

    def test_a_wait_that_would_take_too_long_is_not_begun(self, channel: Channel) -> None:
        trouble = Status(429, "slow", {"Retry-After": "30"})
        with asked(channel, lambda _: trouble, timeout_s=8) as llm:
            planning = llm.ask(QUESTION).planning
        assert (planning.fallback, planning.llm_calls) == ("rate_limited", 1)
        assert planning.llm_ms < 5000

    def test_a_reachable_wait_is_kept(self, channel: Channel) -> None:
        behaviour = first(Status(429, "slow", {"Retry-After": "0.3"}))(competent(channel))
        with asked(channel, behaviour) as llm:
            planning = llm.ask(QUESTION).planning
        assert planning.fallback is None
        assert planning.llm_ms > 300

    def test_nobody_listens(self, channel: Channel) -> None:
        with asked(channel) as llm:
            llm.server.__exit__(None, None, None)
            planning = llm.ask(QUESTION).planning
        assert planning.fallback == "unreachable"


class TestRequest:
    def test_asks_for_a_stream_with_usage_and_tools(self, channel: Channel) -> None:
        with asked(channel) as llm:
            llm.ask(QUESTION)
        sent = llm.server.requests[0]
        assert (sent.stream, sent.wants_usage) == (True, True)
        assert sent.body["temperature"] == 0
        assert sent.body["model"] == "scripted-model"
        assert {"query", "ask_back", "refuse"} < set(sent.tools)

    def test_leaves_the_temperature_out_where_it_is_not_taken(self, channel: Channel) -> None:
        inner = competent(channel)

        def behave(request: Request) -> Reply | Trouble:
            if "temperature" in request.body:
                return Status(400, "unsupported value: temperature")
            return inner(request)

        with asked(channel, behave) as llm:
            assert llm.ask(QUESTION).planning.fallback is None
            before_second = len(llm.server.requests)
            llm.ask(QUESTION)
        assert len(llm.server.requests) == before_second + 2  # learnt once

    def test_does_not_follow_to_another_host(self, channel: Channel) -> None:
        with ScriptedModel(competent(channel)) as other:
            there = Status(307, "moved", {"Location": f"{other.base_url}/chat/completions"})
            with asked(channel, lambda _: there) as llm:
                assert llm.ask(QUESTION).planning.fallback == "bad_request"
            assert other.hits == 0

    def test_one_connection_serves_many_calls(self, channel: Channel) -> None:
        with asked(channel) as llm:
            for _ in range(3):
                llm.ask(QUESTION)
        assert len(llm.server.requests) == 6
        assert llm.server.hits == 1

    def test_no_key_is_no_error(self, channel: Channel) -> None:
        with asked(channel, api_key="") as llm:
            assert llm.ask(QUESTION).planning.fallback is None
