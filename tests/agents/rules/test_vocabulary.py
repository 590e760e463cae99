"""What the planner knows of a snapshot: words with data, members in scope, the company's own."""

from __future__ import annotations

import pytest

from agents.rules.context import PlannerContext
from agents.rules.text import fold
from knowledge.semantic.lexicon import Entry
from leadline.access import Scope
from leadline.types import Language, Unit
from tests.agents.channel import AS_OF, EAST, HENGXIN, PARTNERS, Channel


def meanings(context: PlannerContext, word: str) -> list[Entry]:
    return list(context.lexicon.entries.get(fold(word), ()))


class TestWords:
    @pytest.mark.parametrize("word", ["销售额", "销售金额", "Revenue", "sales"])
    def test_a_metric_by_any_of_its_names(self, context: PlannerContext, word: str) -> None:
        assert ("metric", "amount") in [(e.kind, e.name) for e in meanings(context, word)]

    @pytest.mark.parametrize("word", ["退货率", "应收余额", "return rate"])
    def test_a_metric_without_data_is_known_to_be_absent(
        self, context: PlannerContext, word: str
    ) -> None:
        assert {e.kind for e in meanings(context, word)} == {"absent_metric"}

    def test_a_dimension_without_data_too(self, context: PlannerContext) -> None:
        assert {e.kind for e in meanings(context, "竞品")} == {"absent_dimension"}

    def test_plurals_of_things_but_not_of_names(self, context: PlannerContext) -> None:
        assert meanings(context, "gateway")  # the subcategory is Gateways
        assert not meanings(context, "heliose")
        assert not meanings(context, "alpine system")


class TestMembers:
    def test_every_partner_by_label_code_and_short_form(self, context: PlannerContext) -> None:
        for code, name, *_ in PARTNERS:
            assert meanings(context, code), code
            assert meanings(context, name), name
        assert [e.label for e in meanings(context, "恒信科技")] == [HENGXIN]

    def test_a_shared_name_means_both(self, context: PlannerContext) -> None:
        labels = {e.label for e in meanings(context, "同名商贸")}
        assert labels == {"同名商贸 (P08)", "同名商贸 (P09)"}

    def test_within_a_scope_only_what_it_lets_see(self, channel: Channel) -> None:
        east = channel.context(EAST.scope)
        assert meanings(east, "恒信科技")
        for outsider in ("南粤信息", "Alpine Systems", "华南", "广东", "Munich", "P09"):
            assert not meanings(east, outsider), outsider
        assert {e.label for e in meanings(east, "同名商贸")} == {"同名商贸 (P08)"}

    def test_products_are_everyone_s(self, channel: Channel) -> None:
        nobody = channel.context(Scope(regions=frozenset()))
        assert meanings(nobody, "Edge Box")
        assert not meanings(nobody, "恒信科技")


class TestOwnWords:
    def test_are_added(self, channel: Channel) -> None:
        context = channel.context(metric__amount=("签单额",), value__region__华东=("长三角",))
        assert [(e.kind, e.name) for e in meanings(context, "签单额")] == [("metric", "amount")]
        assert [(e.name, e.label) for e in meanings(context, "长三角")] == [("region", "华东")]

    def test_win_over_the_model_s(self, channel: Channel) -> None:
        context = channel.context(metric__gross_margin=("业绩",))
        assert [e.name for e in meanings(context, "业绩")] == ["gross_margin"]


class TestContext:
    def test_today_is_the_data_s(self, context: PlannerContext) -> None:
        assert context.calendar.as_of == AS_OF

    def test_what_can_be_split_by_what(self, context: PlannerContext) -> None:
        assert context.available.carries("amount", "customer_industry")
        assert not context.available.carries("amount", "warehouse")
        assert context.available.carries("stock_units", "warehouse")
        assert context.available.has_metric("payment_amount")
        assert not context.available.has_metric("return_rate")

    def test_the_span_of_the_data(self, context: PlannerContext) -> None:
        span = context.available.span("amount")
        assert span is not None
        assert str(span) == "2024-02-10 … 2025-11-20"
        assert context.available.span("return_rate") is None

    def test_labels_and_units(self, context: PlannerContext) -> None:
        assert context.metric_label("amount", Language.ZH) == "销售额"
        assert context.metric_label("amount", Language.EN).lower() == "sales"
        assert context.dimension_label("region", Language.ZH) == "大区"
        assert context.unit("gross_margin_rate") is Unit.RATIO

    def test_the_usual_metric_is_sales(self, context: PlannerContext) -> None:
        assert context.default_metric() == "amount"


class TestSameRows:
    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            (("territory", "北京"), ("city", "北京"), True),
            (("region", "Overseas"), ("country", "Germany"), True),
            (("region", "华东"), ("city", "宁波"), False),  # a part of it
            (("region", "华东"), ("region", "华南"), False),
            (("region", "Overseas"), ("customer_industry", "Healthcare"), True),
        ],
    )
    def test_by_the_facts_they_select(
        self,
        context: PlannerContext,
        one: tuple[str, str],
        other: tuple[str, str],
        same: bool,
    ) -> None:
        assert context.same_rows(one, other) is same
