"""A long frame becomes a panel: calendar, gaps, classes."""

import numpy as np
import pandas as pd
import pytest

from leadline.errors import InputError
from tools.analytics.forecast.series import DemandClass, demand_classes, read, scales


def rows(pairs, name="a"):
    ds, y = zip(*pairs, strict=True)
    return pd.DataFrame({"unique_id": name, "ds": ds, "y": y})


class TestCalendar:
    def test_absent_months_are_zero_demand_when_many(self):
        # 3 rows over 5 months: 40 % absent, none negative, so no demand.
        panel = read(rows([("2020-01-01", 5), ("2020-03-01", 7), ("2020-05-01", 9)]), "MS", 12)
        assert panel.values.tolist() == [[5, 0, 7, 0, 9]]

    def test_absent_months_are_drawn_through_on_demand(self):
        frame = rows([("2020-01-01", 5), ("2020-03-01", 7)])
        assert read(frame, "MS", 12, fill="interpolate").values.tolist() == [[5, 6, 7]]

    def test_unknown_values_are_drawn_through_even_among_zeros(self):
        frame = rows([("2020-01-01", 4), ("2020-02-01", np.nan), ("2020-04-01", 8)])
        # February is unknown: from 4 (January) to 0 (March, absent) halfway is 2.
        assert read(frame, "MS", 12, fill="zero").values.tolist() == [[4, 2, 0, 8]]

    def test_leading_unknown_values_are_dropped_and_trailing_carried(self):
        frame = rows([("2020-01-01", None), ("2020-02-01", 3), ("2020-03-01", None)])
        panel = read(frame, "MS", 12)
        assert panel.values.tolist() == [[3, 3]]
        assert panel.ends[0] == pd.Timestamp("2020-03-01")

    def test_dates_within_the_month_move_to_its_start(self):
        panel = read(rows([("2020-01-17", 1), ("2020-02-03", 2)]), "MS", 12)
        assert panel.long()["ds"].tolist() == [
            pd.Timestamp("2020-01-01"),
            pd.Timestamp("2020-02-01"),
        ]

    def test_series_are_right_aligned(self):
        frame = pd.concat(
            [rows([("2020-01-01", 1), ("2020-02-01", 2)]), rows([("2020-02-01", 9)], "b")]
        )
        panel = read(frame, "MS", 12)
        assert np.isnan(panel.values[1, 0])
        assert panel.values[:, 1].tolist() == [2, 9]

    def test_before_cuts_every_series_from_its_own_end(self):
        frame = pd.concat(
            [rows([(f"2020-0{m}-01", m) for m in range(1, 6)]), rows([("2020-01-01", 8)], "b")]
        )
        past, kept = read(frame, "MS", 12).before(2)
        assert past.ids == ("a",)
        assert kept.tolist() == [0]
        assert past.values.tolist() == [[1, 2, 3]]
        assert past.ends[0] == pd.Timestamp("2020-03-01")


class TestRefusals:
    @pytest.mark.parametrize(
        ("frame", "freq"),
        [
            (pd.DataFrame({"unique_id": ["a"], "y": [1]}), "MS"),
            (rows([("not a date", 1)]), "MS"),
            (rows([("2020-01-01", "x")]), "MS"),
            (rows([("2020-01-01", np.inf)]), "MS"),
            (rows([("2020-01-01", 1), ("2020-01-20", 2)]), "MS"),
            (rows([("2020-01-01", np.nan)]), "MS"),
            (rows([("2020-01-01", 1)]), "fortnight"),
            (rows([("2020-01-01", 1), ("2023-01-01", 2)]), "min"),
            (rows([(None, 1)]), "MS"),
        ],
    )
    def test_what_cannot_be_read_is_said(self, frame, freq):
        with pytest.raises(InputError):
            read(frame, freq, 12)

    def test_a_season_is_at_least_one(self):
        with pytest.raises(InputError):
            read(rows([("2020-01-01", 1)]), "MS", 0)


class TestClasses:
    def test_the_four_classes(self):
        months = pd.date_range("2020-01-01", periods=12, freq="MS")
        lines = {
            "smooth": [10, 11] * 6,  # every month, CV² far below .49
            "erratic": [1, 100, 1, 1] * 3,  # every month; mean 25.75, CV² = 2.77
            "intermittent": [5, 0, 0] * 4,  # 4 demands in 12: ADI 3, equal sizes
            "lumpy": [1, 0, 0, 50, 0, 0] * 2,  # ADI 3; sizes 1 and 50, CV² = .92
            "empty": [0] * 12,
        }
        frame = pd.concat(
            [pd.DataFrame({"unique_id": k, "ds": months, "y": v}) for k, v in lines.items()]
        )
        panel = read(frame, "MS", 12)
        assert dict(zip(panel.ids, demand_classes(panel), strict=True)) == {
            name: DemandClass(name) for name in lines
        }

    def test_scale_is_the_last_seasons_mean_and_one_for_nothing(self):
        months = pd.date_range("2020-01-01", periods=14, freq="MS")
        a = pd.DataFrame({"unique_id": "a", "ds": months, "y": [500.0, 500.0] + [6.0] * 12})
        b = pd.DataFrame({"unique_id": "b", "ds": months, "y": 0.0})
        assert scales(read(pd.concat([a, b]), "MS", 12)).tolist() == [6.0, 1.0]
