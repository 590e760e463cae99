"""How the reasons of a churn risk are said: what the partner did lately against its own normal."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from leadline.evidence import Column
from leadline.figures import render_figure
from leadline.types import Language, Unit

BAND_ZH: Final = {
    "high": "高",
    "medium": "中",
    "low": "低",
    "churned": "已流失",
    "unknown": "历史不足",
}
BAND_EN: Final = {
    "high": "high",
    "medium": "medium",
    "low": "low",
    "churned": "churned",
    "unknown": "not enough history",
}

_SAID: Final[dict[str, tuple[Unit, str, str, bool]]] = {
    "silence": (Unit.DAYS, "距上次下单 {}（平时间隔 {}）", "last order {} ago (usually {})", True),
    "silent_days": (
        Unit.DAYS,
        "距上次下单 {}（平时间隔 {}）",
        "last order {} ago (usually {})",
        True,
    ),
    "to_limit": (
        Unit.DAYS,
        "距上次下单 {}（满 {} 即算流失）",
        "last order {} ago (churned after {})",
        True,
    ),
    "frequency": (Unit.COUNT, "近一年下单 {} 天", "{} order days in a year", False),
    "money": (Unit.MONEY, "近一年销售额 {}", "sales of a year {}", False),
    "tenure": (Unit.QUANTITY, "合作 {} 年", "a partner for {} years", False),
    "orders": (
        Unit.QUANTITY,
        "近一季月均订单 {}（自身常态 {}）",
        "orders a month {} (own {})",
        True,
    ),
    "amount": (Unit.MONEY, "近一季月均额 {}（自身常态 {}）", "sales a month {} (own {})", True),
    "customers": (
        Unit.QUANTITY,
        "近一季月均客户 {}（自身常态 {}）",
        "customers a month {} (own {})",
        True,
    ),
    "logins": (
        Unit.QUANTITY,
        "近一季月均登录 {}（自身常态 {}）",
        "logins a month {} (own {})",
        True,
    ),
    "activities": (
        Unit.QUANTITY,
        "近一季月均行为 {}（自身常态 {}）",
        "activities a month {} (own {})",
        True,
    ),
    "opportunities": (
        Unit.QUANTITY,
        "近一季月均新商机 {}（自身常态 {}）",
        "new opportunities a month {} (own {})",
        True,
    ),
    "registrations": (
        Unit.QUANTITY,
        "近一季月均报备 {}（自身常态 {}）",
        "registrations a month {} (own {})",
        True,
    ),
    "late_days": (Unit.DAYS, "近一季付款平均晚于到期 {}", "paid {} after due lately", False),
    "later": (
        Unit.DAYS,
        "近一季付款晚于到期 {}（自身常态 {}）",
        "paid {} after due lately (own {})",
        True,
    ),
    "certificates": (
        Unit.COUNT,
        "有效认证 {}（半年前 {}）",
        "{} valid certificates (half a year ago {})",
        True,
    ),
}
"""Unit, words in Chinese and English, and whether the own normal is said too."""

_SAME: Final = {"silent_days": "silence", "to_limit": "silence", "later": "late_days"}
"""Features that say the same: only the stronger one of them is told."""

_RISING: Final = {True: ("推高风险", "raises the risk"), False: ("压低风险", "lowers the risk")}


def churn_reasons(row: Mapping[Any, Any], currency: str | None) -> tuple[str, str]:
    """The reasons of a row of the churn table: figures, and which way each moves the risk."""
    if row["band"] in ("churned", "unknown"):
        return _without_risk(row)
    zh, en, told = [], [], set()
    for place in (1, 2, 3):
        name = row[f"reason_{place}"]
        if name not in _SAID:
            continue
        unit, said_zh, said_en, paired = _SAID[name]
        figures = (row[f"recent_{place}"], row[f"usual_{place}"])[: 2 if paired else 1]
        if (
            any(figure is None or math.isnan(figure) for figure in figures)
            or _SAME.get(name, name) in told
        ):
            continue
        told.add(_SAME.get(name, name))
        way_zh, way_en = _RISING[row[f"pull_{place}"] > 0]
        zh.append(f"{said_zh.format(*_shown(figures, unit, currency, Language.ZH))}，{way_zh}")
        en.append(f"{said_en.format(*_shown(figures, unit, currency, Language.EN))}, {way_en}")
    return "；".join(zh), "; ".join(en)


def _without_risk(row: Mapping[Any, Any]) -> tuple[str, str]:
    days = (row["days_since_last_order"], row["usual_interval"])
    if row["band"] == "churned":
        zh, en = (_shown(days, Unit.DAYS, None, language) for language in Language)
        return (
            f"距上次下单 {zh[0]}，平时间隔 {zh[1]}",
            f"last order {en[0]} ago, usually every {en[1]}",
        )
    if math.isnan(days[0]):
        return "从未下单", "never ordered"
    if math.isnan(days[1]):
        return "下单次数太少，不给概率", "too few orders for a probability"
    return "可学习的流失太少，不给概率", "too few churns to learn from for a probability"


def _shown(
    figures: tuple[float, ...], unit: Unit, currency: str | None, language: Language
) -> list[str]:
    column = Column("figure", unit, "", "", currency)
    places = 0 if unit in (Unit.COUNT, Unit.DAYS) else 2 if unit is Unit.MONEY else 1
    rounded = [round(float(figure), places) + 0.0 for figure in figures]
    return [render_figure(value, column, language) for value in rounded]
