"""Peers: the narrowest group that is large enough, percentiles by direction, medians."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.analytics.profile.rows import AS_OF, people
from tools.analytics.profile.facts import Floats
from tools.analytics.profile.peers import GROUPS, MIN_PEERS, Group, peer_codes, standing

UP, DOWN, NEITHER = np.array([1.0]), np.array([-1.0]), np.array([0.0])


def column(*values: float) -> Floats:
    return np.array(values, dtype=np.float64)[:, None]


def codes(sizes: dict[Group, list[int]]) -> dict[Group, np.ndarray]:
    """Codes for a group from a list; every other kind of group holds one member each."""
    number = len(next(iter(sizes.values())))
    alone = np.arange(number)
    return {name: np.array(sizes.get(name, alone)) for name in GROUPS}


class TestPercentile:
    def test_the_best_is_one_the_worst_nothing(self) -> None:
        found = standing(column(*range(9)), UP, codes({"all": [0] * 9}))
        assert found.percentile[:, 0].tolist() == [n / 8 for n in range(9)]
        assert found.median[:, 0].tolist() == [4.0] * 9
        assert found.peers[:, 0].tolist() == [9] * 9

    def test_less_is_better(self) -> None:
        found = standing(column(*range(9)), DOWN, codes({"all": [0] * 9}))
        assert found.percentile[:, 0].tolist() == [1 - n / 8 for n in range(9)]
        assert found.median[0, 0] == 4.0  # as it is, not turned round

    def test_ties_share_the_middle_of_their_places(self) -> None:
        # three at the bottom hold ranks 1–3: (2 − 1) / 8
        found = standing(column(0, 0, 0, 1, 2, 3, 4, 5, 6), UP, codes({"all": [0] * 9}))
        assert found.percentile[:3, 0].tolist() == [1 / 8] * 3

    def test_neither_way_is_better(self) -> None:
        found = standing(column(*range(9)), NEITHER, codes({"all": [0] * 9}))
        assert np.isnan(found.percentile).all()
        assert found.median[0, 0] == 4.0

    def test_who_has_no_value_has_no_place_and_is_no_peer(self) -> None:
        found = standing(column(*range(8), np.nan), UP, codes({"all": [0] * 9}))
        assert np.isnan(found.percentile[8, 0])
        assert found.group[8, 0] == -1
        assert found.peers[0, 0] == 8

    @given(st.lists(st.floats(-1e6, 1e6), min_size=MIN_PEERS, max_size=40))
    def test_order_is_kept_and_bounds_hold(self, values: list[float]) -> None:
        found = standing(column(*values), UP, codes({"all": [0] * len(values)})).percentile[:, 0]
        assert ((found >= 0) & (found <= 1)).all()
        for at, value in enumerate(values):
            better = np.array(values) > value
            assert (found[better] > found[at]).all()


class TestGroups:
    def test_the_narrowest_that_is_large_enough(self) -> None:
        # eight in the first narrow group, one in the other: it looks at its type
        sizes: dict[Group, list[int]] = {
            "type_region_tenure": [0] * 8 + [1],
            "type": [0] * 9,
            "all": [0] * 9,
        }
        found = standing(column(*range(9)), UP, codes(sizes))
        assert [GROUPS[g] for g in found.group[:, 0]] == ["type_region_tenure"] * 8 + ["type"]
        assert found.peers[:, 0].tolist() == [8] * 8 + [9]

    def test_seven_are_too_few_for_any(self) -> None:
        found = standing(column(*range(7)), UP, codes({"all": [0] * 7}))
        assert (found.group == -1).all()
        assert np.isnan(found.percentile).all()

    def test_members_count_per_figure(self) -> None:
        # of the second figure the narrow group has one member only
        values = np.column_stack([np.arange(16.0), [0.0] + [np.nan] * 7 + list(range(8))])
        sizes: dict[Group, list[int]] = {"type": [0] * 8 + [1] * 8, "all": [0] * 16}
        found = standing(values, np.array([1.0, 1.0]), codes(sizes))
        assert GROUPS[found.group[0, 0]] == "type"
        assert GROUPS[found.group[0, 1]] == "all"

    def test_drawn_in_extremes_tie(self) -> None:
        values = column(*range(41))  # p5 is 2, p95 is 38
        plain = standing(values, UP, codes({"all": [0] * 41}))
        drawn = standing(values, UP, codes({"all": [0] * 41}), winsorised=True)
        assert plain.percentile[0, 0] < plain.percentile[1, 0]
        assert drawn.percentile[0, 0] == drawn.percentile[1, 0] == drawn.percentile[2, 0]
        assert drawn.percentile[2, 0] < drawn.percentile[3, 0]
        assert drawn.percentile[40, 0] == drawn.percentile[38, 0]


class TestCodes:
    def test_type_region_and_tenure_each_split(self) -> None:
        joined = ["2026-01-01", "2024-06-01", "2015-01-01", "2015-01-01", "2015-01-01", "NaT"]
        table = people(list(range(6)), joined_on=pd.to_datetime(joined))
        table["first_order_date"] = pd.NaT
        table["partner_type"] = ["A", "A", "A", "B", "A", "A"]
        table["region_id"] = [1, 1, 1, 1, 2, 1]
        found = peer_codes(table, AS_OF)
        assert len(set(found["type_region_tenure"])) == 6
        assert found["type"].tolist()[:4] == [found["type"][0]] * 3 + [found["type"][3]]
        assert found["type_region"][0] == found["type_region"][2] != found["type_region"][4]
        assert set(found["all"]) == {0}

    def test_tenure_counts_from_the_first_order_where_joining_is_unknown(self) -> None:
        table = people([1, 2], joined_on=pd.to_datetime(["NaT", "2026-01-01"]))
        table["first_order_date"] = pd.to_datetime(["2026-02-01", "2020-01-01"])
        found = peer_codes(table, AS_OF)["type_tenure"]
        assert found[0] == found[1]

    @pytest.mark.parametrize("column_name", ["partner_type", "region_id"])
    def test_unknown_ones_are_peers_of_each_other(self, column_name: str) -> None:
        table = people([1, 2, 3])
        table["joined_on"] = pd.to_datetime(table["joined_on"])
        table[column_name] = [None, None, 5]
        found = peer_codes(table, AS_OF)["type_region"]
        assert found[0] == found[1] != found[2]
