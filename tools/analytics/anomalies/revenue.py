"""Revenue out of the ordinary: stretches of months far from what level, trend and season expect.

The season is one for all series: month of the year, and the share of the Chinese New Year stop that
falls into the month, fitted to the total (ridge regression of logs, refitted without outliers). It
is taken out of every series, and roots are taken, so that large months stray no more than small
ones. For every stretch of one to six months a line through the usual months before and after it
says what was to be expected; at the end of the data it is continued, the less its trend is certain.
How far the series strays by itself from month to month is the measure. Months found out of the
ordinary are no longer part of any expectation, so a recovery is no finding, and a level that came
to stay is one only as long as it is news.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

VERSION: Final = "1"
LEAST_HISTORY: Final = 10
"""Usual months around a stretch without which nothing is expected of it."""
LEAST_BEFORE: Final = 6
"""Of them before it."""
LOOK_BACK: Final = 15
LOOK_AHEAD: Final = 12
"""Usual months before and after a stretch that its expectation rests on."""
LEAST_AFTER: Final = 6
"""Of them after it, or none: a few new months are no proof that the old level was the odd one."""
LONGEST: Final = 6
"""Months of one stretch; a longer one is several that touch."""
ROUNDS: Final = 3
"""Stretches of one series that are looked for, the farthest out first."""
LEAST_SCORE: Final = 0.25
"""Below it a stretch is as usual as others, and part of their expectation."""
LEAST_SPREAD: Final = 0.06
"""Of the level: what any series strays by itself from month to month."""
RARE_SPREAD: Final = 0.4
"""The same of who rarely orders, in roots of a month with orders, at no month with any."""
TREND_DOUBT: Final = 2.0
"""A trend is continued beyond the data by t² / (t² + this)."""
TRIMMED: Final = 0.1
"""Of the months around a stretch: those farthest out do not say how far a series strays."""
TRIMMED_TO_SD: Final = 1.26
"""Makes the trimmed deviation of a normal series its standard deviation."""
SEASON_RIDGE: Final = 0.5
"""Pull of a month's effect towards none: half an observation."""
LEAST_NOISE: Final = 0.08
"""Of the logs of the total: smaller residuals are never called outliers."""
SEASON_YEARS: Final = 2
"""Years of data without which there is no season."""
FALSE_ALARMS: Final = 0.05
"""Stretches that pure chance may bring over the default least score in all series together. The
more series and months are looked at, the farther out one must be."""
DEFAULT_SCORE: Final = 0.6
"""Met exactly there; half as far out counts nothing."""
SIZE_NOTHING, SIZE_FULL = 0.05, 0.15
"""The deviation, as a part of the expected, from which it begins to count, and counts in full."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Months `first` to `last` (positions, inclusive) of series `row`."""

    row: int
    first: int
    last: int
    actual: float
    expected: float
    z: float
    score: float


def season_of(total: Floats, month_of_year: NDArray[np.int64], stop: Floats) -> Floats:
    """What each month is worth beside an average one, ≥ 0.2.

    Args:
        total: shape (months,): revenue of everything, by month.
        month_of_year: 1–12 of each.
        stop: share of the month's days within the New Year stop.
    """
    months = len(total)
    if months < 12 * SEASON_YEARS or np.count_nonzero(total > 0) < months:
        return np.ones(months)
    time = (np.arange(months) - months / 2) / 12
    effects = (month_of_year[:, None] == np.arange(1, 13)[None, :]).astype(np.float64)
    design = np.column_stack([np.ones(months), time, time**2, effects, stop])
    ridge = np.diag([1e-6, 1e-6, 1e-3, *[SEASON_RIDGE] * 12, SEASON_RIDGE / 10])
    logs = np.log(total)
    weight = np.ones(months)
    for _ in range(3):
        weighted = design * weight[:, None]
        beta = np.linalg.solve(design.T @ weighted + ridge, weighted.T @ logs)
        gap = np.abs(logs - design @ beta)
        spread = max(1.4826 * float(np.median(gap)), LEAST_NOISE)
        weight = 1.0 / np.maximum(1.0, gap / (2.0 * spread))
    shape: Floats = np.exp(design[:, 3:] @ beta[3:])
    worth: Floats = np.maximum(shape / shape.mean(), 0.2)
    return worth


def find_stretches(values: Floats, season: Floats) -> list[Stretch]:
    """Stretches of months out of the ordinary.

    Args:
        values: shape (series, months): revenue, ≥ 0; NaN before a series began.
        season: shape (months,), from `season_of`.

    Returns:
        stretches by row and first month; touching ones of the same direction are one.
    """
    begun = ~np.isnan(values)
    roots = np.sqrt(np.maximum(np.nan_to_num(values), 0.0) / season[None, :])
    usual = begun.copy()
    found: list[Stretch] = []
    rows = np.arange(len(values))
    for _ in range(ROUNDS):
        best = _best(values[rows], roots[rows], season, usual[rows], len(values))
        if not best:
            break
        found += [replace(stretch, row=int(rows[stretch.row])) for stretch in best]
        for stretch in best:
            usual[rows[stretch.row], stretch.first : stretch.last + 1] = False
        # a series without a finding has none in the next round either
        rows = rows[sorted({stretch.row for stretch in best})]
    return _joined(found)


def _best(
    values: Floats, roots: Floats, season: Floats, usual: NDArray[np.bool_], looked_at: int
) -> list[Stretch]:
    """The stretch of each series that is farthest out, where it counts at all.

    `looked_at` is the number of series of which these are what is left.
    """
    series, months = values.shape
    needed = _needed(looked_at, months)
    top = np.zeros(series)
    found: list[Stretch | None] = [None] * series
    amounts = np.nan_to_num(values)
    for first in range(months):
        for last in range(first, min(first + LONGEST, months)):
            inside = slice(first, last + 1)
            free = usual[:, inside].all(axis=1)
            if not free.any():
                continue
            mean, spread, certainty, known = _expected(roots, usual, first, last)
            count = last + 1 - first
            gap = (roots[:, inside] - mean).sum(axis=1)
            deviation = spread * np.sqrt(count + count**2 * certainty)
            z = np.where(known & free, gap / np.maximum(deviation, 1e-9), 0.0)
            expected = ((mean**2 + spread[:, None] ** 2) * season[None, inside]).sum(axis=1)
            actual = amounts[:, inside].sum(axis=1)
            score = _score(z, needed, actual, expected)
            for row in np.nonzero((score >= LEAST_SCORE) & (np.abs(z) > top))[0]:
                top[row] = abs(z[row])
                found[row] = Stretch(
                    int(row),
                    first,
                    last,
                    float(actual[row]),
                    float(expected[row]),
                    float(z[row]),
                    float(score[row]),
                )
    return [stretch for stretch in found if stretch is not None]


def _needed(series: int, months: int) -> float:
    """Standard deviations that chance leaves in `FALSE_ALARMS` of all looks, two-sided."""
    return NormalDist().inv_cdf(1 - FALSE_ALARMS / 2 / max(series * months, 1))


def _score(z: Floats, needed: float, actual: Floats, expected: Floats) -> Floats:
    size = np.abs(actual / np.maximum(expected, 1e-9) - 1)
    far = np.clip((np.abs(z) / needed - 0.5) / 0.5 * DEFAULT_SCORE, 0.0, 1.0)
    large: Floats = np.clip((size - SIZE_NOTHING) / (SIZE_FULL - SIZE_NOTHING), 0.0, 1.0)
    return far * large


def _expected(
    roots: Floats, usual: NDArray[np.bool_], first: int, last: int
) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
    """What the usual months around a stretch let expect of it.

    Returns:
        the line's values in the stretch (series, months), a month's spread (series,), the variance
        of the line over that of a month (series,), whether there is history enough (series,).
    """
    before = usual[:, :first]
    after = usual[:, last + 1 :]
    after = after & (after.sum(axis=1) >= LEAST_AFTER)[:, None]
    chosen = np.zeros_like(usual)
    chosen[:, :first] = before & (before[:, ::-1].cumsum(axis=1)[:, ::-1] <= LOOK_BACK)
    chosen[:, last + 1 :] = after & (after.cumsum(axis=1) <= LOOK_AHEAD)
    known = (chosen[:, :first].sum(axis=1) >= LEAST_BEFORE) & (chosen.sum(axis=1) >= LEAST_HISTORY)
    middle = (first + last) / 2
    time = np.arange(usual.shape[1], dtype=np.float64) - middle
    weight = chosen.astype(np.float64)
    line = _fit(time, roots, weight)
    cut = 2.5 * np.maximum(_trimmed(line.residual, chosen), 1e-9)
    weight = np.where(np.abs(line.residual) > cut[:, None], 0.3, 1.0) * chosen
    line = _fit(time, roots, weight)
    level = np.maximum(line.level, 0.0)
    busy = chosen & (roots > 0)
    typical = (roots * busy).sum(axis=1) / np.maximum(busy.sum(axis=1), 1)
    idle = 1 - busy.sum(axis=1) / np.maximum(chosen.sum(axis=1), 1)
    least = np.maximum(LEAST_SPREAD / 2 * line.mean, RARE_SPREAD * np.sqrt(idle) * typical)
    spread = np.maximum(_trimmed(line.residual, chosen), least)
    # a trend that is not certain is not continued beyond the data
    doubt = np.where(after.any(axis=1), 0.0, TREND_DOUBT)
    t2 = line.slope**2 * line.about / np.maximum(spread**2, 1e-9)
    kept = t2 / (t2 + doubt + 1e-9)
    level = np.maximum(line.mean + (level - line.mean) * kept, 0.0)
    inside = time[first : last + 1]
    mean = np.maximum(level[:, None] + (line.slope * kept)[:, None] * inside[None, :], 0.0)
    certainty = 1.0 / np.maximum(line.total, 1.0) + kept * line.centre**2 / np.maximum(
        line.about, 1e-9
    )
    return mean, spread, certainty, known & (line.mean > 0)


@dataclass(frozen=True, slots=True)
class _Line:
    """Weighted least squares of every row: level at time 0, slope, and what they rest on."""

    level: Floats
    slope: Floats
    residual: Floats
    mean: Floats
    total: Floats
    centre: Floats
    about: Floats


def _fit(time: Floats, y: Floats, weight: Floats) -> _Line:
    total = weight.sum(axis=1)
    safe = np.maximum(total, 1e-9)
    centre = weight @ time / safe
    mean = (weight * y).sum(axis=1) / safe
    centred = time[None, :] - centre[:, None]
    about = np.maximum((weight * centred**2).sum(axis=1), 1e-9)
    slope = (weight * centred * (y - mean[:, None])).sum(axis=1) / about
    level = mean - slope * centre
    residual = y - level[:, None] - slope[:, None] * time[None, :]
    return _Line(level, slope, residual, mean, total, centre, about)


def _trimmed(residual: Floats, chosen: NDArray[np.bool_]) -> Floats:
    """Standard deviation of the chosen residuals without the tenth that lies farthest out."""
    size = np.where(chosen, np.abs(residual), np.inf)
    ranked = np.sort(size, axis=1)
    count = chosen.sum(axis=1)
    kept = np.maximum(np.ceil(count * (1 - TRIMMED)), 1)
    inside = np.arange(residual.shape[1])[None, :] < kept[:, None]
    squares = np.where(inside & np.isfinite(ranked), ranked, 0.0) ** 2
    freedom = np.maximum(kept - 2, 1)
    spread: Floats = TRIMMED_TO_SD * np.sqrt(squares.sum(axis=1) / freedom)
    return spread


def _joined(found: list[Stretch]) -> list[Stretch]:
    """Touching stretches of one series and direction as one; by row and first month."""
    done: list[Stretch] = []
    for stretch in sorted(found, key=lambda s: (s.row, s.first)):
        last = done[-1] if done else None
        if (
            last is not None
            and last.row == stretch.row
            and last.last + 1 == stretch.first
            and (last.z > 0) == (stretch.z > 0)
        ):
            done[-1] = Stretch(
                last.row,
                last.first,
                stretch.last,
                last.actual + stretch.actual,
                last.expected + stretch.expected,
                max(last.z, stretch.z, key=abs),
                max(last.score, stretch.score),
            )
        else:
            done.append(stretch)
    return done


def find_revenue_anomalies(months: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Stretches of every series.

    Args:
        months: `keys` columns, `month` (datetime64, first day), `amount`; whole months only.
        keys: names of the columns that name a series.

    Returns:
        `keys`, period_start, period_end (datetime64, last day), months, actual, expected,
        deviation (actual − expected), deviation_rate (over expected), z, score (0–1). By keys and
        period_start.
    """
    import pandas as pd

    from tools.analytics.forecast.covariates import NAMES, calendar

    if months.empty:
        return pd.DataFrame(columns=[*keys, *_COLUMNS])
    wide = months.pivot_table(index=keys, columns="month", values="amount", aggfunc="sum")
    every = pd.date_range(wide.columns.min(), wide.columns.max(), freq="MS")
    wide = wide.reindex(columns=every)
    raw = wide.to_numpy(dtype=np.float64)
    begun = np.maximum.accumulate(~np.isnan(raw), axis=1)
    values = np.where(begun, np.nan_to_num(raw), np.nan)
    starts = every.to_numpy()
    stop = calendar(starts, "MS")[:, NAMES.index("new_year_stop")]
    season = season_of(
        np.nan_to_num(values).sum(axis=0), every.month.to_numpy().astype(np.int64), stop
    )
    rows: list[tuple[Any, ...]] = []
    names = list(wide.index)
    for s in find_stretches(values, season):
        own = names[s.row] if len(keys) > 1 else (names[s.row],)
        end = every[s.last] + pd.offsets.MonthEnd(0)
        gap = s.actual - s.expected
        rate = gap / s.expected if s.expected > 0 else None
        rows.append(
            (
                *own,
                every[s.first],
                end,
                s.last - s.first + 1,
                s.actual,
                s.expected,
                gap,
                rate,
                s.z,
                s.score,
            )
        )
    return pd.DataFrame(rows, columns=[*keys, *_COLUMNS])


_COLUMNS: Final = (
    "period_start",
    "period_end",
    "months",
    "actual",
    "expected",
    "deviation",
    "deviation_rate",
    "z",
    "score",
)
