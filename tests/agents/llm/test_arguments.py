"""From what a model says to what a tool gets."""

from __future__ import annotations

from typing import Any

import pytest

from agents.llm.arguments import Arguments
from agents.llm.veil import Veil
from agents.plan import PlannerTrace, QueryPlan
from agents.rules.context import PlannerContext
from agents.rules.planner import Before, plan, read
from agents.rules.time_rules import TimeExpr
from knowledge.semantic.spec import QuerySpec
from leadline.errors import SpecError
from tests.agents.channel import HENGXIN, Channel
from tests.agents.questions import QUESTIONS

YEAR = {"start": "2025-01-01", "end_excl": "2026-01-01"}


def said(ctx: PlannerContext, question: str = "") -> Arguments:
    draft = read(question, ctx, PlannerTrace())[0].draft
    times = tuple(t for t in (draft.time, draft.base_time) if t is not None)
    return arguments(ctx, times)


def arguments(ctx: PlannerContext, times: tuple[TimeExpr, ...] = ()) -> Arguments:
    cited = QuerySpec(metrics=("amount",), dimensions=("region",)).as_arguments()
    return Arguments(Veil("aggregates", ctx), times, {1: cited}.get)


def query(ctx: PlannerContext, **fields: Any) -> QuerySpec:
    typed, _ = arguments(ctx).typed("query", {"metrics": ["amount"], **fields})
    return QuerySpec.model_validate(typed)


class TestShapes:
    @pytest.mark.parametrize(
        "where",
        [
            {"kind": "filter", "member": "region", "op": "in", "values": ["华东"]},
            {"member": "region", "values": ["华东"]},
            {"member": "region", "values": "华东"},
            [{"member": "region", "values": ["华东"]}],
            '{"member": "region", "values": ["华东"]}',
            {"kind": "and", "items": {"member": "region", "values": ["华东"]}},
            {"member": "region", "values": ["EAST"]},  # another word for it, in any case
        ],
    )
    def test_of_conditions_are_mended(self, channel: Channel, where: object) -> None:
        spec = query(channel.context(value__region__华东=("east",)), where=where)
        found = spec.where.items[0] if spec.where and spec.where.kind != "filter" else spec.where  # type: ignore[union-attr]
        assert (found.member, found.op, found.values) == ("region", "in", ("华东",))  # type: ignore[union-attr]

    @pytest.mark.parametrize("where", [None, {}, []])
    def test_an_empty_condition_is_none(self, context: PlannerContext, where: object) -> None:
        assert query(context, where=where).where is None

    def test_one_value_is_a_list_of_one(self, context: PlannerContext) -> None:
        spec = query(context, metrics="amount", dimensions="region", order={"by": "amount"})
        assert (spec.metrics, spec.dimensions) == (("amount",), ("region",))
        assert spec.order[0].by == "amount"

    def test_nested_alternatives(self, context: PlannerContext) -> None:
        items = [
            {"member": "region", "values": ["华东"]},
            {"member": "partner_tier", "values": ["金牌"]},
        ]
        spec = query(context, where={"kind": "or", "items": items})
        assert spec.where is not None
        assert spec.where.kind == "or"


class TestMembers:
    def test_placeholders_become_members(self, context: PlannerContext) -> None:
        given = arguments(context)
        placeholder = given.veil.member("partner", HENGXIN)
        where = {"member": "partner", "values": [placeholder]}
        typed, _ = given.typed("query", {"metrics": ["amount"], "where": where})
        assert typed["where"]["values"] == [HENGXIN]  # type: ignore[index]

    def test_an_uncertain_name_is_left_to_the_tool(self, context: PlannerContext) -> None:
        spec = query(context, where={"member": "partner", "values": ["同名商贸"]})
        assert spec.where.values == ("同名商贸",)  # type: ignore[union-attr]


class TestRefused:
    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({"scope": {"regions": None}}, "scope"),
            ({"regions": "all"}, "regions"),
            ({"time": {"start": "yesterday"}}, "time.start"),
            ({"limit": 0}, "limit"),
            ({"metric_filters": [{"metric": "amount", "op": "about", "value": 1}]}, "op"),
        ],
    )
    def test_what_is_no_argument(
        self, context: PlannerContext, fields: dict[str, Any], told: str
    ) -> None:
        with pytest.raises(SpecError, match=told):
            query(context, **fields)

    @pytest.mark.parametrize("citation", [0, 2, "x", None])
    def test_a_citation_that_is_not_there(self, context: PlannerContext, citation: object) -> None:
        with pytest.raises(SpecError, match="citation"):
            arguments(context).typed("concentration", {"citation": citation})


class TestCitations:
    def test_give_the_spec(self, context: PlannerContext) -> None:
        said = {"citation": 1, "first": "华东", "second": "华南"}
        typed, _ = arguments(context).typed("difference", said)
        assert (
            typed["spec"] == QuerySpec(metrics=("amount",), dimensions=("region",)).as_arguments()
        )
        assert typed["first"] == "华东"

    def test_a_spec_will_do_too(self, context: PlannerContext) -> None:
        spec = {"metrics": ["amount"], "dimensions": ["region"]}
        typed, _ = arguments(context).typed("concentration", {"spec": spec})
        assert typed["spec"]["dimensions"] == ["region"]  # type: ignore[index]


class TestPeriods:
    def test_a_label_of_the_model_is_dropped(self, context: PlannerContext) -> None:
        spec = query(
            context, time={**YEAR, "label": "涨了 300%", "label_en": "up", "partial": False}
        )
        assert spec.time is not None
        assert (spec.time.label, spec.time.label_en) == ("2025 年", "2025")
        assert spec.time.partial

    def test_an_odd_range_has_no_name(self, context: PlannerContext) -> None:
        time = {"start": "2025-01-07", "end_excl": "2025-03-09", "label": "x"}
        assert query(context, time=time).time.label == ""  # type: ignore[union-attr]

    def test_grain_without_a_period(self, context: PlannerContext) -> None:
        spec = query(context, time={"grain": "month"})
        assert spec.grain == "month"
        assert spec.time.start is None  # type: ignore[union-attr]

    def test_a_comparison_without_a_period_is_filled_in_and_said(
        self, context: PlannerContext
    ) -> None:
        typed, note = arguments(context).typed(
            "query", {"metrics": ["amount"], "compare": {"kind": "yoy"}}
        )
        assert typed["time"]["start"] == "2025-01-01"  # type: ignore[index]
        assert note is not None
        assert "年初至今" in note.zh

    def test_the_model_cannot_move_a_base(self, context: PlannerContext) -> None:
        base = {"kind": "yoy", "start": "2020-01-01", "end_excl": "2020-02-01"}
        spec = query(context, time=YEAR, compare=base)
        assert str(spec.compare.start) == "2024-01-01"  # type: ignore[union-attr]

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_come_out_as_the_rules_have_them(self, context: PlannerContext, question: str) -> None:
        """Labels, whether a period runs, and bases of comparisons, from start and end alone."""
        planned = plan(question, context, Before())
        if not isinstance(planned, QueryPlan):
            pytest.skip("no query")
        given = said(context, question)
        for wanted in planned.queries:
            bare = wanted.spec.as_arguments()
            for name in ("label", "label_en", "partial"):
                if wanted.spec.time is not None:
                    bare["time"].pop(name)  # type: ignore[attr-defined]
            if wanted.spec.compare is not None and wanted.spec.compare.kind != "custom":
                for name in ("start", "end_excl"):
                    bare["compare"].pop(name, None)  # type: ignore[attr-defined]
            typed, _ = given.typed("query", bare)
            found = QuerySpec.model_validate(typed)
            if not given.times and found.time and wanted.spec.time:
                # filled in by the rules: 本月; the model's is named after the calendar
                label = {"label": wanted.spec.time.label, "label_en": wanted.spec.time.label_en}
                found = found.model_copy(update={"time": found.time.model_copy(update=label)})
            assert found == wanted.spec
