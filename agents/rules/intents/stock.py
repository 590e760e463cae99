"""What runs out, what lies idle, and what to move where."""

# ruff: noqa: E501 - a table of words, one meaning a row

from __future__ import annotations

from agents.plan import Task, ToolCall
from agents.rules.context import PlannerContext
from agents.rules.intents import asking
from agents.rules.intents.members import language, named, stray_filter
from agents.rules.intents.task import Intent, Outcome, Settled, one
from agents.rules.words import Word, written

WORDS: tuple[Word, ...] = (
    *written("tool", "stockout", r"缺货|断货|脱销|断供|卖断|断档|库存(?:会)?不足|库存告急|不够卖",
             "(?:may |might |could )?(?:run(?:s|ning)?|ran) (?:out|short|low)(?: of(?: stock)?| on(?: stock)?)?|stock[- ]?outs?|out of stock|shortages?|under[- ]?stocked|sold out|sell out"),
    *written("tool", "overstock", r"积压|库存(?:过|太|偏)(?:高|多|大)|超储|滞销|呆滞(?:库存)?|压在仓库|卖不动|库存积压",
             "over[- ]?stock(?:ed|s|ing)?(?: on| of)?|excess(?:ive)? (?:stock|inventory)|too much (?:stock|inventory)|slow[- ]moving|dead stock|idle stock|surplus(?: stock)?"),
    *written("tool", "stock_risk", r"库存(?:有(?:哪些|什么|没有))?(?:的)?(?:风险|问题|隐患|健康)", "(?:inventory|stock) (?:risks?|problems?|issues?)"),
    *written("tool", "allocation", r"(?:库存)?调拨|调货|调仓|配货|怎么调|调到|如何调|货(?:应该|该)?从哪",
             "re-?allocat(?:e|ion|ions|ing)|allocation plan|(?:stock )?transfers?|(?:should (?:we |i )?)?(?:be )?mov(?:ed?|ing)|re-?balanc(?:e|ing)|re-?distribut(?:e|ion|ing)"),
    *written("aid", "stock", r"库存|货|仓库(?:里)?|东西|哪个仓(?:库)?|仓", "stock|inventory|warehouses?|goods"),
    *written("stop", "where", r"从哪|到哪|哪里", "where|between|from where|to where"),
    *written("stop", "how", r"怎么|如何", "how"),
)  # fmt: skip


def _risk(task: Task, ctx: PlannerContext) -> Outcome:
    kinds = {"stockout", "overstock"} & set(task.words)
    risk = kinds.pop() if len(kinds) == 1 else "all"
    return _over_stock("inventory_risk", task, ctx, risk=risk)


def _allocation(task: Task, ctx: PlannerContext) -> Outcome:
    found = _over_stock("allocation", task, ctx)
    if not isinstance(found, Settled):
        return found
    whole = {k: v for k, v in found.calls[0].arguments.items() if k != "limit"}
    return Settled((*found.calls, ToolCall("allocation_summary", whole, "summary")))


def _over_stock(tool: str, task: Task, ctx: PlannerContext, risk: str | None = None) -> Outcome:
    if not ctx.available.has_metric("stock_units"):
        return asking.refuse(
            "当前数据没有库存记录", "The data loaded here holds no stock", language=language(task)
        )
    stray = stray_filter(task, ctx, "warehouse", "product", "region")
    if stray is not None:
        names = [f.dimension for f in task.draft.filters]
        label = [ctx.dimension_label(n, language(task)) for n in names]
        return asking.not_placed(label, language(task))
    if any(not m.startswith("stock_") for m in task.draft.metrics):
        labels = [ctx.metric_label(m, language(task)) for m in task.draft.metrics]
        return asking.not_placed(labels, language(task))
    dims = [d for d in task.draft.all_dims() if d not in ("product", "warehouse")]
    if dims:
        return asking.not_placed(
            [ctx.dimension_label(d, language(task)) for d in dims], language(task)
        )
    return one(
        tool,
        risk=risk,
        warehouses=named(task, "warehouse", ctx),
        products=named(task, "product", ctx),
        regions=named(task, "region", ctx),
        limit=task.draft.top,
    )


_FIELDS = frozenset({"filters", "dims", "top", "ranked", "metrics"})
_AIDS = frozenset({"future", "risk", "stock", "advice", "recent"})

INTENTS: tuple[Intent, ...] = (
    Intent("allocation", frozenset({"allocation"}), _allocation, aids=_AIDS | {"stockout", "overstock"}, fields=_FIELDS),
    Intent("inventory_risk", frozenset({"stockout", "overstock", "stock_risk"}), _risk, aids=_AIDS | {"overstock", "stockout"}, fields=_FIELDS),
)  # fmt: skip
