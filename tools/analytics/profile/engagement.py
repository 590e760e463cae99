"""Engagement: what a partner does with us besides ordering."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadline.types import Unit
from tools.analytics.profile.facts import (
    Facts,
    Window,
    counts,
    distinct,
    last_days,
    sums,
)
from tools.analytics.profile.kpi import Compute, Kpi, Measured

KINDS: dict[str, frozenset[str]] = {
    "login": frozenset(("login", "logins", "登录", "登陆")),
    "demo": frozenset(("demo", "演示", "产品演示")),
    "proposal": frozenset(("proposal", "方案", "方案提交", "报价")),
    "visit": frozenset(("visit", "拜访", "客户拜访")),
    "training": frozenset(("training", "course", "培训", "学习")),
}
"""Kinds of activities by what sources call them."""


def of_kind(facts: Facts, window: Window, kind: str) -> pd.DataFrame:
    """Activities of one kind in the window."""
    rows = facts.rows("activity", window)
    return rows[rows["kind"].isin(KINDS[kind])]


def _carried(facts: Facts, kind: str) -> bool:
    """Whether the source records this kind of activity at all."""
    return facts.memo(
        ("kind", kind), lambda: bool(facts.tables["activity"]["kind"].isin(KINDS[kind]).any())
    )


def number_of(kind: str) -> Compute:
    """A KPI that counts activities of one kind."""

    def compute(facts: Facts, window: Window) -> Measured:
        found = counts(of_kind(facts, window, kind), facts.size)
        value = found if _carried(facts, kind) else np.full(facts.size, np.nan)
        return Measured(value, found, facts.known("activity", window))

    return compute


def _logins(facts: Facts, window: Window) -> Measured:
    """Logins a month; a row may stand for several (its quantity)."""
    rows = of_kind(facts, window, "login")
    times = rows.assign(quantity=rows["quantity"].fillna(1.0))
    value = sums(times, "quantity", facts.size) / window.months
    if not _carried(facts, "login"):
        value = np.full(facts.size, np.nan)
    return Measured(value, counts(rows, facts.size), facts.known("activity", window))


def _active_days(facts: Facts, window: Window) -> Measured:
    found = distinct(facts.rows("activity", window), "happened_on", facts.size)
    return Measured(found, found, facts.known("activity", window))


def _days_since(facts: Facts, window: Window) -> Measured:
    rows = facts.until("activity", window.end_excl)
    last = last_days(rows, "happened_on", facts.size)
    gone = (window.end_excl - pd.Timedelta(days=1) - last).dt.days
    return Measured(gone.to_numpy(dtype=np.float64), counts(rows, facts.size))


_ACTIVITIES = ("条行为记录", "activities")
_NEEDS = ("activity",)

ENGAGEMENT: tuple[Kpi, ...] = (
    Kpi(
        "logins",
        "engagement",
        Unit.QUANTITY,
        "up",
        "月均登录次数",
        "Logins a month",
        "期内登录次数 ÷ 月数",
        "Logins over the months of the window",
        _NEEDS,
        *_ACTIVITIES,
        _logins,
        min_sample=0,
    ),
    Kpi(
        "days_since_activity",
        "engagement",
        Unit.DAYS,
        "down",
        "距最近行为",
        "Since last activity",
        "数据截至日距最近一次行为的天数",
        "Days from the last activity to the as-of date",
        _NEEDS,
        *_ACTIVITIES,
        _days_since,
    ),
    Kpi(
        "activity_days",
        "engagement",
        Unit.COUNT,
        "up",
        "活跃天数",
        "Active days",
        "期内有行为的不同日期数",
        "Different days with an activity",
        _NEEDS,
        "个活跃日",
        "active days",
        _active_days,
        min_sample=0,
    ),
    Kpi(
        "demos",
        "engagement",
        Unit.COUNT,
        "up",
        "演示次数",
        "Demos",
        "期内产品演示次数",
        "Product demonstrations in the window",
        _NEEDS,
        *_ACTIVITIES,
        number_of("demo"),
        min_sample=0,
    ),
    Kpi(
        "proposals",
        "engagement",
        Unit.COUNT,
        "up",
        "方案数",
        "Proposals",
        "期内提交的方案数",
        "Proposals in the window",
        _NEEDS,
        *_ACTIVITIES,
        number_of("proposal"),
        min_sample=0,
    ),
    Kpi(
        "visits",
        "engagement",
        Unit.COUNT,
        "up",
        "拜访次数",
        "Visits",
        "期内客户拜访次数",
        "Customer visits in the window",
        _NEEDS,
        *_ACTIVITIES,
        number_of("visit"),
        min_sample=0,
    ),
)
