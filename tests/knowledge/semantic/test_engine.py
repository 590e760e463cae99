from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from knowledge.semantic.engine import compile_query, run_query
from knowledge.semantic.spec import QuerySpec
from knowledge.warehouse.snapshot import Snapshot
from leadline.access import EVERYTHING, Scope
from leadline.evidence import ToolResult
from leadline.types import Scalar, Unit
from tests.knowledge.semantic.shop import AS_OF, publish_shop, shop

Rows = list[tuple[Scalar, ...]]
Y2013 = {"start": "2013-01-01", "end_excl": "2014-01-01"}
Q4 = {"start": "2013-10-01", "end_excl": "2014-01-01", "partial": True}


def only(member: str, *values: str, op: str = "in") -> dict[str, Any]:
    return {"kind": "filter", "member": member, "op": op, "values": values}


def ask(
    *metrics: str,
    on: Snapshot | None = None,
    scope: Scope = EVERYTHING,
    cap: int = 1000,
    **spec: Any,
) -> ToolResult:
    wanted = QuerySpec.model_validate({"metrics": metrics, **spec})
    return run_query(wanted, on or shop(), scope, row_cap=cap)


def rows(*metrics: str, **spec: Any) -> Rows:
    return list(ask(*metrics, **spec).rows)


class TestFigures:
    def test_a_total(self) -> None:
        # 100 + 200 + 50 + 30 + 80 + 20
        assert rows("amount", "orders", "order_lines", "quantity") == [(480.0, 6, 7, 14)]

    def test_a_margin_counts_lines_whose_cost_is_known(self) -> None:
        # costs are known of all but O3: 480 - 50 = 430 sold at a cost of 240 (60+120+10+40+10)
        assert rows("gross_margin", "gross_margin_rate") == [(190.0, 190 / 430)]

    def test_a_ratio_is_the_sum_over_the_sum(self) -> None:
        # 华东: O1, O3, O4, O6 = 100 + 50 + 30 + 20 over 4 orders; not the mean of ratios
        found = rows("average_order_value", dimensions=["region"])
        assert found == [("华东", 50.0), ("华南", 200.0), (None, 80.0)]

    def test_a_ratio_over_nothing_is_null(self) -> None:
        found = rows("discount_rate", "amount", on=_without_list_prices(), dimensions=["region"])
        assert [row[1] for row in found] == [None, None, None]

    def test_different_things_are_counted_once(self) -> None:
        found = rows("active_partners", "products_sold", "orders", dimensions=["region"])
        assert found == [("华东", 2, 2, 4), ("华南", 1, 1, 1), (None, 1, 1, 1)]

    def test_an_order_counts_once_in_the_total_and_once_for_each_product(self) -> None:
        found = rows("orders", dimensions=["product"])
        assert found == [("云", 4), ("盒", 2), (None, 1)]

    def test_dates_and_days(self) -> None:
        found = rows("last_order_date", "days_since_last_order", dimensions=["partner"])
        assert found == [
            ("Alpha (P1)", "2013-10-05", 55),
            ("Alpha (P4)", "2013-11-29", 0),
            ("Beta", "2013-02-10", 292),
            ("Gamma", "2012-10-20", 405),
        ]

    def test_partners_are_new_with_their_first_order(self) -> None:
        assert rows("new_partners", time={"grain": "year"}) == [("2012", 2), ("2013", 2)]

    def test_a_sum_over_nothing_is_null_and_a_count_zero(self) -> None:
        found = rows("amount", "orders", "active_partners", time={"start": "2014-01-01"})
        assert found == [(None, 0, 0)]

    def test_two_facts_do_not_multiply_each_other(self) -> None:
        payments = [
            {
                "id": i,
                "payment_no": f"Z{i}",
                "partner_id": 1,
                "paid_on": AS_OF,
                "amount": Decimal(5),
            }
            for i in (1, 2, 3)
        ]
        found = rows(
            "amount", "payment_amount", on=publish_shop(payment=payments), dimensions=["partner"]
        )
        # three payments and four lines of P1 stay 15 and 170
        assert found[0] == ("Alpha (P1)", 170.0, 15.0)
        assert found[2] == ("Beta", 200.0, None)

    def test_sums_are_exact(self) -> None:
        lines = [
            {
                "id": i,
                "order_id": 1,
                "line_no": str(i),
                "quantity": Decimal("0.1"),
                "amount": Decimal("0.1"),
            }
            for i in range(1, 1001)
        ]
        assert rows("amount", "quantity", on=publish_shop(order_line=lines)) == [(100.0, 100)]


def _without_list_prices() -> Snapshot:
    lines = [
        {
            "id": i,
            "order_id": i,
            "line_no": "1",
            "quantity": Decimal(1),
            "amount": Decimal(1),
            "list_amount": Decimal(0),
            "discount_amount": Decimal(0),
        }
        for i in range(1, 7)
    ]
    return publish_shop(order_line=lines)


class TestFilters:
    def test_by_label_where_a_name_is_shared(self) -> None:
        assert rows("amount", where=only("partner", "Alpha (P4)")) == [(30.0,)]

    def test_without_a_value_keeps_what_has_none(self) -> None:
        # everything but gold: Beta (silver) and Gamma, whose tier is unknown
        found = rows(
            "amount", dimensions=["partner"], where=only("partner_tier", "金牌", op="not_in")
        )
        assert found == [("Beta", 200.0), ("Gamma", 80.0)]

    def test_missing_and_known(self) -> None:
        assert rows("amount", where=only("region", op="is_null")) == [(80.0,)]
        assert rows("amount", where=only("partner_tier", op="is_null")) == [(80.0,)]
        assert rows("amount", where=only("product", op="not_null")) == [(450.0,)]

    def test_parts_of_names_in_any_case(self) -> None:
        assert rows("amount", where=only("partner", "ALPH", op="contains")) == [(200.0,)]
        assert rows("amount", where=only("partner", "%", op="contains")) == [(None,)]

    def test_and_or(self) -> None:
        either = {"kind": "or", "items": [only("region", "华南"), only("product", "盒")]}
        both = {"kind": "and", "items": [only("region", "华东"), only("product", "盒")]}
        assert rows("amount", where=either) == [(290.0,)]  # 200 + 40 + 50
        assert rows("amount", where=both) == [(90.0,)]

    def test_values_are_bound_never_part_of_the_sql(self) -> None:
        attack = "x' OR '1'='1"
        spec = QuerySpec.model_validate(
            {"metrics": ["amount"], "where": only("partner", attack, op="contains")}
        )
        query = compile_query(spec, shop(), EVERYTHING)
        assert attack.lower() not in query.sql.lower()
        assert attack.lower() in query.parameters
        assert run_query(spec, shop(), EVERYTHING).rows == ((None,),)


class TestComparison:
    def test_of_a_partial_quarter(self) -> None:
        # Q4 2013 so far 50 + 30; the same 60 days of 2012 (to 11-29) hold O5 but not O6
        found = rows("amount", time=Q4, compare={"kind": "yoy"})
        assert found == [(80.0, 80.0, 0.0, 0.0)]
        full = rows("amount", time=Q4, compare={"kind": "yoy", "align": "full"})
        assert full == [(80.0, 100.0, -20.0, -0.2)]

    def test_members_of_one_period_only(self) -> None:
        found = rows(
            "amount", dimensions=["partner"], time=Q4, compare={"kind": "yoy", "align": "full"}
        )
        assert found == [
            ("Alpha (P1)", 50.0, 20.0, 30.0, 1.5),
            ("Alpha (P4)", 30.0, None, 30.0, None),  # no base, no rate
            ("Gamma", None, 80.0, -80.0, -1.0),  # all of it lost
        ]

    def test_of_ratios_needs_both_sides(self) -> None:
        found = rows("gross_margin_rate", dimensions=["partner"], time=Q4,
                     compare={"kind": "yoy", "align": "full"})  # fmt: skip
        assert found == [
            ("Alpha (P1)", None, 0.5, None, None),
            ("Alpha (P4)", 20 / 30, None, None, None),
            ("Gamma", None, 0.5, None, None),
        ]

    def test_buckets_with_the_one_before(self) -> None:
        found = rows(
            "amount", time={**Y2013, "grain": "quarter"}, compare={"kind": "previous_period"}
        )
        # Q1's base is Q4 2012: 80 + 20; Q4 lasts 60 days so far, against 60 days of Q3
        assert found == [
            ("2013-Q1", 300.0, 100.0, 200.0, 2.0),
            ("2013-Q2", None, 300.0, -300.0, -1.0),
            ("2013-Q4", 80.0, None, 80.0, None),
        ]

    def test_a_base_below_zero_has_no_rate(self) -> None:
        lines = [
            {"id": 1, "order_id": 5, "line_no": "1", "quantity": Decimal(1), "amount": Decimal(-5)},
            {"id": 2, "order_id": 4, "line_no": "1", "quantity": Decimal(1), "amount": Decimal(5)},
        ]
        found = rows("amount", on=publish_shop(order_line=lines), time=Q4, compare={"kind": "yoy"})
        assert found == [(5.0, -5.0, 10.0, None)]


class TestSteps:
    def test_shares_count_what_is_cut_away(self) -> None:
        found = rows(
            "amount",
            dimensions=["region"],
            shares=[{"metric": "amount"}],
            metric_filters=[{"metric": "amount", "op": "gt", "value": 100}],
            order=[{"by": "amount"}],
        )
        # 200 each of 480; equal figures stand in the order of their labels
        assert found == [("华东", 200.0, 200 / 480), ("华南", 200.0, 200 / 480)]

    def test_shares_within_a_group(self) -> None:
        found = rows(
            "amount",
            dimensions=["region", "partner"],
            where=only("region", "华东"),
            shares=[{"metric": "amount", "within": ["region"]}],
        )
        assert found == [("华东", "Alpha (P1)", 170.0, 0.85), ("华东", "Alpha (P4)", 30.0, 0.15)]

    def test_ranks_leave_gaps_after_ties_and_count_all(self) -> None:
        found = rows(
            "amount", dimensions=["region"], rank=True, focus=[only("region", op="is_null")]
        )
        assert found == [(3, None, 80.0)]

    def test_the_first_of_each_group(self) -> None:
        found = rows(
            "amount",
            dimensions=["region", "partner"],
            top_per={"within": ["region"], "n": 1},
            order=[{"by": "amount"}],
        )
        assert found == [
            ("华南", "Beta", 200.0),
            ("华东", "Alpha (P1)", 170.0),
            (None, "Gamma", 80.0),
        ]

    def test_nulls_come_last_in_both_directions(self) -> None:
        for direction in ("asc", "desc"):
            found = rows(
                "gross_margin",
                dimensions=["partner"],
                time=Q4,
                include_empty=False,
                compare={"kind": "yoy"},
                order=[{"by": "gross_margin", "direction": direction}],
            )
            assert found[-1][0] == "Gamma"
            assert found[-1][1] is None

    def test_cut_without_an_order_means_the_most(self) -> None:
        assert rows("amount", dimensions=["partner"], limit=1) == [("Beta", 200.0)]

    def test_a_metric_filter_may_read_a_metric_that_is_not_shown(self) -> None:
        found = rows(
            "amount",
            dimensions=["partner"],
            metric_filters=[{"metric": "orders", "op": "ge", "value": 2}],
        )
        assert found == [("Alpha (P1)", 170.0)]

    def test_members_without_facts(self) -> None:
        found = rows("amount", "gross_margin_rate", dimensions=["partner"], include_empty=True)
        assert ("Delta", 0.0, None) in found
        assert len(found) == 5

    def test_members_without_facts_fit_the_filters_on_themselves(self) -> None:
        found = rows(
            "amount",
            dimensions=["partner"],
            include_empty=True,
            where={"kind": "and", "items": [only("region", "华南"), only("product", "盒")]},
        )
        # the filter on products is about facts: Beta is listed though it bought none
        assert found == [("Beta", 0.0), ("Delta", 0.0)]

    def test_a_rollup_reads_the_finished_rows(self) -> None:
        assert rows("amount", dimensions=["partner"], rollup={"function": "count"}) == [(4,)]
        per_region = rows(
            "amount",
            dimensions=["region", "partner"],
            rollup={"function": "avg", "keep": ["region"]},
        )
        assert per_region == [("华东", 100.0), ("华南", 200.0), (None, 80.0)]
        best_two = rows("amount", dimensions=["partner"], limit=2, rollup={"function": "sum"})
        assert best_two == [(370.0,)]


class TestResult:
    def test_says_what_was_asked_and_on_what(self) -> None:
        spec = QuerySpec(metrics=("amount",), dimensions=("region",))
        result = run_query(spec, shop(), Scope(regions=frozenset({"华东"})))
        assert (result.tool, result.snapshot, result.as_of) == ("query", 1, AS_OF)
        assert QuerySpec.model_validate(result.arguments) == spec
        assert result.scope_hash == Scope(regions=frozenset({"华东"})).digest
        assert json.loads(json.dumps(result.rows)) == [["华东", 200.0]]

    def test_names_its_columns(self) -> None:
        result = ask(
            "amount",
            "gross_margin_rate",
            dimensions=["region"],
            time={**Y2013, "grain": "month"},
            compare={"kind": "yoy"},
            shares=[{"metric": "amount"}],
            rank=True,
        )
        figures = ["", "__previous", "__change", "__change_rate"]
        assert [column.name for column in result.columns] == [
            "rank",
            "month",
            "region",
            *(f"amount{figure}" for figure in figures),
            "amount__share",
            *(f"gross_margin_rate{figure}" for figure in figures),
        ]
        by_name = {column.name: column for column in result.columns}
        assert by_name["amount__change"].unit is Unit.MONEY
        assert by_name["amount__change"].currency == "CNY"
        assert by_name["amount__change_rate"].unit is Unit.RATIO
        assert by_name["amount__share"].currency is None
        assert by_name["rank"].unit is Unit.COUNT
        assert by_name["month"].label_zh == "月份"

    def test_is_cut_at_the_cap_and_says_so(self) -> None:
        result = ask("amount", dimensions=["partner"], cap=3)
        assert (len(result.rows), result.row_count, result.truncated) == (3, 4, True)
        whole = ask("amount", dimensions=["partner"], cap=4)
        assert (len(whole.rows), whole.row_count, whole.truncated) == (4, 4, False)

    def test_a_limit_is_no_truncation(self) -> None:
        result = ask("amount", dimensions=["partner"], limit=2)
        assert (len(result.rows), result.row_count, result.truncated) == (2, 2, False)
        over_cap = ask("amount", dimensions=["partner"], limit=3, cap=1)
        assert (len(over_cap.rows), over_cap.row_count, over_cap.truncated) == (1, 3, True)

    def test_of_nothing_is_empty(self) -> None:
        result = ask("amount", dimensions=["partner"], time={"start": "2014-01-01"})
        assert (result.rows, result.row_count, result.truncated) == ((), 0, False)

    @pytest.mark.parametrize(
        ("grain", "label"),
        [
            ("day", "2012-10-20"),
            ("week", "2012-W42"),
            ("month", "2012-10"),
            ("quarter", "2012-Q4"),
            ("half", "2012-H2"),
            ("year", "2012"),
        ],
    )
    def test_labels_buckets(self, grain: str, label: str) -> None:
        assert rows("amount", time={"grain": grain})[0][0] == label

    def test_has_the_currency_that_was_asked_for(self) -> None:
        from tests.knowledge.semantic.build import enrich, to_arrow, write_snapshot
        from tests.knowledge.semantic.shop import shop_rows

        rows = shop_rows()
        for order in rows["sales_order"]:
            order["currency"] = "CNY" if order["id"] < 3 else "USD"
        folder = shop().folder.parent / "two-currencies"
        two = write_snapshot(folder, to_arrow(enrich(rows)), as_of=AS_OF, currency=None)
        assert ask("amount", on=two).columns[0].currency is None
        one = ask("amount", on=two, where=only("currency", "USD"))
        assert one.columns[0].currency == "USD"
        assert (
            ask("amount", on=two, where=only("currency", "USD", "CNY")).columns[0].currency is None
        )
