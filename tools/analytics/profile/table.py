"""Every KPI of every partner: value, change, and standing among peers."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from tools.analytics.profile.catalog import KPIS
from tools.analytics.profile.facts import Facts, Floats, Window, trailing
from tools.analytics.profile.kpi import Missing, judged
from tools.analytics.profile.peers import peer_codes, standing

VERSION: Final = "3"
"""Raise it whenever a figure of the table changes."""

FLAT: Final = 0.05
"""A relative change within ± this is no trend."""

SIGNS: Final = {"up": 1.0, "down": -1.0, "neutral": 0.0}


def profile_table(facts: Facts, months: int) -> pd.DataFrame:
    """One row per partner and KPI, partners in their order, KPIs in the catalogue's.

    Columns: `partner_id`, `kpi`, `value`, `previous` (the window before), `change` (relative, NaN
    without a positive base), `trend` (−1, 0, 1; NaN where unknown), `sample`, `reason`
    (`Missing`), `percentile`, `median`, `group` (index into `GROUPS`, −1 none), `peers`,
    `fresh` (the last day of the stalest table behind it).

    Args:
        facts: the channel.
        months: length of the window that ends with the as-of date.
    """
    window = trailing(facts.as_of, months)
    value, sample, reason = _measure(facts, window)
    previous, _, _ = _measure(facts, window.before)
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.where((previous > 0) & (value >= 0), value / previous - 1.0, np.nan)
    trend = np.where(
        np.isnan(change), np.nan, np.sign(change) * (np.abs(np.round(change, 6)) > FLAT)
    )
    signs = np.array([SIGNS[kpi.direction] for kpi in KPIS])
    place = standing(value, signs, peer_codes(facts.partners, facts.as_of))
    names = np.array([kpi.name for kpi in KPIS], dtype=object)
    return pd.DataFrame(
        {
            "partner_id": np.repeat(facts.ids, len(KPIS)),
            "kpi": np.tile(names, facts.size),
            "value": value.ravel(),
            "previous": previous.ravel(),
            "change": change.ravel(),
            "trend": trend.ravel(),
            "sample": sample.ravel().astype(np.int64),
            "reason": reason.ravel(),
            "percentile": place.percentile.ravel(),
            "median": place.median.ravel(),
            "group": place.group.ravel(),
            "peers": place.peers.ravel(),
            "fresh": np.tile(_fresh(facts), facts.size),
        }
    )


def _measure(facts: Facts, window: Window) -> tuple[Floats, Floats, np.ndarray]:
    """Value, sample and reason, each partners × KPIs."""
    found = [judged(kpi, facts, window) for kpi in KPIS]
    value, sample, reason = (np.stack(part, axis=1) for part in zip(*found, strict=True))
    return value, sample, reason


def _fresh(facts: Facts) -> np.ndarray:
    spans = [[facts.span(table) for table in kpi.needs] for kpi in KPIS]
    last = [
        min((span[1] for span in found if span is not None), default=pd.NaT)
        if all(span is not None for span in found)
        else pd.NaT
        for found in spans
    ]
    return pd.to_datetime(pd.Series(last)).to_numpy()


def kpi_matrix(facts: Facts, window: Window) -> pd.DataFrame:
    """Values alone: one row per partner (by position), one column per KPI, NaN where missing."""
    value, _, _ = _measure(facts, window)
    return pd.DataFrame(value, columns=[kpi.name for kpi in KPIS])


def why_missing(reason: int, name: str, sample: int) -> tuple[str, str]:
    """Why a KPI has no value, in both languages; empty texts where it has one."""
    from tools.analytics.profile.catalog import KPI_BY_NAME

    kpi = KPI_BY_NAME[name]
    if reason == Missing.NOT:
        return "", ""
    if reason == Missing.NO_SOURCE:
        return "数据中没有相关记录", "the data holds no such records"
    if reason == Missing.TOO_EARLY:
        return "数据起始太晚，窗口不完整", "the data does not reach back over the whole window"
    if reason == Missing.UNKNOWN_PARTNER:
        return "期内没有该伙伴的记录", "no records of this partner in the window"
    if reason == Missing.SMALL_SAMPLE:
        return (
            f"样本太小：{sample} {kpi.counted_zh}，至少需要 {kpi.min_sample}",
            f"sample too small: {sample} {kpi.counted_en}, at least {kpi.min_sample} needed",
        )
    return "没有可比或可除的基数", "nothing to compare with or to divide by"
