"""Where the rules understand a question, their figures are set beside the model's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agents.events import silent
from agents.llm.second_reading import (
    SecondReading,
    rules_query,
    same_query,
    second_reading,
)
from agents.llm.turn import LlmTurn
from agents.traces import Trace
from knowledge.semantic.spec import QuerySpec
from leadline.access import LOCAL_OWNER
from leadline.evidence import ToolResult
from leadline.types import Language
from tests.agents.channel import Channel
from tests.agents.questions import QUESTIONS
from tools.catalog import tool

Y2025 = {"start": "2025-01-01", "end_excl": "2026-01-01"}


def turn(channel: Channel, question: str, *earlier: object) -> LlmTurn:
    return LlmTurn(
        question=question,
        language=Language.ZH,
        ctx=channel.context(),
        tools=channel.tools(),
        earlier=earlier,  # type: ignore[arg-type]
        answer_id="x",
        trace=Trace(),
        emit=silent,
        principal=LOCAL_OWNER,
    )


def reading(channel: Channel, question: str) -> SecondReading | None:
    asked = turn(channel, question)
    spec = rules_query(asked)
    return None if spec is None else second_reading(spec, asked)


def run(channel: Channel, **fields: object) -> ToolResult:
    spec = QuerySpec.model_validate({"metrics": ["amount"], **fields})
    return tool("query").run(spec, channel.tools())


class TestAgreeing:
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_with_oneself(self, channel: Channel, question: str) -> None:
        second = reading(channel, question)
        answer = channel.ask(question)
        if second is not None:
            assert second.agrees([citation.result for citation in answer.citations])
            assert second.zh
            assert second.en

    @pytest.mark.parametrize(
        ("fields", "agrees"),
        [
            ({"dimensions": ["region"], "time": Y2025}, True),
            ({"dimensions": ["region"], "time": Y2025, "metrics": ["amount", "orders"]}, True),
            ({"dimensions": ["region"]}, False),
            ({"dimensions": ["partner_tier"], "time": Y2025}, False),
            ({"dimensions": ["region"], "time": Y2025, "metrics": ["orders"]}, False),
            ({"dimensions": ["region"], "time": Y2025, "limit": 2}, False),  # not all of them
            ({"time": Y2025}, False),
        ],
    )
    def test_with_others(self, channel: Channel, fields: dict[str, object], agrees: bool) -> None:
        second = reading(channel, "2025年各大区销售额")
        assert second is not None
        assert second.agrees([run(channel, **fields)]) is agrees

    def test_needs_one_result_that_holds_all(self, channel: Channel) -> None:
        second = reading(channel, "2025年各大区销售额")
        assert second is not None
        wrong = run(channel, time=Y2025)
        right = run(channel, dimensions=["region"], time=Y2025)
        assert second.agrees([wrong, right])
        assert not second.agrees([])


class TestTheSameQuery:
    def test_under_another_name_of_its_period(self, channel: Channel) -> None:
        asked = turn(channel, "今年各大区销售额")
        spec = rules_query(asked)
        assert spec is not None
        assert spec.time is not None
        renamed = spec.model_copy(update={"time": spec.time.model_copy(update={"label": "x"})})
        other = spec.model_copy(update={"limit": 2})
        arguments = [renamed.as_arguments(), other.as_arguments()]
        same, not_the_same = (replace(run(channel), arguments=said) for said in arguments)
        assert same_query(spec, [same])
        assert not same_query(spec, [not_the_same])


class TestNoOpinion:
    @pytest.mark.parametrize("question", ["查查销售额", "咱们2025年蒸蒸日上吗", "销售额怎么算的？"])
    def test_on_what_the_rules_do_not_query(self, channel: Channel, question: str) -> None:
        assert rules_query(turn(channel, question)) is None

    def test_on_a_follow_up(self, channel: Channel) -> None:
        assert rules_query(turn(channel, "2025年销售额", object())) is None
