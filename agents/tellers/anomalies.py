"""What is out of the ordinary: stuffing, diversion and revenue, each finding with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agents.narrate import Told
from agents.slots import cell, whole
from agents.tellers.telling import MAX_LINES, Telling, listed, mark, text_of
from agents.wording import key_label
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


def tell_revenue_anomalies(told: Sequence[Told], language: Language) -> Telling:
    """The words for a result of the revenue anomalies tool."""
    main, zh = told[0], language is Language.ZH
    names = [c.name for c in main.result.columns]
    keys = names[: names.index("period_start")]
    if keys[0] == "partner" and len(keys) == 2 and "region" not in _asked_by(main):
        keys = keys[:1]
    reading = (
        f"销售额异常，按{'、'.join(key_label(key, language) for key in keys)}"
        if zh
        else f"Unusual sales, by {', '.join(key_label(key, language) for key in keys)}"
    )
    followups = _reasons_asked(main, keys, language)
    if not main.result.rows:
        text = (
            "没有发现销售额异常：各月都在水平、趋势与季节的预期之内。"
            if zh
            else "No unusual sales: every month is within what level, trend and season expect."
        )
        return Telling(f"{text}{mark(main)}", reading=reading, followups=followups)
    n, count = main.number, whole(main.number, "row_count")
    lines = [
        f"销售额异常共 {count} 处。{mark(main)}" if zh else f"Unusual sales: {count}.{mark(main)}"
    ]
    for row in range(min(len(main.result.rows), SHOWN)):
        who = " × ".join(cell(n, row, key) for key in keys if text_of(main, row, key))
        first, last = cell(n, row, "period_start"), cell(n, row, "period_end")
        why = cell(n, row, "reasons_zh" if zh else "reasons_en")
        lines.append(
            f"- {who}（{first} 至 {last}）：{why}。{mark(main)}"
            if zh
            else f"- {who} ({first} to {last}): {why}.{mark(main)}"
        )
    lines.append(
        "异常只说明偏离预期，不说明原因；可以接着问为什么。"
        if zh
        else "This says that sales left the expected, not why: ask for the reasons next."
    )
    return Telling(
        "\n".join(lines),
        reading=reading,
        chart=Chart("grouped_bar", n, keys[0], ("expected", "actual")),
        followups=followups,
        shown=listed(main, keys[0]),
    )


def _asked_by(main: Told) -> str:
    """What the series were asked by; their regions stand beside partners anyway."""
    return str(main.result.arguments.get("by", ""))


def _reasons_asked(main: Told, keys: Sequence[str], language: Language) -> tuple[str, ...]:
    """Why the first finding, and the same by partner."""
    zh = language is Language.ZH
    asked = []
    if main.result.rows:
        who = ("" if zh else " ").join(text_of(main, 0, key) for key in keys)
        asked.append(f"{who}的销售额为什么变化？" if zh else f"Why did sales for {who} change?")
    if "partner" not in keys:
        asked.append("哪些伙伴的销售额异常？" if zh else "Which partners have unusual sales?")
    return tuple(asked)


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
