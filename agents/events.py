"""What a question's progress looks like to whoever waits for the answer.

An event is a name and its data: JSON data, save that `citation` holds a `Citation` and `chart` a
`Chart`, which the door writes as it writes them elsewhere.

The order: `accepted`, `plan` (again where the plan changes),
`fallback`, `tool_call` and `tool_result` in pairs, `citation`, `text` (verified, piece by piece),
`chart`. What `ask` returns is the answer; events are a preview of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

EventName = Literal[
    "accepted", "plan", "fallback", "tool_call", "tool_result", "citation", "text", "chart"
]


@dataclass(frozen=True, slots=True)
class Event:
    """One step."""

    name: EventName
    data: Mapping[str, object] = field(default_factory=dict)


Emit: TypeAlias = Callable[[Event], None]
"""Hears events in the thread that answers; must be quick and must not raise."""


def silent(event: Event) -> None:
    """For callers who wait for the answer only."""
