"""Folding: spellings that look different to a machine and alike to a person become one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.rules.text import fold, is_han, is_word_char, language_of
from leadline.types import Language


class TestFold:
    @pytest.mark.parametrize(
        ("typed", "folded"),
        [
            ("Ｔｏｐ１０　伙伴", "top10伙伴"),  # full width, ideographic space
            ("TOP 10 Partners", "top 10 partners"),
            ("銷售額", "销售额"),  # Traditional script
            ("華東的營業額", "华东的营业额"),
            ("“华东”", '"华东"'),
            ("Partner’s", "partner's"),
            ("2012—2013", "2012-2013"),
            ("2012–2013", "2012-2013"),
            ("  a \t b\n", "a b"),
            ("华东 大区", "华东大区"),  # a space between Chinese words separates nothing
            ("近 30 天", "近30天"),
            ("前 10 名", "前10名"),
            ("Straße", "strasse"),
            ("", ""),
        ],
    )
    def test_habits_of_writing(self, typed: str, folded: str) -> None:
        assert fold(typed) == folded

    def test_a_space_between_latin_words_stays(self) -> None:
        assert fold("Edge  Box") == "edge box"

    def test_a_space_between_chinese_and_latin_stays_a_boundary(self) -> None:
        assert fold("华东 sales") == "华东 sales"

    @given(st.text(alphabet="aZé 1２％（）“”—～·、，銷华東ＴＯＰ\u3000\t", max_size=40))
    def test_folding_again_changes_nothing(self, typed: str) -> None:
        once = fold(typed)
        assert fold(once) == once

    @given(st.text(alphabet="abcXYZ 012销售额華東", max_size=20))
    def test_case_never_matters(self, typed: str) -> None:
        assert fold(typed.upper()) == fold(typed.lower())


class TestLanguage:
    @pytest.mark.parametrize("typed", ["销售额", "H1渠道top5 YoY怎么样", "show me 销售额"])
    def test_chinese_words_are_answered_in_chinese(self, typed: str) -> None:
        assert language_of(typed) is Language.ZH

    @pytest.mark.parametrize("typed", ["sales", "YTD?", "", "123", "Café"])
    def test_all_else_in_english(self, typed: str) -> None:
        assert language_of(typed) is Language.EN


class TestCharacters:
    def test_ideographs(self) -> None:
        assert is_han("销")
        assert not is_han("a")
        assert not is_han("，")

    @pytest.mark.parametrize(
        ("char", "expected"), [("a", True), ("9", True), ("销", False), (" ", False), ("-", False)]
    )
    def test_word_characters_are_latin_letters_and_digits(self, char: str, expected: bool) -> None:
        assert is_word_char(char) is expected
