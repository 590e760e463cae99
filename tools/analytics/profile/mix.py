"""Results, continued: which customers and products a partner's sell-in is made of."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadline.types import Unit
from tools.analytics.profile.facts import Facts, Window, counts, ratio, sums
from tools.analytics.profile.kpi import Kpi, Measured
from tools.analytics.profile.results import amounts, orders

NEW_PRODUCT_MONTHS = 24
"""A product is new for so long after its launch."""

RECURRING = r"订阅|续费|维护|运维|服务费|subscription|saas|maintenance|recurring"
"""Product categories that are paid again and again, by what sources call them."""


def _recurring_share(facts: Facts, window: Window) -> Measured:
    category = facts.catalogue["product"]["category"].astype("str")
    recurring = category.str.contains(RECURRING, case=False)
    if not recurring.any():
        return Measured(np.full(facts.size, np.nan), orders(facts, window))
    lines = facts.rows("order_line", window)
    again = lines[lines["product_id"].isin(recurring.index[recurring])]
    part = sums(again, "amount", facts.size)
    return Measured(ratio(part, amounts(facts, window)), orders(facts, window))


def customers(facts: Facts, window: Window) -> pd.DataFrame:
    """One row per partner and end customer of the window: `at`, `customer_id`, `amount`."""
    return facts.memo(("customers", window), lambda: _customers(facts, window))


def _customers(facts: Facts, window: Window) -> pd.DataFrame:
    lines = facts.rows("order_line", window).dropna(subset=["customer_id"])
    return lines.groupby(["at", "customer_id"])["amount"].sum().reset_index()


def _active_customers(facts: Facts, window: Window) -> Measured:
    found = counts(customers(facts, window), facts.size)
    return Measured(found, found)


def _new_customer_share(facts: Facts, window: Window) -> Measured:
    lines = facts.tables["order_line"]
    first = lines.groupby(["at", "customer_id"])["order_date"].min().reset_index()
    inside = first["order_date"].between(window.start, window.end_excl, inclusive="left")
    every = counts(customers(facts, window), facts.size)
    return Measured(ratio(counts(first[inside], facts.size), every), every)


def _retention(facts: Facts, window: Window) -> Measured:
    before = customers(facts, window.before)[["at", "customer_id"]]
    kept = before.merge(customers(facts, window)[["at", "customer_id"]])
    base = counts(before, facts.size)
    return Measured(ratio(counts(kept, facts.size), base), base)


def _net_retention(facts: Facts, window: Window) -> Measured:
    before = customers(facts, window.before)
    kept = before[["at", "customer_id"]].merge(customers(facts, window))
    base = sums(before, "amount", facts.size)
    value = ratio(sums(kept, "amount", facts.size), base)
    return Measured(value, counts(before, facts.size))


def _hhi(facts: Facts, window: Window) -> Measured:
    lines = facts.rows("order_line", window)
    line = lines["product_id"].map(facts.catalogue["product"]["line"])
    parts = lines.assign(line=line).groupby(["at", "line"])["amount"].sum().reset_index()
    parts["amount"] = parts["amount"].clip(lower=0)
    whole = sums(parts, "amount", facts.size)
    squares = sums(parts.assign(amount=parts["amount"] ** 2), "amount", facts.size)
    return Measured(ratio(squares, whole**2), orders(facts, window))


def _new_product_share(facts: Facts, window: Window) -> Measured:
    lines = facts.rows("order_line", window)
    launched = pd.to_datetime(lines["product_id"].map(facts.catalogue["product"]["launched_on"]))
    if launched.isna().all():
        return Measured(np.full(facts.size, np.nan), orders(facts, window))
    young = launched > lines["order_date"] - pd.DateOffset(months=NEW_PRODUCT_MONTHS)
    part = sums(lines[young], "amount", facts.size)
    return Measured(ratio(part, amounts(facts, window)), orders(facts, window))


def _region_share(facts: Facts, window: Window) -> Measured:
    lines = facts.rows("order_line", window)
    region = facts.partners["region_id"]
    whole = lines.groupby("region_id")["amount"].sum()
    inside = sums(lines[lines["region_id"] == lines["at"].map(region)], "amount", facts.size)
    value = ratio(inside, region.map(whole).to_numpy(dtype=np.float64))
    return Measured(value, orders(facts, window))


_ORDERS = ("张订单", "orders")
_CUSTOMERS = ("个客户", "customers")

MIX: tuple[Kpi, ...] = (
    Kpi(
        "recurring_share",
        "results",
        Unit.RATIO,
        "up",
        "订阅收入占比",
        "Recurring share",
        "订阅、维护类产品金额 ÷ 进货额",
        "Amount of subscriptions and maintenance over sell-in",
        ("order_line",),
        *_ORDERS,
        _recurring_share,
    ),
    Kpi(
        "active_customers",
        "results",
        Unit.COUNT,
        "up",
        "活跃客户数",
        "Active customers",
        "期内有订单的不同终端客户数",
        "Different end customers with an order in the window",
        ("order_line",),
        *_CUSTOMERS,
        _active_customers,
        columns=("order_line.customer_id",),
    ),
    Kpi(
        "new_customer_share",
        "results",
        Unit.RATIO,
        "up",
        "新客户占比",
        "New-customer share",
        "首次经该伙伴下单在期内的客户 ÷ 活跃客户",
        "Customers whose first order through the partner is in the window, over active ones",
        ("order_line",),
        *_CUSTOMERS,
        _new_customer_share,
        min_sample=3,
        whole_windows=2,
        columns=("order_line.customer_id",),
    ),
    Kpi(
        "customer_retention",
        "results",
        Unit.RATIO,
        "up",
        "客户续购率",
        "Customer retention",
        "上一等长期间的客户中本期再次下单的比例",
        "Share of the customers of the window before that ordered again",
        ("order_line",),
        *_CUSTOMERS,
        _retention,
        min_sample=3,
        whole_windows=2,
        columns=("order_line.customer_id",),
    ),
    Kpi(
        "net_retention",
        "results",
        Unit.RATIO,
        "up",
        "净收入留存率",
        "Net revenue retention",
        "上期客户的本期金额 ÷ 其上期金额",
        "What the customers of the window before bought now, over what they bought then",
        ("order_line",),
        *_CUSTOMERS,
        _net_retention,
        min_sample=3,
        whole_windows=2,
        columns=("order_line.customer_id",),
    ),
    Kpi(
        "product_line_hhi",
        "results",
        Unit.RATIO,
        "neutral",
        "产品线集中度",
        "Product-line HHI",
        "各产品线金额占比的平方和（1 为单一产品线）",
        "Sum of squared shares of the product lines (1: a single one)",
        ("order_line",),
        *_ORDERS,
        _hhi,
        min_sample=3,
        columns=("product.line",),
    ),
    Kpi(
        "new_product_share",
        "results",
        Unit.RATIO,
        "up",
        "新品占比",
        "New-product share",
        "上市两年内产品的金额 ÷ 进货额",
        "Amount of products launched within two years, over sell-in",
        ("order_line",),
        *_ORDERS,
        _new_product_share,
        columns=("product.launched_on",),
    ),
    Kpi(
        "region_share",
        "results",
        Unit.RATIO,
        "up",
        "大区内份额",
        "Share of region",
        "该伙伴在本大区的金额 ÷ 大区金额",
        "The partner's amount in its region over the region's",
        ("order_line",),
        *_ORDERS,
        _region_share,
    ),
)
