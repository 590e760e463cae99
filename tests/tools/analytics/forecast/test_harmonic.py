"""Long seasons: waves found, a trend damped, short and awkward histories left in peace."""

import numpy as np
import pandas as pd
import pytest

from tools.analytics.forecast.backtest import Origin
from tools.analytics.forecast.combine import weight
from tools.analytics.forecast.harmonic import harmonic, waves
from tools.analytics.forecast.pool import Fitting, median, pool
from tools.analytics.forecast.series import read


def weekly(*lines):
    """A panel of weekly series that end together."""
    end = pd.Timestamp("2025-12-29")
    parts = [
        pd.DataFrame(
            {
                "unique_id": f"s{i}",
                "ds": pd.date_range(end=end, periods=len(y), freq="W-MON"),
                "y": y,
            }
        )
        for i, y in enumerate(lines)
    ]
    return read(pd.concat(parts), "W-MON", 52)


def wave(weeks, start=0, noise=0.0, seed=1):
    r = np.random.default_rng(seed)
    t = start + np.arange(weeks)
    return 100 * (1 + 0.4 * np.sin(2 * np.pi * t / 52)) + r.normal(0, 1, weeks) * noise


class TestWaves:
    @pytest.mark.parametrize(
        ("length", "season", "expected"),
        [(40, 52, 0), (64, 52, 0), (65, 52, 2), (103, 52, 2), (104, 52, 4), (900, 52, 4)],
    )
    def test_two_per_cycle_up_to_four(self, length, season, expected):
        assert waves(length, season) == expected


class TestForecast:
    def test_two_noisy_years_show_the_wave(self):
        made = harmonic(weekly(wave(110, noise=15)), 26)[0]
        truth = wave(26, start=110)
        # A single week's noise is 15; the wave must be found to a third of that.
        assert np.abs(made - truth).mean() < 5

    def test_it_beats_last_years_weeks_where_weeks_are_noisy(self):
        panel = weekly(*[wave(150, noise=20, seed=s) for s in range(6)])
        made = pool(panel, 13, Fitting(()))
        truth = wave(13, start=150)
        wrong = {n: np.abs(made[n] - truth).mean() for n in ("Harmonic", "SeasonalNaive")}
        assert wrong["Harmonic"] < 0.6 * wrong["SeasonalNaive"]

    def test_a_trend_goes_on_half_as_steep_and_bends(self):
        # 52 a year on 500-656: half of it is one a week at most twice; never above the line.
        y = 500 + np.arange(156.0)
        made = harmonic(weekly(y), 26)[0]
        assert (np.diff(made) > 0).mean() > 0.9
        assert made[-1] < 656 + 26
        assert made[0] > 640

    def test_under_a_cycle_it_is_a_level_and_no_wave(self):
        made = harmonic(weekly(np.full(30, 8.0)), 60)[0]
        np.testing.assert_allclose(made, 8.0, rtol=1e-6)

    def test_series_of_any_size_and_sign(self):
        y = wave(120, noise=5)
        one, large, negative = harmonic(weekly(y, y * 1e6, -y), 8)
        np.testing.assert_allclose(large, one * 1e6, rtol=1e-6)
        assert (negative < -50).all()
        nothing = harmonic(weekly(np.zeros(80), wave(80)), 8)[0]
        assert (nothing == 0).all()

    def test_lengths_may_differ(self):
        short, long = wave(70, start=50), wave(120)
        both = harmonic(weekly(short, long), 4)
        np.testing.assert_allclose(both[0], harmonic(weekly(short), 4)[0])
        np.testing.assert_allclose(both[1], harmonic(weekly(long), 4)[0])


class TestPool:
    def test_the_median_of_a_long_season_holds_the_waves(self):
        panel = weekly(*[wave(110, noise=10, seed=s) for s in range(3)])
        made = pool(panel, 4, Fitting(("DOT",)))
        expected = np.median([made[n] for n in ("DOT", "Harmonic", "Baseline")], axis=0)
        np.testing.assert_allclose(median(made, np.arange(3)), expected)

    def test_months_and_sparse_series_go_without(self):
        ds = pd.date_range("2022-01-01", periods=40, freq="MS")
        monthly = read(pd.DataFrame({"unique_id": "a", "ds": ds, "y": np.arange(40.0)}), "MS", 12)
        assert "Harmonic" not in pool(monthly, 3, Fitting(()))
        sparse = np.where(np.arange(120) % 5 == 0, 3.0, 0.0)
        made = pool(weekly(sparse, wave(120)), 4, Fitting(("TSB",)))
        assert np.isnan(made["Harmonic"][0]).all()
        assert np.isfinite(made["Harmonic"][1]).all()


class TestBlend:
    @pytest.mark.parametrize(
        ("fitted", "short", "prior"),
        [((), True, 1.0), ((), False, 0.5), (("Harmonic",), True, 0.5)],
    )
    def test_waves_are_believed_on_short_histories(self, fitted, short, prior):
        truth = np.full((3, 2), 10.0)
        names = ("SeasonalNaive", "Global", *fitted)
        forecasts = {"Median": truth, **dict.fromkeys(names, truth + 1)}
        classes, ones = np.full(3, "smooth", dtype=object), np.ones(3)
        origin = Origin(2, np.arange(3), classes, ones, ones, truth, forecasts)
        # The median is without error, so the best weight is 0; 6 values against 3000 of the prior.
        got = weight((origin,), "smooth", short=short)
        assert got == pytest.approx(3000 * prior / 3006)
