"""What the health score weighs: axes, their KPIs, and how much activity may count."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

Axis = Literal["results", "growth", "pipeline", "engagement", "capability", "payment"]
AXES: Final[tuple[Axis, ...]] = (
    "results",
    "growth",
    "pipeline",
    "engagement",
    "capability",
    "payment",
)


def _axes() -> dict[Axis, float]:
    return {
        "results": 0.25,
        "growth": 0.25,
        "pipeline": 0.15,
        "engagement": 0.10,
        "capability": 0.10,
        "payment": 0.15,
    }


def _kpis() -> dict[Axis, dict[str, float]]:
    return {
        "results": {"sell_in": 2.0, "attainment": 2.0, "active_month_share": 1.0, "silence": 2.0},
        "growth": {"growth": 2.0, "quarter_slope": 2.0, "net_retention": 1.0},
        "pipeline": {
            "pipeline_coverage": 1.0,
            "pipeline_momentum": 2.0,
            "new_opportunities": 1.0,
            "win_rate": 1.0,
        },
        "engagement": {
            "logins": 1.0,
            "days_since_activity": 1.0,
            "activity_days": 1.0,
            "demos": 1.0,
            "proposals": 1.0,
        },
        "capability": {
            "certified_heads": 1.0,
            "certified_subjects": 1.0,
            "training_pass_rate": 1.0,
            "product_lines": 1.0,
        },
        "payment": {
            "overdue_share": 1.0,
            "dso": 1.0,
            "payment_delay_days": 2.0,
            "collection_rate": 1.0,
        },
    }


@dataclass(frozen=True)
class HealthWeights:
    """Weights of the health score; only their proportions matter.

    `activity_cap` bounds what `activity_axes` weigh together, however much else is missing: a
    partner that clicks a lot but buys nothing is not healthy.
    """

    axes: dict[Axis, float] = field(default_factory=_axes)
    kpis: dict[Axis, dict[str, float]] = field(default_factory=_kpis)
    activity_axes: tuple[Axis, ...] = ("engagement", "capability")
    activity_cap: float = 0.25
    healthy_over: float = 80.0
    good_over: float = 60.0
    watch_over: float = 40.0
    """Bounds of the bands: healthy above the first, good, watch, poor below the last."""


DEFAULT_WEIGHTS: Final = HealthWeights()
