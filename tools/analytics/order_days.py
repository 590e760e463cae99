"""The days on which each partner ordered: the rhythm that segments and churn look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from tools.analytics.profile.facts import Facts, Ints

NEVER: Final = np.int64(2**40)
"""`following` of a partner's last order day."""

_DAYS: Final = 10**6
"""More days than any calendar here: partner × _DAYS + day is one sortable number."""


@dataclass(frozen=True)
class OrderDays:
    """Every day on which a partner ordered, once, sorted by partner and day.

    `at` is the partner's position, `day` counts from 1970-01-01, `following` is the partner's next
    order day, or `NEVER` after its last one; `size` is the number of partners.
    """

    at: Ints
    day: Ints
    following: Ints
    size: int


def day_number(day: pd.Timestamp) -> int:
    """Days since 1970-01-01."""
    return int((day.normalize() - pd.Timestamp(0)).days)


def order_days(facts: Facts) -> OrderDays:
    """The order days of all partners up to the as-of date, found once per `facts`.

    A day on which nothing but returns or free lines was booked is none.
    """
    return facts.memo("order_days", lambda: _order_days(facts))


def _order_days(facts: Facts) -> OrderDays:
    lines = facts.tables["order_line"]
    lines = lines[(lines["order_date"] <= facts.as_of) & (lines["amount"] > 0)]
    numbers = lines["order_date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    code = np.sort(lines["at"].to_numpy(dtype=np.int64) * _DAYS + numbers)
    code = code[np.concatenate([[True], np.diff(code) > 0])] if len(code) else code
    at, day = code // _DAYS, code % _DAYS
    following = np.full(len(day), NEVER, dtype=np.int64)
    same = at[1:] == at[:-1]
    following[:-1][same] = day[1:][same]
    return OrderDays(at, day, following, facts.size)
