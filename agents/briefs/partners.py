"""Partners to act on: who may leave, who was pushed to buy, who sells elsewhere, with reasons."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from agents.briefs.desk import Desk, Finding, Line, Section, has, number
from agents.narrate import Told
from agents.slots import cell
from agents.tellers.telling import mark, text_of
from leadline.evidence import Chart

LEAVING: Final = 6
NAMED: Final = 12
"""Further partners at high risk, by name only."""
STUFFED_DAYS: Final = 28
"""A push at a quarter's end is news for four weeks."""
SUSPECTS: Final = 3
MEMBERS: Final = ("partner", "region", "territory", "product_category", "product_line")
"""Columns that may name what is out of the ordinary."""
RECOVERABLE: Final = 0.5
"""Share of a partner's expected loss that a visit may save: only for the order of actions."""


def partners(desk: Desk) -> Section:
    """The section; its charts show what stands at risk."""
    leaving = desk.call("churn", {"band": "high", "order": "risk", "limit": LEAVING + NAMED})
    support = _support(desk, leaving)
    lines = [_leaving(desk, leaving, row, support) for row in _rows(leaving, LEAVING)]
    lines += _others(desk, leaving)
    findings = [_visit(desk, leaving, row, support) for row in _rows(leaving, LEAVING)]
    since = (desk.week.last - timedelta(days=STUFFED_DAYS)).isoformat()
    for tool, kind in (("stuffing", "stuffing"), ("diversion", "diversion")):
        told = desk.call(tool, {"since": since, "limit": SUSPECTS})
        lines += [_suspect(desk, told, row, kind) for row in _rows(told, SUSPECTS)]
        findings += [_check(desk, told, row, kind) for row in _rows(told, SUSPECTS)]
    lines += _anomalies(desk)
    charts: tuple[Chart, ...] = ()
    if leaving is not None and len(leaving.result.rows) > 1:
        charts = (Chart("bar", leaving.number, "partner", ("exposure",)),)
    return Section(
        "partners", "需要行动的伙伴", "Partners to act on", tuple(lines), charts, tuple(findings)
    )


def _rows(told: Told | None, most: int) -> range:
    return range(0 if told is None else min(len(told.result.rows), most))


def _support(desk: Desk, leaving: Told | None) -> tuple[Told, dict[str, int]] | None:
    """Segments of these partners: result, and the row of each."""
    rows = _rows(leaving, LEAVING)
    if leaving is None or not rows:
        return None
    names = [text_of(leaving, row, "partner") for row in rows]
    told = desk.call("segments", {"partners": names, "limit": len(names)})
    if told is None or not has(told, "support_zh"):
        return None
    return told, {text_of(told, r, "partner"): r for r in range(len(told.result.rows))}


def _leaving(
    desk: Desk, told: Told | None, row: int, support: tuple[Told, dict[str, int]] | None
) -> Line:
    assert told is not None  # noqa: S101 - it has this row
    n = told.number
    name, risk = cell(n, row, "partner"), cell(n, row, "risk")
    worth = cell(n, row, "amount_12m")
    why = cell(n, row, desk.say("reasons_zh", "reasons_en"))
    text = desk.say(
        f"{name}：流失风险 {risk}，年进货 {worth}；{why}{mark(told)}",
        f"{name}: churn risk {risk}, yearly sales {worth}; {why}{mark(told)}",
    )
    found = _of(support, text_of(told, row, "partner"))
    if found is not None:
        told_support, at = found
        kind = cell(told_support.number, at, desk.say("segment_zh", "segment_en"))
        advice = cell(told_support.number, at, desk.say("support_zh", "support_en"))
        text += desk.say(
            f"。分群：{kind}；建议：{advice}{mark(told_support)}",
            f". Segment: {kind}; support: {advice}{mark(told_support)}",
        )
    return Line(f"{text}{desk.say('。', '.')}")


def _of(support: tuple[Told, dict[str, int]] | None, name: str) -> tuple[Told, int] | None:
    if support is None or name not in support[1]:
        return None
    return support[0], support[1][name]


def _others(desk: Desk, told: Told | None) -> list[Line]:
    """Further ones at high risk, with their risk, in one line."""
    if told is None:
        return []
    rows = range(LEAVING, min(len(told.result.rows), LEAVING + NAMED))
    if not rows:
        return []
    n = told.number
    listed = [f"{cell(n, r, 'partner')} {cell(n, r, 'risk')}" for r in rows]
    names = desk.say("、", ", ").join(listed)
    text = desk.say(
        f"同为高风险：{names}{mark(told)}。", f"Also at high risk: {names}{mark(told)}."
    )
    return [Line(text)]


def _visit(
    desk: Desk, told: Told | None, row: int, support: tuple[Told, dict[str, int]] | None
) -> Finding:
    assert told is not None  # noqa: S101 - it has this row
    n = told.number
    name, worth = cell(n, row, "partner"), cell(n, row, "exposure")
    since = cell(n, row, "days_since_last_order")
    text = desk.say(
        f"联系 {name}：已 {since}未下单，预期损失 {worth}{mark(told)}",
        f"Call {name}: no order for {since}, expected loss {worth}{mark(told)}",
    )
    found = _of(support, text_of(told, row, "partner"))
    if found is not None:
        advice = cell(found[0].number, found[1], desk.say("support_zh", "support_en"))
        text += desk.say(f"；{advice}{mark(found[0])}", f"; {advice}{mark(found[0])}")
    weight = number(told, row, "exposure") * RECOVERABLE
    return Finding("churn", f"{text}{desk.say('。', '.')}", weight)


_SUSPICION: Final = {
    "stuffing": ("压货", "channel stuffing"),
    "diversion": ("窜货", "diversion"),
}
_AMOUNT: Final = {"stuffing": "late_amount", "diversion": "off_amount"}


def _suspect(desk: Desk, told: Told | None, row: int, kind: str) -> Line:
    assert told is not None  # noqa: S101 - it has this row
    n = told.number
    name, score = cell(n, row, "partner"), cell(n, row, "score")
    first, last = cell(n, row, "period_start"), cell(n, row, "period_end")
    what = desk.say(*_SUSPICION[kind])
    why = cell(n, row, desk.say("reasons_zh", "reasons_en"))
    where = ""
    if has(told, "to_region") and text_of(told, row, "to_region"):
        where = desk.say(f"，流向 {cell(n, row, 'to_region')}", f", to {cell(n, row, 'to_region')}")
    text = desk.say(
        f"{name}：疑似{what}（{first} 至 {last}，得分 {score}{where}）；{why}{mark(told)}。",
        f"{name}: suspected {what} ({first} to {last}, score {score}{where}); {why}{mark(told)}.",
    )
    return Line(text)


def _check(desk: Desk, told: Told | None, row: int, kind: str) -> Finding:
    assert told is not None  # noqa: S101 - it has this row
    n = told.number
    name, column = cell(n, row, "partner"), _AMOUNT[kind]
    amount = cell(n, row, column) if has(told, column) else cell(n, row, "score")
    if kind == "stuffing":
        text = desk.say(
            f"核实 {name} 季末进货 {amount}：看动销与库存，确认是否退换{mark(told)}。",
            f"Check {name}'s purchases at quarter end, {amount}: sell-through, shelf, "
            f"returns{mark(told)}.",
        )
    else:
        text = desk.say(
            f"核实 {name} 的跨区订单 {amount}：核对客户归属与报备{mark(told)}。",
            f"Check {name}'s orders abroad, {amount}: whose customers, which "
            f"registrations{mark(told)}.",
        )
    return Finding(kind, text, number(told, row, column))


def _anomalies(desk: Desk) -> list[Line]:
    since = desk.week.first.isoformat()
    told = desk.call("revenue_anomalies", {"since": since, "limit": SUSPECTS})
    if told is None or not has(told, "expected"):
        return []
    n, lines = told.number, []
    for row in _rows(told, SUSPECTS):
        names = [cell(n, row, key) for key in MEMBERS if has(told, key) and text_of(told, row, key)]
        name = " / ".join(names)
        actual, expected = cell(n, row, "actual"), cell(n, row, "expected")
        begin, end = cell(n, row, "period_start"), cell(n, row, "period_end")
        text = desk.say(
            f"收入异常：{name}（{begin} 至 {end}）实际 {actual}，预期 {expected}{mark(told)}。",
            f"Unusual revenue: {name} ({begin} to {end}), {actual} where {expected} was "
            f"expected{mark(told)}.",
        )
        lines.append(Line(text))
    return lines
