"""The language model's path as a gate: recorded replies against the rules, on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agents.bootstrap import open_service
from agents.llm.prompts import prompt_hash
from evals.recorded import tape
from evals.recorded.replaying import Recording
from evals.recorded.tape import Tape, tape_path, write_tape
from evals.scripted.competent import Competent
from evals.scripted.server import ScriptedModel
from evals.scripted.wire import Reply
from leadline.settings import LlmSettings
from tests.agents.channel import Channel, open_channel
from tests.server.command_line import Run

QUESTIONS = ("2025年各大区销售额", "2024年销售额", "查查销售额")
GATE = ("eval", "run", "--planner", "llm", "--recorded", "--dataset", "promoted")


@pytest.fixture(scope="module")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Channel]:
    yield from open_channel(tmp_path_factory.mktemp("channel"))


@pytest.fixture(scope="module")
def made(channel: Channel) -> Tape:
    found = Tape(prompt_hash())
    competent = Competent(channel.service.planner_context())
    with ScriptedModel(Recording(competent, found)) as server:
        llm = LlmSettings(server.base_url, "m")
        service = open_service(replace(channel.service.settings, llm=llm))
        for question in QUESTIONS:
            service.ask(question, planner="llm")
    return found


@pytest.fixture(autouse=True)
def promoted(
    run: Run, channel: Channel, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The questions as cases, and a folder for tapes."""
    monkeypatch.setattr(tape, "FOLDER", tmp_path)
    for question in QUESTIONS:
        run("eval", "promote", channel.ask(question).answer_id, "--data-dir", data_dir)


class TestGate:
    def test_the_same_figures_pass(self, made: Tape, run: Run, data_dir: Path) -> None:
        write_tape(made, tape_path("promoted"))
        done = run(*GATE, "--data-dir", data_dir, "--json")
        assert done.code == 0, done.err
        told = json.loads(done.out)
        assert [c["planner"] for c in told["cases"]] == ["llm"] * 3
        assert (told["model"], told["prompt_hash"]) == ("recorded", made.prompt_hash)
        assert (told["compared"]["both_answered"], told["compared"]["differing"]) == (2, [])
        rules = told["compared"]["a"]["run"]
        assert (rules["planner"], rules["label"]) == ("rules", f"for {told['run_id']}")

        again = run(*GATE, "--data-dir", data_dir)
        assert "figures differ on 0 of them" in again.out
        runs = json.loads(run("eval", "list", "--data-dir", data_dir, "--json").out)
        assert [r["planner"] for r in runs].count("rules") == 1  # the first one serves again

    def test_a_model_that_reads_another_year_does_not(
        self, made: Tape, run: Run, data_dir: Path
    ) -> None:
        changed = {
            place: Reply(
                reply.text,
                tuple(
                    replace(call, arguments=_without_2024(call.arguments)) for call in reply.calls
                ),
            )
            for place, reply in made.replies.items()
        }
        write_tape(Tape(made.prompt_hash, changed), tape_path("promoted"))
        done = run(*GATE, "--data-dir", data_dir)
        assert done.code == 1

    def test_a_request_without_a_reply_does_not(self, made: Tape, run: Run, data_dir: Path) -> None:
        kept = {k: v for k, v in made.replies.items() if "2024年" not in k[0][-1]}
        write_tape(Tape(made.prompt_hash, kept), tape_path("promoted"))
        done = run(*GATE, "--data-dir", data_dir)
        assert done.code == 1
        assert "1 requests have no recorded reply" in done.out
        assert "python -m evals.recorded --write" in done.out
        assert "fallbacks: " in done.out

    def test_a_stale_tape_begins_no_run(self, made: Tape, run: Run, data_dir: Path) -> None:
        before = run("eval", "list", "--data-dir", data_dir, "--json").out
        write_tape(Tape("0123456789abcdef", made.replies), tape_path("promoted"))
        done = run(*GATE, "--data-dir", data_dir)
        assert (done.code, "0123456789abcdef" in done.err) == (2, True)
        assert run("eval", "list", "--data-dir", data_dir, "--json").out == before


def _without_2024(arguments: object) -> dict[str, object]:
    found = json.loads(json.dumps(arguments).replace("2024-01-01", "2023-01-01"))
    assert isinstance(found, dict)
    return found
