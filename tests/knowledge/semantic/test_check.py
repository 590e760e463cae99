from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from knowledge.semantic.engine import compile_query, run_query
from knowledge.semantic.spec import QuerySpec
from leadline.access import EVERYTHING
from leadline.errors import SpecError
from tests.knowledge.semantic.shop import shop

YEAR = {"start": "2013-01-01", "end_excl": "2014-01-01"}


def refusal(*metrics: str, **spec: Any) -> SpecError:
    wanted = QuerySpec.model_validate({"metrics": metrics, **spec})
    with pytest.raises(SpecError) as caught:
        compile_query(wanted, shop(), EVERYTHING)
    return caught.value


def only(member: str, *values: str, op: str = "in") -> dict[str, Any]:
    return {"kind": "filter", "member": member, "op": op, "values": values}


class TestNames:
    def test_of_an_unknown_metric_with_the_nearest(self) -> None:
        error = refusal("amonut")
        assert "'amonut'" in error.message
        assert "amount" in error.hint

    def test_of_an_unknown_dimension_with_the_nearest(self) -> None:
        error = refusal("amount", dimensions=["regoin"])
        assert "'regoin'" in error.message
        assert "region" in error.hint

    def test_of_a_date_that_is_no_dimension(self) -> None:
        assert "order_date" in refusal("amount", dimensions=["order_date"]).message

    def test_of_an_unknown_member_with_the_nearest(self) -> None:
        error = refusal("amount", where=only("region", "华北"))
        assert "no region '华北'" in error.message
        assert "华东" in error.hint

    def test_of_a_name_that_two_members_share(self) -> None:
        error = refusal("amount", where=only("partner", "Alpha"))
        assert "2 members" in error.message
        assert "Alpha (P1)" in error.hint
        assert "Alpha (P4)" in error.hint

    def test_of_a_code_with_the_label_it_stands_for(self) -> None:
        assert "Beta" in refusal("amount", where=only("partner", "P2")).hint

    def test_everywhere_a_member_can_stand(self) -> None:
        nested = {"kind": "or", "items": [only("region", "华东"), only("region", "华北")]}
        assert "华北" in refusal("amount", where=nested).message
        focus = [only("region", "华北", op="not_in")]
        assert "华北" in refusal("amount", dimensions=["region"], focus=focus).message


class TestFit:
    def test_a_dimension_that_the_metric_never_has(self) -> None:
        error = refusal("new_partners", dimensions=["product"])
        assert error.message == "new_partners cannot be split by product"
        assert "partner_tier" in error.hint

    def test_a_dimension_that_this_data_leaves_empty(self) -> None:
        error = refusal("amount", where=only("promotion", op="not_null"))
        assert "in this data" in error.message

    def test_a_metric_without_data(self) -> None:
        assert "table payment" in refusal("payment_amount").message
        assert "order_line.tax_amount" in refusal("tax_amount").message
        assert "table target" in refusal("attainment").message

    def test_metrics_must_share_the_dimension(self) -> None:
        assert refusal("amount", "new_partners", dimensions=["product"]).message.startswith(
            "new_partners"
        )

    def test_a_date_that_the_metric_has_not(self) -> None:
        error = refusal("amount", time={**YEAR, "dimension": "closed_on"})
        assert "closed_on" in error.message
        assert "order_date" in error.hint
        assert "ship_date" in refusal("amount", time={**YEAR, "dimension": "ship_date"}).message

    def test_dates_are_not_compared_over_time(self) -> None:
        error = refusal("last_order_date", time=YEAR, compare={"kind": "yoy"})
        assert "cannot be compared" in error.message


class TestShape:
    @pytest.mark.parametrize(
        ("metric", "spec", "message"),
        [
            ("gross_margin_rate", {"shares": [{"metric": "gross_margin_rate"}]}, "no shares"),
            ("active_partners", {"shares": [{"metric": "active_partners"}]}, "no shares"),
            (
                "orders",
                {"dimensions": ["product"], "shares": [{"metric": "orders"}]},
                "no shares",
            ),
            ("amount", {"shares": [{"metric": "quantity"}]}, "not among the metrics"),
            ("amount", {"shares": [{"metric": "amount", "within": ["region"]}]}, "'region'"),
            ("amount", {"focus": [only("region", "华东")]}, "not among the dimensions"),
            ("amount", {"order": [{"by": "quantity"}]}, "order by 'quantity'"),
            ("amount", {"order": [{"by": "amount__change"}]}, "amount__change"),
            ("amount", {"top_per": {"within": ["region"], "n": 1}}, "'region'"),
            ("amount", {"rollup": {"function": "sum", "keep": ["region"]}}, "'region'"),
            (
                "active_partners",
                {"dimensions": ["region"], "rollup": {"function": "sum"}},
                "does not add up over region",
            ),
            (
                "orders",
                {"dimensions": ["product"], "rollup": {"function": "sum"}},
                "does not add up over product",
            ),
            (
                "partner_count",
                {"dimensions": ["region"], "time": {"grain": "day"}},
                "known for today only",
            ),
            (
                "last_order_date",
                {"dimensions": ["partner"], "rollup": {"function": "avg"}},
                "is a date",
            ),
        ],
    )
    def test_is_refused(self, metric: str, spec: dict[str, Any], message: str) -> None:
        assert message in refusal(metric, **spec).message

    @pytest.mark.parametrize(
        ("wanted", "message"),
        [
            ({"metric": "amount", "on": "change_rate"}, "nothing is compared over time"),
            ({"metric": "amount", "on": "attainment"}, "nothing is compared with targets"),
            ({"metric": "amount", "on": "share"}, "share is not asked for"),
            ({"metric": "amount", "op": "between"}, "upper"),
            ({"metric": "amount", "upper": 2.0}, "upper"),
            ({"metric": "last_order_date"}, "a date is no number"),
            ({"metric": "amuont"}, "amuont"),
        ],
    )
    def test_of_a_metric_filter(self, wanted: dict[str, Any], message: str) -> None:
        error = refusal("amount", metric_filters=[{"op": "gt", "value": 1.0, **wanted}])
        assert message in error.message

    def test_within_products_orders_do_have_shares(self) -> None:
        spec = QuerySpec.model_validate(
            {
                "metrics": ["orders"],
                "dimensions": ["product", "region"],
                "shares": [{"metric": "orders", "within": ["product"]}],
                "where": only("product", "盒"),
            }
        )
        # O1 and O3, both in 华东
        assert run_query(spec, shop(), EVERYTHING).rows == (("盒", "华东", 2, 1.0),)


class TestSpecs:
    @pytest.mark.parametrize(
        "spec",
        [
            {"metrics": []},
            {"metrics": ["amount", "amount"]},
            {"metrics": ["amount"], "dimensions": ["region", "region"]},
            {"metrics": ["amount"], "include_empty": True},
            {"metrics": ["amount"], "where": {"kind": "filter", "member": "region", "op": "in"}},
            {"metrics": ["amount"], "where": only("region", "华东", op="is_null")},
            {"metrics": ["amount"], "where": {"kind": "and", "items": []}},
            {"metrics": ["amount"], "time": {"start": "2013-02-01", "end_excl": "2013-02-01"}},
            {"metrics": ["amount"], "sql": "DROP TABLE partner"},
            {"metrics": ["amount"], "limit": 0},
        ],
    )
    def test_that_contradict_themselves_cannot_be_made(self, spec: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            QuerySpec.model_validate(spec)

    def test_survive_json(self) -> None:
        spec = QuerySpec.model_validate(
            {
                "metrics": ["amount"],
                "dimensions": ["region"],
                "where": {"kind": "or", "items": [only("region", "华东"), only("city", "x")]},
                "time": {**YEAR, "grain": "month"},
                "compare": {"kind": "yoy"},
            }
        )
        assert QuerySpec.model_validate_json(spec.model_dump_json()) == spec
        assert spec.row_keys == ("month", "region")
