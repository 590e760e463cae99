"""Churn risk in words: who may fall silent, why, what is at stake, and how good the risks were."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agents.narrate import Told
from agents.slots import cell, whole
from agents.tellers.telling import MAX_LINES, Telling, listed, mark, text_of
from leadline.evidence import Chart
from leadline.types import Language

_LIMITS: Final = {
    Language.ZH: "风险是按本渠道历史算出的概率，不是定论；历史太短的伙伴不给概率。",
    Language.EN: "A risk is a probability learned from this channel's history, not a verdict; "
    "partners with too little history get none.",
}


def tell_churn(told: Sequence[Told], language: Language) -> Telling:
    """The words for a list of partners with their risk, or for one partner's risk."""
    main, zh = told[0], language is Language.ZH
    rows = main.result.rows
    followups = (
        ("流失预测准不准？", "各分群有多少伙伴？")
        if zh
        else ("How good are the churn risks?", "How many partners are in each segment?")
    )
    if not rows:
        text = "没有符合条件的伙伴" if zh else "No partner meets the conditions"
        return Telling(f"{text}{mark(main)}{'。' if zh else '.'}", followups=followups)
    shown = listed(main, "partner")
    if len(rows) == 1:
        text = "\n".join([_line(main, 0, language), _LIMITS[language]])
        return Telling(text, followups=followups, shown=shown)
    count = whole(main.number, "row_count")
    by_exposure = main.result.arguments.get("order") == "exposure"
    if zh:
        order = "按风险敞口" if by_exposure else "按流失风险"
        head = f"{order}排列的伙伴（共 {count} 家）{mark(main)}："
    else:
        order = "sales at stake" if by_exposure else "churn risk"
        head = f"Partners by {order} ({count}){mark(main)}:"
    lines = [head, *(_line(main, row, language) for row in range(min(len(rows), MAX_LINES)))]
    lines.append(_LIMITS[language])
    risky = any(text_of(main, row, "risk") for row in range(len(rows)))
    return Telling(
        "\n".join(lines),
        chart=Chart("bar", main.number, "partner", ("risk",)) if risky else None,
        followups=followups,
        shown=shown,
    )


def _line(main: Told, row: int, language: Language) -> str:
    zh, n = language is Language.ZH, main.number
    suffix = "zh" if zh else "en"
    who, region = cell(n, row, "partner"), cell(n, row, "region")
    band = cell(n, row, f"band_{suffix}")
    why = ""
    if text_of(main, row, f"reasons_{suffix}"):
        reasons = cell(n, row, f"reasons_{suffix}")
        why = f"：{reasons}" if zh else f": {reasons}"
    if not text_of(main, row, "risk"):
        return (
            f"- {who}（{region}）{band}，不给概率{why}{mark(main)}"
            if zh
            else f"- {who} ({region}) {band}, no probability{why}{mark(main)}"
        )
    risk, stake = cell(n, row, "risk"), cell(n, row, "exposure")
    if zh:
        return f"- {who}（{region}）风险 {risk}（{band}），敞口 {stake}{why}{mark(main)}"
    return f"- {who} ({region}) risk {risk} ({band}), {stake} at stake{why}{mark(main)}"


def tell_churn_quality(told: Sequence[Told], language: Language) -> Telling:
    """The words for the test of the churn model against its baseline."""
    main, zh, n = told[0], language is Language.ZH, told[0].number
    if not main.result.rows:
        text = (
            "历史太短或流失太少，还不能检验流失模型"
            if zh
            else "There is too little history, or too few churns, to test the churn model"
        )
        return Telling(f"{text}{mark(main)}{'。' if zh else '.'}")
    at = {name: cell(n, 0, name) for name in (c.name for c in main.result.columns)}
    if zh:
        text = f"""流失模型在训练之后的月份上检验：AUC-PR {at["auc_pr"]}，\
只看近度、频度、金额的基线 {at["baseline_auc_pr"]}{mark(main)}。
- 校准误差 {at["ece"]}，Brier 分 {at["brier"]}（基线 {at["baseline_brier"]}）
- 风险最高的十分之一里，流失是平均的 {at["lift_10"]} 倍（基线 {at["baseline_lift_10"]} 倍）
- 训练截至 {at["trained_until"]}；检验 {at["tested_from"]} 至 {at["tested_until"]}，\
样本 {at["sample"]}，其中流失 {at["positives"]}"""
    else:
        text = f"""Tested on months after those it learned from, the churn model reaches an AUC-PR \
of {at["auc_pr"]}; recency, frequency and money alone reach {at["baseline_auc_pr"]}{mark(main)}.
- calibration error {at["ece"]}, Brier score {at["brier"]} (baseline {at["baseline_brier"]})
- among the riskiest tenth, churn is {at["lift_10"]} times the average \
(baseline {at["baseline_lift_10"]} times)
- trained until {at["trained_until"]}; tested from {at["tested_from"]} to {at["tested_until"]}, \
sample {at["sample"]}, churns {at["positives"]}"""
    return Telling(text)
