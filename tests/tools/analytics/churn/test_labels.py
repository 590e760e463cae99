"""The label: who has churned, who is about to, and what cannot be told yet."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tools.analytics.churn.labels import HORIZON_DAYS, labels, standing
from tools.analytics.order_days import NEVER, OrderDays
from tools.analytics.profile.facts import Floats


def of(*partners: list[int]) -> OrderDays:
    """Order days of partners, given as day numbers."""
    at = np.repeat(np.arange(len(partners)), [len(days) for days in partners])
    day = np.array([d for days in partners for d in days], dtype=np.int64)
    following = np.array(
        [d for days in partners for d in [*days[1:], *[NEVER] * bool(days)]], dtype=np.int64
    )
    return OrderDays(at.astype(np.int64), day, following, len(partners))


def told(days: OrderDays, cutoff: int, known_until: int) -> list[float]:
    return [float(f) for f in labels(days, standing(days, cutoff), known_until)]


class TestStanding:
    def test_last_order_interval_and_limit(self) -> None:
        # intervals 10, 10, 10: 3 × 10 is less than 90
        found = standing(of([0, 10, 20, 30]), 50)
        assert (found.last[0], found.order_days[0]) == (30, 4)
        assert (found.silent_days[0], found.interval[0], found.limit[0]) == (20.0, 10.0, 90.0)

    def test_a_slow_partner_is_given_three_of_its_intervals(self) -> None:
        found = standing(of([0, 60, 120, 180]), 300)
        assert found.limit[0] == 180.0
        assert not found.churned[0]  # 120 days

    def test_intervals_weigh_by_their_days(self) -> None:
        # 5, 5, 5, 5, 80: of 100 days 80 lie in the long interval; a plain median would say 5
        found = standing(of([0, 5, 10, 15, 20, 100]), 100)
        assert (found.interval[0], found.limit[0]) == (80.0, 240.0)

    def test_churned_is_silent_for_longer_than_the_limit(self) -> None:
        days = of([0, 10, 20])
        assert not standing(days, 110).churned[0]  # 90 days: not longer
        assert standing(days, 111).churned[0]

    def test_later_orders_are_not_seen(self) -> None:
        found = standing(of([0, 10, 20, 500]), 30)
        assert (found.last[0], found.order_days[0], found.interval[0]) == (20, 3, 10.0)

    def test_one_order_has_no_interval_and_no_risk(self) -> None:
        found = standing(of([0], [], [0, 10]), 400)
        assert np.isnan(found.interval[:2]).all()
        assert found.enough.tolist() == [False, False, False]
        assert found.churned.tolist() == [False, False, True]
        assert not found.at_risk.any()
        assert math.isnan(found.silent_days[1])


class TestLabels:
    def test_stops_within_the_horizon(self) -> None:
        # cut-off 30; last order on day 60, silent until 400
        assert told(of([0, 10, 20, 30, 40, 50, 60]), 30, 400) == [1.0]

    def test_goes_on(self) -> None:
        assert told(of(list(range(0, 400, 10))), 30, 400) == [0.0]

    def test_stops_after_the_horizon(self) -> None:
        # last order on day 130, more than 90 days after day 30
        assert told(of(list(range(0, 140, 10))), 30, 400) == [0.0]

    def test_the_horizon_s_last_day_counts(self) -> None:
        last = 30 + HORIZON_DAYS
        assert told(of(list(range(0, last + 1, 10))), 30, 400) == [1.0]

    def test_a_silence_that_ends_too_late_is_churn(self) -> None:
        assert told(of([0, 10, 20, 30, 121, 131]), 30, 400) == [1.0]  # 91 days
        assert told(of([0, 10, 20, 30, *range(120, 400, 10)]), 30, 400) == [0.0]  # 90 days

    def test_a_silence_that_is_still_short_is_unknown(self) -> None:
        # day 60 … 150 are 90 days: not yet churn, but nothing says that it comes back
        assert math.isnan(told(of([0, 10, 20, 30, 40, 50, 60]), 30, 150)[0])
        assert told(of([0, 10, 20, 30, 40, 50, 60]), 30, 151) == [1.0]

    def test_before_the_horizon_has_passed_nothing_is_known_to_go_on(self) -> None:
        assert math.isnan(told(of(list(range(0, 400, 10))), 30, 119)[0])

    def test_who_has_churned_already_or_is_unknown_has_no_label(self) -> None:
        found = told(of([0, 10, 20], [190], [150, 160, *range(170, 600, 10)]), 200, 600)
        assert [math.isnan(f) for f in found] == [True, True, False]

    @given(
        st.lists(st.integers(1, 200), min_size=3, max_size=30),
        st.integers(20, 900),
        st.integers(0, 900),
    )
    def test_what_comes_later_cannot_change_what_was_known(
        self, gaps: list[int], cutoff: int, more: int
    ) -> None:
        days = np.cumsum(gaps).tolist()
        known_until = cutoff + more
        short = of([d for d in days if d <= known_until])
        whole: Floats = labels(of(days), standing(of(days), cutoff), known_until)
        past: Floats = labels(short, standing(short, cutoff), known_until)
        assert np.array_equal(whole, past, equal_nan=True)

    @given(st.lists(st.integers(1, 200), min_size=3, max_size=30), st.integers(20, 900))
    def test_more_knowledge_never_turns_a_label(self, gaps: list[int], cutoff: int) -> None:
        days = of(np.cumsum(gaps).tolist())
        stood = standing(days, cutoff)
        early = labels(days, stood, cutoff + 200)
        late = labels(days, stood, 10_000)
        assert math.isnan(early[0]) or early[0] == late[0]
