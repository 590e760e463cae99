"""Forecasts: of what, for whom, how far; and how good earlier ones were."""

# ruff: noqa: E501 - a table of words, one meaning a row

from __future__ import annotations

from datetime import timedelta

from agents.plan import Task, ToolCall
from agents.rules.context import PlannerContext
from agents.rules.draft import Draft, Note
from agents.rules.intents import asking
from agents.rules.intents.members import language, said
from agents.rules.intents.task import Intent, Outcome, Settled, noted, one
from agents.rules.time_rules import TimeExpr
from agents.rules.words import Word, written
from knowledge.semantic.calendar import shift_months
from knowledge.semantic.spec import All, Condition, Filter

_COUNT = r"(?P<n>\d{1,2}|[一二两三四五六七八九十]+)"
_COUNT_EN = r"(?P<n>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|twelve)"

WORDS: tuple[Word, ...] = (
    *written("tool", "forecast", r"(?:销售|需求)?预测(?:值|结果|一下|情况)?|预计(?:会|能)?|预估|预期|展望|(?:大概|大约|估计)?(?:还)?(?:能|会|可以|可能)(?:够)?(?:做到?|卖到?|完成|实现|达到?|冲到?)(?=多少|多大|$|[?？])|(?:还)?(?:能|会)(?:有)?(?=多少)|将会?(?=达|是|有|卖)",
             "forecast(?:s|ed|ing)?(?: of| for)?|predict(?:s|ed|ion|ions|ing)?|project(?:ed|ion|ions)(?: of| for)?|outlook(?: for)?|expected|expect(?: to)?|how much will(?: we)?|what will(?=.* (?:be|sell|reach|make|land|do))|where will|where do we (?:land|end up)|will .{0,30}(?:be|reach|sell|make|land)(?= |$|\\?)|going to be|in the future|estimate(?:s|d)? for|on track for|likely to be"),
    *written("aid", "ahead:months", rf"(?:未来|今后|接下来的?|往后|后续|以后|后|下)(?:的)?{_COUNT}个?月(?:内|里)?", rf"(?:the )?(?:next|coming|following|upcoming) {_COUNT_EN} months?", rf"{_COUNT_EN} months (?:ahead|out|from now)"),
    *written("aid", "ahead:weeks", rf"(?:未来|今后|接下来的?|往后|后续|以后|后|下)(?:的)?{_COUNT}个?(?:周|星期|礼拜)(?:内|里)?", rf"(?:the )?(?:next|coming|following|upcoming) {_COUNT_EN} weeks?", rf"{_COUNT_EN} weeks (?:ahead|out|from now)"),
    *written("aid", "ahead:quarters", rf"(?:未来|今后|接下来的?|往后|后)(?:的)?{_COUNT}个?季度", rf"(?:the )?(?:next|coming|following) {_COUNT_EN} quarters"),
    *written("aid", "ahead:half", r"(?:未来|今后|接下来的?)半年", "(?:the )?(?:next|coming) half[- ]year|(?:the )?next six months"),
    *written("aid", "ahead:year", r"(?:未来|今后|接下来的?)(?:一|1)年", "(?:the )?(?:next|coming) (?:twelve|12) months"),
    *written("aid", "year_end", r"(?:到|至|截至|截止)?(?:今年|本年)?年[底末终](?:前|为止)?|(?:今年|本年)?全年(?!同)|今年(?:剩下|剩余|余下)的?(?:时间|月份|几个月)?", "(?:by |until |to |through |at |till )?(?:the )?(?:end of (?:the |this )year|year[- ]end|year's end)|(?:for )?the rest of (?:the|this) year|full[- ]year|(?:this|the) whole year|(?:by )?(?:the )?end of (?:december|12月)"),
    *written("aid", "interval", r"(?:(?:80|95|八十|九十五)\s?%?的?)?(?:可信|置信|预测|误差)?(?:度)?(?:区间|范围)(?:是多少)?|上下限|把握(?:多大)?|可信度", "(?:with |and )?(?:an? |the |its )?(?:(?:80|95) ?% )?(?:(?:confidence|prediction|credible|forecast) )?(?:interval|range|band|bound)s?|how (?:sure|certain|confident)(?: (?:are|is) (?:we|you|it|that))?"),
    *written("aid", "earlier", r"之前的?|以前的?|过去的?|历史(?:上的?)?|上(?:一)?次的?", "past|earlier|previous|historical|so far|last time"),
    *written("aid", "was", r"和实际(?:相比|对比|比)?|与实际(?:相比|对比|比)?|实际", "against actuals?|versus actuals?|compared (?:to|with) actuals?|been|right|wrong"),
    *written("stop", "sell", r"卖", "sell|do|land|make"),
)  # fmt: skip

_KEYS = ("region", "territory", "product_category", "product_line", "partner", "product")
_MOST_KEYS = 2
_MOST_MONTHS, _MOST_WEEKS = 24, 52


def _forecast(task: Task, ctx: PlannerContext) -> Outcome:
    draft, lang = task.draft, language(task)
    metric, notes = _metric(draft, ctx)
    if metric is None:
        return asking.refuse(
            "只能预测销售额和销量",
            "Only sales and units sold can be forecast",
            ("下季度各大区销售额预测", "Forecast of sales for next quarter by region"),
            ("下季度各产品线销量预测", "Forecast of units sold for next quarter by product line"),
            language=lang,
        )
    keys = draft.all_dims()
    stray = [d for d in [*keys, *(f.dimension for f in draft.filters)] if d not in _KEYS]
    if stray or len(keys) > _MOST_KEYS or any(not ctx.available.carries(metric, d) for d in keys):
        return _not_split(stray or keys, ctx, task)
    horizon, more = _horizon(task, ctx)
    if horizon is None:
        return asking.ask(
            "只能预测尚未开始的时间：下月、下季度、未来几个月或几周、到年底",
            "Only what lies ahead can be forecast: next month, next quarter, some months or weeks, "
            "to year end",
            ("下个月销售额预测", "Forecast sales for next month"),
            ("下季度销售额预测", "Forecast sales for next quarter"),
            ("年底销售额能做到多少", "Where will sales be by year end?"),
            language=lang,
        )
    where = _where(draft)
    found = one(
        "forecast",
        metric=metric,
        by=keys or None,
        horizon=horizon,
        where=where.model_dump(mode="json") if where is not None else None,
        limit=draft.top,
    )
    if not keys:  # the picture: what was, and the interval of what is to come
        said_so = {k: v for k, v in found.calls[0].arguments.items() if k != "limit"}
        found = Settled((*found.calls, ToolCall("forecast_series", said_so, "series")))
    return noted(found, *notes, *more)


def _not_split(names: list[str], ctx: PlannerContext, task: Task) -> Outcome:
    labels = [[ctx.dimension_label(n, lang) for n in names[:2]] for lang in ("zh", "en")]  # type: ignore[arg-type]
    return asking.ask(
        f"预测可以按大区、省份、产品类别、产品线、伙伴或产品（至多两个），不能按“{'、'.join(labels[0])}”",
        "Forecasts go by region, territory, product category, product line, partner or product "
        f"(two at most), not by {', '.join(labels[1]).lower()}",
        language=language(task),
    )


def _metric(draft: Draft, ctx: PlannerContext) -> tuple[str | None, tuple[Note, ...]]:
    """Sales or units; None for anything else."""
    metrics = draft.metrics or ["amount"]
    if len(metrics) > 1 or metrics[0] not in ("amount", "quantity"):
        return None, ()
    if not ctx.available.has_metric(metrics[0]):
        return None, ()
    said_so = bool(draft.metrics)
    notes = () if said_so else (Note("未说明指标，取销售额", "no metric was named: sales"),)
    return metrics[0], notes


def _where(draft: Draft) -> Condition | None:
    filters = [
        Filter(member=f.dimension, op="not_in" if f.negated else "in", values=f.labels)
        for f in draft.filters
    ]
    if not filters:
        return None
    return filters[0] if len(filters) == 1 else All(items=tuple(filters))


def _horizon(task: Task, ctx: PlannerContext) -> tuple[str | None, tuple[Note, ...]]:
    """How far ahead, and what was filled in; None where the period cannot be forecast."""
    time, as_of = task.draft.time, ctx.calendar.as_of
    months, weeks = said(task, "ahead:months="), said(task, "ahead:weeks=")
    if months is not None or weeks is not None:
        if time is not None or "year_end" in task.words:
            return None, ()
        if months is not None:
            count = int(months)
            if count == 3:
                return "next_3_months", ()
            return (f"months:{count}", ()) if 0 < count <= _MOST_MONTHS else (None, ())
        count = int(weeks or 0)
        return (f"weeks:{count}", ()) if 0 < count <= _MOST_WEEKS else (None, ())
    if "year_end" in task.words:
        this_year = time is None or (time.unit == "year" and _covers(time, ctx))
        return ("to_year_end", ()) if this_year else (None, ())
    if time is None:
        note = Note("未说明时间，取下季度", "no period was named: next quarter")
        return "next_quarter", (note,)
    if time.start is None or time.end_excl is None:
        return None, ()
    if time.unit == "year" and _covers(time, ctx):
        return "to_year_end", ()
    tomorrow = as_of + timedelta(days=1)
    month = shift_months(tomorrow.replace(day=1), 0 if tomorrow.day == 1 else 1)
    if time.unit == "month" and time.start == month:
        return "next_month", ()
    quarter = next(
        shift_months(month, n) for n in range(4) if shift_months(month, n).month in (1, 4, 7, 10)
        and shift_months(month, n) > as_of
    )  # fmt: skip
    if time.unit == "quarter" and time.start == quarter:
        return "next_quarter", ()
    return None, ()


def _covers(time: TimeExpr, ctx: PlannerContext) -> bool:
    return (
        time.start is not None
        and time.end_excl is not None
        and time.start <= ctx.calendar.as_of < time.end_excl
    )


def _accuracy(task: Task, ctx: PlannerContext) -> Outcome:
    draft = task.draft
    metric, _ = _metric(draft, ctx)
    stray = [d for d in draft.all_dims() if d not in _KEYS]
    if stray or len(draft.all_dims()) > _MOST_KEYS or draft.filters:
        names = stray or draft.all_dims() or [f.dimension for f in draft.filters]
        return asking.not_by(names[0], ctx, language(task))
    if metric is None:
        return asking.refuse(
            "只有销售额和销量的预测",
            "There are forecasts of sales and units only",
            language=language(task),
        )
    period = None
    if draft.time is not None:
        period = _period_name(draft.time)
        if period is None:
            return asking.ask(
                "请说出一个月或一个季度",
                "Please name a month or a quarter",
                ("上季度的预测准不准？", "How accurate was last quarter's forecast?"),
                ("上个月的预测准不准？", "How accurate was last month's forecast?"),
                language=language(task),
            )
    return one(
        "forecast_accuracy",
        metric=metric if draft.metrics else None,
        period=period,
        by=draft.all_dims() or None,
    )


def _period_name(time: TimeExpr) -> str | None:
    """ "2026-Q3" or "2026-09"."""
    if time.start is None or time.kind not in ("named", "to_date"):
        return None
    if time.unit == "quarter":
        return f"{time.start.year}-Q{(time.start.month + 2) // 3}"
    if time.unit == "month":
        return f"{time.start.year}-{time.start.month:02d}"
    return None


_FIELDS = frozenset({"metrics", "filters", "dims", "outer_dims", "time", "top", "each_value"})
_AHEAD = frozenset({"ahead:months", "ahead:weeks", "year_end", "ahead:quarters", "ahead:half", "ahead:year"})  # fmt: skip

INTENTS: tuple[Intent, ...] = (
    Intent("forecast_accuracy", frozenset({"forecast"}), _accuracy, needs=frozenset({"accuracy"}), aids=frozenset({"accuracy", "model", "earlier", "was"}), fields=_FIELDS),
    Intent("forecast", frozenset({"forecast"}), _forecast, aids=_AHEAD | {"interval", "future"}, fields=_FIELDS),
)  # fmt: skip
