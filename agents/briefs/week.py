"""Weeks by their ISO name: 2013-W47 is Monday 18 to Sunday 24 November 2013."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from leadline.errors import InputError

_NAME = re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Week:
    """One ISO week; `first` is its Monday, `last` its Sunday."""

    first: date

    @property
    def last(self) -> date:
        """Its Sunday."""
        return self.first + timedelta(days=6)

    @property
    def name(self) -> str:
        """`2013-W47`."""
        year, week, _ = self.first.isocalendar()
        return f"{year}-W{week:02d}"

    def before(self, weeks: int) -> Week:
        """The week so many weeks earlier."""
        return Week(self.first - timedelta(weeks=weeks))


def week_of(day: date) -> Week:
    """The week that a day lies in."""
    return Week(day - timedelta(days=day.weekday()))


def last_whole_week(as_of: date) -> Week:
    """The last week that was over on a day."""
    week = week_of(as_of)
    return week if week.last <= as_of else week.before(1)


def parse_week(text: str) -> Week:
    """A week by its name.

    Raises:
        InputError: it is no ISO week.
    """
    found = _NAME.fullmatch(text.strip())
    try:
        if found is not None:
            return Week(date.fromisocalendar(int(found[1]), int(found[2]), 1))
    except ValueError:
        pass
    raise InputError(f"{text!r} is no week", hint="ISO weeks are written like 2013-W47")


def check_known(week: Week, as_of: date) -> None:
    """A brief is written of weeks that have begun.

    Raises:
        InputError: the data ends before the week begins.
    """
    if week.first > as_of:
        raise InputError(
            f"the data ends on {as_of}, before {week.name} begins",
            hint=f"the last week with data is {week_of(as_of).name}",
        )
