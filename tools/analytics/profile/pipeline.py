"""Pipeline: what may come, and how surely and fast it turns into orders."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadline.types import Unit
from tools.analytics.profile.facts import (
    Facts,
    Floats,
    Window,
    counts,
    medians,
    ratio,
    sums,
    trailing,
)
from tools.analytics.profile.kpi import Kpi, Measured
from tools.analytics.profile.results import amounts, own_targets

STALLED_DAYS = 60
"""An open opportunity that has moved no stage for so long is stalled."""

COVERAGE_MONTHS = 3
"""Coverage looks at the plan of so many months ahead."""


def open_at(facts: Facts, window: Window) -> pd.DataFrame:
    """Opportunities that were open when the window ended."""
    return facts.memo(("open", window.end_excl), lambda: _open_at(facts, window.end_excl))


def _open_at(facts: Facts, end_excl: pd.Timestamp) -> pd.DataFrame:
    deals = facts.tables["opportunity"]
    begun = deals["created_on"] < end_excl
    still = deals["closed_on"].isna() & (deals["outcome"] == "open")
    return deals[begun & (still | (deals["closed_on"] >= end_excl))]


def closed(facts: Facts, window: Window, outcome: str | None = None) -> pd.DataFrame:
    """Opportunities won or lost inside the window, or those of one outcome."""
    deals = facts.rows("opportunity", window, "closed_on")
    wanted = ("won", "lost") if outcome is None else (outcome,)
    return deals[deals["outcome"].isin(wanted)]


def _open_pipeline(facts: Facts, window: Window) -> Measured:
    deals = open_at(facts, window)
    known = facts.known("opportunity", window)
    return Measured(sums(deals, "amount", facts.size), counts(deals, facts.size), known)


def _coverage(facts: Facts, window: Window) -> Measured:
    """Open pipeline over what the targets of the coming months still ask for.

    The target of a period that has begun counts less what was sold in it.
    """
    deals = open_at(facts, window)
    limit = window.end_excl + pd.DateOffset(months=COVERAGE_MONTHS)
    goals = own_targets(facts)
    ahead = goals[(goals["end_excl"] > window.end_excl) & (goals["period_start"] < limit)]
    sold = np.zeros(facts.size)
    for start in ahead.loc[ahead["period_start"] < window.end_excl, "period_start"].unique():
        begun = Window(pd.Timestamp(start), window.end_excl, 0)
        has = np.isin(np.arange(facts.size), ahead.loc[ahead["period_start"] == start, "at"])
        sold += np.where(has, amounts(facts, begun), 0.0)
    left = sums(ahead, "amount", facts.size) - sold
    return Measured(ratio(sums(deals, "amount", facts.size), left), counts(ahead, facts.size))


def _new_opportunities(facts: Facts, window: Window) -> Measured:
    found = counts(facts.rows("opportunity", window), facts.size)
    return Measured(found, found, facts.known("opportunity", window))


def _won_amount(facts: Facts, window: Window) -> Measured:
    won = closed(facts, window, "won")
    known = facts.known("opportunity", window)
    return Measured(sums(won, "amount", facts.size), counts(won, facts.size), known)


def _win_rate(facts: Facts, window: Window) -> Measured:
    every = counts(closed(facts, window), facts.size)
    return Measured(ratio(counts(closed(facts, window, "won"), facts.size), every), every)


def cycles(facts: Facts, window: Window) -> Floats:
    """Median days from creation to closing of the opportunities won in the window."""
    won = closed(facts, window, "won")
    return medians(won, (won["closed_on"] - won["created_on"]).dt.days, facts.size)


def _cycle_days(facts: Facts, window: Window) -> Measured:
    return Measured(cycles(facts, window), counts(closed(facts, window, "won"), facts.size))


def _velocity(facts: Facts, window: Window) -> Measured:
    """Open deals × win rate × average won deal ÷ cycle: money a day."""
    won = closed(facts, window, "won")
    every = counts(closed(facts, window), facts.size)
    size = ratio(sums(won, "amount", facts.size), counts(won, facts.size))
    rate = ratio(counts(won, facts.size), every)
    value = ratio(counts(open_at(facts, window), facts.size) * rate * size, cycles(facts, window))
    return Measured(value, every)


def _conversion(facts: Facts, window: Window) -> Measured:
    """Moves between stages that did not end in a loss, over all moves of the window."""
    moves = facts.memo("moves", lambda: _moves(facts))
    inside = moves[(moves["entered_at"] >= window.start) & (moves["entered_at"] < window.end_excl)]
    every = counts(inside, facts.size)
    return Measured(ratio(counts(inside[~inside["lost"]], facts.size), every), every)


def _moves(facts: Facts) -> pd.DataFrame:
    stages = facts.tables["opportunity_stage"].sort_values(
        ["opportunity_id", "entered_at"], kind="stable"
    )
    same = stages["opportunity_id"].eq(stages["opportunity_id"].shift())
    final = ~stages["opportunity_id"].eq(stages["opportunity_id"].shift(-1))
    outcome = facts.tables["opportunity"].set_index("id")["outcome"]
    lost = final & stages["opportunity_id"].map(outcome).eq("lost")
    return stages.assign(lost=lost)[same]


def _stalled(facts: Facts, window: Window) -> Measured:
    deals = open_at(facts, window)
    stages = facts.until("opportunity_stage", window.end_excl)
    last = stages.groupby("opportunity_id")["entered_at"].max()
    moved = deals["id"].map(last).fillna(deals["created_on"])
    old = moved < window.end_excl - pd.Timedelta(days=STALLED_DAYS)
    every = counts(deals, facts.size)
    return Measured(ratio(counts(deals[old], facts.size), every), every)


def _overdue_open(facts: Facts, window: Window) -> Measured:
    deals = open_at(facts, window).dropna(subset=["expected_close_on"])
    late = deals[deals["expected_close_on"] < window.end_excl]
    every = counts(deals, facts.size)
    return Measured(ratio(counts(late, facts.size), every), every)


def _slip(facts: Facts, window: Window) -> Measured:
    won = closed(facts, window, "won").dropna(subset=["expected_close_on"])
    late = (won["closed_on"] - won["expected_close_on"]).dt.days
    return Measured(medians(won, late, facts.size), counts(won, facts.size))


def _momentum(facts: Facts, window: Window) -> Measured:
    """New opportunities' amount of the last quarter over a quarter of the year's average."""
    year = trailing(window.end_excl - pd.Timedelta(days=1), 12)
    quarter = trailing(window.end_excl - pd.Timedelta(days=1), 3)
    begun = facts.rows("opportunity", year)
    recent = sums(facts.rows("opportunity", quarter), "amount", facts.size)
    return Measured(ratio(recent, sums(begun, "amount", facts.size) / 4), counts(begun, facts.size))


_DEALS = ("个商机", "opportunities")
_NEEDS = ("opportunity",)

PIPELINE: tuple[Kpi, ...] = (
    Kpi(
        "open_pipeline",
        "pipeline",
        Unit.MONEY,
        "up",
        "在手商机金额",
        "Open pipeline",
        "期末未关闭商机的金额之和",
        "Amount of the opportunities open at the end of the window",
        _NEEDS,
        *_DEALS,
        _open_pipeline,
        min_sample=0,
    ),
    Kpi(
        "pipeline_coverage",
        "pipeline",
        Unit.RATIO,
        "up",
        "商机覆盖率",
        "Pipeline coverage",
        "在手商机金额 ÷ 未来三个月剩余目标",
        "Open pipeline over the targets left for three months",
        ("opportunity", "target"),
        "个目标期",
        "target periods",
        _coverage,
    ),
    Kpi(
        "new_opportunities",
        "pipeline",
        Unit.COUNT,
        "up",
        "新建商机数",
        "New opportunities",
        "期内创建的商机数",
        "Opportunities created in the window",
        _NEEDS,
        *_DEALS,
        _new_opportunities,
        min_sample=0,
    ),
    Kpi(
        "pipeline_momentum",
        "pipeline",
        Unit.RATIO,
        "up",
        "商机动能",
        "Pipeline momentum",
        "近一季新建商机金额 ÷ 近一年季均",
        "New pipeline of the last quarter over the year's quarterly mean",
        _NEEDS,
        *_DEALS,
        _momentum,
        min_sample=4,
    ),
    Kpi(
        "won_amount",
        "pipeline",
        Unit.MONEY,
        "up",
        "赢单金额",
        "Won amount",
        "期内赢单商机金额之和",
        "Amount of the opportunities won in the window",
        _NEEDS,
        *_DEALS,
        _won_amount,
        min_sample=0,
    ),
    Kpi(
        "win_rate",
        "pipeline",
        Unit.RATIO,
        "up",
        "赢单率",
        "Win rate",
        "赢单 ÷ (赢单 + 丢单)",
        "Won over won and lost",
        _NEEDS,
        *_DEALS,
        _win_rate,
        min_sample=5,
    ),
    Kpi(
        "cycle_days",
        "pipeline",
        Unit.DAYS,
        "down",
        "销售周期",
        "Sales cycle",
        "赢单商机从创建到关闭的中位天数",
        "Median days from creation to winning",
        _NEEDS,
        *_DEALS,
        _cycle_days,
        min_sample=3,
    ),
    Kpi(
        "velocity",
        "pipeline",
        Unit.MONEY,
        "up",
        "商机流速（每天）",
        "Pipeline velocity (a day)",
        "在手商机数 × 赢单率 × 平均赢单额 ÷ 销售周期",
        "Open deals × win rate × average won deal ÷ sales cycle",
        _NEEDS,
        *_DEALS,
        _velocity,
        min_sample=5,
    ),
    Kpi(
        "stage_conversion",
        "pipeline",
        Unit.RATIO,
        "up",
        "阶段转化率",
        "Stage conversion",
        "未以丢单告终的阶段变动 ÷ 全部阶段变动",
        "Stage moves that were no loss, over all moves",
        ("opportunity_stage", "opportunity"),
        "次阶段变动",
        "stage moves",
        _conversion,
        min_sample=5,
    ),
    Kpi(
        "stalled_share",
        "pipeline",
        Unit.RATIO,
        "down",
        "停滞商机占比",
        "Stalled share",
        "在手商机中六十天无阶段变动的比例",
        "Open opportunities that moved no stage for sixty days",
        ("opportunity", "opportunity_stage"),
        *_DEALS,
        _stalled,
        min_sample=2,
    ),
    Kpi(
        "overdue_open_share",
        "pipeline",
        Unit.RATIO,
        "down",
        "超期商机占比",
        "Overdue open share",
        "在手商机中已过预计关闭日的比例",
        "Open opportunities past their expected closing day",
        _NEEDS,
        *_DEALS,
        _overdue_open,
        min_sample=2,
    ),
    Kpi(
        "closing_slip_days",
        "pipeline",
        Unit.DAYS,
        "down",
        "关单偏差",
        "Closing slip",
        "实际赢单日 − 预计关闭日的中位天数",
        "Median days of winning after the expected day",
        _NEEDS,
        *_DEALS,
        _slip,
        min_sample=3,
    ),
)
