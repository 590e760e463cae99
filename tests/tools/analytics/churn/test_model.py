"""The model: learns from settled months only, prefers the simple, explains itself."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.tools.analytics.profile.rows import facts, lines
from tests.tools.behaving_world import channel_facts
from tools.analytics.churn.labels import standing
from tools.analytics.churn.model import (
    BASELINE_FEATURES,
    CUTOFFS,
    ChurnModel,
    Timeline,
    calibration,
    fit,
)
from tools.analytics.order_days import day_number


@pytest.fixture(scope="module")
def timeline() -> Timeline:
    return Timeline(channel_facts())


@pytest.fixture(scope="module")
def model(timeline: Timeline) -> ChurnModel:
    found = fit(timeline, timeline.today)
    assert found is not None
    return found


class TestTimeline:
    def test_settled_month_ends_leave_time_for_horizon_and_silence(
        self, timeline: Timeline
    ) -> None:
        found = timeline.settled(timeline.today)
        assert found == sorted(found)
        assert len(found) <= CUTOFFS
        # 90 days of horizon and, for who stops at its end, 90 of silence; then nine in ten are told
        assert found[-1] <= timeline.today - 90
        days = [pd.Timestamp(0) + pd.Timedelta(days=day) for day in found]
        assert all(day.is_month_end for day in days)

    def test_an_earlier_day_knows_fewer_months(self, timeline: Timeline) -> None:
        early = day_number(pd.Timestamp(2025, 10, 31))
        known = timeline.settled(early)
        assert known[-1] <= early - 90
        assert len(known) < len(timeline.settled(timeline.today))

    def test_rows_are_partners_at_risk_whose_label_is_known(self, timeline: Timeline) -> None:
        cutoff = timeline.settled(timeline.today)[-1]
        rows = timeline.rows([cutoff], timeline.today)
        assert len(rows.churned) == len(rows.features) == len(rows.day)
        assert len(rows.churned) <= int(standing(timeline.days, cutoff).at_risk.sum())
        assert rows.positives == rows.churned.sum()

    def test_nothing_without_orders(self) -> None:
        of = facts(1)
        of.tables["order_line"] = of.tables["order_line"].iloc[:0]
        empty = Timeline(of)
        assert empty.month_ends() == []
        assert fit(empty, empty.today) is None


class TestFit:
    def test_too_few_churns_give_no_model(self) -> None:
        of = Timeline(facts(1, order_line=lines("2026-01-01", "2026-02-01", "2026-03-01")))
        assert fit(of, of.today) is None

    def test_signs_beat_recency(self, timeline: Timeline, model: ChurnModel) -> None:
        assert model.kind != "recency"
        assert "logins" in model.columns
        # not in the data, so not in the model
        assert "late_days" not in model.columns

    def test_the_baseline_knows_orders_only(self, timeline: Timeline) -> None:
        simple = fit(timeline, timeline.today, ("recency",))
        assert simple is not None
        assert (simple.kind, simple.columns) == ("recency", BASELINE_FEATURES)

    def test_risks_are_probabilities_and_never_certain(
        self, timeline: Timeline, model: ChurnModel
    ) -> None:
        values = timeline.moment(timeline.today).figures.values
        risk = model.risk(values)
        # 1 / (1 + e⁵) = .0067
        assert 0.0066 < risk.min() <= risk.max() < 0.9934

    def test_two_fits_are_equal(self, timeline: Timeline, model: ChurnModel) -> None:
        again = fit(Timeline(channel_facts()), timeline.today)
        values = timeline.moment(timeline.today).figures.values
        assert again is not None
        assert np.array_equal(again.risk(values), model.risk(values))


class TestPulls:
    def test_a_linear_model_s_pulls_add_up(self, timeline: Timeline) -> None:
        # log odds are linear: the pulls sum to the distance from the median partner
        simple = fit(timeline, timeline.today, ("recency",))
        assert simple is not None
        values = timeline.moment(timeline.today).figures.values.iloc[[30, 40, 50]]
        middle = pd.DataFrame([simple.medians])
        apart = simple.log_odds(values) - simple.log_odds(middle)
        assert np.allclose(simple.pulls(values).sum(axis=1), apart)

    def test_what_is_not_known_does_not_pull(self, timeline: Timeline, model: ChurnModel) -> None:
        values = timeline.moment(timeline.today).figures.values.iloc[[30]].assign(logins=np.nan)
        assert model.pulls(values)["logins"].tolist() == [0.0]


class TestCalibration:
    def test_recovers_the_line_that_made_the_labels(self) -> None:
        random = np.random.default_rng(1)
        raw = random.normal(0, 2, 20_000)
        truth = (random.random(20_000) < 1 / (1 + np.exp(-(0.5 * raw - 1)))).astype(np.int64)
        slope, shift = calibration(raw, truth)
        assert slope == pytest.approx(0.5, abs=0.04)
        assert shift == pytest.approx(-1.0, abs=0.06)

    def test_never_turns_the_order_round(self) -> None:
        raw = np.array([-1.0, 0.0, 1.0, 2.0] * 10)
        slope, _ = calibration(raw, (raw < 0.5).astype(np.int64))
        assert slope > 0
