"""Risk: money outstanding, goods that pile up, sales where they should not be, silence."""

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
    last_days,
    medians,
    ratio,
    sums,
)
from tools.analytics.profile.kpi import Kpi, Measured
from tools.analytics.profile.mix import customers
from tools.analytics.profile.results import amounts, orders

QUARTER_END_DAYS = 10
SUPPLY_WEEKS = 13
"""Weeks of supply divide by the sell-through of a quarter."""


def _overdue(facts: Facts, window: Window) -> Measured:
    """Who owes nothing is punctual, but only where something fell due: silence is no virtue."""
    rows = facts.tables["receivable"]
    unpaid = rows[rows["open_amount"] > 0]
    late = unpaid[unpaid["due_on"] < facts.as_of]
    whole = sums(unpaid, "open_amount", facts.size)
    value = np.where(whole > 0, ratio(sums(late, "open_amount", facts.size), whole), 0.0)
    booked = counts(facts.rows("receivable", window), facts.size)
    return Measured(value, np.where(whole > 0, counts(unpaid, facts.size), booked))


def _dso(facts: Facts, window: Window) -> Measured:
    rows = facts.tables["receivable"]
    value = ratio(sums(rows, "open_amount", facts.size), amounts(facts, window)) * window.days
    return Measured(value, orders(facts, window))


def _delay(facts: Facts, window: Window) -> Measured:
    """Median days of the window's payments after the due day of their order's receivable."""
    paid = facts.rows("payment", window)
    due = facts.memo("due", facts.tables["receivable"].groupby("order_id")["due_on"].max)
    late = (paid["paid_on"] - pd.to_datetime(paid["order_id"].map(due))).dt.days
    matched = late.notna()
    return Measured(
        medians(paid[matched], late[matched], facts.size), counts(paid[matched], facts.size)
    )


def _collection(facts: Facts, window: Window) -> Measured:
    booked = facts.rows("receivable", window)
    paid = sums(facts.rows("payment", window), "amount", facts.size)
    return Measured(ratio(paid, sums(booked, "amount", facts.size)), counts(booked, facts.size))


def since_order(facts: Facts, window: Window) -> Floats:
    """Days from the last order to the end of the window, NaN where there is none."""
    last = last_days(facts.until("order_line", window.end_excl), "order_date", facts.size)
    gone = (window.end_excl - pd.Timedelta(days=1) - last).dt.days
    return np.asarray(gone, dtype=np.float64)


def intervals(facts: Facts, window: Window) -> tuple[Floats, Floats]:
    """Median days between a partner's order days up to the window's end, and how many there are."""
    return facts.memo(("intervals", window.end_excl), lambda: _intervals(facts, window))


def _intervals(facts: Facts, window: Window) -> tuple[Floats, Floats]:
    rows = facts.until("order_line", window.end_excl)[["at", "order_date"]]
    days = rows.drop_duplicates().sort_values(["at", "order_date"])
    gaps = days.groupby("at")["order_date"].diff().dt.days
    found = gaps.notna()
    return medians(days[found], gaps[found], facts.size), counts(days[found], facts.size)


def _since_order(facts: Facts, window: Window) -> Measured:
    return Measured(
        since_order(facts, window), counts(facts.until("order_line", window.end_excl), facts.size)
    )


def _interval(facts: Facts, window: Window) -> Measured:
    usual, sample = intervals(facts, window)
    return Measured(usual, sample)


def _silence(facts: Facts, window: Window) -> Measured:
    usual, sample = intervals(facts, window)
    return Measured(ratio(since_order(facts, window), np.maximum(usual, 1.0)), sample)


def _quarter_end(facts: Facts, window: Window) -> Measured:
    lines = facts.rows("order_line", window)
    last = lines["order_date"] + pd.offsets.QuarterEnd(0)
    late = lines[(last - lines["order_date"]).dt.days < QUARTER_END_DAYS]
    value = ratio(sums(late, "amount", facts.size), amounts(facts, window))
    return Measured(value, orders(facts, window))


def _in_over_through(facts: Facts, window: Window) -> Measured:
    """Units bought over units sold on, of products whose sell-through is reported at all."""
    through = facts.rows("sell_through", window)
    stocked = facts.tables["sell_through"]["product_id"].unique()
    lines = facts.rows("order_line", window)
    bought = sums(lines[lines["product_id"].isin(stocked)], "quantity", facts.size)
    return Measured(
        ratio(bought, sums(through, "quantity", facts.size)), counts(through, facts.size)
    )


def _weeks_of_supply(facts: Facts, window: Window) -> Measured:
    stock = facts.until("inventory_snapshot", window.end_excl)
    stock = stock[stock["snapshot_date"] == stock.groupby("at")["snapshot_date"].transform("max")]
    quarter = window.end_excl - pd.Timedelta(days=7 * SUPPLY_WEEKS + 1)
    sold = facts.until("sell_through", window.end_excl)
    sold = sold[sold["period_start"] >= quarter]
    weekly = sums(sold, "quantity", facts.size) / SUPPLY_WEEKS
    value = ratio(sums(stock, "units_balance", facts.size), weekly)
    return Measured(value, np.minimum(counts(stock, facts.size), counts(sold, facts.size)))


def _off_territory(facts: Facts, window: Window) -> Measured:
    rows = facts.rows("shipment", window).dropna(subset=["region_id"])
    own = facts.partners["region_id"]
    away = rows[rows["region_id"] != rows["at"].map(own)]
    whole = sums(rows, "quantity", facts.size)
    value = np.where(own.notna(), ratio(sums(away, "quantity", facts.size), whole), np.nan)
    return Measured(value, counts(rows, facts.size))


def _shared(facts: Facts, window: Window) -> Measured:
    mine = customers(facts, window)
    partners = mine.groupby("customer_id")["at"].transform("nunique")
    every = counts(mine, facts.size)
    return Measured(ratio(counts(mine[partners > 1], facts.size), every), every)


def _top_customer(facts: Facts, window: Window) -> Measured:
    mine = customers(facts, window)
    largest = mine.groupby("at")["amount"].max().reindex(range(facts.size))
    value = ratio(largest.to_numpy(dtype=np.float64), sums(mine, "amount", facts.size))
    return Measured(value, counts(mine, facts.size))


def _irregularity(facts: Facts, window: Window) -> Measured:
    """Coefficient of variation of monthly amounts, months without orders counted as zero."""
    lines = facts.rows("order_line", window)
    month = (lines["order_date"].dt.year * 12 + lines["order_date"].dt.month).astype("int64")
    grid = np.zeros((facts.size, window.months + 1))
    first = window.start.year * 12 + window.start.month
    np.add.at(grid, (lines["at"].to_numpy(), (month - first).to_numpy()), lines["amount"].fillna(0))
    grid = grid[:, : window.months] if window.start.day == 1 else grid
    return Measured(
        ratio(grid.std(axis=1), grid.mean(axis=1)), distinct(lines, "order_id", facts.size)
    )


_ORDERS = ("张订单", "orders")
_LINES = ("order_line",)

RISK: tuple[Kpi, ...] = (
    Kpi(
        "overdue_share",
        "risk",
        Unit.RATIO,
        "down",
        "逾期占比",
        "Overdue share",
        "未收金额中已过到期日的比例",
        "Share of what is unpaid that is past due",
        ("receivable",),
        "笔应收",
        "receivables",
        _overdue,
        today_only=True,
    ),
    Kpi(
        "dso",
        "risk",
        Unit.DAYS,
        "down",
        "应收周转天数",
        "Days sales outstanding",
        "未收金额 ÷ 期内进货额 × 期内天数",
        "Unpaid amount over sell-in, times the window's days",
        ("receivable", "order_line"),
        *_ORDERS,
        _dso,
        min_sample=3,
        today_only=True,
    ),
    Kpi(
        "payment_delay_days",
        "risk",
        Unit.DAYS,
        "down",
        "回款延迟",
        "Payment delay",
        "期内回款晚于到期日的中位天数（提前为负）",
        "Median days of payments after their due day (negative: early)",
        ("payment", "receivable"),
        "笔回款",
        "payments",
        _delay,
        min_sample=3,
    ),
    Kpi(
        "collection_rate",
        "risk",
        Unit.RATIO,
        "up",
        "回款率",
        "Collection rate",
        "期内回款 ÷ 期内新增应收",
        "Payments over what was booked as receivable in the window",
        ("receivable", "payment"),
        "笔应收",
        "receivables",
        _collection,
        min_sample=3,
    ),
    Kpi(
        "days_since_order",
        "risk",
        Unit.DAYS,
        "down",
        "距最近订单",
        "Since last order",
        "数据截至日距最近订单的天数",
        "Days from the last order to the as-of date",
        _LINES,
        "条订单行",
        "order lines",
        _since_order,
    ),
    Kpi(
        "order_interval_days",
        "risk",
        Unit.DAYS,
        "neutral",
        "下单间隔",
        "Order interval",
        "相邻下单日之间的中位天数",
        "Median days between order days",
        _LINES,
        "个间隔",
        "intervals",
        _interval,
        min_sample=3,
    ),
    Kpi(
        "silence",
        "risk",
        Unit.QUANTITY,
        "down",
        "沉默倍数",
        "Silence over interval",
        "距最近订单的天数 ÷ 其通常下单间隔",
        "Days since the last order over the usual interval",
        _LINES,
        "个间隔",
        "intervals",
        _silence,
        min_sample=3,
    ),
    Kpi(
        "order_irregularity",
        "risk",
        Unit.QUANTITY,
        "down",
        "订单波动",
        "Order irregularity",
        "月进货额的变异系数（无单月计零）",
        "Coefficient of variation of monthly sell-in",
        _LINES,
        *_ORDERS,
        _irregularity,
        min_sample=4,
    ),
    Kpi(
        "quarter_end_share",
        "risk",
        Unit.RATIO,
        "down",
        "季末进货占比",
        "Quarter-end share",
        "季度最后十天的进货额 ÷ 进货额",
        "Sell-in of quarters' last ten days over all",
        _LINES,
        *_ORDERS,
        _quarter_end,
        min_sample=4,
    ),
    Kpi(
        "sell_in_over_through",
        "risk",
        Unit.QUANTITY,
        "down",
        "进销比",
        "Sell-in over sell-through",
        "进货件数 ÷ 动销件数（有动销上报的产品）",
        "Units bought over units sold on, of products with reported sell-through",
        ("sell_through", "order_line"),
        "条动销记录",
        "sell-through records",
        _in_over_through,
        min_sample=3,
    ),
    Kpi(
        "weeks_of_supply",
        "risk",
        Unit.QUANTITY,
        "down",
        "库存周数",
        "Weeks of supply",
        "期末库存件数 ÷ 近一季周均动销",
        "Units in stock over a quarter's weekly sell-through",
        ("inventory_snapshot", "sell_through"),
        "条库存与动销记录",
        "stock and sell-through records",
        _weeks_of_supply,
    ),
    Kpi(
        "off_territory_share",
        "risk",
        Unit.RATIO,
        "down",
        "跨区发货占比",
        "Off-territory share",
        "发往其他大区的件数 ÷ 全部发货件数",
        "Units shipped to other regions over all",
        ("shipment",),
        "条出库记录",
        "shipments",
        _off_territory,
        min_sample=5,
    ),
    Kpi(
        "shared_customer_share",
        "risk",
        Unit.RATIO,
        "down",
        "共享客户占比",
        "Shared customers",
        "同期也向其他伙伴采购的客户比例",
        "Customers that bought from another partner as well",
        _LINES,
        "个客户",
        "customers",
        _shared,
        min_sample=3,
        columns=("order_line.customer_id",),
    ),
    Kpi(
        "top_customer_share",
        "risk",
        Unit.RATIO,
        "down",
        "最大客户占比",
        "Largest customer",
        "最大客户金额 ÷ 有客户记录的金额",
        "Amount of the largest customer over all named customers",
        _LINES,
        "个客户",
        "customers",
        _top_customer,
        min_sample=2,
        columns=("order_line.customer_id",),
    ),
)
