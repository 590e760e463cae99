"""Two planners, one question: where the rules understand all of it, they are a second opinion.

In `llm` mode the model goes first even where the rules use every word. If its figures are other
ones than theirs, at least one of the two is wrong: the model is asked once to think again, and
where they still differ the reader is told how the rules read the question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.llm.turn import LlmTurn
from agents.plan import QueryPlan
from agents.rules.planner import Before
from agents.rules.planner import plan as plan_by_rules
from knowledge.semantic.reading import describe
from knowledge.semantic.spec import QuerySpec
from leadline.errors import SpecError
from leadline.evidence import ToolResult
from leadline.types import Language, Scalar
from tools.catalog import tool

_DIGITS = 9
"""Significant digits to which two figures must be the same."""


@dataclass(frozen=True, slots=True)
class SecondReading:
    """How the rules read the question, and what came of it."""

    spec: QuerySpec
    result: ToolResult
    zh: str
    en: str

    def agrees(self, results: Sequence[ToolResult]) -> bool:
        """Whether one of the results holds all that the rules found: members and figures."""
        wanted = _facts(self.result, self.spec)
        return any(wanted <= _facts(result, self.spec) for result in results)


def rules_query(turn: LlmTurn) -> QuerySpec | None:
    """The rules' query; None where they do not understand all of the question, or it leans on more.

    A follow-up leans on the rules' own draft of the turn before, which is not at hand.
    """
    if turn.earlier:
        return None
    plan = plan_by_rules(turn.question, turn.ctx, Before())
    return plan.queries[0].spec if isinstance(plan, QueryPlan) else None


def second_reading(spec: QuerySpec, turn: LlmTurn) -> SecondReading | None:
    """What comes of the rules' query; None where it does not fit the data: no opinion."""
    try:
        result = tool("query").run(spec, turn.tools)
        zh, en = (
            describe(spec, turn.tools.snapshot, turn.tools.model, language)
            for language in (Language.ZH, Language.EN)
        )
    except SpecError:
        return None
    return SecondReading(spec, result, zh, en)


def same_query(spec: QuerySpec, results: Sequence[ToolResult]) -> bool:
    """Whether one of the results answers this very query; names of periods do not matter."""
    wanted = _unnamed(spec.as_arguments())
    return any(_unnamed(result.arguments) == wanted for result in results)


def _unnamed(arguments: Mapping[str, object]) -> dict[str, object]:
    time = arguments.get("time")
    if not isinstance(time, Mapping):
        return dict(arguments)
    return {**arguments, "time": {k: v for k, v in time.items() if not k.startswith("label")}}


def _facts(result: ToolResult, spec: QuerySpec) -> frozenset[tuple[object, ...]]:
    """Each row as its members and the figures of the rules' metrics; columns by name."""
    names = [column.name for column in result.columns]
    figures = [n for n in names if n.split("__")[0] in spec.metrics or n in ("count", "rank")]
    wanted = [n for n in figures if n in _asked_for(spec)]
    keys = [names.index(key) for key in spec.row_keys if key in names]
    return frozenset(
        (
            *(row[at] for at in keys),
            *((name, _rounded(row[names.index(name)])) for name in wanted),
        )
        for row in result.rows
    )


def _asked_for(spec: QuerySpec) -> set[str]:
    """Columns that tell what was asked: the metrics, changes, shares, means."""
    found = {"count", *spec.metrics}
    if spec.rollup is not None:
        found |= {f"{metric}__{spec.rollup.function}" for metric in spec.metrics}
    if spec.compare is not None:
        found |= {f"{metric}__previous" for metric in spec.metrics}
    return found | {f"{share.metric}__share" for share in spec.shares}


def _rounded(value: Scalar) -> object:
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value
