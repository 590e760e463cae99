"""When a partner has churned, and when it is going to: the label that the model learns.

A partner has churned once it has not ordered for max(90 days, 3 × its own median interval between
order days). The label at a cut-off is whether such a silence begins within the 90-day horizon after
it (or has begun already without being long enough to tell). Source: the partner KPI catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tools.analytics.order_days import OrderDays
from tools.analytics.profile.facts import Floats, Ints

Flags = npt.NDArray[np.bool_]

HORIZON_DAYS: Final = 90
"""A silence must begin within so many days after the cut-off."""

LEAST_SILENCE_DAYS: Final = 90
"""No shorter silence is churn, however often the partner orders."""

INTERVALS: Final = 3.0
"""A silence of so many own median intervals is churn."""

LEAST_ORDER_DAYS: Final = 3
"""With fewer order days, hence fewer than two intervals, no rhythm is known and no risk is told."""


@dataclass(frozen=True)
class Standing:
    """Each partner as known at the end of a day; arrays over all partners.

    `last` is the latest order day (−1 where none), `order_days` their number, `interval` the median
    number of days between them (NaN with fewer than two), `limit` the silence that is churn (NaN
    likewise).
    """

    day: int
    last: Ints
    order_days: Ints
    interval: Floats
    limit: Floats

    @property
    def silent_days(self) -> Floats:
        """Days since the last order, NaN where there is none."""
        return np.where(self.last >= 0, self.day - self.last, np.nan).astype(np.float64)

    @property
    def enough(self) -> Flags:
        """Who has history enough to be told a risk."""
        return self.order_days >= LEAST_ORDER_DAYS

    @property
    def churned(self) -> Flags:
        """Who has been silent for longer than the limit."""
        return np.nan_to_num(self.silent_days) > np.nan_to_num(self.limit, nan=np.inf)

    @property
    def at_risk(self) -> Flags:
        """Who can still churn: a known rhythm, and no churn yet."""
        return self.enough & ~self.churned


def standing(days: OrderDays, day: int) -> Standing:
    """What is known of each partner at the end of `day`, from order days up to it."""
    known = days.day <= day
    at, when, then = days.at[known], days.day[known], days.following[known]
    count = np.bincount(at, minlength=days.size).astype(np.int64)
    last = np.full(days.size, -1, dtype=np.int64)
    last[at] = when  # sorted: the latest one is written last
    inner = then <= day
    interval = _middle_interval(at[inner], (then - when)[inner], days.size)
    limit = np.maximum(LEAST_SILENCE_DAYS, INTERVALS * interval)
    return Standing(day, last, count, interval, limit)


def _middle_interval(at: Ints, gap: Ints, size: int) -> Floats:
    """Per partner the interval that half of its days lie in or above, NaN where it has none.

    A median weighted by length: a partner that orders in bursts has most intervals inside a burst,
    but spends most days between two of them, and those are what it would have to exceed.
    """
    order = np.lexsort((gap, at))
    at, gap = at[order], gap[order]
    total = np.bincount(at, weights=gap, minlength=size)
    run = np.cumsum(gap)
    before = np.concatenate([[0.0], np.cumsum(total)])[at]
    reached = (run - before) * 2 >= total[at]
    owner, first = np.unique(at[reached], return_index=True)
    found = np.full(size, np.nan)
    found[owner] = gap[reached][first]
    return found


def labels(days: OrderDays, at_cutoff: Standing, known_until: int) -> Floats:
    """1 where a churning silence begins by the horizon, 0 where none does, NaN where unknown.

    Args:
        days: the order days.
        at_cutoff: the standing at the cut-off; its limits decide.
        known_until: no later order is looked at, so a silence that has not lasted for the limit by
            then is neither churn nor none.
    """
    begins = (days.day >= at_cutoff.last[days.at]) & (days.day <= at_cutoff.day + HORIZON_DAYS)
    begins &= days.day <= known_until
    at, start, then = days.at[begins], days.day[begins], days.following[begins]
    limit = at_cutoff.limit[at]
    silent = np.minimum(then, known_until) - start > limit
    open_ended = (then > known_until) & ~silent
    positive = np.bincount(at[silent], minlength=days.size) > 0
    unknown = np.bincount(at[open_ended], minlength=days.size) > 0
    if at_cutoff.day + HORIZON_DAYS > known_until:
        unknown |= True
    found = np.where(positive, 1.0, np.where(unknown, np.nan, 0.0))
    return np.where(at_cutoff.at_risk, found, np.nan).astype(np.float64)
