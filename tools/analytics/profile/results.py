"""Results: what a partner buys, how it grows, what stays of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadline.types import Unit
from tools.analytics.profile.facts import (
    Facts,
    Floats,
    Window,
    counts,
    distinct,
    ratio,
    sums,
    trailing,
)
from tools.analytics.profile.kpi import Kpi, Measured

BASE_SHARE = 0.5
"""A window to compare with must have seen the partner for this share of it at least: growth over
the few weeks since a first order says nothing."""


def amounts(facts: Facts, window: Window) -> Floats:
    """Order amount per partner in the window."""
    return facts.memo(
        ("amount", window), lambda: sums(facts.rows("order_line", window), "amount", facts.size)
    )


def orders(facts: Facts, window: Window) -> Floats:
    """Different orders per partner in the window."""
    return facts.memo(
        ("orders", window),
        lambda: distinct(facts.rows("order_line", window), "order_id", facts.size),
    )


def seen_before(facts: Facts, window: Window) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Who had ordered for at least `BASE_SHARE` of the window before this one."""
    middle = window.start - pd.Timedelta(days=int(window.before.days * BASE_SHARE))
    return np.asarray(facts.first_order < middle, dtype=np.bool_)


def _sell_in(facts: Facts, window: Window) -> Measured:
    known = facts.known("order_line", window)
    return Measured(amounts(facts, window), orders(facts, window), known)


def _orders(facts: Facts, window: Window) -> Measured:
    found = orders(facts, window)
    return Measured(found, found, facts.known("order_line", window))


def _growth(facts: Facts, window: Window) -> Measured:
    before = np.where(seen_before(facts, window), amounts(facts, window.before), np.nan)
    value = ratio(amounts(facts, window), before) - 1
    return Measured(value, orders(facts, window) + orders(facts, window.before))


def _slope(facts: Facts, window: Window) -> Measured:
    """Least-squares slope of the amounts of the four last quarters over their mean."""
    last = trailing(window.end_excl - pd.Timedelta(days=1), 3)
    quarters = [last]
    for _ in range(3):
        quarters.append(quarters[-1].before)
    y = np.stack([amounts(facts, quarter) for quarter in reversed(quarters)])
    x = np.array([-1.5, -0.5, 0.5, 1.5])
    slope = (x[:, None] * y).sum(axis=0) / (x**2).sum()
    whole = np.asarray(facts.first_order < quarters[-1].end_excl, dtype=np.bool_)
    year = sum((orders(facts, quarter) for quarter in quarters), np.zeros(facts.size))
    return Measured(np.where(whole, ratio(slope, y.mean(axis=0)), np.nan), year)


def _attainment(facts: Facts, window: Window) -> Measured:
    reached, planned, periods = targeted(facts, window)
    return Measured(ratio(reached, planned), periods)


def targeted(facts: Facts, window: Window) -> tuple[Floats, Floats, Floats]:
    """Amount sold in, and planned for, the target periods that ended inside the window; how many.

    Only targets set for a partner itself count, and of them those of the shortest grain.
    """
    return facts.memo(("targeted", window), lambda: _targeted(facts, window))


def _targeted(facts: Facts, window: Window) -> tuple[Floats, Floats, Floats]:
    goals = own_targets(facts)
    ended = goals[(goals["period_start"] >= window.start) & (goals["end_excl"] <= window.end_excl)]
    lines = facts.tables["order_line"]
    sold = np.zeros(facts.size)
    for (start, end), group in ended.groupby(["period_start", "end_excl"]):
        inside = lines[(lines["order_date"] >= start) & (lines["order_date"] < end)]
        has = np.zeros(facts.size, dtype=bool)
        has[group["at"].to_numpy()] = True
        sold += np.where(has, sums(inside, "amount", facts.size), 0.0)
    return sold, sums(ended, "amount", facts.size), counts(ended, facts.size)


def own_targets(facts: Facts) -> pd.DataFrame:
    """Targets of amount set for one partner alone, with `end_excl`; the shortest grain it has."""
    return facts.memo("own_targets", lambda: _own_targets(facts))


_GRAIN_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def _own_targets(facts: Facts) -> pd.DataFrame:
    goals = facts.tables["target"]
    goals = goals[(goals["measure"] == "amount") & (goals["level"] == "partner")]
    months = goals["grain"].map(_GRAIN_MONTHS)
    goals = goals.assign(months=months).dropna(subset=["months", "period_start"])
    goals = goals[goals["months"] == goals.groupby("at")["months"].transform("min")]
    ends = [
        start + pd.DateOffset(months=int(length))
        for start, length in zip(goals["period_start"], goals["months"], strict=True)
    ]
    return goals.assign(end_excl=pd.to_datetime(pd.Series(ends, index=goals.index)))


def margins(facts: Facts, window: Window) -> Floats:
    """Amount less cost per partner, over lines whose cost is known; NaN without any."""
    lines = facts.rows("order_line", window)
    costed = lines[lines["cost_amount"].notna()]
    gain = sums(costed, "amount", facts.size) - sums(costed, "cost_amount", facts.size)
    return np.where(counts(costed, facts.size) > 0, gain, np.nan)


def _margin_rate(facts: Facts, window: Window) -> Measured:
    lines = facts.rows("order_line", window)
    costed = sums(lines[lines["cost_amount"].notna()], "amount", facts.size)
    return Measured(ratio(margins(facts, window), costed), orders(facts, window))


def _average_order(facts: Facts, window: Window) -> Measured:
    found = orders(facts, window)
    return Measured(ratio(amounts(facts, window), found), found)


def _return_rate(facts: Facts, window: Window) -> Measured:
    back = sums(facts.rows("sales_return", window), "amount", facts.size)
    return Measured(ratio(np.abs(back), amounts(facts, window)), orders(facts, window))


def _discount(facts: Facts, window: Window) -> Measured:
    lines = facts.rows("order_line", window)
    priced = lines[lines["list_amount"].notna() & lines["discount_amount"].notna()]
    given = sums(priced, "discount_amount", facts.size)
    return Measured(ratio(given, sums(priced, "list_amount", facts.size)), orders(facts, window))


def _active_months(facts: Facts, window: Window) -> Measured:
    lines = facts.rows("order_line", window)
    months = lines["order_date"].dt.year * 12 + lines["order_date"].dt.month
    found = distinct(lines.assign(month=months), "month", facts.size)
    return Measured(
        ratio(found, np.full(facts.size, float(window.months))).clip(max=1.0),
        orders(facts, window),
        facts.known("order_line", window),
    )


def _sell_through(facts: Facts, window: Window) -> Measured:
    rows = facts.rows("sell_through", window)
    known = facts.known("sell_through", window)
    return Measured(sums(rows, "amount", facts.size), counts(rows, facts.size), known)


_ORDERS = ("张订单", "orders")

RESULTS: tuple[Kpi, ...] = (
    Kpi(
        "sell_in",
        "results",
        Unit.MONEY,
        "up",
        "进货额",
        "Sell-in",
        "期内订单行金额之和",
        "Sum of order line amounts in the window",
        ("order_line",),
        *_ORDERS,
        _sell_in,
        min_sample=0,
    ),
    Kpi(
        "growth",
        "results",
        Unit.RATIO,
        "up",
        "进货增长率",
        "Sell-in growth",
        "期内进货额 ÷ 上一等长期间 − 1；上期须已合作半期以上",
        "Sell-in over that of the window before, less one; half of that window must be covered",
        ("order_line",),
        *_ORDERS,
        _growth,
        min_sample=2,
        whole_windows=2,
    ),
    Kpi(
        "quarter_slope",
        "results",
        Unit.RATIO,
        "up",
        "季度走势",
        "Quarterly slope",
        "近四个季度进货额的线性斜率 ÷ 季度均值",
        "Linear slope of the last four quarters' sell-in over their mean",
        ("order_line",),
        *_ORDERS,
        _slope,
        min_sample=4,
    ),
    Kpi(
        "attainment",
        "results",
        Unit.RATIO,
        "up",
        "目标完成率",
        "Target attainment",
        "期内已结束的目标期：实际 ÷ 目标",
        "Actual over target in the target periods that ended",
        ("target", "order_line"),
        "个目标期",
        "target periods",
        _attainment,
    ),
    Kpi(
        "gross_margin_rate",
        "results",
        Unit.RATIO,
        "up",
        "毛利率",
        "Gross margin",
        "(金额 − 成本) ÷ 金额",
        "Amount less cost, over amount",
        ("order_line",),
        *_ORDERS,
        _margin_rate,
        columns=("order_line.cost_amount",),
    ),
    Kpi(
        "average_order_value",
        "results",
        Unit.MONEY,
        "up",
        "客单价",
        "Average order value",
        "进货额 ÷ 订单数",
        "Sell-in per order",
        ("order_line",),
        *_ORDERS,
        _average_order,
        min_sample=3,
    ),
    Kpi(
        "orders",
        "results",
        Unit.COUNT,
        "up",
        "订单数",
        "Orders",
        "期内不同订单的个数",
        "Different orders in the window",
        ("order_line",),
        *_ORDERS,
        _orders,
        min_sample=0,
    ),
    Kpi(
        "return_rate",
        "results",
        Unit.RATIO,
        "down",
        "退货率",
        "Return rate",
        "退货金额 ÷ 进货额",
        "Amount returned over sell-in",
        ("order_line", "sales_return"),
        *_ORDERS,
        _return_rate,
        min_sample=3,
    ),
    Kpi(
        "discount_depth",
        "results",
        Unit.RATIO,
        "down",
        "折扣深度",
        "Discount depth",
        "折扣额 ÷ 目录价金额",
        "Discount over list amount",
        ("order_line",),
        *_ORDERS,
        _discount,
        columns=("order_line.list_amount", "order_line.discount_amount"),
    ),
    Kpi(
        "active_month_share",
        "results",
        Unit.RATIO,
        "up",
        "有单月份占比",
        "Months with orders",
        "有订单的月数 ÷ 期内月数",
        "Months with an order over the months of the window",
        ("order_line",),
        *_ORDERS,
        _active_months,
        min_sample=0,
    ),
    Kpi(
        "sell_through",
        "results",
        Unit.MONEY,
        "up",
        "动销额",
        "Sell-through",
        "伙伴上报的期内动销金额",
        "Sell-through that the partner reported for the window",
        ("sell_through",),
        "条动销记录",
        "sell-through records",
        _sell_through,
    ),
)
