"""Investment: what is put into a partner, and what comes of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadline.types import Unit
from tools.analytics.profile.facts import Facts, Window, counts, ratio, sums
from tools.analytics.profile.kpi import Kpi, Measured
from tools.analytics.profile.results import amounts, margins, orders

REFUSED = frozenset(("rejected", "refused", "declined", "已驳回", "驳回", "拒绝", "已拒绝"))
ONBOARDING_DAYS = 60
"""Orders are only surely the first where the data begins so long before them."""


def _granted(facts: Facts, window: Window) -> pd.DataFrame:
    """Claims of the window that were not refused, with the amount approved where it is known."""
    claims = facts.rows("mdf_claim", window)
    claims = claims[~claims["status"].isin(REFUSED)]
    return claims.assign(granted=claims["approved_amount"].fillna(claims["amount"]))


def _claimed(facts: Facts, window: Window) -> Measured:
    rows = facts.rows("mdf_claim", window)
    return Measured(
        sums(rows, "amount", facts.size), counts(rows, facts.size), facts.known("mdf_claim", window)
    )


def _share(facts: Facts, window: Window) -> Measured:
    rows = _granted(facts, window)
    value = ratio(sums(rows, "granted", facts.size), amounts(facts, window))
    return Measured(value, counts(rows, facts.size))


def _return(facts: Facts, window: Window) -> Measured:
    rows = _granted(facts, window)
    spent = sums(rows, "granted", facts.size)
    value = ratio(margins(facts, window) - spent, spent)
    return Measured(value, counts(rows, facts.size))


def _approved(facts: Facts, window: Window) -> Measured:
    claims = facts.rows("mdf_claim", window)
    decided = claims[claims["approved_amount"].notna() | claims["status"].isin(REFUSED)]
    value = ratio(sums(decided, "approved_amount", facts.size), sums(decided, "amount", facts.size))
    return Measured(value, counts(decided, facts.size))


def _promoted(facts: Facts, window: Window) -> Measured:
    lines = facts.rows("order_line", window)
    if facts.tables["order_line"]["promotion_id"].isna().all():
        return Measured(np.full(facts.size, np.nan), orders(facts, window))
    part = sums(lines[lines["promotion_id"].notna()], "amount", facts.size)
    return Measured(ratio(part, amounts(facts, window)), orders(facts, window))


def _first_order_days(facts: Facts, window: Window) -> Measured:
    first, joined = facts.first_order, facts.partners["joined_on"]
    first = first.where(first < window.end_excl)
    days = (first - joined).dt.days.to_numpy(dtype=np.float64)
    span = facts.span("order_line")
    begun = facts.as_of if span is None else span[0]
    sure = (first > begun + pd.Timedelta(days=ONBOARDING_DAYS)) & (joined >= begun)
    value = np.where(sure & (days >= 0), days, np.nan)
    return Measured(value, np.isfinite(value).astype(np.float64), first.notna().to_numpy())


_CLAIMS = ("笔市场基金", "MDF claims")
_NEEDS = ("mdf_claim",)

INVESTMENT: tuple[Kpi, ...] = (
    Kpi(
        "mdf_claimed",
        "investment",
        Unit.MONEY,
        "neutral",
        "市场基金申请额",
        "MDF claimed",
        "期内申请的市场基金",
        "Marketing funds claimed in the window",
        _NEEDS,
        *_CLAIMS,
        _claimed,
    ),
    Kpi(
        "mdf_share",
        "investment",
        Unit.RATIO,
        "down",
        "市场基金占收入比",
        "MDF over sell-in",
        "核准的市场基金 ÷ 进货额",
        "Marketing funds granted over sell-in",
        ("mdf_claim", "order_line"),
        *_CLAIMS,
        _share,
    ),
    Kpi(
        "mdf_return",
        "investment",
        Unit.QUANTITY,
        "up",
        "市场基金回报",
        "MDF return",
        "(期内毛利 − 市场基金) ÷ 市场基金；毛利未按活动归因",
        "Gross margin less funds, over funds; the margin is not attributed to campaigns",
        ("mdf_claim", "order_line"),
        *_CLAIMS,
        _return,
    ),
    Kpi(
        "mdf_approved_share",
        "investment",
        Unit.RATIO,
        "up",
        "市场基金核准率",
        "MDF approved share",
        "核准金额 ÷ 已审定的申请金额",
        "Amount approved over the amount decided on",
        _NEEDS,
        *_CLAIMS,
        _approved,
    ),
    Kpi(
        "promotion_share",
        "investment",
        Unit.RATIO,
        "neutral",
        "促销订单占比",
        "Promotion share",
        "参加促销的金额 ÷ 进货额",
        "Amount sold under a promotion over sell-in",
        ("order_line",),
        "张订单",
        "orders",
        _promoted,
        min_sample=3,
        columns=("order_line.promotion_id",),
    ),
    Kpi(
        "days_to_first_order",
        "investment",
        Unit.DAYS,
        "down",
        "首单天数",
        "Days to first order",
        "从加入到首张订单的天数；仅数据起始后加入的伙伴",
        "Days from joining to the first order; only of partners that joined within the data",
        ("order_line",),
        "张首单",
        "first orders",
        _first_order_days,
    ),
)
