"""行为, 认证, 市场基金: how partners keep in touch, learn, and claim."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evals.world.companies import people as invented_people
from evals.world.customers import Customers
from evals.world.partners import Partners, People
from evals.world.pipeline import Opportunities
from evals.world.planting import Plan, activity_factor
from evals.world.products import LINES
from evals.world.timeline import Floats, Ints, Timeline

KINDS = ("登录", "培训", "演示", "方案", "拜访")
LOGIN, TRAINING, DEMO, PROPOSAL, VISIT = range(5)

_LOGINS_A_WEEK = np.array([15.0, 7.0, 2.0, 7.0])
_TRAININGS_A_MONTH = np.array([0.8, 0.4, 0.08, 0.9])
_PER_DEAL = np.array([[0.8, 0.7, 1.2], [0.6, 0.55, 0.8], [0.22, 0.25, 0.3], [0.7, 0.5, 0.9]])
"""Demos, proposals and visits per opportunity, by archetype."""
_QUIET_SHARE = 0.1
"""Partners whose logins fall for ten weeks although nothing is wrong."""
_VALID_DAYS = 730
_HEADS = np.array([6.0, 5.0, 1.6, 2.5])
_CLAIMS_A_QUARTER = np.array([0.7, 0.45, 0.2, 0.06])


def activity_table(
    rng: np.random.Generator,
    timeline: Timeline,
    partners: Partners,
    people: People,
    plan: Plan,
    customers: Customers,
    deals: Opportunities,
) -> pd.DataFrame:
    """All activities by day: weekly login counts, trainings, and what was done for deals."""
    logins = _logins(rng, timeline, partners, plan)
    trainings = _trainings(rng, timeline, partners, plan)
    deal_work = _deal_work(rng, timeline, partners, plan, deals)
    partner, day, kind, quantity, deal = (
        np.concatenate(columns) for columns in zip(logins, trainings, deal_work, strict=True)
    )
    by_day = np.lexsort((partner, kind, day))
    partner, day, kind, quantity, deal = (
        column[by_day] for column in (partner, day, kind, quantity, deal)
    )
    count = len(partner)
    seller = np.array(people.seller(partner, rng.random(count)), dtype=object)
    passed = np.where(rng.random(count) < 0.86, "通过", "未通过")
    done = np.where(rng.random(count) < 0.93, "已完成", "已改期")
    customer = np.where(deal >= 0, deals.customer[deal], -1) if deals.count else deal
    serial = np.char.zfill(np.arange(1, count + 1).astype(str), 7)
    proof = np.char.add(np.char.add("https://portal.example/proof/", serial), ".pdf")
    work = kind != LOGIN
    nothing = np.full(count, None, dtype=object)
    return pd.DataFrame(
        {
            "activity_no": np.char.add("AC", serial),
            "partner": np.array(partners.codes)[partner],
            "salesperson": np.where(work, seller, nothing),
            "customer": customers.code(customer),
            "kind": np.array(KINDS)[kind],
            "happened_on": timeline.dates(day),
            "quantity": quantity,
            "evidence": np.where(work, proof.astype(object), nothing),
            "result": np.where(
                work, np.where(kind == TRAINING, passed, done).astype(object), nothing
            ),
        }
    )


_Columns = tuple[Ints, Ints, Ints, Ints, Ints]
"""partner, day, kind, quantity, deal (or -1)."""


def _active(timeline: Timeline, partners: Partners, plan: Plan, partner: Ints, day: Ints) -> Floats:
    joined = (day >= partners.first_day[partner] - 15) & (day >= 0) & (day < timeline.days)
    return np.where(joined, activity_factor(plan, partner, day), 0.0)


def _logins(
    rng: np.random.Generator, timeline: Timeline, partners: Partners, plan: Plan
) -> _Columns:
    weeks = timeline.days // 7
    partner = np.repeat(np.arange(partners.count), weeks)
    week = np.tile(np.arange(weeks), partners.count)
    day = week * 7 + rng.integers(0, 5, len(week))
    rhythm = np.add.reduceat(timeline.weight[: weeks * 7], np.arange(0, weeks * 7, 7)) / 7
    habit = np.sqrt(partners.size) * np.exp(rng.normal(0, 0.2, partners.count))
    level = (_LOGINS_A_WEEK[partners.archetype] * habit)[partner] * np.minimum(rhythm, 1.1)[week]
    quiet_from = np.where(
        rng.random(partners.count) < _QUIET_SHARE, rng.integers(10, weeks - 12, partners.count), -99
    )
    since = week - quiet_from[partner]
    level = np.where((since >= 0) & (since < 10), level * 0.3, level)
    count = rng.poisson(level * _active(timeline, partners, plan, partner, day))
    rows = np.flatnonzero(count)
    none = np.full(len(rows), -1, dtype=np.int64)
    return partner[rows], day[rows], np.full(len(rows), LOGIN), count[rows], none


def _trainings(
    rng: np.random.Generator, timeline: Timeline, partners: Partners, plan: Plan
) -> _Columns:
    cells = np.repeat(np.arange(partners.count * timeline.months), 2)
    partner, month = np.divmod(cells, timeline.months)
    day = timeline.draw_days(rng, month)
    chance = _TRAININGS_A_MONTH[partners.archetype[partner]] / 2
    chance = chance * _active(timeline, partners, plan, partner, day)
    rows = np.flatnonzero(rng.random(len(cells)) < chance)
    heads = rng.integers(1, 7, len(rows))
    none = np.full(len(rows), -1, dtype=np.int64)
    return partner[rows], day[rows], np.full(len(rows), TRAINING), heads, none


def _deal_work(
    rng: np.random.Generator,
    timeline: Timeline,
    partners: Partners,
    plan: Plan,
    deals: Opportunities,
) -> _Columns:
    times = rng.poisson(_PER_DEAL[partners.archetype[deals.partner]])
    cell = np.repeat(np.arange(times.size), times.ravel())
    deal, column = np.divmod(cell, times.shape[1])
    kind = np.array((DEMO, PROPOSAL, VISIT))[column]
    length = deals.closed[deal] - deals.created[deal]
    day = deals.created[deal] + np.floor(rng.random(len(deal)) * length).astype(np.int64)
    partner = deals.partner[deal]
    kept = rng.random(len(deal)) < _active(timeline, partners, plan, partner, day)
    one = np.ones(int(kept.sum()), dtype=np.int64)
    return partner[kept], day[kept], kind[kept], one, deal[kept]


def certification_table(
    rng: np.random.Generator, timeline: Timeline, partners: Partners, plan: Plan
) -> pd.DataFrame:
    """认证: valid two years, mostly renewed; who is about to leave does not renew."""
    heads = 1 + rng.poisson(_HEADS[partners.archetype] * np.sqrt(partners.size))
    partner = np.repeat(np.arange(partners.count), heads)
    holders = np.array(invented_people(rng, len(partner)), dtype=object)
    subject = rng.integers(0, len(LINES) - 1, len(partner))
    first = partners.first_day[partner].clip(-_VALID_DAYS + 30)
    first = first + (rng.random(len(partner)) * (timeline.days - first - 5)).astype(np.int64)
    frames: list[pd.DataFrame] = []
    alive = first < plan.leaves[partner]
    issued = first
    while alive.any():
        frames.append(
            pd.DataFrame(
                {
                    "partner": np.array(partners.codes)[partner[alive]],
                    "holder": holders[alive],
                    "subject": [f"{LINES[index]}认证顾问" for index in subject[alive]],
                    "issued_on": timeline.dates(issued[alive]),
                    "expires_on": timeline.dates(issued[alive] + _VALID_DAYS),
                }
            )
        )
        issued = issued + _VALID_DAYS - rng.integers(0, 40, len(issued))
        alive = alive & (issued < timeline.days) & (rng.random(len(issued)) < 0.85)
        alive &= activity_factor(plan, partner, issued) > 0.8
    table = pd.concat(frames, ignore_index=True).sort_values("issued_on", kind="stable")
    table.insert(0, "cert_no", [f"CE{number:06d}" for number in range(1, len(table) + 1)])
    return table


def claim_table(
    rng: np.random.Generator, timeline: Timeline, partners: Partners, plan: Plan
) -> pd.DataFrame:
    """市场基金: claims by tier; two in three approved in full."""
    quarters = -(-timeline.months // 3)
    cells = np.arange(partners.count * quarters)
    partner, quarter = np.divmod(cells, quarters)
    day = quarter * 91 + rng.integers(0, 91, len(cells))
    chance = _CLAIMS_A_QUARTER[partners.tier[partner]]
    chance = chance * (_active(timeline, partners, plan, partner, day) > 0.5)
    rows = np.flatnonzero((rng.random(len(cells)) < chance) & (day < timeline.days))
    rows = rows[np.argsort(day[rows], kind="stable")]
    amount = rng.integers(8, 60, len(rows)) * 1000
    part = rng.choice(np.array([1.0, 0.8, 0.5, 0.0]), len(rows), p=[0.66, 0.14, 0.1, 0.1])
    recent = day[rows] > timeline.days - 25
    approved = np.where(recent, np.nan, amount * part)
    purposes = ("行业研讨会", "线上推广", "样板客户活动", "展会参展", "客户答谢会")
    status = np.where(
        part == 0, "已驳回", np.where(day[rows] > timeline.days - 60, "已批准", "已核销")
    )
    return pd.DataFrame(
        {
            "claim_no": [f"MD{number:05d}" for number in range(1, len(rows) + 1)],
            "partner": np.array(partners.codes)[partner[rows]],
            "claimed_on": timeline.dates(day[rows]),
            "amount": amount,
            "approved_amount": approved,
            "status": np.where(recent, "审批中", status),
            "purpose": [purposes[pick] for pick in rng.integers(0, 5, len(rows))],
        }
    )
