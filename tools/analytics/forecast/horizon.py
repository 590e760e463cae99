"""What "next quarter" or "to year end" mean on a day, in whole months or ISO weeks.

Only whole periods train: a month that has begun is forecast as a whole, and what it has already
brought is said apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from leadline.errors import SpecError

PeriodGrain = Literal["month", "week"]
NAMED = ("next_month", "next_quarter", "next_3_months", "to_year_end")
FORM = re.compile(r"(months|weeks):([1-9]\d?)")
MOST = {"month": 24, "week": 52}
"""Periods after the running one that may be asked for."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """The periods that a horizon names.

    Attributes:
        grain: of the periods.
        open: start of the first period that is not whole on the day; step 1 of every forecast.
        starts: the periods' starts, in order.
        label: the horizon as one period: "2027-Q1", "2026-11", "2026-11 … 2026-12".
    """

    grain: PeriodGrain
    open: date
    starts: tuple[date, ...]
    label: str

    @property
    def steps(self) -> tuple[int, ...]:
        """1-based steps from `open`."""
        return tuple(_distance(self.grain, self.open, start) + 1 for start in self.starts)

    @property
    def end_excl(self) -> date:
        """The day after the last period."""
        return later(self.starts[-1], 1, self.grain)


def ahead(horizon: str, today: date) -> Ahead:
    """The periods of a horizon, seen from `today` (the data's last day, itself whole).

    next_month, next_quarter: the calendar period after the running one. next_3_months and months:N:
    the months after the running one. to_year_end: from the first month that is not whole to
    December. weeks:N: the ISO weeks after the running one.

    Raises:
        SpecError: no such horizon, too far, or nothing of the year is left.
    """
    form = FORM.fullmatch(horizon)
    if form is None and horizon not in NAMED:
        hint = f"one of {', '.join(NAMED)}, months:N, weeks:N"
        raise SpecError(f"{horizon!r} is no horizon", hint=hint)
    grain: PeriodGrain = "week" if form and form[1] == "weeks" else "month"
    running = start_of(today, grain)
    begun = first_open(today, grain)
    following = later(running, 1, grain)
    if form is not None:
        count = int(form[2])
        if count > MOST[grain]:
            raise SpecError(f"{horizon!r} is too far", hint=f"{form[1]}:{MOST[grain]} at most")
        return _ahead(grain, begun, following, count)
    if horizon == "next_quarter":
        quarter = (running.month - 1) // 3
        first = later(date(running.year, 3 * quarter + 1, 1), 3, "month")
        made = _ahead(grain, begun, first, 3)
        label = f"{first.year}-Q{(first.month - 1) // 3 + 1}"
        return Ahead(made.grain, made.open, made.starts, label)
    if horizon == "to_year_end":
        if begun.year > today.year:
            raise SpecError(f"{today.year} is over on {today}", hint="ask for next_quarter")
        return _ahead(grain, begun, begun, 13 - begun.month)
    return _ahead(grain, begun, following, 1 if horizon == "next_month" else 3)


def _ahead(grain: PeriodGrain, begun: date, first: date, count: int) -> Ahead:
    starts = tuple(later(first, n, grain) for n in range(count))
    names = [name_of(start, grain) for start in (starts[0], starts[-1])]
    return Ahead(grain, begun, starts, names[0] if count == 1 else " … ".join(names))


def first_open(today: date, grain: PeriodGrain) -> date:
    """Start of the running period; of the next one where today is the running one's last day."""
    running = start_of(today, grain)
    following = later(running, 1, grain)
    return following if today + timedelta(days=1) == following else running


def start_of(day: date, grain: PeriodGrain) -> date:
    """First day of the month, or Monday of the ISO week, that the day lies in."""
    return day.replace(day=1) if grain == "month" else day - timedelta(days=day.weekday())


def later(start: date, periods: int, grain: PeriodGrain) -> date:
    """The start so many periods later (earlier where negative)."""
    if grain == "week":
        return start + timedelta(weeks=periods)
    months = start.year * 12 + start.month - 1 + periods
    return date(months // 12, months % 12 + 1, 1)


def name_of(start: date, grain: PeriodGrain) -> str:
    """ "2026-11" or "2026-W45"."""
    if grain == "month":
        return f"{start:%Y-%m}"
    year, week, _ = start.isocalendar()
    return f"{year}-W{week:02}"


def _distance(grain: PeriodGrain, first: date, second: date) -> int:
    if grain == "week":
        return (second - first).days // 7
    return (second.year - first.year) * 12 + second.month - first.month
