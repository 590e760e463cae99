"""How several pieces of evidence, some of them missing, become one score between 0 and 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of evidence: its weight, and where it begins to count and counts in full.

    `nothing` may be above `full` where small figures are the suspicious ones.
    """

    name: str
    weight: float
    nothing: float
    full: float


def ramp(values: pd.Series[Any], nothing: float, full: float) -> pd.Series[Any]:
    """0 at `nothing` and beyond, 1 at `full` and beyond, straight between; missing stays so."""
    return ((values - nothing) / (full - nothing)).clip(0.0, 1.0)


def weighed(
    figures: Mapping[str, pd.Series[Any]], kinds: Sequence[Kind], enough: float
) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """(score, coverage) row by row.

    The score is the weighted mean of the evidence that is there, times coverage over `enough` (at
    most 1): who shows half of the picture cannot be called certain. Coverage is the weight of what
    is there, 0–1.
    """
    import pandas as pd

    index = next(iter(figures.values())).index
    total = pd.Series(0.0, index=index)
    known = pd.Series(0.0, index=index)
    for kind in kinds:
        part = ramp(figures[kind.name].astype("float64"), kind.nothing, kind.full)
        total += kind.weight * part.fillna(0.0)
        known += kind.weight * part.notna()
    score = (total / known.where(known > 0)).fillna(0.0) * (known / enough).clip(upper=1.0)
    return score, known / sum(kind.weight for kind in kinds)
