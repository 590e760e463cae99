"""Where the figures of a text stand, and what whoever waits for the answer hears."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from agents.events import Event
from leadline.evidence import Answer, Citation, Figure
from leadline.figures import render_figure
from leadline.types import Unit
from tests.agents.channel import Channel
from tests.agents.questions import QUESTIONS


def cell_of(answer: Answer, figure: Figure) -> tuple[Any, Any]:
    result = next(c for c in answer.citations if c.number == figure.citation).result
    assert figure.row is not None
    assert figure.column is not None
    index = result.column_index(figure.column)
    return result.rows[figure.row][index], result.columns[index]


class TestFigures:
    @pytest.mark.parametrize("question", QUESTIONS)
    def test_each_is_the_rendered_cell(self, channel: Channel, question: str) -> None:
        answer = channel.ask(question)
        for figure in answer.figures:
            shown = answer.text[figure.start : figure.end]
            if figure.row is None:
                assert shown.replace(",", "").isdigit()
                continue
            value, column = cell_of(answer, figure)
            assert column.unit is not Unit.TEXT
            forms = {
                render_figure(value, column, answer.language, size=size) for size in (True, False)
            }
            assert shown in forms

    def test_they_are_in_order_and_do_not_overlap(self, channel: Channel) -> None:
        figures = channel.ask("2025年各大区销售额同比").figures
        assert len(figures) >= 4
        for left, right in pairwise(figures):
            assert left.end <= right.start

    def test_members_and_directions_are_none(self, channel: Channel) -> None:
        answer = channel.ask("2025年各大区销售额")
        shown = {answer.text[f.start : f.end] for f in answer.figures}
        assert not shown & {"华东", "华南", "增长", "下降"}


class TestEvents:
    def heard(self, channel: Channel, question: str) -> tuple[Answer, list[Event]]:
        events: list[Event] = []
        answer = channel.service.ask(question, emit=events.append)
        return answer, events

    def test_stand_in_order(self, channel: Channel) -> None:
        _, events = self.heard(channel, "2025年各大区销售额")
        names = [e.name for e in events]
        assert names[:4] == ["accepted", "plan", "tool_call", "tool_result"]
        assert names[4] == "citation"
        assert set(names[5:]) == {"text", "chart"}
        assert names[-1] == "chart"

    def test_the_pieces_are_the_text(self, channel: Channel) -> None:
        answer, events = self.heard(channel, "2025年各大区销售额")
        assert "".join(str(e.data["delta"]) for e in events if e.name == "text") == answer.text

    def test_name_the_answer_before_anything_is_computed(self, channel: Channel) -> None:
        answer, events = self.heard(channel, "2025年销售额")
        assert events[0].data["answer_id"] == answer.answer_id
        assert events[0].data["trace_id"] == answer.trace_id

    def test_the_plan_says_how_it_was_understood(self, channel: Channel) -> None:
        answer, events = self.heard(channel, "2025年各大区销售额")
        plan = next(e.data for e in events if e.name == "plan")
        assert plan["planner"] == "rules"
        assert plan["kind"] == "query"
        assert plan["reading"] == answer.reading
        steps: Any = plan["steps"]
        assert steps[0]["arguments"] == answer.citations[0].result.arguments

    def test_every_call_ends(self, channel: Channel) -> None:
        _, events = self.heard(channel, "2025年销售额前3的伙伴及占比")
        calls = [e.data["call"] for e in events if e.name == "tool_call"]
        ends = [e.data["call"] for e in events if e.name == "tool_result"]
        assert calls == ends == list(range(1, len(calls) + 1))
        assert len(calls) > 1

    def test_citations_come_as_they_are_kept(self, channel: Channel) -> None:
        answer, events = self.heard(channel, "2025年各大区销售额")
        cited = [e.data["citation"] for e in events if e.name == "citation"]
        assert all(isinstance(c, Citation) for c in cited)
        assert tuple(cited) == answer.citations

    @pytest.mark.parametrize(
        ("question", "kind"), [("查查销售额", "clarify"), ("预测下季度毛利率", "refuse")]
    )
    def test_a_question_back_is_a_plan_too(
        self, channel: Channel, question: str, kind: str
    ) -> None:
        answer, events = self.heard(channel, question)
        assert [e.data["kind"] for e in events if e.name == "plan"] == [kind]
        assert "".join(str(e.data["delta"]) for e in events if e.name == "text") == answer.text
