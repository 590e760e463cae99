"""Contributions in fractions: sums, ratios, overlaps, and rounding that keeps the sum."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.analytics.drivers.contribution import (
    Member,
    Side,
    change_of,
    of_ratio,
    of_sum,
    overlap_of,
    rounded,
    rounded_to_sum,
    together,
)

FIGURE = st.one_of(st.none(), st.decimals(-10_000, 10_000, places=4, allow_nan=False).map(Fraction))
SIDE = st.builds(Side, FIGURE, FIGURE)


def member(name: str, *figures: int | None) -> Member:
    """A member from (before, now) or (n before, d before, n now, d now)."""
    values = [None if f is None else Fraction(f) for f in figures]
    if len(values) == 2:
        return Member((name,), Side(values[0]), Side(values[1]))
    return Member((name,), Side(values[0], values[1]), Side(values[2], values[3]))


class TestSums:
    def test_each_adds_its_own_change(self) -> None:
        found = of_sum([member("a", 10, 4), member("b", None, 5), member("c", 7, None)])
        assert [c.change for c in found] == [-6, 5, -7]

    def test_the_whole_s_change_counts_a_missing_side_as_nothing(self) -> None:
        assert change_of(member("", None, 5), is_ratio=False) == 5
        assert change_of(member("", 5, None), is_ratio=False) == -5
        assert change_of(member("", None, None), is_ratio=False) is None

    def test_a_balance_that_is_missing_on_one_day_has_no_change(self) -> None:
        assert change_of(member("", None, 5), is_ratio=False, additive=False) is None
        assert change_of(member("", 3, 5), is_ratio=False, additive=False) == 2


class TestRatios:
    def test_rate_and_mix(self) -> None:
        # before: a 40/100, b 10/100, R = 50/200 = 1/4; now: a 90/150, b 5/50, R = 95/200
        # a: weights 1/2 → 3/4, rates 2/5 → 3/5: rate 3/4 × 1/5 = 3/20, mix 1/4 × (2/5 − 1/4) = 3/80
        # b: weights 1/2 → 1/4, rates 1/10 → 1/10: rate 0, mix −1/4 × (1/10 − 1/4) = 3/80
        # together 3/20 + 3/80 + 3/80 = 18/80 = 9/40 = 95/200 − 50/200
        parts = [member("a", 40, 100, 90, 150), member("b", 10, 100, 5, 50)]
        found = of_ratio(parts, together(parts))
        assert list(found[0].effects) == [Fraction(3, 20), Fraction(3, 80)]
        assert list(found[1].effects) == [Fraction(0), Fraction(3, 80)]
        assert sum(c.change for c in found) == Fraction(9, 40)

    def test_who_is_new_is_all_mix(self) -> None:
        parts = [member("a", 40, 100, 40, 100), member("b", None, None, 100, 100)]
        new = of_ratio(parts, together(parts))[1]
        # 140/200 − 40/100 = 3/10, all of it b's: weight 1/2 × (1 − 2/5)
        assert list(new.effects) == [Fraction(0), Fraction(3, 10)]
        assert new.previous is None
        assert new.current == 1

    def test_a_numerator_without_a_denominator_still_counts(self) -> None:
        # returns of a partner that bought nothing: R from 10/100 to 15/100, b adds 5/100
        parts = [member("a", 10, 100, 10, 100), member("b", 0, 0, 5, 0)]
        assert [c.change for c in of_ratio(parts, together(parts))] == [0, Fraction(1, 20)]

    def test_a_whole_without_a_ratio_is_an_error(self) -> None:
        parts = [member("a", 1, 0, 1, 2)]
        assert change_of(together(parts), is_ratio=True) is None
        with pytest.raises(ValueError, match="no ratio"):
            of_ratio(parts, together(parts))

    @given(st.lists(st.builds(Member, st.just(("x",)), SIDE, SIDE), min_size=1, max_size=6))
    def test_they_always_add_up(self, parts: list[Member]) -> None:
        total = together(parts)
        change = change_of(total, is_ratio=True)
        if change is None:
            return
        found = of_ratio(parts, total)
        assert sum(c.change for c in found) == change
        assert all(sum(c.effects) == c.change for c in found)


class TestOverlap:
    def test_none_where_members_add_up(self) -> None:
        parts = [member("a", 1, 2), member("b", 3, 4)]
        assert overlap_of(parts, together(parts)) is None

    def test_what_members_count_more_often(self) -> None:
        # 3 + 2 orders by product, 4 orders in all; then 5 + 5 and 7
        found = overlap_of([member("a", 3, 5), member("b", 2, 5)], member("", 4, 7))
        assert found is not None
        assert found.previous.value == -1
        assert found.current.value == -3

    def test_of_a_denominator_makes_a_ratio_add_up(self) -> None:
        # amount per order, by product: amounts add up, orders do not (3 + 2 of 4; 5 + 5 of 7)
        parts = [member("a", 60, 3, 100, 5), member("b", 40, 2, 110, 5)]
        total = member("", 100, 4, 210, 7)
        overlap = overlap_of(parts, total)
        assert overlap is not None
        found = of_ratio([*parts, overlap], total)
        # 210/7 − 100/4 = 5
        assert sum(c.change for c in found) == 5


class TestRounding:
    def test_ties_go_to_even(self) -> None:
        assert rounded(Fraction("0.125"), 2) == Decimal("0.12")
        assert rounded(Fraction("-0.135"), 2) == Decimal("-0.14")
        assert rounded(Fraction(1, 3), 4) == Decimal("0.3333")

    def test_the_remainder_goes_to_the_largest(self) -> None:
        third = Fraction(1, 3)
        found = rounded_to_sum([third, 2 * third, third * 3], 2, Decimal("2.00"))
        # 0.33 + 0.67 + 1.00 = 2.00: nothing to do; for 2.01 the largest takes the cent
        assert found == [Decimal("0.33"), Decimal("0.67"), Decimal("1.00")]
        again = rounded_to_sum([third, 2 * third, third * 3], 2, Decimal("2.01"))
        assert again == [Decimal("0.33"), Decimal("0.67"), Decimal("1.01")]

    def test_nothing_rounds_to_nothing(self) -> None:
        assert rounded_to_sum([], 2, Decimal(0)) == []

    @given(st.lists(st.fractions(-100, 100), min_size=1, max_size=9), st.integers(0, 6))
    def test_the_sum_is_always_kept(self, values: list[Fraction], places: int) -> None:
        total = rounded(sum(values, Fraction(0)), places)
        found = rounded_to_sum(values, places, total)
        assert sum(found, Decimal(0)) == total
        # n values can be off by half a unit each, and only one of them takes that
        step = Decimal(1).scaleb(-places)
        off = [abs(Fraction(f) - v) for f, v in zip(found, values, strict=True)]
        assert max(off) <= (len(values) + 1) * Fraction(step)
