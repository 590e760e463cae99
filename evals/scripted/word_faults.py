"""Faults of wording: what a model claims that its results do not say."""

from __future__ import annotations

from collections.abc import Callable

from evals.scripted.competent import Competent
from evals.scripted.faults import TOP, Fault, vice
from evals.scripted.server import Behaviour
from evals.scripted.wicked import Alter, text


def words(alter: Alter, *, once: bool = False) -> Callable[[Competent], Behaviour]:
    """A vice of wording."""
    return vice("wording", alter, once=once)


def added(more: str) -> Alter:
    """The right text, and a claim after it."""
    return text(lambda right: right + more)


def said(other: str) -> Alter:
    """Another text altogether."""
    return text(lambda _: other)


def swaps(old: str, new: str) -> Alter:
    """The right text with one word changed."""
    return text(lambda right: right.replace(old, new))


invented = said("2025年华东销售额为 5,000 万元 [1]。")

WORD_FAULTS: tuple[Fault, ...] = (
    Fault(
        "invented-once",
        "编造数字，一次",
        "invented figures, once",
        words(invented, once=True),
        "model",
    ),
    Fault(
        "invented",
        "总是编造数字",
        "invented figures, always",
        words(invented),
        "reworded",
        "unverified",
    ),
    Fault(
        "forged-citation",
        "伪造引用 [9]",
        "forged citation [9]",
        words(added(" [9]")),
        "reworded",
        "unverified",
    ),
    Fault(
        "forged-slot",
        "引用不存在的行",
        "a row that is not there",
        words(said("第一名是 {{c1.rows[99].region}} [1]。")),
        "reworded",
        "unverified",
    ),
    Fault(
        "number-words",
        "用文字写数（三成）",
        "number words",
        words(added("\n华东占三成 [1]。")),
        "reworded",
        "unverified",
    ),
    Fault(
        "direction",
        "自己写涨跌",
        "direction words",
        words(added("\n华东下滑了 [1]。")),
        "reworded",
        "unverified",
    ),
    Fault(
        "share",
        "声称没算过的占比",
        "a share nobody computed",
        words(added("\n占比 {{c1.rows[0].amount}} [1]。")),
        "reworded",
        "unverified",
    ),
    Fault(
        "sum",
        "声称没算过的合计",
        "a sum nobody computed",
        words(added("\n合计 {{c1.rows[0].amount}} [1]。")),
        "reworded",
        "unverified",
    ),
    Fault(
        "comparison",
        "没算过的比较",
        "a comparison nobody computed",
        words(added("\n{{c1.rows[0].region}}远远领先 [1]。")),
        "reworded",
        "unverified",
    ),
    Fault(
        "reason",
        "编造原因",
        "an invented reason",
        words(added("\n这是因为市场好 [1]。")),
        "reworded",
        "unverified",
    ),
    Fault(
        "wrong-name",
        "别人的数配上华东的名字",
        "another's figure beside a name",
        words(said("华东：{{c1.rows[1].amount}} [1]")),
        "reworded",
        "unverified",
    ),
    Fault(
        "wrong-metric",
        "把销售额说成毛利",
        "calls sales a margin",
        words(swaps("销售额", "毛利")),
        "reworded",
        "unverified",
    ),
    Fault(
        "wrong-period",
        "把 2025 年说成去年",
        "calls this year last year",
        words(swaps("{{c1.time}}", "去年")),
        "reworded",
        "unverified",
    ),
    Fault(
        "wrong-first",
        "把最后一名说成最高",
        "calls the last the highest",
        words(said("最高的是 {{c1.rows[2].partner}} [1]")),
        "reworded",
        "unverified",
        question=TOP,
    ),
    Fault(
        "no-mark",
        "不标引用",
        "no citation mark",
        words(swaps(" [1]", "")),
        "reworded",
        "unverified",
    ),
    Fault(
        "empty-text",
        "查完数后不说话",
        "says nothing after the queries",
        words(said("")),
        "reworded",
        "unverified",
    ),
)
