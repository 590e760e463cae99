"""One partner, two partners, partners like one: the useful figures first, then the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agents.narrate import Told
from agents.slots import cell, whole
from agents.tellers.health import axes_line, radar
from agents.tellers.telling import MAX_LINES, Telling, listed, mark, text_of
from leadline.evidence import Chart
from leadline.types import Language

HEADLINES: Final = ("sell_in", "growth", "attainment", "win_rate", "open_pipeline", "silence")
"""KPIs told first, where the partner has them."""

COMPARED: Final = (
    "sell_in",
    "growth",
    "attainment",
    "gross_margin_rate",
    "active_customers",
    "win_rate",
    "open_pipeline",
    "logins",
    "certified_heads",
    "payment_delay_days",
)
"""KPIs told first of a comparison; the others stand in its table."""

PLACED: Final = 3
"""Strong and weak points told each."""

STRONG: Final = 0.8
WEAK: Final = 0.2
"""Percentiles from which on a KPI is a strong or a weak point."""


def tell_profile(told: Sequence[Told], language: Language) -> Telling:
    """The words for a profile: headlines, strong and weak points, what is missing."""
    main, zh = told[0], language is Language.ZH
    n = main.number
    at = {text_of(main, row, "kpi"): row for row in range(len(main.result.rows))}
    head = cell(n, 0, "partner")
    lines = [f"{head}{mark(main)}：" if zh else f"{head}{mark(main)}:"]
    lines += [_figure(main, at[k], language) for k in HEADLINES if _has(main, at, k)]
    ranked = _ranked(main)
    strong = [row for share, row in ranked if share >= STRONG][:PLACED]
    weak = [row for share, row in reversed(ranked) if share <= WEAK][:PLACED]
    for rows, zh_word, en_word in ((strong, "强项", "Strong"), (weak, "弱项", "Weak")):
        if rows:
            points = [_point(main, row, language) for row in rows]
            lines.append(
                f"{zh_word}：{'；'.join(points)}{mark(main)}。"
                if zh
                else f"{en_word}: {'; '.join(points)}{mark(main)}."
            )
    lines += _missing(main, language)
    chart = None
    health = next((item for item in told[1:] if item.result.tool == "health"), None)
    if health is not None and health.result.rows:
        lines.insert(1, axes_line(health, 0, language))
        chart = radar(health, "partner")
    followups = (
        ("和它最相似的伙伴有哪些？", "它的健康度怎么样？")
        if zh
        else ("Which partners are most like it?", "How healthy is it?")
    )
    return Telling(
        "\n".join(lines), chart=chart, followups=followups, shown=listed(main, "partner")
    )


def _has(main: Told, at: dict[str, int], kpi: str) -> bool:
    return kpi in at and bool(text_of(main, at[kpi], "value"))


def _figure(main: Told, row: int, language: Language) -> str:
    """One KPI: value, change, and where it stands among the peers."""
    zh, n = language is Language.ZH, main.number
    text = f"- {cell(n, row, 'label_zh' if zh else 'label_en')} {cell(n, row, 'value')}"
    if text_of(main, row, "change"):
        turn, size = cell(n, row, "change", "direction"), cell(n, row, "change", "size")
        text += f"，较上期{turn} {size}" if zh else f", {turn} {size} on the window before"
    if text_of(main, row, "peer_percentile"):
        place, middle = cell(n, row, "peer_percentile"), cell(n, row, "peer_median")
        text += (
            f"，同组百分位 {place}（中位 {middle}）"
            if zh
            else f", peer percentile {place} (median {middle})"
        )
    return text


def _point(main: Told, row: int, language: Language) -> str:
    n, zh = main.number, language is Language.ZH
    label, value = cell(n, row, "label_zh" if zh else "label_en"), cell(n, row, "value")
    place = cell(n, row, "peer_percentile")
    return f"{label} {value}（百分位 {place}）" if zh else f"{label} {value} (percentile {place})"


def _ranked(main: Told) -> list[tuple[float, int]]:
    """Rows with a percentile, best first, ties in the catalogue's order."""
    at = main.result.column_index("peer_percentile")
    found = [
        (float(value), row)
        for row, cells in enumerate(main.result.rows)
        if isinstance(value := cells[at], (int, float))
    ]
    return sorted(found, key=lambda item: (-item[0], item[1]))


def _missing(main: Told, language: Language) -> list[str]:
    """Which KPIs have no value, each with its reason; the first ones only."""
    zh, n = language is Language.ZH, main.number
    suffix = "zh" if zh else "en"
    rows = [r for r in range(len(main.result.rows)) if text_of(main, r, "missing_en")]
    if not rows:
        return []
    named = [
        f"{cell(n, row, f'label_{suffix}')}（{cell(n, row, f'missing_{suffix}')}）"
        if zh
        else f"{cell(n, row, f'label_{suffix}')} ({cell(n, row, f'missing_{suffix}')})"
        for row in rows[:PLACED]
    ]
    rest = len(rows) > PLACED
    if zh:
        return [f"没有数据：{'；'.join(named)}{'；其余见表' if rest else ''}{mark(main)}。"]
    return [f"No data: {'; '.join(named)}{'; more in the table' if rest else ''}{mark(main)}."]


def tell_profile_card(told: Sequence[Told], language: Language) -> Telling:
    """The words for a card: who it is, and the figures that matter."""
    main, zh, n = told[0], language is Language.ZH, told[0].number
    suffix = "zh" if zh else "en"
    parts = [
        cell(n, 0, name)
        for name in ("region", "partner_type", "partner_tier", f"segment_{suffix}")
        if text_of(main, 0, name)
    ]
    named = (
        ("amount_12m", "进货额", "sell-in"),
        ("growth", "同比", "on the year before"),
        ("health", "健康度", "health"),
        ("churn_risk", "流失风险", "churn risk"),
    )
    figures = [
        f"{zh_word} {cell(n, 0, name)}" if zh else f"{en_word} {cell(n, 0, name)}"
        for name, zh_word, en_word in named
        if text_of(main, 0, name)
    ]
    who = cell(n, 0, "partner")
    text = (
        f"{who}（{'，'.join(parts)}）：{'，'.join(figures)}{mark(main)}。"
        if zh
        else f"{who} ({', '.join(parts)}): {', '.join(figures)}{mark(main)}."
    )
    return Telling(text, shown=listed(main, "partner"))


def tell_compare_partners(told: Sequence[Told], language: Language) -> Telling:
    """The words for a comparison: the KPIs that matter side by side, who is ahead in each."""
    main, zh, n = told[0], language is Language.ZH, told[0].number
    if not main.result.rows:
        text = "没有可以对比的指标" if zh else "There is no KPI to compare"
        return Telling(f"{text}{mark(main)}{'。' if zh else '.'}")
    first, second = cell(n, 0, "first"), cell(n, 0, "second")
    at = {text_of(main, row, "kpi"): row for row in range(len(main.result.rows))}
    title = (
        f"{first} 与 {second} 对比{mark(main)}：" if zh else f"{first} and {second}{mark(main)}:"
    )
    lines = [title, *(_side_by_side(main, at[kpi], language) for kpi in COMPARED if kpi in at)]
    lines.append(
        "各自的百分位在自己的同组内计算，见表。"
        if zh
        else "Percentiles in the table are among each partner's own peers."
    )
    followups = (
        ("和它最相似的伙伴有哪些？",) if zh else ("Which partners are most like the first?",)
    )
    label = "label_zh" if zh else "label_en"
    chart = Chart("grouped_bar", n, label, ("first_percentile", "second_percentile"))
    return Telling("\n".join(lines), chart=chart, followups=followups)


def _side_by_side(main: Told, row: int, language: Language) -> str:
    zh, n = language is Language.ZH, main.number
    label = cell(n, row, "label_zh" if zh else "label_en")
    left, right = cell(n, row, "first_value"), cell(n, row, "second_value")
    better = text_of(main, row, "better")
    ahead = f"，{cell(n, 0, better)} 更优" if zh else f", {cell(n, 0, better)} is ahead"
    return f"- {label}{'：' if zh else ': '}{left} / {right}{ahead if better else ''}"


def tell_similar_partners(told: Sequence[Told], language: Language) -> Telling:
    """The words for similar partners: each with what it shares."""
    main, zh, n = told[0], language is Language.ZH, told[0].number
    rows = range(min(len(main.result.rows), MAX_LINES))
    if not rows:
        text = (
            f"没有可以比较的伙伴：它或其他伙伴的数据太少{mark(main)}。"
            if zh
            else f"No partner can be compared: there is too little data{mark(main)}."
        )
        return Telling(text)
    count = whole(n, "row_count")
    lines = [
        f"最相似的伙伴（比较了 {count} 家）{mark(main)}："
        if zh
        else f"Most alike (of {count} compared){mark(main)}:"
    ]
    for row in rows:
        who, region = cell(n, row, "partner"), cell(n, row, "region")
        share, why = cell(n, row, "similarity"), cell(n, row, "reasons_zh" if zh else "reasons_en")
        tail = (f"：{why}" if zh else f": {why}") if text_of(main, row, "reasons_en") else ""
        lines.append(
            f"- {who}（{region}），相似度 {share}{tail}"
            if zh
            else f"- {who} ({region}), similarity {share}{tail}"
        )
    followups = ("这些伙伴的健康度怎么样？",) if zh else ("How healthy are these partners?",)
    return Telling("\n".join(lines), followups=followups, shown=listed(main, "partner"))
