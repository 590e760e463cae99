"""招标: threads of public notices, from announcement over correction to award."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from evals.world.companies import brands
from evals.world.geography import PROVINCES, draw_provinces, settle
from evals.world.partners import Partners
from evals.world.planting import Plan
from evals.world.products import HARDWARE, LINES
from evals.world.timeline import Timeline

_THREADS_A_MONTH = 8.0
_HOT_THREADS_A_MONTH = 2.5
"""Further ones in a hot spot while it lasts."""
_KINDS = ("公开招标", "竞争性磋商", "竞争性谈判", "询价", "单一来源")
_KIND_SHARE = (0.5, 0.2, 0.1, 0.1, 0.1)
_OPEN_DAYS = {"公开招标": 21, "竞争性磋商": 11, "竞争性谈判": 8, "询价": 6}
_BUYERS = (
    "职业技术学院",
    "中心医院",
    "水务集团有限公司",
    "公共交通集团有限公司",
    "产业投资集团有限公司",
    "人力资源服务中心",
)
_SUBJECTS = {
    "财务云": "财务共享平台建设项目",
    "供应链": "采购与物资供应链管理系统采购项目",
    "制造云": "数字化车间与生产制造管理系统项目",
    "人力云": "人力资源管理系统采购项目",
    "协同OA": "协同办公平台升级项目",
    "行业版": "一体化业务管理系统建设项目",
}
_AGENCIES = ("中招信采招标代理有限公司", "诚达招标咨询有限公司", "汇信项目管理有限公司")


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice of a thread; money in whole yuan."""

    thread: int
    kind: str
    project_name: str
    project_no: str
    purchaser: str
    agency: str
    province: int
    line: int
    budget: int
    award: int | None
    supplier: str | None
    published: date
    deadline: str | None


def make_notices(
    rng: np.random.Generator, timeline: Timeline, partners: Partners, plan: Plan
) -> tuple[Notice, ...]:
    """All notices by date. A fictional buyer in a real city asks for one product line."""
    days, provinces, lines = _openings(rng, timeline, plan)
    places = settle(rng, provinces)
    names = brands(rng, 300)
    notices: list[Notice] = []
    for thread, day in enumerate(days.tolist()):
        opening = _opening(
            rng,
            timeline,
            thread,
            int(day),
            int(provinces[thread]),
            places.city[thread],
            int(lines[thread]),
            names[thread % len(names)],
        )
        notices += _thread(rng, timeline, partners, opening)
    return tuple(sorted(notices, key=lambda notice: (notice.published, notice.thread, notice.kind)))


def _openings(
    rng: np.random.Generator, timeline: Timeline, plan: Plan
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], ...]:
    """Day, province and line of each thread's first notice."""
    count = round(_THREADS_A_MONTH * timeline.months)
    days = rng.integers(0, timeline.days, count)
    provinces = draw_provinces(rng, count)
    lines = rng.integers(0, HARDWARE, count)
    for spot in plan.hot_spots:
        first = int(timeline.month_first[spot.first_month])
        last = int(timeline.month_first[spot.last_month + 1])
        more = round(_HOT_THREADS_A_MONTH * (spot.last_month - spot.first_month + 1))
        days = np.concatenate([days, rng.integers(first, last, more)])
        provinces = np.concatenate([provinces, np.full(more, spot.province)])
        lines = np.concatenate([lines, np.full(more, spot.line)])
    by_day = np.argsort(days, kind="stable")
    return days[by_day], provinces[by_day], lines[by_day]


def _opening(
    rng: np.random.Generator,
    timeline: Timeline,
    thread: int,
    day: int,
    province: int,
    city: str,
    line: int,
    brand: str,
) -> Notice:
    kind = _KINDS[int(rng.choice(len(_KINDS), p=_KIND_SHARE))]
    published = timeline.date_of(day)
    purchaser = f"{city.removesuffix('市')}{brand}{_BUYERS[int(rng.integers(0, len(_BUYERS)))]}"
    open_days = _OPEN_DAYS.get(kind)
    deadline = None
    if open_days is not None:
        closing = published + timedelta(days=open_days + int(rng.integers(0, 4)))
        deadline = f"{closing} {('09:00', '09:30', '14:00')[int(rng.integers(0, 3))]}:00"
    return Notice(
        thread,
        kind,
        f"{purchaser}{_SUBJECTS[LINES[line]]}",
        f"{PROVINCES[province].adcode[:4]}-{published.year}-{thread + 1:04d}",
        purchaser,
        _AGENCIES[int(rng.integers(0, len(_AGENCIES)))],
        province,
        line,
        int(rng.integers(30, 620)) * 10_000,
        None,
        None,
        published,
        deadline,
    )


def _thread(
    rng: np.random.Generator, timeline: Timeline, partners: Partners, opening: Notice
) -> list[Notice]:
    """The opening and what follows it before the last day: a correction, an end."""
    notices = [opening]
    last = timeline.end
    if opening.deadline is not None and rng.random() < 0.12:
        moved = date.fromisoformat(opening.deadline[:10]) + timedelta(days=7)
        corrected = opening.published + timedelta(days=int(rng.integers(3, 6)))
        if corrected <= last:
            deadline = f"{moved} {opening.deadline[11:]}"
            notices.append(_followed(opening, "更正", corrected, deadline=deadline))
    closing = opening.published + timedelta(days=int(rng.integers(26, 45)))
    fate = rng.random()
    if closing > last or fate > 0.85:
        return notices
    if fate < 0.07:
        notices.append(_followed(opening, "废标", closing))
        return notices
    award = int(opening.budget * float(rng.uniform(0.8, 0.99)) / 100) * 100
    end = "中标" if opening.kind == "公开招标" else "成交"
    supplier = _supplier(rng, partners, opening.province)
    notices.append(_followed(opening, end, closing, award=award, supplier=supplier))
    return notices


def _followed(
    opening: Notice,
    kind: str,
    published: date,
    *,
    award: int | None = None,
    supplier: str | None = None,
    deadline: str | None = None,
) -> Notice:
    return Notice(
        opening.thread,
        kind,
        opening.project_name,
        opening.project_no,
        opening.purchaser,
        opening.agency,
        opening.province,
        opening.line,
        opening.budget,
        award,
        supplier,
        published,
        deadline,
    )


def _supplier(rng: np.random.Generator, partners: Partners, province: int) -> str:
    """Four awards in ten go to one of our partners in the province."""
    here = np.flatnonzero(partners.places.province == province)
    if len(here) and rng.random() < 0.4:
        return str(partners.table["name"].iloc[int(rng.choice(here))])
    return f"{PROVINCES[province].name}{brands(rng, 1)[0]}软件技术有限公司"


def tender_table(notices: tuple[Notice, ...], document_ids: list[str]) -> pd.DataFrame:
    """招标公告: budget in 万元, award in yuan, as portals mix them."""
    return pd.DataFrame(
        {
            "notice_id": [f"TN{number:05d}" for number in range(1, len(notices) + 1)],
            "notice_type": [notice.kind for notice in notices],
            "project_name": [notice.project_name for notice in notices],
            "project_no": [notice.project_no for notice in notices],
            "purchaser": [notice.purchaser for notice in notices],
            "agency": [notice.agency for notice in notices],
            "territory": [PROVINCES[notice.province].name for notice in notices],
            "budget_wan": [notice.budget // 10_000 for notice in notices],
            "award_amount": [notice.award for notice in notices],
            "supplier": [notice.supplier for notice in notices],
            "published_on": [notice.published for notice in notices],
            "deadline": [notice.deadline for notice in notices],
            "document": document_ids,
        }
    )
