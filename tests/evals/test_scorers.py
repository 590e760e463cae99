from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.cases import Case
from evals.scorers import evidence_digest, judge, same
from tests.evals.answers import MONEY, ONE_FIGURE, TWO_COUNTRIES, answer, case, citation

ONE = case(expect={"scalars": [MONEY]})
COUNTRIES = case(
    "2013年各国家销售额",
    expect={
        "rows": [["Germany", 1803947.4666], ["France", 3124052.1517]],
        "row_units": ["money"],
        "row_count": 2,
    },
)
SHOWN = "2013 年销售额 3,357.48 万元 [1]。"


def verdict(given: Case, told: dict[str, Any]) -> str:
    return judge(given, told).verdict


class TestStatus:
    @pytest.mark.parametrize(
        ("wanted", "given", "expected"),
        [
            ("answered", "clarify", "clarified_instead"),
            ("answered", "refused", "refused_instead"),
            ("clarify", "refused", "refused_instead"),
            ("refused", "clarify", "clarified_instead"),
        ],
    )
    def test_other_status_without_figures(self, wanted: str, given: str, expected: str) -> None:
        told = answer("?", status=given, options=[{"label": "a", "question": "b"}])
        assert verdict(case(expect={"status": wanted}), told) == expected

    @pytest.mark.parametrize("wanted", ["clarify", "refused"])
    def test_figures_where_none_are_due_are_silently_wrong(self, wanted: str) -> None:
        told = answer(SHOWN, ONE_FIGURE)
        assert verdict(case(expect={"status": wanted}), told) == "silently_wrong"

    def test_answered_without_figures_is_a_wrong_status(self) -> None:
        told = answer("没有数据")
        assert verdict(case(expect={"status": "refused"}), told) == "wrong_status"

    def test_unknown_status_is_an_error(self) -> None:
        assert verdict(ONE, answer("", status="ok")) == "error"

    def test_a_second_status_is_as_good(self) -> None:
        lenient = case(expect={"status": "answered", "also": ["clarify"], "scalars": [MONEY]})
        asks = answer("?", status="clarify", options=[{"label": "Germany", "question": "…"}])
        assert verdict(lenient, asks) == "right"
        assert verdict(lenient, answer(SHOWN, ONE_FIGURE)) == "right"
        wrong = answer("1 元", citation({"amount": "money"}, [[1.0]]))
        assert verdict(lenient, wrong) == "silently_wrong"


class TestAskingBack:
    def test_needs_an_option(self) -> None:
        assert verdict(case(expect={"status": "clarify"}), answer("?", status="clarify")) == (
            "wrong_status"
        )

    def test_needs_the_named_options(self) -> None:
        wanted = case(expect={"status": "clarify", "options": ["Fabrikam Inc., East"]})
        other = [{"label": "Fabrikam Inc., West", "question": "…"}]
        named = [*other, {"label": "东部", "question": "fabrikam inc., east 去年的订单数"}]
        assert verdict(wanted, answer("?", status="clarify", options=other)) == "wrong_status"
        assert verdict(wanted, answer("?", status="clarify", options=named)) == "right"

    def test_a_refusal_says_something(self) -> None:
        refuse = case(expect={"status": "refused"})
        assert verdict(refuse, answer("没有满意度", status="refused")) == "right"
        assert verdict(refuse, answer("", status="refused")) == "error"


class TestScalars:
    def test_right(self) -> None:
        assert verdict(ONE, answer(SHOWN, ONE_FIGURE)) == "right"

    def test_other_figure(self) -> None:
        told = answer("3,357.49 万元", citation({"amount": "money"}, [[33574934.2]]))
        assert verdict(ONE, told) == "silently_wrong"

    def test_same_figure_of_another_unit(self) -> None:
        told = answer("33574834.16", citation({"quantity": "quantity"}, [[33574834.1572]]))
        assert verdict(ONE, told) == "silently_wrong"

    def test_one_line_of_a_long_list_is_no_answer(self) -> None:
        rows = [["2012", 28193631.5321], ["2013", 33574834.1572]]
        told = answer(SHOWN, citation({"year": "text", "amount": "money"}, rows))
        assert verdict(ONE, told) == "silently_wrong"

    def test_two_figures_in_two_citations(self) -> None:
        both = case(expect={"scalars": [MONEY, {"value": 1708, "unit": "count"}]})
        orders = citation({"orders": "count"}, [[1708]])
        told = answer(f"{SHOWN} 1,708 张订单", ONE_FIGURE, orders)
        assert verdict(both, told) == "right"
        assert verdict(both, answer(SHOWN, ONE_FIGURE)) == "silently_wrong"

    def test_a_count_may_be_the_length_of_a_list(self) -> None:
        count = case(expect={"scalars": [{"value": 2, "unit": "count"}]})
        assert verdict(count, answer("有 2 个", TWO_COUNTRIES)) == "right"
        cut = {**TWO_COUNTRIES, "truncated": True}
        assert verdict(count, answer("有 2 个", cut)) == "silently_wrong"

    def test_count_and_quantity_are_one_unit(self) -> None:
        count = case(expect={"scalars": [{"value": 42, "unit": "quantity"}]})
        assert verdict(count, answer("42 件", citation({"n": "count"}, [[42]]))) == "right"

    def test_a_missing_figure_is_null_or_no_row(self) -> None:
        none = case(expect={"scalars": [{"value": None, "unit": "ratio"}]})
        assert verdict(none, answer("无", citation({"rate": "ratio"}, [[None]]))) == "right"
        assert verdict(none, answer("0%", citation({"rate": "ratio"}, [[0.0]]))) == (
            "silently_wrong"
        )

    def test_a_day(self) -> None:
        day = case(expect={"scalars": [{"value": "2013-09-29", "unit": "date"}]})
        evidence = citation({"partner": "text", "d": "date"}, [["Retail Mall", "2013-09-29"]])
        assert verdict(day, answer("2013年9月29日", evidence)) == "right"
        assert verdict(day, answer("2013年9月28日", evidence)) == "silently_wrong"


class TestRows:
    def test_right_in_any_order(self) -> None:
        assert (
            verdict(COUNTRIES, answer("France 312.4万，Germany 180.4万", TWO_COUNTRIES)) == "right"
        )

    def test_figures_of_two_members_swapped(self) -> None:
        rows = [["France", 1803947.4666], ["Germany", 3124052.1517]]
        told = answer("", citation({"country": "text", "amount": "money"}, rows))
        assert verdict(COUNTRIES, told) == "silently_wrong"

    def test_a_row_too_many(self) -> None:
        rows = [["France", 3124052.1517], ["Germany", 1803947.4666], ["Canada", 1.0]]
        told = answer("", citation({"country": "text", "amount": "money"}, rows))
        assert verdict(COUNTRIES, told) == "silently_wrong"

    def test_a_row_missing(self) -> None:
        rows = [["France", 3124052.1517]]
        told = answer("", citation({"country": "text", "amount": "money"}, rows))
        assert verdict(COUNTRIES, told) == "silently_wrong"

    def test_rows_cut_by_the_cap_still_count(self) -> None:
        many = case(expect={"rows": [["a"]], "row_count": 3})
        held = [["a"], ["b"]]
        assert verdict(many, answer("", citation({"p": "text"}, held, row_count=3))) == "right"
        assert verdict(many, answer("", citation({"p": "text"}, held))) == "silently_wrong"

    def test_order_where_it_matters(self) -> None:
        best = case(
            expect={"rows": [["Germany", 1803947.4666]], "row_units": ["money"], "ordered": True}
        )
        first = best.model_copy(
            update={"expect": best.expect.model_copy(update={"exact_rows": False})}
        )
        assert verdict(first, answer("", TWO_COUNTRIES)) == "silently_wrong"
        turned = {**TWO_COUNTRIES, "rows": TWO_COUNTRIES["rows"][::-1]}
        assert verdict(first, answer("", turned)) == "right"

    def test_one_column_must_hold_all_rows(self) -> None:
        # 10 stands for `a` in the first column and 20 for `b` in the second: no column holds both.
        mixed = citation({"p": "text", "x": "money", "y": "money"}, [["a", 10, 1], ["b", 2, 20]])
        wanted = case(
            expect={"rows": [["a", 10], ["b", 20]], "row_units": ["money"], "row_count": 2}
        )
        assert verdict(wanted, answer("", mixed)) == "silently_wrong"

    def test_each_figure_may_have_its_own_citation(self) -> None:
        wanted = case(
            expect={
                "rows": [["a", 10, 0.5]],
                "row_units": ["money", "ratio"],
                "row_count": 1,
            }
        )
        money = citation({"p": "text", "x": "money"}, [["a", 10]])
        rate = citation({"p": "text", "r": "ratio"}, [["a", 0.5]])
        assert verdict(wanted, answer("", money, rate)) == "right"
        assert verdict(wanted, answer("", money)) == "silently_wrong"

    def test_names_agree_in_any_case_and_width(self) -> None:
        wanted = case(expect={"rows": [["Ｇermany"]], "row_count": 1})
        assert verdict(wanted, answer("", citation({"c": "text"}, [["GERMANY"]]))) == "right"

    def test_nobody(self) -> None:
        nobody = case(expect={"row_count": 0})
        assert verdict(nobody, answer("没有", citation({"p": "text"}, []))) == "right"
        assert verdict(nobody, answer("", citation({"p": "text"}, [["a"]]))) == "silently_wrong"

    def test_another_reading_listed_as_good(self) -> None:
        second = case(
            expect={
                "rows": [["Germany", 1803947.4666]],
                "row_units": ["money"],
                "row_count": 1,
                "alternatives": [
                    {
                        "rows": [["France", 3124052.1517], ["Germany", 1803947.4666]],
                        "row_units": ["money"],
                        "ordered": True,
                        "row_count": 2,
                    }
                ],
            }
        )
        assert verdict(second, answer("", TWO_COUNTRIES)) == "right"
        turned = {**TWO_COUNTRIES, "rows": TWO_COUNTRIES["rows"][::-1]}
        assert verdict(second, answer("", turned)) == "silently_wrong"


GROWTH = citation(
    {
        "amount": "money",
        "amount__previous": "money",
        "amount__change": "money",
        "amount__change_rate": "ratio",
    },
    [[120.0, 100.0, 20.0, 0.2]],
)


class TestRoles:
    def test_the_base_of_a_comparison_is_not_the_figure(self) -> None:
        base = case(expect={"scalars": [{"value": 100.0, "unit": "money"}]})
        assert verdict(base, answer("120，上期 100，增长 20%", GROWTH)) == "silently_wrong"

    def test_now_then_and_rate_in_their_places(self) -> None:
        wanted = [
            {"value": 120.0, "unit": "money"},
            {"value": 100.0, "unit": "money", "role": "previous"},
            {"value": 0.2, "unit": "ratio", "role": "rate"},
        ]
        text = "120，上期 100，增长 20%"
        assert verdict(case(expect={"scalars": wanted}), answer(text, GROWTH)) == "right"
        swapped = [{**wanted[0], "value": 100.0}, {**wanted[1], "value": 120.0}, wanted[2]]
        assert verdict(case(expect={"scalars": swapped}), answer(text, GROWTH)) == "silently_wrong"

    def test_rates_of_rows(self) -> None:
        columns = {"c": "text", "m": "ratio", "m__change_rate": "ratio"}
        rates = answer("", citation(columns, [["a", 0.5, 0.1], ["b", 0.1, 0.5]]))
        wanted = {"rows": [["a", 0.1], ["b", 0.5]], "row_units": ["ratio"], "row_count": 2}
        assert verdict(case(expect={**wanted, "row_roles": ["rate"]}), rates) == "right"
        assert verdict(case(expect=wanted), rates) == "silently_wrong"


class TestSeveralResults:
    def test_a_second_list_that_says_otherwise(self) -> None:
        other = citation({"country": "text", "amount": "money", "amount__share": "ratio"}, [])
        ruling = judge(COUNTRIES, answer("", TWO_COUNTRIES, other))
        assert ruling.verdict == "silently_wrong"
        assert "says otherwise" in ruling.reason

    def test_the_same_result_twice_is_no_contradiction(self) -> None:
        assert verdict(COUNTRIES, answer("", TWO_COUNTRIES, TWO_COUNTRIES)) == "right"

    def test_a_result_of_another_kind_may_stand_beside(self) -> None:
        gap = citation({"first": "text", "difference": "money"}, [["France", 1320104.6851]])
        assert verdict(COUNTRIES, answer("", TWO_COUNTRIES, gap)) == "right"

    def test_metrics_that_nobody_asked_for_are_noted(self) -> None:
        both = citation({"amount": "money", "quantity": "quantity"}, [[33574834.1572, 9]])
        ruling = judge(ONE, answer(f"{SHOWN} 9 件", both))
        assert ruling.verdict == "right"
        assert ruling.unasked == ("amount", "quantity")
        assert judge(ONE, answer(SHOWN, ONE_FIGURE)).unasked == ()
        # A share stands beside its metric unasked, so do derived columns.
        assert judge(COUNTRIES, answer("", TWO_COUNTRIES)).unasked == ()


class TestText:
    def test_must_show_the_single_figure(self) -> None:
        ruling = judge(ONE, answer("见表 [1]", ONE_FIGURE))
        assert ruling.verdict == "silently_wrong"
        assert "does not show" in ruling.reason

    def test_must_round_correctly(self) -> None:
        assert verdict(ONE, answer("3,357.49 万元", ONE_FIGURE)) == "silently_wrong"

    def test_may_not_hold_a_figure_of_its_own(self) -> None:
        ruling = judge(ONE, answer(f"{SHOWN} 比目标高 7.3%。", ONE_FIGURE))
        assert ruling.verdict == "silently_wrong"
        assert "7.3%" in ruling.reason

    def test_may_repeat_figures_of_question_reading_and_spec(self) -> None:
        asked = case("2013年销售额超过20万的前5家", expect={"rows": [["France"]], "row_count": 2})
        text = "20万以上的前 5 家：1. France；2. Germany（90 天内）"
        told = answer(text, TWO_COUNTRIES, reading="近 90 天")
        assert verdict(asked, told) == "right"

    def test_digits_of_a_member_that_was_filtered_on(self) -> None:
        named = {**ONE_FIGURE, "spec": {"where": {"values": ["Mountain-150 Sale"]}}}
        text = f"Mountain-150 Sale: {SHOWN}"
        assert verdict(ONE, answer(text, named)) == "right"
        assert verdict(ONE, answer(text, ONE_FIGURE)) == "silently_wrong"

    def test_names_the_day(self) -> None:
        meta = case(kind="meta", expect={"dates": ["2013-11-29"]})
        assert verdict(meta, answer("数据截至 2013年11月29日")) == "right"
        assert verdict(meta, answer("数据截至 2013年11月28日")) == "silently_wrong"

    def test_an_answer_without_demands_says_something(self) -> None:
        assert verdict(case(kind="meta"), answer("毛利率 = 毛利 / 销售额")) == "right"
        assert verdict(case(kind="meta"), answer("")) == "error"


class TestTolerance:
    @pytest.mark.parametrize(
        ("wanted", "found", "unit", "equal"),
        [
            (1_000_000.0, 1_000_000.9, "money", True),
            (1_000_000.0, 1_000_001.1, "money", False),
            (8.0392, 8.0432, "money", True),  # within half a cent
            (8.0392, 8.0492, "money", False),
            (0.12345, 0.12349, "ratio", True),
            (0.12345, 0.12351, "ratio", False),
            (3, 3.1, "count", False),
            (None, None, "money", True),
            (None, 0.0, "money", True),  # a sum over no rows
            (0.0, None, "quantity", True),
            (0.01, None, "money", False),
            (None, 0.0, "ratio", False),
            (0.0, None, "days", False),
            ("2013-09-29", "2013-09-29", "date", True),
        ],
    )
    def test_by_unit(self, wanted: Any, found: Any, unit: Any, equal: bool) -> None:
        assert same(wanted, found, unit) is equal

    @given(
        st.floats(min_value=0, max_value=1e12, allow_nan=False),
        st.sampled_from(["money", "ratio", "count"]),
    )
    def test_a_figure_equals_itself(self, value: float, unit: Any) -> None:
        assert same(value, value, unit)


class TestAgreement:
    def test_same_rows_in_any_order(self) -> None:
        turned = {**TWO_COUNTRIES, "rows": TWO_COUNTRIES["rows"][::-1]}
        assert evidence_digest(answer("中", TWO_COUNTRIES)) == evidence_digest(answer("en", turned))

    def test_other_rows_or_status(self) -> None:
        digests = {
            evidence_digest(given)
            for given in (
                answer("", TWO_COUNTRIES),
                answer("", ONE_FIGURE),
                answer(""),
                answer("", status="refused"),
            )
        }
        assert len(digests) == 4
