"""The data quality tool: what in the data is old, missing or cannot be right.

Counts only what the caller may see, and says nothing of rows outside the scope.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, Field

from knowledge.semantic.frames import read_frame
from leadline.evidence import Column, ToolResult
from leadline.types import Scalar, Unit
from tools.definition import Tool, ToolContext

if TYPE_CHECKING:
    import pandas as pd

DATED: Final[dict[str, tuple[str, str, str]]] = {
    "order_line": ("order_date", "订单", "orders"),
    "shipment": ("shipped_on", "发货", "shipments"),
    "payment": ("paid_on", "回款", "payments"),
    "opportunity": ("created_on", "商机", "opportunities"),
    "activity": ("happened_on", "伙伴行为", "activities"),
    "inventory_snapshot": ("snapshot_date", "库存", "stock counts"),
    "sell_through": ("period_start", "动销", "sell-through"),
}
"""Tables that are expected to go on: date, and what they are called."""
LATE_GAPS: Final = 4.0
LATE_DAYS: Final = 10
"""A table is late when nothing came for four times its usual gap, and for ten days at least."""
UNSHIPPED_DAYS: Final = 30
LEAST_SHARE: Final = 0.01
"""A hundredth of the rows is worth a line."""


class DataQualityArguments(BaseModel):
    """Whether to list what is in order, too."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    everything: bool = Field(default=False, description="also list checks that found nothing")


@dataclass(frozen=True)
class _Finding:
    check: str
    zh: str
    en: str
    value: float
    unit: Unit
    rows: int
    found: bool


COLUMNS: Final = (
    Column("check", Unit.TEXT, "检查", "Check"),
    Column("label_zh", Unit.TEXT, "说明", "What"),
    Column("label_en", Unit.TEXT, "说明", "What"),
    Column("value", Unit.EACH, "数值", "Value"),
    Column("unit", Unit.TEXT, "单位", "Unit"),
    Column("rows", Unit.COUNT, "涉及行数", "Rows concerned"),
    Column("state", Unit.TEXT, "结论", "State"),
    Column("as_of", Unit.DATE, "数据截至", "As of"),
)


def _compute(arguments: DataQualityArguments, context: ToolContext) -> ToolResult:
    """One row per check that found something; all checks that could be made, where asked."""
    checks = [*_late(context), *_unshipped(context), *_overdue(context), *_negative(context)]
    listed = [c for c in checks if c.found or arguments.everything]
    as_of = context.snapshot.as_of.isoformat()
    rows: tuple[tuple[Scalar, ...], ...] = tuple(
        (
            c.check,
            c.zh,
            c.en,
            round(c.value, 6),
            c.unit.value,
            c.rows,
            "finding" if c.found else "in order",
            as_of,
        )
        for c in listed
    )
    return ToolResult(
        tool="data_quality",
        arguments=arguments.model_dump(mode="json", exclude_none=True),
        model_version=context.model.version,
        snapshot=context.snapshot.number,
        scope_hash=context.scope.digest,
        as_of=context.snapshot.as_of,
        columns=COLUMNS,
        rows=rows,
        row_count=len(rows),
        truncated=False,
    )


def _late(context: ToolContext) -> list[_Finding]:
    """Tables in which nothing new has come for longer than usual."""
    import pandas as pd

    today = pd.Timestamp(context.snapshot.as_of)
    found = []
    for table, (column, zh, en) in DATED.items():
        frame = read_frame(context.snapshot, table, (column,), context.scope)
        days = pd.to_datetime(frame[column]).dropna()
        days = days[days <= today].dt.normalize().drop_duplicates().sort_values()
        if days.empty:
            continue
        recent = days[days > days.iloc[-1] - pd.Timedelta(days=365)]
        gaps = recent.diff().dt.days.dropna()
        usual = float(gaps.median()) if len(gaps) else 1.0
        behind = float((today - days.iloc[-1]).days)
        # a month's figures bear its first day and come after its last
        late = behind > max(LATE_GAPS * usual, LATE_DAYS)
        late = late if table != "sell_through" else behind > max(3 * usual, LATE_DAYS)
        name = (f"{zh}最近一条距今", f"newest {en}, days ago")
        found.append(_Finding(f"late:{table}", *name, behind, Unit.DAYS, 1, late))
    return found


def _unshipped(context: ToolContext) -> list[_Finding]:
    """Order lines of long ago without a day of shipping, where lines usually have one."""
    import pandas as pd

    lines = read_frame(context.snapshot, "order_line", ("order_date", "ship_date"), context.scope)
    if lines["ship_date"].isna().all():
        return []
    limit = pd.Timestamp(context.snapshot.as_of) - pd.Timedelta(days=UNSHIPPED_DAYS)
    old = lines[pd.to_datetime(lines["order_date"]) <= limit]
    return [
        _share(
            "unshipped",
            "下单超过三十天仍无发货日期的订单行占比",
            "order lines older than thirty days without a shipping date",
            old["ship_date"].isna(),
        )
    ]


def _overdue(context: ToolContext) -> list[_Finding]:
    """Open opportunities whose expected day of closing has passed."""
    import pandas as pd

    columns = ("outcome", "expected_close_on")
    deals = read_frame(context.snapshot, "opportunity", columns, context.scope)
    deals = deals[(deals["outcome"] == "open") & deals["expected_close_on"].notna()]
    if deals.empty:
        return []
    past = pd.to_datetime(deals["expected_close_on"]) < pd.Timestamp(context.snapshot.as_of)
    zh, en = "预计成交日已过仍未关闭的商机占比", "open opportunities past their expected close"
    return [_share("overdue_opportunities", zh, en, past)]


def _negative(context: ToolContext) -> list[_Finding]:
    """Positions of the newest count with less than nothing on them."""
    columns = ("snapshot_date", "units_balance")
    counts = read_frame(context.snapshot, "inventory_snapshot", columns, context.scope)
    if counts.empty:
        return []
    import pandas as pd

    days = pd.to_datetime(counts["snapshot_date"])
    days = days[days <= pd.Timestamp(context.snapshot.as_of)]
    newest = counts.loc[days.index][days == days.max()]
    zh, en = (
        "最近一次盘点结存为负的品项占比",
        "positions with a negative balance in the newest count",
    )
    return [_share("negative_stock", zh, en, newest["units_balance"] < 0)]


def _share(check: str, zh: str, en: str, wrong: pd.Series) -> _Finding:
    share = float(wrong.mean()) if len(wrong) else 0.0
    return _Finding(check, zh, en, share, Unit.RATIO, int(wrong.sum()), share >= LEAST_SHARE)


DATA_QUALITY = Tool(
    name="data_quality",
    description_zh="数据质量：哪些数据过旧、缺失或不合理",
    description_en="Data quality: what is old, missing or cannot be right",
    arguments=DataQualityArguments,
    compute=_compute,
)
