"""Intervals: order statistics by hand, and what few and correlated origins do to them."""

import numpy as np
import pytest

from tools.analytics.forecast.intervals import Errors, bounds, independent


def errors(z, origin):
    """Errors of forecasts of 1000 in units of 1, one step ahead."""
    z = np.asarray(z, dtype=float)
    cls = np.full(len(z), "smooth", dtype=object)
    forecast = np.full(len(z), 1000.0)
    ones = np.ones(len(z))
    return Errors(forecast + z, forecast, ones, cls, ones.astype(int), np.asarray(origin))


def interval(z, origin, level=80):
    return bounds(errors(z, origin), "smooth", 1, level, nonnegative=False)


class TestIndependent:
    def test_errors_that_differ_within_origins_count_each(self):
        # Both origins' means are 0: nothing between them, ρ = 0.
        assert independent(np.array([1.0, -1.0, 1.0, -1.0]), np.array([0, 0, 1, 1])) == 4

    def test_errors_alike_within_origins_count_once_an_origin(self):
        # Nothing within: ρ = 1, 4 ÷ (1 + (2 - 1) · 1) = 2.
        assert independent(np.array([1.0, 1.0, -1.0, -1.0]), np.array([0, 0, 1, 1])) == 2

    def test_half_way(self):
        # Means 2 and 0, overall 1: between 2 · (1 + 1) ÷ 1 = 4; within (1+1+1+1) ÷ 2 = 2;
        # ρ = (4 - 2) ÷ (4 + (2 - 1) · 2) = 1/3; 4 ÷ (1 + 1/3) = 3.
        got = independent(np.array([3.0, 1.0, 1.0, -1.0]), np.array([0, 0, 1, 1]))
        assert got == pytest.approx(3)

    @pytest.mark.parametrize("count", [1, 5, 500])
    def test_one_origin_is_worth_one(self, count):
        assert independent(np.arange(float(count)), np.zeros(count, dtype=int)) == 1


class TestBounds:
    def test_the_order_statistics(self):
        # Each origin holds -50 … 49, so each value weighs 1 + .7 + .49 + .343 = 2.533 and all
        # 253.3. With the value to come 254.3: 90 % of it is reached by the 91st value, 40, and
        # from below by -41; 80 % of the sizes (0 once, 1 … 49 twice) by the 81st, 40.
        # ρ = 0, so 400 errors count: 400/405 by sign, 5/405 by size, wider by √(1 + 1/400).
        low, high = interval(np.tile(np.arange(-50.0, 50.0), 4), np.repeat(np.arange(4), 100))
        wide = np.sqrt(1 + 1 / 400)
        assert low == pytest.approx(-(41 * 400 + 40 * 5) / 405 * wide)
        assert high == pytest.approx(40 * wide)

    def test_the_recent_origin_weighs_most(self):
        calm, wild = np.linspace(-1, 1, 200), np.linspace(-10, 10, 200)
        origin = np.repeat([0, 1], 200)
        later_calm = interval(np.concatenate([calm, wild]), origin)
        later_wild = interval(np.concatenate([wild, calm]), origin)
        assert later_calm[1] - later_calm[0] < later_wild[1] - later_wild[0]

    def test_errors_to_one_side_at_few_origins_are_no_rule(self):
        # Four origins, all too low by 5 to 8: the next may as well be too high.
        z = np.repeat([5.0, 6.0, 7.0, 8.0], 100) + np.tile(np.linspace(-0.1, 0.1, 100), 4)
        low, high = interval(z, np.repeat(np.arange(4), 100))
        assert low < -3
        assert high > 7

    def test_errors_to_one_side_at_many_origins_are_one(self):
        r = np.random.default_rng(2)
        low, high = interval(r.uniform(5, 8, 4000), np.repeat(np.arange(40), 100))
        assert low > -0.1
        assert 7 < high < 9

    @pytest.mark.parametrize("level", [80, 95])
    def test_shocks_common_to_all_series_are_covered(self, level):
        # Each origin has a shock of its own that all 50 series share, three times their own noise.
        r = np.random.default_rng(5)
        hits = []
        for _ in range(200):
            z = 3 * np.repeat(r.normal(size=4), 50) + r.normal(size=200)
            low, high = interval(z, np.repeat(np.arange(4), 50), level)
            later = 3 * r.normal() + r.normal(size=50)
            hits.append(np.mean((later >= low) & (later <= high)))
        # Four origins cannot tell a tail: from within 10 points, not from within 5.
        assert abs(np.mean(hits) - level / 100) < 0.10

    def test_no_errors_give_three_units(self):
        assert interval([], np.zeros(0, dtype=int)) == (-3.0, 3.0)
