from __future__ import annotations

from typing import Any

import pytest

from evals.citing import Citing, citing
from tests.evals.answers import answer, case, citation

ROWS = citation(
    {"partner": "text", "amount": "money", "last_order_date": "date"},
    [["恒信", 123456.0, "2025-10-03"], ["南粤", None, None]],
)


def told(text: str, *parts: tuple[str, int | None, str | None], **fields: Any) -> Any:
    """An answer over `ROWS`; each part is a piece of the text, its row and its column."""
    figures = [
        {
            "start": text.index(part),
            "end": text.index(part) + len(part),
            "citation": 1,
            "row": row,
            "column": column,
        }
        for part, row, column in parts
    ]
    return answer(text, {**ROWS, "number": 1}, figures=figures, **fields)


class TestRecall:
    def test_figures_in_filled_ranges_are_cited(self) -> None:
        found = citing(case(), told("恒信 12.35万元", ("12.35万元", 0, "amount")))
        assert (found.shown, found.uncited, found.recall) == (1, 0, 1.0)

    def test_others_are_not(self) -> None:
        text = "恒信 12.35万元，占 45.5%"
        found = citing(case(), told(text, ("12.35万元", 0, "amount")))
        assert (found.shown, found.uncited, found.recall) == (2, 1, 0.5)

    def test_what_was_asked_and_row_counts_say_nothing_new(self) -> None:
        found = citing(case("超过 10 万元的"), told("超过 10 万元的共 2 个"))
        assert (found.shown, found.recall) == (0, None)


class TestPrecision:
    @pytest.mark.parametrize(
        ("text", "part", "row", "column", "held"),
        [
            ("恒信 12.35万元", "12.35万元", 0, "amount", 1),
            ("恒信 12.36万元", "12.36万元", 0, "amount", 0),
            ("恒信 12.35万元", "恒信", 0, "partner", 1),
            ("恒信 12.35万元", "恒信", 1, "partner", 0),
            ("在 2025年10月3日", "2025年10月3日", 0, "last_order_date", 1),
            ("在 2025年10月4日", "2025年10月4日", 0, "last_order_date", 0),
            ("南粤 无数据", "无数据", 1, "amount", 1),
            ("南粤 0 元", "0 元", 1, "amount", 0),
        ],
    )
    def test_a_range_shows_its_cell(
        self, text: str, part: str, row: int, column: str, held: int
    ) -> None:
        found = citing(case(), told(text, (part, row, column)))
        assert (found.bound, found.held) == (1, held)

    def test_ranges_of_a_whole_result_have_no_cell(self) -> None:
        found = citing(case(), told("共 2 个", ("2", None, None)))
        assert (found.bound, found.precision) == (0, None)


class TestAdding:
    def test_counts_add_up(self) -> None:
        total = Citing(4, 1, 3, 3) + Citing(4, 1, 5, 3)
        assert total == Citing(8, 2, 8, 6)
        assert (total.recall, total.precision) == (0.75, 0.75)

    def test_old_answers_name_no_ranges(self) -> None:
        assert citing(case(), answer("12.35万元", ROWS)) == Citing(1, 1, 0, 0)
