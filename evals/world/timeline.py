"""The calendar of the simulated channel: months, quarters, Chinese New Year, working rhythm.

A day is a whole number: 0 is the first simulated day; days before it are negative. Months and
quarters are counted the same way. The last simulated day is always `LAST_DAY`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Dates = npt.NDArray[np.datetime64]

LAST_DAY = date(2026, 10, 31)

CHINESE_NEW_YEAR = (
    date(2020, 1, 25),
    date(2021, 2, 12),
    date(2022, 2, 1),
    date(2023, 1, 22),
    date(2024, 2, 10),
    date(2025, 1, 29),
    date(2026, 2, 17),
    date(2027, 2, 6),
)
"""First day of the lunar year."""

MIN_MONTHS, MAX_MONTHS = 24, 72
"""Shorter, the planted histories do not fit; longer, the table of new years ends."""

QUARTER_END_DAYS = 10
"""The last days of a quarter in which sellers push for their targets."""

_WEEKDAY = np.array([1.0, 1.05, 1.05, 1.05, 1.1, 0.22, 0.08])
_MONTH = np.array([0.95, 0.95, 1.06, 0.98, 1.0, 1.08, 0.92, 0.93, 1.06, 0.98, 1.04, 1.15])
_FIXED_HOLIDAYS = ((1, 1, 1), (4, 4, 3), (5, 1, 5), (10, 1, 7))
"""Month, first day, days: New Year, Qingming, Labour Day, National Day."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """A calendar quarter that lies whole within the simulation; `first` and `last` are days."""

    label: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """All days of the simulation.

    Attributes:
        start: date of day 0, the first of a month.
        month_first: day on which each month begins, plus the day after the last (months + 1).
        month_of_day: month of each day.
        weight: how much ordering happens on each day; mean 1.
    """

    start: date
    months: int
    month_first: Ints
    month_of_day: Ints
    weight: Floats

    @property
    def days(self) -> int:
        """Number of simulated days."""
        return int(self.month_first[-1])

    @property
    def end(self) -> date:
        """The last simulated date."""
        return self.date_of(self.days - 1)

    def date_of(self, day: int) -> date:
        """The date of a day."""
        return self.start + timedelta(days=int(day))

    def day_of(self, when: date) -> int:
        """The day of a date."""
        return (when - self.start).days

    def dates(self, days: Ints) -> Dates:
        """The dates of many days, as datetime64[D]."""
        return np.datetime64(self.start, "D") + days.astype("timedelta64[D]")

    def month_start(self, month: int) -> date:
        """First date of a month; also of months outside the simulation."""
        index = self.start.year * 12 + self.start.month - 1 + month
        return date(index // 12, index % 12 + 1, 1)

    def month_weight(self) -> Floats:
        """Sum of the day weights of each month over the mean of all months."""
        sums: Floats = np.add.reduceat(self.weight, self.month_first[:-1])
        return np.asarray(sums / sums.mean())

    def quarters(self) -> tuple[Quarter, ...]:
        """The calendar quarters that lie whole within the simulation, oldest first."""
        found: list[Quarter] = []
        for month in range(self.months - 2):
            first = self.month_start(month)
            if first.month % 3 == 1:
                label = f"{first.year}Q{first.month // 3 + 1}"
                last = int(self.month_first[month + 3]) - 1
                found.append(Quarter(label, int(self.month_first[month]), last))
        return tuple(found)

    def draw_days(self, rng: np.random.Generator, months: Ints) -> Ints:
        """A random day in each of the given months, busy days more often."""
        mass = np.concatenate([[0.0], np.cumsum(self.weight)])
        low = mass[self.month_first[months]]
        high = mass[self.month_first[months + 1]]
        drawn = low + rng.random(len(months)) * (high - low)
        found: Ints = np.searchsorted(mass, drawn, side="right") - 1
        return np.minimum(found, self.month_first[months + 1] - 1)


def make_timeline(months: int) -> Timeline:
    """The calendar of the `months` months that end with `LAST_DAY`.

    Raises:
        ValueError: `months` is outside `MIN_MONTHS` … `MAX_MONTHS`.
    """
    if not MIN_MONTHS <= months <= MAX_MONTHS:
        raise ValueError(f"months must be {MIN_MONTHS} to {MAX_MONTHS}, not {months}")
    last = LAST_DAY.year * 12 + LAST_DAY.month - 1
    firsts = [date(index // 12, index % 12 + 1, 1) for index in range(last - months + 1, last + 2)]
    start = firsts[0]
    month_first = np.array([(first - start).days for first in firsts], dtype=np.int64)
    month_of_day = np.repeat(np.arange(months), np.diff(month_first))
    weight = np.array([_weight(start + timedelta(days=day)) for day in range(month_first[-1])])
    return Timeline(start, months, month_first, month_of_day, weight / weight.mean())


def _weight(day: date) -> float:
    weight = _WEEKDAY[day.weekday()] * _MONTH[day.month - 1] * _new_year(day)
    for month, first, length in _FIXED_HOLIDAYS:
        if day.month == month and first <= day.day < first + length:
            weight *= 0.12
    left = (_next_quarter(day) - day).days
    if left <= QUARTER_END_DAYS:
        weight *= 2.1
    return float(weight)


def _next_quarter(day: date) -> date:
    month = (day.month - 1) // 3 * 3 + 4
    return date(day.year + month // 13, (month - 1) % 12 + 1, 1)


def _new_year(day: date) -> float:
    """Ordering dies down in the week before the festival and comes back over two weeks."""
    for first in CHINESE_NEW_YEAR:
        offset = (day - first).days
        if -8 <= offset < -1:
            return 0.5
        if -1 <= offset < 8:
            return 0.04
        if 8 <= offset < 16:
            return 0.55
    return 1.0
