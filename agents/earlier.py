"""What a planner may know of an earlier turn of the conversation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Earlier:
    """A question, how it was understood, and the queries that answered it (JSON arguments)."""

    question: str
    reading: str
    specs: tuple[dict[str, object], ...] = ()
