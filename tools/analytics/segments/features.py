"""What segments are made of: how a partner grows, how steadily it orders, how it takes part.

Every figure is computed from rows dated up to a day, so that the same code looks at any month-end.
Source: the partner KPI catalogue (segments).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from tools.analytics.order_days import day_number, order_days
from tools.analytics.profile.facts import Facts, Floats, counts, ratio, sums, trailing

Flags = npt.NDArray[np.bool_]

MONTHS: Final = 12
RECENT_DAYS: Final = 180
"""Who has been silent for longer gets a segment still, but shapes none."""

LEAST_DAYS: Final = 270
"""A partner whose first order is younger has not shown a character yet."""

LEAST_ORDER_DAYS: Final = 4
"""With fewer order days in two years there is no rhythm to speak of."""

LEAST_KNOWN_DAYS: Final = 90
"""Growth needs so many days of orders before the window."""

FEATURES: Final = (
    "growth",
    "variation",
    "pauses",
    "unevenness",
    "tenure",
    "opportunities",
    "pipeline",
    "activity",
)
"""`growth` of the daily amount (ratio); `variation` of monthly amounts (standard deviation over
mean, the channel's season taken out); `pauses` share of months without an order; `unevenness` of
the intervals between order days (standard deviation over mean); `tenure` years; `opportunities`
created in 12 months; `pipeline` open amount over the amount of 12 months; `activity` count of 12
months."""


@dataclass(frozen=True)
class Behaviour:
    """All partners at one day.

    `figures` are raw, partners × FEATURES, NaN where missing; `amount` is that of 12 months;
    `history` says who has enough of it, `recent` whose last order is late enough to shape groups.
    """

    day: pd.Timestamp
    figures: pd.DataFrame
    amount: Floats
    history: Flags
    recent: Flags

    def logged(self) -> Floats:
        """The figures as logarithms, in the order of `FEATURES`."""
        raw = self.figures
        with np.errstate(invalid="ignore", divide="ignore"):
            columns = {
                "growth": np.log1p(raw["growth"].clip(-0.8, 4.0)),
                "variation": np.log(raw["variation"].clip(lower=0.05)),
                "pauses": raw["pauses"],
                "unevenness": np.log(raw["unevenness"].clip(lower=0.05)),
                "tenure": np.log(raw["tenure"].clip(lower=0.25)),
                "opportunities": np.log1p(raw["opportunities"]),
                "pipeline": np.log1p(raw["pipeline"].clip(lower=0.0)),
                "activity": np.log1p(raw["activity"]),
            }
        return pd.DataFrame(columns)[list(FEATURES)].to_numpy(dtype=np.float64)


def behaviour(facts: Facts, day: pd.Timestamp) -> Behaviour:
    """The behaviour of all partners at the end of `day`."""
    window = trailing(day, MONTHS)
    before = window.before
    lines = facts.tables["order_line"]
    lines = lines[(lines["order_date"] >= before.start) & (lines["order_date"] < window.end_excl)]
    late = lines[lines["order_date"] >= window.start]
    amount = sums(late, "amount", facts.size)
    first = facts.first_order
    age = (window.end_excl - first).dt.days.to_numpy(dtype=np.float64)
    earlier = sums(lines, "amount", facts.size) - amount
    known = np.clip(age - window.days, 0, before.days)
    daily = ratio(earlier, np.where(known >= LEAST_KNOWN_DAYS, known, np.nan))
    growth = np.where(daily > 0, amount / window.days / np.where(daily > 0, daily, 1.0) - 1, np.nan)
    variation, pauses = _months(lines, window.end_excl, age, facts.size)
    spread, number, silence = _intervals(facts, before.start, window.end_excl)
    figures = pd.DataFrame(
        {
            "growth": growth,
            "variation": variation,
            "pauses": pauses,
            "unevenness": spread,
            "tenure": _tenure(facts, window.end_excl),
            **_engagement(facts, window.end_excl, amount),
        }
    )
    history = (age >= LEAST_DAYS) & (number >= LEAST_ORDER_DAYS) & (amount > 0)
    return Behaviour(day, figures, amount, history, history & (silence <= RECENT_DAYS))


def _months(
    lines: pd.DataFrame, end: pd.Timestamp, age: Floats, size: int
) -> tuple[Floats, Floats]:
    """Variation of monthly amounts and share of months without any, over two years at most.

    Months are of 365/12 days, counted back from the end; those before the first order are left out.
    Amounts are shares of the channel's month, so that a season that all share is no variation.
    """
    width, months = 365.0 / 12.0, 24
    back = ((end - lines["order_date"]).dt.days.to_numpy() - 1) // width
    back = np.minimum(back, months - 1).astype(np.int64)
    flat = np.bincount(
        lines["at"].to_numpy() * months + back,
        weights=np.nan_to_num(lines["amount"].to_numpy(dtype=np.float64)),
        minlength=size * months,
    ).reshape(size, months)
    whole = flat.sum(axis=0)
    share = flat / np.where(whole > 0, whole, np.nan)
    lived = np.arange(months)[None, :] < np.clip(age / width, 0, months)[:, None]
    lived &= whole[None, :] > 0
    number = np.maximum(lived.sum(axis=1), 1)
    held = np.where(lived, np.nan_to_num(share), 0.0)
    mean = held.sum(axis=1) / number
    square = (np.where(lived, held - mean[:, None], 0.0) ** 2).sum(axis=1) / number
    empty = (lived & (flat <= 0)).sum(axis=1) / number
    some = lived.sum(axis=1) >= 6
    return (
        np.where(some, ratio(np.sqrt(square), mean), np.nan),
        np.where(some, empty, np.nan),
    )


def _intervals(
    facts: Facts, start: pd.Timestamp, end: pd.Timestamp
) -> tuple[Floats, Floats, Floats]:
    """Standard deviation over mean of the days between order days, order days, days of silence."""
    days, size = order_days(facts), facts.size
    today = day_number(end) - 1
    inside = (days.day >= day_number(start)) & (days.day <= today)
    at, day, following = days.at[inside], days.day[inside], days.following[inside]
    number = np.bincount(at, minlength=size).astype(np.float64)
    last = np.full(size, np.nan)
    last[at] = day  # sorted: the latest one is written last
    known = following <= today
    gap, owner = (following - day)[known].astype(np.float64), at[known]
    gaps = np.bincount(owner, minlength=size)
    mean = np.bincount(owner, weights=gap, minlength=size) / np.maximum(gaps, 1)
    square = np.bincount(owner, weights=(gap - mean[owner]) ** 2, minlength=size)
    spread = ratio(np.sqrt(square / np.maximum(gaps, 1)), np.where(gaps >= 3, mean, np.nan))
    return spread, number, np.nan_to_num(today - last, nan=np.inf)


def _tenure(facts: Facts, end: pd.Timestamp) -> Floats:
    """Years since joining, else since the first order."""
    begun = facts.partners["joined_on"].fillna(facts.first_order)
    return np.asarray((end - begun).dt.days.to_numpy(dtype=np.float64) / 365.25, dtype=np.float64)


def _engagement(facts: Facts, end: pd.Timestamp, amount: Floats) -> dict[str, Floats]:
    """Opportunities, open pipeline and activity; NaN for all where the table holds nothing."""
    start = end - pd.DateOffset(months=MONTHS)
    missing = np.full(facts.size, np.nan)
    found = {"opportunities": missing, "pipeline": missing, "activity": missing}
    deals = facts.until("opportunity", end, "created_on")
    if len(deals):
        open_ones = deals[~(deals["closed_on"] < end)]
        found["opportunities"] = counts(deals[deals["created_on"] >= start], facts.size)
        found["pipeline"] = ratio(sums(open_ones, "amount", facts.size), amount)
    acts = facts.until("activity", end)
    if len(acts):
        found["activity"] = counts(acts[acts["happened_on"] >= start], facts.size)
    return found
