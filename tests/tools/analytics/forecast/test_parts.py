"""Covariates, baseline, choice, intervals, launches, levels: the arithmetic of each."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.errors import InputError
from tools.analytics.forecast import choose, intervals
from tools.analytics.forecast.backtest import Origin, origins
from tools.analytics.forecast.baseline import baseline, seasonal_index
from tools.analytics.forecast.coldstart import cold_start, launch_curves
from tools.analytics.forecast.covariates import NEW_YEARS, calendar
from tools.analytics.forecast.reconcile import (
    JOIN,
    Level,
    Setup,
    forecast_levels,
    level_panel,
    mint,
    parents,
)
from tools.analytics.forecast.series import read


class TestCalendar:
    def test_new_years_fall_on_new_moons_in_the_right_weeks(self):
        # Mean new moons from 2000-01-06 18:14 UT every 29.530588 days; the true one within 0.7 day.
        moon = np.datetime64("2000-01-06T18:14")
        for day in NEW_YEARS:
            age = ((day.astype("datetime64[m]") - moon) / np.timedelta64(1, "D")) % 29.530588
            assert min(age, 29.530588 - age) < 1.7, day
            assert "01-20" < str(day)[5:] < "02-22"

    def test_february_2013_holds_the_stop(self):
        # New Year 2013-02-10: stop 5 to 19 February, 15 of 28 days; workdays 20 less 11.
        table = calendar(np.array(["2013-02-01"], dtype="datetime64[ns]"), "MS")[0]
        assert table[1] == pytest.approx(15 / 28)
        assert table[0] == pytest.approx((20 - 11) / 28)
        assert table[2] == pytest.approx(9 / 30)

    def test_a_week_without_the_stop_has_five_days(self):
        table = calendar(np.array([["2024-06-03"]], dtype="datetime64[ns]"), "W-MON")
        assert table.shape == (1, 1, 5)
        assert table[0, 0, :2] == pytest.approx([5 / 7, 0.0])


class TestBaseline:
    def test_a_line_goes_on_at_half_its_slope_or_more(self):
        y = np.arange(10.0, 50.0)[None, :]
        made = baseline(y, 4, 1).forecast[0]
        assert (np.diff(made) > 0).all()
        assert 49 < made[0] < 51

    def test_the_index_of_a_clean_season(self):
        # +20 % and -20 % in turn around 100: index of the next period is +20 %, nearly unshrunk.
        y = np.tile([120.0, 80.0], 20)[None, :]
        index, positive = seasonal_index(y, 2)
        assert positive[0]
        assert index[0, 0] == pytest.approx(0.2, abs=0.02)
        assert index[0].sum() == pytest.approx(0)

    def test_short_histories_have_no_index(self):
        assert not seasonal_index(np.arange(1.0, 20.0)[None, :], 12)[0].any()


def origin(actual, dropped=2, **forecasts):
    actual = np.array(actual, dtype=float)
    count = len(actual)
    return Origin(
        dropped,
        np.arange(count),
        np.full(count, "smooth", dtype=object),
        np.ones(count),
        np.ones(count),
        actual,
        {k: np.array(v, dtype=float) for k, v in forecasts.items()},
    )


class TestChoice:
    def test_the_errors_by_hand(self):
        o = origin([[10, 20]], SeasonalNaive=[[14, 18]], DOT=[[11, 19]])
        scores = choose.score_all((o,), "smooth")
        # Naive: errors 4 and 2 over 30; DOT: 1 and 1 over 30, forecasts sum to 30: no bias.
        assert scores["SeasonalNaive"].wape == pytest.approx(6 / 30)
        assert scores["SeasonalNaive"].bias == pytest.approx(2 / 30)
        assert scores["DOT"].wape == pytest.approx(2 / 30)
        assert scores["DOT"].nrmse == pytest.approx(1 / 15)
        assert scores["DOT"].bias == 0

    def test_a_clear_winner_takes_the_class_and_a_narrow_one_does_not(self):
        truth = np.full((400, 2), 10.0)
        near = [origin(truth, SeasonalNaive=truth + 2, DOT=truth + 1.98, Blend=truth + 2)] * 2
        far = [origin(truth, SeasonalNaive=truth + 2, DOT=truth + 1, Blend=truth + 2)] * 2
        for found, expected in ((near, "Blend"), (far, "DOT")):
            scores = choose.score_all(tuple(found), "smooth")
            assert choose.winner(tuple(found), "smooth", scores, "Blend", short=False) == expected

    def test_seasonal_naive_can_win(self):
        truth = np.full((100, 2), 10.0)
        o = origin(truth, SeasonalNaive=truth, Blend=truth + 5)
        scores = choose.score_all((o, o), "smooth")
        assert choose.winner((o, o), "smooth", scores, "Blend", short=True) == "SeasonalNaive"

    def test_consistent_bias_is_corrected_by_seven_tenths(self):
        # Actual 12 for every 10 forecast: ratio 1.2, factor 1 + .7 × .2.
        o = origin([[12, 12]], DOT=[[10, 10]], SeasonalNaive=[[9, 9]])
        assert choose.correction((o,) * 4, "smooth", "DOT") == pytest.approx(1.14)

    def test_bias_at_few_origins_may_be_chance(self):
        o = origin([[12, 12]], DOT=[[10, 10]], SeasonalNaive=[[9, 9]])
        assert choose.correction((o,) * 3, "smooth", "DOT") == 1.0

    def test_bias_of_uncertain_size_is_corrected_less(self):
        # Ratios 1.1, 1.1, 1.1, 1.5: mean excess .2, standard deviation .2, standard error .1;
        # sure is 1 - (.1 ÷ .2)² = .75, so 1 + .7 × .75 × .2.
        found = tuple(origin([[y, y]], DOT=[[10, 10]]) for y in (11, 11, 11, 15))
        assert choose.correction(found, "smooth", "DOT") == pytest.approx(1.105)

    def test_bias_that_turns_is_left(self):
        high, low = origin([[12, 12]], DOT=[[10, 10]]), origin([[8, 8]], DOT=[[10, 10]])
        assert choose.correction((high, high, high, low), "smooth", "DOT") == 1.0


class TestIntervals:
    def errors(self, actual, forecast, step=1):
        n = len(actual)
        return intervals.Errors(
            actual,
            forecast,
            np.ones(n),
            np.full(n, "smooth", dtype=object),
            np.full(n, step),
            np.arange(n) % 4,
        )

    @settings(max_examples=20, deadline=None)
    @given(st.integers(0, 1000), st.sampled_from([80, 95]))
    def test_exchangeable_errors_are_covered_as_asked(self, seed, level):
        r = np.random.default_rng(seed)
        forecast = r.uniform(50, 100, 1200)
        cell = self.errors(forecast + r.normal(0, 5, 1200), forecast)
        got = intervals.measured(cell, (level,), nonnegative=True)["all", level]
        assert abs(got - level / 100) < 0.05

    def test_zero_inflated_demand_is_not_overcovered_without_need(self):
        r = np.random.default_rng(1)
        actual = np.where(r.random(4000) < 0.5, 0.0, r.exponential(10, 4000))
        cell = self.errors(actual, np.full(4000, 5.0))
        got = intervals.measured(cell, (80,), nonnegative=True)["smooth", 80]
        # Zero is always inside, so the plain tails would cover 90 %.
        assert abs(got - 0.8) < 0.03


class TestOrigins:
    def test_none_for_one_value_and_four_for_a_short_horizon(self):
        def panel(n):
            ds = pd.date_range("2020-01-01", periods=n, freq="MS")
            return read(pd.DataFrame({"unique_id": "a", "ds": ds, "y": 1.0}), "MS", 12)

        assert origins(panel(1), 3) == ()
        assert origins(panel(36), 3) == (3, 6, 9, 12)
        # A third of 30 is 10: a horizon of 18 is scored 10 ahead.
        assert origins(panel(30), 18)[0] == 10


class TestLaunches:
    def panel(self):
        ds = pd.date_range("2020-01-01", periods=8, freq="MS")
        lines = {f"p{i}": [0, 0, 2, 4, 6, 8, 8, 8] for i in range(3)}
        return read(
            pd.concat([pd.DataFrame({"unique_id": k, "ds": ds, "y": v}) for k, v in lines.items()]),
            "MS",
            12,
        )

    def test_no_history_takes_the_peers_curve(self):
        curves = launch_curves(self.panel(), np.array(["g"] * 3, dtype=object), 8)
        made = cold_start((np.array([]),), ("g",), curves, 3)
        assert made.mean.tolist() == [[2, 4, 6]]
        assert made.own_weight.tolist() == [0]
        assert bool(made.low_confidence[0])

    def test_own_level_counts_half_after_three_periods(self):
        curves = launch_curves(self.panel(), np.array(["g"] * 3, dtype=object), 8)
        # Own 4+8+12 = 24 against 2+4+6 = 12: ratio 2, weight 3/6, level 1.5; next are 8 and 8.
        made = cold_start((np.array([4.0, 8.0, 12.0]),), ("g",), curves, 2)
        assert made.mean.tolist() == [[12, 12]]

    def test_a_curve_too_short_is_said(self):
        curves = launch_curves(self.panel(), np.array(["g"] * 3, dtype=object), 2)
        with pytest.raises(InputError):
            cold_start((np.array([1.0]),), ("g",), curves, 2)


def orders():
    r = np.random.default_rng(4)
    months = pd.date_range("2020-01-01", periods=30, freq="MS")
    parts = []
    for region in ("North", "South"):
        for category in ("Bikes", "Parts"):
            for item in range(4):
                y = r.poisson(20 + 5 * item, 30).astype(float)
                parts.append(
                    pd.DataFrame(
                        {
                            "region": region,
                            "category": category,
                            "item": f"{category}{item}",
                            "ds": months,
                            "y": y,
                        }
                    )
                )
    return pd.concat(parts, ignore_index=True)


class TestLevels:
    REGION, ITEM = Level("region", ("region",)), Level("item", ("region", "item"))
    SETUP = Setup("MS", 12, 3, dropped=(3, 6))

    def test_levels_above_are_sums_and_levels_below_add_up_to_the_middle(self):
        leaf = Level("leaf", ("region", "category", "item"))
        total = Level("total", ())
        made = forecast_levels(orders(), (total, self.REGION, leaf), self.REGION, self.SETUP)
        region = made.by_level["region"].mean
        np.testing.assert_allclose(made.by_level["total"].mean, region.sum(axis=0)[None, :])
        assert set(made.by_level["total"].frame["method"]) == {"SumOf:region"}
        below = made.by_level["leaf"]
        at = np.array([name.split(JOIN)[0] for name in below.panel.ids])
        for row, name in enumerate(("North", "South")):
            np.testing.assert_allclose(below.mean[at == name].sum(axis=0), region[row])
            for (origin, leafs), (_, above) in zip(
                below.history, made.by_level["region"].history, strict=True
            ):
                inside = at[origin.rows] == name
                np.testing.assert_allclose(leafs[inside].sum(axis=0), above[row])

    def test_the_panel_sums_rows_and_ends_together(self):
        frame = orders().query("not (region == 'North' and ds > '2022-01-01')")
        panel = level_panel(frame, Level("region", ("region",)), "MS", 12)
        assert len(set(panel.ends)) == 1
        assert panel.values[0, -1] == 0

    def test_a_child_of_two_parents_has_none(self):
        assert parents(orders(), Level("item", ("item",)), Level("r", ("region",))) is None


class TestMint:
    @settings(max_examples=15, deadline=None)
    @given(st.integers(0, 10_000))
    def test_levels_add_up_and_stay_above_zero(self, seed):
        r = np.random.default_rng(seed)
        matrix = np.array([[1.0, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]])
        actual = matrix @ r.uniform(0, 50, (3, 24))
        fitted = actual + r.normal(0, 4, actual.shape)
        means = np.maximum(matrix @ r.uniform(0, 30, (3, 2)) + r.normal(0, 6, (4, 2)), 0)
        made = mint(matrix, means, actual, fitted)
        np.testing.assert_allclose(made[0], made[1:].sum(axis=0), rtol=1e-6, atol=1e-6)
        assert (made >= -1e-9).all()
