"""Contributions of members to the change of a figure between two periods, adding up exactly.

Figures are fractions (`fractions.Fraction`), so nothing is lost before the last rounding.

- A sum: a member's contribution is its own change.
- A ratio R = N/D: a member with numerator n and denominator d contributes
  (n₁ − R₀·d₁)/D₁ − (n₀ − R₀·d₀)/D₀. Summed over members this is R₁ − R₀. With weights w = d/D and
  own ratios r = n/d it equals w₁·(r₁ − r₀), the rate effect, plus (w₁ − w₀)·(r₀ − R₀), the mix
  effect; a member without a ratio of its own in one of the periods is all mix.
- What is counted once in the total but several times over the members (distinct orders by product)
  is a row of its own, the overlap: the total less the sum of the members, in each period.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Final

ZERO: Final = Fraction(0)


@dataclass(frozen=True, slots=True)
class Side:
    """One period of one member: a figure, or the numerator `value` over `over`.

    `value` None: no row counts. `over` None: the figure is no ratio (or no denominator counts).
    """

    value: Fraction | None
    over: Fraction | None = None

    @property
    def ratio(self) -> Fraction | None:
        """`value` over `over`; None where either is missing or `over` is zero."""
        if self.value is None or not self.over:
            return None
        return self.value / self.over


@dataclass(frozen=True, slots=True)
class Member:
    """The two periods of one member (or of the total)."""

    keys: tuple[str | None, ...]
    previous: Side
    current: Side


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one member adds to the change of the total.

    `effects` add up to `change`; empty where the change is not taken apart.
    """

    keys: tuple[str | None, ...]
    previous: Fraction | None
    current: Fraction | None
    change: Fraction
    effects: tuple[Fraction, ...] = field(default=())


def change_of(total: Member, *, is_ratio: bool, additive: bool = True) -> Fraction | None:
    """The change of the total; None where a ratio is missing in one of the periods.

    Of a sum that is additive over time a missing side counts as 0, unless both are missing; a
    balance (stock, pipeline) that is missing on one of the days has no change.
    """
    if is_ratio:
        before, now = total.previous.ratio, total.current.ratio
        return None if before is None or now is None else now - before
    missing = [side.value is None for side in (total.previous, total.current)]
    if all(missing) or (any(missing) and not additive):
        return None
    return (total.current.value or ZERO) - (total.previous.value or ZERO)


def of_sum(members: Sequence[Member]) -> list[Contribution]:
    """Each member's own change."""
    return [
        Contribution(
            m.keys,
            m.previous.value,
            m.current.value,
            (m.current.value or ZERO) - (m.previous.value or ZERO),
        )
        for m in members
    ]


def of_ratio(members: Sequence[Member], total: Member) -> list[Contribution]:
    """Each member's (rate effect, mix effect).

    Raises:
        ValueError: the total has no ratio in one of the periods.
    """
    before = total.previous.ratio
    if before is None or total.current.ratio is None:
        raise ValueError("the total has no ratio in one of the periods")
    d_now, d_before = total.current.over or ZERO, total.previous.over or ZERO
    found = []
    for m in members:
        now_part = ((m.current.value or ZERO) - before * (m.current.over or ZERO)) / d_now
        past_part = ((m.previous.value or ZERO) - before * (m.previous.over or ZERO)) / d_before
        change = now_part - past_part
        own_before, own_now = m.previous.ratio, m.current.ratio
        rate = ZERO
        if own_before is not None and own_now is not None:
            rate = (m.current.over or ZERO) / d_now * (own_now - own_before)
        found.append(Contribution(m.keys, own_before, own_now, change, (rate, change - rate)))
    return found


def overlap_of(members: Sequence[Member], total: Member) -> Member | None:
    """What the members count more often than the total does; None where they add up to it."""

    def gap(whole: Fraction | None, parts: Sequence[Fraction | None]) -> Fraction:
        return (whole or ZERO) - sum((part or ZERO for part in parts), ZERO)

    sides = []
    for name in ("previous", "current"):
        whole: Side = getattr(total, name)
        own: list[Side] = [getattr(m, name) for m in members]
        over = None
        if whole.over is not None or any(s.over is not None for s in own):
            over = gap(whole.over, [s.over for s in own])
        sides.append(Side(gap(whole.value, [s.value for s in own]), over))
    if not any(side.value or side.over for side in sides):
        return None
    return Member((), sides[0], sides[1])


def together(members: Sequence[Member]) -> Member:
    """Members as one: sums of numerators and denominators."""

    def added(parts: Sequence[Fraction | None]) -> Fraction | None:
        known = [part for part in parts if part is not None]
        return sum(known, ZERO) if known else None

    def side(parts: Sequence[Side]) -> Side:
        return Side(added([p.value for p in parts]), added([p.over for p in parts]))

    return Member((), side([m.previous for m in members]), side([m.current for m in members]))


def rounded(value: Fraction, places: int) -> Decimal:
    """The decimal nearest to a fraction, ties to even."""
    quantum = Decimal(1).scaleb(-places)
    scaled = value * 10**places
    whole = Decimal(round(scaled))  # round() of a fraction is exact, ties to even
    return (whole * quantum).quantize(quantum, rounding=ROUND_HALF_EVEN)


def rounded_to_sum(values: Sequence[Fraction], places: int, total: Decimal) -> list[Decimal]:
    """Each value rounded, the remainder put on the largest, so that they add up to `total`."""
    found = [rounded(value, places) for value in values]
    if found:
        largest = max(range(len(found)), key=lambda i: (abs(values[i]), -i))
        found[largest] += total - sum(found, Decimal(0))
    return found
