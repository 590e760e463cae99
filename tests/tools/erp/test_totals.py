"""Total rows."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from tools.erp.sheets import Frame
from tools.erp.totals import TOTAL_WORDS, totals_mask


def mask(
    *columns: list[Any], keys: tuple[int, ...] = (1,), words: tuple[str, ...] = TOTAL_WORDS
) -> list[bool]:
    arrays = tuple(pa.array(column, pa.string()) for column in columns)
    frame = Frame(arrays, pa.array(range(len(columns[0])), pa.int64()))
    return [bool(value) for value in totals_mask(frame, words, keys).to_pylist()]


class TestTotals:
    @pytest.mark.parametrize(
        "text",
        [
            "合计",
            "合 计",
            "合　计：",
            "小计:",
            "总计",
            "Total",
            "TOTAL",
            "Sub-total",
            "Grand Total",
            "华东小计",
            "East total",
        ],
    )
    def test_the_first_filled_cell_tells(self, text: str) -> None:
        assert mask([text, "P1"], [None, "P1"]) == [True, False]
        assert mask([None, "P1"], [text, "P1"], keys=(0,)) == [True, False]

    @pytest.mark.parametrize(
        "text", ["合计科技有限公司", "报表汇总", "Totalenergies", "小计划", "Subtotalia"]
    )
    def test_a_name_that_only_begins_so_is_none(self, text: str) -> None:
        assert mask([text], ["P1"]) == [False]

    def test_a_later_cell_tells_where_the_key_is_empty(self) -> None:
        assert mask(["华东", "华东"], [None, "P1"], ["小计", "Total"]) == [True, False]

    def test_a_key_that_is_such_a_word_tells(self) -> None:
        # partners known by their names: 华东 | 小计
        assert mask(["华东", "华东"], ["小计", "云帆"], keys=(1,)) == [True, False]

    def test_own_words(self) -> None:
        assert mask(["累计", "合计"], [None, None], words=("累计",)) == [True, False]

    def test_cells_of_mixed_kinds(self) -> None:
        frame = Frame((["合计", 12.0], [None, "P1"]), pa.array([1, 2], pa.int64()))
        assert totals_mask(frame, TOTAL_WORDS, (1,)).to_pylist() == [True, False]

    def test_numbers_alone_are_never_totals(self) -> None:
        frame = Frame((pa.array([1, 2]),), pa.array([1, 2], pa.int64()))
        assert totals_mask(frame, TOTAL_WORDS, ()).to_pylist() == [False, False]
