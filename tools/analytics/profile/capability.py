"""Capability: what a partner is able to do, by certificates, training and breadth."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadline.types import Unit
from tools.analytics.profile.engagement import number_of, of_kind
from tools.analytics.profile.facts import Facts, Window, counts, distinct, ratio, sums
from tools.analytics.profile.kpi import Kpi, Measured
from tools.analytics.profile.results import orders

EXPIRING_DAYS = 90
PASSED = frozenset(("passed", "pass", "completed", "通过", "合格"))
FAILED = frozenset(("failed", "fail", "not passed", "未通过", "不合格"))


def valid_at(facts: Facts, window: Window) -> pd.DataFrame:
    """Certificates in force when the window ended."""
    every = facts.until("certification", window.end_excl)
    return every[every["expires_on"].isna() | (every["expires_on"] >= window.end_excl)]


def _heads(facts: Facts, window: Window) -> Measured:
    found = distinct(valid_at(facts, window), "holder", facts.size)
    return Measured(found, found, facts.known("certification", window))


def _subjects(facts: Facts, window: Window) -> Measured:
    found = distinct(valid_at(facts, window), "subject", facts.size)
    return Measured(found, found, facts.known("certification", window))


def _expiring(facts: Facts, window: Window) -> Measured:
    valid = valid_at(facts, window)
    soon = valid["expires_on"] < window.end_excl + pd.Timedelta(days=EXPIRING_DAYS)
    every = counts(valid, facts.size)
    return Measured(ratio(counts(valid[soon], facts.size), every), every)


def _pass_rate(facts: Facts, window: Window) -> Measured:
    rows = of_kind(facts, window, "training")
    passed = counts(rows[rows["result"].isin(PASSED)], facts.size)
    every = passed + counts(rows[rows["result"].isin(FAILED)], facts.size)
    return Measured(ratio(passed, every), every)


def _industries(facts: Facts, window: Window) -> Measured:
    """Shannon entropy of the customers' industries by amount: e to its power, "how many evenly"."""
    lines = facts.rows("order_line", window)
    industry = lines["customer_id"].map(facts.catalogue["customer"]["industry"])
    parts = lines.assign(industry=industry).groupby(["at", "industry"], as_index=False)
    found = parts["amount"].sum()
    found = found[found["amount"] > 0]
    whole = sums(found, "amount", facts.size)
    share = found["amount"] / whole[found["at"]]
    entropy = sums(found.assign(amount=-share * np.log(share)), "amount", facts.size)
    return Measured(np.where(whole > 0, np.exp(entropy), np.nan), orders(facts, window))


def _lines(facts: Facts, window: Window) -> Measured:
    rows = facts.rows("order_line", window)
    named = rows.assign(line=rows["product_id"].map(facts.catalogue["product"]["line"]))
    found = distinct(named.dropna(subset=["line"]), "line", facts.size)
    return Measured(np.where(found > 0, found, np.nan), orders(facts, window))


_CERTIFICATES = ("张有效证书", "valid certificates")
_NEEDS = ("certification",)

CAPABILITY: tuple[Kpi, ...] = (
    Kpi(
        "certified_heads",
        "capability",
        Unit.COUNT,
        "up",
        "持证人数",
        "Certified heads",
        "期末持有效证书的人数",
        "People with a certificate in force at the end of the window",
        _NEEDS,
        *_CERTIFICATES,
        _heads,
        min_sample=0,
    ),
    Kpi(
        "certified_subjects",
        "capability",
        Unit.COUNT,
        "up",
        "认证科目数",
        "Certified subjects",
        "期末有效证书覆盖的科目数",
        "Subjects covered by certificates in force",
        _NEEDS,
        *_CERTIFICATES,
        _subjects,
        min_sample=0,
    ),
    Kpi(
        "expiring_share",
        "capability",
        Unit.RATIO,
        "down",
        "即将到期证书占比",
        "Expiring share",
        "有效证书中九十天内到期的比例",
        "Certificates in force that expire within ninety days",
        _NEEDS,
        *_CERTIFICATES,
        _expiring,
        min_sample=1,
    ),
    Kpi(
        "trainings",
        "capability",
        Unit.COUNT,
        "up",
        "培训次数",
        "Trainings",
        "期内参加的培训次数",
        "Trainings attended in the window",
        ("activity",),
        "次培训",
        "trainings",
        number_of("training"),
        min_sample=0,
    ),
    Kpi(
        "training_pass_rate",
        "capability",
        Unit.RATIO,
        "up",
        "培训通过率",
        "Training pass rate",
        "通过 ÷ (通过 + 未通过)",
        "Passed over passed and failed",
        ("activity",),
        "次有结果的培训",
        "trainings with a result",
        _pass_rate,
        min_sample=3,
    ),
    Kpi(
        "industry_breadth",
        "capability",
        Unit.QUANTITY,
        "up",
        "行业覆盖广度",
        "Industry breadth",
        "客户行业金额分布的熵的指数：相当于均匀覆盖几个行业",
        "Exponential of the entropy of customers' industries: how many, if evenly spread",
        ("order_line",),
        "张订单",
        "orders",
        _industries,
        min_sample=3,
        columns=("order_line.customer_id", "customer.industry"),
    ),
    Kpi(
        "product_lines",
        "capability",
        Unit.COUNT,
        "up",
        "在售产品线数",
        "Product lines sold",
        "期内有订单的产品线数",
        "Product lines with an order in the window",
        ("order_line",),
        "张订单",
        "orders",
        _lines,
        columns=("product.line",),
    ),
)
