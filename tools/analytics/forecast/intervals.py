"""Split-conformal intervals, pooled over series and scaled to each.

The backtest's errors, divided by how much each series usually moves, are pooled by demand class
and step ahead; their quantiles give the interval (Vovk; Lei and others 2018). Where a bound is
cut at zero, the tails are chosen so that the share covered after the cut is the level asked for.

Origins are few, and at one origin all series err together; so the past weighs less the further
back it lies (Barber and others 2023), and the less independent the errors are, the less their
sign is believed and the wider the interval.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.analytics.forecast.series import SPARSE, Floats

MIN_POOL = 80
"""Errors a cell needs; with fewer, steps are pooled, then classes."""
DISCOUNT = 0.7
"""Weight of an origin's errors relative to the next later one's: models knew less then."""
MIRRORED = 5.0
"""Independent errors at which half of an interval is learnt from their sizes, whatever the sign."""
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
    weight = DISCOUNT ** cell.origin.astype(np.float64)
    low, high = _calibrated(cell, weight, level, nonnegative=nonnegative)
    size = _quantile(np.abs(cell.z), weight, level / 100)
    number = independent(cell.z, cell.origin)
    signed = number / (number + MIRRORED)
    # Where the errors' mean is not known better than by so many, the next one errs by that more.
    growth *= float(np.sqrt(1 + 1 / number))
    low = signed * min(low, 0.0) - (1 - signed) * size
    high = signed * max(high, 0.0) + (1 - signed) * size
    return low * growth, high * growth


def independent(z: Floats, origin: np.ndarray[tuple[int], np.dtype[np.int64]]) -> float:
    """How many independent errors these are worth, 1 to their number.

    With intraclass correlation ρ within origins (one-way analysis of variance) and m errors per
    origin, n ÷ (1 + (m - 1) ρ); a single origin is worth one, however many errors it holds.
    """
    number, at = np.unique(origin, return_inverse=True)
    count = np.bincount(at).astype(np.float64)
    groups, total = len(number), float(len(z))
    if groups < 2 or total <= groups:
        return float(max(1, min(groups, len(z))))
    mean = np.bincount(at, z) / count
    between = float((count * (mean - z.mean()) ** 2).sum()) / (groups - 1)
    within = float(((z - mean[at]) ** 2).sum()) / (total - groups)
    typical = (total - float((count**2).sum()) / total) / (groups - 1)
    whole = between + (typical - 1) * within
    rho = float(np.clip((between - within) / whole, 0.0, 1.0)) if whole > 0 else 1.0
    return total / (1 + (total / groups - 1) * rho)


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


def _calibrated(
    cell: Errors, weight: Floats, level: int, *, nonnegative: bool
) -> tuple[float, float]:
    tail = (1 - level / 100) / 2
    z = cell.z
    low = -_quantile(-z, weight, 1 - tail)
    best = low, _quantile(z, weight, 1 - tail)
    for wider in TAILS[1:] if nonnegative else ():
        high = _quantile(z, weight, 1 - min(tail * wider, 0.45))
        if _covered(cell, weight, low, high) < level / 100:
            break
        best = low, high
    return best


def _covered(cell: Errors, weight: Floats, low: float, high: float) -> float:
    under = np.maximum(cell.forecast + low * cell.unit, 0.0)
    over = np.maximum(cell.forecast + high * cell.unit, 0.0)
    inside = (cell.actual >= under - 1e-9) & (cell.actual <= over + 1e-9)
    return float(weight[inside].sum() / weight.sum())


def _quantile(z: Floats, weight: Floats, share: float) -> float:
    """The weighted conformal quantile; beyond the sample's end the end widened by the shortage.

    The value to come counts as one more, of the largest weight, above all.
    """
    order = np.argsort(z, kind="stable")
    reached = np.cumsum(weight[order])
    wanted = share * (float(reached[-1]) + float(weight.max()))
    if wanted <= reached[-1]:
        return float(z[order[np.searchsorted(reached, wanted)]])
    spread = float(z.std()) if len(z) > 1 else abs(float(z[0]))
    return float(z[order[-1]]) + 0.5 * spread


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
