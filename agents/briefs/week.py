"""Weeks by their ISO name: 2013-W47 is Monday 18 to Sunday 24 November 2013."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from leadline.errors import InputError, NotFoundError

if TYPE_CHECKING:
    from knowledge.warehouse.snapshot import Snapshot

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
        InputError: it is not written as an ISO week.
        NotFoundError: that year has no such week.
    """
    found = _NAME.fullmatch(text.strip())
    if found is None:
        raise InputError(f"{text!r} is no week", hint="ISO weeks are written like 2013-W47")
    try:
        return Week(date.fromisocalendar(int(found[1]), int(found[2]), 1))
    except ValueError as error:
        raise NotFoundError(f"there is no week {text}: {error}") from error


def check_known(week: Week, snapshot: Snapshot) -> None:
    """A brief is written of weeks that have begun, and of none before all orders.

    Raises:
        NotFoundError: the data knows nothing of the week.
    """
    if week.first > snapshot.as_of:
        raise NotFoundError(
            f"the data ends on {snapshot.as_of}, before {week.name} begins",
            hint=f"the last week with data is {week_of(snapshot.as_of).name}",
        )
    orders = snapshot.manifest.tables.get("order_line")
    begins = orders.columns["order_date"].min if orders is not None else None
    if begins is not None and week.last < begins:
        raise NotFoundError(
            f"the data begins on {begins}, after {week.name}",
            hint=f"the first week with data is {week_of(begins).name}",
        )
