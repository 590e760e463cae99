"""Whether activity foretells revenue: the measured correlation, published beside the score.

An activity KPI (logins, trainings, certificates …) is only worth its weight where partners with
more of it buy more afterwards. It is measured on the data itself at several past days: the KPI over
the twelve months up to that day against the sell-in of the six months after it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from tools.analytics.profile.facts import Facts, Floats, Window
from tools.analytics.profile.kpi import judged
from tools.analytics.profile.results import amounts

VERSION: Final = "1"
"""Raise it whenever a figure of the table changes."""

MONTHS: Final = 12
LATER_MONTHS: Final = 6
ORIGINS: Final = 4
"""Days looked back from, three months apart, the last one `LATER_MONTHS` before today."""

MIN_SAMPLE: Final = 20
"""Fewer pairs say nothing."""

ACTIVITY_KPIS: Final = (
    "logins",
    "days_since_activity",
    "activity_days",
    "demos",
    "proposals",
    "visits",
    "trainings",
    "training_pass_rate",
    "certified_heads",
    "certified_subjects",
)


def evidence_table(facts: Facts) -> pd.DataFrame:
    """One row per activity KPI: Spearman rank correlations with later sell-in, over all origins.

    Columns: `kpi`, `correlation` (with the sell-in of the six months after), `correlation_growth`
    (with that sell-in over the six months before: what activity adds beyond size), `sample` (pairs
    of partner and origin), `origins`, `low`, `high` (95 % interval of `correlation_growth`, by
    Fisher's z over the partners of one origin: the origins overlap, so they do not add up).
    NaN where fewer than twenty pairs have both figures.
    """
    from tools.analytics.profile.catalog import KPI_BY_NAME

    windows = _origins(facts)
    later = [_later(facts, window) for window in windows]
    rows = []
    for name in ACTIVITY_KPIS:
        values = [judged(KPI_BY_NAME[name], facts, window)[0] for window in windows]
        rows.append({"kpi": name, **_correlations(values, later)})
    columns = ["kpi", "correlation", "correlation_growth", "sample", "origins", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def _origins(facts: Facts) -> list[Window]:
    """Windows that end at past days and lie inside the data, newest first."""
    span = facts.span("order_line")
    if span is None:
        return []
    found = []
    for step in range(ORIGINS):
        end = facts.as_of + pd.Timedelta(days=1) - pd.DateOffset(months=LATER_MONTHS + 3 * step)
        window = Window(end - pd.DateOffset(months=MONTHS), end, MONTHS)
        if window.start >= span[0] - pd.Timedelta(days=31):
            found.append(window)
    return found


def _later(facts: Facts, window: Window) -> tuple[Floats, Floats]:
    """Sell-in of the months after the window, and its ratio to as many months before its end.

    Partners that did not order in the window are left out: their later silence is no surprise.
    """
    end = window.end_excl
    after = Window(end, end + pd.DateOffset(months=LATER_MONTHS), LATER_MONTHS)
    before = after.before
    active = amounts(facts, before) > 0
    bought = np.where(active, amounts(facts, after), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        return bought, np.where(active, bought / amounts(facts, before), np.nan)


def _correlations(values: list[Floats], later: list[tuple[Floats, Floats]]) -> dict[str, float]:
    found: dict[str, float] = {"origins": float(len(values))}
    pairs = [
        np.isfinite(value) & np.isfinite(level)
        for value, (level, _) in zip(values, later, strict=True)
    ]
    sample = int(sum(pair.sum() for pair in pairs))
    found["sample"] = float(sample)
    level = _mean_rank(values, [x for x, _ in later], pairs)
    growth = _mean_rank(values, [x for _, x in later], pairs)
    found["correlation"], found["correlation_growth"] = level, growth
    if sample and np.isfinite(growth):
        margin = 1.96 / np.sqrt(max(sample / len(values) - 3, 1))
        z = np.arctanh(np.clip(growth, -0.999, 0.999))
        found["low"], found["high"] = float(np.tanh(z - margin)), float(np.tanh(z + margin))
    return found


def _mean_rank(values: list[Floats], later: list[Floats], pairs: list[np.ndarray]) -> float:
    """Mean over the origins of the rank correlation, weighted by their pairs."""
    total, weight = 0.0, 0
    for value, after, pair in zip(values, later, pairs, strict=True):
        ranks = pd.DataFrame({"x": value[pair], "y": after[pair]}).rank()
        if len(ranks) < MIN_SAMPLE or ranks["x"].nunique() < 2 or ranks["y"].nunique() < 2:
            continue
        total += float(ranks["x"].corr(ranks["y"])) * len(ranks)
        weight += len(ranks)
    return total / weight if weight else float("nan")
