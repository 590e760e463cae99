"""The one entry: laws that hold for any series, and the awkward series that arrive."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadline.errors import InputError
from tools.analytics.forecast import backtest, features, gbm, pool
from tools.analytics.forecast.forecast import forecast, forecast_panel
from tools.analytics.forecast.series import read


def long(table, freq="MS", start="2020-01-01"):
    """Rows of a name → values table, all from one start."""
    parts = [
        pd.DataFrame(
            {"unique_id": k, "ds": pd.date_range(start, periods=len(v), freq=freq), "y": v}
        )
        for k, v in table.items()
    ]
    return pd.concat(parts, ignore_index=True)


def waves(count, length, season=12, seed=1):
    r = np.random.default_rng(seed)
    t = np.arange(length)
    return {
        f"s{i:03}": (50 + 10 * i)
        * (1 + 0.3 * np.sin(2 * np.pi * (t + i) / season))
        * r.lognormal(0, 0.1, length)
        for i in range(count)
    }


class TestLaws:
    def test_intervals_are_ordered_and_nested(self):
        f = forecast(long(waves(10, 48)), "MS", 12, 6, seed=3).frame
        assert (f["lo-95"] <= f["lo-80"]).all()
        assert (f["lo-80"] <= f["mean"]).all()
        assert (f["mean"] <= f["hi-80"]).all()
        assert (f["hi-80"] <= f["hi-95"]).all()
        assert (f["hi-80"] - f["lo-80"]).min() > 0

    def test_the_same_call_gives_the_same_numbers(self):
        frame = long(waves(10, 40))
        first, second = (forecast(frame, "MS", 12, 4, seed=5).frame for _ in range(2))
        pd.testing.assert_frame_equal(first, second)

    def test_the_order_of_rows_does_not_matter(self):
        frame = long(waves(4, 30))
        shuffled = frame.sample(frac=1, random_state=1)
        pd.testing.assert_frame_equal(
            forecast(frame, "MS", 12, 3).frame, forecast(shuffled, "MS", 12, 3).frame
        )

    @pytest.mark.parametrize("factor", [0.001, 1000.0])
    def test_forecasts_scale_with_the_series(self, factor):
        frame = long(waves(3, 40))
        scaled = frame.assign(y=frame["y"] * factor)
        one, other = forecast(frame, "MS", 12, 6).frame, forecast(scaled, "MS", 12, 6).frame
        for column in ("mean", "lo-80", "hi-95"):
            # Optimisers stop at absolute tolerances: equal to 1 %, not to the last bit.
            np.testing.assert_allclose(other[column] / factor, one[column], rtol=0.01, atol=0.01)

    def test_changing_the_future_never_changes_a_backtest_forecast(self):
        table = waves(12, 48)
        changed = {k: np.concatenate([v[:-6], v[-6:] * 3 + 100]) for k, v in table.items()}
        made = []
        for t in (table, changed):
            panel = read(long(t), "MS", 12)
            setup = backtest.Setup(6, pool.Fitting(("DOT", "CES")), 1, use_global=True)
            made.append(backtest.run(panel, setup, np.zeros((12, 0)), 6))
        assert set(made[0].forecasts) > {"SeasonalNaive", "DOT", "CES", "Median", "Global"}
        for name, values in made[0].forecasts.items():
            np.testing.assert_array_equal(values, made[1].forecasts[name], err_msg=name)
        assert not np.array_equal(made[0].actual, made[1].actual)

    def test_training_rows_stop_before_the_hidden_periods(self):
        table = waves(12, 40)
        changed = {k: np.concatenate([v[:-5], v[-5:] + 999]) for k, v in table.items()}
        first, second = (
            gbm.training_rows(read(long(t), "MS", 12), 3, np.zeros((12, 0)), stop=5)
            for t in (table, changed)
        )
        np.testing.assert_array_equal(first.x, second.x)
        np.testing.assert_array_equal(first.target, second.target)

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.lists(st.integers(-5, 60), min_size=1, max_size=30), min_size=1, max_size=4))
    def test_any_series_give_finite_ordered_forecasts(self, lines):
        frame = long({f"s{i}": np.array(v, dtype=float) for i, v in enumerate(lines)})
        f = forecast(frame, "MS", 12, 3).frame
        assert len(f) == 3 * len(lines)
        assert np.isfinite(f[["mean", "lo-80", "hi-80", "lo-95", "hi-95"]].to_numpy()).all()
        assert ((f["lo-95"] <= f["mean"]) & (f["mean"] <= f["hi-95"])).all()
        if min(min(v) for v in lines) >= 0:
            assert (f["lo-95"] >= 0).all()


class TestAwkwardSeries:
    @pytest.mark.parametrize(
        ("freq", "season"), [("MS", 12), ("QS", 4), ("W-MON", 52), ("D", 7), ("YS", 1), ("ME", 12)]
    )
    def test_every_calendar_runs_on(self, freq, season):
        frame = long(waves(3, 3 * season + 5, season), freq)
        f = forecast(frame, freq, season, 4).frame
        last = frame["ds"].max()
        expected = pd.date_range(last, periods=5, freq=freq)[1:]
        assert list(f.loc[f["unique_id"] == "s000", "ds"]) == list(expected)

    def test_a_constant_stays(self):
        f = forecast(long({"a": np.full(30, 7.0)}), "MS", 12, 5).frame
        np.testing.assert_allclose(f["mean"], 7.0, rtol=1e-6)

    def test_nothing_stays_nothing(self):
        r = forecast(long({"a": np.zeros(30), "b": np.zeros(9)}), "MS", 12, 5)
        assert (r.frame["mean"] == 0).all()
        assert set(r.methods["class"]) == {"empty"}

    def test_many_series_of_nothing_teach_no_booster_anything(self):
        table = {f"s{i}": np.zeros(30) for i in range(9)}
        assert (forecast(long(table), "MS", 12, 3).frame["mean"] == 0).all()

    def test_one_observation_repeats_without_a_backtest(self):
        r = forecast(long({"a": [42.0]}), "MS", 12, 2)
        assert list(r.frame["mean"]) == [42.0, 42.0]
        assert bool(r.methods["default"].all())

    def test_unknown_values_inside_and_at_the_end(self):
        y = waves(1, 40)["s000"].copy()
        y[[0, 10, 11, 39]] = np.nan
        f = forecast(long({"a": y}), "MS", 12, 3).frame
        assert np.isfinite(f["mean"]).all()

    def test_negative_values_keep_their_sign(self):
        f = forecast(long({"a": -np.linspace(100, 110, 36)}), "MS", 12, 3).frame
        assert (f["mean"] < -90).all()
        assert (f["lo-95"] < f["mean"]).all()

    def test_ends_differ_and_each_series_runs_on_from_its_own(self):
        table = long({"a": np.arange(1.0, 31)}), long({"b": np.arange(1.0, 21)})
        f = forecast(pd.concat(table), "MS", 12, 1).frame.set_index("unique_id")["ds"]
        assert f["a"] == pd.Timestamp("2022-07-01")
        assert f["b"] == pd.Timestamp("2021-09-01")

    def test_a_horizon_longer_than_history(self):
        f = forecast(long(waves(2, 10)), "MS", 12, 24).frame
        assert np.isfinite(f["hi-95"]).all()
        assert len(f) == 48


class TestChoice:
    def test_seasonal_naive_is_always_in_the_race(self):
        r = forecast(long(waves(9, 60)), "MS", 12, 6)
        named = r.errors.groupby("class")["method"].agg(set)
        assert all("SeasonalNaive" in methods for methods in named)
        assert r.errors.loc[r.errors["chosen"] & (r.errors["class"] != "all")].shape[0] >= 1

    def test_a_pure_season_is_found(self):
        t = np.arange(60)
        y = 100 + 40 * np.sin(2 * np.pi * t / 12)
        f = forecast(long({"a": y, "b": y + 10}), "MS", 12, 12).frame
        truth = 100 + 40 * np.sin(2 * np.pi * np.arange(60, 72) / 12)
        # A repeating wave of amplitude 40 must come out within 5 units everywhere.
        assert np.abs(f.loc[f["unique_id"] == "a", "mean"].to_numpy() - truth).max() < 5


class TestArguments:
    @pytest.mark.parametrize(
        ("horizon", "levels"), [(0, (80,)), (401, (80,)), (3, ()), (3, (100,))]
    )
    def test_out_of_range_is_said(self, horizon, levels):
        with pytest.raises(InputError):
            forecast(long({"a": [1.0, 2.0]}), "MS", 12, horizon, levels=levels)

    def test_progress_is_told(self):
        lines = []
        panel = read(long({"a": np.arange(20.0)}), "MS", 12)
        forecast_panel(panel, 2, levels=(80,), seed=0, progress=lines.append)
        assert lines[0].startswith("1 series, 2 periods ahead")
        assert lines[-1] == "forecast from the end"


class TestMarketFeatures:
    def test_every_origin_has_the_same_columns_though_series_come_and_go(self):
        # 12 series in 4 groups: a grouping (4 ≤ 12 ÷ 3); with 3 old ones alone it would be none.
        old = {f"a{i}": np.arange(1.0, 41) for i in range(3)}
        new = {f"b{i}": np.arange(1.0, 6) for i in range(9)}
        frame = pd.concat([long(old), long(new, start="2022-12-01")])
        panel = read(frame, "MS", 12)
        statics = np.repeat(np.arange(4.0), 3)[:, None]
        widths = {
            features.rows_at(panel, d, 2, statics, least=2, additive=True).x.shape[1]
            for d in (0, 3, 10, 30)
        }
        assert len(widths) == 1
