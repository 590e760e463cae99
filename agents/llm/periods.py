"""Periods as people name them, resolved for a model, and the names of periods that it used.

A model does no date arithmetic: the usual periods stand in its prompt as half-open ranges, and the
period that a comparison starts from is worked out here. It never says what a period is called
either: a label is text in the answer, so it comes from the calendar or the question.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from agents.rules.draft import Draft, Note
from agents.rules.read_time import base_period, default_time
from agents.rules.time_rules import Calendar, TimeExpr, named, period_at
from knowledge.semantic.calendar import calendar_grain, period_of
from knowledge.semantic.spec import Compare, QuerySpec, TimeRange
from leadline.types import GRAINS, Grain, Period

NAMED: Final = (
    ("本月", "this month"), ("上月", "last month"), ("本季度", "this quarter"),
    ("上季度", "last quarter"), ("今年", "this year"), ("去年", "last year"),
    ("前年", "the year before last"), ("本周", "this week"), ("上周", "last week"),
    ("年初至今", "year to date"), ("本季度至今", "quarter to date"), ("本月至今", "month to date"),
    ("近一个月", "last 1 month"), ("近两个月", "last 2 months"), ("近三个月", "last 3 months"),
    ("近半年", "last 6 months"), ("近一年", "last 12 months"), ("近30天", "last 30 days"),
    ("上半年", "first half"), ("下半年", "second half"), ("去年上半年", "first half of last year"),
    ("去年下半年", "second half of last year"),
)  # fmt: skip
"""What people call periods, in both languages; the Chinese one is resolved."""


Span = tuple[date | None, date | None]
"""First day and the day after the last; None: open on that side."""


def so_far(start: date | None, end_excl: date | None, as_of: date) -> Span:
    """A period up to the end of `as_of`, so that 今年 and 年初至今 are the same days."""
    tomorrow = as_of + timedelta(days=1)
    if start is not None and start >= tomorrow:
        return start, end_excl
    return start, min(end_excl or tomorrow, tomorrow)


@dataclass(frozen=True, slots=True)
class NamedPeriod:
    """A period under its usual names."""

    zh: str
    en: str
    expr: TimeExpr


@lru_cache(maxsize=16)
def named_periods(calendar: Calendar) -> tuple[NamedPeriod, ...]:
    """The usual periods as of the calendar's day."""
    found = []
    for zh, en in NAMED:
        read = period_at(zh, 0, calendar)
        assert read is not None  # noqa: S101 - the table holds words of the grammar only
        found.append(NamedPeriod(zh, en, read[0]))
    return tuple(found)


def settled(
    spec: QuerySpec, calendar: Calendar, said: Iterable[TimeExpr]
) -> tuple[QuerySpec, Note | None]:
    """A model's spec with its period named and its comparison's base worked out.

    Args:
        spec: as the model gave it.
        calendar: what today is.
        said: the time expressions of the question; their names come first.

    Returns the spec, and a note where a comparison named no period and one was filled in.
    """
    as_of = calendar.as_of
    time, note = spec.time, None
    compare = spec.compare
    over_time = compare is not None and compare.kind in ("yoy", "previous_period")
    draft = Draft(compare=compare.kind if compare else None)
    bounded = time is not None and (time.start is not None or time.end_excl is not None)
    if bounded and time is not None:
        draft.time = _expression(time, calendar, tuple(said))
    elif over_time and spec.grain is None:
        words = default_time(draft, as_of)
        note = None if words is None else Note(*words)
    expr = draft.time
    if expr is not None:
        time = TimeRange(
            start=expr.start,
            end_excl=expr.end_excl,
            grain=spec.grain,
            label=expr.label_zh,
            label_en=expr.label_en,
            partial=expr.partial(as_of),
            dimension=time.dimension if time else None,
        )
    elif time is not None:
        time = time.model_copy(update={"label": "", "label_en": "", "partial": False})
    if compare is not None and over_time:
        base = None if spec.grain is not None else base_period(draft, as_of)
        compare = Compare(
            kind=compare.kind,
            start=base.start if base else None,
            end_excl=base.end_excl if base else None,
            align=compare.align,
        )
    return spec.model_copy(update={"time": time, "compare": compare}), note


def _expression(time: TimeRange, calendar: Calendar, said: tuple[TimeExpr, ...]) -> TimeExpr:
    """The expression that a range stands for; one without a name where it is no usual period."""
    usual = tuple(period.expr for period in named_periods(calendar))
    span = (time.start, time.end_excl)
    whole: Grain | None = None
    if time.start is not None and time.end_excl is not None:
        whole = calendar_grain(Period(time.start, time.end_excl))
    for expr in said:
        if (expr.start, expr.end_excl) == span:
            return expr
    if whole is not None and time.start is not None:
        return named(whole, time.start)
    for expr in usual:
        if (expr.start, expr.end_excl) == span:
            return expr
    if time.start is not None and time.end_excl is not None:
        grain = _under_way(Period(time.start, time.end_excl), calendar.as_of)
        if grain is not None:
            return TimeExpr(time.start, time.end_excl, grain, "to_date", "", "")
    return TimeExpr(time.start, time.end_excl, None, "range", "", "")


def _under_way(period: Period, as_of: date) -> Grain | None:
    """The grain of the calendar period that `period` is the part of up to today."""
    if period.end_excl != as_of + timedelta(days=1):
        return None
    found = (grain for grain in GRAINS if period_of(grain, as_of).start == period.start)
    return next(found, None)
