"""The difference tool: two members of one dimension, how far apart, and by what share."""

from __future__ import annotations

from dataclasses import replace

from pydantic import BaseModel, ConfigDict, model_validator

from knowledge.semantic.spec import QuerySpec
from leadline.errors import SpecError
from leadline.evidence import Column, ToolResult
from leadline.types import Scalar, Unit
from tools.definition import EVERY_ROW, Tool, ToolContext
from tools.query import QUERY


class DifferenceArguments(BaseModel):
    """`spec` groups one metric by one dimension; `first` and `second` are two of its members."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    spec: QuerySpec
    first: str
    second: str

    @model_validator(mode="after")
    def _one_by_one(self) -> DifferenceArguments:
        if len(self.spec.row_keys) != 1:
            raise ValueError("the spec must have exactly one dimension or grain")
        return self


def _compute(arguments: DifferenceArguments, context: ToolContext) -> ToolResult:
    """One row: first, second, their figures, first − second, and that over second.

    The relative difference is null where the second figure is zero or negative.

    Raises:
        SpecError: a member is not in the result.
    """
    spec = arguments.spec
    every = replace(context, row_cap=EVERY_ROW)
    result = QUERY.run(spec.model_copy(update={"limit": None}), every)
    key = result.column_index(spec.row_keys[0])
    metric = spec.metrics[0]
    at = result.column_index(metric)
    column = result.columns[at]
    figures = {row[key]: row[at] for row in result.rows}
    missing = [m for m in (arguments.first, arguments.second) if m not in figures]
    if missing:
        raise SpecError(f"no figure for {', '.join(missing)} in the result")
    first, second = figures[arguments.first], figures[arguments.second]
    gap = rate = None
    if isinstance(first, (int, float)) and isinstance(second, (int, float)):
        gap = round(first - second, 4)
        rate = gap / second if second > 0 else None
    row: tuple[Scalar, ...] = (arguments.first, arguments.second, first, second, gap, rate)
    key_column = result.columns[key]
    columns = (
        replace(key_column, name="first"),
        replace(key_column, name="second"),
        replace(column, name="first_value"),
        replace(column, name="second_value"),
        replace(column, name="difference", label_zh="差额", label_en="Difference"),
        Column("difference_rate", Unit.RATIO, "相差比例", "Relative difference"),
    )
    return replace(
        result,
        tool="difference",
        arguments=arguments.model_dump(mode="json", exclude_none=True),
        columns=columns,
        rows=(row,),
        row_count=1,
        truncated=False,
    )


DIFFERENCE = Tool(
    name="difference",
    description_zh="两个成员的同一指标相差多少",
    description_en="How far apart two members are in one metric",
    arguments=DifferenceArguments,
    compute=_compute,
)
