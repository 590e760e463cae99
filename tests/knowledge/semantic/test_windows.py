from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.semantic.spec import Compare, QuerySpec, TimeRange
from knowledge.semantic.windows import Days, Windows, resolve_windows
from leadline.errors import SpecError
from leadline.types import GRAINS

AS_OF = date(2013, 11, 29)


def windows(start: str | None = None, end: str | None = None, **more: Any) -> Windows:
    compare = more.pop("compare", None)
    time = TimeRange(
        start=date.fromisoformat(start) if start else None,
        end_excl=date.fromisoformat(end) if end else None,
        **more,
    )
    spec = QuerySpec(
        metrics=("amount",), time=time, compare=Compare(**compare) if compare else None
    )
    return resolve_windows(spec, AS_OF, date(2010, 12, 29))


def days(start: str, end_excl: str) -> Days:
    return Days(date.fromisoformat(start), date.fromisoformat(end_excl))


class TestCurrent:
    def test_stops_after_today(self) -> None:
        assert windows("2013-10-01", "2014-01-01").current == days("2013-10-01", "2013-11-30")

    def test_without_a_period_is_all_up_to_today(self) -> None:
        found = windows()
        assert found.unlimited
        assert found.current == Days(None, date(2013, 11, 30))

    def test_a_period_to_come_is_empty(self) -> None:
        found = windows("2014-01-01", "2014-02-01", grain="month")
        assert found.current.empty
        assert found.buckets == ()

    def test_buckets_begin_with_the_data(self) -> None:
        assert windows(grain="year").buckets == tuple(
            date(y, 1, 1) for y in (2010, 2011, 2012, 2013)
        )


class TestBase:
    def test_of_a_partial_quarter_has_the_same_sixty_days(self) -> None:
        found = windows("2013-10-01", "2014-01-01", compare={"kind": "yoy"})
        assert found.base == days("2012-10-01", "2012-11-30")
        assert found.base_named == days("2012-10-01", "2013-01-01")

    def test_taken_in_full_is_the_whole_period(self) -> None:
        found = windows("2013-10-01", "2014-01-01", compare={"kind": "yoy", "align": "full"})
        assert found.base == days("2012-10-01", "2013-01-01")

    def test_of_a_whole_period_is_the_calendar_period_before(self) -> None:
        found = windows("2013-03-01", "2013-04-01", compare={"kind": "previous_period"})
        assert found.base == days("2013-02-01", "2013-03-01")

    def test_of_a_rolling_window_is_as_long(self) -> None:
        # 2013-09-30 … 2013-11-29 are 61 days
        found = windows("2013-09-30", "2013-11-30", compare={"kind": "previous_period"})
        assert found.base == days("2013-07-31", "2013-09-30")

    def test_given_by_the_planner_is_cut_too(self) -> None:
        compare = {"kind": "previous_period", "start": "2013-07-01", "end_excl": "2013-10-01"}
        found = windows("2013-10-01", "2014-01-01", compare=compare)
        assert found.base == days("2013-07-01", "2013-08-30")

    def test_of_a_period_said_to_be_partial_has_its_elapsed_days(self) -> None:
        compare = {"kind": "previous_period", "start": "2013-07-01", "end_excl": "2013-10-01"}
        found = windows("2013-10-01", "2013-11-30", partial=True, compare=compare)
        assert found.base == days("2013-07-01", "2013-08-30")

    @pytest.mark.parametrize("end", ["2013-11-30", "2014-01-01"])
    def test_a_year_before_ends_on_the_same_calendar_day(self, end: str) -> None:
        # 2012 has a 29 February: 334 days up to 11-29, 2013 has 333
        found = windows("2013-01-01", end, partial=True, compare={"kind": "yoy"})
        assert found.base == days("2012-01-01", "2012-11-30")

    def test_needs_a_period(self) -> None:
        with pytest.raises(SpecError, match="needs a period"):
            windows(compare={"kind": "yoy"})

    def test_custom_needs_its_dates(self) -> None:
        with pytest.raises(SpecError, match="start and end of its base"):
            windows("2013-01-01", "2013-02-01", compare={"kind": "custom"})
        with pytest.raises(SpecError, match="start and end of its base"):
            windows("2013-01-01", "2013-02-01", grain="month", compare={"kind": "custom"})

    @given(
        st.dates(date(2011, 1, 1), date(2014, 6, 1)),
        st.integers(1, 800),
        st.sampled_from(["yoy", "previous_period"]),
    )
    def test_never_counts_more_days_than_have_passed(
        self, start: date, length: int, kind: str
    ) -> None:
        end = start + timedelta(days=length)
        found = windows(start.isoformat(), end.isoformat(), compare={"kind": kind})
        base = found.base
        assert base is not None
        assert base.start is not None
        if not found.current.empty and end > AS_OF + timedelta(days=1):
            assert (base.end_excl - base.start).days <= (found.current.end_excl - start).days + 1


class TestBuckets:
    def test_lag_by_one(self) -> None:
        compare = {"kind": "previous_period"}
        found = windows("2013-09-01", "2013-12-01", grain="month", compare=compare)
        assert found.pairs == (
            (date(2013, 9, 1), date(2013, 8, 1)),
            (date(2013, 10, 1), date(2013, 9, 1)),
            (date(2013, 11, 1), date(2013, 10, 1)),
        )
        # 29 days of November against 29 days of October
        assert found.base == days("2013-08-01", "2013-10-30")

    def test_shift_by_a_year(self) -> None:
        found = windows("2013-01-01", "2014-01-01", grain="quarter", compare={"kind": "yoy"})
        assert [b for _, b in found.pairs] == [date(2012, m, 1) for m in (1, 4, 7, 10)]
        assert found.base == days("2012-01-01", "2012-11-30")

    def test_a_late_first_bucket_meets_the_same_day_on(self) -> None:
        found = windows(
            "2013-09-30", "2013-11-30", grain="month", compare={"kind": "previous_period"}
        )
        assert found.base == days("2013-08-30", "2013-10-30")

    def test_a_bucket_without_counterpart_has_no_base(self) -> None:
        found = windows("2012-02-28", "2012-03-02", grain="day", compare={"kind": "yoy"})
        assert [now.day for now, _ in found.pairs] == [28, 1]

    def test_custom_pairs_in_order(self) -> None:
        compare = {"kind": "custom", "start": "2012-03-01", "end_excl": "2012-05-01"}
        found = windows("2013-01-01", "2013-04-01", grain="month", compare=compare)
        assert found.pairs == (
            (date(2013, 1, 1), date(2012, 3, 1)),
            (date(2013, 2, 1), date(2012, 4, 1)),
        )

    @given(
        st.sampled_from(GRAINS),
        st.dates(date(2011, 1, 1), date(2013, 11, 1)),
        st.integers(1, 500),
        st.sampled_from(["yoy", "previous_period"]),
    )
    def test_pair_each_bucket_at_most_once(
        self, grain: str, start: date, length: int, kind: str
    ) -> None:
        end = (start + timedelta(days=length)).isoformat()
        found = windows(start.isoformat(), end, grain=grain, compare={"kind": kind})
        for side in zip(*found.pairs, strict=True):
            assert len(set(side)) == len(side)
        assert {now for now, _ in found.pairs} <= set(found.buckets)
