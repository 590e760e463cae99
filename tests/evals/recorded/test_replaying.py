"""What a model replied is replayed over HTTP, and comes to the same answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agents.bootstrap import open_service
from agents.llm.prompts import prompt_hash
from evals.compare import contradiction
from evals.recorded import replaying, tape
from evals.recorded.replaying import RECORDED_MODEL, Recording, Recordings
from evals.recorded.tape import Tape, tape_path, write_tape
from evals.scripted.competent import Competent
from evals.scripted.server import ScriptedModel
from leadline.errors import InputError
from leadline.evidence import Answer
from leadline.settings import LlmSettings
from server.schemas import answer_payload
from tests.agents.channel import Channel, open_channel

QUESTIONS = ("2025年各大区销售额", "2025年销售额前3的伙伴", "查查销售额", "客户满意度最高的伙伴？")


@pytest.fixture(scope="module")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Channel]:
    yield from open_channel(tmp_path_factory.mktemp("channel"))


@pytest.fixture(scope="module")
def made(channel: Channel) -> Tape:
    """What the competent model replies to the questions."""
    found = Tape(prompt_hash())
    competent = Competent(channel.service.planner_context())
    with ScriptedModel(Recording(competent, found)) as server:
        ask(channel, LlmSettings(server.base_url, "m"), *QUESTIONS)
    return found


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tape, "FOLDER", tmp_path)
    return tmp_path


def ask(channel: Channel, llm: LlmSettings, *questions: str) -> list[Answer]:
    service = open_service(replace(channel.service.settings, llm=llm))
    return [service.ask(question, planner="llm") for question in questions]


class TestReplaying:
    def test_comes_to_the_figures_of_the_rules(self, channel: Channel, made: Tape) -> None:
        write_tape(made, tape_path("x"))
        with Recordings() as recordings:
            answers = ask(channel, recordings.settings("x"), *QUESTIONS)
            assert recordings.missing == ()
        for answer in answers:
            by_rules = channel.ask(answer.question)
            assert answer.planning.planner == "llm"
            assert (answer.planning.fallback, answer.planning.model) == (None, RECORDED_MODEL)
            assert answer.status == by_rules.status
            assert contradiction(answer_payload(by_rules), answer_payload(answer)) is None

    def test_what_is_on_no_tape_is_told_and_the_rules_answer(
        self, channel: Channel, made: Tape
    ) -> None:
        write_tape(made, tape_path("x"))
        with Recordings() as recordings:
            (answer,) = ask(channel, recordings.settings("x"), "2024年销售额")
            (told,) = recordings.missing
        assert "2024年销售额" in told
        assert answer.planning.planner == "rules"
        assert answer.planning.fallback is not None
        assert answer.status == "answered"

    def test_a_data_set_has_one_server(self, made: Tape) -> None:
        write_tape(made, tape_path("x"))
        write_tape(made, tape_path("y"))
        with Recordings() as recordings:
            assert recordings.settings("x") == recordings.settings("x")
            assert recordings.settings("x") != recordings.settings("y")


class TestStale:
    def test_other_instructions_or_tools_say_how_to_renew(
        self, made: Tape, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_tape(made, tape_path("x"))
        monkeypatch.setattr(replaying, "prompt_hash", lambda: "0123456789abcdef")
        with Recordings() as recordings, pytest.raises(InputError) as stale:
            recordings.settings("x")
        assert "0123456789abcdef" in stale.value.message
        assert "python -m evals.recorded --write" in stale.value.hint
