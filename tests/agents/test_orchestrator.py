"""Who answers: rules or model, in which mode, and what is said where the model fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest

from agents.conversation import Conversation
from agents.events import Event
from agents.executor import call
from agents.llm.errors import LlmError, LlmUnavailableError
from agents.llm.fallbacks import FALLBACKS, fallback_words
from agents.llm.turn import LlmOutcome, LlmTurn, LlmUsage
from agents.narrate import Told
from agents.plan import RefusePlan
from agents.rules.draft import Note
from agents.service import AskService
from agents.slots import cell
from leadline.evidence import Answer, Citation, Label
from leadline.settings import LlmSettings, PlannerMode
from tests.agents.channel import EAST, Channel

USAGE = LlmUsage(
    "model-x", "0f0f", calls=2, input_tokens=900, output_tokens=40, cost=Decimal("0.01")
)
SETTINGS = LlmSettings("http://127.0.0.1:1/v1", "model-x")
KNOWN = "2025年各大区销售额"
UNREAD = "咱们2025年的销售额是不是蒸蒸日上"
"""Holds a word that the rules do not know."""

Y2025: dict[str, object] = {
    "metrics": ["amount"],
    "time": {"start": "2025-01-01", "end_excl": "2026-01-01"},
}


@dataclass
class Fake:
    """Answers as it was told; keeps what it was asked."""

    reply: Callable[[LlmTurn], LlmOutcome]
    turns: list[LlmTurn] = field(default_factory=list)
    warmed: int = 0

    def warm(self) -> None:
        self.warmed += 1

    def answer(self, turn: LlmTurn) -> LlmOutcome:
        self.turns.append(turn)
        return self.reply(turn)


def fetched(turn: LlmTurn, arguments: dict[str, object] = Y2025) -> tuple[Told, ...]:
    result = call("query", arguments, turn.tools, turn.trace, turn.emit)
    return (Told("main", Citation(f"{turn.answer_id}-1", 1, result)),)


def worded(turn: LlmTurn) -> LlmOutcome:
    template = f"共 {cell(1, 0, 'amount')} [1]。"
    return LlmOutcome(USAGE, fetched(turn), template)


def failing(error: LlmError) -> Callable[[LlmTurn], LlmOutcome]:
    def reply(turn: LlmTurn) -> LlmOutcome:
        raise error

    return reply


def service(channel: Channel, fake: Fake | None) -> AskService:
    own = channel.service
    settings = replace(own.settings, llm=SETTINGS if fake else None)
    return AskService(settings, own.snapshots, own.evidence, fake)


def ask(
    channel: Channel,
    fake: Fake | None,
    question: str,
    planner: PlannerMode | None = None,
    talk: Conversation | None = None,
) -> tuple[Answer, list[Event]]:
    events: list[Event] = []
    answer = service(channel, fake).ask(
        question, planner=planner, emit=events.append, conversation=talk
    )
    return answer, events


class TestWhoGoesFirst:
    @pytest.mark.parametrize(
        ("mode", "question", "asked"),
        [
            ("auto", KNOWN, False),
            ("auto", UNREAD, True),
            ("auto", "查查销售额", False),  # every word is read: the question is what is unclear
            ("auto", "数据截至哪天？", False),
            ("rules", UNREAD, False),
            ("llm", KNOWN, True),
            ("llm", "你能回答什么问题？", False),
        ],
    )
    def test_by_mode_and_question(
        self, channel: Channel, mode: PlannerMode, question: str, asked: bool
    ) -> None:
        fake = Fake(worded)
        answer, _ = ask(channel, fake, question, mode)
        assert bool(fake.turns) is asked
        assert answer.planning.planner == ("llm" if asked else "rules")

    def test_a_follow_up_of_the_model_s_turn_that_the_rules_cannot_read_is_the_model_s(
        self, channel: Channel
    ) -> None:
        fake, talk = Fake(worded), Conversation()
        ask(channel, fake, UNREAD, "auto", talk)
        ask(channel, fake, "华东呢？", "auto", talk)
        assert [t.question for t in fake.turns] == [UNREAD, "华东呢？"]
        assert fake.turns[1].earlier[0].question == UNREAD
        assert fake.turns[1].earlier[0].specs == (Y2025,)

    def test_a_question_that_stands_alone_returns_to_the_rules(self, channel: Channel) -> None:
        fake, talk = Fake(worded), Conversation()
        ask(channel, fake, UNREAD, "auto", talk)
        answer, _ = ask(channel, fake, KNOWN, "auto", talk)
        assert answer.planning.planner == "rules"
        answer, _ = ask(channel, fake, "2024年呢？", "auto", talk)
        assert answer.planning.planner == "rules"
        assert len(fake.turns) == 1

    def test_the_rules_never_patch_what_was_asked_before_the_model_s_turn(
        self, channel: Channel
    ) -> None:
        talk = Conversation()
        ask(channel, None, "2024年毛利率", "rules", talk)
        ask(channel, Fake(worded), UNREAD, "llm", talk)
        answer, _ = ask(channel, None, "华东呢？", "rules", talk)
        assert answer.status != "answered"


class TestWarming:
    def test_reaches_the_model(self, channel: Channel) -> None:
        fake = Fake(worded)
        service(channel, fake).warm()
        assert fake.warmed == 1
        service(channel, None).warm()


class TestTheModelSAnswer:
    def test_is_verified_labelled_and_marked(self, channel: Channel) -> None:
        answer, events = ask(channel, Fake(worded), KNOWN, "llm")
        assert (
            answer.text == "共 61万元 [1]。" or "61" in answer.text
        )  # 220+90+10+130+5+30+20+45+60
        assert answer.label == Label.GENERATED
        assert [answer.text[f.start : f.end] for f in answer.figures] == [
            answer.text.removeprefix("共 ").removesuffix(" [1]。")
        ]
        assert [e.data["planner"] for e in events if e.name == "plan"] == ["llm"]

    def test_counts_what_it_took(self, channel: Channel) -> None:
        planning = ask(channel, Fake(worded), KNOWN, "llm")[0].planning
        assert (planning.model, planning.prompt_hash, planning.llm_calls) == ("model-x", "0f0f", 2)
        assert (planning.input_tokens, planning.output_tokens) == (900, 40)
        assert (planning.cost, planning.currency) == (Decimal("0.01"), "USD")

    def test_is_kept_equal(self, channel: Channel) -> None:
        answer, _ = ask(channel, Fake(worded), KNOWN, "llm")
        assert channel.service.stored_answer(answer.answer_id) == answer

    def test_notes_of_the_model_s_path_stand_in_the_reading(self, channel: Channel) -> None:
        def reply(turn: LlmTurn) -> LlmOutcome:
            return replace(worded(turn), notes=(Note("没有用到“金牌”", "“gold” is not used"),))

        answer, _ = ask(channel, Fake(reply), KNOWN, "llm")
        assert "没有用到“金牌”" in answer.reading

    def test_may_be_a_question_back(self, channel: Channel) -> None:
        refusal = RefusePlan(Note("这里没有满意度", "There is no satisfaction here"))
        answer, _ = ask(channel, Fake(lambda t: LlmOutcome(USAGE, asking=refusal)), KNOWN, "llm")
        assert (answer.status, answer.text) == ("refused", "这里没有满意度。")
        assert answer.planning.planner == "llm"

    def test_bears_the_limit_of_the_asker_s_scope(self, channel: Channel) -> None:
        answer = service(channel, Fake(worded)).ask(KNOWN, principal=EAST, planner="llm")
        assert answer.text.endswith("只统计了您权限范围内的数据。")
        assert "32.00万元" in answer.text  # 220 + 90 + 10 thousand


def apart(kind: str) -> dict[str, object]:
    east = {"kind": "filter", "member": "region", "values": ["华东"]}
    canton = {"kind": "filter", "member": "territory", "values": ["广东"]}
    return {"metrics": ["amount"], "where": {"kind": kind, "items": [east, canton]}}


class TestMembersThatExcludeEachOther:
    def test_are_asked_back_about_as_the_rules_do(self, channel: Channel) -> None:
        def reply(turn: LlmTurn) -> LlmOutcome:
            return replace(worded(turn), told=fetched(turn, apart("and")))

        answer, _ = ask(channel, Fake(reply), KNOWN, "llm")
        assert answer.status == "clarify"
        assert [o.question for o in answer.options] == ["华东", "广东"]

    def test_either_of_them_is_another_question(self, channel: Channel) -> None:
        def reply(turn: LlmTurn) -> LlmOutcome:
            return replace(worded(turn), told=fetched(turn, apart("or")))

        assert ask(channel, Fake(reply), KNOWN, "llm")[0].status == "answered"


class TestWordsThatNoEvidenceHolds:
    @pytest.mark.parametrize(
        "template",
        [
            "共 700 万元 [1]。",
            "{{c1.rows[0].amount}}，比去年翻倍 [1]。",
            "{{c9.rows[0].amount}} [9]。",
            "{{c1.rows[5].amount}} [1]。",
            "{{c1.rows[0].amount}}。",
            None,
        ],
    )
    def test_never_reach_the_reader(self, channel: Channel, template: str | None) -> None:
        def reply(turn: LlmTurn) -> LlmOutcome:
            return LlmOutcome(USAGE, fetched(turn), template, unverified="x")

        answer, events = ask(channel, Fake(reply), KNOWN, "llm")
        assert answer.status == "answered"
        assert "700" not in answer.text
        assert "翻倍" not in answer.text
        assert "61.00万元" in answer.text
        assert (answer.label, answer.planning.fallback) == (Label.DERIVED, "unverified")
        assert fallback_words("unverified").zh in answer.reading
        assert [e.data["code"] for e in events if e.name == "fallback"] == ["unverified"]
        assert "".join(str(e.data["delta"]) for e in events if e.name == "text") == answer.text

    def test_whatever_tools_the_model_used(self, channel: Channel) -> None:
        by_region = {**Y2025, "dimensions": ["region"]}

        def reply(turn: LlmTurn) -> LlmOutcome:
            calls: list[tuple[str, dict[str, object]]] = [
                ("freshness", {}),
                ("explain", {"metrics": ["amount"]}),
                ("query", by_region),
                ("difference", {"spec": by_region, "first": "华东", "second": "华南"}),
            ]
            told = tuple(
                Told(
                    "main",
                    Citation(f"{turn.answer_id}-{n}", n, call(name, a, turn.tools, turn.trace)),
                )
                for n, (name, a) in enumerate(calls, start=1)
            )
            return LlmOutcome(USAGE, told, None)

        answer, _ = ask(channel, Fake(reply), KNOWN, "llm")
        for mark in ("[1]", "[2]", "[3]", "[4]"):
            assert mark in answer.text
        assert "18.50万元" in answer.text  # 320 - 135 thousand
        assert answer.chart is not None
        assert answer.chart.citation == 3


class TestWhereTheModelFails:
    @pytest.mark.parametrize("code", sorted(FALLBACKS))
    def test_the_rules_answer_and_say_so(self, channel: Channel, code: str) -> None:
        plain = channel.ask(KNOWN)
        fake = Fake(failing(LlmUnavailableError("down", code=code, usage=USAGE)))
        answer, events = ask(channel, fake, KNOWN, "llm")
        assert answer.text == plain.text
        assert answer.planning.planner == "rules"
        assert answer.planning.fallback == code
        assert answer.planning.input_tokens == 900  # what was spent in vain is counted all the same
        assert FALLBACKS[code].zh in answer.reading
        assert [e.data["code"] for e in events if e.name == "fallback"] == [code]

    def test_a_question_that_the_rules_cannot_read_either_is_refused_honestly(
        self, channel: Channel
    ) -> None:
        fake = Fake(failing(LlmError("x", code="loop")))
        answer, _ = ask(channel, fake, UNREAD, "auto")
        assert answer.status != "answered"
        assert FALLBACKS["loop"].zh in answer.reading

    def test_the_model_is_wanted_but_none_is_configured(self, channel: Channel) -> None:
        answer, _ = ask(channel, None, KNOWN, "llm")
        assert answer.planning.fallback == "not_configured"
        assert answer.text == channel.ask(KNOWN).text
