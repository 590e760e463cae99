"""The partners: who they are, of what character, who sells for them and who looks after them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from evals.world.companies import (
    INDUSTRIES,
    brands,
    credit_codes,
    partner_names,
    people,
    telephones,
)
from evals.world.geography import PROVINCES, REGIONS, Places, draw_provinces, settle
from evals.world.timeline import Bools, Floats, Ints, Timeline

GROWTH, STABLE, OPPORTUNIST, NEW = range(4)
ARCHETYPES = ("高潜力增长型", "稳定贡献型", "机会导向型", "新伙伴")
"""The planted characters; the last has too little history to be told apart."""

_ARCHETYPE_SHARE = (0.33, 0.36, 0.26, 0.05)
_TENURE_MONTHS = ((14, 40), (60, 140), (28, 90), (3, 8))
"""How long before the last day a partner of each archetype joined."""

KINDS = ("代理商", "经销商", "服务商", "ISV")
_KIND_SHARE = (0.3, 0.3, 0.22, 0.18)
TIERS = ("金牌", "银牌", "铜牌", "认证")
_TIER_SHARE = (0.12, 0.25, 0.33, 0.30)

_TIER, _OWNER, _STATUS = "等级", "渠道经理", "合作状态"
"""What the change log calls the attributes that change."""

FLAGSHIP, NAMESAKE = 0, 1
"""云帆 and 云舟, one character apart: they exist in every world, for stories and matching tests."""


@dataclass(frozen=True, slots=True)
class Partners:
    """All partners, in the order of their codes.

    Attributes:
        table: what the partner master shows (see `partner_table`).
        places: where each sits; the territory in which it may sell.
        archetype, kind, tier, focus: indices into `ARCHETYPES`, `KINDS`, `TIERS`, `INDUSTRIES`.
        size: relative business volume, median 1.
        stocking: keeps hardware in stock and sells it on.
        first_day: first day on which it may order (negative: before the simulation).
    """

    table: pd.DataFrame
    places: Places
    archetype: Ints
    kind: Ints
    tier: Ints
    focus: Ints
    size: Floats
    stocking: Bools
    first_day: Ints

    @property
    def codes(self) -> list[str]:
        """伙伴编码 of each."""
        return list(self.table["code"])

    @property
    def count(self) -> int:
        """Number of partners."""
        return len(self.archetype)


@dataclass(frozen=True, slots=True)
class People:
    """Salespeople of head office and of partners, and partners' contacts.

    Attributes:
        salespeople: code, name, manager, region, partner, office.
        seller_first, seller_count: per partner, the row of its first seller and how many it has.
        owner: per partner, the name of head office's channel manager.
        contacts: code, partner, name, title, phone, email, is_primary.
    """

    salespeople: pd.DataFrame
    seller_first: Ints
    seller_count: Ints
    owner: list[str]
    contacts: pd.DataFrame

    def seller(self, partners: Ints, draw: Floats) -> list[str]:
        """Codes of one of each partner's sellers, by a uniform draw in [0, 1)."""
        row = self.seller_first[partners] + (draw * self.seller_count[partners]).astype(np.int64)
        return list(self.salespeople["code"].to_numpy()[row])


def apportion(rng: np.random.Generator, count: int, shares: tuple[float, ...]) -> Ints:
    """`count` class numbers in random order, as near to `shares` as whole numbers allow."""
    exact = np.array(shares) / sum(shares) * count
    whole = np.floor(exact).astype(np.int64)
    short = count - int(whole.sum())
    whole[np.argsort(-(exact - whole), kind="stable")[:short]] += 1
    return rng.permutation(np.repeat(np.arange(len(shares)), whole))


def make_partners(rng: np.random.Generator, timeline: Timeline, count: int) -> Partners:
    """`count` partners; each province has one before any has two."""
    provinces = rng.permutation(draw_provinces(rng, count))
    for index, name in ((FLAGSHIP, "上海"), (NAMESAKE, "广东")):
        wanted = [province.name for province in PROVINCES].index(name)
        other = int(np.flatnonzero(provinces == wanted)[-1])
        provinces[[index, other]] = provinces[[other, index]]
    places = settle(rng, provinces)
    archetype = _with_flagship(apportion(rng, count, _ARCHETYPE_SHARE), GROWTH)
    kind = _with_flagship(apportion(rng, count, _KIND_SHARE), 0)
    size = np.exp(rng.normal(0.0, 0.55, count))
    size[FLAGSHIP] = 2.4
    ranking = np.argsort(np.argsort(-size * np.exp(rng.normal(0.0, 0.35, count))))
    tier = np.searchsorted(np.cumsum(_TIER_SHARE) * count, ranking, side="right").clip(0, 3)
    tier[FLAGSHIP] = 0
    low, high = np.array(_TENURE_MONTHS).T
    tenure = low[archetype] + rng.random(count) * (high - low)[archetype]
    joined = timeline.days - np.rint(tenure * 30.4).astype(np.int64)
    stocking = np.isin(kind, (0, 1)) & (rng.random(count) < 0.9)
    stocking &= np.isin(archetype, (GROWTH, STABLE))
    stocking[FLAGSHIP] = True
    focus = rng.integers(0, len(INDUSTRIES), count)
    table = _partner_table(rng, timeline, places, joined, size, kind, tier, focus)
    return Partners(table, places, archetype, kind, tier, focus, size, stocking, joined + 20)


def _with_flagship(classes: Ints, wanted: int) -> Ints:
    other = int(np.flatnonzero(classes == wanted)[0])
    classes[[FLAGSHIP, other]] = classes[[other, FLAGSHIP]]
    return classes


def _short_names(rng: np.random.Generator, places: Places) -> list[str]:
    """A brand each; the last partner shares the brand of one in another province."""
    count = len(places.city)
    fixed = ["云帆", "云舟"]
    others = [name for name in brands(rng, count + 2) if name not in fixed]
    names = (fixed + others)[:count]
    elsewhere = np.flatnonzero(places.province[2:-1] != places.province[-1]) + 2
    names[-1] = names[int(elsewhere[0])]
    return names


def _partner_table(
    rng: np.random.Generator,
    timeline: Timeline,
    places: Places,
    joined: Ints,
    size: Floats,
    kind: Ints,
    tier: Ints,
    focus: Ints,
) -> pd.DataFrame:
    count = len(size)
    short_names = _short_names(rng, places)
    names = partner_names(rng, tuple(short_names), places)
    names[FLAGSHIP], names[NAMESAKE] = (
        "云帆软件（上海）有限公司",
        f"{_city(places, NAMESAKE)}云舟软件有限公司",
    )
    codes = [f"P{number:04d}" for number in range(1, count + 1)]
    provinces = [PROVINCES[index] for index in places.province]
    employees = np.rint(size * rng.uniform(18, 60, count)).astype(np.int64) + 3
    street = rng.integers(1, 400, count)
    return pd.DataFrame(
        {
            "code": codes,
            "uscc": credit_codes(rng, places),
            "name": names,
            "short_name": short_names,
            "type": [KINDS[index] for index in kind],
            "tier": [TIERS[index] for index in tier],
            "status": "合作中",
            "region": [province.region for province in provinces],
            "territory": [province.name for province in provinces],
            "city": list(places.city),
            "country": "中国",
            "phone": telephones(rng, places.province),
            "email": [f"channel@{code.lower()}.example" for code in codes],
            "address": [
                f"{province.full_name}{city}高新区创业路{number}号"
                for province, city, number in zip(provinces, places.city, street, strict=True)
            ],
            "industry_focus": [INDUSTRIES[index] for index in focus],
            "employees": employees,
            "annual_revenue": np.rint(employees * rng.uniform(18, 42, count)).astype(np.int64)
            * 10_000,
            "joined_on": timeline.dates(joined),
        }
    )


def _city(places: Places, index: int) -> str:
    return places.city[index].removesuffix("市")


def partner_master(partners: Partners, owner: list[str], ended: dict[int, int]) -> pd.DataFrame:
    """The partner master of the last day: owners filled in, ended partners 已终止."""
    status = ["已终止" if index in ended else "合作中" for index in range(partners.count)]
    return partners.table.assign(owner=owner, status=status)


def ambiguous_short_names(partners: Partners) -> dict[str, list[str]]:
    """Short names that more than one partner bears, with the codes."""
    names = list(partners.table["short_name"])
    return {
        name: [code for code, other in zip(partners.codes, names, strict=True) if other == name]
        for name, times in Counter(names).items()
        if times > 1
    }


def make_people(rng: np.random.Generator, partners: Partners) -> People:
    """Head office's channel managers per 大区, each partner's sellers and contacts."""
    count = partners.count
    per_region = max(2, round(count / 60))
    managers = people(rng, per_region * len(REGIONS))
    rows: list[tuple[str, str, str, str, str | None, str]] = []
    for index, name in enumerate(managers):
        region = REGIONS[index // per_region]
        rows.append((f"S{index + 1:05d}", name, region.manager, region.name, None, "总部渠道部"))
    owner = [
        managers[region * per_region + pick % per_region]
        for region, pick in zip(
            partners.places.region.tolist(), rng.integers(0, 10**6, count).tolist(), strict=True
        )
    ]
    seller_count = 1 + rng.binomial(2, 0.4, count)
    seller_first = len(rows) + np.concatenate([[0], np.cumsum(seller_count)[:-1]])
    names = people(rng, int(seller_count.sum()))
    whose = np.repeat(np.arange(count), seller_count).tolist()
    table = partners.table
    for number, (name, partner) in enumerate(zip(names, whose, strict=True), len(rows) + 1):
        rows.append(
            (
                f"S{number:05d}",
                name,
                owner[partner],
                str(table["region"].iloc[partner]),
                str(table["code"].iloc[partner]),
                str(table["city"].iloc[partner]),
            )
        )
    columns = ["code", "name", "manager", "region", "partner", "office"]
    salespeople = pd.DataFrame(rows, columns=columns)
    return People(salespeople, seller_first, seller_count, owner, _contacts(rng, partners))


def _contacts(rng: np.random.Generator, partners: Partners) -> pd.DataFrame:
    per_partner = 1 + rng.binomial(2, 0.45, partners.count)
    whose = np.repeat(np.arange(partners.count), per_partner)
    number = np.arange(len(whose)) - np.repeat(np.cumsum(per_partner) - per_partner, per_partner)
    titles = ("总经理", "销售总监", "实施经理")
    codes = np.array(partners.codes)[whose]
    return pd.DataFrame(
        {
            "code": [f"{code}-{n + 1}" for code, n in zip(codes, number, strict=True)],
            "partner": codes,
            "name": people(rng, len(whose)),
            "title": [titles[n] for n in number],
            "phone": telephones(rng, partners.places.province[whose]),
            "email": [
                f"c{n + 1}@{code.lower()}.example" for code, n in zip(codes, number, strict=True)
            ],
            "is_primary": np.where(number == 0, "是", "否"),
        }
    )


def partner_history(
    rng: np.random.Generator,
    timeline: Timeline,
    partners: Partners,
    owner: list[str],
    ended: dict[int, int],
) -> pd.DataFrame:
    """Tier, owner and status of each partner over time; `ended`: partner → day it was let go."""
    rows: list[tuple[str, str, str, date, date | None]] = []
    moved = rng.random(partners.count)
    when = rng.integers(-400, timeline.days - 90, (partners.count, 2))
    previous_owner = people(rng, partners.count)
    for index, code in enumerate(partners.codes):
        joined = timeline.date_of(int(partners.first_day[index]) - 20)
        tier = int(partners.tier[index])
        past = {_TIER: _past_tier(tier, moved[index]), _OWNER: None, _STATUS: None}
        if moved[index] > 0.85:
            past[_OWNER] = previous_owner[index]
        now = {_TIER: TIERS[tier], _OWNER: owner[index]}
        now[_STATUS] = "合作中"
        changed = {
            _TIER: timeline.date_of(when[index, 0]),
            _OWNER: timeline.date_of(when[index, 1]),
        }
        if index in ended:
            past[_STATUS], now[_STATUS] = "合作中", "已终止"
            changed[_STATUS] = timeline.date_of(ended[index])
        for attribute, value in now.items():
            before = past[attribute]
            since = joined
            if before is not None and changed[attribute] > joined + timedelta(days=60):
                rows.append((code, attribute, before, joined, changed[attribute]))
                since = changed[attribute]
            rows.append((code, attribute, value, since, None))
    columns = ["partner", "attribute", "value", "valid_from", "valid_to"]
    return pd.DataFrame(rows, columns=columns)


def _past_tier(tier: int, draw: float) -> str | None:
    """Four in ten partners had another tier before: mostly the next lower one."""
    if draw < 0.3:
        return TIERS[min(tier + 1, 3)] if tier < 3 else None
    if draw < 0.4:
        return TIERS[max(tier - 1, 0)] if tier > 0 else None
    return None
