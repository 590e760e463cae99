"""Series in one shape: a validated long frame becomes a right-aligned panel of floats.

Every model of the package reads a `Panel`, so gaps are filled once, in one way, and an origin is
"so many periods before the end" for every series alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadline.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Fill = Literal["auto", "zero", "interpolate"]

ADI_LIMIT = 1.32
"""Mean periods between demands above which a series is intermittent (Syntetos and others 2005)."""
CV2_LIMIT = 0.49
"""Squared variation of the demand sizes above which they are erratic (same source)."""
ABSENT_SHARE_MEANS_ZERO = 0.02
"""Absent rows beyond this share of a non-negative frame mean no demand, not lost data."""
MAX_PERIODS = 20_000
"""A span longer than this in the frequency given is a wrong frequency, not a series."""


class DemandClass(StrEnum):
    """The four classes of Syntetos and Boylan, and series too short or empty to class."""

    SMOOTH = "smooth"
    ERRATIC = "erratic"
    INTERMITTENT = "intermittent"
    LUMPY = "lumpy"
    EMPTY = "empty"


SPARSE = (DemandClass.INTERMITTENT, DemandClass.LUMPY, DemandClass.EMPTY)


@dataclass(frozen=True, eq=False)
class Panel:
    """Series on one grid, their last observations in the last column.

    Attributes:
        ids: the series' names, sorted.
        values: series × periods, units of the input; NaN only left of a series' start.
        lengths: observed periods per series, gaps filled, ≥ 1.
        ends: the period start of each series' last observation.
        freq: a pandas offset alias whose period starts are the dates.
        season: periods per seasonal cycle, 1 for none.
    """

    ids: tuple[str, ...]
    values: Floats
    lengths: Ints
    ends: pd.DatetimeIndex
    freq: str
    season: int

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def periods(self) -> int:
        """Columns of `values`."""
        return int(self.values.shape[1])

    @property
    def nonnegative(self) -> bool:
        """Whether no value is below zero, so that no forecast should be."""
        return bool(np.nanmin(self.values) >= 0)

    def before(self, dropped: int, *, least: int = 1) -> tuple[Panel, Ints]:
        """The panel as it stood `dropped` periods ago, and the rows that it keeps.

        Series with fewer than `least` observations then are left out.
        """
        kept = np.flatnonzero(self.lengths - dropped >= least)
        if dropped == 0 and len(kept) == len(self):
            return self, kept
        values = self.values[kept, : self.periods - dropped]
        lengths = self.lengths[kept] - dropped
        width = int(lengths.max()) if len(kept) else 0
        ends = self.ends[kept]
        if dropped and len(kept):
            ends = shift(ends, -dropped, self.freq)
        ids = tuple(self.ids[i] for i in kept)
        narrowed = values[:, values.shape[1] - width :]
        return Panel(ids, narrowed, lengths, ends, self.freq, self.season), kept

    def take(self, rows: Ints) -> Panel:
        """The panel of these rows only, in their order."""
        lengths = self.lengths[rows]
        width = int(lengths.max()) if len(rows) else 0
        values = self.values[rows, self.periods - width :]
        ids = tuple(self.ids[i] for i in rows)
        return Panel(ids, values, lengths, self.ends[rows], self.freq, self.season)

    def long(self) -> pd.DataFrame:
        """The long frame (unique_id, ds, y) of the filled series."""
        offsets = self.long_dates()
        present = ~np.isnan(self.values)
        names = np.repeat(np.array(self.ids, dtype=object), self.periods).reshape(present.shape)
        data = {"unique_id": names[present], "ds": offsets[present], "y": self.values[present]}
        return pd.DataFrame(data)

    def long_dates(self) -> NDArray[np.datetime64]:
        """Series × periods: the starts of the periods of `values`."""
        return dates_back(self.ends, self.periods, self.freq)

    def future(self, horizon: int) -> NDArray[np.datetime64]:
        """Series × horizon: the starts of the periods to forecast."""
        return dates_ahead(self.ends, horizon, self.freq)


def shift(dates: pd.DatetimeIndex, periods: int, freq: str) -> pd.DatetimeIndex:
    """Each date moved by so many periods of the frequency, computed once per distinct date."""
    offset = pd.tseries.frequencies.to_offset(freq)
    moved = {date: date + periods * offset for date in dates.unique()}
    return pd.DatetimeIndex(dates.map(moved))


def dates_back(ends: pd.DatetimeIndex, periods: int, freq: str) -> NDArray[np.datetime64]:
    """Series × periods: the period starts up to and including each end."""
    by_end = {end: pd.date_range(end=end, periods=periods, freq=freq) for end in ends.unique()}
    return np.stack([by_end[end].to_numpy() for end in ends])


def dates_ahead(ends: pd.DatetimeIndex, horizon: int, freq: str) -> NDArray[np.datetime64]:
    """Series × horizon: the period starts after each end."""
    by_end = {
        end: pd.date_range(end, periods=horizon + 1, freq=freq)[1:].to_numpy()
        for end in ends.unique()
    }
    return np.stack([by_end[end] for end in ends])


def read(frame: pd.DataFrame, freq: str, season: int, *, fill: Fill = "auto") -> Panel:
    """Validate a long frame and put it on its calendar.

    Args:
        frame: columns unique_id (any), ds (dates or ISO text), y (numbers; NaN is unknown).
        freq: pandas alias, e.g. "MS", "QS", "W-MON"; dates are moved to their period's start.
        season: periods per cycle, ≥ 1.
        fill: what a period without a row is: "zero" no demand, "interpolate" lost data, "auto"
            zero when no value is negative and over 2 % of the spans' periods are absent. A y that
            is there but NaN is always interpolated. Leading NaN are dropped, trailing NaN carry
            the last value.

    Raises:
        InputError: missing columns, no usable rows, dates or numbers that cannot be read,
            a bad frequency, infinite values, or two rows for one series and period.
    """
    clean = _validated(frame, freq, season)
    ids, start_at = np.unique(clean["unique_id"].to_numpy(), return_index=True)
    bounds = [*start_at[1:], len(clean)]
    position = clean["position"].to_numpy()
    spans = [int(position[b - 1] - position[a]) + 1 for a, b in zip(start_at, bounds, strict=True)]
    if max(spans) > MAX_PERIODS:
        raise InputError(
            f"A series spans {max(spans)} periods of {freq!r}.",
            hint=f"Name the frequency of the dates; at most {MAX_PERIODS} periods are read.",
        )
    y = clean["y"].to_numpy(dtype=np.float64)
    absent_share = 1 - len(clean) / sum(spans)
    zero = fill == "zero" or (
        fill == "auto" and absent_share > ABSENT_SHARE_MEANS_ZERO and bool(np.nanmin(y) >= 0)
    )
    values = np.full((len(ids), max(spans)), np.nan)
    for row, (a, b) in enumerate(zip(start_at, bounds, strict=True)):
        line = np.full(spans[row], 0.0 if zero else np.nan)
        line[position[a:b] - position[a]] = y[a:b]
        values[row, values.shape[1] - spans[row] :] = _filled(line)
    dates = clean["ds"].to_numpy()
    ends = pd.DatetimeIndex(dates[np.array(bounds) - 1])
    names = tuple(str(i) for i in ids)
    return Panel(names, values, np.array(spans, dtype=np.int64), ends, freq, season)


def _validated(frame: pd.DataFrame, freq: str, season: int) -> pd.DataFrame:
    """Sorted rows with a period start and its ordinal; leading unknown values dropped."""
    missing = [c for c in ("unique_id", "ds", "y") if c not in frame.columns]
    if missing:
        raise InputError(
            f"The series lack the column(s) {', '.join(missing)}.",
            hint="Give unique_id, ds (date) and y (number).",
        )
    if season < 1:
        raise InputError(f"A season of {season} periods is none.", hint="Give 1 or more.")
    try:
        dates = pd.to_datetime(frame["ds"])
        y = pd.to_numeric(frame["y"]).astype("float64")
    except (ValueError, TypeError) as error:
        raise InputError(f"The series cannot be read: {error}.") from error
    if dates.isna().any() or frame["unique_id"].isna().any():
        raise InputError("A row lacks its date or its series' name.", hint="Mend or drop it.")
    if np.isinf(y.to_numpy()).any():
        raise InputError("A value is infinite.", hint="Leave unknown values empty.")
    if getattr(dates.dt, "tz", None) is not None:
        dates = dates.dt.tz_localize(None)
    starts, ordinals = _on_calendar(dates, freq)
    clean = pd.DataFrame(
        {
            "unique_id": frame["unique_id"].astype(str).to_numpy(),
            "ds": starts,
            "position": ordinals,
            "y": y.to_numpy(),
        }
    ).sort_values(["unique_id", "ds"], kind="stable", ignore_index=True)
    twice = clean.duplicated(["unique_id", "ds"])
    if twice.any():
        first = clean.loc[twice].iloc[0]
        raise InputError(
            f"Series {first['unique_id']!r} has two rows for {first['ds']:%Y-%m-%d} at {freq!r}.",
            hint="Sum them to one row per period first.",
        )
    known = clean["y"].notna().groupby(clean["unique_id"]).cummax()
    clean = clean.loc[known].reset_index(drop=True)
    if clean.empty:
        raise InputError("The series hold no value at all.", hint="Give rows with y.")
    return clean


def _on_calendar(dates: pd.Series[pd.Timestamp], freq: str) -> tuple[NDArray[np.datetime64], Ints]:
    """Each date's period start and that period's ordinal on the frame's calendar."""
    try:
        offset = pd.tseries.frequencies.to_offset(freq)
        first = pd.Timestamp(offset.rollback(dates.min().normalize()))
        if offset.n != 1 and not isinstance(offset, pd.offsets.Tick):
            first = dates.min().normalize()
        grid = pd.date_range(first, dates.max(), freq=freq)
    except (ValueError, AttributeError) as error:
        raise InputError(
            f"{freq!r} is no frequency.", hint='Use a pandas alias such as "MS", "QS" or "W-MON".'
        ) from error
    ordinals = np.searchsorted(grid.to_numpy(), dates.to_numpy(), side="right") - 1
    if (ordinals < 0).any():
        raise InputError(f"A date lies before the calendar of {freq!r}.")
    return grid.to_numpy()[ordinals], ordinals.astype(np.int64)


def _filled(line: Floats) -> Floats:
    """The line with unknown values drawn straight between their neighbours, the last carried on."""
    known = np.flatnonzero(~np.isnan(line))
    if len(known) == len(line):
        return line
    return np.asarray(np.interp(np.arange(len(line)), known, line[known]), dtype=np.float64)


def demand_classes(panel: Panel) -> NDArray[np.object_]:
    """One `DemandClass` per series.

    ADI is periods per period with demand, counted from the first demand on; CV² is the squared
    coefficient of variation of the non-zero values. A series that is never zero is smooth or
    erratic by CV² alone; negative values count as demand.
    """
    values = panel.values
    nonzero = np.nan_to_num(values) != 0
    demands = nonzero.sum(axis=1)
    first = np.where(demands > 0, nonzero.argmax(axis=1), panel.periods)
    active = panel.periods - first
    adi = active / np.maximum(demands, 1)
    sizes = np.where(nonzero, np.abs(np.nan_to_num(values)), 0.0)
    mean = sizes.sum(axis=1) / np.maximum(demands, 1)
    spread = (np.where(nonzero, sizes - mean[:, None], 0.0) ** 2).sum(axis=1)
    cv2 = spread / np.maximum(demands, 1) / np.where(mean > 0, mean, 1.0) ** 2
    out = np.full(len(panel), DemandClass.SMOOTH, dtype=object)
    out[(adi < ADI_LIMIT) & (cv2 >= CV2_LIMIT)] = DemandClass.ERRATIC
    out[(adi >= ADI_LIMIT) & (cv2 < CV2_LIMIT)] = DemandClass.INTERMITTENT
    out[(adi >= ADI_LIMIT) & (cv2 >= CV2_LIMIT)] = DemandClass.LUMPY
    out[demands == 0] = DemandClass.EMPTY
    return out


def scales(panel: Panel, window: int | None = None) -> Floats:
    """Mean absolute value over each series' trailing window (default: a season, 6 to 52 periods).

    A window of nothing but zeros falls back to the whole history, an empty series to 1.
    """
    width = window or min(max(panel.season, 6), 52)
    size = np.abs(panel.values)
    recent = _row_mean(size[:, -width:])
    whole = _row_mean(size)
    return np.where(recent > 0, recent, np.where(whole > 0, whole, 1.0))


def _row_mean(values: Floats) -> Floats:
    counts = np.maximum((~np.isnan(values)).sum(axis=1), 1)
    return np.asarray(np.nansum(values, axis=1) / counts, dtype=np.float64)
