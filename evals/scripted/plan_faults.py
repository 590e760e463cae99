"""Faults of planning: wrong tools, wrong arguments, other questions than the one asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from evals.scripted import wicked
from evals.scripted.competent import Competent, hear
from evals.scripted.faults import EAST, TOP, Fault, always, vice
from evals.scripted.server import Behaviour
from evals.scripted.wicked import arguments, each_call, swapped, without
from evals.scripted.wire import Reply, Request, ToolCall


def plans(alter: wicked.Alter, *, once: bool = False) -> Callable[[Competent], Behaviour]:
    """A vice of planning."""
    return vice("planning", alter, once=once)


def only(member: str, value: str) -> Callable[[dict[str, Any]], Mapping[str, Any]]:
    """Query this member and no other."""
    where = {"kind": "filter", "member": member, "op": "in", "values": [value]}
    return lambda said: {**said, "where": where}


def _looping(competent: Competent) -> Behaviour:
    def behave(request: Request) -> Reply:
        return wicked.loop(competent(request), hear(request.messages))

    return behave


bad_json = each_call(lambda call: ToolCall(call.name, raw='{"metrics": ["amount"'))
sql = each_call(lambda _: ToolCall("run_sql", {"sql": "select 1"}))
unknown = arguments(lambda said: {**said, "metrics": ["satisfaction"]})
prose = wicked.instead(Reply("华东的销售额是 5000 万元。"))
hundred: wicked.Alter = lambda reply, _: Reply(calls=reply.calls * 100)  # noqa: E731

PLAN_FAULTS: tuple[Fault, ...] = (
    Fault(
        "bad-arguments-once",
        "参数不是 JSON，一次",
        "arguments no JSON, once",
        plans(bad_json, once=True),
        "model",
    ),
    Fault(
        "bad-arguments",
        "参数总不是 JSON",
        "arguments no JSON, always",
        plans(bad_json),
        "rules",
        "invalid_plan",
    ),
    Fault(
        "wrong-tool-once",
        "没有的工具，一次",
        "a tool that is not there, once",
        plans(sql, once=True),
        "model",
    ),
    Fault(
        "wrong-tool",
        "总用没有的工具",
        "a tool that is not there, always",
        plans(sql),
        "rules",
        "invalid_plan",
    ),
    Fault(
        "unknown-metric-once",
        "没有的指标，一次",
        "unknown metric, once",
        plans(unknown, once=True),
        "model",
    ),
    Fault(
        "unknown-metric",
        "总用没有的指标",
        "unknown metric, always",
        plans(unknown),
        "rules",
        "invalid_plan",
    ),
    Fault("loop", "没完没了地查询", "queries without an end", _looping, "rules", "loop"),
    Fault(
        "many-calls",
        "一次发出上百个调用",
        "a hundred calls at once",
        plans(hundred),
        "rules",
        "loop",
    ),
    Fault(
        "parallel",
        "并行的多个查询",
        "several queries at once",
        lambda c: c,
        "model",
        question="2025年华东和华南的销售额",
    ),
    Fault(
        "prose-once",
        "不用工具直接回答，一次",
        "answers without tools, once",
        plans(prose, once=True),
        "model",
    ),
    Fault(
        "prose",
        "总是不用工具",
        "answers without tools, always",
        plans(prose),
        "rules",
        "no_evidence",
    ),
    Fault("empty", "空回复", "an empty reply", always(Reply("")), "rules", "bad_reply"),
    Fault(
        "wider-scope",
        "参数里要求更大的权限",
        "asks for a wider scope",
        plans(arguments(lambda said: {**said, "scope": {"regions": None}})),
        "rules",
        "invalid_plan",
        as_east=True,
    ),
    Fault(
        "foreign-region",
        "查询权限外的大区",
        "queries a region out of scope",
        plans(arguments(only("region", "华南"))),
        "rules",
        "invalid_plan",
        as_east=True,
    ),
    Fault(
        "huge-limit",
        "要求十亿行",
        "asks for a billion rows",
        plans(arguments(lambda said: {**said, "limit": 10**9})),
        "model",
    ),
    Fault(
        "forged-label",
        "在期间名里夹带数字",
        "a figure in the period's name",
        plans(arguments(lambda said: {**said, "time": {**said["time"], "label": "增长 300%"}})),
        "model",
    ),
    Fault(
        "other-member-once",
        "换了成员，一次",
        "takes another member, once",
        plans(swapped("华东", "华南"), once=True),
        "model",
        question=EAST,
    ),
    Fault(
        "other-member",
        "悄悄换成别的成员",
        "takes another member silently",
        plans(swapped("华东", "华南")),
        "noted",
        question=EAST,
        note="没有用到：华东",
    ),
    Fault(
        "no-filter",
        "丢掉筛选条件",
        "drops the filter",
        plans(without("where")),
        "noted",
        question=EAST,
        note="没有用到：华东",
    ),
    Fault(
        "no-period",
        "丢掉期间",
        "drops the period",
        plans(without("time")),
        "noted",
        question=EAST,
        note="没有用到：2025年",
    ),
    Fault(
        "no-limit",
        "丢掉前 N 名",
        "drops the top N",
        plans(without("limit")),
        "noted",
        question=TOP,
        note="没有用到：前3",
    ),
    Fault(
        "added-filter",
        "自己加条件",
        "adds a condition",
        plans(arguments(only("partner_tier", "金牌"))),
        "noted",
        note="模型自行加了条件",
    ),
    Fault(
        "other-metric",
        "查了另一个指标",
        "queries another metric",
        plans(arguments(lambda said: {**said, "metrics": ["orders"]})),
        "noted",
        question="2025年有多少家伙伴下过单？",
        note="规则的理解不同",
    ),
)
