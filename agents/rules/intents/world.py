"""What happened in the market and the offer, and what is wrong with the data."""

# ruff: noqa: E501 - a table of words, one meaning a row

from __future__ import annotations

from datetime import timedelta

from agents.plan import Task
from agents.rules.context import PlannerContext
from agents.rules.intents import asking
from agents.rules.intents.members import language, stray_filter
from agents.rules.intents.task import Intent, Outcome, one
from agents.rules.words import Word, written

WORDS: tuple[Word, ...] = (
    *written("tool", "happenings", r"市场(?:上)?(?:动态|大事|新闻|消息|(?:都)?发生了?(?:什么|哪些事)?)|大事(?:件)?(?:有哪些)?", "market (?:news|events|happenings|developments)|what happened in the market"),
    *written("tool", "happenings:launch", r"新品上市|上市(?:了)?(?:哪些)?新品|新产品发布", "product launch(?:es)?|new products launched"),
    *written("tool", "happenings:price", r"价格调整|调价|涨价|降价", "price (?:changes?|cuts?|increases?)"),
    *written("tool", "happenings:competitor", r"竞品(?:的)?(?:动态|政策|动作|消息|有什么动作)|竞争对手(?:的)?(?:动态|动作|消息|政策)", "competitor (?:news|moves|events|activity|policies|policy)|what (?:are|have|did) (?:the |our )?competitors(?: been)? (?:doing|up to|done|do)"),
    *written("tool", "happenings:tender", r"招标(?:公告|信息|动态)|新(?:的)?招标", "tender notices?|new tenders"),
    *written("tool", "data_quality", r"数据质量(?:问题|情况)?|数据(?:里|中)?(?:有)?(?:哪些|什么|没有)?(?:的)?问题|脏数据|坏数据", "data quality(?: issues| problems)?|(?:problems|issues|errors) (?:with|in) (?:the|our) data|what is wrong with the data"),
)  # fmt: skip


def _happenings(task: Task, ctx: PlannerContext) -> Outcome:
    stray = stray_filter(task, ctx)
    if stray is not None:
        return stray
    if any(task.draft.all_dims()):
        names = [ctx.dimension_label(d, language(task)) for d in task.draft.all_dims()]
        return asking.not_placed(names, language(task))
    kinds = [w.removeprefix("happenings:") for w in task.words if w.startswith("happenings:")]
    time = task.draft.time
    since = time.start.isoformat() if time is not None and time.start is not None else None
    until = None
    if time is not None and time.end_excl is not None:
        until = min(time.end_excl - timedelta(days=1), ctx.calendar.as_of).isoformat()
    return one("happenings", kinds=kinds or None, since=since, until=until, limit=task.draft.top)


def _data_quality(task: Task, ctx: PlannerContext) -> Outcome:
    return stray_filter(task, ctx) or one("data_quality")


INTENTS: tuple[Intent, ...] = (
    Intent("happenings", frozenset({"happenings", "happenings:launch", "happenings:price", "happenings:competitor", "happenings:tender"}), _happenings, aids=frozenset({"recent"}), fields=frozenset({"filters", "time", "top", "dims"})),
    Intent("data_quality", frozenset({"data_quality"}), _data_quality, fields=frozenset({"filters"})),
)  # fmt: skip
