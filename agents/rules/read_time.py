"""Tokens → draft: which period, and compared with which."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from agents.rules.draft import Draft, Note
from agents.rules.read import Reading
from agents.rules.time_rules import TimeExpr, named
from agents.rules.timex import with_year_of
from agents.rules.tokens import Token
from knowledge.semantic.calendar import period_of, previous_period, shift_months
from leadline.types import Period


def read_times(r: Reading) -> None:
    """Settle the time expressions of the question: one period, two to compare, or a span."""
    tokens = list(r.of("time"))
    for token in tokens:
        token.used = True
    for token in list(r.of("duration")):  # 2011、2012、2013三年
        token.used = len(tokens) > 1 and token.text[0] in "两三四五六2345"
    if not tokens:
        return
    exprs = _merge_years([t.time for t in tokens if t.time is not None])
    if len(exprs) == 1:
        _one(r, tokens[0], exprs[0])
    elif len(exprs) == 2:
        _two(r, tokens, exprs[0], exprs[1])
    else:
        _many(r, exprs)


def _merge_years(exprs: list[TimeExpr]) -> list[TimeExpr]:
    """ "2013年…3月": a year said apart from its month gives the month its year."""
    years = [e for e in exprs if e.unit == "year" and e.kind == "named"]
    bare = [e for e in exprs if not e.year_given]
    if len(years) == 1 and bare:
        return [with_year_of(e, years[0]) if e in bare else e for e in exprs if e is not years[0]]
    given = [e for e in exprs if e.year_given and e.unit in ("month", "quarter", "half")]
    if len(given) == 1 and bare:
        moved = [with_year_of(e, given[0]) if e in bare else e for e in exprs]
        if len({(e.start, e.end_excl) for e in moved}) == len(moved):
            return moved  # else "October vs October last year": the bare one is the latest
    return exprs


def _one(r: Reading, token: Token, expr: TimeExpr) -> None:
    draft = r.draft
    before = r.before(token)
    several = any(len(f.labels) > 1 for f in draft.positive_filters)
    led = before is not None and before.kind == "versus" and not several
    if led and draft.compare in (None, "custom"):
        _against(r, expr)
        return
    span = _ends_of_range(expr)
    if span is not None and (draft.growth is not None or draft.difference) and draft.grain is None:
        draft.base_time, draft.time = span
        draft.compare = "custom"
        return
    draft.time = expr


def _ends_of_range(expr: TimeExpr) -> tuple[TimeExpr, TimeExpr] | None:
    """ "From 2012 to 2013" with a growth word: first and last unit of the range."""
    if expr.kind != "range" or expr.unit is None or not (expr.start and expr.end_excl):
        return None
    first = named(expr.unit, expr.start)
    last = named(expr.unit, expr.end_excl - timedelta(days=1))
    return (first, last) if first != last else None


def _against(r: Reading, base: TimeExpr) -> None:
    """ "Compared with last year": the current period of that kind, to date, is compared with it."""
    as_of = r.ctx.calendar.as_of
    if base.unit is None or base.start is None:
        r.draft.time = base
        return
    current = period_of(base.unit, as_of)
    zh = {"year": "今年", "quarter": "本季度", "month": "本月", "week": "本周"}.get(
        base.unit, "本期"
    )
    r.draft.time = TimeExpr(
        current.start, current.end_excl, base.unit, "named", zh, f"this {base.unit}"
    )
    r.draft.base_time = base
    r.draft.against = base
    r.draft.compare = "custom"


def _two(r: Reading, tokens: list[Token], first: TimeExpr, second: TimeExpr) -> None:
    draft = r.draft
    if draft.no_orders and first.start and second.start:
        word = next(t for t in r.tokens if t.kind == "no_orders")
        idle = second if tokens[1].start < word.start else first
        draft.time, draft.base_time = (second, first) if idle is second else (first, second)
        draft.compare, draft.lapsed = "custom", True
        return
    inside = _contained(first, second)
    if inside is not None and draft.compare != "custom":
        draft.time = inside  # "2013 ytd": one period, said twice
        return
    if _on_last_year(r, first, second):
        draft.time, draft.compare = first, "yoy"
        return
    compared = r.has("versus", "difference") or draft.growth is not None or draft.difference
    if compared and (first.start, first.end_excl) == (second.start, second.end_excl):
        draft.time, draft.compare = first, "previous_period"  # last 3 months vs the previous 3
        return
    if compared and draft.compare in (None, "custom", "yoy", "previous_period"):
        later_first = True
        middle = r.cover.text[tokens[0].end : tokens[1].start]
        if first.start and second.start and first.start < second.start:
            # "2013 vs 2012" names the base last; "from 2012 to 2013", "2012和2013年对比" first
            later_first = any(
                w in middle for w in ("比", "较", "vs", "versus", "than", "compared", "against")
            )
            if not any(w in middle for w in ("比", "较", "than")):
                later_first = False
        draft.time, draft.base_time = (first, second) if later_first else (second, first)
        draft.compare = "custom"
        return
    if draft.compare == "yoy" and first.start and second.start:
        draft.time = max(first, second, key=lambda e: e.start or date.min)
        return
    _many(r, [first, second])


def _on_last_year(r: Reading, first: TimeExpr, second: TimeExpr) -> bool:
    """ "This quarter … on last year": a shorter period beside the year before its own."""
    if second.unit != "year" or first.unit in (None, "year"):
        return False
    if first.start is None or second.start is None or r.draft.base_time is not None:
        return False
    compared = r.has("versus", "difference", "compare") or r.draft.growth is not None
    return compared and second.start.year == first.start.year - 1


def _contained(first: TimeExpr, second: TimeExpr) -> TimeExpr | None:
    """The narrower of two periods of which one lies in the other and starts with it."""
    if first.start is None or first.start != second.start or first.unit != second.unit:
        return None
    if first.kind == second.kind:
        return None
    return first if first.kind == "to_date" else second


def _crossed(r: Reading) -> bool:
    """ "Canada in 2012 and France in 2011": each member has a period of its own."""
    order = [t.kind for t in r.tokens if t.kind in ("time", "value")]
    return order in (["time", "value", "time", "value"], ["value", "time", "value", "time"])


def _many(r: Reading, exprs: list[TimeExpr]) -> None:
    """Several periods side by side: a row each where they touch, else two compared."""
    draft = r.draft
    if _crossed(r):
        r.problems.append(
            Note(
                "每个对象各有时间段，请分开问",
                "Each member has a period of its own: please ask one by one",
            )
        )
        return
    units = {e.unit for e in exprs}
    starts = sorted((e for e in exprs if e.start and e.end_excl), key=lambda e: e.start or date.min)
    if len(units) != 1 or len(starts) != len(exprs) or None in units:
        r.problems.append(_mixed_times())
        return
    touching = all(a.end_excl == b.start for a, b in pairwise(starts))
    unit = starts[0].unit
    if touching and unit is not None:
        draft.time = TimeExpr(
            starts[0].start,
            starts[-1].end_excl,
            unit,
            "range",
            f"{starts[0].label_zh}至 {starts[-1].label_zh}",
            f"{starts[0].label_en} to {starts[-1].label_en}",
        )
        draft.grain = draft.grain or unit
    elif len(starts) == 2:
        draft.time, draft.base_time, draft.compare = starts[1], starts[0], "custom"
    else:
        r.problems.append(_mixed_times())


def _mixed_times() -> Note:
    return Note(
        "问题里的几个时间段不能放在一起，请只说一个时间段，或两个要对比的时间段",
        "the periods do not go together: name one period, or two to compare",
    )


def default_time(draft: Draft, as_of: date) -> tuple[str, str] | None:
    """Fill in the period of a comparison or growth that names none; returns the note (zh, en).

    环比: the current month to date; 同比 and plain growth: the year to date.
    """
    if draft.time is not None or draft.grain is not None:
        return None
    compare = draft.compare
    if compare is None and draft.growth is None:
        return None
    if compare in ("target", "custom"):
        return None
    unit = "month" if compare == "previous_period" else "year"
    period = period_of(unit, as_of)  # type: ignore[arg-type]
    if unit == "month":
        draft.time = TimeExpr(period.start, period.end_excl, "month", "named", "本月", "this month")
        return ("未说明期间，取本月至今", "no period was named: the month to date")
    draft.time = TimeExpr(
        period.start, as_of + timedelta(days=1), "year", "to_date", "年初至今", "year to date"
    )
    return ("未说明期间，取年初至今", "no period was named: the year to date")


def base_period(draft: Draft, as_of: date) -> Period | None:
    """The whole base period of a comparison, before alignment to elapsed days."""
    if draft.base_time is not None and draft.base_time.start and draft.base_time.end_excl:
        base = Period(draft.base_time.start, draft.base_time.end_excl)
        current = draft.time
        if current is not None and current.kind == "to_date" and current.start:
            tomorrow = as_of + timedelta(days=1)  # "year to date versus last year": the same days
            if base.start == shift_months(current.start, -12):
                return base.clipped(_year_earlier(tomorrow))
            return base.clipped(base.start + (tomorrow - current.start))
        return base
    expr = draft.time
    if expr is None or expr.start is None:
        return None
    end = expr.end_excl or as_of + timedelta(days=1)
    if draft.compare == "yoy":
        return Period(shift_months(expr.start, -12), _year_earlier(end))
    if draft.compare != "previous_period":
        return None
    if expr.kind in ("named", "to_date") and expr.unit is not None:
        previous = previous_period(expr.unit, period_of(expr.unit, expr.start))
        if expr.kind == "to_date":
            return previous.clipped(previous.start + (end - expr.start))
        return previous
    months = _whole_months(expr.start, end)
    if months:
        return Period(shift_months(expr.start, -months), expr.start)
    return Period(expr.start - (end - expr.start), expr.start)


def _year_earlier(end: date) -> date:
    """A year before an exclusive end: the day after the same last day (so 02-29 is not lost)."""
    return (
        shift_months(end, -12)
        if end.day == 1
        else shift_months(end - timedelta(days=1), -12) + timedelta(days=1)
    )


def _whole_months(start: date, end: date) -> int | None:
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if months > 0 and shift_months(start, months) == end else None
