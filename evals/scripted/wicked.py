"""A model that does wrong: each function turns a competent model into one with a vice.

A vice alters a reply at one stage: `planning` while no query has been answered yet, `wording` when
the final text is due. `once` vices mend their ways when they are told; `always` ones do not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from evals.scripted.competent import Competent, Heard, hear
from evals.scripted.wire import Reply, Request, ToolCall

Stage = Literal["planning", "wording"]
Alter = Callable[[Reply, Heard], Reply]


@dataclass(frozen=True, slots=True)
class Vice:
    """A competent model with one vice at one stage."""

    inner: Competent
    stage: Stage
    alter: Alter
    once: bool = False

    def __call__(self, request: Request) -> Reply:
        """The competent reply, altered where the vice has its place."""
        heard = hear(request.messages)
        reply = self.inner(request)
        answered = any("citation" in body for _, body in heard.steps)
        stage = "wording" if answered and not reply.calls else "planning"
        told = heard.repaired or any("error" in body for _, body in heard.steps)
        if stage != self.stage or (self.once and told):
            return reply
        return self.alter(reply, heard)


def each_call(change: Callable[[ToolCall], ToolCall]) -> Alter:
    """Alter every query."""

    def alter(reply: Reply, _: Heard) -> Reply:
        return replace(
            reply, calls=tuple(change(c) if c.name == "query" else c for c in reply.calls)
        )

    return alter


def arguments(change: Callable[[dict[str, Any]], Mapping[str, Any]]) -> Alter:
    """Alter the arguments of every query."""
    return each_call(lambda call: replace(call, arguments=change(dict(call.arguments))))


def text(change: Callable[[str], str]) -> Alter:
    """Alter the final text."""
    return lambda reply, _: replace(reply, text=change(reply.text))


def instead(reply: Reply) -> Alter:
    """Say something else altogether."""
    return lambda _, __: reply


def loop(_: Reply, heard: Heard) -> Reply:
    """Query again and again, a little otherwise each time."""
    spec = {"metrics": ["amount"], "dimensions": ["region"], "limit": len(heard.steps) + 1}
    return Reply(calls=(ToolCall("query", spec),))


def swapped(old: str, new: str) -> Alter:
    """Filter by another member than was named."""

    def change(said: dict[str, Any]) -> Mapping[str, Any]:
        return {key: _replaced(value, old, new) for key, value in said.items()}

    return arguments(change)


def _replaced(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(item, old, new) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, old, new) for item in value]
    return new if value == old else value


def without(*keys: str) -> Alter:
    """Drop parts of the query."""
    return arguments(lambda said: {k: v for k, v in said.items() if k not in keys})


def other_rows(template: str) -> str:
    """Put the figures of the next row beside each name."""

    def shift(match: re.Match[str]) -> str:
        return f"rows[{int(match[1]) + 1}].amount}}}}"

    return re.sub(r"rows\[(\d+)\]\.amount\}\}", shift, template)
