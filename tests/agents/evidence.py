"""Hand-made evidence for tests of slots and of the verifier."""

from __future__ import annotations

from datetime import date

from knowledge.semantic.spec import Compare, Filter, QuerySpec, TimeRange
from leadline.evidence import Citation, Column, ToolResult
from leadline.types import Unit

SPEC = QuerySpec(
    metrics=("amount",),
    dimensions=("region",),
    where=Filter(member="partner_tier", values=("金牌",)),
    time=TimeRange(
        start=date(2025, 1, 1),
        end_excl=date(2026, 1, 1),
        label="2025 年",
        label_en="2025",
        partial=True,
    ),
    compare=Compare(kind="yoy", start=date(2024, 1, 1), end_excl=date(2025, 1, 1)),
)

COLUMNS = (
    Column("region", Unit.TEXT, "大区", "Region"),
    Column("amount", Unit.MONEY, "销售额", "Sales", "CNY"),
    Column("amount__previous", Unit.MONEY, "对比期", "Base", "CNY"),
    Column("amount__change", Unit.MONEY, "变化", "Change", "CNY"),
    Column("amount__change_rate", Unit.RATIO, "变化率", "Rate of change"),
)
ROWS = (
    ("华东", 320_000.0, 230_000.0, 90_000.0, 90 / 230),
    ("华北", 30_000.0, 40_000.0, -10_000.0, -0.25),
)


def citation(number: int = 1) -> Citation:
    """A citation of sales by region in 2025 against 2024."""
    result = ToolResult(
        tool="query",
        arguments=SPEC.as_arguments(),
        model_version="test",
        snapshot=1,
        scope_hash="all",
        as_of=date(2025, 11, 20),
        columns=COLUMNS,
        rows=ROWS,
        row_count=2,
        truncated=False,
    )
    return Citation(f"answer-{number}", number, result)
