"""Words that claim something about figures, and what a cited result must hold to bear them out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from agents.narrate import Told
from agents.wording import spec_of
from knowledge.semantic.spec import QuerySpec
from leadline.types import Unit

Cited = Sequence[Told]


def queries_of(cited: Cited) -> list[QuerySpec]:
    """The queries behind cited results."""
    return [spec for item in cited if (spec := spec_of(item.result)) is not None]


def _words(zh: str, en: str) -> re.Pattern[str]:
    return re.compile(rf"{zh}|\b(?:{en})\b")


NEVER: Final = (
    (
        "comparison",
        _words(
            "高于|低于|多于|少于|大于|小于|优于|领先|落后|超过|超出|不及|远远|明显|显著",
            r"higher|lower|more than|less than|fewer than|better|worse|exceed\w*|outperform\w*"
            r"|outpac\w*|ahead of|behind|larger|smaller|greater|bigger|faster|slower|stronger"
            r"|weaker|significant\w*|sharp(?:ly)?|slight(?:ly)?",
        ),
    ),
    (
        "reason",
        _words(
            "因为|由于|因此|所以|导致|原因|得益于|归功|受.{0,8}影响|拖累|带动",
            r"because|due to|caus\w*|driv(?:en|ing|es) by|drove|thanks to|as a result|therefore"
            r"|owing to|reasons?|explained by",
        ),
    ),
    (
        "outlook",
        _words("预计|将会|预测|有望", r"expected to|will|forecast\w*|likely|outlook"),
    ),
    (
        "rough quantity",
        _words(
            "大多数|大部分|绝大|几乎|近乎|接近|过半|一半|多数|少数|翻",
            r"most of|majority|minority|nearly|almost|roughly|about half|approximately|several"
            r"|double\w*|triple\w*|halv\w*",
        ),
    ),
)
"""Claims that no result can bear out word for word."""

HIGH: Final = _words(
    "最[高大多好强]|第一名|榜首|冠军|居首", "top|highest|largest|biggest|best|most|leading|leader"
)
LOW: Final = _words("最[低小少差弱]|垫底|末位", "bottom|lowest|smallest|worst|least|fewest")


def _columns(cited: Cited) -> set[str]:
    return {column.name for item in cited for column in item.result.columns}


def _sums(cited: Cited) -> bool:
    """A result that is one figure for all, or a sum over rows."""
    tools = {item.result.tool for item in cited}
    return "concentration" in tools or any(
        not spec.row_keys or (spec.rollup is not None and spec.rollup.function in ("sum", "count"))
        for spec in queries_of(cited)
    )


def _averages(cited: Cited) -> bool:
    named = any("average" in c or "_per_" in c or "days" in c for c in _columns(cited))
    return named or any(
        spec.rollup is not None and spec.rollup.function == "avg" for spec in queries_of(cited)
    )


def _shares(cited: Cited) -> bool:
    ratios = {
        column.name for item in cited for column in item.result.columns if column.unit is Unit.RATIO
    }
    return any(not name.endswith("__change_rate") for name in ratios)


def _compares(cited: Cited) -> bool:
    if any(item.result.tool == "difference" for item in cited):
        return True
    return any(spec.compare is not None or spec.grain is not None for spec in queries_of(cited))


NEEDS: Final[tuple[tuple[str, re.Pattern[str], Callable[[Cited], bool]], ...]] = (
    (
        "sum",
        _words(
            "合计|总计|共计|一共|总共|加起来|加总|总和",
            r"total\w*|together|altogether|combined|sum",
        ),
        _sums,
    ),
    ("average", _words("平均|均值|人均", "average|mean|on average"), _averages),
    (
        "share",
        _words("占比|占|份额|比重", "shares?|proportion|percentage|of the whole"),
        _shares,
    ),
    (
        "comparison over time",
        _words(
            "同比|环比|同期|相比|对比",
            r"year[- ](?:over|on)[- ]year|yoy|month[- ]over[- ]month|compared|versus|vs",
        ),
        _compares,
    ),
)
"""Words that a cited result must bear out by its form."""
