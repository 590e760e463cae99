"""The contributions tool: why a figure changed between two periods, by members that add up to it.

The last row is the whole change, equal to what the query tool gives for the same question; the rows
above it add up to it exactly, whatever the metric: sums by their own changes, ratios by rate and
mix effects, counts that are not added up with an overlap row of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

from knowledge.semantic.spec import All, Any_, Compare, Condition, Filter, TimeRange
from leadline.errors import SpecError
from leadline.evidence import Column, ToolResult
from leadline.types import Scalar, Unit
from tools.definition import Tool, ToolContext

if TYPE_CHECKING:
    from tools.analytics.drivers.contribution import Contribution, Member, Side
    from tools.contribution_parts import Question

MEMBER, OTHER, OVERLAP, TOTAL = "member", "other", "overlap", "total"
NAMES: Final = {
    OTHER: "其他 / Other",
    OVERLAP: "重复计数 / Overlap",
    TOTAL: "合计 / Total",
}
WHOLE: Final = "全部 / All"
"""Stands in the second dimension of a drill-down for members that are not split further."""
DEFAULT_MONTHS: Final = 3
"""A change without a period is that of the last three months."""
PLACES: Final[dict[Unit, int]] = {Unit.RATIO: 9}
"""Places to which figures of a unit are rounded; `OTHER_PLACES` where the unit is not here."""
OTHER_PLACES: Final = 4
"""As many as amounts and quantities are stored with."""
DRILLED: Final = 3
"""Members that a drill-down splits."""


class ContributionArguments(BaseModel):
    """What changed, between which periods, and by what it is to be explained."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    metric: str = Field(default="amount", description="the metric whose change is explained")
    dimensions: tuple[str, ...] | None = Field(
        default=None,
        min_length=1,
        max_length=3,
        description="one to three dimensions; left out: the most telling one is chosen",
    )
    time: TimeRange | None = Field(
        default=None, description="the later period; left out: the last three months"
    )
    compare: Compare | None = Field(
        default=None, description="the earlier period; left out: a year earlier"
    )
    where: Condition | None = Field(default=None, description="filters, as in a query")
    limit: int = Field(default=10, ge=1, le=200, description="members at most")
    drill: bool = Field(
        default=False, description="split the largest members once more, by another dimension"
    )

    @field_validator("dimensions")
    @classmethod
    def _distinct(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if value is not None and len(set(value)) != len(value):
            raise ValueError(f"dimensions are repeated: {value}")
        return value

    @field_validator("compare")
    @classmethod
    def _over_time(cls, value: Compare | None) -> Compare | None:
        if value is not None and value.kind == "target":
            raise ValueError("a change is explained between two periods, not against a target")
        return value


ContributionArguments.model_rebuild(_types_namespace={"Filter": Filter, "All": All, "Any_": Any_})
"""The conditions refer to each other by name, which pydantic looks up here."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One row before rounding."""

    kind: str
    names: tuple[str | None, ...]
    found: Contribution
    expected: float | None = None
    z: float | None = None
    members: int = 1


def _compute(arguments: ContributionArguments, context: ToolContext) -> ToolResult:
    from tools.analytics.drivers.contribution import change_of
    from tools.contribution_parts import days_of, is_ratio, members

    question = _question(arguments, context)
    ratio = is_ratio(question.metric)
    (total,), days = members(question, (), context), days_of(question, context)
    change = change_of(total, is_ratio=ratio)
    if change is None:
        raise SpecError(
            f"{question.metric.name} has no figure in one of the two periods, so no change",
            hint="choose periods that both hold data",
        )
    dimensions = _dimensions(arguments, question, context)
    found = _explained(question, dimensions, total, context)
    if arguments.drill and len(dimensions) == 1:
        found, dimensions = _drilled(question, dimensions, found, total, context)
    rows = _folded(found, arguments.limit)
    rows = _with_surprise(question, dimensions, rows, total, context)
    return _result(arguments, question, dimensions, rows, total, change, days, context)


def _question(arguments: ContributionArguments, context: ToolContext) -> Question:
    from knowledge.semantic.calendar import shift_months
    from knowledge.semantic.members import nearest
    from tools.contribution_parts import Question, check_metric

    metric = context.model.metrics.get(arguments.metric)
    if metric is None:
        raise SpecError(
            f"there is no metric {arguments.metric!r}",
            hint=nearest(arguments.metric, list(context.model.metrics)),
        )
    check_metric(metric)
    time = arguments.time
    if time is None or time.start is None:
        end = context.snapshot.as_of + timedelta(days=1)
        time = TimeRange(
            start=shift_months(end, -DEFAULT_MONTHS),
            end_excl=end,
            label="近3个月",
            label_en="last 3 months",
        )
    if time.grain is not None:
        time = time.model_copy(update={"grain": None})
    return Question(metric, time, arguments.compare or Compare(kind="yoy"), arguments.where)


def _dimensions(
    arguments: ContributionArguments, question: Question, context: ToolContext
) -> tuple[str, ...]:
    from tools.contribution_parts import most_telling

    if arguments.dimensions is not None:
        return arguments.dimensions
    choices = most_telling(question, context)
    if not choices:
        raise SpecError(
            f"no dimension tells anything about the change of {question.metric.name} here",
            hint="name the dimension to split it by",
        )
    return (choices[0].dimension,)


def _explained(
    question: Question, dimensions: Sequence[str], total: Member, context: ToolContext
) -> list[_Row]:
    """Every member's contribution, effects included; the overlap last, where there is one."""
    from tools.analytics.drivers.contribution import of_ratio, of_sum, overlap_of
    from tools.contribution_parts import is_ratio, members, quantity_metric

    found = members(question, dimensions, context)
    overlap = overlap_of(found, total)
    everyone = [*found, *([overlap] if overlap else [])]
    if is_ratio(question.metric):
        parts = of_ratio(everyone, total)
    else:
        parts = of_sum(everyone)
        quantity = quantity_metric(question, context)
        if quantity is not None and overlap is None:
            parts = _with_effects(question, dimensions, quantity, parts, context)
    rows = [_Row(MEMBER, part.keys, part) for part in parts[: len(found)]]
    if overlap is not None:
        rows.append(_Row(OVERLAP, (), parts[-1]))
    return rows


def _with_effects(
    question: Question,
    dimensions: Sequence[str],
    quantity: str,
    parts: Sequence[Contribution],
    context: ToolContext,
) -> list[Contribution]:
    """Amounts taken apart into price, volume and mix, product by product where there are any."""
    from dataclasses import replace

    from tools.analytics.drivers.contribution import ZERO
    from tools.analytics.drivers.price_mix import Leaf, price_volume_mix
    from tools.contribution_parts import dimensions_of, members

    finest = list(dimensions)
    if "product" not in finest and "product" in dimensions_of(question.metric, context):
        finest.append("product")
    amounts = {m.keys: m for m in members(question, finest, context)}
    from tools.contribution_parts import Question

    of_quantity = Question(
        context.model.metrics[quantity], question.time, question.compare, question.where
    )
    units = {m.keys: m for m in members(of_quantity, finest, context)}

    def value(side: Side | None) -> Fraction:
        return ZERO if side is None or side.value is None else side.value

    leaves = []
    for keys in dict.fromkeys([*amounts, *units]):
        a, q = amounts.get(keys), units.get(keys)
        leaves.append(
            Leaf(
                keys[: len(dimensions)],
                value(a.previous if a else None),
                value(a.current if a else None),
                value(q.previous if q else None),
                value(q.current if q else None),
            )
        )
    effects = price_volume_mix(leaves)
    return [replace(part, effects=effects.get(part.keys, (ZERO, ZERO, ZERO))) for part in parts]


def _drilled(
    question: Question,
    dimensions: tuple[str, ...],
    rows: list[_Row],
    total: Member,
    context: ToolContext,
) -> tuple[list[_Row], tuple[str, ...]]:
    """The largest members split by the dimension that tells most about them; the others whole."""
    from dataclasses import replace

    from tools.contribution_parts import Question, most_telling

    largest = [r for r in _ordered(rows) if r.kind == MEMBER and r.names[0] is not None][:DRILLED]
    if not largest:
        return rows, dimensions

    labels = tuple(r.names[0] for r in largest)
    only = Filter(member=dimensions[0], values=labels)
    where = only if question.where is None else All(items=(question.where, only))
    inside = Question(question.metric, question.time, question.compare, where)
    choices = most_telling(inside, context, without=dimensions)
    if not choices:
        return rows, dimensions
    both = (dimensions[0], choices[0].dimension)
    split = _explained(question, both, total, context)
    kept = [
        replace(r, names=(r.names[0], WHOLE))
        for r in rows
        if r.kind == MEMBER and r.names[0] not in labels
    ]
    parts = [r for r in split if r.kind == MEMBER and r.names[0] in labels]
    found = [*kept, *parts]
    return _closed(found, rows), both


def _closed(found: list[_Row], rows: list[_Row]) -> list[_Row]:
    """`found` with an overlap row, where splitting counts something more than once."""
    from dataclasses import replace

    from tools.analytics.drivers.contribution import ZERO, Contribution

    whole = sum((r.found.change for r in rows), ZERO)
    gap = whole - sum((r.found.change for r in found), ZERO)
    if not gap:
        return found
    effects: tuple[Fraction, ...] = ()
    if rows[0].found.effects:
        effects = tuple(
            sum((r.found.effects[i] for r in rows if r.found.effects), ZERO)
            - sum((r.found.effects[i] for r in found if r.found.effects), ZERO)
            for i in range(len(rows[0].found.effects))
        )
    row = _Row(OVERLAP, (), Contribution((), None, None, gap, effects))
    return [*found, replace(row)]


def _ordered(rows: Sequence[_Row]) -> list[_Row]:
    """The largest contributions first, ties by name."""
    return sorted(
        rows,
        key=lambda r: (-abs(r.found.change), tuple((n is None, n or "") for n in r.names)),
    )


def _folded(rows: Sequence[_Row], limit: int) -> list[_Row]:
    """The largest members, the overlap, and all others as one row."""
    from tools.analytics.drivers.contribution import ZERO, Contribution

    ranked = _ordered([r for r in rows if r.kind == MEMBER])
    overlap = [r for r in rows if r.kind == OVERLAP]
    top, rest = ranked[:limit], ranked[limit:]
    if not rest:
        return [*top, *overlap]
    effects: tuple[Fraction, ...] = ()
    if rest[0].found.effects:
        count = len(rest[0].found.effects)
        effects = tuple(sum((r.found.effects[i] for r in rest), ZERO) for i in range(count))
    other = Contribution(
        (),
        sum((r.found.previous or ZERO for r in rest), ZERO),
        sum((r.found.current or ZERO for r in rest), ZERO),
        sum((r.found.change for r in rest), ZERO),
        effects,
    )
    return [*top, *overlap, _Row(OTHER, (), other, members=len(rest))]


def _with_surprise(
    question: Question,
    dimensions: Sequence[str],
    rows: list[_Row],
    total: Member,
    context: ToolContext,
) -> list[_Row]:
    """What earlier windows let expect of the members shown."""
    from dataclasses import replace

    from tools.analytics.drivers.surprise import expect
    from tools.contribution_parts import earlier_windows, figures_in, is_ratio

    windows = earlier_windows(question, context)
    ratio = is_ratio(question.metric)
    recent = [figures_in(question, dimensions, w, context) for w in windows.recent]
    seasons = [figures_in(question, dimensions, w, context) for w in windows.seasons]
    whole = float(total.current.value or 0)

    def past(
        keys: tuple[str | None, ...],
        found: Sequence[tuple[dict[tuple[str | None, ...], Side], Side]],
    ) -> list[float]:
        values = []
        for sides, everyone in found:
            side = sides.get(keys)
            if ratio:
                if side is not None and side.ratio is not None:
                    values.append(float(side.ratio))
            elif everyone.value:
                values.append(float(((side.value if side else None) or 0) / everyone.value))
        return values

    judged = []
    for row in rows:
        now = row.found.current
        if row.kind != MEMBER or WHOLE in row.names or (ratio and now is None) or not whole:
            judged.append(row)
            continue
        figure = float(now or 0)
        seen = expect(
            figure if ratio else figure / whole, past(row.names, recent), past(row.names, seasons)
        )
        if seen is None:
            judged.append(row)
            continue
        expected = seen.expected if ratio else seen.expected * whole
        judged.append(replace(row, expected=expected, z=seen.z))
    return judged


def _result(
    arguments: ContributionArguments,
    question: Question,
    dimensions: tuple[str, ...],
    rows: list[_Row],
    total: Member,
    change: Fraction,
    days: Sequence[date],
    context: ToolContext,
) -> ToolResult:
    from tools.analytics.drivers.contribution import rounded, rounded_to_sum
    from tools.contribution_parts import is_ratio

    metric = question.metric
    places = PLACES.get(metric.unit, OTHER_PLACES)
    whole = rounded(change, places)
    changes = rounded_to_sum([r.found.change for r in rows], places, whole)
    effects = [_effects(r, at, places) for r, at in zip(rows, changes, strict=True)]
    count = max((len(e) for e in effects), default=0)
    sums = [sum((e[i] for e in effects if e), Decimal(0)) for i in range(count)]
    body = [
        _cells(r, at, own, whole, places, len(dimensions), count)
        for r, at, own in zip(rows, changes, effects, strict=True)
    ]
    ratio = is_ratio(metric)
    sides = (total.previous, total.current)
    figures = [side.ratio if ratio else side.value for side in sides]
    last: list[Scalar] = [TOTAL, NAMES[TOTAL], *([None] * (len(dimensions) - 1))]
    last += [None if f is None else float(rounded(f, places)) for f in figures]
    last += [float(whole), 1.0 if whole else None, *(float(s) for s in sums)]
    last += [None, None, sum(r.members for r in rows if r.kind != OVERLAP), float(whole)]
    last += [day.isoformat() for day in days]
    from dataclasses import replace

    result = _frame(arguments, question, dimensions, count, context)
    everything = (*body, tuple(last))
    return replace(result, rows=everything, row_count=len(everything))


def _effects(row: _Row, change: Decimal, places: int) -> list[Decimal]:
    """The row's effects, adding up to its rounded change."""
    from tools.analytics.drivers.contribution import rounded_to_sum

    return rounded_to_sum(row.found.effects, places, change) if row.found.effects else []


def _cells(
    row: _Row,
    change: Decimal,
    effects: Sequence[Decimal],
    whole: Decimal,
    places: int,
    keys: int,
    effect_count: int,
) -> tuple[Scalar, ...]:
    from tools.analytics.drivers.contribution import rounded

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
        *([None] * 4),
    )


def _frame(
    arguments: ContributionArguments,
    question: Question,
    dimensions: Sequence[str],
    effect_count: int,
    context: ToolContext,
) -> ToolResult:
    """The result without rows: columns in the unit of the metric."""
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
    columns = (
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
        Column("first_day", Unit.DATE, "本期首日", "First day"),
        Column("last_day", Unit.DATE, "本期末日", "Last day"),
        Column("base_first_day", Unit.DATE, "对比期首日", "First day before"),
        Column("base_last_day", Unit.DATE, "对比期末日", "Last day before"),
    )
    return ToolResult(
        tool="contributions",
        arguments=arguments.model_dump(mode="json", exclude_none=True),
        model_version=context.model.version,
        snapshot=context.snapshot.number,
        scope_hash=context.scope.digest,
        as_of=context.snapshot.as_of,
        columns=columns,
        rows=(),
        row_count=0,
        truncated=False,
    )


CONTRIBUTIONS = Tool(
    name="contributions",
    description_zh="解释一个指标在两个期间之间为什么变化：各成员的贡献，合计恰好等于总变化",
    description_en="Why a figure changed between two periods: contributions of members that add up",
    arguments=ContributionArguments,
    compute=_compute,
)
