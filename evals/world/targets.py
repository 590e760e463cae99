"""目标: what planners asked of regions per month and of partners per quarter.

Planners know the ordinary course and last year's figures, not what is planted.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from evals.world.demand import Demand
from evals.world.geography import REGIONS
from evals.world.orders import Lines, Orders
from evals.world.partners import Partners
from evals.world.planting import Plan
from evals.world.timeline import Floats, Timeline

_AHEAD_MONTHS = 2
"""Targets reach to the end of the calendar year."""
_GROSS = 1.075
"""Payments include tax."""


def target_tables(
    rng: np.random.Generator,
    timeline: Timeline,
    partners: Partners,
    plan: Plan,
    demand: Demand,
    orders: Orders,
    lines: Lines,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Targets in 万元: of regions (销售额 and 回款, monthly), of partners (销售额, quarterly)."""
    expected = _expected(timeline, partners, plan, demand, orders, lines)
    region = np.zeros((len(REGIONS), expected.shape[1]))
    np.add.at(region, partners.places.region, expected)
    stretch = rng.normal(1.04, 0.03, region.shape)
    sales = np.maximum(np.rint(region * stretch), 1)
    before = np.zeros((len(REGIONS), 2))  # what was sold before the first month is not simulated
    lagged = np.concatenate([before, region], axis=1)
    cash = (lagged[:, 1:-1] + lagged[:, :-2]) / 2 * _GROSS
    money = np.maximum(np.rint(cash * rng.normal(1.02, 0.03, region.shape)), 1)
    months = np.array([timeline.month_start(m) for m in range(expected.shape[1])])
    rows = [
        (name.name, measure, months[month], "month", float(values[index, month]))
        for index, name in enumerate(REGIONS)
        for measure, values in (("销售额", sales), ("回款", money))
        for month in range(len(months))
    ]
    columns = ["region", "measure", "period_start", "grain", "amount_wan"]
    return pd.DataFrame(rows, columns=columns), _partner_targets(rng, timeline, partners, expected)


def _expected(
    timeline: Timeline,
    partners: Partners,
    plan: Plan,
    demand: Demand,
    orders: Orders,
    lines: Lines,
) -> Floats:
    """[partner, month] 万元 expected at planning time, two months beyond the end."""
    cents = np.zeros(partners.count)
    ordinary = orders.episode[lines.order] < 0
    np.add.at(cents, orders.partner[lines.order[ordinary]], lines.money.amount[ordinary])
    count = np.bincount(orders.partner[orders.episode < 0], minlength=partners.count)
    value = (cents + cents.sum() / orders.count * 3) / (count + 3) / 1e6
    pull = demand.factor[:, :, :].mean(axis=(0, 2))
    month = np.arange(timeline.months)
    alive = month >= (partners.first_day[:, None] / 30.4)
    alive &= month <= (plan.leaves[:, None] / 30.4 + 2)
    expected = demand.ordinary * value[:, None] * alive * pull.clip(1.0, 1.1)
    ahead = expected[:, timeline.months - 12 : timeline.months - 12 + _AHEAD_MONTHS] * 1.15
    return np.concatenate([expected, ahead * alive[:, -1:]], axis=1)


def _partner_targets(
    rng: np.random.Generator, timeline: Timeline, partners: Partners, expected: Floats
) -> pd.DataFrame:
    """Quarters that begin within the simulation; none for a partner that has left."""
    rows: list[tuple[str, str, object, str, float]] = []
    for month in range(expected.shape[1] - 2):
        start = timeline.month_start(month)
        if start.month % 3 != 1:
            continue
        quarter = expected[:, month : month + 3].sum(axis=1) * rng.normal(
            1.04, 0.06, partners.count
        )
        for code, amount in zip(partners.codes, quarter.tolist(), strict=True):
            if amount >= 0.05:
                rows.append((code, "销售额", start, "quarter", round(amount, 1)))
    columns = ["partner", "measure", "period_start", "grain", "amount_wan"]
    return pd.DataFrame(rows, columns=columns)
