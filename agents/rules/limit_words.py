"""How thresholds are said: at least, 超过, between … and, 以上, negative. One row per operator."""

from __future__ import annotations

import re

from knowledge.semantic.spec import NumberOp

LIMIT_OPS: tuple[tuple[NumberOp, re.Pattern[str]], ...] = (
    ("ge", re.compile(r"(?:达到了?|达(?=\d)|大于等于|大于或等于|不低于|不少于|不小于|至少|最少(?=\d)|不下于|>=|≥|(?:reach(?:ed|es|ing)?(?: (?:sales|revenue|revenues) of)?|hit|at least|no less than|not less than|no fewer than|a minimum of|minimum of|greater than or equal to|from at least)\b)\s*(?:有|为|是)?\s*")),
    ("le", re.compile(r"(?:小于等于|小于或等于|不超过|不高于|不大于|不多于|至多|最多(?=\d)|<=|≤|(?:at most|no more than|not more than|not over|not exceeding|up to|a maximum of|less than or equal to)\b)\s*(?:有|为|是)?\s*")),
    ("gt", re.compile(r"(?:超过了?|超出|突破了?|破|大于|高于|多于|突破|超|高过|多过|>|(?:(?:is|are|was|were) )?(?:more than|greater than|over|above|exceed(?:s|ed|ing)?|higher than|larger than|bigger than|beyond|in excess of|better than|upwards of|surpass(?:es|ed|ing)?)\b)\s*(?:了)?\s*")),
    ("lt", re.compile(r"(?:小于|低于|少于|不到|不足|未到|不满|未超过|没有?超过|没到|低过|少过|<|(?:less than|lower than|fewer than|under|below|smaller than|short of)\b)\s*")),
    ("eq", re.compile(r"(?:等于|恰好|正好|刚好|=|(?:exactly|equal to|equals?)\b)\s*")),
)  # fmt: skip
LIMIT_BETWEEN_EN = re.compile(
    r"between\s+|from\s+(?=[$€£]?\d+(?:[.,]\d+)*\s*(?:k|m|mn|bn|million|thousand)(?![a-z]))"
)
LIMIT_BETWEEN_ZH = re.compile(r"(?:介于|在)?")
LIMIT_AND = re.compile(r"\s*(?:and|到|至|~|-|和|与)\s*")
LIMIT_BETWEEN_TAIL = re.compile(r"\s*(?:之间|区间)")
LIMIT_POSTFIX: tuple[tuple[NumberOp, re.Pattern[str]], ...] = (
    ("ge", re.compile(r"\s*(?:及以上|或以上|以上|往上|起(?!来)|(?:or|and) (?:more|above|over|higher|up)\b|plus\b|\+)")),
    ("le", re.compile(r"\s*(?:及以下|或以下|以下|以内|之内|(?:or|and) (?:less|below|under|fewer|lower)\b)")),
)  # fmt: skip


LIMIT_SIGNS: tuple[tuple[NumberOp, re.Pattern[str]], ...] = (
    (
        "lt",
        re.compile(
            r"(?:为|是)负(?:数|值|的)?|亏损|(?:an? )?negative(?![a-z])|in the red(?![a-z])|below zero"
        ),
    ),
    ("gt", re.compile(r"(?:为|是)正(?:数|值|的)?|盈利的|(?:an? )?positive(?![a-z])|above zero")),
)
