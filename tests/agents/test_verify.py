"""The verifier rejects what no evidence holds, whoever wrote it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.slots import cell, render, whole
from agents.verify import verify
from leadline.errors import EvidenceError
from leadline.types import Language
from tests.agents.evidence import COLUMNS, ROWS, citation

ZH, EN = Language.ZH, Language.EN
AMOUNT = cell(1, 0, "amount")
CHANGE = cell(1, 0, "amount__change", "size")
GROWN = cell(1, 0, "amount__change", "direction")


def held(template: str, language: Language = ZH, text: str | None = None) -> None:
    """Verify a template with its own rendering, or with another text."""
    citations = (citation(),)
    verify(
        template,
        render(template, citations, language)[0] if text is None else text,
        citations,
        language,
    )


class TestHolds:
    @pytest.mark.parametrize(
        ("template", "language"),
        [
            (f"{whole(1, 'time')}华东销售额为 {AMOUNT}，比上年同期{GROWN} {CHANGE} [1]。", ZH),
            (f"Sales in {cell(1, 0, 'region')} are {AMOUNT}, {GROWN} {CHANGE} [1].", EN),
            (f"按大区，共 {whole(1, 'row_count')} 行 [1]", ZH),
            ("没有符合条件的记录 [1]。", ZH),
        ],
    )
    def test_figures_from_slots(self, template: str, language: Language) -> None:
        held(template, language)

    def test_filled_slots_are_returned_for_the_trace(self) -> None:
        template = f"{AMOUNT} [1]"
        citations = (citation(),)
        slots = verify(template, render(template, citations, ZH)[0], citations, ZH)
        assert [slot.text for slot in slots] == ["32.00万元"]


class TestInventedFigures:
    @pytest.mark.parametrize(
        "words",
        [
            "销售额 7 万元",
            "共 320000 元",
            "增加了３成",  # full-width digit
            "三十二万元",
            "两亿",
            "约五成",
            "翻了三倍",
            "百分之二十",
            "三家伙伴",
            "五个大区",
            "九十天",
            "十二单",
            "two million",
            "twenty partners",
            "half of it",
            "twice as much",
            "five percent",
            "a dozen",
            "thirteen",
            "sixty days",
            "2025 年",  # a year is a figure too: it comes from {{c1.time}}
            "Q3",
        ],
    )
    def test_digits_and_number_words(self, words: str) -> None:
        with pytest.raises(EvidenceError, match="without evidence"):
            held(f"{words}，{AMOUNT} [1]")

    @pytest.mark.parametrize("words", ["%", "％", "$", "€", "¥", "￥", "‰"])
    def test_unit_signs(self, words: str) -> None:
        with pytest.raises(EvidenceError, match="unit sign"):
            held(f"{AMOUNT}{words} [1]")

    @given(st.integers(0, 10**9), st.sampled_from(["", "万", "%", " yuan"]))
    def test_any_number(self, value: int, unit: str) -> None:
        with pytest.raises(EvidenceError):
            held(f"合计 {value}{unit}，{AMOUNT} [1]")

    @given(st.integers(0, 60))
    def test_at_any_place(self, at: int) -> None:
        sentence = f"销售额为 {AMOUNT}，在{cell(1, 0, 'region')} [1]。"
        place = min(at, len(sentence))
        spoilt = f"{sentence[:place]}7{sentence[place:]}"
        with pytest.raises(EvidenceError):
            held(spoilt)


class TestDirections:
    @pytest.mark.parametrize(
        "words",
        ["增长", "上升", "提升", "下降", "下滑", "减少", "持平", "翻倍"],
    )
    def test_chinese_words_outside_slots(self, words: str) -> None:
        with pytest.raises(EvidenceError, match="direction word"):
            held(f"销售额{words}到 {AMOUNT} [1]。")

    @pytest.mark.parametrize(
        "words",
        [
            "rose",
            "grew",
            "growth",
            "increased",
            "up",
            "fell",
            "declined",
            "dropped",
            "down",
            "shrank",
            "doubled",
        ],
    )
    def test_english_words_outside_slots(self, words: str) -> None:
        with pytest.raises(EvidenceError, match="direction word"):
            held(f"Sales {words} to {AMOUNT} [1].", EN)

    @pytest.mark.parametrize("words", ["update", "download", "Upper Bavaria"])
    def test_only_as_words_of_their_own(self, words: str) -> None:
        held(f"{words}: {AMOUNT} [1].", EN)


class TestCitations:
    def test_a_forged_number(self) -> None:
        with pytest.raises(EvidenceError, match="do not exist"):
            held(f"{AMOUNT} [1] [2]")

    def test_a_figure_without_its_mark(self) -> None:
        with pytest.raises(EvidenceError, match="without a citation mark"):
            held(f"{AMOUNT}。")

    def test_a_figure_under_anothers_mark(self) -> None:
        template = f"{cell(2, 0, 'amount')} [1]"
        citations = (citation(1), citation(2))
        with pytest.raises(EvidenceError, match="without a citation mark"):
            verify(template, render(template, citations, ZH)[0], citations, ZH)


class TestSlots:
    @pytest.mark.parametrize(
        "slot",
        [
            cell(1, 7, "amount"),
            cell(1, 0, "profit"),
            cell(3, 0, "amount"),
            cell(1, 0, "amount", "wan"),
        ],
    )
    def test_naming_what_is_not_there(self, slot: str) -> None:
        with pytest.raises(EvidenceError):
            verify(f"{slot} [1]", "32.00万元 [1]", (citation(),), ZH)

    @pytest.mark.parametrize("form", ["size", "direction"])
    def test_a_format_for_changes_on_what_is_none(self, form: str) -> None:
        # |size would strip the sign of a loss; |direction would call a level a growth
        with pytest.raises(EvidenceError, match="sign"):
            held(f"{cell(1, 0, 'amount', form)} [1]")

    def test_a_format_on_the_whole(self) -> None:
        template = "{{c1.row_count|size}} [1]"
        with pytest.raises(EvidenceError, match="no format"):
            verify(template, "2 [1]", (citation(),), ZH)

    @pytest.mark.parametrize("column", [c.name for c in COLUMNS if "__change" in c.name])
    @pytest.mark.parametrize("row", range(len(ROWS)))
    def test_changes_may_be_split_into_word_and_size(self, row: int, column: str) -> None:
        held(f"{cell(1, row, column, 'direction')} {cell(1, row, column, 'size')} [1]")


class TestTheText:
    @pytest.mark.parametrize(
        "text",
        [
            "销售额为 33.00万元 [1]。",
            "销售额为 32.00万元 [1]",
            "销售额为 32.00 万元 [1]。",
            "",
            "销售额为 32.00万元，很好 [1]。",
        ],
    )
    def test_that_differs_from_its_evidence(self, text: str) -> None:
        with pytest.raises(EvidenceError, match="not what its evidence"):
            held(f"销售额为 {AMOUNT} [1]。", text=text)

    def test_in_another_language_than_rendered(self) -> None:
        template = f"{AMOUNT} [1]"
        text = render(template, (citation(),), ZH)[0]
        with pytest.raises(EvidenceError):
            verify(template, text, (citation(),), EN)

    @given(st.data())
    def test_any_single_change_of_a_character(self, data: st.DataObject) -> None:
        template = f"{cell(1, 0, 'region')}销售额 {AMOUNT}，{GROWN} {CHANGE} [1]。"
        text = render(template, (citation(),), ZH)[0]
        at = data.draw(st.integers(0, len(text) - 1))
        other = data.draw(st.sampled_from([c for c in "0123456789万亿%增降" if c != text[at]]))
        with pytest.raises(EvidenceError):
            held(template, text=f"{text[:at]}{other}{text[at + 1 :]}")
