"""What a member's past lets expect, and which dimension tells most."""

from __future__ import annotations

import pytest

from tools.analytics.drivers.surprise import expect
from tools.analytics.drivers.telling import concentration, excesses, strength, telling


class TestExpectation:
    def test_the_mean_of_recent_and_same_season(self) -> None:
        # recent 0.2, 0.3, 0.25: median 0.25; seasons 0.4, 0.5: 0.45; expected (0.25 + 0.45) / 2
        seen = expect(0.35, [0.2, 0.3, 0.25], [0.4, 0.5])
        assert seen is not None
        assert seen.expected == pytest.approx(0.35)
        assert seen.z == pytest.approx(0.0)

    def test_spreads_away(self) -> None:
        # all: 1, 2, 3, 4, 5: median 3, deviations 2 1 0 1 2: median 1, spread 1.4826
        seen = expect(6.0, [1.0, 2.0, 3.0, 4.0, 5.0], [])
        assert seen is not None
        assert seen.z == pytest.approx(3 / 1.4826)

    def test_who_never_moved_is_taken_to_vary_a_little(self) -> None:
        seen = expect(0.6, [0.5] * 5, [])
        assert seen is not None
        # 5 % of 0.5
        assert seen.z == pytest.approx(0.1 / 0.025)

    def test_too_short_a_past_expects_nothing(self) -> None:
        assert expect(0.5, [0.5, 0.5], [0.5]) is None

    def test_a_past_of_nothing_has_no_measure(self) -> None:
        seen = expect(1.0, [0.0] * 4, [])
        assert seen is not None
        assert seen.z is None


class TestTelling:
    def test_all_in_step_tells_nothing(self) -> None:
        pairs = [(100.0, 80.0), (50.0, 40.0), (10.0, 8.0)]
        assert excesses(pairs) == pytest.approx([0, 0, 0])
        assert strength(pairs) == pytest.approx(0)

    def test_excess_is_what_goes_beyond_the_common_change(self) -> None:
        # 200 → 160: each 20 % less expected; a lost 40 of 100, that is 20 more than its 20
        assert excesses([(100.0, 60.0), (100.0, 100.0)]) == pytest.approx([-20, 20])
        # half of 40 beyond 200
        assert strength([(100.0, 60.0), (100.0, 100.0)]) == pytest.approx(0.1)

    def test_one_of_many_is_concentrated(self) -> None:
        lonely = [(100.0, 20.0), *[(100.0, 100.0)] * 19]
        spread = [(100.0, 90.0 if i % 2 else 110.0) for i in range(20)]
        assert concentration(lonely) > 0.4
        assert concentration(spread) == pytest.approx(0.0)

    def test_one_member_tells_nothing(self) -> None:
        assert telling([(100.0, 10.0)], []).score == 0

    def test_what_always_moves_tells_less(self) -> None:
        now = [(100.0, 60.0), (100.0, 100.0), (100.0, 110.0)]
        calm = [(100.0, 101.0), (100.0, 100.0), (100.0, 99.0)]
        assert telling(now, [calm]).score > telling(now, [now]).score

    def test_nothing_at_all(self) -> None:
        assert strength([]) == 0
        assert telling([], []).score == 0
