"""Whatever a model or its server does, the answer is right, or says honestly what it is not."""

from __future__ import annotations

import pytest

from agents.llm.fallbacks import FALLBACKS
from evals.scripted.catalogue import FAULTS
from evals.scripted.faults import Fault
from leadline.access import LOCAL_OWNER
from leadline.evidence import Answer, Label
from tests.agents.channel import EAST, OTHERS_OF_EAST, Channel
from tests.agents.llm.asking import asked, competent


def digests(answer: Answer) -> list[str]:
    return [citation.result.digest for citation in answer.citations]


def ask(channel: Channel, fault: Fault) -> tuple[Answer, Answer]:
    """The faulty answer, and the one of the rules."""
    principal = EAST if fault.as_east else LOCAL_OWNER
    behaviour = fault.make(competent(channel, principal.scope))
    with asked(channel, behaviour, timeout_s=fault.timeout_s) as llm:
        answer = llm.ask(fault.question, as_=principal)
    return answer, channel.ask(fault.question, as_=principal)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
class TestFault:
    def test_comes_to_the_outcome_of_the_table(self, channel: Channel, fault: Fault) -> None:
        answer, right = ask(channel, fault)
        assert answer.status == right.status == "answered"
        assert answer.planning.fallback == fault.code
        assert answer.planning.model == "scripted-model"
        if fault.outcome == "model":
            assert (answer.planning.planner, answer.label) == ("llm", Label.GENERATED)
            assert digests(answer) == digests(right)
        elif fault.outcome == "rules":
            assert answer.planning.planner == "rules"
            assert digests(answer) == digests(right)
            assert answer.text == right.text
            assert FALLBACKS[str(fault.code)].zh in answer.reading
        elif fault.outcome == "reworded":
            assert (answer.planning.planner, answer.label) == ("llm", Label.DERIVED)
            assert digests(answer) == digests(right)
        else:
            assert answer.label == Label.GENERATED
            assert fault.note
        assert fault.note in answer.reading
        if fault.as_east:
            foreign = [word for word in OTHERS_OF_EAST if word in f"{answer.text}{answer.reading}"]
            assert not foreign
