"""What a teller makes of a tool's results: a template with slots, a picture, what to ask next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agents.narrate import Told
from agents.rules.followup import Shown
from leadline.evidence import Chart
from leadline.types import Language

MAX_LINES = 12
"""Rows told in the text; the rest stand in the citation."""


@dataclass(frozen=True, slots=True)
class Telling:
    """The words of an answer. `template` holds slots only: no digit, no direction word of its own.

    `reading` says how the question was understood (which partner, window, limit); `shown` is what
    the answer listed, for "其中哪些…"; `followups` are questions that the planner understands.
    """

    template: str
    reading: str = ""
    chart: Chart | None = None
    followups: tuple[str, ...] = ()
    shown: Shown | None = None


Teller = Callable[[Sequence[Told], Language], Telling]
"""Given all results of a plan, the teller's own first (`told[0]`); pure."""


def mark(told: Told) -> str:
    """The citation mark that closes a sentence."""
    return f" [{told.number}]"


def text_of(told: Told, row: int, column: str) -> str:
    """A cell as text, empty where it is null: for choosing words, never for printing figures."""
    value = told.result.rows[row][told.result.column_index(column)]
    return "" if value is None else str(value)


def listed(told: Told, dimension: str) -> Shown | None:
    """The members in the column called like their dimension, each once, in order."""
    at = told.result.column_index(dimension)
    labels = tuple(dict.fromkeys(str(row[at]) for row in told.result.rows if row[at] is not None))
    return Shown(dimension, labels) if labels else None
