"""The freshness tool: as of when the data is, and which tables the snapshot holds."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from leadline.evidence import Column, ToolResult
from leadline.types import Unit
from tools.definition import Tool, ToolContext


class FreshnessArguments(BaseModel):
    """None: it speaks of the pinned snapshot."""

    model_config = ConfigDict(extra="forbid", frozen=True)


COLUMNS = (
    Column("as_of", Unit.DATE, "数据截至", "As of"),
    Column("snapshot", Unit.COUNT, "快照", "Snapshot"),
    Column("tables", Unit.COUNT, "数据表数", "Tables"),
)


def _compute(arguments: FreshnessArguments, context: ToolContext) -> ToolResult:
    """One row. Row counts of tables are left out: they would tell what lies outside the scope."""
    snapshot = context.snapshot
    return ToolResult(
        tool="freshness",
        arguments=arguments.model_dump(mode="json"),
        model_version=context.model.version,
        snapshot=snapshot.number,
        scope_hash=context.scope.digest,
        as_of=snapshot.as_of,
        columns=COLUMNS,
        rows=((snapshot.as_of.isoformat(), snapshot.number, len(snapshot.manifest.tables)),),
        row_count=1,
        truncated=False,
    )


FRESHNESS = Tool(
    name="freshness",
    description_zh="数据截至日期与快照",
    description_en="As-of date and snapshot of the data",
    arguments=FreshnessArguments,
    compute=_compute,
)
