"""The result of a contribution analysis: rounded so that the rows add up to the total's row."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from leadline.evidence import Column, ToolResult
from leadline.types import Scalar, Unit
from tools.analytics.drivers.contribution import (
    ZERO,
    Member,
    change_of,
    rounded,
    rounded_to_sum,
)
from tools.contribution_parts import Question, days_of, is_ratio
from tools.contribution_rows import MEMBER, OTHER, OVERLAP, TOTAL, Row
from tools.definition import ToolContext

NAMES: Final = {
    OTHER: "其他 / Other",
    OVERLAP: "重复计数与口径差 / Overlap",
    TOTAL: "合计 / Total",
}
PLACES: Final[dict[Unit, int]] = {Unit.RATIO: 9}
"""Places to which figures of a unit are rounded; `OTHER_PLACES` where the unit is not here."""
OTHER_PLACES: Final = 4
"""As many as amounts and quantities are stored with."""
DAYS: Final = (
    Column("first_day", Unit.DATE, "本期首日", "First day"),
    Column("last_day", Unit.DATE, "本期末日", "Last day"),
    Column("base_first_day", Unit.DATE, "对比期首日", "First day before"),
    Column("base_last_day", Unit.DATE, "对比期末日", "Last day before"),
)
"""The two periods, in the total's row only."""


def shaped(
    given: dict[str, object],
    question: Question,
    dimensions: Sequence[str],
    rows: Sequence[Row],
    total: Member,
    context: ToolContext,
) -> ToolResult:
    """Rows, then the total: its change is the rows' sum to the last place.

    Args:
        given: the tool's arguments as JSON data.
        question: metric and periods.
        dimensions: by which the rows are named.
        rows: in order, adding up to the total's change exactly.
        total: both periods of everything.
        context: the snapshot and the scope.
    """
    ratio = is_ratio(question.metric)
    places = PLACES.get(question.metric.unit, OTHER_PLACES)
    whole = rounded(change_of(total, is_ratio=ratio) or ZERO, places)
    changes = rounded_to_sum([r.found.change for r in rows], places, whole)
    effects = [
        rounded_to_sum(r.found.effects, places, at) if r.found.effects else []
        for r, at in zip(rows, changes, strict=True)
    ]
    count = max((len(e) for e in effects), default=0)
    body = [
        _cells(r, at, own, whole, places, len(dimensions), count)
        for r, at, own in zip(rows, changes, effects, strict=True)
    ]
    sums = [sum((e[i] for e in effects if e), Decimal(0)) for i in range(count)]
    figures = [s.ratio if ratio else s.value for s in (total.previous, total.current)]
    last: tuple[Scalar, ...] = (
        TOTAL,
        NAMES[TOTAL],
        *([None] * (len(dimensions) - 1)),
        *(None if f is None else float(rounded(f, places)) for f in figures),
        float(whole),
        1.0 if whole else None,
        *(float(s) for s in sums),
        None,
        None,
        sum(r.members for r in rows if r.kind != OVERLAP),
        float(whole),
        *(day.isoformat() for day in days_of(question, context)),
    )
    everything = (*body, last)
    return ToolResult(
        tool="contributions",
        arguments=given,
        model_version=context.model.version,
        snapshot=context.snapshot.number,
        scope_hash=context.scope.digest,
        as_of=context.snapshot.as_of,
        columns=_columns(question, dimensions, count, context),
        rows=everything,
        row_count=len(everything),
        truncated=False,
    )


def _cells(
    row: Row,
    change: Decimal,
    effects: Sequence[Decimal],
    whole: Decimal,
    places: int,
    keys: int,
    effect_count: int,
) -> tuple[Scalar, ...]:
    names = list(row.names) if row.kind == MEMBER else [NAMES[row.kind], *([None] * (keys - 1))]
    sides = [row.found.previous, row.found.current]
    shown: list[Decimal | None] = [*effects] or [None] * effect_count
    return (
        row.kind,
        *names,
        *(None if side is None else float(rounded(side, places)) for side in sides),
        float(change),
        round(float(change / whole), 6) if whole else None,
        *(None if effect is None else float(effect) for effect in shown),
        None if row.expected is None else round(row.expected, places),
        None if row.z is None else round(row.z, 2),
        row.members,
        float(change),
        *([None] * len(DAYS)),
    )


def _columns(
    question: Question, dimensions: Sequence[str], effect_count: int, context: ToolContext
) -> tuple[Column, ...]:
    """The columns, in the unit of the metric."""
    metric = question.metric
    money = context.snapshot.manifest.currency if metric.unit is Unit.MONEY else None
    labels = [context.model.dimensions[name].label for name in dimensions]

    def figure(name: str, zh: str, en: str) -> Column:
        return Column(name, metric.unit, zh, en, money)

    points = ("（百分点）", " (pp)") if metric.unit is Unit.RATIO else ("", "")
    effect_columns = {
        2: [
            figure("rate_effect", "比率效应", "Rate effect"),
            figure("mix_effect", "结构效应", "Mix effect"),
        ],
        3: [
            figure("price_effect", "价格效应", "Price effect"),
            figure("volume_effect", "销量效应", "Volume effect"),
            figure("mix_effect", "结构效应", "Mix effect"),
        ],
    }.get(effect_count, [])
    return (
        Column("kind", Unit.TEXT, "行类", "Kind of row"),
        *(Column(n, Unit.TEXT, w.zh, w.en) for n, w in zip(dimensions, labels, strict=True)),
        figure("previous", "对比期", "Before"),
        figure("current", "本期", "Now"),
        figure("change", f"对变化的贡献{points[0]}", f"Contribution to the change{points[1]}"),
        Column("contribution", Unit.RATIO, "占总变化比例", "Part of the whole change"),
        *effect_columns,
        figure("expected", "预期", "Expected"),
        Column("surprise", Unit.QUANTITY, "意外程度（标准差数）", "Surprise (standard deviations)"),
        Column("members", Unit.COUNT, "成员数", "Members"),
        figure(f"{metric.name}__change", "变化", "Change"),
        *DAYS,
    )
