"""宏观指标 with the day each value became known, and what competitors do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from evals.world.demand import MACRO_LEAD_MONTHS, Demand
from evals.world.geography import PROVINCES, REGIONS
from evals.world.planting import Plan
from evals.world.products import LINES
from evals.world.timeline import Timeline

CLIMATE = "区域数字化景气指数"
COMPETITORS = ("岚谷软件", "北砚云", "蓝垣科技", "赤霄数智")
"""Invented; the first is the one that attacks in the planted decline."""
AGGRESSOR = COMPETITORS[0]

_EVENTS_A_MONTH = 2.2
_PRICE, _RELEASE, _PROMOTION, _POLICY = "价格调整", "产品发布", "促销活动", "渠道政策"
_TITLES = {
    _PRICE: "{who}下调{line}产品报价，由每用户每年{old}元调整为{new}元",
    _RELEASE: "{who}发布新一代{line}产品",
    _PROMOTION: "{who}在{where}推出{line}限时优惠",
    _POLICY: "{who}调整{where}渠道政策，新增伙伴返利",
}


@dataclass(frozen=True, slots=True)
class CompetitorEvents:
    """The table of events, and the number of the one behind the planted decline."""

    table: pd.DataFrame
    cause: str


def macro_table(rng: np.random.Generator, timeline: Timeline, demand: Demand) -> pd.DataFrame:
    """Four series; revised ones stand once per vintage. Nothing is known after the last day."""
    rows: list[tuple[str, str | None, str | None, date, str, date, float, str]] = []
    pmi, industry = 50.2, 9.0
    for month in range(timeline.months):
        start, after = timeline.month_start(month), timeline.month_start(month + 1)
        pmi = 50.2 + 0.7 * (pmi - 50.2) + float(rng.normal(0, 0.35))
        industry = 9.0 + 0.8 * (industry - 9.0) + float(rng.normal(0, 0.6))
        rows.append(
            ("制造业PMI", None, None, start, "month", after - timedelta(days=1), round(pmi, 1), "%")
        )
        flash = round(industry + float(rng.normal(0, 0.3)), 1)
        name = "软件业务收入同比增速"
        rows.append((name, None, None, start, "month", after + timedelta(days=23), flash, "%"))
        rows.append(
            (name, None, None, start, "month", after + timedelta(days=54), round(industry, 1), "%")
        )
        for index, region in enumerate(REGIONS):
            true = 100 + 100 * float(demand.climate[index, month + MACRO_LEAD_MONTHS])
            for days, noise in ((9, 1.2), (40, 0.5)):
                value = round(true + float(rng.normal(0, noise)), 2)
                known = after + timedelta(days=days)
                rows.append((CLIMATE, region.name, None, start, "month", known, value, "指数"))
    rows += _province_growth(rng, timeline)
    columns = [
        "series", "region", "territory", "period_start", "grain", "vintage", "value", "unit",
    ]  # fmt: skip
    table = pd.DataFrame([row for row in rows if row[5] <= timeline.end], columns=columns)
    return table.sort_values(["vintage", "series", "period_start"], kind="stable")


def _province_growth(
    rng: np.random.Generator, timeline: Timeline
) -> list[tuple[str, str | None, str | None, date, str, date, float, str]]:
    """地区生产总值同比增速 per province and quarter: out after 25 days, revised after 85."""
    rows: list[tuple[str, str | None, str | None, date, str, date, float, str]] = []
    name = "地区生产总值同比增速"
    for quarter in timeline.quarters():
        start, after = timeline.date_of(quarter.first), timeline.date_of(quarter.last + 1)
        for province in PROVINCES:
            first = 5.0 + float(rng.normal(0, 0.8))
            final = first + float(rng.normal(0, 0.2))
            for days, value in ((25, first), (85, final)):
                known = after + timedelta(days=days)
                rows.append(
                    (name, None, province.name, start, "quarter", known, round(value, 1), "%")
                )
    return rows


def make_competitor_events(
    rng: np.random.Generator, timeline: Timeline, plan: Plan
) -> CompetitorEvents:
    """Invented competitors' moves, with the price attack that starts the planted decline."""
    count = round(_EVENTS_A_MONTH * timeline.months)
    days = np.sort(rng.integers(0, timeline.days, count)).tolist()
    rows = [_event(rng, timeline, int(day)) for day in days]
    announced = timeline.date_of(plan.decline_announced)
    share = 1 - 0.28
    old = 1180.0
    planted = _row(AGGRESSOR, _PRICE, announced, REGIONS[0].name, "财务云", old, round(old * share))
    rows.append(planted)
    rows.sort(key=lambda row: (row[2], row[0]))
    columns = [
        "competitor",
        "kind",
        "happened_on",
        "region",
        "line",
        "title",
        "old_value",
        "new_value",
    ]
    table = pd.DataFrame(rows, columns=columns)
    numbers = [f"CP{number:04d}" for number in range(1, len(rows) + 1)]
    table.insert(0, "event_no", numbers)
    table["url"] = [
        f"https://news.channel-watch.example/{number.lower()}.html" for number in numbers
    ]
    return CompetitorEvents(table, numbers[rows.index(planted)])


_Row = tuple[str, str, date, str | None, str, str, float | None, float | None]


def _event(rng: np.random.Generator, timeline: Timeline, day: int) -> _Row:
    who = COMPETITORS[int(rng.integers(0, len(COMPETITORS)))]
    kind = (_PRICE, _RELEASE, _PROMOTION, _POLICY)[int(rng.choice(4, p=[0.2, 0.3, 0.25, 0.25]))]
    region = REGIONS[int(rng.integers(0, len(REGIONS)))].name
    line = LINES[int(rng.integers(0, len(LINES) - 1))]
    old = float(rng.integers(40, 260) * 10)
    new = float(round(old * float(rng.uniform(0.86, 1.06)), -1))
    priced = kind == _PRICE
    local = kind in (_PROMOTION, _POLICY)
    return _row(
        who,
        kind,
        timeline.date_of(day),
        region if local else None,
        line,
        old if priced else None,
        new if priced else None,
    )


def _row(
    who: str,
    kind: str,
    day: date,
    region: str | None,
    line: str,
    old: float | None,
    new: float | None,
) -> _Row:
    title = _TITLES[kind].format(
        who=who,
        line=line,
        where=region or "全国",
        old=f"{old or 0:.0f}",
        new=f"{new or 0:.0f}",
    )
    if new is not None and old is not None and new > old:
        title = title.replace("下调", "上调")
    return who, kind, day, region, line, title, old, new
