"""报备: deals that partners registered, approved or not, contested, worked or left to expire."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evals.world.customers import Customers
from evals.world.partners import OPPORTUNIST, Partners
from evals.world.pipeline import OPEN, WON, Opportunities
from evals.world.planting import Plan
from evals.world.products import IS_HARDWARE, SKUS
from evals.world.timeline import Ints, Timeline

PROTECTION_DAYS = 90
_REGISTERED_SHARE = np.array([0.7, 0.5, 0.3, 0.5])
"""Share of opportunities that are registered, by archetype."""
_SQUATTED = np.array([0.8, 0.6, 7.0, 0.2])
"""Registrations without any deal behind them (占位) per partner over the simulation."""
_CONTESTED_SHARE = 0.05
PENDING, APPROVED, REJECTED, CONFLICT, EXPIRED, CONVERTED = (
    "审核中",
    "已批准",
    "已驳回",
    "冲突",
    "已过期",
    "已转化",
)


def registration_table(
    rng: np.random.Generator,
    timeline: Timeline,
    partners: Partners,
    plan: Plan,
    customers: Customers,
    deals: Opportunities,
) -> pd.DataFrame:
    """All registrations sorted by submission; `conflict_of` always names an earlier one."""
    worked = _worked(rng, timeline, partners, deals)
    frames = [
        worked,
        _squatted(rng, timeline, partners, plan, customers),
        _national(plan, customers),
        _contested(rng, timeline, partners, worked),
    ]
    table = pd.concat([frame for frame in frames if len(frame)], ignore_index=True)
    table = table[table["submitted"] >= 0].sort_values("submitted", kind="stable")
    number = np.arange(1, len(table) + 1)
    by_key = dict(zip(table["key"].tolist(), number.tolist(), strict=True))
    rival = [by_key.get(key) for key in table["rival"].tolist()]
    decided = table["decided"].to_numpy()
    approved = table["status"].isin([APPROVED, EXPIRED, CONVERTED]).to_numpy()
    undecided = (table["status"] == PENDING).to_numpy()
    none = np.datetime64("NaT")
    until = timeline.dates(decided + PROTECTION_DAYS)
    customer, product = table["customer"].to_numpy(), table["product"].to_numpy()
    opportunity = np.array([*deals.numbers, None], dtype=object)[table["deal"].to_numpy()]
    return pd.DataFrame(
        {
            "reg_no": [f"BB{value:06d}" for value in number],
            "partner": np.array(partners.codes)[table["partner"].to_numpy()],
            "customer": customers.code(customer),
            "sku": np.array(SKUS)[product],
            "opp_no": opportunity,
            "submitted_on": timeline.dates(table["submitted"].to_numpy()),
            "decided_on": np.where(undecided, none, timeline.dates(decided)),
            "protected_until": np.where(approved, until, none),
            "status": table["status"].to_numpy(),
            "conflict_of": [None if value is None else f"BB{value:06d}" for value in rival],
            "amount": table["hundreds"].to_numpy() * 100,
        }
    )


def _frame(
    key: list[str],
    partner: Ints,
    customer: Ints,
    product: Ints,
    deal: Ints,
    submitted: Ints,
    decided: Ints,
    status: list[str],
    hundreds: Ints,
    rival: list[str | None] | None = None,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "key": key,
            "partner": partner,
            "customer": customer,
            "product": product,
            "deal": deal,
            "submitted": submitted,
            "decided": decided,
            "status": status,
            "hundreds": hundreds,
            "rival": rival if rival is not None else [None] * len(key),
        }
    )


def _worked(
    rng: np.random.Generator, timeline: Timeline, partners: Partners, deals: Opportunities
) -> pd.DataFrame:
    """Registrations of real deals; nine in ten decided ones are approved."""
    chance = _REGISTERED_SHARE[partners.archetype[deals.partner]]
    rows = np.flatnonzero(rng.random(deals.count) < chance)
    submitted = deals.created[rows] + rng.integers(0, 5, len(rows))
    kept = submitted < np.minimum(deals.closed[rows], timeline.days)
    rows, submitted = rows[kept], submitted[kept]
    decided = submitted + rng.integers(0, 6, len(rows))
    refused = rng.random(len(rows)) < 0.09
    over = decided + PROTECTION_DAYS < timeline.days
    status = np.select(
        [
            decided >= timeline.days,
            refused,
            deals.outcome[rows] == WON,
            over & (deals.outcome[rows] != OPEN),
            over,
        ],
        [PENDING, REJECTED, CONVERTED, EXPIRED, EXPIRED],
        default=APPROVED,
    )
    return _frame(
        [f"deal {row}" for row in rows.tolist()],
        deals.partner[rows],
        deals.customer[rows],
        deals.product[rows],
        rows,
        submitted,
        decided,
        status.tolist(),
        deals.hundreds[rows],
    )


def _squatted(
    rng: np.random.Generator,
    timeline: Timeline,
    partners: Partners,
    plan: Plan,
    customers: Customers,
) -> pd.DataFrame:
    """Claims on customers that nobody works on; opportunists do it most."""
    count = rng.poisson(_SQUATTED[partners.archetype])
    partner = np.repeat(np.arange(partners.count), count)
    submitted = rng.integers(0, timeline.days - PROTECTION_DAYS - 6, len(partner))
    active = (submitted > partners.first_day[partner]) & (submitted < plan.leaves[partner])
    partner, submitted = partner[active], submitted[active]
    others = np.flatnonzero(customers.prospect)
    software = np.flatnonzero(~IS_HARDWARE)
    return _frame(
        [f"claim {row}" for row in range(len(partner))],
        partner,
        rng.choice(others, len(partner)),
        rng.choice(software[:20], len(partner)),
        np.full(len(partner), -1),
        submitted,
        submitted + rng.integers(0, 6, len(partner)),
        [EXPIRED] * len(partner),
        rng.integers(200, 3000, len(partner)),
    )


def _national(plan: Plan, customers: Customers) -> pd.DataFrame:
    """Approved national accounts: what tells them from diversion."""
    cursor = customers.count - sum(6 if case.approved else 4 for case in plan.diversion)
    partner: list[int] = []
    customer: list[int] = []
    for case in plan.diversion:
        width = 6 if case.approved else 4
        if case.approved:
            partner += [case.partner] * width
            customer += range(cursor, cursor + width)
        cursor += width
    count = len(partner)
    return _frame(
        [f"national {row}" for row in range(count)],
        np.array(partner, dtype=np.int64),
        np.array(customer, dtype=np.int64),
        np.zeros(count, dtype=np.int64),
        np.full(count, -1),
        np.arange(count) % 20,
        np.arange(count) % 20 + 3,
        [CONVERTED] * count,
        np.full(count, 2000),
    )


def _contested(
    rng: np.random.Generator, timeline: Timeline, partners: Partners, worked: pd.DataFrame
) -> pd.DataFrame:
    """A second partner of the same 大区 registers the same customer a little later."""
    rows = worked[rng.random(len(worked)) < _CONTESTED_SHARE]
    rows = rows[(rows["submitted"] >= 0) & (rows["submitted"] < timeline.days - 30)]
    region = partners.places.region
    rivals = np.empty(len(rows), dtype=np.int64)
    weight = np.where(partners.archetype == OPPORTUNIST, 3.0, 1.0)
    for number, partner in enumerate(rows["partner"].tolist()):
        near = (region == region[partner]) & (np.arange(partners.count) != partner)
        share = weight * near
        rivals[number] = rng.choice(partners.count, p=share / share.sum())
    submitted = rows["submitted"].to_numpy() + rng.integers(2, 24, len(rows))
    return _frame(
        [f"rival {row}" for row in range(len(rows))],
        rivals,
        rows["customer"].to_numpy(),
        rows["product"].to_numpy(),
        np.full(len(rows), -1),
        submitted,
        submitted + rng.integers(1, 6, len(rows)),
        [CONFLICT] * len(rows),
        rows["hundreds"].to_numpy(),
        rows["key"].tolist(),
    )
