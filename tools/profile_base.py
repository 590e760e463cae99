"""What the partner tools share: the KPI table of a snapshot, and how its figures are shown."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from knowledge.semantic.frames import read_frame
from leadline.evidence import Column, ToolResult
from leadline.figures import render_figure
from leadline.types import Language, Scalar, Unit
from tools.definition import ToolContext
from tools.partner_filters import read_partners

if TYPE_CHECKING:
    import pandas as pd
    from pydantic import BaseModel

    from knowledge.warehouse.snapshot import Snapshot
    from tools.analytics.profile.facts import Facts

PLACES = {Unit.MONEY: 2, Unit.RATIO: 6, Unit.QUANTITY: 4, Unit.DAYS: 1}
"""Decimal places by unit: enough to read, few enough to be equal on every machine."""


_ALIVE: WeakValueDictionary[tuple[str, str], Facts] = WeakValueDictionary()
"""Facts that somebody holds: whoever computes several tables in a row reads the snapshot once."""


def read_facts(snapshot: Snapshot) -> Facts:
    """All partners of the snapshot and the tables that KPIs are computed from.

    As long as the caller holds them, others get the same: they are read, never changed.
    """
    key = (str(snapshot.folder), str(snapshot.manifest.created_at))
    facts = _ALIVE.get(key)
    if facts is None:
        facts = _ALIVE[key] = _read(snapshot)
    return facts


def _read(snapshot: Snapshot) -> Facts:
    import pandas as pd

    from tools.analytics.profile.facts import CATALOGUE, COLUMNS, Facts

    frames = {
        name: read_frame(snapshot, name, columns)
        for name, columns in {**COLUMNS, **CATALOGUE}.items()
        if name in snapshot.manifest.tables
    }
    return Facts(read_partners(snapshot), frames, pd.Timestamp(snapshot.as_of))


def read_table(snapshot: Snapshot, table: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """Columns of one table, days as datetime64 even where the table is missing."""
    import pandas as pd

    frame = read_frame(snapshot, table, columns)
    days = {c: pd.to_datetime(frame[c]) for c in columns if c.endswith(("_on", "_date", "_start"))}
    return frame.assign(**days)


def profile_rows(context: ToolContext, months: int) -> pd.DataFrame:
    """The KPI table of all partners (`analytics.profile.table`): limit it to the scope."""
    from tools.analytics.profile.table import VERSION, profile_table

    return context.once(
        f"profile-{months}", VERSION, lambda: profile_table(read_facts(context.snapshot), months)
    )


def rounded(value: Any, unit: Unit) -> Scalar:
    """A figure as it stands in a result; null where it is missing."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if unit is Unit.COUNT:
        return round(float(value))
    return round(float(value), PLACES.get(unit, 4)) + 0.0


def day_text(value: Any) -> str | None:
    """A day as ISO text; null where it is missing."""
    import pandas as pd

    return None if pd.isna(value) else str(pd.Timestamp(value).date())


def text_or_none(value: Any) -> str | None:
    """A text; null where it is missing."""
    import pandas as pd

    return None if pd.isna(value) else str(value)


def shown(value: Scalar, unit: Unit, currency: str | None, language: Language) -> str:
    """A figure inside a reason, as a person reads it."""
    return render_figure(value, Column("figure", unit, "", "", currency), language)


def result_of(
    name: str,
    arguments: BaseModel,
    context: ToolContext,
    columns: tuple[Column, ...],
    rows: list[tuple[Scalar, ...]],
    *,
    row_count: int | None = None,
) -> ToolResult:
    """The tool's result; rows beyond the context's cap are cut.

    `row_count` is how many there are where the tool listed only the first of them.
    """
    kept = tuple(rows[: context.row_cap])
    return ToolResult(
        tool=name,
        arguments=arguments.model_dump(mode="json", exclude_none=True),
        model_version=context.model.version,
        snapshot=context.snapshot.number,
        scope_hash=context.scope.digest,
        as_of=context.snapshot.as_of,
        columns=columns,
        rows=kept,
        row_count=len(rows) if row_count is None else row_count,
        truncated=len(kept) < len(rows),
    )


def segments_of(context: ToolContext) -> dict[int, str]:
    """The segment of each partner id, of all partners."""
    from tools.segments import segment_rows

    found = segment_rows(context)
    pairs = zip(found["partner_id"], found["segment"], strict=True)
    return {int(key): str(name) for key, name in pairs}
