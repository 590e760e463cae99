"""The walk: everybody's segment, since when, and why; one odd month moves nobody."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from tests.tools.analytics.profile.rows import facts, lines
from tests.tools.behaving_world import (
    CHARACTERS,
    LEAVING,
    NEVER,
    NEW,
    ONCE,
    STOPPING,
    channel_facts,
    kind_of,
)
from tools.analytics.segments import walk
from tools.analytics.segments.features import FEATURES, Behaviour
from tools.analytics.segments.walk import LOOKS, looks, segment_table

STAYING = [n for n in CHARACTERS if n not in STOPPING and n not in LEAVING]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return segment_table(channel_facts()).set_index("partner_id")


class TestSegments:
    def test_characters_are_found(self, table: pd.DataFrame) -> None:
        right = [table["segment"][n] == kind_of(n) for n in STAYING]
        assert np.mean(right) >= 0.95

    def test_newcomers_and_who_never_ordered_are_not_judged(self, table: pd.DataFrame) -> None:
        for number in (ONCE, NEVER, NEW):
            assert table["segment"][number] == "insufficient_history"
            assert math.isnan(table["confidence"][number])

    def test_confidence_is_a_share(self, table: pd.DataFrame) -> None:
        found = table["confidence"].dropna()
        assert found.between(0, 1).all()
        assert found[STAYING].median() > 0.7

    def test_who_ordered_for_years_and_stopped_left_the_segment(self, table: pd.DataFrame) -> None:
        # partner 1 stopped on 2025-01-20: a year later nothing is known of its behaviour
        assert table["segment"][1] == "insufficient_history"
        assert table["previous_segment"][1] is not None
        assert table["since"][1] == pd.Timestamp(2026, 1, 31)

    def test_who_never_changed_has_no_previous_one(self, table: pd.DataFrame) -> None:
        first = looks(channel_facts())[0]
        assert table["previous_segment"][30] is None
        assert table["since"][30] == first

    def test_the_same_twice(self, table: pd.DataFrame) -> None:
        again = segment_table(channel_facts()).set_index("partner_id")
        pd.testing.assert_frame_equal(again, table)

    def test_too_few_partners_are_not_grouped(self) -> None:
        rows = lines(*(f"2026-{month:02d}-05" for month in range(1, 11)))
        found = segment_table(facts(1, order_line=rows))
        assert (found["segment"] == "insufficient_history").all()
        assert found["previous_segment"].isna().all()


class TestReasons:
    def test_rules_of_the_segment_first(self, table: pd.DataFrame) -> None:
        bursty = table.loc[[n for n in STAYING if n % 3 == 0]]
        assert set(bursty["reason_1"]) <= {"variation", "pauses", "unevenness", "activity"}
        growing = table.loc[[n for n in STAYING if table["segment"][n] == "high_potential"]]
        assert set(growing["reason_1"]) <= {"growth", "pipeline", "opportunities"}

    def test_each_told_once_with_its_figure(self, table: pd.DataFrame) -> None:
        for number in STAYING:
            told = [table[f"reason_{at}"][number] for at in (1, 2, 3)]
            told = [name for name in told if name]
            assert len(set(told)) == len(told) >= 1
            assert set(told) <= set(FEATURES)
            assert all(not math.isnan(table[f"{name}__value"][number]) for name in told)


class TestLooks:
    def test_month_ends_up_to_today(self) -> None:
        found = looks(channel_facts())
        assert found[-1] == channel_facts().as_of
        assert len(found) == LOOKS + 1
        assert all(day.is_month_end for day in found)
        # orders start on 2024-01-08: the first look has its year of data
        assert found[0] == pd.Timestamp(2025, 6, 30)


class TestHysteresis:
    def test_a_change_must_be_seen_twice_or_be_clear(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # three partners, four looks: shares of (high_potential, stable, opportunistic)
        weak, strong = [0.4, 0.6, 0.0], [0.1, 0.9, 0.0]
        home = [0.9, 0.1, 0.0]
        seen = iter(
            np.array(looked)
            for looked in (
                [home, home, home],
                [weak, weak, strong],
                [home, weak, home],
                [home, weak, weak],
            )
        )
        days = [pd.Timestamp(2026, month, 28) for month in (1, 2, 3, 4)]
        there = np.ones(3, dtype=np.bool_)

        def look(_facts: object, day: pd.Timestamp) -> Behaviour:
            return Behaviour(day, pd.DataFrame(), np.ones(3), there, there)

        monkeypatch.setattr(walk, "looks", lambda _facts: days)
        monkeypatch.setattr(walk, "behaviour", look)
        monkeypatch.setattr(walk, "_points", lambda _seen, _groups: None)
        monkeypatch.setattr(walk, "shares", lambda *_: next(seen))
        of = type("Three", (), {"size": 3})()
        groups = type("Any", (), {"centres": None, "names": ()})()
        now = look(None, days[-1])
        found = walk._walked(of, now, groups)
        # once and back: stays; twice: changes, since the first of them; clear: changes at once,
        # and comes back as clearly a month later, where the last weak look does not count
        assert found["state"].tolist() == [0, 1, 0]
        assert found["previous"].tolist() == [4, 0, 1]
        assert found["since"].tolist() == [days[0], days[1], days[2]]
