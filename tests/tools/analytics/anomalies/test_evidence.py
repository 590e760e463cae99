"""Several pieces of evidence, some missing, as one score."""

from __future__ import annotations

import pandas as pd
import pytest

from tools.analytics.anomalies.evidence import Kind, ramp, weighed

KINDS = (Kind("high", 0.6, 1.0, 3.0), Kind("low", 0.4, 0.9, 0.4))


def series(*values: float | None) -> pd.Series:
    return pd.Series(values, dtype="float64")


class TestRamp:
    def test_from_nothing_to_full(self) -> None:
        assert ramp(series(0.0, 1.0, 2.0, 3.0, 9.0), 1.0, 3.0).tolist() == [0, 0, 0.5, 1, 1]

    def test_small_figures_can_be_the_suspicious_ones(self) -> None:
        found = ramp(series(1.0, 0.9, 0.65, 0.4, 0.0), 0.9, 0.4)
        assert found.tolist() == pytest.approx([0, 0, 0.5, 1, 1])

    def test_missing_stays_missing(self) -> None:
        assert ramp(series(None, 2.0), 1.0, 3.0).isna().tolist() == [True, False]


class TestWeighed:
    def test_the_mean_by_weight(self) -> None:
        # 0.6 × 0.5 + 0.4 × 1
        score, coverage = weighed({"high": series(2.0), "low": series(0.4)}, KINDS, 0.5)
        assert score.tolist() == pytest.approx([0.7])
        assert coverage.tolist() == pytest.approx([1.0])

    def test_what_is_missing_is_left_out_of_the_mean(self) -> None:
        # only `low`, weight 0.4 of the 0.5 that would be enough: 1 × 0.4 / 0.5
        score, coverage = weighed({"high": series(None), "low": series(0.4)}, KINDS, 0.5)
        assert score.tolist() == pytest.approx([0.8])
        assert coverage.tolist() == pytest.approx([0.4])

    def test_nothing_known_scores_nothing(self) -> None:
        score, coverage = weighed({"high": series(None), "low": series(None)}, KINDS, 0.5)
        assert (score.tolist(), coverage.tolist()) == ([0.0], [0.0])
