"""Split-conformal intervals, pooled over series and scaled to each.

The backtest's errors, divided by how much each series usually moves, are pooled by demand class
and step ahead; their quantiles give the interval (Vovk; Lei and others 2018). Where a bound is
cut at zero, the tails are chosen so that the share covered after the cut is the level asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.analytics.forecast.series import SPARSE, Floats

MIN_POOL = 80
"""Errors a cell needs; with fewer, steps are pooled, then classes."""
TAILS = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0)
"""Widths of the tails tried when bounds are cut at zero, as multiples of the plain tails."""


@dataclass(frozen=True, eq=False)
class Errors:
    """Backtest values of the chosen methods, flat.

    Attributes:
        cls: demand class; step: 1-based step ahead; origin: which origin; unit: the normaliser.
    """

    actual: Floats
    forecast: Floats
    unit: Floats
    cls: np.ndarray[tuple[int], np.dtype[np.object_]]
    step: np.ndarray[tuple[int], np.dtype[np.int64]]
    origin: np.ndarray[tuple[int], np.dtype[np.int64]]

    def only(self, mask: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Errors:
        """The values under the mask."""
        return Errors(
            self.actual[mask],
            self.forecast[mask],
            self.unit[mask],
            self.cls[mask],
            self.step[mask],
            self.origin[mask],
        )

    @property
    def z(self) -> Floats:
        """Normalised errors."""
        return np.asarray((self.actual - self.forecast) / self.unit, dtype=np.float64)


def unit(
    forecast: Floats,
    spread: Floats,
    scale: Floats,
    classes: np.ndarray[tuple[int], np.dtype[np.object_]],
) -> Floats:
    """Rows × horizon: by what errors are divided.

    A dense series errs by its usual change; a sparse one by more where more is expected.
    """
    wide = np.broadcast_to(spread[:, None], forecast.shape)
    sparse = np.isin(classes, SPARSE)[:, None]
    mixed = np.sqrt(wide * (np.abs(forecast) + 0.25 * scale[:, None]))
    return np.where(sparse, mixed, wide)


def bounds(
    errors: Errors, cls: str, step: int, level: int, *, nonnegative: bool
) -> tuple[float, float]:
    """Normalised lower and upper bound for a class, step and level (per cent)."""
    cell, growth = _cell(errors, cls, step)
    if not len(cell.actual):
        return -3.0, 3.0
    low, high = _calibrated(cell, level, nonnegative=nonnegative)
    return min(low, 0.0) * growth, max(high, 0.0) * growth


def _cell(errors: Errors, cls: str, step: int) -> tuple[Errors, float]:
    """The errors to pool for a cell, and the growth from their steps to this one."""
    last = int(errors.step.max()) if len(errors.step) else 1
    of_class = errors.cls == cls
    if of_class.sum() < MIN_POOL // 2 and len(of_class) > of_class.sum():
        of_class = np.isin(errors.cls, SPARSE) == (cls in SPARSE)
    if of_class.sum() < MIN_POOL // 4:
        of_class = np.ones(len(errors.cls), dtype=bool)
    for reach in (0, 1, 3):
        near = of_class & (np.abs(errors.step - min(step, last)) <= reach)
        if near.sum() >= MIN_POOL:
            return errors.only(near), float(np.sqrt(step / last)) if step > last else 1.0
    cell = errors.only(of_class)
    typical = float(np.sqrt(cell.step).mean()) if len(cell.step) else 1.0
    # Errors grow slower than a random walk's: half of the way in the root of the step.
    return cell, float((np.sqrt(step) / typical) ** 0.5)


def _calibrated(cell: Errors, level: int, *, nonnegative: bool) -> tuple[float, float]:
    tail = (1 - level / 100) / 2
    z = np.sort(cell.z)
    best = _tails(z, tail, tail)
    if not nonnegative:
        return best
    for wider in TAILS:
        upper = min(tail * wider, 0.45)
        low, high = _tails(z, tail, upper)
        covered = _covered(cell, low, high)
        if covered < level / 100:
            break
        best = (low, high)
    return best


def _covered(cell: Errors, low: float, high: float) -> float:
    under = np.maximum(cell.forecast + low * cell.unit, 0.0)
    over = np.maximum(cell.forecast + high * cell.unit, 0.0)
    return float(((cell.actual >= under - 1e-9) & (cell.actual <= over + 1e-9)).mean())


def _tails(z: Floats, lower: float, upper: float) -> tuple[float, float]:
    """Conformal order statistics; beyond the sample's ends the ends are widened by the shortage."""
    n = len(z)
    at_high = int(np.ceil((n + 1) * (1 - upper)))
    at_low = int(np.floor((n + 1) * lower))
    spread = float(z.std()) if n > 1 else abs(float(z[0]))
    high = float(z[at_high - 1]) if at_high <= n else float(z[-1]) + 0.5 * spread
    low = float(z[at_low - 1]) if at_low >= 1 else float(z[0]) - 0.5 * spread
    return low, high


def held_out(
    errors: Errors, levels: tuple[int, ...], *, nonnegative: bool
) -> dict[int, tuple[Floats, Floats]]:
    """Level → lower and upper bound of each value, learnt on the other origins.

    With a single origin every other value is held out instead. NaN where nothing is left to learn.
    """
    size = len(errors.actual)
    out = {level: (np.full(size, np.nan), np.full(size, np.nan)) for level in levels}
    folds = np.unique(errors.origin)
    fold_of = errors.origin if len(folds) > 1 else np.arange(size) % 2
    for fold in np.unique(fold_of):
        learn = errors.only(fold_of != fold)
        if not len(learn.actual):
            continue
        for cls in np.unique(errors.cls.astype(str)):
            for step in np.unique(errors.step):
                at = np.flatnonzero((fold_of == fold) & (errors.cls == cls) & (errors.step == step))
                for level in levels if len(at) else ():
                    low, high = bounds(learn, cls, int(step), level, nonnegative=nonnegative)
                    under = errors.forecast[at] + low * errors.unit[at]
                    over = errors.forecast[at] + high * errors.unit[at]
                    out[level][0][at] = np.maximum(under, 0) if nonnegative else under
                    out[level][1][at] = np.maximum(over, 0) if nonnegative else over
    return out


def measured(
    errors: Errors, levels: tuple[int, ...], *, nonnegative: bool
) -> dict[tuple[str, int], float]:
    """Coverage by class and level, by the bounds of `held_out`; key ("all", level) is the total."""
    shares: dict[tuple[str, int], float] = {}
    for level, (low, high) in held_out(errors, levels, nonnegative=nonnegative).items():
        known = ~np.isnan(low)
        inside = (errors.actual >= low - 1e-9) & (errors.actual <= high + 1e-9)
        if known.any():
            shares["all", level] = float(inside[known].mean())
        for cls in np.unique(errors.cls[known].astype(str)):
            shares[str(cls), level] = float(inside[known & (errors.cls == cls)].mean())
    return shares
