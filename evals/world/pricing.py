"""Money on an order line: list price, channel discount, tax, cost, freight, all in whole cents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evals.world.partners import OPPORTUNIST, Partners
from evals.world.planting import Plan
from evals.world.products import (
    COST_CENTS,
    CUT,
    FLOOR_SHARE,
    IS_HARDWARE,
    LINE_OF,
    PRICE_CENTS,
    TAX_RATE,
    Promotion,
)
from evals.world.timeline import Bools, Floats, Ints, Timeline

_TIER_DISCOUNT = np.array([0.33, 0.29, 0.25, 0.20])
_HARDWARE_PART = 0.33
"""Boxes carry a third of the discount that software does."""
_FREIGHT_CENTS = 800
"""Per box."""


@dataclass(frozen=True, slots=True)
class Money:
    """Cents per line. `amount` is after discount and before tax; `promotion` an index or -1."""

    unit_price: Ints
    list_amount: Ints
    discount: Ints
    amount: Ints
    tax: Ints
    cost: Ints
    freight: Ints
    promotion: Ints


def price_lines(
    rng: np.random.Generator,
    timeline: Timeline,
    partners: Partners,
    plan: Plan,
    campaigns: tuple[Promotion, ...],
    *,
    partner: Ints,
    day: Ints,
    diverted: Bools,
    product: Ints,
    quantity: Ints,
) -> Money:
    """Price lines given by partner, day, product and quantity.

    Ordinary lines stay above the floor price; `diverted` ones go 3 to 10 points below it.
    """
    promotion = _promotions(rng, timeline, campaigns, day, product)
    rate = _discount_rates(rng, partners, campaigns, partner, product, promotion)
    floor = 1.0 - FLOOR_SHARE[product]
    rate = np.minimum(rate, floor - 0.01)
    below = floor + rng.uniform(0.03, 0.10, len(product))
    rate = np.where(diverted, below, rate)
    price = np.where(
        (product == CUT) & (day >= plan.cut_day), plan.cut_price_cents, PRICE_CENTS[product]
    )
    listed = price * quantity
    amount = np.rint(listed * (1.0 - rate)).astype(np.int64)
    return Money(
        unit_price=price,
        list_amount=listed,
        discount=listed - amount,
        amount=amount,
        tax=np.rint(amount * TAX_RATE[product]).astype(np.int64),
        cost=COST_CENTS[product] * quantity,
        freight=np.where(IS_HARDWARE[product], _FREIGHT_CENTS * quantity, 0),
        promotion=promotion,
    )


def _promotions(
    rng: np.random.Generator,
    timeline: Timeline,
    campaigns: tuple[Promotion, ...],
    day: Ints,
    product: Ints,
) -> Ints:
    """Three of four lines that fall under a campaign are sold under it."""
    chosen = np.full(len(day), -1, dtype=np.int64)
    joins = rng.random(len(day)) < 0.75
    for number, campaign in enumerate(campaigns):
        covered = (day >= campaign.first) & (day <= min(campaign.last, timeline.days))
        covered &= np.isin(LINE_OF[product], campaign.lines)
        chosen[covered & joins] = number
    return chosen


def _discount_rates(
    rng: np.random.Generator,
    partners: Partners,
    campaigns: tuple[Promotion, ...],
    partner: Ints,
    product: Ints,
    promotion: Ints,
) -> Floats:
    habit = rng.normal(0.0, 0.015, partners.count)
    habit += np.where(partners.archetype == OPPORTUNIST, 0.03, 0.0)
    rate = _TIER_DISCOUNT[partners.tier[partner]] + habit[partner]
    rate += rng.normal(0.0, 0.02, len(partner))
    extra = np.array([campaign.discount for campaign in campaigns] + [0.0])
    rate += extra[promotion]
    return np.where(IS_HARDWARE[product], rate * _HARDWARE_PART, rate).clip(0.02, 0.44)
