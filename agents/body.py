"""What an answer says, before it gets its ids, its snapshot and its time."""

from __future__ import annotations

from dataclasses import dataclass

from leadline.evidence import (
    BY_RULES,
    Chart,
    Citation,
    Figure,
    Label,
    Option,
    Planning,
    Status,
)


@dataclass(frozen=True, slots=True)
class Body:
    """The part of an `Answer` that depends on what was planned and found."""

    status: Status
    text: str
    label: str = Label.CERTIFIED
    reading: str = ""
    citations: tuple[Citation, ...] = ()
    options: tuple[Option, ...] = ()
    followups: tuple[str, ...] = ()
    chart: Chart | None = None
    figures: tuple[Figure, ...] = ()
    planning: Planning = BY_RULES
