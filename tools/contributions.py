"""The contributions tool: why a figure changed between two periods, by members that add up to it.

The last row is the whole change, equal to what the query tool gives for the same question; the rows
above it add up to it exactly, whatever the metric: sums by their own changes, ratios by rate and
mix effects, counts that are not added up with an overlap row of their own.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

from knowledge.semantic.spec import All, Any_, Compare, Condition, Filter, TimeRange
from leadline.errors import SpecError
from leadline.evidence import ToolResult
from tools.definition import Tool, ToolContext

if TYPE_CHECKING:
    from tools.contribution_parts import Question

DEFAULT_MONTHS: Final = 3
"""A change without a period is that of the last three months."""


class ContributionArguments(BaseModel):
    """What changed, between which periods, and by what it is to be explained."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    metric: str = Field(default="amount", description="the metric whose change is explained")
    dimensions: tuple[str, ...] | None = Field(
        default=None,
        min_length=1,
        max_length=3,
        description="one to three dimensions; left out: the most telling one is chosen",
    )
    time: TimeRange | None = Field(
        default=None, description="the later period; left out: the last three months"
    )
    compare: Compare | None = Field(
        default=None, description="the earlier period; left out: a year earlier"
    )
    where: Condition | None = Field(default=None, description="filters, as in a query")
    limit: int = Field(default=10, ge=1, le=200, description="members at most")
    drill: bool = Field(
        default=False, description="split the largest members once more, by another dimension"
    )

    @field_validator("dimensions")
    @classmethod
    def _distinct(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if value is not None and len(set(value)) != len(value):
            raise ValueError(f"dimensions are repeated: {value}")
        return value

    @field_validator("compare")
    @classmethod
    def _over_time(cls, value: Compare | None) -> Compare | None:
        if value is not None and value.kind == "target":
            raise ValueError("a change is explained between two periods, not against a target")
        return value


ContributionArguments.model_rebuild(_types_namespace={"Filter": Filter, "All": All, "Any_": Any_})
"""The conditions refer to each other by name, which pydantic looks up here."""


def _compute(arguments: ContributionArguments, context: ToolContext) -> ToolResult:
    from tools.analytics.drivers.contribution import change_of
    from tools.contribution_parts import is_ratio, members
    from tools.contribution_result import shaped
    from tools.contribution_rows import drilled, explained, folded, with_surprise

    question = _question(arguments, context)
    ratio = is_ratio(question.metric)
    (total,) = members(question, (), context)
    change = change_of(total, is_ratio=ratio, additive=question.metric.additive)
    if change is None:
        raise SpecError(
            f"{question.metric.name} has no figure in one of the two periods, so no change",
            hint="choose periods that both hold data",
        )
    dimensions = _dimensions(arguments, question, context)
    rows = explained(question, dimensions, total, context)
    if arguments.drill and len(dimensions) == 1:
        rows, dimensions = drilled(question, dimensions[0], rows, total, context)
    rows = folded(rows, arguments.limit, ratio=ratio)
    rows = with_surprise(question, dimensions, rows, total, context)
    given = arguments.model_dump(mode="json", exclude_none=True)
    return shaped(given, question, dimensions, rows, total, context)


def _question(arguments: ContributionArguments, context: ToolContext) -> Question:
    from knowledge.semantic.calendar import shift_months
    from knowledge.semantic.members import nearest
    from tools.contribution_parts import Question, check_metric

    metric = context.model.metrics.get(arguments.metric)
    if metric is None:
        raise SpecError(
            f"there is no metric {arguments.metric!r}",
            hint=nearest(arguments.metric, list(context.model.metrics)),
        )
    check_metric(metric)
    time = arguments.time
    if time is None or time.start is None:
        end = context.snapshot.as_of + timedelta(days=1)
        time = TimeRange(
            start=shift_months(end, -DEFAULT_MONTHS),
            end_excl=end,
            label="近3个月",
            label_en="last 3 months",
        )
    if time.grain is not None:
        time = time.model_copy(update={"grain": None})
    return Question(metric, time, arguments.compare or Compare(kind="yoy"), arguments.where)


def _dimensions(
    arguments: ContributionArguments, question: Question, context: ToolContext
) -> tuple[str, ...]:
    from tools.contribution_parts import most_telling

    if arguments.dimensions is not None:
        return arguments.dimensions
    choices = most_telling(question, context)
    if not choices:
        raise SpecError(
            f"no dimension tells anything about the change of {question.metric.name} here",
            hint="name the dimension to split it by",
        )
    return (choices[0].dimension,)


CONTRIBUTIONS = Tool(
    name="contributions",
    description_zh="解释一个指标在两个期间之间为什么变化：各成员的贡献，合计恰好等于总变化",
    description_en="Why a figure changed between two periods: contributions of members that add up",
    arguments=ContributionArguments,
    compute=_compute,
)
