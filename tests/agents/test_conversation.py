"""What a conversation remembers, and what leaves it as it was."""

from __future__ import annotations

from agents.conversation import Conversation
from leadline.evidence import Answer
from tests.agents.channel import BOYUAN, EAST, HENGXIN, NANYUE, Channel, check, spec_of


def talked(channel: Channel, *questions: str, talk: Conversation | None = None) -> list[Answer]:
    """The answers of one conversation, question by question."""
    held = talk or Conversation()
    return [channel.service.ask(question, conversation=held) for question in questions]


class TestMemory:
    def test_a_held_conversation_equals_the_same_context(self, channel: Channel) -> None:
        questions = ("2025年华东销售额", "华南呢？", "同比呢？")
        held = talked(channel, *questions)[-1]
        given = channel.ask(questions[-1], *questions[:-1])
        assert held.citations[0].result.rows == given.citations[0].result.rows
        assert held.reading == given.reading

    def test_the_rows_of_the_last_list_are_kept_through_a_scalar(self, channel: Channel) -> None:
        answers = talked(channel, "2025年销售额前3的伙伴", "这3家合计多少？", "他们的毛利")
        assert [row[0] for row in answers[-1].citations[0].result.rows] == [HENGXIN, NANYUE, BOYUAN]

    def test_a_count_is_pointed_at_by_the_list_behind_it(self, channel: Channel) -> None:
        answers = talked(channel, "2025年销售额超过10万的伙伴有多少家", "他们2024年的销售额")
        assert sorted(str(row[0]) for row in answers[-1].citations[0].result.rows) == sorted(
            [HENGXIN, NANYUE]
        )

    def test_a_question_that_failed_is_forgotten(self, channel: Channel) -> None:
        answers = talked(channel, "2025年华东销售额", "火星呢？", "华南呢？")
        assert answers[1].status != "answered"
        spec = spec_of(answers[2].citations[0])
        check(spec, metrics="amount", where="region in 华南", days="2025-01-01..2026-01-01")

    def test_two_conversations_do_not_mix(self, channel: Channel) -> None:
        one, other = Conversation(), Conversation()
        talked(channel, "2025年华东销售额", talk=one)
        talked(channel, "2024年各大区订单数", talk=other)
        answer = talked(channel, "华南呢？", talk=one)[0]
        check(
            spec_of(answer.citations[0]),
            metrics="amount",
            where="region in 华南",
            days="2025-01-01..2026-01-01",
        )

    def test_its_answers_are_stored_together_in_order(self, channel: Channel) -> None:
        talk = Conversation()
        talked(channel, "2025年华东销售额", "华南呢？", talk=talk)
        records = channel.service.evidence.conversation(talk.conversation_id)
        assert [record.answer.question for record in records] == ["2025年华东销售额", "华南呢？"]


class TestContext:
    def test_earlier_questions_are_run_but_not_stored(self, channel: Channel) -> None:
        answer = channel.service.ask("华南呢？", context=["2025年华东销售额"])
        record = channel.service.evidence.record(answer.answer_id)
        stored = channel.service.evidence.conversation(record.conversation_id)
        assert [r.answer.question for r in stored] == ["华南呢？"]

    def test_is_run_under_the_same_scope(self, channel: Channel) -> None:
        answer = channel.service.ask(
            "这些合计多少？", context=["2025年销售额前5的伙伴"], principal=EAST
        )
        assert answer.citations[0].result.rows == ((320_000.0,),)  # 220 + 90 + 10
