"""What is out of the ordinary: stuffing, diversion and revenue, each finding with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agents.narrate import Told
from agents.slots import cell, whole
from agents.tellers.telling import MAX_LINES, Telling, listed, mark
from leadline.evidence import Chart
from leadline.types import Language

SHOWN: Final = 5
"""Findings told with their reasons; more would not be read."""

_LIMITS: Final = {
    Language.ZH: "可疑度是证据的加权，不是定论；处理前请向伙伴核实。",
    Language.EN: "A score weighs evidence and proves nothing: ask the partner before you act.",
}


def tell_stuffing(told: Sequence[Told], language: Language) -> Telling:
    """The words for a result of the stuffing tool."""
    zh = language is Language.ZH
    return _findings(
        told[0],
        language,
        head="疑似压货" if zh else "Suspected channel stuffing",
        nothing=(
            "没有发现疑似压货：季末没有异常的大额进货留在伙伴库存里。"
            if zh
            else "No sign of channel stuffing: no unusual quarter-end purchase stayed on a shelf."
        ),
        followups=(
            ("有窜货吗？", "哪些大区的销售额异常？")
            if zh
            else ("Is there any diversion?", "Which regions have unusual sales?")
        ),
        bar="late_amount",
    )


def tell_diversion(told: Sequence[Told], language: Language) -> Telling:
    """The words for a result of the diversion tool."""
    zh = language is Language.ZH
    return _findings(
        told[0],
        language,
        head="疑似窜货" if zh else "Suspected diversion",
        nothing=(
            "没有发现疑似窜货：跨区订单没有集中出现低于底价、未报备或撞客户。"
            if zh
            else "No sign of diversion: orders outside a region are neither cheap nor unregistered."
        ),
        followups=(
            ("有压货吗？", "哪些大区的销售额异常？")
            if zh
            else ("Is there any channel stuffing?", "Which regions have unusual sales?")
        ),
        bar="off_amount",
    )


def _findings(
    main: Told,
    language: Language,
    *,
    head: str,
    nothing: str,
    followups: tuple[str, ...],
    bar: str,
) -> Telling:
    """Findings of partners: how many, the first ones with days and reasons, what to do."""
    zh = language is Language.ZH
    rows = main.result.rows
    if not rows:
        return Telling(f"{nothing}{mark(main)}", reading=head, followups=followups)
    n, count = main.number, whole(main.number, "row_count")
    lines = [f"{head}共 {count} 处。{mark(main)}" if zh else f"{head}: {count}.{mark(main)}"]
    for row in range(min(len(rows), SHOWN, MAX_LINES)):
        who, region = cell(n, row, "partner"), cell(n, row, "region")
        first, last = cell(n, row, "period_start"), cell(n, row, "period_end")
        score = cell(n, row, "score")
        why = cell(n, row, "reasons_zh" if zh else "reasons_en")
        lines.append(
            f"- {who}（{region}，{first} 至 {last}，可疑度 {score}）：{why}。{mark(main)}"
            if zh
            else f"- {who} ({region}, {first} to {last}, score {score}): {why}.{mark(main)}"
        )
    lines.append(_LIMITS[language])
    return Telling(
        "\n".join(lines),
        reading=head,
        chart=Chart("bar", n, "partner", (bar,)) if len(rows) > 1 else None,
        followups=followups,
        shown=listed(main, "partner"),
    )
