"""The rows of a contribution analysis: members with their effects, drill-down, others, surprise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from tools.analytics.drivers.contribution import (
    ZERO,
    Contribution,
    Member,
    Side,
    of_ratio,
    of_sum,
    overlap_of,
    together,
)
from tools.analytics.drivers.price_mix import Leaf, price_volume_mix
from tools.analytics.drivers.surprise import expect
from tools.contribution_parts import (
    Question,
    dimensions_of,
    earlier_windows,
    family,
    figures_in,
    is_ratio,
    members,
    most_telling,
    narrowed,
    quantity_metric,
)
from tools.definition import ToolContext

MEMBER, OTHER, OVERLAP, TOTAL = "member", "other", "overlap", "total"
WHOLE: Final = "全部 / All"
"""Stands in the second dimension of a drill-down for members that are not split further."""
DRILLED: Final = 2
"""Members that a drill-down splits."""
STANDS_OUT: Final = 1.0
"""Score from which a dimension says more than it usually does; a cause that is spread evenly over
all others is split by partner: somebody must be talked to."""

Past = Sequence[tuple[dict[tuple[str | None, ...], Side], Side]]


@dataclass(frozen=True, slots=True)
class Row:
    """One row before rounding. `member` holds its aggregates; None: they are no figures."""

    kind: str
    names: tuple[str | None, ...]
    found: Contribution
    member: Member | None = None
    expected: float | None = None
    z: float | None = None
    members: int = 1


def explained(
    question: Question, dimensions: Sequence[str], total: Member, context: ToolContext
) -> list[Row]:
    """Every member's contribution, effects included; the overlap last, where there is one."""
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
    rows = [
        Row(MEMBER, part.keys, part, member) for part, member in zip(parts, found, strict=False)
    ]
    if overlap is not None:
        # what a ratio counts too often has no ratio of its own that would mean anything
        parts[-1] = replace(parts[-1], previous=None, current=None)
        rows.append(Row(OVERLAP, (), parts[-1]))
    return rows


def _with_effects(
    question: Question,
    dimensions: Sequence[str],
    quantity: str,
    parts: Sequence[Contribution],
    context: ToolContext,
) -> list[Contribution]:
    """Amounts taken apart into price, volume and mix, product by product where there are any."""
    finest = list(dimensions)
    if "product" not in finest and "product" in dimensions_of(question.metric, context):
        finest.append("product")
    of_quantity = replace(question, metric=context.model.metrics[quantity])
    amounts = {m.keys: m for m in members(question, finest, context)}
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


def drilled(
    question: Question,
    dimension: str,
    rows: list[Row],
    total: Member,
    context: ToolContext,
) -> tuple[list[Row], tuple[str, ...]]:
    """The largest members split by the dimension that tells most about them; the others whole.

    Only members that moved with the whole are split. The second dimension is of another family than
    the first: a product's category says nothing new about its line.
    """
    whole = sum((r.found.change for r in rows), ZERO)
    along = [r for r in ordered(rows) if r.kind == MEMBER and r.found.change * whole > 0]
    largest = [r for r in along if r.names[0] is not None][:DRILLED]
    labels = tuple(r.names[0] for r in largest if r.names[0] is not None)
    if not labels:
        return rows, (dimension,)
    where = narrowed(question.where, dimension, labels)
    choices = most_telling(replace(question, where=where), context, without=family(dimension))
    if not choices:
        return rows, (dimension,)
    second = choices[0].dimension
    if choices[0].telling.score < STANDS_OUT and "partner" in {c.dimension for c in choices}:
        second = "partner"
    both = (dimension, second)
    split = explained(question, both, total, context)
    kept = [
        replace(r, names=(r.names[0], WHOLE))
        for r in rows
        if r.kind == MEMBER and r.names[0] not in labels
    ]
    parts = [r for r in split if r.kind == MEMBER and r.names[0] in labels]
    return _closed([*kept, *parts], rows), both


def _closed(found: list[Row], rows: list[Row]) -> list[Row]:
    """`found` with an overlap row, where splitting counts something more than once."""
    gap = sum((r.found.change for r in rows), ZERO) - sum((r.found.change for r in found), ZERO)
    if not gap:
        return found
    before, after = _effects_of(rows), _effects_of(found)
    effects = tuple(a - b for a, b in zip(before, after, strict=True)) if before and after else ()
    return [*found, Row(OVERLAP, (), Contribution((), None, None, gap, effects))]


def _effects_of(rows: Sequence[Row]) -> tuple[Fraction, ...]:
    """The sums of the effects; none where the rows have none."""
    effects = [r.found.effects for r in rows if r.found.effects]
    return tuple(sum(column, ZERO) for column in zip(*effects, strict=True))


def ordered(rows: Sequence[Row]) -> list[Row]:
    """The largest contributions first, ties by name."""
    return sorted(
        rows,
        key=lambda r: (-abs(r.found.change), tuple((n is None, n or "") for n in r.names)),
    )


def folded(rows: Sequence[Row], limit: int, *, ratio: bool) -> list[Row]:
    """The largest members, all others as one row, the overlap."""
    ranked = ordered([r for r in rows if r.kind == MEMBER])
    overlap = [r for r in rows if r.kind == OVERLAP]
    top, rest = ranked[:limit], ranked[limit:]
    if not rest:
        return [*top, *overlap]
    sides = together([r.member for r in rest if r.member is not None])
    other = Contribution(
        (),
        sides.previous.ratio if ratio else sides.previous.value,
        sides.current.ratio if ratio else sides.current.value,
        sum((r.found.change for r in rest), ZERO),
        _effects_of(rest),
    )
    return [*top, Row(OTHER, (), other, members=len(rest)), *overlap]


def with_surprise(
    question: Question,
    dimensions: Sequence[str],
    rows: list[Row],
    total: Member,
    context: ToolContext,
) -> list[Row]:
    """What earlier windows let expect of the members shown."""
    windows = earlier_windows(question, context)
    if len(windows.recent) + len(windows.seasons) == 0:
        return rows
    ratio = is_ratio(question.metric)
    shown = {row.names[0] for row in rows if row.kind == MEMBER}
    recent = [figures_in(question, dimensions, shown, w, context) for w in windows.recent]
    seasons = [figures_in(question, dimensions, shown, w, context) for w in windows.seasons]
    whole = total.current.value or ZERO
    return [_judged(row, recent, seasons, whole, ratio=ratio) for row in rows]


def _judged(row: Row, recent: Past, seasons: Past, whole: Fraction, *, ratio: bool) -> Row:
    now = row.found.current
    if row.kind != MEMBER or WHOLE in row.names or not whole or (ratio and now is None):
        return row
    figure = (now or ZERO) if ratio else (now or ZERO) / whole
    seen = expect(
        float(figure),
        _history(row.names, recent, ratio=ratio),
        _history(row.names, seasons, ratio=ratio),
    )
    if seen is None:
        return row
    if ratio:
        return replace(row, expected=seen.expected, z=seen.z)
    # of a total below zero a larger share is a smaller figure
    z = seen.z if seen.z is None or whole > 0 else -seen.z
    return replace(row, expected=seen.expected * float(whole), z=z)


def _history(names: tuple[str | None, ...], past: Past, *, ratio: bool) -> list[float]:
    """The member's figures in earlier windows: of a ratio itself, of a sum its share."""
    values = []
    for sides, everyone in past:
        side = sides.get(names)
        if ratio:
            if side is not None and side.ratio is not None:
                values.append(float(side.ratio))
        elif everyone.value:
            values.append(float(((side.value if side else None) or ZERO) / everyone.value))
    return values
