"""Quality: later months, against the baseline, with figures that can be worked out."""

from __future__ import annotations

import numpy as np
import pytest

from tests.tools.analytics.profile.rows import facts, lines
from tests.tools.behaving_world import channel_facts
from tools.analytics.churn.model import Timeline
from tools.analytics.churn.quality import Quality, calibration_error, lift, quality


@pytest.fixture(scope="module")
def found() -> Quality:
    result = quality(Timeline(channel_facts()))
    assert result is not None
    return result


class TestQuality:
    def test_the_test_lies_after_all_that_was_learned(self, found: Quality) -> None:
        assert found.trained_until < found.tested_from <= found.tested_until
        # labels of the last months learned from were settled before the test began
        assert found.tested_from - found.trained_until >= 90

    def test_logins_that_stop_beat_recency(self, found: Quality) -> None:
        assert found.auc_pr > 1.5 * found.baseline_auc_pr
        assert found.brier < found.baseline_brier
        assert found.ece <= 0.05
        assert found.lift_10 > found.baseline_lift_10

    def test_counts(self, found: Quality) -> None:
        assert 5 <= found.positives < found.sample

    def test_too_short_a_history_is_no_test(self) -> None:
        of = facts(1, order_line=lines("2026-01-01", "2026-02-01", "2026-03-01"))
        assert quality(Timeline(of)) is None


class TestCalibrationError:
    def test_right_on_average_in_every_bin(self) -> None:
        # four told 25 %, one of them churned
        assert calibration_error(np.full(4, 0.25), np.array([1, 0, 0, 0])) == 0.0

    def test_wrong_in_two_bins(self) -> None:
        # .05 told, .5 happened (2 rows); .95 told, .5 happened (2 rows): .45 everywhere
        risk = np.array([0.05, 0.05, 0.95, 0.95])
        assert calibration_error(risk, np.array([1, 0, 1, 0])) == pytest.approx(0.45)

    def test_a_risk_of_one_has_a_bin(self) -> None:
        assert calibration_error(np.array([1.0]), np.array([1])) == 0.0


class TestLift:
    def test_all_churn_in_the_top_tenth(self) -> None:
        risk = np.linspace(0, 1, 20)
        assert lift(risk, (risk > 0.9).astype(np.int64)) == pytest.approx(10.0)

    def test_chance(self) -> None:
        # top 2 of 20 by risk; half of all churn, one of the two does
        assert lift(np.linspace(0, 1, 20), np.arange(20) % 2) == pytest.approx(1.0)

    def test_nobody_churned(self) -> None:
        assert np.isnan(lift(np.ones(10), np.zeros(10, dtype=np.int64)))
