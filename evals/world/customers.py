"""End customers: whom a partner sells to, who comes back, and who belongs to somebody else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evals.world.companies import INDUSTRIES, credit_codes, customer_names
from evals.world.geography import (
    PROVINCE_WEIGHT,
    PROVINCES,
    REGION_OF_PROVINCE,
    Places,
    settle,
)
from evals.world.partners import Partners
from evals.world.planting import Diversion, Plan
from evals.world.timeline import Bools, Ints

NEW_SALE, RENEWAL, EXPANSION = range(3)
ORDER_TYPES = ("新签", "续费", "增购")

NOBODY = -1
"""Customer of an order that fills a partner's own stock."""

_NEW_SHARE = np.array([0.42, 0.14, 0.5, 0.85])
"""Share of orders that come from a customer not served before, by archetype."""
_BASE_LOW, _BASE_HIGH = np.array([2, 12, 4, 0]), np.array([6, 30, 9, 1])
"""Customers that a partner has when the simulation begins, by archetype."""
_RENEWAL_AGE_DAYS = 330
_FAR_SHARE = np.array([0.91, 0.98])
"""Cumulative: own province, another of the same 大区, anywhere."""


@dataclass(frozen=True, slots=True)
class Customers:
    """All customers, in the order of their codes.

    Attributes:
        partner: who looks after each.
        places: where each sits.
        industry: index into `INDUSTRIES`.
        prospect: has not ordered (yet).
    """

    partner: Ints
    places: Places
    industry: Ints
    prospect: Bools

    @property
    def count(self) -> int:
        """Number of customers."""
        return len(self.partner)

    def code(self, index: Ints) -> list[str | None]:
        """客户编码 of each; None for `NOBODY`."""
        return [None if number < 0 else f"C{number + 1:06d}" for number in index.tolist()]


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who buys: per order a customer and an order type; per order the diversion case or -1."""

    customers: Customers
    customer: Ints
    order_type: Ints
    case: Ints


def assign_customers(
    rng: np.random.Generator, partners: Partners, plan: Plan, partner: Ints, day: Ints, stock: Bools
) -> Assignment:
    """Give every order that is not for stock a customer.

    `partner`, `day` and `stock` describe the orders, sorted by day.
    """
    case = _cases(rng, plan, partner, day, stock)
    regular = np.flatnonzero(~stock & (case < 0))
    by_partner = regular[np.argsort(partner[regular], kind="stable")]
    who = partner[by_partner]
    base = rng.integers(_BASE_LOW[partners.archetype], _BASE_HIGH[partners.archetype] + 1)
    base = np.where(partners.first_day < -200, base, 0)
    first_row = np.searchsorted(who, who)
    new = rng.random(len(who)) < _NEW_SHARE[partners.archetype[who]]
    new |= (first_row == np.arange(len(who))) & (base[who] == 0)
    total = np.cumsum(new)
    known = base[who] + total - (total - new)[first_row]
    again = np.floor(rng.random(len(who)) * (known - new)).astype(np.int64)
    local = np.where(new, known - 1, again)
    served = base + np.bincount(who[new], minlength=partners.count)
    extra = np.rint(served * 0.3).astype(np.int64) + 3
    first = np.concatenate([[0], np.cumsum(served + extra)])
    customers = _make_customers(rng, partners, plan, served, extra)
    customer = np.full(len(partner), NOBODY, dtype=np.int64)
    customer[by_partner] = first[who] + local
    _divert(rng, partners, plan, customers, case, customer)
    return Assignment(customers, customer, _order_types(rng, customer, day, first, base), case)


def _cases(rng: np.random.Generator, plan: Plan, partner: Ints, day: Ints, stock: Bools) -> Ints:
    """Which orders go abroad: a share of those in each case's window, never fewer than six."""
    case = np.full(len(partner), -1, dtype=np.int64)
    for number, diversion in enumerate(plan.diversion):
        inside = (partner == diversion.partner) & ~stock
        inside &= (day >= diversion.first) & (day <= diversion.last)
        rows = np.flatnonzero(inside)
        count = min(len(rows), max(6, round(len(rows) * diversion.share)))
        case[rng.permutation(rows)[:count]] = number
    return case


def _make_customers(
    rng: np.random.Generator, partners: Partners, plan: Plan, served: Ints, extra: Ints
) -> Customers:
    """Customers partner by partner (served ones first), then those of the diversion cases."""
    partner = np.repeat(np.arange(partners.count), served + extra)
    rank = np.arange(len(partner)) - np.repeat(
        np.cumsum(served + extra) - (served + extra), served + extra
    )
    prospect = rank >= served[partner]
    province = _provinces_near(rng, partners.places.province[partner])
    for diversion in plan.diversion:
        count = 6 if diversion.approved else 4
        partner = np.concatenate([partner, np.full(count, diversion.partner)])
        prospect = np.concatenate([prospect, np.zeros(count, dtype=bool)])
        abroad = _provinces_in(rng, diversion.target_region, count)
        province = np.concatenate([province, abroad])
    industry = np.where(
        rng.random(len(partner)) < 0.4,
        partners.focus[partner],
        rng.integers(0, len(INDUSTRIES), len(partner)),
    )
    return Customers(partner, settle(rng, province), industry, prospect)


def _provinces_near(rng: np.random.Generator, home: Ints) -> Ints:
    """Mostly the partner's own province, sometimes a neighbour in the 大区, rarely any."""
    draw = rng.random(len(home))
    near = home.copy()
    for region in range(int(REGION_OF_PROVINCE.max()) + 1):
        rows = np.flatnonzero(
            (REGION_OF_PROVINCE[home] == region) & (draw >= _FAR_SHARE[0]) & (draw < _FAR_SHARE[1])
        )
        near[rows] = _provinces_in(rng, region, len(rows))
    far = np.flatnonzero(draw >= _FAR_SHARE[1])
    share = PROVINCE_WEIGHT / PROVINCE_WEIGHT.sum()
    near[far] = rng.choice(len(PROVINCES), len(far), p=share)
    return near


def _provinces_in(rng: np.random.Generator, region: int, count: int) -> Ints:
    members = np.flatnonzero(region == REGION_OF_PROVINCE)
    share = PROVINCE_WEIGHT[members] / PROVINCE_WEIGHT[members].sum()
    return rng.choice(members, count, p=share).astype(np.int64)


def _divert(
    rng: np.random.Generator,
    partners: Partners,
    plan: Plan,
    customers: Customers,
    case: Ints,
    customer: Ints,
) -> None:
    """Write the customers of diverted orders into `customer`.

    Half of a true case's orders go to customers that another partner serves there, half to
    customers of its own there; an approved case has only its own national accounts.
    """
    cursor = customers.count - sum(6 if d.approved else 4 for d in plan.diversion)
    served = np.unique(customer[customer != NOBODY])
    region = REGION_OF_PROVINCE[customers.places.province]
    for number, diversion in enumerate(plan.diversion):
        own = np.arange(cursor, cursor + (6 if diversion.approved else 4))
        cursor += len(own)
        rows = np.flatnonzero(case == number)
        customer[rows] = rng.choice(own, len(rows))
        if diversion.approved:
            continue
        native = served[_native(partners, customers, served, region, diversion)]
        poached = rng.permutation(native)[:5]
        taken = rows[rng.random(len(rows)) < 0.5]
        if len(poached):
            customer[taken] = rng.choice(poached, len(taken))


def _native(
    partners: Partners, customers: Customers, served: Ints, region: Ints, diversion: Diversion
) -> Bools:
    owner_region = partners.places.region[customers.partner[served]]
    here: Bools = region[served] == diversion.target_region
    return np.asarray(here & (owner_region == diversion.target_region))


def _order_types(
    rng: np.random.Generator, customer: Ints, day: Ints, first: Ints, base: Ints
) -> Ints:
    """新签 for a customer's first order, 续费 or 增购 later; stock orders are 增购."""
    order_type = np.full(len(customer), EXPANSION, dtype=np.int64)
    rows = np.flatnonzero(customer != NOBODY)
    who = customer[rows]
    _, first_row, inverse = np.unique(who, return_index=True, return_inverse=True)
    since = day[rows][first_row]
    rank = who - first[np.searchsorted(first, who, side="right") - 1]
    owner = np.minimum(np.searchsorted(first, who, side="right") - 1, len(base) - 1)
    old = (rank < base[owner]) & (who < first[-1])
    age = np.where(old, 10_000, day[rows] - since[inverse])
    kind = np.where((age >= _RENEWAL_AGE_DAYS) & (rng.random(len(rows)) < 0.62), RENEWAL, EXPANSION)
    opening = np.zeros(len(rows), dtype=bool)
    opening[first_row] = True
    order_type[rows] = np.where(opening & ~old, NEW_SALE, kind)
    return order_type


_SIZES = ("大型", "中型", "小型", "微型")


def customer_table(rng: np.random.Generator, customers: Customers) -> pd.DataFrame:
    """The customer master. One customer in five has no 统一社会信用代码 on file."""
    count = customers.count
    size = rng.choice(4, count, p=[0.1, 0.3, 0.42, 0.18])
    staff = np.rint(np.array([1500, 320, 70, 12])[size] * np.exp(rng.normal(0, 0.4, count)))
    revenue = np.rint(staff * rng.uniform(25, 70, count)) * 10_000
    provinces = [PROVINCES[index] for index in customers.places.province]
    codes = credit_codes(rng, customers.places)
    known = rng.random(count) < 0.8
    return pd.DataFrame(
        {
            "code": customers.code(np.arange(count)),
            "uscc": [code if keep else None for code, keep in zip(codes, known, strict=True)],
            "name": customer_names(rng, customers.industry, customers.places),
            "industry": [INDUSTRIES[index] for index in customers.industry],
            "size": [_SIZES[index] for index in size],
            "region": [province.region for province in provinces],
            "territory": [province.name for province in provinces],
            "city": list(customers.places.city),
            "country": "中国",
            "employees": staff.astype(np.int64),
            "annual_revenue": revenue.astype(np.int64),
            "founded_year": rng.integers(1992, 2022, count),
        }
    )
