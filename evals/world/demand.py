"""How much each partner would order of what, month by month, before chance decides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evals.world.geography import REGIONS
from evals.world.partners import GROWTH, KINDS, NEW, OPPORTUNIST, Partners
from evals.world.planting import Plan, line_factors, product_factors
from evals.world.products import HARDWARE, IS_HARDWARE, LAUNCHED, LINE_OF, LINES, WEIGHT, Promotion
from evals.world.timeline import Floats, Timeline

ORDERS_PER_PARTNER_MONTH = 3.4
"""Mean over all partners and months; with 2.4 lines an order, 60,000 lines in a full world."""

MACRO_LEAD_MONTHS = 2
"""The published climate index shows demand this many months ahead."""

_LINE_SHARE = np.array([0.30, 0.20, 0.14, 0.12, 0.12, 0.12, 0.03])
_LINE_BY_KIND = {
    "代理商": np.array([1.2, 1.0, 0.8, 1.1, 1.1, 0.7, 1.0]),
    "经销商": np.array([1.0, 1.1, 0.8, 1.0, 1.0, 0.8, 1.0]),
    "服务商": np.array([1.2, 1.0, 1.3, 0.9, 0.9, 0.9, 0.6]),
    "ISV": np.array([0.6, 0.8, 1.3, 0.7, 0.8, 3.5, 0.4]),
}


@dataclass(frozen=True, slots=True)
class Demand:
    """Expected ordering.

    Attributes:
        taste: [partner, product] lasting preference, sums to 1 over products but the launched one.
        factor: [partner, month, product] what events do to it.
        orders: [partner, month] expected orders with all effects but joining and leaving.
        ordinary: [partner, month] the same without bursts and planted effects: what planners see.
        climate: [region, month] log of the regional economy, `MACRO_LEAD_MONTHS` beyond the end.
    """

    taste: Floats
    factor: Floats
    orders: Floats
    ordinary: Floats
    climate: Floats

    def weights(self) -> Floats:
        """[partner, month, product] share of demand, not normalised."""
        return self.taste[:, None, :] * self.factor

    def stock_share(self) -> Floats:
        """[partner, month] share of hardware in demand."""
        weights = self.weights()
        return np.asarray(weights[:, :, IS_HARDWARE].sum(axis=2) / weights.sum(axis=2))


def make_demand(
    rng: np.random.Generator,
    timeline: Timeline,
    partners: Partners,
    plan: Plan,
    campaigns: tuple[Promotion, ...],
) -> Demand:
    """Expected ordering of every partner."""
    taste = _taste(rng, partners)
    climate = _climate(rng, timeline.months + MACRO_LEAD_MONTHS)
    factor = (
        line_factors(timeline, plan)[partners.places.province][:, LINE_OF, :].transpose(0, 2, 1)
        * product_factors(timeline, plan).T[None]
        * _campaign_factors(timeline, campaigns)[LINE_OF].T[None]
    )
    pull = (taste[:, None, :] * factor).sum(axis=2)
    season = timeline.month_weight()
    region = np.exp(climate[partners.places.region, : timeline.months])
    path = _path(rng, timeline, partners)
    ordinary = path * season * region
    level = ORDERS_PER_PARTNER_MONTH / ordinary.mean()
    bursts = _bursts(rng, timeline, partners)
    return Demand(taste, factor, ordinary * bursts * pull * level, ordinary * level, climate)


def _taste(rng: np.random.Generator, partners: Partners) -> Floats:
    kind = np.array([_LINE_BY_KIND[name] for name in KINDS])[partners.kind]
    line = rng.gamma(3.0, 1.0, (partners.count, len(LINES))) * _LINE_SHARE * kind
    taste = line[:, LINE_OF] * WEIGHT * rng.gamma(4.0, 0.25, (partners.count, len(WEIGHT)))
    taste[:, IS_HARDWARE] *= _carried(rng, partners)
    goods = np.where(IS_HARDWARE & partners.stocking[:, None], taste, 0.0).sum(axis=1)
    soft = np.where(IS_HARDWARE, 0.0, taste).sum(axis=1)
    share = rng.uniform(0.3, 0.4, partners.count)
    lift = np.where(goods > 0, share / (1 - share) * soft / np.where(goods > 0, goods, 1.0), 1.0)
    taste[:, IS_HARDWARE] *= lift[:, None]
    known = np.delete(taste, LAUNCHED, axis=1).sum(axis=1)
    return np.asarray(taste / known[:, None])


def _carried(rng: np.random.Generator, partners: Partners) -> Floats:
    """Stocking partners carry three to five of the boxes; the others order any, rarely."""
    boxes = int((LINE_OF == HARDWARE).sum())
    rank = np.argsort(rng.random((partners.count, boxes)), axis=1)
    carried = rank < rng.integers(3, 6, partners.count)[:, None]
    return np.where(partners.stocking[:, None], carried, True).astype(float)


def _climate(rng: np.random.Generator, months: int) -> Floats:
    shocks = rng.normal(0.0, 0.035, (len(REGIONS), months)) + rng.normal(0.0, 0.02, months)
    climate = np.zeros((len(REGIONS), months))
    for month in range(1, months):
        climate[:, month] = 0.85 * climate[:, month - 1] + shocks[:, month]
    return climate


def _path(rng: np.random.Generator, timeline: Timeline, partners: Partners) -> Floats:
    """Level and trend of each partner by archetype, without season or chance."""
    month = np.arange(timeline.months)
    years_left = (timeline.months - 1 - month) / 12.0
    count = partners.count
    growth = rng.uniform(0.3, 0.5, count)  # log growth a year: +35 % to +65 %
    drift = rng.normal(0.01, 0.03, count)
    path = np.ones((count, timeline.months))
    path *= np.where(
        (partners.archetype == GROWTH)[:, None],
        1.9 * np.exp(-growth[:, None] * years_left),
        np.exp(-drift[:, None] * years_left),
    )
    level = np.array([1.0, 1.25, 0.75, 1.7])[partners.archetype]
    since = month - partners.first_day[:, None] / 30.4
    ramp = np.where((partners.archetype == NEW)[:, None], np.clip(since / 6, 0.2, 1), 1.0)
    return np.asarray(path * ramp * (level * np.sqrt(partners.size))[:, None])


def _bursts(rng: np.random.Generator, timeline: Timeline, partners: Partners) -> Floats:
    """Opportunists: one busy month in four, now here, now there; little in between."""
    blocks = -(-timeline.months // 4)
    busy = rng.integers(0, 4, (partners.count, blocks)) + 4 * np.arange(blocks)
    months = np.arange(timeline.months)
    on = months == busy[:, months // 4]
    height = rng.gamma(8.0, 3.4 / 8.0, on.shape)
    burst = np.where(on, height, 0.2)
    return np.where((partners.archetype == OPPORTUNIST)[:, None], burst, 1.0)


def _campaign_factors(timeline: Timeline, campaigns: tuple[Promotion, ...]) -> Floats:
    """[line, month] uplift of promotions, by the share of the month that they cover."""
    factors = np.ones((len(LINES), timeline.months))
    for campaign in campaigns:
        days = np.arange(campaign.first, campaign.last + 1)
        covered = np.bincount(timeline.month_of_day[days], minlength=timeline.months)
        share = covered / np.diff(timeline.month_first)
        for line in campaign.lines:
            factors[line] *= 1 + (campaign.uplift - 1) * share
    return factors
