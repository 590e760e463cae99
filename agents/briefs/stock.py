"""Stock: what may run out, what lies idle, what to move."""

from __future__ import annotations

from typing import Final

from agents.briefs.desk import Desk, Finding, Line, Section, number
from agents.narrate import Told
from agents.slots import cell
from agents.tellers.allocation import move_line, summary_line
from agents.tellers.inventory_risk import place_name, position_line
from agents.tellers.telling import mark
from leadline.evidence import Chart

SHORT: Final = 3
IDLE: Final = 2
MOVES: Final = 2


def stock(desk: Desk) -> Section:
    """Positions at risk and the plan; left out where nothing is counted or at risk."""
    short = desk.call("inventory_risk", {"risk": "stockout", "limit": SHORT})
    idle = desk.call("inventory_risk", {"risk": "overstock", "limit": IDLE})
    lines = [*_positions(desk, short), *_positions(desk, idle)]
    moves = desk.call("allocation", {"limit": MOVES})
    if moves is not None and moves.result.rows:
        lines += [
            Line(move_line(moves, row, desk.language).removeprefix("- ") + mark(moves))
            for row in range(len(moves.result.rows))
        ]
        whole = desk.call("allocation_summary", {})
        if whole is not None:
            lines.append(Line(summary_line(whole, desk.language)))
    charts: tuple[Chart, ...] = ()
    if short is not None and len(short.result.rows) > 1:
        charts = (Chart("bar", short.number, "product", ("stockout_risk",), "warehouse"),)
    findings = (*_short_findings(desk, short), *_idle_findings(desk, idle, moves))
    return Section("stock", "库存", "Stock", tuple(lines), charts, findings)


def _positions(desk: Desk, told: Told | None) -> list[Line]:
    if told is None:
        return []
    return [
        Line(position_line(told, row, desk.language).removeprefix("- ") + mark(told))
        for row in range(len(told.result.rows))
    ]


def _short_findings(desk: Desk, told: Told | None) -> list[Finding]:
    if told is None or not told.result.rows:
        return []
    n = told.number
    name, risk = place_name(told, 0), cell(n, 0, "stockout_risk")
    point, on_hand = cell(n, 0, "reorder_point"), cell(n, 0, "on_hand")
    text = desk.say(
        f"补货 {name}：现有 {on_hand}，再订货点 {point}，缺货风险 {risk}{mark(told)}。",
        f"Replenish {name}: on hand {on_hand}, reorder point {point}, stock-out risk "
        f"{risk}{mark(told)}.",
    )
    return [Finding("replenish", text, number(told, 0, "shortage_value"))]


def _idle_findings(desk: Desk, told: Told | None, moves: Told | None) -> list[Finding]:
    found: list[Finding] = []
    if moves is not None and moves.result.rows:
        n = moves.number
        giver, taker = cell(n, 0, "from_warehouse"), cell(n, 0, "to_warehouse")
        units, product = cell(n, 0, "units"), cell(n, 0, "product")
        effect, cost = cell(n, 0, "effect"), cell(n, 0, "transfer_cost")
        text = desk.say(
            f"从 {giver} 调 {units} 台 {product} 到 {taker}：费用 {cost}，"
            f"避免缺货损失 {effect}{mark(moves)}。",
            f"Move {units} of {product} from {giver} to {taker}: cost {cost}, shortage avoided "
            f"{effect}{mark(moves)}.",
        )
        found.append(Finding("move", text, number(moves, 0, "net_effect")))
    if told is not None and told.result.rows:
        n = told.number
        name, worth = place_name(told, 0), cell(n, 0, "overstock_value")
        units = cell(n, 0, "overstock_units")
        text = desk.say(
            f"消化 {name} 的积压 {units} 台，占用 {worth}{mark(told)}。",
            f"Clear {name}: {units} beyond need, worth {worth}{mark(told)}.",
        )
        # money that lies still is not lost: a tenth of it is what a year costs
        found.append(Finding("overstock", text, number(told, 0, "overstock_value") * 0.1))
    return found
