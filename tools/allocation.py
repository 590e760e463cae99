"""The allocation tools: what stock to move where, and what the whole plan is expected to bring."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import Field

from leadline.evidence import Column, ToolResult
from leadline.figures import render_figure
from leadline.types import Language, Scalar, Unit
from tools.definition import Tool, ToolContext
from tools.inventory_risk import MIN_RISK, scalar
from tools.stock import StockArguments, read_stock

if TYPE_CHECKING:
    import pandas as pd


class AllocationSummaryArguments(StockArguments):
    """What may be moved, and what moving costs.

    Where the real costs are known, give them; the defaults are shares of what a unit is worth.
    """

    budget: float | None = Field(default=None, ge=0, description="most that all moves may cost")
    cost_per_unit: float = Field(default=0.0, ge=0, description="money per unit moved")
    cost_share: float = Field(
        default=0.01, ge=0, le=1, description="share of a unit's value that moving it costs"
    )
    away_share: float = Field(
        default=0.01, ge=0, le=1, description="share on top where it goes to another region"
    )


class AllocationArguments(AllocationSummaryArguments):
    """As the summary's, and how many moves to list."""

    limit: int = Field(default=10, ge=1, le=1000)


@dataclass(frozen=True)
class _Plan:
    moves: pd.DataFrame
    table: pd.DataFrame


def _planned(arguments: AllocationSummaryArguments, context: ToolContext) -> _Plan:
    """The plan over every place in scope; `warehouses` and `regions` limit who may take part."""
    from tools.analytics.inventory.allocate import MoveCost
    from tools.analytics.inventory.plan import plan

    stock = read_stock(arguments, context)
    cost = MoveCost(arguments.cost_per_unit, arguments.cost_share, arguments.away_share)
    moves, table = plan(stock.table, stock.flow, cost, arguments.budget)
    for end, name in (("giver", "from_warehouse"), ("taker", "to_warehouse")):
        moves[name] = table["warehouse"].to_numpy()[moves[end].to_numpy()]
    for end, name in (("giver", "from_region"), ("taker", "to_region")):
        moves[name] = table["region"].to_numpy()[moves[end].to_numpy()]
    moves["product"] = table["product"].to_numpy()[moves["taker"].to_numpy()]
    moves["taker_cover"] = table["cover_days"].to_numpy()[moves["taker"].to_numpy()]
    moves["giver_cover"] = table["cover_days"].to_numpy()[moves["giver"].to_numpy()]
    return _Plan(moves, table)


def _columns(currency: str | None) -> tuple[Column, ...]:
    return (
        Column("from_warehouse", Unit.TEXT, "调出仓", "From"),
        Column("to_warehouse", Unit.TEXT, "调入仓", "To"),
        Column("product", Unit.TEXT, "产品", "Product"),
        Column("units", Unit.QUANTITY, "数量", "Units"),
        Column("transfer_cost", Unit.MONEY, "调拨费用", "Transfer cost", currency),
        Column("risk_before", Unit.RATIO, "调前缺货风险", "Risk before"),
        Column("risk_after", Unit.RATIO, "调后缺货风险", "Risk after"),
        Column("effect", Unit.MONEY, "避免的缺货损失", "Shortage avoided", currency),
        Column("net_effect", Unit.MONEY, "净效果", "Net effect", currency),
        Column("giver_risk_after", Unit.RATIO, "调出仓调后缺货风险", "Giver's risk after"),
        Column("from_region", Unit.TEXT, "调出大区", "From region"),
        Column("to_region", Unit.TEXT, "调入大区", "To region"),
        Column("giver_cover", Unit.DAYS, "调出仓可用天数", "Giver's cover"),
        Column("taker_cover", Unit.DAYS, "调入仓可用天数", "Taker's cover"),
        Column("reasons_zh", Unit.TEXT, "原因", "Reasons"),
        Column("reasons_en", Unit.TEXT, "原因", "Reasons"),
    )


def _allocation(arguments: AllocationArguments, context: ToolContext) -> ToolResult:
    """One row per move, the largest net effect first.

    Raises:
        SpecError: a warehouse, product or region is not there (inside the scope).
    """
    moves = _planned(arguments, context).moves
    heads = _columns(context.snapshot.manifest.currency)
    shown = moves.head(min(arguments.limit, context.row_cap))
    rows = tuple(_move_row(record, heads) for record in shown.to_dict("records"))
    return _result("allocation", arguments, context, heads, rows, len(moves))


def _move_row(record: dict[Hashable, Any], heads: tuple[Column, ...]) -> tuple[Scalar, ...]:
    by_name = {column.name: column for column in heads}
    plain = {name: scalar(record.get(name), column) for name, column in by_name.items()}

    def said(name: str, language: Language) -> str:
        return render_figure(plain[name], by_name[name], language)

    zh, en = Language.ZH, Language.EN
    plain["reasons_zh"] = (
        f"调出仓可用 {said('giver_cover', zh)}，调入仓 {said('taker_cover', zh)}；"
        f"调入仓缺货风险由 {said('risk_before', zh)} 变为 {said('risk_after', zh)}"
    )
    plain["reasons_en"] = (
        f"the giver covers {said('giver_cover', en)}, the taker {said('taker_cover', en)}; "
        f"the taker's stock-out risk goes from {said('risk_before', en)} "
        f"to {said('risk_after', en)}"
    )
    return tuple(plain[column.name] for column in heads)


def _summary_columns(currency: str | None) -> tuple[Column, ...]:
    return (
        Column("moves", Unit.COUNT, "调拨笔数", "Moves"),
        Column("products", Unit.COUNT, "涉及产品", "Products"),
        Column("units", Unit.QUANTITY, "调拨数量", "Units"),
        Column("transfer_cost", Unit.MONEY, "调拨费用", "Transfer cost", currency),
        Column("effect", Unit.MONEY, "避免的缺货损失", "Shortage avoided", currency),
        Column("net_effect", Unit.MONEY, "净效果", "Net effect", currency),
        Column("shortage_before", Unit.QUANTITY, "调前预计缺货量", "Expected shortage before"),
        Column("shortage_after", Unit.QUANTITY, "调后预计缺货量", "Expected shortage after"),
        Column("at_risk_before", Unit.COUNT, "调前缺货风险品项", "At risk before"),
        Column("at_risk_after", Unit.COUNT, "调后缺货风险品项", "At risk after"),
        Column("positions", Unit.COUNT, "参与品项", "Positions"),
        Column("places", Unit.COUNT, "参与仓库", "Places"),
        Column("risk_threshold", Unit.RATIO, "风险门槛", "Risk threshold"),
        Column("lead_time_days", Unit.DAYS, "假设的补货周期", "Assumed lead time"),
        Column("cost_share", Unit.RATIO, "调拨费率", "Cost share"),
        Column("away_share", Unit.RATIO, "跨大区附加费率", "Share on top to another region"),
    )


def _summary(arguments: AllocationSummaryArguments, context: ToolContext) -> ToolResult:
    """One row: the whole plan. Shortages in units of all products together.

    Raises:
        SpecError: a warehouse, product or region is not there (inside the scope).
    """
    made = _planned(arguments, context)
    moves, table = made.moves, made.table
    known = table["stockout_risk"].notna()
    figures: dict[str, object] = {
        "moves": len(moves),
        "products": moves["product"].nunique(),
        "units": float(moves["units"].sum()),
        "transfer_cost": float(moves["transfer_cost"].sum()),
        "effect": float(moves["effect"].sum()),
        "net_effect": float(moves["net_effect"].sum()),
        "shortage_before": float(table.loc[known, "shortage_units"].sum()),
        "shortage_after": float(table.loc[known, "shortage_after"].sum()),
        "at_risk_before": int((table["stockout_risk"] >= MIN_RISK).sum()),
        "at_risk_after": int((table["risk_after"] >= MIN_RISK).sum()),
        "positions": int(known.sum()),
        "places": int(table.loc[known, "warehouse"].nunique()),
        "risk_threshold": MIN_RISK,
        "lead_time_days": arguments.lead_time_days,
        "cost_share": arguments.cost_share,
        "away_share": arguments.away_share,
    }
    heads = _summary_columns(context.snapshot.manifest.currency)
    row = tuple(
        int(str(figures[c.name])) if c.unit is Unit.COUNT else scalar(figures[c.name], c)
        for c in heads
    )
    return _result("allocation_summary", arguments, context, heads, (row,), 1)


def _result(
    name: str,
    arguments: AllocationSummaryArguments,
    context: ToolContext,
    heads: tuple[Column, ...],
    rows: tuple[tuple[Scalar, ...], ...],
    count: int,
) -> ToolResult:
    return ToolResult(
        tool=name,
        arguments=arguments.model_dump(mode="json", exclude_none=True),
        model_version=context.model.version,
        snapshot=context.snapshot.number,
        scope_hash=context.scope.digest,
        as_of=context.snapshot.as_of,
        columns=heads,
        rows=rows,
        row_count=count,
        truncated=count > len(rows),
    )


ALLOCATION = Tool(
    name="allocation",
    description_zh="调拨建议：从哪个仓库调多少到哪个仓库，费用与效果",
    description_en="What stock to move from where to where, its cost and effect",
    arguments=AllocationArguments,
    compute=_allocation,
)

ALLOCATION_SUMMARY = Tool(
    name="allocation_summary",
    description_zh="整个调拨方案的预期效果",
    description_en="What the whole plan of moves is expected to bring",
    arguments=AllocationSummaryArguments,
    compute=_summary,
)
