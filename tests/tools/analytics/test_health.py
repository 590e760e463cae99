"""The health score: weighted percentiles, coverage, capped activity, bands."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.analytics.profile.rows import ELDER, Row, facts, line
from tools.analytics.health import MIN_COVERAGE, axis_weights, band_of, health_table
from tools.analytics.health_weights import AXES, DEFAULT_WEIGHTS, Axis, HealthWeights
from tools.analytics.profile.catalog import KPI_BY_NAME
from tools.analytics.profile.facts import Facts, Floats

TEN = range(1, 11)


def scores(**given_scores: float) -> dict[Axis, Floats]:
    """Axis scores of one partner; those not given are missing."""
    return {axis: np.array([given_scores.get(axis, math.nan)]) for axis in AXES}


def weighed(**given_scores: float) -> dict[str, float]:
    found = axis_weights(scores(**given_scores), DEFAULT_WEIGHTS)
    return {axis: float(weight[0]) for axis, weight in found.items() if weight[0]}


class TestWeights:
    def test_defaults_add_up_and_name_known_kpis(self) -> None:
        assert sum(DEFAULT_WEIGHTS.axes.values()) == pytest.approx(1.0)
        assert set(DEFAULT_WEIGHTS.axes) == set(AXES) == set(DEFAULT_WEIGHTS.kpis)
        for inner in DEFAULT_WEIGHTS.kpis.values():
            assert set(inner) <= KPI_BY_NAME.keys()
            assert all(KPI_BY_NAME[name].direction != "neutral" for name in inner)

    def test_no_kpi_counts_twice(self) -> None:
        names = [name for inner in DEFAULT_WEIGHTS.kpis.values() for name in inner]
        assert len(names) == len(set(names))

    def test_all_there_weigh_as_they_are_set(self) -> None:
        found = weighed(**dict.fromkeys(AXES, 50.0))
        assert found == pytest.approx(DEFAULT_WEIGHTS.axes)

    def test_what_is_missing_leaves_its_weight_to_the_others(self) -> None:
        # results and growth .25 each, payment .15: no activity at all
        found = weighed(results=50, growth=50, payment=50)
        assert found == pytest.approx(
            {"results": 0.25 / 0.65, "growth": 0.25 / 0.65, "payment": 0.15 / 0.65}
        )

    def test_activity_is_capped_when_much_else_is_missing(self) -> None:
        # uncapped, .20 of .35 would be 57 % activity; capped at 25 %, shared as .10 : .10
        found = weighed(payment=50, engagement=50, capability=50)
        assert found == pytest.approx({"payment": 0.75, "engagement": 0.125, "capability": 0.125})

    def test_activity_alone_is_no_health(self) -> None:
        assert weighed(engagement=99, capability=99) == {}

    def test_a_cap_of_nothing(self) -> None:
        weights = HealthWeights(activity_cap=0.0)
        found = axis_weights(scores(results=50, engagement=90), weights)
        assert found["engagement"][0] == 0.0
        assert found["results"][0] == 1.0

    @given(st.lists(st.booleans(), min_size=len(AXES), max_size=len(AXES)), st.floats(0, 1))
    def test_they_add_up_to_one_and_keep_the_cap(self, there: list[bool], cap: float) -> None:
        weights = HealthWeights(activity_cap=cap)
        shown = {axis: 50.0 for axis, is_there in zip(AXES, there, strict=True) if is_there}
        found = axis_weights(scores(**shown), weights)
        solid = any(axis not in weights.activity_axes for axis in shown)
        assert sum(float(w[0]) for w in found.values()) == pytest.approx(1.0 if solid else 0.0)
        activity = sum(float(found[axis][0]) for axis in weights.activity_axes)
        assert activity <= cap + 1e-9


class TestBands:
    @pytest.mark.parametrize(
        ("score", "band"),
        [(80.1, "healthy"), (80, "good"), (60, "good"), (59.9, "watch"), (40, "watch"),
         (39.9, "poor"), (0, "poor"), (math.nan, None)],
    )  # fmt: skip
    def test_bounds(self, score: float, band: str | None) -> None:
        assert band_of(np.array([score]), DEFAULT_WEIGHTS) == [band]


def steady(number: int, size: float) -> list[Row]:
    """An order on the fifth of every month for two years, all of one size."""
    days = [f"{2024 + (10 + m) // 12}-{(10 + m) % 12 + 1:02d}-05" for m in range(24)]
    return [line(day, size, partner_id=number, order_id=number * 100 + at)
            for at, day in enumerate(days)]  # fmt: skip


@pytest.fixture(scope="module")
def ten() -> Facts:
    """Ten partners: the larger the number, the more it sells; the first one stopped in May."""
    rows = [row for number in TEN for row in steady(number, 100.0 * number)]
    rows = [r for r in rows if not (r["partner_id"] == 1 and str(r["order_date"]) > "2026-05-01")]
    return facts(10, order_line=rows)


class TestScore:
    def test_who_sells_most_leads_and_who_stopped_trails(self, ten: Facts) -> None:
        # only orders are known: results .25 without attainment (5/7 of it) and growth .25 without
        # retention (4/5 of it): 0.25 × 5/7 + 0.25 × 4/5 = 0.3786, plus product lines: none
        weights = HealthWeights(axes={"results": 0.5, "growth": 0.5})
        table = health_table(ten, weights).set_index("partner_id")
        assert table["score"].drop(ELDER).idxmin() == 1
        assert table["results"][10] > table["results"][2]
        assert table["coverage"][5] == pytest.approx(0.5 * 5 / 7 + 0.5 * 4 / 5)

    def test_too_little_data_is_no_score(self, ten: Facts) -> None:
        table = health_table(ten).set_index("partner_id")
        coverage = 0.25 * 5 / 7 + 0.25 * 4 / 5
        assert coverage < MIN_COVERAGE
        assert table["coverage"][5] == pytest.approx(coverage)
        assert table["score"].isna().all()
        assert table["band"].isna().all()

    def test_an_axis_without_data_is_missing_not_zero(self, ten: Facts) -> None:
        table = health_table(ten)
        assert table["payment"].isna().all()
        assert table["engagement"].isna().all()
        assert table["results"].notna().sum() == 11

    def test_pulls_add_up_to_the_distance_from_the_middle(self, ten: Facts) -> None:
        weights = HealthWeights(axes={"results": 0.5, "growth": 0.5})
        table = health_table(ten, weights)
        pulls = table[[c for c in table.columns if c.endswith("__pull")]].sum(axis=1)
        scored = table["score"].notna()
        assert scored.sum() >= 10
        np.testing.assert_allclose(pulls[scored], table["score"][scored] - 50.0)

    def test_the_peer_group_is_the_widest_that_was_needed(self, ten: Facts) -> None:
        table = health_table(ten).set_index("partner_id")
        assert table["group"][5] == 0  # eleven of one type, region and tenure

    def test_nobody_at_all(self) -> None:
        assert health_table(facts(0)).shape[0] == 1  # the elder alone, without a score
        assert health_table(facts(0))["score"].isna().all()
