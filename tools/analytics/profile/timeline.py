"""What happened with one partner: milestones and changes, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

import pandas as pd

LONG_GAP_DAYS: Final = 90
"""A pause in ordering from which on coming back is an event."""

LARGEST: Final = 20
"""Deals and registrations per kind: the largest ones; a list of all is not a timeline."""

Event = tuple[Any, str, str, float | None]


def events(frames: Mapping[str, pd.DataFrame], joined_on: Any, as_of: date) -> pd.DataFrame:
    """Events up to `as_of`, newest first, ties by kind and detail.

    Columns: `date`, `kind` (joined, first_order, largest_order, long_gap, last_order, deal_won,
    deal_lost, registration, conflict, certificate, certificate_expired, return, mdf, tier, status,
    owner, region), `detail` (a name, number or value), `amount` (NaN where it has none).

    Args:
        frames: rows of this partner alone: order_line, opportunity, deal_registration,
            certification, sales_return, mdf_claim, partner_history; each may be empty.
        joined_on: when the partner joined, or null.
        as_of: today.
    """
    found: list[Event] = [] if pd.isna(joined_on) else [(joined_on, "joined", "", None)]
    for make in (_orders, _deals, _registrations, _certificates, _returns, _funds, _changes):
        found.extend(make(frames))
    table = pd.DataFrame(found, columns=["date", "kind", "detail", "amount"])
    table["date"] = pd.to_datetime(table["date"]).dt.normalize()
    table["amount"] = pd.to_numeric(table["amount"])
    table = table[table["date"].notna() & (table["date"] <= pd.Timestamp(as_of))]
    return table.sort_values(
        ["date", "kind", "detail"], ascending=[False, True, True], kind="stable"
    ).reset_index(drop=True)


def _orders(frames: Mapping[str, pd.DataFrame]) -> Iterator[Event]:
    lines = frames["order_line"]
    if lines.empty:
        return
    orders = (
        lines.groupby("order_id")
        .agg(no=("order_no", "first"), day=("order_date", "min"), amount=("amount", "sum"))
        .sort_values(["day", "no"])
    )
    gaps = orders["day"].diff().dt.days
    milestones = {"first_order": 0}
    if len(orders) > 1:
        largest = int(orders["amount"].to_numpy(dtype="float64").argmax())
        milestones |= {"largest_order": largest, "last_order": len(orders) - 1}
    for kind, at in milestones.items():
        row = orders.iloc[at]
        yield row["day"], kind, str(row["no"]), row["amount"]
    for back in orders[gaps > LONG_GAP_DAYS].to_dict("records"):
        yield back["day"], "long_gap", str(back["no"]), back["amount"]


def _deals(frames: Mapping[str, pd.DataFrame]) -> Iterator[Event]:
    deals = frames["opportunity"]
    for outcome in ("won", "lost"):
        rows = _top(deals[deals["outcome"] == outcome])
        for row in rows.to_dict("records"):
            yield row["closed_on"], f"deal_{outcome}", _text(row["name"]), row["amount"]


def _registrations(frames: Mapping[str, pd.DataFrame]) -> Iterator[Event]:
    rows = frames["deal_registration"]
    against = rows["conflict_of_id"].notna()
    for kind, part in (("conflict", rows[against]), ("registration", rows[~against])):
        for row in _top(part).to_dict("records"):
            yield row["submitted_on"], kind, _text(row["reg_no"]), row["amount"]


def _certificates(frames: Mapping[str, pd.DataFrame]) -> Iterator[Event]:
    for row in frames["certification"].to_dict("records"):
        subject = _text(row["subject"])
        yield row["issued_on"], "certificate", subject, None
        yield row["expires_on"], "certificate_expired", subject, None


def _returns(frames: Mapping[str, pd.DataFrame]) -> Iterator[Event]:
    for row in frames["sales_return"].to_dict("records"):
        yield row["returned_on"], "return", _text(row["reason"]), row["amount"]


def _funds(frames: Mapping[str, pd.DataFrame]) -> Iterator[Event]:
    for row in frames["mdf_claim"].to_dict("records"):
        yield row["claimed_on"], "mdf", _text(row["purpose"]), row["amount"]


def _changes(frames: Mapping[str, pd.DataFrame]) -> Iterator[Event]:
    """Changes of an attribute; what it was at first is none."""
    rows = frames["partner_history"].sort_values(["attribute", "valid_from"], kind="stable")
    rows = rows[rows["attribute"].isin(("tier", "status", "owner", "region"))]
    before = rows.groupby("attribute")["value"].shift()
    changed = before.notna() & (before != rows["value"])
    for row, old in zip(rows[changed].to_dict("records"), before[changed], strict=True):
        yield row["valid_from"], str(row["attribute"]), f"{old} → {row['value']}", None


def _top(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values("amount", ascending=False, kind="stable").head(LARGEST)


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)
