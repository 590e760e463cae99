"""What segments are called, what helps each, and how its reasons are said."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from leadline.evidence import Column
from leadline.figures import render_figure
from leadline.types import Language, Unit

SEGMENT_ZH: Final = {
    "high_potential": "高潜力增长型",
    "stable": "稳定贡献型",
    "opportunistic": "机会导向型",
    "insufficient_history": "历史不足",
}
SEGMENT_EN: Final = {
    "high_potential": "high potential",
    "stable": "stable contributor",
    "opportunistic": "opportunistic",
    "insufficient_history": "insufficient history",
}

SUPPORT_ZH: Final = {
    "high_potential": "优先给商机与售前支持，争取认证名额和市场基金，按增量设激励",
    "stable": "保障供货与账期，推新产品线做交叉销售，按年度目标激励",
    "opportunistic": "按单支持、按结果返利，清理长期不跟进的报备，约定常规拜访",
    "insufficient_history": "先帮助做成首单与认证，指定对接人，积累一年数据再分群",
}
SUPPORT_EN: Final = {
    "high_potential": "pre-sales help and leads first, certification seats and market funds, "
    "incentives on what is added",
    "stable": "secure supply and credit terms, new product lines to cross-sell, "
    "incentives on the year's target",
    "opportunistic": "support deal by deal, rebates on results, clear registrations nobody works "
    "on, agree on regular visits",
    "insufficient_history": "help with first orders and certification, name a contact, "
    "group again once a year of data is there",
}

_SAID: Final[dict[str, tuple[Unit, str, str]]] = {
    "growth": (Unit.RATIO, "近一年日均销售额变化", "daily sales against the year before"),
    "variation": (Unit.QUANTITY, "月度波动系数", "variation of monthly sales"),
    "pauses": (Unit.RATIO, "无订单月份占比", "months without an order"),
    "unevenness": (Unit.QUANTITY, "下单间隔波动系数", "variation of order intervals"),
    "tenure": (Unit.QUANTITY, "合作年限（年）", "years as a partner"),
    "opportunities": (Unit.COUNT, "近一年新商机数", "opportunities created in a year"),
    "pipeline": (Unit.RATIO, "在手商机额与近一年销售额之比", "open pipeline to sales of a year"),
    "activity": (Unit.COUNT, "近一年行为次数", "activities in a year"),
}


def segment_reasons(row: Mapping[Any, Any]) -> tuple[str, str]:
    """Up to three reasons of a row of the segment table: figure and the partners' median."""
    if row["segment"] == "insufficient_history":
        return _short_history(row)
    zh, en = [], []
    for place in (1, 2, 3):
        name = row[f"reason_{place}"]
        if name not in _SAID:
            continue
        unit, label_zh, label_en = _SAID[name]
        value, middle = row[f"{name}__value"], row[f"{name}__median"]
        zh.append(
            f"{label_zh} {_shown(value, unit, Language.ZH)}"
            f"（伙伴中位 {_shown(middle, unit, Language.ZH)}）"
        )
        en.append(
            f"{label_en} {_shown(value, unit, Language.EN)} "
            f"(median {_shown(middle, unit, Language.EN)})"
        )
    return "；".join(zh), "; ".join(en)


def _short_history(row: Mapping[Any, Any]) -> tuple[str, str]:
    if row["amount_12m"] > 0:
        return (
            "首单至今太短、下单太少，或伙伴太少，还看不出行为规律",
            "too little since the first order, too few orders or too few partners to see a pattern",
        )
    return "近一年没有订单", "no order in a year"


def _shown(value: float, unit: Unit, language: Language) -> str:
    if value is None or math.isnan(value):
        return render_figure(None, Column("figure", unit, "", ""), language)
    places = 4 if unit is Unit.RATIO else 2
    number = round(value) if unit is Unit.COUNT else round(float(value), places)
    return render_figure(number, Column("figure", unit, "", ""), language)
