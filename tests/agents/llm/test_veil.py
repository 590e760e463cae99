"""Names out and back: what is hidden at which level, and how a model's names are understood."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agents.llm.veil import COMPANIES, PEOPLE, PUBLIC, Veil
from agents.plan import PlannerTrace
from agents.rules.context import PlannerContext
from agents.rules.planner import read
from agents.rules.read import Reading
from knowledge.semantic.lexicon import Entry, Lexicon
from knowledge.semantic.model import load_model
from leadline.settings import ShareLevel
from tests.agents.channel import HENGXIN, Channel


def reading(question: str, ctx: PlannerContext) -> Reading:
    return read(question, ctx, PlannerTrace())[0]


def said(question: str, ctx: PlannerContext, share: ShareLevel = "aggregates") -> str:
    return Veil(share, ctx).question(question, reading(question, ctx))


class TestLevels:
    def test_every_dimension_is_classified(self) -> None:
        names = {n for n, d in load_model().dimensions.items() if d.kind != "date"}
        assert names == PUBLIC | COMPANIES | PEOPLE
        assert not PUBLIC & COMPANIES
        assert not PUBLIC & PEOPLE

    @pytest.mark.parametrize(
        ("share", "partner", "person", "region"),
        [
            ("schema", True, True, True),
            ("aggregates", True, True, False),
            ("rows", False, True, False),
        ],
    )
    def test_hide_what_they_say(
        self, context: PlannerContext, share: ShareLevel, partner: bool, person: bool, region: bool
    ) -> None:
        veil = Veil(share, context)
        assert veil.hides("partner") is veil.hides("customer") is veil.hides("warehouse") is partner
        assert veil.hides("salesperson") is veil.hides("partner_owner") is person
        assert veil.hides("region") is region

    def test_a_dimension_that_nobody_classified_is_hidden(self, context: PlannerContext) -> None:
        assert Veil("rows", context).hides("bank_account")


class TestQuestion:
    @pytest.mark.parametrize(
        ("question", "told"),
        [
            ("恒信科技有限公司2025年销售额", "partner#1 2025年销售额"),
            ("2025年恒信的销售额", "2025年 partner#1 的销售额"),  # a part of the name
            ("P03的销售额", "partner#1 的销售额"),  # a code
            ("恒信科技和博远软件谁增长更快", "partner#1 和 partner#2 谁增长更快"),
            ("Alpin Systems sales in 2025", "partner#1 sales in 2025"),  # a typo
            ("张伟2025年的业绩", "salesperson#1 2025年的业绩"),
            ("2025年华东的软件销售额", "2025年华东的软件销售额"),
            ("Sales by Region in 2025", "Sales by Region in 2025"),  # untouched: as typed
        ],
    )
    def test_individuals_become_placeholders(
        self, context: PlannerContext, question: str, told: str
    ) -> None:
        assert said(question, context) == told

    def test_a_name_of_several_is_none_of_them(self, context: PlannerContext) -> None:
        veil, heard = Veil("aggregates", context), reading("同名商贸2025年销售额", context)
        assert veil.question("同名商贸2025年销售额", heard) == "name#1 2025年销售额"
        (found,) = veil.recognised(heard)
        assert found["text"] == "name#1"
        assert [m["member"] for m in found["means"]] == ["partner#1", "partner#2"]  # type: ignore[attr-defined]

    def test_at_rows_companies_keep_their_names(self, context: PlannerContext) -> None:
        assert (
            said("恒信科技和张伟的销售额", context, "rows") == "恒信科技和 salesperson#1 的销售额"
        )

    def test_at_schema_public_words_stay_but_members_are_not_told(self, channel: Channel) -> None:
        context = channel.context(value__region__华东=("长三角",))
        veil, heard = Veil("schema", context), reading("长三角2025年销售额", context)
        assert veil.question("长三角2025年销售额", heard) == "长三角2025年销售额"
        assert veil.recognised(heard) == [
            {"text": "长三角", "means": [{"dimension": "region", "member": "region#1"}]}
        ]
        assert veil.value("region#1") == "华东"

    def test_the_same_name_is_the_same_placeholder(self, context: PlannerContext) -> None:
        veil = Veil("aggregates", context)
        for question in ("恒信科技2025年销售额", "博远软件和恒信科技2025年销售额"):
            told = veil.question(question, reading(question, context))
        assert told == "partner#2 和 partner#1 2025年销售额"


class TestMessage:
    @pytest.mark.parametrize("name", [HENGXIN, "恒信科技", "P01"])
    def test_hides_every_spelling(self, context: PlannerContext, name: str) -> None:
        told = Veil("aggregates", context).message(f"there is no partner {name}; ask again")
        assert name.casefold() not in told.casefold()
        assert "partner#1" in told

    def test_leaves_the_rest_alone(self, context: PlannerContext) -> None:
        text = "Amount cannot be split by Warehouse"
        assert Veil("aggregates", context).message(text) == text

    def test_leaves_placeholders_alone(self, context: PlannerContext) -> None:
        veil = Veil("aggregates", context)
        placeholder = veil.member("partner", HENGXIN)
        assert veil.message(f"no {placeholder} here, nor {HENGXIN}").count(placeholder) == 2


class TestArguments:
    def test_members_of_filters_are_veiled(self, context: PlannerContext) -> None:
        veil = Veil("aggregates", context)
        where = {
            "kind": "and",
            "items": [
                {"kind": "filter", "member": "partner", "op": "in", "values": [HENGXIN]},
                {"kind": "filter", "member": "region", "op": "in", "values": ["华东"]},
            ],
        }
        spec = {"metrics": ["amount"], "dimensions": ["partner"], "where": where}
        told = veil.arguments({"spec": spec, "first": HENGXIN, "second": "博远软件股份有限公司"})
        assert HENGXIN not in str(told)
        assert told["first"] == "partner#1"  # type: ignore[index]
        assert told["spec"]["where"]["items"][1]["values"] == ["华东"]  # type: ignore[index]


class TestBack:
    def test_values_and_sentences(self, context: PlannerContext) -> None:
        veil = Veil("aggregates", context)
        placeholder = veil.member("partner", HENGXIN)
        assert veil.value(placeholder) == veil.value(f" {placeholder} ") == HENGXIN
        assert veil.value("partner#9") == "partner#9"
        assert veil.value(7) == 7
        assert veil.revealed(f"看{placeholder}的销售额") == f"看{HENGXIN}的销售额"
        assert veil.revealed(f"my{placeholder} {placeholder}x") == f"my{placeholder} {placeholder}x"
        assert veil.revealed(f"{placeholder} 和 partner#9") == f"{HENGXIN} 和 partner#9"

    def test_a_member_that_bears_a_telephone_number_is_hidden(
        self, context: PlannerContext
    ) -> None:
        veil = Veil("rows", context)
        label = "老张 13912345678"
        assert veil.member("customer", label) == "customer#1"
        assert veil.value("customer#1") == label
        assert veil.member("customer", "星海制造") == "星海制造"

    def test_a_public_word_that_is_also_a_company_stays(self, context: PlannerContext) -> None:
        lexicon = Lexicon(context.lexicon.fold, context.lexicon.entries.copy())
        lexicon.add("北极星", Entry("value", "partner", "北极星"))
        lexicon.add("北极星", Entry("value", "product_line", "北极星"))
        ctx = replace(context, lexicon=lexicon)
        veil, heard = Veil("aggregates", ctx), reading("北极星2025年销售额", ctx)
        assert veil.question("北极星2025年销售额", heard) == "北极星2025年销售额"
        means = veil.recognised(heard)[0]["means"]
        assert {"dimension": "partner", "member": "partner#1"} in means  # type: ignore[operator]
