"""How intervals of sums follow from those of their parts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.analytics.forecast.sums import PRIOR, added, correlation


def numbers(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def parts(distance: float, count: int, low: float | None = None) -> pd.DataFrame:
    """Forecasts of 10, bounds 10 ± distance."""
    lower = 10 - distance if low is None else low
    rows = [(1, 10.0, lower, 10 + distance, lower, 10 + distance)] * count
    return pd.DataFrame(rows, columns=["key", "forecast", "lo80", "hi80", "lo95", "hi95"])


class TestCorrelation:
    def test_errors_of_one_sign_go_together(self) -> None:
        # Pairs: 2 × 3 over 2 × 3 = 1, shrunk by one origin and four of the prior: (1 + 2) ÷ 5.
        assert correlation(numbers(2, 3), np.array([0, 0]), numbers(1, 1)) == pytest.approx(0.6)

    def test_opposite_errors_cancel(self) -> None:
        # -1 found: (-1 + 4 × 0.5) ÷ 5 = 0.2.
        assert correlation(numbers(2, -3), np.array([0, 0]), numbers(1, 1)) == pytest.approx(0.2)

    def test_more_origins_are_believed_more(self) -> None:
        error = numbers(*[2, 3] * 6)
        group = np.repeat(np.arange(6), 2)
        # Six origins, found 1: (6 + 2) ÷ 10.
        assert correlation(error, group, np.repeat(numbers(*range(6)), 2)) == pytest.approx(0.8)

    def test_without_pairs_the_prior_stands(self) -> None:
        assert correlation(numbers(2, 3), np.array([0, 1]), numbers(1, 1)) == PRIOR
        assert correlation(numbers(), np.array([], dtype=np.int64), numbers()) == PRIOR

    @given(st.lists(st.floats(-100, 100), min_size=2, max_size=12))
    def test_it_is_a_share(self, errors: list[float]) -> None:
        group = np.zeros(len(errors), dtype=np.int64)
        assert 0 <= correlation(numbers(*errors), group, numbers(*errors) * 0) <= 1


class TestAdded:
    @pytest.mark.parametrize(("rho", "wide"), [(0.0, 2.0), (1.0, 4.0), (0.5, 10**0.5)])
    def test_distances_add_by_the_correlation(self, rho: float, wide: float) -> None:
        # Four parts ± 1: √4 = 2 where independent, 4 where one, √(½·4 + ½·16) = √10 between.
        made = added(parts(1, 4), ["key"], rho).iloc[0]
        assert made["forecast"] == 40
        assert made["hi80"] - 40 == pytest.approx(wide)
        assert 40 - made["lo80"] == pytest.approx(wide)

    def test_over_time_bounds_at_zero_add_wholly(self) -> None:
        # Lower bounds at zero: who may buy nothing in a month may buy nothing in four.
        made = added(parts(5, 4, low=0.0), ["key"], 0.0, over_time=True).iloc[0]
        assert made["lo80"] == 0
        assert made["hi80"] - 40 == pytest.approx(10)

    def test_over_members_they_do_not(self) -> None:
        made = added(parts(5, 4, low=0.0), ["key"], 0.0).iloc[0]
        assert made["lo80"] == pytest.approx(40 - 20)

    def test_without_keys_all_is_one(self) -> None:
        made = added(parts(1, 3).assign(was=2.0), [], 1.0, ("was",))
        assert list(made["was"]) == [6.0]
        assert list(made["lo95"]) == [27.0]

    def test_what_may_be_negative_is_not_cut(self) -> None:
        made = added(parts(1, 1, low=-5.0), ["key"], 1.0).iloc[0]
        assert made["lo80"] == pytest.approx(-5)
