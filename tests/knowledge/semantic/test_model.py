from __future__ import annotations

import re

import pytest

from knowledge.semantic.model import MODEL_FILE, SemanticModel, load_model, parse_model
from leadline.errors import InputError
from leadline.types import Language, Unit

METRICS = [
    "amount",
    "orders",
    "quantity",
    "gross_margin",
    "gross_margin_rate",
    "average_order_value",
    "average_unit_price",
    "active_partners",
    "partner_count",
    "new_partners",
    "active_customers",
    "discount_amount",
    "discount_rate",
    "list_amount",
    "cost_amount",
    "tax_amount",
    "freight_amount",
    "amount_per_partner",
    "products_sold",
    "days_since_last_order",
    "first_order_date",
    "last_order_date",
    "target_amount",
    "attainment",
    "payment_amount",
    "payment_target",
    "payment_attainment",
    "opportunities",
    "won_opportunities",
    "lost_opportunities",
    "won_amount",
    "lost_amount",
    "win_rate",
    "pipeline_amount",
    "open_opportunities",
    "average_deal_size",
    "sales_cycle_days",
    "deal_registrations",
    "deal_approval_rate",
    "deal_conflict_rate",
    "activities",
    "active_days",
    "stock_units",
    "stock_value",
    "stock_in_units",
    "stock_out_units",
    "sell_through_quantity",
    "sell_through_amount",
    "return_amount",
    "return_quantity",
    "return_rate",
    "receivable_open_amount",
    "overdue_amount",
    "mdf_claimed",
    "order_lines",
    "tender_count",
    "competitor_events",
]
DIMENSIONS = [
    "partner",
    "partner_type",
    "partner_tier",
    "partner_status",
    "partner_owner",
    "region",
    "territory",
    "country",
    "region_group",
    "city",
    "product",
    "product_category",
    "product_subcategory",
    "product_line",
    "product_model",
    "product_color",
    "customer",
    "customer_industry",
    "customer_size",
    "salesperson",
    "salesperson_manager",
    "order_type",
    "order_status",
    "promotion",
    "promotion_type",
    "warehouse",
    "activity_kind",
    "stage",
    "outcome",
    "deal_status",
    "currency",
    "competitor",
    "tender_type",
    "return_reason",
]
TEXT = MODEL_FILE.read_text(encoding="utf-8")

SMALL = """
facts:
  payment:
    label: {zh: 回款, en: payments}
    dates: [paid_on]
    keys: [partner, region, territory]
metrics:
  payment_amount:
    label: {zh: 回款额, en: paid}
    synonyms: {zh: [回款], en: [payment]}
    unit: money
    additivity: additive
    direction: up
    definition: {zh: 和, en: sum}
    fact: payment
    formula: {kind: measure, function: sum, column: amount}
dimensions:
  partner:
    label: {zh: 伙伴, en: partner}
    kind: member
    table: partner
    definition: {zh: 伙伴, en: A partner}
"""


def changed(old: str, new: str) -> str:
    assert old in SMALL
    return SMALL.replace(old, new)


@pytest.fixture
def model() -> SemanticModel:
    return load_model()


class TestTheModel:
    def test_has_every_metric_and_dimension_that_planners_rely_on(
        self, model: SemanticModel
    ) -> None:
        assert set(METRICS) <= set(model.metrics)
        assert set(DIMENSIONS) <= set(model.dimensions)

    def test_speaks_both_languages(self, model: SemanticModel) -> None:
        han = re.compile(r"[\u4e00-\u9fff]")
        for item in [*model.metrics.values(), *model.dimensions.values()]:
            assert han.search(item.label.zh), item.name
            assert han.search(item.definition.zh), item.name
            assert not han.search(item.label.en + item.definition.en), item.name
            assert item.synonyms.zh, item.name
            assert item.synonyms.en, item.name
            assert not any(han.search(word) for word in item.synonyms.en), item.name

    def test_every_definition_of_a_metric_holds_its_formula(self, model: SemanticModel) -> None:
        for metric in model.metrics.values():
            assert "公式：" in metric.definition.zh, metric.name
            assert "Formula " in metric.definition.en, metric.name

    def test_names_no_word_twice_for_one_thing(self, model: SemanticModel) -> None:
        for item in [*model.metrics.values(), *model.dimensions.values()]:
            for language in Language:
                words = [word.casefold() for word in item.synonyms.get(language)]
                assert len(words) == len(set(words)), (item.name, words)

    def test_ratios_do_not_add_up_and_are_not_counts(self, model: SemanticModel) -> None:
        for metric in model.metrics.values():
            if metric.unit is Unit.RATIO:
                assert metric.additivity == "non_additive"
                assert not metric.counts

    def test_what_stands_at_a_day_compares_with_the_same_day(self, model: SemanticModel) -> None:
        for metric in model.metrics.values():
            assert (metric.balance is not None) == (metric.additivity == "semi_additive")
            assert (metric.balance is not None) == (metric.yoy == "same_day")

    def test_dimensions_follow_from_the_facts(self, model: SemanticModel) -> None:
        assert "product" in model.metrics["amount"].dimensions
        assert "product" not in model.metrics["payment_amount"].dimensions
        # a return rate needs returns and order lines: sales people are on order lines only
        assert "salesperson" not in model.metrics["return_rate"].dimensions
        assert "product" in model.metrics["return_rate"].dimensions
        assert "warehouse" in model.metrics["stock_units"].dimensions
        # a tender's region is that of its territory
        assert set(model.metrics["tender_count"].dimensions) >= {"region", "territory"}

    def test_dates_are_no_dimensions_to_split_by(self, model: SemanticModel) -> None:
        dates = {name for name, found in model.dimensions.items() if found.kind == "date"}
        assert dates
        for metric in model.metrics.values():
            assert dates.isdisjoint(metric.dimensions)

    def test_every_date_role_of_a_fact_has_words(self, model: SemanticModel) -> None:
        unnamed = {"period_start", "first_order_date", "claimed_on", "published_on"}
        unnamed |= {"happened_on", "issued_on"}
        for fact in model.facts.values():
            for column in fact.dates:
                assert column in unnamed or model.dimensions[column].kind == "date"

    def test_ambiguous_words_name_what_they_may_mean(self, model: SemanticModel) -> None:
        assert model.ambiguous[Language.ZH]["区域"] == ("region", "territory")
        assert set(model.ambiguous[Language.EN]["margin"]) == {"gross_margin", "gross_margin_rate"}

    def test_is_read_once(self, model: SemanticModel) -> None:
        assert load_model() is model

    def test_version_follows_the_text(self, model: SemanticModel) -> None:
        assert parse_model(TEXT).version == model.version
        assert parse_model(TEXT + "\n# a remark\n").version != model.version


class TestBadModels:
    def test_a_small_one_is_fine(self) -> None:
        assert parse_model(SMALL).metrics["payment_amount"].dimensions == ("partner",)

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ("en: partner}\n    kind", "en: payment}\n    kind", "'payment' means"),
            (
                "zh: 伙伴, en: partner}\n    kind",
                "zh: 回款, en: partner}\n    kind",
                "'回款' means",
            ),
            ("column: amount}", "column: amuont}", "payment.amuont"),
            ("dates: [paid_on]", "dates: [payed_on]", "payment.payed_on"),
            ("keys: [partner,", "keys: [product, partner,", "payment.product_id"),
            ("table: partner", "table: partners", "partners.label"),
            ("unit: money", "unit: dollars", "unit"),
            ("direction: up", "direction: up\n    colour: red", "colour"),
            ("function: sum", "function: median", "function"),
            ("column: amount}", "column: amount, date: due_on}", "due_on"),
        ],
    )
    def test_are_refused_with_the_place(self, old: str, new: str, message: str) -> None:
        with pytest.raises(InputError, match=message):
            parse_model(changed(old, new))

    def test_a_word_with_two_meanings_may_be_declared(self) -> None:
        twice = changed("en: partner}\n    kind", "en: payment}\n    kind")
        both = twice + "ambiguous: {en: {payment: [payment_amount, partner]}}\n"
        assert parse_model(both).ambiguous[Language.EN]["payment"] == ("payment_amount", "partner")

    def test_a_declared_ambiguity_must_name_all_meanings(self) -> None:
        with pytest.raises(InputError, match="unknown"):
            parse_model(SMALL + "ambiguous: {en: {thing: [payment_amount, thing]}}\n")
        with pytest.raises(InputError, match="'thing'"):
            parse_model(SMALL + "ambiguous: {en: {thing: [partner]}}\n")

    def test_one_name_is_not_a_metric_and_a_dimension(self) -> None:
        with pytest.raises(InputError, match="both metrics and dimensions"):
            parse_model(SMALL.replace("  payment_amount:", "  partner:"))
