"""How far a member lies from what its own past lets expect.

For a sum the share of the total is judged, so that a season or trend common to all is no surprise;
for a ratio the figure itself. Expected is the mean of two medians: over the same season of earlier
years, and over the windows of equal length just before. The spread is the median absolute deviation
of all earlier windows from their median, scaled to a standard deviation, and never below
`LEAST_SPREAD` of the expectation: a member that never moved has not proved that it cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

LEAST_WINDOWS: Final = 4
"""Earlier windows with a figure below which nothing is expected."""
LEAST_SPREAD: Final = 0.05
"""Of the expected figure: the least that a member is taken to vary by itself."""
MAD_TO_SD: Final = 1.4826


@dataclass(frozen=True, slots=True)
class Expectation:
    """What was expected of the current window, and how many spreads away it came out."""

    expected: float
    z: float | None


def expect(
    current: float, recent: Sequence[float], same_season: Sequence[float]
) -> Expectation | None:
    """Judge `current` by earlier windows; None with fewer than `LEAST_WINDOWS` of them."""
    if len(recent) + len(same_season) < LEAST_WINDOWS:
        return None
    middles = [median(values) for values in (recent, same_season) if values]
    expected = sum(middles) / len(middles)
    everything = [*recent, *same_season]
    middle = median(everything)
    spread = MAD_TO_SD * median(abs(value - middle) for value in everything)
    spread = max(spread, LEAST_SPREAD * abs(expected))
    return Expectation(expected, (current - expected) / spread if spread > 0 else None)
