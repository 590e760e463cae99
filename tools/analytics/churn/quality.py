"""How good the churn model is, measured on cut-offs later than all that it learned from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from tools.analytics.churn.model import Rows, Timeline, fit
from tools.analytics.profile.facts import Floats, Ints

BINS: Final = 10
TEST_SHARE: Final = 4
"""The latest quarter of the settled cut-offs is the test."""

LEAST_TEST_POSITIVES: Final = 5


@dataclass(frozen=True)
class Quality:
    """Figures of one test; days count from 1970-01-01.

    `baseline_*` are those of the model that knows recency, frequency and money alone.
    """

    auc_pr: float
    baseline_auc_pr: float
    brier: float
    baseline_brier: float
    ece: float
    lift_10: float
    baseline_lift_10: float
    positives: int
    sample: int
    trained_until: int
    tested_from: int
    tested_until: int
    model: str


def quality(timeline: Timeline) -> Quality | None:
    """Learn as at the day of the first test cut-off, then score the test; None without one.

    No label is known to the model that was not known on that day. Where that leaves too few churns
    to learn from, the test is made shorter.
    """
    cutoffs = timeline.settled(timeline.today)
    for share in range(TEST_SHARE, 2 * TEST_SHARE + 1):
        test = cutoffs[-max(len(cutoffs) // share, 1) :]
        if len(cutoffs) <= len(test):
            return None
        model = fit(timeline, test[0])
        baseline = fit(timeline, test[0], ("recency",))
        if model is None or baseline is None:
            continue
        rows = timeline.rows(test, timeline.today)
        if rows.positives < LEAST_TEST_POSITIVES:
            return None
        learned = timeline.settled(test[0])[-1]
        return _figures(
            rows,
            model.risk(rows.features),
            baseline.risk(rows.features),
            (learned, test[0], test[-1]),
            model.kind,
        )
    return None


def _figures(
    rows: Rows, risk: Floats, simple: Floats, days: tuple[int, int, int], kind: str
) -> Quality:
    from sklearn.metrics import average_precision_score, brier_score_loss

    truth = rows.churned
    return Quality(
        float(average_precision_score(truth, risk)),
        float(average_precision_score(truth, simple)),
        float(brier_score_loss(truth, risk)),
        float(brier_score_loss(truth, simple)),
        calibration_error(risk, truth),
        lift(risk, truth),
        lift(simple, truth),
        rows.positives,
        len(truth),
        *days,
        kind,
    )


def calibration_error(risk: Floats, churned: Ints, bins: int = BINS) -> float:
    """Expected calibration error: |mean risk − share churned| over weighted bins."""
    place = np.minimum((risk * bins).astype(np.int64), bins - 1)
    number = np.bincount(place, minlength=bins)
    told = np.bincount(place, weights=risk, minlength=bins)
    found = np.bincount(place, weights=churned, minlength=bins)
    return float(np.abs(told - found).sum() / max(number.sum(), 1))


def lift(risk: Floats, churned: Ints, share: float = 0.1) -> float:
    """Churns among the `share` of highest risk, over what chance would find there."""
    top = max(round(len(risk) * share), 1)
    order = np.lexsort((np.arange(len(risk)), -risk))[:top]
    mean = churned.mean()
    return float(churned[order].mean() / mean) if mean > 0 else float("nan")
