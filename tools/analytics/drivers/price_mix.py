"""Price, volume and mix: why an amount changed, given the quantities it was sold in.

For each leaf i (a member × product) with quantity q and amount a = p·q, and Q the total quantity:

- volume: a₀·(Q₁/Q₀ − 1), what it would have moved with the whole market's quantity;
- mix: (q₁ − q₀·Q₁/Q₀)·p₀, its share of the quantity gained or lost, at the old price;
- price: q₁·(p₁ − p₀).

They add up to a₁ − a₀. A leaf without a price in one of the periods (new, gone, or without
quantity) has no price effect: what is not volume is mix. Without a total quantity in the first
period there is no volume effect either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tools.analytics.drivers.contribution import ZERO


@dataclass(frozen=True, slots=True)
class Leaf:
    """Amounts and quantities of one leaf in both periods; nothing is 0."""

    keys: tuple[str | None, ...]
    amount_before: Fraction
    amount_now: Fraction
    quantity_before: Fraction
    quantity_now: Fraction


def price_volume_mix(
    leaves: Sequence[Leaf],
) -> dict[tuple[str | None, ...], tuple[Fraction, Fraction, Fraction]]:
    """(price, volume, mix) of each key, leaves of the same keys added up."""
    before = sum((leaf.quantity_before for leaf in leaves), ZERO)
    now = sum((leaf.quantity_now for leaf in leaves), ZERO)
    grown = now / before if before > 0 else Fraction(1)
    found: dict[tuple[str | None, ...], tuple[Fraction, Fraction, Fraction]] = {}
    for leaf in leaves:
        change = leaf.amount_now - leaf.amount_before
        volume = leaf.amount_before * (grown - 1)
        price = ZERO
        if leaf.quantity_before > 0 and leaf.quantity_now > 0:
            old_price = leaf.amount_before / leaf.quantity_before
            price = leaf.amount_now - leaf.quantity_now * old_price
        known = found.get(leaf.keys, (ZERO, ZERO, ZERO))
        found[leaf.keys] = (
            known[0] + price,
            known[1] + volume,
            known[2] + change - price - volume,
        )
    return found
