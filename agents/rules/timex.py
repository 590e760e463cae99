"""Ranges over single periods: since, until, from … to, and two periods side by side."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from agents.rules.time_rules import Calendar, TimeExpr, named, period_at
from leadline.types import Grain

_FROM = re.compile(r"(?:从|自从|自|由|from|between|starting(?: from)?|start(?:ing)? in)\s*")
_TO = re.compile(
    r"\s*(?:到|至|~|——|-|--|through(?: to)?|thru|until|till|to|and|与|和)\s*(?:the end of )?"
)
_TO_STRICT = re.compile(
    r"\s*(?:到|至|~|-|--|through(?: to)?|thru|until|till|to)\s*(?:the end of )?"
)
_SINCE_BEFORE = re.compile(
    r"(?:ever since|since the (?:start|beginning) of|since|as of and after)\s+"
)
_AFTER_BEFORE = re.compile(r"after\s+")
_UNTIL_BEFORE = re.compile(
    r"(?:until|till|up to(?: and including)?(?: the end of)?|through|by the end of"
    r"|截至|截止到?|到)\s*"
)
_PRIOR_BEFORE = re.compile(r"(?:before|prior to|earlier than)\s+(?!last)")
_END = re.compile(r"[底末](?:为止)?|(?:为止)")
_SINCE_AFTER = re.compile(
    r"\s*(?:以来|至今|到现在|到今天|起|开始|onwards?|to date|to now|to today|until now)"
)
_AFTER_AFTER = re.compile(r"\s*(?:之后|以后|后(?!年))")
_PRIOR_AFTER = re.compile(r"\s*(?:之前|以前|前(?!\d|[一二三四五六七八九十几]))")
_UNTIL_AFTER = re.compile(r"\s*(?:为止|底为止|底之前|or earlier|and earlier)")
_NOW = re.compile(r"(?:现在|今天|目前|now|today|date)")
_MONTH_SPAN = re.compile(
    r"(?:(?P<y>(?:19|20)\d\d)年|(?P<rel>今年|去年|前年))?(?P<a>1[0-2]|[1-9])(?:月份?)?[-~到至](?P<b>1[0-2]|[1-9])月份?"
)
_YEAR_SPAN = re.compile(r"(?P<a>(?:19|20)\d\d)年?\s*[-~到至]\s*(?P<b>(?:19|20)\d\d)年?(?![-/\d])")


def time_at(text: str, start: int, cal: Calendar) -> tuple[TimeExpr, int] | None:
    """The longest time expression, ranges included, that begins at `start` of folded text."""
    candidates = [
        found
        for rule in (_span_shorthand, _range, _open_prefix, _open_suffix, period_at)
        if (found := rule(text, start, cal)) is not None
    ]
    return max(candidates, key=lambda pair: pair[1], default=None)


def _span_shorthand(text: str, start: int, cal: Calendar) -> tuple[TimeExpr, int] | None:
    """1-6月, 2012年3到5月, 2011-2013."""
    if found := _MONTH_SPAN.match(text, start):
        first, last = int(found["a"]), int(found["b"])
        if first < last:
            relative = {"今年": 0, "去年": -1, "前年": -2}.get(found["rel"] or "")
            year = int(found["y"]) if found["y"] else cal.as_of.year + (relative or 0)
            if not found["y"] and relative is None and date(year, first, 1) > cal.as_of:
                year -= 1
            return _join(_month(year, first), _month(year, last)), found.end()
    if found := _YEAR_SPAN.match(text, start):
        first, last = int(found["a"]), int(found["b"])
        if first < last:
            return _join(
                named("year", date(first, 1, 1)), named("year", date(last, 1, 1))
            ), found.end()
    return None


def _month(year: int, month: int) -> TimeExpr:
    return named("month", date(year, month, 1))


def _range(text: str, start: int, cal: Calendar) -> tuple[TimeExpr, int] | None:
    prefix = _FROM.match(text, start)
    first = period_at(text, prefix.end() if prefix else start, cal)
    if first is None:
        return None
    joint = (_TO if prefix else _TO_STRICT).match(text, first[1])
    if joint is None:
        return None
    if prefix and (now := _NOW.match(text, joint.end())):
        return _since(first[0]), now.end()
    second = period_at(text, joint.end(), cal)
    if second is None:
        return None
    left, right = _share_year(first[0], second[0])
    if left.start is None or right.end_excl is None or right.end_excl <= left.start:
        return None
    return _join(left, right), second[1]


def _share_year(left: TimeExpr, right: TimeExpr) -> tuple[TimeExpr, TimeExpr]:
    """Let the side without a year take over the other's: 2012年1月到3月; Jan to March 2013."""
    if left.year_given and not right.year_given and left.start and right.start:
        year = left.start.year + (1 if right.start.month < left.start.month else 0)
        right = _moved(right, year)
    elif right.year_given and not left.year_given and left.start and right.start:
        year = right.start.year - (1 if left.start.month > right.start.month else 0)
        left = _moved(left, year)
    elif left.start and right.start and not left.year_given and right.start < left.start:
        left = _moved(left, left.start.year - 1)
    return left, right


def _moved(expr: TimeExpr, year: int) -> TimeExpr:
    assert expr.start is not None and expr.unit is not None  # noqa: S101, PT018 - named periods only
    return named(expr.unit, expr.start.replace(year=year))


def with_year_of(expr: TimeExpr, other: TimeExpr) -> TimeExpr:
    """`expr` in the year of `other`, where it was said without one (2012年…, 三月 → 2012-03)."""
    if expr.year_given or other.start is None or not other.year_given or expr.start is None:
        return expr
    return replace(_moved(expr, other.start.year), year_given=True)


def _join(left: TimeExpr, right: TimeExpr) -> TimeExpr:
    unit: Grain | None = left.unit if left.unit == right.unit else None
    return TimeExpr(
        left.start,
        right.end_excl,
        unit,
        "range",
        f"{left.label_zh}至 {right.label_zh}",
        f"{left.label_en} to {right.label_en}",
    )


def _since(expr: TimeExpr) -> TimeExpr:
    return TimeExpr(
        expr.start, None, expr.unit, "since", f"{expr.label_zh}以来", f"since {expr.label_en}"
    )


def _open_prefix(text: str, start: int, cal: Calendar) -> tuple[TimeExpr, int] | None:
    for pattern, make in (
        (_SINCE_BEFORE, _since),
        (_AFTER_BEFORE, _after),
        (_UNTIL_BEFORE, _until),
        (_PRIOR_BEFORE, _before),
    ):
        found = pattern.match(text, start)
        if found and (inner := period_at(text, found.end(), cal)):
            tail = _END.match(text, inner[1]) if make is _until else None
            return make(inner[0]), tail.end() if tail else inner[1]
    found = _FROM.match(text, start)
    if found and (inner := period_at(text, found.end(), cal)):
        tail = _SINCE_AFTER.match(text, inner[1])
        if tail:
            return _since(inner[0]), tail.end()
    return None


def _open_suffix(text: str, start: int, cal: Calendar) -> tuple[TimeExpr, int] | None:
    inner = period_at(text, start, cal)
    if inner is None or inner[0].kind == "to_date":
        return None
    for pattern, make in (
        (_SINCE_AFTER, _since),
        (_AFTER_AFTER, _after),
        (_PRIOR_AFTER, _before),
        (_UNTIL_AFTER, _until),
    ):
        if found := pattern.match(text, inner[1]):
            return make(inner[0]), found.end()
    return None


def _after(expr: TimeExpr) -> TimeExpr:
    return TimeExpr(
        expr.end_excl, None, None, "since", f"{expr.label_zh}之后", f"after {expr.label_en}"
    )


def _until(expr: TimeExpr) -> TimeExpr:
    return TimeExpr(
        None, expr.end_excl, None, "until", f"截至 {expr.label_zh}", f"until {expr.label_en}"
    )


def _before(expr: TimeExpr) -> TimeExpr:
    return TimeExpr(
        None, expr.start, None, "until", f"{expr.label_zh}之前", f"before {expr.label_en}"
    )
