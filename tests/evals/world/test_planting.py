"""The plan: who plays which part, and what becomes of demand."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from evals.world.partners import FLAGSHIP, NAMESAKE, NEW, make_partners
from evals.world.planting import (
    NEVER,
    Plan,
    activity_factor,
    line_factors,
    make_plan,
    order_factor,
    product_factors,
)
from evals.world.products import CUT, LAUNCHED, LINES
from evals.world.timeline import make_timeline
from evals.world.world import World

TIMELINE = make_timeline(36)


def parts(plan: Plan) -> dict[str, set[int]]:
    """Partners by the part that they play."""
    return {
        "leaver": set(np.flatnonzero(plan.leaves != NEVER).tolist()),
        "lull": {lull.partner for lull in plan.lulls},
        "stuffing": {episode.partner for episode in plan.stuffing if not episode.genuine},
        "genuine": {episode.partner for episode in plan.stuffing if episode.genuine},
        "diversion": {case.partner for case in plan.diversion if not case.approved},
        "national": {case.partner for case in plan.diversion if case.approved},
    }


class TestCast:
    @pytest.mark.parametrize("seed", range(5))
    def test_nobody_plays_two_parts(self, seed: int) -> None:
        partners = make_partners(np.random.default_rng(seed), TIMELINE, 240)
        plan = make_plan(np.random.default_rng(seed), TIMELINE, partners)
        times = Counter(index for members in parts(plan).values() for index in members)
        assert set(times.values()) == {1}
        assert not {FLAGSHIP, NAMESAKE} & set(times)
        assert all(partners.archetype[index] != NEW for index in times)

    def test_every_part_is_played_in_a_small_world_too(self) -> None:
        partners = make_partners(np.random.default_rng(3), TIMELINE, 48)
        plan = make_plan(np.random.default_rng(3), TIMELINE, partners)
        assert all(parts(plan).values())

    def test_repeated_stuffing_leaves_time_to_recover(self, world: World) -> None:
        episodes = sorted(world.plan.stuffing, key=lambda e: (e.partner, e.quarter.first))
        for earlier, later in pairwise(episodes):
            if earlier.partner == later.partner:
                assert later.quarter.first - earlier.quarter.last >= 150

    def test_only_stockists_are_stuffed(self, world: World) -> None:
        assert all(world.partners.stocking[episode.partner] for episode in world.plan.stuffing)

    def test_diversion_goes_to_another_region(self, world: World) -> None:
        home = world.partners.places.region
        assert all(case.target_region != home[case.partner] for case in world.plan.diversion)


class TestEffects:
    def test_orders_fade_and_stop(self, world: World) -> None:
        factor = order_factor(world.timeline, world.plan, world.partners)
        leaver = int(np.flatnonzero(world.plan.leaves < world.timeline.days)[0])
        day = int(world.plan.leaves[leaver])
        # Full until 120 days before; then linearly to 0.15; from the day itself nothing.
        assert factor[leaver, day - 121] == 1.0
        assert factor[leaver, day - 60] == pytest.approx(0.15 + 0.85 / 2)
        assert factor[leaver, day:].max() == 0.0

    def test_activity_goes_before_orders(self, world: World) -> None:
        leaver = np.flatnonzero(world.plan.leaves < world.timeline.days)[:1]
        day = world.plan.leaves[leaver] - 120
        # 120 of 200 cooling days are left: 0.1 + 0.9 × 0.6; orders have not begun to fade.
        assert activity_factor(world.plan, leaver, day)[0] == pytest.approx(0.64)

    def test_nothing_sells_before_it_is_launched(self, world: World) -> None:
        factors = product_factors(world.timeline, world.plan)
        month = int(world.timeline.month_of_day[world.plan.launch_day])
        assert factors[LAUNCHED, :month].max() == 0.0
        assert factors[LAUNCHED, month:].min() > 0.0
        assert factors[LAUNCHED, -1] == 1.0

    def test_a_cheaper_product_sells_more(self, world: World) -> None:
        factors = product_factors(world.timeline, world.plan)
        assert factors[CUT, -1] > 1.3
        assert factors[CUT, 0] == 1.0

    def test_the_decline_hits_two_lines_of_the_east(self, world: World) -> None:
        factors = line_factors(world.timeline, world.plan)
        last = factors[0, :, -1]  # 上海
        hit = {LINES[index] for index in np.flatnonzero(last < 1)}
        assert hit == {"财务云", "供应链"}
        assert factors[0, :, -5].min() == 1.0  # not before July
