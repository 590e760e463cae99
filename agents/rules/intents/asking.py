"""Asking back and refusing where a tool was asked for."""

from __future__ import annotations

from collections.abc import Iterable

from agents.plan import ClarifyPlan, RefusePlan
from agents.rules.context import PlannerContext
from agents.rules.draft import Note
from leadline.evidence import Option
from leadline.types import Language

_EXAMPLES = (
    ("哪些伙伴有流失风险？", "Which partners are at risk of churn?"),
    ("健康度最低的10家伙伴", "The 10 partners with the lowest health score"),
    ("各分群有多少伙伴？", "How many partners are in each segment?"),
    ("今年销售额为什么变化？", "Why did sales change this year?"),
    ("下季度各大区销售预测", "Forecast for next quarter by region"),
)
"""Questions about partners and the outlook that every channel with orders can answer."""


def choices(*pairs: tuple[str, str], language: Language) -> tuple[Option, ...]:
    """Whole questions to pick from, each given in Chinese and English."""
    at = 0 if language is Language.ZH else 1
    return tuple(Option(pair[at], pair[at]) for pair in pairs)


def examples(language: Language) -> tuple[Option, ...]:
    """A few questions that tools answer."""
    return choices(*_EXAMPLES, language=language)


def ask(zh: str, en: str, *pairs: tuple[str, str], language: Language) -> ClarifyPlan:
    """A question back, with these whole questions as options, or the usual ones."""
    options = choices(*pairs, language=language) if pairs else examples(language)
    return ClarifyPlan(Note(zh, en), options)


def refuse(zh: str, en: str, *pairs: tuple[str, str], language: Language) -> RefusePlan:
    """A refusal that says what is possible instead."""
    options = choices(*pairs, language=language) if pairs else examples(language)
    return RefusePlan(Note(zh, en), options)


def not_placed(words: Iterable[str], language: Language) -> ClarifyPlan:
    """Words that are known but that this kind of question cannot take."""
    listed = list(dict.fromkeys(words))
    zh = "、".join(f"“{w}”" for w in listed)
    en = ", ".join(f"“{w}”" for w in listed)
    return ask(
        f"{zh}在这类问题里用不上，请去掉它或分开问",
        f"{en} does not fit this kind of question; please leave it out or ask one by one",
        language=language,
    )


def not_by(dimension: str, ctx: PlannerContext, language: Language) -> ClarifyPlan:
    """Filters that the tool cannot apply."""
    zh, en = (ctx.dimension_label(dimension, lang) for lang in (Language.ZH, Language.EN))
    return ask(
        f"这类问题只能限定到伙伴或大区，不能按“{zh}”筛选",
        f"This can be limited to partners or regions, not by {en.lower()}",
        language=language,
    )


def which_partner(language: Language) -> ClarifyPlan:
    """No partner was named where one is needed."""
    return ask(
        "想看哪一家伙伴？请说出名称", "Which partner? Please give its name", language=language
    )


def no_partners() -> RefusePlan:
    """The data holds no partners at all."""
    return RefusePlan(
        Note(
            "当前数据没有伙伴，无法回答这个问题",
            "The data loaded here holds no partners, so this cannot be answered",
        )
    )
