"""Running a plan: tool calls on one snapshot, under one scope, numbered from one."""

from __future__ import annotations

import pytest

from agents.executor import call, execute
from agents.plan import PlannerTrace, QueryPlan
from agents.rules.planner import Before, plan
from agents.traces import Trace
from knowledge.semantic.spec import QuerySpec
from leadline.access import Scope
from leadline.errors import NotFoundError, SpecError
from tests.agents.channel import BOYUAN, EAST, HENGXIN, Channel


def planned(channel: Channel, question: str) -> QueryPlan:
    made = plan(question, channel.context(), Before(), PlannerTrace())
    assert isinstance(made, QueryPlan), made
    return made


class TestCall:
    def test_runs_a_tool_by_name_and_keeps_its_arguments(self, channel: Channel) -> None:
        arguments = QuerySpec(metrics=("amount",)).as_arguments()
        trace = Trace()
        result = call("query", arguments, channel.tools(), trace)
        assert result.rows == ((1_020_000.0,),)  # 410 + 610 thousand
        assert result.arguments == arguments
        assert trace.spans[0].attributes["row_count"] == 1

    def test_no_such_tool(self, channel: Channel) -> None:
        with pytest.raises(NotFoundError, match="no tool 'drop_tables'"):
            call("drop_tables", {}, channel.tools(), Trace())

    def test_arguments_that_do_not_fit_are_the_planner_s_error(self, channel: Channel) -> None:
        trace = Trace()
        with pytest.raises(SpecError, match="metrics"):
            call("query", {"metrics": []}, channel.tools(), trace)
        assert trace.spans[0].error

    def test_no_argument_can_name_a_scope(self, channel: Channel) -> None:
        arguments = {"metrics": ["amount"], "scope": {"regions": None}}
        with pytest.raises(SpecError, match="scope"):
            call("query", arguments, channel.tools(EAST.scope), Trace())


class TestExecute:
    def test_citations_count_from_one(self, channel: Channel) -> None:
        told = execute(
            planned(channel, "2025年恒信科技和南粤信息的销售额"), channel.tools(), Trace(), "answer"
        )
        assert [t.citation.citation_id for t in told] == ["answer-1", "answer-2"]
        assert [t.number for t in told] == [1, 2]
        assert [t.role for t in told] == ["main", "total"]

    def test_two_members_side_by_side_get_their_difference(self, channel: Channel) -> None:
        told = execute(
            planned(channel, "2025年恒信科技比博远软件多多少"), channel.tools(), Trace(), "answer"
        )
        assert told[-1].role == "difference"
        assert told[-1].result.rows[0][:2] == (HENGXIN, BOYUAN)

    def test_everything_runs_under_the_caller_s_scope(self, channel: Channel) -> None:
        made = planned(channel, "2025年各大区销售额")
        told = execute(made, channel.tools(EAST.scope), Trace(), "answer")
        assert told[0].result.rows == (("华东", 320_000.0),)
        assert told[0].result.scope_hash == EAST.scope.digest

    def test_a_scope_of_nothing_sees_nothing(self, channel: Channel) -> None:
        made = planned(channel, "2025年各大区销售额")
        told = execute(made, channel.tools(Scope(regions=frozenset())), Trace(), "answer")
        assert told[0].result.rows == ()
