from __future__ import annotations

from dataclasses import replace
from math import comb
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.compare import Comparison, compare, contradiction, mcnemar
from evals.run import Result
from evals.scorers import Ruling
from leadline.errors import InputError
from tests.evals.answers import ONE_FIGURE, TWO_COUNTRIES, answer, case, citation

RIGHT = Ruling("right")
WRONG = Ruling("silently_wrong", "no citation holds 7")
REFUSED = Ruling("refused_instead", "wanted answered")


def result(number: int, ruling: Ruling = RIGHT, told: Any = None, **fields: Any) -> Result:
    given = case(id=f"x-{number}", question=f"q{number}", **fields)
    status = "refused" if ruling is REFUSED else "answered"
    text = told if told is not None else answer("t", ONE_FIGURE, status=status)
    return Result("channel", given, ruling, text, 10.0)


def spent(number: int, latency_ms: float, cost: str | None, currency: str = "USD") -> Result:
    planning = {
        "planner": "llm",
        "fallback": None,
        "model": "m",
        "prompt_hash": "p",
        "llm_calls": 1,
        "input_tokens": 100,
        "output_tokens": 10,
        "cost": cost,
        "currency": currency,
        "llm_ms": 5.0,
    }
    told = answer("t", ONE_FIGURE, planning=planning)
    return replace(result(number, told=told), latency_ms=latency_ms)


class TestFlips:
    def test_regressed_and_mended_with_both_sides(self) -> None:
        refusal = answer("不知道", status="refused")
        a = [result(1), result(2, WRONG), result(3)]
        b = [result(1, REFUSED, refusal), result(2), result(3)]
        found = compare(a, b)
        (lost,), (won,) = found.regressed, found.mended
        assert (lost.case_id, lost.verdict_b, lost.reason_b) == (
            "x-1",
            "refused_instead",
            "wanted answered",
        )
        assert (lost.text_a, lost.text_b) == ("t", "不知道")
        assert (won.case_id, won.verdict_a) == ("x-2", "silently_wrong")
        assert (found.a.right, found.b.right) == (2, 2)
        assert (found.a.silently_wrong, found.b.silently_wrong) == (1, 0)

    def test_right_means_right_each_time(self) -> None:
        again = replace(result(1, WRONG), attempt=2)
        found = compare([result(1), replace(result(1), attempt=2)], [result(1), again])
        assert [flip.reason_b for flip in found.regressed] == [WRONG.reason]
        assert found.cases == 1

    def test_by_group(self) -> None:
        a = [result(1, kind="top"), result(2, WRONG, kind="top"), result(3, kind="share")]
        b = [result(1, kind="top"), result(2, kind="top"), result(3, REFUSED, kind="share")]
        rates = {r.group: (r.cases, r.right_a, r.right_b) for r in compare(a, b).by_kind}
        assert rates == {"top": (2, 1, 2), "share": (1, 1, 0)}


class TestScope:
    def test_only_common_cases_count(self) -> None:
        found = compare([result(n) for n in (1, 2, 3)], [result(n, WRONG) for n in (3, 4)])
        assert (found.cases, found.only_a, found.only_b) == (1, 2, 1)
        assert [flip.case_id for flip in found.regressed] == ["x-3"]

    def test_the_same_id_of_another_set_is_another_case(self) -> None:
        other = replace(result(1), dataset="promoted")
        found = compare([result(1), result(2)], [other, result(2)])
        assert (found.cases, found.only_a, found.only_b) == (1, 1, 1)

    def test_nothing_in_common_is_refused(self) -> None:
        with pytest.raises(InputError, match=r"no case in common \(1 and 2 cases\)"):
            compare([result(1)], [result(2), result(3)])

    def test_cases_that_expect_something_else_are_told(self) -> None:
        changed = result(1, expect={"scalars": [{"value": 5, "unit": "count"}]})
        assert compare([result(1), result(2)], [changed, result(2)]).changed == ("x-1",)


class TestCostAndTime:
    def test_ratios_are_b_over_a(self) -> None:
        # medians 15 and 45; costs 0.003 and 0.0045
        a = [spent(1, 10, "0.001"), spent(2, 20, "0.002")]
        b = [spent(1, 40, "0.0025"), spent(2, 50, "0.002")]
        found = compare(a, b)
        assert found.latency_ratio == 3.0
        assert found.cost_ratio == pytest.approx(1.5)
        assert (str(found.b.cost), found.b.currency, found.b.tokens) == ("0.0045", "USD", 220)

    @pytest.mark.parametrize(
        "other", [spent(1, 10, None), spent(1, 10, "1", "CNY"), spent(1, 10, "0")]
    )
    def test_costs_that_cannot_be_compared_have_no_ratio(self, other: Result) -> None:
        assert compare([other], [spent(1, 10, "0.001")]).cost_ratio is None


class TestMcNemar:
    @pytest.mark.parametrize(
        ("lost", "won", "p"),
        [
            (0, 0, 1.0),
            (1, 1, 1.0),
            (3, 3, 1.0),
            (0, 5, 2 / 2**5),
            (1, 7, 2 * (1 + 8) / 2**8),
            (2, 10, 2 * (1 + 12 + 66) / 2**12),
        ],
    )
    def test_by_hand(self, lost: int, won: int, p: float) -> None:
        assert mcnemar(lost, won) == pytest.approx(p)
        assert mcnemar(won, lost) == mcnemar(lost, won)

    @given(st.integers(0, 60), st.integers(0, 60))
    def test_is_the_sum_of_all_outcomes_no_likelier(self, lost: int, won: int) -> None:
        flips, seen = lost + won, comb(lost + won, lost)
        likely = sum(c for k in range(flips + 1) if (c := comb(flips, k)) <= seen)
        assert mcnemar(lost, won) == pytest.approx(min(1.0, likely / 2**flips))


def table(columns: dict[str, str], *rows: list[object], row_count: int | None = None) -> Any:
    return citation(columns, rows, row_count=row_count)


AMOUNT = {"partner": "text", "amount": "money"}
A1, B2 = ["A", 1.0], ["B", 2.0]


class TestContradiction:
    def test_none_where_figures_agree(self) -> None:
        a = answer("", table(AMOUNT, A1, B2))
        assert contradiction(a, answer("", table(AMOUNT, B2, A1))) is None

    def test_further_columns_and_results_contradict_nothing(self) -> None:
        wide = {"partner": "text", "amount__share": "ratio", "amount": "money"}
        a = answer("", table(AMOUNT, A1, B2))
        b = answer("", ONE_FIGURE, table(wide, ["A", 0.3, 1.0], ["B", 0.7, 2.0]))
        assert contradiction(a, b) is None
        assert contradiction(b, a) is None

    @pytest.mark.parametrize(
        "other",
        [
            table(AMOUNT, A1, ["B", 2.01]),
            table(AMOUNT, A1, ["C", 2.0]),
            table(AMOUNT, A1),
            table(AMOUNT, A1, B2, row_count=3),
            table({"partner": "text", "orders": "count"}, ["A", 1], ["B", 2]),
            table({"partner": "text"}, ["A"], ["B"]),
        ],
        ids=["figure", "member", "fewer", "more", "metric", "no figure"],
    )
    def test_another_figure_member_count_or_metric(self, other: Any) -> None:
        told = contradiction(answer("", table(AMOUNT, A1, B2)), answer("", other))
        assert told is not None

    def test_nothing_cited_on_one_side(self) -> None:
        assert contradiction(answer(""), answer("", TWO_COUNTRIES)) == "one of them cites nothing"
        assert contradiction(answer(""), answer("")) is None

    def test_noise_of_adding_up_is_no_difference(self) -> None:
        a = answer("", table(AMOUNT, ["A", 0.1 + 0.2]))
        assert contradiction(a, answer("", table(AMOUNT, ["A", 0.3]))) is None


class TestFigures:
    def compared(self, b: Any) -> Comparison:
        return compare([result(1, told=answer("A 1", table(AMOUNT, A1)))], [result(1, told=b)])

    def test_a_difference_shows_both_texts(self) -> None:
        (found,) = self.compared(answer("A 7", table(AMOUNT, ["A", 7.0]))).differing
        assert (found.case_id, found.text_a, found.text_b) == ("x-1", "A 1", "A 7")
        assert "amount" in found.what

    def test_only_cases_that_both_answered_are_held_to_it(self) -> None:
        found = self.compared(answer("?", status="clarify"))
        assert (found.both_answered, found.differing) == (0, ())
        assert self.compared(answer("A 1", table(AMOUNT, A1))).both_answered == 1
