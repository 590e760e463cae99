"""The comparison tool: two partners, KPI by KPI."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from leadline.errors import SpecError
from leadline.evidence import Column, ToolResult
from leadline.types import Scalar, Unit
from tools.definition import Tool, ToolContext
from tools.partner_filters import one_partner
from tools.profile_base import profile_rows, result_of, rounded


class CompareArguments(BaseModel):
    """Two partners, and how many months up to today the figures cover."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first: str = Field(description="one partner, by name")
    second: str = Field(description="the other partner, by name")
    window_months: int = Field(default=12, ge=3, le=36, description="months up to the as-of date")

    @model_validator(mode="after")
    def _two(self) -> CompareArguments:
        if self.first == self.second:
            raise ValueError("first and second must be different partners")
        return self


def _columns(currency: str | None) -> tuple[Column, ...]:
    return (
        Column("label_zh", Unit.TEXT, "指标", "KPI (Chinese)"),
        Column("label_en", Unit.TEXT, "指标（英文）", "KPI"),
        Column("category", Unit.TEXT, "类别", "Category"),
        Column("unit", Unit.TEXT, "单位", "Unit"),
        Column("first_value", Unit.EACH, "前者", "First", currency),
        Column("second_value", Unit.EACH, "后者", "Second", currency),
        Column("first_percentile", Unit.RATIO, "前者同组百分位", "First's peer percentile"),
        Column("second_percentile", Unit.RATIO, "后者同组百分位", "Second's peer percentile"),
        Column("better", Unit.TEXT, "更优", "Better"),
        Column("kpi", Unit.TEXT, "指标代码", "KPI"),
        Column("direction", Unit.TEXT, "好的方向", "Better way"),
        Column("definition_zh", Unit.TEXT, "口径", "Definition (Chinese)"),
        Column("definition_en", Unit.TEXT, "口径（英文）", "Definition"),
        Column("first", Unit.TEXT, "前者名称", "First partner"),
        Column("second", Unit.TEXT, "后者名称", "Second partner"),
    )


def _better(direction: str, first: Scalar, second: Scalar) -> str:
    """First or second, by the KPI's direction; empty where equal, missing or neither way."""
    if not isinstance(first, (int, float)) or not isinstance(second, (int, float)):
        return ""
    if direction == "neutral" or first == second:
        return ""
    return "first" if (first > second) is (direction == "up") else "second"


def _compute(arguments: CompareArguments, context: ToolContext) -> ToolResult:
    """One row per KPI that at least one of the two has, in the catalogue's order.

    Raises:
        SpecError: a partner is unknown here, or both names mean the same one.
    """
    from tools.analytics.profile.catalog import KPI_BY_NAME

    pair = [one_partner(name, context) for name in (arguments.first, arguments.second)]
    ids = [int(partner["partner_id"]) for partner in pair]
    if ids[0] == ids[1]:
        raise SpecError(f"{arguments.first!r} and {arguments.second!r} are the same partner")
    table = profile_rows(context, arguments.window_months)
    ours: list[dict[Any, dict[Any, Any]]] = [
        table[table["partner_id"] == one].set_index("kpi").to_dict("index") for one in ids
    ]
    rows: list[tuple[Scalar, ...]] = []
    for name, kpi in KPI_BY_NAME.items():
        first, second = (rounded(own[name]["value"], kpi.unit) for own in ours)
        if first is None and second is None:
            continue
        places = (rounded(own[name]["percentile"], Unit.RATIO) for own in ours)
        rows.append(
            (
                kpi.label_zh,
                kpi.label_en,
                kpi.category,
                kpi.unit.value,
                first,
                second,
                *places,
                _better(kpi.direction, first, second),
                name,
                kpi.direction,
                kpi.definition_zh,
                kpi.definition_en,
                str(pair[0]["partner"]),
                str(pair[1]["partner"]),
            )
        )
    columns = _columns(context.snapshot.manifest.currency)
    return result_of("compare_partners", arguments, context, columns, rows)


COMPARE_PARTNERS = Tool(
    name="compare_partners",
    description_zh="两个伙伴逐项指标对比，含各自的同组百分位",
    description_en="Two partners KPI by KPI, with each one's peer percentile",
    arguments=CompareArguments,
    compute=_compute,
)
