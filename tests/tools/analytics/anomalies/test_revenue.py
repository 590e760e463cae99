"""Revenue out of the ordinary: what stands out of level, trend and season, and what does not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tools.analytics.anomalies.revenue import find_revenue_anomalies, find_stretches, season_of

MONTHS = pd.date_range("2023-01-01", periods=36, freq="MS")
NO_SEASON = np.ones(36)


def noisy(level: float = 100.0, growth: float = 0.0, spread: float = 0.04) -> np.ndarray:
    """36 months around a line, the same every time."""
    noise = np.random.default_rng(5).normal(0, spread, 36)
    return level * (1 + growth * np.arange(36) / 12) * (1 + noise)


def table(**series: np.ndarray) -> pd.DataFrame:
    return pd.concat(
        pd.DataFrame({"region": name, "month": MONTHS, "amount": values})
        for name, values in series.items()
    )


class TestStretches:
    def test_quiet_months_are_found_with_their_days(self) -> None:
        values = noisy()
        values[20:23] *= 0.4
        (found,) = find_stretches(values[None, :], NO_SEASON)
        assert (found.first, found.last) == (20, 22)
        assert found.z < -6
        assert found.score == 1.0
        # three months of about 100, of which 40 % came
        assert found.actual / found.expected == pytest.approx(0.4, abs=0.05)

    def test_a_fall_at_the_end_of_the_data(self) -> None:
        values = noisy()
        values[32:] *= 0.6
        (found,) = find_stretches(values[None, :], NO_SEASON)
        assert (found.first, found.last) == (32, 35)

    def test_a_surge_is_one_too(self) -> None:
        values = noisy()
        values[15:17] *= 2
        (found,) = find_stretches(values[None, :], NO_SEASON)
        assert found.z > 6
        assert (found.first, found.last) == (15, 16)

    def test_growth_is_none(self) -> None:
        assert find_stretches(noisy(growth=0.4)[None, :], NO_SEASON) == []

    def test_a_recovery_is_none(self) -> None:
        values = noisy()
        values[14:20] *= 0.5
        found = find_stretches(values[None, :], NO_SEASON)
        assert {stretch.z < 0 for stretch in found} == {True}

    def test_who_orders_in_bursts_may_do_so_again(self) -> None:
        values = np.zeros(36)
        values[[2, 7, 9, 15, 20, 26, 31]] = [90, 120, 80, 110, 100, 95, 130]
        assert [s for s in find_stretches(values[None, :], NO_SEASON) if s.score >= 0.6] == []

    def test_too_short_a_history_expects_nothing(self) -> None:
        values = noisy()
        values[:28] = np.nan
        values[34] = 1.0
        assert find_stretches(values[None, :], NO_SEASON) == []

    def test_series_do_not_touch_each_other(self) -> None:
        fallen = noisy()
        fallen[20:23] *= 0.4
        found = find_stretches(np.vstack([noisy(), fallen, noisy(50.0)]), NO_SEASON)
        assert {stretch.row for stretch in found} == {1}


class TestSeason:
    def test_an_even_year_has_none(self) -> None:
        season = season_of(np.full(36, 100.0), MONTHS.month.to_numpy(), np.zeros(36))
        assert season == pytest.approx(np.ones(36))

    def test_a_strong_december_is_expected(self) -> None:
        values = noisy(spread=0.0)
        values[11::12] *= 2
        season = season_of(values, MONTHS.month.to_numpy(), np.zeros(36))
        assert season[11] / season[10] == pytest.approx(2.0, rel=0.15)

    def test_the_new_year_stop_moves_with_its_date(self) -> None:
        # the stop falls into January, February, January: revenue halves where it is
        stop = np.zeros(36)
        stop[[0, 13, 24]] = 0.5
        values = np.where(stop > 0, 50.0, 100.0)
        season = season_of(values, MONTHS.month.to_numpy(), stop)
        assert season[13] < 0.75 * season[12]
        assert season[0] < 0.75 * season[1]

    def test_less_than_two_years_have_none(self) -> None:
        short = season_of(noisy()[:20], MONTHS.month.to_numpy()[:20], np.zeros(20))
        assert short.tolist() == [1.0] * 20


class TestTable:
    def test_the_days_and_the_figures(self) -> None:
        fallen = noisy(spread=0.03)
        fallen[30:] *= 0.5
        found = find_revenue_anomalies(table(a=noisy(80.0), b=fallen, c=noisy(300.0)), ["region"])
        worst = found.sort_values("score").iloc[-1]
        assert worst["region"] == "b"
        assert (str(worst["period_start"].date()), str(worst["period_end"].date())) == (
            "2025-07-01",
            "2025-12-31",
        )
        assert worst["months"] == 6
        assert worst["deviation"] == pytest.approx(worst["actual"] - worst["expected"])
        assert worst["deviation_rate"] < -0.4

    def test_a_month_without_a_row_is_a_month_without_revenue(self) -> None:
        values = table(a=noisy(), b=noisy(200.0))
        quiet = (values["region"] == "a") & values["month"].between("2024-06-01", "2024-08-01")
        found = find_revenue_anomalies(values[~quiet], ["region"])
        assert found.loc[found["region"] == "a", "actual"].tolist() == [0.0]

    def test_nothing_gives_an_empty_table(self) -> None:
        found = find_revenue_anomalies(table(a=noisy()).iloc[:0], ["region"])
        assert found.empty
        assert {"region", "score", "period_start"} <= set(found.columns)
