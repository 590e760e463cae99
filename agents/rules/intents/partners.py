"""One partner, two partners, partners like one: profiles, timelines, comparisons."""

# ruff: noqa: E501 - a table of words, one meaning a row

from __future__ import annotations

from agents.plan import Task
from agents.rules.context import PlannerContext
from agents.rules.intents import asking
from agents.rules.intents.members import language, positive, stray_filter
from agents.rules.intents.task import Intent, Outcome, one
from agents.rules.words import Word, written

WORDS: tuple[Word, ...] = (
    *written("tool", "profile", r"介绍(?:一下|下)?|画像|档案|360度?(?:全景)?(?:视图|画像|档案)?|全景|全貌|概况|基本情况|整体情况|详情|讲讲|聊聊|了解一下",
             "tell me (?:more |something |everything )?about|introduce|(?:a )?360(?:[- ]degree)?(?:s)?(?: view| profile)?(?: of| on)?|(?:full )?profile(?: of| for)?|everything about|what do (?:we|you) know about|overview of|details (?:of|on|about)|who is(?= [^a-z])"),
    *written("tool", "timeline", r"(?:都)?发生了?(?:过)?(?:什么|哪些(?:事|变化)?|啥)(?:事)?|大事记|时间线|时间轴|动态|近况",
             "(?:what(?:'s| has| is| was)? )?happen(?:ed|ing)(?: (?:with|to|at))?|timeline(?: of| for)?|history of|milestones(?: of)?|recent events(?: (?:of|at|for))?"),
    *written("tool", "similar", r"(?:最|比较)?(?:相似|类似|相近|相像|像)(?:于)?|同类型?的?(?=伙伴)|对标",
             "(?:most )?similar(?: to)?|most like|resembl(?:e|es|ing)|look(?:s)? (?:most )?like|comparable to|lookalikes?(?: of)?|(?<=partners )like|(?<=resellers )like|(?<=who is )like"),
    *written("tool", "side_by_side", r"全面(?:地)?(?:对比|比较)|全方位(?:对比|比较)?|摆在一起|放在一起|并排",
             "side by side|head[- ]to[- ]head|next to each other"),
    *written("stop", "view", r"怎么样|怎样|如何|咋样|情况|表现|整体(?:上)?|全面(?:地)?|综合", "how is|how are|doing|overall|in general|all around|in every respect"),
    *written("stop", "put", r"一下|下", "put"),
    *written("handle", "first", "(?<=like )it|(?<=is )it|(?<=about )it|(?<=with )it|the first(?= |$|\\?)(?! (?:half|quarter|\\d))"),
    *written("aid", "recent", r"最近(?!\d|[一二两三四五六七八九十半])|近期|近来", "recent(?:ly)?|lately|these days|so far"),
)  # fmt: skip


def _partners(task: Task) -> list[str]:
    return [label for use in positive(task, "partner") for label in use.labels]


def _profile(task: Task, ctx: PlannerContext) -> Outcome:
    stray = stray_filter(task, ctx, "partner")
    named = _partners(task)
    if stray is not None:
        return stray
    if len(named) == 2:
        return _compared(named)
    if len(named) != 1:
        return asking.which_partner(language(task))
    return one("profile", partner=named[0])


def _timeline(task: Task, ctx: PlannerContext) -> Outcome:
    stray = stray_filter(task, ctx, "partner")
    named = _partners(task)
    if stray is not None:
        return stray
    if len(named) != 1:
        return asking.which_partner(language(task))
    return one("partner_timeline", partner=named[0], limit=task.draft.top)


def _compare(task: Task, ctx: PlannerContext) -> Outcome:
    stray = stray_filter(task, ctx, "partner")
    named = _partners(task)
    if stray is not None:
        return stray
    if len(named) != 2:
        return asking.ask(
            "全面对比需要两家伙伴，请说出两家的名称",
            "A comparison takes two partners: please name two",
            language=language(task),
        )
    return _compared(named)


def _compared(named: list[str]) -> Outcome:
    return one("compare_partners", first=named[0], second=named[1])


def _similar(task: Task, ctx: PlannerContext) -> Outcome:
    stray = stray_filter(task, ctx, "partner")
    named = _partners(task)
    if stray is not None:
        return stray
    if len(named) != 1:
        return asking.which_partner(language(task))
    # "the most similar partner" is one; a plain list keeps the tool's own length
    limit = task.draft.top if task.draft.top and task.draft.top > 1 else None
    return one("similar_partners", partner=named[0], limit=limit)


INTENTS: tuple[Intent, ...] = (
    Intent("profile", frozenset({"profile"}), _profile, fields=frozenset({"filters", "dims"})),
    Intent("timeline", frozenset({"timeline"}), _timeline, aids=frozenset({"recent"}), fields=frozenset({"filters", "dims", "top"})),
    Intent("compare", frozenset({"side_by_side", "compared"}), _compare, fields=frozenset({"filters", "dims", "contest", "each_value", "compare"})),
    Intent("similar", frozenset({"similar"}), _similar, aids=frozenset({"future"}), fields=frozenset({"filters", "dims", "top"})),
)  # fmt: skip
