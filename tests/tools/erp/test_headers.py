"""Headers: which rows they are, what columns are called, which unit they name."""

from __future__ import annotations

import pytest

from tools.erp.headers import (
    Header,
    candidates,
    find_header,
    fixed_header,
    folded,
    letters,
    plain_headers,
    unit_in,
)

TWO_ROWS = [
    ["渠道伙伴清单", None, None, None, None],
    ["制表：渠道部", None, None, None, "单位：万元"],
    ["编码", "名称", "2025年", None, "电话"],
    [None, None, "营业额", "毛利", None],
    ["P1", "云帆", "12", "3", "021"],
    ["P2", "云舟", "15", "4", "022"],
]
MERGES = [((0, 0), (0, 4)), ((2, 0), (3, 0)), ((2, 1), (3, 1)), ((2, 2), (2, 3)), ((2, 4), (3, 4))]


def texts(headers: tuple[Header, ...]) -> list[str]:
    return [header.text for header in headers]


class TestFindingTheHeader:
    def test_two_rows_with_merged_cells_below_a_title(self) -> None:
        block, hits = find_header(TWO_ROWS, ["编码", "名称", "营业额"], MERGES)
        assert block is not None
        assert hits == 3
        assert block.last_row == 3
        assert texts(block.headers) == ["编码", "名称", "2025年 营业额", "2025年 毛利", "电话"]
        assert block.unit == "万元"

    def test_the_lower_row_belongs_to_it_although_no_name_asks_for_it(self) -> None:
        # 编码 and 名称 are merged over both rows, so data starts below the second
        block, _ = find_header(TWO_ROWS, ["编码", "名称"], MERGES)
        assert block is not None
        assert block.last_row == 3

    def test_without_merge_information_texts_reach_to_the_right(self) -> None:
        block, _ = find_header(TWO_ROWS, ["编码", "营业额", "毛利"])
        assert block is not None
        assert texts(block.headers)[2:4] == ["2025年 营业额", "2025年 毛利"]

    def test_one_row(self) -> None:
        block, hits = find_header([["a", "b"], ["1", "2"]], ["b", "a"])
        assert block is not None
        assert (block.last_row, hits) == (0, 2)

    def test_data_that_repeats_a_heading_is_no_header(self) -> None:
        block, _ = find_header(
            [["类型", "名称"], ["类型", "云帆"], ["x", "名称"]], ["类型", "名称"]
        )
        assert block is not None
        assert block.last_row == 0

    def test_none_of_the_names_is_there(self) -> None:
        assert find_header([["a"], ["b"]], ["c"]) == (None, 0)

    def test_where_no_column_is_asked_for_the_first_row_counts(self) -> None:
        block, hits = find_header([["a"], ["b"]], [])
        assert block is not None
        assert (block.last_row, hits) == (0, 0)

    def test_rows_to_skip_are_not_looked_at(self) -> None:
        rows = [["a", "b"], ["x", "y"], ["a", "b"], ["1", "2"]]
        block, _ = find_header(rows, ["a", "b"], skip_rows=1)
        assert block is not None
        assert block.last_row == 2

    def test_a_given_header_is_taken_as_it_is(self) -> None:
        block = fixed_header(TWO_ROWS, [2, 3], MERGES)
        assert block.last_row == 3
        assert texts(block.headers)[2] == "2025年 营业额"


class TestNames:
    HEADERS = (
        Header(0, "伙伴编码", "伙伴编码"),
        Header(1, "2024年 销售额（万元）", "销售额（万元）", "万元"),
        Header(2, "2025年 销售额（万元）", "销售额（万元）", "万元"),
        Header(3, "Order No.*", "Order No.*"),
        Header(4, "毛利(元)", "毛利(元)", "元"),
    )

    @pytest.mark.parametrize(
        ("name", "positions"),
        [
            ("伙伴编码", [0]),
            ("2025年 销售额（万元）", [2]),
            ("2025年销售额(万元)", [2]),
            ("2025年 销售额", [2]),
            ("销售额（万元）", [1, 2]),
            ("销售额", [1, 2]),
            ("order no.", [3]),
            ("毛利", [4]),
            ("利润", []),
        ],
    )
    def test_what_a_name_may_mean(self, name: str, positions: list[int]) -> None:
        assert [header.index for header in candidates(self.HEADERS, name)] == positions

    def test_an_exact_heading_wins_over_one_without_its_unit(self) -> None:
        headers = plain_headers(["金额（万元）", "金额"])
        assert [header.index for header in candidates(headers, "金额")] == [1]

    def test_width_case_blanks_and_stars_do_not_count(self) -> None:
        assert folded(" Ｏｒｄｅｒ\nNo* ") == folded("orderno")


class TestUnits:
    @pytest.mark.parametrize(
        ("text", "unit"),
        [
            ("营业额（万元）", "万元"),
            ("营业额(亿元)", "亿元"),
            ("金额（单位：千元）", "千元"),
            ("金额（人民币元）", "元"),
            ("2025年（万元） 毛利", "万元"),
            ("2025年（万元） 毛利（元）", "元"),
            ("销售额_万元", "万元"),
            ("单元", None),
            ("万元户", None),
            ("数量（套）", None),
        ],
    )
    def test_in_a_heading(self, text: str, unit: str | None) -> None:
        assert unit_in(text) == unit


@pytest.mark.parametrize(("index", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (702, "AAA")])
def test_letters(index: int, name: str) -> None:
    assert letters(index) == name
