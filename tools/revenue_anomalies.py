"""The revenue anomalies tool: months in which revenue left what level, trend and season expect."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, field_validator

from knowledge.semantic.engine import available
from knowledge.semantic.spec import All, Any_, Condition, Filter, QuerySpec, TimeRange
from leadline.errors import SpecError
from leadline.evidence import Column, ToolResult
from leadline.figures import render_figure
from leadline.types import Language, Unit
from tools.definition import EVERY_ROW, Tool, ToolContext
from tools.partner_anomalies import AnomalyArguments, cell
from tools.partner_filters import chosen_partners
from tools.query import QUERY

if TYPE_CHECKING:
    import pandas as pd

USUAL: Final = ("region", "product_line")
"""Series that are looked at where none are named."""

By = Literal["region", "territory", "partner", "product_category", "product_line"]


def _several(value: object) -> object:
    """One name is as good as a list of one."""
    return (value,) if isinstance(value, str) else value


class RevenueAnomalyArguments(AnomalyArguments):
    """Of what the revenue is looked at, and which way it must have gone."""

    by: Annotated[tuple[By, ...] | None, BeforeValidator(_several)] = Field(
        default=None,
        min_length=1,
        max_length=2,
        description="series: one each of these; left out: regions' product lines, or regions",
    )
    direction: Literal["all", "up", "down"] = Field(
        default="all", description="above what was expected, below it, or both"
    )

    @field_validator("by")
    @classmethod
    def _distinct(cls, value: tuple[By, ...] | None) -> tuple[By, ...] | None:
        if value is not None and len(set(value)) != len(value):
            raise ValueError(f"by is repeated: {value}")
        return value


def _compute(arguments: RevenueAnomalyArguments, context: ToolContext) -> ToolResult:
    import pandas as pd

    from tools.analytics.anomalies.revenue import find_revenue_anomalies

    keys = _series(arguments, context)
    found = find_revenue_anomalies(_months(arguments, keys, context), keys)
    rows = found[found["score"].astype("float64") >= arguments.min_score]
    if arguments.direction != "all":
        rows = rows[(rows["deviation"] > 0) == (arguments.direction == "up")]
    if arguments.since is not None:
        rows = rows[rows["period_end"] >= pd.Timestamp(arguments.since)]
    if arguments.until is not None:
        rows = rows[rows["period_start"] <= pd.Timestamp(arguments.until)]
    rows = rows.assign(
        score=rows["score"].astype("float64").round(4),
        direction=rows["deviation"].map(lambda gap: 1 if gap > 0 else -1),
    )
    rows = rows.sort_values(
        ["score", "period_end", *keys],
        ascending=[False, False, *([True] * len(keys))],
        kind="stable",
    )
    return _result(arguments, _with_region(rows, keys, context), keys, context)


def _series(arguments: RevenueAnomalyArguments, context: ToolContext) -> list[str]:
    """What the series are: as asked, else the finest that still has much to say.

    A line that is lost in one region is lost in the noise of the region's whole.
    """
    if arguments.by is not None:
        return list(arguments.by)
    known = available(context.snapshot, context.scope).metric_dimensions.get("amount", frozenset())
    usual: list[str] = [name for name in USUAL if name in known]
    if not usual:
        raise SpecError(
            "revenue here has neither regions nor product lines", hint="say by what to look at it"
        )
    return usual


def _months(
    arguments: RevenueAnomalyArguments, keys: list[str], context: ToolContext
) -> pd.DataFrame:
    """Revenue by series and whole month, through the query tool."""
    import pandas as pd

    tomorrow = context.snapshot.as_of + timedelta(days=1)
    spec = QuerySpec(
        metrics=("amount",),
        dimensions=tuple(keys),
        where=_where(arguments, context),
        # a month that is under way is no month: it would always be too small
        time=TimeRange(end_excl=tomorrow.replace(day=1), grain="month"),
    )
    result = QUERY.run(spec, replace(context, row_cap=EVERY_ROW))
    names = [column.name for column in result.columns]
    table = pd.DataFrame(result.rows, columns=names).dropna(subset=keys)
    table["month"] = pd.to_datetime(table["month"].astype(str) + "-01")
    table["amount"] = table["amount"].astype("float64")
    return table


def _where(arguments: RevenueAnomalyArguments, context: ToolContext) -> Condition | None:
    """The filters as conditions of the query; partners and regions must be known here."""
    if arguments.segments is not None:
        raise SpecError(
            "findings cannot be limited to segments",
            hint="list the partners of the segment first, and name them",
        )
    items: list[Filter | All | Any_] = []
    if arguments.partners is not None:
        only = arguments.model_copy(update={"regions": None})
        labels = tuple(str(label) for label in chosen_partners(only, context)["partner"])
        items.append(Filter(member="partner", values=labels))
    if arguments.regions is not None:
        items.append(Filter(member="region", values=arguments.regions))
    return All(items=tuple(items)) if items else None


def _with_region(rows: pd.DataFrame, keys: list[str], context: ToolContext) -> pd.DataFrame:
    """The region of partners, where partners are listed and their region is not."""
    if "partner" not in keys or "region" in keys:
        return rows
    from tools.partner_filters import read_partners

    partners = read_partners(context.snapshot, context.scope)
    return rows.assign(
        region=rows["partner"].map(dict(zip(partners["partner"], partners["region"], strict=True)))
    )


def _columns(keys: list[str], context: ToolContext) -> tuple[Column, ...]:
    money = context.snapshot.manifest.currency
    names = list(keys)
    if "partner" in names and "region" not in names:
        names.append("region")
    labels = [context.model.dimensions[name].label for name in names]
    return (
        *(Column(n, Unit.TEXT, w.zh, w.en) for n, w in zip(names, labels, strict=True)),
        Column("period_start", Unit.DATE, "开始", "From"),
        Column("period_end", Unit.DATE, "结束", "To"),
        Column("score", Unit.RATIO, "异常度", "Score"),
        Column("direction", Unit.COUNT, "方向", "Direction"),
        Column("expected", Unit.MONEY, "预期销售额", "Expected sales", money),
        Column("actual", Unit.MONEY, "实际销售额", "Sales", money),
        Column("deviation", Unit.MONEY, "偏离", "Deviation", money),
        Column("deviation_rate", Unit.RATIO, "偏离率", "Deviation over the expected"),
        Column("months", Unit.COUNT, "月数", "Months"),
        Column("z", Unit.QUANTITY, "偏离（标准差数）", "Deviation (standard deviations)"),
    )


def _result(
    arguments: RevenueAnomalyArguments,
    rows: pd.DataFrame,
    keys: list[str],
    context: ToolContext,
) -> ToolResult:
    columns = _columns(keys, context)
    shown = rows.head(arguments.limit)
    body = tuple(
        (*(cell(record[c.name], c) for c in columns), *_reasons(record, columns))
        for record in shown.to_dict("records")
    )
    texts = (
        Column("reasons_zh", Unit.TEXT, "依据", "Reasons (Chinese)"),
        Column("reasons_en", Unit.TEXT, "依据（英文）", "Reasons"),
    )
    return ToolResult(
        tool="revenue_anomalies",
        arguments=arguments.model_dump(mode="json", exclude_none=True),
        model_version=context.model.version,
        snapshot=context.snapshot.number,
        scope_hash=context.scope.digest,
        as_of=context.snapshot.as_of,
        columns=(*columns, *texts),
        rows=body,
        row_count=len(rows),
        truncated=len(rows) > len(shown),
    )


def _reasons(record: dict[Any, Any], columns: tuple[Column, ...]) -> tuple[str, str]:
    """What was expected, what came, and how unusual that is."""
    by_name = {column.name: column for column in columns}

    def said(name: str, language: Language) -> str:
        return render_figure(cell(record[name], by_name[name]), by_name[name], language)

    zh, en = Language.ZH, Language.EN
    below = record["deviation"] < 0
    rate = replace(by_name["deviation_rate"], name="difference_rate")
    gap = cell(record["deviation_rate"], rate)
    size_zh = render_figure(gap, rate, zh, size=True)
    size_en = render_figure(gap, rate, en, size=True)
    in_chinese = (
        f"按水平、趋势与季节（含春节）预期 {said('expected', zh)}，实际 {said('actual', zh)}，"
        f"{'低' if below else '高'} {size_zh}，相当于自身波动的 {said('z', zh)} 个标准差"
    )
    in_english = (
        f"level, trend and season (with Chinese New Year) expect {said('expected', en)}, it was "
        f"{said('actual', en)}, {size_en} {'below' if below else 'above'}, "
        f"{said('z', en)} standard deviations of its own variation"
    )
    return in_chinese, in_english


REVENUE_ANOMALIES = Tool(
    name="revenue_anomalies",
    description_zh="销售额异常：哪些月份偏离了水平、趋势与季节（含春节）的预期",
    description_en="Unusual revenue: months far from what level, trend and season expect",
    arguments=RevenueAnomalyArguments,
    compute=_compute,
)
