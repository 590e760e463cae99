"""What happened with one partner, and how its months went."""

from __future__ import annotations

from collections.abc import Sequence

from agents.narrate import Told
from agents.slots import cell, whole
from agents.tellers.telling import MAX_LINES, Telling, listed, mark, text_of
from leadline.evidence import Chart
from leadline.types import Language


def tell_partner_timeline(told: Sequence[Told], language: Language) -> Telling:
    """The words for a timeline: newest first."""
    main, zh, n = told[0], language is Language.ZH, told[0].number
    rows = range(min(len(main.result.rows), MAX_LINES))
    if not rows:
        text = "数据里没有它的事件" if zh else "The data holds no events of it"
        return Telling(f"{text}{mark(main)}{'。' if zh else '.'}")
    who, count = cell(n, 0, "partner"), whole(n, "row_count")
    lines = [
        f"{who}的大事记，最近的在前（共 {count} 条）{mark(main)}："
        if zh
        else f"Timeline of {who}, newest first ({count} events){mark(main)}:"
    ]
    for row in rows:
        day, title = cell(n, row, "date"), cell(n, row, "title_zh" if zh else "title_en")
        sum_of = cell(n, row, "amount") if text_of(main, row, "amount") else ""
        tail = (f"，{sum_of}" if zh else f", {sum_of}") if sum_of else ""
        lines.append(f"- {day} {title}{tail}")
    return Telling("\n".join(lines), shown=listed(main, "partner"))


def tell_partner_trend(told: Sequence[Told], language: Language) -> Telling:
    """The words for a partner's months: the newest ones, beside the middle of its peers."""
    main, zh, n = told[0], language is Language.ZH, told[0].number
    if not main.result.rows:
        text = "数据里没有它的月度记录" if zh else "The data holds no months of it"
        return Telling(f"{text}{mark(main)}{'。' if zh else '.'}")
    who, count = cell(n, 0, "partner"), whole(n, "row_count")
    lines = [
        f"{who}逐月进货额（共 {count} 个月，最近的在前；当月截至数据日）{mark(main)}："
        if zh
        else f"Monthly sell-in of {who} ({count} months, newest first; the current month to "
        f"date){mark(main)}:"
    ]
    newest = range(len(main.result.rows) - 1, -1, -1)
    for row in list(newest)[:MAX_LINES]:
        month, amount = cell(n, row, "month"), cell(n, row, "amount")
        middle = cell(n, row, "peer_median_amount")
        lines.append(
            f"- {month}：{amount}（同组中位 {middle}）"
            if zh
            else f"- {month}: {amount} (peer median {middle})"
        )
    chart = Chart("line", n, "month", ("amount", "peer_median_amount"))
    return Telling("\n".join(lines), chart=chart, shown=listed(main, "partner"))
