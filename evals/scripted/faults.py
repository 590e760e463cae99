"""What a fault of a model or its server is, and what may come of it.

Questions and members are those of the small channel of the tests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Literal

from evals.scripted import wicked
from evals.scripted.competent import Competent
from evals.scripted.server import Behaviour, Trouble
from evals.scripted.wicked import Vice
from evals.scripted.wire import Reply, Request

Outcome = Literal["model", "rules", "reworded", "noted"]

OUTCOMES: dict[Outcome, tuple[str, str]] = {
    "model": ("模型的回答", "the model's answer"),
    "rules": ("规则规划器回答，并说明原因", "the rules answer and say why"),
    "reworded": ("模型查到的数，固定措辞", "the model's figures in fixed words"),
    "noted": ("回答，并提示读者哪里不符", "answered; the reader is told what does not fit"),
}

REGIONS = "2025年各大区销售额"
EAST = "2025年华东的销售额"
TOP = "2025年销售额前3的伙伴"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong.

    `code` is the answer's fallback code; `note` a piece of what the reader is told.
    """

    name: str
    zh: str
    en: str
    make: Callable[[Competent], Behaviour]
    outcome: Outcome
    code: str | None = None
    question: str = REGIONS
    note: str = ""
    timeout_s: float = 10.0
    as_east: bool = False
    """Asked by the manager of 华东."""


def always(trouble: Trouble | Reply) -> Callable[[Competent], Behaviour]:
    """The same for every request."""
    return lambda _: lambda __: trouble


def first(trouble: Trouble | Reply) -> Callable[[Competent], Behaviour]:
    """For the first request; then competent."""

    def make(competent: Competent) -> Behaviour:
        numbers = count(1)
        return lambda request: trouble if next(numbers) == 1 else competent(request)

    return make


def last(make_trouble: Callable[[Reply], Trouble]) -> Callable[[Competent], Behaviour]:
    """Instead of every final text."""

    def make(competent: Competent) -> Behaviour:
        def behave(request: Request) -> Reply | Trouble:
            reply = competent(request)
            return reply if reply.calls else make_trouble(reply)

        return behave

    return make


def vice(
    stage: wicked.Stage, alter: wicked.Alter, *, once: bool = False
) -> Callable[[Competent], Behaviour]:
    """A competent model with a vice."""
    return lambda competent: Vice(competent, stage, alter, once)
