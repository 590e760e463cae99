"""Price, volume and mix of an amount."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tools.analytics.drivers.price_mix import Leaf, price_volume_mix

AMOUNT = st.integers(-1000, 10_000).map(Fraction)
QUANTITY = st.integers(-5, 500).map(Fraction)


def leaf(name: str, *figures: int) -> Leaf:
    before, now, units_before, units_now = map(Fraction, figures)
    return Leaf((name,), before, now, units_before, units_now)


def effects(*leaves: Leaf) -> dict[str, list[float]]:
    """(price, volume, mix) by name."""
    return {str(keys[0]): [float(e) for e in f] for keys, f in price_volume_mix(leaves).items()}


class TestEffects:
    def test_a_price_that_rose(self) -> None:
        # 10 for 100 each, then 10 for 120 each: nothing but price
        assert effects(leaf("a", 1000, 1200, 10, 10)) == {"a": [200, 0, 0]}

    def test_a_market_that_grew(self) -> None:
        # both twice as many at the same price: nothing but volume
        found = effects(leaf("a", 1000, 2000, 10, 20), leaf("b", 300, 600, 30, 60))
        assert found == {"a": [0, 1000, 0], "b": [0, 300, 0]}

    def test_a_shift_between_products(self) -> None:
        # 10 + 10 units, then 15 + 5, at prices 100 and 10: nothing but mix
        found = effects(leaf("a", 1000, 1500, 10, 15), leaf("b", 100, 50, 10, 5))
        assert found == {"a": [0, 0, 500], "b": [0, 0, -50]}

    def test_a_new_product_has_no_price_effect(self) -> None:
        # Q from 10 to 20; a unchanged: volume +1000 and mix −1000; b, new, is all mix
        found = effects(leaf("a", 1000, 1000, 10, 10), leaf("b", 0, 500, 0, 10))
        assert found == {"a": [0, 1000, -1000], "b": [0, 0, 500]}

    def test_without_a_quantity_before_all_is_mix(self) -> None:
        assert effects(leaf("a", 50, 80, 0, 7)) == {"a": [0, 0, 30]}

    def test_leaves_of_one_member_are_added_up(self) -> None:
        found = effects(leaf("a", 1000, 1200, 10, 10), leaf("a", 500, 400, 10, 10))
        assert found == {"a": [100, 0, 0]}

    @given(st.lists(st.builds(Leaf, st.just(("x",)), AMOUNT, AMOUNT, QUANTITY, QUANTITY)))
    def test_they_always_add_up_to_the_change(self, leaves: list[Leaf]) -> None:
        found = price_volume_mix(leaves)
        change = sum((x.amount_now - x.amount_before for x in leaves), Fraction(0))
        assert sum((sum(e) for e in found.values()), Fraction(0)) == change
