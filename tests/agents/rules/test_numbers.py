"""Numbers as people write them, in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.rules.numbers import han_number, number_at, small_count

DIGITS = "零一二三四五六七八九"


def han(value: int) -> str:
    """A whole number below ten thousand as a Chinese numeral (1050 → 一千零五十)."""
    if value == 0:
        return "零"
    text, gap = "", False
    for scale, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, scale)
        if digit:
            text += ("零" if gap else "") + DIGITS[digit] + word
            gap = False
        else:
            gap = bool(text)
    return text


class TestAmounts:
    @pytest.mark.parametrize(
        ("typed", "value"),
        [
            ("7", 7),
            ("1,234.5", 1234.5),
            ("1,234,567", 1_234_567),
            ("100000", 100_000),
            ("3万", 30_000),
            ("3.5万", 35_000),
            ("50万元", 500_000),
            ("1亿", 100_000_000),
            ("2百万", 2_000_000),
            ("5千万", 50_000_000),
            ("一亿两千万", 120_000_000),
            ("十万", 100_000),
            ("二十", 20),
            ("两百五十", 250),
            ("一千零五", 1005),
            ("二〇一三", 2013),
            ("2k", 2_000),
            ("1.5 million", 1_500_000),
            ("$1.5m", 1_500_000),
            ("2 bn", 2_000_000_000),
            ("five", 5),
            ("twelve", 12),
            ("two hundred", 200),
            ("three million", 3_000_000),
            ("a million", 1_000_000),
            ("half a million", 500_000),
            ("-5", -5),
        ],
    )
    def test_value(self, typed: str, value: float) -> None:
        number = number_at(typed, 0)
        assert number is not None
        assert number.value == pytest.approx(value)
        assert number.end == len(typed)
        assert not number.percent

    @pytest.mark.parametrize("typed", ["50万元", "$20", "¥300", "100 dollars", "20美元", "rmb 5"])
    def test_a_currency_makes_it_money(self, typed: str) -> None:
        number = number_at(typed, 0)
        assert number is not None
        assert number.money

    def test_a_plain_number_is_neither_money_nor_scaled(self) -> None:
        number = number_at("20", 0)
        assert number is not None
        assert (number.money, number.scaled) == (False, False)

    @pytest.mark.parametrize("typed", ["3万", "2k", "five million", "20%", "$5"])
    def test_scale_sign_and_currency_are_noted(self, typed: str) -> None:
        number = number_at(typed, 0)
        assert number is not None
        assert number.scaled


class TestShares:
    @pytest.mark.parametrize(
        ("typed", "fraction"),
        [
            ("20%", 0.2),
            ("20 %", 0.2),
            ("百分之二十", 0.2),
            ("百分之5", 0.05),
            ("三成", 0.3),
            ("12.5 percent", 0.125),
            ("5个百分点", 0.05),
            ("-10%", -0.1),
        ],
    )
    def test_percentages_are_fractions(self, typed: str, fraction: float) -> None:
        number = number_at(typed, 0)
        assert number is not None
        assert number.percent
        assert number.value == pytest.approx(fraction)

    def test_a_tenth_is_not_the_first_character_of_a_deal(self) -> None:
        number = number_at("三成交", 0)
        assert number is not None
        assert not number.percent


class TestWhereNoNumberIs:
    @pytest.mark.parametrize("typed", ["", "销售额", "partner", "万", "onetime", "%"])
    def test_none(self, typed: str) -> None:
        assert number_at(typed, 0) is None

    def test_a_letter_is_no_scale_inside_a_word(self) -> None:
        number = number_at("5 months", 0)
        assert number is not None
        assert number.value == 5
        assert not number.scaled

    def test_begins_where_it_was_told(self) -> None:
        number = number_at("超过3万", 2)
        assert number is not None
        assert (number.value, number.end) == (30_000, 4)


class TestChineseNumerals:
    @given(st.integers(min_value=0, max_value=9_999))
    def test_every_numeral_reads_back(self, value: int) -> None:
        assert han_number(han(value)) == value

    @given(st.integers(1, 9_999), st.integers(1, 9_999))
    def test_ten_thousands_add_up(self, high: int, low: int) -> None:
        assert han_number(f"{han(high)}万{han(low)}") == high * 10_000 + low

    @pytest.mark.parametrize("typed", ["", "万", "甲", "三甲"])
    def test_what_is_none(self, typed: str) -> None:
        assert han_number(typed) is None


class TestSmallCounts:
    @pytest.mark.parametrize(
        ("typed", "value"),
        [
            ("5", 5),
            ("十", 10),
            ("十五", 15),
            ("两", 2),
            ("ten", 10),
            ("twenty", 20),
            ("many", None),
        ],
    )
    def test_value(self, typed: str, value: int | None) -> None:
        assert small_count(typed) == value
