"""How a plan of moves is told, and what it is expected to bring."""

from __future__ import annotations

from collections.abc import Sequence

from agents.narrate import Told
from agents.slots import cell, whole
from agents.tellers.telling import MAX_LINES, Telling, listed, mark
from leadline.types import Language


def tell_allocation(told: Sequence[Told], language: Language) -> Telling:
    """The words for `allocation`, with `allocation_summary` where the plan holds it too."""
    first = told[0]
    zh = language is Language.ZH
    summary = next((item for item in told if item.result.tool == "allocation_summary"), None)
    effect = [summary_line(summary, language)] if summary is not None else []
    rows = range(min(len(first.result.rows), MAX_LINES))
    if not rows:
        count = whole(first.number, "row_count")
        text = (
            f"没有值得做的调拨（{count} 笔）：富余库存的调拨费用高于能避免的缺货损失，"
            f"或没有可调的仓库{mark(first)}。"
            if zh
            else f"No move is worth its cost ({count} found): what could be spared avoids less "
            f"shortage than moving it costs, or there is no second place{mark(first)}."
        )
        return Telling("\n".join([text, *effect]))
    count = whole(first.number, "row_count")
    title = (
        f"建议调拨 {count} 笔{mark(first)}：" if zh else f"Moves suggested: {count}{mark(first)}"
    )
    lines = [move_line(first, row, language) for row in rows]
    followups = ("哪些产品可能缺货？",) if zh else ("Which products may run out of stock?",)
    return Telling(
        "\n".join([title, *lines, *effect]),
        followups=followups,
        shown=listed(first, "product"),
    )


def tell_allocation_summary(told: Sequence[Told], language: Language) -> Telling:
    """The words for `allocation_summary` alone."""
    return Telling(summary_line(told[0], language))


def move_line(told: Told, row: int, language: Language) -> str:
    """One move: from, to, what, how many, what it costs and brings."""
    zh, n = language is Language.ZH, told.number
    giver, taker = cell(n, row, "from_warehouse"), cell(n, row, "to_warehouse")
    product, units = cell(n, row, "product"), cell(n, row, "units")
    cost, effect = cell(n, row, "transfer_cost"), cell(n, row, "effect")
    why = cell(n, row, "reasons_zh" if zh else "reasons_en")
    if zh:
        head = f"- {giver} → {taker}：{product} {units}"
        return f"{head}，费用 {cost}，避免缺货损失 {effect}（{why}）"
    head = f"- {giver} → {taker}: {units} × {product}"
    return f"{head}, cost {cost}, shortage avoided {effect} ({why})"


def summary_line(told: Told, language: Language) -> str:
    """The whole plan in one sentence, with its assumptions."""
    zh, n = language is Language.ZH, told.number
    moves, cost = cell(n, 0, "moves"), cell(n, 0, "transfer_cost")
    effect, net = cell(n, 0, "effect"), cell(n, 0, "net_effect")
    before, after = cell(n, 0, "at_risk_before"), cell(n, 0, "at_risk_after")
    share, away = cell(n, 0, "cost_share"), cell(n, 0, "away_share")
    lead = cell(n, 0, "lead_time_days")
    if zh:
        return (
            f"整个方案 {moves} 笔，费用 {cost}，预计避免缺货损失 {effect}，净效果 {net}；"
            f"有缺货风险的品项由 {before} 变为 {after}。"
            f"费率假设：货值的 {share}，跨大区另加 {away}；未知的补货周期按 {lead} 计{mark(told)}。"
        )
    return (
        f"The whole plan: moves {moves}, cost {cost}, shortage avoided {effect}, net {net}; "
        f"positions at risk from {before} to {after}. "
        f"Assumed: moving costs {share} of the value, {away} more to another region; "
        f"unknown lead times are taken as {lead}{mark(told)}."
    )
