"""A conversation goes on after a restart as if there had been none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agents.conversation import Conversation
from agents.service import AskService
from leadline.access import Principal
from leadline.errors import NotFoundError
from leadline.evidence import Answer
from tests.agents.channel import EAST, SOUTH, Channel
from tests.agents.test_orchestrator import Fake, ask, worded

TALKS = [
    ("2025年各大区销售额", "2024年呢？"),
    ("2025年销售额前3的伙伴", "这3家合计多少？"),
    ("查查销售额", "2025年"),
    ("sales by region in 2025", "what about 2024?"),
    ("2025年各大区销售额", "这个数怎么算的？"),
    ("华东三季度销售额为什么变化？", "华南呢？"),
    ("健康度最低的3家伙伴", "他们2025年的销售额"),
    ("2025年销售额前3的伙伴", "他们的健康度呢"),
    ("华东2025年销售额同比", "为什么？"),
]


def restarted(channel: Channel) -> AskService:
    own = channel.service
    return AskService(own.settings, own.snapshots, own.evidence)


def told(answer: Answer) -> tuple[object, ...]:
    rows = tuple(c.result.rows for c in answer.citations)
    return answer.status, answer.text, answer.reading, rows


class TestRecall:
    @pytest.mark.parametrize("turns", TALKS)
    def test_the_next_answer_is_the_same(self, channel: Channel, turns: tuple[str, str]) -> None:
        kept, other = Conversation(), Conversation()
        for talk in (kept, other):
            channel.service.ask(turns[0], conversation=talk)
        expected = channel.service.ask(turns[1], conversation=kept)
        fresh = restarted(channel)
        again = fresh.conversation(other.conversation_id)
        assert again is not other
        assert told(fresh.ask(turns[1], conversation=again)) == told(expected)

    def test_after_the_model_s_turn_there_is_no_draft_to_patch(self, channel: Channel) -> None:
        talk = Conversation()
        ask(channel, None, "2024年毛利率", "rules", talk)
        ask(channel, Fake(worded), "2025年怎么样啊", "llm", talk)
        again = restarted(channel).conversation(talk.conversation_id)
        assert again.last_planner == "llm"
        assert again.before == talk.before
        assert [e.question for e in again.earlier] == [e.question for e in talk.earlier]
        assert [e.specs for e in again.earlier] == [e.specs for e in talk.earlier]

    def test_is_held_in_memory_afterwards(self, channel: Channel) -> None:
        answer = channel.service.ask("2025年销售额", conversation=(talk := Conversation()))
        fresh = restarted(channel)
        first = fresh.conversation(talk.conversation_id)
        assert fresh.conversation(talk.conversation_id) is first
        assert answer.question == first.earlier[0].question

    def test_is_its_owner_s_alone(self, channel: Channel) -> None:
        talk = Conversation()
        channel.service.ask("2025年销售额", conversation=talk, principal=EAST)
        fresh = restarted(channel)
        assert fresh.conversation(talk.conversation_id, EAST).earlier
        narrower = replace(SOUTH, name=EAST.name)
        for stranger in (SOUTH, narrower, Principal("else")):
            with pytest.raises(NotFoundError):
                fresh.conversation(talk.conversation_id, stranger)

    def test_an_unknown_one_is_not_there(self, channel: Channel) -> None:
        with pytest.raises(NotFoundError):
            restarted(channel).conversation("nothing")
