"""Series of one's own: CSV or Parquet in, a frame of unique_id, ds, y out, and the way back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from leadline.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from tools.analytics.forecast.assemble import Forecasts

COLUMNS = ("unique_id", "ds", "y")
SEASONS = {"Y": 1, "A": 1, "Q": 4, "M": 12, "W": 52, "D": 7, "B": 5, "H": 24}
"""Periods per cycle by the frequency's first letter: what most series of that kind repeat in."""
HORIZONS = {"Y": 3, "A": 3, "Q": 4, "M": 12, "W": 13, "D": 14, "B": 10, "H": 24}
"""Periods ahead where none are asked for."""
DEFAULT_HORIZON = 12


def read_series(path: Path) -> pd.DataFrame:
    """The file's columns unique_id, ds (days or instants) and y (numbers, empty where unknown).

    Without a column unique_id the file is one series, called by the file's name.

    Raises:
        InputError: no such file, not readable, a column is missing, a date or number is none.
    """
    import pandas as pd

    if not path.is_file():
        raise InputError(f"{path} is no file", hint="give a CSV or Parquet file")
    try:
        if path.suffix.lower() in (".parquet", ".pq"):
            frame = pd.read_parquet(path)
        else:
            frame = pd.read_csv(path, dtype={"unique_id": str}, encoding="utf-8-sig")
    except (ValueError, OSError) as error:
        hint = "save it as CSV (UTF-8) or Parquet"
        raise InputError(f"{path} cannot be read: {error}", hint=hint) from error
    if "unique_id" not in frame.columns and {"ds", "y"} <= set(frame.columns):
        frame = frame.assign(unique_id=path.stem)
    missing = [c for c in COLUMNS if c not in frame.columns]
    if missing:
        raise InputError(
            f"{path} lacks the column(s) {', '.join(missing)}; it has {', '.join(frame.columns)}",
            hint="name them unique_id, ds (date) and y (number)",
        )
    if frame.empty:
        raise InputError(f"{path} holds no row", hint="give at least a few periods of one series")
    dates = pd.to_datetime(frame["ds"], errors="coerce", format=_format_of(frame["ds"]))
    _refuse(frame, "ds", dates.isna(), "is no date; write it like 2024-03-01")
    y = pd.to_numeric(frame["y"], errors="coerce")
    _refuse(frame, "y", y.isna() & frame["y"].notna(), "is no number")
    return pd.DataFrame({"unique_id": frame["unique_id"], "ds": dates, "y": y.astype("float64")})


def _format_of(column: pd.Series[Any]) -> str | None:
    """Texts may be written in several ISO forms; what is a date already needs no form."""
    import pandas as pd

    return None if pd.api.types.is_datetime64_any_dtype(column) else "ISO8601"


def _refuse(frame: pd.DataFrame, column: str, wrong: pd.Series[bool], why: str) -> None:
    if not wrong.any():
        return
    row = int(wrong.to_numpy().argmax())
    found = frame[column].iloc[row]
    name = frame["unique_id"].iloc[row]
    raise InputError(
        f"row {row + 2} (series {name!r}): {column} {found!r} {why}",
        hint=f"{int(wrong.sum())} row(s) are like this; mend or drop them",
    )


def frequency_of(frame: pd.DataFrame) -> str:
    """The pandas alias that the longest series' dates follow.

    Raises:
        InputError: they follow none that pandas knows.
    """
    import pandas as pd

    longest = frame.groupby("unique_id")["ds"].count().idxmax()
    dates = pd.DatetimeIndex(frame.loc[frame["unique_id"] == longest, "ds"].sort_values().unique())
    found = pd.infer_freq(dates) if len(dates) >= 3 else None
    if found is None:
        raise InputError(
            f"the dates of series {longest!r} follow no frequency",
            hint='name it: --freq MS (months), "W-MON" (weeks), QS, D',
        )
    return found


def by_frequency(freq: str, table: dict[str, int], otherwise: int) -> int:
    """The table's value for an alias such as "MS", "QS-JAN", "W-MON" or "2h"."""
    name = freq.lstrip("0123456789").upper()
    return table.get(name[:1], otherwise) if name[:3] != "MIN" else otherwise


def run_file(
    frame: pd.DataFrame,
    *,
    freq: str | None,
    season: int | None,
    horizon: int | None,
    levels: tuple[int, ...],
    fill: Literal["auto", "zero", "interpolate"],
    seed: int,
    n_jobs: int,
    progress: Callable[[str], None],
) -> Forecasts:
    """Forecast the file's series; what is not given follows from the frequency.

    Raises:
        InputError: as `tools.analytics.forecast.forecast.forecast`.
    """
    from tools.analytics.forecast.forecast import forecast

    named = freq or frequency_of(frame)
    known = frame.loc[frame["y"].notna(), "unique_id"].nunique()
    if empty := frame["unique_id"].nunique() - known:
        progress(f"{empty} series without any value are left out")
    return forecast(
        frame,
        named,
        by_frequency(named, SEASONS, 1) if season is None else season,
        by_frequency(named, HORIZONS, DEFAULT_HORIZON) if horizon is None else horizon,
        levels=levels,
        fill=fill,
        seed=seed,
        n_jobs=n_jobs,
        progress=progress,
    )


def shown(made: Forecasts) -> pd.DataFrame:
    """One row per series and period: forecast, bounds, method, class and its backtest WAPE."""
    error = made.errors.loc[made.errors["chosen"] & (made.errors["class"] != "all")]
    wape = dict(zip(error["class"], error["wape"], strict=True))
    frame = made.frame.rename(columns={"mean": "forecast"}).drop(columns="step")
    return frame.assign(
        ds=frame["ds"].dt.strftime("%Y-%m-%d")
        if (frame["ds"] == frame["ds"].dt.normalize()).all()
        else frame["ds"].astype(str),
        backtest_wape=frame["class"].map(wape),
    )


def as_csv(made: Forecasts) -> str:
    """The rows of `shown` as CSV."""
    return str(shown(made).to_csv(index=False, float_format="%.6g", lineterminator="\n"))


def as_json(made: Forecasts) -> str:
    """One object: forecasts (as `shown`), methods, errors and coverage; unknown is null."""
    body = {
        "series": len(made.panel),
        "freq": made.panel.freq,
        "season": made.panel.season,
        "forecasts": _records(shown(made)),
        "methods": _records(made.methods),
        "errors": _records(made.errors),
        "coverage": _records(made.coverage),
    }
    return json.dumps(body, ensure_ascii=False, allow_nan=False, indent=2)


def _records(frame: pd.DataFrame) -> list[dict[str, object]]:
    return [
        {
            str(name): None if value is None or value != value else _plain(value)  # noqa: PLR0124 - NaN
            for name, value in row.items()
        }
        for row in frame.to_dict("records")
    ]


def _plain(value: Any) -> object:
    made = value.item() if hasattr(value, "item") else value
    return float(f"{made:.6g}") if isinstance(made, float) else made
