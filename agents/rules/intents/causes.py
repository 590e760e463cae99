"""Why a figure changed: which change is meant, and by what it is to be explained."""

# ruff: noqa: E501 - a table of words, one meaning a row

from __future__ import annotations

from datetime import timedelta

from agents.plan import Task
from agents.rules.build import build
from agents.rules.context import PlannerContext
from agents.rules.draft import Draft, Note
from agents.rules.intents import asking
from agents.rules.intents.members import language
from agents.rules.intents.task import Intent, Outcome, noted, one
from agents.rules.time_rules import TimeExpr
from agents.rules.words import Word, written
from knowledge.semantic.calendar import shift_months
from knowledge.semantic.spec import QuerySpec

WORDS: tuple[Word, ...] = (
    *written("tool", "why", r"为什么|为何|为啥|(?:是)?什么原因|(?:主要)?原因(?:是什么|在哪里?|有哪些)?|归因(?:分析)?|(?:变化|增长|下降|下滑)的贡献|怎么回事|怎么会|何故|导致|拖累|拖后腿|造成|引起|驱动(?:因素)?|怎么(?=(?:这么)?[掉降跌少低了下变])|(?:主要)?(?:因素|症结)",
             "why|reasons?(?: for| behind)?|what caused|what drove|contribut(?:ed|es?|ions?) to the (?:change|growth|decline|drop|fall)(?: of| in)?|root cause|drivers? of|what drives|explain(?: why)?|because of what|due to what|(?:what(?:'s| is| are)? )?behind|drove|driven by|driving|caus(?:ed|ing|es?)(?: of| for)?|responsible for|dragg(?:ed|ing)(?: down)?|to blame(?: for)?|explains?|how come|attribut(?:e|ion)(?: of)?"),
    *written("aid", "fell", r"掉了?(?:这么多|很多)?|变少了?|变低了?|变差了?|走弱|不行了?|少了(?!多少)|低了(?!多少)|跌了|差(?![异距额值价])", "weaker|worse|weak|softer|so (?:low|weak)"),
    *written("aid", "rose", r"变多了?|变高了?|变好了?|走强|多了(?!多少)|高了(?!多少)", "stronger|better|so (?:high|strong)"),
    *written("aid", "drill", r"下钻|往下拆|再往下|细看", "drill(?:ed)?(?:[- ]down| into)?|in more detail|break .{0,6}further"),
    *written("aid", "main", r"主要(?:是)?|最主要的?", "main(?:ly)?|mostly|the main"),
    *written("aid", "change", r"业绩", "business"),
)  # fmt: skip

DEFAULT_MONTHS = 3
"""A change without a period is that of the last months, long enough to be no accident."""

_DIMENSIONS = 3


def _why(task: Task, ctx: PlannerContext) -> Outcome:
    draft = task.draft.copy()
    if not _points_at_figures(draft):
        return asking.ask(
            "想知道哪个指标、哪段时间或哪个对象为什么变化？",
            "Which figure, period or member do you want explained?",
            ("今年销售额为什么变化？", "Why did sales change this year?"),
            ("三季度毛利率为什么变化？", "Why did the gross margin rate change in Q3?"),
            language=language(task),
        )
    metric, notes = _metric(draft, ctx)
    if metric is None or len(draft.metrics) > 1:
        return asking.ask(
            "一次解释一个指标的变化，请说出是哪一个",
            "One figure's change is explained at a time: please name it",
            language=language(task),
        )
    if not ctx.available.has_metric(metric):
        label = [ctx.metric_label(metric, lang) for lang in ("zh", "en")]  # type: ignore[arg-type]
        return asking.refuse(
            f"当前数据没有“{label[0]}”",
            f"The data holds no {label[1].lower()}",
            language=language(task),
        )
    dims = draft.all_dims()
    unfit = [
        d
        for d in [*dims, *(f.dimension for f in draft.filters)]
        if not ctx.available.carries(metric, d)
    ]
    if unfit:
        return asking.not_by(unfit[0], ctx, language(task))
    if len(dims) > _DIMENSIONS or draft.compare == "target":
        return asking.ask(
            "变化按至多三个维度、在两段时间之间解释",
            "A change is explained between two periods, by three dimensions at most",
            language=language(task),
        )
    notes += _period(draft, ctx)
    spec = _spec(draft, metric, ctx)
    body = spec.model_dump(mode="json", exclude_none=True)
    found = one(
        "contributions",
        metric=metric,
        dimensions=dims or None,
        time=body.get("time"),
        compare=body.get("compare"),
        where=body.get("where"),
        limit=draft.top,
        drill=True if "drill" in task.words else None,
    )
    return noted(found, *notes)


def _points_at_figures(draft: Draft) -> bool:
    """Whether anything says what changed: "why?" alone explains nothing."""
    return bool(draft.metrics or draft.filters or draft.time or draft.growth or draft.compare)


def _metric(draft: Draft, ctx: PlannerContext) -> tuple[str | None, tuple[Note, ...]]:
    if draft.metrics:
        return draft.metrics[0], ()
    name = ctx.default_metric()
    if name is None:
        return None, ()
    label = ctx.model.metrics[name].label
    return name, (Note(f"未说明指标，取{label.zh}", f"no metric was named: {label.en.lower()}"),)


def _period(draft: Draft, ctx: PlannerContext) -> tuple[Note, ...]:
    """Fill in the period and what it is compared with."""
    notes: tuple[Note, ...] = ()
    if draft.time is None:
        end = ctx.calendar.as_of + timedelta(days=1)
        draft.time = TimeExpr(
            shift_months(end, -DEFAULT_MONTHS),
            end,
            "month",
            "rolling",
            "近 3 个月",
            "the last 3 months",
        )
        notes = (Note("未说明期间，取近 3 个月", "no period was named: the last 3 months"),)
    if draft.compare is None:
        draft.compare = "yoy"
        notes += (Note("与上年同期相比", "against the same period a year earlier"),)
    return notes


def _spec(draft: Draft, metric: str, ctx: PlannerContext) -> QuerySpec:
    """Period, comparison and filters as a query has them."""
    plain = Draft(
        metrics=[metric],
        filters=list(draft.filters),
        any_of=draft.any_of,
        time=draft.time,
        base_time=draft.base_time,
        compare=draft.compare,
        total=True,
    )
    return build(plain, ctx)[0].spec


def patched(draft: Draft) -> Draft:
    """What a figure's draft keeps when its change is to be explained."""
    kept = Draft(
        metrics=draft.metrics[:1],
        filters=list(draft.filters),
        any_of=draft.any_of,
        time=draft.time,
        base_time=draft.base_time,
        compare=draft.compare if draft.compare != "target" else None,
    )
    kept.dims = draft.all_dims()[:_DIMENSIONS]
    return kept


_FIELDS = frozenset(
    {"metrics", "filters", "any_of", "time", "base_time", "compare", "against", "growth", "dims", "outer_dims", "top", "ranked", "counted", "contest", "each_value"}
)  # fmt: skip

INTENTS: tuple[Intent, ...] = (
    Intent("why", frozenset({"why"}), _why, aids=frozenset({"fell", "rose", "drill", "main", "change", "recent"}), fields=_FIELDS),
)  # fmt: skip
