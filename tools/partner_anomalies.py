"""What the tools of partner anomalies share: arguments, names, limits, shape of the result."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import Field, model_validator

from leadline.evidence import Column, ToolResult
from leadline.figures import render_figure
from leadline.types import Language, Scalar, Unit
from tools.definition import ToolContext
from tools.partner_filters import PartnerFilters, chosen_partners

if TYPE_CHECKING:
    import pandas as pd


class AnomalyArguments(PartnerFilters):
    """Which partners and days are looked at, and how certain a finding must be."""

    since: date | None = Field(default=None, description="findings that end on this day or later")
    until: date | None = Field(
        default=None, description="findings that begin on this day or before"
    )
    min_score: float = Field(default=0.6, ge=0.0, le=1.0, description="the least score, 0 to 1")

    @model_validator(mode="after")
    def _ordered(self) -> AnomalyArguments:
        if self.since and self.until and self.until < self.since:
            raise ValueError(f"until {self.until} lies before since {self.since}")
        return self


def chosen_findings(
    found: pd.DataFrame, arguments: AnomalyArguments, context: ToolContext
) -> pd.DataFrame:
    """Findings about partners inside the scope and the filters, the most certain first.

    Args:
        found: a detector's rows, with partner_id, period_start, period_end and score.
        arguments: what was asked for; `limit` is not applied here.
        context: the snapshot and the scope.

    Raises:
        SpecError: a partner or region is unknown here.
    """
    import pandas as pd

    partners = chosen_partners(arguments, context)
    names = partners[["partner_id", "partner", "region"]]
    rows = found.merge(names, on="partner_id", how="inner")
    rows = rows[rows["score"] >= arguments.min_score]
    if arguments.since is not None:
        rows = rows[rows["period_end"] >= pd.Timestamp(arguments.since)]
    if arguments.until is not None:
        rows = rows[rows["period_start"] <= pd.Timestamp(arguments.until)]
    rows = rows.assign(score=rows["score"].astype("float64").round(4))
    return rows.sort_values(
        ["score", "period_end", "partner", "period_start"],
        ascending=[False, False, True, True],
        kind="stable",
    )


def findings_result(
    tool: str,
    arguments: AnomalyArguments,
    columns: Sequence[Column],
    rows: pd.DataFrame,
    reasons: Mapping[int, tuple[str, str]],
    context: ToolContext,
) -> ToolResult:
    """The result: partner, region, days, score, the detector's figures, reasons.

    Args:
        tool: its name.
        arguments: as given.
        columns: the detector's own columns, named as in `rows`.
        rows: all findings, in order.
        reasons: (zh, en) by position of the row, for the rows that the limit leaves.
        context: the snapshot and the scope.
    """
    every = (
        Column("partner", Unit.TEXT, "伙伴", "Partner"),
        Column("region", Unit.TEXT, "大区", "Region"),
        Column("period_start", Unit.DATE, "开始", "From"),
        Column("period_end", Unit.DATE, "结束", "To"),
        Column("score", Unit.RATIO, "可疑度", "Score"),
        *columns,
    )
    shown = rows.head(arguments.limit)
    texts = (
        Column("reasons_zh", Unit.TEXT, "依据", "Reasons (Chinese)"),
        Column("reasons_en", Unit.TEXT, "依据（英文）", "Reasons"),
    )
    body = tuple(
        (*(cell(record[c.name], c) for c in every), *reasons[i])
        for i, record in enumerate(shown.to_dict("records"))
    )
    return ToolResult(
        tool=tool,
        arguments=arguments.model_dump(mode="json", exclude_none=True),
        model_version=context.model.version,
        snapshot=context.snapshot.number,
        scope_hash=context.scope.digest,
        as_of=context.snapshot.as_of,
        columns=(*every, *texts),
        rows=body,
        row_count=len(rows),
        truncated=len(rows) > len(shown),
    )


def reasons_of(
    record: Mapping[Any, Any],
    columns: Sequence[Column],
    said: Sequence[tuple[str, str, str]],
    absent: Mapping[str, tuple[str, str]],
    silent_at_zero: Collection[str],
) -> tuple[str, str]:
    """The evidence of one finding in words, Chinese and English; what is missing is said.

    Args:
        record: the finding's figures by column.
        columns: their units.
        said: (column, Chinese, English) with `{}` for the figure, in order.
        absent: what to say where a column has no figure.
        silent_at_zero: columns whose zero is no evidence.
    """
    by_name = {column.name: column for column in columns}
    zh, en = [], []
    for name, said_zh, said_en in said:
        column = by_name[name]
        value = cell(record[name], column)
        if value is None or (name in silent_at_zero and not value):
            continue
        zh.append(said_zh.format(render_figure(value, column, Language.ZH)))
        en.append(said_en.format(render_figure(value, column, Language.EN)))
    for name, (none_zh, none_en) in absent.items():
        if cell(record[name], by_name[name]) is None:
            zh.append(none_zh)
            en.append(none_en)
    return "；".join(zh), "; ".join(en)


def cell(value: Any, column: Column) -> Scalar:
    """A frame's value as JSON data: null for what is missing, days as ISO text, figures rounded."""
    import pandas as pd

    if value is None or pd.isna(value):
        return None
    if column.unit is Unit.TEXT:
        return str(value)
    if column.unit is Unit.DATE:
        return pd.Timestamp(value).date().isoformat()
    number = float(value)
    if column.unit in (Unit.COUNT, Unit.DAYS):
        return round(number)
    places = {Unit.RATIO: 6, Unit.MONEY: 2}.get(column.unit, 2)
    return round(number, places)
