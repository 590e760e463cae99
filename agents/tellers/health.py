"""How healthy partners and the channel are: score, axes, reasons, and how far to trust it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agents.narrate import Told
from agents.slots import cell, whole
from agents.tellers.telling import MAX_LINES, Telling, listed, mark, text_of
from leadline.evidence import Chart
from leadline.types import Language

AXES: Final[tuple[tuple[str, str, str], ...]] = (
    ("results", "业绩", "results"),
    ("growth", "成长", "momentum"),
    ("pipeline", "商机", "pipeline"),
    ("engagement", "参与", "engagement"),
    ("capability", "能力", "capability"),
    ("payment", "回款", "payment"),
)
"""Axes of the radar with the words that a text may use for them."""

_LIMITS: Final = {
    Language.ZH: "分数是与同组伙伴相比的名次，不是绝对水平；缺失的数据不计分，见覆盖率。",
    Language.EN: "A score ranks a partner among its peers, it is no absolute level; "
    "what is missing is left out, see the coverage.",
}


def radar(main: Told, name: str) -> Chart:
    """The radar of the first rows' axes."""
    return Chart("radar", main.number, name, tuple(axis for axis, _, _ in AXES))


def axes_line(main: Told, row: int, language: Language) -> str:
    """The score of one row with its axes; missing axes are left out."""
    zh, n = language is Language.ZH, main.number
    parts = [
        f"{zh_word if zh else en_word} {cell(n, row, axis)}"
        for axis, zh_word, en_word in AXES
        if text_of(main, row, axis)
    ]
    score = cell(n, row, "score")
    inner = ("，" if zh else ", ").join(parts)
    return (
        f"健康度 {score}（{inner}）{mark(main)}" if zh else f"Health {score} ({inner}){mark(main)}"
    )


def tell_health(told: Sequence[Told], language: Language) -> Telling:
    """The words for a health list, or for one partner's health."""
    main, zh, n = told[0], language is Language.ZH, told[0].number
    rows = main.result.rows
    followups = (
        ("各大区的健康度怎么样？", "哪些伙伴有流失风险？")
        if zh
        else ("How healthy are the regions?", "Which partners may churn?")
    )
    if not rows:
        text = "没有符合条件的伙伴" if zh else "No partner meets the conditions"
        return Telling(f"{text}{mark(main)}{'。' if zh else '.'}", followups=followups)
    if len(rows) == 1:
        return Telling(
            "\n".join([_one(main, language), _LIMITS[language]]),
            chart=radar(main, "partner") if text_of(main, 0, "score") else None,
            followups=followups,
            shown=listed(main, "partner"),
        )
    best = main.result.arguments.get("order") == "best"
    count = whole(n, "row_count")
    if zh:
        order = "最高" if best else "最低"
        lines = [f"健康度{order}的伙伴（共 {count} 家）{mark(main)}："]
    else:
        order = "Healthiest" if best else "Least healthy"
        lines = [f"{order} partners (of {count}){mark(main)}:"]
    lines += [_listed(main, row, language) for row in range(min(len(rows), MAX_LINES))]
    lines.append(_LIMITS[language])
    return Telling(
        "\n".join(lines),
        chart=Chart("bar", n, "partner", ("score",)),
        followups=followups,
        shown=listed(main, "partner"),
    )


def _one(main: Told, language: Language) -> str:
    zh, n = language is Language.ZH, main.number
    suffix = "zh" if zh else "en"
    who, cover = cell(n, 0, "partner"), cell(n, 0, "coverage")
    if not text_of(main, 0, "score"):
        return (
            f"{who} 没有健康度：数据只覆盖 {cover}{mark(main)}。"
            if zh
            else f"{who} has no health score: the data covers {cover} only{mark(main)}."
        )
    band, why = cell(n, 0, f"band_{suffix}"), cell(n, 0, f"reasons_{suffix}")
    reasons = (f"原因：{why}。" if zh else f"Why: {why}.") if text_of(main, 0, "reasons_en") else ""
    line = axes_line(main, 0, language)
    if zh:
        return f"{who}：{band}。{line}，数据覆盖 {cover}。\n{reasons}"
    return f"{who}: {band}. {line}, coverage {cover}.\n{reasons}"


def _listed(main: Told, row: int, language: Language) -> str:
    zh, n = language is Language.ZH, main.number
    suffix = "zh" if zh else "en"
    who, region = cell(n, row, "partner"), cell(n, row, "region")
    if not text_of(main, row, "score"):
        cover = cell(n, row, "coverage")
        return (
            f"- {who}（{region}）：没有分数，数据只覆盖 {cover}"
            if zh
            else f"- {who} ({region}): no score, the data covers {cover} only"
        )
    score, band = cell(n, row, "score"), cell(n, row, f"band_{suffix}")
    why = cell(n, row, f"reasons_{suffix}")
    tail = (f"：{why}" if zh else f": {why}") if text_of(main, row, "reasons_en") else ""
    if zh:
        return f"- {who}（{region}）{score}，{band}{tail}"
    return f"- {who} ({region}) {score}, {band}{tail}"


def tell_health_summary(told: Sequence[Told], language: Language) -> Telling:
    """The words for the channel's health: groups from the least healthy on."""
    main, zh, n = told[0], language is Language.ZH, told[0].number
    rows = range(min(len(main.result.rows), MAX_LINES))
    if not rows:
        text = "没有可以汇总的伙伴" if zh else "There are no partners to sum up"
        return Telling(f"{text}{mark(main)}{'。' if zh else '.'}")
    key = main.result.columns[0].name
    name = key if key != "segment" else ("segment_zh" if zh else "segment_en")
    lines = [
        f"渠道健康度，按进货额加权，从低到高{mark(main)}："
        if zh
        else f"Health of the channel, weighted by sell-in, lowest first{mark(main)}:"
    ]
    for row in rows:
        who, partners = cell(n, row, name), cell(n, row, "partners")
        if not text_of(main, row, "score"):
            lines.append(f"- {who}：没有分数" if zh else f"- {who}: no score")
            continue
        score, poor = cell(n, row, "score"), cell(n, row, "poor")
        watch = cell(n, row, "watch")
        lines.append(
            f"- {who} {score}（{partners} 家；较差 {poor}，需关注 {watch}）"
            if zh
            else f"- {who} {score} ({partners} partners; poor {poor}, watch {watch})"
        )
    lines.append(_LIMITS[language])
    followups = ("健康度最低的伙伴有哪些？",) if zh else ("Which partners are the least healthy?",)
    return Telling(
        "\n".join(lines),
        chart=radar(main, name),
        followups=followups,
        shown=listed(main, key) if key != "segment" else None,
    )


def tell_health_evidence(told: Sequence[Told], language: Language) -> Telling:
    """The words for what activity has foretold, and why its weight is capped."""
    main, zh, n = told[0], language is Language.ZH, told[0].number
    rows = [r for r in range(len(main.result.rows)) if text_of(main, r, "correlation_growth")]
    if not rows:
        text = (
            "数据不足以检验活动是否预示进货"
            if zh
            else "There is too little data to test whether activity foretells sell-in"
        )
        return Telling(f"{text}{mark(main)}{'。' if zh else '.'}")
    cap = cell(n, 0, "activity_cap")
    lines = [
        f"活动类指标在健康度里合计权重不超过 {cap}：它们与后续进货变化的秩相关有限{mark(main)}。"
        if zh
        else f"Activity weighs at most {cap} of the health score, since its rank correlation with "
        f"later changes of sell-in is limited{mark(main)}:"
    ]
    for row in rows[:MAX_LINES]:
        label = cell(n, row, "label_zh" if zh else "label_en")
        level, change = cell(n, row, "correlation"), cell(n, row, "correlation_growth")
        low, high = cell(n, row, "low"), cell(n, row, "high")
        lines.append(
            f"- {label}：与后续变化 {change}（区间 {low} 至 {high}），与后续规模 {level}"
            if zh
            else f"- {label}: with later change {change} (interval {low} to {high}), "
            f"with later size {level}"
        )
    sample = cell(n, rows[0], "sample")
    lines.append(
        f"样本：{sample} 对伙伴与时点；相关不是因果。"
        if zh
        else f"Sample: {sample} pairs of partner and day; correlation is no cause."
    )
    chart = Chart("bar", n, "label_zh" if zh else "label_en", ("correlation_growth",))
    return Telling("\n".join(lines), chart=chart)
