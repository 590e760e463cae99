"""What a KPI is: a name, a unit, a direction, a smallest sample, and how it is computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np
import numpy.typing as npt

from leadline.types import Unit
from tools.analytics.profile.facts import Facts, Floats, Window

Category = Literal[
    "results", "pipeline", "registration", "engagement", "capability", "investment", "risk"
]
Direction = Literal["up", "down", "neutral"]
"""Which way is better."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A KPI of every partner, in their order.

    `value` is NaN where it has none; `sample` counts what it rests on; `known` says of which
    partners the source knows anything at all (default: where the sample is not empty).
    """

    value: Floats
    sample: Floats
    known: npt.NDArray[np.bool_] | None = None

    @property
    def is_known(self) -> npt.NDArray[np.bool_]:
        """Of which partners the source knows anything."""
        return self.sample > 0 if self.known is None else self.known


Compute = Callable[[Facts, Window], Measured]


@dataclass(frozen=True, slots=True)
class Kpi:
    """One KPI.

    `needs` are the tables, and `columns` the columns ("table.column") with any value at all,
    without which it does not exist; `counted` says what its sample counts;
    `min_sample` is how many of them it takes; `whole_windows` how many windows back the data must
    reach (2: it compares with the window before); `today_only`: the data keeps no history of it.
    """

    name: str
    category: Category
    unit: Unit
    direction: Direction
    label_zh: str
    label_en: str
    definition_zh: str
    definition_en: str
    needs: tuple[str, ...]
    counted_zh: str
    counted_en: str
    compute: Compute
    min_sample: int = 1
    whole_windows: int = 1
    today_only: bool = False
    columns: tuple[str, ...] = ()


class Missing(IntEnum):
    """Why a KPI has no value."""

    NOT = 0
    """It has one."""
    NO_SOURCE = 1
    """The data holds no rows of a table that it needs, or no value of a column."""
    TOO_EARLY = 2
    """The data does not reach back far enough."""
    UNKNOWN_PARTNER = 3
    """The source has nothing on this partner."""
    SMALL_SAMPLE = 4
    NO_BASE = 5
    """Nothing to compare with or to divide by."""


def judged(kpi: Kpi, facts: Facts, window: Window) -> tuple[Floats, Floats, npt.NDArray[np.int8]]:
    """Value, sample and reason (`Missing`) of a KPI for every partner in a window.

    The value is NaN exactly where the reason is not `Missing.NOT`.
    """
    size = facts.size
    empty = np.full(size, np.nan)
    spans = [facts.span(table) for table in kpi.needs]
    if any(span is None for span in spans) or not all(map(facts.carries, kpi.columns)):
        return empty, np.zeros(size), np.full(size, Missing.NO_SOURCE, np.int8)
    reach = window
    for _ in range(kpi.whole_windows - 1):
        reach = reach.before
    first = facts.span(kpi.needs[0])
    today = window.end_excl > facts.as_of
    if first is None or _later(first[0], reach) or (kpi.today_only and not today):
        return empty, np.zeros(size), np.full(size, Missing.TOO_EARLY, np.int8)
    measured = kpi.compute(facts, window)
    value = measured.value.astype(np.float64)
    reason = np.select(
        [~measured.is_known, measured.sample < kpi.min_sample, ~np.isfinite(value)],
        [Missing.UNKNOWN_PARTNER, Missing.SMALL_SAMPLE, Missing.NO_BASE],
        default=Missing.NOT,
    ).astype(np.int8)
    return np.where(reason == Missing.NOT, value, np.nan), measured.sample, reason


SLACK_DAYS = 31
"""A source may begin so many days into a window and still cover it: nobody acts every day."""


def _later(first: object, window: Window) -> bool:
    import pandas as pd

    begun = pd.Timestamp(str(first))
    return bool(begun > window.start + pd.Timedelta(days=SLACK_DAYS))
