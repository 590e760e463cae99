"""The whole path with a model that does its work well."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

from agents.events import Event
from agents.llm.prompts import prompt_hash
from evals.scripted.competent import hear
from evals.scripted.faults import always
from evals.scripted.server import ScriptedModel
from evals.scripted.wire import Reply, Request, ToolCall
from leadline.evidence import Answer, Label
from leadline.settings import ShareLevel
from tests.agents.channel import EAST, OTHERS_OF_EAST, Channel
from tests.agents.llm.asking import asked, competent
from tests.agents.questions import QUESTIONS

FOLLOW_UPS = (
    ("2025年华东的销售额", "华南呢"),
    ("2025年各大区销售额", "按月看呢"),
    ("2025年销售额前3的伙伴", "他们的毛利呢"),
    ("top 3 partners by sales in 2025", "what do these three add up to?"),
    ("恒信科技2025年销售额", "去年呢"),
)


def digests(answer: Answer) -> list[str]:
    return [citation.result.digest for citation in answer.citations]


class TestSameFiguresAsTheRules:
    @pytest.mark.parametrize("share", ["schema", "aggregates", "rows"])
    def test_for_every_kind_of_question(self, channel: Channel, share: ShareLevel) -> None:
        told = {}
        with asked(channel, share=share) as llm:
            for question in QUESTIONS if share == "aggregates" else QUESTIONS[::3]:
                answer, right = llm.ask(question), channel.ask(question)
                # names of members are withheld: two of them cannot be set against each other
                withheld = share == "schema" and "谁" in question
                same = digests(answer) == digests(right)[: len(digests(answer))]
                told[question] = (
                    answer.status == right.status and same and answer.planning.fallback is None
                )
                if answer.citations:
                    assert withheld or len(answer.citations) == len(right.citations), question
                    assert answer.label == Label.GENERATED
        assert [question for question, held in told.items() if not held] == []

    @pytest.mark.parametrize("talk", FOLLOW_UPS, ids=lambda talk: talk[1])
    def test_for_follow_ups(self, channel: Channel, talk: tuple[str, str]) -> None:
        first, then = talk
        with asked(channel) as llm:
            answer = llm.ask(then, first)
        assert digests(answer) == digests(channel.ask(then, first))
        assert answer.planning.planner == "llm"

    def test_under_a_scope(self, channel: Channel) -> None:
        with asked(channel, competent(channel, EAST.scope)) as llm:
            answer = llm.ask("2025年各大区销售额", as_=EAST)
        assert digests(answer) == digests(channel.ask("2025年各大区销售额", as_=EAST))
        assert not [word for word in OTHERS_OF_EAST if word in answer.text]


class TestAsking:
    def test_back(self, channel: Channel) -> None:
        with asked(channel) as llm:
            answer = llm.ask("查查销售额")
        assert answer.status == "clarify"
        assert answer.options
        assert answer.planning.planner == "llm"

    def test_a_refusal_offers_what_can_be_answered(self, channel: Channel) -> None:
        with asked(channel) as llm:
            answer = llm.ask("预测下季度毛利率")
        assert answer.status == "refused"
        assert answer.options

    def test_a_name_that_several_bear_is_asked_back(self, channel: Channel) -> None:
        with asked(channel) as llm:
            answer = llm.ask("同名商贸2025年销售额")
        assert answer.status == "clarify"
        assert "同名商贸" not in llm.sent
        assert any("同名商贸" in option.question for option in answer.options)

    def test_a_silent_choice_among_several_is_told(self, channel: Channel) -> None:
        """The model takes the first of two partners of one name, and stays with it."""

        def behave(request: Request) -> Reply:
            heard = hear(request.messages)
            if any("columns" in body for _, body in heard.steps):
                return Reply("{{c1.where}}：{{c1.rows[0].amount}} [1]")
            first = heard.members[0]["means"][0]
            where = {"kind": "filter", "member": first["dimension"], "values": [first["member"]]}
            time = {"start": "2025-01-01", "end_excl": "2026-01-01"}
            spec = {"metrics": ["amount"], "where": where, "time": time}
            return Reply(calls=(ToolCall("query", spec),))

        with asked(channel, behave) as llm:
            answer = llm.ask("同名商贸2025年销售额")
        assert "有多种含义" in answer.reading
        assert answer.label == Label.GENERATED


class TestUsage:
    def test_tokens_calls_and_cost_are_counted(self, channel: Channel) -> None:
        with asked(channel, prices=("2", "8")) as llm:
            answer = llm.ask("2025年各大区销售额")
        planning = answer.planning
        assert planning.llm_calls == len(llm.server.requests) == 2
        assert planning.input_tokens > 2000
        assert planning.output_tokens > 20
        # prices are per million tokens
        spent = Decimal(2) * planning.input_tokens + Decimal(8) * planning.output_tokens
        assert planning.cost == spent / 1_000_000
        assert planning.currency == "USD"
        assert planning.prompt_hash == prompt_hash()
        assert planning.model == "scripted-model"

    def test_no_price_no_cost(self, channel: Channel) -> None:
        with asked(channel) as llm:
            assert llm.ask("2025年销售额").planning.cost is None

    def test_a_fallback_tells_what_it_took(self, channel: Channel) -> None:
        with asked(channel, lambda _: Reply("没有数据")) as llm:
            answer = llm.ask("2025年各大区销售额")
        assert answer.planning.fallback == "no_evidence"
        assert answer.planning.llm_calls == 2
        assert answer.planning.input_tokens > 0

    def test_a_server_that_tells_no_usage(self, channel: Channel) -> None:
        class Silent(ScriptedModel):
            """Leaves the tokens out, as some servers do."""

            def take(self, raw: bytes, headers: object) -> Request:
                body = json.loads(raw)
                body.pop("stream_options", None)
                return super().take(json.dumps(body).encode(), headers)  # type: ignore[arg-type]

        with asked(channel, server=Silent) as llm:
            planning = llm.ask("2025年各大区销售额").planning
        assert (planning.fallback, planning.input_tokens) == (None, 0)


class TestTrace:
    def test_holds_calls_tools_and_verdicts(self, channel: Channel) -> None:
        with asked(channel) as llm:
            answer = llm.ask("2025年各大区销售额")
        names = [span["name"] for span in llm.spans(answer, "")]
        assert names.count("chat scripted-model") == 2
        assert any(str(name).startswith("execute_tool") for name in names)
        assert "verify" in names
        assert "coverage" in names
        for span in llm.spans(answer, "chat"):
            assert span["kind"] == "LLM"
            assert span["attributes"]["gen_ai.usage.input_tokens"] > 0  # type: ignore[index]

    def test_a_failed_call_names_its_code(self, channel: Channel) -> None:
        from evals.scripted.troubles import Status

        with asked(channel, always(Status(500))(competent(channel))) as llm:
            answer = llm.ask("2025年各大区销售额")
        spans = llm.spans(answer, "chat")
        assert len(spans) == 3  # as often as it is tried
        assert all(span["attributes"]["error.type"] == "server_error" for span in spans)  # type: ignore[index]

    def test_events_tell_of_tools(self, channel: Channel) -> None:
        heard: list[Event] = []
        with asked(channel) as llm:
            llm.service.ask("2025年华东和华南的销售额", planner="llm", emit=heard.append)
        names = [event.name for event in heard]
        assert names.count("tool_call") == names.count("tool_result") == 2
        assert names.index("tool_call") < names.index("text")


class TestManyAtOnce:
    def test_threads_share_one_planner(self, channel: Channel) -> None:
        questions = QUESTIONS[:12]
        right = {question: digests(channel.ask(question)) for question in questions}
        with asked(channel) as llm, ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(llm.ask, questions))
        assert {a.question: digests(a) for a in answers} == right
        assert {a.planning.fallback for a in answers} == {None}


class TestHistory:
    def test_earlier_questions_and_queries_are_told(self, channel: Channel) -> None:
        with asked(channel) as llm:
            llm.ask("华南呢", "2025年华东的销售额")
        last = llm.server.requests[-1].messages
        roles = [message["role"] for message in last[:4]]
        assert roles == ["system", "user", "assistant", "user"]
        assert "2025-01-01" in last[2]["content"]


def test_nothing_goes_to_third_parties(
    channel: Channel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Langchain would send every message to a tracing service if the environment says so."""
    with ScriptedModel(lambda _: Reply("")) as canary:
        monkeypatch.setenv("LANGSMITH_TRACING", "true")
        monkeypatch.setenv("LANGCHAIN_TRACING_V2", "true")
        monkeypatch.setenv("LANGSMITH_API_KEY", "x")
        monkeypatch.setenv("LANGSMITH_ENDPOINT", canary.base_url)
        with asked(channel) as llm:
            llm.ask("2025年各大区销售额")
        assert canary.received == []
        assert canary.hits == 0
