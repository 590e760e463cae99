"""The concentration tool: what the members listed by a query make up together."""

from __future__ import annotations

from dataclasses import replace

from pydantic import BaseModel, ConfigDict, model_validator

from knowledge.semantic.spec import QuerySpec
from leadline.evidence import Column, ToolResult
from leadline.types import Unit
from tools.definition import EVERY_ROW, Tool, ToolContext
from tools.query import QUERY


class ConcentrationArguments(BaseModel):
    """`spec` lists members with their share of all rows (`shares` without `within`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    spec: QuerySpec

    @model_validator(mode="after")
    def _one_share(self) -> ConcentrationArguments:
        if len(self.spec.shares) != 1 or self.spec.shares[0].within:
            raise ValueError("the spec must ask for one share of the whole")
        return self


def _compute(arguments: ConcentrationArguments, context: ToolContext) -> ToolResult:
    """One row: how many members, their sum, and their share of the whole (null where it is zero).

    The metric is additive (shares are given of no other), so the members' sum is theirs together.
    """
    spec = arguments.spec
    metric = spec.shares[0].metric
    result = QUERY.run(spec, replace(context, row_cap=EVERY_ROW))
    value, share = result.column_index(metric), result.column_index(f"{metric}__share")
    figures = [v for row in result.rows if isinstance(v := row[value], (int, float))]
    shares = [v for row in result.rows if isinstance(v := row[share], (int, float))]
    column = result.columns[value]
    return replace(
        result,
        tool="concentration",
        arguments=arguments.model_dump(mode="json", exclude_none=True),
        columns=(
            Column("members", Unit.COUNT, "成员数", "Members"),
            replace(column, name="together"),
            Column("together__share", Unit.RATIO, "合计占比", "Share together"),
        ),
        rows=((len(result.rows), round(sum(figures), 4), sum(shares) if shares else None),),
        row_count=1,
        truncated=False,
    )


CONCENTRATION = Tool(
    name="concentration",
    description_zh="所列成员合计占全部的比例",
    description_en="What the members listed make up of the whole, together",
    arguments=ConcentrationArguments,
    compute=_compute,
)
