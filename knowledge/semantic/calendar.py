"""Pure date arithmetic: calendar periods of a grain, their neighbours, labels, fiscal years.

Nothing here knows the wall clock: "today" is always an argument. Weeks are ISO weeks (Monday to
Sunday, belonging to the year that holds their Thursday). Periods are half-open.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from leadline.types import Grain, Period

MONTHS: Final[dict[Grain, int]] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
"""How many months a period of the grain has; day and week are not made of months."""


def shift_months(day: date, months: int) -> date:
    """The same day of the month `months` later (or earlier), clamped to that month's last day.

    >>> shift_months(date(2013, 3, 31), -1)
    datetime.date(2013, 2, 28)

    Raises:
        ValueError: the result lies outside the years 1 to 9999.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def shift_years(day: date, years: int) -> date:
    """The same day `years` later (or earlier); 29 February becomes the 28th where it must."""
    return shift_months(day, 12 * years)


def bucket_start(grain: Grain, day: date) -> date:
    """First day of the calendar period of `grain` that contains `day`."""
    if grain == "day":
        return day
    if grain == "week":
        return day - timedelta(days=day.weekday())
    months = MONTHS[grain]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def shift_bucket(grain: Grain, start: date, count: int) -> date:
    """First day of the period `count` after (if negative, before) the one from `start`."""
    if grain == "day":
        return start + timedelta(days=count)
    if grain == "week":
        return start + timedelta(weeks=count)
    return shift_months(start, MONTHS[grain] * count)


def shift_day(grain: Grain, day: date, count: int) -> date:
    """`day` moved by `count` periods of `grain`; months are clamped at their last day."""
    return shift_bucket(grain, day, count)


def period_of(grain: Grain, day: date) -> Period:
    """The calendar period of `grain` that contains `day`."""
    start = bucket_start(grain, day)
    return Period(start, shift_bucket(grain, start, 1))


def previous_period(grain: Grain, period: Period) -> Period:
    """The calendar period just before a calendar period of the same grain."""
    return Period(shift_bucket(grain, period.start, -1), period.start)


def next_period(grain: Grain, period: Period) -> Period:
    """The calendar period just after a calendar period of the same grain."""
    return Period(period.end_excl, shift_bucket(grain, period.end_excl, 1))


def calendar_grain(period: Period) -> Grain | None:
    """The largest grain of which `period` is exactly one calendar period, or None.

    A period of several months that is no quarter, half or year has none; so has an empty one.
    """
    candidates: tuple[Grain, ...] = ("year", "half", "quarter", "month", "week", "day")
    for grain in candidates:
        if period_of(grain, period.start) == period:
            return grain
    return None


def period_before(period: Period) -> Period:
    """The period of equal kind just before: the previous calendar period, else equal length.

    >>> str(period_before(Period(date(2013, 10, 1), date(2014, 1, 1))))
    '2013-07-01 … 2013-09-30'
    """
    grain = calendar_grain(period)
    if grain is not None:
        return previous_period(grain, period)
    return Period(period.start - timedelta(days=period.days), period.start)


def year_before(period: Period) -> Period:
    """The same dates one year earlier; an ISO week becomes the week of the same number.

    Week 53 of a long year becomes week 52 of a short one before it.
    """
    if calendar_grain(period) == "week":
        start = week_year_before(period.start) or shift_bucket("week", period.start, -52)
        return Period(start, start + timedelta(weeks=1))
    return Period(shift_years(period.start, -1), shift_years(period.end_excl, -1))


def week_year_before(monday: date) -> date | None:
    """Monday of the week with the same ISO number one year earlier, None where there is none."""
    iso = monday.isocalendar()
    try:
        return date.fromisocalendar(iso.year - 1, iso.week, 1)
    except ValueError:  # week 53 of a year that has only 52
        return None


def bucket_year_before(grain: Grain, start: date) -> date | None:
    """First day of the matching bucket one year earlier.

    None where the earlier year has no such bucket: 29 February, ISO week 53.
    """
    if grain == "week":
        return week_year_before(start)
    earlier = shift_years(start, -1)
    return earlier if (earlier.month, earlier.day) == (start.month, start.day) else None


def buckets(grain: Grain, period: Period) -> tuple[date, ...]:
    """First days of all periods of `grain` that touch `period`, in order; none if it is empty."""
    found: list[date] = []
    start = bucket_start(grain, period.start)
    while start < period.end_excl and period.days:
        found.append(start)
        start = shift_bucket(grain, start, 1)
    return tuple(found)


def bucket_label(grain: Grain, start: date) -> str:
    """The name of a bucket in a result: 2013-03-05, 2013-W05, 2013-03, 2013-Q1, 2013-H1, 2013."""
    if grain == "day":
        return start.isoformat()
    if grain == "week":
        iso = start.isocalendar()
        return f"{iso.year:04d}-W{iso.week:02d}"
    if grain == "month":
        return f"{start.year:04d}-{start.month:02d}"
    if grain == "quarter":
        return f"{start.year:04d}-Q{(start.month + 2) // 3}"
    if grain == "half":
        return f"{start.year:04d}-H{1 if start.month <= 6 else 2}"
    return f"{start.year:04d}"


def fiscal_year(day: date, start_month: int) -> Period:
    """The fiscal year that contains `day`, where fiscal years start on the 1st of `start_month`."""
    year = day.year if day.month >= start_month else day.year - 1
    return Period(date(year, start_month, 1), date(year + 1, start_month, 1))


def fiscal_year_named(year: int, start_month: int) -> Period:
    """Fiscal year `year`, named after the calendar year in which it ends (FY2013 ends in 2013)."""
    first = year if start_month == 1 else year - 1
    return Period(date(first, start_month, 1), date(first + 1, start_month, 1))


def fiscal_quarter(fiscal_year_start: date, number: int) -> Period:
    """Quarter `number` (1 to 4) of the fiscal year that starts at `fiscal_year_start`."""
    start = shift_months(fiscal_year_start, 3 * (number - 1))
    return Period(start, shift_months(start, 3))


def elapsed(period: Period, as_of: date) -> Period:
    """The part of `period` up to and including `as_of`; empty where it has not begun."""
    return period.clipped(as_of + timedelta(days=1))


def is_partial(period: Period, as_of: date) -> bool:
    """Whether `period` has begun but not ended by the end of `as_of`."""
    return period.start <= as_of and period.end_excl > as_of + timedelta(days=1)


def same_elapsed(period: Period, base: Period, as_of: date) -> Period:
    """`base`, cut to as many days as have passed of `period` by the end of `as_of`.

    A period that is over leaves the base whole. A base that starts one year earlier ends on the
    same calendar day, so that a leap year neither adds nor loses one.
    """
    if not is_partial(period, as_of):
        return base
    if base.start == shift_years(period.start, -1):
        return base.clipped(shift_years(as_of, -1) + timedelta(days=1))
    days = elapsed(period, as_of).days
    return base.clipped(base.start + timedelta(days=days))
