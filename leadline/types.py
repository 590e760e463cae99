"""Small closed types that every layer speaks: languages, periods, units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal, TypeAlias

Scalar: TypeAlias = str | int | float | bool | None
"""What a result cell may hold once it has left the database (dates as ISO text)."""


class Language(StrEnum):
    """The two languages in which everything a person reads exists."""

    ZH = "zh"
    EN = "en"


class Unit(StrEnum):
    """What a figure counts; formatting happens only at the edge."""

    MONEY = "money"
    """Currency units of the instance, e.g. yuan (not 万元)."""
    RATIO = "ratio"
    """A fraction: 0.25 is 25 %."""
    COUNT = "count"
    QUANTITY = "quantity"
    DAYS = "days"
    DATE = "date"
    TEXT = "text"
    EACH = "each"
    """Row by row another unit, named in the row's column `unit`."""


Grain = Literal["day", "week", "month", "quarter", "half", "year"]
GRAINS: tuple[Grain, ...] = ("day", "week", "month", "quarter", "half", "year")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A half-open range of days: `start` is in it, `end_excl` is not."""

    start: date
    end_excl: date

    def __post_init__(self) -> None:
        if self.end_excl < self.start:
            raise ValueError(f"period ends {self.end_excl} before it starts {self.start}")

    @property
    def days(self) -> int:
        """Number of days in the period."""
        return (self.end_excl - self.start).days

    @property
    def last(self) -> date:
        """The last day that is in the period; of an empty period, the day before its start."""
        return self.end_excl - timedelta(days=1)

    def clipped(self, end_excl: date) -> Period:
        """The part of the period before `end_excl` (empty, at `start`, where there is none)."""
        return Period(self.start, max(self.start, min(self.end_excl, end_excl)))

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end_excl

    def __str__(self) -> str:
        return f"{self.start} … {self.last}"
