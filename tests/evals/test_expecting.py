"""An accepted answer meets the case that is made of it, and another figure does not."""

from __future__ import annotations

from typing import Any

import pytest

from evals.cases import ROWS_KEPT, Case, Expect, GoldScalar
from evals.expecting import expect_of
from evals.scorers import judge
from leadline.errors import InputError
from tests.evals.answers import ONE_FIGURE, answer, citation

GROWTH = citation(
    {"amount": "money", "amount__previous": "money", "amount__change_rate": "ratio"},
    [[220000.0, 180000.0, 0.2222222]],
)
PARTNERS = citation(
    {"partner": "text", "amount": "money", "last_order_date": "date"},
    [["恒信", 420000.0, "2025-10-03"], ["南粤", 190000.0, "2025-11-05"]],
)


def as_case(given: Any) -> Case:
    return Case(
        id="x", kind="promoted", lang="zh", question="2013年销售额", expect=expect_of(given)
    )


def listing(rows: list[list[Any]], **spec: Any) -> Any:
    return {**citation({"partner": "text", "amount": "money"}, rows), "spec": spec}


class TestFigures:
    def test_single_figures_are_those_that_the_text_shows(self) -> None:
        expect = expect_of(answer("22.00万元（增长 22.22%）", GROWTH))
        assert expect.scalars == (
            GoldScalar(value=220000.0, unit="money"),
            GoldScalar(value=0.2222222, unit="ratio", role="rate"),
        )

    def test_where_ranges_are_named_they_say_what_is_shown(self) -> None:
        span = {"start": 0, "end": 7, "citation": 1, "row": 0, "column": "amount"}
        given = answer("22.00万元（增长 22.22%）", {**GROWTH, "number": 1}, figures=[span])
        assert expect_of(given).scalars == (GoldScalar(value=220000.0, unit="money"),)

    def test_no_row_is_an_answer_too(self) -> None:
        assert expect_of(answer("没有这样的伙伴", listing([]))).row_count == 0

    def test_an_unknown_figure_is_wanted_too(self) -> None:
        nothing = citation({"win_rate": "ratio"}, [[None]])
        assert expect_of(answer("没有数据", nothing)).scalars == (
            GoldScalar(value=None, unit="ratio"),
        )

    def test_rows_have_labels_first(self) -> None:
        turned = citation({"orders": "count", "partner": "text"}, [[3, "恒信"]])
        expect = expect_of(answer("恒信：3", turned))
        assert (expect.rows, expect.row_units) == ((("恒信", 3),), ("count",))
        assert expect_of(answer("", PARTNERS)).row_units == ("money", "date")

    def test_an_order_that_was_asked_for_counts(self) -> None:
        rows = [["恒信", 2.0], ["南粤", 1.0]]
        ordered = listing(rows, order=[{"by": "amount", "direction": "desc"}])
        assert expect_of(answer("", ordered)).ordered is True
        assert expect_of(answer("", listing(rows, order=[]))).ordered is False

    def test_a_long_list_keeps_its_head_and_its_length(self) -> None:
        rows = [[f"P{n}", float(n)] for n in range(ROWS_KEPT + 5)]
        expect = expect_of(answer("", listing(rows)))
        assert (len(expect.rows), expect.row_count) == (ROWS_KEPT, ROWS_KEPT + 5)

    def test_a_nameless_row_ends_what_can_be_asked_for(self) -> None:
        expect = expect_of(answer("", listing([["恒信", 3.0], [None, 2.0], ["南粤", 1.0]])))
        assert (expect.rows, expect.row_count) == ((("恒信", 3.0),), 3)

    def test_further_results_are_wanted_as_well(self) -> None:
        expect = expect_of(answer("42.00万元 3,357.48万元", PARTNERS, ONE_FIGURE))
        assert len(expect.rows) == 2
        (further,) = expect.further
        assert further.scalars == (GoldScalar(value=33574834.1572, unit="money"),)


class TestOtherStatuses:
    def test_a_question_back_keeps_its_options(self) -> None:
        options = [{"label": "按月", "question": "各月销售额"}]
        expect = expect_of(answer("想看什么？", status="clarify", options=options))
        assert expect == Expect(status="clarify", options=("按月",))

    def test_a_refusal_is_one(self) -> None:
        assert expect_of(answer("无法回答", status="refused")) == Expect(status="refused")

    def test_an_error_is_no_case(self) -> None:
        with pytest.raises(InputError, match="status 'error'"):
            expect_of(answer("", status="error"))


class TestRoundTrip:
    GIVEN = (
        answer("22.00万元（增长 22.22%）", GROWTH),
        answer("恒信 42.00万元 南粤 19.00万元", PARTNERS),
        answer("没有这样的伙伴", listing([])),
        answer("恒信 42.00万元 南粤 19.00万元，合计 3,357.48万元", PARTNERS, ONE_FIGURE),
        answer("?", status="clarify", options=[{"label": "按月", "question": "各月销售额"}]),
        answer("无法回答", status="refused"),
    )

    @pytest.mark.parametrize("given", GIVEN, ids=range(len(GIVEN)))
    def test_the_answer_is_right(self, given: Any) -> None:
        assert judge(as_case(given), given).verdict == "right"

    def test_another_figure_is_not(self) -> None:
        accepted = as_case(answer("恒信 42.00万元，合计 3,357.48万元", PARTNERS, ONE_FIGURE))
        other = citation({"amount": "money"}, [[33574900.0]])
        found = judge(accepted, answer("恒信 42.00万元，合计 3,357.48万元", PARTNERS, other))
        assert found.verdict == "silently_wrong"
        assert "33574834.1572" in found.reason

    def test_a_result_that_is_gone_is_missed(self) -> None:
        accepted = as_case(answer("恒信 42.00万元，合计 3,357.48万元", PARTNERS, ONE_FIGURE))
        found = judge(accepted, answer("恒信 42.00万元", PARTNERS))
        assert found.verdict == "silently_wrong"
