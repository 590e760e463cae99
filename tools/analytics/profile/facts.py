"""Tables of a channel, coded by partner: what every KPI is computed from.

Rows carry `at`, the partner's position 0…n−1, so that a sum over all partners is one pass of numpy.
Nothing here reads a database: the caller hands over the frames.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeVar, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
T = TypeVar("T")

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "order_line": (
        "partner_id",
        "order_date",
        "order_id",
        "customer_id",
        "product_id",
        "promotion_id",
        "region_id",
        "quantity",
        "amount",
        "list_amount",
        "discount_amount",
        "cost_amount",
    ),
    "target": ("partner_id", "period_start", "grain", "measure", "level", "amount"),
    "sales_return": ("partner_id", "returned_on", "amount"),
    "opportunity": (
        "partner_id",
        "created_on",
        "closed_on",
        "expected_close_on",
        "outcome",
        "amount",
        "id",
    ),
    "opportunity_stage": ("partner_id", "entered_at", "opportunity_id"),
    "deal_registration": (
        "partner_id",
        "submitted_on",
        "decided_on",
        "status",
        "conflict_of_id",
        "opportunity_id",
    ),
    "activity": ("partner_id", "happened_on", "kind", "quantity", "result"),
    "certification": ("partner_id", "issued_on", "expires_on", "holder", "subject"),
    "mdf_claim": ("partner_id", "claimed_on", "amount", "approved_amount", "status"),
    "receivable": ("partner_id", "booked_on", "due_on", "amount", "open_amount", "order_id"),
    "payment": ("partner_id", "paid_on", "amount", "order_id"),
    "shipment": ("partner_id", "shipped_on", "quantity", "region_id"),
    "sell_through": ("partner_id", "period_start", "product_id", "quantity", "amount"),
    "inventory_snapshot": ("partner_id", "snapshot_date", "product_id", "units_balance"),
}
"""Tables of facts and the columns that KPIs read; the first date column is when a row happened."""

CATALOGUE: Final[dict[str, tuple[str, ...]]] = {
    "product": ("id", "line", "category", "launched_on"),
    "customer": ("id", "industry"),
}
"""Tables that facts refer to."""

_NUMBERS = frozenset(
    [
        "quantity",
        "amount",
        "list_amount",
        "discount_amount",
        "cost_amount",
        "approved_amount",
        "open_amount",
        "units_balance",
    ]
)
_DAYS = frozenset(
    [
        "order_date",
        "period_start",
        "returned_on",
        "created_on",
        "closed_on",
        "expected_close_on",
        "entered_at",
        "submitted_on",
        "decided_on",
        "happened_on",
        "issued_on",
        "expires_on",
        "claimed_on",
        "booked_on",
        "due_on",
        "paid_on",
        "shipped_on",
        "snapshot_date",
        "launched_on",
        "joined_on",
        "first_order_date",
        "last_order_date",
    ]
)


@dataclass(frozen=True, slots=True)
class Window:
    """Days from `start` up to but not including `end_excl`, so many months long."""

    start: pd.Timestamp
    end_excl: pd.Timestamp
    months: int

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.end_excl - self.start).days

    @property
    def before(self) -> Window:
        """The window of as many months that ends where this one starts."""
        start = self.start - pd.DateOffset(months=self.months)
        return Window(start, self.start, self.months)


def trailing(as_of: pd.Timestamp, months: int) -> Window:
    """The window of so many months whose last day is `as_of`."""
    end_excl = as_of.normalize() + pd.Timedelta(days=1)
    return Window(end_excl - pd.DateOffset(months=months), end_excl, months)


class Facts:
    """The tables of one snapshot, coded by partner.

    Args:
        partners: one row per partner: `partner_id`, `region_id`, `partner_type`, `joined_on`,
            `first_order_date`, in the order that all results keep.
        frames: tables by name with the columns of `COLUMNS` and `CATALOGUE`; any may be missing.
        as_of: the day that is today.
    """

    def __init__(
        self, partners: pd.DataFrame, frames: Mapping[str, pd.DataFrame], as_of: pd.Timestamp
    ) -> None:
        self.partners = _typed(partners).reset_index(drop=True)
        self.ids: Ints = partners["partner_id"].to_numpy(dtype=np.int64)
        self.as_of = as_of.normalize()
        held = {**frames, **_stages(frames)}
        self.tables = {
            name: self._coded(held.get(name), columns) for name, columns in COLUMNS.items()
        }
        self.catalogue = {
            name: _typed(frames[name]).set_index("id")
            if name in frames
            else pd.DataFrame(columns=list(columns)).set_index("id")
            for name, columns in CATALOGUE.items()
        }
        self._kept: dict[object, object] = {}

    @property
    def size(self) -> int:
        """Number of partners."""
        return len(self.ids)

    def _coded(self, frame: pd.DataFrame | None, columns: tuple[str, ...]) -> pd.DataFrame:
        if frame is None or frame.empty:
            return _typed(pd.DataFrame({c: pd.Series(dtype="object") for c in columns})).assign(
                at=np.empty(0, np.int64)
            )
        at = pd.Index(self.ids).get_indexer(
            pd.Index(pd.to_numeric(frame["partner_id"]).fillna(-1).astype("int64"))
        )
        found = _typed(frame.loc[at >= 0, list(columns)])
        return found.assign(at=at[at >= 0].astype(np.int64)).reset_index(drop=True)

    def memo(self, key: object, make: Callable[[], T]) -> T:
        """What `make` gives, made once per key: KPIs share their intermediate figures."""
        if key not in self._kept:
            self._kept[key] = make()
        return cast("T", self._kept[key])

    def rows(self, table: str, window: Window, day: str | None = None) -> pd.DataFrame:
        """Rows of a table whose day lies in the window."""
        return self.memo((table, window, day), lambda: self._rows(table, window, day))

    def _rows(self, table: str, window: Window, day: str | None) -> pd.DataFrame:
        frame = self.tables[table]
        days = frame[day or day_of(table)]
        return frame[(days >= window.start) & (days < window.end_excl)]

    def until(self, table: str, end_excl: pd.Timestamp, day: str | None = None) -> pd.DataFrame:
        """Rows of a table whose day lies before the end."""
        frame = self.tables[table]
        return frame[frame[day or day_of(table)] < end_excl]

    def known(self, table: str, window: Window) -> npt.NDArray[np.bool_]:
        """Which partners the table knows of at all before the window ends."""
        return self.memo(
            ("known", table, window.end_excl),
            lambda: counts(self.until(table, window.end_excl), self.size) > 0,
        )

    def span(self, table: str) -> tuple[pd.Timestamp, pd.Timestamp] | None:
        """First and last day of a table; None where it is empty."""
        return self.memo(("span", table), lambda: self._span(table))

    def _span(self, table: str) -> tuple[pd.Timestamp, pd.Timestamp] | None:
        days = self.tables[table][day_of(table)].dropna()
        days = days[days <= self.as_of]
        return None if days.empty else (days.min(), days.max())

    def carries(self, place: str) -> bool:
        """Whether "table.column" holds any value at all."""
        return self.memo(("carries", place), lambda: self._carries(place))

    def _carries(self, place: str) -> bool:
        table, _, column = place.partition(".")
        frame = self.tables[table] if table in self.tables else self.catalogue[table]
        return bool(frame[column].notna().any())

    @cached_property
    def first_order(self) -> pd.Series:
        """Each partner's first order day, NaT where it never ordered."""
        lines = self.tables["order_line"]
        first = lines.groupby("at")["order_date"].min()
        return first.reindex(range(self.size))


def _stages(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Stages with the partner of their opportunity: a stage has none of its own."""
    stages, deals = frames.get("opportunity_stage"), frames.get("opportunity")
    if stages is None or deals is None or stages.empty or deals.empty:
        return {}
    partner = stages["opportunity_id"].map(deals.set_index("id")["partner_id"])
    return {"opportunity_stage": stages.assign(partner_id=partner)}


def day_of(table: str) -> str:
    """The column that says when a row of the table happened."""
    return next(c for c in COLUMNS[table] if c in _DAYS)


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    changes: dict[str, Any] = {}
    for name in map(str, frame.columns):
        if name in _NUMBERS:
            changes[name] = pd.to_numeric(frame[name]).astype("float64")
        elif name in _DAYS:
            changes[name] = pd.to_datetime(frame[name]).astype("datetime64[ns]").dt.normalize()
    return frame.assign(**changes)


def sums(frame: pd.DataFrame, column: str, size: int) -> Floats:
    """Sum of a column per partner; nulls count nothing, no rows give zero."""
    weights = frame[column].to_numpy(dtype=np.float64, na_value=0.0)
    total = np.bincount(frame["at"].to_numpy(), weights=np.nan_to_num(weights), minlength=size)
    return total.astype(np.float64)


def counts(frame: pd.DataFrame, size: int) -> Floats:
    """Rows per partner."""
    return np.bincount(frame["at"].to_numpy(), minlength=size).astype(np.float64)


def distinct(frame: pd.DataFrame, column: str, size: int) -> Floats:
    """Different non-null values of a column per partner."""
    pairs = frame[["at", column]].dropna().drop_duplicates()
    return counts(pairs, size)


def medians(frame: pd.DataFrame, values: pd.Series, size: int) -> Floats:
    """Median of the values per partner, NaN where there are none."""
    found = values.groupby(frame["at"]).median()
    return found.reindex(range(size)).to_numpy(dtype=np.float64)


def last_days(frame: pd.DataFrame, column: str, size: int) -> pd.Series:
    """Latest day of a column per partner, NaT where there is none."""
    return frame.groupby("at")[column].max().reindex(range(size))


def ratio(over: Floats, under: Floats) -> Floats:
    """Quotient per partner, NaN where the denominator is not positive."""
    safe = np.where(under > 0, under, np.nan)
    return np.asarray(over / safe, dtype=np.float64)
