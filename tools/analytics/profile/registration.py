"""Deal registration (报备): how many, how they are decided, and what becomes of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadline.types import Unit
from tools.analytics.profile.facts import Facts, Window, counts, medians, ratio
from tools.analytics.profile.kpi import Kpi, Measured
from tools.analytics.profile.pipeline import closed

APPROVED = frozenset(
    [
        "approved",
        "accepted",
        "converted",
        "won",
        "expired",
        "protected",
        "通过",
        "已通过",
        "批准",
        "已批准",
        "审批通过",
        "核准",
        "有效",
        "已转商机",
        "已转化",
        "已过期",
        "过期",
        "保护中",
    ]
)
REJECTED = frozenset(
    [
        "rejected",
        "declined",
        "denied",
        "refused",
        "conflict",
        "驳回",
        "已驳回",
        "拒绝",
        "已拒绝",
        "未通过",
        "不通过",
        "冲突",
    ]
)
LAPSED = frozenset(("expired", "已过期", "过期"))
CONVERTED = frozenset(("converted", "won", "已转化", "已转商机", "赢单"))
"""Statuses by what sources call them, as the semantic model counts them."""


def _submitted(facts: Facts, window: Window) -> pd.DataFrame:
    return facts.rows("deal_registration", window)


def _volume(facts: Facts, window: Window) -> Measured:
    found = counts(_submitted(facts, window), facts.size)
    return Measured(found, found, facts.known("deal_registration", window))


def _approval(facts: Facts, window: Window) -> Measured:
    rows = _submitted(facts, window)
    good = counts(rows[rows["status"].isin(APPROVED)], facts.size)
    every = good + counts(rows[rows["status"].isin(REJECTED)], facts.size)
    return Measured(ratio(good, every), every)


def _decision_days(facts: Facts, window: Window) -> Measured:
    rows = _submitted(facts, window).dropna(subset=["decided_on"])
    waited = (rows["decided_on"] - rows["submitted_on"]).dt.days
    return Measured(medians(rows, waited, facts.size), counts(rows, facts.size))


def _conflicts(facts: Facts, window: Window) -> Measured:
    rows = _submitted(facts, window)
    every = counts(rows, facts.size)
    return Measured(ratio(counts(rows[rows["conflict_of_id"].notna()], facts.size), every), every)


def _won(facts: Facts, window: Window) -> Measured:
    """Approved registrations that were won, over those that were won, lost or lapsed unworked."""
    rows = _submitted(facts, window)
    rows = rows[rows["status"].isin(APPROVED)]
    outcome = rows["opportunity_id"].map(_outcomes(facts))
    won = outcome.eq("won") | (outcome.isna() & rows["status"].isin(CONVERTED))
    settled = rows[won | outcome.eq("lost") | _unworked(rows)]
    every = counts(settled, facts.size)
    return Measured(ratio(counts(rows[won], facts.size), every), every)


def _outcomes(facts: Facts) -> pd.Series:
    deals = facts.tables["opportunity"]
    return facts.memo("outcomes", lambda: deals.set_index("id")["outcome"])


def _unworked(rows: pd.DataFrame) -> pd.Series:
    expired = rows["status"].isin(LAPSED)
    return expired & rows["opportunity_id"].isna()


def _expired(facts: Facts, window: Window) -> Measured:
    rows = _submitted(facts, window)
    rows = rows[rows["status"].isin(APPROVED)]
    every = counts(rows, facts.size)
    lapsed = rows["status"].isin(LAPSED)
    return Measured(ratio(counts(rows[lapsed], facts.size), every), every)


def _attach(facts: Facts, window: Window) -> Measured:
    won = closed(facts, window, "won")
    registered = facts.tables["deal_registration"]["opportunity_id"].dropna().unique()
    every = counts(won, facts.size)
    with_one = counts(won[np.isin(won["id"], registered)], facts.size)
    return Measured(ratio(with_one, every), every)


_REGISTRATIONS = ("个报备", "registrations")
_NEEDS = ("deal_registration",)

REGISTRATION: tuple[Kpi, ...] = (
    Kpi(
        "registrations",
        "registration",
        Unit.COUNT,
        "up",
        "报备数",
        "Deal registrations",
        "期内提交的报备数",
        "Registrations submitted in the window",
        _NEEDS,
        *_REGISTRATIONS,
        _volume,
        min_sample=0,
    ),
    Kpi(
        "approval_rate",
        "registration",
        Unit.RATIO,
        "up",
        "报备通过率",
        "Approval rate",
        "通过 ÷ (通过 + 驳回)",
        "Approved over approved and rejected",
        _NEEDS,
        *_REGISTRATIONS,
        _approval,
        min_sample=5,
    ),
    Kpi(
        "decision_days",
        "registration",
        Unit.DAYS,
        "down",
        "报备审批天数",
        "Days to decision",
        "从提交到审定的中位天数",
        "Median days from submission to decision",
        _NEEDS,
        *_REGISTRATIONS,
        _decision_days,
        min_sample=3,
    ),
    Kpi(
        "conflict_rate",
        "registration",
        Unit.RATIO,
        "down",
        "撞单率",
        "Conflict rate",
        "与已有报备冲突的比例",
        "Registrations in conflict with an earlier one",
        _NEEDS,
        *_REGISTRATIONS,
        _conflicts,
        min_sample=5,
    ),
    Kpi(
        "registered_won_rate",
        "registration",
        Unit.RATIO,
        "up",
        "报备转赢单率",
        "Registered to won",
        "通过的报备中赢单 ÷ 已有结果（赢单、丢单、过期未跟进）",
        "Approved registrations that were won, over those won, lost or lapsed unworked",
        ("deal_registration", "opportunity"),
        *_REGISTRATIONS,
        _won,
        min_sample=5,
    ),
    Kpi(
        "expired_share",
        "registration",
        Unit.RATIO,
        "down",
        "报备过期占比（占位）",
        "Expired share",
        "通过的报备中过期未转化的比例",
        "Approved registrations that expired without a deal",
        _NEEDS,
        *_REGISTRATIONS,
        _expired,
        min_sample=5,
    ),
    Kpi(
        "registration_attach",
        "registration",
        Unit.RATIO,
        "up",
        "赢单报备率",
        "Registration attach",
        "有报备的赢单 ÷ 全部赢单",
        "Won opportunities that were registered, over all won",
        ("opportunity", "deal_registration"),
        "个赢单",
        "won opportunities",
        _attach,
        min_sample=3,
    ),
)
