"""What the planner knows of one snapshot and one caller: model, words, calendar, availability."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from agents.rules.time_rules import Calendar
from knowledge.semantic.lexicon import Lexicon
from knowledge.semantic.model import SemanticModel
from leadline.settings import Instance
from leadline.types import Language, Period, Unit

Member = tuple[str, str]
"""(dimension, label)"""


class Availability(Protocol):
    """Which metrics have data, and which dimensions each of them can really be split by."""

    def has_metric(self, metric: str) -> bool:
        """Whether the snapshot holds rows for the metric's facts."""
        ...

    def carries(self, metric: str, dimension: str) -> bool:
        """Whether the metric can be split or filtered by the dimension here."""
        ...

    def span(self, metric: str) -> Period | None:
        """First to last day of the metric's data."""
        ...


@dataclass(frozen=True, slots=True)
class PlannerContext:
    """Everything the rule planner may look at. It never sees rows."""

    model: SemanticModel
    lexicon: Lexicon
    calendar: Calendar
    instance: Instance
    available: Availability
    same_rows: Callable[[Member, Member], bool]
    """Whether two members select exactly the same facts (Canada the region, Canada the country)."""

    def metric_label(self, name: str, language: Language) -> str:
        """What the metric is called."""
        return self.model.metrics[name].label.get(language)

    def dimension_label(self, name: str, language: Language) -> str:
        """What the dimension is called."""
        return self.model.dimensions[name].label.get(language)

    def unit(self, metric: str) -> Unit:
        """The metric's unit."""
        return self.model.metrics[metric].unit

    def default_metric(self) -> str | None:
        """The metric of "top 10 partners" and "how much did they buy": sales, else won amount."""
        for name in ("amount", "won_amount", "opportunities"):
            if self.available.has_metric(name):
                return name
        return None
