"""The rows that a source would not have been proud of: planted so that a loader must refuse them.

Each is a copy of a good row under a new key with one bad cell, so no good row depends on it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Fault:
    """A bad row to plant in a table.

    Attributes:
        table: which; the file follows from the layout.
        key: column and value that make the copied row a row of its own (None: leave the keys).
        column, value: the bad cell.
        reason: what is wrong with it, in the words of `truth.json`.
    """

    table: str
    key: tuple[str, str | int] | None
    column: str
    value: str
    reason: str


FAULTS = (
    Fault("orders", ("order_no", "SO20260230X001"), "order_date", "2026-02-30", "bad_date"),
    Fault("orders", ("order_no", "SO20260415X002"), "partner", "P9999", "unknown_reference"),
    Fault("lines", ("line_no", "91"), "amount", "12,3a4.00", "bad_number"),
    Fault("lines", ("line_no", "92"), "sku", "XX-999", "unknown_reference"),
    Fault("lines", ("line_no", "93"), "order_no", "SO00000000000", "unknown_reference"),
    Fault("payments", ("payment_no", "SK9000001"), "amount", "待核", "bad_number"),
    Fault("payments", ("payment_no", "SK9000002"), "paid_on", "2025/13/05", "bad_date"),
    Fault("returns", ("return_no", "RT900001"), "quantity", "若干", "bad_number"),
    Fault("partners", ("code", "P9001"), "name", "", "missing"),
    Fault("opportunities", ("opp_no", "OP9000001"), "amount_wan", "面议", "bad_number"),
    Fault("opportunities", ("opp_no", "OP9000002"), "created_on", "下月初", "bad_date"),
    Fault("partner_targets", None, "amount_wan", "#REF!", "bad_number"),
    Fault("activities", ("activity_no", "AC9000001"), "partner", "P9998", "unknown_reference"),
)


@dataclass(frozen=True, slots=True)
class BadRow:
    """Where a fault ended up.

    `row` counts as a spreadsheet does, from 1 with the headers; in Parquet, which has none, from 1.
    """

    file: str
    sheet: str | None
    row: int
    column: str
    value: str
    reason: str
    table: str

    def as_dict(self) -> dict[str, object]:
        """For `truth.json`."""
        return asdict(self)


def faults_of(table: str) -> list[Fault]:
    """The faults to plant in a table."""
    return [fault for fault in FAULTS if fault.table == table]


def positions(rng: np.random.Generator, rows: int, count: int) -> list[int]:
    """Where bad rows go among `rows` good ones: ascending indices in the finished file."""
    if count == 0:
        return []
    places = rng.choice(np.arange(1, rows), count, replace=False)
    return [int(place) + shift for shift, place in enumerate(np.sort(places))]
