"""The churn model: chosen on later cut-offs, calibrated on them, explained by what it saw.

Rows are partners at month-ends. Nothing dated after `known_until` is looked at: features stop at
each cut-off, labels that are not settled by then are left out. Which classifier is used, and how
its scores become probabilities, is decided on the latest cut-offs, whose rows it has not learned
from; afterwards it learns from all rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from tools.analytics.churn.features import Figures, figures_at
from tools.analytics.churn.labels import (
    LEAST_SILENCE_DAYS,
    Standing,
    labels,
    standing,
)
from tools.analytics.order_days import OrderDays, day_number, order_days
from tools.analytics.profile.facts import Facts, Floats, Ints

Kind = Literal["recency", "logistic", "forest"]

BASELINE_FEATURES: Final = ("silence", "silent_days", "to_limit", "frequency", "money")
"""Recency, frequency, money: what a channel manager's spreadsheet holds."""

KINDS: Final[tuple[Kind, ...]] = ("recency", "logistic", "forest")
"""Simplest first. `recency` is the baseline itself: where there are no signs but orders, or few
churns, nothing may beat it."""

BETTER: Final = 1.05
"""A less simple kind must reach so many times the average precision of the simpler one: the rows
are the same few partners at many month-ends, so a smaller lead is chance."""

FOREST_ROWS: Final = 12_000
"""At most so many rows per tree: more cost time and change nothing."""

LEAST_POSITIVES: Final = 15
"""With fewer churns among the rows nothing can be learned."""

LEAST_HISTORY_DAYS: Final = 270
"""Cut-offs start so long after the first order of the data: a recent quarter and a normal."""

SETTLED: Final = 0.9
"""A cut-off counts once the labels of so many partners are known: those settled first are the
partners that order often, or that have gone, and would not stand for the others."""

CUTOFFS: Final = 24
"""At most so many month-ends, the latest."""

SUREST: Final = 5.0
"""Log odds: no risk is told as under 0.7 % or over 99.3 %, for no channel has seen enough churns to
know better."""

SEED: Final = 20_000


@dataclass(frozen=True)
class Moment:
    """One cut-off: who stood how, and what was known."""

    day: int
    standing: Standing
    figures: Figures


@dataclass(frozen=True)
class Rows:
    """What a model learns from: features, labels and the cut-off of each row."""

    features: pd.DataFrame
    churned: Ints
    day: Ints

    @property
    def positives(self) -> int:
        """Rows with churn."""
        return int(self.churned.sum())


@dataclass(frozen=True)
class ChurnModel:
    """A fitted classifier, its features, and the line that makes its scores probabilities."""

    kind: Kind
    columns: tuple[str, ...]
    medians: pd.Series
    classifier: Any
    slope: float
    shift: float

    def log_odds(self, features: pd.DataFrame) -> Floats:
        """Calibrated log odds of churn, one per row."""
        raw = _scores(self.classifier, _filled(features, self.columns, self.medians))
        return np.asarray(self.slope * raw + self.shift, dtype=np.float64)

    def risk(self, features: pd.DataFrame) -> Floats:
        """Probability of churn, one per row; never surer than `SUREST`."""
        odds = np.clip(self.log_odds(features), -SUREST, SUREST)
        return np.asarray(1.0 / (1.0 + np.exp(-odds)), dtype=np.float64)

    def pulls(self, features: pd.DataFrame) -> pd.DataFrame:
        """How many log odds each feature adds, against its median of all rows learned from.

        Only what is known of a partner can pull: a missing figure gives zero.
        """
        filled = features[list(self.columns)].fillna(self.medians)
        whole = self.log_odds(filled)
        found = {}
        for name in self.columns:
            without = filled.assign(**{name: self.medians[name]})
            pull = whole - self.log_odds(without)
            found[name] = np.where(features[name].isna(), 0.0, pull)
        return pd.DataFrame(found, index=features.index)


class Timeline:
    """The cut-offs of one snapshot; each one's figures are computed once."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.days: OrderDays = order_days(facts)
        self.today = day_number(facts.as_of)
        self._moments: dict[int, Moment] = {}

    def moment(self, day: int) -> Moment:
        """The cut-off at the end of `day`."""
        if day not in self._moments:
            stood = standing(self.days, day)
            self._moments[day] = Moment(day, stood, figures_at(self.facts, stood))
        return self._moments[day]

    def month_ends(self) -> list[int]:
        """Month-ends at which a model could have been asked, up to the as-of date, oldest first."""
        if not len(self.days.day):
            return []
        first = pd.Timestamp(0) + pd.Timedelta(days=int(self.days.day.min()) + LEAST_HISTORY_DAYS)
        ends = pd.date_range(first, self.facts.as_of, freq="ME")
        return [day_number(day) for day in ends]

    def settled(self, known_until: int) -> list[int]:
        """The latest month-ends whose labels were known by `known_until`, oldest first."""
        found: list[int] = []
        for day in reversed(self.month_ends()):
            if day + LEAST_SILENCE_DAYS > known_until:
                continue
            stood = standing(self.days, day)
            told = labels(self.days, stood, known_until)[stood.at_risk]
            if len(told) and np.isfinite(told).mean() >= SETTLED:
                found.append(day)
            if len(found) == CUTOFFS:
                break
        return sorted(found)

    def rows(self, cutoffs: Sequence[int], known_until: int) -> Rows:
        """Partners at risk at each cut-off whose label was known by `known_until`."""
        frames, told, when = [], [], []
        for day in cutoffs:
            moment = self.moment(day)
            found = labels(self.days, moment.standing, known_until)
            known = np.isfinite(found)
            frames.append(moment.figures.values[known])
            told.append(found[known])
            when.append(np.full(int(known.sum()), day, dtype=np.int64))
        if not frames:
            return Rows(pd.DataFrame(), np.empty(0, np.int64), np.empty(0, np.int64))
        return Rows(
            pd.concat(frames, ignore_index=True),
            np.concatenate(told).astype(np.int64),
            np.concatenate(when),
        )


def fit(
    timeline: Timeline,
    known_until: int,
    kinds: tuple[Kind, ...] = KINDS,
) -> ChurnModel | None:
    """The model as it could have been made at the end of `known_until`; None with too few churns.

    Args:
        timeline: the cut-offs.
        known_until: nothing later is looked at.
        kinds: what to choose from; ("recency",) is the baseline.
    """
    cutoffs = timeline.settled(known_until)
    rows = timeline.rows(cutoffs, known_until)
    if rows.positives < LEAST_POSITIVES or rows.positives == len(rows.churned):
        return None
    earlier, later = _split(timeline, cutoffs, known_until)
    kind, slope, shift = _chosen(earlier, later, kinds)
    columns = _columns(rows, kind)
    medians = rows.features[list(columns)].median()
    values = _filled(rows.features, columns, medians)
    classifier = _classifier(kind, len(values)).fit(values, rows.churned)
    return ChurnModel(kind, columns, medians, classifier, slope, shift)


def _split(timeline: Timeline, cutoffs: list[int], known_until: int) -> tuple[Rows, Rows]:
    """Rows to learn from and later rows to choose and calibrate on, with what was known then.

    Where the earlier ones would be too few to learn from, the later third is held out although the
    silences of both overlap in time.
    """
    held = cutoffs[-max(len(cutoffs) // 3, 1) :]
    later = timeline.rows(held, known_until)
    earlier = timeline.rows(timeline.settled(held[0]), held[0])
    if earlier.positives < LEAST_POSITIVES:
        earlier = timeline.rows([d for d in cutoffs if d < held[0]], known_until)
    return earlier, later


def _columns(rows: Rows, kind: Kind) -> tuple[str, ...]:
    """The features that the kind uses and that the data has."""
    names = BASELINE_FEATURES if kind == "recency" else tuple(map(str, rows.features.columns))
    return tuple(n for n in names if rows.features[n].notna().any())


def _chosen(earlier: Rows, later: Rows, kinds: tuple[Kind, ...]) -> tuple[Kind, float, float]:
    """The classifier with the best average precision on the later rows, and its calibration."""
    from sklearn.metrics import average_precision_score

    if min(earlier.positives, later.positives) < LEAST_POSITIVES // 3:
        return kinds[0], 1.0, 0.0
    best: tuple[float, Kind, Floats] | None = None
    for kind in kinds:
        columns = _columns(earlier, kind)
        medians = earlier.features[list(columns)].median()
        values = _filled(earlier.features, columns, medians)
        model = _classifier(kind, len(values)).fit(values, earlier.churned)
        raw = _scores(model, _filled(later.features, columns, medians))
        reached = round(float(average_precision_score(later.churned, raw)), 6)
        if best is None or reached > BETTER * best[0]:
            best = reached, kind, raw
    if best is None:
        return kinds[0], 1.0, 0.0
    slope, shift = calibration(best[2], later.churned)
    return best[1], slope, shift


def calibration(raw: Floats, churned: Ints) -> tuple[float, float]:
    """Slope and shift (Platt) that make log odds fit what happened; the slope stays positive."""
    from sklearn.linear_model import LogisticRegression

    line = LogisticRegression(C=10.0).fit(raw.reshape(-1, 1), churned)
    return max(float(line.coef_[0, 0]), 0.05), float(line.intercept_[0])


def _filled(features: pd.DataFrame, columns: tuple[str, ...], medians: pd.Series) -> Floats:
    return features[list(columns)].fillna(medians).to_numpy(dtype=np.float64)


def _scores(classifier: Any, values: Floats) -> Floats:
    """Log odds, kept finite."""
    share = np.clip(classifier.predict_proba(values)[:, 1], 1e-4, 1 - 1e-4)
    return np.asarray(np.log(share / (1.0 - share)), dtype=np.float64)


def _classifier(kind: Kind, rows: int) -> Any:
    """A fresh classifier; all are small, for the churns of a channel are few."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if kind != "forest":
        return make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=500))
    return RandomForestClassifier(
        n_estimators=120,
        min_samples_leaf=15,
        max_features=0.4,
        max_samples=min(1.0, FOREST_ROWS / rows),
        random_state=SEED,
        n_jobs=1,
    )
