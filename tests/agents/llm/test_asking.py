"""What a model asks back or refuses with may hold no result."""

from __future__ import annotations

import pytest

from agents.events import silent
from agents.llm.asking import MAX_OPTIONS, asked_back, refused
from agents.llm.turn import LlmTurn
from agents.llm.veil import Veil
from agents.traces import Trace
from leadline.access import LOCAL_OWNER
from leadline.errors import SpecError
from leadline.types import Language
from tests.agents.channel import HENGXIN, Channel


def turn(channel: Channel, question: str = "销售额是多少") -> LlmTurn:
    return LlmTurn(
        question=question,
        language=Language.ZH,
        ctx=channel.context(),
        tools=channel.tools(),
        earlier=(),
        answer_id="x",
        trace=Trace(),
        emit=silent,
        principal=LOCAL_OWNER,
    )


def ask(
    channel: Channel, message: object, *options: object, question: str = "销售额是多少"
) -> tuple[str, list[str]]:
    asked = turn(channel, question)
    plan = asked_back(
        {"message": message, "options": list(options)}, Veil("aggregates", asked.ctx), asked
    )
    return plan.message.zh, [option.question for option in plan.options]


class TestMessage:
    @pytest.mark.parametrize(
        "message",
        [
            "想看哪段时间的销售额？",
            "Which one do you mean?",
            "想看哪一个大区，还是两个都看？",
            "2025年还是2024年？",
            "Do you want Q1 or the last 30 days?",
            "要前10名吗？",
        ],
    )
    def test_is_shown(self, channel: Channel, message: str) -> None:
        assert ask(channel, message)[0] == message

    @pytest.mark.parametrize(
        "message",
        [
            "销售额是 5,000 万元，对吗？",
            "Sales were 42%. Which period?",
            "销售额下降了，想看原因吗？",
            "华东占三成，要看哪个？",
            "two million or more?",
            "见 {{c1.rows[0].amount}}",
            "见引用 [1]",
            "请访问 https://example.com",
            "<b>哪个</b>？",
            "x" * 301,
        ],
    )
    def test_that_looks_like_a_result_is_replaced(self, channel: Channel, message: str) -> None:
        assert ask(channel, message)[0] == "这个问题可以有几种理解，请说得更具体一些"

    def test_may_repeat_the_numbers_of_the_question(self, channel: Channel) -> None:
        question = "销售额超过5000的"
        assert ask(channel, "超过 5000 元还是万元？", question=question)[0].startswith("超过 5000")

    @pytest.mark.parametrize("message", [None, "", "  ", 7])
    def test_must_be_there(self, channel: Channel, message: object) -> None:
        with pytest.raises(SpecError, match="message"):
            ask(channel, message)


class TestOptions:
    def test_with_results_are_left_out(self, channel: Channel) -> None:
        options = ["2025年的销售额", "增长最快的大区", "销售额 3.2 亿的大区", "x" * 121, 7, ""]
        assert ask(channel, "哪个？", *options)[1] == ["2025年的销售额", "增长最快的大区"]

    def test_are_few_and_different(self, channel: Channel) -> None:
        options = ["本月销售额", "本月销售额", *(f"{day}月的销售额" for day in range(1, 12))]
        found = ask(channel, "哪个？", *options)[1]
        assert len(found) == len(set(found)) == MAX_OPTIONS

    def test_none_left_gives_examples(self, channel: Channel) -> None:
        assert ask(channel, "哪个？", "5000 万")[1][0] == "今年的销售额是多少？"

    def test_name_members_again(self, channel: Channel) -> None:
        asked = turn(channel)
        veil = Veil("aggregates", asked.ctx)
        placeholder = veil.member("partner", HENGXIN)
        said = {"message": f"是 {placeholder} 吗？", "nearest": [f"{placeholder} 今年的销售额"]}
        plan = refused(said, veil, asked)
        assert plan.message.zh == f"是 {HENGXIN} 吗？"
        assert plan.options[0].question == f"{HENGXIN} 今年的销售额"

    def test_a_placeholder_nobody_gave_out_is_a_digit(self, channel: Channel) -> None:
        assert ask(channel, "是 partner#9 吗？")[0].startswith("这个问题")
