"""Groups: how many there are, that they hold, and what they are called."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.behaving_world import channel_facts
from tools.analytics.segments.features import FEATURES, Behaviour, behaviour
from tools.analytics.segments.groups import (
    LEAST_PARTNERS,
    NAMED,
    WIDTH,
    Groups,
    find_groups,
    names_of,
    nearest_of,
    scaled,
    shares,
)

ALL = np.arange(len(FEATURES))


def centre(**scaled_values: float) -> list[float]:
    return [scaled_values.get(name, 0.0) for name in FEATURES]


def seen(**columns: list[float]) -> Behaviour:
    """Partners with these figures; the other figures are missing."""
    size = len(next(iter(columns.values())))
    missing = [float("nan")] * size
    figures = pd.DataFrame({name: columns.get(name, missing) for name in FEATURES})
    there = np.ones(size, dtype=np.bool_)
    return Behaviour(pd.Timestamp(2026, 6, 30), figures, np.ones(size), there, there)


@pytest.fixture(scope="module")
def now() -> Behaviour:
    return behaviour(channel_facts(), channel_facts().as_of)


@pytest.fixture(scope="module")
def groups(now: Behaviour) -> Groups:
    found = find_groups(now)
    assert found is not None
    return found


class TestScaled:
    def test_median_is_zero_and_the_quartiles_are_one_apart(self) -> None:
        # pauses are not logged: 0, .1, .2, .3, .4 have the median .2, quartiles .1 and .3
        found = scaled(seen(pauses=[0.0, 0.1, 0.2, 0.3, 0.4]))
        assert found[:, FEATURES.index("pauses")].tolist() == pytest.approx([-1, -0.5, 0, 0.5, 1])

    def test_extremes_are_cut_off(self) -> None:
        found = scaled(seen(pauses=[0.0, 0.1, 0.2, 0.3, 99.0]))
        assert found[:, FEATURES.index("pauses")].max() == WIDTH

    def test_missing_for_one_is_zero_missing_for_all_is_nan(self) -> None:
        found = scaled(seen(pauses=[0.0, 0.1, 0.2, 0.3, float("nan")]))
        assert found[4, FEATURES.index("pauses")] == 0.0
        assert np.isnan(found[:, FEATURES.index("tenure")]).all()


class TestNames:
    def test_each_rule_names_its_centre(self) -> None:
        centres = np.array(
            [
                centre(growth=1.0, pipeline=1.0, opportunities=1.0, tenure=-0.5),
                centre(variation=-1.0, pauses=-1.0, tenure=1.0),
                centre(variation=1.5, pauses=1.0, unevenness=1.0, activity=-1.0),
            ]
        )
        assert names_of(centres, ALL) == NAMED

    def test_who_does_not_grow_is_no_high_potential(self) -> None:
        shrinking = np.array([centre(growth=-0.1, pipeline=2.0, opportunities=2.0)])
        assert names_of(shrinking, ALL) != ("high_potential",)
        growing = np.array([centre(growth=0.1, pipeline=2.0, opportunities=2.0)])
        assert names_of(growing, ALL) == ("high_potential",)

    def test_features_that_the_data_lacks_say_nothing(self) -> None:
        # growth, variation, tenure only
        columns = np.array([0, 1, 4])
        centres = np.array([[1.0, 0.0, -1.0], [0.0, -1.0, 1.0], [0.0, 2.0, 0.0]])
        assert names_of(centres, columns) == NAMED


class TestFindGroups:
    def test_three_characters_are_three_names(self, groups: Groups) -> None:
        assert set(groups.names) == set(NAMED)
        assert groups.stability > 0.8
        assert 0 < groups.silhouette < 1

    def test_the_same_twice(self, now: Behaviour, groups: Groups) -> None:
        again = find_groups(now)
        assert again is not None
        assert np.array_equal(again.centres, groups.centres)
        assert again.names == groups.names

    def test_too_few_partners_make_none(self) -> None:
        few = LEAST_PARTNERS - 1
        assert find_groups(seen(pauses=[0.1] * few, tenure=[1.0] * few)) is None

    def test_partners_that_do_not_differ_make_none(self) -> None:
        assert find_groups(seen(pauses=[0.1] * 50, tenure=[1.0] * 50)) is None

    def test_without_signs_of_engagement(self) -> None:
        of = channel_facts(orders_only=True)
        found = find_groups(behaviour(of, of.as_of))
        assert found is not None
        used = {FEATURES[at] for at in found.columns}
        assert not used & {"opportunities", "pipeline", "activity"}


class TestShares:
    def test_inverse_squared_distances(self) -> None:
        # 1 from stable, 2 from opportunistic: 1 : 1/4 = .8 : .2
        found = shares(np.array([[0.0]]), np.array([[1.0], [-2.0]]), ("stable", "opportunistic"))
        assert found[0].tolist() == pytest.approx([0.0, 0.8, 0.2], abs=1e-5)

    @given(st.lists(st.floats(-3, 3), min_size=1, max_size=9))
    def test_the_nearest_group_has_the_largest_share(self, places: list[float]) -> None:
        points = np.array(places).reshape(-1, 1)
        centres = np.array([[-2.0], [0.1], [2.0]])
        found = shares(points, centres, NAMED)
        assert found.sum(axis=1) == pytest.approx(1.0)
        near = nearest_of(points, centres)
        rows = np.arange(len(points))
        assert (found[rows, near] >= found.max(axis=1) - 1e-9).all()
