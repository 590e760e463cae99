"""Matching: every meaning that a text holds, and the best cover of it. Today is 2025-11-20."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.rules.context import PlannerContext
from agents.rules.text import fold
from agents.rules.time_rules import Calendar
from agents.rules.tokens import Cover, Threshold, cover, duration_at, threshold_at

CALENDAR = Calendar(date(2025, 11, 20))
Covering: TypeAlias = Callable[[str], Cover]


@pytest.fixture(scope="module")
def covered(context: PlannerContext) -> Covering:
    """The cover of a text by the channel's words."""
    return lambda typed: cover(fold(typed), context.lexicon, CALENDAR)


def meanings(found: Cover) -> list[tuple[str, str]]:
    """(text, first meaning) of the tokens that are words of the channel."""
    return [
        (t.text, t.entries[0].label or t.entries[0].name)
        for t in found.tokens
        if t.kind == "lexicon"
    ]


def bound(typed: str) -> Threshold:
    text = fold(typed)
    found = threshold_at(text, 0)
    assert found is not None, typed
    assert found[1] == len(text), f"{typed}: only {text[: found[1]]!r} was read"
    return found[0]


class TestLongestMatch:
    def test_a_longer_word_wins_over_the_shorter_in_it(self, covered: Covering) -> None:
        assert meanings(covered("毛利率")) == [("毛利率", "gross_margin_rate")]
        assert meanings(covered("gross margin rate")) == [
            ("gross margin rate", "gross_margin_rate")
        ]

    def test_words_run_together_are_told_apart(self, covered: Covering) -> None:
        assert meanings(covered("华东大区财务云销售额")) == [
            ("华东", "华东"),
            ("大区", "region"),
            ("财务云", "财务云"),
            ("销售额", "amount"),
        ]

    def test_a_latin_word_needs_its_boundaries(self, covered: Covering) -> None:
        assert meanings(covered("salesforce")) == []
        assert meanings(covered("sales")) == [("sales", "amount")]

    def test_chinese_beside_latin_is_a_boundary(self, covered: Covering) -> None:
        assert meanings(covered("华东sales")) == [("华东", "华东"), ("sales", "amount")]

    def test_a_name_beats_the_words_in_it(self, covered: Covering) -> None:
        assert meanings(covered("sales of Edge Box")) == [
            ("sales", "amount"),
            ("edge box", "Edge Box"),
        ]

    @pytest.mark.parametrize("typed", ["恒信科技有限公司", "恒信科技", "恒信科技有限公司的销售额"])
    def test_a_name_without_its_legal_suffix(self, covered: Covering, typed: str) -> None:
        assert meanings(covered(typed))[0][1] == "恒信科技有限公司"

    def test_a_spelling_keeps_all_its_meanings(self, covered: Covering) -> None:
        token = next(t for t in covered("北京").tokens if t.kind == "lexicon")
        assert {e.name for e in token.entries} == {"territory", "city"}

    def test_a_digit_beside_a_letter_is_a_boundary(self, covered: Covering) -> None:
        kinds = {t.kind for t in covered("2013q3销售额").tokens}
        assert "time" in kinds
        assert covered("2013q3销售额").residual == []


class TestResidual:
    @pytest.mark.parametrize(
        ("typed", "left"),
        [
            ("2025年销售额", []),
            ("sales by region in 2025", []),
            ("满意度最高的伙伴", ["满意度"]),
            ("sales by zodiac", ["zodiac"]),
            ("net promoter score of partners", ["net promoter score"]),
            ("blorp sales glump", ["blorp", "glump"]),
        ],
    )
    def test_what_means_nothing_is_kept(
        self, covered: Covering, typed: str, left: list[str]
    ) -> None:
        assert covered(typed).residual_texts() == left

    @given(st.text(alphabet="销售额华东大区前top 103年%超过sales byqwx，", max_size=25))
    def test_tokens_and_residual_cover_everything_once(
        self, context: PlannerContext, typed: str
    ) -> None:
        text = fold(typed)
        found = cover(text, context.lexicon, CALENDAR)
        spans = sorted([(t.start, t.end) for t in found.tokens] + found.residual)
        for (_, end), (start, _) in pairwise(spans):
            assert end <= start
        inside = {i for start, end in spans for i in range(start, end)}
        missed = [i for i in range(len(text)) if i not in inside and text[i] != " "]
        assert missed == []


class TestThresholds:
    @pytest.mark.parametrize(
        ("typed", "op", "value"),
        [
            ("超过100万", "gt", 1_000_000),
            ("大于5", "gt", 5),
            ("突破1亿", "gt", 100_000_000),
            ("高于20%", "gt", 0.2),
            ("> 50k", "gt", 50_000),
            ("more than 50,000", "gt", 50_000),
            ("over $2 million", "gt", 2_000_000),
            ("exceeding 20 percent", "gt", 0.2),
            ("不低于30万", "ge", 300_000),
            ("不少于3", "ge", 3),
            ("至少10", "ge", 10),
            ("≥5", "ge", 5),
            ("at least 10", "ge", 10),
            ("no less than 10", "ge", 10),
            ("100万以上", "ge", 1_000_000),
            ("10 or more", "ge", 10),
            ("低于20%", "lt", 0.2),
            ("不到5万", "lt", 50_000),
            ("少于3", "lt", 3),
            ("less than 10", "lt", 10),
            ("under 5k", "lt", 5_000),
            ("不超过50万", "le", 500_000),
            ("不高于10%", "le", 0.1),
            ("至多3", "le", 3),
            ("at most 3", "le", 3),
            ("no more than 3", "le", 3),
            ("50万以下", "le", 500_000),
            ("等于3", "eq", 3),
            ("exactly 3", "eq", 3),
            ("为负", "lt", 0),
            ("negative", "lt", 0),
        ],
    )
    def test_one_side(self, typed: str, op: str, value: float) -> None:
        found = bound(typed)
        assert (found.op, found.value) == (op, pytest.approx(value))

    @pytest.mark.parametrize(
        ("typed", "low", "high"),
        [
            ("在10万到50万之间", 100_000, 500_000),
            ("10万到50万之间", 100_000, 500_000),
            ("介于10%和20%之间", 0.1, 0.2),
            ("between 10 and 20", 10, 20),
            ("between 50,000 and 100,000", 50_000, 100_000),
            ("between 1 and 2 million", 1_000_000, 2_000_000),  # the scale belongs to both
            ("between 10 and 20%", 0.1, 0.2),
        ],
    )
    def test_both_sides(self, typed: str, low: float, high: float) -> None:
        found = bound(typed)
        assert found.op == "between"
        assert (found.value, found.upper) == (pytest.approx(low), pytest.approx(high))

    def test_what_it_counts_is_noted(self) -> None:
        assert bound("超过20%").percent
        assert bound("over $5").money
        assert not bound("超过5").scaled

    def test_no_more_than_is_not_more_than(self) -> None:
        # the longer operator is tried first: 不超过 holds 超过
        assert bound("不超过5").op == "le"
        assert bound("no more than 5").op == "le"

    @pytest.mark.parametrize("typed", ["between 2011 and 2012", "销售额", "5", "more", "超过"])
    def test_what_is_none(self, typed: str) -> None:
        assert threshold_at(fold(typed), 0) is None


class TestDurations:
    @pytest.mark.parametrize(
        ("typed", "length"),
        [
            ("90天", 90),
            ("超过90天", 90),
            ("90 days", 90),
            ("more than 30 days", 30),
            ("3周", 21),
            ("two weeks", 14),
            ("3个月", 92),  # 2025-08-20 … 2025-11-20: 11 + 30 + 31 + 20
            ("half", None),
            ("6 months", 184),  # 2025-05-20 … 2025-11-20: 11 + 30 + 31 + 31 + 30 + 31 + 20
            ("一年", 365),
            ("2013年", None),  # a year's number, no length
            ("20%", None),
        ],
    )
    def test_in_days(self, typed: str, length: int | None) -> None:
        found = duration_at(fold(typed), 0, CALENDAR)
        assert (found[0] if found else None) == length


class TestStructure:
    @pytest.mark.parametrize(
        ("typed", "kind", "value", "number"),
        [
            ("前10", "top", "desc", 10),
            ("前三名", "top", "desc", 3),
            ("top 5", "top", "desc", 5),
            ("top10", "top", "desc", 10),
            ("five best", "top", "desc", 5),
            ("倒数3名", "top", "asc", 3),
            ("bottom 4", "top", "asc", 4),
            ("第二名", "nth", "desc", 2),
            ("second highest", "nth", "desc", 2),
            ("倒数第二", "nth", "asc", 2),
            ("最高", "superlative", "desc", None),
            ("lowest", "superlative", "asc", None),
            ("同比", "compare", "yoy", None),
            ("去年同期", "compare", "yoy", None),
            ("year over year", "compare", "yoy", None),
            ("环比", "compare", "previous_period", None),
            ("月度", "grain", "month", None),
            ("by quarter", "grain", "quarter", None),
            ("除了", "not", "", None),
            ("excluding", "not", "", None),
            ("占比", "share", "", None),
            ("这5家", "handle", "these", 5),
            ("these three", "handle", "these", 3),
            ("未达标", "attained", "lt", None),
            ("沉睡", "dormant", "", None),
            ("从未下单", "no_orders", "", None),
            ("预测", "tool", "forecast", None),
            ("为什么", "tool", "why", None),
        ],
    )
    def test_words_that_shape_a_question(
        self, covered: Covering, typed: str, kind: str, value: str, number: int | None
    ) -> None:
        tokens = covered(typed).tokens
        found = [(t.kind, t.value, t.number) for t in tokens if t.kind != "stop"]
        assert (kind, value, number) in found

    @pytest.mark.parametrize("typed", ["top 5%", "top 5万"])
    def test_a_percentage_or_an_amount_is_no_ranking(self, covered: Covering, typed: str) -> None:
        assert all(t.kind != "top" for t in covered(typed).tokens)
