"""Data quality: what is old, missing or wrong, and what the brief could not say."""

from __future__ import annotations

from typing import Final

from agents.briefs.desk import Desk, Line, Section
from agents.tellers.data_quality import finding_line
from agents.tellers.telling import mark

_ABOUT: Final[dict[str, tuple[str, str]]] = {
    "query": ("销售", "sales"),
    "contributions": ("变化原因", "causes of the change"),
    "forecast": ("预测", "the forecast"),
    "forecast_series": ("预测走势", "the forecast's course"),
    "forecast_accuracy": ("预测核对", "a check of the last forecast"),
    "churn": ("流失风险", "churn risk"),
    "segments": ("伙伴分群", "segments"),
    "stuffing": ("压货", "channel stuffing"),
    "diversion": ("窜货", "diversion"),
    "revenue_anomalies": ("收入异常", "revenue anomalies"),
    "inventory_risk": ("库存风险", "stock at risk"),
    "allocation": ("调拨", "moves of stock"),
    "health": ("健康度", "health"),
}


def quality(desk: Desk) -> Section:
    """Findings about the data, then what had no data; nothing where all is well."""
    told = desk.call("data_quality", {})
    lines = []
    if told is not None:
        lines = [
            Line(f"{finding_line(told, row, desk.language)}{mark(told)}")
            for row in range(len(told.result.rows))
        ]
    missing = list(dict.fromkeys(tool for tool, _ in desk.gaps if tool in _ABOUT))
    if missing:
        names = desk.say("、", ", ").join(_ABOUT[tool][0 if desk.zh else 1] for tool in missing)
        text = desk.say(f"无数据，未写：{names}。", f"No data, left out: {names}.")
        lines.append(Line(text))
    return Section("quality", "数据质量", "Data quality", tuple(lines))
