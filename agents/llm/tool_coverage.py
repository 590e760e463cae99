"""What the question says and a tool was not told: the coverage check for tools besides the query.

A member, period, number or bound of the question must stand in the arguments or the rows of a
cited result. How the rules would ask the tool is a second opinion.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agents.llm.gap import Gap
from agents.llm.turn import LlmTurn
from agents.plan import ToolCall, ToolPlan
from agents.rules.before import Before
from agents.rules.planner import plan as plan_by_rules
from agents.rules.read import Reading
from leadline.errors import SpecError
from leadline.evidence import ToolResult
from leadline.types import Scalar
from tools.catalog import tool

QUERY_TOOLS = frozenset({"query", "difference", "concentration", "explain", "freshness"})
"""Tools that the query's own coverage check looks after, or that take nothing from a question."""

_TIMED = ("time", "since", "until", "period", "horizon")
"""Arguments that say when; a tool without any speaks of today."""


def uses_tools(results: Sequence[ToolResult]) -> bool:
    """Whether any of the results is of a tool besides the query."""
    return any(result.tool not in QUERY_TOOLS for result in results)


def tool_gaps(heard: Reading, results: Sequence[ToolResult]) -> tuple[Gap, ...]:
    """What the cited results leave out of the question."""
    said = {leaf for result in results for leaf in _leaves(result.arguments)}
    shown = {cell for result in results for row in result.rows for cell in row}
    found = [*_members(heard, said, shown), *_numbers(heard, said, results)]
    found += _periods(heard, results)
    return tuple({gap.said: gap for gap in found}.values())


def _members(heard: Reading, said: set[Scalar], shown: set[Scalar]) -> Iterator[Gap]:
    out = {label for use in heard.draft.filters if use.negated for label in use.labels}
    for token in heard.tokens:
        if token.kind != "value":
            continue
        meant = {e.label for e in (*token.entries, *token.equals) if e.label is not None}
        if meant & out:
            if meant & (said | shown) and not any("not_in" in str(s) for s in said):
                yield Gap(token.text, f"leave out {', '.join(sorted(meant))}")
        elif meant and meant.isdisjoint(said | shown):
            entry = token.entries[0]
            yield Gap(token.text, f"{entry.name} {entry.label}")


def _numbers(heard: Reading, said: set[Scalar], results: Sequence[ToolResult]) -> Iterator[Gap]:
    rows = {result.row_count for result in results}
    for token in heard.tokens:
        if token.kind in ("top", "nth") and token.number and token.number not in said | rows:
            yield Gap(token.text.removesuffix("的"), f"limit {token.number}")
        bound = token.threshold
        if token.kind == "threshold" and bound is not None and not _near(bound.value, said):
            yield Gap(token.text, f"a bound of {bound.value:g}")


def _near(value: float, said: set[Scalar]) -> bool:
    figures = [float(s) for s in said if isinstance(s, int | float) and not isinstance(s, bool)]
    return any(abs(abs(f) - abs(value)) < 1e-6 * max(1.0, abs(value)) for f in figures)


def _periods(heard: Reading, results: Sequence[ToolResult]) -> Iterator[Gap]:
    timed = any(result.arguments.get(name) for result in results for name in _TIMED)
    for token in heard.tokens:
        if token.kind == "time" and not timed:
            yield Gap(token.text, "a tool that takes a period")


def _leaves(node: object) -> Iterator[Scalar]:
    if isinstance(node, Mapping):
        for value in node.values():
            yield from _leaves(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _leaves(value)
    elif isinstance(node, str | int | float) or node is None:
        yield node


# ----------------------------------------------------------------------------- a second opinion


@dataclass(frozen=True, slots=True)
class SecondCall:
    """How the rules would ask a tool."""

    call: ToolCall

    def agrees(self, results: Sequence[ToolResult], turn: LlmTurn) -> bool:
        """Whether one of the results is of that very call, or holds the same rows."""
        wanted = normal(self.call.tool, self.call.arguments)
        same = [result for result in results if result.tool == self.call.tool]
        if any(normal(result.tool, result.arguments) == wanted for result in same):
            return True
        if not same:
            return False
        try:
            own = tool(self.call.tool).run(self.call.arguments, turn.tools)
        except SpecError:
            return True  # the rules' own call does not fit the data: no opinion
        return any(result.rows == own.rows for result in same)

    def gap(self, veiled: object) -> Gap:
        """What is told where they do not agree."""
        found = tool(self.call.tool)
        body = json.dumps(self.call.arguments, ensure_ascii=False)
        wanted = f"a grammar reads the question as {self.call.tool} " + json.dumps(
            veiled, ensure_ascii=False
        )
        return Gap(
            f"{found.description_zh} {body}", wanted, "differs", f"{found.description_en} {body}"
        )


def rules_call(turn: LlmTurn) -> SecondCall | None:
    """The rules' call of a tool; None where they read it otherwise, or where it leans on more."""
    if turn.earlier:
        return None
    plan = plan_by_rules(turn.question, turn.ctx, Before())
    return SecondCall(plan.calls[0]) if isinstance(plan, ToolPlan) else None


def normal(name: str, arguments: Mapping[str, object]) -> dict[str, object]:
    """Arguments with defaults filled in; names of periods do not matter."""
    try:
        typed = tool(name).arguments.model_validate(arguments)
    except ValueError:
        return dict(arguments)
    body: dict[str, object] = typed.model_dump(mode="json", exclude_none=True)
    time = body.get("time")
    if isinstance(time, dict):
        body["time"] = {k: v for k, v in time.items() if not k.startswith("label")}
    return body
