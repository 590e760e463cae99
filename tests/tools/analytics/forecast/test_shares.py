"""Levels below: phase profiles by hand, and the race between them and the level's own forecasts."""

import numpy as np
import pandas as pd
import pytest

from tools.analytics.forecast.backtest import origins
from tools.analytics.forecast.reconcile import JOIN, Level, Setup, forecast_levels
from tools.analytics.forecast.series import read
from tools.analytics.forecast.shares import OWN, candidates, cycles, profiles

REGION, LEAF = Level("region", ("region",)), Level("leaf", ("partner", "category"))


def panel_of(lines, season=12):
    """A panel of name → values, all ending together."""
    end = pd.Timestamp("2024-12-01")
    parts = [
        pd.DataFrame(
            {"unique_id": k, "ds": pd.date_range(end=end, periods=len(v), freq="MS"), "y": v}
        )
        for k, v in lines.items()
    ]
    return read(pd.concat(parts), "MS", season, fill="zero")


def partners(cycle, seed=3, months=36, count=12, moved=99):
    """Partners who order every `cycle` months, each in a phase, later by one from month `moved`."""
    r = np.random.default_rng(seed)
    t = np.arange(months)
    market = 1 + 0.4 * np.sin(2 * np.pi * t / 12)
    parts = []
    for i in range(count):
        due = (t + i + (t >= moved)) % cycle == 0
        y = np.where(due, r.poisson(40 * market), 0)
        parts.append(
            pd.DataFrame(
                {
                    "region": "North" if i % 2 else "South",
                    "partner": f"p{i:02}",
                    "category": "Bikes",
                    "ds": pd.date_range("2022-01-01", periods=months, freq="MS"),
                    "y": y.astype(float),
                }
            )
        )
    frame = pd.concat(parts, ignore_index=True)
    return frame.loc[frame["y"] > 0]


class TestProfiles:
    @pytest.mark.parametrize(
        ("season", "expected"),
        [
            (12, {"Flat": 1, "Quarter": 3, "Season": 12}),
            (52, {"Flat": 1, "Quarter": 13, "Season": 52}),
            (4, {"Flat": 1, "Season": 4}),
            (7, {"Flat": 1, "Season": 7}),
            (1, {"Flat": 1}),
        ],
    )
    def test_a_quarter_is_tried_where_it_is_longer_than_a_period(self, season, expected):
        assert cycles(season) == expected

    def test_each_cycle_weighs_half_of_the_next(self):
        # Quarters (8, 0, 4) and (2, 6, 4): weights 1/2 and 1, so the first month gives
        # (0.5 · 8 + 2) ÷ 1.5 = 4, the second (0 + 6) ÷ 1.5 = 4, the third 4; the fourth repeats.
        made = profiles(panel_of({"a": [8.0, 0.0, 4.0, 2.0, 6.0, 4.0]}), 4)
        assert made["Quarter"][0] == pytest.approx([4, 4, 4, 4])
        made = profiles(panel_of({"a": [9.0, 0.0, 0.0, 3.0, 0.0, 6.0]}), 4)
        # (4.5 + 3) ÷ 1.5 = 5; 0; 6 ÷ 1.5 = 4; again 5.
        assert made["Quarter"][0] == pytest.approx([5, 0, 4, 5])

    def test_a_cycle_half_seen_counts_where_it_was_seen(self):
        # Four months: one whole quarter (1, 2, 3), of the one before only its third month, 6:
        # (0.5 · 6 + 3) ÷ 1.5 = 4.
        made = profiles(panel_of({"a": [6.0, 1.0, 2.0, 3.0]}), 3)
        assert made["Quarter"][0] == pytest.approx([1, 2, 4])
        assert "Season" not in made

    def test_before_its_start_a_series_took_nothing(self):
        # Flat: the mean over twelve months, of which the newcomer saw three: 12 ÷ 12 = 1.
        made = profiles(panel_of({"new": [4.0, 4.0, 4.0], "old": [2.0] * 12}), 2)
        assert made["Flat"].tolist() == [[1, 1], [2, 2]]


class TestScaling:
    def test_a_group_without_a_profile_is_divided_as_its_own_forecasts_are(self):
        # Nobody of the group orders in the first month of a quarter, yet 30 are expected above.
        past = panel_of({"a": [0.0, 3.0, 0.0] * 3, "b": [0.0, 1.0, 0.0] * 3})
        own = np.array([[1.0], [2.0]])
        made = candidates(past, own, np.array([0, 0]), np.array([[30.0]]))
        assert made[OWN].ravel() == pytest.approx([10, 20])
        assert made["ShareQuarter"].ravel() == pytest.approx([10, 20])

    def test_shares_are_of_the_group(self):
        past = panel_of({"a": [3.0] * 9, "b": [1.0] * 9, "c": [5.0] * 9})
        made = candidates(past, np.ones((3, 1)), np.array([0, 0, 1]), np.array([[8.0], [7.0]]))
        assert made["ShareQuarter"].ravel() == pytest.approx([6, 2, 7])


class TestRace:
    SETUP = Setup("MS", 12, 3)

    def test_buyers_in_a_fixed_phase_are_told_by_their_phase(self):
        # Six series teach no global model; their phases moved in month 16, so that the months of
        # a year before mislead three of the four origins (30, 27, 24 and 21 months).
        frame = partners(3, count=6, moved=16).assign(region="North")
        cut = frame["ds"] < "2024-10-01"
        made = forecast_levels(frame.loc[cut], (LEAF,), REGION, self.SETUP).by_level["leaf"]
        errors = made.errors.set_index(["class", "method"])["wape"]
        cls = made.frame["class"].iloc[0]
        assert set(made.frame["method"]) == {"ShareQuarter"}
        assert errors[cls, "ShareQuarter"] < errors[cls, OWN]
        actual = frame.loc[~cut].assign(unique_id=lambda f: f["partner"] + JOIN + f["category"])
        both = made.frame.merge(actual, on=["unique_id", "ds"], how="left").fillna({"y": 0.0})
        # Poisson noise of sales of 24-56 is a WAPE of about 0.13; who orders when is known.
        assert (both["mean"] - both["y"]).abs().sum() / both["y"].sum() < 0.35

    def test_without_phases_the_own_forecasts_stay(self):
        r = np.random.default_rng(1)
        frame = partners(1)
        frame = frame.loc[r.random(len(frame)) < 0.5]
        made = forecast_levels(frame, (LEAF,), REGION, self.SETUP).by_level["leaf"]
        assert "ShareSeason" not in set(made.frame["method"])
        assert made.errors["method"].isin([OWN, "ShareFlat", "ShareQuarter", "ShareSeason"]).any()

    def test_whatever_wins_the_group_adds_up(self):
        frame = pd.concat([partners(3), partners(1, seed=5).assign(category="Parts")])
        made = forecast_levels(frame, (LEAF, REGION), REGION, self.SETUP)
        home = frame.drop_duplicates("partner").set_index("partner")["region"]
        leaf = made.by_level["leaf"]
        at = np.array([home[name.split(JOIN)[0]] for name in leaf.panel.ids])
        above = made.by_level["region"]
        for row, region in enumerate(above.panel.ids):
            np.testing.assert_allclose(leaf.mean[at == region].sum(axis=0), above.mean[row])


class TestOriginsOfParts:
    def test_where_most_series_are_new_the_old_ones_set_the_origins(self):
        old = {f"a{i}": np.arange(1.0, 31) for i in range(3)}
        new = {f"b{i}": np.arange(1.0, 4) for i in range(6)}
        panel = panel_of({**old, **new})
        # A third have 30 months, so the upper quartile is 30: four origins three months apart.
        assert origins(panel, 3) == (3, 6, 9, 12)

    def test_parts_of_a_whole_are_as_old_as_the_whole(self):
        old = {"a": np.arange(1.0, 31)}
        new = {f"b{i}": np.arange(1.0, 4) for i in range(9)}
        panel = panel_of({**old, **new})
        assert origins(panel, 3) == (1,)
        assert origins(panel, 3, additive=True) == (3, 6, 9, 12)
