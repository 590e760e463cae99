"""Targets: which level and grain of them answers a question, their sums, and who has them.

Targets are set at levels (in total, per region, per partner, …) and for periods of a grain. Two
levels or two grains of the same thing are never added up. Chosen is the coarsest level that carries
every dimension and filter of the question (total, region, territory, salesperson, partner, others);
of that level, the longest periods that all lie inside the window, else the shortest there are. A
target belongs to a window if its period starts in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa

from knowledge.semantic.calendar import MONTHS, shift_bucket
from knowledge.semantic.conditions import Clause, condition, in_scope, leaves
from knowledge.semantic.connection import SnapshotDatabase
from knowledge.semantic.facts import (
    Expression,
    FactRows,
    Piece,
    Request,
    flow_rows,
    group,
)
from knowledge.semantic.places import find_place
from knowledge.semantic.windows import Days, Windows
from leadline.errors import SpecError
from leadline.types import GRAINS, Grain

FACT: Final = "target"
LEVEL_ORDER: Final = ("total", "region", "territory", "salesperson", "partner")
REFERENCES: Final = ("region_id", "territory_id", "partner_id", "salesperson_id", "product_line")
SHORTEST_DAYS: Final[dict[Grain, int]] = {
    "day": 1,
    "week": 7,
    "month": 28,
    "quarter": 90,
    "half": 181,
    "year": 365,
}
"""A period of the grain has at least so many days."""


@dataclass(frozen=True, slots=True)
class TargetChoice:
    """The targets that answer a question: one measure, one level, one grain."""

    measure: str
    level: str
    grain: Grain

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that name a target's holder; none for a total."""
        parts = [part for part in self.level.split("+") if part != "total"]
        return tuple(part if part == "product_line" else f"{part}_id" for part in parts)


@dataclass(frozen=True, slots=True)
class _Kind:
    level: str
    grain: str
    filled: frozenset[str]
    first: date
    last: date


def choose(request: Request, windows: Windows, days: Days, measure: str) -> TargetChoice | None:
    """The level and grain of targets for `measure`, or None if there are none in `days`.

    Raises:
        SpecError: no level carries what the question groups or filters by, or the targets' periods
            are longer than the window or bucket.
    """
    kinds = _kinds(request, days, measure)
    everywhere = kinds or _kinds(request, Days(None, date.max), measure)
    needed = dict.fromkeys([*request.dimensions, *(f.member for f in leaves(request.where))])
    database = request.database
    able = [k for k in everywhere if all(_carries(database, k, name) for name in needed)]
    if not able and everywhere:
        levels = sorted({kind.level for kind in everywhere}, key=_order)
        raise SpecError(
            f"targets for {measure} are set per {', '.join(levels)}; "
            f"they cannot be split or filtered by {', '.join(needed)}",
            hint="ask for them at one of these levels",
        )
    if not kinds or not able:
        return None
    level = min({kind.level for kind in able}, key=_order)
    return _choose_grain(request, windows, days, measure, [k for k in able if k.level == level])


def _order(level: str) -> tuple[int, int, str]:
    place = LEVEL_ORDER.index(level) if level in LEVEL_ORDER else len(LEVEL_ORDER)
    return place, level.count("+"), level


def _kinds(request: Request, days: Days, measure: str) -> list[_Kind]:
    rows = request.database.tables[FACT].alias()
    counts = [sa.func.count(rows.c[column]) for column in REFERENCES if column in rows.c]
    names = [column for column in REFERENCES if column in rows.c]
    query = (
        sa.select(
            rows.c.level,
            rows.c.grain,
            sa.func.min(rows.c.period_start),
            sa.func.max(rows.c.period_start),
            *counts,
        )
        .where(
            sa.func.lower(rows.c.measure) == measure,
            rows.c.period_start < days.end_excl,
            *([] if days.start is None else [rows.c.period_start >= days.start]),
            *in_scope(request.database, FACT, rows, request.scope),
        )
        .group_by(rows.c.level, rows.c.grain)
    )
    return [
        _Kind(
            str(level),
            str(grain),
            frozenset(name for name, count in zip(names, filled, strict=True) if count),
            first,
            last,
        )
        for level, grain, first, last, *filled in request.database.rows(query)
    ]


def _carries(database: SnapshotDatabase, kind: _Kind, dimension: str) -> bool:
    place = find_place(database, FACT, dimension)
    return place is not None and (place.key or place.column) in kind.filled


def _choose_grain(
    request: Request, windows: Windows, days: Days, measure: str, kinds: list[_Kind]
) -> TargetChoice:
    grains: dict[Grain, _Kind] = {}
    for kind in kinds:
        known = [grain for grain in GRAINS if grain == kind.grain]
        if not known:
            raise SpecError(
                f"targets for {measure} have the unknown grain {kind.grain!r}",
                hint=f"load them with one of: {', '.join(GRAINS)}",
            )
        grains[known[0]] = kind
    longest_first = [grain for grain in reversed(GRAINS) if grain in grains]
    fitting = [grain for grain in longest_first if _fits(request, windows, days, grain)]
    if not fitting:
        asked = request.grain or f"{days.start} … {days.last}"
        raise SpecError(
            f"targets for {measure} are set per {longest_first[-1]}; "
            f"they cannot be split into {asked}",
            hint=f"ask for whole periods of a {longest_first[-1]} or longer",
        )
    inside = [g for g in fitting if _ends_inside(g, grains[g].last, days)]
    return TargetChoice(measure, kinds[0].level, inside[0] if inside else fitting[-1])


def _fits(request: Request, windows: Windows, days: Days, grain: Grain) -> bool:
    """Whether a period of `grain` is no longer than the bucket, or the window."""
    if request.grain is not None:
        return GRAINS.index(grain) <= GRAINS.index(request.grain)
    if days.start is None or windows.unlimited:
        return True
    return SHORTEST_DAYS[grain] <= (days.end_excl - days.start).days


def _ends_inside(grain: Grain, last: date, days: Days) -> bool:
    end = (
        shift_bucket(grain, last, 1) if grain in MONTHS or grain == "week" else last + timedelta(1)
    )
    return end <= days.end_excl


def target_window(windows: Windows, as_of: date) -> Days:
    """The days in which target periods must start: the whole named period, though it lies ahead.

    With no period named, the targets whose period has begun.
    """
    end = windows.named_end_excl or as_of + timedelta(days=1)
    return Days(windows.named_start, end)


def target_rows(
    request: Request, choice: TargetChoice, days: Days
) -> tuple[FactRows, list[Clause], Expression | None]:
    """The chosen targets in `days`, the conditions that keep them, and their bucket."""
    table = FactRows(request.database, FACT)
    rows = table.rows
    clauses: list[Clause] = [
        sa.func.lower(rows.c.measure) == choice.measure,
        rows.c.level == choice.level,
        rows.c.grain == choice.grain,
        rows.c.period_start < days.end_excl,
    ]
    if days.start is not None:
        clauses.append(rows.c.period_start >= days.start)
    bucket = None if request.grain is None else table.bucket(request.grain, "period_start")
    return table, clauses, bucket


def target_sum(
    request: Request, pieces: Sequence[tuple[str, Piece]], choice: TargetChoice, days: Days
) -> sa.Select[Any]:
    """The chosen targets, added up to the query's keys."""
    table, clauses, bucket = target_rows(request, choice, days)
    return group(request, table, pieces, clauses, bucket)


def attained(
    request: Request,
    pieces: Sequence[tuple[str, Piece]],
    choice: TargetChoice,
    days: Days,
    target_days: Days,
) -> sa.Select[Any]:
    """The actual figures of those who hold one of the chosen targets.

    With a grain, of those who hold one in the same bucket.
    """
    table, clauses, bucket = flow_rows(request, pieces[0][1], days)
    holders = _holders(request, choice, target_days)
    names = [name for name in holders.c.keys() if name != "bucket"]  # noqa: SIM118 - not a dict
    on = [_holder_value(table, name) == holders.c[name] for name in names]
    if bucket is not None:
        on.append(bucket == holders.c.bucket)
    if on:
        table.join(holders, sa.and_(*on))
    return group(request, table, pieces, clauses, bucket)


def _holder_value(table: FactRows, column: str) -> Expression:
    return table.value("product_line") if column == "product_line" else table.rows.c[column]


def _holders(request: Request, choice: TargetChoice, days: Days) -> sa.Subquery:
    table, clauses, bucket = target_rows(request, choice, days)
    keys = [table.rows.c[column].label(column) for column in choice.columns]
    if bucket is not None:
        keys.append(bucket.label("bucket"))
    return (
        sa.select(*(keys or [sa.literal(1).label("bucket")]))
        .select_from(table.source)
        .where(
            *clauses,
            *in_scope(request.database, FACT, table.rows, request.scope),
            *condition(request.database, FACT, table.rows, request.where),
        )
        .distinct()
        .subquery()
    )
