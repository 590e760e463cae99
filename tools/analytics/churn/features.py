"""What is known of each partner at a cut-off: every figure from rows dated before its end.

Rhythm and size of orders; how the last quarter compares with the partner's own half-year before the
quarter before it, for orders, customers, activity, opportunities and registrations; payment
discipline; certificates. Comparisons are logarithms of ratios less the channel's median at the same
cut-off, so a season that all share is no sign. Tables that are absent give columns of NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from tools.analytics.churn.labels import Flags, Standing
from tools.analytics.profile.facts import Facts, Floats, counts, distinct, sums

LOOK_BACK_DAYS: Final = 365
RECENT_DAYS: Final = 90
QUIET_GAP_DAYS: Final = 180
"""Own normal is measured on the look-back before these days, so that a slow fade does not become
its own yardstick."""

LEAST_OWN: Final = 4.0
"""With fewer rows in the own normal a ratio says nothing."""


@dataclass(frozen=True)
class Figures:
    """The features of all partners at one cut-off.

    `values` is partners × features for the model; `recent` and `usual` are the plain figures behind
    them, for words: trends per 30 days, the others in days, counts or money.
    """

    values: pd.DataFrame
    recent: pd.DataFrame
    usual: pd.DataFrame


def figures_at(facts: Facts, standing: Standing) -> Figures:
    """The features of all partners at the end of the standing's day."""
    end = pd.Timestamp(0) + pd.Timedelta(days=standing.day + 1)
    recent: dict[str, Floats] = {}
    usual: dict[str, Floats] = {}
    values: dict[str, Floats] = _rhythm(facts, standing, end)
    recent["silence"] = recent["silent_days"] = recent["to_limit"] = standing.silent_days
    usual["silence"] = usual["silent_days"] = standing.interval
    usual["to_limit"] = standing.limit
    recent["frequency"] = np.expm1(values["frequency"]).round()
    recent["money"] = np.expm1(values["money"])
    recent["tenure"] = np.expm1(values["tenure"])
    for name, (table, day, kind, what) in TRENDS.items():
        now, before = _rates(facts, table, day, kind, what, end)
        recent[name], usual[name] = now, before
        values[name] = _centred(now, before, standing, scale=_scale(what))
    late, later = _payments(facts, end)
    values |= {"late_days": late / 30.0, "later": (late - later) / 30.0}
    held, held_before = _certificates(facts, end)
    with np.errstate(invalid="ignore"):
        lapsed = np.log((held + 0.5) / (held_before + 0.5))
    values["certificates"] = np.where(held_before > 0, lapsed, np.nan)
    recent |= {"late_days": late, "later": late, "certificates": held}
    usual |= {"later": later, "certificates": held_before}
    return Figures(pd.DataFrame(values), pd.DataFrame(recent), pd.DataFrame(usual))


TRENDS: Final[dict[str, tuple[str, str, str | None, str]]] = {
    "orders": ("order_line", "order_date", None, "order_id"),
    "amount": ("order_line", "order_date", None, "amount:sum"),
    "customers": ("order_line", "order_date", None, "customer_id"),
    "logins": ("activity", "happened_on", "login", "quantity:sum"),
    "activities": ("activity", "happened_on", "-login", "rows"),
    "opportunities": ("opportunity", "created_on", None, "rows"),
    "registrations": ("deal_registration", "submitted_on", None, "rows"),
}
"""Trend features: table, day, kind of activity (−: any but), and what is counted."""


def _scale(what: str) -> float | None:
    """The least own normal of 185 days; None: any positive amount."""
    return None if what.endswith(":sum") else LEAST_OWN


def _between(facts: Facts, table: str, day: str, since: int, end: pd.Timestamp) -> pd.DataFrame:
    rows = facts.tables[table]
    start = end - pd.Timedelta(days=since)
    return rows[(rows[day] >= start) & (rows[day] < end)]


def _rates(
    facts: Facts, table: str, day: str, kind: str | None, what: str, end: pd.Timestamp
) -> tuple[Floats, Floats]:
    """Per 30 days: in the recent days, and in the own normal; NaN where the table is empty.

    A partner's normal starts with its first order, where that is later than the look-back.
    """
    missing = np.full(facts.size, np.nan)
    rows = _between(facts, table, day, LOOK_BACK_DAYS, end)
    if kind is not None:
        other = kind.startswith("-")
        rows = rows[(rows["kind"] == kind.removeprefix("-")) != other]
    if rows.empty or (not what.endswith(":sum") and what != "rows" and rows[what].isna().all()):
        return missing, missing
    begin, cut = end - pd.Timedelta(days=RECENT_DAYS), end - pd.Timedelta(days=QUIET_GAP_DAYS)
    now = _count(rows[rows[day] >= begin], what, facts.size) * 30.0 / RECENT_DAYS
    first = facts.first_order
    start = np.maximum(
        (first - (end - pd.Timedelta(days=LOOK_BACK_DAYS))).dt.days.fillna(0).to_numpy(), 0
    )
    span = LOOK_BACK_DAYS - QUIET_GAP_DAYS - start
    before = _count(rows[rows[day] < cut], what, facts.size)
    return now, np.where(span >= 60, before * 30.0 / np.maximum(span, 1), np.nan)


def _count(rows: pd.DataFrame, what: str, size: int) -> Floats:
    if what == "rows":
        return counts(rows, size)
    if what.endswith(":sum"):
        column = what.removesuffix(":sum")
        if rows[column].isna().all():
            return counts(rows, size)
        return sums(rows, column, size)
    return distinct(rows, what, size)


def _centred(now: Floats, before: Floats, standing: Standing, scale: float | None) -> Floats:
    """log(recent ÷ own normal) less its median over those who still order, within ±2."""
    least = 1e-9 if scale is None else scale * 30.0 / (LOOK_BACK_DAYS - QUIET_GAP_DAYS)
    floor = 0.05 * before if scale is None else 0.25 * least
    known = before >= least
    with np.errstate(invalid="ignore", divide="ignore"):
        change = np.log((now + floor) / (before + floor))
    change = np.where(known, change, np.nan)
    alive = change[standing.at_risk & known]
    middle = float(np.median(alive)) if len(alive) else 0.0
    return np.clip(change - middle, -2.0, 2.0)


def _rhythm(facts: Facts, standing: Standing, end: pd.Timestamp) -> dict[str, Floats]:
    """Recency against the own interval, frequency, money, tenure."""
    lines = _between(facts, "order_line", "order_date", LOOK_BACK_DAYS, end)
    days = distinct(lines, "order_date", facts.size)
    amount = np.maximum(sums(lines, "amount", facts.size), 0.0)
    silent = standing.silent_days
    begun = facts.partners["joined_on"].fillna(facts.first_order)
    years = (end - begun).dt.days.to_numpy(dtype=np.float64) / 365.25
    return {
        "silence": np.log1p(silent / np.maximum(standing.interval, 1.0)),
        "silent_days": np.log1p(silent),
        "to_limit": silent / standing.limit,
        "frequency": np.log1p(days),
        "money": np.log1p(amount),
        "tenure": np.log1p(np.where(years >= 0, years, np.nan)),
    }


def _payments(facts: Facts, end: pd.Timestamp) -> tuple[Floats, Floats]:
    """How late receivables were paid, recently and normally: mean days past due.

    Of receivables that fell due in the last 90 days, and 180 to 365 days ago; what is
    unpaid at the cut-off counts up to it.
    """
    missing = np.full(facts.size, np.nan)
    owed = _between(facts, "receivable", "due_on", LOOK_BACK_DAYS, end)
    paid = facts.tables["payment"]
    paid = paid[(paid["paid_on"] < end) & paid["order_id"].notna()]
    if owed.empty or paid.empty:
        return missing, missing
    settled = owed["order_id"].map(paid.groupby("order_id")["paid_on"].max()).fillna(end)
    late = (settled - owed["due_on"]).dt.days.clip(-30, 120).to_numpy(dtype=np.float64)
    age = (end - owed["due_on"]).dt.days.to_numpy()
    at = owed["at"].to_numpy()

    def mean(chosen: Flags) -> Floats:
        number = np.bincount(at[chosen], minlength=facts.size)
        total = np.bincount(at[chosen], weights=late[chosen], minlength=facts.size)
        return np.where(number >= 2, total / np.maximum(number, 1), np.nan)

    return mean(age <= RECENT_DAYS), mean(age > QUIET_GAP_DAYS)


def _certificates(facts: Facts, end: pd.Timestamp) -> tuple[Floats, Floats]:
    """Valid certificates at the end, and half a year before."""
    held = facts.tables["certification"]
    if held.empty:
        missing = np.full(facts.size, np.nan)
        return missing, missing

    def valid(day: pd.Timestamp) -> Floats:
        ends = held["expires_on"]
        return counts(held[(held["issued_on"] < day) & (ends.isna() | (ends >= day))], facts.size)

    return valid(end), valid(end - pd.Timedelta(days=QUIET_GAP_DAYS))
