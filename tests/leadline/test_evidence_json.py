"""Evidence as JSON: what is read equals what was written."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given

from leadline.errors import IntegrityError
from leadline.evidence import BY_RULES, Answer, Figure, Planning, ToolResult
from leadline.evidence_json import dump_answer, dump_result, load_answer, load_result
from tests.leadline.evidence_samples import RESULT, answer, results


class TestRoundTrip:
    @given(results())
    def test_any_result_comes_back_equal(self, result: ToolResult) -> None:
        back = load_result(dump_result(result))
        assert back == result
        assert back.digest == result.digest
        # 1 == 1.0 == True, so the kinds are compared too
        assert [[type(v) for v in row] for row in back.rows] == [
            [type(v) for v in row] for row in result.rows
        ]

    @pytest.mark.parametrize(
        "given_answer",
        [
            answer(),
            replace(answer(), chart=None, citations=(), options=(), followups=()),
            replace(
                answer(),
                figures=(Figure(0, 3, 1, 0, "amount"), Figure(5, 6, 2)),
                planning=Planning(
                    "llm",
                    "timeout",
                    "超时",
                    "too slow",
                    "m",
                    "h",
                    3,
                    10,
                    4,
                    Decimal("0.0120"),
                    "USD",
                ),
            ),
            replace(answer(), status="refused", snapshot=None, as_of=None, text='引号" 换行\n'),
        ],
    )
    def test_an_answer_comes_back_equal(self, given_answer: Answer) -> None:
        assert load_answer(dump_answer(given_answer)) == given_answer

    def test_an_answer_of_the_time_of_one_planner_is_read(self) -> None:
        old = json.loads(dump_answer(answer()))
        del old["figures"], old["planning"]
        back = load_answer(json.dumps(old))
        assert (back.figures, back.planning) == ((), BY_RULES)
        assert back == answer()


class TestRefusals:
    def test_what_is_no_figure_is_not_written(self) -> None:
        with pytest.raises(ValueError, match="not JSON compliant"):
            dump_result(replace(RESULT, rows=((float("nan"), 1),)))

    @pytest.mark.parametrize("text", ["", "{}", "[]", '{"columns": 3}', dump_result(RESULT)[:-5]])
    def test_what_is_no_evidence_is_not_read(self, text: str) -> None:
        with pytest.raises(IntegrityError, match="stored tool result cannot be read"):
            load_result(text)
        with pytest.raises(IntegrityError, match="stored answer cannot be read"):
            load_answer(text)
