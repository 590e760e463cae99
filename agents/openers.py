"""Questions to begin with: a few of different kinds that the data at hand can answer.

Each candidate is planned by the rules before it is offered; what would be asked back or refused
here is left out.
"""

from __future__ import annotations

from typing import Final

from agents.plan import QueryPlan
from agents.rules.asking import examples
from agents.rules.context import PlannerContext
from agents.rules.draft import Draft
from agents.rules.planner import Before, plan
from leadline.evidence import Option
from leadline.types import Language

OFFERED: Final = 6

CANDIDATES: Final[dict[Language, tuple[str, ...]]] = {
    Language.ZH: (
        "今年各大区销售额及同比",
        "今年销售额前10的伙伴及占比",
        "本季度各大区目标完成率",
        "沉睡超过90天的伙伴有哪些？",
        "今年每个月的销售额",
        "今年各产品类别的毛利率",
        "今年赢单率是多少？",
        "今年赢单金额前10的销售",
        "各客户行业的赢单率",
        "当前库存金额是多少？",
    ),
    Language.EN: (
        "Sales by region this year, year over year",
        "Top 10 partners by sales this year, with their share",
        "Target attainment by region this quarter",
        "Which partners have not ordered for more than 90 days?",
        "Sales by month this year",
        "Gross margin rate by product category this year",
        "What is the win rate this year?",
        "Top 10 salespeople by won amount this year",
        "Win rate by industry",
        "What is the stock value now?",
    ),
}
"""One per kind of question, the most telling first."""


def openers(ctx: PlannerContext, language: Language) -> tuple[Option, ...]:
    """At most `OFFERED` questions, each of which the rules can plan on this snapshot."""
    found = [
        Option(question, question)
        for question in CANDIDATES[language]
        if isinstance(plan(question, ctx, Before()), QueryPlan)
    ]
    if len(found) < OFFERED:
        found += [o for o in examples(Draft(), ctx, language) if o not in found]
    return tuple(found[:OFFERED])
