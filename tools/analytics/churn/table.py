"""The churn risk of every partner of a snapshot, with what speaks for and against it."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from tools.analytics.churn.features import Figures
from tools.analytics.churn.labels import Standing
from tools.analytics.churn.model import ChurnModel, Timeline, fit
from tools.analytics.churn.quality import Quality, quality
from tools.analytics.profile.facts import Facts, Floats, sums, trailing

VERSION: Final = "3"
"""Raise it whenever a figure of a table changes."""

HIGH: Final = 0.5
"""From here on silence is more likely than not."""

MEDIUM: Final = 0.2
"""From here on one in five such partners falls silent: worth a call."""

REASONS: Final = 3

LEAST_PULL: Final = 0.1
"""A feature that moves the log odds by less says nothing worth reading."""


def churn_table(facts: Facts) -> pd.DataFrame:
    """One row per partner, in their order.

    Columns: `partner_id`, `risk` (0–1; NaN with too little history, for who has churned already,
    and where no model could be learned), `band` (high, medium, low, churned, unknown), `amount_12m`
    `exposure` (risk × amount_12m), `days_since_last_order`, `usual_interval` (days), `model` (empty
    without one), `reason_1` … `reason_3` (features), `pull_1` … (log odds, positive raises the
    risk), `recent_1`, `usual_1` … (the feature's own figures: per 30 days, days or counts).
    """
    timeline = Timeline(facts)
    now = timeline.moment(timeline.today)
    stood = now.standing
    model = fit(timeline, timeline.today)
    risk = np.full(facts.size, np.nan)
    if model is not None:
        risk[stood.at_risk] = model.risk(now.figures.values[stood.at_risk])
    risk = np.round(risk, 6)
    amount = sums(facts.rows("order_line", trailing(facts.as_of, 12)), "amount", facts.size)
    table = pd.DataFrame(
        {
            "partner_id": facts.ids,
            "risk": risk,
            "band": bands(stood, risk),
            "amount_12m": amount,
            "exposure": risk * np.maximum(amount, 0.0),
            "days_since_last_order": stood.silent_days,
            "usual_interval": np.where(stood.enough, stood.interval, np.nan),
            "model": "" if model is None else model.kind,
        }
    )
    return pd.concat([table, _reasons(model, stood, now.figures)], axis=1)


def bands(stood: Standing, risk: Floats) -> list[str]:
    """high, medium, low, churned or unknown, one per partner."""
    named = np.select(
        [stood.enough & stood.churned, np.isnan(risk), risk >= HIGH, risk >= MEDIUM],
        ["churned", "unknown", "high", "medium"],
        "low",
    )
    return [str(name) for name in named]


def _reasons(model: ChurnModel | None, stood: Standing, figures: Figures) -> pd.DataFrame:
    """The strongest features first, whichever way they pull."""
    size = len(stood.last)
    empty = np.full((size, REASONS), np.nan)
    names = np.full((size, REASONS), "", dtype=object)
    found = {"pull": empty, "recent": empty.copy(), "usual": empty.copy()}
    if model is not None:
        pulls = model.pulls(figures.values)
        matrix = np.where(stood.at_risk[:, None], np.round(pulls.to_numpy(), 6), 0.0)
        best = np.argsort(-np.abs(matrix), axis=1, kind="stable")[:, :REASONS]
        pull = np.take_along_axis(matrix, best, axis=1)
        kept = np.abs(pull) >= LEAST_PULL
        width = best.shape[1]
        names[:, :width] = np.where(kept, np.array(pulls.columns, dtype=object)[best], "")
        found["pull"][:, :width] = np.where(kept, pull, np.nan)
        for part, frame in (("recent", figures.recent), ("usual", figures.usual)):
            held = frame.reindex(columns=list(pulls.columns)).to_numpy(dtype=np.float64)
            told = np.take_along_axis(held, best, axis=1)
            found[part][:, :width] = np.where(kept, told, np.nan)
    out = {f"reason_{i + 1}": names[:, i] for i in range(REASONS)}
    for part, values in found.items():
        out |= {f"{part}_{i + 1}": values[:, i] for i in range(REASONS)}
    return pd.DataFrame(out)


def quality_table(facts: Facts) -> pd.DataFrame:
    """The figures of `Quality` as one row, days as datetime64; no row where nothing was tested."""
    found: Quality | None = quality(Timeline(facts))
    if found is None:
        return pd.DataFrame()
    days = ("trained_until", "tested_from", "tested_until")
    row = {name: getattr(found, name) for name in Quality.__dataclass_fields__}
    return pd.DataFrame([row | {d: pd.Timestamp(0) + pd.Timedelta(days=row[d]) for d in days}])
