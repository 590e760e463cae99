"""Which dimension tells most about a change.

If every member had moved with the whole, each contribution would be its share of the base times the
whole change. What a member adds beyond that is its excess; excesses add up to nothing. A dimension
tells much where

- the excess is large beside what is usual between earlier periods (`strength` over usual strength),
- and few members hold it (`concentration`).

The product of both is the dimension's score. A fine dimension (partners) always has large excesses,
but it always had, so it wins only where they grew; a dimension with one member tells nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

TOP: Final = 3
"""Members in which a reader can hold the cause."""
LEAST_USUAL: Final = 0.02
"""Of the larger period: usual strength is never taken to be less."""


@dataclass(frozen=True, slots=True)
class Telling:
    """How much one dimension tells; `score` ranks dimensions."""

    strength: float
    usual: float
    concentration: float

    @property
    def score(self) -> float:
        """Concentration times the strength beside the usual one."""
        return self.concentration * self.strength / max(self.usual, LEAST_USUAL)


def excesses(pairs: Sequence[tuple[float, float]]) -> list[float]:
    """Of (previous, current) per member: the change beyond a part in proportion to the base."""
    base = sum(before for before, _ in pairs)
    whole = sum(now for _, now in pairs) - base
    if base <= 0:
        return [now - before for before, now in pairs]
    return [now - before - before / base * whole for before, now in pairs]


def strength(pairs: Sequence[tuple[float, float]]) -> float:
    """Half the excesses' sizes, as a part of the larger period."""
    larger = max(sum(abs(before) for before, _ in pairs), sum(abs(now) for _, now in pairs))
    if larger <= 0:
        return 0.0
    return sum(abs(value) for value in excesses(pairs)) / 2 / larger


def concentration(pairs: Sequence[tuple[float, float]]) -> float:
    """The part of all excess that the `TOP` largest hold, beyond what equal parts would give."""
    sizes = sorted((abs(value) for value in excesses(pairs)), reverse=True)
    whole, count = sum(sizes), len(sizes)
    if count < 2 or whole <= 0:
        return 0.0
    top = min(TOP, max(1, count // 2))
    held, equal = sum(sizes[:top]) / whole, top / count
    return max(0.0, (held - equal) / (1 - equal))


def telling(
    now: Sequence[tuple[float, float]], earlier: Sequence[Sequence[tuple[float, float]]]
) -> Telling:
    """Judge a dimension by (previous, current) of its members, now and between earlier periods."""
    usual = [strength(pairs) for pairs in earlier]
    return Telling(strength(now), sum(usual) / len(usual) if usual else 0.0, concentration(now))
