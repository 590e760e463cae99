"""Segments of partners in words: who is what, why, and what helps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agents.narrate import Told
from agents.slots import cell, whole
from agents.tellers.telling import MAX_LINES, Telling, listed, mark, text_of
from leadline.evidence import Chart
from leadline.types import Language

_LIMITS: Final = {
    Language.ZH: "分群是与其他伙伴相比的归类，把握低的请结合档案再看。",
    Language.EN: "Segments compare partners with each other; where confidence is low, look at the "
    "profile too.",
}


def tell_segments(told: Sequence[Told], language: Language) -> Telling:
    """The words for a list of partners with their segments, or for one partner's segment."""
    main, zh = told[0], language is Language.ZH
    rows = main.result.rows
    followups = (
        ("各分群有多少伙伴？", "其中哪些有流失风险？")
        if zh
        else ("How many partners are in each segment?", "Which of them may churn?")
    )
    if not rows:
        text = "没有符合条件的伙伴" if zh else "No partner meets the conditions"
        return Telling(f"{text}{mark(main)}{'。' if zh else '.'}", followups=followups)
    shown = listed(main, "partner")
    if len(rows) == 1:
        return Telling(_one(main, language), followups=followups, shown=shown)
    count = whole(main.number, "row_count")
    head = f"伙伴分群（共 {count} 家）{mark(main)}：" if zh else f"Segments ({count}){mark(main)}:"
    lines = [head, *(_listed(main, row, language) for row in range(min(len(rows), MAX_LINES)))]
    lines.append(_LIMITS[language])
    return Telling(
        "\n".join(lines),
        chart=Chart("bar", main.number, "partner", ("amount_12m",)),
        followups=followups,
        shown=shown,
    )


def _one(main: Told, language: Language) -> str:
    zh, n = language is Language.ZH, main.number
    suffix = "zh" if zh else "en"
    who, segment = cell(n, 0, "partner"), cell(n, 0, f"segment_{suffix}")
    lines = [f"{who}：{segment}{mark(main)}" if zh else f"{who}: {segment}{mark(main)}"]
    if text_of(main, 0, "confidence"):
        sure, since = cell(n, 0, "confidence"), cell(n, 0, "since")
        lines.append(
            f"- 把握 {sure}，自 {since} 起可见"
            if zh
            else f"- confidence {sure}, seen since {since}"
        )
    if text_of(main, 0, "previous_segment"):
        before = cell(n, 0, f"previous_segment_{suffix}")
        lines.append(f"- 之前：{before}" if zh else f"- before: {before}")
    if text_of(main, 0, f"reasons_{suffix}"):
        why = cell(n, 0, f"reasons_{suffix}")
        lines.append(f"- 原因：{why}" if zh else f"- why: {why}")
    support = cell(n, 0, f"support_{suffix}")
    lines.append(f"- 建议：{support}" if zh else f"- what helps: {support}")
    lines.append(_LIMITS[language])
    return "\n".join(lines)


def _listed(main: Told, row: int, language: Language) -> str:
    zh, n = language is Language.ZH, main.number
    suffix = "zh" if zh else "en"
    who, region = cell(n, row, "partner"), cell(n, row, "region")
    segment = cell(n, row, f"segment_{suffix}")
    why = ""
    if text_of(main, row, f"reasons_{suffix}"):
        reasons = cell(n, row, f"reasons_{suffix}")
        why = f"：{reasons}" if zh else f": {reasons}"
    if zh:
        return f"- {who}（{region}）{segment}{why}{mark(main)}"
    return f"- {who} ({region}) {segment}{why}{mark(main)}"


def tell_segment_summary(told: Sequence[Told], language: Language) -> Telling:
    """The words for the segments as a whole: partners, sales, growth, what helps."""
    main, zh, n = told[0], language is Language.ZH, told[0].number
    suffix = "zh" if zh else "en"
    rows = range(len(main.result.rows))
    if not rows:
        text = "没有可以分群的伙伴" if zh else "There are no partners to group"
        return Telling(f"{text}{mark(main)}{'。' if zh else '.'}")
    lines = [
        f"各分群的伙伴与滚动全年销售额{mark(main)}："
        if zh
        else f"Partners and sales of a year by segment{mark(main)}:"
    ]
    for row in rows:
        name, partners = cell(n, row, f"segment_{suffix}"), cell(n, row, "partners")
        amount, support = cell(n, row, "amount_12m"), cell(n, row, f"support_{suffix}")
        share = ""
        if text_of(main, row, "share"):
            part = cell(n, row, "share")
            share = f"，占 {part}" if zh else f", {part} of all"
        growth = ""
        if text_of(main, row, "growth"):
            rate = cell(n, row, "growth")
            growth = f"，同比变化 {rate}" if zh else f", change on the year before {rate}"
        lines.append(
            f"- {name}：{partners} 家，{amount}{share}{growth}。建议：{support}"
            if zh
            else f"- {name}: {partners} partners, {amount}{share}{growth}. What helps: {support}"
        )
    lines.append(_LIMITS[language])
    followups = (
        ("高潜力增长型伙伴有哪些？", "哪些伙伴有流失风险？")
        if zh
        else ("Which partners are high potential?", "Which partners may churn?")
    )
    return Telling(
        "\n".join(lines),
        chart=Chart("bar", n, f"segment_{suffix}", ("amount_12m",)),
        followups=followups,
    )
