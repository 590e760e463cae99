from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.semantic.calendar import (
    bucket_label,
    bucket_start,
    bucket_year_before,
    buckets,
    calendar_grain,
    elapsed,
    fiscal_quarter,
    fiscal_year,
    fiscal_year_named,
    is_partial,
    next_period,
    period_before,
    period_of,
    previous_period,
    same_elapsed,
    shift_bucket,
    shift_months,
    shift_years,
    week_year_before,
    year_before,
)
from leadline.types import GRAINS, Grain, Period

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
ANY_GRAIN = st.sampled_from(GRAINS)
ONE_DAY = timedelta(days=1)


class TestShiftMonths:
    @pytest.mark.parametrize(
        ("day", "months", "wanted"),
        [
            (date(2013, 3, 31), -1, date(2013, 2, 28)),
            (date(2012, 3, 31), -1, date(2012, 2, 29)),
            (date(2013, 12, 15), 1, date(2014, 1, 15)),
            (date(2013, 1, 15), -13, date(2011, 12, 15)),
            (date(2013, 8, 31), 6, date(2014, 2, 28)),
        ],
    )
    def test_stays_in_the_month_it_lands_in(self, day: date, months: int, wanted: date) -> None:
        assert shift_months(day, months) == wanted

    @given(DAYS, st.integers(-600, 600))
    def test_moves_by_exactly_so_many_months(self, day: date, months: int) -> None:
        moved = shift_months(day, months)
        assert (moved.year - day.year) * 12 + moved.month - day.month == months
        assert moved.day <= day.day

    @given(DAYS, st.integers(-600, 600))
    def test_goes_back_where_no_day_was_lost(self, day: date, months: int) -> None:
        moved = shift_months(day, months)
        if moved.day == day.day:
            assert shift_months(moved, -months) == day

    def test_a_leap_day_becomes_the_28th(self) -> None:
        assert shift_years(date(2012, 2, 29), 1) == date(2013, 2, 28)
        assert shift_years(date(2012, 2, 29), -4) == date(2008, 2, 29)


class TestPeriods:
    @given(ANY_GRAIN, DAYS)
    def test_a_period_holds_its_day_and_starts_its_bucket(self, grain: Grain, day: date) -> None:
        period = period_of(grain, day)
        assert day in period
        assert period.start == bucket_start(grain, day) == bucket_start(grain, period.last)

    @given(ANY_GRAIN, DAYS)
    def test_periods_tile_the_calendar(self, grain: Grain, day: date) -> None:
        period = period_of(grain, day)
        after, before = next_period(grain, period), previous_period(grain, period)
        assert before.end_excl == period.start
        assert period.end_excl == after.start
        assert before == period_of(grain, period.start - ONE_DAY)
        assert after == period_of(grain, period.end_excl)

    @given(ANY_GRAIN, DAYS, st.integers(-40, 40))
    def test_shifting_buckets_adds_up(self, grain: Grain, day: date, count: int) -> None:
        start = bucket_start(grain, day)
        there = shift_bucket(grain, start, count)
        assert bucket_start(grain, there) == there
        assert shift_bucket(grain, there, -count) == start

    @given(ANY_GRAIN, DAYS)
    def test_a_calendar_period_is_known_as_one(self, grain: Grain, day: date) -> None:
        assert calendar_grain(period_of(grain, day)) == grain

    def test_two_months_are_no_calendar_period(self) -> None:
        assert calendar_grain(Period(date(2013, 9, 1), date(2013, 11, 1))) is None
        assert calendar_grain(Period(date(2013, 9, 1), date(2013, 9, 1))) is None

    @given(ANY_GRAIN, DAYS, st.integers(0, 300))
    def test_buckets_cover_a_range_once(self, grain: Grain, day: date, length: int) -> None:
        period = Period(day, day + timedelta(days=length))
        found = buckets(grain, period)
        inside = {bucket_start(grain, day + timedelta(days=i)) for i in range(length)}
        assert set(found) == inside
        assert list(found) == sorted(found)


class TestLabels:
    @pytest.mark.parametrize(
        ("grain", "wanted"),
        [
            ("day", "2013-03-05"),
            ("week", "2013-W10"),
            ("month", "2013-03"),
            ("quarter", "2013-Q1"),
            ("half", "2013-H1"),
            ("year", "2013"),
        ],
    )
    def test_name_the_bucket(self, grain: Grain, wanted: str) -> None:
        assert bucket_label(grain, bucket_start(grain, date(2013, 3, 5))) == wanted

    def test_a_week_belongs_to_the_year_of_its_thursday(self) -> None:
        assert bucket_label("week", bucket_start("week", date(2012, 12, 31))) == "2013-W01"
        assert bucket_label("week", bucket_start("week", date(2021, 1, 3))) == "2020-W53"

    @given(ANY_GRAIN, DAYS, DAYS)
    def test_sort_as_time_does_and_differ_where_buckets_do(
        self, grain: Grain, one: date, other: date
    ) -> None:
        first, second = (bucket_start(grain, day) for day in (one, other))
        labels = bucket_label(grain, first), bucket_label(grain, second)
        assert (labels[0] < labels[1]) == (first < second)
        assert (labels[0] == labels[1]) == (first == second)


class TestTheYearBefore:
    @given(ANY_GRAIN, DAYS)
    def test_keeps_the_name_of_a_bucket(self, grain: Grain, day: date) -> None:
        start = bucket_start(grain, day)
        earlier = bucket_year_before(grain, start)
        if earlier is not None:
            year, rest = bucket_label(grain, start)[:4], bucket_label(grain, start)[4:]
            assert bucket_label(grain, earlier) == f"{int(year) - 1:04d}{rest}"

    def test_some_buckets_have_none(self) -> None:
        assert bucket_year_before("day", date(2012, 2, 29)) is None
        assert week_year_before(date(2020, 12, 28)) is None  # 2020-W53; 2019 has 52 weeks

    def test_of_a_long_year_s_last_week_is_week_52(self) -> None:
        week = Period(date(2020, 12, 28), date(2021, 1, 4))
        assert year_before(week) == Period(date(2019, 12, 30), date(2020, 1, 6))

    def test_of_a_week_is_the_week_of_the_same_number(self) -> None:
        assert year_before(period_of("week", date(2013, 3, 5))).start == date(2012, 3, 5)

    def test_of_other_periods_is_the_same_dates(self) -> None:
        period = Period(date(2013, 9, 30), date(2013, 11, 30))
        assert year_before(period) == Period(date(2012, 9, 30), date(2012, 11, 30))


class TestPeriodBefore:
    @given(ANY_GRAIN, DAYS)
    def test_of_a_calendar_period_is_the_one_before(self, grain: Grain, day: date) -> None:
        period = period_of(grain, day)
        assert period_before(period) == previous_period(grain, period)

    @given(DAYS, st.integers(1, 500))
    def test_ends_where_the_period_starts(self, day: date, length: int) -> None:
        period = Period(day, day + timedelta(days=length))
        before = period_before(period)
        assert before.end_excl == period.start
        if calendar_grain(period) is None:
            assert before.days == length


class TestElapsed:
    QUARTER = Period(date(2013, 10, 1), date(2014, 1, 1))
    AS_OF = date(2013, 11, 29)

    def test_stops_after_today(self) -> None:
        # October has 31 days, November 29 so far
        assert elapsed(self.QUARTER, self.AS_OF).days == 60
        assert is_partial(self.QUARTER, self.AS_OF)

    def test_of_a_period_to_come_is_empty(self) -> None:
        assert elapsed(Period(date(2014, 1, 1), date(2014, 2, 1)), self.AS_OF).days == 0
        assert not is_partial(Period(date(2014, 1, 1), date(2014, 2, 1)), self.AS_OF)

    def test_the_last_day_completes_a_period(self) -> None:
        assert not is_partial(Period(date(2013, 11, 1), date(2013, 11, 30)), self.AS_OF)

    def test_the_base_stops_after_as_many_days(self) -> None:
        base = Period(date(2012, 10, 1), date(2013, 1, 1))
        cut = same_elapsed(self.QUARTER, base, self.AS_OF)
        assert cut == Period(date(2012, 10, 1), date(2012, 11, 30))
        assert same_elapsed(Period(date(2013, 7, 1), date(2013, 10, 1)), base, self.AS_OF) == base

    def test_a_base_one_year_earlier_stops_on_the_same_day(self) -> None:
        this, last = period_of("year", date(2013, 5, 1)), period_of("year", date(2012, 5, 1))
        cut = same_elapsed(this, last, self.AS_OF)
        assert cut.last == date(2012, 11, 29)
        assert cut.days == elapsed(this, self.AS_OF).days + 1  # 2012 had a 29 February

    def test_a_shorter_base_is_taken_whole(self) -> None:
        march, february = (
            period_of("month", date(2013, 3, 30)),
            period_of("month", date(2013, 2, 1)),
        )
        assert same_elapsed(march, february, date(2013, 3, 30)) == february


class TestFiscalYears:
    def test_start_in_their_month(self) -> None:
        assert fiscal_year(date(2013, 3, 31), 4) == Period(date(2012, 4, 1), date(2013, 4, 1))
        assert fiscal_year(date(2013, 4, 1), 4) == Period(date(2013, 4, 1), date(2014, 4, 1))

    def test_are_named_after_the_year_they_end_in(self) -> None:
        assert fiscal_year_named(2013, 4) == Period(date(2012, 4, 1), date(2013, 4, 1))
        assert fiscal_year_named(2013, 1) == Period(date(2013, 1, 1), date(2014, 1, 1))

    @given(DAYS, st.integers(1, 12))
    def test_have_four_quarters(self, day: date, month: int) -> None:
        year = fiscal_year(day, month)
        quarters = [fiscal_quarter(year.start, number) for number in (1, 2, 3, 4)]
        assert quarters[0].start == year.start
        assert quarters[-1].end_excl == year.end_excl
        assert sum(quarter.days for quarter in quarters) == year.days
