"""What changed, and why: the week, the last weeks against last year, causes, events."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from agents.briefs.desk import Desk, Finding, Line, Section, has, number, value
from agents.narrate import Told
from agents.slots import cell
from agents.tellers.happenings import event_line
from agents.tellers.telling import mark, text_of
from leadline.evidence import Chart

WEEKS: Final = 4
"""One week of a channel is noise; four against the same four of last year are a tendency."""
YEAR: Final = timedelta(days=364)
"""So that Mondays meet Mondays."""
CAUSES: Final = 2
SPLITS: Final = (("product_line",), ("product_category",), ("partner",))
"""What a change is split by: the first that the data carries."""
EVENTS: Final = 8
REGAINED: Final = 0.25
"""Share of a partner's loss that a review may win back, and of a tender's budget that a bid brings
on average: only for the order of the actions."""
WON: Final = 0.02
UNKNOWN: Final = 0.1
"""What a competitor's move may cost stands nowhere: a tenth of a week's sales ranks it."""
TENDERS: Final = 2


def changes(desk: Desk) -> Section:
    """The section's lines; empty where no orders exist."""
    lines = [*_week(desk), *_tendency(desk)]
    why, charts = _causes(desk)
    behind, losses = _partners_behind(desk)
    happened, chances = _events(desk)
    return Section(
        "changes",
        "变化与原因",
        "What changed and why",
        (*lines, *why, *behind, *happened),
        tuple(charts),
        (*losses, *chances),
    )


def _time(first: date, last: date, zh: str, en: str) -> dict[str, object]:
    end = last + timedelta(days=1)
    return {
        "start": first.isoformat(),
        "end_excl": end.isoformat(),
        "label": zh,
        "label_en": en,
    }


def _base(first: date, last: date, back: timedelta) -> dict[str, object]:
    end = last + timedelta(days=1)
    return {
        "kind": "custom",
        "start": (first - back).isoformat(),
        "end_excl": (end - back).isoformat(),
    }


def _week(desk: Desk) -> list[Line]:
    first, last = desk.week.first, desk.last_day
    told = desk.call(
        "query",
        {
            "metrics": ["amount", "orders", "active_partners"],
            "time": _time(first, last, "本周", "this week"),
            "compare": _base(first, last, timedelta(days=7)),
        },
    )
    if told is None:
        return []
    n = told.number
    amount, orders = cell(n, 0, "amount"), cell(n, 0, "orders")
    partners = cell(n, 0, "active_partners")
    if not number(told, 0, "amount") and not number(told, 0, "orders"):
        before = cell(n, 0, "amount__previous")
        text = desk.say(
            f"本周没有订单（订单 {orders}），上周销售额 {before}{mark(told)}。",
            f"No orders this week (orders {orders}); the week before {before}{mark(told)}.",
        )
        return [Line(text)]
    change = _change(desk, told, "amount")
    text = desk.say(
        f"本周销售额 {amount}{change}，订单 {orders} 张，下单伙伴 {partners} 家{mark(told)}。",
        f"Sales this week {amount}{change}; orders {orders}, partners ordering "
        f"{partners}{mark(told)}.",
    )
    return [Line(text)]


def _change(desk: Desk, told: Told, metric: str, base_zh: str = "上周", base_en: str = "") -> str:
    n = told.number
    if value(told, 0, f"{metric}__change_rate") is None:
        return ""
    direction = cell(n, 0, f"{metric}__change_rate", "direction")
    size = cell(n, 0, f"{metric}__change_rate", "size")
    base_en = base_en or "on the week before"
    return desk.say(f"（较{base_zh}{direction} {size}）", f" ({direction} {size} {base_en})")


def _window(desk: Desk) -> tuple[date, date]:
    return desk.week.before(WEEKS - 1).first, desk.last_day


def _tendency(desk: Desk) -> list[Line]:
    first, last = _window(desk)
    told = desk.call(
        "query",
        {
            "metrics": ["amount"],
            "time": _time(first, last, "近几周", "the last weeks"),
            "compare": _base(first, last, YEAR),
        },
    )
    if told is None or value(told, 0, "amount__change_rate") is None:
        return []
    n = told.number
    change = _change(desk, told, "amount", "去年同期", "on the same weeks of last year")
    before = cell(n, 0, "amount__previous")
    text = desk.say(
        f"截至周末的近几周（含本周）销售额 {cell(n, 0, 'amount')}{change}，"
        f"去年同期 {before}{mark(told)}。",
        f"The last weeks, this week included: sales {cell(n, 0, 'amount')}{change}, "
        f"then {before}{mark(told)}.",
    )
    return [Line(text)]


def _contributions(desk: Desk, dimensions: tuple[str, ...]) -> Told | None:
    first, last = _window(desk)
    return desk.call(
        "contributions",
        {
            "metric": "amount",
            "dimensions": list(dimensions),
            "time": _time(first, last, "近几周", "the last weeks"),
            "compare": _base(first, last, YEAR),
            "limit": 6,
        },
    )


def _causes(desk: Desk) -> tuple[list[Line], list[Chart]]:
    carried = [split for split in SPLITS if split != ("partner",) and _carries(desk, split[0])]
    if not carried:
        return [], []
    told = _contributions(desk, carried[0])
    if told is None or not has(told, "change"):
        return [], []
    lines = _movers(desk, told, carried[0][0])
    chart = Chart("waterfall", told.number, carried[0][0], ("change",))
    return lines, [chart] if lines else []


def _partners_behind(desk: Desk) -> tuple[list[Line], list[Finding]]:
    told = _contributions(desk, ("partner",))
    if told is None or not has(told, "change"):
        return [], []
    rows = [r for r in _members(told, "partner") if number(told, r, "change") < 0]
    findings = []
    for row in sorted(rows, key=lambda r: number(told, r, "change"))[:CAUSES]:
        mover = _mover(told, row, "partner")
        text = desk.say(
            f"与伙伴复盘：{mover}（较去年同期）{mark(told)}。",
            f"Review with the partner: {mover} on the same weeks of last year{mark(told)}.",
        )
        findings.append(Finding("review", text, -number(told, row, "change") * REGAINED))
    return _movers(desk, told, "partner"), findings


def _carries(desk: Desk, dimension: str) -> bool:
    from knowledge.semantic.engine import members

    snapshot, scope = desk.context.snapshot, desk.context.scope
    return len(members(snapshot, dimension, scope)) > 1


def _members(told: Told, dimension: str) -> list[int]:
    rows = [r for r in range(len(told.result.rows)) if text_of(told, r, "kind") == "member"]
    return [r for r in rows if value(told, r, dimension) is not None]


def _movers(desk: Desk, told: Told, dimension: str) -> list[Line]:
    """Who moved the figure most, each way, in one line."""
    rows = sorted(_members(told, dimension), key=lambda r: number(told, r, "change"))
    less = [r for r in rows if number(told, r, "change") < 0]
    more = [r for r in reversed(rows) if number(told, r, "change") > 0]
    parts = [
        desk.say("、", ", ").join(_mover(told, r, dimension) for r in side[:CAUSES])
        for side in (less, more)
        if side
    ]
    if not parts:
        return []
    of_partner = dimension == "partner"
    head = desk.say(
        "其中伙伴：" if of_partner else "主要来自：",
        "Partners: " if of_partner else "Mainly from: ",
    )
    return [Line(f"{head}{desk.say('；', '; ').join(parts)}{mark(told)}{desk.say('。', '.')}")]


def _mover(told: Told, row: int, dimension: str) -> str:
    n = told.number
    direction = cell(n, row, "amount__change", "direction")
    size = cell(n, row, "amount__change", "size")
    return f"{cell(n, row, dimension)} {direction} {size}"


def _events(desk: Desk) -> tuple[list[Line], list[Finding]]:
    dates = {"since": desk.week.first.isoformat(), "until": desk.last_day.isoformat()}
    offer = ["launch", "price", "competitor", "promotion"]
    told = desk.call("happenings", {**dates, "kinds": offer, "limit": EVENTS})
    tenders = desk.call("happenings", {**dates, "kinds": ["tender"], "limit": TENDERS})
    lines = _event_lines(desk, told) + _event_lines(desk, tenders)
    return lines, _answers(desk, told) + _chances(desk, tenders)


def _event_lines(desk: Desk, told: Told | None) -> list[Line]:
    if told is None:
        return []
    return [
        Line(f"{event_line(told, row, desk.language)}{mark(told)}")
        for row in range(len(told.result.rows))
    ]


def _answers(desk: Desk, told: Told | None) -> list[Finding]:
    """What a competitor did needs an answer; how much it will cost nobody knows yet."""
    if told is None:
        return []
    rows = [r for r in range(len(told.result.rows)) if text_of(told, r, "kind") == "competitor"]
    line = text_of(told, rows[0], "product_line") if rows else ""
    if not line:
        return []
    title = cell(told.number, rows[0], "title")
    name = cell(told.number, rows[0], "product_line")
    text = desk.say(
        f"为 {name} 的在谈商机准备应对：{title}{mark(told)}。",
        f"Prepare an answer for open {name} deals: {title}{mark(told)}.",
    )
    week = next(item for item in desk.told if item.result.tool == "query")
    return [Finding("answer", text, number(week, 0, "amount") * UNKNOWN)]


def _chances(desk: Desk, told: Told | None) -> list[Finding]:
    if told is None or not told.result.rows or value(told, 0, "new_value") is None:
        return []
    title, budget = cell(told.number, 0, "title"), cell(told.number, 0, "new_value")
    text = desk.say(
        f"安排伙伴跟进招标：{title}，预算 {budget}{mark(told)}。",
        f"Have a partner bid: {title}, budget {budget}{mark(told)}.",
    )
    return [Finding("tender", text, number(told, 0, "new_value") * WON)]
